//! Signing in as a browser does it: cookies, forms and their words, pauses, and the end of it.

use super::*;
use crate::access::{PasswordHash, User, UserName};
use std::sync::LazyLock;

const PASSWORD: &str = "correct horse battery";
const HOST: &str = "hotline.example.org";

/// Hashed once for all tests: that takes a while on purpose.
static HASH: LazyLock<PasswordHash> = LazyLock::new(|| PasswordHash::of(&PASSWORD.to_owned().into()).unwrap());

async fn house() -> House {
    let house = House::open(saturday()).await;
    add(&house, "Ana Diaz", Role::Responder).await;
    house
}

async fn add(house: &House, name: &str, role: Role) {
    let (name, rights) = (UserName::parse(name).unwrap(), Rights::new(role, []).unwrap());
    house.state.access.add_user(&name, Some(&HASH), &rights).await.unwrap();
}

fn post(path: &str, headers: &[(&str, &str)], form: &str) -> Request<Body> {
    let mut request = Request::post(path)
        .header("content-type", "application/x-www-form-urlencoded")
        .header("accept", "text/html");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(Body::from(form.to_owned())).unwrap()
}

fn sign_in_at(host: &str, name: &str, password: &str) -> Request<Body> {
    let form = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("name", name)
        .append_pair("password", password)
        .append_pair("next", "/calls/1")
        .finish();
    post("/sign-in", &[("host", host), ("sec-fetch-site", "same-origin")], &form)
}

/// A browser that has signed in: its cookie, as it sends it, and the word of its forms.
struct Browser {
    cookie: String,
    word: String,
}

impl Browser {
    async fn sign_in(house: &House, name: &str) -> Self {
        let answer = house.send_bare(sign_in_at(HOST, name, PASSWORD)).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        Self::with(house, cookie(&answer)).await
    }

    async fn with(house: &House, cookie: String) -> Self {
        let mut browser = Self {
            cookie,
            word: String::new(),
        };
        let page = browser.get(house, "/account").await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.text);
        browser.word = between(&page.text, "name=\"form_word\" value=\"", "\"").to_owned();
        assert_eq!(browser.word.len(), 64);
        browser
    }

    async fn get(&self, house: &House, path: &str) -> Answer {
        let request = Request::get(path).header("host", HOST).header("cookie", &self.cookie);
        house
            .send_bare(request.header("accept", "text/html").body(Body::empty()).unwrap())
            .await
    }

    async fn post(&self, house: &House, path: &str, form: &str) -> Answer {
        let headers = [("host", HOST), ("cookie", self.cookie.as_str()), ("sec-fetch-site", "same-origin")];
        let form = format!("{form}&form_word={}", self.word);
        house.send_bare(post(path, &headers, &form)).await
    }
}

fn set_cookie(answer: &Answer) -> &str {
    answer.headers["set-cookie"].to_str().unwrap()
}

/// As a browser sends it back.
fn cookie(answer: &Answer) -> String {
    set_cookie(answer).split(';').next().unwrap().to_owned()
}

fn between<'t>(text: &'t str, before: &str, after: &str) -> &'t str {
    let (_, rest) = text.split_once(before).unwrap_or_else(|| panic!("{before} is not in {text}"));
    rest.split_once(after).unwrap().0
}

#[tokio::test]
async fn whoever_signs_in_is_let_in_and_led_where_he_wanted_to_go() {
    let house = house().await;
    let bare = Request::get("/calls/1?a=b").header("accept", "text/html");
    let away = house.send_bare(bare.body(Body::empty()).unwrap()).await;
    assert_eq!(away.status, StatusCode::SEE_OTHER);
    assert_eq!(away.headers["location"], "/sign-in?next=%2Fcalls%2F1%3Fa%3Db");
    let form = house
        .send_bare(Request::get("/sign-in?next=%2Fcalls%2F1").body(Body::empty()).unwrap())
        .await;
    assert!(
        form.text.contains("<input type=\"hidden\" name=\"next\" value=\"/calls/1\">"),
        "{}",
        form.text
    );
    assert!(!form.text.contains("Laboratory"), "{}", form.text);

    let answer = house.send_bare(sign_in_at(HOST, " ana  DIAZ ", PASSWORD)).await;
    assert_eq!(
        (answer.status, &answer.headers["location"]),
        (StatusCode::SEE_OTHER, &"/signed-in?next=%2Fcalls%2F1".parse().unwrap())
    );
    let said: Vec<&str> = set_cookie(&answer).split("; ").collect();
    assert!(said[0].starts_with("__Host-rotaline="), "{said:?}");
    // A cookie with the prefix is none without Secure, with a domain, or for another path.
    for part in ["HttpOnly", "SameSite=Lax", "Secure", "Path=/", "Max-Age=604800"] {
        assert!(said.contains(&part), "{part} is not in {said:?}");
    }
    assert!(!said.iter().any(|part| part.starts_with("Domain")), "{said:?}");
    let browser = Browser::with(&house, cookie(&answer)).await;
    let on = browser.get(&house, "/signed-in?next=%2Fcalls%2F1").await;
    assert_eq!(on.headers["location"], "/calls/1");
    let page = browser.get(&house, "/").await;
    assert!(
        page.text.contains(">Ana Diaz</a>") && page.text.contains("Sign out"),
        "{}",
        page.text
    );
    // Whoever has thrown the cookie away is told so.
    let lost = house.send_bare(Request::get("/signed-in").body(Body::empty()).unwrap()).await;
    assert!(lost.text.contains("Your browser has not kept the sign-in"), "{}", lost.text);
}

/// On this very machine there is no https to wait for. Elsewhere nothing goes in the open.
#[tokio::test]
async fn cookies_are_sent_in_the_open_on_this_machine_only() {
    let house = house().await;
    for (host, headers, is_plain) in [
        ("127.0.0.1:8080", &[][..], true),
        ("localhost:8080", &[("origin", "http://localhost:8080")], true),
        ("[::1]:8080", &[], true),
        ("hotline.example.org", &[], false),
        ("127.0.0.1.example.org", &[], false),
        ("localhost.example.org", &[], false),
        // A proxy in front that says its own name for us.
        ("127.0.0.1:8080", &[("x-forwarded-proto", "https")], false),
        ("127.0.0.1:8080", &[("x-forwarded-for", "203.0.113.5")], false),
        ("127.0.0.1:8080", &[("origin", "https://hotline.example.org")], false),
    ] {
        let mut request = sign_in_at(host, "ana diaz", PASSWORD);
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse().unwrap());
        }
        let answer = house.send_bare(request).await;
        let said = set_cookie(&answer);
        assert_eq!(said.starts_with("rotaline="), is_plain, "{host} {headers:?}: {said}");
        assert_eq!(said.contains("Secure"), !is_plain, "{host} {headers:?}: {said}");
    }
}

#[tokio::test]
async fn the_session_has_another_name_after_each_sign_in() {
    let house = house().await;
    let first = Browser::sign_in(&house, "ana diaz").await;
    let mut again = sign_in_at(HOST, "ana diaz", PASSWORD);
    again.headers_mut().insert("cookie", first.cookie.parse().unwrap());
    let again = house.send_bare(again).await;
    let second = Browser::with(&house, cookie(&again)).await;
    assert_ne!((&first.cookie, &first.word), (&second.cookie, &second.word));
    assert_eq!(
        first.get(&house, "/").await.status,
        StatusCode::SEE_OTHER,
        "the first name opens nothing"
    );
    // A name that somebody else has chosen for the browser is not taken over either.
    let mut planted = sign_in_at(HOST, "ana diaz", PASSWORD);
    planted
        .headers_mut()
        .insert("cookie", "__Host-rotaline=AAAAAAAAAAAAAAAAAAAAAA".parse().unwrap());
    let planted = house.send_bare(planted).await;
    assert_ne!(cookie(&planted), "__Host-rotaline=AAAAAAAAAAAAAAAAAAAAAA");
}

#[tokio::test]
async fn what_a_stolen_database_holds_opens_nothing() {
    let house = house().await;
    let browser = Browser::sign_in(&house, "ana diaz").await;
    let name = browser.cookie.split_once('=').unwrap().1;
    let digest = Digest::of(name);
    let data = house.state.access.session(&digest).await.unwrap().unwrap();
    assert!(!data.contains(name) && !data.contains(PASSWORD), "{data}");
    for word in [digest.as_str(), name] {
        let request = Request::get("/")
            .header("host", HOST)
            .header("cookie", format!("__Host-rotaline={}", &digest.as_str()[..22]));
        assert_eq!(
            house.send_bare(request.body(Body::empty()).unwrap()).await.status,
            StatusCode::SEE_OTHER
        );
        let request = Request::get("/api/v1/hotlines").header("authorization", bearer(word));
        assert_eq!(
            house.send_bare(request.body(Body::empty()).unwrap()).await.status,
            StatusCode::UNAUTHORIZED
        );
    }
}

/// A page of somebody else makes a browser send cookies, but knows no word of our forms, and the browser says where it comes from.
#[tokio::test]
async fn a_change_takes_our_own_page_and_its_word() {
    let house = house().await;
    add(&house, "Ben Osei", Role::Admin).await;
    let (ana, ben) = (
        Browser::sign_in(&house, "ana diaz").await,
        Browser::sign_in(&house, "ben osei").await,
    );
    let path = between(&ben.get(&house, "/").await.text, "action=\"/api/v1/hotlines/lab/people/", "\"").to_owned();
    let path = format!("/api/v1/hotlines/lab/people/{path}");
    let away = async || !house.store.away(&lab(), house.now).await.unwrap().is_empty();
    let cookie = ("cookie", ana.cookie.as_str());
    let ours = ("sec-fetch-site", "same-origin");
    let with_word = format!("presence=4h&form_word={}", ana.word);
    let with_bens = format!("presence=4h&form_word={}", ben.word);
    let (host, other) = (("host", HOST), ("origin", "https://evil.example"));
    type Case<'c> = (&'c [(&'c str, &'c str)], &'c str, &'c str);
    let cases: [Case<'_>; 9] = [
        (&[host, cookie], &with_word, "other-origin"),
        (&[host, cookie, other], &with_word, "other-origin"),
        (&[host, cookie, ("origin", "null")], &with_word, "other-origin"),
        (
            &[host, cookie, ("origin", "https://hotline.example.org.evil")],
            &with_word,
            "other-origin",
        ),
        (
            &[
                host,
                cookie,
                ("sec-fetch-site", "cross-site"),
                ("origin", "https://hotline.example.org"),
            ],
            &with_word,
            "other-origin",
        ),
        (&[host, cookie, ("sec-fetch-site", "same-site")], &with_word, "other-origin"),
        (&[host, cookie, ours], "presence=4h", "stale-page"),
        (&[host, cookie, ours], "presence=4h&form_word=", "stale-page"),
        (&[host, cookie, ours], &with_bens, "stale-page"),
    ];
    for (headers, form, code) in cases {
        let answer = house.send_bare(post(&path, headers, form)).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{headers:?} {form}");
        assert!(
            answer.text.contains(&format!("<code>{code}</code>")),
            "{headers:?} {form}: {}",
            answer.text
        );
        assert!(!away().await, "{headers:?} {form}");
    }
    // By a header it may be said as well; and where an older browser says no site, its origin does.
    let by_header = post(
        &path,
        &[
            host,
            cookie,
            ("x-rotaline-form-word", &ana.word),
            ("origin", "https://hotline.example.org"),
        ],
        "presence=4h",
    );
    assert_eq!(house.send_bare(by_header).await.status, StatusCode::SEE_OTHER);
    assert!(away().await);
    let long = format!("{}&x={}", with_word, "a".repeat(20_000));
    assert_eq!(
        house.send_bare(post(&path, &[host, cookie, ours], &long)).await.status,
        StatusCode::PAYLOAD_TOO_LARGE
    );
}

/// Signing somebody else in, so that he works in the wrong name, takes our own page as well.
#[tokio::test]
async fn nobody_is_signed_in_from_elsewhere() {
    let house = house().await;
    let mut request = sign_in_at(HOST, "ana diaz", PASSWORD);
    request.headers_mut().insert("sec-fetch-site", "cross-site".parse().unwrap());
    let answer = house.send_bare(request).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(!answer.headers.contains_key("set-cookie"));
    let link = house.state.access.make_link(&UserName::parse("ana diaz").unwrap()).await.unwrap();
    let path = super::super::link_path(&link);
    let elsewhere = post(&path, &[("host", HOST), ("origin", "https://evil.example")], "");
    assert_eq!(house.send_bare(elsewhere).await.status, StatusCode::FORBIDDEN);
}

/// A wrong name and a wrong password are answered to the letter in the same way, and the pause comes for both.
#[tokio::test]
async fn nobody_learns_who_there_is_by_trying() {
    let house = house().await;
    let mut answers = Vec::new();
    for (name, password) in [("ana diaz", "wrong horse battery"), ("nobody at all", PASSWORD)] {
        let mut told = Vec::new();
        // On a busy machine a comparison takes longer than the first pauses, which grow.
        let refused = loop {
            let answer = house.send_bare(sign_in_at(HOST, name, password)).await;
            assert!(!answer.headers.contains_key("set-cookie"));
            if answer.status == StatusCode::TOO_MANY_REQUESTS {
                break answer.text;
            }
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
            told.push(answer.text);
            assert!(told.len() < 16, "there is no pause");
        };
        assert!(told.len() >= 5, "{}", told.len());
        assert!(refused.contains("Try again in "), "{refused}");
        told.dedup();
        answers.push(told);
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0].len(), 1);
    assert!(answers[0][0].contains("Name or password is wrong."));
}

#[tokio::test]
async fn whoever_signs_out_is_out_and_stays_in_elsewhere() {
    let house = house().await;
    let (one, other) = (
        Browser::sign_in(&house, "ana diaz").await,
        Browser::sign_in(&house, "ana diaz").await,
    );
    let out = one.post(&house, "/sign-out", "").await;
    assert_eq!(
        (out.status, &out.headers["location"]),
        (StatusCode::SEE_OTHER, &"/sign-in".parse().unwrap())
    );
    assert!(set_cookie(&out).contains("Max-Age=0"), "{}", set_cookie(&out));
    assert_eq!(one.get(&house, "/").await.status, StatusCode::SEE_OTHER);
    assert_eq!(other.get(&house, "/").await.status, StatusCode::OK);
}

#[tokio::test]
async fn another_password_ends_the_other_sessions() {
    const NEW: &str = "another horse battery";
    let house = house().await;
    let (one, other) = (
        Browser::sign_in(&house, "ana diaz").await,
        Browser::sign_in(&house, "ana diaz").await,
    );
    for (form, words) in [
        (
            format!("old=wrong+horse+battery&new={NEW}&again={NEW}"),
            "The present password is wrong.",
        ),
        (format!("old={PASSWORD}&new={NEW}&again=something+else"), "are not the same"),
        (
            format!("old={PASSWORD}&new=short&again=short"),
            "A password has 12 to 128 characters; this one has 5",
        ),
    ] {
        let answer = one.post(&house, "/account", &form).await;
        assert!(answer.text.contains(words), "{}", answer.text);
    }
    let changed = one.post(&house, "/account", &format!("old={PASSWORD}&new={NEW}&again={NEW}")).await;
    assert_eq!(changed.status, StatusCode::OK, "{}", changed.text);
    assert_eq!(other.get(&house, "/").await.status, StatusCode::SEE_OTHER, "signed out");
    assert_eq!(one.get(&house, "/").await.status, StatusCode::SEE_OTHER, "under its old name");
    Browser::with(&house, cookie(&changed)).await;
    assert_eq!(
        house.send_bare(sign_in_at(HOST, "ana diaz", PASSWORD)).await.status,
        StatusCode::UNAUTHORIZED
    );
    assert_eq!(
        house.send_bare(sign_in_at(HOST, "ana diaz", NEW)).await.status,
        StatusCode::SEE_OTHER
    );
}

#[tokio::test]
async fn whoever_is_gone_is_out_at_once() {
    let house = house().await;
    let browser = Browser::sign_in(&house, "ana diaz").await;
    let ana = UserName::parse("ana diaz").unwrap();
    let link = house.state.access.make_link(&ana).await.unwrap();
    house.state.access.remove_user(&ana).await.unwrap();
    assert_eq!(browser.get(&house, "/").await.status, StatusCode::SEE_OTHER);
    // Also where somebody else is added under his name.
    add(&house, "ana diaz", Role::Operator).await;
    assert_eq!(browser.get(&house, "/").await.status, StatusCode::SEE_OTHER);
    let headers = [("host", HOST), ("sec-fetch-site", "same-origin")];
    let followed = house.send_bare(post(&super::super::link_path(&link), &headers, "")).await;
    assert_eq!(followed.status, StatusCode::UNAUTHORIZED);
}

/// One who stands in the configuration is out when his password is changed there, and cannot change it here.
#[tokio::test]
async fn the_configuration_has_the_last_word() {
    let mut house = House::open(saturday()).await;
    let user = |password: &PasswordHash| User {
        name: UserName::parse("Cem").unwrap(),
        password: Some(password.clone()),
        identity: None,
        rights: Rights::new(Role::Viewer, []).unwrap(),
    };
    let with = |user: User, house: &House| {
        let roll = Roll {
            users: vec![user],
            ..roll()
        };
        Access::new(house.store.clone(), Clock::anchored_at(saturday()), roll)
    };
    house.state.access = with(user(&HASH), &house);
    let browser = Browser::sign_in(&house, "cem").await;
    let answer = browser
        .post(&house, "/account", &format!("old={PASSWORD}&new={PASSWORD}&again={PASSWORD}"))
        .await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(answer.text.contains("You stand in the configuration"), "{}", answer.text);
    let other = PasswordHash::of(&"another horse battery".to_owned().into()).unwrap();
    house.state.access = with(user(&other), &house);
    assert_eq!(browser.get(&house, "/").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_link_lets_in_once_and_a_password_can_be_chosen_by_it() {
    let house = House::open(saturday()).await;
    let name = UserName::parse("Forgetful").unwrap();
    house
        .state
        .access
        .add_user(&name, None, &Rights::new(Role::Viewer, []).unwrap())
        .await
        .unwrap();
    let link = super::super::link_path(&house.state.access.make_link(&name).await.unwrap());
    // Whoever only looks uses nothing up.
    for _ in 0..3 {
        let page = house.send_bare(Request::get(&link).body(Body::empty()).unwrap()).await;
        assert!(page.text.contains("This link signs you in once"), "{}", page.text);
    }
    let headers = [("host", HOST), ("sec-fetch-site", "same-origin")];
    let answer = house.send_bare(post(&link, &headers, "")).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let browser = Browser::with(&house, cookie(&answer)).await;
    assert!(!browser.get(&house, "/account").await.text.contains("Present password"));
    let changed = browser.post(&house, "/account", &format!("new={PASSWORD}&again={PASSWORD}")).await;
    assert!(changed.text.contains("The password is changed"), "{}", changed.text);
    Browser::sign_in(&house, "forgetful").await;
    let again = house.send_bare(post(&link, &headers, "")).await;
    assert_eq!(again.status, StatusCode::UNAUTHORIZED);
    assert!(again.text.contains("This link has been used"), "{}", again.text);
}

#[tokio::test]
async fn where_there_is_nobody_the_page_says_how_the_first_one_is_made() {
    let house = House::open(saturday()).await;
    let page = house.send_bare(Request::get("/sign-in").body(Body::empty()).unwrap()).await;
    assert!(page.text.contains("rotaline user add NAME --role operator"), "{}", page.text);
    let tried = house.send_bare(sign_in_at(HOST, "admin", "admin admin admin")).await;
    assert_eq!(tried.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn sessions_and_links_run_out() {
    let mut house = House::open(saturday()).await;
    let name = UserName::parse("Forgetful").unwrap();
    house
        .state
        .access
        .add_user(&name, None, &Rights::new(Role::Viewer, []).unwrap())
        .await
        .unwrap();
    let headers = [("host", HOST), ("sec-fetch-site", "same-origin")];
    // The same house, so many minutes later.
    let at = |minutes: i64| {
        Access::new(
            house.store.clone(),
            Clock::anchored_at(saturday() + TimeDelta::minutes(minutes)),
            roll(),
        )
    };
    let later = [
        16,
        15 * 60,
        26 * 60,
        37 * 60,
        48 * 60,
        59 * 60,
        70 * 60,
        81 * 60,
        92 * 60,
        103 * 60,
        114 * 60,
        125 * 60,
        136 * 60,
        147 * 60,
        158 * 60,
        169 * 60,
    ]
    .map(at);
    let link = async |access: &Access| super::super::link_path(&access.make_link(&name).await.unwrap());
    let late = link(&house.state.access).await;
    let [quarter, later @ ..] = later;
    house.state.access = quarter;
    assert_eq!(house.send_bare(post(&late, &headers, "")).await.status, StatusCode::UNAUTHORIZED);
    let answer = house.send_bare(post(&link(&house.state.access).await, &headers, "")).await;
    let browser = Browser::with(&house, cookie(&answer)).await;
    // Begun at 0:15. Idle for 14:45, it is over.
    let [first, used @ .., last] = later;
    house.state.access = first;
    assert_eq!(
        browser.get(&house, "/account").await.status,
        StatusCode::SEE_OTHER,
        "idle for more than twelve hours"
    );
    let answer = house.send_bare(post(&link(&house.state.access).await, &headers, "")).await;
    let browser = Browser::with(&house, cookie(&answer)).await;
    // Begun at 15:00, used every eleven hours; until 158:00 these are 143 hours.
    for access in used {
        house.state.access = access;
        assert_eq!(browser.get(&house, "/account").await.status, StatusCode::OK);
    }
    house.state.access = last;
    assert_eq!(browser.get(&house, "/account").await.status, StatusCode::OK);
    // 180:00 and 183:01 are eleven hours and three, and 168 hours and a minute after its beginning.
    for (minutes, status) in [(180 * 60, StatusCode::OK), (183 * 60 + 1, StatusCode::SEE_OTHER)] {
        let clock = Clock::anchored_at(saturday() + TimeDelta::minutes(minutes));
        house.state.access = Access::new(house.store.clone(), clock, roll());
        assert_eq!(browser.get(&house, "/account").await.status, status, "{minutes}");
    }
}

/// Ana is first on call and a responder; Ben is in the rota as well.
#[tokio::test]
async fn a_responder_speaks_for_himself_only() {
    let house = house().await;
    let ana = Browser::sign_in(&house, "ana diaz").await;
    let shown = ana.get(&house, "/").await.text;
    let switches = |page: &str| {
        page.split("action=\"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next().map(ToOwned::to_owned))
            .filter(|path| path.ends_with("/presence"))
            .collect::<Vec<_>>()
    };
    let own = switches(&shown);
    assert_eq!(own.len(), 1, "{shown}");
    add(&house, "Cem Aydin", Role::Admin).await;
    let admin = Browser::sign_in(&house, "cem aydin").await;
    let all = switches(&admin.get(&house, "/").await.text);
    assert_eq!(all.len(), 3, "Ana, Ben, and the last resort");
    for other in all.iter().filter(|path| **path != own[0]) {
        let answer = ana.post(&house, other, "presence=4h").await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        assert!(answer.text.contains("<code>somebody-else</code>"), "{}", answer.text);
    }
    assert!(house.store.away(&lab(), house.now).await.unwrap().is_empty());
    assert_eq!(ana.post(&house, &own[0], "presence=4h").await.status, StatusCode::SEE_OTHER);
    assert_eq!(house.store.away(&lab(), house.now).await.unwrap().len(), 1);
    // A program is nobody of the rota, whatever it is called.
    let rights = Rights::new(Role::Responder, []).unwrap();
    let word = house
        .state
        .access
        .add_token(&UserName::parse("Ana Diaz").unwrap(), &rights)
        .await
        .unwrap();
    let said = bearer(secrecy::ExposeSecret::expose_secret(&word));
    let program = house.send_bare(post(&own[0], &[("authorization", &said)], "presence=1h")).await;
    assert_eq!(program.status, StatusCode::FORBIDDEN);
}

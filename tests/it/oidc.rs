//! Signing in by an identity provider, as browsers do it: over real sockets, with a provider that is careful, and one that is
//! not.

use super::stage;
use fakes::Fault;
use fakes::oidc::{CLIENT_ID, CLIENT_SECRET, Mischief, Oidc as Provider, Route};
use reqwest::redirect::Policy;
use reqwest::{Client, Response};
use rotaline::access::{Claim, Hotlines, Identity, Oidc, Rights, Role, UserName};
use rotaline::app::{Accounts, Stage};
use rotaline::clock::Clock;
use std::collections::BTreeMap;
use std::time::Duration;
use url::Url;

const ANA: &str = "ana@example.org";
const JOURNEY: &str = "rotaline-oidc";
const SESSION: &str = "rotaline";

/// A service, the provider that it trusts, and where the service is.
struct House {
    stage: Stage,
    provider: Provider,
    base: String,
}

/// A browser: it keeps cookies, and follows nothing by itself.
#[derive(Clone)]
struct Browser {
    client: Client,
    base: String,
    cookies: BTreeMap<String, String>,
}

async fn house() -> House {
    house_by(Claim::Email, |_| {}).await
}

/// With Ana as a user, known by this claim.
async fn house_by(claim: Claim, change: impl FnOnce(&mut Oidc)) -> House {
    let provider = Provider::start(ANA).await;
    let clock = Clock::system();
    provider.clock().pass(stage::wednesday() - clock.now());
    let mut oidc = Oidc {
        issuer: provider.issuer(),
        client_id: CLIENT_ID.to_owned(),
        client_secret: CLIENT_SECRET.into(),
        claim,
        scopes: vec!["email".to_owned()],
        label: "the Fake".to_owned(),
        page_url: None,
    };
    change(&mut oidc);
    let stage = stage::set_with(|setting| {
        setting.accounts = Accounts {
            oidc: Some(oidc),
            ..Accounts::default()
        };
    })
    .await;
    let base = format!("http://{}", stage.service().address());
    provider.register(&format!("{base}/sign-in/oidc/return"));
    let house = House { stage, provider, base };
    house.add(ANA, None).await;
    house
}

impl House {
    async fn add(&self, name: &str, identity: Option<&str>) {
        let rights = Rights {
            role: Role::Operator,
            hotlines: Hotlines::All,
        };
        let identity = identity.map(|identity| Identity::parse(identity).unwrap());
        let name = UserName::parse(name).unwrap();
        let added = self.stage.access().add_user_as(&name, None, identity.as_ref(), &rights).await;
        added.unwrap();
    }

    fn browser(&self) -> Browser {
        Browser {
            client: Client::builder().redirect(Policy::none()).no_proxy().build().unwrap(),
            base: self.base.clone(),
            cookies: BTreeMap::new(),
        }
    }

    /// Who has signed in, as the audit log has it.
    async fn signed_in(&self) -> Vec<(String, String)> {
        let noted = self.stage.service().store().audit(None, None, 100).await.unwrap();
        let signed_in = noted.into_iter().filter(|line| line.what == "signed-in");
        signed_in.map(|line| (line.who, line.about)).collect()
    }
}

fn location(answer: &Response) -> String {
    answer.headers()["location"].to_str().unwrap().to_owned()
}

fn query(address: &str) -> BTreeMap<String, String> {
    Url::parse(address).unwrap().query_pairs().into_owned().collect()
}

impl Browser {
    async fn get(&mut self, address: &str) -> Response {
        let address = if address.starts_with('/') {
            format!("{}{address}", self.base)
        } else {
            address.to_owned()
        };
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = self.client.get(&address).header("accept", "text/html");
        let answer = request.header("cookie", cookies.join("; ")).send().await.unwrap();
        for said in answer.headers().get_all("set-cookie") {
            let said = said.to_str().unwrap();
            let (name, value) = said.split(';').next().unwrap().split_once('=').unwrap();
            if said.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        answer
    }

    /// To the provider's door, and out of it again: the address to come back to.
    async fn away(&mut self, next: &str) -> String {
        let sent = self.get(&format!("/sign-in/oidc?next={next}")).await;
        assert_eq!(sent.status(), 303);
        let back = self.client.get(location(&sent)).send().await.unwrap();
        assert_eq!(back.status(), 302, "{}", back.text().await.unwrap());
        location(&back)
    }

    async fn there_and_back(&mut self) -> Response {
        let back = self.away("%2F").await;
        self.get(&back).await
    }

    /// Nobody is signed in: the page asks for that.
    async fn is_out(&mut self) {
        assert!(!self.cookies.contains_key(SESSION), "{:?}", self.cookies.keys());
        assert_eq!(self.get("/").await.status(), 303);
    }
}

/// A refusal: its code stands on the page, which says nothing of the provider's own words, nor the secret.
async fn refused(answer: Response, status: u16, code: &str) -> String {
    assert_eq!(answer.status().as_u16(), status, "{code}");
    let page = answer.text().await.unwrap();
    assert!(page.contains(&format!("<code>{code}</code>")), "{code}: {page}");
    assert!(!page.contains("secret words") && !page.contains(CLIENT_SECRET), "{page}");
    page
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_the_provider_knows_and_we_know_is_let_in() {
    let house = house().await;
    let mut browser = house.browser();
    browser.cookies.insert(SESSION.to_owned(), "AAAAAAAAAAAAAAAAAAAAAA".to_owned());
    let page = browser.get("/sign-in?next=%2Faudit").await.text().await.unwrap();
    let link = format!(
        "<a class=\"button\" href=\"{}/sign-in/oidc?next=%2Faudit\">Sign in with the Fake</a>",
        house.base
    );
    assert!(page.contains(&link), "{page}");

    let sent = browser.get("/sign-in/oidc?next=%2Faudit").await;
    assert_eq!(sent.status(), 303);
    let said: Vec<String> = sent.headers()["set-cookie"]
        .to_str()
        .unwrap()
        .split("; ")
        .map(str::to_owned)
        .collect();
    for part in ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=600"] {
        assert!(said.iter().any(|said| said == part), "{part} is not in {said:?}");
    }
    let door = location(&sent);
    assert!(door.starts_with(&format!("{}/authorize?", house.provider.issuer())), "{door}");
    let asked = query(&door);
    assert_eq!(asked["redirect_uri"], format!("{}/sign-in/oidc/return", house.base));
    assert_eq!(
        (asked["scope"].as_str(), asked["code_challenge_method"].as_str()),
        ("openid email", "S256")
    );
    // What is asked in public tells nothing of what is kept.
    let carried = &browser.cookies[JOURNEY];
    for word in [&asked["state"], &asked["nonce"], &asked["code_challenge"]] {
        assert!(!carried.contains(word.as_str()) && !door.contains(&carried[..64]), "{door}");
    }

    let back = location(&browser.client.get(&door).send().await.unwrap());
    let let_in = browser.get(&back).await;
    assert_eq!(
        (let_in.status().as_u16(), location(&let_in).as_str()),
        (303, "/signed-in?next=%2Faudit")
    );
    assert_ne!(
        browser.cookies[SESSION], "AAAAAAAAAAAAAAAAAAAAAA",
        "a session has a name of its own"
    );
    assert!(!browser.cookies.contains_key(JOURNEY), "what was carried is thrown away");
    let log = browser.get("/audit").await.text().await.unwrap();
    assert!(log.contains("signs in by oidc"), "{log}");
    assert_eq!(house.signed_in().await, [(ANA.to_owned(), "signs in by oidc".to_owned())]);
    let account = browser.get("/account").await.text().await.unwrap();
    assert!(account.contains("there is no password here to change"), "{account}");
    house.stage.strike().await;
}

/// Whatever a provider does that it must not do: a page with a code, and nobody is signed in.
#[tokio::test(flavor = "multi_thread")]
async fn no_token_is_believed_that_proves_nothing() {
    let house = house().await;
    for (mischief, status, code) in [
        (Mischief::WrongNonce, 502, "oidc-unproven"),
        (Mischief::WrongAudience, 502, "oidc-unproven"),
        (Mischief::TwoAudiences, 502, "oidc-unproven"),
        (Mischief::WrongIssuer, 502, "oidc-unproven"),
        (Mischief::Expired, 502, "oidc-unproven"),
        (Mischief::OtherKey, 502, "oidc-unproven"),
        (Mischief::NotSigned, 502, "oidc-unproven"),
        (Mischief::PublicKeyAsSecret, 502, "oidc-unproven"),
        (Mischief::SecretAsKey, 502, "oidc-unproven"),
        (Mischief::NoIdentity, 503, "oidc-unavailable"),
        (Mischief::Denied, 403, "oidc-refused"),
    ] {
        let mut browser = house.browser();
        house.provider.plays(Some(mischief.clone()));
        let page = refused(browser.there_and_back().await, status, code).await;
        assert!(page.contains("the Fake"), "{mischief:?}: {page}");
        browser.is_out().await;
    }
    assert_eq!(house.signed_in().await, []);
    house.provider.plays(None);
    assert_eq!(house.browser().there_and_back().await.status(), 303, "and a right one is");
    house.stage.strike().await;
}

/// The provider would take each code again; we do not.
#[tokio::test(flavor = "multi_thread")]
async fn a_return_lets_in_once_and_only_where_it_was_begun() {
    let house = house().await;
    house.provider.plays(Some(Mischief::CodesForEver));
    let mut browser = house.browser();
    let back = browser.away("%2F").await;
    let (before, mut other) = (browser.clone(), house.browser());
    refused(other.get(&back).await, 400, "oidc-not-begun").await;
    other.is_out().await;
    // A journey of his own does not make somebody else's return his.
    other.away("%2F").await;
    refused(other.get(&back).await, 400, "oidc-not-begun").await;
    let mut longer = before.clone();
    let carried = longer.cookies[JOURNEY].clone();
    let (word, rest) = carried.split_once('.').unwrap();
    let (until, _) = rest.split_once('.').unwrap();
    for changed in [
        format!("{word}.{}.%2F", until.parse::<i64>().unwrap() + 1),
        format!("{word}.{until}.%2Faudit"),
        format!("{word}.{until}"),
        String::new(),
    ] {
        longer.cookies.insert(JOURNEY.to_owned(), changed);
        refused(longer.clone().get(&back).await, 400, "oidc-not-begun").await;
    }
    assert_eq!(browser.get(&back).await.status(), 303);
    for mut again in [before.clone(), browser.clone()] {
        again.cookies.remove(SESSION);
        refused(again.get(&back).await, 400, "oidc-not-begun").await;
    }
    assert_eq!(house.signed_in().await.len(), 1);
    // Nothing of what a browser may say breaks anything.
    for strange in [
        "/sign-in/oidc/return",
        "/sign-in/oidc/return?state=&code=",
        "/sign-in/oidc/return?code=x&code=y&state=%00",
        &format!("/sign-in/oidc/return?state={}&code=x", "s".repeat(6_000)),
    ] {
        refused(before.clone().get(strange).await, 400, "oidc-not-begun").await;
    }
    house.stage.strike().await;
}

/// Even where a provider looks at nothing, a return is another one's with another code verifier; and one that looks sees it.
#[tokio::test(flavor = "multi_thread")]
async fn a_code_of_somebody_else_is_worth_nothing() {
    let house = house().await;
    for (mischief, status, code) in [
        // The code of another browser's journey: PKCE does not fit, ...
        (None, 403, "oidc-refused"),
        // ... and where nobody looks at that, the nonce does not.
        (Some(Mischief::Careless), 502, "oidc-unproven"),
    ] {
        house.provider.plays(mischief);
        let (mut victim, mut thief) = (house.browser(), house.browser());
        let stolen = query(&victim.away("%2F").await)["code"].clone();
        let state = query(&thief.away("%2F").await)["state"].clone();
        let mut back = Url::parse(&format!("{}/sign-in/oidc/return", house.base)).unwrap();
        back.query_pairs_mut().append_pair("state", &state).append_pair("code", &stolen);
        refused(thief.get(back.as_str()).await, status, code).await;
        thief.is_out().await;
    }
    house.stage.strike().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_let_in_who_is_no_user_here() {
    let house = house().await;
    let mut browser = house.browser();
    house.provider.person(|person| person.email = Some("eve@example.org".to_owned()));
    let page = refused(browser.there_and_back().await, 403, "oidc-unknown-user").await;
    assert!(
        page.contains("says that you are eve@example.org") && page.contains("rotaline user add"),
        "{page}"
    );
    browser.is_out().await;
    // Markup in a name is text, and is no name.
    house.provider.person(|person| person.email = Some("<b>@example.org".to_owned()));
    let page = refused(house.browser().there_and_back().await, 403, "oidc-unknown-user").await;
    assert!(page.contains("&lt;b&gt;@example.org"), "{page}");
    for (is_verified, code) in [(Some(false), "oidc-unverified"), (None, "oidc-unverified")] {
        house.provider.person(|person| {
            person.email = Some(ANA.to_owned());
            person.is_verified = is_verified;
        });
        refused(house.browser().there_and_back().await, 403, code).await;
    }
    house.provider.person(|person| person.email = None);
    let page = refused(house.browser().there_and_back().await, 403, "oidc-nameless").await;
    assert!(page.contains("scopes or claim under [oidc]"), "{page}");
    assert_eq!(house.signed_in().await, []);
    let users = house.stage.access().users().await.unwrap();
    assert_eq!(users.len(), 1, "nobody becomes a user by that: {users:?}");

    // Capital letters are the same.
    house.provider.person(|person| {
        person.email = Some("ANA@Example.org".to_owned());
        person.is_verified = Some(true);
    });
    browser = house.browser();
    assert_eq!(browser.there_and_back().await.status(), 303);
    assert_eq!(browser.get("/").await.status(), 200);
    let name = UserName::parse(ANA).unwrap();
    house.stage.access().remove_user(&name).await.unwrap();
    assert_eq!(browser.get("/").await.status(), 303, "whoever is gone is out at once");
    refused(browser.there_and_back().await, 403, "oidc-unknown-user").await;
    house.stage.strike().await;
}

/// By the name there: what looks alike is somebody else; who is noted under another identity is not known by his name.
#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_looks_alike_is_somebody_elses() {
    let house = house_by(Claim::PreferredUsername, |oidc| oidc.scopes = vec!["profile".to_owned()]).await;
    house.add("Kim", None).await;
    house.add("Tom", Some("t.okafor")).await;
    for (said, user) in [
        ("kim", Some("Kim")),
        ("KIM", Some("Kim")),
        // The sign for kelvin, whose small letter is a k.
        ("\u{212a}im", None),
        (" kim", None),
        ("kim\u{a0}", None),
        ("Tom", None),
        ("T.Okafor", Some("Tom")),
    ] {
        house.provider.person(|person| person.preferred_username = Some(said.to_owned()));
        let before = house.signed_in().await.len();
        let status = house.browser().there_and_back().await.status();
        let signed_in = house.signed_in().await;
        match user {
            Some(user) => assert_eq!((status.as_u16(), signed_in[0].0.as_str()), (303, user), "{said:?}"),
            None => assert_eq!((status.as_u16(), signed_in.len()), (403, before), "{said:?}"),
        }
    }
    house.stage.strike().await;
}

/// The provider's own name for somebody is compared as it stands, and with what is noted only.
#[tokio::test(flavor = "multi_thread")]
async fn a_subject_is_who_is_noted_for_it() {
    let house = house_by(Claim::Subject, |oidc| oidc.scopes.clear()).await;
    house.add("Tom", Some("Auth|5f7")).await;
    for (said, is_in) in [("Auth|5f7", true), ("auth|5f7", false), ("Tom", false), (ANA, false)] {
        house.provider.person(|person| person.subject = said.to_owned());
        let status = house.browser().there_and_back().await.status();
        assert_eq!(status.as_u16(), if is_in { 303 } else { 403 }, "{said}");
    }
    house.stage.strike().await;
}

/// A service starts without its provider, says so, and lets in by other ways; it finds the provider when that is back.
#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_is_away_keeps_nobody_else_out() {
    let house = house().await;
    house.provider.close().await;
    let mut browser = house.browser();
    let page = refused(browser.get("/sign-in/oidc").await, 503, "oidc-unavailable").await;
    assert!(page.contains("a password or a link lets you in"), "{page}");
    assert!(browser.get("/sign-in").await.text().await.unwrap().contains("Password"));
    let by_link = stage::signed_in(&house.stage, Role::Viewer).await;
    assert_eq!(by_link.get("/").send().await.unwrap().status(), 200);
    house.provider.open().await;
    for mischief in [Mischief::OtherDocument, Mischief::OpenToken, Mischief::OpenKeys] {
        house.provider.plays(Some(mischief));
        refused(browser.get("/sign-in/oidc").await, 503, "oidc-unavailable").await;
    }
    house.provider.plays(None);
    for (route, fault) in [
        (Route::Document, Fault::Huge { bytes: 4 << 20 }),
        (Route::Keys, Fault::Huge { bytes: 4 << 20 }),
        (Route::Document, Fault::Html { code: 200 }),
        (Route::Keys, Fault::status(500)),
    ] {
        house.provider.faults().fail(route, fault, Some(1));
        refused(browser.get("/sign-in/oidc").await, 503, "oidc-unavailable").await;
    }
    assert_eq!(house.browser().there_and_back().await.status(), 303);
    house.stage.strike().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_endpoint_that_fails_signs_nobody_in() {
    let house = house().await;
    for fault in [
        Fault::status(500),
        Fault::Html { code: 502 },
        Fault::Reset,
        Fault::CutBody,
        Fault::Huge { bytes: 4 << 20 },
        Fault::WrongShape,
        Fault::Empty,
        Fault::Hang,
    ] {
        let mut browser = house.browser();
        house.provider.faults().fail(Route::Token, fault.clone(), Some(1));
        let answer = tokio::time::timeout(Duration::from_secs(15), browser.there_and_back()).await;
        let answer = answer.unwrap_or_else(|_| panic!("{fault:?}: nobody waits for ever"));
        let status = answer.status();
        let page = answer.text().await.unwrap();
        assert!([403, 503].contains(&status.as_u16()), "{fault:?}: {status}");
        assert!(page.contains("<code>oidc-") && !page.contains("secret words"), "{fault:?}: {page}");
        browser.is_out().await;
    }
    assert_eq!(house.signed_in().await, []);
    house.stage.strike().await;
}

/// Neither the code nor our secret goes where the provider points.
#[tokio::test(flavor = "multi_thread")]
async fn the_client_secret_follows_no_redirection() {
    let house = house().await;
    let elsewhere = Provider::start(ANA).await;
    let away = Mischief::TokenElsewhere(format!("{}/token", elsewhere.issuer()));
    house.provider.plays(Some(away));
    let mut browser = house.browser();
    refused(browser.there_and_back().await, 503, "oidc-unavailable").await;
    browser.is_out().await;
    assert_eq!(elsewhere.journal().requests().len(), 0);
    house.stage.strike().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_key_of_the_provider_is_asked_for() {
    let house = house().await;
    assert_eq!(house.browser().there_and_back().await.status(), 303);
    let asked = || {
        house
            .provider
            .journal()
            .requests()
            .iter()
            .filter(|asked| asked.path == "/keys")
            .count()
    };
    assert_eq!(asked(), 1);
    assert_eq!(house.browser().there_and_back().await.status(), 303);
    assert_eq!(asked(), 1, "keys are kept");
    house.provider.rotate();
    assert_eq!(house.browser().there_and_back().await.status(), 303);
    assert_eq!(asked(), 2);
    house.stage.strike().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_way_by_the_provider_leads_nowhere_else() {
    let house = house().await;
    for outside in ["https%3A%2F%2Fevil.example", "%2F%2Fevil.example", "%2F%5Cevil.example"] {
        let mut browser = house.browser();
        let back = browser.away(outside).await;
        assert_eq!(location(&browser.get(&back).await), "/signed-in?next=%2F", "{outside}");
    }
    house.stage.strike().await;
}

/// Whoever asks too often waits; that the provider is asked for a stranger has an end.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_sent_to_the_provider_without_end() {
    let house = house().await;
    let mut browser = house.browser();
    let mut statuses = Vec::new();
    for _ in 0..45 {
        statuses.push(browser.get("/sign-in/oidc/return?state=x&code=y").await.status().as_u16());
    }
    assert_eq!(statuses.iter().filter(|status| **status == 400).count(), 40, "{statuses:?}");
    refused(browser.get("/sign-in/oidc").await, 429, "oidc-too-many").await;
    assert_eq!(house.provider.journal().requests().len(), 0);
    house.stage.strike().await;
}

//! Journeys: how long they last, and what is made of them.

use super::journey::{Journey, LASTS};
use super::{Claim, Oidc, masked};
use crate::access::{Access, Identity, Rights, Role, Roll, User, UserName};
use crate::clock::Clock;
use crate::store::Store;
use chrono::{DateTime, TimeDelta, Utc};

fn now() -> DateTime<Utc> {
    "2026-03-04T03:00:00Z".parse().unwrap()
}

#[test]
fn a_journey_lasts_ten_minutes_and_is_its_own() {
    let journey = Journey::begin("/calls/1?a=b", now()).unwrap();
    let carried = journey.carried();
    assert_eq!(LASTS, TimeDelta::minutes(10));
    let back = Journey::parse(&carried, now() + TimeDelta::seconds(599)).unwrap();
    assert_eq!(back.next(), "/calls/1?a=b");
    assert!(back.is_known_by(&journey.state()) && !back.is_known_by(&journey.nonce()));
    assert_eq!((back.nonce(), back.verifier()), (journey.nonce(), journey.verifier()));
    // RFC 7636, section 4.1: 43 to 128 unreserved characters.
    assert!(journey.verifier().len() == 64 && journey.verifier().bytes().all(|byte| byte.is_ascii_alphanumeric()));
    assert!(Journey::parse(&carried, now() + TimeDelta::minutes(10)).is_none(), "it is over");
    let words = [journey.state(), journey.nonce(), journey.verifier(), carried[..64].to_owned()];
    for (at, word) in words.iter().enumerate() {
        assert!(!words[..at].contains(word), "one word does not tell another");
    }
    let other = Journey::begin("/calls/1?a=b", now()).unwrap();
    assert!(!other.is_known_by(&journey.state()));
}

/// Whoever changes what is carried has another journey, which the provider knows nothing of.
#[test]
fn what_is_carried_cannot_be_changed() {
    let journey = Journey::begin("/", now()).unwrap();
    let carried = journey.carried();
    let (word, until) = (&carried[..64], (now() + LASTS).timestamp());
    assert_eq!(carried, format!("{word}.{until}.%2F"));
    let other = Journey::parse(&format!("{word}.{}.%2F", until - 1), now()).unwrap();
    let elsewhere = Journey::parse(&format!("{word}.{until}.%2Faudit"), now()).unwrap();
    for other in [other, elsewhere] {
        assert!(!other.is_known_by(&journey.state()) && other.nonce() != journey.nonce());
    }
    for wrong in [
        format!("{word}.{}.%2F", until + 1),
        format!("{word}.{}.%2F", i64::MIN),
        format!("{}.{until}.%2F", &word[1..]),
        format!("{word}g.{until}.%2F"),
        format!("{word}.{until}.%ff"),
        format!("{word}.{until}.{}", "a".repeat(3_000)),
        format!("{word}.{until}"),
        String::new(),
    ] {
        assert!(Journey::parse(&wrong, now()).is_none(), "{wrong}");
    }
}

#[test]
fn capital_letters_are_the_same_where_people_have_chosen_the_name() {
    assert!(Claim::Email.matches("Ana@example.org", "ana@EXAMPLE.org"));
    assert!(!Claim::Subject.matches("abc", "ABC"));
    assert!(
        !Claim::PreferredUsername.matches("kim", "\u{212a}im"),
        "the sign for kelvin is no k"
    );
    for (written, claim) in [
        ("email", Some(Claim::Email)),
        ("sub", Some(Claim::Subject)),
        ("preferred_username", Some(Claim::PreferredUsername)),
        ("upn", None),
    ] {
        assert_eq!(Claim::parse(written), claim);
    }
}

#[test]
fn the_log_does_not_say_who_somebody_is() {
    assert_eq!(masked("priya.nair@example.org"), "pr…@example.org");
    assert_eq!(masked("priya\nnair"), "pr…");
}

/// Whoever has come by the provider is out when there is none any more, or when he is somebody else there.
#[tokio::test]
async fn a_sign_in_by_the_provider_ends_with_it() {
    let settings = || Oidc {
        issuer: "https://sso.example.org".to_owned(),
        client_id: "c".to_owned(),
        client_secret: "s".into(),
        claim: Claim::Email,
        scopes: Vec::new(),
        label: "x".to_owned(),
        page_url: None,
    };
    let user = |identity: &str| User {
        name: UserName::parse("Ana").unwrap(),
        password: None,
        identity: Some(Identity::parse(identity).unwrap()),
        rights: Rights::new(Role::Viewer, []).unwrap(),
    };
    let store = Store::in_memory().await.unwrap();
    let house = |identity: &str, oidc: Option<Oidc>| {
        let roll = Roll {
            users: vec![user(identity)],
            oidc,
            ..Roll::default()
        };
        Access::new(store.clone(), Clock::anchored_at(now()), roll)
    };
    let ticket = user("ana@example.org").signed_by_provider().ticket;
    for (identity, oidc, is_in) in [
        ("ana@example.org", Some(settings()), true),
        ("ana@example.org", None, false),
        ("eve@example.org", Some(settings()), false),
    ] {
        let who = house(identity, oidc).by_ticket(&ticket).await.unwrap();
        assert_eq!(who.is_some(), is_in, "{identity}");
    }
    // A ticket of the version before was none by a provider.
    let before = serde_json::json!({ "user": "ana", "stamp": "x", "by_link": true });
    let before: crate::access::Ticket = serde_json::from_value(before).unwrap();
    assert!(!before.by_provider);
}

//! Names, words, hashes and rights.

use super::*;
use crate::call::HotlineName;
use futures_util::FutureExt as _;
use secrecy::{ExposeSecret as _, SecretString};

fn names(names: &[&str]) -> Vec<HotlineName> {
    names.iter().map(|name| HotlineName((*name).to_owned())).collect()
}

fn secret(text: &str) -> SecretString {
    SecretString::from(text.to_owned())
}

#[test]
fn each_role_may_what_those_before_it_may() {
    let roles = ["viewer", "responder", "admin", "operator"];
    assert_eq!(Role::ALL.map(Role::as_str), roles);
    assert!(Role::ALL.is_sorted());
    for role in roles {
        assert_eq!(Role::parse(role).unwrap().to_string(), role);
    }
    assert_eq!(Role::parse("Admin"), None);
    let rights = Rights::new(Role::Admin, names(&["lab", "ward"])).unwrap();
    assert!(rights.hotlines.have(&HotlineName("ward".to_owned())));
    assert!(!rights.hotlines.have(&HotlineName("wards".to_owned())));
    let who = Who::program(rights);
    let lab = HotlineName("lab".to_owned());
    assert!(who.may(Action::Listen, Some(&lab)) && !who.may(Action::Audit, None));
    assert!(!who.may(Action::Listen, Some(&HotlineName("clinic".to_owned()))));
}

#[test]
fn names_that_look_the_same_are_the_same() {
    let key = |text: &str| UserName::parse(text).unwrap().key();
    assert_eq!(key("  Priya   NAIR "), "priya nair");
    assert_eq!(key("José"), key("JOSÉ"));
    assert_eq!(UserName::parse(" Priya  Nair").unwrap().as_str(), "Priya Nair");
    for wrong in ["", "  ", "a\nb\u{0}", "<b>", &"x".repeat(65), "a\u{202e}b"] {
        assert!(UserName::parse(wrong).is_err(), "{wrong:?}");
    }
}

/// The digest of "abc" by FIPS 180-2, appendix B.1.
#[test]
fn of_words_only_digests_are_kept() {
    let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert_eq!(Digest::of("abc").as_str(), abc);
    assert_eq!(Digest::parse(&abc.to_uppercase()), Some(Digest::of("abc")));
    for wrong in ["", "abc", &abc[1..], &format!("{abc}0"), &abc.replace('b', "g")] {
        assert_eq!(Digest::parse(wrong), None, "{wrong}");
    }
    let (one, other) = (NewWord::make("rlt_").unwrap(), NewWord::make("rlt_").unwrap());
    let word = one.word.expose_secret();
    assert!(word.starts_with("rlt_") && word.len() == 68, "{word}");
    assert_ne!(word, other.word.expose_secret());
    assert_eq!(one.digest, Digest::of(word));
    assert!(!format!("{one:?}").contains(word));
}

/// Hashes of other programs are taken, where they are Argon2id and take no more than we give: this one is of "password", by the
/// reference implementation (argon2 somesalt -id -t 2 -k 65536 -p 1).
#[tokio::test]
async fn a_hash_of_the_reference_implementation_is_understood() {
    let reference = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
    let hash = PasswordHash::parse(reference).unwrap();
    let passwords = passwords::Passwords::default();
    assert!(passwords.is(secret("password"), Some(hash.clone())).await.unwrap());
    assert!(!passwords.is(secret("Password"), Some(hash.clone())).await.unwrap());
    assert!(!passwords.is(secret(""), None).await.unwrap());
    assert_eq!(format!("{hash:?}"), "PasswordHash");
    for (text, seen) in [
        ("password", "no PHC string"),
        ("$2b$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW", "no PHC string"),
        (
            "$argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
            "a hash that is not by Argon2id",
        ),
        ("$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ", "a hash that is not by Argon2id"),
        (
            "$argon2id$v=19$m=1048576,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
            "a hash that takes more than 256 MiB, 10 passes or 8 lanes",
        ),
        (
            "$argon2id$v=19$m=65536,t=100,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
            "a hash that takes more than 256 MiB, 10 passes or 8 lanes",
        ),
    ] {
        assert_eq!(PasswordHash::parse(text).unwrap_err(), seen, "{text}");
    }
}

#[tokio::test]
async fn ours_are_salted_and_as_costly_as_advised() {
    let (one, other) = (
        PasswordHash::of(&secret("twelve chars")).unwrap(),
        PasswordHash::of(&secret("twelve chars")).unwrap(),
    );
    assert_ne!(one.as_str(), other.as_str());
    // OWASP's second choice of parameters: 19 MiB, two passes, one lane.
    assert!(one.as_str().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{}", one.as_str());
    assert!(passwords::Passwords::default().is(secret("twelve chars"), Some(one)).await.unwrap());
}

#[test]
fn passwords_have_twelve_characters_or_more() {
    assert!(judge_password(&secret(&"x".repeat(11))).is_err());
    assert!(judge_password(&secret(&"é".repeat(12))).is_ok());
    assert!(judge_password(&secret(&"x".repeat(128))).is_ok());
    assert!(judge_password(&secret(&"x".repeat(129))).is_err());
}

/// Two are compared at once, thirty-two wait, and whoever comes then is told so at once instead of waiting as well: of eighty who
/// come together, forty-six.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn comparisons_are_bounded() {
    let passwords = passwords::Passwords::default();
    let (mut waiting, mut busy) = (Vec::new(), 0);
    for _ in 0..80 {
        let mut tried = Box::pin(passwords.is(secret("whatever it is"), None));
        match (&mut tried).now_or_never() {
            None => waiting.push(tried),
            Some(answer) => {
                assert_eq!(answer, Err(passwords::Busy));
                busy += 1;
            }
        }
    }
    assert_eq!((waiting.len(), busy), (34, 46));
    // Whoever waits is answered: that it is not the password, or, on a slow machine, that it takes too long.
    for answer in futures_util::future::join_all(waiting).await {
        assert_ne!(answer, Ok(true));
    }
    assert_eq!(
        passwords.is(secret("whatever it is"), None).await,
        Ok(false),
        "and there is room again"
    );
}

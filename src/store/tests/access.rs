//! People, tokens, links, sessions and the audit log, on every store.

use super::*;
use crate::store::{Audited, KeptRights, KeptToken, KeptUser};
use chrono::{DateTime, Utc};

on_every_store!(
    users_are_kept_once_and_forgotten_with_all_that_is_theirs,
    an_identity_is_one_users,
    another_password_ends_sessions_and_links,
    tokens_are_known_by_their_digest,
    a_link_is_taken_once_and_in_time,
    of_many_sessions_the_idlest_goes,
    the_audit_log_is_told_from_its_end_and_runs_out,
);

fn user(name: &str, hotlines: Option<&[&str]>) -> KeptUser {
    KeptUser {
        key: name.to_lowercase(),
        name: name.to_owned(),
        identity: None,
        password: None,
        rights: rights(hotlines),
    }
}

fn rights(hotlines: Option<&[&str]>) -> KeptRights {
    KeptRights {
        role: "viewer".to_owned(),
        hotlines: hotlines.map(|names| names.iter().map(|name| (*name).to_owned()).collect()),
    }
}

fn ever() -> DateTime<Utc> {
    at(-1_000_000)
}

async fn signed_in(store: &Store, digest: &str) -> bool {
    store.session(digest, ever(), ever()).await.unwrap().is_some()
}

async fn users_are_kept_once_and_forgotten_with_all_that_is_theirs(store: Store) {
    let ana = user("Ana", Some(&["lab", "ward"]));
    assert!(!store.has_users().await.unwrap());
    assert!(store.add_user(&ana, at(0)).await.unwrap());
    assert!(!store.add_user(&user("Ana", None), at(1)).await.unwrap());
    assert!(store.add_user(&user("Ben", None), at(1)).await.unwrap());
    assert_eq!(store.user("ana").await.unwrap(), Some(ana.clone()));
    assert_eq!(store.users().await.unwrap(), [ana, user("Ben", None)]);
    for who in ["ana", "ben"] {
        store.keep_session(&format!("session of {who}"), who, "{}", at(2)).await.unwrap();
        store.keep_link(&format!("link of {who}"), who, at(900)).await.unwrap();
    }
    assert!(store.has_users().await.unwrap());
    assert!(store.remove_user("ana").await.unwrap());
    assert!(!store.remove_user("ana").await.unwrap());
    assert_eq!(store.user("ana").await.unwrap(), None);
    assert!(!signed_in(&store, "session of ana").await);
    assert_eq!(store.take_link("link of ana", at(3)).await.unwrap(), None);
    assert!(signed_in(&store, "session of ben").await);
    assert_eq!(store.take_link("link of ben", at(3)).await.unwrap().as_deref(), Some("ben"));
}

async fn an_identity_is_one_users(store: Store) {
    let known_as = |name: &str, identity: &str| KeptUser {
        identity: Some(identity.to_owned()),
        ..user(name, None)
    };
    let ana = known_as("Ana", "Ana@Example.org");
    assert!(store.add_user(&ana, at(0)).await.unwrap());
    assert!(!store.add_user(&known_as("Eve", "ana@example.ORG"), at(1)).await.unwrap());
    // Many may have none.
    assert!(store.add_user(&user("Ben", None), at(1)).await.unwrap());
    assert!(store.add_user(&user("Cem", None), at(1)).await.unwrap());
    assert_eq!(store.user_of_identity("ana@example.org").await.unwrap(), Some(ana));
    for nobody in ["Ana@Example.org", "eve", "", "ben"] {
        assert_eq!(store.user_of_identity(nobody).await.unwrap(), None, "{nobody}");
    }
    assert!(store.remove_user("ana").await.unwrap());
    assert!(store.add_user(&known_as("Eve", "ana@example.ORG"), at(2)).await.unwrap());
}

async fn another_password_ends_sessions_and_links(store: Store) {
    store.add_user(&user("Ana", None), at(0)).await.unwrap();
    store.keep_session("one", "ana", "{}", at(1)).await.unwrap();
    store.keep_link("link", "ana", at(900)).await.unwrap();
    assert!(store.set_password("ana", "$hash").await.unwrap());
    assert_eq!(store.user("ana").await.unwrap().unwrap().password.as_deref(), Some("$hash"));
    assert!(!signed_in(&store, "one").await);
    assert_eq!(store.take_link("link", at(2)).await.unwrap(), None);
    assert!(!store.set_password("nobody", "$hash").await.unwrap());
}

async fn tokens_are_known_by_their_digest(store: Store) {
    let token = KeptToken {
        name: "dashboard".to_owned(),
        digest: "d1".to_owned(),
        rights: rights(None),
    };
    assert!(store.add_token(&token, at(0)).await.unwrap());
    let same_name = KeptToken {
        digest: "d2".to_owned(),
        ..token.clone()
    };
    assert!(!store.add_token(&same_name, at(0)).await.unwrap());
    assert_eq!(store.token("d1").await.unwrap(), Some(token.clone()));
    assert_eq!(store.token("d2").await.unwrap(), None);
    assert_eq!(store.tokens().await.unwrap(), [token]);
    assert!(store.remove_token("dashboard").await.unwrap());
    assert!(!store.remove_token("dashboard").await.unwrap());
    assert_eq!(store.token("d1").await.unwrap(), None);
}

async fn a_link_is_taken_once_and_in_time(store: Store) {
    for link in ["one", "two", "three"] {
        store.keep_link(link, "ana", at(900)).await.unwrap();
    }
    assert_eq!(store.take_link("one", at(899)).await.unwrap().as_deref(), Some("ana"));
    assert_eq!(store.take_link("one", at(899)).await.unwrap(), None);
    assert_eq!(store.take_link("two", at(900)).await.unwrap(), None, "too late");
    // Of two who follow it at once one is let in.
    let (one, other) = tokio::join!(store.take_link("three", at(1)), store.take_link("three", at(1)));
    assert_eq!([one.unwrap(), other.unwrap()].iter().flatten().count(), 1);
}

async fn of_many_sessions_the_idlest_goes(store: Store) {
    store.keep_session("another's", "ben", "{}", at(0)).await.unwrap();
    for n in 0..20 {
        store.keep_session(&format!("s{n}"), "ana", &format!("[{n}]"), at(n)).await.unwrap();
    }
    store.session_seen("s0", at(100)).await.unwrap();
    store.keep_session("s20", "ana", "[20]", at(101)).await.unwrap();
    assert!(!signed_in(&store, "s1").await, "the one that was idle for the longest");
    for kept in ["s0", "s2", "s20", "another's"] {
        assert!(signed_in(&store, kept).await, "{kept}");
    }
    assert_eq!(store.session("s2", at(1), at(1)).await.unwrap(), Some(("[2]".to_owned(), at(2))));
    assert_eq!(store.session("s2", at(2), at(1)).await.unwrap(), None, "not seen since");
    assert_eq!(store.session("s0", at(99), at(0)).await.unwrap(), None, "begun too long ago");
    // What was seen later stays seen.
    store.session_seen("s0", at(50)).await.unwrap();
    assert_eq!(store.session("s0", at(99), ever()).await.unwrap().unwrap().1, at(100));
    store.keep_link("late", "ana", at(60)).await.unwrap();
    store.sweep_access(at(60), at(18), at(5)).await.unwrap();
    assert!(!signed_in(&store, "s18").await && signed_in(&store, "s19").await && !signed_in(&store, "s0").await);
    assert_eq!(store.take_link("late", at(1)).await.unwrap(), None);
    store.end_session("s19").await.unwrap();
    assert!(!signed_in(&store, "s19").await);
}

async fn the_audit_log_is_told_from_its_end_and_runs_out(store: Store) {
    let line = |n: i64| Audited {
        number: 0,
        at: at(n),
        who: "Ana".to_owned(),
        kind: "user".to_owned(),
        client: (n > 1).then(|| "192.0.2.1".to_owned()),
        what: "signed-in".to_owned(),
        hotline: None,
        about: format!("line {n}"),
    };
    for n in 1..=5 {
        store.note(&line(n)).await.unwrap();
    }
    let about = |lines: Vec<Audited>| lines.into_iter().map(|line| line.about).collect::<Vec<_>>();
    let newest = store.audit(None, None, 2).await.unwrap();
    assert_eq!(
        newest[0],
        Audited {
            number: newest[0].number,
            ..line(5)
        }
    );
    let before = Some(newest[1].number);
    assert_eq!(about(newest), ["line 5", "line 4"]);
    assert_eq!(about(store.audit(None, before, 9).await.unwrap()), ["line 3", "line 2", "line 1"]);
    assert_eq!(about(store.audit(Some(at(3)), before, 9).await.unwrap()), ["line 3"]);
    assert_eq!(store.expire_audit(at(4)).await.unwrap(), 3);
    assert_eq!(about(store.audit(None, None, 9).await.unwrap()), ["line 5", "line 4"]);
    let mut connection = store.writer.acquire().await.unwrap();
    let changed = sqlx::query("UPDATE audit SET who = 'Ben'").execute(&mut connection).await;
    assert!(changed.unwrap_err().to_string().contains("append-only"));
}

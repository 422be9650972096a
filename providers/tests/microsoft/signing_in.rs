//! Tokens: asked for once, replaced when refused, never shown.

use crate::stage::{Stage, noon, read};
use chrono::{DateTime, TimeDelta, Utc};
use fakes::Fault;
use fakes::graph::Route;
use providers::{Base, Credential, MicrosoftAccount, SheetSource, SourceError};
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

async fn refusal(stage: &Stage, account: MicrosoftAccount) -> SourceError {
    stage.lists_of(account, &["Rota"]).fetch(None).await.unwrap_err()
}

#[tokio::test]
async fn eight_at_once_sign_in_once() {
    let stage = Stage::new().await;
    stage.add_rota();
    let account = stage.account();
    let reads = (0..8).map(|_| {
        let source = stage.lists_of(account.clone(), &["Rota"]);
        tokio::spawn(async move { read(&source).await })
    });
    for reading in reads.collect::<Vec<_>>() {
        assert_eq!(reading.await.unwrap().tabs.len(), 1);
    }
    assert_eq!(stage.count("/oauth2/v2.0/token"), 1);
}

#[tokio::test]
async fn eight_at_once_share_a_refusal_as_well() {
    let stage = Stage::new().await;
    stage.add_rota();
    stage.graph.fail(Route::Token, Fault::SlowHeaders(Duration::from_millis(300)), None);
    stage.graph.expire_secret();
    let account = stage.account();
    let reads = (0..8).map(|_| {
        let source = stage.lists_of(account.clone(), &["Rota"]);
        tokio::spawn(async move { source.fetch(None).await })
    });
    for reading in reads.collect::<Vec<_>>() {
        assert!(matches!(reading.await.unwrap(), Err(SourceError::Auth(_))));
    }
    assert_eq!(stage.count("/oauth2/v2.0/token"), 1);
    assert!(matches!(refusal(&stage, account).await, SourceError::Auth(_)));
    assert_eq!(stage.count("/oauth2/v2.0/token"), 2, "whoever comes afterwards tries again");
}

#[tokio::test]
async fn a_refused_token_is_replaced_once() {
    let stage = Stage::new().await;
    stage.add_rota();
    let source = stage.lists();
    read(&source).await;
    stage.graph.expire_tokens();
    read(&source).await;
    assert_eq!(stage.count("/oauth2/v2.0/token"), 2);
    let always = Fault::Status {
        code: 401,
        retry_after: None,
        body: None,
    };
    stage.graph.fail(Route::Site, always, None);
    let fault = source.fetch(None).await.unwrap_err();
    assert!(matches!(fault, SourceError::Auth(_)), "{fault}");
    assert_eq!(stage.count("/oauth2/v2.0/token"), 3);
}

static AHEAD: AtomicI64 = AtomicI64::new(0);

fn later() -> DateTime<Utc> {
    noon() + TimeDelta::seconds(AHEAD.load(Ordering::SeqCst))
}

#[tokio::test]
async fn a_token_is_renewed_shortly_before_it_runs_out() {
    let stage = Stage::new().await;
    stage.add_rota();
    stage.graph.clock().follow(later);
    let account = MicrosoftAccount::new(stage.access(), later).unwrap();
    let source = stage.lists_of(account, &["Rota"]);
    // It lives for 3 599 s, and is given up five minutes before.
    for (seconds, tokens) in [(0, 1), (3_290, 1), (3_300, 2), (6_500, 2), (6_700, 3)] {
        AHEAD.store(seconds, Ordering::SeqCst);
        read(&source).await;
        assert_eq!(stage.count("/oauth2/v2.0/token"), tokens, "{seconds}");
    }
}

#[tokio::test]
async fn a_certificate_opens_the_door_as_well() {
    let stage = Stage::new().await;
    stage.add_rota();
    let mut access = stage.access();
    access.credential = Credential::Certificate(stage.graph.certificate_pem().into());
    read(&stage.lists_of(MicrosoftAccount::new(access, noon).unwrap(), &["Rota"])).await;
    let sent = stage.graph.journal().remove(0);
    let body = String::from_utf8(sent.body).unwrap();
    assert!(
        body.contains("client_assertion=") && !body.contains("client_secret"),
        "a signed statement"
    );
}

#[tokio::test]
async fn each_wrong_credential_is_called_what_it_is() {
    let stage = Stage::new().await;
    stage.add_rota();
    let with = |credential| {
        let mut access = stage.access();
        access.credential = credential;
        MicrosoftAccount::new(access, noon)
    };
    let wrong = with(Credential::Secret("wrong~secret".into())).unwrap();
    let fault = refusal(&stage, wrong).await.to_string();
    assert!(fault.starts_with("sign-in refused: the client secret is wrong."), "{fault}");
    assert!(!fault.contains("wrong~secret"), "{fault}");

    let ended = with(Credential::Certificate(stage.graph.expired_certificate_pem().into())).unwrap();
    let fault = refusal(&stage, ended).await.to_string();
    assert!(fault.starts_with("sign-in refused: the certificate ended on 1 Jan 2025"), "{fault}");

    let mut access = stage.access();
    access.client_id = "00000000-0000-4000-8000-000000000000".into();
    let fault = refusal(&stage, MicrosoftAccount::new(access, noon).unwrap()).await.to_string();
    assert!(fault.contains("has no application 00000000-0000-4000-8000-000000000000"), "{fault}");

    let mut access = stage.access();
    access.tenant = "nobody.example".into();
    let fault = refusal(&stage, MicrosoftAccount::new(access, noon).unwrap()).await.to_string();
    assert!(fault.contains("there is no tenant \"nobody.example\""), "{fault}");

    stage.graph.expire_secret();
    let fault = refusal(&stage, stage.account()).await.to_string();
    assert!(fault.starts_with("sign-in refused: the client secret has expired."), "{fault}");
}

#[tokio::test]
async fn what_cannot_be_right_is_refused_before_anything_is_sent() {
    let stage = Stage::new().await;
    let new = |change: &dyn Fn(&mut providers::MicrosoftAccess)| {
        let mut access = stage.access();
        change(&mut access);
        MicrosoftAccount::new(access, noon).unwrap_err().to_string()
    };
    let pem = stage.graph.certificate_pem();
    let only = |label: &str| {
        let (begin, end) = (format!("-----BEGIN {label}-----"), format!("-----END {label}-----"));
        let (start, stop) = (pem.find(&begin).unwrap(), pem.find(&end).unwrap() + end.len());
        pem[start..stop].to_owned()
    };
    let key = only("PRIVATE KEY");
    let certificate = only("CERTIFICATE");
    let cases = [
        (new(&|access| access.tenant = "a/../b".into()), "the tenant is written as"),
        (new(&|access| access.client_id = String::new()), "the client id is"),
        (
            new(&|access| access.credential = Credential::Secret(" ".into())),
            "the client secret is empty",
        ),
        (
            new(&|access| access.credential = Credential::Certificate("nonsense".into())),
            "holds no certificate",
        ),
        (
            new(&|access| access.credential = Credential::Certificate(key.clone().into())),
            "holds no certificate",
        ),
        (
            new(&|access| access.credential = Credential::Certificate(certificate.clone().into())),
            "holds no private key",
        ),
    ];
    for (words, expected) in cases {
        assert!(words.contains(expected), "{words}");
        assert!(!words.contains(&key[40..60]), "{words}");
    }
    assert!(stage.graph.journal().is_empty());
}

#[tokio::test]
async fn a_sign_in_that_is_disturbed_is_tried_again_later() {
    let stage = Stage::new().await;
    stage.add_rota();
    let status = |code, retry_after: Option<&str>| Fault::Status {
        code,
        retry_after: retry_after.map(str::to_owned),
        body: None,
    };
    let cases = [
        (
            Fault::Html { code: 200 },
            "not readable just now: the sign-in failed: 127.0.0.1 answered with a web page",
        ),
        (Fault::Html { code: 503 }, "not readable just now: the sign-in was answered 503"),
        (Fault::Empty, "not readable just now: the sign-in was answered without a token"),
        (status(503, None), "not readable just now: the sign-in was answered 503"),
        (status(429, Some("17")), "asked too often, next try in 17 s"),
        (Fault::Reset, "not readable just now: the answer of 127.0.0.1 broke off"),
        (Fault::CutBody, "not readable just now: the answer of 127.0.0.1 broke off"),
    ];
    for (fault, words) in cases {
        stage.graph.fail(Route::Token, fault, None);
        let seen = refusal(&stage, stage.account()).await.to_string();
        assert!(seen.starts_with(words), "{seen}");
        stage.graph.heal();
    }
    read(&stage.lists()).await;
}

#[tokio::test]
async fn nothing_that_is_shown_holds_a_secret() {
    let stage = Stage::new().await;
    stage.add_rota();
    let source = stage.lists();
    read(&source).await;
    let secret = stage.graph.client_secret();
    let token = stage.graph.tokens().remove(0);
    let key = stage.graph.certificate_pem();
    let mut access = stage.access();
    access.credential = Credential::Certificate(key.into());
    let shown = format!("{source:?} {:#?} {:?} {access:?}", stage.account(), stage.access());
    for hidden in [secret, &token, &key[100..140]] {
        assert!(!shown.contains(hidden), "{shown}");
    }
}

/// The SDK panics on a host that it does not know; it is never told ours.
#[tokio::test]
async fn any_base_is_taken_with_a_version_or_without() {
    let stage = Stage::new().await;
    stage.add_rota();
    for end in ["", "/", "/v1.0", "/v1.0/"] {
        let mut access = stage.access();
        access.graph = Base::parse(&format!("{}{end}", stage.graph.url())).unwrap();
        let account = MicrosoftAccount::new(access, noon).unwrap();
        read(&stage.lists_of(account, &["Rota"])).await;
    }
    let mut access = stage.access();
    access.graph = Base::parse("https://graph.contoso.example/v1.0").unwrap();
    MicrosoftAccount::new(access, noon).unwrap();
}

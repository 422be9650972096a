//! What reading from Google writes to the log, at its most talkative: never a key, an assertion or a token.
//! A process of its own, as there is one log to a process.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use chrono::{DateTime, Utc};
use fakes::Fault;
use fakes::google::{Google, Route, Spreadsheet, Tab};
use providers::google_sheets::{GoogleAccess, GoogleAccount, GoogleSheet, SpreadsheetId};
use providers::{Base, SheetSource};
use secrecy::SecretString;
use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

const ID: &str = "1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgvE2upms";
const PASSWORD: &str = "open sesame";

#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<u8>>>);

impl io::Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Everything there is to log but what the service silences as well.
fn log() -> Kept {
    let kept = Kept::default();
    let writer = kept.clone();
    let all = Targets::new()
        .with_default(LevelFilter::TRACE)
        .with_target("yup_oauth2", LevelFilter::OFF);
    let layer = tracing_subscriber::fmt::layer()
        .with_ansi(false)
        .with_writer(move || writer.clone());
    tracing_subscriber::registry().with(all).with(layer).init();
    kept
}

/// Everything secret that was on the wire, and the key's own lines.
fn secrets(google: &Google) -> Vec<String> {
    let key: serde_json::Value = serde_json::from_str(&google.key_json()).unwrap();
    let lines = key["private_key"].as_str().unwrap().lines().map(str::to_owned).collect::<Vec<_>>();
    let inner = lines.iter().filter(|line| !line.starts_with("-----")).cloned();
    let journal = google.journal();
    let tokens = journal.iter().filter_map(|request| request.bearer().map(str::to_owned));
    let assertions = journal.iter().filter_map(|request| request.form().remove("assertion"));
    let signatures = assertions.filter_map(|assertion| assertion.rsplit('.').next().map(str::to_owned));
    inner.chain(tokens).chain(signatures).chain([PASSWORD.to_owned()]).collect()
}

#[tokio::test]
async fn no_secret_is_logged_or_shown() {
    let kept = log();
    let google = Google::start().await;
    google.put(ID, Spreadsheet::new("Rotas").tab(Tab::new("Rota").rows(&[["From", "1st"]])));
    google.share(ID);
    let base = Base::parse(&google.url()).unwrap();
    let access = GoogleAccess {
        key: SecretString::from(google.key_json()),
        sheets: base.clone(),
        drive: base,
        token_uri: Some(Base::parse(&google.token_uri()).unwrap()),
        patience: Duration::from_secs(2),
    };
    let mut shown = format!("{access:?}");
    let account = GoogleAccount::new(access, || DateTime::<Utc>::UNIX_EPOCH).unwrap();
    let sheet = GoogleSheet::new(account.clone(), SpreadsheetId::parse(ID).unwrap());
    shown += &format!("{account:?} {sheet:?}");
    let bell = providers::Bell {
        address: "https://rota.example/nudge".into(),
        password: PASSWORD.into(),
        now: DateTime::UNIX_EPOCH,
    };
    let faults = [
        None,
        Some(Fault::status(401)),
        Some(Fault::status(403)),
        Some(Fault::status(500)),
        Some(Fault::Html { code: 200 }),
        Some(Fault::Empty),
        Some(Fault::WrongShape),
        Some(Fault::CutBody),
        Some(Fault::Reset),
    ];
    for fault in faults {
        for route in [Route::Token, Route::Spreadsheet, Route::Drive] {
            if let Some(fault) = fault.clone() {
                google.fail(route, fault, None);
            }
            google.expire_tokens();
            shown += &format!("{:?}", sheet.fetch(None).await.map_err(|fault| (fault.to_string(), fault)));
            shown += &format!("{:?}", sheet.examine(DateTime::UNIX_EPOCH).await);
            shown += &format!("{:?}", sheet.watch(&bell, None).await);
            google.heal();
        }
    }
    shown += &format!("{sheet:?}");
    let logged = String::from_utf8(kept.0.lock().unwrap().clone()).unwrap();
    assert!(logged.contains("hyper_util"), "the log is heard");
    let secrets = secrets(&google);
    assert!(secrets.len() > 20, "{}", secrets.len());
    for secret in secrets {
        assert!(!logged.contains(&secret), "logged: {secret}");
        assert!(!shown.contains(&secret), "shown: {secret}");
    }
}

//! The reading of values, answers, keys and refusals by tables; then everything together against a Google on loopback.

mod answers;
mod keys;
mod outcomes;
mod probing;
mod refusals;
mod signing_in;
mod together;
mod values;
mod watching;
mod wire;

use super::{GoogleAccess, GoogleAccount, GoogleSheet, SpreadsheetId};
use crate::{Base, Fetched, Revision, Sheet, SheetSource, SourceError};
use chrono::{DateTime, TimeDelta, Utc};
use fakes::Fault;
use fakes::google::{Google, Spreadsheet, Tab};
use secrecy::SecretString;
use std::cell::Cell;
use std::time::Duration;

/// Longer than anything takes here that is to succeed.
const PATIENCE: Duration = Duration::from_secs(20);
/// Long enough for an answer from this machine, and soon over.
const IMPATIENCE: Duration = Duration::from_secs(2);
const ID: &str = "1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgvE2upms";

thread_local! {
    /// Each test is a thread.
    static NOW: Cell<DateTime<Utc>> = const { Cell::new(DateTime::UNIX_EPOCH) };
}

fn now() -> DateTime<Utc> {
    NOW.get()
}

fn pass(time: TimeDelta) {
    NOW.set(NOW.get() + time);
}

/// A Google with one small rota, shared with the account.
async fn google() -> Google {
    let google = Google::start().await;
    google.put(ID, Spreadsheet::new("Rotas").zone("Australia/Melbourne").tab(rota()));
    google.share(ID);
    google
}

fn rota() -> Tab {
    Tab::new("Rota").id(7).rows(&[["From", "1st"], ["Monday", "Maria Lopez"]])
}

/// The Sheets and Drive APIs and the tokens each at an address.
fn account_at(key: String, sheets: &str, drive: &str, tokens: &str, patience: Duration) -> GoogleAccount {
    let access = GoogleAccess {
        key: SecretString::from(key),
        sheets: Base::parse(sheets).unwrap(),
        drive: Base::parse(drive).unwrap(),
        token_uri: Some(Base::parse(tokens).unwrap()),
        patience,
    };
    GoogleAccount::new(access, now).unwrap()
}

fn account(google: &Google, patience: Duration) -> GoogleAccount {
    let url = google.url();
    account_at(google.key_json(), &url, &url, &google.token_uri(), patience)
}

fn source_of(account: GoogleAccount) -> GoogleSheet {
    GoogleSheet::new(account, SpreadsheetId::parse(ID).unwrap())
}

fn source(google: &Google) -> GoogleSheet {
    source_of(account(google, PATIENCE))
}

/// Not more than is needed for a fault to show.
fn patience_for(fault: &Fault) -> Duration {
    match fault {
        Fault::Hang | Fault::SlowHeaders(_) | Fault::Drip(_) => IMPATIENCE,
        Fault::Status { .. }
        | Fault::Html { .. }
        | Fault::CutBody
        | Fault::Reset
        | Fault::Empty
        | Fault::WrongShape
        | Fault::Huge { .. } => PATIENCE,
    }
}

/// Within a bound that no patience of these tests comes near to.
async fn fetch(source: &GoogleSheet, since: Option<&Revision>) -> Result<Fetched, SourceError> {
    tokio::time::timeout(Duration::from_secs(60), source.fetch(since))
        .await
        .expect("an end of its own")
}

/// Whether the source comes right by itself. An impatient one may need a few attempts on a busy machine.
async fn recovers(source: &GoogleSheet) -> bool {
    for _ in 0..20 {
        if let Ok(Fetched::Sheet(sheet)) = fetch(source, None).await {
            return sheet.title == "Rotas";
        }
    }
    false
}

/// Reads all of it.
async fn read(source: &GoogleSheet) -> Sheet {
    match fetch(source, None).await.unwrap() {
        Fetched::Sheet(sheet) => *sheet,
        Fetched::Unchanged => panic!("unchanged since nothing"),
    }
}

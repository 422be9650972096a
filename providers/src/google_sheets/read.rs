//! One request to the Sheets API through its SDK, and what its errors mean. The SDK has no timeout, no bound, and
//! keeps neither status nor headers of a refusal; all that is added here.

use super::account::GoogleAccount;
use super::bounded::Bound;
use super::cells::{self, FIELDS};
use super::id::SpreadsheetId;
use super::refusal::{Api, Failure, Refusal};
use super::tokens::{Permission, Token};
use crate::http::wait;
use crate::limits::FILE_BYTES;
use crate::{Sheet, SourceError};
use chrono::{DateTime, Utc};
use google_sheets4::common::{Delegate, Error, Response, Retry};
use google_sheets4::{Sheets, api, hyper_util};
use hyper::header::RETRY_AFTER;
use serde_json::Value;
use std::sync::atomic::Ordering;
use tokio::runtime::Handle;

/// Each cell in use comes with two to four braces; 400 000 of them take 1.2 GB at the very worst.
const ANSWER: Bound = Bound {
    bytes: FILE_BYTES,
    braces: 400_000,
};
const AGENT: &str = concat!("rotaline/", env!("CARGO_PKG_VERSION"));

/// Reads the whole spreadsheet.
pub(super) async fn sheet(account: &GoogleAccount, id: &SpreadsheetId) -> Result<Sheet, Failure> {
    let _turn = account.reads().acquire().await;
    account
        .with_token(Permission::Cells, |token| on_another_thread(account.clone(), id.clone(), token))
        .await
}

/// The SDK takes an answer apart in the middle of its future, which for a large sheet keeps a thread busy for as long
/// as a call could have been answered in; and it is somebody else's, so that its panic must not be ours.
async fn on_another_thread(account: GoogleAccount, id: SpreadsheetId, token: Token) -> Result<Sheet, Failure> {
    let runtime = Handle::current();
    tokio::task::spawn_blocking(move || {
        let book = runtime.block_on(Box::pin(ask(&account, &id, &token)))?;
        Ok(cells::sheet(book, &id)?)
    })
    .await
    .unwrap_or_else(|_| Err(SourceError::Transient("the reading was broken off".into()).into()))
}

async fn ask(account: &GoogleAccount, id: &SpreadsheetId, token: &Token) -> Result<api::Spreadsheet, Failure> {
    let (client, exceeded) = account.connector().client(ANSWER);
    let mut hub = Sheets::new(client, token.expose().to_owned());
    let base = format!("{}/", account.sheets());
    hub.base_url(base.clone());
    hub.root_url(base);
    hub.user_agent(AGENT.into());
    let mut capture = Capture::new(account.now());
    let asking = hub
        .spreadsheets()
        .get(id.as_str())
        .param("fields", FIELDS)
        .param("prettyPrint", "false")
        .add_scope(Permission::Cells.scope())
        .delegate(&mut capture)
        .doit();
    let answer = tokio::time::timeout(account.patience(), Box::pin(asking)).await;
    match answer {
        Ok(Ok((_, book))) => Ok(book),
        _ if exceeded.load(Ordering::Acquire) => Err(too_long().into()),
        Ok(Err(fault)) => Err(failure(fault, capture.refusal, id)),
        Err(_) => {
            let waited = account.patience().as_secs_f32();
            Err(SourceError::Transient(format!("Google did not answer in full within {waited} s")).into())
        }
    }
}

/// Keeps what the SDK throws away of a refusal.
struct Capture {
    now: DateTime<Utc>,
    refusal: Refusal,
}

impl Capture {
    fn new(now: DateTime<Utc>) -> Self {
        let refusal = Refusal::default();
        Self { now, refusal }
    }
}

impl Delegate for Capture {
    fn http_failure(&mut self, response: &Response, body: Option<&Value>) -> Retry {
        let asked = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok());
        self.refusal = Refusal {
            status: response.status().as_u16(),
            retry_after: asked.map(|text| wait(text, self.now)),
            body: body.cloned(),
        };
        Retry::Abort
    }
}

/// None of the SDK's own words are used: they hold whole bodies and headers.
fn failure(fault: Error, refusal: Refusal, id: &SpreadsheetId) -> Failure {
    let fault = match fault {
        Error::BadRequest(_) | Error::Failure(_) => return refusal.failure(Api::Sheets, id),
        Error::JsonDecodeError(body, fault) => undecodable(&body, &fault),
        Error::HttpError(fault) => unreachable_or_cut(&fault),
        Error::Io(_)
        | Error::MissingToken(_)
        | Error::MissingAPIKey
        | Error::Cancelled
        | Error::UploadSizeLimitExceeded(..)
        | Error::FieldClash(_) => SourceError::Transient("the request to Google could not be made".into()),
    };
    fault.into()
}

/// Of a body that breaks off the SDK keeps nothing.
fn undecodable(body: &str, fault: &serde_json::Error) -> SourceError {
    if body.trim_start().starts_with('<') {
        return SourceError::Malformed(
            "in place of the spreadsheet came a web page; a proxy or a sign-in page may stand in between".into(),
        );
    }
    if body.is_empty() || fault.is_eof() {
        return SourceError::Transient("Google's answer broke off".into());
    }
    SourceError::Malformed("Google's answer is not that of a spreadsheet".into())
}

fn unreachable_or_cut(fault: &hyper_util::client::legacy::Error) -> SourceError {
    SourceError::Transient(if fault.is_connect() {
        "Google cannot be reached".into()
    } else {
        "the connection to Google broke off".into()
    })
}

fn too_long() -> SourceError {
    SourceError::Malformed(format!(
        "the spreadsheet is too large: more than {} MiB, or some {} cells. Keep the rota in a spreadsheet of its own, without the rest",
        ANSWER.bytes >> 20,
        ANSWER.braces / 4
    ))
}

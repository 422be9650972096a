//! What the Drive API tells of a spreadsheet without its cells: whether something has changed, and a knock when it does.
//! All of it is a convenience: without it the sheet is read each time.

use super::account::GoogleAccount;
use super::id::SpreadsheetId;
use super::refusal::{Api, Failure, Refusal};
use super::tokens::{Permission, Token};
use crate::http::SMALL_JSON_BYTES;
use crate::{Bell, SourceError, Watch};
use chrono::{DateTime, TimeDelta, Utc};
use reqwest::header::CONTENT_TYPE;
use reqwest::{Method, Url};
use serde_json::{Map, Value, json};
use uuid::Uuid;

/// The longest that Drive knocks for a file
/// (<https://developers.google.com/workspace/drive/api/guides/push#creating-notification-channels>).
const WATCH: TimeDelta = TimeDelta::days(1);

/// The number of the file's version: another one means that something has changed, be it nothing one sees.
pub(super) async fn version(account: &GoogleAccount, id: &SpreadsheetId) -> Result<String, Failure> {
    let mut url = account.drive().below(&format!("/drive/v3/files/{id}"));
    url.set_query(Some("fields=version,modifiedTime&supportsAllDrives=true"));
    let about = ask(account, id, Method::GET, &url, None).await?;
    match about.get("version") {
        Some(Value::String(version)) if !version.is_empty() && version.len() <= 40 => Ok(version.clone()),
        _ => Err(strange("the version").into()),
    }
}

/// Has Drive knock at the bell for a day. The names are those of the channel and of its resource.
pub(super) async fn watch(account: &GoogleAccount, id: &SpreadsheetId, bell: &Bell) -> Result<Watch, Failure> {
    let mut url = account.drive().below(&format!("/drive/v3/files/{id}/watch"));
    url.set_query(Some("supportsAllDrives=true"));
    let until = bell.now + WATCH;
    // A name is used once only, even for a channel that takes another one's place.
    let channel = Uuid::new_v4().to_string();
    let wish = json!({
        "id": channel,
        "type": "web_hook",
        "address": bell.address,
        "token": bell.password,
        "expiration": until.timestamp_millis().to_string(),
    });
    let made = ask(account, id, Method::POST, &url, Some(&wish)).await?;
    let Some(resource) = made.get("resourceId").and_then(Value::as_str) else {
        return Err(strange("the name of the watch").into());
    };
    Ok(Watch {
        names: vec![channel, resource.to_owned()],
        until: granted(&made).map_or(until, |granted| granted.min(until)),
    })
}

/// Has Drive knock no longer.
pub(super) async fn stop(account: &GoogleAccount, id: &SpreadsheetId, watch: &Watch) -> Result<(), Failure> {
    let [channel, resource] = watch.names.as_slice() else {
        return Ok(());
    };
    let url = account.drive().below("/drive/v3/channels/stop");
    let wish = json!({ "id": channel, "resourceId": resource });
    ask(account, id, Method::POST, &url, Some(&wish)).await.map(|_| ())
}

/// Drive may grant less than it was asked for; it says so in milliseconds since 1970, as text.
fn granted(made: &Map<String, Value>) -> Option<DateTime<Utc>> {
    let millis = made.get("expiration")?.as_str()?.parse().ok()?;
    DateTime::from_timestamp_millis(millis)
}

async fn ask(
    account: &GoogleAccount,
    id: &SpreadsheetId,
    method: Method,
    url: &Url,
    wish: Option<&Value>,
) -> Result<Map<String, Value>, Failure> {
    let one = |token| attempt(account, id, method.clone(), url.clone(), wish.map(Value::to_string), token);
    account.with_token(Permission::Changes, one).await
}

async fn attempt(
    account: &GoogleAccount,
    id: &SpreadsheetId,
    method: Method,
    url: Url,
    wish: Option<String>,
    token: Token,
) -> Result<Map<String, Value>, Failure> {
    let mut request = account.http().request(method, url).bearer_auth(token.expose());
    if let Some(wish) = wish {
        request = request.header(CONTENT_TYPE, "application/json").body(wish);
    }
    let answer = account.http().send(request, SMALL_JSON_BYTES).await?;
    if !answer.status.is_success() {
        let refusal = Refusal {
            status: answer.status.as_u16(),
            retry_after: answer.retry_after,
            body: serde_json::from_slice(&answer.body).ok(),
        };
        return Err(refusal.failure(Api::Drive, id));
    }
    if answer.body.is_empty() {
        return Ok(Map::new());
    }
    Ok(answer.object()?)
}

fn strange(what: &str) -> SourceError {
    SourceError::Malformed(format!("the Google Drive API left out {what}"))
}

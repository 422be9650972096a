//! A rota in a Google spreadsheet, read with the key of a service account that it is shared with.
//! It knows how to ask Google and what a serial number is; it must not know what stands in the cells.
//!
//! - `account`, `key`, `tokens`: who we are; `read`, `bounded`: the one request for everything; `drive`: whether it is
//!   needed, and a knock when it is; `cells`, `value`: what came; `refusal`: what did not, and why.
//!
//! The SDKs of Google are seen in `tokens`, `read`, `cells` and `value` only. yup-oauth2 logs tokens at `debug`:
//! whoever sets up a log silences the target `yup_oauth2`.

mod account;
mod bounded;
mod cells;
mod drive;
mod id;
mod key;
mod read;
mod refusal;
mod tokens;
mod value;

#[cfg(test)]
mod tests;

use crate::{Bell, Check, CheckOutcome, Fetched, Revision, SheetSource, SourceError, Watch};
use chrono::{DateTime, TimeDelta, Utc};
use refusal::Failure;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokens::Permission;

pub use account::{GoogleAccess, GoogleAccount};
pub use id::SpreadsheetId;

/// So often in a row a sheet is taken as unchanged because its file is; then its cells are read, as `TODAY()`
/// changes without an edit.
const TRUST: u8 = 9;
/// So long Drive is not asked again after it has refused.
const REFUSED: TimeDelta = TimeDelta::minutes(30);
/// So long Drive is not asked again after it has failed.
const FAILED: TimeDelta = TimeDelta::minutes(2);

/// One spreadsheet. Clones share what they have seen.
#[derive(Clone, Debug)]
pub struct GoogleSheet {
    account: GoogleAccount,
    id: SpreadsheetId,
    seen: Arc<Mutex<Seen>>,
}

/// What was there when the spreadsheet was last looked at.
#[derive(Debug, Default)]
struct Seen {
    title: Option<String>,
    revision: Option<Revision>,
    /// That of the file, told before the cells were read: what changed in between shows up as another version.
    version: Option<String>,
    /// How often the version may still be trusted.
    trust: u8,
    /// Until then Drive is not asked.
    no_probe_before: Option<DateTime<Utc>>,
}

impl GoogleSheet {
    /// Names the spreadsheet; nothing is asked yet.
    #[must_use]
    pub fn new(account: GoogleAccount, id: SpreadsheetId) -> Self {
        let seen = Arc::default();
        Self { account, id, seen }
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The file's version, where Drive tells it. Whatever keeps Drive from it does not keep us from reading the sheet.
    async fn probe(&self) -> Option<String> {
        let now = self.account.now();
        if self.seen().no_probe_before.is_some_and(|until| now < until) {
            return None;
        }
        let pause = match drive::look(&self.account, &self.id).await {
            Ok(file) => return Some(file.version),
            Err(failure) => pause(&failure),
        };
        self.seen().no_probe_before = now.checked_add_signed(pause);
        None
    }

    async fn read(&self, since: Option<&Revision>, version: Option<String>) -> Result<Fetched, Failure> {
        let sheet = read::sheet(&self.account, &self.id).await?;
        let mut seen = self.seen();
        seen.title = Some(sheet.title.clone());
        seen.revision = Some(sheet.revision.clone());
        seen.version = version;
        seen.trust = TRUST;
        if since == Some(&sheet.revision) {
            return Ok(Fetched::Unchanged);
        }
        Ok(Fetched::Sheet(Box::new(sheet)))
    }

    fn fault(&self, failure: Failure) -> SourceError {
        failure.into_fault(self.account.address())
    }

    fn check<T>(&self, what: &str, looked: Result<T, Failure>, seen: impl FnOnce(T) -> String) -> Check {
        let outcome = match looked {
            Ok(found) => CheckOutcome::Fine { seen: seen(found) },
            Err(failure) => CheckOutcome::Missing {
                remedy: failure.remedy(self.account.address()),
                seen: self.fault(failure).to_string(),
            },
        };
        let what = what.to_owned();
        Check { what, outcome }
    }

    /// To Drive a file that is not shared is none: nothing that helps whoever has just been told to share it.
    async fn check_drive(&self, is_readable: bool) -> Option<Check> {
        let outcome = match drive::look(&self.account, &self.id).await {
            Ok(file) if file.is_in_bin => CheckOutcome::Advice {
                seen: "the spreadsheet is in the bin; Google deletes it 30 days after it was put there".into(),
                remedy: "Take it out of the bin in Google Drive, or name another spreadsheet.".into(),
            },
            Ok(_) => CheckOutcome::Fine {
                seen: "tells whether the spreadsheet has changed".into(),
            },
            Err(Failure::NotShared | Failure::Other(SourceError::NotFound(_))) if !is_readable => return None,
            Err(failure) => CheckOutcome::Advice {
                remedy: failure.remedy(self.account.address()),
                seen: format!(
                    "{}; changes are then found by reading the sheet each time, and Google does not knock",
                    self.fault(failure)
                ),
            },
        };
        let what = "the Google Drive API".into();
        Some(Check { what, outcome })
    }
}

/// A refusal will be the same in a minute; a failure need not be.
fn pause(failure: &Failure) -> TimeDelta {
    match failure {
        Failure::TokenRefused | Failure::ApiOff { .. } | Failure::NotShared => REFUSED,
        Failure::Other(SourceError::Auth(_) | SourceError::Forbidden(_) | SourceError::NotFound(_) | SourceError::Malformed(_)) => REFUSED,
        Failure::Other(SourceError::Throttled { retry_after }) => {
            TimeDelta::from_std(*retry_after).map_or(FAILED, |asked| asked.max(FAILED))
        }
        Failure::Other(SourceError::Transient(_)) => FAILED,
    }
}

#[async_trait::async_trait]
impl SheetSource for GoogleSheet {
    fn describe(&self) -> String {
        match &self.seen().title {
            Some(title) => format!("the Google spreadsheet \"{title}\""),
            None => format!("the Google spreadsheet {}", self.id),
        }
    }

    async fn fetch(&self, since: Option<&Revision>) -> Result<Fetched, SourceError> {
        let Some(since) = since else {
            return self.read(None, None).await.map_err(|failure| self.fault(failure));
        };
        let (known, trust) = {
            let seen = self.seen();
            let is_known = seen.revision.as_ref() == Some(since);
            (seen.version.clone().filter(|_| is_known), seen.trust)
        };
        let version = match (&known, trust) {
            (Some(_), 0) => known.clone(),
            (Some(_) | None, _) => self.probe().await,
        };
        if trust > 0 && known.is_some() && version == known {
            let mut seen = self.seen();
            seen.trust = seen.trust.saturating_sub(1);
            return Ok(Fetched::Unchanged);
        }
        self.read(Some(since), version).await.map_err(|failure| self.fault(failure))
    }

    async fn examine(&self, _now: DateTime<Utc>) -> Vec<Check> {
        let address = self.account.address();
        let key = self.check("the key of the service account", Ok(()), |()| format!("readable, of {address}"));
        let token = self.account.sign_in(Permission::Cells).await.map_err(Failure::from);
        let is_known = token.is_ok();
        let mut checks = vec![
            key,
            self.check("signing in to Google", token, |()| format!("Google knows {address}")),
        ];
        if !is_known {
            return checks;
        }
        let sheet = read::sheet(&self.account, &self.id).await;
        let is_readable = sheet.is_ok();
        checks.push(self.check(&format!("the spreadsheet {}", self.id), sheet, |sheet| sheet.seen()));
        checks.extend(self.check_drive(is_readable).await);
        checks
    }

    async fn watch(&self, bell: &Bell, before: Option<&Watch>) -> Result<Option<Watch>, SourceError> {
        let watch = drive::watch(&self.account, &self.id, bell)
            .await
            .map_err(|failure| self.fault(failure))?;
        // Only now, so that no change falls in between; a change told twice costs one more look.
        if let Some(before) = before {
            self.unwatch(before).await;
        }
        Ok(Some(watch))
    }

    async fn unwatch(&self, watch: &Watch) {
        // What cannot be stopped runs out within a day.
        if drive::stop(&self.account, &self.id, watch).await.is_err() {
            tracing::debug!(spreadsheet = %self.id, "an old watch of Google Drive was not stopped");
        }
    }
}

//! What Google's refusals mean: from status and error body to what is wrong and what to do about it.
//! Nothing of the body is quoted but short names of reasons.

use super::id::SpreadsheetId;
use crate::SourceError;
use serde_json::Value;
use std::time::Duration;

/// How long to wait where Google says "asked too often" and not for how long: its quotas are refilled every minute.
const QUOTA_MINUTE: Duration = Duration::from_secs(60);
/// Reasons that come with a 403 and mean that too much was asked.
const TOO_OFTEN: [&str; 5] = [
    "rateLimitExceeded",
    "userRateLimitExceeded",
    "RATE_LIMIT_EXCEEDED",
    "quotaExceeded",
    "dailyLimitExceeded",
];

/// Which of Google's interfaces was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Api {
    Sheets,
    Drive,
}

/// Why one request brought nothing.
#[derive(Debug, PartialEq)]
pub(super) enum Failure {
    /// The token is not, or no longer, good.
    TokenRefused,
    /// The interface is not switched on for the project that the key belongs to.
    ApiOff { api: Api, project: Option<String> },
    /// The spreadsheet is there, and not shared with us.
    NotShared,
    /// Everything else.
    Other(SourceError),
}

/// What an answer other than 2xx brought.
#[derive(Debug, Default)]
pub(super) struct Refusal {
    pub(super) status: u16,
    pub(super) retry_after: Option<Duration>,
    /// The body, if it was JSON.
    pub(super) body: Option<Value>,
}

impl Api {
    const fn name(self) -> &'static str {
        match self {
            Self::Sheets => "Google Sheets API",
            Self::Drive => "Google Drive API",
        }
    }

    /// As it is called in addresses.
    const fn service(self) -> &'static str {
        match self {
            Self::Sheets => "sheets.googleapis.com",
            Self::Drive => "drive.googleapis.com",
        }
    }
}

impl From<SourceError> for Failure {
    fn from(fault: SourceError) -> Self {
        Self::Other(fault)
    }
}

impl Refusal {
    /// What it means to have asked `api` for `id` and been refused so.
    pub(super) fn failure(&self, api: Api, id: &SpreadsheetId) -> Failure {
        let reasons = self.reasons();
        let is = |reason: &str| reasons.contains(&reason);
        let fault = match self.status {
            // Of `files.watch`, whatever the status: it is the bell's address that is not liked.
            400..500 if reasons.iter().any(|reason| reason.starts_with("push.")) => {
                SourceError::Forbidden(format!("Google does not accept the address that it is to knock at{}", self.because()))
            }
            401 => return Failure::TokenRefused,
            403 if is("SERVICE_DISABLED") || is("accessNotConfigured") => {
                let project = self.project();
                return Failure::ApiOff { api, project };
            }
            403 | 429 if self.status == 429 || TOO_OFTEN.iter().any(|reason| is(reason)) => SourceError::Throttled {
                retry_after: self.retry_after.unwrap_or(QUOTA_MINUTE),
            },
            403 if is("ACCESS_TOKEN_SCOPE_INSUFFICIENT") || is("insufficientPermissions") => {
                SourceError::Forbidden(format!("the key may not be used for the {}", api.name()))
            }
            403 if api == Api::Sheets && reasons.is_empty() => return Failure::NotShared,
            403 => SourceError::Forbidden(format!("the {} refuses{}", api.name(), self.because())),
            404 | 410 => SourceError::NotFound(format!(
                "Google knows no spreadsheet {id}; was it deleted, or is its id mistyped?"
            )),
            // Told of .xlsx files in Drive, which open like spreadsheets.
            400 if self.says("FAILED_PRECONDITION") => SourceError::Malformed(
                "it is an Excel or other Office file kept in Google Drive; open it and choose File > Save as Google Sheets, then use the new address"
                    .into(),
            ),
            300..400 => SourceError::Transient(format!(
                "{} answered {} and names another address, which is not followed; a proxy or a sign-in page may stand in between",
                api.service(),
                self.status
            )),
            408 | 500.. => SourceError::Transient(format!("the {} answered {}{}", api.name(), self.status, self.because())),
            _ => SourceError::Malformed(format!("the {} answered {}{}", api.name(), self.status, self.because())),
        };
        Failure::Other(fault)
    }

    fn error(&self) -> Option<&Value> {
        self.body.as_ref()?.get("error")
    }

    fn says(&self, status: &str) -> bool {
        self.error().and_then(|error| error.get("status")).and_then(Value::as_str) == Some(status)
    }

    /// Of `error.details` as Sheets has them, and of `error.errors` as Drive does.
    fn reasons(&self) -> Vec<&str> {
        let lists = ["details", "errors"].iter().filter_map(|name| self.error()?.get(name)?.as_array());
        let reasons = lists.flatten().filter_map(|entry| entry.get("reason")?.as_str());
        reasons.filter(|reason| *reason != "forbidden").collect()
    }

    /// `projects/123` in the details of a switched-off service.
    fn project(&self) -> Option<String> {
        let details = self.error()?.get("details")?.as_array()?;
        let consumer = details
            .iter()
            .find_map(|detail| detail.get("metadata")?.get("consumer")?.as_str())?;
        let project = consumer.strip_prefix("projects/")?;
        is_word(project).then(|| project.to_owned())
    }

    /// ` (PERMISSION_DENIED)`, or nothing.
    fn because(&self) -> String {
        let status = self.error().and_then(|error| error.get("status")).and_then(Value::as_str);
        let words = self.reasons().into_iter().chain(status).find(|word| is_word(word));
        words.map_or_else(String::new, |word| format!(" ({word})"))
    }
}

/// Short and plain enough to be quoted.
fn is_word(text: &str) -> bool {
    let plain = |character: char| character.is_ascii_alphanumeric() || "-_.:".contains(character);
    !text.is_empty() && text.len() <= 60 && text.chars().all(plain)
}

impl Failure {
    /// For the admin; `address` is that of our account.
    pub(super) fn into_fault(self, address: &str) -> SourceError {
        match self {
            Self::TokenRefused => SourceError::Auth(format!("Google does not take the token that it has just given to {address}")),
            Self::ApiOff { api, project } => {
                let project = project.map_or_else(|| format!("the project of {address}"), |project| format!("project {project}"));
                SourceError::Forbidden(format!("the {} is switched off for {project}; enable it there", api.name()))
            }
            Self::NotShared => SourceError::Forbidden(format!("the spreadsheet is not shared with {address}")),
            Self::Other(fault) => fault,
        }
    }

    /// What to do about it, in more words than the fault itself has.
    pub(super) fn remedy(&self, address: &str) -> String {
        match self {
            Self::TokenRefused => "Set this machine's clock right; if that is not it, make a new key for the service account.".into(),
            Self::ApiOff { api, project } => {
                let project = project.as_deref().map_or_else(String::new, |project| format!("?project={project}"));
                format!(
                    "Open https://console.cloud.google.com/apis/library/{}{project}, press Enable and wait for some minutes.",
                    api.service()
                )
            }
            Self::NotShared => {
                format!("Open the spreadsheet, press Share, add {address} as a Viewer, and untick \"Notify people\".")
            }
            Self::Other(fault) => fault.remedy().to_owned(),
        }
    }
}

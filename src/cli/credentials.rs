//! The answer of `check-credentials`: whether each rota can be fetched with the accounts of the configuration, what is
//! missing, and what to do. It reads every source once; it rings nobody and keeps nothing.

use super::reading::hotline;
use super::{Status, Unreadable};
use crate::config::{Config, Environment, Fault, Hotline, Microsoft, MicrosoftCredential, Source};
use crate::roster::{self, Code, Diagnostic, OnCall, Roster, Severity};
use crate::sources::{Sources, Unusable};
use chrono::{DateTime, NaiveDate, Utc};
use providers::{Check, CheckOutcome, Fetched, Sheet, SheetSource, SourceError};
use serde::Serialize;
use std::fmt::Write;
use std::path::Path;
use std::sync::Arc;

/// So many days before its end a client secret is spoken of.
const ENDS_SOON: i64 = 28;
/// These mean that the tabs are not those of a rota.
const WRONG_TABS: [Code; 4] = [Code::RotaMissing, Code::RotaAmbiguous, Code::LayoutUnknown, Code::ContactsMissing];
/// And these that there is nothing in them, or no more. Either way nobody can be rung by what was read.
const NOTHING_LEFT: [Code; 2] = [Code::RotaEmpty, Code::RotaEnded];

/// What reading the rotas takes, piece by piece. Serializes to the JSON of `--json`; [`CredentialsReport::text`] is the
/// answer for people.
#[derive(Clone, Debug, Serialize)]
pub struct CredentialsReport {
    /// First what belongs to no source, then each source, then each hotline.
    parts: Vec<Part>,
}

/// One thing that was looked at, with everything that was found.
#[derive(Clone, Debug, Serialize)]
struct Part {
    /// "the Google spreadsheet 1AbC…".
    name: String,
    /// Whose rota or fallback it is.
    hotlines: Vec<String>,
    checks: Vec<Check>,
}

/// A place to be looked at, once for all hotlines that are read from it.
struct Looked<'c> {
    place: &'c Source,
    users: Vec<String>,
}

/// Answers `check-credentials`.
///
/// # Errors
/// [`Unreadable`] where the configuration has faults or no such hotline (status 2).
pub async fn credentials(
    wanted: Option<&str>,
    path: &Path,
    env: &Environment,
    now: DateTime<Utc>,
) -> Result<CredentialsReport, Unreadable> {
    let config = Config::load_for_reading(path, env)?;
    let hotlines: Vec<&Hotline> = match wanted {
        Some(_) => vec![hotline(&config, wanted, path)?],
        None => config.hotlines.iter().collect(),
    };
    let mut sources = Sources::new(&config);
    let mut parts: Vec<Part> = about_the_configuration(&config, path, now).into_iter().collect();
    for looked in places(&hotlines) {
        let (name, checks) = match sources.of(std::slice::from_ref(looked.place)) {
            Ok(source) => {
                let checks = source.examine(now).await;
                (source.describe(), checks)
            }
            Err(unusable) => (named(looked.place), vec![missing(unusable)]),
        };
        parts.push(Part {
            name,
            hotlines: looked.users,
            checks,
        });
    }
    for hotline in hotlines {
        let check = rota_of(hotline, &mut sources, now).await;
        parts.push(Part {
            name: format!("hotline {}", hotline.name),
            hotlines: vec![hotline.name.to_string()],
            checks: vec![check],
        });
    }
    Ok(CredentialsReport { parts })
}

impl CredentialsReport {
    /// Findings: a rota cannot be fetched, or nobody can be rung by it.
    #[must_use]
    pub fn status(&self) -> Status {
        let mut outcomes = self.parts.iter().flat_map(|part| &part.checks).map(|check| &check.outcome);
        if outcomes.any(|outcome| matches!(outcome, CheckOutcome::Missing { .. })) {
            Status::Findings
        } else {
            Status::Fine
        }
    }

    /// The answer for people, with a line end.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        for Part { name, hotlines, checks } in &self.parts {
            let whose = match hotlines.as_slice() {
                [] => String::new(),
                _ if name.starts_with("hotline ") => String::new(),
                names => format!(" ({})", names.join(", ")),
            };
            let _ = writeln!(text, "{}{whose}", capital(name));
            for check in checks {
                write_check(&mut text, check);
            }
            text.push('\n');
        }
        text.push_str(match self.status() {
            Status::Fine => "Every rota can be read.\n",
            Status::Findings | Status::Unusable => "Something is missing: each line with ✗ says what to do.\n",
        });
        text
    }
}

fn write_check(text: &mut String, Check { what, outcome }: &Check) {
    let (mark, seen, remedy) = match outcome {
        CheckOutcome::Fine { seen } => ("✓", seen, None),
        CheckOutcome::Advice { seen, remedy } => ("!", seen, Some(remedy)),
        CheckOutcome::Missing { seen, remedy } => ("✗", seen, Some(remedy)),
    };
    let _ = writeln!(text, "  {mark} {what}: {seen}");
    if let Some(remedy) = remedy {
        let _ = writeln!(text, "      {remedy}{}", if remedy.ends_with(['.', '"']) { "" } else { "." });
    }
}

/// Each place once, in the order of the file.
fn places<'c>(hotlines: &[&'c Hotline]) -> Vec<Looked<'c>> {
    let mut places: Vec<Looked<'c>> = Vec::new();
    for hotline in hotlines {
        let rota = hotline.rota.iter().map(|place| (place, hotline.name.to_string()));
        let fallback = hotline
            .fallback
            .iter()
            .map(|place| (place, format!("fallback of {}", hotline.name)));
        for (place, user) in rota.chain(fallback) {
            match places.iter_mut().find(|looked| looked.place == place) {
                Some(looked) => looked.users.push(user),
                None => places.push(Looked { place, users: vec![user] }),
            }
        }
    }
    places
}

/// As a source itself would be called, for those that could not be made.
fn named(place: &Source) -> String {
    match place {
        Source::File(path) => path.display().to_string(),
        Source::GoogleSheet(id) => format!("the Google spreadsheet {id}"),
        Source::SharePointLists { site, .. } => format!("lists of {site}"),
        Source::ExcelOnline { path, .. } => format!("the workbook {path}"),
    }
}

fn missing(Unusable { what, seen, remedy }: Unusable) -> Check {
    Check {
        what,
        outcome: CheckOutcome::Missing { seen, remedy },
    }
}

/// Files that everybody may read, and when the client secret ends.
fn about_the_configuration(config: &Config, path: &Path, now: DateTime<Utc>) -> Option<Part> {
    let mut checks: Vec<Check> = config.warnings.iter().map(warning).collect();
    checks.extend(config.microsoft.as_ref().and_then(|account| end_of_secret(account, now)));
    (!checks.is_empty()).then(|| Part {
        name: format!("the configuration {}", path.display()),
        hotlines: Vec::new(),
        checks,
    })
}

fn warning(Fault { key, seen, remedy, .. }: &Fault) -> Check {
    Check {
        what: key.clone(),
        outcome: CheckOutcome::Advice {
            seen: seen.clone(),
            remedy: remedy.clone(),
        },
    }
}

/// Only the operator knows the day; whether the secret is still taken, signing in shows.
fn end_of_secret(account: &Microsoft, now: DateTime<Utc>) -> Option<Check> {
    const REMEDY: &str = "Add a new client secret in entra.microsoft.com (Certificates & secrets), put its Value in the old one's place, and correct microsoft.client_secret_expires";
    if !matches!(account.credential, Ok(MicrosoftCredential::Secret(_))) {
        return None;
    }
    let what = "the client secret".to_owned();
    let Some(end) = account.client_secret_expires else {
        let seen = "when it ends is not noted".to_owned();
        let remedy = "Note the day as microsoft.client_secret_expires, to be told in time".to_owned();
        return Some(Check {
            what,
            outcome: CheckOutcome::Advice { seen, remedy },
        });
    };
    let day = day(end);
    let remedy = REMEDY.to_owned();
    let outcome = match (end - now.date_naive()).num_days() {
        ..0 => CheckOutcome::Advice {
            seen: format!("it ended on {day}, as you noted"),
            remedy,
        },
        0..=ENDS_SOON => CheckOutcome::Advice {
            seen: format!("it ends on {day}"),
            remedy,
        },
        _ => CheckOutcome::Fine {
            seen: format!("it is good until {day}"),
        },
    };
    Some(Check { what, outcome })
}

fn day(date: NaiveDate) -> String {
    date.format("%-d %b %Y").to_string()
}

/// Whether a call would ring somebody by what is in the rota now.
async fn rota_of(hotline: &Hotline, sources: &mut Sources, now: DateTime<Utc>) -> Check {
    let what = "the rota".to_owned();
    let outcome = match sources.of(&hotline.rota) {
        Ok(source) => judged(hotline, fetched(source).await, now),
        Err(_) => unread(),
    };
    Check { what, outcome }
}

async fn fetched(source: Arc<dyn SheetSource>) -> Result<Sheet, SourceError> {
    match source.fetch(None).await? {
        Fetched::Sheet(sheet) => Ok(*sheet),
        Fetched::Unchanged => Err(SourceError::Transient("it answered that nothing has changed".to_owned())),
    }
}

fn unread() -> CheckOutcome {
    CheckOutcome::Missing {
        seen: "could not be read".to_owned(),
        remedy: "See above.".to_owned(),
    }
}

fn judged(hotline: &Hotline, sheet: Result<Sheet, SourceError>, now: DateTime<Utc>) -> CheckOutcome {
    let Ok(sheet) = sheet else {
        return unread();
    };
    let (roster, diagnostics) = roster::read(&sheet, &hotline.settings(), now);
    let tabs: Vec<String> = sheet.tabs.iter().map(|tab| format!("\"{}\"", tab.name)).collect();
    let seen = format!("tabs {}; a call now would ring {}", tabs.join(", "), rung(&roster, now));
    if matches!(roster.on_call(now), OnCall::Duty(duty) if !duty.levels.is_empty()) {
        return CheckOutcome::Fine { seen };
    }
    let told = |codes: &[Code]| {
        let is_told = |finding: &&Diagnostic| codes.contains(&finding.code) && finding.severity == Severity::Stop;
        diagnostics.iter().find(is_told)
    };
    match (told(&WRONG_TABS), told(&NOTHING_LEFT)) {
        (Some(finding), _) => nobody(finding, &expected(&tabs)),
        (None, Some(finding)) => nobody(finding, ""),
        (None, None) => CheckOutcome::Advice {
            seen,
            remedy: format!("`rotaline check --hotline {}` says why", hotline.name),
        },
    }
}

fn nobody(finding: &Diagnostic, more: &str) -> CheckOutcome {
    CheckOutcome::Missing {
        seen: format!("a call would ring nobody. {}{more}", finding.seen),
        remedy: finding.remedy.clone(),
    }
}

fn expected(tabs: &[String]) -> String {
    let there = if tabs.is_empty() { "none".to_owned() } else { tabs.join(", ") };
    format!(" Expected are tabs named Rota and Contacts (Changes and Settings may be there too); there are: {there}")
}

/// In the order of ringing.
fn rung(roster: &Roster, now: DateTime<Utc>) -> String {
    match roster.on_call(now) {
        OnCall::Duty(duty) if duty.levels.is_empty() => "nobody, on purpose".to_owned(),
        OnCall::Duty(duty) => {
            let level = |level: &roster::Level| {
                let names: Vec<&str> = level.responders.iter().map(|who| who.name.as_str()).collect();
                names.join(" and ")
            };
            duty.levels.iter().map(level).collect::<Vec<_>>().join(", then ")
        }
        OnCall::Gap { .. } => "nobody: the rota has a gap".to_owned(),
    }
}

/// With a capital at the beginning where that is a word of ours, and no name of a file.
fn capital(words: &str) -> String {
    let is_ours = ["the ", "lists ", "hotline "].iter().any(|word| words.starts_with(word));
    let mut characters = words.chars();
    let first = characters.next().filter(|_| is_ours).map(|first| first.to_uppercase().to_string());
    first.map_or_else(|| words.to_owned(), |first| first + characters.as_str())
}

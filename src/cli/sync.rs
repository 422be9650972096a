//! The answer of `sync`: what would become of the newest version of a rota, what it changes, and that it is accepted.
//! It reads the source once. The judgement and the copy in use come from outside; it keeps nothing.

use super::reading::{fetch, hotline};
use super::words::{count, day_and_time, length};
use super::{Look, Status, Sync, Unreadable};
use crate::call::HotlineName;
use crate::config::{Config, Database, Environment};
use crate::roster::wall_clock::Zone;
use crate::roster::{Diagnostic, Settings};
use crate::sources::Sources;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use providers::Sheet;
use serde::Serialize;
use std::fmt::Write;
use std::path::Path;

/// The newest version of a hotline's rota, as its source has it, and what it takes to judge it.
#[derive(Clone, Debug)]
pub struct Newest {
    /// Whose rota it is.
    pub hotline: HotlineName,
    /// What the source has.
    pub sheet: Sheet,
    /// The settings given beside it.
    pub given: Settings,
    /// The database that knows the copy in use.
    pub store: Database,
}

/// What would become of a version. Serializes to the JSON of `--json`; [`SyncReport::text`] is the answer for people.
#[derive(Clone, Debug, Serialize)]
pub struct SyncReport {
    /// Whose rota it is.
    pub hotline: String,
    /// What the admin calls the sheet.
    pub rota: String,
    /// Names the version.
    pub revision: String,
    /// The copy in use; none before the first.
    pub in_use: Option<InUse>,
    /// What would become of the version.
    pub outcome: SyncOutcome,
    /// Why it is held back as a whole.
    pub why: Option<String>,
    /// What is held back in part, span by span.
    pub held: Vec<Diagnostic>,
    /// What it changes, in sentences.
    pub differences: Vec<String>,
    /// What it would change and is not let, in sentences.
    pub held_back: Vec<String>,
    /// Whether its acceptance has just been noted.
    pub accepted_now: bool,
    /// When the source was read.
    pub at: DateTime<Utc>,
}

/// The copy of a rota that calls go by.
#[derive(Clone, Debug, Serialize)]
pub struct InUse {
    /// Names the version.
    pub revision: String,
    /// When it was read.
    pub read_at: DateTime<Utc>,
    /// When its source last said that it is the newest.
    pub checked_at: DateTime<Utc>,
    /// The zone in which it is written.
    pub time_zone: Tz,
}

/// What would become of a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SyncOutcome {
    /// It is taken.
    Taken,
    /// It is taken but for some time.
    TakenInPart,
    /// It is taken because the operator has accepted it.
    Accepted,
    /// It is not taken.
    HeldBack,
}

/// Fetches the newest version of the rota that is asked about.
///
/// # Errors
/// [`Unreadable`] where there is none (status 2).
pub async fn newest(question: &Sync, path: &Path, env: &Environment) -> Result<Newest, Unreadable> {
    let config = Config::load_for_reading(path, env)?;
    let hotline = hotline(&config, question.hotline.as_deref(), path)?;
    let source = Sources::new(&config).of(&hotline.rota)?;
    Ok(Newest {
        hotline: hotline.name.clone(),
        sheet: fetch(source.as_ref()).await?,
        given: hotline.settings(),
        store: config.store.database.clone(),
    })
}

impl SyncReport {
    /// Whether the version would be used as it is, or is from now on.
    #[must_use]
    pub const fn status(&self) -> Status {
        match self.outcome {
            SyncOutcome::Taken | SyncOutcome::Accepted => Status::Fine,
            SyncOutcome::TakenInPart | SyncOutcome::HeldBack if self.accepted_now => Status::Fine,
            SyncOutcome::TakenInPart | SyncOutcome::HeldBack => Status::Findings,
        }
    }

    /// The answer for people, with a line end.
    #[must_use]
    pub fn text(&self, look: Look) -> String {
        let mut text = format!("Hotline {}: {}, revision {}\n", self.hotline, self.rota, self.revision);
        let _ = writeln!(text, "{}\n", self.beside());
        let _ = writeln!(text, "{}", self.verdict());
        if !self.accepted_now {
            if let Some(why) = &self.why {
                let _ = writeln!(text, "{why}");
            }
            for finding in &self.held {
                let _ = writeln!(text, "{}", finding.told(|cell, words| look.cell(cell, &words)));
            }
        }
        list(&mut text, "What changes", &self.differences);
        let held_back = if self.accepted_now {
            "What is let through"
        } else {
            "What is held back"
        };
        list(&mut text, held_back, &self.held_back);
        if self.in_use.is_some() && self.differences.is_empty() && self.held_back.is_empty() {
            text.push_str("Nothing that matters to calls is different from the copy in use.\n");
        }
        text
    }

    fn beside(&self) -> String {
        let Some(in_use) = &self.in_use else {
            return "There is no copy in use to compare it with.".to_owned();
        };
        let same = if in_use.revision == self.revision {
            " It is this version."
        } else {
            ""
        };
        format!(
            "The copy in use was read on {} ({}), {} ago, and checked {} ago.{same}",
            day_and_time(&Zone::new(in_use.time_zone), in_use.read_at),
            in_use.time_zone,
            length(self.at - in_use.read_at),
            length(self.at - in_use.checked_at),
        )
    }

    fn verdict(&self) -> String {
        let next = "the running service takes it at its next look at the source, or the next start does";
        match (self.outcome, self.accepted_now) {
            (SyncOutcome::TakenInPart | SyncOutcome::HeldBack, true) => format!("ACCEPTED: this version is used as it is; {next}."),
            (SyncOutcome::Taken, _) => "This version is taken as it is. There is nothing to accept.".to_owned(),
            (SyncOutcome::Accepted, _) => format!("This version has been accepted; {next}."),
            (SyncOutcome::TakenInPart, false) => format!(
                "HELD BACK IN PART: this version is taken but for {}. `rotaline sync --hotline {} --accept` lets it through.",
                count(self.held.len(), "stretch of time").replace("stretch of times", "stretches of time"),
                self.hotline
            ),
            (SyncOutcome::HeldBack, false) => format!(
                "HELD BACK: this version is not taken. `rotaline sync --hotline {} --accept` lets it through.",
                self.hotline
            ),
        }
    }
}

fn list(text: &mut String, head: &str, sentences: &[String]) {
    if sentences.is_empty() {
        return;
    }
    let _ = writeln!(text, "\n{head}:");
    for sentence in sentences {
        let _ = writeln!(text, "  {sentence}.");
    }
}

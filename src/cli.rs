//! What people type, and what `who` and `check` answer. The commands that start something are only named here;
//! this room reads rotas and writes words, and must not ring anybody.

mod access;
mod annotations;
mod calls;
mod check;
mod credentials;
mod diff;
mod explain;
mod export;
mod feeds;
mod forget;
mod instant;
mod nudge_script;
mod preview;
mod reading;
mod sync;
mod template;
mod terminal;
mod who;
mod words;

use crate::config::Environment;
use crate::roster::Code;
use crate::roster::preview::{DAYS, DAYS_AT_MOST};
use chrono::{DateTime, Utc};
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

pub use access::{AskedRights, Audit, NamedReport, TokenOrder, Tokens, UserOrder, Users};
pub use calls::{Calls, call_text};
pub use check::CheckReport;
pub use credentials::{CredentialsReport, credentials};
pub use diff::{DiffReport, Kept, Version};
pub use explain::explain;
pub use export::{Export, ExportFormat, Exported, export};
pub use feeds::{Feeds, FeedsReport, HotlineFeeds, PersonFeed};
pub use forget::{Forget, ForgetReport};
pub use nudge_script::nudge_script;
pub use preview::PreviewReport;
pub use reading::{Unreadable, hotline};
pub use sync::{InUse, Newest, SyncOutcome, SyncReport, newest};
pub use template::{Shape, Template, template};
pub use terminal::Look;
pub use who::WhoReport;

use reading::Reading;

/// An on-call hotline that reads the rota you already keep in a spreadsheet.
#[derive(Clone, Debug, Parser)]
#[command(version, propagate_version = true)]
pub struct Cli {
    /// The configuration file.
    #[arg(long, global = true, value_name = "FILE", default_value = "rotaline.toml", env = "ROTALINE_CONFIG")]
    pub config: PathBuf,
    /// What is logged: a level, or levels by module as in "info,rotaline::twilio=debug".
    #[arg(long, global = true, value_name = "FILTER", default_value = "info", env = "ROTALINE_LOG")]
    pub log: String,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// Answer the hotlines of the configuration.
    Serve(Serve),
    /// Show everything without an account: a sample rota, a simulated telephone network and the page.
    Demo(Demo),
    /// Place simulated calls and tell what happens.
    Drill(Drill),
    /// Say who is on call, in which order, by which cells of the rota, and until when.
    ///
    /// Exit status: 0 somebody (or deliberately nobody) is on call, 1 the rota has a gap, 2 wrong usage or unreadable input.
    Who(Question),
    /// Say what is wrong with a rota, in which cell, what that does to calls, and what to do.
    ///
    /// Exit status: 0 fine, 1 findings that stop somebody from being reached, 2 wrong usage or unreadable input.
    Check(Check),
    /// Say what was read out of a rota: who is on call in the next days, sentence by sentence, and by which cells.
    ///
    /// Exit status: 0 somebody (or deliberately nobody) is on call all the time, 1 there is a gap, 2 wrong usage or
    /// unreadable input.
    Preview(Preview),
    /// Say who is rung otherwise by another version of a rota: of two files, or of the copy in use and the newest.
    ///
    /// Exit status: 0 the same people are rung, 1 others are, 2 wrong usage or unreadable input.
    Diff(Diff),
    /// Say what the newest version of a rota changes, whether it is used, and what of it is held back; or let it through.
    ///
    /// Exit status: 0 it is used as it is, 1 it is held back wholly or in part, 2 wrong usage or unreadable input.
    Sync(Sync),
    /// Say whether each rota can be fetched with the accounts of the configuration, what is missing, and what to do.
    ///
    /// Exit status: 0 fine, 1 a rota cannot be fetched or read, 2 wrong usage or a faulty configuration.
    CheckCredentials(Credentials),
    /// Write the script that is pasted into a Google spreadsheet so that an edit is seen at once.
    NudgeScript(NudgeScript),
    /// Write the duties of a rota for other programs: a table, JSON, or a calendar.
    Export(Export),
    /// Write the calls that are kept, each with its story: why somebody was passed over, how long each phone rang.
    Calls(Calls),
    /// Say who may sign in to the page, add people, and give them passwords and links.
    User(Users),
    /// Make and remove the tokens by which programs ask the interface.
    Token(Tokens),
    /// Write who has changed what, and who has looked at full numbers and recordings.
    Audit(Audit),
    /// Write a copy of the store into a file, while hotlines are served: calls, callbacks, and the last good rotas.
    Backup(Backup),
    /// Write a rota to copy, or the contacts that a rota lacks.
    Template(Template),
    /// Say where the calendars are that people subscribe to.
    Feeds(Feeds),
    /// Delete all that is kept of a caller's number, here and at the carrier.
    Forget(Forget),
}

/// Arguments of `backup`.
#[derive(Clone, Debug, Args)]
pub struct Backup {
    /// Where to write it; nothing is written over.
    #[arg(value_name = "FILE")]
    pub into: PathBuf,
}

/// Arguments of `sync`.
#[derive(Clone, Debug, Args)]
pub struct Sync {
    /// A hotline of the configuration. May be left out where there is only one.
    #[arg(long, value_name = "NAME")]
    pub hotline: Option<String>,
    /// Use exactly this version as it is, although part of it, or all of it, is held back.
    #[arg(long)]
    pub accept: bool,
    /// Write JSON.
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `serve`.
#[derive(Clone, Debug, Args)]
pub struct Serve {
    /// Write a configuration with every default and a comment for every key, and stop.
    #[arg(long)]
    pub print_config: bool,
}

/// Arguments of `demo`.
#[derive(Clone, Debug, Args)]
pub struct Demo {
    /// Where the page is answered.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
}

/// Arguments of `drill`.
#[derive(Clone, Debug, Args)]
pub struct Drill {
    /// The rota to ring by: a file or folder. May be repeated: all are read as one rota. The sample rota when left out.
    #[arg(long, value_name = "FILE")]
    pub rota: Vec<PathBuf>,
    /// One scenario by its name. All of them when left out.
    #[arg(long, value_name = "NAME")]
    pub scenario: Option<String>,
    /// Name the scenarios, and stop.
    #[arg(long)]
    pub list: bool,
    /// Write JSON.
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `diff`.
#[derive(Clone, Debug, Args)]
pub struct Diff {
    /// The version before: a workbook, a .csv file, or a folder of .csv files.
    #[arg(value_name = "OLD_FILE", requires = "new", conflicts_with = "hotline")]
    pub old: Option<PathBuf>,
    /// The version after.
    #[arg(value_name = "NEW_FILE")]
    pub new: Option<PathBuf>,
    /// A hotline of the configuration: the copy in use beside the newest version of its source.
    #[arg(long, value_name = "NAME")]
    pub hotline: Option<String>,
    /// A file that belongs to both versions, such as contacts.csv or settings.csv. May be repeated.
    #[arg(long, value_name = "FILE", requires = "old")]
    pub rota: Vec<PathBuf>,
    /// Compare from this time on: "2026-07-03 02:00" in the rota's zone, "2026-07-03T02:00:00+10:00", or now.
    #[arg(long, value_name = "TIME", default_value = "now")]
    pub at: String,
    /// How many days, by the calendar of the rota's zone.
    #[arg(long, value_name = "DAYS", default_value_t = DAYS, value_parser = clap::value_parser!(u32).range(1..=i64::from(DAYS_AT_MOST)))]
    pub days: u32,
    /// A TOML file of settings, for both versions.
    #[arg(long, value_name = "FILE")]
    pub settings: Option<PathBuf>,
    /// One setting in the words of the Settings tab, for both versions. May be repeated.
    #[arg(long, value_name = "SETTING=VALUE", value_parser = words::pair)]
    pub set: Vec<(String, String)>,
    /// Write JSON.
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `check`.
#[derive(Clone, Debug, Args)]
pub struct Check {
    /// Which rota.
    #[command(flatten)]
    pub question: Question,
    /// For whom it is written: people, programs, or the pages of a change at GitHub.
    #[arg(long, value_enum, default_value_t = Format::Text, conflicts_with = "json")]
    pub format: Format,
    /// Say what a finding with this code means and what to do about it, and stop. The code stands in brackets behind it.
    #[arg(long, value_name = "CODE", value_parser = explain::code)]
    pub explain: Option<Code>,
}

/// How the answer of `check` is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Text,
    /// For programs. `--json` is short for it.
    Json,
    /// As annotations of a workflow at GitHub.
    Github,
}

impl Check {
    /// How the answer is written: `--json` is short for `--format json`.
    #[must_use]
    pub const fn format(&self) -> Format {
        if self.question.json { Format::Json } else { self.format }
    }
}

/// Arguments of `preview`.
#[derive(Clone, Debug, Args)]
pub struct Preview {
    /// Which rota.
    #[command(flatten)]
    pub question: Question,
    /// How many days, by the calendar of the rota's zone.
    #[arg(long, value_name = "DAYS", default_value_t = DAYS, value_parser = clap::value_parser!(u32).range(1..=i64::from(DAYS_AT_MOST)))]
    pub days: u32,
}

/// Arguments of `who`, `check` and `preview`: which rota, by which settings, at which instant.
#[derive(Clone, Debug, Args)]
pub struct Question {
    /// Answer as if it were this time: "2026-07-03 02:00" in the rota's zone, "2026-07-03T02:00:00+10:00", or now.
    #[arg(long, value_name = "TIME", default_value = "now")]
    pub at: String,
    /// A hotline of the configuration. May be left out where there is only one.
    #[arg(long, value_name = "NAME", conflicts_with = "rota")]
    pub hotline: Option<String>,
    /// A workbook, a .csv or .ics file, or a folder of them, without any configuration. May be repeated: a workbook, a
    /// contacts.csv and a settings.csv are then read as one rota. Settings in a TOML file beside one of them (rota.toml or
    /// rota.csv.toml for rota.csv) are taken too.
    #[arg(long, value_name = "FILE")]
    pub rota: Vec<PathBuf>,
    /// A TOML file of settings: "Shift: Night" = "22:00-06:00", time_zone = "Australia/Melbourne", country = "AU".
    #[arg(long, value_name = "FILE")]
    pub settings: Option<PathBuf>,
    /// One setting in the words of the Settings tab, such as "Shift: Night=22:00-06:00". May be repeated; wins over all others.
    #[arg(long, value_name = "SETTING=VALUE", value_parser = words::pair)]
    pub set: Vec<(String, String)>,
    /// Write JSON.
    #[arg(long)]
    pub json: bool,
    /// Show telephone numbers in full. They are masked otherwise, so that an answer can be pasted anywhere.
    #[arg(long, visible_alias = "full-numbers")]
    pub numbers: bool,
}

/// Arguments of `check-credentials`.
#[derive(Clone, Debug, Args)]
pub struct Credentials {
    /// A hotline of the configuration. All of them when left out.
    #[arg(long, value_name = "NAME")]
    pub hotline: Option<String>,
    /// Write JSON.
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `nudge-script`.
#[derive(Clone, Debug, Args)]
pub struct NudgeScript {
    /// A hotline of the configuration. May be left out where there is only one.
    #[arg(long, value_name = "NAME")]
    pub hotline: Option<String>,
}

/// The exit status of a command that answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Nothing stands in the way of a call.
    Fine,
    /// Somebody is not reached.
    Findings,
    /// Wrong usage or unreadable input.
    Unusable,
}

impl Status {
    /// As the shell sees it.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Fine => 0,
            Self::Findings => 1,
            Self::Unusable => 2,
        }
    }
}

/// Reads the command line. Ends the process itself for `--help`, `--version` (status 0) and wrong usage (status 2).
#[must_use]
pub fn parse() -> Cli {
    Cli::parse()
}

/// Answers `who`. `config` is only read where the question names no rota of its own.
///
/// # Errors
/// [`Unreadable`] where there is no rota to answer from, or the question cannot be understood (status 2).
pub async fn who(question: &Question, config: &Path, env: &Environment, now: DateTime<Utc>) -> Result<WhoReport, Unreadable> {
    let reading = Reading::take(question, config, env, now).await?;
    Ok(WhoReport::new(&reading, question.numbers))
}

/// Answers `check`. `config` is only read where the question names no rota of its own.
///
/// # Errors
/// As [`who`].
pub async fn check(
    Check { question, .. }: &Check,
    config: &Path,
    env: &Environment,
    now: DateTime<Utc>,
) -> Result<CheckReport, Unreadable> {
    let reading = Reading::take(question, config, env, now).await?;
    Ok(CheckReport::new(reading))
}

/// Answers `preview`. `config` is only read where the question names no rota of its own.
///
/// # Errors
/// As [`who`].
pub async fn preview(asked: &Preview, config: &Path, env: &Environment, now: DateTime<Utc>) -> Result<PreviewReport, Unreadable> {
    let reading = Reading::take(&asked.question, config, env, now).await?;
    Ok(PreviewReport::new(&reading, asked.days, asked.question.numbers))
}

/// Answers `diff`; where it names no files, `kept` is asked for the copy in use of a hotline.
///
/// # Errors
/// As [`who`], and what `kept` says.
pub async fn diff<E: From<Unreadable>>(
    asked: &Diff,
    config: &Path,
    env: &Environment,
    now: DateTime<Utc>,
    kept: impl AsyncFnOnce(&str) -> Result<Kept, E>,
) -> Result<DiffReport, E> {
    let of = |version: Option<&PathBuf>| Question {
        at: asked.at.clone(),
        hotline: asked.hotline.clone(),
        rota: version.into_iter().chain(&asked.rota).cloned().collect(),
        settings: asked.settings.clone(),
        set: asked.set.clone(),
        json: asked.json,
        numbers: false,
    };
    let after = Reading::take(&of(asked.new.as_ref()), config, env, now).await?;
    let before = match &asked.old {
        Some(_) => Kept::from_reading(Reading::take(&of(asked.old.as_ref()), config, env, now).await?),
        None => kept(after.hotline.as_deref().unwrap_or_default()).await?,
    };
    Ok(DiffReport::new(&before, &after, asked.days))
}

/// Writes an answer. A reader that has gone away (`| head`) is no error.
///
/// # Errors
/// As the operating system says.
pub fn write(out: &mut impl Write, text: &str) -> io::Result<()> {
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        outcome => outcome,
    }
}

#[cfg(test)]
mod tests;

//! From a question to a rota that has been read: which source, by which settings, at which instant.

use super::Question;
use super::instant;
use crate::config::{self, Config, ConfigFaults, Environment, Hotline, Source};
use crate::roster::preview::Sentence;
use crate::roster::wall_clock::Zone;
use crate::roster::{self, Code, Diagnostic, Responder, Roster, Settings};
use crate::sources::{Sources, Unusable};
use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use providers::{Fetched, Joined, LocalFile, Sheet, SheetSource, SourceError};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// So much of a rota that is over is judged: its last month, and a little more.
const LOOKED_BACK: TimeDelta = TimeDelta::days(35);

/// Why a question has no answer. Every case is exit status 2.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// The configuration, or a file of settings, has faults.
    #[error(transparent)]
    Config(#[from] ConfigFaults),
    /// The rota could not be fetched.
    #[error("{words}")]
    Source {
        /// With the name of the file.
        words: String,
        /// Why.
        error: SourceError,
    },
    /// The rota's account is not right.
    #[error(transparent)]
    Account(#[from] Unusable),
    /// The question itself cannot be understood.
    #[error("{0}")]
    Question(String),
}

/// A rota as it reads at one instant.
#[derive(Clone, Debug)]
pub(super) struct Reading {
    /// As the admin calls it.
    pub(super) title: String,
    /// Names the version.
    pub(super) revision: String,
    /// The files and folders that it was read from, where it was.
    pub(super) files: Vec<PathBuf>,
    /// The hotline, where the rota was found by one.
    pub(super) hotline: Option<String>,
    /// The zone of the rota.
    pub(super) zone: Zone,
    /// Where the settings come from that are not the rota's own, and how the question was understood.
    pub(super) remarks: Vec<String>,
    pub(super) at: DateTime<Utc>,
    /// When the source was asked.
    pub(super) read_at: DateTime<Utc>,
    pub(super) roster: Roster,
    pub(super) diagnostics: Vec<Diagnostic>,
    /// What is wrong as of the rota's own time, where that is over and nothing else was asked.
    pub(super) own_time: Option<OwnTime>,
    /// Why the roster says at that instant what it says.
    pub(super) why: Vec<Sentence>,
    /// Rung when nobody on call accepts: the configuration's, else the rota's.
    pub(super) last_resort: Option<Responder>,
}

/// A rota that is over, as it read shortly before its end.
#[derive(Clone, Debug)]
pub(super) struct OwnTime {
    pub(super) at: DateTime<Utc>,
    /// When it is over.
    pub(super) ended: DateTime<Utc>,
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// Where to look, before anything was fetched.
struct Place {
    source: Arc<dyn SheetSource>,
    hotline: Option<Hotline>,
    given: Settings,
    remarks: Vec<String>,
    files: Vec<PathBuf>,
}

impl Reading {
    /// Finds, fetches and reads the rota of a question.
    pub(super) async fn take(question: &Question, config: &Path, env: &Environment, now: DateTime<Utc>) -> Result<Self, Unreadable> {
        let mut place = place(question, config, env)?;
        if let Some(path) = &question.settings {
            let text = settings_text(path)?;
            place.add_settings(&text, path)?;
        }
        place.given.0.extend(question.set.iter().cloned());
        let sheet = fetch(place.source.as_ref()).await?;
        Self::read(question, place, &sheet, now.trunc_subsecs(0))
    }

    /// The zone is only known once the rota is read, the instant only once the zone is known; and the rota is to be
    /// read as it reads at that instant, because dates without a year belong to the nearest one.
    fn read(question: &Question, place: Place, sheet: &Sheet, now: DateTime<Utc>) -> Result<Self, Unreadable> {
        let Place {
            hotline,
            given,
            mut remarks,
            files,
            ..
        } = place;
        let (mut roster, mut diagnostics, mut why) = roster::explained(sheet, &given, now);
        let zone = Zone::new(roster.time_zone);
        let instant = instant::parse(&question.at, now, &zone).map_err(Unreadable::Question)?;
        if instant.at != now {
            (roster, diagnostics, why) = roster::explained(sheet, &given, instant.at);
        }
        remarks.extend(instant.remark);
        let is_asked = !question.at.trim().eq_ignore_ascii_case("now");
        let own_time = if is_asked { None } else { OwnTime::of(&roster, sheet, &given, now) };
        let configured = hotline.as_ref().and_then(|hotline| hotline.last_resort.clone());
        Ok(Self {
            title: sheet.title.clone(),
            revision: sheet.revision.0.clone(),
            files,
            hotline: hotline.map(|hotline| hotline.name.to_string()),
            zone,
            remarks,
            at: instant.at,
            read_at: now,
            last_resort: configured.or_else(|| roster.last_resort.as_deref().cloned()),
            roster,
            diagnostics,
            own_time,
            why,
        })
    }
}

impl OwnTime {
    /// Nothing where the rota goes on. Which years its dates are of stays as it is read today.
    fn of(roster: &Roster, sheet: &Sheet, given: &Settings, now: DateTime<Utc>) -> Option<Self> {
        let (from, ended) = roster.about().filter(|(_, until)| *until <= now)?;
        let at = from.max(ended - LOOKED_BACK);
        let (_, mut diagnostics) = roster::read_again(sheet, given, now, at);
        // That it ends is told already.
        diagnostics.retain(|finding| !matches!(finding.code, Code::RotaEnds | Code::RotaEnded));
        Some(Self { at, ended, diagnostics })
    }
}

impl Place {
    fn add_settings(&mut self, text: &str, path: &Path) -> Result<(), Unreadable> {
        let Settings(pairs) = config::read_settings(text, &path.display().to_string())?;
        self.given.0.extend(pairs);
        self.remarks.push(format!("settings from {}", path.display()));
        Ok(())
    }
}

fn place(question: &Question, config: &Path, env: &Environment) -> Result<Place, Unreadable> {
    let files = &question.rota;
    if files.is_empty() {
        return configured_place(question.hotline.as_deref(), config, env);
    }
    let mut place = Place {
        source: together(files)?,
        hotline: None,
        given: Settings::default(),
        remarks: Vec::new(),
        files: files.clone(),
    };
    let mut taken: Vec<PathBuf> = Vec::new();
    for beside in files.iter().filter_map(|path| settings_beside(path, config)) {
        if taken.contains(&beside) {
            continue;
        }
        let text = settings_text(&beside)?;
        place.add_settings(&text, &beside)?;
        taken.push(beside);
    }
    Ok(place)
}

/// One source for files that are one rota.
fn together(files: &[PathBuf]) -> Result<Arc<dyn SheetSource>, Unreadable> {
    if let [only] = files {
        return Ok(Arc::new(LocalFile::new(only)));
    }
    let same = |a: &PathBuf, b: &PathBuf| a == b || matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b);
    let twice = files
        .iter()
        .enumerate()
        .find(|(n, file)| files.iter().take(*n).any(|other| same(other, file)));
    if let Some((_, file)) = twice {
        return Err(Unreadable::Question(format!(
            "{} is named twice, and all in it would count twice. Name each file once",
            file.display()
        )));
    }
    let parts = files.iter().map(|file| Arc::new(LocalFile::new(file)) as Arc<dyn SheetSource>);
    Ok(Arc::new(Joined::new(parts.collect())))
}

fn configured_place(wanted: Option<&str>, path: &Path, env: &Environment) -> Result<Place, Unreadable> {
    if wanted.is_none() && !path.exists() {
        return Err(Unreadable::Question(format!(
            "which rota? Name one by --rota FILE, or write a configuration: there is no {}",
            path.display()
        )));
    }
    let config = Config::load_for_reading(path, env)?;
    let hotline = hotline(&config, wanted, path)?.clone();
    Ok(Place {
        source: Sources::new(&config).of(&hotline.rota)?,
        given: hotline.settings(),
        files: files_of(&hotline.rota),
        hotline: Some(hotline),
        remarks: Vec::new(),
    })
}

/// The files of a rota that is kept in nothing but files.
fn files_of(rota: &[Source]) -> Vec<PathBuf> {
    let file = |source: &Source| match source {
        Source::File(path) => Some(path.clone()),
        Source::GoogleSheet(_) | Source::SharePointLists { .. } | Source::ExcelOnline { .. } => None,
    };
    rota.iter().map(file).collect::<Option<Vec<_>>>().unwrap_or_default()
}

/// The hotline of that name, or the only one; `path` is that of the configuration.
///
/// # Errors
/// [`Unreadable::Question`] with the names that there are.
pub fn hotline<'c>(config: &'c Config, wanted: Option<&str>, path: &Path) -> Result<&'c Hotline, Unreadable> {
    let found = match (wanted, config.hotlines.as_slice()) {
        (Some(wanted), all) => all.iter().find(|hotline| hotline.name.0 == wanted),
        (None, [only]) => Some(only),
        (None, _) => None,
    };
    found.ok_or_else(|| {
        let asked = wanted.map_or_else(
            || "which hotline?".to_owned(),
            |wanted| format!("there is no hotline \"{wanted}\"."),
        );
        let names: Vec<&str> = config.hotlines.iter().map(|hotline| hotline.name.0.as_str()).collect();
        Unreadable::Question(format!("{asked} {} has: {}", path.display(), names.join(", ")))
    })
}

/// The settings file beside a rota: `rota.csv.toml`, else `rota.toml`. A configuration is none.
fn settings_beside(rota: &Path, config: &Path) -> Option<PathBuf> {
    let mut appended = rota.file_name()?.to_owned();
    appended.push(".toml");
    [rota.with_file_name(appended), rota.with_extension("toml")]
        .into_iter()
        .find(|path| path.is_file() && path.canonicalize().ok() != config.canonicalize().ok())
}

fn settings_text(path: &Path) -> Result<String, Unreadable> {
    config::read_limited(path).map_err(|error| Unreadable::Question(format!("{} is not readable: {error}", path.display())))
}

pub(super) async fn fetch(source: &dyn SheetSource) -> Result<Sheet, Unreadable> {
    let place = source.describe();
    let error = match source.fetch(None).await {
        Ok(Fetched::Sheet(sheet)) => return Ok(*sheet),
        Ok(Fetched::Unchanged) => SourceError::Transient("it answered that nothing has changed".to_owned()),
        Err(error) => error,
    };
    let mut words = error.to_string();
    if !words.contains(&place) {
        words = format!("{place}: {words}");
    }
    Err(Unreadable::Source { words, error })
}

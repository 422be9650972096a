//! Gathers what is wrong while a sheet is read: one cause is one finding, whatever number of cells it touches.
//! It must not know layouts.

use super::wall_clock::Zone;
use super::{Code, Diagnostic, Severity};
use chrono::{DateTime, Datelike, TimeDelta, Utc};
use providers::CellAddress;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A finding lists at most this many cells and counts the rest.
const CELLS_AT_MOST: usize = 20;
/// At most this many findings are listed.
const FINDINGS_AT_MOST: usize = 200;
/// At most this many different causes are gathered.
const CAUSES_AT_MOST: usize = 5_000;

/// What is wrong so far.
pub(super) struct Findings {
    now: DateTime<Utc>,
    /// When this version of the sheet was read first.
    first_read: DateTime<Utc>,
    causes: BTreeMap<(Code, String), Cause>,
    /// Takes what is said once there are too many causes.
    overflow: Cause,
    dropped: usize,
    /// From the first to the last instant that the sheet speaks of.
    about: Option<(DateTime<Utc>, DateTime<Utc>)>,
}

/// One thing that is wrong.
#[derive(Default)]
pub(super) struct Cause {
    severity: Option<Severity>,
    cells: Vec<CellAddress>,
    cell_count: usize,
    /// The newest cell, which may be beyond those that are kept.
    last: Option<CellAddress>,
    words: Option<Words>,
    affects: Option<DateTime<Utc>>,
    misses: Vec<Miss>,
    miss_count: usize,
}

/// The three parts of a finding.
#[derive(Clone, Debug, Default)]
pub(super) struct Words {
    pub(super) seen: String,
    /// Left empty where it follows from what is missed.
    pub(super) consequence: String,
    pub(super) remedy: String,
    /// What is seen quotes one cell; others like it may be added.
    pub(super) of_one_cell: bool,
}

/// People who are not rung in one shift because of a cause.
#[derive(Clone, Debug)]
pub(super) struct Miss {
    pub(super) severity: Severity,
    /// The level's name in the sheet.
    pub(super) level: Arc<str>,
    pub(super) from: DateTime<Utc>,
    pub(super) until: DateTime<Utc>,
    pub(super) left: Left,
}

/// Who is still rung in a shift from which somebody is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Left {
    /// Others of the same cell.
    InCell,
    /// Other levels, this one last of all.
    Before,
    /// Other levels, some of them after this one.
    After,
    /// Nobody.
    Nobody,
    /// Whoever the rota names: a change has no effect.
    Unchanged,
}

impl Words {
    pub(super) fn new(seen: impl Into<String>, consequence: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            seen: seen.into(),
            consequence: consequence.into(),
            remedy: remedy.into(),
            of_one_cell: false,
        }
    }

    /// What is seen quotes one cell of perhaps many.
    pub(super) fn of_one_cell(mut self) -> Self {
        self.of_one_cell = true;
        self
    }
}

impl Cause {
    /// Adds a cell.
    pub(super) fn at(&mut self, cell: CellAddress) -> &mut Self {
        if self.cells.contains(&cell) || self.last.as_ref() == Some(&cell) {
            return self;
        }
        self.last = Some(cell.clone());
        self.cell_count += 1;
        if self.cells.len() < CELLS_AT_MOST {
            self.cells.push(cell);
        }
        self
    }

    /// Counts cells that are not named.
    pub(super) fn and_more(&mut self, cells: usize) -> &mut Self {
        self.cell_count += cells;
        self
    }

    /// Says what it is; only the first time counts.
    pub(super) fn say(&mut self, words: impl FnOnce() -> Words) -> &mut Self {
        self.words.get_or_insert_with(words);
        self
    }

    /// Says when a call is first affected.
    pub(super) fn affects(&mut self, at: DateTime<Utc>) -> &mut Self {
        self.affects = Some(self.affects.map_or(at, |known| known.min(at)));
        self
    }

    /// Adds a shift in which somebody is not rung.
    pub(super) fn miss(&mut self, miss: Miss, now: DateTime<Utc>) -> &mut Self {
        self.miss_count += usize::from(miss.until > now);
        // The first one that counts and the worst one are enough to tell.
        let rank = |miss: &Miss| (miss.until <= now, miss.from);
        match self.misses.first_mut() {
            None => self.misses.push(miss),
            Some(first) => {
                let worst = match (first.until > now, miss.until > now) {
                    (true, true) => first.severity.min(miss.severity),
                    (true, false) => first.severity,
                    (false, _) => miss.severity,
                };
                if rank(&miss) < rank(first) {
                    *first = miss;
                }
                first.severity = worst;
            }
        }
        self
    }
}

impl Findings {
    pub(super) fn new(first_read: DateTime<Utc>, now: DateTime<Utc>) -> Self {
        Self {
            now,
            first_read,
            causes: BTreeMap::new(),
            overflow: Cause::default(),
            dropped: 0,
            about: None,
        }
    }

    pub(super) const fn now(&self) -> DateTime<Utc> {
        self.now
    }

    /// From when what the sheet leaves open is to be understood: a year that was chosen when a version came stays chosen.
    pub(super) const fn first_read(&self) -> DateTime<Utc> {
        self.first_read
    }

    /// Says that the sheet speaks of this time, whether or not anybody is rung then.
    pub(super) fn is_about(&mut self, from: DateTime<Utc>, until: DateTime<Utc>) {
        let (first, last) = self.about.unwrap_or((from, until));
        self.about = Some((first.min(from), last.max(until)));
    }

    pub(super) const fn about(&self) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
        self.about
    }

    /// The cause of this kind with this key; findings with equal code and key are one.
    pub(super) fn cause(&mut self, code: Code, severity: Severity, key: &str) -> &mut Cause {
        let key = (code, key.to_owned());
        if self.causes.len() >= CAUSES_AT_MOST && !self.causes.contains_key(&key) {
            self.dropped += 1;
            self.overflow = Cause::default();
            return &mut self.overflow;
        }
        let cause = self.causes.entry(key).or_default();
        cause.severity = Some(cause.severity.map_or(severity, |known| known.min(severity)));
        cause
    }

    /// Whether a Stop is among the causes.
    pub(super) fn has_stop(&self) -> bool {
        self.causes.values().any(|cause| cause.severity == Some(Severity::Stop))
    }

    /// Whether a cause is known already.
    pub(super) fn knows(&self, code: Code, key: &str) -> bool {
        self.causes.contains_key(&(code, key.to_owned()))
    }

    /// Some of the cells of a cause.
    pub(super) fn cells_of(&self, code: Code, key: &str) -> &[CellAddress] {
        self.causes.get(&(code, key.to_owned())).map_or(&[], |cause| &cause.cells)
    }

    /// A finding about one cell, or about none.
    pub(super) fn tell(&mut self, code: Code, severity: Severity, cell: Option<CellAddress>, words: Words) -> &mut Cause {
        let key = words.seen.clone();
        let cause = self.cause(code, severity, &key);
        if let Some(cell) = cell {
            cause.at(cell);
        }
        cause.say(|| words)
    }

    /// The list for people: by when a call is first affected, then the worst first.
    pub(super) fn finish(self, zone: &Zone, last_resort: Option<&str>) -> Vec<Diagnostic> {
        let now = self.now;
        let mut list: Vec<Diagnostic> = self
            .causes
            .into_iter()
            .map(|((code, _), cause)| diagnostic(code, cause, now, zone, last_resort))
            .collect();
        list.sort_by(|a, b| a.order(b, now));
        let hidden = list.len().saturating_sub(FINDINGS_AT_MOST) + self.dropped;
        if hidden > 0 {
            list.truncate(FINDINGS_AT_MOST);
            list.push(Diagnostic {
                severity: Severity::Note,
                code: Code::FindingsCut,
                cells: Vec::new(),
                more_cells: 0,
                seen: format!("And {hidden} more findings."),
                consequence: String::new(),
                remedy: "Mend those above first; the others appear then.".to_owned(),
                affects: None,
            });
        }
        list
    }
}

fn diagnostic(code: Code, cause: Cause, now: DateTime<Utc>, zone: &Zone, last_resort: Option<&str>) -> Diagnostic {
    let mut words = cause.words.unwrap_or_default();
    let mut severity = cause.severity.unwrap_or(Severity::Note);
    let mut affects = cause.affects;
    if let Some(miss) = cause.misses.first() {
        if miss.until > now {
            severity = miss.severity;
            affects = Some(miss.from);
        } else {
            severity = Severity::Note;
        }
        let missed = consequence(miss, cause.miss_count, now, zone, last_resort);
        words.consequence = [missed, words.consequence].join(" ").trim().to_owned();
    }
    if words.of_one_cell && cause.cell_count > 1 {
        words.seen.push_str(match cause.cell_count {
            2 => " The other cell likewise.",
            _ => " The other cells likewise.",
        });
    }
    Diagnostic {
        severity,
        code,
        more_cells: cause.cell_count - cause.cells.len(),
        cells: cause.cells,
        seen: words.seen,
        consequence: words.consequence,
        remedy: words.remedy,
        affects,
    }
}

fn consequence(miss: &Miss, count: usize, now: DateTime<Utc>, zone: &Zone, last_resort: Option<&str>) -> String {
    if miss.until <= now {
        return "Only shifts in the past are touched.".to_owned();
    }
    let span = span(zone, miss.from, miss.until, now);
    let mut text = match miss.left {
        Left::InCell => format!("{} {span}: the others in the cell are rung without them.", miss.level),
        Left::After => format!("{} {span} is left out; callers go straight to the next level.", miss.level),
        Left::Before => format!("{} {span} is left out; callers reach only the levels before it.", miss.level),
        Left::Nobody => format!("Nobody is on call {span}; {}.", fallback(last_resort)),
        Left::Unchanged if miss.level.is_empty() => "The row changes nothing; whoever the rota names is rung.".to_owned(),
        Left::Unchanged => format!("{} {span} is not changed; whoever the rota names is rung.", miss.level),
    };
    if count > 1 && !miss.level.is_empty() {
        text.push_str(&format!(" The same in {}.", plural(count - 1, "more shift")));
    }
    text
}

/// What happens to callers when nobody is on call.
pub(super) fn fallback(last_resort: Option<&str>) -> String {
    match last_resort {
        Some(name) => format!("{} rings instead", crate::roster::cells::words::quote(name)),
        None => "callers get the hotline's last resort, or are asked to leave a message".to_owned(),
    }
}

/// `1 shift`, `2 shifts`.
pub(super) fn plural(count: usize, thing: &str) -> String {
    if count == 1 {
        format!("1 {thing}")
    } else {
        format!("{count} {thing}s")
    }
}

/// `from Mon 2 Mar 08:00 to Mon 9 Mar 08:00`.
pub(super) fn span(zone: &Zone, from: DateTime<Utc>, until: DateTime<Utc>, now: DateTime<Utc>) -> String {
    format!("from {} to {}", moment(zone, from, now), moment(zone, until, now))
}

/// `Mon 2 Mar 08:00`, on the clocks of the rota; with the year where it is not this half-year.
pub(super) fn moment(zone: &Zone, at: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let wall = zone.to_local(at);
    let year = (at - now).abs() > TimeDelta::days(180);
    let date = wall.format("%a %-d %b");
    let time = wall.format("%H:%M");
    if year {
        format!("{date} {} {time}", wall.year())
    } else {
        format!("{date} {time}")
    }
}

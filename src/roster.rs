//! Who is on call, in which order, at any instant: the roster that we read out of a sheet.
//!
//! A pure room: no clock, no IO, no async, no iteration over hash maps. It knows cells and
//! people; it must not know calls, files, databases or telephones.

mod callbacks;
mod cells;
mod changes;
mod contacts;
mod conventions;
mod coverage;
mod diagnostic;
mod differences;
mod explanation;
mod findings;
pub mod forecast;
#[cfg(fuzzing)]
pub mod fuzzing;
mod held;
mod layouts;
mod leave;
mod legend;
mod masking;
mod phone;
mod presence;
pub mod preview;
mod reach;
mod read;
mod recent;
mod settings;
mod slots;
mod swaps;
mod tab_names;
mod tabs;
mod terms;
mod timeline;
mod trouble_words;
pub mod wall_clock;
mod week_hours;
mod who;

use cells::times::DayHours;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use providers::CellAddress;
use std::collections::BTreeMap;
use std::sync::Arc;

pub use callbacks::Callbacks;
pub(crate) use conventions::{OWN_NUMBERS, REACH, SIP_DOMAINS};
pub use coverage::GapPart;
pub use diagnostic::{Code, Diagnostic, Severity};
pub use differences::{Difference, What, differences, told};
pub use explanation::explained;
pub use held::HeldSpan;
pub use masking::{masked, mentions};
pub use phone::{NotAPhone, Phone, PhoneKind};
pub(crate) use phone::{has_scheme, is_host_name};
pub use presence::SheetAway;
pub use reach::{OutOfReach, Reach};
pub use read::{read, read_again};
pub use settings::Settings;
pub use week_hours::WeekHours;

/// What was read out of one version of a sheet.
#[derive(Clone, Debug)]
pub struct Roster {
    /// The zone in which the admins write.
    pub time_zone: Tz,
    /// Everybody who can be rung, in the order of the sheet.
    pub contacts: Vec<Arc<Responder>>,
    /// Rung when the plan is exhausted, where the sheet names somebody.
    pub last_resort: Option<Arc<Responder>>,
    /// The time line: sorted by `from`, never overlapping; what lies between two is a coverage gap.
    duties: Vec<Duty>,
    /// When the last row of the rota itself ends, changes left aside.
    ends: Option<DateTime<Utc>>,
    /// Rows that put nobody on call without meaning it, from the instant of reading on.
    vacancies: Vec<held::Vacancy>,
    /// In the order in which they begin.
    unreachable: Vec<Unreachable>,
    /// In the order in which they begin.
    absences: Vec<Absence>,
    /// Who is away by the contacts' column Status.
    away: BTreeMap<Phone, SheetAway>,
    tabs_read: Vec<TabRead>,
    /// Up to where a rota that repeats itself for ever was written out; nothing where it has an end of its own.
    horizon: Option<DateTime<Utc>>,
    /// From the first to the last instant that the sheet speaks of.
    about: Option<(DateTime<Utc>, DateTime<Utc>)>,
    /// The country of numbers that are written without one (two letters), as its settings name it.
    country: Option<String>,
    /// When somebody must be on call, as the setting `Coverage` says; nothing where it is not set.
    coverage: Option<Arc<[DayHours]>>,
}

/// Somebody whom the sheet puts on call and whom nobody can ring.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreachable {
    /// From when.
    pub from: DateTime<Utc>,
    /// Until when.
    pub until: DateTime<Utc>,
    /// The level as the sheet calls it.
    pub label: Arc<str>,
    /// Who they are, in the order of the cell.
    pub names: Arc<[Missed]>,
    /// The cell that names them.
    pub source: CellAddress,
}

/// One name of a cell that nobody can ring.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missed {
    /// As written.
    pub name: String,
    /// Several contacts have it, so that a number would not help.
    pub is_ambiguous: bool,
}

/// All of them in one text, parted by ` / `: names may have commas.
fn joined(names: &[Missed]) -> String {
    let names: Vec<&str> = names.iter().map(|missed| missed.name.as_str()).collect();
    names.join(" / ")
}

/// Somebody who is away, as a tab of leave says.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Absence {
    /// The contact's name, or as written where there is no such contact.
    pub name: String,
    /// From when.
    pub from: DateTime<Utc>,
    /// Until when.
    pub until: DateTime<Utc>,
    /// The cell that names them.
    pub source: CellAddress,
}

/// How a tab of the rota was understood, for the admin to confirm.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct TabRead {
    /// The tab's name.
    pub tab: String,
    /// The shape in words, to go after "as": `a handover list: "From" begins a row, then "1st", "2nd"`.
    pub shape: String,
    /// The first cell of its header.
    pub header: Option<CellAddress>,
}

/// Who is on call, in order, for one uninterrupted interval `[from, until)`.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Duty {
    /// The handover that begins it.
    pub from: DateTime<Utc>,
    /// The handover that ends it.
    pub until: DateTime<Utc>,
    /// In the order of ringing. Empty where the sheet says `nobody` on purpose.
    pub levels: Vec<Level>,
    /// The cell that says `nobody`, where the levels are empty on purpose.
    pub nobody: Option<CellAddress>,
}

/// One rung of the escalation: everyone on it rings together; then the next level.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Level {
    /// As the sheet calls it: `1st`, `Night`, `Primary`.
    pub label: Arc<str>,
    /// Never empty.
    pub responders: Arc<[Arc<Responder>]>,
    /// The cell that puts them there: of the rota, or of the change that won.
    pub source: CellAddress,
    /// Whether `source` is a change laid over the rota.
    pub is_change: bool,
}

/// A person, or a duty phone, that can be rung.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub struct Responder {
    /// As written in the sheet.
    pub name: String,
    /// Where the hotline rings them.
    pub phone: Phone,
    /// Their other phone, which is rung after this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub then: Option<Phone>,
}

impl Responder {
    /// Both phones, in the order of ringing.
    pub fn phones(&self) -> impl Iterator<Item = &Phone> {
        std::iter::once(&self.phone).chain(&self.then)
    }

    /// Whether one of the phones is this one.
    #[must_use]
    pub fn has(&self, phone: &Phone) -> bool {
        self.phones().any(|own| own == phone)
    }

    /// What is said of the person, by one of the phones.
    #[must_use]
    pub fn said<'m, T>(&self, by_phone: &'m std::collections::BTreeMap<Phone, T>) -> Option<&'m T> {
        self.phones().find_map(|phone| by_phone.get(phone))
    }

    /// Whether it is the same person, perhaps on the other phone.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        self.name == other.name && other.has(&self.phone)
    }

    /// Where texts reach them; none where no phone takes any.
    #[must_use]
    pub fn texted_on(&self) -> Option<&Phone> {
        self.phones().find(|phone| phone.can_be_texted())
    }

    /// The same person to be rung on this phone first.
    #[must_use]
    pub fn on(&self, phone: &Phone) -> Self {
        let other = || self.on_the_other_phone().filter(|other| other.phone == *phone);
        other().unwrap_or_else(|| self.clone())
    }

    /// The same person to be rung on the other phone, where there is one.
    #[must_use]
    pub fn on_the_other_phone(&self) -> Option<Self> {
        let phone = self.then.clone()?;
        Some(Self {
            name: self.name.clone(),
            phone,
            then: Some(self.phone.clone()),
        })
    }
}

/// The answer to "who is on call at this instant?".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnCall<'r> {
    /// These people (or, with no levels, deliberately nobody).
    Duty(&'r Duty),
    /// Nobody, and the sheet does not say that this is meant.
    Gap {
        /// When the last duty before it ended, if there was one.
        from: Option<DateTime<Utc>>,
        /// When the next duty begins, if there is one.
        until: Option<DateTime<Utc>>,
    },
}

impl Roster {
    /// Puts a roster together from duties in any order; a duty that is empty in time is dropped, and
    /// where two overlap the later one in the order given is cut short at the front.
    #[must_use]
    pub fn new(time_zone: Tz, contacts: Vec<Arc<Responder>>, last_resort: Option<Arc<Responder>>, mut duties: Vec<Duty>) -> Self {
        duties.sort_by_key(|duty| duty.from);
        let mut reached = DateTime::<Utc>::MIN_UTC;
        duties.retain_mut(|duty| {
            duty.from = duty.from.max(reached);
            reached = reached.max(duty.until);
            duty.from < duty.until
        });
        Self {
            time_zone,
            contacts,
            last_resort,
            ends: duties.last().map(|duty| duty.until),
            duties,
            vacancies: Vec::new(),
            unreachable: Vec::new(),
            absences: Vec::new(),
            away: BTreeMap::new(),
            tabs_read: Vec::new(),
            horizon: None,
            about: None,
            country: None,
            coverage: None,
        }
    }

    /// Whom the sheet puts on call in `[from, until)` and nobody can ring, in the order in which that begins.
    pub fn unreachable(&self, from: DateTime<Utc>, until: DateTime<Utc>) -> impl Iterator<Item = &Unreachable> {
        let not_later = self.unreachable.partition_point(|one| one.from < until);
        self.unreachable[..not_later].iter().filter(move |one| one.until > from)
    }

    /// Who is away, in the order in which that begins. Nobody is rung otherwise because of it.
    #[must_use]
    pub fn absences(&self) -> &[Absence] {
        &self.absences
    }

    /// Whom the contacts' column Status calls away, also where that is over by now.
    #[must_use]
    pub const fn away(&self) -> &BTreeMap<Phone, SheetAway> {
        &self.away
    }

    /// What the column Status says of this number, where that is that its owner is away at `at`.
    #[must_use]
    pub fn away_at(&self, phone: &Phone, at: DateTime<Utc>) -> Option<&SheetAway> {
        self.away.get(phone).filter(|away| away.lasts_at(at))
    }

    /// The country of numbers that are written without one (two letters), as the settings of the sheet name it.
    #[must_use]
    pub fn country(&self) -> Option<&str> {
        self.country.as_deref()
    }

    /// How the tabs of the rota were understood.
    #[must_use]
    pub fn tabs_read(&self) -> &[TabRead] {
        &self.tabs_read
    }

    /// Up to where a rota that repeats itself for ever was written out when it was read: it goes on in the same way.
    #[must_use]
    pub const fn horizon(&self) -> Option<DateTime<Utc>> {
        self.horizon
    }

    /// When the last row of the rota ends that puts somebody (or nobody on purpose) on call. A change laid over the rota
    /// does not count: it is no rota by itself. Nothing where there is no such row.
    #[must_use]
    pub const fn ends(&self) -> Option<DateTime<Utc>> {
        self.ends
    }

    /// From when until when the rota has rows or days, whether or not anybody in them can be rung. Nothing where it
    /// repeats itself for ever.
    #[must_use]
    pub fn about(&self) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
        self.about.filter(|_| self.horizon.is_none())
    }

    /// Who is on call at `at`. Takes the time of a binary search over all duties.
    #[must_use]
    pub fn on_call(&self, at: DateTime<Utc>) -> OnCall<'_> {
        let next = self.duties.partition_point(|duty| duty.from <= at);
        let before = next.checked_sub(1).and_then(|i| self.duties.get(i));
        match before {
            Some(duty) if at < duty.until => OnCall::Duty(duty),
            Some(_) | None => OnCall::Gap {
                from: before.map(|d| d.until),
                until: self.duties.get(next).map(|d| d.from),
            },
        }
    }

    /// The whole time line, sorted, without overlaps.
    #[must_use]
    pub fn duties(&self) -> &[Duty] {
        &self.duties
    }
}

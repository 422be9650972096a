//! The next days of a rota told in plain sentences: who is rung when, in which order, and which cell says so; what
//! happens to callers where nobody is. It must not know where the rota comes from, nor who looks at the sentences.

pub(super) mod sentences;

use super::wall_clock::Zone;
use super::{Diagnostic, Duty, HeldSpan, Level, OnCall, Phone, Responder, Roster};
use chrono::{DateTime, Days, TimeDelta, Utc};
use providers::CellAddress;
use std::fmt;

pub use sentences::LastResort;

/// So many days are told where nobody says how many.
pub const DAYS: u32 = 14;
/// More days than these are not told.
pub const DAYS_AT_MOST: u32 = 366;
/// More stretches of time than these are only counted.
const STRETCHES_AT_MOST: usize = 200;

/// What is to be told.
#[derive(Clone, Copy, Debug)]
pub struct Wish<'a> {
    /// From when on.
    pub from: DateTime<Utc>,
    /// For how many days by the calendar of the rota's zone.
    pub days: u32,
    /// How telephone numbers are shown.
    pub numbers: Numbers,
    /// Who is rung when the plan is exhausted.
    pub last_resort: Option<&'a Responder>,
    /// What is held in the roster's coverage gaps.
    pub held: &'a [HeldSpan],
    /// What is wrong with the sheet: it says why somebody cannot be rung.
    pub findings: &'a [Diagnostic],
}

/// How telephone numbers are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Numbers {
    /// `+61…157`: can be pasted anywhere.
    Masked,
    /// `+61 491 570 157`.
    Full,
}

/// The next days, stretch by stretch.
#[derive(Clone, Debug)]
pub struct Preview<'r> {
    /// The zone in which all times are told.
    pub zone: Zone,
    /// From when on.
    pub from: DateTime<Utc>,
    /// Until when.
    pub until: DateTime<Utc>,
    /// In the order of time, without holes. The first may have begun before `from`, the last may end after `until`.
    pub stretches: Vec<Stretch<'r>>,
    /// So many more stretches are not listed.
    pub more: usize,
}

/// An uninterrupted stretch of time with the same people on call, or with nobody.
#[derive(Clone, Debug)]
pub struct Stretch<'r> {
    /// Who is on call.
    pub on_call: OnCall<'r>,
    /// What kind of stretch it is.
    pub kind: Kind,
    /// The sentence, its cells apart from its words.
    pub sentence: Sentence,
}

/// What kind of stretch it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Somebody is on call.
    OnCall,
    /// Somebody is on call while two rows of the rota overlap: whose row began later first, then the others.
    Overlap,
    /// Somebody is on call as an earlier version said, because the version in use has nobody then.
    Held,
    /// Nobody is, on purpose.
    Nobody,
    /// Nobody is, and nobody has to be, by the hours of the setting `Coverage`.
    OutsideCoverage,
    /// Nobody is, and nothing says that this is meant.
    Gap,
}

/// One sentence. `Display` is the whole of it in words, with its full stop.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sentence(pub Vec<Piece>);

/// A part of a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Words.
    Words(String),
    /// A cell, which whoever shows the sentence may link.
    Cell(CellAddress),
}

impl fmt::Display for Sentence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for piece in &self.0 {
            match piece {
                Piece::Words(words) => f.write_str(words)?,
                Piece::Cell(cell) => write!(f, "{cell}")?,
            }
        }
        Ok(())
    }
}

impl Numbers {
    /// A number as it is to be shown.
    #[must_use]
    pub fn show(self, number: &Phone) -> String {
        match self {
            Self::Masked => number.to_string(),
            Self::Full => phonenumber::parse(None, number.address()).map_or_else(
                |_| number.address().to_owned(),
                |parsed| parsed.format().mode(phonenumber::Mode::International).to_string(),
            ),
        }
    }
}

/// Tells the next days of a roster.
#[must_use]
pub fn preview<'r>(roster: &'r Roster, wish: &Wish<'_>) -> Preview<'r> {
    let zone = Zone::new(roster.time_zone);
    // Beyond its horizon a rota that repeats itself goes on in the same way: that is no gap.
    let until = end(&zone, wish);
    let until = roster.horizon().filter(|end| *end > wish.from).map_or(until, |end| end.min(until));
    let spans = spans(roster, wish.from, until);
    let teller = sentences::Teller {
        zone: &zone,
        wish,
        roster,
        until,
    };
    let told = spans.iter().take(STRETCHES_AT_MOST);
    let stretches = told.map(|Span { on_call, is_expected }| {
        let around = Around::of(roster, on_call);
        let kind = if *is_expected {
            kind(on_call, &around, wish.held)
        } else {
            Kind::OutsideCoverage
        };
        Stretch {
            on_call: *on_call,
            kind,
            sentence: teller.sentence(on_call, kind, &around),
        }
    });
    let stretches: Vec<Stretch<'r>> = stretches.collect();
    Preview {
        from: wish.from,
        until,
        more: spans.len() - stretches.len(),
        stretches,
        zone,
    }
}

/// The duties right before and right after a stretch.
struct Around<'r> {
    before: Option<&'r Duty>,
    after: Option<&'r Duty>,
}

impl<'r> Around<'r> {
    fn of(roster: &'r Roster, span: &OnCall<'_>) -> Self {
        let OnCall::Duty(here) = span else {
            return Self { before: None, after: None };
        };
        Self {
            before: duty(&roster.on_call(here.from - TimeDelta::milliseconds(1))),
            after: duty(&roster.on_call(here.until)),
        }
    }
}

const fn duty<'r>(span: &OnCall<'r>) -> Option<&'r Duty> {
    match span {
        OnCall::Duty(duty) => Some(duty),
        OnCall::Gap { .. } => None,
    }
}

fn end(zone: &Zone, wish: &Wish<'_>) -> DateTime<Utc> {
    let days = Days::new(wish.days.clamp(1, DAYS_AT_MOST).into());
    let local = zone.to_local(wish.from).checked_add_days(days);
    local.map_or(wish.from, |local| zone.to_utc(local).instant)
}

/// A duty, or a part of a gap.
struct Span<'r> {
    on_call: OnCall<'r>,
    /// Whether somebody must be on call then.
    is_expected: bool,
}

/// Duties and gaps of the time asked about, in order and without holes. A gap between two duties is told by its parts;
/// before the rota begins and after it has ended there is only one, whatever the hours.
fn spans(roster: &Roster, from: DateTime<Utc>, until: DateTime<Utc>) -> Vec<Span<'_>> {
    let mut spans = Vec::new();
    let mut at = from;
    while at < until {
        let span = roster.on_call(at);
        at = match span {
            OnCall::Duty(duty) => duty.until,
            OnCall::Gap { until: next, .. } => next.unwrap_or(until),
        };
        let OnCall::Gap {
            from: Some(begun),
            until: Some(ended),
        } = span
        else {
            spans.push(Span {
                on_call: span,
                is_expected: true,
            });
            continue;
        };
        let parts = roster.gap_parts(begun, ended).into_iter();
        spans.extend(parts.filter(|part| part.until > from && part.from < until).map(|part| Span {
            on_call: OnCall::Gap {
                from: Some(part.from),
                until: Some(part.until),
            },
            is_expected: part.is_expected,
        }));
    }
    spans
}

fn kind(on_call: &OnCall<'_>, around: &Around<'_>, held: &[HeldSpan]) -> Kind {
    let OnCall::Duty(duty) = on_call else {
        return Kind::Gap;
    };
    if duty.levels.is_empty() {
        return Kind::Nobody;
    }
    if held.iter().any(|span| is_of(span, duty)) {
        return Kind::Held;
    }
    if let (Some(before), Some(after)) = (around.before, around.after)
        && overlaps(&duty.levels, &before.levels, &after.levels)
    {
        return Kind::Overlap;
    }
    Kind::OnCall
}

/// A held duty may be cut into pieces, and its people may have other numbers by now; its cells stay.
fn is_of(span: &HeldSpan, duty: &Duty) -> bool {
    let lies_within = span.duty.from <= duty.from && duty.until <= span.duty.until;
    lies_within && cells(&span.duty.levels).eq(cells(&duty.levels))
}

/// Whether these are the people of the stretch after it, then those of the stretch before.
fn overlaps(levels: &[Level], before: &[Level], after: &[Level]) -> bool {
    let both = after.iter().chain(before).map(|level| &level.source);
    !before.is_empty() && !after.is_empty() && cells(levels).eq(both)
}

fn cells(levels: &[Level]) -> impl Iterator<Item = &CellAddress> {
    levels.iter().map(|level| &level.source)
}

#[cfg(test)]
pub(super) mod tests;

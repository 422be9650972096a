//! What is to come and is not looked after: the end of the rota, time without anybody. It must not know how people got
//! onto the time line.

use super::conventions::Conventions;
use super::findings::{Findings, Words, fallback, moment, plural, span};
use super::held::Vacancy;
use super::timeline::{Shift, Who};
use super::wall_clock::Zone;
use super::{Code, Duty, OnCall, Roster, Severity};
use crate::roster::cells::times::DayHours;
use chrono::{DateTime, Days, TimeDelta, Utc};
use providers::CellAddress;

/// Warned about from this long before.
const SOON: TimeDelta = TimeDelta::days(14);
/// This near it cannot wait.
const URGENT: TimeDelta = TimeDelta::hours(48);
/// Stretches without anybody that are told one by one.
const STRETCHES_TOLD: usize = 10;

/// An interval `[from, until)`.
type Stretch = (DateTime<Utc>, DateTime<Utc>);

/// What is known of the rota when all of it has been read.
pub(super) struct Outlook<'o> {
    pub(super) shifts: &'o [Shift],
    pub(super) duties: &'o [Duty],
    /// Up to where a rota that repeats itself for ever is written out.
    pub(super) horizon: Option<DateTime<Utc>>,
    /// Who rings when nobody is on call.
    pub(super) last_resort: Option<&'o str>,
}

/// Tells of the end and of all time without anybody that is near.
pub(super) fn report(outlook: &Outlook<'_>, conventions: &Conventions, findings: &mut Findings) {
    if outlook.horizon.is_none() {
        report_end(outlook, &conventions.zone, findings);
    }
    match &conventions.coverage {
        Some(hours) => report_uncovered(outlook, hours, &conventions.zone, findings),
        None => report_gaps(outlook, &conventions.zone, findings),
    }
}

/// Whether a row puts somebody on call, or says that nobody is meant.
pub(super) fn is_held(shift: &Shift) -> bool {
    shift.rungs.iter().any(|rung| matches!(rung.who, Who::People(_) | Who::Nobody))
}

/// The rows to come that do neither.
pub(super) fn vacancies(shifts: &[Shift], now: DateTime<Utc>) -> Vec<Vacancy> {
    let vacant = shifts.iter().filter(|shift| shift.until > now && !is_held(shift));
    let vacancy = |shift: &Shift| {
        Some(Vacancy {
            from: shift.from,
            until: shift.until,
            cell: shift.rungs.first()?.source.clone(),
        })
    };
    vacant.filter_map(vacancy).collect()
}

fn report_end(outlook: &Outlook<'_>, zone: &Zone, findings: &mut Findings) {
    let Some(last) = outlook.shifts.iter().max_by_key(|shift| shift.until) else {
        return;
    };
    let now = findings.now();
    let left = last.until - now;
    if left > SOON {
        return;
    }
    let cell = last.rungs.first().map(|rung| rung.source.clone());
    let when = moment(zone, last.until, now);
    if left <= TimeDelta::zero() {
        let words = Words::new(
            format!("The rota ended {when}."),
            format!("Nobody is on call; {}.", fallback(outlook.last_resort)),
            "Add rows for the time from now on.",
        );
        findings.tell(Code::RotaEnded, Severity::Stop, cell, words).affects(now);
        return;
    }
    let away = match usize::try_from(left.num_days()) {
        Ok(0) | Err(_) => "in less than a day".to_owned(),
        Ok(days) => format!("in {}", plural(days, "day")),
    };
    let severity = if left <= URGENT { Severity::Stop } else { Severity::Warn };
    let words = Words::new(
        format!("The rota ends {when}, {away}."),
        format!("After that {}.", fallback(outlook.last_resort)),
        "Add rows for the time after it.",
    );
    findings.tell(Code::RotaEnds, severity, cell, words).affects(last.until);
}

/// Time without anybody within the next two weeks, up to where the rota ends.
fn report_gaps(outlook: &Outlook<'_>, zone: &Zone, findings: &mut Findings) {
    let now = findings.now();
    let soon = now + SOON;
    let gaps = outlook
        .duties
        .windows(2)
        .filter_map(|two| (two[0].until < two[1].from).then_some((&two[0], two[1].from)));
    let gaps: Vec<_> = gaps.filter(|(before, until)| *until > now && before.until < soon).collect();
    let Some((before, until)) = gaps.first() else { return };
    let more = match gaps.len() - 1 {
        0 => String::new(),
        more => format!(", and {} before {}", plural(more, "more gap"), moment(zone, soon, now)),
    };
    let words = Words::new(
        format!("Nobody is on call {}{more}.", span(zone, before.until, *until, now)),
        format!("Then {}.", fallback(outlook.last_resort)),
        "If that is meant, write nobody for that time, or add to Settings at which hours somebody must be on call: Coverage | 08:00-20:00. If it \
         must not happen, Coverage | 24/7. Then you are warned of each gap.",
    );
    findings
        .tell(Code::CoverageGap, Severity::Note, cell_of(before), words)
        .affects(before.until);
}

/// Where a duty is written down.
fn cell_of(duty: &Duty) -> Option<CellAddress> {
    let level = duty.levels.first().map(|level| level.source.clone());
    level.or_else(|| duty.nobody.clone())
}

/// Time within the hours at which somebody must be on call, and nobody is. What comes after the end of the rota is said there.
fn report_uncovered(outlook: &Outlook<'_>, hours: &[DayHours], zone: &Zone, findings: &mut Findings) {
    let now = findings.now();
    let soon = now + SOON;
    // Beyond what is soon only to say where a gap ends that has begun by then.
    let far = soon + SOON;
    let end = match (outlook.horizon, outlook.shifts.iter().map(|shift| shift.until).max()) {
        (Some(_), _) => far,
        (None, Some(end)) => end.min(far),
        (None, None) => return,
    };
    let mut bare = without(&required(hours, zone, now, end), outlook.duties);
    bare.retain(|(from, _)| *from < soon);
    let more = bare.len().saturating_sub(STRETCHES_TOLD);
    for (index, (from, until)) in bare.into_iter().take(STRETCHES_TOLD).enumerate() {
        let before = outlook.duties.partition_point(|duty| duty.from < from);
        let cell = before
            .checked_sub(1)
            .and_then(|before| outlook.duties.get(before))
            .and_then(cell_of);
        let place = cell.as_ref().map_or_else(
            || "Write into the rota who is on call then".to_owned(),
            |cell| format!("Write into the rota, next to {cell}, who is on call then"),
        );
        let others = match more {
            more if more > 0 && index + 1 == STRETCHES_TOLD => format!(" And {} within two weeks.", plural(more, "more gap")),
            _ => String::new(),
        };
        let words = Words::new(
            format!(
                "Nobody is on call {}, within the hours of the setting Coverage.{others}",
                span(zone, from, until, now)
            ),
            format!("Then {}.", fallback(outlook.last_resort)),
            format!("{place}, or nobody where that is meant."),
        );
        let severity = if from - now <= URGENT { Severity::Stop } else { Severity::Warn };
        findings.tell(Code::CoverageGap, severity, cell, words).affects(from);
    }
}

/// A part of a coverage gap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GapPart {
    /// When it begins.
    pub from: DateTime<Utc>,
    /// When it ends.
    pub until: DateTime<Utc>,
    /// Whether somebody must be on call in it.
    pub is_expected: bool,
}

impl Roster {
    /// A coverage gap `[from, until)` part by part, in the order of time and without holes: within the hours of the setting
    /// `Coverage`, and outside of them. Without the setting somebody is expected at all times.
    #[must_use]
    pub fn gap_parts(&self, from: DateTime<Utc>, until: DateTime<Utc>) -> Vec<GapPart> {
        let expected = match &self.coverage {
            Some(hours) => required(hours, &Zone::new(self.time_zone), from, until),
            None => vec![(from, until)],
        };
        let mut parts = Vec::new();
        let mut push = |from, until, is_expected| {
            if from < until {
                parts.push(GapPart { from, until, is_expected });
            }
        };
        let mut reached = from;
        for (from, until) in expected {
            push(reached, from, false);
            push(from, until, true);
            reached = until;
        }
        push(reached, until, false);
        parts
    }

    /// Whether somebody must be on call at some time of `[from, until)`.
    #[must_use]
    pub fn expects_somebody(&self, from: DateTime<Utc>, until: DateTime<Utc>) -> bool {
        self.gap_parts(from, until).iter().any(|part| part.is_expected)
    }

    /// Whether `at` lies in a gap between two duties, and nobody has to be on call just then.
    #[must_use]
    pub fn is_outside_coverage(&self, at: DateTime<Utc>) -> bool {
        match self.on_call(at) {
            OnCall::Gap {
                from: Some(_),
                until: Some(_),
            } => !self.expects_somebody(at, at + TimeDelta::seconds(1)),
            OnCall::Gap { .. } | OnCall::Duty(_) => false,
        }
    }
}

/// The stretches of `[now, end)` in which somebody must be on call, sorted and apart.
fn required(hours: &[DayHours], zone: &Zone, now: DateTime<Utc>, end: DateTime<Utc>) -> Vec<Stretch> {
    let today = zone.to_local(now).date();
    // Hours that began yesterday evening.
    let first = today.checked_sub_days(Days::new(1)).unwrap_or(today);
    let last = zone.to_local(end).date();
    let mut stretches: Vec<Stretch> = Vec::new();
    for date in first.iter_days().take_while(|date| *date <= last) {
        for when in hours.iter().filter(|when| when.days.holds(date)) {
            let Some((from, until)) = when.hours.on(date) else { continue };
            let from = zone.to_utc(from).instant.max(now);
            let until = zone.to_utc(until).instant.min(end);
            if from < until {
                stretches.push((from, until));
            }
        }
    }
    stretches.sort_unstable();
    let mut apart: Vec<Stretch> = Vec::new();
    for (from, until) in stretches {
        match apart.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(until),
            Some(_) | None => apart.push((from, until)),
        }
    }
    apart
}

/// What no duty covers. Both are sorted; each is passed once.
fn without(required: &[Stretch], duties: &[Duty]) -> Vec<Stretch> {
    let mut bare = Vec::new();
    let mut next = 0;
    for (from, until) in required {
        let mut reached = *from;
        while let Some(duty) = duties.get(next).filter(|duty| duty.from < *until) {
            if duty.from > reached {
                bare.push((reached, duty.from));
            }
            reached = reached.max(duty.until);
            if duty.until > *until {
                // It may cover the next stretch as well.
                break;
            }
            next += 1;
        }
        if reached < *until {
            bare.push((reached, *until));
        }
    }
    bare
}

//! What is to come when the rosters of several hotlines are laid side by side: somebody who is on call for two of them at
//! once. It must not know sheets, nor how a roster was read.

use super::findings::{moment, plural, span};
use super::wall_clock::Zone;
use super::{Code, Diagnostic, Level, Phone, Roster, Severity};
use crate::roster::cells::words::quote;
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;

/// A hotline is told of so many pairs of a person and another hotline; the others are counted.
const PAIRS_TOLD: usize = 20;

/// Time in which somebody is on call for one hotline without a break.
struct Stretch<'r> {
    from: DateTime<Utc>,
    until: DateTime<Utc>,
    /// The best level of the person.
    level: &'r Level,
    name: &'r str,
    is_first: bool,
}

/// Time in which somebody is on call for both of two hotlines.
struct Overlap<'r> {
    from: DateTime<Utc>,
    until: DateTime<Utc>,
    /// On each of the two hotlines.
    on: [&'r Stretch<'r>; 2],
}

/// One person, by number, on each hotline.
type Booked<'r> = BTreeMap<usize, Vec<Stretch<'r>>>;

/// Finds whoever is on call for two of these hotlines at once within `[from, until)`: what is to be told of each hotline,
/// in the order given. First on call for both is a warning; on whatever level, good to know. A person is a number.
#[must_use]
pub fn double_booked(hotlines: &[(&str, &Roster)], from: DateTime<Utc>, until: DateTime<Utc>) -> Vec<Vec<Diagnostic>> {
    let mut people: BTreeMap<&Phone, Booked<'_>> = BTreeMap::new();
    for (place, (_, roster)) in hotlines.iter().enumerate() {
        book(&mut people, place, roster, from, until);
    }
    let zones: Vec<Zone> = hotlines.iter().map(|(_, roster)| Zone::new(roster.time_zone)).collect();
    let mut told: Vec<Vec<Diagnostic>> = hotlines.iter().map(|_| Vec::new()).collect();
    for booked in people.values() {
        let pairs = booked
            .iter()
            .enumerate()
            .flat_map(|(nth, one)| booked.iter().skip(nth + 1).map(move |other| [one, other]));
        for [(one, ones), (other, others)] in pairs {
            let Some((severity, overlaps)) = worst(overlaps(ones, others, from, until)) else {
                continue;
            };
            for (side, [own, beside]) in [[*one, *other], [*other, *one]].into_iter().enumerate() {
                let names = [hotlines[own].0, hotlines[beside].0];
                told[own].push(finding(severity, &overlaps, side, names, &zones[own], (from, until)));
            }
        }
    }
    for list in &mut told {
        list.sort_by(|a, b| a.severity.cmp(&b.severity).then_with(|| a.order(b, from)));
        cut(list);
    }
    told
}

fn book<'r>(people: &mut BTreeMap<&'r Phone, Booked<'r>>, place: usize, roster: &'r Roster, from: DateTime<Utc>, until: DateTime<Utc>) {
    let first = roster.duties.partition_point(|duty| duty.until <= from);
    for duty in roster.duties[first..].iter().take_while(|duty| duty.from < until) {
        for (rank, level) in duty.levels.iter().enumerate() {
            for responder in level.responders.iter() {
                let stretches = people.entry(&responder.phone).or_default().entry(place).or_default();
                match stretches.last_mut() {
                    // On a better level of the same duty.
                    Some(last) if last.until > duty.from => {}
                    Some(last) if last.until == duty.from && last.is_first == (rank == 0) => last.until = duty.until,
                    Some(_) | None => stretches.push(Stretch {
                        from: duty.from,
                        until: duty.until,
                        level,
                        name: &responder.name,
                        is_first: rank == 0,
                    }),
                }
            }
        }
    }
}

/// Both are sorted; each is passed once.
fn overlaps<'r>(ones: &'r [Stretch<'r>], others: &'r [Stretch<'r>], from: DateTime<Utc>, until: DateTime<Utc>) -> Vec<Overlap<'r>> {
    let mut found = Vec::new();
    let (mut ones, mut others) = (ones.iter().peekable(), others.iter().peekable());
    while let (Some(one), Some(other)) = (ones.peek().copied(), others.peek().copied()) {
        let overlap = Overlap {
            from: one.from.max(other.from),
            until: one.until.min(other.until),
            on: [one, other],
        };
        if overlap.from < overlap.until && overlap.from < until && overlap.until > from {
            found.push(overlap);
        }
        if one.until <= other.until {
            ones.next();
        } else {
            others.next();
        }
    }
    found
}

/// Where somebody is ever first on call for both, only that is told.
fn worst(mut overlaps: Vec<Overlap<'_>>) -> Option<(Severity, Vec<Overlap<'_>>)> {
    let is_first = |overlap: &Overlap<'_>| overlap.on.iter().all(|stretch| stretch.is_first);
    let severity = if overlaps.iter().any(is_first) {
        overlaps.retain(is_first);
        Severity::Warn
    } else {
        Severity::Note
    };
    (!overlaps.is_empty()).then_some((severity, overlaps))
}

/// `side` says which of the two hotlines it is told of: the first of `names`.
fn finding(
    severity: Severity,
    overlaps: &[Overlap<'_>],
    side: usize,
    names: [&str; 2],
    zone: &Zone,
    (now, until): (DateTime<Utc>, DateTime<Utc>),
) -> Diagnostic {
    let first = &overlaps[0];
    let own = first.on[side];
    let who = quote(own.name);
    let place = match severity {
        Severity::Stop | Severity::Warn => "first on call",
        Severity::Note => "on call",
    };
    let more = match overlaps.len() - 1 {
        0 => String::new(),
        more => format!(", and {} before {}", plural(more, "more time"), moment(zone, until, now)),
    };
    let [hotline, other] = names;
    Diagnostic {
        severity,
        code: Code::TwoHotlines,
        cells: vec![own.level.source.clone()],
        more_cells: 0,
        seen: format!(
            "{who} is {place} for {hotline} and for {other} at the same time: {}{more}.",
            span(zone, first.from, first.until, now)
        ),
        consequence: format!(
            "When both ring, one caller waits for {who} to be free, or goes on to the next person on call where there is one."
        ),
        remedy: "Nothing, if that is meant; otherwise put somebody else on call for one of the two.".to_owned(),
        affects: Some(first.from.max(now)),
    }
}

fn cut(list: &mut Vec<Diagnostic>) {
    let Some(next) = list.get(PAIRS_TOLD) else { return };
    let more = Diagnostic {
        cells: Vec::new(),
        seen: format!("And {} like this, of other people or hotlines.", list.len() - PAIRS_TOLD),
        consequence: String::new(),
        remedy: String::new(),
        ..next.clone()
    };
    list.truncate(PAIRS_TOLD);
    list.push(more);
}

#[cfg(test)]
mod tests;

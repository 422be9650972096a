//! Differences in sentences, as an admin would tell a colleague. It must not know how they are found.

use super::super::findings::moment;
use super::super::wall_clock::Zone;
use super::super::{Phone, Responder};
use super::{Change, Difference, Rest, What};
use crate::roster::cells::words::listed;
use chrono::{DateTime, Utc};
use std::fmt;

/// Names are cut here (characters).
const NAME_AT_MOST: usize = 40;

/// Places in the order of ringing, as people call them.
const PLACES: [&str; 10] = [
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
];

/// The sentences of the first few differences, and how many more there are.
#[must_use]
pub fn told(differences: &[Difference], at_most: usize) -> Vec<String> {
    let mut more = differences.len().saturating_sub(at_most);
    let mut sentences: Vec<String> = differences.iter().take(at_most).map(ToString::to_string).collect();
    if more > 0 {
        if let Some(What::More(uncounted)) = differences.last().map(|difference| &difference.what) {
            more += uncounted - 1;
        }
        sentences.push(what_more(more));
    }
    sentences
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.what {
            What::TimeZone { before, after } => write!(f, "The rota is now read in the time of {after}, no longer in that of {before}"),
            What::LastResort { before, after } => f.write_str(&last_resort(before.as_ref(), after.as_ref())),
            What::Number { name, before, after } => f.write_str(&number(name, before, after)),
            What::Ends { before, after } => f.write_str(&self.ends(*before, *after)),
            What::Repeats { now, ends } => f.write_str(&self.repeats(*now, *ends)),
            What::Duty { from, until, changes } => f.write_str(&self.duty(&self.span(*from, *until), changes)),
            What::More(count) => f.write_str(&what_more(*count)),
        }
    }
}

impl Difference {
    fn moment(&self, at: DateTime<Utc>) -> String {
        moment(&Zone::new(self.zone), at, self.now)
    }

    /// `Tue 3 Mar 18:00–Wed 4 Mar 08:00`; within one day `Tue 3 Mar 18:00–22:00`.
    fn span(&self, from: DateTime<Utc>, until: DateTime<Utc>) -> String {
        let zone = Zone::new(self.zone);
        let end = zone.to_local(until);
        let end = if zone.to_local(from).date() == end.date() {
            end.format("%H:%M").to_string()
        } else {
            self.moment(until)
        };
        format!("{}–{end}", self.moment(from))
    }

    fn ends(&self, before: Option<DateTime<Utc>>, after: Option<DateTime<Utc>>) -> String {
        match (before, after) {
            (Some(before), Some(after)) => {
                let how = if after < before { "earlier" } else { "later" };
                format!(
                    "The rota now ends {}, {how} than before ({})",
                    self.moment(after),
                    self.moment(before)
                )
            }
            (Some(before), None) => format!("The rota has no row any more; it went on until {}", self.moment(before)),
            (None, Some(after)) => format!("The rota now has rows, until {}; it had none", self.moment(after)),
            (None, None) => "The rota has no row".to_owned(),
        }
    }

    fn repeats(&self, now: bool, ends: Option<DateTime<Utc>>) -> String {
        match (now, ends) {
            (true, Some(ends)) => format!("The rota now repeats itself for ever; before, it ended {}", self.moment(ends)),
            (true, None) => "The rota now repeats itself for ever; before, it had no row".to_owned(),
            (false, Some(ends)) => format!("The rota no longer repeats itself for ever; it now ends {}", self.moment(ends)),
            (false, None) => "The rota no longer repeats itself for ever; it has no row any more".to_owned(),
        }
    }

    fn duty(&self, span: &str, changes: &[Change]) -> String {
        let left: Vec<String> = changes
            .iter()
            .filter_map(|change| match change {
                Change::Left { place, gone, .. } => Some(format!("{} no longer {}", people(gone), place_name(*place))),
                Change::Came { .. } | Change::NowMeant | Change::NoLongerMeant => None,
            })
            .collect();
        match changes.first() {
            Some(Change::Left { rest, .. }) => format!("{} on {span}; {}", left.join(", "), instead(rest)),
            Some(Change::Came { place, come, gone, stay }) => {
                let mut text = format!("{} now {} on {span}", people(come), place_name(*place));
                if !gone.is_empty() {
                    text = format!("{text}, in place of {}", people(gone));
                }
                match (gone.is_empty(), stay.is_empty()) {
                    (_, false) => format!("{text}, together with {}", people(stay)),
                    (true, true) => format!("{text}, where nobody was"),
                    (false, true) => text,
                }
            }
            Some(Change::NowMeant) => format!("Nobody on call on {span}, as before; now on purpose"),
            Some(Change::NoLongerMeant) => format!("Nobody on call on {span}, as before; no longer on purpose"),
            None => format!("Another duty on {span}"),
        }
    }
}

fn instead(rest: &Rest) -> String {
    match rest {
        Rest::Same(stay) => format!("still {}", people(stay)),
        Rest::Others => "nobody instead".to_owned(),
        Rest::Meant => "nobody is on call then, on purpose".to_owned(),
        Rest::Nobody => "nobody is on call then".to_owned(),
    }
}

fn last_resort(before: Option<&Responder>, after: Option<&Responder>) -> String {
    let shown = |responder: &Responder| format!("{} ({})", name(&responder.name), responder.phone);
    match (before, after) {
        (Some(before), Some(after)) if before.name == after.name => number(
            &before.name,
            std::slice::from_ref(&before.phone),
            std::slice::from_ref(&after.phone),
        ),
        (Some(before), Some(after)) => format!("The last resort is now {}, in place of {}", shown(after), shown(before)),
        (None, Some(after)) => format!("The last resort is now {}; before, the rota named none", shown(after)),
        (Some(before), None) => format!("The rota names no last resort any more; it was {}", shown(before)),
        (None, None) => "The rota names no last resort".to_owned(),
    }
}

/// Numbers are masked, so that two of them can look the same.
fn number(whose: &str, before: &[Phone], after: &[Phone]) -> String {
    let shown = |numbers: &[Phone]| listed(&numbers.iter().map(ToString::to_string).collect::<Vec<_>>());
    let (whose, before, after) = (name(whose), shown(before), shown(after));
    if before == after {
        return format!("{whose} has another telephone number, which ends as before ({after})");
    }
    format!("{whose} has another telephone number: {after}, before {before}")
}

/// `first`, `tenth`, `number 11`.
pub(in crate::roster) fn place_name(place: usize) -> String {
    PLACES
        .get(place)
        .map_or_else(|| format!("number {}", place + 1), |name| (*name).to_owned())
}

fn people(names: &[String]) -> String {
    listed(&names.iter().map(|one| name(one)).collect::<Vec<_>>())
}

/// A name on one line, and not too long.
pub(in crate::roster) fn name(name: &str) -> String {
    let one_line: String = name.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    match one_line.char_indices().nth(NAME_AT_MOST) {
        Some((cut, _)) => format!("{}…", &one_line[..cut]),
        None => one_line,
    }
}

fn what_more(count: usize) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("And {count} more difference{plural}")
}

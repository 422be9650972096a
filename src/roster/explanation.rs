//! Why the roster says what it says at one instant: which rows are in force and for how long, and which change has won
//! over which cell. It lays nothing itself; it only tells what was laid.

use super::differences::sentences::{name, place_name};
use super::masking::masked;
use super::preview::sentences::{reason, span};
use super::preview::{Piece, Sentence};
use super::read::read_watched;
use super::timeline::{Change, Rung, Shift, Who};
use super::wall_clock::Zone;
use super::{Diagnostic, Roster, Settings, joined};
use crate::roster::cells::words::listed;
use chrono::{DateTime, TimeDelta, Utc};
use providers::{CellAddress, Sheet};
use std::cmp::Reverse;

/// More rows, changes or people than these are left out.
const TOLD_AT_MOST: usize = 20;

/// Reads a sheet as [`super::read`] does, and says why it is as it is at `at`. Names may hold a phone number: what is not for
/// signed-in eyes is masked.
#[must_use]
pub fn explained(sheet: &Sheet, given: &Settings, at: DateTime<Utc>) -> (Roster, Vec<Diagnostic>, Vec<Sentence>) {
    let mut in_force = InForce::default();
    let (roster, findings) = read_watched(sheet, given, at, at, |shifts, changes| in_force = InForce::at(shifts, changes, at));
    let zone = Zone::new(roster.time_zone);
    let mut said = in_force.sentences(&zone, at);
    for one in roster.unreachable(at, at + TimeDelta::seconds(1)).take(TOLD_AT_MOST) {
        let mut sentence = Sentence::default();
        sentence.say(format!(
            "\"{}\" ({}, ",
            masked(&name(&joined(&one.names))),
            masked(&name(&one.label))
        ));
        sentence.0.push(Piece::Cell(one.source.clone()));
        let why = reason(&findings, one).map_or_else(String::new, |why| format!(": {why}"));
        sentence.say(format!(") is on call and cannot be rung{why}."));
        said.push(sentence);
    }
    (roster, findings, said)
}

/// The rows that count at one instant.
#[derive(Default)]
struct InForce {
    /// In the order in which they are rung.
    shifts: Vec<Shift>,
    /// The last row first.
    changes: Vec<Change>,
}

impl InForce {
    fn at(shifts: &[Shift], changes: &[Change], at: DateTime<Utc>) -> Self {
        let holds = |from: DateTime<Utc>, until: DateTime<Utc>| from <= at && at < until;
        let mut running: Vec<Shift> = shifts
            .iter()
            .filter(|shift| holds(shift.from, shift.until))
            .take(TOLD_AT_MOST)
            .cloned()
            .collect();
        running.sort_by_key(|shift| Reverse(shift.from));
        let laid = changes.iter().rev().filter(|change| holds(change.from, change.until));
        Self {
            shifts: running,
            changes: laid.take(TOLD_AT_MOST).cloned().collect(),
        }
    }

    fn sentences(&self, zone: &Zone, at: DateTime<Utc>) -> Vec<Sentence> {
        let mut said: Vec<Sentence> = self.shifts.iter().filter_map(|shift| row(shift, zone, at)).collect();
        if let [first, _, ..] = self.shifts.as_slice()
            && let Some(cell) = first.rungs.first()
        {
            said.push(parts(&[
                P::W("These rows overlap; the one that begins last ("),
                P::C(&cell.source),
                P::W(") is rung first."),
            ]));
        }
        let rota: Vec<&Rung> = self.shifts.iter().flat_map(|shift| &shift.rungs).collect();
        for (index, change) in self.changes.iter().enumerate() {
            for (place, rung) in &change.rungs {
                let later = self.changes[..index].iter().find_map(|later| later.rungs.get(place));
                said.push(laid(change, rung, *place, later, rota.get(*place).copied(), zone, at));
            }
        }
        said.truncate(2 * TOLD_AT_MOST);
        said
    }
}

/// A piece of a sentence: words or a cell.
enum P<'a> {
    W(&'a str),
    C(&'a CellAddress),
}

fn parts(pieces: &[P<'_>]) -> Sentence {
    let mut sentence = Sentence::default();
    for piece in pieces {
        match piece {
            P::W(words) => sentence.say(*words),
            P::C(cell) => sentence.0.push(Piece::Cell((*cell).clone())),
        }
    }
    sentence
}

/// `The row of Rota!B4 holds from Mon 2 Mar 08:00 to Mon 9 Mar 08:00.`
fn row(shift: &Shift, zone: &Zone, at: DateTime<Utc>) -> Option<Sentence> {
    let first = shift.rungs.first()?;
    let span = span(zone, (shift.from, shift.until), at, false);
    Some(parts(&[
        P::W("The row of "),
        P::C(&first.source),
        P::W(&format!(" holds from {span}.")),
    ]))
}

/// `First: the change in Changes!C2, Sat 7 Mar 18:00 to Sun 8 Mar 18:00, beats Rota!B4, which names Priya Nair.`
fn laid(change: &Change, rung: &Rung, place: usize, later: Option<&Rung>, rota: Option<&Rung>, zone: &Zone, at: DateTime<Utc>) -> Sentence {
    let span = span(zone, (change.from, change.until), at, false);
    let place = capital(&place_name(place));
    let mut sentence = parts(&[
        P::W(&format!("{place}: the change in ")),
        P::C(&rung.source),
        P::W(&format!(", {span},")),
    ]);
    match (later, rota) {
        (Some(later), _) => {
            sentence.say(format!(" which names {}, is beaten by the row below it, ", named(rung)));
            sentence.0.push(Piece::Cell(later.source.clone()));
        }
        (None, Some(rota)) => {
            sentence.say(" beats ");
            sentence.0.push(Piece::Cell(rota.source.clone()));
            sentence.say(format!(", which names {}", named(rota)));
        }
        (None, None) => sentence.say(" adds a level that the rota does not have"),
    }
    sentence.say(".");
    sentence
}

/// Whom a cell names, whether they can be rung or not.
fn named(rung: &Rung) -> String {
    match &rung.who {
        Who::People(people) => listed(&people.iter().map(|one| masked(&name(&one.name))).collect::<Vec<_>>()),
        Who::Nobody => "nobody, on purpose".to_owned(),
        Who::Blank => "nobody".to_owned(),
        Who::Lost => rung.unreachable.as_ref().map_or_else(
            || "somebody who cannot be rung".to_owned(),
            |names| format!("\"{}\", who cannot be rung", masked(&name(&joined(names)))),
        ),
    }
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::roster::preview::tests::sheet;

    const WEEKS: &str = "From|1st|2nd\n2026-03-30|Mira Holt|Theo Bank\n2026-04-06|Theo Banks|Mira Holt";
    const CHANGES: &str = "\
From|Until|1st|2nd|3rd
2026-04-04 18:00|2026-04-05 18:00|Theo Banks||
2026-04-04 20:00|2026-04-05 06:00|Ward phone|nobody|Dr Lin Sato";

    fn why(at: &str) -> Vec<String> {
        let (sheet, given) = sheet("Australia/Melbourne", &[("Rota", WEEKS), ("Changes", CHANGES)]);
        let (_, _, said) = explained(&sheet, &given, at.parse().unwrap());
        said.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn rows_changes_and_clocks_are_told_with_their_cells() {
        // Sat 4 Apr 2026 23:00 in Melbourne, whose clocks go back that night.
        assert_eq!(
            why("2026-04-04T12:00:00Z"),
            [
                "The row of Rota!B2 holds from Mon 30 Mar 08:00 to Mon 6 Apr 08:00 (169 hours: the clocks go back).",
                "First: the change in Changes!C3, Sat 4 Apr 20:00 to Sun 5 Apr 06:00 (11 hours: the clocks go back), beats Rota!B2, which names \
                 Mira Holt.",
                "Second: the change in Changes!D3, Sat 4 Apr 20:00 to Sun 5 Apr 06:00 (11 hours: the clocks go back), beats Rota!C2, which names \
                 \"Theo Bank\", who cannot be rung.",
                "Third: the change in Changes!E3, Sat 4 Apr 20:00 to Sun 5 Apr 06:00 (11 hours: the clocks go back), adds a level that the rota \
                 does not have.",
                "First: the change in Changes!C2, Sat 4 Apr 18:00 to Sun 5 Apr 18:00 (25 hours: the clocks go back), which names Theo Banks, is \
                 beaten by the row below it, Changes!C3.",
            ]
        );
    }

    #[test]
    fn who_cannot_be_rung_is_told_with_the_reason() {
        assert_eq!(
            why("2026-03-31T00:00:00Z"),
            [
                "The row of Rota!B2 holds from Mon 30 Mar 08:00 to Mon 6 Apr 08:00 (169 hours: the clocks go back).",
                "\"Theo Bank\" (2nd, Rota!C2) is on call and cannot be rung: not in Contacts.",
            ]
        );
    }

    #[test]
    fn where_no_row_holds_nothing_is_said() {
        assert_eq!(why("2025-03-31T00:00:00Z"), Vec::<String>::new());
    }
}

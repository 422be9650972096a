//! Headers of two rows: a group above (`Day | | Night |`) and what it holds below (`1st | 2nd | 1st | 2nd`), merged or not.
//! The words of both are joined for each column. It must not know what they mean.

use crate::roster::cells::words::{shown, tidy};
use crate::roster::layouts::header::{self, Column, Field};
use providers::Tab;
use std::collections::BTreeSet;

/// A header of one row or of two.
pub(crate) struct HeaderRows {
    pub(crate) first: usize,
    pub(crate) last: usize,
    pub(crate) columns: Vec<Column>,
}

/// Joins a header row with the one below or above it, where these two belong together.
pub(crate) fn joined(tab: &Tab, row: usize, columns: Vec<Column>) -> HeaderRows {
    let dates = columns.iter().find(|column| matches!(column.field, Some(Field::From | Field::Day)));
    let dates = dates.map_or(0, |column| column.place);
    if is_sub_header(tab, row + 1, dates) {
        return HeaderRows {
            first: row,
            last: row + 1,
            columns: join(tab, row, row + 1),
        };
    }
    let above = row.checked_sub(1).filter(|above| groups(tab, *above, row, dates, &columns));
    match above {
        Some(above) => HeaderRows {
            first: above,
            last: row,
            columns: join(tab, above, row),
        },
        None => HeaderRows {
            first: row,
            last: row,
            columns,
        },
    }
}

/// Nothing under the dates, and elsewhere only words for levels, shifts and phones.
fn is_sub_header(tab: &Tab, row: usize, dates: usize) -> bool {
    let columns = header::columns(tab, row);
    let is_part = |column: &Column| match column.field {
        Some(Field::Level(_) | Field::LastLevel | Field::Shift | Field::Phone | Field::SecondPhone | Field::NotRung) => true,
        Some(
            Field::From
            | Field::Until
            | Field::Day
            | Field::Weekday
            | Field::Time
            | Field::Person
            | Field::GivenName
            | Field::FamilyName
            | Field::Alias
            | Field::Team
            | Field::Notes,
        )
        | None => false,
    };
    columns.len() >= 2 && tab.cell(row, dates).is_blank() && columns.iter().all(is_part)
}

/// Whether a row stands above a header as its groups: the header says the same words twice, and the row tells them apart.
fn groups(tab: &Tab, above: usize, row: usize, dates: usize, columns: &[Column]) -> bool {
    let mut words = BTreeSet::new();
    let is_twice = columns
        .iter()
        .filter(|column| column.place != dates)
        .any(|column| !words.insert(column.words.as_str()));
    let upper = header::columns(tab, above);
    let beside = upper.iter().filter(|column| column.place > dates).count();
    let is_date = upper
        .iter()
        .any(|column| crate::roster::layouts::table::is_date(tab.cell(above, column.place)));
    if !is_twice || beside == 0 || is_date {
        return false;
    }
    let joined = join(tab, above, row);
    let apart: BTreeSet<&str> = joined.iter().map(|column| column.words.as_str()).collect();
    apart.len() > words.len()
}

/// The columns of two rows; a group reaches to the right as far as it is merged, else to the next group.
fn join(tab: &Tab, upper: usize, lower: usize) -> Vec<Column> {
    let text = |row: usize, place: usize| tidy(&shown(tab.cell(row, place)));
    let width = |row: usize| tab.rows.get(row).map_or(0, Vec::len).min(header::COLUMNS_AT_MOST);
    let reach = |place: usize| {
        let at = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
        let merge = tab
            .merges
            .iter()
            .find(|merge| (at(merge.first.0), at(merge.first.1)) == (upper, place));
        merge.map_or(usize::MAX, |merge| at(merge.last.1))
    };
    let mut columns = Vec::new();
    let mut group: Option<(String, usize)> = None;
    for place in 0..width(upper).max(width(lower)) {
        let (above, below) = (text(upper, place), text(lower, place));
        if !above.is_empty() {
            group = Some((above, reach(place)));
        }
        let own = !tab.cell(upper, place).is_blank();
        let text = match &group {
            Some((group, reach)) if place <= *reach && (own || !below.is_empty()) => format!("{group} {below}").trim().to_owned(),
            Some(_) | None => below,
        };
        if text.is_empty() {
            continue;
        }
        let words = header::words(&text);
        let field = header::field(&words);
        columns.push(Column { place, text, words, field });
    }
    columns
}

/// Columns to the right or left of a wholly blank one that are a table of their own, such as a list of staff; `dates` is in the
/// table that counts.
pub(crate) fn beside(tab: &Tab, row: usize, columns: &[Column], dates: usize, is_of_rota: impl Fn(&Column) -> bool) -> Vec<usize> {
    const LOOKED_AT: usize = 50;
    let is_blank = |place: usize| (row..tab.rows.len()).take(LOOKED_AT).all(|row| tab.cell(row, place).is_blank());
    let mut parts: Vec<Vec<&Column>> = Vec::new();
    for column in columns {
        match parts.last_mut() {
            Some(part) if !part.last().is_some_and(|last| (last.place + 1..column.place).any(is_blank)) => part.push(column),
            Some(_) | None => parts.push(vec![column]),
        }
    }
    let own = parts
        .iter()
        .find(|part| part.iter().any(|column| column.place == dates))
        .map_or(0, Vec::len);
    let is_other = |part: &&Vec<&Column>| {
        let names = part
            .iter()
            .any(|column| matches!(column.field, Some(Field::Person | Field::GivenName | Field::FamilyName)));
        names && own > 1 && part.iter().all(|column| column.place != dates && !is_of_rota(column))
    };
    parts.iter().filter(is_other).flatten().map(|column| column.place).collect()
}

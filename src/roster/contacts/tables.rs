//! Where contacts stand in a tab: one table or several, beside and below one another, alone or beside a rota.
//! It must not read names and numbers.

use crate::roster::cells::words::{fold, shown};
use crate::roster::layouts::header::{self, Column, Field, HEADER_WITHIN};
use providers::{Cell, Tab};
use std::collections::BTreeSet;

/// Rows in which it is looked up whether a column holds numbers at all, or names that come only once.
const LOOKED_AT: usize = 1_000;
/// Whoever picks these cells up is not at a desk: the numbers below such words are rung first.
#[rustfmt::skip]
const MOBILE: &[&str] = &[
    "mobile", "mob", "cell", "cellphone", "mobiles", "handy", "handynummer", "mobil", "mobilnummer", "mobiltelefon", "portable", "gsm",
    "movil", "celular", "cellulare", "手机", "工作手机", "手机号", "手机号码",
];

/// Headers of a column that says who is away now. Only among contacts: in a rota the same word says how certain a row is.
#[rustfmt::skip]
const STATUS: &[&str] = &[
    "status", "presence", "availability", "current status", "statut", "etat", "disponibilite", "anwesenheit", "verfugbarkeit", "verfuegbarkeit",
    "estado", "presencia", "disponibilidad",
];

/// The columns of one table of contacts.
#[derive(Clone, Debug)]
pub(super) struct Columns {
    pub(super) name: Vec<usize>,
    /// In the order in which they are tried, with their headers.
    pub(super) phones: Vec<(usize, String)>,
    /// Of those the ones that are rung when nobody accepts on the first, in their order.
    pub(super) seconds: Vec<usize>,
    pub(super) aliases: Vec<usize>,
    pub(super) status: Option<usize>,
}

/// One table of contacts, its header in `header_row`.
pub(super) struct Table<'t> {
    pub(super) tab: &'t Tab,
    pub(super) header_row: usize,
    pub(super) columns: Columns,
}

/// How well a header row fits a table of contacts.
pub(in crate::roster) fn score(columns: &[Column]) -> Option<usize> {
    let has = |wanted: Field| columns.iter().any(|column| column.field == Some(wanted));
    (has_names(columns) && has(Field::Phone) && !is_dated(columns)).then(|| header::named(columns))
}

/// The same without numbers: names with initials, an e-mail address or an id.
fn score_of_names(columns: &[Column]) -> Option<usize> {
    let has = |wanted: Field| columns.iter().any(|column| column.field == Some(wanted));
    let is_known = has(Field::Phone) || has(Field::SecondPhone) || has(Field::Alias);
    (has_names(columns) && is_known && !is_dated(columns)).then(|| header::named(columns))
}

fn has_names(columns: &[Column]) -> bool {
    let is_name = |column: &Column| matches!(column.field, Some(Field::Person | Field::GivenName | Field::FamilyName));
    columns.iter().any(is_name)
}

fn is_dated(columns: &[Column]) -> bool {
    let is_time = |column: &Column| {
        matches!(
            column.field,
            Some(Field::From | Field::Until | Field::Level(_) | Field::LastLevel | Field::Shift | Field::Time)
        )
    };
    columns.iter().any(is_time)
}

/// Whether a tab that is not named for it holds contacts: names that come once each, with numbers or other names beside them.
pub(in crate::roster) fn fits(tab: &Tab) -> bool {
    let Some((row, found)) = header::find(tab, score_of_names) else {
        return false;
    };
    let Some(columns) = Columns::of(tab, row, &found) else {
        return false;
    };
    if !columns.phones.is_empty() {
        return true;
    }
    // Without numbers it takes more to tell: nothing of a plan, and each name once.
    let is_plan = found
        .iter()
        .any(|column| crate::roster::cells::calendar_words::month_named(&column.words).is_some());
    !is_plan && !columns.aliases.is_empty() && are_unique(tab, row, &columns.name)
}

/// The tables of a tab that is named for contacts, or holds them.
pub(super) fn of(tab: &Tab) -> Vec<Table<'_>> {
    let by_name = |columns: &[Column]| (has_names(columns) && !is_dated(columns)).then(|| header::named(columns));
    let found = header::find(tab, score_of_names).or_else(|| header::find(tab, by_name));
    let Some((row, columns)) = found else { return Vec::new() };
    let blocks: Vec<&[Column]> = blocks(&columns)
        .into_iter()
        .filter(|block| score_of_names(block).is_some())
        .collect();
    let parts: Vec<&[Column]> = if blocks.len() > 1 { blocks } else { vec![&columns] };
    tables(tab, row, &parts)
}

/// The tables that stand beside a rota in its own tab: parted from it by a column without a header.
pub(super) fn beside(tab: &Tab) -> Vec<Table<'_>> {
    for row in 0..tab.rows.len().min(HEADER_WITHIN) {
        let columns = header::columns(tab, row);
        let blocks = blocks(&columns);
        if blocks.len() < 2 || !blocks.iter().any(|block| is_dated(block)) {
            continue;
        }
        let parts: Vec<&[Column]> = blocks.into_iter().filter(|block| score_of_names(block).is_some()).collect();
        let mut found = tables(tab, row, &parts);
        found.retain(|table| are_unique(tab, row, &table.columns.name));
        if !found.is_empty() {
            return found;
        }
    }
    Vec::new()
}

fn tables<'t>(tab: &'t Tab, row: usize, parts: &[&[Column]]) -> Vec<Table<'t>> {
    let table = |part: &&[Column]| {
        Some(Table {
            tab,
            header_row: row,
            columns: Columns::of(tab, row, part)?,
        })
    };
    parts.iter().filter_map(table).collect()
}

/// Runs of columns side by side.
fn blocks(columns: &[Column]) -> Vec<&[Column]> {
    columns.chunk_by(|one, next| next.place == one.place + 1).collect()
}

/// The columns that a row further down announces anew: a second table below the first.
pub(super) fn again(tab: &Tab, row: usize, within: &Columns) -> Option<Columns> {
    let text = tab.cell(row, within.name.first().copied()?);
    let is_word = matches!(
        header::field(&header::words(&shown(text))),
        Some(Field::Person | Field::GivenName | Field::FamilyName)
    );
    if !is_word {
        return None;
    }
    let columns = header::columns(tab, row);
    score_of_names(&columns)?;
    Columns::of(tab, row, &columns)
}

impl Columns {
    fn of(tab: &Tab, row: usize, columns: &[Column]) -> Option<Self> {
        let places = |wanted: Field| {
            columns
                .iter()
                .filter(move |column| column.field == Some(wanted))
                .map(|column| column.place)
        };
        let name = match (
            places(Field::Person).next(),
            places(Field::GivenName).next(),
            places(Field::FamilyName).next(),
        ) {
            (Some(name), _, _) => vec![name],
            (None, given, family) => given.into_iter().chain(family).collect(),
        };
        let numbers: Vec<&Column> = columns
            .iter()
            .filter(|column| matches!(column.field, Some(Field::Phone | Field::SecondPhone)) && may_hold_numbers(tab, row, column.place))
            .collect();
        let rank = |column: &&&Column| match column.field {
            Some(Field::Phone) if is_mobile(column) => 0,
            Some(Field::Phone) => 1,
            Some(_) | None => 2,
        };
        let mut numbers: Vec<&&Column> = numbers.iter().collect();
        numbers.sort_by_key(|column| (rank(column), column.place));
        let is_second = |column: &Column| column.field == Some(Field::SecondPhone) && !header::is_of_a_place(&column.words);
        (!name.is_empty()).then(|| Self {
            name,
            seconds: numbers
                .iter()
                .filter(|column| is_second(column))
                .map(|column| column.place)
                .collect(),
            phones: numbers.into_iter().map(|column| (column.place, column.text.clone())).collect(),
            aliases: places(Field::Alias).collect(),
            status: columns
                .iter()
                .find(|column| STATUS.contains(&column.words.as_str()))
                .map(|column| column.place),
        })
    }
}

fn is_mobile(column: &Column) -> bool {
    column.words.split(' ').any(|word| MOBILE.contains(&word))
}

/// `CanPhones | Y | N` is no column of numbers.
fn may_hold_numbers(tab: &Tab, header_row: usize, place: usize) -> bool {
    let cells = (header_row + 1..tab.rows.len()).map(|row| tab.cell(row, place));
    let mut filled = cells.filter(|cell| !cell.is_blank()).take(LOOKED_AT).peekable();
    let is_mark = |cell: &Cell| match cell {
        Cell::Text(text) => text.trim().chars().count() <= 5 && !text.contains(|c: char| c.is_ascii_digit()),
        Cell::Bool(_) => true,
        Cell::Empty | Cell::Number(_) | Cell::DateTime(_) | Cell::Time(_) | Cell::Error(_) => false,
    };
    filled.peek().is_none() || !filled.all(is_mark)
}

/// Whether names come once each; one alone proves nothing.
fn are_unique(tab: &Tab, header_row: usize, places: &[usize]) -> bool {
    let mut seen = BTreeSet::new();
    for row in (header_row + 1..tab.rows.len()).take(LOOKED_AT) {
        let parts: Vec<String> = places.iter().map(|place| fold(&shown(tab.cell(row, *place)))).collect();
        let name = parts.join(" ");
        if !name.trim().is_empty() && !seen.insert(name) {
            return false;
        }
    }
    seen.len() > 1
}

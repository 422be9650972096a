//! Weekdays across: `Name | Mon | Tue …` with hours or codes in the cells, `Name | MonStart | MonEnd …`, or
//! `Shift | Mon | Tue …` with names in the cells; perhaps several weeks beside or below one another. It must not know
//! how a template is written out.

use super::days::{DayHeader, Side, day_header, is_week_header, settle, week_cell, week_label};
use super::duty_cell::{self, Duty};
use super::{Template, names_in_cells, people_down};
use crate::roster::cells::names::Found;
use crate::roster::cells::words::{fold, listed, quote, shown};
use crate::roster::contacts::People;
use crate::roster::conventions::Conventions;
use crate::roster::findings::{Findings, Words};
use crate::roster::layouts::Refusal;
use crate::roster::layouts::header::{self, COLUMNS_AT_MOST, Column, Field, HEADER_WITHIN};
use crate::roster::layouts::table::{Merged, ROWS_AT_MOST, is_blank_row, is_date};
use crate::roster::layouts::teams::Team;
use crate::roster::terms::Meaning;
use crate::roster::{Code, Severity};
use chrono::Weekday;
use providers::{Cell, Tab};

/// So many weekdays in one row are the top of a week.
const WEEKDAYS_ACROSS: usize = 3;
/// So many cells tell what a table holds.
const CELLS_TRIED: usize = 300;

/// The table, perhaps in several blocks below one another.
pub(crate) struct Across<'t> {
    pub(super) tab: &'t Tab,
    pub(super) blocks: Vec<Block>,
    pub(super) holds: Holds,
}

/// What stands in the cells under the weekdays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holds {
    Hours,
    Names,
}

/// One header row and the rows below it.
pub(super) struct Block {
    pub(super) header_row: usize,
    /// The row after its last one.
    pub(super) end: usize,
    pub(super) days: Vec<DayColumn>,
    pub(super) columns: Vec<Column>,
    /// Where the header row or the line above it names one week for the whole block.
    pub(super) week: Option<u32>,
    /// The column that names the week of each row.
    pub(super) week_column: Option<usize>,
}

/// A column, or two, under a weekday.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct DayColumn {
    pub(super) day: Weekday,
    pub(super) place: usize,
    /// The column of ends, where the first is one of starts.
    pub(super) end: Option<usize>,
    /// Of the cycle, from 0.
    pub(super) week: Option<u32>,
}

pub(super) fn recognise<'t>(tab: &'t Tab, conventions: &Conventions, people: &People) -> Option<Result<Across<'t>, Refusal>> {
    let first = (0..tab.rows.len().min(HEADER_WITHIN)).find_map(|row| block(tab, row))?;
    let mut across = Across {
        tab,
        holds: holds(tab, &first, conventions, people)?,
        blocks: vec![first],
    };
    if let Some(refusal) = across.find_further() {
        return Some(Err(refusal));
    }
    let has_people = across.blocks.iter().any(|block| match across.holds {
        Holds::Hours => block.name_column().is_some(),
        Holds::Names => true,
    });
    has_people.then_some(Ok(across))
}

/// The header row of a week, if this is one.
fn block(tab: &Tab, row: usize) -> Option<Block> {
    let columns = header::columns(tab, row);
    let headed: Vec<(usize, DayHeader)> = columns
        .iter()
        .filter_map(|column| Some((column.place, day_header(&column.text)?)))
        .collect();
    if headed.len() < WEEKDAYS_ACROSS || dates_beside(tab, row, &headed) {
        return None;
    }
    let days = day_columns(tab, row, &headed)?;
    let is_day = |place: usize| headed.iter().any(|(day, _)| *day == place);
    let others: Vec<Column> = columns.into_iter().filter(|column| !is_day(column.place)).collect();
    let week_column = others
        .iter()
        .find(|column| is_week_header(&column.words))
        .map(|column| column.place);
    let above = row.checked_sub(1).and_then(|above| lone_week(tab, above));
    let week = others.iter().find_map(|column| week_label(&column.text)).or(above);
    Some(Block {
        header_row: row,
        end: tab.rows.len().min(row + 1 + ROWS_AT_MOST),
        days,
        columns: others,
        week,
        week_column,
    })
}

/// Dates or days of a month right above or below the weekdays: a calendar, not a template.
fn dates_beside(tab: &Tab, row: usize, headed: &[(usize, DayHeader)]) -> bool {
    let is_number = |cell: &Cell| matches!(shown(cell).trim().parse::<f64>(), Ok(number) if (1.0..=31.0).contains(&number));
    let near = row.saturating_sub(2)..(row + 3).min(tab.rows.len());
    near.filter(|other| *other != row).any(|other| {
        let cells: Vec<&Cell> = headed.iter().map(|(place, _)| tab.cell(other, *place)).collect();
        let dates = cells.iter().filter(|cell| is_date(cell)).count();
        let numbers: Vec<f64> = cells
            .iter()
            .filter(|cell| is_number(cell))
            .filter_map(|cell| shown(cell).trim().parse().ok())
            .collect();
        let rising = numbers.len() >= WEEKDAYS_ACROSS && numbers.windows(2).all(|two| two[0] + 1.0 == two[1]);
        dates >= 2 || rising
    })
}

/// The columns of days with their weeks; nothing where a day is not certain.
fn day_columns(tab: &Tab, row: usize, headed: &[(usize, DayHeader)]) -> Option<Vec<DayColumn>> {
    let mut named: Vec<(usize, DayHeader, u32)> = Vec::with_capacity(headed.len());
    let mut repeats = 0;
    for (index, (place, header)) in headed.iter().enumerate() {
        // A day once more begins a further week.
        let again = headed[..index]
            .iter()
            .rev()
            .take_while(|(place, _)| named.iter().any(|(known, _, week)| known == place && *week == repeats));
        if again
            .into_iter()
            .any(|(_, before)| (before.days, before.side) == (header.days, header.side))
        {
            repeats += 1;
        }
        named.push((*place, *header, repeats));
    }
    let over = weeks_above(tab, row, headed);
    let mut columns: Vec<DayColumn> = Vec::new();
    for repeat in 0..=repeats {
        let of_week: Vec<&(usize, DayHeader, u32)> = named.iter().filter(|(_, _, week)| *week == repeat).collect();
        let mut words: Vec<_> = of_week.iter().map(|(_, header, _)| header.days).collect();
        words.dedup();
        let days = settle(&words)?;
        let day_of = |header: &DayHeader| {
            words
                .iter()
                .position(|word| *word == header.days)
                .and_then(|at| days.get(at).copied())
        };
        for (place, header, _) in of_week {
            let day = day_of(header)?;
            let above = over.iter().rev().find(|(from, _)| from <= place).map(|(_, week)| *week);
            let week = header.week.or(above).or((repeats > 0).then_some(repeat));
            match header.side {
                Side::Whole | Side::Start => columns.push(DayColumn {
                    day,
                    place: *place,
                    end: None,
                    week,
                }),
                Side::End => {
                    let start = columns.iter_mut().rev().find(|column| column.day == day && column.end.is_none())?;
                    start.end = Some(*place);
                }
            }
        }
    }
    let sided = headed.iter().any(|(_, header)| header.side != Side::Whole);
    let is_whole = columns.iter().all(|column| column.end.is_some() == sided);
    is_whole.then_some(columns)
}

/// `Week 1`, `Week 2` in the row above, each from its column on.
fn weeks_above(tab: &Tab, row: usize, headed: &[(usize, DayHeader)]) -> Vec<(usize, u32)> {
    let Some(above) = row.checked_sub(1) else { return Vec::new() };
    let first = headed.first().map_or(0, |(place, _)| *place);
    let cells = tab.rows.get(above).map_or(&[] as &[Cell], Vec::as_slice);
    let labels = cells.iter().enumerate().take(COLUMNS_AT_MOST).skip(first);
    let weeks: Vec<(usize, u32)> = labels
        .filter_map(|(place, cell)| Some((place, week_label(&shown(cell))?)))
        .collect();
    weeks
}

/// A row in which nothing stands but one week's name.
fn lone_week(tab: &Tab, row: usize) -> Option<u32> {
    let mut filled = tab.rows.get(row)?.iter().filter(|cell| !cell.is_blank());
    let first = filled.next()?;
    if filled.next().is_some() { None } else { week_label(&shown(first)) }
}

/// What the cells under the weekdays hold, from the first of them.
fn holds(tab: &Tab, block: &Block, conventions: &Conventions, people: &People) -> Option<Holds> {
    let is_contact = |text: &str| {
        text.split(['/', '&', '\n', ','])
            .any(|part| matches!(people.names.find(part), Found::One(_)))
    };
    let (mut hours, mut contacts, mut words, mut known_rows) = (0, 0, 0, 0);
    let (mut tried, mut named_rows) = (0, 0);
    for row in block.header_row + 1..block.end {
        named_rows += usize::from(block.name_column().is_some_and(|place| is_contact(&shown(tab.cell(row, place)))));
        known_rows += usize::from(names_in_cells::is_known(tab, block, row, conventions));
        for day in &block.days {
            let cell = tab.cell(row, day.place);
            if cell.is_blank() {
                continue;
            }
            tried += 1;
            let text = shown(cell);
            let duty = match day.end {
                Some(end) => duty_cell::read_ends(cell, tab.cell(row, end)),
                None => duty_cell::read(cell, day.day, conventions),
            };
            match duty {
                Duty::On { .. } | Duty::WithoutHours => hours += 1,
                Duty::Off => {}
                Duty::Unknown if is_contact(&text) => contacts += 1,
                Duty::Unknown => words += usize::from(text.chars().any(char::is_alphabetic)),
            }
        }
        if tried >= CELLS_TRIED {
            break;
        }
    }
    let is_of_people = block.name_column().is_some() && known_rows == 0;
    let is_of_hours = if is_of_people {
        hours > contacts
    } else {
        named_rows > 0 && hours > contacts + words
    };
    if is_of_hours {
        Some(Holds::Hours)
    } else if known_rows > 0 && contacts + words > hours {
        Some(Holds::Names)
    } else {
        None
    }
}

impl Block {
    /// The column of names, where people stand down the side.
    pub(super) fn name_column(&self) -> Option<usize> {
        let of = |wanted: Field| self.columns.iter().find(|column| column.field == Some(wanted));
        let named = of(Field::Person).or_else(|| of(Field::GivenName)).or_else(|| of(Field::FamilyName));
        named.map(|column| column.place)
    }

    /// The week of a row in a column of days.
    pub(super) fn week(&self, tab: &Tab, row: usize, day: &DayColumn) -> Option<u32> {
        let of_row = self.week_column.and_then(|place| week_cell(&shown(tab.cell(row, place))));
        of_row.or(day.week).or(self.week)
    }
}

impl<'t> Across<'t> {
    pub(super) fn header_row(&self) -> usize {
        self.blocks.first().map_or(0, |block| block.header_row)
    }

    pub(super) fn header_place(&self) -> usize {
        let first = self.blocks.first().and_then(|block| block.days.first());
        first.map_or(0, |day| day.place)
    }

    /// Blocks below the first one. Each must be another week: else they may be teams.
    fn find_further(&mut self) -> Option<Refusal> {
        let place = self.header_place();
        let text = fold(&shown(self.tab.cell(self.header_row(), place)));
        let last = self.tab.rows.len().min(ROWS_AT_MOST);
        for row in self.header_row() + 1..last {
            if fold(&shown(self.tab.cell(row, place))) != text {
                continue;
            }
            let Some(next) = block(self.tab, row) else { continue };
            let is_told = next.week.is_some() && self.blocks.iter().all(|known| known.week.is_some() && known.week != next.week);
            if !is_told {
                return Some(Refusal {
                    cell: self.tab.address(row, place),
                    seen: "A second table of weekdays begins here, and nothing says which week of a cycle each of them is".to_owned(),
                    remedy: "Write Week 1, Week 2 … above each table; tables of other teams belong into tabs of their own.".to_owned(),
                });
            }
            if let Some(before) = self.blocks.last_mut() {
                before.end = if lone_week(self.tab, row - 1).is_some() { row - 1 } else { row };
            }
            self.blocks.push(next);
        }
        None
    }

    pub(super) fn in_words(&self) -> String {
        let days: Vec<String> = self.blocks.first().map_or_else(Vec::new, |block| {
            let mut days: Vec<String> = block.days.iter().map(|day| day.day.to_string()).collect();
            days.dedup();
            days
        });
        let span = match days.as_slice() {
            [first, .., last] => format!("{first} to {last}"),
            _ => listed(&days),
        };
        match self.holds {
            Holds::Hours => format!("a fixed week: people down the side, {span} across, hours or codes in the cells"),
            Holds::Names => format!("a fixed week: shifts or levels down the side, {span} across, names in the cells"),
        }
    }

    pub(super) fn template(&self, conventions: &Conventions, team: &Team, merged: &Merged, findings: &mut Findings) -> Template {
        let first_day = self.blocks.first().and_then(|block| block.days.first());
        let mut template = Template {
            parts: Vec::new(),
            weeks: 0,
            begins: first_day.map(|day| day.day),
            cell: Some(self.tab.address(self.header_row(), self.header_place())),
        };
        for block in &self.blocks {
            match self.holds {
                Holds::Hours => people_down::read(self.tab, block, conventions, team, merged, &mut template.parts, findings),
                Holds::Names => names_in_cells::read(self.tab, block, conventions, team, merged, &mut template.parts, findings),
            }
        }
        template.weeks = template.parts.iter().filter_map(|part| part.week).max().map_or(0, |week| week + 1);
        template
    }
}

/// What a row of a role says of it: `None` where it must not be rung.
pub(super) fn role(tab: &Tab, block: &Block, row: usize, conventions: &Conventions) -> Option<Option<super::Place>> {
    let header = block.columns.iter().find(|column| {
        matches!(
            column.words.as_str(),
            "role" | "tier" | "level" | "position" | "type" | "escalation level" | "line" | "priority" | "rolle" | "rol"
        )
    });
    let Some(column) = header else { return Some(None) };
    match conventions.terms.label(&shown(tab.cell(row, column.place))) {
        Some(Meaning::Silent) => None,
        Some(Meaning::Rings(term)) => Some(term.level),
        None => Some(None),
    }
}

/// Rows that stand in a table and are not read.
pub(super) fn report_row(tab: &Tab, row: usize, place: usize, findings: &mut Findings) {
    let words = || {
        Words::new(
            format!(
                "{} names no shift, no hours and no level that is known.",
                quote(&shown(tab.cell(row, place)))
            ),
            "Nobody of this row is rung.",
            "Add to Settings what it stands for, for example Shift: (its name) | 20:00-08:00, or Role: (its name) | 1st; or not rung.",
        )
        .of_one_cell()
    };
    let cause = findings.cause(Code::RowsIgnored, Severity::Warn, "weekly").say(words);
    cause.at(tab.address(row, place));
}

/// The rows of a block that hold something of the team.
pub(super) fn rows<'b>(tab: &'b Tab, block: &'b Block, team: &'b Team) -> impl Iterator<Item = usize> + 'b {
    (block.header_row + 1..block.end).filter(|row| !is_blank_row(tab, *row) && team.holds(tab, *row))
}

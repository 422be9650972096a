//! Shapes that people keep and that are not read yet, told apart roughly: only for the words of a refusal, never to
//! ring anybody. A layout that comes to be read leaves here.

use crate::roster::cells::calendar_words::Weekdays;
use crate::roster::cells::dates::week_number;
use crate::roster::cells::words::{fold, quote, shown, shown_at};
use crate::roster::contacts;
use crate::roster::layouts::drawing;
use crate::roster::layouts::header::{self, Column, Field, HEADER_WITHIN};
use crate::roster::layouts::table::{is_date, is_range, mostly};
use providers::{Cell, CellAddress, Tab};
use std::collections::BTreeSet;

/// So many weekdays in one row are the top of a week.
const WEEKDAYS_ACROSS: usize = 3;

/// So many weeks are a cycle.
pub(crate) const WEEKS_ACROSS: usize = 3;

/// What a tab looks like.
pub(crate) struct LooksLike {
    pub(crate) cell: CellAddress,
    /// A sentence without its full stop.
    pub(crate) seen: String,
    pub(crate) remedy: &'static str,
}

pub(crate) const HANDOVER_LIST: &str = "For now keep a handover list, one row for each handover: From | 1st | 2nd | 3rd.";

/// The first shape that a tab without a readable header row looks like.
pub(crate) fn looks_like(tab: &Tab) -> Option<LooksLike> {
    nothing(tab)
        .or_else(|| drawn(tab))
        .or_else(|| weekdays_across(tab))
        .or_else(|| weeks_across(tab))
        .or_else(|| one_column(tab))
        .or_else(|| dates_without_a_header(tab))
        .or_else(|| people_without_dates(tab))
}

/// Boxes for days below the days of the week.
fn drawn(tab: &Tab) -> Option<LooksLike> {
    let row = drawing::weekdays(tab)?;
    Some(LooksLike {
        cell: tab.address(row, 0),
        seen: "It looks like a calendar drawing: the days of a month in boxes, with names below the numbers".to_owned(),
        remedy: "Write the shifts as a list, one row for each day: Date | 1st | 2nd. `rotaline template --layout shifts --out rota.xlsx` writes a \
                 rota to fill in.",
    })
}

/// A week that repeats itself, and holds something else than is read of such weeks.
fn weekdays_across(tab: &Tab) -> Option<LooksLike> {
    let is_weekday = |column: &&Column| {
        let first = column.words.split(' ').next().unwrap_or_default();
        !Weekdays::named(first).is_empty()
    };
    (0..tab.rows.len().min(HEADER_WITHIN)).find_map(|row| {
        let columns = header::columns(tab, row);
        let days: Vec<&Column> = columns.iter().filter(is_weekday).collect();
        let first = days.first().filter(|_| days.len() >= WEEKDAYS_ACROSS)?;
        Some(LooksLike {
            cell: tab.address(row, first.place),
            seen: "It looks like a fixed week, with days of the week across the top, but neither people with their hours nor shifts with names \
                   stand below it"
                .to_owned(),
            remedy: "Write Name | Mon | Tue … with hours such as 08:00-16:00 below the days, or Shift | Mon | Tue … with names below them.",
        })
    })
}

/// `Week 1`, which is no date without a year.
pub(crate) fn is_numbered_week(text: &str) -> bool {
    week_number(text).is_some_and(|week| week.year.is_none())
}

/// `Week 1 | Week 2 | Week 3`: a cycle that does not say when it began.
fn weeks_across(tab: &Tab) -> Option<LooksLike> {
    let is_week = |column: &&Column| is_numbered_week(&column.text);
    (0..tab.rows.len().min(HEADER_WITHIN)).find_map(|row| {
        let columns = header::columns(tab, row);
        let weeks: Vec<&Column> = columns.iter().filter(is_week).collect();
        let first = weeks.first().filter(|_| weeks.len() >= WEEKS_ACROSS)?;
        Some(LooksLike {
            cell: tab.address(row, first.place),
            seen: "Weeks are numbered across the top, and nothing says on which date the first of them began".to_owned(),
            remedy: "Write the date on which each week begins in place of its number. If the weeks take turns for ever, put them down the side, \
                     Week | 1st | 2nd, and add to Settings: Rotation starts | 2 Mar 2026 (the day on which the first of them began), and Turn | 7 days.",
        })
    })
}

fn nothing(tab: &Tab) -> Option<LooksLike> {
    let is_empty = tab.rows.iter().flatten().all(Cell::is_blank);
    is_empty.then(|| LooksLike {
        cell: tab.address(0, 0),
        seen: "Nothing stands here".to_owned(),
        remedy: "Restore the rota, for example from its version history, or write one: From | 1st | 2nd | 3rd.",
    })
}

/// Prose, a drawing, or a text file parted by something else than is known.
fn one_column(tab: &Tab) -> Option<LooksLike> {
    let filled = |cells: &Vec<Cell>| cells.iter().filter(|cell| !cell.is_blank()).count();
    let is_narrow = tab.rows.iter().all(|cells| filled(cells) <= 1);
    is_narrow.then(|| LooksLike {
        cell: tab.address(0, 0),
        seen: "Everything stands in one column: it looks like a text, not a table".to_owned(),
        remedy: "Put dates and people into columns of their own: From | 1st | 2nd | 3rd. `rotaline template --layout handover --out rota.xlsx` writes a rota to fill in.",
    })
}

/// Dates below a header that is not a word for dates, or below none at all.
fn dates_without_a_header(tab: &Tab) -> Option<LooksLike> {
    let (row, cells) = tab
        .rows
        .iter()
        .enumerate()
        .take(HEADER_WITHIN)
        .find(|(_, cells)| cells.iter().filter(|cell| !cell.is_blank()).count() > 1)?;
    let is_days = |cell: &Cell| is_date(cell) || is_range(cell);
    let place = (0..cells.len()).find(|place| mostly(tab, row, *place, is_days))?;
    let cell = tab.address(row, place);
    let title = &cells[place];
    if is_days(title) {
        return Some(LooksLike {
            cell,
            seen: format!("There is no header row above {}", quote(&shown_at(tab, row, place))),
            remedy: "Put a header row above the first date: From | 1st | 2nd | 3rd.",
        });
    }
    let title = if title.is_blank() {
        "A column without a header".to_owned()
    } else {
        quote(&shown_at(tab, row, place))
    };
    Some(LooksLike {
        cell,
        seen: format!("{title} holds dates, but is not a header that is known for dates"),
        remedy: "Name that column From or Date, and the columns of people 1st | 2nd | 3rd.",
    })
}

/// Contacts only, perhaps by team.
fn people_without_dates(tab: &Tab) -> Option<LooksLike> {
    let (row, columns) = header::find(tab, contacts::score)?;
    let team = columns.iter().find(|column| column.field == Some(Field::Team));
    let several = team.filter(|column| distinct(tab, row, column.place) > 1);
    let seen = match several {
        Some(_) => "It looks like a list of people by team, without dates and without the order in which they are rung",
        None => "It looks like a list of contacts, without dates: it says how people are reached, not when they are on call",
    };
    Some(LooksLike {
        cell: tab.address(row, 0),
        seen: seen.to_owned(),
        remedy: if several.is_some() {
            "Add to Settings: Team | (the team of this hotline), and a column Role with Primary, Secondary, and so on."
        } else {
            "Keep it as a tab Contacts, and add a tab Rota, one row for each handover: From | 1st | 2nd | 3rd."
        },
    })
}

fn distinct(tab: &Tab, header_row: usize, place: usize) -> usize {
    let rows = (header_row + 1..tab.rows.len()).take(1_000);
    let texts: BTreeSet<String> = rows
        .map(|row| fold(&shown(tab.cell(row, place))))
        .filter(|text| !text.is_empty())
        .collect();
    texts.len()
}

//! Months drawn as on a wall: the days of the week across, below them boxes with the numbers of the days, and in the boxes
//! whatever fits. They are a picture of a rota and are never read. It must not know who stands in a box.

use crate::roster::cells::calendar_words::Weekdays;
use crate::roster::cells::dates::day_of_month;
use crate::roster::cells::words::{fold, shown};
use providers::{Cell, Tab};

/// The days of the week stand in one of the first rows, below a title.
const WEEKDAYS_WITHIN: usize = 12;
/// Days of the week that are drawn at least.
const DAYS_AT_LEAST: usize = 5;
/// Weeks that are drawn at least.
const WEEKS_AT_LEAST: usize = 3;
/// Rows that are looked at: a month takes fewer.
const ROWS_AT_MOST: usize = 60;

/// Whether a tab is drawn.
pub(crate) fn is_one(tab: &Tab) -> bool {
    weekdays(tab).is_some()
}

/// The row of the days of the week, where weeks are drawn below it.
pub(crate) fn weekdays(tab: &Tab) -> Option<usize> {
    let row = (0..tab.rows.len().min(WEEKDAYS_WITHIN)).find(|row| heads(tab, *row).len() >= DAYS_AT_LEAST)?;
    let places = heads(tab, row);
    let below = row + 1..tab.rows.len().min(row + ROWS_AT_MOST);
    (below.filter(|row| is_week(tab, *row, &places)).count() >= WEEKS_AT_LEAST).then_some(row)
}

/// The columns of the days of the week, where nothing else stands in the row.
fn heads(tab: &Tab, row: usize) -> Vec<usize> {
    let filled = || {
        tab.rows
            .get(row)
            .into_iter()
            .flatten()
            .enumerate()
            .filter(|(_, cell)| !cell.is_blank())
    };
    let is_day = |cell: &Cell| !Weekdays::named(&fold(&shown(cell))).is_empty();
    let days: Vec<usize> = filled().filter(|(_, cell)| is_day(cell)).map(|(place, _)| place).collect();
    if days.len() == filled().count() { days } else { Vec::new() }
}

/// A row of nothing but numbers of days, each the next one, in the columns of the week.
fn is_week(tab: &Tab, row: usize, places: &[usize]) -> bool {
    let cells = tab.rows.get(row).into_iter().flatten().enumerate();
    let mut before: Option<(usize, u32)> = None;
    for (place, cell) in cells.filter(|(_, cell)| !cell.is_blank()) {
        let (Some(index), Some(day)) = (places.iter().position(|known| *known == place), day_of_month(cell)) else {
            return false;
        };
        let is_next = before.is_none_or(|(last, number)| day.day == number + 1 && index == last + 1);
        if !is_next {
            return false;
        }
        before = Some((index, day.day));
    }
    before.is_some()
}

//! A table of dates and people within a tab: its rows, merged cells, and where it ends. It must not know layouts.

use crate::roster::cells::dates;
use crate::roster::cells::words::shown;
use providers::{Cell, Tab};

/// Rows of a tab that are read.
pub(crate) const ROWS_AT_MOST: usize = 250_000;
/// Merged regions of a tab that are looked at.
const MERGES_AT_MOST: usize = 100_000;

/// The merged regions that carry a cell down over several rows.
#[derive(Default)]
pub(crate) struct Merged {
    /// Column, first and last row.
    down: Vec<(usize, usize, usize)>,
}

impl Merged {
    pub(crate) fn of(tab: &Tab) -> Self {
        let place = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
        let mut down: Vec<(usize, usize, usize)> = tab
            .merges
            .iter()
            .take(MERGES_AT_MOST)
            .filter(|merge| merge.last.0 > merge.first.0)
            .map(|merge| (place(merge.first.1), place(merge.first.0), place(merge.last.0)))
            .collect();
        down.sort_unstable();
        Self { down }
    }

    /// The row in which the value of this cell stands.
    pub(crate) fn row_of(&self, row: usize, column: usize) -> usize {
        let after = self.down.partition_point(|(place, first, _)| (*place, *first) <= (column, row));
        match after.checked_sub(1).map(|before| self.down[before]) {
            Some((place, first, last)) if place == column && row <= last => first,
            Some(_) | None => row,
        }
    }
}

/// Whether the cells of a column, in the first few rows that have any, are mostly of a kind.
pub(crate) fn mostly(tab: &Tab, header_row: usize, column: usize, kind: impl Fn(&Cell) -> bool) -> bool {
    let cells = (header_row + 1..tab.rows.len())
        .map(|row| tab.cell(row, column))
        .filter(|cell| !cell.is_blank());
    let (mut count, mut fitting) = (0, 0);
    for cell in cells.take(20) {
        count += 1;
        fitting += usize::from(kind(cell));
    }
    fitting * 2 > count
}

pub(crate) fn is_date(cell: &Cell) -> bool {
    dates::read(cell).is_ok()
}

/// Two dates, the first and the last day.
pub(crate) fn is_range(cell: &Cell) -> bool {
    matches!(dates::read_range(cell), Ok((_, Some(_))))
}

pub(crate) fn is_time(cell: &Cell) -> bool {
    match cell {
        Cell::Time(_) => true,
        Cell::Text(text) => {
            crate::roster::cells::times::Clock::parse(text).is_some() || crate::roster::cells::times::Hours::parse(text).is_some()
        }
        Cell::Empty | Cell::Number(_) | Cell::DateTime(_) | Cell::Bool(_) | Cell::Error(_) => false,
    }
}

pub(crate) fn is_weekday(cell: &Cell) -> bool {
    !crate::roster::cells::calendar_words::Weekdays::named(&crate::roster::cells::words::fold(&shown(cell))).is_empty()
}

/// Whether nothing stands in any of these columns of a row.
pub(crate) fn is_blank_row(tab: &Tab, row: usize) -> bool {
    tab.rows.get(row).is_none_or(|cells| cells.iter().all(Cell::is_blank))
}

//! The rows of dates across the top: where they stand, and what each of their cells says. Several of them in one tab are
//! blocks below one another. It must not know which month a bare day number is of.

use crate::roster::cells::dates::{self, DayNumber, Written, day_of_month, read_range};
use crate::roster::cells::words::{fold, shown};
use crate::roster::layouts::header::HEADER_WITHIN;
use crate::roster::layouts::table::{ROWS_AT_MOST, is_date, mostly};
use providers::{Cell, Tab};

/// Columns to the right of this one are not read: no spreadsheet has more.
const COLUMNS_AT_MOST: usize = 16_384;
/// So many dates in one row are the top of a calendar.
const DATES_AT_LEAST: usize = 5;
/// So many day numbers, each one more than the last, are days of a month.
const DAYS_AT_LEAST: usize = 7;
/// Columns that may lie between two dates: a blank one, the total of a week.
const BETWEEN_AT_MOST: usize = 3;
/// A row in which so many cells are tried and few follow one another is given up.
const TRIED_AT_MOST: usize = 24;
/// Longer texts are no dates (bytes).
const HEAD_AT_MOST: usize = 60;

/// One row of dates.
#[derive(Debug)]
pub(super) struct Axis {
    pub(super) row: usize,
    /// From left to right.
    pub(super) heads: Vec<Head>,
}

/// One cell of the row.
#[derive(Clone, Copy, Debug)]
pub(super) struct Head {
    /// Its column.
    pub(super) place: usize,
    /// The last column over which the cell is merged.
    pub(super) last: usize,
    pub(super) says: Says,
}

/// What a cell of the row says.
#[derive(Clone, Copy, Debug)]
pub(super) enum Says {
    /// A date, perhaps without its year, and the last day where it names two.
    Date(Written, Option<Written>),
    /// A day whose month stands elsewhere.
    Day(DayNumber),
}

impl Axis {
    /// The first column of dates: what stands left of it says who or what a row is for.
    pub(super) fn first(&self) -> usize {
        self.heads.first().map_or(0, |head| head.place)
    }

    /// The last column of dates.
    pub(super) fn last(&self) -> usize {
        self.heads.last().map_or(0, |head| head.last)
    }

    /// How much the row says: of two rows for the same columns the one with dates counts.
    fn weight(&self) -> (usize, usize) {
        let dated = self.heads.iter().filter(|head| matches!(head.says, Says::Date(..))).count();
        (dated, self.heads.len())
    }
}

/// All rows of dates: the first within the first rows of the tab, others wherever the same columns begin again.
pub(super) fn find(tab: &Tab) -> Vec<Axis> {
    let mut axes: Vec<Axis> = Vec::new();
    for row in 0..tab.rows.len().min(ROWS_AT_MOST) {
        if axes.is_empty() && row >= HEADER_WITHIN {
            break;
        }
        let again = axes.first().map(|first| again(tab, first, row));
        if again == Some(false) {
            continue;
        }
        let Some(axis) = in_row(tab, row) else { continue };
        if axes.is_empty() && !is_top(tab, &axis) {
            continue;
        }
        match axes.last_mut() {
            // Two rows of one header: dates, and day numbers or the numbers of weeks beside them.
            Some(before) if before.row + 1 == row && before.first() == axis.first() => {
                if axis.weight() > before.weight() {
                    *before = axis;
                }
            }
            Some(_) | None => axes.push(axis),
        }
    }
    axes
}

/// Whether a row may begin a further block: a date where the first block begins.
fn again(tab: &Tab, first: &Axis, row: usize) -> bool {
    Says::of(tab.cell(row, first.first())).is_some()
}

/// Whether the row is long enough, or short and headed as the first one is.
fn is_top(tab: &Tab, axis: &Axis) -> bool {
    let long = is_long(axis);
    // Dates down the first column: a list, whose levels may be numbered.
    let left = (0..axis.first())
        .any(|place| mostly(tab, axis.row, place, is_date) && (axis.row + 1..tab.rows.len()).any(|row| is_date(tab.cell(row, place))));
    long && !left
}

fn is_long(axis: &Axis) -> bool {
    let (dated, all) = axis.weight();
    dated >= DATES_AT_LEAST || all >= DAYS_AT_LEAST
}

/// The longest run of dates of a row.
fn in_row(tab: &Tab, row: usize) -> Option<Axis> {
    let cells = tab.rows.get(row)?;
    let mut best: Vec<Head> = Vec::new();
    let mut run: Vec<Head> = Vec::new();
    let (mut tried, mut between) = (0, 0);
    for (place, cell) in cells.iter().enumerate().take(COLUMNS_AT_MOST) {
        if cell.is_blank() {
            between += 1;
            continue;
        }
        tried += 1;
        let Some(says) = Says::of(cell).map(|says| says.beside(cells, place)) else {
            between += 1;
            if tried > TRIED_AT_MOST && best.len().max(run.len()) * 4 < tried {
                break;
            }
            continue;
        };
        let goes_on = run
            .last()
            .is_some_and(|before| between <= BETWEEN_AT_MOST && before.says.goes_on(says));
        if !goes_on {
            if run.len() > best.len() {
                best = std::mem::take(&mut run);
            }
            run.clear();
        }
        run.push(Head { place, last: place, says });
        between = 0;
    }
    let heads = if run.len() > best.len() { run } else { best };
    (!heads.is_empty()).then_some(Axis { row, heads })
}

impl Says {
    fn of(cell: &Cell) -> Option<Self> {
        if let Some(day) = day_of_month(cell) {
            return Some(Self::Day(day));
        }
        match cell {
            Cell::DateTime(_) => dates::read(cell).ok().map(|date| Self::Date(date, None)),
            Cell::Number(number) if number.fract() == 0.0 => dates::read(cell).ok().map(|date| Self::Date(date, None)),
            // `5.1` for 1 May, and for 10 May.
            Cell::Number(number) if (1.0..32.0).contains(number) => Self::of_text(&Cell::Text(number.to_string())),
            Cell::Text(text) if text.len() <= HEAD_AT_MOST && text.contains(|c: char| c.is_ascii_digit()) => Self::of_text(cell),
            Cell::Text(_) | Cell::Number(_) | Cell::Empty | Cell::Time(_) | Cell::Bool(_) | Cell::Error(_) => None,
        }
    }

    fn of_text(cell: &Cell) -> Option<Self> {
        let (first, last) = read_range(cell).ok()?;
        Some(Self::Date(first, last))
    }

    /// `1-mar` is a Tuesday in three languages: where the cell beside it has another day and the same word, or a date with
    /// its month, the word is March.
    fn beside(self, cells: &[Cell], place: usize) -> Self {
        let Self::Day(day) = self else { return self };
        if day.weekdays.is_empty() {
            return self;
        }
        let is_month = |other: &Cell| match Self::of(other) {
            Some(Self::Day(other)) => other.weekdays == day.weekdays && (i64::from(other.day) - i64::from(day.day)) % 7 != 0,
            Some(Self::Date(other, _)) => other.weekdays.is_empty(),
            None => false,
        };
        let near = [place.checked_sub(1), place.checked_add(1)];
        let is_march = near.into_iter().flatten().filter_map(|near| cells.get(near)).any(is_month);
        Self::of_text(&cells[place]).filter(|_| is_march).unwrap_or(self)
    }

    /// Whether a cell may stand right of this one in the same row.
    fn goes_on(self, next: Self) -> bool {
        match (self, next) {
            (Self::Day(before), Self::Day(day)) => {
                let step = i64::from(day.day) - i64::from(before.day);
                (1..=4).contains(&step) || (day.day <= 3 && before.day >= 26)
            }
            (Self::Date(..), Self::Date(..) | Self::Day(_)) | (Self::Day(_), Self::Date(..)) => true,
        }
    }
}

/// A row of days above the first block that ends with the day before it: a month that begins in the middle of a week, too
/// short to be told from other numbers.
pub(super) fn cut_off(tab: &Tab, first: &Axis) -> Option<Axis> {
    let Says::Day(begins) = first.heads.first()?.says else {
        return None;
    };
    let ends_before = |axis: &Axis| {
        let is_day_before = matches!(axis.heads.last(), Some(Head { says: Says::Day(day), .. }) if day.day + 1 == begins.day);
        let begins_month = matches!(axis.heads.first(), Some(Head { says: Says::Day(day), .. }) if day.day == 1);
        is_day_before && begins_month && axis.first() > first.first()
    };
    (0..first.row.saturating_sub(1))
        .filter_map(|row| in_row(tab, row))
        .find(ends_before)
}

/// Keeps the rows that are tops of blocks: long enough, or short and headed as the first one is. A short row without a
/// header counts where nothing but its dates stand in it, and bare days only where they go on after the block above.
pub(super) fn keep_blocks(tab: &Tab, axes: Vec<Axis>) -> Vec<Axis> {
    let mut kept: Vec<Axis> = Vec::new();
    for axis in axes {
        let is_kept = match (kept.first(), kept.last()) {
            (Some(first), Some(before)) => is_further(tab, first, before, &axis),
            (_, _) => true,
        };
        if is_kept {
            kept.push(axis);
        }
    }
    kept
}

fn is_further(tab: &Tab, first: &Axis, before: &Axis, axis: &Axis) -> bool {
    if axis.first() != first.first() {
        return false;
    }
    let head = |row: usize| -> Vec<String> { (0..first.first()).map(|place| fold(&shown(tab.cell(row, place)))).collect() };
    let is_alike = head(axis.row) == head(first.row);
    let is_headed = head(first.row).iter().any(|text| !text.is_empty());
    is_long(axis) || (is_alike && (is_headed || stands_alone(tab, before, axis)))
}

/// Whether a row holds dates and nothing else, such as the last days of a month below whole weeks.
fn stands_alone(tab: &Tab, before: &Axis, axis: &Axis) -> bool {
    let filled = tab
        .rows
        .get(axis.row)
        .map_or(0, |cells| cells.iter().filter(|cell| !cell.is_blank()).count());
    let goes_on = match (before.heads.last(), axis.heads.first()) {
        (Some(last), Some(head)) => match (last.says, head.says) {
            (Says::Day(last), Says::Day(day)) => day.day == last.day + 1 || (day.day == 1 && last.day >= 28),
            (Says::Date(..) | Says::Day(_), Says::Date(..)) => true,
            (Says::Date(..), Says::Day(_)) => false,
        },
        (_, _) => false,
    };
    goes_on && filled == axis.heads.len()
}

//! Of which month bare day numbers are: from a banner above them, the tab's name, a title, a date in a title, or a setting.
//! Never from today's date. It must not know what stands below the days.

use super::axis::Axis;
use crate::roster::cells::dates::{self, Day, Written, month_banner, ordered, year_said};
use crate::roster::cells::dates::{Banner, DateOrder};
use crate::roster::cells::words::{fold, quote, shown};
use crate::roster::conventions::Conventions;
use chrono::{Datelike, NaiveDate};
use providers::{Cell, CellAddress, Tab};

/// Rows above the days in which a banner may stand.
const BANNER_WITHIN: usize = 3;
/// Columns of a title row that are looked at.
const TITLE_COLUMNS: usize = 60;
/// Rows of titles that are looked at.
const TITLE_ROWS: usize = 30;

/// The month in which the first day lies.
#[derive(Clone, Debug)]
pub(super) struct Month {
    pub(super) month: u32,
    pub(super) year: Option<i32>,
    /// Where it stands, in words to go after "the month is from".
    pub(super) whence: String,
    pub(super) cell: Option<CellAddress>,
}

/// Another source that names another month.
pub(super) struct Contradiction {
    pub(super) counts: Month,
    pub(super) other: Month,
}

/// The banners right above the columns of days, each with its column.
pub(super) fn banners(tab: &Tab, axis: &Axis) -> Vec<(usize, Banner)> {
    let above = (axis.row.saturating_sub(BANNER_WITHIN)..axis.row).rev();
    let of_row = |row: usize| -> Vec<(usize, Banner)> {
        let cells = tab.rows.get(row).map_or(&[] as &[Cell], Vec::as_slice);
        let places = axis.first()..(axis.last() + 1).min(cells.len());
        places.filter_map(|place| Some((place, of_cell(&cells[place])?))).collect()
    };
    above.map(of_row).find(|found| !found.is_empty()).unwrap_or_default()
}

fn of_cell(cell: &Cell) -> Option<Banner> {
    match cell {
        Cell::Text(text) => month_banner(text),
        // The first of a month, shown as the month.
        Cell::DateTime(moment) if moment.day() == 1 => month_banner(&moment.format("%Y-%m").to_string()),
        Cell::DateTime(_) | Cell::Empty | Cell::Number(_) | Cell::Time(_) | Cell::Bool(_) | Cell::Error(_) => None,
    }
}

/// The month of the first day, and whether two sources contradict each other.
pub(super) fn of_first(
    tab: &Tab,
    axis: &Axis,
    is_top: bool,
    first_day: u32,
    conventions: &Conventions,
) -> (Option<Month>, Option<Contradiction>) {
    let mut titles = titles(tab, axis);
    if !is_top {
        // Above a further block lie the cells of the one before it.
        titles.retain(|(row, _, text)| row + BANNER_WITHIN > axis.row && month_banner(text).is_some());
    }
    let by_banner = banners(tab, axis)
        .into_iter()
        .next()
        .map(|(place, banner)| (place, banner, banner_row(tab, axis)));
    let by_banner = by_banner.map(|(place, banner, row)| Month {
        month: banner.first.month,
        year: banner.first.year,
        whence: format!("above the days, {}", quote(&shown(tab.cell(row, place)))),
        cell: Some(tab.address(row, place)),
    });
    let by_name = month_banner(&tab.name).map(|banner| Month {
        whence: format!("the name of the tab, {}", quote(&tab.name)),
        cell: None,
        ..begins(&banner, first_day)
    });
    let by_title = titles.iter().find_map(|(row, place, text)| {
        Some(Month {
            whence: format!("the title {}", quote(text)),
            cell: Some(tab.address(*row, *place)),
            ..begins(&month_banner(text)?, first_day)
        })
    });
    let by_date = titles.iter().find_map(|(row, place, text)| {
        let date = date_within(text, first_day, conventions.date_order)?;
        Some(Month {
            month: date.month(),
            year: Some(date.year()),
            whence: quote(text),
            cell: Some(tab.address(*row, *place)),
        })
    });
    let by_setting = conventions.month.as_ref().and_then(|(text, cell)| {
        Some(Month {
            whence: format!("the setting Month, {}", quote(text)),
            cell: cell.clone(),
            ..begins(&month_banner(text)?, first_day)
        })
    });
    let sources = [by_banner, by_name, by_title, by_date, by_setting];
    let Some(mut counts) = sources.iter().flatten().next().cloned() else {
        return (None, None);
    };
    let other = sources.iter().flatten().find(|other| differ(&counts, other)).cloned();
    counts.year = counts.year.or_else(|| year(tab, &titles, counts.month, &sources, conventions));
    let contradiction = other.map(|other| Contradiction {
        counts: counts.clone(),
        other,
    });
    (Some(counts), contradiction)
}

fn differ(one: &Month, other: &Month) -> bool {
    one.month != other.month || one.year.zip(other.year).is_some_and(|(one, other)| one != other)
}

/// The row of the banners that count.
pub(super) fn banner_row(tab: &Tab, axis: &Axis) -> usize {
    let holds = |row: &usize| (axis.first()..=axis.last()).any(|place| of_cell(tab.cell(*row, place)).is_some());
    (axis.row.saturating_sub(BANNER_WITHIN)..axis.row)
        .rev()
        .find(holds)
        .unwrap_or(axis.row)
}

/// The month in which a run of days begins by a title: of `21 March to 20 April` the day tells which.
fn begins(banner: &Banner, first_day: u32) -> Month {
    let late = banner.first != banner.last && banner.first_day.is_some_and(|begins| first_day < begins);
    let (mut month, mut year) = (banner.first.month, banner.first.year);
    if late {
        (month, year) = if month == 12 {
            (1, year.map(|year| year + 1))
        } else {
            (month + 1, year)
        };
    }
    Month {
        month,
        year,
        whence: String::new(),
        cell: None,
    }
}

/// The year of a month whose source names none.
fn year(tab: &Tab, titles: &[(usize, usize, String)], month: u32, sources: &[Option<Month>], conventions: &Conventions) -> Option<i32> {
    let named = |text: &str| {
        month_banner(text)
            .and_then(|banner| banner.year_of(month))
            .or_else(|| year_said(text))
    };
    named(&tab.name)
        .or_else(|| titles.iter().find_map(|(_, _, text)| named(text)))
        .or_else(|| {
            sources
                .iter()
                .flatten()
                .find(|other| other.month == month)
                .and_then(|other| other.year)
        })
        .or(conventions.year)
        .or_else(|| conventions.month.as_ref().and_then(|(text, _)| named(text)))
}

/// Texts above the days and left of them, the nearest first.
fn titles(tab: &Tab, axis: &Axis) -> Vec<(usize, usize, String)> {
    let mut titles = Vec::new();
    for row in (0..=axis.row).rev().take(TITLE_ROWS) {
        let end = if row == axis.row { axis.first() } else { TITLE_COLUMNS };
        for place in 0..end.min(tab.rows[row].len()) {
            match tab.cell(row, place) {
                Cell::Text(text) if !text.trim().is_empty() => titles.push((row, place, text.trim().to_owned())),
                Cell::Number(year) if year.fract() == 0.0 && (2000.0..2200.0).contains(year) => titles.push((row, place, year.to_string())),
                cell @ Cell::DateTime(_) => titles.push((row, place, shown(cell))),
                Cell::Text(_) | Cell::Number(_) | Cell::Empty | Cell::Time(_) | Cell::Bool(_) | Cell::Error(_) => {}
            }
        }
    }
    titles
}

/// The year that titles or the tab's name say, for dates that have none.
pub(super) fn year_beside(tab: &Tab, axis: &Axis) -> Option<i32> {
    year_said(&tab.name).or_else(|| titles(tab, axis).iter().find_map(|(_, _, text)| year_said(text)))
}

/// The full date that a title ends with (`Week commencing: 31/01/2016`), where it is of that day of the month.
fn date_within(text: &str, day: u32, order: Option<DateOrder>) -> Option<NaiveDate> {
    let folded = fold(text);
    let words = [
        "commencing",
        "beginning",
        "starting",
        "week of",
        "from",
        "semaine du",
        "woche vom",
        "ab",
        "semana del",
        "w c",
        "wc",
        "w b",
    ];
    let announces = words.iter().any(|word| format!(" {folded} ").contains(&format!(" {word} ")));
    if !announces {
        return None;
    }
    let starts = text
        .char_indices()
        .filter(|(at, _)| *at == 0 || !text[..*at].ends_with(|c: char| c.is_alphanumeric()));
    let read = |at: usize| dates::read(&Cell::Text(text[at..].to_owned())).ok();
    let written: Written = starts.take(40).find_map(|(at, _)| read(at))?;
    match written.day {
        Day::Full(date) => Some(date),
        Day::Pair { first, second, year } => {
            let reading = |order| ordered(first, second, year?, order).filter(|date| date.day() == day);
            order.map_or_else(|| reading(DateOrder::DayFirst).or_else(|| reading(DateOrder::MonthFirst)), reading)
        }
        Day::NoYear { .. } => None,
    }
    .filter(|date| date.day() == day)
}

//! Days of a month down a column (`1`, `2nd`, `Sun 3`), whose month stands in a title, in the tab's name or in a setting.
//! It must not know what stands beside them.

use crate::roster::cells::dates::{self, Banner, Day, Written, day_of_month, month_banner, year_said};
use crate::roster::conventions::Conventions;
use crate::roster::layouts::dated_rows::Shape;
use crate::roster::layouts::table::{Merged, mostly};
use chrono::NaiveDate;
use providers::Cell;
use std::collections::BTreeMap;

/// Cells of a title row that are looked at.
const TITLE_CELLS: usize = 60;

/// What settings, titles and the tab's name say of the months and years of a table.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Announced {
    /// With a year.
    pub(crate) banner: Option<Banner>,
    /// A year without a month.
    pub(crate) year: Option<i32>,
}

/// Looks above the header, and at the tab's name; the setting Month counts before both.
pub(crate) fn announced(shape: &Shape<'_>, conventions: &Conventions) -> Announced {
    let titles = (shape.title_row..shape.group_row).flat_map(|row| shape.tab.rows.get(row).into_iter().flatten().take(TITLE_CELLS));
    let titles = titles.filter_map(|cell| match cell {
        Cell::Text(text) => Some(text.as_str()),
        Cell::Empty | Cell::Number(_) | Cell::DateTime(_) | Cell::Time(_) | Cell::Bool(_) | Cell::Error(_) => None,
    });
    let set = conventions.month.iter().map(|(text, _)| text.as_str());
    let texts: Vec<&str> = set.chain(titles).chain([shape.tab.name.as_str()]).collect();
    let year = texts.iter().find_map(|text| year_said(text));
    let banners = texts.iter().filter_map(|text| month_banner(text));
    Announced {
        banner: banners.filter_map(|banner| with_year(banner, conventions.year.or(year))).next(),
        year,
    }
}

/// A banner that says no year is of the one that is set or said elsewhere.
fn with_year(mut banner: Banner, year: Option<i32>) -> Option<Banner> {
    if banner.first.year.is_none() {
        let turns = i32::from(banner.first.month > banner.last.month);
        banner.first.year = Some(year?);
        banner.last.year = Some(year? + turns);
    }
    Some(banner)
}

/// Whether days of a month stand in the column of dates.
pub(crate) fn are_days(shape: &Shape<'_>) -> bool {
    let is_day = |cell: &Cell| day_of_month(cell).is_some() && dates::read_range(cell).is_err();
    mostly(shape.tab, shape.header_row, shape.from, is_day)
}

/// Whether such numbers may as well count weeks or blocks: none has a weekday, and they do not reach the end of a month.
pub(crate) fn may_count_blocks(shape: &Shape<'_>) -> bool {
    let cells = (shape.header_row + 1..shape.tab.rows.len()).map(|row| shape.tab.cell(row, shape.from));
    let mut days = cells.filter_map(day_of_month);
    !days.any(|day| day.day >= 28 || !day.weekdays.is_empty())
}

/// The dates of such a column, by row. A day that is smaller than the one above it is of the next month; beyond the months
/// that are announced none is read.
pub(crate) fn written(shape: &Shape<'_>, merged: &Merged, banner: Option<Banner>) -> BTreeMap<usize, Written> {
    let mut dates = BTreeMap::new();
    let Some((banner, year)) = banner.and_then(|banner| Some((banner, banner.first.year?))) else {
        return dates;
    };
    if !are_days(shape) {
        return dates;
    }
    let last = banner.last.year.map_or((year, banner.last.month), |last| (last, banner.last.month));
    let mut month = (year, banner.first.month);
    let mut before = banner.first_day.unwrap_or(1);
    for row in shape.header_row + 1..shape.tab.rows.len() {
        let cell = shape.tab.cell(merged.row_of(row, shape.from), shape.from);
        let Some(day) = day_of_month(cell) else { continue };
        if day.day < before {
            month = if month.1 == 12 { (month.0 + 1, 1) } else { (month.0, month.1 + 1) };
        }
        before = day.day;
        if month > last {
            break;
        }
        if let Some(date) = NaiveDate::from_ymd_opt(month.0, month.1, day.day) {
            let found = Written {
                day: Day::Full(date),
                weekdays: day.weekdays,
                time: None,
                bare_cell: false,
            };
            dates.insert(row, found);
        }
    }
    dates
}

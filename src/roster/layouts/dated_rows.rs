//! The rows of a table that begins with dates: which rows count, and when each begins and ends on the wall clock.
//! It must not know who is on call.

use crate::roster::cells::calendar_words::Weekdays;
use crate::roster::cells::dates::{self, DateOrder, Unreadable, Written, day_after};
use crate::roster::cells::times::Clock;
use crate::roster::cells::words::{fold, shown};
use crate::roster::conventions::Conventions;
use crate::roster::findings::{Findings, Words, plural};
use crate::roster::layouts::date_column::{Hint, Open, Settled, proved_order, settle_end, settle_ranges};
use crate::roster::layouts::date_findings::{self, Years};
use crate::roster::layouts::header::{self, Field};
use crate::roster::layouts::month_days::{self, Announced};
use crate::roster::layouts::table::{Merged, ROWS_AT_MOST, is_blank_row};
use crate::roster::{Code, Severity};
use chrono::{Datelike, NaiveDate, NaiveDateTime};
use providers::{Cell, Tab};
use std::collections::BTreeMap;

pub(crate) use crate::roster::layouts::date_findings::{instant, quoted, report_bad, report_no_dates};

/// Longer text is no header (bytes).
const HEADER_AT_MOST: usize = 60;

/// What stands in front of a row of sums.
const TOTALS: &[&str] = &[
    "total",
    "totals",
    "grand total",
    "subtotal",
    "sum",
    "count",
    "average",
    "shifts",
    "summe",
    "gesamt",
    "anzahl",
    "somme",
    "nombre",
    "totaux",
    "totale",
    "suma",
    "cantidad",
];

/// Where the dates of a table stand.
#[derive(Clone)]
pub(crate) struct Shape<'t> {
    pub(crate) tab: &'t Tab,
    /// Titles stand from this row on down to the header.
    pub(crate) title_row: usize,
    /// The upper one of two header rows, or the only one.
    pub(crate) group_row: usize,
    pub(crate) header_row: usize,
    pub(crate) from: usize,
    pub(crate) until: Option<usize>,
    pub(crate) weekday: Option<usize>,
    /// The column of teams, and the one that counts, folded.
    pub(crate) team: Option<(usize, String)>,
    /// The header of the dates says that a row is a week.
    pub(crate) is_week: bool,
    /// A row counts only if something stands in one of these.
    pub(crate) people: Vec<usize>,
}

impl<'t> Shape<'t> {
    /// A table with dates only.
    pub(crate) const fn new(tab: &'t Tab, header_row: usize, from: usize) -> Self {
        Self {
            tab,
            title_row: 0,
            group_row: header_row,
            header_row,
            from,
            until: None,
            weekday: None,
            team: None,
            is_week: false,
            people: Vec::new(),
        }
    }
}

/// A row that counts.
pub(crate) struct DatedRow {
    pub(crate) row: usize,
    pub(crate) begins: Result<Moment, Bad>,
    /// Nothing where there is no end.
    pub(crate) ends: Option<Result<Moment, Bad>>,
}

/// A point on the wall clock; without a time it is the handover of that day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Moment {
    pub(crate) date: NaiveDate,
    pub(crate) time: Option<Clock>,
}

/// Why a row has no beginning or no end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bad {
    Unreadable(Unreadable),
    Open(Open),
}

/// What was read.
pub(crate) struct DatedRows {
    pub(crate) rows: Vec<DatedRow>,
    /// The order that was set or proved, for the other tabs of the sheet.
    pub(crate) order: Option<DateOrder>,
    /// Where a further table with a header of its own begins.
    pub(crate) next_header: Option<usize>,
}

/// Reads the dates of a table. `known` is an order proved elsewhere, used where this table proves none.
pub(crate) fn read(
    shape: &Shape<'_>,
    conventions: &Conventions,
    known: Option<DateOrder>,
    merged: &Merged,
    findings: &mut Findings,
) -> DatedRows {
    let announced = month_days::announced(shape, conventions);
    let days = month_days::written(shape, merged, announced.banner);
    let Raw { rows: raw, next_header } = raw_rows(shape, &days, merged, findings);
    let begins: Vec<Written> = raw.iter().filter_map(|row| row.begins.ok()).collect();
    let ends: Vec<Written> = raw.iter().filter_map(|row| row.ends.and_then(Result::ok)).collect();
    let proved = proved_order([begins.as_slice(), ends.as_slice()]);
    let order = conventions.date_order.or(proved).or(known);
    let today = conventions.zone.to_local(findings.first_read()).date();
    // An end that cannot be settled by itself costs the end, not the row.
    let is_sure = |end: &Written| settle_end(end, order, today).is_ok();
    let spans = raw
        .iter()
        .filter_map(|row| Some((row.begins.ok()?, row.ends.and_then(Result::ok).filter(is_sure))));
    let spans: Vec<(Written, Option<Written>)> = spans.collect();
    let hint = hint(&spans, order, conventions, announced, today);
    let mut settled = settle_ranges(&spans, order, hint, today).into_iter();
    let midnight_is_a_time = [times_are_usual(&begins), times_are_usual(&ends)];
    let mut years = Years::default();
    let mut rows = Vec::with_capacity(raw.len());
    for raw in raw {
        let (begins, last) = match raw.begins {
            Err(why) => (Err(Bad::Unreadable(why)), None),
            Ok(written) => match settled.next() {
                Some(Ok((found, last))) => {
                    note(shape, raw.row, found, &mut years, findings);
                    (Ok(moment(found.date, &written, midnight_is_a_time[0])), last)
                }
                Some(Err(open)) => (Err(Bad::Open(open)), None),
                None => (Err(Bad::Unreadable(Unreadable::NotADate)), None),
            },
        };
        let ends = raw.ends.map(|end| {
            let written = end.map_err(Bad::Unreadable)?;
            let first_day = begins.map_or(today, |begins| begins.date);
            let found = last.map_or_else(|| settle_end(&written, order, first_day), Ok).map_err(Bad::Open)?;
            let date = if raw.is_overnight { day_after(found.date) } else { found.date };
            Ok(moment(date, &written, midnight_is_a_time[1]))
        });
        rows.push(DatedRow {
            row: raw.row,
            begins,
            ends,
        });
    }
    years.report(findings);
    DatedRows { rows, order, next_header }
}

fn note(shape: &Shape<'_>, row: usize, found: Settled, years: &mut Years, findings: &mut Findings) {
    if found.weekday_differs {
        date_findings::report_weekday(shape, row, shape.from, found.date, findings);
    }
    if found.year_chosen {
        years.add(found.date, shape.tab.address(row, shape.from));
    }
}

/// What settings, titles and the tab's name say of the years.
fn hint(
    spans: &[(Written, Option<Written>)],
    order: Option<DateOrder>,
    conventions: &Conventions,
    announced: Announced,
    today: NaiveDate,
) -> Hint {
    let year = |year| Hint { year, banner: None };
    if conventions.year.is_some() {
        return year(conventions.year);
    }
    if announced.banner.is_some() {
        return Hint {
            year: None,
            banner: announced.banner,
        };
    }
    let Some(said) = announced.year else { return year(None) };
    // `2026` above a table that begins in the last days of 2025: most of its dates are of that year.
    let of_year = |first: i32| {
        let settled = settle_ranges(spans, order, year(Some(first)), today).into_iter();
        settled
            .filter(|span| span.is_ok_and(|(first, _)| first.date.year() == said))
            .count()
    };
    year(Some(if of_year(said) >= of_year(said - 1) { said } else { said - 1 }))
}

/// A row with its cells read one by one.
struct RawRow {
    row: usize,
    begins: Result<Written, Unreadable>,
    ends: Option<Result<Written, Unreadable>>,
    /// It ends by hours beside its date, on the next day.
    is_overnight: bool,
}

struct Raw {
    rows: Vec<RawRow>,
    next_header: Option<usize>,
}

fn raw_rows(shape: &Shape<'_>, days: &BTreeMap<usize, Written>, merged: &Merged, findings: &mut Findings) -> Raw {
    let tab = shape.tab;
    let cell_at = |row: usize, place: usize| tab.cell(merged.row_of(row, place), place);
    let read_at = |row: usize| match days.get(&row) {
        Some(written) => Ok((*written, None)),
        None => dates::read_range(cell_at(row, shape.from)),
    };
    let until_at = |row: usize| shape.until.map(|place| cell_at(row, place)).filter(|cell| !cell.is_blank());
    // Hours beside a date say the end: a further one could be another.
    let hours_at = |row: usize| match until_at(row) {
        Some(_) => None,
        None => dates::read_with_hours(cell_at(row, shape.from)),
    };
    let is_dated = |row: &usize| read_at(*row).is_ok() || hours_at(*row).is_some();
    let last_dated = (shape.header_row + 1..tab.rows.len()).rev().find(is_dated);
    let end = last_dated.map_or(shape.header_row + 1, |last| last + 1 + slips_after(shape, last));
    let mut raw = Vec::new();
    for row in shape.header_row + 1..end {
        if raw.len() >= ROWS_AT_MOST {
            report_too_many(shape, row, findings);
            break;
        }
        if let Some((place, team)) = &shape.team
            && fold(&shown(cell_at(row, *place))) != *team
            && !is_another_header(shape, row)
        {
            report_teamless(shape, row, cell_at(row, *place), findings);
            continue;
        }
        let names_people = shape.people.iter().any(|place| !cell_at(row, *place).is_blank());
        let mut is_overnight = false;
        let (mut begins, last) = match read_at(row) {
            Ok((first, last)) => (Ok(first), last),
            Err(why) => match hours_at(row) {
                Some((first, end)) => {
                    is_overnight = first.time.is_some_and(|start| start >= end);
                    (Ok(first), Some(Written { time: Some(end), ..first }))
                }
                None => (Err(why), None),
            },
        };
        if begins.is_err() {
            if !names_people || is_header_again(shape, row) || is_totals(shape, row) {
                continue;
            }
            if is_another_header(shape, row) {
                return Raw {
                    rows: raw,
                    next_header: Some(row),
                };
            }
        }
        if let (Ok(written), Some(place)) = (&mut begins, shape.weekday)
            && written.weekdays.is_empty()
        {
            written.weekdays = Weekdays::named(&fold(&shown(cell_at(row, place))));
        }
        let ends = until_at(row).map(dates::read).or(last.map(Ok));
        raw.push(RawRow {
            row,
            begins,
            ends,
            is_overnight,
        });
    }
    report_below(shape, end, findings);
    Raw {
        rows: raw,
        next_header: None,
    }
}

/// Rows right below the last date that look like slips in a date: one or two that name people, or any number of rows
/// whose first cell holds a digit.
fn slips_after(shape: &Shape<'_>, last: usize) -> usize {
    let rows = last + 1..shape.tab.rows.len();
    let names_people = |row: usize| shape.people.iter().any(|place| !shape.tab.cell(row, *place).is_blank());
    let is_filled = |row: &usize| !shape.tab.cell(*row, shape.from).is_blank() && names_people(*row) && !is_totals(shape, *row);
    let has_digit = |row: &usize| shown(shape.tab.cell(*row, shape.from)).chars().any(|c| c.is_ascii_digit());
    let filled = rows.clone().take_while(is_filled).count();
    if filled <= 2 { filled } else { rows.take_while(has_digit).count() }
}

/// The same header once more, or the upper row of it.
fn is_header_again(shape: &Shape<'_>, row: usize) -> bool {
    let text = |row, place| fold(&shown(shape.tab.cell(row, place)));
    let is_like = |header: usize| {
        let same = |place: &usize| text(row, *place) == text(header, *place);
        same(&shape.from) && shape.people.iter().all(same)
    };
    is_like(shape.header_row) || (shape.group_row < shape.header_row && is_like(shape.group_row))
}

fn is_another_header(shape: &Shape<'_>, row: usize) -> bool {
    let text = shown(shape.tab.cell(row, shape.from));
    // Dates begin with digits, words above dates do not: this is asked of every row.
    !text.starts_with(|c: char| c.is_ascii_digit())
        && (3..=HEADER_AT_MOST).contains(&text.len())
        && matches!(header::field(&header::words(&text)), Some(Field::From | Field::Day))
        && shape
            .tab
            .rows
            .get(row)
            .is_some_and(|cells| cells.iter().filter(|cell| !cell.is_blank()).count() >= 2)
}

/// A row of sums: its first filled cell says so.
fn is_totals(shape: &Shape<'_>, row: usize) -> bool {
    let cells = shape.tab.rows.get(row).map_or(&[] as &[Cell], Vec::as_slice);
    let first = cells.iter().find(|cell| !cell.is_blank());
    first.is_some_and(|cell| TOTALS.contains(&fold(&shown(cell)).as_str()))
}

fn report_too_many(shape: &Shape<'_>, row: usize, findings: &mut Findings) {
    let words = Words::new(
        format!("The table has more than {ROWS_AT_MOST} rows."),
        "Rows from here on are not read.",
        "Move past rows to another file.",
    );
    findings.tell(Code::TooLarge, Severity::Stop, Some(shape.tab.address(row, 0)), words);
}

/// A row with people and without a team may be anybody's.
fn report_teamless(shape: &Shape<'_>, row: usize, team: &Cell, findings: &mut Findings) {
    let is_filled = shape.people.iter().any(|place| !shape.tab.cell(row, *place).is_blank());
    let (Some((place, _)), true, true) = (&shape.team, team.is_blank(), is_filled) else {
        return;
    };
    let words = || {
        Words::new(
            "People are entered, but no team.",
            "The row does not count for this hotline.",
            "Write the team into its column.",
        )
    };
    let cause = findings.cause(Code::RowsIgnored, Severity::Warn, "team").say(words);
    cause.at(shape.tab.address(row, *place));
}

fn report_below(shape: &Shape<'_>, end: usize, findings: &mut Findings) {
    let below = (end..shape.tab.rows.len()).filter(|row| !is_blank_row(shape.tab, *row));
    let (mut first, mut count) = (None, 0_usize);
    for row in below {
        first = first.or(Some(row));
        count += 1;
    }
    let Some(first) = first else { return };
    // Without any date the whole table is reported elsewhere.
    if end == shape.header_row + 1 {
        return;
    }
    let words = Words::new(
        format!("{} below the table without a date that can be read.", plural(count, "row")),
        "They do not count.",
        "If they belong to the rota, mend their dates.",
    );
    findings.tell(Code::RowsIgnored, Severity::Note, Some(shape.tab.address(first, shape.from)), words);
}

/// Whether most date cells of a column carry a time, so that one without is one of midnight.
fn times_are_usual(column: &[Written]) -> bool {
    let timed = column.iter().filter(|cell| cell.time.is_some()).count();
    let bare = column.iter().filter(|cell| cell.bare_cell).count();
    timed > 0 && timed >= bare
}

fn moment(date: NaiveDate, written: &Written, midnight_is_a_time: bool) -> Moment {
    let midnight = written.bare_cell && midnight_is_a_time;
    Moment {
        date,
        time: if midnight { Some(Clock::MIDNIGHT) } else { written.time },
    }
}

impl Moment {
    /// As a beginning.
    pub(crate) fn begins(self, handover: Clock) -> NaiveDateTime {
        self.time.unwrap_or(handover).on(self.date)
    }

    /// As an end: a day lasts up to the handover after it, a time is exact.
    pub(crate) fn ends(self, handover: Clock) -> NaiveDateTime {
        match self.time {
            Some(time) => time.on(self.date),
            None => handover.on(day_after(self.date)),
        }
    }
}

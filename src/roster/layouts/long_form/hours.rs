//! When a row of the long form begins and ends on the wall clock. It must not know people.

use super::{HoursIn, LongForm};
use crate::roster::cells::times::{Clock, DayHours, Hours};
use crate::roster::cells::words::{quote, shown, shown_at};
use crate::roster::conventions::{Conventions, RowLasts};
use crate::roster::findings::{Findings, Words};
use crate::roster::layouts::dated_rows::{DatedRow, Moment};
use crate::roster::layouts::header;
use crate::roster::layouts::shift_hours;
use crate::roster::terms::Meaning;
use crate::roster::{Code, Severity};
use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use providers::Cell;

/// Rows further apart than this many days do not last until the next one.
const DAYS_AT_MOST: u32 = 31;

/// From and until.
pub(super) type Walls = (NaiveDateTime, NaiveDateTime);

/// Why a row has no hours, and the column where that shows.
pub(super) enum NoHours {
    /// Nothing stands there.
    Blank(usize),
    /// What stands there is no time of day.
    Unreadable(usize),
    /// The shift has no hours, or none on that weekday.
    Shift(usize),
    /// It would end before it begins.
    Backwards(usize),
}

/// A time of day in a cell of a column of times.
pub(crate) fn clock(cell: &Cell) -> Option<Clock> {
    match cell {
        Cell::Time(time) => Some(Clock::of(*time)),
        Cell::Text(text) => Clock::parse(text),
        Cell::Number(number) if number.fract() == 0.0 => Clock::parse(&number.to_string()),
        Cell::Number(number) => Clock::of_fraction(*number),
        // A time of day kept as a moment of the first days that spreadsheets count.
        Cell::DateTime(moment) if moment.year() <= 1900 => Some(Clock::of(moment.time())),
        Cell::Empty | Cell::DateTime(_) | Cell::Bool(_) | Cell::Error(_) => None,
    }
}

/// Hours in one cell: `17:00-22:00`.
pub(super) fn hours(cell: &Cell) -> Option<Hours> {
    match cell {
        Cell::Text(text) => Hours::parse(text),
        Cell::Empty | Cell::Number(_) | Cell::DateTime(_) | Cell::Time(_) | Cell::Bool(_) | Cell::Error(_) => None,
    }
}

/// The hours of a shift by its name; nothing where the settings do not say.
pub(crate) fn of_shift(name: &str, conventions: &Conventions) -> Option<Vec<DayHours>> {
    let known = conventions.terms.code(name).cloned().or_else(|| conventions.terms.label(name));
    if let Some(Meaning::Rings(term)) = known
        && !term.when.is_empty()
    {
        return Some(term.when);
    }
    let term = conventions.shift(&header::words(name))?;
    (!term.when.is_empty()).then(|| term.when.clone())
}

impl LongForm<'_> {
    /// The intervals of a row.
    pub(super) fn walls(
        &self,
        row: &DatedRow,
        begins: Moment,
        handover: Clock,
        lasts: RowLasts,
        conventions: &Conventions,
        findings: &mut Findings,
    ) -> Result<Vec<Walls>, NoHours> {
        let cell = |place: usize| match self.shape.tab.cell(row.row, place) {
            cell if cell.is_blank() => Err(NoHours::Blank(place)),
            cell => Ok(cell),
        };
        match self.hours {
            HoursIn::Columns { start, end } => {
                let read = |place: usize| clock(cell(place)?).ok_or(NoHours::Unreadable(place));
                let (start, end, end_place) = (read(start)?, read(end)?, end);
                let hours = Hours { start, end };
                self.note_doubt(row.row, end_place, hours, findings);
                let last_day = match row.ends {
                    Some(Ok(ends)) => Some(ends.date),
                    Some(Err(_)) => return Err(NoHours::Unreadable(self.shape.until.unwrap_or(end_place))),
                    None => None,
                };
                let walls = between(begins.date, last_day, hours).ok_or(NoHours::Backwards(end_place))?;
                Ok(vec![walls])
            }
            HoursIn::Column(place) => {
                let hours = hours(cell(place)?).ok_or(NoHours::Unreadable(place))?;
                self.note_doubt(row.row, place, hours, findings);
                let walls = hours.on(begins.date).ok_or(NoHours::Unreadable(place))?;
                Ok(vec![walls])
            }
            HoursIn::ShiftName => {
                let place = self.shift.unwrap_or(self.shape.from);
                let when = of_shift(&shown(cell(place)?), conventions).ok_or(NoHours::Shift(place))?;
                let that_day = when.iter().filter(|when| when.days.is_empty() || when.days.holds(begins.date));
                let walls: Vec<Walls> = that_day.filter_map(|when| when.hours.on(begins.date)).collect();
                if walls.is_empty() { Err(NoHours::Shift(place)) } else { Ok(walls) }
            }
            HoursIn::Dates => self.by_dates(row, begins, handover, lasts).map(|walls| vec![walls]),
        }
    }

    fn by_dates(&self, row: &DatedRow, begins: Moment, handover: Clock, lasts: RowLasts) -> Result<Walls, NoHours> {
        let from = begins.begins(handover);
        let until_place = self.shape.until.unwrap_or(self.shape.from);
        let until = match (row.ends, lasts) {
            (Some(Ok(ends)), _) => Some(ends.ends(handover)),
            (Some(Err(_)), _) => return Err(NoHours::Unreadable(until_place)),
            (None, RowLasts::Hours(hours)) => return hours.on(begins.date).ok_or(NoHours::Unreadable(until_place)),
            (None, RowLasts::Days(days)) => from.checked_add_days(Days::new(u64::from(days))),
            (None, RowLasts::UntilNextRow) => from.checked_add_days(Days::new(1)),
        };
        let walls = until.filter(|until| *until > from).map(|until| (from, until));
        walls.ok_or(NoHours::Backwards(until_place))
    }

    /// How long a row without hours and without an end lasts: as set, else the usual step from date to date.
    pub(super) fn lasts(&self, rows: &[DatedRow], conventions: &Conventions) -> RowLasts {
        match conventions.row_lasts {
            Some(lasts @ (RowLasts::Days(_) | RowLasts::Hours(_))) => return lasts,
            Some(RowLasts::UntilNextRow) | None => {}
        }
        let of_team = rows.iter().filter(|row| self.team.holds(self.shape.tab, row.row));
        let mut dates: Vec<NaiveDate> = of_team.filter_map(|row| row.begins.ok()).map(|begins| begins.date).collect();
        dates.sort_unstable();
        dates.dedup();
        let mut steps: Vec<i64> = dates.windows(2).map(|two| (two[1] - two[0]).num_days()).collect();
        steps.sort_unstable();
        let median = steps.get(steps.len().saturating_sub(1) / 2).copied().unwrap_or(1);
        RowLasts::Days(u32::try_from(median).unwrap_or(1).clamp(1, DAYS_AT_MOST))
    }

    /// The column that is named where a boundary is odd.
    pub(super) fn hours_place(&self) -> usize {
        match self.hours {
            HoursIn::Columns { start, .. } => start,
            HoursIn::Column(place) => place,
            HoursIn::ShiftName => self.shift.unwrap_or(self.shape.from),
            HoursIn::Dates => self.shape.from,
        }
    }

    fn note_doubt(&self, row: usize, place: usize, hours: Hours, findings: &mut Findings) {
        if !hours.is_doubtful() {
            return;
        }
        let words = || {
            Words::new(
                "Times are written as 12am or 12pm.",
                "12am is read as midnight (00:00) and 12pm as noon (12:00).",
                "Write 00:00, 12:00, noon or midnight.",
            )
        };
        let cause = findings.cause(Code::TimeDoubtful, Severity::Warn, &self.shape.tab.name);
        cause.at(self.shape.tab.address(row, place)).say(words);
    }

    /// Says why a row is not rung.
    pub(super) fn report_hours(&self, row: usize, why: &NoHours, at: DateTime<Utc>, findings: &mut Findings) {
        let tab = self.shape.tab;
        let header = |place: usize| quote(shown(tab.cell(self.shape.header_row, place)).trim());
        let text = |place: usize| quote(&shown_at(tab, row, place));
        let (code, place, seen, remedy) = match *why {
            NoHours::Blank(place) => (
                Code::TimeUnreadable,
                place,
                format!("Nothing stands under {} in a row that names somebody.", header(place)),
                "Write when the shift begins and ends, or take the row out.".to_owned(),
            ),
            NoHours::Unreadable(place) => (
                Code::TimeUnreadable,
                place,
                format!("{} is no time that can be read.", text(place)),
                "Write times as 08:00, and hours as 08:00-20:00.".to_owned(),
            ),
            NoHours::Backwards(place) => (
                Code::UntilUnreadable,
                place,
                format!("{} is an end before the beginning of its shift.", text(place)),
                "Write the last day, or the time at which the shift ends.".to_owned(),
            ),
            NoHours::Shift(place) => {
                let name = shown(tab.cell(row, place));
                (
                    Code::ShiftHoursMissing,
                    place,
                    format!("Nothing says when the shift {} begins and ends on that day.", quote(name.trim())),
                    shift_hours::remedy(name.trim()),
                )
            }
        };
        let now = findings.now();
        let is_past = at + TimeDelta::days(1) <= now;
        let severity = if is_past { Severity::Note } else { Severity::Stop };
        let cause = findings.cause(code, severity, &seen).at(tab.address(row, place));
        cause.say(|| Words::new(seen, "Whoever such a row names is not rung for it.", remedy));
        if !is_past {
            cause.affects(at);
        }
    }
}

/// The interval between a time of the first day and one of the last. Without a last day an end that is not after the
/// start is on the next day; so is midnight at the end of the same day.
fn between(first: NaiveDate, last: Option<NaiveDate>, hours: Hours) -> Option<Walls> {
    let walls = match last {
        Some(last) if last != first => (hours.start.on(first), hours.end.on(last)),
        Some(_) | None => hours.on(first)?,
    };
    let is_overnight = last == Some(first) && walls.1.date() != first && walls.1.time() != NaiveTime::MIN;
    (walls.0 < walls.1 && !is_overnight).then_some(walls)
}

//! What a column of dates says as a whole: whether the day or the month comes first, and which years are meant.
//! Nothing is guessed: an order is proved, or set, or the date is refused. It must not know layouts.

use crate::roster::cells::calendar_words::Weekdays;
use crate::roster::cells::dates::{Banner, DateOrder, Day, Written, YEARS, ordered};
use chrono::{Datelike, NaiveDate};

/// A date that is settled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Settled {
    pub(crate) date: NaiveDate,
    /// The cell has no year; this one was chosen.
    pub(crate) year_chosen: bool,
    /// The weekday beside it is another one.
    pub(crate) weekday_differs: bool,
}

/// What is known of the years of a column beside the column itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Hint {
    /// The year of the first date, from Settings: it counts before all else.
    pub(crate) year: Option<i32>,
    /// The months that a title, a tab's name or a merged cell announces.
    pub(crate) banner: Option<Banner>,
}

/// The first and the last day of a row.
pub(crate) type Span = (Settled, Option<Settled>);

/// Why a date stays open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Open {
    /// Two readings, and nothing settles it.
    Ambiguous { day_first: NaiveDate, month_first: NaiveDate },
    /// In the known order, or the year that it must be of, there is no such date.
    NoSuchDate,
}

/// The order that a column proves by itself: a part above 12, a weekday that agrees with one reading only, or steps
/// of one or seven days. `weekdays` holds what stands in a column of weekdays beside it, or nothing.
pub(crate) fn proved_order<'w>(columns: impl IntoIterator<Item = &'w [Written]>) -> Option<DateOrder> {
    let columns: Vec<&[Written]> = columns.into_iter().collect();
    let mut proofs = [false, false];
    for cell in columns.iter().flat_map(|column| column.iter()) {
        if let Some(order) = proof_of_cell(cell) {
            proofs[usize::from(order == DateOrder::MonthFirst)] = true;
        }
    }
    match proofs {
        [true, false] => Some(DateOrder::DayFirst),
        [false, true] => Some(DateOrder::MonthFirst),
        // The column contradicts itself: every date must speak for itself.
        [true, true] => None,
        [false, false] => columns.iter().find_map(|column| proof_of_steps(column)),
    }
}

fn proof_of_cell(cell: &Written) -> Option<DateOrder> {
    let Day::Pair { first, second, year } = cell.day else {
        return None;
    };
    if first == second {
        return None;
    }
    // A leap year, so that 29 February exists.
    let reading = |order| ordered(first, second, year.unwrap_or(2024), order);
    let (day_first, month_first) = (reading(DateOrder::DayFirst), reading(DateOrder::MonthFirst));
    match (day_first, month_first) {
        (Some(_), None) => Some(DateOrder::DayFirst),
        (None, Some(_)) => Some(DateOrder::MonthFirst),
        (Some(day_first), Some(month_first)) if year.is_some() && !cell.weekdays.is_empty() => {
            match (cell.weekdays.holds(day_first), cell.weekdays.holds(month_first)) {
                (true, false) => Some(DateOrder::DayFirst),
                (false, true) => Some(DateOrder::MonthFirst),
                (true, true) | (false, false) => None,
            }
        }
        (Some(_) | None, Some(_) | None) => None,
    }
}

fn proof_of_steps(column: &[Written]) -> Option<DateOrder> {
    let fits = |order| even_steps(column, order);
    match (fits(DateOrder::DayFirst), fits(DateOrder::MonthFirst)) {
        (true, false) => Some(DateOrder::DayFirst),
        (false, true) => Some(DateOrder::MonthFirst),
        (true, true) | (false, false) => None,
    }
}

/// Whether all steps from row to row are of one day, or all of seven.
fn even_steps(column: &[Written], order: DateOrder) -> bool {
    let read = |cell: &Written| match cell.day {
        Day::Full(date) => Some(date),
        Day::Pair { first, second, year } => ordered(first, second, year.unwrap_or(2024), order),
        Day::NoYear { month, day } => NaiveDate::from_ymd_opt(2024, month, day),
    };
    let Some(dates) = column.iter().map(read).collect::<Option<Vec<_>>>() else {
        return false;
    };
    let mut steps = dates.windows(2).map(|two| (two[1] - two[0]).num_days());
    match steps.next() {
        Some(step @ (1 | 7)) => steps.all(|other| other == step),
        Some(_) | None => false,
    }
}

/// Settles every date of a column, in its order.
pub(crate) fn settle(column: &[Written], order: Option<DateOrder>, year: Option<i32>, today: NaiveDate) -> Vec<Result<Settled, Open>> {
    settle_within(column, order, Hint { year, banner: None }, today)
}

/// The same, with what a title or a tab's name says of the months.
pub(crate) fn settle_within(column: &[Written], order: Option<DateOrder>, hint: Hint, today: NaiveDate) -> Vec<Result<Settled, Open>> {
    settle_days(column.iter().map(|cell| month_and_day(cell, order)).collect(), hint, today)
}

/// Settles a column of ranges. A year that stands at one end only counts for the other: the first day is the last one
/// of its kind not after the end, the end the first one not before the first day.
pub(crate) fn settle_ranges(
    column: &[(Written, Option<Written>)],
    order: Option<DateOrder>,
    hint: Hint,
    today: NaiveDate,
) -> Vec<Result<Span, Open>> {
    let begins = column.iter().map(|(first, last)| {
        let day = month_and_day(first, order)?;
        let end = last.map(|last| month_and_day(&last, order)).transpose()?;
        let end = end.and_then(|end| end.in_year(end.year?));
        let year = day.year.or_else(|| end.and_then(|end| last_year_before(day, end)));
        Ok(MonthDay { year, ..day })
    });
    let firsts = settle_days(begins.collect(), hint, today);
    let spans = firsts.into_iter().zip(column).map(|(first, (_, last))| {
        let first = first?;
        let last = last.map(|last| settle_end(&last, order, first.date)).transpose()?;
        Ok((first, last))
    });
    spans.collect()
}

fn settle_days(days: Vec<Result<MonthDay, Open>>, hint: Hint, today: NaiveDate) -> Vec<Result<Settled, Open>> {
    // Whoever names the year outweighs the weekdays; that they differ is said.
    let announced = |day: MonthDay| match (hint.year, hint.banner.and_then(|banner| banner.first.year)) {
        (Some(_), _) => None,
        (None, Some(_)) => hint.banner.and_then(|banner| banner.year_of(day.month)),
        (None, None) => year_of_weekday(day, today),
    };
    let mut years: Vec<Option<i32>> = days
        .iter()
        .map(|day| day.ok().and_then(|day| day.year.or_else(|| announced(day))))
        .collect();
    let set = hint.year.or_else(|| hint.banner.and_then(|banner| banner.first.year));
    fill_years(&days, &mut years, set, today);
    days.iter()
        .zip(years)
        .map(|(day, year)| {
            let day = (*day)?;
            let date = year.and_then(|year| day.in_year(year)).ok_or(Open::NoSuchDate)?;
            Ok(Settled {
                date,
                year_chosen: day.year.is_none(),
                weekday_differs: !day.weekdays.is_empty() && !day.weekdays.holds(date),
            })
        })
        .collect()
}

/// The latest year in which a day is not after `end`.
fn last_year_before(day: MonthDay, end: NaiveDate) -> Option<i32> {
    let years = (end.year() - 8..=end.year()).rev();
    years
        .filter(|year| YEARS.contains(year))
        .find(|year| day.in_year(*year).is_some_and(|date| date <= end))
}

/// The end of a shift: a date without a year is the first one not before the shift begins.
pub(crate) fn settle_end(cell: &Written, order: Option<DateOrder>, begins: NaiveDate) -> Result<Settled, Open> {
    let day = month_and_day(cell, order)?;
    let years = day.year.map_or(begins.year()..=begins.year() + 8, |year| year..=year);
    let mut dates = years.filter_map(|year| day.in_year(year));
    let date = dates.find(|date| day.year.is_some() || *date >= begins).ok_or(Open::NoSuchDate)?;
    Ok(Settled {
        date,
        year_chosen: false,
        weekday_differs: !day.weekdays.is_empty() && !day.weekdays.holds(date),
    })
}

/// A date of which at most the year is open.
#[derive(Clone, Copy, Debug)]
struct MonthDay {
    month: u32,
    day: u32,
    year: Option<i32>,
    weekdays: Weekdays,
}

impl MonthDay {
    fn of(date: NaiveDate, weekdays: Weekdays) -> Self {
        Self {
            month: date.month(),
            day: date.day(),
            year: Some(date.year()),
            weekdays,
        }
    }

    fn in_year(self, year: i32) -> Option<NaiveDate> {
        NaiveDate::from_ymd_opt(year, self.month, self.day)
    }
}

fn month_and_day(cell: &Written, order: Option<DateOrder>) -> Result<MonthDay, Open> {
    match cell.day {
        Day::Full(date) => Ok(MonthDay::of(date, cell.weekdays)),
        Day::NoYear { month, day } => Ok(MonthDay {
            month,
            day,
            year: None,
            weekdays: cell.weekdays,
        }),
        Day::Pair { first, second, year } => {
            let date = choose(first, second, year.unwrap_or(2024), order, cell.weekdays, year.is_some())?;
            Ok(MonthDay {
                year,
                ..MonthDay::of(date, cell.weekdays)
            })
        }
    }
}

fn choose(first: u32, second: u32, year: i32, order: Option<DateOrder>, weekdays: Weekdays, year_known: bool) -> Result<NaiveDate, Open> {
    let reading = |order| ordered(first, second, year, order);
    let (day_first, month_first) = (reading(DateOrder::DayFirst), reading(DateOrder::MonthFirst));
    let (chosen, other) = match order {
        Some(DateOrder::DayFirst) => (day_first, month_first),
        Some(DateOrder::MonthFirst) => (month_first, day_first),
        None => match (day_first, month_first) {
            (Some(one), Some(two)) if one != two => {
                return Err(Open::Ambiguous {
                    day_first: one,
                    month_first: two,
                });
            }
            (Some(one), _) | (None, Some(one)) => (Some(one), None),
            (None, None) => (None, None),
        },
    };
    let date = chosen.ok_or(Open::NoSuchDate)?;
    // A weekday that fits only the other order outweighs what the column says.
    match (other, day_first, month_first) {
        (Some(other), Some(day_first), Some(month_first))
            if year_known && !weekdays.is_empty() && !weekdays.holds(date) && weekdays.holds(other) =>
        {
            Err(Open::Ambiguous { day_first, month_first })
        }
        (_, _, _) => Ok(date),
    }
}

/// The year nearest to today in which a date falls on the weekday beside it.
fn year_of_weekday(day: MonthDay, today: NaiveDate) -> Option<i32> {
    if day.weekdays.is_empty() {
        return None;
    }
    let years = today.year() - 2..=today.year() + 2;
    let fitting = years.filter_map(|year| day.in_year(year)).filter(|date| day.weekdays.holds(*date));
    fitting.min_by_key(|date| (*date - today).abs()).map(|date| date.year())
}

/// Gives every date a year: one that is known carries on to its neighbours, the nearest date each time; where none is
/// known the column begins in the set year, or lies as near to today as it can.
fn fill_years(days: &[Result<MonthDay, Open>], years: &mut [Option<i32>], set: Option<i32>, today: NaiveDate) {
    let Some(first) = days.iter().position(Result::is_ok) else {
        return;
    };
    if years.iter().all(Option::is_none) {
        years[first] = set.or_else(|| {
            let candidates = today.year() - 1..=today.year() + 1;
            let away = |year: &i32| {
                let mut trial = years.to_vec();
                trial[first] = Some(*year);
                carry(days, &mut trial);
                let dates = days.iter().zip(&trial).filter_map(|(day, year)| day.ok()?.in_year((*year)?));
                let (mut earliest, mut latest, mut count) = (NaiveDate::MAX, NaiveDate::MIN, 0_usize);
                for date in dates {
                    (earliest, latest, count) = (earliest.min(date), latest.max(date), count + 1);
                }
                let outside = if today < earliest {
                    earliest - today
                } else {
                    (today - latest).max(chrono::TimeDelta::zero())
                };
                // More dates that exist, then nearer, then later.
                (std::cmp::Reverse(count), outside, std::cmp::Reverse(*year))
            };
            candidates.min_by_key(away)
        });
    }
    carry(days, years);
}

fn carry(days: &[Result<MonthDay, Open>], years: &mut [Option<i32>]) {
    let date_at = |years: &[Option<i32>], index: usize| days[index].ok().and_then(|day| day.in_year(years[index]?));
    let Some(anchor) = (0..days.len()).find(|index| years[*index].is_some()) else {
        return;
    };
    let mut near = date_at(years, anchor);
    for index in (0..anchor).rev().chain(anchor..days.len()) {
        if index == anchor {
            near = date_at(years, anchor).or(near);
        }
        if let (None, Ok(day), Some(beside)) = (years[index], days[index], near) {
            years[index] = nearest_year(day, beside);
        }
        near = date_at(years, index).or(near);
    }
}

fn nearest_year(day: MonthDay, beside: NaiveDate) -> Option<i32> {
    let years = (beside.year() - 1..=beside.year() + 1).filter(|year| YEARS.contains(year));
    // 29 February counts as the 28th here: a year that has none is found out later.
    let near = |year: i32| day.in_year(year).or_else(|| NaiveDate::from_ymd_opt(year, day.month, 28));
    let dates = years.filter_map(|year| Some((year, near(year)?)));
    dates.min_by_key(|(_, date)| (*date - beside).abs()).map(|(year, _)| year)
}

#[cfg(test)]
mod tests;

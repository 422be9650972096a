//! Weekdays down: `Day | 1st | 2nd`, `Day | From | Until | 1st`, `Day | Morning | Evening | Night`, perhaps with a column of
//! weeks, or a line above each week. It must not know how a template is written out.

use super::days::{is_week_header, settle, week_cell, week_label};
use super::duty_cell::hours_between;
use super::{Part, Template, meaning, order, report_doubtful, report_round_the_clock, whole_days};
use crate::roster::cells::calendar_words::Weekdays;
use crate::roster::cells::dates::day_of_month;
use crate::roster::cells::times::Hours;
use crate::roster::cells::words::{absent, fold, listed, quote, shown, shown_at};
use crate::roster::conventions::Conventions;
use crate::roster::findings::{Findings, Words};
use crate::roster::layouts::Refusal;
use crate::roster::layouts::header::{self, Column, Field, HEADER_WITHIN};
use crate::roster::layouts::rungs::PeopleColumn;
use crate::roster::layouts::shift_hours;
use crate::roster::layouts::table::{Merged, ROWS_AT_MOST, is_date, is_time, mostly};
use crate::roster::layouts::teams::Team;
use crate::roster::terms::{Meaning, Place, Term};
use crate::roster::{Code, Severity};
use chrono::Weekday;
use providers::{Cell, Tab};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Rows in which days of a month are looked for.
const DAYS_LOOKED_AT: usize = 20;

/// The table.
pub(crate) struct Down<'t> {
    pub(super) tab: &'t Tab,
    pub(super) header_row: usize,
    /// The column of weekdays.
    pub(super) day: usize,
    week: Option<usize>,
    /// The column with the place in the order of each row.
    level: Option<usize>,
    hours: RowHours,
    people: Vec<People>,
}

/// Where the hours of a row stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum RowHours {
    Nowhere,
    /// `08:00-16:00` in one cell.
    Range(usize),
    Ends(usize, usize),
}

/// A column of people.
struct People {
    column: PeopleColumn,
    term: Term,
    /// Its header is the name of a shift.
    is_shift: bool,
}

/// What a row says of its days.
struct RowOfDays {
    row: usize,
    week: Option<u32>,
    days: Weekdays,
}

pub(super) fn recognise<'t>(tab: &'t Tab, conventions: &Conventions) -> Option<Result<Down<'t>, Refusal>> {
    let rows = 0..tab.rows.len().min(HEADER_WITHIN);
    let is_month = |row: &usize| {
        header::columns(tab, *row)
            .iter()
            .any(|column| holds_days_of_a_month(tab, *row, column))
    };
    rows.take_while(|row| !is_month(row)).find_map(|row| at(tab, row, conventions))
}

/// `Day | Weekday` with 1, 2, 3 … beside the weekdays: one month, not every week.
fn holds_days_of_a_month(tab: &Tab, row: usize, column: &Column) -> bool {
    let cells = (row + 1..tab.rows.len()).map(|row| tab.cell(row, column.place));
    let days: Vec<u32> = cells.take(DAYS_LOOKED_AT).filter_map(day_of_month).map(|day| day.day).collect();
    let is_day = matches!(column.field, Some(Field::Day | Field::From)) && !is_week_header(&column.words);
    is_day && days.len() >= 3 && days.windows(2).take(3).all(|two| two[1] == two[0] + 1)
}

fn at<'t>(tab: &'t Tab, row: usize, conventions: &Conventions) -> Option<Result<Down<'t>, Refusal>> {
    let columns = header::columns(tab, row);
    if columns.len() < 2
        || columns
            .iter()
            .any(|column| !mostly_blank(tab, row, column.place) && mostly(tab, row, column.place, is_date))
    {
        return None;
    }
    let is_day = |column: &&Column| {
        let named = matches!(column.field, Some(Field::Day | Field::Weekday | Field::From | Field::Shift) | None);
        named && !mostly_blank(tab, row, column.place) && mostly(tab, row, column.place, is_weekday)
    };
    let day = columns.iter().find(is_day)?;
    let open: Vec<&Column> = columns.iter().filter(|column| column.place != day.place).collect();
    let week = open.iter().find(|column| is_week_header(&column.words)).map(|column| column.place);
    let hours = row_hours(tab, row, &open);
    let taken = |column: &Column| match hours {
        RowHours::Nowhere => false,
        RowHours::Range(place) => place == column.place,
        RowHours::Ends(from, until) => from == column.place || until == column.place,
    };
    let level = open
        .iter()
        .find(|column| is_level_column(tab, row, column))
        .map(|column| column.place);
    let free: Vec<&Column> = open
        .iter()
        .copied()
        .filter(|column| !taken(column) && Some(column.place) != week && Some(column.place) != level)
        .collect();
    let people: Vec<People> = free.iter().filter_map(|column| people_column(column, &free, conventions)).collect();
    if people.is_empty() {
        return None;
    }
    let down = Down {
        tab,
        header_row: row,
        day: day.place,
        week,
        level,
        hours,
        people,
    };
    Some(match down.twins() {
        Some(refusal) => Err(refusal),
        None => Ok(down),
    })
}

/// Where the hours of each row stand, if anywhere.
fn row_hours(tab: &Tab, row: usize, open: &[&Column]) -> RowHours {
    let times: Vec<&&Column> = open
        .iter()
        .filter(|column| {
            let fits = matches!(column.field, Some(Field::From | Field::Until | Field::Time | Field::Shift) | None);
            fits && !mostly_blank(tab, row, column.place) && mostly(tab, row, column.place, is_time)
        })
        .collect();
    let is_range = |column: &&&Column| mostly(tab, row, column.place, |cell| Hours::parse(&shown(cell)).is_some());
    match (times.iter().find(|column| is_range(column)), times.as_slice()) {
        (Some(range), _) => RowHours::Range(range.place),
        (None, [from, until, ..]) => RowHours::Ends(from.place, until.place),
        (None, [_] | []) => RowHours::Nowhere,
    }
}

fn is_level_column(tab: &Tab, row: usize, column: &Column) -> bool {
    let named = matches!(
        column.words.as_str(),
        "level" | "escalation level" | "tier" | "line" | "escalation" | "order" | "role" | "position" | "priority"
    );
    let is_place = |cell: &Cell| Place::parse(&shown(cell)).is_some();
    named && !mostly_blank(tab, row, column.place) && mostly(tab, row, column.place, is_place)
}

fn people_column(column: &Column, all: &[&Column], conventions: &Conventions) -> Option<People> {
    if let Some(Field::Phone | Field::SecondPhone | Field::Notes | Field::Alias | Field::Team | Field::NotRung | Field::Time) = column.field
    {
        return None;
    }
    let is_shift = matches!(column.field, Some(Field::Shift | Field::Day));
    let term = match meaning(&column.text, conventions) {
        Some(Meaning::Silent) => return None,
        Some(Meaning::Rings(term)) => term,
        None if is_shift || column.field == Some(Field::Person) => Term::default(),
        None => return None,
    };
    let is_phone = |other: &&&Column| matches!(other.field, Some(Field::Phone | Field::SecondPhone));
    let stem = header::phone_stem(&column.words);
    let named = all
        .iter()
        .filter(is_phone)
        .find(|phone| header::phone_stem(&phone.words) == stem && !stem.is_empty());
    let beside = || {
        let next = all
            .iter()
            .filter(|other| other.place > column.place)
            .min_by_key(|other| other.place)?;
        let is_plain = header::phone_stem(&next.words)
            .trim_matches(|c: char| c.is_ascii_digit())
            .is_empty();
        Some(next).filter(|next| is_plain && matches!(next.field, Some(Field::Phone | Field::SecondPhone)))
    };
    Some(People {
        column: PeopleColumn {
            place: column.place,
            phone: named.or_else(beside).map(|phone| phone.place),
            label: Arc::from(column.text.as_str()),
        },
        is_shift,
        term,
    })
}

fn is_weekday(cell: &Cell) -> bool {
    weekdays(cell).is_some()
}

/// `Mon`, `Mon-Fri`, `weekend`; a word of several readings gives them all.
fn weekdays(cell: &Cell) -> Option<Weekdays> {
    let Cell::Text(text) = cell else { return None };
    let folded = fold(text);
    if folded == "all" {
        return Some(Weekdays::ALL);
    }
    let named = Weekdays::named(&folded);
    Weekdays::parse(text).or((!named.is_empty()).then_some(named))
}

fn mostly_blank(tab: &Tab, row: usize, place: usize) -> bool {
    (row + 1..tab.rows.len()).take(1_000).all(|row| tab.cell(row, place).is_blank())
}

impl Down<'_> {
    pub(super) fn in_words(&self) -> String {
        let columns: Vec<String> = self.people.iter().map(|people| quote(&people.column.label)).collect();
        let hours = match self.hours {
            RowHours::Nowhere => "",
            RowHours::Range(_) | RowHours::Ends(..) => ", with its hours",
        };
        format!(
            "a fixed week: {} names the weekday of a row{hours}, {} are rung",
            quote(&shown(self.tab.cell(self.header_row, self.day))),
            listed(&columns)
        )
    }

    /// The headers of the levels, folded, by position; none where shifts stand across.
    pub(super) fn levels(&self) -> Vec<String> {
        let is_plain = self.people.iter().all(|people| !people.is_shift && people.term.when.is_empty());
        let labels = self.people.iter().map(|people| header::words(&people.column.label));
        if is_plain { labels.collect() } else { Vec::new() }
    }

    /// Two columns that mean the same.
    fn twins(&self) -> Option<Refusal> {
        let same = |one: &People, two: &People| one.term == two.term && one.term.level.is_some() && !one.is_shift && !two.is_shift;
        let pairs = self.people.iter().enumerate();
        let (one, two) = pairs.into_iter().find_map(|(index, two)| {
            let one = self.people[..index].iter().find(|one| same(one, two))?;
            Some((one, two))
        })?;
        Some(Refusal {
            cell: self.tab.address(self.header_row, two.column.place),
            seen: format!(
                "{} and {} both name the same level",
                quote(&one.column.label),
                quote(&two.column.label)
            ),
            remedy: "Name the columns Day | 1st | 2nd | 3rd, or Day | From | Until | 1st | 2nd.".to_owned(),
        })
    }

    pub(super) fn template(&self, conventions: &Conventions, team: &Team, merged: &Merged, findings: &mut Findings) -> Template {
        let rows = self.rows(team, merged, findings);
        let mut template = Template {
            cell: Some(self.tab.address(self.header_row, self.week.unwrap_or(self.day))),
            weeks: rows.iter().filter_map(|row| row.week).max().map_or(0, |week| week + 1),
            begins: rows.first().and_then(|row| row.days.iter().next()),
            parts: Vec::new(),
        };
        let bare = self.people.iter().filter(|people| self.lacks_hours(people));
        let bare = bare.map(|people| (self.tab.address(self.header_row, people.column.place), people.column.label.clone()));
        shift_hours::report(&bare.collect::<Vec<_>>(), findings);
        let mut seen: BTreeMap<(Option<u32>, u8), usize> = BTreeMap::new();
        for row in &rows {
            if self.hours == RowHours::Nowhere && self.level.is_none() && self.is_repeated(row, &mut seen, findings) {
                template.parts.clear();
                return template;
            }
            self.read_row(row, conventions, merged, &mut template.parts, findings);
        }
        template
    }

    fn lacks_hours(&self, people: &People) -> bool {
        people.is_shift && people.term.when.is_empty() && self.hours == RowHours::Nowhere
    }

    /// The rows that name days, and people or nobody.
    fn rows(&self, team: &Team, merged: &Merged, findings: &mut Findings) -> Vec<RowOfDays> {
        let at = |row: usize, place: usize| self.tab.cell(merged.row_of(row, place), place);
        let last = self.tab.rows.len().min(self.header_row + 1 + ROWS_AT_MOST);
        let words: BTreeSet<Weekdays> = (self.header_row + 1..last)
            .filter_map(|row| weekdays(at(row, self.day)))
            .filter(|days| !days.is_empty())
            .take(10_000)
            .collect();
        let words: Vec<Weekdays> = words.into_iter().collect();
        let (mut rows, mut above, mut week) = (Vec::new(), None, None);
        for row in self.header_row + 1..last {
            let names_people = self.people.iter().any(|people| !at(row, people.column.place).is_blank());
            let cell = at(row, self.day);
            if let Some(label) = week_label(&shown(cell)) {
                (week, above) = (Some(label), None);
                continue;
            }
            if let Some(place) = self.week {
                week = week_cell(&shown(at(row, place))).or(week);
            }
            let days = match weekdays(cell) {
                Some(days) => certain(cell, days, &words),
                // Several rows of one day: it is written once.
                None if cell.is_blank() && self.hours != RowHours::Nowhere => above,
                None => None,
            };
            match days {
                Some(days) => {
                    above = Some(days);
                    if team.holds(self.tab, row) {
                        rows.push(RowOfDays { row, week, days });
                    }
                }
                None if names_people && team.holds(self.tab, row) => self.report_no_day(row, findings),
                None => {}
            }
        }
        rows
    }

    fn report_no_day(&self, row: usize, findings: &mut Findings) {
        let words = || {
            Words::new(
                format!(
                    "{} is not a day of the week that is certain.",
                    quote(&shown_at(self.tab, row, self.day))
                ),
                "Nobody of this row is rung.",
                "Write the weekday in full: Monday, Tuesday ….",
            )
            .of_one_cell()
        };
        let now = findings.now();
        let cause = findings.cause(Code::DateUnreadable, Severity::Stop, "weekday").say(words);
        cause.at(self.tab.address(row, self.day)).affects(now);
    }

    /// The same day once more, and nothing tells the two apart: perhaps a further week.
    fn is_repeated(&self, row: &RowOfDays, seen: &mut BTreeMap<(Option<u32>, u8), usize>, findings: &mut Findings) -> bool {
        let is_blank = self.people.iter().all(|people| {
            let text = shown(self.tab.cell(row.row, people.column.place));
            absent(&text).is_some()
        });
        if is_blank {
            return false;
        }
        for day in row.days.iter() {
            let key = (row.week, u8::try_from(day.num_days_from_monday()).unwrap_or(0));
            let Some(first) = seen.insert(key, row.row) else { continue };
            let words = Words::new(
                format!("Two rows are for {}, and nothing tells them apart.", name(day)),
                "The tab is not read, so nobody is on call by it.",
                "If they are weeks that take turns, add a column Week with 1, 2 …; if they are shifts of one day, columns From | Until.",
            );
            let now = findings.now();
            findings
                .tell(Code::LayoutUnknown, Severity::Stop, Some(self.tab.address(first, self.day)), words)
                .at(self.tab.address(row.row, self.day))
                .affects(now);
            return true;
        }
        false
    }

    fn read_row(&self, row: &RowOfDays, conventions: &Conventions, merged: &Merged, parts: &mut Vec<Part>, findings: &mut Findings) {
        let stated = self.level.and_then(|place| Place::parse(&shown(self.tab.cell(row.row, place))));
        let of_row = match self.row_hours(row.row, merged, findings) {
            Ok(hours) => hours,
            Err(()) => return,
        };
        // Columns with the same hours are places of one shift.
        let mut shifts: Vec<Part> = Vec::new();
        for people in self.people.iter().filter(|people| !self.lacks_hours(people)) {
            let hours: Vec<(Weekdays, Hours)> = match of_row {
                Some(hours) => vec![(row.days, hours)],
                None if people.term.when.is_empty() => {
                    let cell = self.tab.address(row.row, self.day);
                    whole_days(cell, conventions, findings)
                        .map(|hours| (row.days, hours))
                        .into_iter()
                        .collect()
                }
                None => {
                    let when = people.term.when.iter();
                    when.map(|when| (row.days.common(when.days), when.hours)).collect()
                }
            };
            for (days, hours) in hours.into_iter().filter(|(days, _)| !days.is_empty()) {
                let order = order(stated.or(people.term.level), conventions);
                match shifts.iter_mut().find(|shift| (shift.days, shift.hours) == (days, hours)) {
                    Some(shift) => {
                        shift.columns.push(people.column.clone());
                        shift.orders.push(order);
                    }
                    None => shifts.push(Part {
                        row: row.row,
                        columns: vec![people.column.clone()],
                        orders: vec![order],
                        week: row.week,
                        days,
                        hours,
                        hours_cell: None,
                    }),
                }
            }
        }
        parts.append(&mut shifts);
    }

    /// The hours that the row itself gives; `Err` where it should and does not, which is said.
    fn row_hours(&self, row: usize, merged: &Merged, findings: &mut Findings) -> Result<Option<Hours>, ()> {
        let cell = |place: usize| self.tab.cell(merged.row_of(row, place), place);
        let (hours, place) = match self.hours {
            RowHours::Nowhere => return Ok(None),
            RowHours::Range(place) => (Hours::parse(&shown(cell(place))), place),
            RowHours::Ends(from, until) => (hours_between(cell(from), cell(until)), from),
        };
        let address = self.tab.address(row, place);
        let text = match self.hours {
            RowHours::Ends(from, until) => format!("{} - {}", shown(cell(from)), shown(cell(until))),
            RowHours::Nowhere | RowHours::Range(_) => shown(cell(place)),
        };
        if let Some(hours) = hours {
            if hours.is_doubtful() {
                report_doubtful(address.clone(), &text, hours, findings);
            }
            if matches!(self.hours, RowHours::Ends(..)) && hours.is_same_time_twice() {
                report_round_the_clock(address, &text, findings);
            }
            return Ok(Some(hours));
        }
        let is_empty = self.people.iter().all(|people| self.tab.cell(row, people.column.place).is_blank());
        if !is_empty {
            let words = || {
                Words::new(
                    format!("{} cannot be read as the beginning and the end of a shift.", quote(&text)),
                    "Nobody of this row is rung.",
                    "Write both times with 24 hours, such as 08:00 and 16:00 (00:00 and 24:00 for the whole day).",
                )
            };
            let now = findings.now();
            let cause = findings.cause(Code::TimeUnreadable, Severity::Stop, &text).say(words);
            cause.at(address).affects(now);
        }
        Err(())
    }
}

/// The days that a cell names for certain, in the light of all words of its column.
fn certain(cell: &Cell, days: Weekdays, words: &[Weekdays]) -> Option<Weekdays> {
    let is_open = Weekdays::parse(&shown(cell)).is_none() && Weekdays::named(&fold(&shown(cell))) == days;
    if !is_open {
        return Some(days);
    }
    // `WE` is Wednesday between Tuesday and Thursday, and may be a weekend beside Mo-Fr.
    if let Some(day) = days.only() {
        let beside = [day.pred(), day.succ()].map(Weekdays::of);
        return words.iter().any(|word| beside.contains(word)).then_some(days);
    }
    let single: Vec<Weekdays> = words
        .iter()
        .copied()
        .filter(|word| word.only().is_some() || *word == days)
        .collect();
    let place = single.iter().position(|word| *word == days)?;
    settle(&single)?.get(place).map(|day| Weekdays::of(*day))
}

/// `Monday`
const fn name(day: Weekday) -> &'static str {
    match day {
        Weekday::Mon => "Monday",
        Weekday::Tue => "Tuesday",
        Weekday::Wed => "Wednesday",
        Weekday::Thu => "Thursday",
        Weekday::Fri => "Friday",
        Weekday::Sat => "Saturday",
        Weekday::Sun => "Sunday",
    }
}

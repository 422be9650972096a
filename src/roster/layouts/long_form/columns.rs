//! Which columns of a long form hold what, by their headers, else by what stands in them.

use super::hours::{clock, hours, of_shift};
use super::{HoursIn, LongForm};
use crate::roster::TabRead;
use crate::roster::cells::dates;
use crate::roster::cells::phones;
use crate::roster::cells::words::{fold, listed, quote, shown};
use crate::roster::contacts::People;
use crate::roster::conventions::Conventions;
use crate::roster::layouts::Refusal;
use crate::roster::layouts::dated_rows::Shape;
use crate::roster::layouts::header::{self, Column, Field};
use crate::roster::layouts::person_columns::{self, PersonColumn, order_of};
use crate::roster::layouts::roles::{self, Roles};
use crate::roster::layouts::table::{Merged, is_date, is_weekday, mostly};
use crate::roster::layouts::teams::Team;
use providers::{Cell, Tab};
use std::collections::{BTreeMap, BTreeSet};

/// Rows that tell whether dates repeat.
const SAMPLE: usize = 5_000;

/// Headers of a column of shift names.
#[rustfmt::skip]
const SHIFT_NAMES: &[&str] = &[
    "shift", "shift name", "shift type", "shift code", "duty type", "session", "period", "schicht", "dienstart", "schichtname", "poste",
    "tour", "turno", "turn",
];
/// Words in the header of a column of ends.
const END: &[&str] = &["end", "ends", "to", "until", "till", "finish", "fin", "bis", "ende", "hasta", "off"];

/// A header row and what is found so far.
struct Table<'t> {
    tab: &'t Tab,
    row: usize,
    columns: Vec<Column>,
    taken: BTreeSet<usize>,
}

/// Whether a tab looks like a long form by itself: with hours, shifts or roles beside dates and names.
pub(crate) fn looks_like_it(tab: &Tab, conventions: &Conventions) -> bool {
    let found = recognise(tab, conventions, &People::default());
    found.is_some_and(|found| found.is_ok_and(|form| form.hours != HoursIn::Dates || form.role.is_some()))
}

/// A long form, or a refusal of one; nothing where the tab is something else.
pub(crate) fn recognise<'t>(tab: &'t Tab, conventions: &Conventions, people: &People) -> Option<Result<LongForm<'t>, Refusal>> {
    let (row, columns) = header::find(tab, score)?;
    let mut table = Table {
        tab,
        row,
        columns,
        taken: BTreeSet::new(),
    };
    let from = table.dates()?;
    table.taken.insert(from);
    let until = table.find(|column| column.field == Some(Field::Until) && table.mostly(column, is_date));
    table.taken.extend(until);
    let hours = table.hours();
    let role = table.find(|column| roles::is_header(&column.words));
    table.taken.extend(role);
    let shift = table.shift(conventions);
    table.taken.extend(shift);
    let mut people = person_columns::of(tab, row, &table.open(), people);
    if people.is_empty() {
        return None;
    }
    let is_single = matches!(people.as_slice(), [PersonColumn { order: None, .. }]);
    let by_columns = hours.is_some() || shift.is_some() || (is_single && role.is_some());
    let team = match Team::pick(tab, row, &table.columns, conventions) {
        Ok(team) => team,
        Err(refusal) => return by_columns.then_some(Err(refusal)),
    };
    let is_mine = by_columns || (is_single && table.dates_repeat(from, &team));
    if !is_mine {
        return None;
    }
    let weekday = table.find(|column| {
        matches!(column.field, Some(Field::Weekday)) || (column.field == Some(Field::Day) && table.mostly(column, is_weekday))
    });
    let assumed_phone = table.assumed_phone(&people);
    if let (Some(_), [only]) = (assumed_phone, people.as_mut_slice()) {
        only.phone = assumed_phone;
    }
    let by_shift = shift.is_some() && until.is_none();
    let shape = Shape {
        until,
        weekday,
        people: people.iter().flat_map(|column| column.places.iter().copied()).collect(),
        ..Shape::new(tab, row, from)
    };
    Some(Ok(LongForm {
        shape,
        hours: hours.unwrap_or(if by_shift { HoursIn::ShiftName } else { HoursIn::Dates }),
        people,
        role,
        shift,
        team,
        assumed_phone,
    }))
}

/// A header row that names people and something else, and no shifts across.
fn score(columns: &[Column]) -> Option<usize> {
    let is_person = |column: &Column| {
        matches!(
            column.field,
            Some(Field::Person | Field::GivenName | Field::FamilyName | Field::Alias)
        ) || order_of(column).is_some()
    };
    let across = columns.iter().any(|column| column.field == Some(Field::Shift));
    let peopled = columns.iter().any(is_person);
    (peopled && !across && columns.len() >= 2).then(|| header::named(columns))
}

impl Table<'_> {
    fn mostly(&self, column: &Column, kind: impl Fn(&Cell) -> bool) -> bool {
        mostly(self.tab, self.row, column.place, kind)
    }

    /// The first column that is not taken and fits.
    fn find(&self, fits: impl Fn(&Column) -> bool) -> Option<usize> {
        let mut open = self.columns.iter().filter(|column| !self.taken.contains(&column.place));
        open.find(|column| fits(column)).map(|column| column.place)
    }

    /// The columns that hold something else so far unknown.
    fn open(&self) -> Vec<&Column> {
        self.columns.iter().filter(|column| !self.taken.contains(&column.place)).collect()
    }

    /// The column of dates: by its header, else the only one that holds dates. Of several those with a time count.
    fn dates(&self) -> Option<usize> {
        let holds_dates = |column: &&Column| self.mostly(column, is_date);
        let headed = |column: &&Column| matches!(column.field, Some(Field::From | Field::Day | Field::Time));
        let by_header: Vec<&Column> = self.columns.iter().filter(headed).filter(holds_dates).collect();
        let has_time = |cell: &Cell| dates::read(cell).is_ok_and(|written| written.time.is_some());
        let timed = by_header.iter().find(|column| self.mostly(column, has_time));
        if let Some(column) = timed.or_else(|| by_header.first()) {
            return Some(column.place);
        }
        let unknown = self.columns.iter().filter(|column| column.field.is_none()).filter(holds_dates);
        match unknown.collect::<Vec<_>>().as_slice() {
            [one] => Some(one.place),
            _ => None,
        }
    }

    /// Where hours stand; these columns are taken then.
    fn hours(&mut self) -> Option<HoursIn> {
        let in_one = self.find(|column| {
            // `Dienst` is a person in one sheet and the hours in another: the cells tell.
            let is_open = matches!(column.field, None | Some(Field::Time | Field::From | Field::Person));
            is_open && self.mostly(column, |cell| hours(cell).is_some())
        });
        if let Some(place) = in_one {
            self.taken.insert(place);
            return Some(HoursIn::Column(place));
        }
        let is_time = |column: &Column| {
            let known = matches!(column.field, Some(Field::Time | Field::From | Field::Until | Field::Day));
            known && self.mostly(column, |cell| clock(cell).is_some())
        };
        let is_end = |column: &Column| column.field == Some(Field::Until) || column.words.split(' ').any(|word| END.contains(&word));
        let start = self.find(|column| is_time(column) && !is_end(column))?;
        let end = self.find(|column| column.place != start && is_time(column))?;
        self.taken.extend([start, end]);
        Some(HoursIn::Columns { start, end })
    }

    /// The column of shift names: by its header, else by words that the settings know.
    fn shift(&self, conventions: &Conventions) -> Option<usize> {
        let known = |cell: &Cell| of_shift(&shown(cell), conventions).is_some();
        let by_header = self.find(|column| SHIFT_NAMES.contains(&column.words.as_str()));
        by_header.or_else(|| self.find(|column| column.field.is_none() && self.mostly(column, known)))
    }

    /// Whether most dates of the team have several rows.
    fn dates_repeat(&self, from: usize, team: &Team) -> bool {
        let rows = (self.row + 1..self.tab.rows.len())
            .filter(|row| team.holds(self.tab, *row))
            .take(SAMPLE);
        let dates: Vec<String> = rows
            .map(|row| self.tab.cell(row, from))
            .filter(|cell| is_date(cell))
            .map(shown)
            .collect();
        let distinct: BTreeSet<&String> = dates.iter().collect();
        dates.len() * 2 >= distinct.len() * 3
    }

    /// A column without a header, beside the others, that holds phone numbers.
    fn assumed_phone(&self, people: &[PersonColumn]) -> Option<usize> {
        let [PersonColumn { phone: None, .. }] = people else { return None };
        let width = self.columns.last()?.place + 2;
        let is_headed = |place: usize| self.columns.iter().any(|column| column.place == place);
        let looks_like_phone = |cell: &Cell| match cell {
            Cell::Number(number) => (1e6..1e16).contains(number),
            Cell::Text(text) => phones::looks_like_number(text) && !is_date(cell),
            Cell::Empty | Cell::DateTime(_) | Cell::Time(_) | Cell::Bool(_) | Cell::Error(_) => false,
        };
        (0..width).find(|place| !is_headed(*place) && mostly(self.tab, self.row, *place, looks_like_phone))
    }
}

impl LongForm<'_> {
    /// The roles of the team's rows.
    pub(super) fn roles(&self, conventions: &Conventions) -> Roles {
        let Some(place) = self.role else { return Roles::default() };
        let rows = self.shape.header_row + 1..self.shape.tab.rows.len();
        let of_team = rows.filter(|row| self.team.holds(self.shape.tab, *row));
        let texts = of_team.map(|row| shown(self.shape.tab.cell(row, place)));
        Roles::of(texts.filter(|text| !text.trim().is_empty()), conventions)
    }

    /// The row in which a name's number stands, where all numbers beside that name are the same.
    pub(super) fn numbers(&self, merged: &Merged) -> BTreeMap<String, Option<usize>> {
        let mut numbers: BTreeMap<String, Option<usize>> = BTreeMap::new();
        let [PersonColumn { phone: Some(phone), .. }] = self.people.as_slice() else {
            return numbers;
        };
        let tab = self.shape.tab;
        for row in self.shape.header_row + 1..tab.rows.len() {
            let cell = tab.cell(merged.row_of(row, *phone), *phone);
            if cell.is_blank() {
                continue;
            }
            let name = fold(&shown(&self.people[0].name(tab, row)));
            let known = numbers.entry(name).or_insert(Some(row));
            if known.is_some_and(|known| shown(tab.cell(known, *phone)) != shown(cell)) {
                *known = None;
            }
        }
        numbers
    }

    pub(super) fn in_words(&self) -> TabRead {
        let tab = self.shape.tab;
        let header = |place: usize| quote(shown(tab.cell(self.shape.header_row, place)).trim());
        let people: Vec<String> = self.people.iter().map(|column| quote(&column.label)).collect();
        let hours = match self.hours {
            HoursIn::Columns { start, end } => format!(", from {} to {}", header(start), header(end)),
            HoursIn::Column(place) => format!(", hours in {}", header(place)),
            HoursIn::ShiftName => format!(", hours by the shift in {}", self.shift.map_or_else(String::new, header)),
            HoursIn::Dates => self.shape.until.map_or_else(String::new, |until| format!(" to {}", header(until))),
        };
        let order = self
            .role
            .map_or_else(String::new, |role| format!(", in the order of {}", header(role)));
        let team = &self.team.name;
        let team = team
            .as_ref()
            .map_or_else(String::new, |team| format!(", of the team {} only", quote(team.trim())));
        let verb = if people.len() == 1 { "is" } else { "are" };
        let (day, people) = (header(self.shape.from), listed(&people));
        TabRead {
            tab: tab.name.clone(),
            shape: format!("one row for each person and shift: {day}{hours}, {people} {verb} rung{order}{team}"),
            header: Some(tab.address(self.shape.header_row, self.shape.from)),
        }
    }
}

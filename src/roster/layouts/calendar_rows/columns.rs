//! Which columns of a calendar's table hold what.

use crate::roster::cells::words::{fold, shown};
use crate::roster::layouts::dated_rows::Shape;
use crate::roster::layouts::header::{self, Column, Field};
use crate::roster::layouts::table::{is_date, mostly};
use providers::{Cell, CellAddress, Tab};

#[rustfmt::skip]
const TITLE: &[&str] = &[
    "event", "subject", "summary", "title", "event title", "event name", "betreff", "objet", "asunto", "oggetto", "assunto",
];
#[rustfmt::skip]
const ALL_DAY: &[&str] = &[
    "all day", "allday", "all day event", "alldayevent", "ganztagig", "ganztagiges ereignis", "journee entiere", "todo el dia",
];
const PERSON: &[&str] = &[
    "attendee",
    "attendees",
    "required attendees",
    "meeting organizer",
    "organizer",
    "organiser",
    "besprechungsplanung",
];

/// A table of events.
pub(crate) struct Calendar<'t> {
    pub(super) tab: &'t Tab,
    pub(super) header_row: usize,
    pub(super) title: usize,
    pub(super) from: usize,
    pub(super) until: Option<usize>,
    pub(super) start: Option<usize>,
    pub(super) end: Option<usize>,
    pub(super) all_day: Option<usize>,
    pub(super) person: Vec<usize>,
    /// Addresses, tried where the name is no contact.
    pub(super) email: Option<usize>,
    /// Of a calendar file.
    pub(super) file: FileColumns,
}

/// The columns that calendar files have besides.
#[derive(Default)]
pub(super) struct FileColumns {
    pub(super) uid: Option<usize>,
    pub(super) zone: Option<usize>,
    pub(super) end_zone: Option<usize>,
    pub(super) repeats: Option<usize>,
    pub(super) excluded: Option<usize>,
    pub(super) added: Option<usize>,
    pub(super) replaces: Option<usize>,
    pub(super) status: Option<usize>,
}

/// A calendar, or nothing.
pub(crate) fn recognise(tab: &Tab) -> Option<Calendar<'_>> {
    let (row, columns) = header::find(tab, score)?;
    let named = |words: &[&str]| {
        columns
            .iter()
            .find(|column| words.contains(&column.words.as_str()))
            .map(|column| column.place)
    };
    let title = named(TITLE)?;
    let dates = |column: &&Column| mostly(tab, row, column.place, is_date);
    let of = |field: Field| {
        columns
            .iter()
            .filter(move |column| column.field == Some(field) && column.place != title)
    };
    // An empty calendar of a file has no dates below its headings.
    let from = of(Field::From).find(dates).or_else(|| of(Field::From).next())?.place;
    let until = of(Field::Until).find(dates).map(|column| column.place);
    let is_clock = |column: &&Column| matches!(column.field, Some(Field::From | Field::Until | Field::Time)) && !dates(column);
    let clocks: Vec<&Column> = columns
        .iter()
        .filter(is_clock)
        .filter(|column| ![from, title].contains(&column.place))
        .collect();
    let is_end = |column: &&&Column| column.field == Some(Field::Until) || fold(&column.words).contains("end");
    let end = clocks.iter().find(is_end).map(|column| column.place);
    let start = clocks.iter().find(|column| Some(column.place) != end).map(|column| column.place);
    let people = columns
        .iter()
        .filter(|column| column.field == Some(Field::Person) || PERSON.contains(&column.words.as_str()));
    let is_taken = |place: &usize| [Some(title), Some(from), until, start, end].contains(&Some(*place));
    Some(Calendar {
        tab,
        header_row: row,
        title,
        from,
        until,
        start,
        end,
        all_day: named(ALL_DAY),
        person: people.map(|column| column.place).filter(|place| !is_taken(place)).collect(),
        email: named(&["e mail", "email"]),
        file: FileColumns {
            uid: named(&["uid"]),
            zone: named(&["zone"]),
            end_zone: named(&["end zone"]),
            repeats: named(&["repeats"]),
            excluded: named(&["excluded"]),
            added: named(&["added"]),
            replaces: named(&["replaces"]),
            status: named(&["status"]),
        },
    })
}

/// Whether a tab looks like a calendar by itself.
pub(crate) fn looks_like_it(tab: &Tab) -> bool {
    recognise(tab).is_some()
}

/// A title, a day, and what only calendars have: whole days, names of events, or beginning and end beside a subject.
fn score(columns: &[Column]) -> Option<usize> {
    let has = |words: &[&str]| columns.iter().any(|column| words.contains(&column.words.as_str()));
    let fields = |wanted: &[Field]| {
        columns
            .iter()
            .any(|column| column.field.is_some_and(|field| wanted.contains(&field)))
    };
    let is_subject = has(&["subject", "summary", "betreff"]) && fields(&[Field::From]) && fields(&[Field::Until]);
    let is_calendar = has(TITLE) && fields(&[Field::From]) && (has(ALL_DAY) || has(&["uid"]) || is_subject);
    is_calendar.then(|| header::named(columns))
}

impl<'t> Calendar<'t> {
    pub(super) fn shape(&self) -> Shape<'t> {
        Shape {
            until: self.until,
            people: vec![self.title],
            ..Shape::new(self.tab, self.header_row, self.from)
        }
    }

    /// Where a row's title stands.
    pub(super) fn title_cell(&self, row: usize) -> CellAddress {
        self.tab.address(row, self.title)
    }

    pub(super) fn title_header(&self) -> String {
        shown(self.tab.cell(self.header_row, self.title)).trim().to_owned()
    }

    /// The first cell of a row that names a person.
    pub(super) fn person_cell(&self, row: usize) -> Option<(Cell, CellAddress)> {
        let place = self.person.iter().find(|place| !self.tab.cell(row, **place).is_blank())?;
        Some((self.tab.cell(row, *place).clone(), self.tab.address(row, *place)))
    }

    /// The address beside the person.
    pub(super) fn email_cells(&self, row: usize) -> Vec<(Cell, CellAddress)> {
        let cells = self
            .email
            .iter()
            .map(|place| (self.tab.cell(row, *place).clone(), self.tab.address(row, *place)));
        cells.filter(|(cell, _)| !cell.is_blank()).collect()
    }

    pub(super) fn text(&self, row: usize, place: Option<usize>) -> Option<String> {
        let text = shown(self.tab.cell(row, place?)).trim().to_owned();
        (!text.is_empty()).then_some(text)
    }
}

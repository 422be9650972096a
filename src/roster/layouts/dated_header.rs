//! The header of a table of dates and people: in which columns dates, people and their numbers stand. What is not certain
//! is refused with what was looked for. It must not read rows beyond a look at what kind of cells stand in them.

use crate::roster::cells::names::Found;
use crate::roster::cells::words::{fold, listed, quote, shown};
use crate::roster::contacts::People;
use crate::roster::conventions::Conventions;
use crate::roster::layouts::Refusal;
use crate::roster::layouts::column_meanings::{self, Meant, Says, When};
use crate::roster::layouts::dated_rows::Shape;
use crate::roster::layouts::header::{self, Column, Field};
use crate::roster::layouts::header_rows;
use crate::roster::layouts::rungs::PeopleColumn;
use crate::roster::layouts::table::{is_date, is_range, is_time, is_weekday, mostly};
use crate::roster::layouts::unread_shapes;
use providers::Tab;
use std::collections::BTreeMap;
use std::sync::Arc;

/// More headers than these are not named one by one.
const HEADERS_NAMED: usize = 8;
/// More teams than these are not told apart.
const TEAMS_AT_MOST: usize = 100;

/// Headers of columns that may number weeks, folded.
const WEEKS: &[&str] = &[
    "week",
    "wk",
    "week no",
    "week number",
    "woche",
    "kw",
    "kalenderwoche",
    "semaine",
    "semana",
    "settimana",
];

/// People who may be meant to be rung and are not.
#[derive(Clone)]
pub(crate) enum Ignored {
    /// A column in which contacts stand, with its header.
    Contacts { place: usize, text: String },
    /// A header that the setting Order names, and that is not there.
    NoHeader { words: String },
    /// A table beside the rota, by its first header.
    TableBeside { place: usize, text: String },
}

/// The header row as it is understood.
pub(crate) struct Header<'t> {
    pub(crate) tab: &'t Tab,
    pub(crate) row: usize,
    /// The upper one of two header rows, or the same.
    group_row: usize,
    pub(crate) columns: Vec<Column>,
    pub(crate) from: usize,
    until: Option<usize>,
    weekday: Option<usize>,
    /// The first column of a table beside this one.
    beside: Option<(usize, String)>,
}

impl<'t> Header<'t> {
    /// The header of a row, or of two.
    pub(crate) fn of(tab: &'t Tab, row: usize, columns: Vec<Column>, conventions: &Conventions) -> Result<Self, Refusal> {
        let rows = header_rows::joined(tab, row, columns);
        let mut header = Self {
            tab,
            row: rows.last,
            group_row: rows.first,
            columns: rows.columns,
            from: 0,
            until: None,
            weekday: None,
            beside: None,
        };
        header.from = header.find_from()?;
        header.leave_out_table_beside(conventions);
        let other = |column: &&Column| column.place != header.from;
        let weekdays = header.columns.iter().filter(other).find(|column| {
            matches!(column.field, Some(Field::Weekday))
                || (column.field == Some(Field::Day) && mostly(tab, header.row, column.place, is_weekday))
        });
        header.weekday = weekdays.map(|column| column.place);
        header.until = header
            .columns
            .iter()
            .find(|column| column.field == Some(Field::Until))
            .map(|column| column.place);
        Ok(header)
    }

    fn leave_out_table_beside(&mut self, conventions: &Conventions) {
        let is_of_rota = |column: &Column| match column_meanings::says(column, conventions) {
            Says::People(meant) => meant.place.is_some() || meant.when != When::Row,
            Says::Silent | Says::Other => false,
        };
        let beside = header_rows::beside(self.tab, self.row, &self.columns, self.from, is_of_rota);
        let first = self.columns.iter().find(|column| beside.contains(&column.place));
        self.beside = first.map(|column| (column.place, column.text.clone()));
        self.columns.retain(|column| !beside.contains(&column.place));
    }

    /// The column of dates; of several that one in which dates stand.
    fn find_from(&self) -> Result<usize, Refusal> {
        let all: Vec<&Column> = self.columns.iter().filter(|column| column.field == Some(Field::From)).collect();
        let all = if all.is_empty() {
            self.columns.iter().filter(|column| column.field == Some(Field::Day)).collect()
        } else {
            all
        };
        let with_dates: Vec<&&Column> = all
            .iter()
            .filter(|column| mostly(self.tab, self.row, column.place, |cell| is_date(cell) || is_range(cell)))
            .collect();
        match (with_dates.as_slice(), all.as_slice()) {
            ([one], _) => Ok(one.place),
            ([], [first, ..]) => Ok(first.place),
            ([first, second, ..], _) => Err(self.refusal(
                second,
                format!(
                    "{} and {} both look like the beginning of a row",
                    quote(&first.text),
                    quote(&second.text)
                ),
            )),
            ([], []) => Err(self.refusal(&self.columns[0], "No column of dates is found".to_owned())),
        }
    }

    pub(crate) fn refusal(&self, column: &Column, seen: String) -> Refusal {
        Refusal {
            cell: self.tab.address(self.row, column.place),
            seen,
            remedy: "Name the columns From | 1st | 2nd | 3rd, or Date | Day | Night.".to_owned(),
        }
    }

    /// What would be read wrongly is not read at all.
    pub(crate) fn refuse_what_is_not_read(&self) -> Result<(), Refusal> {
        for column in &self.columns {
            let is_date_column = column.place == self.from;
            let holds_times = || mostly(self.tab, self.row, column.place, is_time) && !mostly(self.tab, self.row, column.place, is_date);
            let is_time_column = match column.field {
                Some(Field::Time) => true,
                Some(Field::From | Field::Until) => {
                    !is_date_column && !self.is_blank(column) && !self.numbers_weeks(column) && holds_times()
                }
                Some(_) | None => false,
            };
            if is_time_column {
                let seen = format!(
                    "{} holds times in a column of their own: one row for each person and shift is not read yet",
                    quote(&column.text)
                );
                return Err(Refusal {
                    remedy: unread_shapes::HANDOVER_LIST.to_owned(),
                    ..self.refusal(column, seen)
                });
            }
        }
        Ok(())
    }

    /// `KW | von | bis`: the number of the week beside its dates.
    fn numbers_weeks(&self, column: &Column) -> bool {
        let is_week = |cell: &str| matches!(cell.trim().parse::<u32>(), Ok(1..=53));
        WEEKS.contains(&column.words.as_str()) && self.cells(column).take(20).all(|cell| is_week(&cell))
    }

    /// The columns of people, with what their headers mean.
    pub(crate) fn people<'s>(&'s self, conventions: &Conventions) -> Vec<Meant<'s>> {
        let of_people = self
            .open_columns()
            .filter_map(|column| match column_meanings::says(column, conventions) {
                Says::People(meant) => Some(meant),
                Says::Silent | Says::Other => None,
            });
        of_people.collect()
    }

    /// The one column without a known header, where it is the only one and mostly contacts stand in it.
    pub(crate) fn lone_column_of_contacts(&self, people: &People, conventions: &Conventions) -> Option<&Column> {
        let mut unknown = self.unknown_columns(conventions).filter(|column| !self.is_blank(column));
        let one = unknown.next().filter(|_| unknown.next().is_none())?;
        self.holds_contacts(one, people).then_some(one)
    }

    /// Columns whose header says nothing that is known.
    fn unknown_columns(&self, conventions: &Conventions) -> impl Iterator<Item = &Column> {
        self.open_columns()
            .filter(|column| column.field.is_none() && matches!(column_meanings::says(column, conventions), Says::Other))
    }

    /// Dates, and nothing that is known for people.
    pub(crate) fn nobody(&self, conventions: &Conventions) -> Refusal {
        let of = |column: &Column| self.tab.address(self.row, column.place);
        let dates = self
            .columns
            .iter()
            .find(|column| column.place == self.from)
            .unwrap_or(&self.columns[0]);
        let order = conventions.terms.order();
        if !order.is_empty() {
            let named: Vec<String> = order.iter().map(|words| quote(words)).collect();
            let headers: Vec<String> = self.open_columns().map(|column| quote(&column.text)).collect();
            return Refusal {
                cell: of(dates),
                seen: format!(
                    "None of the headers that the setting Order names ({}) stands above this table; its headers are {}",
                    listed(&named),
                    listed(&headers)
                ),
                remedy: "Write the headers into the setting Order as they stand in the sheet.".to_owned(),
            };
        }
        let texts: Vec<&str> = self.unknown_columns(conventions).map(|column| column.text.as_str()).collect();
        let others: Vec<String> = texts.iter().take(HEADERS_NAMED).map(|text| quote(text)).collect();
        let more = if texts.len() > HEADERS_NAMED { " …" } else { "" };
        let shown = match others.as_slice() {
            [] => "stands alone".to_owned(),
            [one] => format!("stands beside {one}, which is not a header that is known for people"),
            several => format!(
                "stands beside {}{more}, none of which is a header that is known for people",
                several.join(", ")
            ),
        };
        let remedy = if texts.is_empty() {
            "Name the columns of people 1st | 2nd | 3rd, or by shifts such as Day | Night.".to_owned()
        } else {
            let line = texts.iter().take(HEADERS_NAMED).copied().collect::<Vec<_>>().join(", ");
            format!(
                "Add to Settings: Order | {line} (only the columns that are to be rung, the first one first), or name the columns of \
                 people 1st | 2nd | 3rd, or by shifts such as Day | Night."
            )
        };
        Refusal {
            cell: self.unknown_columns(conventions).next().map_or_else(|| of(dates), of),
            seen: format!("The column of dates, {}, {shown}", quote(&dates.text)),
            remedy,
        }
    }

    /// The column of teams and the team that counts; nothing where the table is of one team. Several teams and no
    /// setting, or a team that the column does not hold, is refused.
    pub(crate) fn team(&self, conventions: &Conventions) -> Result<Option<(usize, String)>, Refusal> {
        let mut columns = self.open_columns().filter(|column| column.field == Some(Field::Team));
        let Some((column, teams)) = columns.find_map(|column| {
            let teams = self.distinct(column);
            (teams.len() > 1 || (conventions.team.is_some() && !teams.is_empty())).then_some((column, teams))
        }) else {
            return Ok(None);
        };
        let names: Vec<String> = teams.values().map(|team| quote(team)).collect();
        let example = teams.values().next().map_or("", String::as_str);
        match &conventions.team {
            Some(team) if teams.contains_key(team) => Ok(Some((column.place, team.clone()))),
            Some(team) => Err(Refusal {
                remedy: format!("Write the team as it stands in the sheet, for example in Settings: Team | {example}."),
                ..self.refusal(
                    column,
                    format!(
                        "{} is not a team of {}, which holds {}",
                        quote(team),
                        quote(&column.text),
                        listed(&names)
                    ),
                )
            }),
            None => Err(Refusal {
                remedy: format!("Add to Settings: Team | {example} (the team that this hotline is for)."),
                ..self.refusal(
                    column,
                    format!(
                        "{} holds several teams: {}. Which of them this hotline is for cannot be told",
                        quote(&column.text),
                        listed(&names)
                    ),
                )
            }),
        }
    }

    fn cells(&self, column: &Column) -> impl Iterator<Item = String> + '_ {
        let place = column.place;
        let rows = self.row + 1..self.tab.rows.len();
        rows.map(move |row| self.tab.cell(row, place))
            .filter(|cell| !cell.is_blank())
            .map(shown)
    }

    pub(crate) fn is_blank(&self, column: &Column) -> bool {
        self.cells(column).next().is_none()
    }

    /// The texts of a column, folded, each as it is first written; all rows count, for one of another team may come late.
    fn distinct(&self, column: &Column) -> BTreeMap<String, String> {
        let mut texts = BTreeMap::new();
        for text in self.cells(column) {
            let folded = fold(&text);
            if texts.len() >= TEAMS_AT_MOST {
                break;
            }
            if !folded.is_empty() && folded != fold(&column.text) {
                texts.entry(folded).or_insert_with(|| text.trim().to_owned());
            }
        }
        texts
    }

    /// Columns other than those of dates.
    pub(crate) fn open_columns(&self) -> impl Iterator<Item = &Column> {
        let taken = [Some(self.from), self.until, self.weekday];
        self.columns.iter().filter(move |column| !taken.contains(&Some(column.place)))
    }

    fn holds_contacts(&self, column: &Column, people: &People) -> bool {
        let is_contact = |text: &str| {
            text.split(['/', '&', '\n'])
                .any(|part| matches!(people.names.find(part), Found::One(_)))
        };
        let (mut count, mut fitting) = (0, 0);
        for text in self.cells(column).take(20) {
            count += 1;
            fitting += usize::from(is_contact(&text));
        }
        fitting * 2 > count
    }

    pub(crate) fn shape(&self, columns: &[PeopleColumn], team: Option<(usize, String)>) -> Shape<'t> {
        let says_week = |column: &&Column| column.place == self.from && header::says_week(&column.words);
        Shape {
            group_row: self.group_row,
            until: self.until,
            weekday: self.weekday,
            team,
            is_week: self.columns.iter().any(|column| says_week(&column)),
            people: columns.iter().map(|column| column.place).collect(),
            ..Shape::new(self.tab, self.row, self.from)
        }
    }

    /// The phones of a column: the phone column of the same name, or one without a name right after it.
    pub(crate) fn people_column(&self, column: &Column, all: &[&Column]) -> PeopleColumn {
        // `Secondary Phone` is the phone of the secondary here, not a second phone.
        let is_phone = |other: &&Column| matches!(other.field, Some(Field::Phone | Field::SecondPhone));
        let phones = || self.columns.iter().filter(is_phone);
        let stem = header::phone_stem(&column.words);
        let by_name = phones().find(|phone| header::phone_stem(&phone.words) == stem && !stem.is_empty());
        let right_of = |phone: &&Column| {
            let before = all.iter().map(|other| other.place).filter(|place| *place < phone.place).max();
            let stem = header::phone_stem(&phone.words);
            before == Some(column.place) && stem.trim_matches(|c: char| c.is_ascii_digit()).is_empty()
        };
        PeopleColumn {
            place: column.place,
            phone: by_name.or_else(|| phones().find(right_of)).map(|phone| phone.place),
            label: Arc::from(column.text.as_str()),
        }
    }

    /// Columns in which contacts stand and which are not read, and headers that are missed: somebody may be waiting there
    /// for calls.
    pub(crate) fn ignored(&self, read: &[PeopleColumn], people: &People, conventions: &Conventions) -> Vec<Ignored> {
        let beside = self.beside.iter().map(|(place, text)| Ignored::TableBeside {
            place: *place,
            text: text.clone(),
        });
        let order = conventions.terms.order();
        // Whoever says the order has said who is not rung.
        if !order.is_empty() {
            let is_header = |words: &&String| self.columns.iter().any(|column| column.words == **words);
            let missing = order.iter().filter(|words| !is_header(words)).cloned();
            return missing.map(|words| Ignored::NoHeader { words }).chain(beside).collect();
        }
        let known = |column: &&Column| match column.field {
            None | Some(Field::Person) => read.iter().all(|other| other.place != column.place),
            Some(_) => false,
        };
        let silent = |column: &&Column| matches!(column_meanings::says(column, conventions), Says::Silent);
        let holding = self
            .open_columns()
            .filter(known)
            .filter(|column| !silent(column) && self.holds_contacts(column, people));
        let holding = holding.map(|column| Ignored::Contacts {
            place: column.place,
            text: column.text.clone(),
        });
        holding.chain(beside).collect()
    }
}

//! Dates down, people across: which columns hold what, from the header row. What is not certain is refused with what
//! was looked for.

use super::contacts::People;
use super::conventions::Conventions;
use super::dated_rows::{self, Shape};
use super::findings::{Findings, Words};
use super::handover_list;
use super::header::{self, Column, Field, HEADER_WITHIN};
use super::layout::{Refusal, Rota};
use super::names::Found;
use super::rungs::PeopleColumn;
use super::shift_columns::{self, ShiftColumn};
use super::table::{Merged, is_date, is_time, is_weekday, mostly};
use super::times::{Clock, Hours};
use super::unread_shapes;
use super::who::Reader;
use super::words::{fold, listed, quote, shown};
use super::{Code, Severity, TabRead};
use providers::Tab;
use std::collections::BTreeSet;
use std::sync::Arc;

/// More headers than these are not named one by one.
const HEADERS_NAMED: usize = 4;

/// A table of dates and people.
pub(super) enum Dated<'t> {
    /// `From | [Until] | 1st | 2nd | …`
    HandoverList {
        shape: Shape<'t>,
        columns: Vec<PeopleColumn>,
        ignored: Vec<Ignored>,
    },
    /// `Date | Morning | Evening | Night`
    ShiftColumns {
        shape: Shape<'t>,
        columns: Vec<ShiftColumn>,
        ignored: Vec<Ignored>,
    },
}

/// A column that is not read although it holds people, with its header.
pub(super) struct Ignored {
    pub(super) place: usize,
    pub(super) text: String,
}

/// The header row as it is understood.
struct Header<'t> {
    tab: &'t Tab,
    row: usize,
    columns: Vec<Column>,
    from: usize,
    until: Option<usize>,
    weekday: Option<usize>,
}

/// How well a header row fits a rota.
pub(super) fn score(columns: &[Column], conventions: &Conventions) -> Option<usize> {
    let dated = columns.iter().any(|column| matches!(column.field, Some(Field::From | Field::Day)));
    let peopled = columns.iter().any(|column| is_shift(column, conventions) || holds_people(column));
    // `From | Call`: the cells below must tell.
    let plain = columns.len() >= 2 && columns.iter().any(|column| column.field == Some(Field::From));
    let named = header::named(columns) + columns.iter().filter(|column| is_shift(column, conventions)).count();
    match (dated, peopled) {
        (true, true) => Some(10 + named),
        (true, false) if plain => Some(named),
        (true | false, _) => None,
    }
}

fn holds_people(column: &Column) -> bool {
    matches!(
        column.field,
        Some(Field::Level(_) | Field::LastLevel | Field::Shift | Field::Person)
    )
}

fn is_shift(column: &Column, conventions: &Conventions) -> bool {
    let is_other = matches!(column.field, Some(Field::Phone | Field::SecondPhone | Field::Notes));
    !is_other && (column.field == Some(Field::Shift) || conventions.hours(&column.words).is_some() || hours_in(&column.text).is_some())
}

/// Hours that a header itself names: `Night 20:00-08:00`, `8am-4pm`.
fn hours_in(text: &str) -> Option<Hours> {
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let hours = text[start..].trim_end_matches([')', ']', ' ']);
    let is_range = hours.contains(['-', '–', '—']) || hours.contains(" to ");
    if is_range { Hours::parse(hours) } else { None }
}

/// Finds the header row of a tab and the shape that it announces.
pub(super) fn recognise<'t>(tab: &'t Tab, conventions: &Conventions, people: &People) -> Result<Dated<'t>, Refusal> {
    let Some((row, columns)) = header::find(tab, |columns| score(columns, conventions)) else {
        return Err(unread_shapes::looks_like(tab).map_or_else(|| no_header(tab), Refusal::from));
    };
    if let Some(calendar) = unread_shapes::dates_across(tab, row) {
        return Err(calendar.into());
    }
    let header = Header::of(tab, row, columns)?;
    header.refuse_what_is_not_read()?;
    let shifts: Vec<&Column> = header
        .open_columns()
        .filter(|column| is_shift(column, conventions) || header.is_day_shift(column))
        .collect();
    let levels = header.levels(&shifts)?;
    match (levels.is_empty(), shifts.is_empty()) {
        (false, false) => Err(header.refusal(
            levels[0],
            format!(
                "{} is a level and {} is a shift: it cannot be told how they go together",
                quote(&levels[0].text),
                quote(&shifts[0].text)
            ),
        )),
        (true, false) => Ok(header.shift_columns(&shifts, conventions, people)),
        (false, true) => Ok(header.handover_list(&levels, people)),
        (true, true) => {
            let by_content: Vec<&Column> = header.columns_of_contacts(people).collect();
            if by_content.is_empty() {
                return Err(header.nobody());
            }
            Ok(header.handover_list(&by_content, people))
        }
    }
}

/// Reads the rows.
pub(super) fn read(
    dated: &Dated<'_>,
    conventions: &Conventions,
    merged: &Merged,
    reader: &mut Reader<'_>,
    findings: &mut Findings,
) -> Rota {
    let mut rota = Rota::of(conventions);
    rota.tabs_read.push(dated.in_words());
    match dated {
        Dated::HandoverList { shape, columns, ignored } => {
            report_ignored(shape, ignored, findings);
            let rows = dated_rows::read(shape, conventions, None, merged, findings);
            rota.shifts = handover_list::read(shape, columns, &rows, conventions, merged, reader, findings);
            rota.known.order = rows.order;
            rota.known.levels = columns.iter().map(|column| header::words(&column.label)).collect();
        }
        Dated::ShiftColumns { shape, columns, ignored } => {
            report_ignored(shape, ignored, findings);
            let rows = dated_rows::read(shape, conventions, None, merged, findings);
            rota.shifts = shift_columns::read(shape, columns, &rows, conventions, merged, reader, findings);
            rota.known.order = rows.order;
            // A day of this rota begins with its first shift.
            let begins = conventions.handover.or(shift_columns::day_begins(columns));
            rota.known.handover = begins.unwrap_or(Clock::MIDNIGHT);
        }
    }
    rota
}

impl Dated<'_> {
    fn in_words(&self) -> TabRead {
        let (shape, kind, columns): (_, _, Vec<String>) = match self {
            Self::HandoverList { shape, columns, .. } => (
                shape,
                "a handover list",
                columns.iter().map(|column| quote(&column.label)).collect(),
            ),
            Self::ShiftColumns { shape, columns, .. } => (
                shape,
                "dates down, shifts across",
                columns.iter().map(|column| quote(&column.people.label)).collect(),
            ),
        };
        let from = quote(&shown(shape.tab.cell(shape.header_row, shape.from)));
        TabRead {
            tab: shape.tab.name.clone(),
            shape: format!("{kind}: {from} begins a row, {} are rung", listed(&columns)),
            header: Some(shape.tab.address(shape.header_row, shape.from)),
        }
    }
}

fn report_ignored(shape: &Shape<'_>, ignored: &[Ignored], findings: &mut Findings) {
    for column in ignored {
        let words = Words::new(
            format!("{} holds names of contacts, but its header names no level.", quote(&column.text)),
            "Nobody in this column is rung.",
            "Name the column 1st, 2nd, 3rd … if they are on call.",
        );
        let cell = shape.tab.address(shape.header_row, column.place);
        findings.tell(Code::ColumnIgnored, Severity::Warn, Some(cell), words);
    }
}

fn no_header(tab: &Tab) -> Refusal {
    Refusal {
        cell: tab.address(0, 0),
        seen: format!(
            "No header row is found in the first {HEADER_WITHIN} rows: looked for a column of dates (From, Date, Week …) beside columns of people \
             (1st, 2nd, Primary … or shifts such as Day, Night)"
        ),
        remedy: "Name the columns From | 1st | 2nd | 3rd, or Date | Day | Night.".to_owned(),
    }
}

impl<'t> Header<'t> {
    fn of(tab: &'t Tab, row: usize, columns: Vec<Column>) -> Result<Self, Refusal> {
        let mut header = Self {
            tab,
            row,
            columns,
            from: 0,
            until: None,
            weekday: None,
        };
        header.from = header.find_from()?;
        let other = |column: &&Column| column.place != header.from;
        let weekdays = header.columns.iter().filter(other).find(|column| {
            matches!(column.field, Some(Field::Weekday)) || (column.field == Some(Field::Day) && mostly(tab, row, column.place, is_weekday))
        });
        header.weekday = weekdays.map(|column| column.place);
        header.until = header
            .columns
            .iter()
            .find(|column| column.field == Some(Field::Until))
            .map(|column| column.place);
        Ok(header)
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
            .filter(|column| mostly(self.tab, self.row, column.place, is_date))
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

    fn refusal(&self, column: &Column, seen: String) -> Refusal {
        Refusal {
            cell: self.tab.address(self.row, column.place),
            seen,
            remedy: "Name the columns From | 1st | 2nd | 3rd, or Date | Day | Night.".to_owned(),
        }
    }

    /// Dates, and nothing that is known for people.
    fn nobody(&self) -> Refusal {
        let of = |column: &Column| self.tab.address(self.row, column.place);
        let dates = self
            .columns
            .iter()
            .find(|column| column.place == self.from)
            .unwrap_or(&self.columns[0]);
        let others: Vec<String> = self.open_columns().map(|column| quote(&column.text)).collect();
        let shown = match others.as_slice() {
            [] => "stands alone".to_owned(),
            [one] => format!("stands beside {one}, which is not a header that is known for people"),
            several => format!(
                "stands beside {}{}, none of which is a header that is known for people",
                several[..several.len().min(HEADERS_NAMED)].join(", "),
                if several.len() > HEADERS_NAMED { " …" } else { "" }
            ),
        };
        Refusal {
            cell: self.open_columns().next().map_or_else(|| of(dates), of),
            seen: format!("The column of dates, {}, {shown}", quote(&dates.text)),
            remedy: "Name the columns of people 1st | 2nd | 3rd, or by shifts such as Day | Night.".to_owned(),
        }
    }

    /// What would be read wrongly is not read at all.
    fn refuse_what_is_not_read(&self) -> Result<(), Refusal> {
        for column in &self.columns {
            let is_date_column = column.place == self.from;
            let holds_times = || mostly(self.tab, self.row, column.place, is_time) && !mostly(self.tab, self.row, column.place, is_date);
            let is_time_column = match column.field {
                Some(Field::Time) => true,
                Some(Field::From | Field::Until) => !is_date_column && !self.is_blank(column) && holds_times(),
                Some(_) | None => false,
            };
            if is_time_column {
                let seen = format!(
                    "{} holds times in a column of their own, and it cannot be told which hours they make with the other columns",
                    quote(&column.text)
                );
                return Err(Refusal {
                    remedy: "Name the columns Date | Start | End | Name, or write date and time into one cell.".to_owned(),
                    ..self.refusal(column, seen)
                });
            }
            if column.field == Some(Field::Team) && self.distinct(column) > 1 {
                let seen = format!(
                    "{} holds several teams: which of them this hotline is for cannot be told",
                    quote(&column.text)
                );
                return Err(Refusal {
                    remedy: "Give each team a file or a tab Rota of its own.".to_owned(),
                    ..self.refusal(column, seen)
                });
            }
        }
        Ok(())
    }

    fn cells(&self, column: &Column) -> impl Iterator<Item = String> + '_ {
        let place = column.place;
        let rows = self.row + 1..self.tab.rows.len();
        rows.map(move |row| self.tab.cell(row, place))
            .filter(|cell| !cell.is_blank())
            .take(1_000)
            .map(shown)
    }

    fn is_blank(&self, column: &Column) -> bool {
        self.cells(column).next().is_none()
    }

    fn distinct(&self, column: &Column) -> usize {
        self.cells(column).map(|text| fold(&text)).collect::<BTreeSet<_>>().len()
    }

    /// Columns other than those of dates.
    fn open_columns(&self) -> impl Iterator<Item = &Column> {
        let taken = [Some(self.from), self.until, self.weekday];
        self.columns.iter().filter(move |column| !taken.contains(&Some(column.place)))
    }

    /// `Day` beside a column of dates, where no weekdays stand in it.
    fn is_day_shift(&self, column: &Column) -> bool {
        column.field == Some(Field::Day)
    }

    /// The columns of people that are no shifts, in the order of ringing: by their words, else from the left.
    fn levels<'s>(&'s self, shifts: &[&Column]) -> Result<Vec<&'s Column>, Refusal> {
        let open: Vec<&Column> = self
            .open_columns()
            .filter(|column| shifts.iter().all(|shift| shift.place != column.place))
            .collect();
        let rank = |column: &Column| match column.field {
            Some(Field::Level(level)) => Some(level),
            Some(Field::LastLevel) => Some(u8::MAX),
            Some(_) | None => None,
        };
        let mut ranked: Vec<(u8, &Column)> = open.iter().filter_map(|column| Some((rank(column)?, *column))).collect();
        ranked.sort_by_key(|(rank, _)| *rank);
        if let Some(twins) = ranked.windows(2).find(|two| two[0].0 == two[1].0) {
            let (one, two) = (&twins[0].1.text, &twins[1].1.text);
            return Err(self.refusal(twins[1].1, format!("{} and {} both name the same level", quote(one), quote(two))));
        }
        let people = open.into_iter().filter(|column| column.field == Some(Field::Person));
        if !shifts.is_empty() {
            return Ok(ranked.into_iter().map(|(_, column)| column).collect());
        }
        // `Name | Backup`: the name is the first.
        let first_is_named = ranked.first().is_some_and(|(rank, _)| *rank == 1);
        let unranked = people.take(if first_is_named { 0 } else { usize::MAX });
        Ok(unranked.chain(ranked.iter().map(|(_, column)| *column)).collect())
    }

    /// Columns without a known header in which mostly contacts stand.
    fn columns_of_contacts(&self, people: &People) -> impl Iterator<Item = &Column> {
        self.open_columns()
            .filter(move |column| column.field.is_none() && self.holds_contacts(column, people))
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

    fn handover_list(&self, levels: &[&Column], people: &People) -> Dated<'t> {
        // A column that nobody has filled in is a level that nobody uses; if all are blank, so be it.
        let used: Vec<&Column> = levels.iter().copied().filter(|column| !self.is_blank(column)).collect();
        let used = if used.is_empty() { levels } else { used.as_slice() };
        let columns: Vec<PeopleColumn> = used.iter().map(|column| self.people_column(column, levels)).collect();
        Dated::HandoverList {
            shape: self.shape(&columns),
            columns,
            ignored: self.ignored(levels, people),
        }
    }

    fn shift_columns(&self, shifts: &[&Column], conventions: &Conventions, people: &People) -> Dated<'t> {
        let columns: Vec<ShiftColumn> = shifts
            .iter()
            .map(|column| ShiftColumn {
                people: self.people_column(column, shifts),
                hours: conventions.hours(&column.words).or_else(|| hours_in(&column.text)),
            })
            .collect();
        let all: Vec<PeopleColumn> = columns.iter().map(|column| column.people.clone()).collect();
        Dated::ShiftColumns {
            shape: self.shape(&all),
            columns,
            ignored: self.ignored(shifts, people),
        }
    }

    fn shape(&self, columns: &[PeopleColumn]) -> Shape<'t> {
        Shape {
            tab: self.tab,
            header_row: self.row,
            from: self.from,
            until: self.until,
            weekday: self.weekday,
            people: columns.iter().map(|column| column.place).collect(),
        }
    }

    /// The phones of a column: the phone column of the same name, or one without a name right after it.
    fn people_column(&self, column: &Column, all: &[&Column]) -> PeopleColumn {
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

    /// Columns in which contacts stand and which are not read: somebody may be waiting there for calls.
    fn ignored(&self, read: &[&Column], people: &People) -> Vec<Ignored> {
        let known = |column: &&Column| match column.field {
            None | Some(Field::Person) => read.iter().all(|other| other.place != column.place),
            Some(_) => false,
        };
        let holding = self
            .open_columns()
            .filter(known)
            .filter(|column| self.holds_contacts(column, people));
        holding
            .map(|column| Ignored {
                place: column.place,
                text: column.text.clone(),
            })
            .collect()
    }
}

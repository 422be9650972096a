//! Dates down, people across: from the header row to what is read, and through all tables of the same shape that stand
//! below one another. What is not certain is refused with what was looked for.

use crate::roster::cells::names::Found;
use crate::roster::cells::times::Clock;
use crate::roster::cells::words::{listed, quote, shown};
use crate::roster::contacts::People;
use crate::roster::conventions::Conventions;
use crate::roster::findings::{Findings, Words};
use crate::roster::layouts::column_meanings::{self, Meant, When};
use crate::roster::layouts::dated_header::{Header, Ignored};
use crate::roster::layouts::dated_rows::{self, DatedRows, Shape};
use crate::roster::layouts::handover_list;
use crate::roster::layouts::header::{self, Column, Field, HEADER_WITHIN};
use crate::roster::layouts::inline_swaps;
use crate::roster::layouts::rungs::PeopleColumn;
use crate::roster::layouts::shift_columns::{self, ShiftColumn};
use crate::roster::layouts::table::{Merged, is_date, is_range, mostly};
use crate::roster::layouts::unread_shapes::{self, WEEKS_ACROSS, is_numbered_week};
use crate::roster::layouts::{Refusal, Rota};
use crate::roster::slots::Order;
use crate::roster::terms::Place;
use crate::roster::who::Reader;
use crate::roster::{Code, Severity, TabRead};
use providers::Tab;

/// Tables below one another in one tab that are read.
const BLOCKS_AT_MOST: usize = 1_000;

/// A table of dates and people.
#[derive(Clone)]
pub(crate) enum Dated<'t> {
    /// `From | [Until] | 1st | 2nd | …`: whoever is in a row is on call as long as the row holds.
    HandoverList {
        shape: Shape<'t>,
        columns: Vec<PeopleColumn>,
        ignored: Vec<Ignored>,
    },
    /// `Date | Morning | Evening | Night`, `Week | In hours 1st | On call 1st | Escalation`: columns with hours of their own.
    ShiftColumns {
        shape: Shape<'t>,
        columns: Vec<ShiftColumn>,
        ignored: Vec<Ignored>,
    },
}

/// A table with its rows.
pub(crate) struct Block<'t> {
    pub(crate) dated: Dated<'t>,
    pub(crate) rows: DatedRows,
}

/// How well a header row fits a rota.
pub(crate) fn score(columns: &[Column], conventions: &Conventions) -> Option<usize> {
    // `Week 1 | Week 2 | Week 3` are no columns of dates.
    if columns.iter().filter(|column| is_numbered_week(&column.text)).count() >= WEEKS_ACROSS {
        return None;
    }
    let dated = columns.iter().any(|column| matches!(column.field, Some(Field::From | Field::Day)));
    let of_people = columns.iter().filter(|column| column_meanings::is_of_people(column, conventions));
    let unnamed = of_people.clone().filter(|column| column.field.is_none()).count();
    let peopled = of_people.count() > 0;
    // `From | Call`: the cells below must tell.
    let plain = columns.len() >= 2 && columns.iter().any(|column| column.field == Some(Field::From));
    let named = header::named(columns) + unnamed;
    match (dated, peopled) {
        (true, true) => Some(10 + named),
        (true, false) if plain => Some(named),
        (true | false, _) => None,
    }
}

/// Finds the header row of a tab and the shape that it announces.
pub(crate) fn recognise<'t>(tab: &'t Tab, conventions: &Conventions, people: &People) -> Result<Dated<'t>, Refusal> {
    let fits = |row: usize, columns: &[Column]| {
        let is_row_of_people = columns.iter().any(|column| is_initials(tab, row, column, people));
        if is_row_of_people { None } else { score(columns, conventions) }
    };
    let Some((row, columns)) = header::find_with_rows(tab, fits) else {
        return Err(unread_shapes::looks_like(tab).map_or_else(|| no_header(tab), Refusal::from));
    };
    recognise_at(tab, row, columns, conventions, people)
}

/// The initials of a contact that are also a word for dates in some language, such as `AB`, and no dates below them.
fn is_initials(tab: &Tab, row: usize, column: &Column, people: &People) -> bool {
    let is_short = (2..=3).contains(&column.text.chars().count()) && column.text.chars().all(char::is_uppercase);
    is_short
        && matches!(column.field, Some(Field::From | Field::Until | Field::Day))
        && !matches!(people.names.find(&column.text), Found::Unknown)
        && !mostly(tab, row, column.place, |cell| is_date(cell) || is_range(cell))
}

fn recognise_at<'t>(
    tab: &'t Tab,
    row: usize,
    columns: Vec<Column>,
    conventions: &Conventions,
    people: &People,
) -> Result<Dated<'t>, Refusal> {
    let header = Header::of(tab, row, columns, conventions)?;
    header.refuse_what_is_not_read()?;
    let meant = header.people(conventions);
    if meant.iter().any(|column| column.when != When::Row) {
        return shift_columns(&header, &meant, conventions, people);
    }
    let levels = levels(&header, &meant, conventions)?;
    if !levels.is_empty() {
        return handover_list(&header, &levels, conventions, people);
    }
    match header.lone_column_of_contacts(people, conventions) {
        Some(column) => handover_list(&header, &[column], conventions, people),
        None => Err(header.nobody(conventions)),
    }
}

/// The columns of a handover list in the order of ringing: by their words, else from the left.
fn levels<'h>(header: &Header<'_>, meant: &[Meant<'h>], conventions: &Conventions) -> Result<Vec<&'h Column>, Refusal> {
    let mut ranked: Vec<(Place, &Column)> = meant.iter().filter_map(|column| Some((column.place?, column.column))).collect();
    ranked.sort_by_key(|(place, _)| *place);
    refuse_twins(header, &ranked, conventions)?;
    // `Name | Backup`: the name is the first.
    let first_is_named = ranked.first().is_some_and(|(place, _)| *place == Place::Level(0));
    let people = meant.iter().filter(|column| column.place.is_none());
    let unranked = people.take(if first_is_named { 0 } else { usize::MAX });
    Ok(unranked
        .map(|column| column.column)
        .chain(ranked.iter().map(|(_, column)| *column))
        .collect())
}

/// Two columns that are on call at the same time cannot hold the same place.
fn refuse_twins(header: &Header<'_>, ranked: &[(Place, &Column)], conventions: &Conventions) -> Result<(), Refusal> {
    match ranked.windows(2).find(|two| two[0].0 == two[1].0) {
        Some(twins) => Err(twins_of(header, twins[0].1, twins[1].1, conventions)),
        None => Ok(()),
    }
}

/// The same of columns with hours, unless a setting for one of them itself says its place.
fn refuse_twins_of_hours(header: &Header<'_>, meant: &[&Meant<'_>], conventions: &Conventions) -> Result<(), Refusal> {
    let is_set = |column: &Meant<'_>| conventions.shift(&column.column.words).is_some_and(|term| term.level.is_some());
    for (index, one) in meant.iter().enumerate().filter(|(_, one)| one.place.is_some()) {
        let is_twin = |two: &&&Meant<'_>| two.place == one.place && two.when == one.when && one.when != When::Unsaid;
        if let Some(two) = meant[index + 1..].iter().find(is_twin).filter(|two| !is_set(one) && !is_set(two)) {
            return Err(twins_of(header, one.column, two.column, conventions));
        }
    }
    Ok(())
}

fn twins_of(header: &Header<'_>, one: &Column, two: &Column, conventions: &Conventions) -> Refusal {
    let (first, second) = (&one.text, &two.text);
    let remedy = if conventions.terms.order().is_empty() {
        format!(
            "Add to Settings what they are: Order | {first}, {second} where the second comes after the first; Role: {second} | 1st, 17:00-09:00              (with the right hours) where they are on call at different hours; Do not ring | {second} where nobody in it is rung."
        )
    } else {
        "Give each of them a header of its own.".to_owned()
    };
    let seen = format!("{} and {} both name the same level", quote(first), quote(second));
    Refusal {
        remedy,
        ..header.refusal(two, seen)
    }
}

fn handover_list<'t>(header: &Header<'t>, levels: &[&Column], conventions: &Conventions, people: &People) -> Result<Dated<'t>, Refusal> {
    // A column that nobody has filled in is a level that nobody uses; if all are blank, so be it.
    let used: Vec<&Column> = levels.iter().copied().filter(|column| !header.is_blank(column)).collect();
    let used = if used.is_empty() { levels } else { used.as_slice() };
    let columns: Vec<PeopleColumn> = used.iter().map(|column| header.people_column(column, levels)).collect();
    let all: Vec<PeopleColumn> = levels.iter().map(|column| header.people_column(column, levels)).collect();
    Ok(Dated::HandoverList {
        shape: header.shape(&columns, header.team(conventions)?),
        columns,
        ignored: header.ignored(&all, people, conventions),
    })
}

fn shift_columns<'t>(header: &Header<'t>, meant: &[Meant<'_>], conventions: &Conventions, people: &People) -> Result<Dated<'t>, Refusal> {
    // `Name` beside shifts says nothing about hours.
    let meant: Vec<&Meant<'_>> = meant
        .iter()
        .filter(|column| column.place.is_some() || column.when != When::Row)
        .collect();
    let whole: Vec<(Place, &Column)> = {
        let whole = meant.iter().filter(|column| column.when == When::Row);
        let mut whole: Vec<_> = whole.filter_map(|column| Some((column.place?, column.column))).collect();
        whole.sort_by_key(|(place, _)| *place);
        whole
    };
    refuse_twins(header, &whole, conventions)?;
    refuse_twins_of_hours(header, &meant, conventions)?;
    let is_mixed = meant.iter().any(|column| column.place.is_some());
    let place = |column: &Meant<'_>| column.place.unwrap_or(Place::Level(0));
    for column in meant.iter().filter(|column| column.when != When::Row) {
        if let Some((_, level)) = whole.iter().find(|(level, _)| *level == place(column)) {
            return Err(both_at_once(header, level, column.column));
        }
    }
    let highest = meant.iter().filter_map(|column| match place(column) {
        Place::Level(level) => Some(level),
        Place::Last => None,
    });
    // One place after all others, the same at every hour, so that changes find it.
    let last = highest.max().map_or(0, |level| level + 1);
    let order = |column: &Meant<'_>| match (is_mixed, place(column)) {
        (false, _) => Order::Listed,
        (true, Place::Level(level)) => Order::Level(level),
        (true, Place::Last) => Order::Level(last),
    };
    let all: Vec<&Column> = meant.iter().map(|column| column.column).collect();
    let columns: Vec<ShiftColumn> = meant
        .iter()
        .map(|column| ShiftColumn {
            people: header.people_column(column.column, &all),
            order: order(column),
            when: column.when.clone(),
        })
        .collect();
    let all: Vec<PeopleColumn> = columns.iter().map(|column| column.people.clone()).collect();
    Ok(Dated::ShiftColumns {
        shape: header.shape(&all, header.team(conventions)?),
        columns,
        ignored: header.ignored(&all, people, conventions),
    })
}

fn both_at_once(header: &Header<'_>, level: &Column, shift: &Column) -> Refusal {
    let (one, two) = (&level.text, &shift.text);
    Refusal {
        remedy: format!(
            "Add to Settings the order in which they are rung: Order | {two}, {one} (or {one}, {two}), or the hours of each: \
             Role: {one} | 1st, 08:00-20:00."
        ),
        ..header.refusal(
            level,
            format!(
                "{} is a level and {} is a shift: it cannot be told how they go together",
                quote(one),
                quote(two)
            ),
        )
    }
}

/// Reads the rows, and those of all further tables below.
pub(crate) fn read(
    dated: &Dated<'_>,
    conventions: &Conventions,
    merged: &Merged,
    reader: &mut Reader<'_>,
    findings: &mut Findings,
) -> Rota {
    let mut rota = Rota::of(conventions);
    rota.tabs_read.push(dated.in_words());
    let (tab, swaps) = inline_swaps::lift(dated.shape().tab);
    let blocks = blocks(dated.clone().on(&tab), conventions, merged, reader, findings);
    rota.known.order = blocks.iter().find_map(|block| block.rows.order);
    let (lists, columns): (Vec<&Block<'_>>, Vec<&Block<'_>>) =
        blocks.iter().partition(|block| matches!(block.dated, Dated::HandoverList { .. }));
    if !lists.is_empty() {
        let read = handover_list::read(&lists, &swaps, conventions, merged, reader, findings);
        rota.shifts = read.shifts;
        rota.changes = read.changes;
    }
    let begins = columns.iter().filter_map(|block| match &block.dated {
        Dated::ShiftColumns { columns, .. } => shift_columns::day_begins(columns),
        Dated::HandoverList { .. } => None,
    });
    // A day of this rota begins with its first shift.
    let begins = conventions.handover.or(begins.min());
    for block in &columns {
        let read = shift_columns::read(block, &swaps, begins, conventions, merged, reader, findings);
        rota.slots.extend(read.slots);
        rota.changes.extend(read.changes);
    }
    if !columns.is_empty() {
        rota.known.handover = begins.unwrap_or(Clock::MIDNIGHT);
    }
    rota.known.levels = blocks.first().map_or_else(Vec::new, |block| block.dated.levels());
    rota
}

/// All tables of the tab, each by its own header.
fn blocks<'t>(
    first: Dated<'t>,
    conventions: &Conventions,
    merged: &Merged,
    reader: &Reader<'_>,
    findings: &mut Findings,
) -> Vec<Block<'t>> {
    let tab = first.shape().tab;
    let mut blocks: Vec<Block<'t>> = Vec::new();
    let mut next = Some(first);
    while let Some(dated) = next.take() {
        dated.report_ignored(findings);
        let known = blocks.iter().find_map(|block: &Block<'_>| block.rows.order);
        let rows = dated_rows::read(dated.shape(), conventions, known, merged, findings);
        let title_row = dated.shape().header_row + 1;
        if let Some(row) = rows.next_header.filter(|_| blocks.len() < BLOCKS_AT_MOST) {
            let columns = header::columns(tab, row);
            match recognise_at(tab, row, columns, conventions, reader.people) {
                Ok(further) => next = Some(further.titled_from(rows.rows.last().map_or(title_row, |last| last.row + 1))),
                Err(refusal) => refusal.report("Another table begins here. Rows from here on are not read.", findings),
            }
        }
        blocks.push(Block { dated, rows });
    }
    blocks
}

impl<'t> Dated<'t> {
    pub(crate) const fn shape(&self) -> &Shape<'t> {
        match self {
            Self::HandoverList { shape, .. } | Self::ShiftColumns { shape, .. } => shape,
        }
    }

    /// The same table in another copy of its tab.
    fn on(mut self, tab: &'t Tab) -> Self {
        match &mut self {
            Self::HandoverList { shape, .. } | Self::ShiftColumns { shape, .. } => shape.tab = tab,
        }
        self
    }

    fn titled_from(mut self, row: usize) -> Self {
        match &mut self {
            Self::HandoverList { shape, .. } | Self::ShiftColumns { shape, .. } => shape.title_row = row.min(shape.group_row),
        }
        self
    }

    /// The headers of the levels, folded, by position.
    fn levels(&self) -> Vec<String> {
        match self {
            Self::HandoverList { columns, .. } => columns.iter().map(|column| header::words(&column.label)).collect(),
            Self::ShiftColumns { columns, .. } => {
                let mut levels: Vec<String> = Vec::new();
                for column in columns {
                    let Order::Level(level) = column.order else { continue };
                    let place = usize::from(level).min(crate::roster::timeline::LEVELS_AT_MOST);
                    levels.resize(levels.len().max(place + 1), String::new());
                    if levels[place].is_empty() {
                        levels[place] = header::words(&column.people.label);
                    }
                }
                levels
            }
        }
    }

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

    fn report_ignored(&self, findings: &mut Findings) {
        let (Self::HandoverList { shape, ignored, .. } | Self::ShiftColumns { shape, ignored, .. }) = self;
        for column in ignored {
            let (place, severity, words) = match column {
                Ignored::Contacts { place, text } => (
                    *place,
                    Severity::Warn,
                    Words::new(
                        format!("{} holds names of contacts, but its header names no level.", quote(text)),
                        "Nobody in this column is rung.",
                        "Name the column 1st, 2nd, 3rd … if they are on call.",
                    ),
                ),
                Ignored::NoHeader { words } => (
                    shape.from,
                    Severity::Warn,
                    Words::new(
                        format!("The setting Order names {}, which is no header of this table.", quote(words)),
                        "Nobody is rung for it here.",
                        "Write the headers into the setting Order as they stand in the sheet.",
                    ),
                ),
                Ignored::TableBeside { place, text } => (
                    *place,
                    Severity::Note,
                    Words::new(
                        format!("Another table stands beside the rota; its first column is {}.", quote(text)),
                        "Nobody in it is rung.",
                        "If it belongs to the rota, take out the blank column between them.",
                    ),
                ),
            };
            let cell = shape.tab.address(shape.header_row, place);
            findings.tell(Code::ColumnIgnored, severity, Some(cell), words);
        }
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

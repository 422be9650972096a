//! People down, dates across, codes inside: whoever has a code that means on call is rung for its hours. The cell of the
//! code is the source; nights belong to the day of their column. It must not know how dates or codes are settled.

use super::axis::Axis;
use super::codes::{self, Sense};
use super::days::{Block, Column, days_within};
use super::laying::{Laying, Span};
use super::sides::{Sides, is_sum};
use super::teams::Teams;
use super::unknown_codes::Unknown;
use crate::roster::cells::names::Found;
use crate::roster::cells::words::{fold, quote, shown};
use crate::roster::findings::Words;
use crate::roster::layouts::header::{self, Field};
use crate::roster::slots::Slot;
use crate::roster::terms::Terms;
use crate::roster::who::Reading;
use crate::roster::{Code, Severity};
use providers::{Cell, Tab};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Different texts of one tab beyond this are not looked at.
const TEXTS_AT_MOST: usize = 20_000;

/// What is found out about one text.
struct Known {
    sense: Sense,
    label: Arc<str>,
    /// By column: when it rings there, once that is worked out.
    spans: Vec<Option<Arc<[Span]>>>,
}

/// All texts of the matrix.
#[derive(Default)]
struct Texts<'t> {
    index: BTreeMap<Cow<'t, str>, usize>,
    known: Vec<Known>,
}

/// What the matrix comes to.
pub(super) struct Matrix {
    pub(super) slots: Vec<Slot>,
    /// Codes and hours that ring, and those that do not, as written.
    pub(super) rings: Vec<String>,
    pub(super) silent: Vec<String>,
}

/// Reads the rows of all blocks.
pub(super) fn read(tab: &Tab, axes: &[Axis], blocks: &[Block], sides: &Sides, terms: &Terms, mut laying: Laying<'_, '_>) -> Matrix {
    let Some(teams) = Teams::of(tab, axes, blocks, sides, &mut laying) else {
        return Matrix {
            slots: Vec::new(),
            rings: Vec::new(),
            silent: Vec::new(),
        };
    };
    let mut texts = Texts::of(tab, blocks, sides, terms);
    texts.mistrust_case(terms);
    texts.mistrust_marks();
    let mut unknown = Unknown::default();
    let mut skipped: Vec<usize> = Vec::new();
    let mut nameless: Vec<usize> = Vec::new();
    let mut of_columns = 0;
    for block in blocks {
        for row in block.rows.clone().filter(|row| !sides.is_head(*row)) {
            if !tab.rows.get(row).is_some_and(|cells| has_cells(cells, block)) {
                continue;
            }
            if teams.leaves_out(tab, row, sides) {
                continue;
            }
            let Some(person) = Person::of(tab, block, row, sides, &texts, &laying) else {
                let rings = sides.name(tab, row).is_empty() && texts.counts(tab, block, row).rings > 0;
                if rings { &mut nameless } else { &mut skipped }.push(row);
                continue;
            };
            let reading = laying.reader.read(&Cell::Text(person.name.clone()), None, laying.findings);
            let row = Row {
                tab,
                block,
                row,
                sides,
                person: &person,
                reading: &reading,
                of_columns,
            };
            row.read(&mut texts, &mut unknown, &mut laying);
        }
        of_columns += block.columns.len();
    }
    unknown.report(&texts.all(), terms, &mut laying);
    report_second_rows(tab, sides, &mut laying);
    report_nameless(tab, &nameless, &mut laying);
    report_skipped(tab, &skipped, sides, &mut laying);
    let named = |wanted: fn(&Sense) -> bool| -> Vec<String> {
        let known = texts.known.iter().filter(|known| wanted(&known.sense));
        known.map(|known| known.label.to_string()).collect()
    };
    Matrix {
        rings: named(|sense| matches!(sense, Sense::Rings(_))),
        silent: named(|sense| matches!(sense, Sense::Silent | Sense::Off)),
        slots: laying.finish(),
    }
}

fn has_cells(cells: &[Cell], block: &Block) -> bool {
    block
        .columns
        .iter()
        .any(|column| cells.get(column.place).is_some_and(|cell| !cell.is_blank()))
}

/// What a cell shows, without allocating where it is text.
fn text_of(cell: &Cell) -> Cow<'_, str> {
    match cell {
        Cell::Text(text) => Cow::Borrowed(text.trim()),
        Cell::Empty | Cell::Bool(false) | Cell::Error(_) => Cow::Borrowed(""),
        Cell::Number(_) | Cell::DateTime(_) | Cell::Time(_) | Cell::Bool(true) => Cow::Owned(shown(cell)),
    }
}

impl<'t> Texts<'t> {
    /// Looks up each different text once.
    fn of(tab: &'t Tab, blocks: &[Block], sides: &Sides, terms: &Terms) -> Self {
        let width = blocks.iter().map(|block| block.columns.len()).sum();
        let mut texts = Self::default();
        for block in blocks {
            for row in block.rows.clone().filter(|row| !sides.is_head(*row)) {
                let Some(cells) = tab.rows.get(row) else { continue };
                for column in &block.columns {
                    let Some(cell) = cells.get(column.place) else { continue };
                    let text = text_of(cell);
                    if text.is_empty() || texts.index.contains_key(&*text) || texts.known.len() >= TEXTS_AT_MOST {
                        continue;
                    }
                    texts.known.push(Known {
                        sense: codes::sense(&text, terms),
                        label: Arc::from(&*text),
                        spans: vec![None; width],
                    });
                    texts.index.insert(text, texts.known.len() - 1);
                }
            }
        }
        texts
    }

    /// `p` beside `P` is another code: where both stand in the sheet, only what is explained as typed counts.
    fn mistrust_case(&mut self, terms: &Terms) {
        let mut alike: BTreeMap<String, usize> = BTreeMap::new();
        for text in self.index.keys() {
            *alike.entry(text.to_lowercase()).or_default() += 1;
        }
        for (text, index) in &self.index {
            let has_twin = alike.get(&text.to_lowercase()).is_some_and(|count| *count > 1);
            let known = &mut self.known[*index];
            if has_twin
                && matches!(known.sense, Sense::Rings(_) | Sense::Silent)
                && terms.code_as_typed(text).is_none()
                && terms.code(text).is_some()
            {
                known.sense = Sense::Unknown;
            }
        }
    }

    /// Where a cross is the only mark, it does not say who is off.
    fn mistrust_marks(&mut self) {
        let is_mark = |known: &Known| {
            matches!(fold(&known.label).as_str(), "x" | "1" | "true") || known.label.chars().all(|c| matches!(c, '✓' | '✔' | '●' | '•'))
        };
        if self.known.iter().all(is_mark) {
            for known in self.known.iter_mut().filter(|known| known.sense == Sense::Off) {
                known.sense = Sense::Unknown;
            }
        }
    }

    fn get(&self, text: &str) -> Option<usize> {
        self.index.get(text).copied()
    }

    fn counts(&self, tab: &Tab, block: &Block, row: usize) -> Counts {
        let mut counts = Counts::default();
        for column in &block.columns {
            let text = text_of(tab.cell(row, column.place));
            let Some(index) = self.get(&text) else { continue };
            counts.filled += 1;
            counts.numbers += usize::from(text.bytes().all(|byte| byte.is_ascii_digit()));
            match self.known[index].sense {
                Sense::Rings(_) => {
                    counts.rings += 1;
                    counts.fitting += 1;
                }
                Sense::Silent | Sense::Off => counts.fitting += 1,
                Sense::Unknown => counts.fitting += usize::from(codes::may_be_code(&text)),
                Sense::Blank => {}
            }
        }
        counts
    }

    fn all(&self) -> Vec<(&str, &Sense)> {
        self.known.iter().map(|known| (&*known.label, &known.sense)).collect()
    }
}

/// The person of a row.
struct Person {
    name: String,
    place: (usize, usize),
}

impl Person {
    /// Nobody where the row has no name, counts others, or holds hardly any codes.
    fn of(tab: &Tab, block: &Block, row: usize, sides: &Sides, texts: &Texts<'_>, laying: &Laying<'_, '_>) -> Option<Self> {
        let name = sides.name(tab, row);
        if name.is_empty() {
            return None;
        }
        let person = Self {
            place: sides.name_place(row),
            name,
        };
        if !matches!(laying.reader.people.names.find(&person.name), Found::Unknown) {
            return Some(person);
        }
        let counts = texts.counts(tab, block, row);
        // A row headed by a code, or by a part of the day, with nothing but numbers counts those who have it.
        let names_code = texts.get(&person.name).is_some() || header::field(&header::words(&person.name)) == Some(Field::Shift);
        let is_count = is_sum(&person.name) || (names_code && counts.numbers == counts.filled);
        (!is_count && (counts.rings > 0 || counts.fitting * 2 > counts.filled)).then_some(person)
    }
}

/// What the cells of one row are.
#[derive(Default)]
struct Counts {
    filled: usize,
    /// Codes, known or not.
    fitting: usize,
    /// Codes that mean on call.
    rings: usize,
    numbers: usize,
}

/// One row of a person.
struct Row<'r> {
    tab: &'r Tab,
    block: &'r Block,
    row: usize,
    sides: &'r Sides,
    person: &'r Person,
    reading: &'r Arc<Reading>,
    /// Columns of the blocks before this one.
    of_columns: usize,
}

impl Row<'_> {
    fn read(&self, texts: &mut Texts<'_>, unknown: &mut Unknown, laying: &mut Laying<'_, '_>) {
        let named = self.tab.address(self.person.place.0, self.person.place.1);
        for (index, column) in self.block.columns.iter().enumerate() {
            let (row, place) = self.sides.merges.origin(self.row, column.place);
            if self.sides.is_told(self.row, &self.block.columns, index) {
                continue;
            }
            let cell = self.tab.cell(row, place);
            if let Cell::Error(text) = cell {
                self.report_error(text, row, place, column, laying);
                continue;
            }
            let text = text_of(cell);
            if text.is_empty() {
                continue;
            }
            let Some(code) = texts.get(&text) else { continue };
            if row == self.row && place == column.place {
                self.report_merged(column, &text, laying);
            }
            match &texts.known[code].sense {
                Sense::Silent | Sense::Off | Sense::Blank => continue,
                Sense::Unknown => {
                    unknown.add(code, || self.tab.address(row, place), &self.person.name, column.date);
                    continue;
                }
                Sense::Rings(_) => {}
            }
            self.put(
                &mut texts.known[code],
                self.of_columns + index,
                column,
                (row, place),
                &named,
                laying,
            );
        }
    }

    fn put(
        &self,
        known: &mut Known,
        index: usize,
        column: &Column,
        (row, place): (usize, usize),
        named: &providers::CellAddress,
        laying: &mut Laying<'_, '_>,
    ) {
        let Sense::Rings(terms) = &known.sense else { return };
        let at = Column { place, ..*column };
        if let [term] = terms.as_slice() {
            let spans = match &known.spans[index] {
                Some(spans) => Arc::clone(spans),
                None => {
                    let spans: Arc<[Span]> = laying.spans(term, row, &at).into();
                    known.spans[index] = Some(Arc::clone(&spans));
                    spans
                }
            };
            for span in spans.iter() {
                laying.put(*span, term.level, &known.label, self.tab.address(row, place), named, self.reading);
            }
            return;
        }
        for term in terms {
            for span in laying.spans(term, row, &at) {
                laying.put(span, term.level, &known.label, self.tab.address(row, place), named, self.reading);
            }
        }
    }

    /// A cell merged over several days counts for each of them.
    fn report_merged(&self, column: &Column, text: &str, laying: &mut Laying<'_, '_>) {
        let regions = self.sides.merges.of_row(self.row).iter();
        let Some(region) = regions.copied().find(|region| region.holds(column.place)) else {
            return;
        };
        let days = days_within(&self.block.columns, region);
        if days < 2 {
            return;
        }
        let first = self.tab.address(region.row, region.column);
        let words = || {
            let last = self.tab.address(region.last_row, region.last_column);
            Words::new(format!("{} is merged up to {last}: read as {days} days.", quote(text)), "", "").of_one_cell()
        };
        laying
            .findings
            .cause(Code::MergedDays, Severity::Note, &fold(text))
            .at(first)
            .say(words);
    }

    fn report_error(&self, text: &str, row: usize, place: usize, column: &Column, laying: &mut Laying<'_, '_>) {
        let at = laying.conventions.zone.to_utc(column.date.and_time(chrono::NaiveTime::MIN)).instant;
        let is_past = at + chrono::TimeDelta::days(2) < laying.findings.now();
        let severity = if is_past { Severity::Note } else { Severity::Stop };
        let cause = laying.findings.cause(Code::FormulaError, severity, text);
        cause.at(self.tab.address(row, place)).affects(at).say(|| {
            Words::new(
                format!("The formula shows {}.", quote(text)),
                "Whoever should have a code there is not rung on that day.",
                "Mend the formula, or write the code itself.",
            )
        });
    }
}

/// People with two rows each.
fn report_second_rows(tab: &Tab, sides: &Sides, laying: &mut Laying<'_, '_>) {
    let Some(first) = sides.first_second() else { return };
    let words = Words::new(
        "Every second row has no name.",
        "Its codes are those of the person in the row above: who has one that rings is rung for it.",
        "If that is not meant, write the right name into each row.",
    );
    let cell = tab.address(first, sides.name_place(first).1);
    laying.findings.tell(Code::ColumnAssumed, Severity::Note, Some(cell), words);
}

/// Codes without a name beside them.
fn report_nameless(tab: &Tab, rows: &[usize], laying: &mut Laying<'_, '_>) {
    let now = laying.findings.now();
    for row in rows {
        let words = || {
            Words::new(
                "Codes are entered, but no name stands beside them.",
                "Nobody is rung for them.",
                "Write the name beside them, or merge the name over all of its rows.",
            )
        };
        let cause = laying.findings.cause(Code::NameMissing, Severity::Stop, "codes").say(words);
        cause.at(tab.address(*row, 0)).affects(now);
    }
}

/// Rows below the people, or between them: sums, legends, signatures.
fn report_skipped(tab: &Tab, skipped: &[usize], sides: &Sides, laying: &mut Laying<'_, '_>) {
    let Some(first) = skipped.first() else { return };
    let shown_label = |row: &usize| {
        let label = sides.label(tab, *row);
        if label.is_empty() {
            format!("row {}", row + 1)
        } else {
            quote(&label)
        }
    };
    let labels: Vec<String> = skipped.iter().take(6).map(shown_label).collect();
    let words = Words::new(
        format!(
            "{} without a person and codes: {}.",
            crate::roster::findings::plural(skipped.len(), "row"),
            crate::roster::cells::words::listed(&labels)
        ),
        "They do not count.",
        "If somebody of them is on call, write the name beside the codes.",
    );
    laying
        .findings
        .tell(Code::RowsIgnored, Severity::Note, Some(tab.address(*first, 0)), words);
}

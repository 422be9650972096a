//! Dates across the top, the commonest roster of all: people down and codes inside, or duties down and people inside.
//! It must not know other layouts.

mod axis;
mod codes;
mod crew;
mod days;
mod duties;
mod kind;
mod labels;
mod laying;
mod matrix;
mod merges;
mod months;
mod sections;
mod sides;
mod teams;
mod unknown_codes;
mod wide;

use crate::roster::TabRead;
use crate::roster::cells::dates::said_twice;
use crate::roster::cells::names::Found;
use crate::roster::cells::words::{listed, quote, shown_at};
use crate::roster::contacts::People;
use crate::roster::conventions::Conventions;
use crate::roster::findings::Findings;
use crate::roster::layouts::header;
use crate::roster::layouts::{Refusal, Rota};
use crate::roster::legend;
use crate::roster::slots::Order;
use crate::roster::terms::Terms;
use crate::roster::who::Reader;
use axis::Axis;
use days::Block;
use kind::Kind;
use laying::Laying;
use providers::Tab;
use sides::Sides;
pub(crate) use sides::is_sum;

/// A tab with dates across the top.
pub(crate) struct Across<'t> {
    tab: &'t Tab,
    axes: Vec<Axis>,
    sides: Sides,
    kind: Kind,
}

/// Whether a tab has dates across the top with something below them.
pub(crate) fn looks_like(tab: &Tab) -> bool {
    let axes = axes(tab);
    let below = |axis: &Axis| tab.rows.iter().skip(axis.row + 1).flatten().any(|cell| !cell.is_blank());
    axes.first().is_some_and(below)
}

fn axes(tab: &Tab) -> Vec<Axis> {
    let mut axes = axis::keep_blocks(tab, axis::find(tab));
    wide::widen(tab, &mut axes);
    axes
}

/// Recognises a tab by a row of dates; nothing where there is none.
pub(crate) fn recognise<'t>(tab: &'t Tab, conventions: &Conventions, people: &People) -> Option<Result<Across<'t>, Refusal>> {
    let axes = axes(tab);
    let first = axes.first()?;
    for axis in &axes {
        if let Some(twice) = said_twice(axis.heads.iter().map(|head| tab.cell(axis.row, head.place))) {
            return Some(Err(Refusal {
                cell: tab.address(axis.row, axis.first()),
                seen: format!("{twice} appears twice in the row of dates: a number loses its last zero, so that two days read alike"),
                remedy: "Write the dates as text or as dates: 1 May, 2 May, …".to_owned(),
            }));
        }
    }
    if let Some(above) = axis::cut_off(tab, first) {
        return Some(Err(Refusal {
            cell: tab.address(above.row, above.first()),
            seen: format!(
                "The days from {} stand in a row of their own above those from {}, too few to be told from other numbers",
                quote(&shown_at(tab, above.row, above.first())),
                quote(&shown_at(tab, first.row, first.first()))
            ),
            remedy: "Write these days as dates, such as Wed 1 Apr, or put all days of the month into one row.".to_owned(),
        }));
    }
    if first.first() == 0 {
        return Some(Err(Refusal {
            cell: tab.address(first.row, 0),
            seen: "Dates stand across the top, and nothing stands left of them".to_owned(),
            remedy: "Put the names of people, or the duties, into a column before the first date. A calendar with a box for each day is not read: keep a row for each day instead.".to_owned(),
        }));
    }
    let weekday_rows: Vec<Option<usize>> = axes.iter().map(|axis| days::weekday_row(tab, axis)).collect();
    let sides = Sides::of(tab, &axes, &weekday_rows, people);
    let terms = terms(tab, &axes, conventions, people);
    match kind::tell(tab, &axes, &sides, &terms, people) {
        Ok(kind) => Some(Ok(Across { tab, axes, sides, kind })),
        Err(seen) => Some(Err(Refusal {
            cell: tab.address(first.row, first.first()),
            seen,
            remedy: "If the cells hold codes, add to Settings what one of them means: Code: N | 20:00-08:00. If they hold people, list these in a tab \
                     Contacts: Name | Phone."
                .to_owned(),
        })),
    }
}

/// What settings and the legends of this tab explain.
fn terms(tab: &Tab, axes: &[Axis], conventions: &Conventions, people: &People) -> Terms {
    let mut terms = conventions.terms.clone();
    for entry in legend::beside(tab, &taken(axes), &|text| is_person(people, text)) {
        legend::learn(&mut terms, &entry);
    }
    terms
}

fn is_person(people: &People, text: &str) -> bool {
    matches!(people.names.find(text), Found::One(_) | Found::Several(_))
}

/// The rows and columns in which a legend does not stand.
fn taken(axes: &[Axis]) -> legend::Taken {
    legend::Taken {
        rows: axes.iter().map(|axis| axis.row).collect(),
        last: axes.iter().map(Axis::last).max().unwrap_or(0),
    }
}

/// Reads the tab.
pub(crate) fn read(across: &Across<'_>, conventions: &Conventions, reader: &mut Reader<'_>, findings: &mut Findings) -> Rota {
    let mut rota = Rota::of(conventions);
    let tab = across.tab;
    let mut blocks = days::settle_all(tab, &across.axes, conventions, findings);
    wide::check(tab, &across.axes, &across.sides, &mut blocks, findings);
    let mut terms = conventions.terms.clone();
    let people = reader.people;
    let named = |text: &str| is_person(people, text);
    legend::take_beside(tab, &taken(&across.axes), &named, &mut terms, findings);
    let laying = Laying::new(tab, conventions, reader, findings);
    let what = match across.kind {
        Kind::People => {
            let matrix = matrix::read(tab, &across.axes, &blocks, &across.sides, &terms, laying);
            rota.slots = matrix.slots;
            let rings = if matrix.rings.is_empty() {
                "no code".to_owned()
            } else {
                names(&matrix.rings)
            };
            let silent = if matrix.silent.is_empty() {
                String::new()
            } else {
                format!(", {} are not rung", names(&matrix.silent))
            };
            format!("people down, codes inside: {rings} ring{silent}")
        }
        Kind::Duties => {
            let duties = duties::read(tab, &blocks, &across.sides, &terms, laying);
            rota.slots = duties.slots;
            let section = duties
                .section
                .map_or_else(String::new, |section| format!(" of {}", quote(&section)));
            let rings = if duties.rings.is_empty() {
                "none".to_owned()
            } else {
                names(&duties.rings)
            };
            format!("duties down, people inside: the rows {rings}{section} are rung")
        }
        Kind::Empty => "nothing is entered below them".to_owned(),
    };
    rota.known.levels = levels(&rota);
    rota.tabs_read.push(in_words(across, &blocks, &what));
    rota
}

fn names(list: &[String]) -> String {
    listed(&list.iter().map(|text| quote(text)).collect::<Vec<_>>())
}

/// The names of numbered places, for the changes.
fn levels(rota: &Rota) -> Vec<String> {
    let mut levels: Vec<String> = Vec::new();
    for slot in &rota.slots {
        if let Order::Level(level) = slot.order {
            let level = usize::from(level);
            if level < crate::roster::timeline::LEVELS_AT_MOST {
                if levels.len() <= level {
                    levels.resize(level + 1, String::new());
                }
                if levels[level].is_empty() {
                    levels[level] = header::words(&slot.rung.label);
                }
            }
        }
    }
    levels
}

fn in_words(across: &Across<'_>, blocks: &[Block], what: &str) -> TabRead {
    let tab = across.tab;
    let dates = || blocks.iter().flat_map(|block| &block.columns).map(|column| column.date);
    let range = match (dates().min(), dates().max()) {
        (Some(first), Some(last)) => format!("from {} to {}", first.format("%a %-d %b %Y"), last.format("%a %-d %b %Y")),
        (_, _) => "that are not certain".to_owned(),
    };
    let rows = match blocks.len() {
        0 | 1 => String::new(),
        several => format!(" in {several} rows"),
    };
    let heads = || across.axes.iter().flat_map(|axis| &axis.heads);
    let width = match heads().map(|head| head.last - head.place + 1).max() {
        None | Some(0 | 1) => String::new(),
        Some(columns) => format!("; up to {columns} columns are of one date"),
    };
    let lengths = blocks.iter().flat_map(|block| &block.columns);
    let length = match lengths.map(|column| (column.last - column.date).num_days() + 1).max() {
        Some(days) if days > 1 => format!("; a column holds for {days} days"),
        Some(_) | None => String::new(),
    };
    let first = across.axes.first();
    let header = first.map(|axis| tab.address(axis.row, axis.first()));
    let cell = first.map_or_else(String::new, |axis| quote(&shown_at(tab, axis.row, axis.first())));
    TabRead {
        tab: tab.name.clone(),
        shape: format!("dates across{rows} {range} ({cell} is the first{width}{length}), {what}"),
        header,
    }
}

//! What stands left of the dates: the names of people, or the labels of duties. It must not know what stands below dates.

use super::axis::Axis;
use super::days::{Column, rows_below};
use super::merges::Merges;
use super::months::banner_row;
use crate::roster::cells::names::Found;
use crate::roster::cells::words::{fold, shown, tidy};
use crate::roster::contacts::People;
use crate::roster::layouts::header::{self, Field};
use providers::{Cell, Tab};
use std::collections::BTreeSet;

/// Columns left of the dates that are looked at.
const COLUMNS_AT_MOST: usize = 20;
/// Rows by which the column of names is found.
const ROWS_LOOKED_AT: usize = 300;

/// So many rows without a name must hold something, that they are second rows of people.
const SECOND_ROWS_AT_LEAST: usize = 2;

/// First words of rows below the people: sums and what is needed.
#[rustfmt::skip]
const SUMS: &[&str] = &[
    "total", "totals", "sum", "count", "counts", "number", "staffing", "required", "requirement", "minimum", "gesamt", "summe", "anzahl",
    "somme", "totaux", "effectif", "suma", "totale", "合计", "小计",
];

/// The columns left of the dates.
pub(super) struct Sides {
    /// Those that together hold a person's name.
    name: Vec<usize>,
    /// All that hold text.
    label: Vec<usize>,
    /// Rows of headers among the rows of the blocks.
    heads: BTreeSet<usize>,
    /// Rows without a name that belong to the row above them.
    second: BTreeSet<usize>,
    pub(super) merges: Merges,
}

impl Sides {
    pub(super) fn of(tab: &Tab, axes: &[Axis], weekday_rows: &[Option<usize>], people: &People) -> Self {
        let first = axes.first().map_or(0, Axis::first).min(COLUMNS_AT_MOST);
        let mut sides = Self {
            name: Vec::new(),
            label: (0..first).collect(),
            heads: weekday_rows.iter().flatten().copied().collect(),
            second: BTreeSet::new(),
            merges: Merges::of(tab),
        };
        sides.heads.extend(axes.iter().map(|axis| banner_row(tab, axis)));
        // A header of two rows: its first column is merged down, or says the same as the row of dates.
        for axis in axes {
            let below = axis.row + 1;
            let is_merged = (0..first).any(|place| {
                let origin = sides.merges.origin(below, place);
                origin.0 <= axis.row && origin.0 != below && !tab.cell(origin.0, origin.1).is_blank()
            });
            if is_merged {
                sides.heads.insert(below);
            }
        }
        let letters = axes.iter().flat_map(|axis| letter_row(tab, axis));
        sides.heads.extend(letters.collect::<Vec<_>>());
        sides.name = sides.names(tab, axes, people);
        sides.second = sides.second_rows(tab, axes, people);
        sides
    }

    /// Two rows for each person, such as days and nights, of which the first has the name: only where that is so of all
    /// people of the tab, and each of them is a contact.
    fn second_rows(&self, tab: &Tab, axes: &[Axis], people: &People) -> BTreeSet<usize> {
        let mut second = BTreeSet::new();
        let mut filled = 0;
        for (index, axis) in axes.iter().enumerate() {
            let is_filled = |row: usize| axis.heads.iter().any(|head| !tab.cell(row, head.place).is_blank());
            let is_nameless = |row: usize| self.name(tab, row).is_empty();
            let rows: Vec<usize> = rows_below(tab, axes, index).filter(|row| !self.is_head(*row)).collect();
            let Some(last) = rows.iter().rposition(|row| is_nameless(*row) && is_filled(*row)) else {
                continue;
            };
            for two in rows[..=last].chunks(2) {
                let [first, below] = two else { return BTreeSet::new() };
                let is_contact = matches!(people.names.find(&self.name(tab, *first)), Found::One(_));
                if !is_contact || *below != first + 1 || !is_nameless(*below) {
                    return BTreeSet::new();
                }
                filled += usize::from(is_filled(*below));
                second.insert(*below);
            }
        }
        // One odd row says nothing.
        if filled >= SECOND_ROWS_AT_LEAST && filled * 2 >= second.len() {
            second
        } else {
            BTreeSet::new()
        }
    }

    /// The row with the name of a row.
    pub(super) fn named_row(&self, row: usize) -> usize {
        if self.second.contains(&row) { row - 1 } else { row }
    }

    /// The first row that belongs to the one above it.
    pub(super) fn first_second(&self) -> Option<usize> {
        self.second.first().copied()
    }

    /// The columns of names: by their headers, else by what stands in them.
    fn names(&self, tab: &Tab, axes: &[Axis], people: &People) -> Vec<usize> {
        let Some(axis) = axes.first() else { return Vec::new() };
        let headed = |wanted: &[Field]| -> Option<usize> {
            let rows = [axis.row, axis.row + 1, axis.row.saturating_sub(1)];
            self.label.iter().copied().find(|place| {
                rows.iter().any(|row| {
                    let (row, place) = self.merges.origin(*row, *place);
                    let field = header::field(&header::words(&shown(tab.cell(row, place))));
                    (row + 1 >= axis.row) && field.is_some_and(|field| wanted.contains(&field))
                })
            })
        };
        match (headed(&[Field::GivenName]), headed(&[Field::FamilyName]), headed(&[Field::Person])) {
            (Some(given), Some(family), _) => return vec![given, family],
            (_, _, Some(person)) => return vec![person],
            (given, family, None) => {
                if let Some(one) = given.or(family) {
                    return vec![one];
                }
            }
        }
        let scored = self
            .label
            .iter()
            .map(|place| (self.score(tab, axes, *place, people), std::cmp::Reverse(*place)));
        let best = scored.max().filter(|(score, _)| *score > 0);
        best.map(|(_, place)| vec![place.0]).unwrap_or_default()
    }

    /// Contacts count most; else many different texts of letters.
    fn score(&self, tab: &Tab, axes: &[Axis], place: usize, people: &People) -> usize {
        let mut texts: BTreeSet<String> = BTreeSet::new();
        let mut contacts = 0;
        let rows = (0..axes.len()).flat_map(|index| rows_below(tab, axes, index)).take(ROWS_LOOKED_AT);
        for row in rows.filter(|row| !self.is_head(*row)) {
            let text = shown(tab.cell(row, place));
            let letters = text.chars().filter(|c| c.is_alphabetic()).count();
            if letters < 2 {
                continue;
            }
            contacts += usize::from(!matches!(people.names.find(&text), Found::Unknown));
            texts.insert(fold(&text));
        }
        contacts * 10 + texts.len()
    }

    /// Whether a row of a block is part of its header.
    pub(super) fn is_head(&self, row: usize) -> bool {
        self.heads.contains(&row)
    }

    /// The person's name in a row, also where it is merged over several rows.
    pub(super) fn name(&self, tab: &Tab, row: usize) -> String {
        self.joined(tab, self.named_row(row), &self.name)
    }

    /// The column that says which team a row is of: by its header, else by the team that is set.
    pub(super) fn team_column(&self, tab: &Tab, axes: &[Axis], team: Option<&str>) -> Option<usize> {
        let others = || self.label.iter().copied().filter(|place| !self.name.contains(place));
        let headed = |place: &usize| {
            axes.iter().any(|axis| {
                let (row, place) = self.merges.origin(axis.row, *place);
                header::field(&header::words(&shown(tab.cell(row, place)))) == Some(Field::Team)
            })
        };
        let holds = |place: &usize| {
            let mut rows = (0..axes.len()).flat_map(|index| rows_below(tab, axes, index));
            team.is_some_and(|team| rows.any(|row| fold(&shown(tab.cell(row, *place))) == team))
        };
        others().find(headed).or_else(|| others().find(holds))
    }

    /// Where the name stands.
    pub(super) fn name_place(&self, row: usize) -> (usize, usize) {
        self.merges.origin(self.named_row(row), self.name.first().copied().unwrap_or(0))
    }

    /// Whether a cell is merged with the one before it, of the same day.
    pub(super) fn is_told(&self, row: usize, columns: &[Column], index: usize) -> bool {
        let Some(before) = index.checked_sub(1).and_then(|before| columns.get(before)) else {
            return false;
        };
        before.date == columns[index].date && self.merges.origin(row, before.place) == self.merges.origin(row, columns[index].place)
    }

    /// All that stands left of the dates in a row.
    pub(super) fn label(&self, tab: &Tab, row: usize) -> String {
        self.joined(tab, row, &self.label)
    }

    /// The columns that hold labels.
    pub(super) fn label_columns(&self) -> &[usize] {
        &self.label
    }

    /// The texts of some columns of a row, each merged region once.
    pub(super) fn joined(&self, tab: &Tab, row: usize, columns: &[usize]) -> String {
        let mut joined = String::new();
        let mut origins: Vec<(usize, usize)> = Vec::new();
        for place in columns {
            let origin = self.merges.origin(row, *place);
            if origins.contains(&origin) {
                continue;
            }
            origins.push(origin);
            let cell = tab.cell(origin.0, origin.1);
            if matches!(cell, Cell::Empty) {
                continue;
            }
            let text = tidy(&shown(cell)).replace('\n', " ");
            if !text.is_empty() {
                if !joined.is_empty() {
                    joined.push(' ');
                }
                joined.push_str(&text);
            }
        }
        joined
    }
}

/// A row of weekdays in single letters beside the dates: the same again after seven days.
fn letter_row(tab: &Tab, axis: &Axis) -> Option<usize> {
    let fits = |row: &usize| {
        let text = |index: usize| fold(&shown(tab.cell(*row, axis.heads[index].place)));
        let letters = (0..axis.heads.len())
            .filter(|index| (1..=2).contains(&text(*index).chars().count()))
            .count();
        let left = (0..axis.first()).all(|place| tab.cell(*row, place).is_blank());
        left && axis.heads.len() >= 14 && letters == axis.heads.len() && (7..axis.heads.len()).all(|index| text(index) == text(index - 7))
    };
    [axis.row + 1, axis.row.saturating_sub(1)]
        .into_iter()
        .filter(|row| *row != axis.row)
        .find(fits)
}

/// Whether a row below the people counts them.
pub(crate) fn is_sum(label: &str) -> bool {
    let folded = fold(label);
    let first = folded.split(' ').next().unwrap_or_default();
    SUMS.contains(&first)
}

//! Sections of a tab of duties: a first column, mostly merged, or rows of their own that say which team the rows below
//! them are of. It must not know people.

use super::days::Block;
use super::labels;
use super::sides::Sides;
use crate::roster::cells::words::{fold, shown, tidy};
use providers::Tab;
use std::collections::BTreeSet;

/// A row of duties with its label.
#[derive(Debug)]
pub(super) struct Labelled {
    pub(super) block: usize,
    pub(super) row: usize,
    pub(super) label: String,
    /// Blank where there are no sections.
    pub(super) section: String,
    /// The label stands further up.
    pub(super) is_carried: bool,
}

/// The rows with cells, each with its label and its section.
pub(super) fn rows(tab: &Tab, blocks: &[Block], sides: &Sides) -> Vec<Labelled> {
    let column = section_column(tab, blocks, sides);
    let places: Vec<usize> = sides
        .label_columns()
        .iter()
        .copied()
        .filter(|place| Some(*place) != column)
        .collect();
    let mut rows: Vec<Labelled> = Vec::new();
    let mut heads: Vec<(usize, String)> = Vec::new();
    for (index, block) in blocks.iter().enumerate() {
        let (mut section, mut before) = (String::new(), String::new());
        for row in block.rows.clone().filter(|row| !sides.is_head(*row)) {
            let mut label = sides.joined(tab, row, &places);
            let mut own = String::new();
            if let Some(place) = column {
                let origin = sides.merges.origin(row, place);
                let text = tidy(&shown(tab.cell(origin.0, origin.1))).replace('\n', " ");
                let is_merged = origin != (row, place) || sides.merges.of_row(row).iter().any(|region| region.holds(place));
                if !text.is_empty() || is_merged {
                    section = text;
                }
                if section.is_empty() {
                    (own, label) = group(tab, row, &places, sides).unwrap_or((String::new(), label));
                }
            }
            let is_filled = block.columns.iter().any(|column| {
                let origin = sides.merges.origin(row, column.place);
                origin.1 >= block.columns.first().map_or(0, |first| first.place) && !tab.cell(origin.0, origin.1).is_blank()
            });
            if !is_filled {
                if !label.is_empty() {
                    heads.push((row, label));
                    before.clear();
                }
                continue;
            }
            let is_carried = label.is_empty() && !before.is_empty();
            if is_carried {
                label.clone_from(&before);
            }
            before.clone_from(&label);
            rows.push(Labelled {
                block: index,
                row,
                label,
                section: if own.is_empty() { section.clone() } else { own },
                is_carried,
            });
        }
    }
    if column.is_none() {
        by_heads(&mut rows, &heads);
    }
    rows
}

/// Where the first column says nothing, a label that is merged down over several rows names them like a section; what stands
/// beside it are their labels.
fn group(tab: &Tab, row: usize, places: &[usize], sides: &Sides) -> Option<(String, String)> {
    let (place, rest) = places.split_first()?;
    let region = sides.merges.of_row(row).iter().find(|region| region.holds(*place))?;
    let name = tidy(&shown(tab.cell(region.row, region.column)));
    let label = sides.joined(tab, row, rest);
    let is_group = region.last_row > region.row && region.last_column == *place && !name.is_empty() && !label.is_empty();
    (is_group && !labels::says_place(&name)).then_some((name, label))
}

/// Rows of a label alone head sections where the same labels come again below them.
fn by_heads(rows: &mut [Labelled], heads: &[(usize, String)]) {
    let mut seen = BTreeSet::new();
    let repeats = rows
        .iter()
        .filter(|row| !row.is_carried)
        .any(|row| !seen.insert((row.block, fold(&row.label))));
    if !repeats {
        return;
    }
    for row in rows {
        let head = heads.iter().rev().find(|(at, _)| *at < row.row);
        if let Some((_, text)) = head {
            row.section.clone_from(text);
        }
    }
}

/// The first column with text, where it is merged down or says little beside the next one.
fn section_column(tab: &Tab, blocks: &[Block], sides: &Sides) -> Option<usize> {
    let rows: Vec<usize> = blocks
        .iter()
        .flat_map(|block| block.rows.clone())
        .filter(|row| !sides.is_head(*row))
        .take(2_000)
        .collect();
    let own = |place: usize| {
        rows.iter()
            .filter(|row| sides.merges.origin(**row, place) == (**row, place) && !tab.cell(**row, place).is_blank())
            .count()
    };
    let filled: Vec<(usize, usize)> = sides
        .label_columns()
        .iter()
        .map(|place| (*place, own(*place)))
        .filter(|(_, count)| *count > 0)
        .collect();
    let [(first, count), (_, beside), ..] = filled.as_slice() else {
        return None;
    };
    let merged_down = rows.iter().any(|row| {
        sides
            .merges
            .of_row(*row)
            .iter()
            .any(|region| region.holds(*first) && region.last_row > region.row && region.last_column == *first)
    });
    (merged_down || count * 3 <= beside * 2).then_some(*first)
}

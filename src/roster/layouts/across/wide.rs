//! Dates that hold several columns, and columns between the dates that have none: everything under a merged date is of that
//! day, unless a header of its own parts it. It must not know what the cells say.

use super::axis::{Axis, Head};
use super::days::{Block, rows_below};
use super::sides::Sides;
use crate::roster::cells::calendar_words::Weekdays;
use crate::roster::cells::words::{fold, listed, quote, shown, shown_at};
use crate::roster::findings::{Findings, Words};
use crate::roster::layouts::header::{self, Field};
use crate::roster::{Code, Severity};
use providers::{Cell, Tab};
use std::collections::BTreeSet;

/// Merged regions that are looked at.
const REGIONS_AT_MOST: usize = 20_000;
/// A date over more columns is a banner.
const COLUMNS_AT_MOST: usize = 8;
/// Rows of headers below the dates.
const HEADS_AT_MOST: usize = 2;
/// Parts of a day that are named in a finding.
const PARTS_NAMED: usize = 6;

/// Gives each date the columns over which it is merged.
pub(super) fn widen(tab: &Tab, axes: &mut [Axis]) {
    let number = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
    for merge in tab.merges.iter().take(REGIONS_AT_MOST) {
        let (row, place, last) = (number(merge.first.0), number(merge.first.1), number(merge.last.1));
        let Some(axis) = axes.iter_mut().find(|axis| axis.row == row) else {
            continue;
        };
        let Ok(index) = axis.heads.binary_search_by_key(&place, |head| head.place) else {
            continue;
        };
        let next = axis.heads.get(index + 1).map_or(usize::MAX, |head| head.place);
        let last = last.min(next.saturating_sub(1));
        if last - place < COLUMNS_AT_MOST {
            axis.heads[index].last = last;
        }
    }
}

/// Refuses days that a header of their own parts, and tells of what stands between the dates without one.
pub(super) fn check(tab: &Tab, axes: &[Axis], sides: &Sides, blocks: &mut [Block], findings: &mut Findings) {
    for (index, axis) in axes.iter().enumerate() {
        let Some(block) = blocks.get_mut(index) else { continue };
        for row in (axis.row + 1..tab.rows.len()).take(HEADS_AT_MOST) {
            let parted: Vec<&Head> = axis.heads.iter().filter(|head| is_parted(tab, row, head)).collect();
            if parted.is_empty() || !is_header(tab, row, axis, sides) {
                continue;
            }
            block
                .columns
                .retain(|column| !parted.iter().any(|head| head.place <= column.place && column.place <= head.last));
            report_parted(tab, row, axis, &parted, findings);
            break;
        }
        report_undated(tab, axes, index, sides, findings);
    }
}

/// Whether the columns of a date are headed by different words.
fn is_parted(tab: &Tab, row: usize, head: &Head) -> bool {
    let texts: BTreeSet<String> = (head.place..=head.last)
        .map(|place| fold(&shown(tab.cell(row, place))))
        .filter(|text| !text.is_empty())
        .collect();
    texts.len() > 1
}

/// Whether nothing that names a person or a duty stands left of the dates.
fn is_header(tab: &Tab, row: usize, axis: &Axis, sides: &Sides) -> bool {
    sides.is_head(row)
        || (0..axis.first()).all(|place| {
            let text = shown(tab.cell(row, place));
            let field = header::field(&header::words(&text));
            let is_of_names = matches!(field, Some(Field::Person | Field::GivenName | Field::FamilyName));
            text.trim().is_empty() || is_of_names
        })
}

fn report_parted(tab: &Tab, row: usize, axis: &Axis, parted: &[&Head], findings: &mut Findings) {
    let Some(first) = parted.first() else { return };
    let texts: Vec<String> = (first.place..=first.last).map(|place| shown(tab.cell(row, place))).collect();
    let is_week = texts.iter().all(|text| !Weekdays::named(&fold(text)).is_empty());
    let quoted: Vec<String> = texts.iter().take(PARTS_NAMED).map(|text| quote(text)).collect();
    let remedy = if is_week {
        "Write a date of its own above each day."
    } else {
        "Keep one column for each date, and put what parts the day into rows of their own, such as Day and Night."
    };
    let words = Words::new(
        format!(
            "{} stands over several columns, which are headed {}; what parts a day across is not read.",
            quote(&shown_at(tab, axis.row, first.place)),
            listed(&quoted)
        ),
        "These days are not read, so nobody of them is on call.",
        remedy,
    );
    let now = findings.now();
    let cause = findings.tell(Code::LayoutUnknown, Severity::Stop, None, words).affects(now);
    for head in parted {
        cause.at(tab.address(axis.row, head.place));
    }
}

/// A table loses its merges on the way through a text file: then only the first column of a day has its date.
fn report_undated(tab: &Tab, axes: &[Axis], index: usize, sides: &Sides, findings: &mut Findings) {
    let axis = &axes[index];
    let rows = || rows_below(tab, axes, index).filter(|row| !sides.is_head(*row));
    let undated = axis.heads.windows(2).flat_map(|two| two[0].last + 1..two[1].place);
    let is_headed = |place: usize| {
        let above = axis.row.saturating_sub(1)..=axis.row + 1;
        above
            .filter(|row| *row == axis.row || sides.is_head(*row))
            .any(|row| !tab.cell(row, place).is_blank())
    };
    let now = findings.now();
    for place in undated.filter(|place| !is_headed(*place)) {
        let holds_text = |row: &usize| {
            let is_own = sides.merges.origin(*row, place) == (*row, place);
            is_own && matches!(tab.cell(*row, place), Cell::Text(text) if !text.trim().is_empty()) && !sides.label(tab, *row).is_empty()
        };
        let Some(row) = rows().find(holds_text) else { continue };
        let words = || {
            Words::new(
                "A column between the dates has no date, and something is entered in it.",
                "Nobody of this column is rung.",
                "Write the date above each of its columns, or give each date one column.",
            )
        };
        let cause = findings.cause(Code::ColumnIgnored, Severity::Stop, "undated").say(words);
        cause.at(tab.address(row, place)).affects(now);
    }
}

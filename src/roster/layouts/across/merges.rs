//! Merged cells of a tab by row, so that a cell that spreads over several days or people counts for all of them.
//! It must not know what the cells say.

use providers::Tab;
use std::collections::BTreeMap;

/// Merged regions that are looked at.
const REGIONS_AT_MOST: usize = 20_000;
/// Rows of all regions together.
const ROWS_AT_MOST: usize = 250_000;

/// The regions that hold more than one cell.
#[derive(Default)]
pub(super) struct Merges {
    by_row: BTreeMap<usize, Vec<Region>>,
}

/// A merged region.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Region {
    pub(super) row: usize,
    pub(super) column: usize,
    pub(super) last_row: usize,
    pub(super) last_column: usize,
}

impl Merges {
    pub(super) fn of(tab: &Tab) -> Self {
        let place = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
        let mut merges = Self::default();
        let mut rows = 0;
        for merge in tab.merges.iter().take(REGIONS_AT_MOST).filter(|merge| merge.first != merge.last) {
            let region = Region {
                row: place(merge.first.0),
                column: place(merge.first.1),
                last_row: place(merge.last.0).min(tab.rows.len()),
                last_column: place(merge.last.1),
            };
            for row in region.row..=region.last_row {
                rows += 1;
                if rows > ROWS_AT_MOST {
                    return merges;
                }
                merges.by_row.entry(row).or_default().push(region);
            }
        }
        merges
    }

    /// The regions that touch a row.
    pub(super) fn of_row(&self, row: usize) -> &[Region] {
        self.by_row.get(&row).map_or(&[], Vec::as_slice)
    }

    /// Where the value of a cell stands.
    pub(super) fn origin(&self, row: usize, column: usize) -> (usize, usize) {
        let region = self.of_row(row).iter().find(|region| region.holds(column));
        region.map_or((row, column), |region| (region.row, region.column))
    }
}

impl Region {
    pub(super) const fn holds(&self, column: usize) -> bool {
        self.column <= column && column <= self.last_column
    }
}

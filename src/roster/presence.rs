//! Who is away by the sheet itself. It must not know how cells are read, nor what people have told by other ways.

use super::wall_clock::Zone;
use chrono::{DateTime, Utc};
use providers::CellAddress;

/// What the column Status of the contacts says of somebody who is away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetAway {
    /// Until when; none where the cell does not say it.
    pub until: Option<DateTime<Utc>>,
    /// As written.
    pub words: String,
    /// The cell that says so.
    pub cell: CellAddress,
}

impl SheetAway {
    /// Whether he is away at `at`, which is not before the cell was read.
    #[must_use]
    pub fn lasts_at(&self, at: DateTime<Utc>) -> bool {
        self.until.is_none_or(|until| until > at)
    }

    /// Until when, as the clocks show it where the rota is kept.
    #[must_use]
    pub fn shown(&self, zone: &Zone) -> Option<String> {
        self.until.map(|until| zone.to_local(until).format("%Y-%m-%d %H:%M").to_string())
    }
}

//! How much of a sheet is read. A rota is small; what is beyond these is a mistake or an attack, and
//! must not take the hotline down with it.

use crate::{Cell, SourceError};

/// Of one file, or of all tables of a folder together.
pub(crate) const FILE_BYTES: u64 = 32 << 20;
/// Of all parts of a workbook together, once unpacked.
pub(crate) const UNPACKED_BYTES: u64 = 256 << 20;
/// Parts of a workbook, or entries of a folder that are looked at.
pub(crate) const ENTRIES: usize = 10_000;
pub(crate) const TABS: usize = 200;
/// Of one tab.
pub(crate) const ROWS: usize = 200_000;
/// Of one row.
pub(crate) const COLUMNS: usize = 2_000;
/// Of a sheet, the empty ones between others included.
pub(crate) const CELLS: usize = 4_000_000;
/// Of a sheet's cells together. A workbook names a shared text once and may show it in a million cells.
pub(crate) const TEXT_BYTES: usize = 64 << 20;

/// What one sheet has used up of the limits.
#[derive(Debug, Default)]
pub(crate) struct Budget {
    cells: usize,
    text: usize,
}

impl Budget {
    /// Puts a cell at a zero-based place of a tab, growing the rows as needed. Empty cells and empty texts
    /// are not put, so that rows end with their last cell that holds something.
    pub(crate) fn put(&mut self, tab: &str, rows: &mut Vec<Vec<Cell>>, place: (usize, usize), cell: Cell) -> Result<(), SourceError> {
        let cell = keepable(cell);
        if let Cell::Text(text) = &cell {
            self.text += text.len();
        }
        let is_nothing = match &cell {
            Cell::Empty => true,
            Cell::Text(text) => text.is_empty(),
            Cell::Number(_) | Cell::DateTime(_) | Cell::Time(_) | Cell::Bool(_) | Cell::Error(_) => false,
        };
        if is_nothing {
            return Ok(());
        }
        let (row, column) = place;
        within(tab, (row, column))?;
        let width = rows.get(row).map_or(0, Vec::len);
        self.take(tab, (row + 1).saturating_sub(rows.len()), (column + 1).saturating_sub(width))?;
        if rows.len() <= row {
            rows.resize_with(row + 1, Vec::new);
        }
        let Some(cells) = rows.get_mut(row) else { return Ok(()) };
        if cells.len() <= column {
            cells.resize(column + 1, Cell::Empty);
        }
        if let Some(slot) = cells.get_mut(column) {
            *slot = cell;
        }
        Ok(())
    }

    /// Puts all texts of a row that is not there yet: the same as each of them with [`Self::put`], without growing the row
    /// cell by cell.
    pub(crate) fn put_row(&mut self, tab: &str, rows: &mut Vec<Vec<Cell>>, row: usize, mut texts: Vec<String>) -> Result<(), SourceError> {
        let width = texts.iter().rposition(|text| !text.is_empty()).map_or(0, |last| last + 1);
        if width == 0 {
            return Ok(());
        }
        let too_far = texts.iter().skip(COLUMNS).position(|text| !text.is_empty());
        within(tab, (row, too_far.map_or(0, |beyond| COLUMNS + beyond)))?;
        self.text += texts.iter().map(String::len).sum::<usize>();
        self.take(tab, (row + 1).saturating_sub(rows.len()), width)?;
        texts.truncate(width);
        let cell = |text: String| if text.is_empty() { Cell::Empty } else { Cell::Text(text) };
        rows.resize_with(row, Vec::new);
        rows.push(texts.into_iter().map(cell).collect());
        Ok(())
    }

    /// A row costs as much as a cell even when nothing stands in it.
    fn take(&mut self, tab: &str, rows: usize, cells: usize) -> Result<(), SourceError> {
        self.cells += rows + cells;
        if self.cells > CELLS || self.text > TEXT_BYTES {
            return Err(too_much(format!(
                "more than {CELLS} cells or {} MiB of text, reached in tab \"{tab}\"",
                TEXT_BYTES >> 20
            )));
        }
        Ok(())
    }
}

fn within(tab: &str, (row, column): (usize, usize)) -> Result<(), SourceError> {
    if row >= ROWS {
        let seen = row + 1;
        return Err(too_much(format!(
            "tab \"{tab}\" goes on in row {seen}; at most {ROWS} rows are read"
        )));
    }
    if column >= COLUMNS {
        let seen = column + 1;
        return Err(too_much(format!(
            "tab \"{tab}\" goes on in column {seen} (row {}); at most {COLUMNS} columns are read",
            row + 1
        )));
    }
    Ok(())
}

/// What is no number stays none when the sheet is kept as JSON, which would make all of it unreadable.
fn keepable(cell: Cell) -> Cell {
    match cell {
        Cell::Number(number) if !number.is_finite() => Cell::Error("#NUM!".to_owned()),
        Cell::Empty | Cell::Text(_) | Cell::Number(_) | Cell::DateTime(_) | Cell::Time(_) | Cell::Bool(_) | Cell::Error(_) => cell,
    }
}

/// A limit was reached: what was seen, and what the admin can do.
pub(crate) fn too_much(seen: String) -> SourceError {
    SourceError::Malformed(format!("{seen}. Keep the rota in a sheet of its own, without the rest"))
}

/// The first few of a list that may be long, for a remark: `3, 7, 9 and 40 more`. Empty for an empty list.
pub(crate) fn first_few(items: &[String]) -> String {
    const FEW: usize = 5;
    let shown = items.iter().take(FEW).map(String::as_str).collect::<Vec<_>>().join(", ");
    match items.len().saturating_sub(FEW) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Cell {
        Cell::Text(text.to_owned())
    }

    #[test]
    fn a_whole_row_is_put_as_its_cells_are_one_by_one() {
        let cells: [&[&str]; 6] = [&["a", "", "b", "", ""], &[], &["", ""], &["", "c"], &[""], &["d"]];
        let (mut whole, mut single) = (Budget::default(), Budget::default());
        let (mut rows_whole, mut rows_single) = (Vec::new(), Vec::new());
        for (row, cells) in cells.iter().enumerate() {
            let texts = cells.iter().map(|cell| (*cell).to_owned());
            whole.put_row("Rota", &mut rows_whole, row, texts.collect()).unwrap();
            for (column, cell) in cells.iter().enumerate() {
                single.put("Rota", &mut rows_single, (row, column), text(cell)).unwrap();
            }
        }
        assert_eq!(rows_whole, rows_single);
        assert_eq!(rows_whole[0], [text("a"), Cell::Empty, text("b")]);
        assert_eq!((whole.cells, whole.text), (single.cells, single.text));
    }

    #[test]
    fn a_row_that_is_too_wide_is_refused_by_its_first_column_that_is() {
        let mut wide = vec![String::new(); COLUMNS + 3];
        wide[COLUMNS + 1] = "x".to_owned();
        let (mut budget, mut rows) = (Budget::default(), Vec::new());
        let fault = budget.put_row("Rota", &mut rows, 4, wide).unwrap_err();
        let seen = fault.to_string();
        assert!(seen.contains(&format!("column {} (row 5)", COLUMNS + 2)), "{seen}");
    }
}

//! The bytes of a text table (`.csv`, `.tsv`, `.txt`) into a tab: which encoding, which delimiter, which
//! line each row begins on. It must not know where the bytes came from.

mod delimiter;
mod encoding;
mod place;
mod records;

pub use place::place_in_text;

#[cfg(test)]
mod tests;

use crate::limits::{Budget, ROWS, first_few, too_much};
use crate::{AddressStyle, SourceError, Tab};

/// Reads one table. The tab is called like the file without its extension; its addresses show the file.
///
/// # Errors
/// `Transient` where the end of the file is not written yet, `Malformed` where it is no text or too large.
pub(crate) fn read(bytes: &[u8], file: &str, budget: &mut Budget) -> Result<(Tab, Vec<String>), SourceError> {
    let (text, remark) = encoding::decode(bytes)?;
    let mut remarks: Vec<String> = remark.into_iter().collect();
    let (delimiter, hint) = delimiter::find(&text);
    let mut tab = Tab {
        name: stem(file).to_owned(),
        file: Some(file.to_owned()),
        style: AddressStyle::Lines,
        rows: Vec::new(),
        lines: Vec::new(),
        merges: Vec::new(),
        formatted: Vec::new(),
        link: None,
    };
    let mut unclosed = Vec::new();
    for (row, record) in records::Records::new(&text, delimiter).enumerate() {
        if row >= ROWS {
            return Err(too_much(format!(
                "it goes on in line {}; at most {ROWS} rows are read",
                record.line
            )));
        }
        if !record.is_well_quoted {
            unclosed.push(record.line.to_string());
        }
        tab.lines.push(record.line);
        if row == 0 && hint {
            continue;
        }
        budget.put_row(&tab.name, &mut tab.rows, row, record.fields(delimiter))?;
    }
    tab.lines.truncate(tab.rows.len());
    if !unclosed.is_empty() {
        remarks.push(format!(
            "a quotation mark opens a cell and is not closed; read as it stands: line {}",
            first_few(&unclosed)
        ));
    }
    Ok((tab, remarks))
}

/// The text of a file, and a remark where its encoding is a guess.
///
/// # Errors
/// As [`read`].
pub(crate) fn decode(bytes: &[u8]) -> Result<(String, Option<String>), SourceError> {
    encoding::decode(bytes)
}

/// `rota.csv` is `rota`.
pub(crate) fn stem(file: &str) -> &str {
    match file.rsplit_once('.') {
        Some((stem, _)) if !stem.is_empty() => stem,
        Some(_) | None => file,
    }
}

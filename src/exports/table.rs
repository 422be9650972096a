//! Rows as CSV (RFC 4180), for spreadsheets as much as for programs.

use super::plain::defused;
use super::rows::{DutyRow, State};
use csv::{QuoteStyle, Terminator, WriterBuilder};

const HEADER: [&str; 11] = [
    "from",
    "until",
    "from_utc",
    "until_utc",
    "state",
    "level",
    "label",
    "person",
    "number",
    "cell",
    "is_change",
];

/// The rows with a header. No cell is a formula to any spreadsheet: such a beginning is led by an apostrophe, and every
/// cell is quoted, because some countries' programs part cells at semicolons.
///
/// # Errors
/// Never in practice: it is written into memory.
pub fn table(rows: &[DutyRow]) -> csv::Result<String> {
    let mut writer = WriterBuilder::new()
        .quote_style(QuoteStyle::Always)
        .terminator(Terminator::CRLF)
        .from_writer(Vec::new());
    writer.write_record(HEADER)?;
    for row in rows {
        let level = row.level.map(|level| level.to_string());
        let or_nothing = |text: &Option<String>| text.clone().unwrap_or_default();
        let cells = [
            row.from.clone(),
            row.until.clone(),
            row.from_utc.clone(),
            row.until_utc.clone(),
            row.state.as_str().to_owned(),
            or_nothing(&level),
            or_nothing(&row.label),
            or_nothing(&row.person),
            or_nothing(&row.number),
            or_nothing(&row.cell),
            row.is_change.to_string(),
        ];
        writer.write_record(cells.iter().map(|cell| defused(cell).into_owned()))?;
    }
    let bytes = writer.into_inner().map_err(|fault| fault.into_error())?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

impl State {
    /// As in tables and JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OnCall => "on_call",
            Self::Nobody => "nobody",
            Self::Gap => "gap",
        }
    }
}

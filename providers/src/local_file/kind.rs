//! What a file is, by its name and its first bytes; and what to do about the kinds that are not read.

use crate::SourceError;
use crate::calendar_file::is_calendar;
use crate::workbook::ZIP_MAGIC;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Workbook,
    Text,
    Calendar,
}

const SAVE_AS: &str = "Save the rota as .xlsx or .csv";
/// How old Excel files begin, and new ones that are protected by a password.
const COMPOUND_MAGIC: &[u8] = b"\xd0\xcf\x11\xe0";

/// Whether a name is one of a text table, as those of a folder are.
fn is_text_name(name: &str) -> bool {
    matches!(extension(name).as_str(), "csv" | "tsv" | "txt")
}

/// Whether a name is one of a calendar.
fn is_calendar_name(name: &str) -> bool {
    extension(name) == "ics"
}

/// Whether a file of this name counts in a folder.
pub(super) fn is_table_name(name: &str) -> bool {
    is_text_name(name) || is_calendar_name(name)
}

/// Advice where the name alone says that this cannot be read.
pub(super) fn refused_name(name: &str) -> Option<SourceError> {
    let what = match extension(name).as_str() {
        "numbers" => "a Numbers document",
        "pdf" => "a PDF, which has no cells",
        "ods" | "fods" => "an OpenDocument file",
        "xls" | "xlsb" => "a workbook in an older or binary format",
        "doc" | "docx" | "odt" | "rtf" => "a text document",
        "gsheet" => "only a link to a Google spreadsheet",
        "html" | "htm" | "json" | "xml" | "zip" | "png" | "jpg" | "jpeg" => "not a table",
        _ => return None,
    };
    Some(SourceError::Malformed(format!("\"{name}\" is {what}. {SAVE_AS}")))
}

/// # Errors
/// `Transient` where the file is empty or blank so far; `Malformed` with advice where it is something else.
pub(crate) fn of(name: &str, bytes: &[u8]) -> Result<Kind, SourceError> {
    if bytes.is_empty() {
        return Err(SourceError::Transient("empty file: perhaps it is being written".into()));
    }
    if bytes.starts_with(ZIP_MAGIC) {
        return Ok(Kind::Workbook);
    }
    let refused = |what: &str| Err(SourceError::Malformed(format!("\"{name}\" is {what}. {SAVE_AS}")));
    if bytes.starts_with(COMPOUND_MAGIC) {
        return refused("a workbook in the old format, or protected by a password");
    }
    if bytes.starts_with(b"%PDF") {
        return refused("a PDF, which has no cells");
    }
    if is_calendar_name(name) {
        return Ok(Kind::Calendar);
    }
    if is_text_name(name) {
        return Ok(Kind::Text);
    }
    if is_calendar(bytes) {
        return Ok(Kind::Calendar);
    }
    let is_blank_yet = ZIP_MAGIC.starts_with(bytes) || bytes.iter().take(1024).all(|byte| *byte == 0);
    if is_blank_yet {
        return Err(SourceError::Transient(
            "the beginning of the file is missing: perhaps it is being written".into(),
        ));
    }
    refused("neither a workbook nor a text table")
}

fn extension(name: &str) -> String {
    name.rsplit_once('.')
        .map(|(_, extension)| extension.to_ascii_lowercase())
        .unwrap_or_default()
}

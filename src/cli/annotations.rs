//! Findings as GitHub shows them beside the lines of a file. It must not know how they were found.

use crate::roster::{Diagnostic, Severity};
use providers::{AddressStyle, CellAddress, place_in_text};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// No more of a file is looked into.
const LARGEST_TEXT: u64 = 64 << 20;

/// The bytes of each file that was looked into; nothing where that failed.
type Texts = BTreeMap<PathBuf, Option<Vec<u8>>>;

/// One line for each finding, at its first cell; `rota` are the files and folders that were read.
pub(super) fn annotations(findings: &[Diagnostic], rota: &[PathBuf]) -> String {
    let mut texts = Texts::new();
    findings.iter().map(|finding| annotation(finding, rota, &mut texts)).collect()
}

fn annotation(finding: &Diagnostic, rota: &[PathBuf], texts: &mut Texts) -> String {
    let command = match finding.severity {
        Severity::Stop => "error",
        Severity::Warn => "warning",
        Severity::Note => "notice",
    };
    let mut properties = place(finding.cells.first(), rota, texts);
    properties.push(format!("title={}", property(finding.code.as_str())));
    format!("::{command} {}::{}\n", properties.join(","), data(&finding.told(|_, words| words)))
}

/// In a text table the line and the character; of a workbook, which has no lines, the file.
fn place(cell: Option<&CellAddress>, rota: &[PathBuf], texts: &mut Texts) -> Vec<String> {
    let file = |path: &Path| format!("file={}", property(&path.display().to_string()));
    let Some(first) = rota.first() else {
        return Vec::new();
    };
    let Some(cell) = cell.filter(|cell| cell.style() == AddressStyle::Lines) else {
        return vec![file(first)];
    };
    let found = rota.iter().find_map(|path| holding(path, cell.tab()));
    let path = found.unwrap_or_else(|| if first.is_dir() { first.join(cell.tab()) } else { first.clone() });
    let text = texts.entry(path.clone()).or_insert_with(|| bytes_of(&path).ok());
    let found = text.as_deref().and_then(|text| place_in_text(text, cell.row(), cell.column()));
    let (line, column) = found.map_or((cell.row(), None), |(line, column)| (line, Some(column)));
    let mut properties = vec![file(&path), format!("line={line}")];
    properties.extend(column.map(|column| format!("col={column}")));
    properties
}

/// The text table of that name: one of the files, or one in a folder.
fn holding(path: &Path, table: &str) -> Option<PathBuf> {
    let is_it = path.file_name().is_some_and(|name| name.to_string_lossy() == table);
    if !path.is_dir() {
        return is_it.then(|| path.to_owned());
    }
    let inside = path.join(table);
    inside.is_file().then_some(inside)
}

/// A text that was changed meanwhile is cut where a rota of its size would not be read.
fn bytes_of(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(LARGEST_TEXT).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// What GitHub would take for the end of the message.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// What it would take for the end of a property, too.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::roster::Code;

    fn finding(severity: Severity, cells: Vec<CellAddress>) -> Diagnostic {
        Diagnostic {
            severity,
            code: Code::NameUnknown,
            cells,
            more_cells: 0,
            seen: "\"100% Smth\" is not in Contacts.".to_owned(),
            consequence: "Nobody is rung.".to_owned(),
            remedy: "Fix the spelling.".to_owned(),
            affects: None,
        }
    }

    #[test]
    fn a_text_table_is_marked_at_the_character() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rota, new: 100%.csv");
        std::fs::write(&path, "From,1st\n2026-03-02,\"Ana\nDiaz\",\n2026-03-09,J Smth\n").unwrap();
        let cell = CellAddress::new("rota, new: 100%.csv", AddressStyle::Lines, 4, 2);
        let said = annotations(&[finding(Severity::Stop, vec![cell])], std::slice::from_ref(&path));
        let escaped = folder.path().join("rota%2C new%3A 100%25.csv").display().to_string();
        assert_eq!(
            said,
            format!(
                "::error file={escaped},line=4,col=12,title=name-unknown::STOP  rota, new: 100%25.csv line 4, column 2: \"100%25 Smth\" is not in \
                 Contacts. [name-unknown]%0A      Nobody is rung.%0A      Fix the spelling.\n"
            )
        );
    }

    #[test]
    fn a_file_of_a_folder_is_named_and_a_place_that_is_gone_costs_only_the_character() {
        let folder = tempfile::tempdir().unwrap();
        let cell = CellAddress::new("Rota.csv", AddressStyle::Lines, 4, 2);
        let said = annotations(&[finding(Severity::Warn, vec![cell])], &[folder.path().to_owned()]);
        let expected = format!(
            "::warning file={},line=4,title=name-unknown::WARN ",
            folder.path().join("Rota.csv").display()
        );
        assert!(said.starts_with(&expected), "{said}");
    }

    #[test]
    fn a_workbook_has_no_lines_and_a_spreadsheet_no_file() {
        let cell = || vec![CellAddress::new("Rota", AddressStyle::Grid, 4, 2)];
        let said = annotations(&[finding(Severity::Note, cell())], &[PathBuf::from("rota.xlsx")]);
        assert!(
            said.starts_with("::notice file=rota.xlsx,title=name-unknown::NOTE  Rota!B4: "),
            "{said}"
        );
        let said = annotations(&[finding(Severity::Stop, cell())], &[]);
        assert!(said.starts_with("::error title=name-unknown::STOP  Rota!B4: "), "{said}");
    }
}

//! What a terminal can show beyond text: cells that are links. It must not know what is told.

use crate::roster::preview::{Piece, Sentence};
use providers::CellAddress;
use std::io::{self, IsTerminal};

/// How an answer for people is to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// Text alone: for files, pipes and other programs.
    Plain,
    /// Cells are links (OSC 8), which terminals that know none show as text.
    Links,
}

impl Look {
    /// As standard output can show it.
    #[must_use]
    pub fn of_stdout() -> Self {
        let is_dumb = std::env::var_os("TERM").is_none_or(|term| term == "dumb");
        if io::stdout().is_terminal() && !is_dumb {
            Self::Links
        } else {
            Self::Plain
        }
    }

    /// The words for a cell, as a link where there is one and it can be shown.
    pub(super) fn cell(self, cell: &CellAddress, words: &str) -> String {
        let link = match self {
            Self::Plain => None,
            Self::Links => cell.link().filter(|link| is_safe(link)),
        };
        link.map_or_else(
            || words.to_owned(),
            |link| format!("\u{1b}]8;;{link}\u{1b}\\{words}\u{1b}]8;;\u{1b}\\"),
        )
    }

    /// A sentence with its cells.
    pub(super) fn sentence(self, sentence: &Sentence) -> String {
        let pieces = sentence.0.iter().map(|piece| match piece {
            Piece::Words(words) => words.clone(),
            Piece::Cell(cell) => self.cell(cell, &cell.to_string()),
        });
        pieces.collect()
    }
}

/// Leads to a place that a browser opens without doing anything else, and does not end the link for the terminal.
fn is_safe(link: &str) -> bool {
    link.starts_with("https://") && link.chars().all(|c| c.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use super::*;
    use providers::{AddressStyle, Tab};

    /// C14 of a tab that a browser shows there.
    fn cell(link: Option<&str>) -> CellAddress {
        let tab = Tab {
            name: "Rota".to_owned(),
            file: None,
            style: AddressStyle::Grid,
            rows: Vec::new(),
            lines: Vec::new(),
            merges: Vec::new(),
            formatted: Vec::new(),
            link: link.map(Into::into),
        };
        tab.address(13, 2)
    }

    #[test]
    fn only_a_terminal_gets_links_and_only_safe_ones() {
        let google = cell(Some("https://docs.google.com/spreadsheets/d/x/edit#gid=7&range={cell}"));
        assert_eq!(Look::Plain.cell(&google, "Rota!C14"), "Rota!C14");
        assert_eq!(
            Look::Links.cell(&google, "Rota!C14"),
            "\u{1b}]8;;https://docs.google.com/spreadsheets/d/x/edit#gid=7&range=C14\u{1b}\\Rota!C14\u{1b}]8;;\u{1b}\\"
        );
        for link in [None, Some("javascript:alert(1)"), Some("https://x.example/\u{1b}]0;gone\u{7}")] {
            assert_eq!(Look::Links.cell(&cell(link), "Rota!C14"), "Rota!C14");
        }
    }
}

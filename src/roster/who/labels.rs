//! Whether a cell of names begins with a label, `1st line:⏎Anna⏎2nd line:⏎Ben`, `S: Amethon`: who it names is then not said
//! by its names alone. It must not know people.

use crate::roster::cells::words::tidy;

/// More lines with a label are prose.
const LABELS_AT_MOST: usize = 12;
/// A longer label is prose (characters).
const LABEL_AT_MOST: usize = 40;

/// Whether a cell begins with a label; a clock time is none.
pub(super) fn begins_with_one(text: &str) -> bool {
    if !text.contains([':', '：']) || text.contains("://") {
        return false;
    }
    let text = tidy(text);
    let mut lines = text.split('\n').map(str::trim).filter(|line| !line.is_empty()).peekable();
    lines.peek().is_some_and(|first| is_label(first)) && lines.filter(|line| is_label(line)).count() <= LABELS_AT_MOST
}

/// `1st line: Anna`: a few words with a colon that no digit follows.
fn is_label(line: &str) -> bool {
    let Some((label, names)) = line.split_once(':') else { return false };
    let is_time = label.ends_with(|c: char| c.is_ascii_digit()) && names.starts_with(|c: char| c.is_ascii_digit());
    !label.trim().is_empty() && label.chars().count() <= LABEL_AT_MOST && !is_time && !label.contains('@')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_in_cells() {
        for text in [
            "1st line:\nAnna\n2nd line:\nBen\nCy",
            "1st: Anna",
            "一线：Anna",
            "S: Amethon",
            "WARDS: SB",
        ] {
            assert!(begins_with_one(text), "{text}");
        }
        for text in ["Anna", "Anna\n08:00 - 17:00", "Anna\n1st: Ben", "https://example.com", ""] {
            assert!(!begins_with_one(text), "{text}");
        }
    }
}

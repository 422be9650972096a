//! Text out of a sheet made harmless, whatever program reads it next.

use std::borrow::Cow;

/// Longer texts are cut. A name is not longer, and a calendar's line is not read further.
pub(super) const LONGEST: usize = 200;

/// One line without control characters and without marks that turn the direction of writing, cut where it is too long.
pub(super) fn plain(text: &str) -> String {
    let mut line = String::with_capacity(text.len().min(4 * LONGEST));
    let mut length = 0;
    for character in text.chars().filter(|character| !is_invisible(*character)) {
        let character = if character.is_whitespace() || character.is_control() {
            ' '
        } else {
            character
        };
        if character == ' ' && (line.is_empty() || line.ends_with(' ')) {
            continue;
        }
        if length == LONGEST {
            line.truncate(line.trim_end().len());
            line.push('…');
            return line;
        }
        line.push(character);
        length += 1;
    }
    line.truncate(line.trim_end().len());
    line
}

/// Characters that only change how their neighbours look: directions of writing, joints, the mark of byte orders.
const fn is_invisible(character: char) -> bool {
    matches!(character, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// The text of a table's cell, so that no spreadsheet takes it for a formula: as OWASP says of CSV injection, a leading
/// apostrophe before all that may begin one.
pub(super) fn defused(text: &str) -> Cow<'_, str> {
    const TRIGGERS: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
    if text.starts_with(TRIGGERS) {
        return Cow::Owned(format!("'{text}"));
    }
    Cow::Borrowed(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_becomes_one_short_line() {
        assert_eq!(plain("  Ana\r\nDiaz\u{0}\t\u{1b}[31m "), "Ana Diaz [31m");
        assert_eq!(plain("a\u{202e}b\u{feff}c\u{85}d\u{2028}e"), "abc d e");
        assert_eq!(plain(&"é".repeat(200)), "é".repeat(200));
        assert_eq!(plain(&"é".repeat(201)), "é".repeat(200) + "…");
        assert_eq!(plain("\n\r\t "), "");
    }

    #[test]
    fn formulas_are_defused() {
        for hostile in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠x"] {
            assert_eq!(defused(hostile), format!("'{hostile}"));
        }
        for harmless in ["", "Ana", "1-2", "a=b", "'=1", " =1"] {
            assert_eq!(defused(harmless), harmless);
        }
    }
}

//! Where in the text of a table a cell begins, for programs that mark a place in a file.

use super::{delimiter, encoding, records};

/// The line and the character in it (both from 1) at which a cell begins. `line` is that on which its row begins, as
/// in the cell's address, `column` counts cells from 1. Nothing where the text has no such cell.
#[must_use]
pub fn place_in_text(bytes: &[u8], line: u32, column: u32) -> Option<(u32, u32)> {
    let (text, _) = encoding::decode(bytes).ok()?;
    let (delimiter, _) = delimiter::find(&text);
    let record = records::Records::new(&text, delimiter).find(|record| record.line >= line)?;
    if record.line != line {
        return None;
    }
    let (mut cell, mut at, mut is_quoted) = (1, (line, 1), false);
    let mut previous = char::from(delimiter);
    for character in record.text.chars() {
        if cell == column {
            return Some(at);
        }
        let opens = !is_quoted && previous == char::from(delimiter);
        if character == '"' && (is_quoted || opens) {
            is_quoted = !is_quoted;
        }
        if character == char::from(delimiter) && !is_quoted {
            cell += 1;
        }
        at = match character {
            '\n' => (at.0.saturating_add(1), 1),
            _ => (at.0, at.1.saturating_add(1)),
        };
        previous = character;
    }
    (cell == column).then_some(at)
}

#[cfg(test)]
mod tests {
    use super::place_in_text;

    #[test]
    fn a_cell_is_found_where_an_editor_shows_it() {
        let text = "Date;Früh;Nacht\n01.03.2026;\"Ana; Bo\";Cy\n\n02.03.2026;\"Ana\nBo \"\"B\"\"\";Dee\n03.03.2026;;\n";
        let cases = [
            ((1, 1), Some((1, 1))),
            ((1, 3), Some((1, 11))),
            ((2, 2), Some((2, 12))),
            ((2, 3), Some((2, 22))),
            // The cell before it goes on over the end of its line.
            ((4, 3), Some((5, 11))),
            ((6, 2), Some((6, 12))),
            ((6, 3), Some((6, 13))),
            ((6, 4), None),
            ((5, 1), None),
            ((9, 1), None),
        ];
        for ((line, column), expected) in cases {
            assert_eq!(
                place_in_text(text.as_bytes(), line, column),
                expected,
                "line {line}, column {column}"
            );
        }
        // Windows-1252, as Excel writes it.
        let old = b"Tag,Fr\xfch,Nacht\n";
        assert_eq!(place_in_text(old, 1, 3), Some((1, 10)));
    }
}

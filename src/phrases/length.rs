//! How long a text may be, and words of people that are put into one. It must not know languages.
//!
//! A text goes out in parts: 153 characters of the telephones' own alphabet each, or 67 units of UTF-16 as soon as there is
//! a single other character in it. Ten parts are the most: it is what networks carry reliably, and what somebody else has
//! to pay for.

const MOST_PARTS: usize = 10;
/// Septets in one of several parts, in the alphabet of GSM 03.38.
const SEPTETS: usize = 153;
/// Units of UTF-16 in one of several parts.
const UNITS: usize = 67;
/// Stands for what was cut away.
const CUT: &str = "...";

/// What a telephone writes with one septet, apart from letters and digits without accents.
const BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./:;<=>?¡ÄÖÑÜ§¿äöñüà";
/// What takes it two.
const EXTENDED: &str = "^{}\\[~]|€";

/// The text, or as much of its beginning as goes out as one.
#[must_use]
pub fn fitted(text: &str) -> String {
    let (cost, most): (fn(char) -> usize, usize) = if text.chars().all(|c| septets(c).is_some()) {
        (|c| septets(c).unwrap_or(2), MOST_PARTS * SEPTETS)
    } else {
        (char::len_utf16, MOST_PARTS * UNITS)
    };
    if text.chars().map(cost).sum::<usize>() <= most {
        return text.to_owned();
    }
    let room = most - CUT.len();
    let mut used = 0;
    let kept: String = text
        .chars()
        .take_while(|c| {
            used += cost(*c);
            used <= room
        })
        .collect();
    format!("{}{CUT}", kept.trim_end())
}

/// Words from outside as one line: no control characters, no marks that turn the direction of writing or hide something,
/// and at most so many characters.
#[must_use]
pub fn one_line(text: &str, most: usize) -> String {
    let visible = text.chars().map(|c| if is_hidden(c) { ' ' } else { c });
    // Whoever sends nothing but spaces is not read to the end.
    let visible: String = visible.take(most.saturating_mul(8)).collect();
    let words = visible.split_whitespace().collect::<Vec<_>>().join(" ");
    if words.chars().count() <= most {
        return words;
    }
    let kept: String = words.chars().take(most.saturating_sub(CUT.len())).collect();
    format!("{}{CUT}", kept.trim_end())
}

fn septets(c: char) -> Option<usize> {
    if c.is_ascii_alphanumeric() || BASIC.contains(c) {
        Some(1)
    } else {
        EXTENDED.contains(c).then_some(2)
    }
}

/// Control characters, marks of direction, and tags. What joins the parts of one emoji is none of them.
const fn is_hidden(c: char) -> bool {
    matches!(c, '\0'..='\x1f' | '\x7f'..='\u{9f}' | '\u{ad}' | '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffc}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand: 10 × 153 = 1530, less three for the dots; 10 × 67 = 670, less three, is 667, of which emoji take two each.
    #[test]
    fn ten_parts_are_the_most() {
        assert_eq!(fitted(&"a".repeat(1_530)), "a".repeat(1_530));
        assert_eq!(fitted(&"a".repeat(1_531)), format!("{}...", "a".repeat(1_527)));
        assert_eq!(fitted(&"€".repeat(766)), format!("{}...", "€".repeat(763)), "two septets each");
        assert_eq!(fitted(&"\u{1f600}".repeat(335)), "\u{1f600}".repeat(335));
        assert_eq!(fitted(&"\u{1f600}".repeat(1_600)), format!("{}...", "\u{1f600}".repeat(333)));
        let mostly_plain = format!("{}ж", "a".repeat(700));
        assert_eq!(
            fitted(&mostly_plain),
            format!("{}...", "a".repeat(667)),
            "one letter changes the alphabet of all"
        );
    }

    #[test]
    fn a_line_hides_nothing_and_ends() {
        assert_eq!(one_line(" a\r\n\tb \u{202e}c\0 ", 100), "a b c");
        assert_eq!(one_line("abcdef", 6), "abcdef");
        assert_eq!(one_line("abcdefg", 6), "abc...");
        assert_eq!(one_line(&format!("{}x", " ".repeat(10_000)), 100), "");
        assert_eq!(one_line("\u{1f469}\u{200d}\u{1f692}", 10), "\u{1f469}\u{200d}\u{1f692}");
    }
}

//! The last line of defence for phone numbers: whatever text goes out to eyes that are not signed in, a run of
//! digits that can be a phone number is shown masked, as [`super::Phone`] shows itself.

use super::{Phone, PhoneKind};

/// A shorter run can hardly be dialled.
const FEWEST_DIGITS: usize = 7;
/// The longest row number that a spreadsheet has (1048576); after a letter it belongs to a cell's address.
const MOST_ROW_DIGITS: usize = 7;

/// The text with every run of digits masked that can be a phone number; dates and cell addresses stay.
#[must_use]
pub fn masked(text: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    let mut shown = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(&character) = characters.get(at) {
        let length = run_length(&characters[at..]);
        if length == 0 {
            shown.push(character);
            at += 1;
            continue;
        }
        let run = &characters[at..at + length];
        let before = at.checked_sub(1).and_then(|i| characters.get(i)).copied();
        if is_number(run, before) {
            push_masked(&mut shown, run);
        } else {
            shown.extend(run);
        }
        at += length;
    }
    shown
}

/// Whether a text has this number in it, however it is written: with its country or without, with anything that people put
/// between digits.
#[must_use]
pub fn mentions(text: &str, number: &Phone) -> bool {
    let wanted = match number.kind() {
        PhoneKind::Telephone | PhoneKind::Extension => national(number),
        PhoneKind::Softphone | PhoneKind::Sip => return text.contains(number.address()),
    };
    // Most texts have nothing like it.
    if !digits(text.chars()).contains(&wanted) {
        return false;
    }
    let characters: Vec<char> = text.chars().collect();
    let mut at = 0;
    while at < characters.len() {
        let length = run_length(&characters[at..]);
        if digits(characters[at..at + length].iter().copied()).contains(&wanted) {
            return true;
        }
        at += length.max(1);
    }
    false
}

/// Its digits as they are dialled at home, without what is dialled before them.
fn national(number: &Phone) -> String {
    let parsed = phonenumber::parse(None, number.address()).ok();
    parsed.map_or_else(
        || digits(number.address().chars()),
        |parsed| digits(parsed.national().value().to_string().chars()),
    )
}

fn digits(characters: impl Iterator<Item = char>) -> String {
    characters.filter(char::is_ascii_digit).collect()
}

/// How many characters from here on are digits and what people put between the digits of a phone number.
fn run_length(rest: &[char]) -> usize {
    let begins = match rest {
        ['+' | '(', next, ..] => next.is_numeric() || *next == '(',
        [first, ..] => first.is_numeric(),
        [] => false,
    };
    if !begins {
        return 0;
    }
    let run = rest.iter().take_while(|c| c.is_numeric() || is_between(**c)).count();
    // What comes after the last digit belongs to the sentence.
    rest[..run].iter().rposition(|c| c.is_numeric()).map_or(0, |last| last + 1)
}

const fn is_between(character: char) -> bool {
    matches!(
        character,
        ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' | '-' | '\u{2010}' | '\u{2011}' | '\u{2013}' | '.' | '(' | ')' | '+'
    )
}

fn is_number(run: &[char], before: Option<char>) -> bool {
    let digits = run.iter().filter(|c| c.is_numeric()).count();
    if digits < FEWEST_DIGITS {
        return false;
    }
    let in_address = before.is_some_and(char::is_alphabetic) && digits <= MOST_ROW_DIGITS;
    !in_address && !is_date(run)
}

/// Dates as sheets have them: `2026-03-04 08`, `24.02.2026`, `20260304`.
fn is_date(run: &[char]) -> bool {
    let groups: Vec<String> = run
        .split(|c| !c.is_numeric())
        .filter(|group| !group.is_empty())
        .map(|group| group.iter().collect())
        .collect();
    let texts: Vec<&str> = groups.iter().map(String::as_str).collect();
    match texts.as_slice() {
        [year, month, day] | [year, month, day, _] if is_year(year) => is_small(month) && is_small(day),
        [day, month, year] | [day, month, year, _] if is_year(year) => is_small(month) && is_small(day),
        [compact] => {
            compact.len() == 8 && compact.is_ascii() && is_year(&compact[..4]) && is_small(&compact[4..6]) && is_small(&compact[6..])
        }
        _ => false,
    }
}

fn is_year(text: &str) -> bool {
    text.len() == 4 && (text.starts_with("19") || text.starts_with("20"))
}

fn is_small(text: &str) -> bool {
    text.parse::<u8>().is_ok_and(|number| (1..=31).contains(&number))
}

fn push_masked(shown: &mut String, run: &[char]) {
    shown.extend(run.iter().filter(|c| c.is_numeric() || **c == '+').take(3));
    shown.push('…');
    let digits: Vec<&char> = run.iter().filter(|c| c.is_numeric()).collect();
    shown.extend(digits.iter().skip(digits.len().saturating_sub(3)).copied());
}

#[cfg(test)]
mod tests {
    use super::{Phone, masked, mentions};

    #[test]
    fn a_number_is_found_however_it_is_written() {
        let number = Phone::from_e164("+61491570158").unwrap();
        for text in [
            "+61491570158",
            "{\"from\":\"+61491570158\"}",
            "call me on 0491 570 158, please",
            "(0491) 570-158",
            "0061 491 570 158",
            "at 61491570158 08:00",
        ] {
            assert!(mentions(text, &number), "{text}");
        }
        for text in ["", "+61491570157", "+61…158", "4915 and 70158", "491570"] {
            assert!(!mentions(text, &number), "{text}");
        }
        let desk = Phone::parse("client:desk").unwrap();
        assert!(mentions("rang client:desk", &desk) && !mentions("desk", &desk));
    }

    #[test]
    fn numbers_are_masked_however_people_write_them() {
        let cases = [
            ("+61491570156", "+61…156"),
            ("same number +44 7700 900123 for \"Ana\"", "same number +44…123 for \"Ana\""),
            ("\"(02) 5550 1234\" has no country.", "\"025…234\" has no country."),
            ("read as 447700900011.0", "read as 447…110"),
            ("0491-570-156 and 0491\u{a0}570\u{a0}110.", "049…156 and 049…110."),
            ("+1 (555) 010-9999, ext. 4", "+15…999, ext. 4"),
            ("١٢٣٤٥٦٧٨٩", "١٢٣…٧٨٩"),
        ];
        for (text, expected) in cases {
            assert_eq!(masked(text), expected);
        }
    }

    proptest::proptest! {
        /// Whatever stands in a sheet: no panic, and what is masked stays as it is.
        #[test]
        fn any_text_is_masked_once(text in "[ +().0-9٣a-zA-Z…-]{0,40}|.*") {
            let once = masked(&text);
            proptest::prop_assert_eq!(masked(&once), once);
        }
    }

    #[test]
    fn what_is_no_number_stays() {
        for text in [
            "Rota!A1048576: the rota ends Mon 30 Mar 08:00, in 6 days.",
            "\"24.02.2026\" and 2026-03-04 08:00 and 20260304",
            "\"03/04/2026\" can be 3 April or 4 March",
            "42120.0 is a bare date serial",
            "Dialling Ana on +61…156 ('March 2026'!D3).",
            "",
            "+",
            "(",
        ] {
            assert_eq!(masked(text), text);
        }
    }
}

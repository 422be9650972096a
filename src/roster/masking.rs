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
    // A number may go on in the next line, as JSON writes that or as it is.
    let text = ["\\n", "\\r", "\\t", "\n", "\r", "\t"]
        .iter()
        .fold(text.to_owned(), |text, end| text.replace(end, " "));
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
    characters.filter_map(latin).collect()
}

/// A digit as our numbers have it; those of other scripts stand for the same.
fn latin(character: char) -> Option<char> {
    const ZEROS: [char; 5] = ['0', '\u{660}', '\u{6f0}', '\u{966}', '\u{ff10}'];
    let values = ZEROS.iter().filter_map(|zero| u32::from(character).checked_sub(u32::from(*zero)));
    values.filter_map(|value| char::from_digit(value, 10)).next()
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

/// Blanks, dashes of all lengths, slashes, brackets, and what is not seen at all.
const fn is_between(character: char) -> bool {
    matches!(
        character,
        ' ' | '\u{a0}' | '\u{2000}'..='\u{200b}' | '\u{202f}' | '\u{2060}' | '\u{3000}' | '\u{ad}'
            | '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{ff0d}' | '/' | '\u{2044}' | '\u{ff0f}' | '.' | '\u{b7}' | '(' | ')' | '+'
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

/// Dates as sheets have them, one or several: `2026-03-04 08`, `24.02.2026`, `20260304`, `03/04/2026 - 05/04/2026`.
fn is_date(run: &[char]) -> bool {
    let groups: Vec<String> = run
        .split(|c| !c.is_numeric())
        .filter(|group| !group.is_empty())
        .map(|group| group.iter().collect())
        .collect();
    let mut rest: Vec<&str> = groups.iter().map(String::as_str).rev().collect();
    while !rest.is_empty() {
        let length = match rest.as_slice() {
            [.., day, month, year] if is_year(year) && is_small(month) && is_small(day) => 3,
            [.., year, month, day] if is_year(year) && is_small(month) && is_small(day) => 3,
            [.., compact] if is_compact(compact) => 1,
            _ => return false,
        };
        rest.truncate(rest.len() - length);
        // The hour of a time, if one follows.
        if rest.last().is_some_and(|hour| hour.len() < 3) && !begins_with_day(&rest) {
            rest.pop();
        }
    }
    true
}

/// Whether what follows is another date, whose first group is a day.
fn begins_with_day(rest: &[&str]) -> bool {
    matches!(rest, [.., year, month, day] if is_year(year) && is_small(month) && is_small(day))
}

fn is_compact(text: &str) -> bool {
    text.len() == 8 && text.is_ascii() && is_year(&text[..4]) && is_small(&text[4..6]) && is_small(&text[6..])
}

fn is_year(text: &str) -> bool {
    text.len() == 4 && (text.starts_with("19") || text.starts_with("20"))
}

fn is_small(text: &str) -> bool {
    text.parse::<u8>().is_ok_and(|number| (1..=31).contains(&number))
}

/// The first three characters and the last three digits, and never all but a few: four digits at least are left out.
fn push_masked(shown: &mut String, run: &[char]) {
    let digits: Vec<&char> = run.iter().filter(|c| c.is_numeric()).collect();
    let first = digits.len().saturating_sub(FEWEST_DIGITS).min(3);
    shown.extend(run.iter().filter(|c| c.is_numeric() || **c == '+').take(first));
    shown.push('…');
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
            "0491/570158",
            "0491 \u{2012} 570\u{200b}158",
            "{\"details\":\"0491\\n570 158\"}",
            "\u{ff10}\u{ff14}\u{ff19}\u{ff11}\u{ff15}\u{ff17}\u{ff10}\u{ff11}\u{ff15}\u{ff18}",
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
            ("١٢٣٤٥٦٧٨٩", "١٢…٧٨٩"),
            ("Pikett 0171/1234567, 030 / 901820", "Pikett 017…567, 03…820"),
            ("0491\u{2012}570\u{2212}156, 0491 570\n156", "049…156, …570\n156"),
            // Of a short one nothing but its end.
            ("ring 555 0123", "ring …123"),
            ("ring 5550 1234", "ring 5…234"),
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
            "from 03/04/2026 - 05/04/2026 00:00",
            "24.02.2026 08 - 26.02.2026 20, 2026-03-04/2026-03-11",
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

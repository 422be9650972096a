//! Text as people type it: folding for comparison, quoting for findings, and the words that mean nobody.
//! It must not know what a cell's text stands for.

use chrono::{NaiveDateTime, Timelike};
use providers::{Cell, Tab};
use std::borrow::Cow;
use std::fmt::Write as _;
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Quoted text is cut here (characters).
const QUOTED_AT_MOST: usize = 40;
/// More than this of one cell is never looked at (characters).
const READ_AT_MOST: usize = 1_000;

/// Words that say on purpose that nobody is on call.
const NOBODY: &[&str] = &[
    "nobody", "no one", "noone", "niemand", "keiner", "personne", "nadie", "nessuno", "ninguem",
];

/// Words that stand where nobody has been entered: no intention, so a finding.
const NOT_FILLED: &[&str] = &[
    "0",
    "x",
    "none",
    "na",
    "n a",
    "nil",
    "off",
    "d o",
    "no reg",
    "no shift",
    "no shifts",
    "vacant",
    "unfilled",
    "leer",
    "offen",
    "unbesetzt",
    "vacante",
    "sin asignar",
    "vide",
    "a pourvoir",
    "no cover",
    "not covered",
    "uncovered",
    "unassigned",
    "unallocated",
    "not assigned",
    "none available",
    "keine",
    "kein",
    "nicht besetzt",
    "aucun",
    "aucune",
    "neant",
    "ninguno",
    "ninguna",
    "sin cubrir",
    "scoperto",
    "无",
];

/// Words that announce that somebody will be entered.
const PENDING: &[&str] = &[
    "tba",
    "tbc",
    "tbd",
    "to be announced",
    "to be confirmed",
    "a definir",
    "por definir",
    "folgt",
    "t b a",
    "t b c",
    "t b d",
    "to follow",
    "to be decided",
    "to be arranged",
    "n n",
    "nn",
    "wird noch bekannt gegeben",
    "a confirmer",
    "a confirmar",
    "por confirmar",
    "da definire",
    "待定",
];

/// Words that stand for somebody without saying whom to ring, also with a letter or a number behind them.
const PLACEHOLDERS: &[&str] = &[
    "locum",
    "locums",
    "agency",
    "agency staff",
    "agency nurse",
    "agency doctor",
    "bank",
    "bank staff",
    "bank nurse",
    "temp",
    "relief",
    "external",
    "extern",
    "operador",
    "operator",
    "all",
    "all staff",
    "everyone",
    "everybody",
    "team",
    "staff",
    "group",
    "helpers",
    "volunteers",
    "somebody",
    "someone",
    "anyone",
    "who",
    "name",
    "person",
    "springer",
    "aushilfe",
    "leasing",
    "alle",
    "jemand",
    "gruppe",
    "tous",
    "equipe",
    "interim",
    "interimaire",
    "remplacant",
    "quelqu un",
    "quelquun",
    "todos",
    "equipo",
    "alguien",
    "suplente",
    "tutti",
    "squadra",
    "todas",
    "全体",
    "全员",
];

/// What a cell says when it does not name somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Absent {
    /// Nobody, on purpose.
    Nobody,
    /// Nothing, or a word that stands for nothing.
    Blank,
    /// Somebody who is still to be found: `TBA`.
    Pending,
}

/// Whether a cell's text says that nobody is entered, and how.
pub(crate) fn absent(text: &str) -> Option<Absent> {
    let folded = fold(text);
    if folded.is_empty() {
        let pending = text.contains('?');
        return Some(if pending { Absent::Pending } else { Absent::Blank });
    }
    let is_in = |words: &[&str]| words.contains(&folded.as_str());
    if is_in(NOBODY) {
        Some(Absent::Nobody)
    } else if is_in(PENDING) {
        Some(Absent::Pending)
    } else if is_in(NOT_FILLED) {
        Some(Absent::Blank)
    } else {
        None
    }
}

/// Whether a text stands for somebody and names nobody: `Locum`, `Agency`, `Team A`, `Operador 2`.
pub(crate) fn is_placeholder(text: &str) -> bool {
    let folded = fold(text);
    let behind = |rest: &str| {
        let rest = rest.trim_start();
        let letter = rest.chars().count() == 1 && rest.chars().all(char::is_alphabetic);
        rest.is_empty() || letter || (rest.len() <= 3 && rest.bytes().all(|b| b.is_ascii_digit()))
    };
    PLACEHOLDERS.iter().any(|word| {
        folded.strip_prefix(word).is_some_and(|rest| {
            (rest.is_empty() || rest.starts_with([' ', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9'])) && behind(rest)
        })
    })
}

/// Text for comparison: NFKC, lower case, no accents, no apostrophes, everything else that is neither letter nor
/// digit one space. `"  K.Laimine\u{a0}"` and `"k laimine"` fold to the same.
pub(crate) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut gap = false;
    let mut push = |c: char| {
        if c.is_alphanumeric() {
            if gap && !folded.is_empty() {
                folded.push(' ');
            }
            gap = false;
            folded.push(c);
        } else if !matches!(c, '\'' | '\u{2019}' | '\u{2bc}' | '`') {
            gap = true;
        }
    };
    if text.is_ascii() {
        // The same without the tables of Unicode: nearly every cell.
        text.chars().take(READ_AT_MOST).map(|c| c.to_ascii_lowercase()).for_each(push);
        return folded;
    }
    for c in text
        .nfkc()
        .take(READ_AT_MOST)
        .flat_map(char::to_lowercase)
        .nfd()
        .filter(|c| !is_combining_mark(*c))
    {
        match spelled_out(c) {
            Some(letters) => letters.chars().for_each(&mut push),
            None => push(c),
        }
    }
    folded
}

/// Letters that no decomposition takes apart.
const fn spelled_out(c: char) -> Option<&'static str> {
    match c {
        'ß' => Some("ss"),
        'æ' => Some("ae"),
        'œ' => Some("oe"),
        'ø' => Some("o"),
        'ł' => Some("l"),
        'đ' | 'ð' => Some("d"),
        'þ' => Some("th"),
        'ı' => Some("i"),
        _ => None,
    }
}

/// Text in its compatibility form, with plain spaces and without edges: `"８：00\u{a0}"` becomes `"8:00"`.
pub(crate) fn tidy(text: &str) -> String {
    let mut tidied = String::with_capacity(text.len());
    if text.is_ascii() && !text.contains(|c: char| c.is_ascii_control()) {
        return text.chars().take(READ_AT_MOST).collect::<String>().trim().to_owned();
    }
    let invisible = |c: &char| matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}');
    for c in text.chars().filter(|c| !invisible(c)).nfkc().take(READ_AT_MOST) {
        match c {
            '\n' | '\r' => tidied.push('\n'),
            '\u{2010}'..='\u{2015}' | '\u{2212}' => tidied.push('-'),
            c if c.is_whitespace() || c.is_control() => tidied.push(' '),
            c => tidied.push(c),
        }
    }
    tidied.trim().to_owned()
}

/// A cell's text in quotation marks, as an admin would recognise it: cut, control characters and edge spaces visible.
pub(crate) fn quote(text: &str) -> String {
    let cut = text.chars().count() > QUOTED_AT_MOST;
    let shown: String = text.chars().take(QUOTED_AT_MOST).collect();
    let inner = shown.trim();
    let start = shown.find(inner).unwrap_or(0);
    let mut quoted = String::from("\"");
    for (place, c) in shown.char_indices() {
        let at_edge = place < start || (!cut && place >= start + inner.len());
        match c {
            '\n' => quoted.push('⏎'),
            '\t' => quoted.push('⇥'),
            c if c.is_whitespace() && (at_edge || c != ' ') => quoted.push('␣'),
            c if c.is_control() => quoted.push('\u{fffd}'),
            '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' => {
                let _ = write!(quoted, "<{:04X}>", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    if cut {
        quoted.push('…');
    }
    quoted.push('"');
    quoted
}

/// `A and B`; of many the first few: `A, B, C, D and 3 more`.
pub(crate) fn listed(parts: &[String]) -> String {
    const NAMED: usize = 5;
    match parts {
        [front @ .., last] if !front.is_empty() && parts.len() <= NAMED => format!("{} and {last}", front.join(", ")),
        parts if parts.len() <= NAMED => parts.concat(),
        parts => format!("{} and {} more", parts[..NAMED].join(", "), parts.len() - NAMED),
    }
}

/// What a cell shows, as text.
pub(crate) fn shown(cell: &Cell) -> String {
    shown_text(cell).into_owned()
}

/// The same, borrowed where the cell is text.
pub(crate) fn shown_text(cell: &Cell) -> Cow<'_, str> {
    match cell {
        Cell::Empty => Cow::Borrowed(""),
        Cell::Text(text) | Cell::Error(text) => Cow::Borrowed(text),
        Cell::Number(number) => Cow::Owned(number.to_string()),
        Cell::DateTime(moment) => Cow::Owned(shown_moment(*moment)),
        Cell::Time(time) if time.second() == 0 => Cow::Owned(time.format("%H:%M").to_string()),
        Cell::Time(time) => Cow::Owned(time.format("%H:%M:%S").to_string()),
        Cell::Bool(yes) => Cow::Borrowed(if *yes { "TRUE" } else { "FALSE" }),
    }
}

/// What the sheet's program shows in a cell: what an admin recognises. To be quoted, not to be read.
pub(crate) fn shown_at(tab: &Tab, row: usize, column: usize) -> String {
    tab.formatted(row, column)
        .map_or_else(|| shown(tab.cell(row, column)), ToOwned::to_owned)
}

fn shown_moment(moment: NaiveDateTime) -> String {
    let with_time = moment.num_seconds_from_midnight() > 0;
    moment.format(if with_time { "%Y-%m-%d %H:%M" } else { "%Y-%m-%d" }).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding() {
        let cases = [
            ("  K.Laimine\u{a0}", "k laimine"),
            ("Müller-Lüdenscheidt", "muller ludenscheidt"),
            ("O\u{2019}Brien", "obrien"),
            ("ＡＢ１", "ab1"),
            ("Straße", "strasse"),
            ("Łukasz Ørsted", "lukasz orsted"),
            (" - ", ""),
        ];
        for (text, expected) in cases {
            assert_eq!(fold(text), expected, "{text:?}");
        }
    }

    #[test]
    fn quoting_shows_what_eyes_miss() {
        let cases = [
            ("Ana ", "\"Ana␣\""),
            ("\u{a0}Ana Diaz", "\"␣Ana Diaz\""),
            ("Ana\nBen", "\"Ana⏎Ben\""),
            ("Ana\u{a0}Diaz", "\"Ana␣Diaz\""),
            ("A\u{202e}B", "\"A<202E>B\""),
            ("A\u{7}B", "\"A\u{fffd}B\""),
            ("", "\"\""),
        ];
        for (text, expected) in cases {
            assert_eq!(quote(text), expected);
        }
        assert_eq!(quote(&"x".repeat(41)), format!("\"{}…\"", "x".repeat(40)));
        assert_eq!(quote(&"x".repeat(40)), format!("\"{}\"", "x".repeat(40)));
    }

    #[test]
    fn lists_are_cut() {
        let list = |count: u8| listed(&(b'A'..b'A' + count).map(|c| char::from(c).to_string()).collect::<Vec<_>>());
        let expected = [
            "",
            "A",
            "A and B",
            "A, B and C",
            "A, B, C and D",
            "A, B, C, D and E",
            "A, B, C, D, E and 1 more",
        ];
        for (count, expected) in (0..).zip(expected) {
            assert_eq!(list(count), expected);
        }
    }

    #[test]
    fn placeholders_name_nobody() {
        for word in [
            "Locum",
            "AGENCY",
            "Team A",
            "Team 12",
            "Operador",
            "Operador 2",
            "operador2",
            "All",
            "Agency nurse",
            "équipe B",
        ] {
            assert!(is_placeholder(word), "{word}");
        }
        for name in ["Allan", "Ana", "Team Lead", "Bank Holiday desk", "Staffan", "", "A", "Locum Ana"] {
            assert!(!is_placeholder(name), "{name}");
        }
    }

    #[test]
    fn nobody_blank_and_pending_are_three_things() {
        for word in ["nobody", " Nobody ", "NIEMAND", "personne", "nadie", "No-one"] {
            assert_eq!(absent(word), Some(Absent::Nobody), "{word}");
        }
        for word in ["", " ", "-", "—", "/", "0", "X", "None", "N/A", "OFF", "D/O", "no reg", "No shifts"] {
            assert_eq!(absent(word), Some(Absent::Blank), "{word}");
        }
        for word in ["TBA", "tbc", "T.B.D", "T.B.A.", "?", "??", "N.N.", "to be confirmed", "待定"] {
            assert_eq!(absent(word), Some(Absent::Pending), "{word}");
        }
        for name in ["Ana", "Nora Body", "Off Duty Phone", "Noone Smith"] {
            assert_eq!(absent(name), None, "{name}");
        }
    }
}

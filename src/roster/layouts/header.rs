//! What the words above a column say that the column holds, in English, French, German and Spanish
//! (with some Italian, Portuguese and Chinese). It must not know what the cells below hold.

mod phrases;

use crate::roster::cells::words::{fold, shown_text};
use crate::roster::layouts::header_words::{
    ALIAS, AT_A_PLACE, DAY, FAMILY_NAME, FIRST, FROM, GIVEN_NAME, IS_OFF, LAST_LEVEL, NOT_RUNG, NOTES, NUMBERED, PERSON, PHONE, SECOND,
    SECOND_PHONE, SHIFT, TAKES_OVER, TEAM, THIRD, TIME, UNTIL, WEEKDAY,
};
use phrases::Phrases;
use providers::{Cell, Tab};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// A header is looked for in this many rows from the top.
pub(crate) const HEADER_WITHIN: usize = 30;
/// Columns to the right of this one are not read.
pub(crate) const COLUMNS_AT_MOST: usize = 800;
/// A number above this is a day of the month, not a level.
const LEVELS_AT_MOST: u8 = 9;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Field {
    /// When a shift begins, or the date that it belongs to.
    From,
    /// When it ends.
    Until,
    /// `Day`: a date, a weekday or a shift; what stands beside it decides.
    Day,
    /// Days of the week.
    Weekday,
    /// A time of day or hours.
    Time,
    /// Names of people.
    Person,
    /// Given names only.
    GivenName,
    /// Family names only.
    FamilyName,
    /// The people of this level, from 1.
    Level(u8),
    /// The people of a level that comes after the numbered ones.
    LastLevel,
    /// The people of a part of the day.
    Shift,
    /// Phone numbers.
    Phone,
    /// Phone numbers that are not the first choice.
    SecondPhone,
    /// Other names of the same person.
    Alias,
    /// Which of several rotas a row belongs to.
    Team,
    /// People who must not be rung.
    NotRung,
    /// Words for people.
    Notes,
}

/// One column of a table.
#[derive(Clone, Debug)]
pub(crate) struct Column {
    /// Zero-based place in the tab.
    pub(crate) place: usize,
    /// The header as typed.
    pub(crate) text: String,
    /// The header folded, a camel hump taken for a space.
    pub(crate) words: String,
    /// What it holds, where the header says so.
    pub(crate) field: Option<Field>,
}

/// Whole headers, in the order in which they are tried.
const EXACT: &[(Field, &[&str])] = &[
    (Field::Day, DAY),
    (Field::Weekday, WEEKDAY),
    (Field::Time, TIME),
    (Field::From, FROM),
    (Field::Until, UNTIL),
    (Field::SecondPhone, SECOND_PHONE),
    (Field::Alias, ALIAS),
    (Field::GivenName, GIVEN_NAME),
    (Field::FamilyName, FAMILY_NAME),
    (Field::LastLevel, LAST_LEVEL),
    (Field::Level(1), FIRST),
    (Field::Level(2), SECOND),
    (Field::Level(3), THIRD),
    (Field::Shift, SHIFT),
    (Field::Person, PERSON),
    (Field::Phone, PHONE),
    (Field::NotRung, NOT_RUNG),
    (Field::Team, TEAM),
    (Field::Notes, NOTES),
];

/// Words that decide wherever they stand in a longer header, the first kind that is found.
const WITHIN: &[(Field, &[&str])] = &[
    (Field::SecondPhone, SECOND_PHONE),
    (Field::Phone, PHONE),
    (Field::Notes, NOTES),
    (Field::NotRung, NOT_RUNG),
    (Field::LastLevel, LAST_LEVEL),
    (Field::Level(1), FIRST),
    (Field::Level(2), SECOND),
    (Field::Level(3), THIRD),
    (Field::Shift, SHIFT),
    (Field::Alias, ALIAS),
    (Field::Person, PERSON),
];

static EXACTLY: LazyLock<Phrases> = LazyLock::new(|| Phrases::of(EXACT.iter().map(|(_, known)| *known)));
static SOMEWHERE: LazyLock<Phrases> = LazyLock::new(|| Phrases::of(WITHIN.iter().map(|(_, known)| *known)));

/// What a header says that its column holds.
pub(crate) fn field(words: &str) -> Option<Field> {
    if words.is_empty() {
        return None;
    }
    let exact = |words: &str| EXACTLY.exactly(words).map(|kind| EXACT[kind].0);
    exact(words)
        .or_else(|| numbered_level(words))
        .or_else(|| made_of(words, FROM).then_some(Field::From))
        .or_else(|| made_of(words, UNTIL).then_some(Field::Until))
        .or_else(|| SOMEWHERE.within(words).map(|kind| WITHIN[kind].0))
        .or_else(|| exact(words.trim_end_matches(|c: char| c.is_ascii_digit() || c == ' ')))
}

/// Whether a column of second phones says where they stand: at home, inside of a house.
pub(crate) fn is_of_a_place(words: &str) -> bool {
    AT_A_PLACE.iter().any(|place| words.contains(place))
}

/// Which of two people of a change a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Swap {
    /// Who takes over.
    In,
    /// Who is let off.
    Out,
}

/// What a header of a table of changes says, beside what [`field`] says of it.
pub(crate) fn swap(words: &str) -> Option<Swap> {
    let is_in = |known: &[&str]| known.contains(&words);
    if is_in(TAKES_OVER) {
        Some(Swap::In)
    } else if is_in(IS_OFF) {
        Some(Swap::Out)
    } else {
        None
    }
}

/// What a phone header is the phone of: `morning phone` gives `morning`, `phone` gives nothing.
pub(crate) fn phone_stem(words: &str) -> String {
    let kept = words
        .split(' ')
        .filter(|word| !PHONE.contains(word) && !matches!(*word, "no" | "nr" | "s" | "of"));
    kept.collect::<Vec<_>>().join(" ")
}

/// Whether the header of a column of dates says that each row is a week.
pub(crate) fn says_week(words: &str) -> bool {
    words.split(' ').any(|word| {
        matches!(
            word,
            "week" | "weeks" | "wc" | "wk" | "semaine" | "woche" | "kw" | "semana" | "settimana"
        )
    }) || matches!(words, "w c" | "w b")
}

/// Lower case without accents and punctuation; `MorningPhone` and `oncall_primary` fall into words; a bracket at the end is dropped.
pub(crate) fn words(text: &str) -> String {
    let text = text.trim();
    let text = match text.rfind(['(', '（']) {
        Some(open) if open > 0 && text.ends_with([')', '）']) => &text[..open],
        Some(_) | None => text,
    };
    let mut spread = String::with_capacity(text.len() + 4);
    let mut before = ' ';
    for c in text.chars().take(200) {
        if c.is_uppercase() && before.is_lowercase() {
            spread.push(' ');
        }
        spread.push(c);
        before = c;
    }
    let folded = fold(&spread);
    let is_known = |stem: &str| [SHIFT, FIRST, SECOND, THIRD].iter().any(|known| known.contains(&stem));
    match folded.strip_suffix("phone") {
        // `morningphone`
        Some(stem) if is_known(stem) => format!("{stem} phone"),
        Some(_) | None => folded,
    }
}

/// The columns below a row taken for a header; blank headers have no column.
pub(crate) fn columns(tab: &Tab, row: usize) -> Vec<Column> {
    columns_beside(tab, row, &mut Known::new())
}

/// What texts say as headers: a matrix has few different ones, and thousands of cells.
type Known<'t> = BTreeMap<Cow<'t, str>, (String, Option<Field>)>;

fn columns_beside<'t>(tab: &'t Tab, row: usize, known: &mut Known<'t>) -> Vec<Column> {
    let cells = tab.rows.get(row).map_or(&[] as &[Cell], Vec::as_slice);
    let headed = cells.iter().take(COLUMNS_AT_MOST).enumerate().filter(|(_, cell)| !cell.is_blank());
    headed
        .map(|(place, cell)| {
            let text = shown_text(cell);
            let (words, field) = match known.get(&*text) {
                Some(says) => says.clone(),
                None => {
                    let words = words(&text);
                    let field = field(&words);
                    known.insert(text.clone(), (words.clone(), field));
                    (words, field)
                }
            };
            let text = text.trim().to_owned();
            Column { place, text, words, field }
        })
        .collect()
}

/// The row among the first ones that `score` likes best (the higher of two that it likes equally), with its columns.
pub(crate) fn find(tab: &Tab, score: impl Fn(&[Column]) -> Option<usize>) -> Option<(usize, Vec<Column>)> {
    find_with_rows(tab, |_, columns| score(columns))
}

/// The same where what stands below a row counts too.
pub(crate) fn find_with_rows(tab: &Tab, score: impl Fn(usize, &[Column]) -> Option<usize>) -> Option<(usize, Vec<Column>)> {
    let mut best: Option<(usize, usize, Vec<Column>)> = None;
    let mut known = Known::new();
    for row in 0..tab.rows.len().min(HEADER_WITHIN) {
        let columns = columns_beside(tab, row, &mut known);
        let Some(points) = score(row, &columns) else { continue };
        if best.as_ref().is_none_or(|(most, _, _)| points > *most) {
            best = Some((points, row, columns));
        }
    }
    best.map(|(_, row, columns)| (row, columns))
}

/// How many columns a header names.
pub(crate) fn named(columns: &[Column]) -> usize {
    columns.iter().filter(|column| column.field.is_some()).count()
}

/// `1`, `1st` to `9th`, `L2`, `tier 3`, `person 2`, `on call 1`, `2 dienst`.
fn numbered_level(words: &str) -> Option<Field> {
    let level = |digits: &str| {
        digits
            .parse::<u8>()
            .ok()
            .filter(|n| (1..=LEVELS_AT_MOST).contains(n))
            .map(Field::Level)
    };
    let bare = words.strip_suffix("th").unwrap_or(words);
    if let Some(found) = level(bare) {
        return Some(found);
    }
    let before = words.trim_end_matches(|c: char| c.is_ascii_digit());
    if NUMBERED.contains(&before.trim_end()) {
        return level(&words[before.len()..]);
    }
    let after = words.trim_start_matches(|c: char| c.is_ascii_digit());
    if NUMBERED.contains(&after.trim_start()) {
        return level(&words[..words.len() - after.len()]);
    }
    None
}

/// Whether a header is made of several words of one kind only (`start date`, `week starting date`).
fn made_of(words: &str, known: &[&str]) -> bool {
    let neutral = |word: &str| {
        matches!(
            word,
            "date" | "day" | "time" | "datum" | "fecha" | "and" | "shift" | "de" | "du" | "of" | "monday"
        )
    };
    let all = words.split(' ').all(|word| neutral(word) || known.contains(&word));
    all && words.split(' ').any(|word| known.contains(&word) && !neutral(word))
}

#[cfg(test)]
mod tests;

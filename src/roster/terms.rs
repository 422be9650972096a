//! What the words of a rota stand for: shifts, codes in cells, roles in headers and in front of rows, each with its hours
//! and its place in the order. They come from settings, from a legend in the sheet, or from the words themselves.
//! It must not know cells' places or people.

use crate::roster::cells::times::DayHours;
use crate::roster::cells::words::fold;
use crate::roster::layouts::header::{self, Field};

/// More terms than these are not kept.
pub(super) const TERMS_AT_MOST: usize = 2_000;

/// When, and in which place, somebody is on call by a word.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Term {
    /// From 0; nothing where the word does not say it.
    pub(super) level: Option<Place>,
    /// Nothing where the word does not say it; several where hours differ by weekday.
    pub(super) when: Vec<DayHours>,
}

/// A place in the order of ringing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    /// From 0.
    Level(u16),
    /// After all others.
    Last,
}

/// What a word means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// Whoever has it is on call.
    Rings(Term),
    /// Whoever has it is never rung: a day off, leave, a shadow.
    Silent,
}

/// Every word that is known.
#[derive(Clone, Debug, Default)]
pub(super) struct Terms {
    named: Vec<Named>,
    /// The words of headers and labels in the order of ringing, folded, where a setting says it: then others are not rung.
    order: Vec<String>,
}

#[derive(Clone, Debug)]
struct Named {
    /// As typed, for codes that differ in case only.
    text: String,
    folded: String,
    /// As `header::words` makes it.
    words: String,
    meaning: Meaning,
}

impl Terms {
    /// Adds a word; of two for the same word the later one counts. `false` where there are too many.
    pub(super) fn add(&mut self, text: &str, meaning: Meaning) -> bool {
        if self.named.len() >= TERMS_AT_MOST {
            return false;
        }
        self.named.retain(|known| known.text != text);
        self.named.push(Named {
            text: text.to_owned(),
            folded: fold(text),
            words: header::words(text),
            meaning,
        });
        true
    }

    /// Sets the order of header words and labels; whoever is not named is not rung.
    pub(super) fn set_order(&mut self, words: &[String]) {
        self.order = words.iter().map(|text| header::words(text)).collect();
    }

    /// The words of headers in the order of ringing, folded; empty where no setting says it.
    pub(super) fn order(&self) -> &[String] {
        &self.order
    }

    /// What a code in a cell means: as typed, else with a pattern (`E*`), else in any case where that fits one meaning only.
    pub(super) fn code(&self, text: &str) -> Option<&Meaning> {
        let text = text.trim();
        if let Some(exact) = self.code_as_typed(text) {
            return Some(exact);
        }
        let folded = fold(text);
        let mut alike = self.named.iter().filter(|known| !folded.is_empty() && known.folded == folded);
        let first = alike.next()?;
        alike.all(|other| other.meaning == first.meaning).then_some(&first.meaning)
    }

    /// What a code means by a word or a pattern typed like it.
    pub(super) fn code_as_typed(&self, text: &str) -> Option<&Meaning> {
        let by = |fits: &dyn Fn(&Named) -> bool| self.named.iter().rev().find(|known| fits(known));
        let exact = by(&|known| known.text == text).or_else(|| by(&|known| fits_pattern(&known.text, text)));
        exact.map(|known| &known.meaning)
    }

    /// Whether a setting names exactly this header or label.
    pub(super) fn names(&self, text: &str) -> bool {
        let words = header::words(text);
        self.order.contains(&words) || self.named.iter().any(|known| known.words == words)
    }

    /// What a header or the label of a row means: by a setting for it, else by settings for words in it (`Shift: India 1` in
    /// `INDIA 1 PRIMARY`) and by the level that it names itself. Nothing where it names no level, no shift and no order.
    pub(super) fn label(&self, text: &str) -> Option<Meaning> {
        let words = header::words(text);
        if words.is_empty() {
            return None;
        }
        let place_in_order = self.order.iter().position(|known| *known == words);
        if !self.order.is_empty() && place_in_order.is_none() {
            return Some(Meaning::Silent);
        }
        let exact = self.named.iter().rev().find(|known| known.words == words);
        if let Some(Named {
            meaning: Meaning::Silent, ..
        }) = exact
        {
            return Some(Meaning::Silent);
        }
        let named = exact.or_else(|| self.longest_within(&words));
        let mut term = match named.map(|known| &known.meaning) {
            Some(Meaning::Rings(term)) => term.clone(),
            Some(Meaning::Silent) => return Some(Meaning::Silent),
            None => Term::default(),
        };
        let field = header::field(&words);
        if field == Some(Field::NotRung) && named.is_none() && place_in_order.is_none() {
            return Some(Meaning::Silent);
        }
        let by_word = field.and_then(Place::of);
        let by_order = place_in_order.and_then(|place| u16::try_from(place).ok()).map(Place::Level);
        term.level = by_order.or(term.level).or(by_word);
        if term.when.is_empty() {
            term.when.extend(hours_named(text));
        }
        (term != Term::default()).then_some(Meaning::Rings(term))
    }

    /// The word with the longest name among those that stand in these words.
    fn longest_within(&self, words: &str) -> Option<&Named> {
        let stands = |known: &&Named| !known.words.is_empty() && holds_words(words, &known.words);
        self.named.iter().filter(stands).max_by_key(|known| known.words.len())
    }
}

/// Whether a text fits a pattern in which `*` stands for any run of characters.
pub(super) fn fits_pattern(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| text.strip_prefix(first)) else {
        return false;
    };
    let Some(last) = parts.next_back() else { return rest.is_empty() };
    for part in parts {
        let Some(place) = rest.find(part) else { return false };
        rest = &rest[place + part.len()..];
    }
    rest.ends_with(last)
}

/// Hours that a header itself names: `Night 20:00-08:00`, `8am-4pm`; `On call 24/7` stays a level.
fn hours_named(text: &str) -> Option<DayHours> {
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let is_range = text[start..].contains(['-', '–', '—']) || text[start..].contains(" to ");
    if is_range { DayHours::within(text) } else { None }
}

/// Whether some words stand in others, as whole words.
fn holds_words(words: &str, part: &str) -> bool {
    let mut begins = std::iter::once(0).chain(words.match_indices(' ').map(|(space, _)| space + 1));
    begins.any(|at| {
        words[at..]
            .strip_prefix(part)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    })
}

impl Meaning {
    /// Reads the value of a setting: `1st, 18:00-08:00`, `second`, `20:00-08:00 Mon-Fri; 18:00-08:00 Sat, Sun`, `not rung`.
    pub(super) fn parse(value: &str) -> Option<Self> {
        let silent = [
            "not rung", "never", "ignore", "ignored", "silent", "off", "day off", "nobody", "leave", "no",
        ];
        if silent.contains(&fold(value).as_str()) {
            return Some(Self::Silent);
        }
        let mut term = Term::default();
        let mut rest = value.trim();
        let (first, others) = rest.split_once([',', ';']).unwrap_or((rest, ""));
        if let Some(place) = Place::parse(first) {
            term.level = Some(place);
            rest = others.trim();
        }
        for hours in rest.split(';').map(str::trim).filter(|part| !part.is_empty()) {
            term.when.push(DayHours::parse(hours)?);
        }
        (term != Term::default()).then_some(Self::Rings(term))
    }
}

impl Place {
    /// Reads `1st`, `second`, `Primary`, `tier 3`, `last`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let words = header::words(text);
        if matches!(words.as_str(), "last" | "final") {
            return Some(Self::Last);
        }
        Self::of(header::field(&words)?)
    }

    /// The place that a header of this kind names.
    pub(super) fn of(field: Field) -> Option<Self> {
        match field {
            Field::Level(level) => Some(Self::Level(u16::from(level.max(1)) - 1)),
            Field::LastLevel => Some(Self::Last),
            Field::From
            | Field::Until
            | Field::Day
            | Field::Weekday
            | Field::Time
            | Field::Person
            | Field::GivenName
            | Field::FamilyName
            | Field::Shift
            | Field::Phone
            | Field::SecondPhone
            | Field::Alias
            | Field::Team
            | Field::NotRung
            | Field::Notes => None,
        }
    }
}

#[cfg(test)]
mod tests;

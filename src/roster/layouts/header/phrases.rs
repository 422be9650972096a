//! Phrases of several kinds, looked up by their first words: a tab of a thousand columns asks for each of its headers, over
//! and over. It must not know what the kinds are.

use std::collections::BTreeMap;

/// Phrases of several kinds, an earlier kind before a later one.
pub(super) struct Phrases {
    /// By the first word: the number of the kind, and the whole phrase.
    spaced: BTreeMap<&'static str, Vec<(usize, &'static str)>>,
    /// The same in Chinese, which has no spaces between words.
    unspaced: Vec<(usize, &'static str)>,
}

impl Phrases {
    /// The phrases of these kinds.
    pub(super) fn of(kinds: impl Iterator<Item = &'static [&'static str]>) -> Self {
        let mut phrases = Self {
            spaced: BTreeMap::new(),
            unspaced: Vec::new(),
        };
        for (kind, known) in kinds.enumerate() {
            for phrase in known {
                if phrase.chars().all(is_chinese) {
                    phrases.unspaced.push((kind, phrase));
                } else {
                    phrases.spaced.entry(first_word(phrase)).or_default().push((kind, phrase));
                }
            }
        }
        phrases
    }

    /// The first kind that is the whole of a text.
    pub(super) fn exactly(&self, text: &str) -> Option<usize> {
        let spaced = self.spaced.get(first_word(text)).map_or(&[] as &[_], Vec::as_slice);
        let same = spaced.iter().chain(&self.unspaced).filter(|(_, phrase)| *phrase == text);
        same.map(|(kind, _)| *kind).min()
    }

    /// The first kind of which a phrase stands in a text as whole words.
    pub(super) fn within(&self, text: &str) -> Option<usize> {
        let starts = std::iter::once(0).chain(text.match_indices(' ').map(|(place, _)| place + 1));
        let spaced = starts.filter_map(|start| {
            let rest = &text[start..];
            let begins = self
                .spaced
                .get(first_word(rest))?
                .iter()
                .filter(|(_, phrase)| is_prefix(phrase, rest));
            begins.map(|(kind, _)| *kind).min()
        });
        let unspaced = if text.is_ascii() { &[] } else { self.unspaced.as_slice() };
        let unspaced = unspaced.iter().filter(|(_, phrase)| text.contains(phrase)).map(|(kind, _)| *kind);
        spaced.chain(unspaced).min()
    }
}

fn first_word(text: &str) -> &str {
    text.split_once(' ').map_or(text, |(first, _)| first)
}

/// Whether a text begins with the words of a phrase.
fn is_prefix(phrase: &str, text: &str) -> bool {
    text.strip_prefix(phrase)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
}

const fn is_chinese(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}')
}

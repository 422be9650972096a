//! Whom a name in the rota means: the ladder from the exact name down to a fragment that fits one contact only.
//! A name is never guessed; the nearest spelling is for a hint. It must not know cells.

use crate::roster::cells::words::{fold, is_placeholder, tidy};
use std::collections::{BTreeMap, BTreeSet};

/// Shorter than this a fragment says too little (characters).
const FRAGMENT_AT_LEAST: usize = 2;
/// A hint must be at least this near (Jaro-Winkler).
const NEAR: f64 = 0.8;

const TITLES: &[&str] = &[
    "dr",
    "mr",
    "mrs",
    "ms",
    "miss",
    "prof",
    "professor",
    "sir",
    "ir",
    "ing",
    "mag",
    "herr",
    "frau",
    "mme",
    "mlle",
    "monsieur",
    "madame",
    "m",
    "sr",
    "sra",
    "srta",
    "don",
    "dona",
    "ps",
    "pastor",
    "rev",
    "sister",
    "nurse",
    "capt",
    "cpt",
    "sgt",
    "lt",
    "dra",
    "dott",
    "dottssa",
    "lic",
    "eng",
    "hr",
    "fr",
];

/// What stands behind a name to say which rank is on duty. `Hiovin-Senior` is Hiovin, but never a Hiovin Junior.
const RANKS: &[&str] = &[
    "senior",
    "junior",
    "snr",
    "jnr",
    "jr",
    "registrar",
    "consultant",
    "sho",
    "trainee",
    "intern",
    "resident",
];

/// The least of a name that may stand for it when it is cut with a dot (characters).
const CUT_AT_LEAST: usize = 3;

/// What a name comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// This contact, by its number.
    One(usize),
    /// More than one fits.
    Several(Vec<usize>),
    /// Nobody of that name.
    Unknown,
}

/// The names of all contacts, ready to be looked up.
#[derive(Default)]
pub(crate) struct Names {
    exact: Index,
    alias: Index,
    /// Without title and bracket, `Surname, First` turned round.
    core: Index,
    fragment: Index,
    /// Names that hold a separator themselves, as written.
    joined: Index,
    spelled: Vec<(String, usize)>,
    /// Contacts whose name tells a rank.
    ranked: BTreeSet<usize>,
}

/// Contacts by a text.
#[derive(Default)]
struct Index(BTreeMap<String, Vec<usize>>);

impl Index {
    fn add(&mut self, text: String, contact: usize) {
        if text.is_empty() {
            return;
        }
        let contacts = self.0.entry(text).or_default();
        if !contacts.contains(&contact) {
            contacts.push(contact);
        }
    }

    fn get(&self, text: &str) -> Found {
        match self.0.get(text).map(Vec::as_slice) {
            None | Some([]) => Found::Unknown,
            Some([one]) => Found::One(*one),
            Some(several) => Found::Several(several.to_vec()),
        }
    }

    /// Those of every text that begins so.
    fn starting(&self, beginning: &str) -> Found {
        let mut contacts: Vec<usize> = Vec::new();
        let from = self.0.range(beginning.to_owned()..);
        for (_, found) in from.take_while(|(text, _)| text.starts_with(beginning)).take(1_000) {
            for contact in found {
                if !contacts.contains(contact) {
                    contacts.push(*contact);
                }
            }
            if contacts.len() > 5 {
                break;
            }
        }
        match contacts.as_slice() {
            [] => Found::Unknown,
            [one] => Found::One(*one),
            [_, _, ..] => Found::Several(contacts),
        }
    }
}

impl Found {
    fn or_else(self, next: impl FnOnce() -> Self) -> Self {
        match self {
            Self::Unknown => next(),
            Self::One(_) | Self::Several(_) => self,
        }
    }
}

impl Names {
    /// Adds a contact's name and its other names.
    pub(crate) fn add(&mut self, contact: usize, name: &str, aliases: &[String]) {
        self.exact.add(fold(name), contact);
        self.spelled.push((fold(name), contact));
        for alias in aliases {
            self.alias.add(fold(alias), contact);
            self.spelled.push((fold(alias), contact));
            // Of an e-mail address the name of the account.
            if let Some((account, _)) = alias.split_once('@') {
                self.alias.add(fold(account), contact);
            }
        }
        if fold(name).split(' ').any(|word| RANKS.contains(&word)) {
            self.ranked.insert(contact);
        }
        for text in std::iter::once(name).chain(aliases.iter().map(String::as_str)) {
            if has_separator(text) {
                self.joined.add(tidy(text).to_lowercase(), contact);
            }
        }
        let cores = [Some(core(name)), turned(name)];
        for core in cores.into_iter().flatten() {
            for fragment in fragments(&core) {
                self.fragment.add(fragment, contact);
            }
            self.core.add(core, contact);
        }
    }

    /// The whole ladder.
    pub(crate) fn find(&self, text: &str) -> Found {
        self.in_full(text)
            .or_else(|| {
                // `Agency` and `Team A` are nobody's name unless a contact is called so.
                if is_placeholder(text) {
                    Found::Unknown
                } else {
                    self.by_fragment(text)
                }
            })
            .or_else(|| self.without_rank(text))
    }

    /// A part of a name that fits one contact only.
    fn by_fragment(&self, text: &str) -> Found {
        let fragment = |text: &str| {
            if text.chars().count() < FRAGMENT_AT_LEAST {
                Found::Unknown
            } else {
                self.fragment.get(text)
            }
        };
        if let Some(cut) = cut_with_a_dot(text) {
            return self.fragment.starting(&cut);
        }
        fragment(&core(text)).or_else(|| turned(text).map_or(Found::Unknown, |turned| fragment(&turned)))
    }

    fn without_rank(&self, text: &str) -> Found {
        let core = core(text);
        let Some((name, rank)) = core.rsplit_once(' ') else {
            return Found::Unknown;
        };
        if !RANKS.contains(&rank) || is_placeholder(name) {
            return Found::Unknown;
        }
        match self.in_full(name).or_else(|| self.by_fragment(name)) {
            Found::One(contact) if self.ranked.contains(&contact) => Found::Unknown,
            found @ (Found::One(_) | Found::Several(_) | Found::Unknown) => found,
        }
    }

    /// The ladder without its last rung: no fragments.
    pub(crate) fn in_full(&self, text: &str) -> Found {
        let folded = fold(text);
        let core = core(text);
        self.exact
            .get(&folded)
            .or_else(|| self.alias.get(&folded))
            .or_else(|| self.exact.get(&core))
            .or_else(|| self.alias.get(&core))
            .or_else(|| self.core.get(&core))
            .or_else(|| turned(text).map_or(Found::Unknown, |turned| self.exact.get(&turned).or_else(|| self.core.get(&turned))))
    }

    /// A contact whose very name holds the separator: `R&D desk`.
    pub(crate) fn joined(&self, text: &str) -> Found {
        self.joined.get(&tidy(text).to_lowercase())
    }

    /// The contact spelled most like this, for a hint.
    pub(crate) fn nearest(&self, text: &str) -> Option<usize> {
        let wanted: String = fold(text).chars().take(60).collect();
        let scored = self
            .spelled
            .iter()
            .map(|(name, contact)| (strsim::jaro_winkler(name, &wanted), *contact));
        let best = scored.max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)))?;
        (best.0 >= NEAR).then_some(best.1)
    }
}

/// Whether a text holds what parts two people who are rung together.
pub(crate) fn has_separator(text: &str) -> bool {
    text.trim().contains(['/', '&', '\n'])
}

/// Folded, without a title before it and without what stands in brackets.
pub(crate) fn core(text: &str) -> String {
    let folded = fold(&without_brackets(text));
    let mut rest = folded.as_str();
    while let Some((first, others)) = rest.split_once(' ') {
        if !TITLES.contains(&first) {
            break;
        }
        rest = others;
    }
    rest.to_owned()
}

/// Without `(A320)`, `[Uro]`, `(continues from Sun night)`; a text that is nothing but a bracket stays.
fn without_brackets(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut depth = 0_usize;
    for c in text.chars() {
        match c {
            '(' | '[' | '（' => depth += 1,
            ')' | ']' | '）' if depth > 0 => {
                depth -= 1;
                kept.push(' ');
            }
            c if depth == 0 => kept.push(c),
            _ => {}
        }
    }
    if kept.trim().is_empty() || depth > 0 {
        text.trim().to_owned()
    } else {
        kept.trim().to_owned()
    }
}

/// `ROBER.`: one word of which the end was cut off.
fn cut_with_a_dot(text: &str) -> Option<String> {
    let text = text.trim().strip_suffix('.')?;
    let cut = fold(text);
    let is_word = !text.contains(|c: char| c.is_whitespace() || matches!(c, '.' | ',')) && !TITLES.contains(&cut.as_str());
    (is_word && cut.chars().count() >= CUT_AT_LEAST).then_some(cut)
}

/// `Surname, First` as `first surname`.
fn turned(text: &str) -> Option<String> {
    let text = without_brackets(text);
    let (surname, first) = text.split_once(',')?;
    let (surname, first) = (fold(surname), core(first));
    if surname.is_empty() || first.is_empty() || first.contains(',') {
        return None;
    }
    Some(format!("{first} {surname}"))
}

/// First name, surname, and either of them with the other's initial.
fn fragments(core: &str) -> Vec<String> {
    let words: Vec<&str> = core.split(' ').collect();
    let (Some(first), Some(last)) = (words.first(), words.last()) else {
        return Vec::new();
    };
    if words.len() < 2 {
        return Vec::new();
    }
    let surname = words[1..].join(" ");
    let initial = |word: &str| word.chars().next().map(String::from).unwrap_or_default();
    let mut fragments = vec![
        (*first).to_owned(),
        (*last).to_owned(),
        format!("{} {last}", initial(first)),
        format!("{last} {}", initial(first)),
        format!("{first} {}", initial(last)),
        format!("{first} {last}"),
    ];
    if words.len() > 2 {
        fragments.push(format!("{} {surname}", initial(first)));
        fragments.push(surname);
    }
    fragments.retain(|fragment| fragment.chars().count() >= FRAGMENT_AT_LEAST);
    fragments
}

#[cfg(test)]
mod tests;

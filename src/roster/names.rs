//! Whom a name in the rota means: the ladder from the exact name down to a fragment that fits one contact only.
//! A name is never guessed; the nearest spelling is for a hint. It must not know cells.

use super::words::{fold, tidy};
use std::collections::BTreeMap;

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
];

/// What a name comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// This contact, by its number.
    One(usize),
    /// More than one fits.
    Several(Vec<usize>),
    /// Nobody of that name.
    Unknown,
}

/// The names of all contacts, ready to be looked up.
#[derive(Default)]
pub(super) struct Names {
    exact: Index,
    alias: Index,
    /// Without title and bracket, `Surname, First` turned round.
    core: Index,
    fragment: Index,
    /// Names that hold a separator themselves, as written.
    joined: Index,
    spelled: Vec<(String, usize)>,
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
    pub(super) fn add(&mut self, contact: usize, name: &str, aliases: &[String]) {
        self.exact.add(fold(name), contact);
        self.spelled.push((fold(name), contact));
        for alias in aliases {
            self.alias.add(fold(alias), contact);
            self.spelled.push((fold(alias), contact));
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
    pub(super) fn find(&self, text: &str) -> Found {
        self.in_full(text).or_else(|| {
            let by_fragment = |text: &str| {
                if text.chars().count() < FRAGMENT_AT_LEAST {
                    Found::Unknown
                } else {
                    self.fragment.get(text)
                }
            };
            by_fragment(&core(text)).or_else(|| turned(text).map_or(Found::Unknown, |turned| by_fragment(&turned)))
        })
    }

    /// The ladder without its last rung: no fragments.
    pub(super) fn in_full(&self, text: &str) -> Found {
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
    pub(super) fn joined(&self, text: &str) -> Found {
        self.joined.get(&tidy(text).to_lowercase())
    }

    /// The contact spelled most like this, for a hint.
    pub(super) fn nearest(&self, text: &str) -> Option<usize> {
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
pub(super) fn has_separator(text: &str) -> bool {
    text.trim().contains(['/', '&', '\n'])
}

/// Folded, without a title before it and one bracket after it.
fn core(text: &str) -> String {
    let folded = fold(without_bracket(text));
    let mut rest = folded.as_str();
    while let Some((first, others)) = rest.split_once(' ') {
        if !TITLES.contains(&first) {
            break;
        }
        rest = others;
    }
    rest.to_owned()
}

fn without_bracket(text: &str) -> &str {
    let text = text.trim();
    let open = match text.chars().last() {
        Some(')') => '(',
        Some(']') => '[',
        Some(_) | None => return text,
    };
    match text.rfind(open) {
        Some(place) if place > 0 => text[..place].trim_end(),
        Some(_) | None => text,
    }
}

/// `Surname, First` as `first surname`.
fn turned(text: &str) -> Option<String> {
    let (surname, first) = without_bracket(text).split_once(',')?;
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
mod tests {
    use super::*;

    fn names() -> Names {
        let mut names = Names::default();
        let contacts: &[(&str, &[&str])] = &[
            ("Priya Nair", &["PN"]),
            ("Tom Okafor", &["TO", "Tommy"]),
            ("Dr Wei Zhang", &["WZ"]),
            ("Ed Stone", &[]),
            ("Ed Winter", &[]),
            ("Singh, Preet (DBA)", &[]),
            ("Lab duty phone", &[]),
            ("Renée van der Berg", &[]),
            ("R&D desk", &[]),
            ("Jo Rossi", &["ED"]),
        ];
        for (index, (name, aliases)) in contacts.iter().enumerate() {
            let aliases: Vec<String> = aliases.iter().map(|alias| (*alias).to_owned()).collect();
            names.add(index, name, &aliases);
        }
        names
    }

    #[test]
    fn the_ladder() {
        let names = names();
        let cases = [
            ("Priya Nair", Found::One(0)),
            ("  priya\u{a0} NAIR ", Found::One(0)),
            ("PN", Found::One(0)),
            ("tommy", Found::One(1)),
            ("Wei Zhang", Found::One(2)),
            ("Prof. Wei Zhang (on site)", Found::One(2)),
            ("Nair, Priya", Found::One(0)),
            ("Okafor, Mr Tom", Found::One(1)),
            ("Preet Singh", Found::One(5)),
            ("Singh, Preet", Found::One(5)),
            ("Renee van der Berg", Found::One(7)),
            // Fragments that fit one contact only.
            ("Priya", Found::One(0)),
            ("Okafor", Found::One(1)),
            ("T. Okafor", Found::One(1)),
            ("T.Okafor", Found::One(1)),
            ("Okafor T", Found::One(1)),
            ("Tom O", Found::One(1)),
            ("van der Berg", Found::One(7)),
            ("Zhang, W", Found::One(2)),
            ("E Stone", Found::One(3)),
            // An alias comes before a fragment.
            ("Ed", Found::One(9)),
            ("J Smth", Found::Unknown),
            ("P", Found::Unknown),
            ("Dr", Found::Unknown),
            ("", Found::Unknown),
            ("Priya Okafor", Found::Unknown),
        ];
        for (text, expected) in cases {
            assert_eq!(names.find(text), expected, "{text}");
        }
        let mut without_alias = Names::default();
        without_alias.add(0, "Ed Stone", &[]);
        without_alias.add(1, "Ed Winter", &[]);
        assert_eq!(without_alias.find("Ed"), Found::Several(vec![0, 1]));
        assert_eq!(names.joined("R&D Desk"), Found::One(8));
        assert_eq!(names.joined("Priya/Tom"), Found::Unknown);
    }

    #[test]
    fn a_hint_is_near_or_none() {
        assert_eq!(names().nearest("Pria Nair"), Some(0));
        assert_eq!(names().nearest("Xavier Quux"), None);
    }
}

//! What is wrong with a configuration: collected, sorted and put into words. Knows lines and keys, not their meaning.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fmt;
use std::ops::Range;

/// A value is quoted up to this many characters.
const LONGEST_QUOTE: usize = 60;

/// Everything that is wrong with one configuration. `Display` is the text for the operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigFaults {
    /// The file as the operator named it.
    pub file: String,
    /// In the order of the file; never empty.
    pub faults: Vec<Fault>,
}

/// One fault.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// The line in the file, from 1, where the fault has one.
    pub line: Option<usize>,
    /// The key with its path (`hotline.lab.rounds`), or the variable of the environment; empty for the file as a whole.
    pub key: String,
    /// What was seen. Never a secret.
    pub seen: String,
    /// What is allowed, or what to do.
    pub remedy: String,
}

impl ConfigFaults {
    pub(super) fn new(file: &str, faults: Vec<Fault>) -> Self {
        Self {
            file: file.to_owned(),
            faults,
        }
    }

    /// The file as a whole cannot be used.
    pub(super) fn of_file(file: &str, seen: String, remedy: String) -> Self {
        Self::new(
            file,
            vec![Fault {
                line: None,
                key: String::new(),
                seen,
                remedy,
            }],
        )
    }
}

impl std::error::Error for ConfigFaults {}

impl fmt::Display for ConfigFaults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.faults.len();
        write!(f, "{}: {count} {}", self.file, if count == 1 { "fault" } else { "faults" })?;
        for fault in &self.faults {
            write!(f, "\n  {fault}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(f, "line {line}: ")?;
        }
        if !self.key.is_empty() {
            write!(f, "{}: ", self.key)?;
        }
        let end = if self.remedy.ends_with('?') { "" } else { "." };
        write!(f, "{}. {}{end}", self.seen, self.remedy)
    }
}

/// Where the readers of the sections put the faults that they find.
pub(super) struct Sink<'t> {
    text: &'t str,
    found: RefCell<Vec<Fault>>,
    warnings: RefCell<Vec<Fault>>,
    syntax: Vec<Fault>,
    /// Where the syntax is wrong a value may have been made up by the parser.
    doubtful_lines: BTreeSet<usize>,
    /// A broken header puts the keys below it into the wrong section.
    sections_are_doubtful: bool,
}

impl<'t> Sink<'t> {
    pub(super) fn new(text: &'t str, syntax: &[toml::de::Error]) -> Self {
        let mut sink = Self {
            text,
            found: RefCell::default(),
            warnings: RefCell::default(),
            syntax: Vec::new(),
            doubtful_lines: BTreeSet::new(),
            sections_are_doubtful: false,
        };
        for error in syntax {
            let line = error.span().map(|span| sink.line_of(&span));
            let words = line.and_then(|line| text.lines().nth(line - 1)).unwrap_or_default();
            sink.sections_are_doubtful |= line.is_none() || words.trim_start().starts_with('[');
            // One broken line can offend several rules of the grammar; the first says enough.
            if line.is_none_or(|line| sink.doubtful_lines.insert(line)) {
                sink.syntax.push(Fault {
                    line,
                    key: String::new(),
                    seen: format!("not TOML: {}", error.message()),
                    remedy: "Text stands in quotes; a key, \"=\" and its value stand on one line".to_owned(),
                });
            }
        }
        sink
    }

    pub(super) fn line_of(&self, span: &Range<usize>) -> usize {
        let before = self.text.as_bytes().get(..span.start).unwrap_or(self.text.as_bytes());
        1 + before.iter().filter(|byte| **byte == b'\n').count()
    }

    pub(super) fn add(&self, line: Option<usize>, key: String, seen: String, remedy: &str) {
        self.push(Fault {
            line,
            key,
            seen,
            remedy: remedy.to_owned(),
        });
    }

    pub(super) fn push(&self, fault: Fault) {
        self.found.borrow_mut().push(fault);
    }

    /// What works and should not stay so.
    pub(super) fn warn(&self, fault: Fault) {
        self.warnings.borrow_mut().push(fault);
    }

    /// The warnings so far, which are taken away.
    pub(super) fn take_warnings(&self) -> Vec<Fault> {
        self.warnings.take()
    }

    /// As [`Sink::add`], for what is not there: in a broken document that may be the parser's doing.
    pub(super) fn add_missing(&self, line: Option<usize>, key: String, remedy: &str) {
        if self.syntax.is_empty() {
            self.add(line, key, "missing".to_owned(), remedy);
        }
    }

    /// The faults by line, those without a line at the end.
    pub(super) fn into_faults(self) -> Vec<Fault> {
        let mut faults = self.syntax;
        let doubtful = self.doubtful_lines;
        if !self.sections_are_doubtful {
            let found = self.found.into_inner();
            faults.extend(
                found
                    .into_iter()
                    .filter(|fault| fault.line.is_none_or(|line| !doubtful.contains(&line))),
            );
        }
        faults.sort_by_key(|fault| (fault.line.is_none(), fault.line));
        faults
    }
}

/// The text in quotes, cut when it is long. Of an address with a user and a password in it these are left out.
pub(super) fn quoted(text: &str) -> String {
    if let (Some((scheme, _)), Some((_, host))) = (text.split_once("://"), text.rsplit_once('@')) {
        return quoted(&format!("{scheme}://…{host}"));
    }
    let mut shown: String = text.chars().take(LONGEST_QUOTE).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    format!("{shown:?}")
}

/// The word of `known` that `word` was probably meant to be.
pub(super) fn nearest<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    const ALIKE: f64 = 0.6;
    let word = word.to_lowercase();
    known
        .into_iter()
        .map(|candidate| (strsim::normalized_damerau_levenshtein(&word, &candidate.to_lowercase()), candidate))
        .filter(|(alike, _)| *alike >= ALIKE)
        .max_by(|one, other| one.0.total_cmp(&other.0))
        .map(|(_, candidate)| candidate)
}

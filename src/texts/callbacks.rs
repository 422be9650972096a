//! Callbacks by text: which are open, to make one, that one is done, that it is not after all.
//!
//! What hinders a callback from being made is found out elsewhere. It must not know how anybody is rung.

use super::wish::Work;
use super::{LONGEST_ANSWER, Outcome};
use crate::phrases::{Hindrance, Language, Phrase};
use crate::roster::{Phone, masked};
use chrono::{DateTime, Utc};

/// More are counted, and not listed.
const LISTED_AT_MOST: usize = 10;
/// A longer name is cut.
const LONGEST_NAME: usize = 40;

/// A callback that is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenCallback {
    /// Its number among the hotline's.
    pub id: u32,
    /// Where the caller is to be called.
    pub number: Phone,
    /// When he asked for it.
    pub asked_at: DateTime<Utc>,
    /// Who is calling back just now, if anybody is.
    pub calling: Option<String>,
    /// Why the sender cannot make it now; none where he can.
    pub hindrance: Option<Hindrance>,
}

/// What is to become of a callback.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Working {
    /// The sender is rung, then the caller.
    Ring(u32),
    /// It is done.
    Done(u32),
    /// It is open again.
    Open(u32),
}

/// What there is to work off.
#[derive(Clone, Copy, Debug)]
pub(super) struct List<'a> {
    pub(super) language: Language,
    pub(super) open: &'a [OpenCallback],
    /// Closed lately, the latest last.
    pub(super) closed: &'a [u32],
    pub(super) now: DateTime<Utc>,
}

impl List<'_> {
    pub(super) fn take(&self, work: Work) -> Outcome {
        match work {
            Work::List => self.only(&self.listed()),
            Work::Call(id) => self.with_open(id, |callback| self.call(callback)),
            Work::Done(id) => self.with_open(id, |callback| {
                self.working(Working::Done(callback.id), Phrase::TextCallbackDone(callback.id))
            }),
            Work::Open(id) => self.open_again(id),
        }
    }

    fn call(&self, callback: &OpenCallback) -> Outcome {
        let id = callback.id;
        match &callback.hindrance {
            Some(why) => self.only(&self.language.say(Phrase::TextNotRung { id, why })),
            None => self.working(Working::Ring(id), Phrase::TextRingingBack(id)),
        }
    }

    fn open_again(&self, id: Option<u32>) -> Outcome {
        let Some(id) = id.or_else(|| self.closed.last().copied()) else {
            return self.only(&self.listed());
        };
        if self.closed.contains(&id) {
            return self.working(Working::Open(id), Phrase::TextCallbackOpen(id));
        }
        self.only(&self.language.say(Phrase::TextNotOpened(id)))
    }

    /// The one that is meant: by its number, or the only one that there is.
    fn with_open(&self, id: Option<u32>, then: impl FnOnce(&OpenCallback) -> Outcome) -> Outcome {
        match (id, self.open) {
            (Some(id), open) => match open.iter().find(|callback| callback.id == id) {
                Some(callback) => then(callback),
                None => self.only(&self.language.say(Phrase::TextNoSuchCallback(id))),
            },
            (None, [only]) => then(only),
            (None, _) => self.only(&self.listed()),
        }
    }

    fn listed(&self) -> String {
        let Some(first) = self.open.first() else {
            return self.language.say(Phrase::TextNoCallbacks);
        };
        let listed: Vec<String> = self.open.iter().take(LISTED_AT_MOST).map(|callback| self.line(callback)).collect();
        self.language.say(Phrase::TextCallbacks {
            list: &listed.join("; "),
            more: self.open.len().saturating_sub(LISTED_AT_MOST),
            example: first.id,
        })
    }

    fn line(&self, callback: &OpenCallback) -> String {
        let calling = callback.calling.as_deref().map(masked);
        let calling: Option<String> = calling.map(|name| name.chars().take(LONGEST_NAME).collect());
        self.language.say(Phrase::TextCallback {
            id: callback.id,
            number: &callback.number,
            minutes: (self.now - callback.asked_at).num_minutes().max(0),
            calling: calling.as_deref(),
        })
    }

    fn only(&self, words: &str) -> Outcome {
        Outcome {
            answer: Some(words.chars().take(LONGEST_ANSWER).collect()),
            ..Outcome::default()
        }
    }

    fn working(&self, working: Working, words: Phrase<'_>) -> Outcome {
        Outcome {
            working: Some(working),
            ..self.only(&self.language.say(words))
        }
    }
}

//! Texts to a hotline: what somebody wants with a few words, what comes of it, and what is answered.
//!
//! A pure room: the present instant and all that is known are arguments. It knows people and words; it must not know
//! calls, the carrier, nor where anything is kept. Whoever is answered too often is not answered at all: two machines
//! must not text each other in circles.

mod answers;
mod callbacks;
mod span;
#[cfg(test)]
mod tests;
mod wish;

use crate::phrases::{Language, Phrase};
use crate::roster::wall_clock::Zone;
use crate::roster::{PhoneNumber, Responder, Roster};
use answers::Answers;
use callbacks::List;
pub use callbacks::{OpenCallback, Working};
use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use span::Span;
use std::collections::BTreeMap;
use wish::Wish;

/// So many texts of one sender are answered within an hour.
const ANSWERS_AN_HOUR: u32 = 3;
/// So many texts of unknown senders are answered by one hotline within an hour.
const STRANGERS_AN_HOUR: u32 = 30;
/// Somebody who does not say until when is away for so long at most.
const UNTIL_BACK: TimeDelta = TimeDelta::hours(24);
/// So many texts of one sender about callbacks are answered: a night may have brought many.
const ANSWERS_TO_WORK: u32 = 30;
/// A longer answer is cut: one message has at most 1600 characters.
const LONGEST_ANSWER: usize = 1_500;

/// A hotline, as it answers texts.
#[derive(Clone, Copy, Debug)]
pub struct Line<'a> {
    /// Its name.
    pub hotline: &'a str,
    /// The number that the text went to.
    pub number: &'a PhoneNumber,
    /// In which language it answers.
    pub language: Language,
    /// The rota in use; none where none has been read.
    pub roster: Option<&'a Roster>,
    /// Who is rung when nobody accepts.
    pub last_resort: Option<&'a Responder>,
}

/// What is known when a text comes in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// Who is away.
    pub away: BTreeMap<PhoneNumber, Absent>,
    /// How many texts of this sender were answered within the last hour.
    pub answered_lately: u32,
    /// Whether this hotline has answered this sender within the last day.
    pub answered_today: bool,
    /// How many texts of unknown senders this hotline has answered within the last hour.
    pub strangers_lately: u32,
    /// The hotline's open callbacks, the oldest first.
    pub callbacks: Vec<OpenCallback>,
    /// The numbers of those that were closed lately, the latest last.
    pub closed: Vec<u32>,
}

/// Somebody who is away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Absent {
    /// Until when; none where nobody has said it.
    pub until: Option<DateTime<Utc>>,
    /// The cell, where it is the sheet that says so.
    pub cell: Option<String>,
}

/// What comes of a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// What the sender has told of himself.
    pub told: Option<Told>,
    /// What is to become of a callback.
    pub working: Option<Working>,
    /// What he reads; none, nothing.
    pub answer: Option<String>,
}

/// What somebody has told of himself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// He is away.
    Away {
        /// Until when.
        until: DateTime<Utc>,
        /// The same as the clocks show it where the rota is kept.
        shown: String,
    },
    /// He is not.
    Back,
}

impl Line<'_> {
    /// Whether the rota in use knows this number.
    #[must_use]
    pub fn knows(&self, sender: &PhoneNumber) -> bool {
        self.who(sender).is_some()
    }

    /// Whom the rota in use knows by this number.
    #[must_use]
    pub fn who(&self, sender: &PhoneNumber) -> Option<&Responder> {
        let contacts = self.roster.iter().flat_map(|roster| &roster.contacts).map(AsRef::as_ref);
        contacts.chain(self.last_resort).find(|who| who.phone == *sender)
    }

    /// What comes of a text. What a known sender tells counts even where he is not answered any more.
    #[must_use]
    pub fn take(&self, sender: &PhoneNumber, body: &str, known: &Known, now: DateTime<Utc>) -> Outcome {
        if wish::is_the_carriers(body) {
            return Outcome::default();
        }
        let may_answer = known.answered_lately < ANSWERS_AN_HOUR;
        let Some(roster) = self.roster.filter(|_| self.knows(sender)) else {
            let answers = may_answer && !known.answered_today && known.strangers_lately < STRANGERS_AN_HOUR;
            let answer = answers.then(|| self.language.say(Phrase::TextNotRead(self.number)));
            return Outcome {
                answer,
                ..Outcome::default()
            };
        };
        let wish = wish::read(body);
        let mut outcome = self.wished(roster, sender, wish, known, now);
        if let Wish::Callbacks(_) = wish {
            outcome.answer = outcome.answer.filter(|_| known.answered_lately < ANSWERS_TO_WORK);
        } else if !may_answer {
            outcome.answer = None;
        } else if known.answered_lately + 1 == ANSWERS_AN_HOUR {
            outcome.answer = outcome
                .answer
                .map(|answer| format!("{answer} {}", self.language.say(Phrase::TextLastAnswer)));
        }
        outcome
    }

    const fn list<'a>(&self, known: &'a Known, now: DateTime<Utc>) -> List<'a> {
        List {
            language: self.language,
            open: known.callbacks.as_slice(),
            closed: known.closed.as_slice(),
            now,
        }
    }

    fn wished(&self, roster: &Roster, sender: &PhoneNumber, wish: Wish, known: &Known, now: DateTime<Utc>) -> Outcome {
        let zone = Zone::new(roster.time_zone);
        let answers = Answers {
            line: self,
            roster,
            zone: &zone,
            away: &known.away,
            now,
        };
        let only = |words: String| Outcome {
            answer: Some(words.chars().take(LONGEST_ANSWER).collect()),
            ..Outcome::default()
        };
        match wish {
            Wish::Away(span) => match span.until(&zone, now) {
                Some(until) => {
                    let told = Told::Away {
                        until,
                        shown: shown_in_full(zone.to_local(until)),
                    };
                    Outcome {
                        told: Some(told),
                        ..only(answers.away(sender, until, span == Span::UntilBack))
                    }
                }
                None => only(self.language.say(Phrase::TextTooLong)),
            },
            Wish::AwayUnclear => only(self.language.say(Phrase::TextUnclear)),
            Wish::Back => Outcome {
                told: Some(Told::Back),
                ..only(answers.back(sender))
            },
            Wish::Status => only(answers.status(sender)),
            Wish::Who => only(answers.who()),
            Wish::Callbacks(work) => self.list(known, now).take(work),
            Wish::Help => only(self.language.say(Phrase::TextHelp(self.hotline))),
        }
    }
}

fn shown_in_full(wall: NaiveDateTime) -> String {
    wall.format("%Y-%m-%d %H:%M").to_string()
}

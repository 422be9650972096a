//! Texts to a hotline: what somebody wants with a few words, what comes of it, and what is answered.
//!
//! What a text means, in this order: what is the carrier's (STOP, START) means nothing here; a command of somebody whom the
//! rota knows is one; whoever talked with somebody a while ago has his text passed on to that one; everybody else whom the
//! rota knows is told what he can text; a stranger's text rings, or is answered with the number to call.
//!
//! A pure room: the present instant and all that is known are arguments. It knows people and words; it must not know
//! calls, the carrier, nor where anything is kept. Whoever is answered too often is not answered at all, and no more than so
//! many texts are passed on: two machines must not text each other in circles.

mod answers;
mod callbacks;
mod relay;
mod span;
mod strangers;
#[cfg(test)]
mod tests;
mod wish;

use crate::phrases::{Language, Phrase};
use crate::roster::wall_clock::Zone;
use crate::roster::{Phone, Responder, Roster};
use answers::Answers;
use callbacks::List;
pub use callbacks::{OpenCallback, Working};
use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
pub use relay::Relay;
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
    pub number: &'a Phone,
    /// In which language it answers.
    pub language: Language,
    /// The rota in use; none where none has been read.
    pub roster: Option<&'a Roster>,
    /// Who is rung when nobody accepts.
    pub last_resort: Option<&'a Responder>,
    /// How many texts of strangers ring within an hour; none, texts ring nobody.
    pub rings: Option<u32>,
}

/// A text.
#[derive(Clone, Copy, Debug)]
pub struct Said<'a> {
    /// Who sent it.
    pub sender: &'a Phone,
    /// Whether the hotline turns him away.
    pub is_blocked: bool,
    /// What it says.
    pub body: &'a str,
    /// Whether there were pictures with it.
    pub has_pictures: bool,
}

/// What is known when a text comes in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// Who is away.
    pub away: BTreeMap<Phone, Absent>,
    /// How many texts of this sender were answered within the last hour.
    pub answered_lately: u32,
    /// Whether this hotline has answered this sender within the last day.
    pub answered_today: bool,
    /// How many texts of unknown senders this hotline has answered within the last hour.
    pub strangers_lately: u32,
    /// With whom he can exchange texts, the newest talk first.
    pub relays: Vec<Relay>,
    /// How many of his texts were passed on within the last hour.
    pub passed_on_lately: u32,
    /// Whether he was told within the last hour that a text was not taken.
    pub refused_lately: bool,
    /// Whether phones ring for a text of his.
    pub is_ringing: bool,
    /// For how many of his texts phones began to ring within the last hour.
    pub rang_lately: u32,
    /// Within the last day.
    pub rang_today: u32,
    /// For how many texts of anybody to this hotline, within the last hour.
    pub all_rang_lately: u32,
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
    /// What becomes of it beyond that.
    pub course: Course,
}

/// What becomes of a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Course {
    /// Nothing beyond the answer.
    #[default]
    Answered,
    /// It was meant for somebody and does not get there.
    Refused,
    /// The other one reads this.
    PassedOn {
        /// The place in [`Known::relays`].
        relay: usize,
        /// What he reads.
        body: String,
    },
    /// Phones ring for it.
    Rings {
        /// What is read aloud.
        body: String,
    },
    /// It belongs to the text for which phones ring already.
    Added {
        /// What is read aloud.
        body: String,
    },
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
    pub fn knows(&self, sender: &Phone) -> bool {
        self.who(sender).is_some()
    }

    /// Whom the rota in use knows by this number.
    #[must_use]
    pub fn who(&self, sender: &Phone) -> Option<&Responder> {
        let contacts = self.roster.iter().flat_map(|roster| &roster.contacts).map(AsRef::as_ref);
        contacts.chain(self.last_resort).find(|who| who.has(sender))
    }

    /// What comes of a text. What a known sender tells counts even where he is not answered any more.
    #[must_use]
    pub fn take(&self, said: Said<'_>, known: &Known, now: DateTime<Utc>) -> Outcome {
        let is_known = self.knows(said.sender);
        if wish::is_the_carriers(said.body) || said.is_blocked && !is_known {
            return Outcome::default();
        }
        if is_known
            && let Some(roster) = self.roster
            && (wish::read(said.body) != Wish::Other || known.relays.is_empty())
        {
            return self.commanded(roster, said, known, now);
        }
        if !known.relays.is_empty() {
            return self.passed_on(said, known);
        }
        match self.rings {
            Some(most) => self.ringing(said, known, most),
            None => self.unread(known),
        }
    }

    /// A stranger is told once a day that he had better call.
    fn unread(&self, known: &Known) -> Outcome {
        let answers = may_answer(known) && !known.answered_today && known.strangers_lately < STRANGERS_AN_HOUR;
        Outcome::answered(answers.then(|| self.language.say(Phrase::TextNotRead(self.number))))
    }

    fn commanded(&self, roster: &Roster, said: Said<'_>, known: &Known, now: DateTime<Utc>) -> Outcome {
        let wish = wish::read(said.body);
        let mut outcome = self.wished(roster, said.sender, wish, known, now);
        if let Wish::Callbacks(_) = wish {
            outcome.answer = outcome.answer.filter(|_| known.answered_lately < ANSWERS_TO_WORK);
        } else if !may_answer(known) {
            outcome.answer = None;
        } else if known.answered_lately + 1 == ANSWERS_AN_HOUR {
            outcome.answer = outcome
                .answer
                .map(|answer| format!("{answer} {}", self.language.say(Phrase::TextLastAnswer)));
        }
        outcome
    }

    /// It was meant for somebody and does not get there: he is told so, once an hour.
    fn refused(&self, known: &Known, why: Phrase<'_>) -> Outcome {
        let is_told = !known.refused_lately && known.strangers_lately < STRANGERS_AN_HOUR;
        Outcome {
            course: Course::Refused,
            ..Outcome::answered(is_told.then(|| self.language.say(why)))
        }
    }

    const fn list<'a>(&self, known: &'a Known, now: DateTime<Utc>) -> List<'a> {
        List {
            language: self.language,
            open: known.callbacks.as_slice(),
            closed: known.closed.as_slice(),
            now,
        }
    }

    fn wished(&self, roster: &Roster, sender: &Phone, wish: Wish, known: &Known, now: DateTime<Utc>) -> Outcome {
        let zone = Zone::new(roster.time_zone);
        let answers = Answers {
            line: self,
            roster,
            zone: &zone,
            away: &known.away,
            now,
        };
        let only = |words: String| Outcome::answered(Some(words.chars().take(LONGEST_ANSWER).collect()));
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
            Wish::Help | Wish::Other => only(self.language.say(Phrase::TextHelp(self.hotline))),
        }
    }
}

impl Outcome {
    fn answered(answer: Option<String>) -> Self {
        Self { answer, ..Self::default() }
    }
}

const fn may_answer(known: &Known) -> bool {
    known.answered_lately < ANSWERS_AN_HOUR
}

fn shown_in_full(wall: NaiveDateTime) -> String {
    wall.format("%Y-%m-%d %H:%M").to_string()
}

//! Texts between two who have talked, through the hotline's number.
//!
//! The caller reads the hotline's name, the responder when they talked; neither reads a number. Whoever has talked with
//! several writes to the last one; a text that begins with the time of another talk goes to that one. Nothing is ever
//! answered to a text that is passed on, and ten an hour are the most: two machines that answer each other are stopped by
//! that, twenty texts an hour, and for good when the time of the relay is over, which no text makes longer.

use super::{Course, Known, Line, Outcome, Said, wish};
use crate::phrases::{Phrase, fitted, one_line};
use crate::roster::wall_clock::to_local;
use chrono::{DateTime, Utc};

/// So many texts of one sender are passed on within an hour, by all hotlines together.
pub(super) const PASSED_ON_AN_HOUR: u32 = 10;
/// A text has no more characters.
pub(super) const LONGEST: usize = 1_600;

/// Somebody with whom the sender of a text has talked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Relay {
    /// Whether the sender was the responder, so that the caller reads his text.
    pub is_responders: bool,
    /// When they talked.
    pub talked_at: DateTime<Utc>,
    /// Whether it is the newest talk of the other one too, who then need not say whom he answers.
    pub is_others_newest: bool,
}

impl Line<'_> {
    pub(super) fn passed_on(&self, said: Said<'_>, known: &Known) -> Outcome {
        if known.passed_on_lately >= PASSED_ON_AN_HOUR {
            return self.refused(known, Phrase::TooManyPassedOn(PASSED_ON_AN_HOUR));
        }
        let words = one_line(said.body, LONGEST);
        let (place, words) = self.addressed(&words, &known.relays);
        let Some(relay) = known.relays.get(place) else {
            return Outcome::default();
        };
        // What the carrier answers is nothing that anybody else is to read.
        if words.is_empty() || wish::asks_the_carrier(said.body) {
            return self.refused(known, Phrase::TextWithoutWords(self.number));
        }
        let at = self.shown(relay.talked_at);
        let before = if relay.is_responders {
            Phrase::FromHotline(self.hotline)
        } else {
            Phrase::FromCaller {
                at: &at,
                by_name: !relay.is_others_newest,
            }
        };
        let pictures = said.has_pictures.then(|| self.language.say(Phrase::PicturesLeftOut));
        let parts = [Some(self.language.say(before)), pictures, Some(words.to_owned())];
        Outcome {
            course: Course::PassedOn {
                relay: place,
                body: fitted(&parts.into_iter().flatten().collect::<Vec<_>>().join(" ")),
            },
            ..Outcome::default()
        }
    }

    /// For which of several a text is: the newest, or whose time it begins with, which is then taken away.
    fn addressed<'t>(&self, words: &'t str, relays: &[Relay]) -> (usize, &'t str) {
        if relays.len() < 2 {
            return (0, words);
        }
        let (first, rest) = words.split_once(' ').unwrap_or((words, ""));
        let named = first.trim_end_matches([':', ',', '.']);
        let found = relays
            .iter()
            .position(|relay| relay.is_responders && self.shown(relay.talked_at) == named);
        found.map_or((0, words), |place| (place, rest))
    }

    /// `03:12`; where no rota has been read, in UTC.
    fn shown(&self, at: DateTime<Utc>) -> String {
        let zone = self.roster.map_or(chrono_tz::UTC, |roster| roster.time_zone);
        to_local(zone, at).format("%H:%M").to_string()
    }
}

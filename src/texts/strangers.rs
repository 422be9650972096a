//! Texts of people whom the rota does not know: each rings, joins what rings already, or is refused with the number to call.

use super::relay::{LONGEST, PASSED_ON_AN_HOUR};
use super::{Course, Known, Line, Outcome, Said, wish};
use crate::phrases::{Phrase, one_line};

/// For so many texts of one sender phones begin to ring within an hour. A machine that answers every text of ours must not
/// keep people awake.
const RINGS_AN_HOUR: u32 = 3;
/// Within a day.
const RINGS_A_DAY: u32 = 6;

impl Line<'_> {
    pub(super) fn ringing(&self, said: Said<'_>, known: &Known, most: u32) -> Outcome {
        let mut body = one_line(said.body, LONGEST);
        // To a word that the carrier heeds it has an answer of its own: nobody is rung for it.
        if body.is_empty() || wish::asks_the_carrier(said.body) {
            return self.refused(known, Phrase::TextWithoutWords(self.number));
        }
        if said.has_pictures {
            body = format!("{} {body}", self.language.say(Phrase::PicturesLeftOut));
        }
        let is_too_many = if known.is_ringing {
            known.passed_on_lately >= PASSED_ON_AN_HOUR
        } else {
            known.rang_lately >= RINGS_AN_HOUR || known.rang_today >= RINGS_A_DAY || known.all_rang_lately >= most
        };
        if is_too_many {
            return self.refused(known, Phrase::TooManyTexts(self.number));
        }
        let course = if known.is_ringing {
            Course::Added { body }
        } else {
            Course::Rings { body }
        };
        Outcome {
            course,
            ..Outcome::default()
        }
    }
}

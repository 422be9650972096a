//! What the people do about what they hear: keys, speech and hanging up are planned here, from their manners.

use super::agenda::Job;
use super::habits::{AtStar, AtTone};
use super::leg::LegIndex;
use super::network::PhoneNetwork;
use chrono::{DateTime, Utc};

/// Somebody who changes his mind at the tone hangs up after this time.
const DISAPPOINTED_MS: u32 = 700;

/// From one key of a number to the next.
const BETWEEN_KEYS_MS: u32 = 400;

impl PhoneNetwork {
    /// Somebody presses a key on his phone now.
    pub fn presses(&mut self, now: DateTime<Utc>, sid: &str, key: char) {
        self.now = self.now.max(now);
        if let Some(leg) = self.legs_by_sid.get(sid).copied() {
            self.plan(0, Job::Key { leg, key });
        }
    }

    /// A caller begins to wait: his patience and his finger on the star key.
    pub(super) fn caller_waits(&mut self, leg: LegIndex) {
        if let Some(ms) = self[leg].manners.star_ms {
            self.plan(ms, Job::Key { leg, key: '*' });
        }
        self.is_patient_again(leg);
    }

    fn is_patient_again(&mut self, leg: LegIndex) {
        if let Some(ms) = self[leg].manners.patience_ms {
            let mood = Some(self[leg].mood);
            self.plan(ms, Job::Leave { leg, mood });
        }
    }

    /// A key is asked for, and the question takes so long to hear.
    pub(super) fn person_is_asked(&mut self, leg: LegIndex, prompt_ms: u32) {
        let question = self[leg].questions;
        if self[leg].manners.hangs_up_at_question && self[leg].manners.first_keys.is_empty() {
            return self.plan(prompt_ms, Job::Leave { leg, mood: None });
        }
        let pressed = match self[leg].manners.at_star {
            Some(AtStar::HangsUp) => return self.plan(prompt_ms, Job::Leave { leg, mood: None }),
            Some(AtStar::Silent) => return,
            Some(AtStar::BringsIn) => "2".to_owned(),
            Some(AtStar::GoesBack) => "1".to_owned(),
            None => {
                let Some(pressed) = self[leg].manners.next_keys() else { return };
                pressed
            }
        };
        let mut pressed = pressed.chars();
        let Some(key) = pressed.next() else { return };
        let interrupts_first = std::mem::take(&mut self[leg].manners.interrupts_first);
        let manners = &self[leg].manners;
        let hears_out = if manners.interrupts || interrupts_first {
            prompt_ms / 2
        } else {
            prompt_ms.saturating_add(manners.reaction_ms)
        };
        let present_after = i64::from(manners.present_after_ms);
        let since_answer = self[leg].answered_at.map_or(0, |at| (self.now - at).num_milliseconds());
        let until_present = u32::try_from(present_after - since_answer).unwrap_or(0);
        let mut at = hears_out.max(until_present);
        self.plan(at, Job::Answer { leg, question, key });
        for key in pressed {
            at = at.saturating_add(BETWEEN_KEYS_MS);
            self.plan(at, Job::Answer { leg, question, key });
        }
    }

    /// The tone: for how long the person now speaks, in milliseconds.
    pub(super) fn person_hears_tone(&mut self, leg: LegIndex) -> u32 {
        self[leg].mood += 1;
        match self[leg].manners.tone {
            AtTone::HangsUp => {
                self.plan(DISAPPOINTED_MS, Job::Leave { leg, mood: None });
                0
            }
            AtTone::Speaks(seconds) => {
                let ms = seconds.saturating_mul(1000);
                self.plan(ms, Job::Leave { leg, mood: None });
                ms
            }
            AtTone::SpeaksThenHash(seconds) => {
                let ms = seconds.saturating_mul(1000);
                self.plan(ms, Job::Key { leg, key: '#' });
                ms
            }
            AtTone::SpeaksThenWaits(seconds) => seconds.saturating_mul(1000),
            AtTone::Silent => 0,
        }
    }

    /// Somebody enters a conference.
    pub(super) fn person_enters(&mut self, leg: LegIndex) {
        if self[leg].manners.drops_while_joining {
            self.plan(0, Job::Leave { leg, mood: None });
        }
    }

    /// Somebody else is heard: waiting is over, talking begins.
    pub(super) fn person_talks(&mut self, leg: LegIndex) {
        self[leg].mood += 1;
        if let Some(ms) = self[leg].manners.talk_ms {
            let mood = Some(self[leg].mood);
            self.plan(ms, Job::Leave { leg, mood });
        }
        if let Some((ms, then)) = self[leg].manners.aside.take() {
            self[leg].manners.at_star = Some(then);
            self.plan(ms, Job::Key { leg, key: '*' });
        }
    }

    /// The last other person is gone, and this one is still there.
    pub(super) fn person_is_alone(&mut self, leg: LegIndex) {
        self[leg].mood += 1;
        self.is_patient_again(leg);
    }
}

//! What the network records: talks, as REST orders it, and messages. When each began and ended, who is told of it, and how
//! long it is kept. Knows nothing of who listens.

use super::agenda::Job;
use super::callbacks::{self, add};
use super::leg::{LegIndex, Target};
use super::network::PhoneNetwork;
use super::posting::Errand;
use chrono::{DateTime, Utc};
use serde::Serialize;

/// How a recording came about, in Twilio's words.
pub(super) const BY_API: &str = "StartCallRecordingAPI";
pub(super) const BY_VERB: &str = "RecordVerb";

/// A message of this length, in seconds, or longer is not written down; nor one that is shorter than the other.
const TRANSCRIBED: std::ops::Range<i64> = 2..120;
/// How long that takes.
const TRANSCRIPTION_MS: u32 = 6_000;
/// How much sound a second is, in bytes.
const BYTES_A_SECOND: usize = 1_000;

/// One recording.
#[derive(Clone, Debug)]
pub(super) struct Tape {
    pub(super) sid: String,
    pub(super) leg: LegIndex,
    pub(super) source: &'static str,
    pub(super) channels: u8,
    pub(super) from: DateTime<Utc>,
    pub(super) until: Option<DateTime<Utc>>,
    pub(super) deleted_at: Option<DateTime<Utc>>,
    /// Who is told, of which events.
    pub(super) callback: Option<(Target, Vec<String>)>,
}

impl Tape {
    /// Whole seconds, as carriers count.
    pub(super) fn seconds(&self, now: DateTime<Utc>) -> i64 {
        ((self.until.unwrap_or(now) - self.from).num_milliseconds() + 999) / 1000
    }

    pub(super) const fn status(&self) -> &'static str {
        match self.until {
            Some(_) => "completed",
            None => "in-progress",
        }
    }
}

/// A recording, for the one who judges a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Recorded {
    /// Its SID.
    pub sid: String,
    /// The SID of the call that was recorded.
    pub call: String,
    /// Whether somebody was asked to speak after a tone.
    pub is_message: bool,
    /// When it began.
    pub from: DateTime<Utc>,
    /// When it ended; none while it runs.
    pub until: Option<DateTime<Utc>>,
    /// Whether it was deleted.
    pub is_deleted: bool,
}

impl PhoneNetwork {
    /// All recordings there ever were.
    #[must_use]
    pub fn recordings(&self) -> Vec<Recorded> {
        let one = |tape: &Tape| Recorded {
            sid: tape.sid.clone(),
            call: self[tape.leg].sid.clone(),
            is_message: tape.source == BY_VERB,
            from: tape.from,
            until: tape.until,
            is_deleted: tape.deleted_at.is_some(),
        };
        self.tapes.iter().map(one).collect()
    }

    /// The sound of a recording, by its path; none where there is none (any more).
    #[must_use]
    pub fn sound(&self, path: &str) -> Option<Vec<u8>> {
        let path = path.split('?').next()?;
        let base = format!("/{}/Accounts/{}/Recordings/", callbacks::API_VERSION, self.account);
        let sid = path.strip_prefix(&base)?.strip_suffix(".mp3")?;
        let tape = self.tapes.iter().find(|tape| tape.sid == sid && tape.deleted_at.is_none())?;
        tape.until?;
        let length = usize::try_from(tape.seconds(self.now)).unwrap_or(0).saturating_mul(BYTES_A_SECOND);
        Some(sid.bytes().cycle().take(length).collect())
    }

    /// The carrier itself loses a recording, as it does with those that an operator deletes in its console.
    pub fn lose_recording(&mut self, sid: &str) {
        let now = self.now;
        for tape in self.tapes.iter_mut().filter(|tape| tape.sid == sid) {
            tape.deleted_at = Some(now);
        }
    }

    /// The leg is over: so is what is recorded of it.
    pub(super) fn tapes_end(&mut self, leg: LegIndex) {
        for tape in 0..self.tapes.len() {
            if self.tapes[tape].leg == leg {
                self.tape_ends(tape);
            }
        }
    }

    pub(super) fn tape_ends(&mut self, tape: usize) {
        if self.tapes[tape].until.is_some() {
            return;
        }
        self.tapes[tape].until = Some(self.now);
        self.tell_of_tape(tape, "completed");
    }

    /// A recording's status callback, where it is wanted.
    pub(super) fn tell_of_tape(&mut self, tape: usize, event: &str) {
        let known = &self.tapes[tape];
        let Some((target, events)) = known.callback.clone() else { return };
        if !events.iter().any(|wanted| wanted == event) {
            return;
        }
        let form = callbacks::tape_form(&self[known.leg], &self.account, known, event, self.now);
        self.post(Errand::Progress, &target, form);
    }

    /// A message was recorded: it is kept, and written down where that is wanted.
    pub(super) fn message_taped(&mut self, leg: LegIndex, sid: &str, seconds: i64, transcript: Option<Target>) {
        let since = self.now - chrono::TimeDelta::seconds(seconds);
        self.tapes.push(Tape {
            sid: sid.to_owned(),
            leg,
            source: BY_VERB,
            channels: 1,
            from: since,
            until: Some(self.now),
            deleted_at: None,
            callback: None,
        });
        let Some(target) = transcript else { return };
        let mut form = callbacks::call_form(&self[leg], &self.account);
        let is_possible = TRANSCRIBED.contains(&seconds);
        add(&mut form, "RecordingSid", sid);
        add(&mut form, "TranscriptionSid", sid.replacen("RE", "TR", 1));
        add(&mut form, "TranscriptionStatus", if is_possible { "completed" } else { "failed" });
        if is_possible {
            add(&mut form, "TranscriptionText", format!("I have spoken for {seconds} seconds."));
        }
        let letter = self.letter(Errand::Progress, &target, form);
        self.plan(TRANSCRIPTION_MS, Job::Deliver(Box::new(letter)));
    }
}

//! Performing documents: one verb after the other, questions, recordings, and what happens when a document does
//! not come. Knows nothing of who carries requests, and of conferences only that a leg may enter one.

use super::agenda::Job;
use super::callbacks::{self, add};
use super::checker::Violation;
use super::document::{Dial, Gather, Record, Times, Verb};
use super::heard::Sound;
use super::leg::{CallStatus, Gathering, LegIndex, Program, Recording, Stage, Target};
use super::network::PhoneNetwork;
use super::posting::{Errand, FETCHES_PER_INSTANT, INSTANT, resolve};
use chrono::TimeDelta;
use std::sync::Arc;

/// How long a character takes to say.
const SAY_MS: u32 = 65;

/// How long a piece of audio is whose length is not known.
const UNKNOWN_AUDIO_MS: u32 = 3_000;

/// How long a played tone is.
const TONE_MS: u32 = 200;

/// Twilio stops an endless loop after so many times.
const UNTIL_HANG_UP: u32 = 1_000;

/// What is heard when a document cannot be had or read.
pub const APPLICATION_ERROR: &str = "We are sorry, an application error has occurred. Goodbye.";

impl PhoneNetwork {
    /// A document has come for the leg.
    pub(super) fn perform(&mut self, leg: LegIndex, verbs: Vec<Verb>, source: Target) {
        self[leg].on_fallback = false;
        self[leg].program = Program {
            verbs: Arc::new(verbs),
            next: 0,
            source,
        };
        self.run(leg);
    }

    /// No usable document: the fallback, or an apology and the end.
    pub(super) fn document_failed(&mut self, leg: LegIndex, violation: &Violation, url: &str) {
        if let (false, Some(fallback)) = (self[leg].on_fallback, self[leg].fallback.clone()) {
            self[leg].on_fallback = true;
            let mut form = callbacks::voice_form(&self[leg], &self.account);
            add(&mut form, "ErrorCode", violation.code.unwrap_or(11200).to_string());
            add(&mut form, "ErrorUrl", url);
            return self.fetch(leg, &fallback, form);
        }
        self.answer_if_ringing(leg);
        if let Some(tie) = self[leg].tie.as_mut() {
            tie.broken = true;
        }
        self[leg].program = Program::empty();
        let apology = Verb::Say {
            text: APPLICATION_ERROR.to_owned(),
            times: Times::Just(1),
        };
        let ms = self.play(leg, &apology);
        self.next_step_in(leg, ms, Stage::Performing);
    }

    fn answer_if_ringing(&mut self, leg: LegIndex) {
        if self[leg].answered_at.is_none() {
            self.is_answered(leg);
        }
    }

    /// Whether the leg has asked for so many documents in one instant that they must be a circle.
    pub(super) fn asks_too_often(&mut self, leg: LegIndex) -> bool {
        let now = self.now;
        let (since, count) = self[leg].fetches;
        let count = if now - since < INSTANT { count + 1 } else { 0 };
        self[leg].fetches = (if count == 0 { now } else { since }, count);
        count > FETCHES_PER_INSTANT
    }

    /// The verbs that follow, up to one that takes time.
    pub(super) fn run(&mut self, leg: LegIndex) {
        loop {
            let Some((verbs, place)) = self[leg].program.take() else {
                if self.is_asked_before_bridging(leg) {
                    return self.bridge_tied(leg);
                }
                return self.end(leg, CallStatus::Completed);
            };
            if self[leg].answered_at.is_none() {
                match &verbs[place] {
                    Verb::Reject { busy: true } => return self.end(leg, CallStatus::Busy),
                    Verb::Reject { busy: false } => return self.end(leg, CallStatus::NoAnswer),
                    Verb::Pause { seconds } => return self.next_step_in(leg, seconds.saturating_mul(1000), Stage::Performing),
                    Verb::Say { .. }
                    | Verb::Play { .. }
                    | Verb::Gather(_)
                    | Verb::Record(_)
                    | Verb::Dial(_)
                    | Verb::Redirect { .. }
                    | Verb::Hangup
                    | Verb::Leave => self.is_answered(leg),
                }
            }
            if self.begin(leg, &verbs[place], place) {
                return;
            }
        }
    }

    /// Begins a verb; whether the leg is busy with it.
    fn begin(&mut self, leg: LegIndex, verb: &Verb, place: usize) -> bool {
        match verb {
            Verb::Say { .. } | Verb::Play { .. } | Verb::Pause { .. } => {
                let ms = self.play(leg, verb);
                self.next_step_in(leg, ms, Stage::Performing);
            }
            Verb::Gather(gather) => self.ask(leg, gather, place),
            Verb::Record(record) => self.record(leg, record, place),
            Verb::Dial(dial) => return self.dial(leg, dial),
            Verb::Redirect { url, method } => {
                let url = resolve(&self[leg].program.source.url, url);
                let form = callbacks::voice_form(&self[leg], &self.account);
                self.fetch(leg, &Target { url, method: *method }, form);
            }
            Verb::Hangup | Verb::Reject { .. } => self.end(leg, CallStatus::Completed),
            Verb::Leave => return false,
        }
        true
    }

    fn dial(&mut self, leg: LegIndex, dial: &Dial) -> bool {
        match (&dial.room, &dial.callee) {
            (Some(entrance), _) => self.enter_room(leg, dial, entrance),
            (None, Some(callee)) => self.dial_number(leg, dial, callee),
            (None, None) => {
                let what = "<Dial> of anything but a conference or one number is not played by this network".to_owned();
                self.fault("", Violation { code: None, what });
                false
            }
        }
    }

    /// The leg hears something that takes time; for how long, in milliseconds.
    pub(super) fn play(&mut self, leg: LegIndex, verb: &Verb) -> u32 {
        match verb {
            Verb::Say { text, .. } => self.hears(leg, Sound::Said(text.clone())),
            Verb::Play { url, digits: None, .. } => {
                let url = resolve(&self[leg].program.source.url, url);
                self.hears(leg, Sound::Music(url.as_ref().to_owned()));
            }
            Verb::Play { digits: Some(_), .. } => self.hears(leg, Sound::Beep),
            Verb::Pause { .. }
            | Verb::Gather(_)
            | Verb::Record(_)
            | Verb::Dial(_)
            | Verb::Redirect { .. }
            | Verb::Hangup
            | Verb::Reject { .. }
            | Verb::Leave => self.hears(leg, Sound::Silence),
        }
        self.length_ms(verb)
    }

    fn length_ms(&self, verb: &Verb) -> u32 {
        let count = |text: &str| u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
        match verb {
            Verb::Say { text, times } => repeated(count(text).saturating_mul(SAY_MS), *times),
            Verb::Play {
                digits: Some(digits),
                times,
                ..
            } => repeated(count(digits).saturating_mul(TONE_MS), *times),
            Verb::Play { url, digits: None, times } => repeated(self.audio_ms(url), *times),
            Verb::Pause { seconds } => seconds.saturating_mul(1000),
            Verb::Gather(_)
            | Verb::Record(_)
            | Verb::Dial(_)
            | Verb::Redirect { .. }
            | Verb::Hangup
            | Verb::Reject { .. }
            | Verb::Leave => 0,
        }
    }

    fn audio_ms(&self, url: &str) -> u32 {
        let path = url.split(['?', '#']).next().unwrap_or(url);
        let known = self.play_ms.iter().find(|(ending, _)| path.ends_with(ending.as_str()));
        known.map_or(UNKNOWN_AUDIO_MS, |(_, ms)| *ms)
    }

    fn next_step_in(&mut self, leg: LegIndex, ms: u32, stage: Stage) {
        let epoch = self[leg].enters(stage);
        self.plan(ms, Job::Step { leg, epoch });
    }

    /// A step within the same stage.
    pub(super) fn again_in(&mut self, leg: LegIndex, ms: u32) {
        self[leg].epoch += 1;
        let epoch = self[leg].epoch;
        self.plan(ms, Job::Step { leg, epoch });
    }

    /// The time of what the leg was busy with is over.
    pub(super) fn step(&mut self, leg: LegIndex) {
        match self[leg].stage.clone() {
            Stage::Performing => self.run(leg),
            Stage::Gathering(asked) => self.go_on_asking(leg, asked),
            Stage::Recording(recording) => self.recorded(leg, &recording, None),
            Stage::InRoom => self.run_wait(leg),
            Stage::Queued | Stage::Dialling | Stage::Ringing | Stage::Detecting | Stage::Fetching | Stage::Bridging | Stage::Over => {}
        }
    }

    fn ask(&mut self, leg: LegIndex, gather: &Gather, place: usize) {
        let prompt_ms = gather
            .prompt
            .iter()
            .fold(0_u32, |sum, verb| sum.saturating_add(self.length_ms(verb)));
        self[leg].questions += 1;
        self.person_is_asked(leg, prompt_ms);
        self.go_on_asking(
            leg,
            Gathering {
                place,
                prompt_next: 0,
                digits: String::new(),
            },
        );
    }

    /// The next part of the prompt; after the last one, listening; after that, the end of the question.
    fn go_on_asking(&mut self, leg: LegIndex, mut asked: Gathering) {
        let verbs = Arc::clone(&self[leg].program.verbs);
        let Some(Verb::Gather(gather)) = verbs.get(asked.place) else {
            return;
        };
        let part = asked.prompt_next;
        asked.prompt_next += 1;
        let ms = match gather.prompt.get(part) {
            Some(verb) => self.play(leg, verb),
            None if part == gather.prompt.len() => {
                self.hears(leg, Sound::Silence);
                gather.timeout.saturating_mul(1000)
            }
            None => return self.question_over(leg, gather, &asked.digits),
        };
        self.next_step_in(leg, ms, Stage::Gathering(asked));
    }

    fn question_over(&mut self, leg: LegIndex, gather: &Gather, digits: &str) {
        if digits.is_empty() && !gather.also_when_empty {
            self[leg].enters(Stage::Performing);
            return self.run(leg);
        }
        let mut form = callbacks::call_form(&self[leg], &self.account);
        add(&mut form, "Digits", digits);
        let url = resolve(&self[leg].program.source.url, gather.action.as_deref().unwrap_or_default());
        self.fetch(
            leg,
            &Target {
                url,
                method: gather.method,
            },
            form,
        );
    }

    /// A key is pressed on the leg's phone. Where nobody listens for it, nothing happens.
    pub(super) fn press(&mut self, leg: LegIndex, key: char) {
        match self[leg].stage.clone() {
            Stage::Gathering(asked) => self.key_in_question(leg, asked, key),
            Stage::Recording(recording) => {
                let verbs = Arc::clone(&self[leg].program.verbs);
                if let Some(Verb::Record(record)) = verbs.get(recording.place)
                    && record.finish.contains(key)
                {
                    self.recorded(leg, &recording, Some(key));
                }
            }
            Stage::InRoom => {
                if key == '*' && self[leg].stay.as_ref().is_some_and(|stay| stay.hangup_on_star) {
                    self.leave_dial(leg);
                }
            }
            Stage::Queued
            | Stage::Dialling
            | Stage::Ringing
            | Stage::Detecting
            | Stage::Fetching
            | Stage::Bridging
            | Stage::Performing
            | Stage::Over => {}
        }
    }

    fn key_in_question(&mut self, leg: LegIndex, mut asked: Gathering, key: char) {
        let verbs = Arc::clone(&self[leg].program.verbs);
        let Some(Verb::Gather(gather)) = verbs.get(asked.place) else {
            return;
        };
        if gather.finish == Some(key) {
            return self.question_over(leg, gather, &asked.digits);
        }
        asked.digits.push(key);
        if gather.digits.is_some_and(|wanted| asked.digits.len() >= wanted) {
            return self.question_over(leg, gather, &asked.digits);
        }
        asked.prompt_next = gather.prompt.len() + 1;
        self.hears(leg, Sound::Beep);
        self.hears(leg, Sound::Silence);
        self.next_step_in(leg, gather.timeout.saturating_mul(1000), Stage::Gathering(asked));
    }

    fn record(&mut self, leg: LegIndex, record: &Record, place: usize) {
        if record.beep {
            self.hears(leg, Sound::Beep);
        }
        self.hears(leg, Sound::Recording);
        let since = self.now;
        let speaks_ms = self.person_hears_tone(leg);
        let speaks_until = (speaks_ms > 0).then(|| since + TimeDelta::milliseconds(i64::from(speaks_ms)));
        let longest = record.longest.saturating_mul(1000);
        let until_silent = match record.timeout {
            0 => longest,
            silence => speaks_ms.saturating_add(silence.saturating_mul(1000)).min(longest),
        };
        self.next_step_in(
            leg,
            until_silent,
            Stage::Recording(Recording {
                place,
                since,
                speaks_until,
            }),
        );
    }

    /// The recording is over while the leg goes on. An empty one is dropped, and the next verb follows.
    fn recorded(&mut self, leg: LegIndex, recording: &Recording, key: Option<char>) {
        let verbs = Arc::clone(&self[leg].program.verbs);
        let Some(Verb::Record(record)) = verbs.get(recording.place) else {
            return;
        };
        let seconds = self.seconds_recorded(recording);
        if seconds == 0 {
            self[leg].enters(Stage::Performing);
            return self.run(leg);
        }
        let name = self.new_sid("RE");
        self.message_taped(leg, &name, seconds, self.transcript_of(leg, record));
        let digits = key.map(String::from).unwrap_or_default();
        let form = callbacks::record_form(&self[leg], &self.account, &name, seconds, &digits);
        let url = resolve(&self[leg].program.source.url, record.action.as_deref().unwrap_or_default());
        self.fetch(
            leg,
            &Target {
                url,
                method: record.method,
            },
            form,
        );
    }

    /// The leg is over in the middle of a recording: the action is asked for nobody to hear.
    pub(super) fn recording_hung_up(&mut self, leg: LegIndex, recording: &Recording) {
        let verbs = Arc::clone(&self[leg].program.verbs);
        let Some(Verb::Record(record)) = verbs.get(recording.place) else {
            return;
        };
        let seconds = self.seconds_recorded(recording);
        if seconds == 0 {
            return;
        }
        let name = self.new_sid("RE");
        self.message_taped(leg, &name, seconds, self.transcript_of(leg, record));
        let form = callbacks::record_form(&self[leg], &self.account, &name, seconds, "hangup");
        let url = resolve(&self[leg].program.source.url, record.action.as_deref().unwrap_or_default());
        self.post(
            Errand::Unheard,
            &Target {
                url,
                method: record.method,
            },
            form,
        );
    }

    fn transcript_of(&self, leg: LegIndex, record: &Record) -> Option<Target> {
        let base = &self[leg].program.source.url;
        record.transcript.as_deref().map(|url| Target::post(&resolve(base, url)))
    }

    /// How much speech is in it; the silence at its end is cut off.
    fn seconds_recorded(&self, recording: &Recording) -> i64 {
        let speech = recording
            .speaks_until
            .map_or(0, |until| (until.min(self.now) - recording.since).num_milliseconds());
        (speech + 999) / 1000
    }
}

fn repeated(ms: u32, times: Times) -> u32 {
    match times {
        Times::Just(times) => ms.saturating_mul(times),
        Times::UntilHangUp => ms.saturating_mul(UNTIL_HANG_UP),
    }
}

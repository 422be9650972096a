//! Recording of talks: announced to the caller before he is in the room, refused by a key, begun when both are together,
//! ended with the talk. It must not know where recordings are kept, nor for how long.

use super::patience::{GREETING_PATIENCE, spoken};
use super::{Announcement, CALLER, Call, Command, Fact, Leg, LegState, Origin, Phase, Reaction, RecordingId, World};
use crate::phrases::{Phrase, one_line};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// How often one call may begin a recording.
const MOST_RECORDINGS: u16 = 100;
/// Characters of a message in writing; a text holds fewer in any case.
const MOST_TEXTED: usize = 2_000;
/// The key by which a caller refuses.
const REFUSES: char = '0';
/// How long the announcement waits for a key after its words.
const KEY_PATIENCE: TimeDelta = TimeDelta::seconds(5);

/// How far the recording of a call has come.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Recording {
    /// The caller does not want it, for the whole call.
    refused: bool,
    /// He is known to have been in the room, whose door is behind the announcement.
    announced: bool,
    /// Whether it was asked if he is still on the line.
    looked_after: bool,
    /// How many recordings were ordered.
    ordered: u16,
    /// That of the present talk.
    running: Option<Running>,
    /// The recordings that have begun.
    names: Vec<RecordingId>,
    /// The numbers of those of which the end was told.
    ended: Vec<u16>,
    /// Whether people have got the words of the message.
    transcribed: bool,
    /// Whether the story says that no more is recorded.
    told_enough: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Running {
    number: u16,
    /// None until the carrier has named it.
    recording: Option<RecordingId>,
}

impl Call {
    /// Whether the caller has said that he does not want to be recorded.
    #[must_use]
    pub const fn refuses_recording(&self) -> bool {
        self.recording.refused
    }

    /// Whether the caller meets the announcement before he is in the room.
    pub(super) fn announces(&self) -> bool {
        match self.origin {
            Origin::Caller | Origin::Callback(_) | Origin::Through(_) => self.plan.rules.record_talks,
            Origin::Incident(_) | Origin::Text(_) => false,
        }
    }

    /// What a responder hears beside the rest when he comes in first.
    pub(super) fn told_of_recording(&self, leg: &Leg) -> Option<Phrase<'static>> {
        let may_be = self.announces() && !self.recording.refused && !leg.has_met;
        may_be.then_some(Phrase::TalkMayBeRecorded)
    }

    /// Whether he may be hearing it, as far as is known.
    pub(super) fn is_announced_to(&self) -> bool {
        self.announces() && !self.recording.refused && !self.recording.announced
    }

    /// What is said before the room, for as long as he is not known to be in it.
    pub(super) fn announcement(&self) -> Option<Announcement> {
        self.is_announced_to().then(|| Announcement {
            opening: self.opening_words().join("\n"),
            words: self.announcement_words(),
        })
    }

    pub(super) fn announcement_words(&self) -> String {
        let ours = || self.language().say(Phrase::MayBeRecorded);
        self.plan.rules.words.recording.clone().unwrap_or_else(ours)
    }

    /// How much longer the way into the room takes for a caller whom we have rung.
    pub(super) fn announcement_patience(&self) -> TimeDelta {
        if !self.is_announced_to() {
            return TimeDelta::zero();
        }
        spoken(&self.announcement_words()) + KEY_PATIENCE
    }

    /// He should be in the room by then.
    fn announced_until(&self) -> DateTime<Utc> {
        let opening: TimeDelta = self.opening_words().iter().map(|words| spoken(words)).sum();
        self.arrived_at + opening + spoken(&self.announcement_words()) + KEY_PATIENCE
    }

    /// From then on the way into the room counts, for whoever comes in next: the caller may still hear the announcement.
    pub(super) fn way_in_from(&self, world: &World<'_>) -> DateTime<Utc> {
        if self.is_on_the_way(world) {
            self.announced_until()
        } else {
            world.now
        }
    }

    /// Whether the caller is most likely not in the room yet.
    pub(super) fn is_on_the_way(&self, world: &World<'_>) -> bool {
        self.is_announced_to() && world.now < self.announced_until()
    }

    /// When it is asked whether he is still there: of whoever hangs up during the announcement, before the room, we may
    /// not be told.
    pub(super) fn look_after_at(&self) -> Option<DateTime<Utc>> {
        let is_searched_for = matches!(self.phase, Phase::Searching | Phase::Joining { .. });
        // Of a caller whom we ring everything is told.
        let has_dialled = self.caller_line.is_some();
        let unknown = has_dialled && is_searched_for && self.is_announced_to() && !self.recording.looked_after;
        unknown.then(|| self.announced_until() + GREETING_PATIENCE)
    }

    pub(super) fn look_after_caller(&mut self, world: &World<'_>, out: &mut Reaction) {
        if self.look_after_at().is_none_or(|at| at > world.now) {
            return;
        }
        self.recording.looked_after = true;
        self.have_line_looked_after(CALLER, out);
    }

    /// The caller is in the room, and so behind the announcement.
    pub(super) fn note_announced(&mut self, world: &World<'_>) {
        if self.announces() {
            self.recording.announced = true;
            self.in_room_since.get_or_insert(world.now);
        }
    }

    /// Whether a key of the caller answers the announcement; whether one that comes late still does.
    pub(super) fn answers_announcement(&self) -> bool {
        match self.phase {
            Phase::Searching | Phase::Joining { .. } | Phase::Connected { .. } => self.announces(),
            Phase::Menu { .. } => self.is_announced_to(),
            Phase::RingingBack { .. }
            | Phase::Parted { .. }
            | Phase::Message { .. }
            | Phase::Farewell { .. }
            | Phase::Makeshift { .. }
            | Phase::Resting { .. }
            | Phase::Over => false,
        }
    }

    /// A key during the announcement. Star means what it means in the room; after any other key it is said again.
    pub(super) fn on_announcement_key(&mut self, key: char, world: &World<'_>, out: &mut Reaction) {
        if key == REFUSES {
            self.refuse_recording(out);
        }
        if key == '*' && matches!(self.phase, Phase::Searching | Phase::Joining { .. }) {
            self.on_caller_left_room(world, out);
        }
    }

    /// A key of a caller whom we have rung, during the announcement or later.
    pub(super) fn on_called_key(&mut self, key: char, out: &mut Reaction) {
        if key == REFUSES && self.answers_announcement() {
            self.refuse_recording(out);
        }
    }

    fn refuse_recording(&mut self, out: &mut Reaction) {
        if std::mem::replace(&mut self.recording.refused, true) {
            return;
        }
        out.facts.push(Fact::RecordingRefused);
        self.end_recording(out);
    }

    /// Both are together: their talk is recorded from now on, if the caller knows of it and has not refused.
    pub(super) fn begin_recording(&mut self, out: &mut Reaction) {
        let is_together = matches!(self.phase, Phase::Connected { .. });
        let may = self.announces() && self.recording.announced && !self.recording.refused;
        if !is_together || !may || self.recording.running.is_some() {
            return;
        }
        if self.recording.ordered >= MOST_RECORDINGS {
            return self.record_no_more(out);
        }
        let Some(line) = self.line(CALLER).cloned() else { return };
        self.recording.ordered += 1;
        let number = self.recording.ordered;
        self.recording.running = Some(Running { number, recording: None });
        out.commands.push(Command::Record { number, leg: CALLER, line });
    }

    /// There are enough recordings of this call: its story says so, once.
    fn record_no_more(&mut self, out: &mut Reaction) {
        if !std::mem::replace(&mut self.recording.told_enough, true) {
            out.facts.push(Fact::NotRecorded {
                code: None,
                why: format!("there are {MOST_RECORDINGS} recordings of this call, and no more are made"),
            });
        }
    }

    /// They are not together any more. What was ordered and not begun is forgotten, what runs is ended.
    pub(super) fn end_recording(&mut self, out: &mut Reaction) {
        if let Some(Running { number, recording }) = self.recording.running.take() {
            self.stop_recording(number, recording, out);
        }
    }

    /// A recording ends by itself with the line.
    pub(super) fn forget_recording(&mut self) {
        self.recording.running = None;
    }

    fn stop_recording(&self, number: u16, recording: Option<RecordingId>, out: &mut Reaction) {
        let Some(line) = self.line(CALLER).cloned() else { return };
        out.commands.push(Command::StopRecording {
            number,
            leg: CALLER,
            line,
            recording,
        });
    }

    /// With it every recording ends. A caller whom we have rung hears last words after the talk.
    fn callers_line_is_over(&self) -> bool {
        self.phase == Phase::Over && self.called.as_ref().is_none_or(|called| called.state == LegState::Ended)
    }

    /// The carrier records. Where the talk is over by now, it must not.
    pub(super) fn on_recording_begun(&mut self, number: u16, recording: &RecordingId, out: &mut Reaction) {
        if number > self.recording.ordered || self.recording.names.contains(recording) {
            return;
        }
        self.recording.names.push(recording.clone());
        let is_over = self.callers_line_is_over();
        let running = self.recording.running.as_mut().filter(|running| running.number == number);
        match running {
            Some(running) => {
                running.recording = Some(recording.clone());
                out.facts.push(Fact::RecordingBegan);
            }
            None if is_over || self.recording.ended.contains(&number) => {}
            None => self.stop_recording(number, Some(recording.clone()), out),
        }
    }

    /// Whether the carrier records is not known: it is looked up, and never ordered again.
    pub(super) fn on_recording_unsure(&mut self, number: u16, out: &mut Reaction) {
        let Some(line) = self.line(CALLER).cloned().filter(|_| number <= self.recording.ordered) else {
            return;
        };
        out.commands.push(Command::FindRecording {
            number,
            leg: CALLER,
            line,
            known: self.recording.names.clone(),
        });
    }

    /// The carrier has a recording of so many seconds; of none, where nothing was recorded.
    pub(super) fn on_recording_ended(&mut self, number: u16, recording: &RecordingId, seconds: u32, out: &mut Reaction) {
        if number > self.recording.ordered || self.recording.ended.contains(&number) {
            return;
        }
        self.recording.ended.push(number);
        if !self.recording.names.contains(recording) {
            self.recording.names.push(recording.clone());
        }
        if self.recording.running.as_ref().is_some_and(|running| running.number == number) {
            self.recording.running = None;
        }
        if seconds > 0 && !self.recording.refused {
            out.facts.push(Fact::TalkRecorded { seconds });
        }
    }

    /// The message in writing: people get it once.
    pub(super) fn on_transcribed(&mut self, text: &str, out: &mut Reaction) {
        // One line: what somebody has said cannot look like a second text.
        let text = one_line(text, MOST_TEXTED);
        if text.is_empty() || !self.plan.rules.transcribe_messages || std::mem::replace(&mut self.recording.transcribed, true) {
            return;
        }
        out.facts.push(Fact::Transcribed);
        let body = self.language().say(Phrase::MessageInWriting {
            hotline: &self.plan.hotline.0,
            caller: self.from.as_ref(),
            text: &text,
        });
        for to in self.plan.rules.tell.clone() {
            self.text(to, &body, out);
        }
    }
}

//! The life of a leg up to its document and at its end: queued, placed, ringing, picked up, recognised, over.
//! Knows nothing of verbs.

use super::agenda::Job;
use super::callbacks;
use super::habits::Answering;
use super::heard::Sound;
use super::leg::{CallStatus, LegIndex, Stage};
use super::mischief::strikes;
use super::network::PhoneNetwork;
use super::posting::Errand;
use super::rooms::Parting;

/// Machine detection takes about this long after the answer.
const DETECTION_MS: u32 = 4_000;

/// A greeting up to this length passes for a human being.
const LONGEST_HUMAN_GREETING_MS: u32 = 2_400;

/// From the end of a greeting to its beep.
const BEEP_AFTER_GREETING_MS: u32 = 1_000;

/// Somebody who picks up in the last moment does so this long before it.
const LAST_MOMENT_MS: u32 = 100;

impl PhoneNetwork {
    pub(super) fn dispatch(&mut self, leg: LegIndex) {
        let now = self.now;
        self[leg].dialled_at = Some(now);
        self[leg].status = CallStatus::Initiated;
        self[leg].enters(Stage::Dialling);
        self.tell_progress(leg, CallStatus::Initiated);
        let setup = self.draw_setup_ms();
        self.plan(setup, Job::Reach(leg));
    }

    pub(super) fn reach(&mut self, leg: LegIndex) {
        let answering = self[leg].manners.answering;
        match answering {
            Answering::Busy => return self.end(leg, CallStatus::Busy),
            Answering::Unreachable => return self.end(leg, CallStatus::Failed),
            Answering::After(_) | Answering::WhenStopped | Answering::Never | Answering::RejectsAfter(_) => {}
        }
        self[leg].status = CallStatus::Ringing;
        self[leg].enters(Stage::Ringing);
        self.hears(leg, Sound::Ring);
        self.begins_to_ring(leg);
        self.tell_progress(leg, CallStatus::Ringing);
        let limit = self[leg].ring_limit_s * 1000;
        match answering {
            Answering::After(ms) => self.plan(ms, Job::PickUp(leg)),
            Answering::WhenStopped => self.plan(limit.saturating_sub(LAST_MOMENT_MS), Job::PickUp(leg)),
            Answering::RejectsAfter(ms) => self.plan(ms, Job::RejectRinging(leg)),
            Answering::Never | Answering::Busy | Answering::Unreachable => {}
        }
        self.plan(limit, Job::RingOut(leg));
    }

    pub(super) fn pick_up(&mut self, leg: LegIndex) {
        self.stops_ringing(leg);
        self.is_answered(leg);
        self.tell_progress(leg, CallStatus::InProgress);
        if let Some(ms) = self[leg].manners.hangs_up_after_answer_ms {
            self.plan(ms, Job::Leave { leg, mood: None });
        }
        let Some(detection) = self[leg].detection.clone() else {
            return self.fetch_voice(leg);
        };
        let (takes, result) = self.detection(leg, detection.message_end, detection.timeout_s);
        if detection.meanwhile.is_some() {
            self.plan(takes, Job::DetectedMeanwhile { leg, result });
            return self.fetch_voice(leg);
        }
        let epoch = self[leg].enters(Stage::Detecting);
        self.plan(takes, Job::Detected { leg, epoch, result });
    }

    /// The call counts as answered, and nothing is heard yet.
    pub(super) fn is_answered(&mut self, leg: LegIndex) {
        let now = self.now;
        self[leg].answered_at = Some(now);
        self[leg].status = CallStatus::InProgress;
        self.hears(leg, Sound::Silence);
    }

    fn fetch_voice(&mut self, leg: LegIndex) {
        if self.is_asked_before_bridging(leg) && self[leg].voice.url.is_empty() {
            return self.bridge_tied(leg);
        }
        let form = callbacks::voice_form(&self[leg], &self.account);
        let voice = self[leg].voice.clone();
        self.fetch(leg, &voice, form);
    }

    /// How long the detection takes, and what it comes to.
    fn detection(&mut self, leg: LegIndex, message_end: bool, timeout_s: u32) -> (u32, &'static str) {
        let greeting = self[leg].manners.machine_ms.filter(|ms| *ms > LONGEST_HUMAN_GREETING_MS);
        let wrong = strikes(&mut self.rng, self.mischief.misdetect);
        let (takes, result) = match greeting {
            Some(_) if wrong => (DETECTION_MS, "human"),
            None if wrong => (DETECTION_MS, if message_end { "machine_end_other" } else { "machine_start" }),
            Some(_) if !message_end => (DETECTION_MS, "machine_start"),
            Some(ms) => (ms.saturating_add(BEEP_AFTER_GREETING_MS), "machine_end_beep"),
            None => (DETECTION_MS, "human"),
        };
        let limit = timeout_s.saturating_mul(1000);
        if takes > limit { (limit, "unknown") } else { (takes, result) }
    }

    pub(super) fn detected(&mut self, leg: LegIndex, result: &'static str) {
        self[leg].answered_by = Some(result);
        self.fetch_voice(leg);
    }

    pub(super) fn detected_meanwhile(&mut self, leg: LegIndex, result: &'static str) {
        self[leg].answered_by = Some(result);
        let Some(target) = self[leg].detection.as_ref().and_then(|detection| detection.meanwhile.clone()) else {
            return;
        };
        let took = self[leg].answered_at.map_or(0, |at| (self.now - at).num_milliseconds());
        let form = callbacks::machine_form(&self[leg], &self.account, result, took);
        self.post(Errand::Progress, &target, form);
    }

    pub(super) fn person_hangs_up(&mut self, leg: LegIndex) {
        let status = if self[leg].answered_at.is_some() {
            CallStatus::Completed
        } else {
            CallStatus::NoAnswer
        };
        self.end(leg, status);
    }

    /// The connection is over: out of the room, the actions that are still asked, then the last news.
    pub(super) fn end(&mut self, leg: LegIndex, status: CallStatus) {
        if self[leg].is_over() {
            return;
        }
        let was_queued = self[leg].stage == Stage::Queued;
        let recording = match &self[leg].stage {
            Stage::Recording(recording) => Some(recording.clone()),
            Stage::Queued
            | Stage::Dialling
            | Stage::Ringing
            | Stage::Detecting
            | Stage::Fetching
            | Stage::Performing
            | Stage::Gathering(_)
            | Stage::InRoom
            | Stage::Bridging
            | Stage::Over => None,
        };
        let now = self.now;
        self.stops_ringing(leg);
        self[leg].status = status;
        self[leg].ended_at = Some(now);
        self[leg].enters(Stage::Over);
        if let Some(stay) = self.leave_room(leg, Parting::HungUp)
            && let Some(action) = &stay.action
        {
            let form = callbacks::dial_form(&self[leg], &self.account, &stay);
            self.post(Errand::Unheard, action, form);
        }
        if let Some(recording) = recording {
            self.recording_hung_up(leg, &recording);
        }
        self.tapes_end(leg);
        if !was_queued {
            self.tell_progress(leg, status);
        }
        self.untie(leg);
    }

    /// A status callback, where it is wanted.
    fn tell_progress(&mut self, leg: LegIndex, status: CallStatus) {
        let events = self[leg].events;
        let wanted = match status {
            CallStatus::Queued => false,
            CallStatus::Initiated => events.initiated,
            CallStatus::Ringing => events.ringing,
            CallStatus::InProgress => events.answered,
            CallStatus::Completed | CallStatus::Busy | CallStatus::Failed | CallStatus::NoAnswer | CallStatus::Canceled => events.completed,
        };
        if !wanted {
            return;
        }
        let Some(target) = self[leg].status_callback.clone() else { return };
        let form = callbacks::progress_form(&self[leg], &self.account, status, self.now);
        self[leg].sequence += 1;
        self.post(Errand::Progress, &target, form);
    }
}

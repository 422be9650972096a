//! `<Dial><Number>`: the caller's leg rings another one, which may hear a document of its own before the two are
//! together. One number at a time; neither its time limit nor keys to be sent are played.

use super::callbacks;
use super::checker::Violation;
use super::document::{Callee, Dial};
use super::habits::{Habit, Manners};
use super::heard::Sound;
use super::leg::{CallStatus, LegIndex, Stage, Target, Tie};
use super::network::PhoneNetwork;
use super::posting::resolve;
use super::rooms::OpenTalk;
use std::sync::Arc;

impl PhoneNetwork {
    /// Rings the number; whether it does. If not, the document goes on.
    pub(super) fn dial_number(&mut self, leg: LegIndex, dial: &Dial, callee: &Callee) -> bool {
        let shown = callee.caller_id.clone().unwrap_or_else(|| self[leg].from.clone());
        if !self.owns(&shown) && shown != self[leg].from && shown != self[leg].to {
            self.fault(&shown, Violation::new(13214, "callerId is none of this account"));
            return false;
        }
        let habit = self.habit_of(&callee.number).unwrap_or(Habit::Unreachable);
        let manners = Manners::of_responder(habit, &mut self.rng);
        let base = Arc::clone(&self[leg].program.source.url);
        let whisper = callee.whisper.as_ref().map(|(url, method)| Target {
            url: resolve(&base, url),
            method: *method,
        });
        let mut child = self.new_leg(&shown, &callee.number, whisper.unwrap_or_else(|| Target::post("")), manners);
        child.tie = Some(Tie {
            other: leg,
            is_parent: false,
            bridged: false,
            broken: false,
            action: None,
        });
        child.parent = Some(self[leg].sid.clone());
        let child = self.add_leg(child);
        self.set_ring_limit(child, callee.timeout);
        self[leg].tie = Some(Tie {
            other: child,
            is_parent: true,
            bridged: false,
            broken: false,
            action: dial.action.as_deref().map(|url| Target {
                url: resolve(&base, url),
                method: dial.method,
            }),
        });
        self[leg].enters(Stage::Bridging);
        self.hears(leg, Sound::Ring);
        self.dispatch(child);
        true
    }

    /// Whether this leg was rung by another one's document and is not together with it yet.
    pub(super) fn is_asked_before_bridging(&self, leg: LegIndex) -> bool {
        self[leg]
            .tie
            .as_ref()
            .is_some_and(|tie| !tie.is_parent && !tie.bridged && !tie.broken)
    }

    /// The document that was heard before is at its end: the two are together.
    pub(super) fn bridge_tied(&mut self, child: LegIndex) {
        let Some(parent) = self[child].tie.as_ref().map(|tie| tie.other) else {
            return;
        };
        for leg in [parent, child] {
            if let Some(tie) = self[leg].tie.as_mut() {
                tie.bridged = true;
            }
        }
        self[child].enters(Stage::Bridging);
        self.talks.push(OpenTalk {
            legs: [parent, child],
            from: self.now,
            until: None,
        });
        for (leg, other) in [(parent, child), (child, parent)] {
            let number = self[other].number().to_owned();
            self.hears(leg, Sound::Voice(number));
            self.person_talks(leg);
        }
    }

    /// A leg is over that was tied to another: the one that was rung goes with its caller, the caller's document goes on.
    pub(super) fn untie(&mut self, leg: LegIndex) {
        let Some(tie) = self[leg].tie.take() else { return };
        self.stop_talks(leg);
        if tie.is_parent {
            self[tie.other].tie = None;
            let status = if self[tie.other].answered_at.is_some() {
                CallStatus::Completed
            } else {
                CallStatus::Canceled
            };
            return self.end(tie.other, status);
        }
        let parent = tie.other;
        let Some(parents) = self[parent].tie.take() else { return };
        self[parent].enters(Stage::Performing);
        match parents.action {
            Some(action) => {
                let form = callbacks::after_number_form(&self[parent], &self[leg], &self.account, tie.bridged);
                self.fetch(parent, &action, form);
            }
            None => self.run(parent),
        }
    }
}

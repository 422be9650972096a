//! What is promised of recordings, in terms of people.

use super::{Desk, Night, end};
use crate::nights::scenario::{Caller, Scenario};
use chrono::{DateTime, TimeDelta, Utc};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rotaline::simulator::Recorded;
use rotaline::simulator::habits::AtAnnouncement;
use rotaline::simulator::heard::Sound;

/// What is said before.
const ANNOUNCEMENT: &str = "This call may be recorded. If you do not want that, press 0.";
/// Spoken no faster than this.
const MS_A_CHARACTER: i64 = 65;

impl Scenario {
    /// The same people, whose talks are recorded; some of them do not want that.
    pub(in super::super) fn recorded(mut self) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(self.seed ^ 0x0ec0_4d00);
        self.rules.record_talks = true;
        for caller in &mut self.callers {
            caller.habit.announcement = match rng.random_range(0..8) {
                0..=3 => AtAnnouncement::Listens,
                4 | 5 => AtAnnouncement::Presses('0'),
                6 => AtAnnouncement::Interrupts('0'),
                _ => AtAnnouncement::Interrupts('5'),
            };
        }
        self
    }
}

impl Scenario {
    /// Whether nobody tells us at once of a caller who hangs up before he is in the room.
    pub(super) const fn may_go_untold(&self) -> bool {
        self.rules.record_talks && !self.tells_line_status
    }
}

pub(in super::super) fn broken(scenario: &Scenario, desk: &Desk) -> Vec<String> {
    let night = Night {
        scenario,
        desk,
        talks: desk.network.talks(),
    };
    let checks = [
        Night::who_refuses_is_not_recorded,
        Night::who_is_recorded_has_heard_of_it,
        Night::what_is_recorded_is_a_talk,
        Night::who_does_not_refuse_is_recorded,
        Night::every_recording_is_known,
    ];
    checks.iter().flat_map(|check| check(&night)).collect()
}

impl Night<'_> {
    /// The talks that were recorded, with who called.
    fn recorded(&self) -> impl Iterator<Item = (Recorded, &Caller)> {
        let tapes = self.desk.network.recordings().into_iter().filter(|tape| !tape.is_message);
        tapes.map(|tape| {
            let caller = self.caller_of(&tape.call);
            (tape, caller)
        })
    }

    fn who_refuses_is_not_recorded(&self) -> Vec<String> {
        let refuses = |caller: &Caller| {
            matches!(
                caller.habit.announcement,
                AtAnnouncement::Presses('0') | AtAnnouncement::Interrupts('0')
            )
        };
        self.recorded()
            .filter(|(_, caller)| refuses(caller))
            .map(|(tape, _)| format!("recorded though the caller has refused: {tape:?}"))
            .collect()
    }

    fn who_is_recorded_has_heard_of_it(&self) -> Vec<String> {
        let long = TimeDelta::milliseconds(MS_A_CHARACTER * i64::try_from(ANNOUNCEMENT.len()).unwrap());
        let has_heard = |tape: &Recorded| {
            let heard = self.desk.network.heard(&tape.call);
            let next = heard.iter().skip(1).map(|next| next.at).chain([tape.from]);
            heard.iter().zip(next).any(|(entry, next)| {
                matches!(&entry.what, Sound::Said(words) if words == ANNOUNCEMENT) && next <= tape.from && next - entry.at >= long
            })
        };
        self.recorded()
            .filter(|(tape, _)| !has_heard(tape))
            .map(|(tape, _)| format!("recorded and not told before: {tape:?}"))
            .collect()
    }

    /// It begins when both are together, and ends soon after they have parted.
    fn what_is_recorded_is_a_talk(&self) -> Vec<String> {
        let late = TimeDelta::seconds(if self.scenario.kind { 2 } else { 60 });
        let is_talk = |tape: &Recorded| {
            let until = tape.until.unwrap_or(DateTime::<Utc>::MAX_UTC);
            let mut of_caller = self.talks.iter().filter(|talk| talk.sids.contains(&tape.call));
            of_caller.any(|talk| talk.from <= tape.from && until - late <= end(talk))
        };
        self.recorded()
            .filter(|(tape, _)| !is_talk(tape))
            .map(|(tape, _)| format!("recorded while nobody talked: {tape:?}"))
            .collect()
    }

    /// On a kind night nothing keeps a talk from being recorded.
    fn who_does_not_refuse_is_recorded(&self) -> Vec<String> {
        if !self.scenario.kind {
            return Vec::new();
        }
        let tapes: Vec<Recorded> = self.recorded().map(|(tape, _)| tape).collect();
        let mut broken = Vec::new();
        for (line, _, caller) in self.calls() {
            let wants = matches!(caller.habit.announcement, AtAnnouncement::Listens | AtAnnouncement::Interrupts('5'));
            let talks = self.talks.iter().filter(|talk| talk.sids.iter().any(|sid| sid == line));
            let missed = talks.filter(|talk| wants && end(talk) - talk.from >= TimeDelta::seconds(2));
            let missed = missed.filter(|talk| {
                !tapes
                    .iter()
                    .any(|tape| tape.call == line && tape.from - talk.from <= TimeDelta::seconds(2))
            });
            broken.extend(missed.map(|talk| format!("not recorded: {talk:?}")));
        }
        broken
    }

    /// What we do not know of we could not delete.
    fn every_recording_is_known(&self) -> Vec<String> {
        let log = self.desk.log.join("\n");
        self.recorded()
            .filter(|(tape, _)| !log.contains(&tape.sid))
            .map(|(tape, _)| format!("nobody knows of {tape:?}"))
            .collect()
    }
}

//! Calls without a caller: an alarm rings the plan until somebody takes care of it, or until it is over by itself.
//!
//! Nobody waits in a room, so nobody is put through: 1 acknowledges, and the ringing ends with that. Where nobody does, the
//! plan is rung again after a pause, and `tell` knows. A stranger's text rings in the same way ([`super::Stranger`]). It must not know where alarms come from, nor which are the same.

use super::patience::{FAREWELL_PATIENCE, REST};
use super::words::{InVain, LastWords};
use super::{Call, CallId, Fact, Leg, LegId, LegState, Origin, Outcome, Phase, Plan, Reaction, Screening, World, words};
use crate::phrases::Phrase;
use crate::roster::{Phone, Responder};
use serde::{Deserialize, Serialize};

/// How often the plan is rung again where nobody acknowledges.
const MOST_REPEATS: u16 = 3;
/// About so many characters are said in a second.
const CHARACTERS_PER_SECOND: usize = 14;

/// An alarm as it was raised. Its words come from outside and are one line each.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Incident {
    /// The same for all reports of the same thing.
    pub key: String,
    /// What is wrong.
    pub title: String,
    /// More of it; may be empty.
    pub details: String,
}

/// How far an alarm has come.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Progress {
    /// How often the whole plan was rung in vain.
    rung: u16,
}

impl Call {
    /// A monitor or a sensor raises an alarm: pins the plan and begins the search. There is no caller's leg and no room.
    #[must_use]
    pub fn raise(id: CallId, plan: Plan, incident: Incident, world: &World<'_>) -> (Self, Reaction) {
        let mut out = Reaction::default();
        out.facts.push(Fact::Raised {
            hotline: plan.hotline.clone(),
            title: incident.title.clone(),
            details: incident.details.clone(),
        });
        let mut call = Self::begun(id, plan, Origin::Incident(incident), world, &mut out);
        call.begin_search(world, &mut out);
        (call, out)
    }

    /// As configured, but for a key that is wanted in any case: whatever a machine is told, nobody knows it afterwards.
    pub(super) fn screening_by_key(&self) -> Screening {
        match self.plan.rules.screening {
            Screening::Press1 | Screening::None => Screening::Press1,
            Screening::MachineDetection | Screening::Both => Screening::Both,
        }
    }

    /// How long a responder has to answer; long enough to hear an alarm's title twice, however long it is.
    pub(super) fn accept_seconds(&self, leg: &Leg) -> u32 {
        let allowed = self.plan.rules.accept_seconds;
        if !self.is_acknowledged() {
            return allowed;
        }
        let spoken = self.whisper(leg).chars().count().div_ceil(CHARACTERS_PER_SECOND);
        allowed.max(u32::try_from(2 * (spoken + 4)).unwrap_or(allowed))
    }

    /// This responder takes care of it: he hears so, everybody else is let go, nothing else is to come.
    pub(super) fn acknowledge(&mut self, leg: LegId, world: &World<'_>, out: &mut Reaction) {
        let Some(who) = self.leg(leg).map(|found| found.who.clone()) else {
            return;
        };
        let name = who.name.clone();
        let (his, taken) = match &self.origin {
            // Others are put through to somebody.
            Origin::Caller | Origin::Callback(_) | Origin::Through(_) => return,
            Origin::Incident(incident) => (
                LastWords::AlarmIsYours(incident.details.clone()),
                LastWords::AlarmTakenBy(name.clone()),
            ),
            Origin::Text(stranger) => (Self::taking_text(stranger, &who), LastWords::TextTakenBy(name.clone())),
        };
        if let Some(found) = self.leg_mut(leg) {
            found.dismiss(his, world);
            found.deadline = Some(world.now + FAREWELL_PATIENCE);
        }
        out.facts.push(Fact::Acknowledged { leg, name });
        self.phase = Phase::Over;
        self.let_go_of_all(Leg::is_trying, &taken, world, out);
        match self.origin.clone() {
            Origin::Caller | Origin::Callback(_) | Origin::Through(_) => {}
            Origin::Incident(incident) => self.hand_over_alarm(&incident, &who, out),
            Origin::Text(stranger) => self.hand_over_text(&stranger, who, world, out),
        }
        self.end(Outcome::Acknowledged, out);
    }

    fn hand_over_alarm(&mut self, incident: &Incident, who: &Responder, out: &mut Reaction) {
        if let Some(phone) = who.texted_on().cloned() {
            let yours = self.language().say(Phrase::AlarmIsYours {
                hotline: &self.plan.hotline.0,
                title: &incident.title,
                details: &incident.details,
            });
            self.alarm_text(phone, &yours, out);
        }
    }

    /// Whoever raised the alarm says that it is over: nobody is rung for it any more.
    pub(super) fn on_resolved(&mut self, world: &World<'_>, out: &mut Reaction) {
        if self.incident().is_none() || self.phase == Phase::Over {
            return;
        }
        self.phase = Phase::Over;
        self.let_go_of_all(|leg| leg.state != LegState::Ended, &LastWords::AlarmOver, world, out);
        self.end(Outcome::Resolved, out);
    }

    /// The whole plan was rung in vain. Nobody waits on the line; what comes now depends on what it is about.
    pub(super) fn rung_in_vain(&mut self, why: InVain, world: &World<'_>, out: &mut Reaction) {
        self.let_go_of_all(|leg| leg.state != LegState::Ended, &LastWords::NotNeeded, world, out);
        match self.origin.clone() {
            Origin::Caller | Origin::Callback(_) | Origin::Through(_) => {}
            Origin::Incident(_) => self.alarm_in_vain(world, out),
            Origin::Text(stranger) => {
                self.phase = Phase::Over;
                self.text_in_vain(&stranger, why, out);
                self.end(Outcome::Unacknowledged, out);
            }
        }
    }

    /// The people to be told are told, and the plan is rung again after a pause, a few times.
    fn alarm_in_vain(&mut self, world: &World<'_>, out: &mut Reaction) {
        self.alarm.rung += 1;
        let left = (MOST_REPEATS + 1).saturating_sub(self.alarm.rung);
        if left == 0 {
            self.phase = Phase::Over;
            self.tell_of_alarm(None, out);
            return self.end(Outcome::Unacknowledged, out);
        }
        let minutes = REST.num_minutes().unsigned_abs();
        self.phase = Phase::Resting { until: world.now + REST };
        out.facts.push(Fact::RingsAgain { minutes, left });
        self.tell_of_alarm(Some((minutes, left)), out);
    }

    /// The pause is over. Who has passed it on is asked again: nobody else took it.
    pub(super) fn ring_again(&mut self, world: &World<'_>, out: &mut Reaction) {
        self.ruled_out.clear();
        self.declined.clear();
        self.begin_search(world, out);
    }

    /// For the story: why the plan is exhausted.
    pub(super) fn why_exhausted(&self, why: InVain) -> String {
        if self.is_acknowledged() && why == InVain::WaitedTooLong {
            return words::RUNG_LONG_ENOUGH.to_owned();
        }
        why.told().to_owned()
    }

    fn tell_of_alarm(&mut self, again: Option<(u64, u16)>, out: &mut Reaction) {
        let Some(incident) = self.incident() else { return };
        let body = self.language().say(Phrase::AlarmInVain {
            hotline: &self.plan.hotline.0,
            title: &incident.title,
            again,
        });
        for to in self.told_of(false).1 {
            self.alarm_text(to, &body, out);
        }
    }

    fn alarm_text(&mut self, to: Phone, body: &str, out: &mut Reaction) {
        out.facts.push(Fact::AlarmTold { to: to.clone() });
        self.order_text(to, body, out);
    }

    pub(super) fn end(&mut self, outcome: Outcome, out: &mut Reaction) {
        self.outcome = Some(outcome);
        out.facts.push(Fact::Ended { outcome });
    }
}

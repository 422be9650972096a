//! What is promised of alarms, in terms of people.

use super::{Habit, Night};
use chrono::{DateTime, TimeDelta, Utc};
use rotaline::call::{Call, LegId, Origin, Outcome};
use rotaline::simulator::heard::Sound;

/// Said to whoever acknowledges, and to nobody else.
const YOURS: &str = "You take care of it";
/// For so long after its end a phone may ring for an alarm.
const MOMENT: TimeDelta = TimeDelta::seconds(3);

impl Night<'_> {
    /// Each alarm of the scenario with its call and, where it is over by itself, when.
    fn alarms(&self) -> impl Iterator<Item = (&str, &Call, Option<DateTime<Utc>>)> {
        let over = |ms: i64| self.desk.begin + TimeDelta::milliseconds(ms);
        self.scenario
            .alarms
            .iter()
            .map(move |alarm| (alarm.title.as_str(), self.raised_by(&alarm.title), alarm.over_ms.map(over)))
    }

    fn raised_by(&self, title: &str) -> &Call {
        let is_it = |call: &&Call| matches!(call.origin(), Origin::Incident(incident) if incident.title == title);
        self.desk.calls.values().find(is_it).unwrap()
    }

    fn lines_of(call: &Call) -> Vec<&str> {
        let legs = (1..=600).map_while(|leg| call.leg(LegId(leg)));
        legs.filter_map(|leg| Some(leg.line.as_ref()?.0.as_str())).collect()
    }

    /// Whose phones told them that they take care of it.
    fn takers<'c>(&self, call: &'c Call) -> Vec<&'c str> {
        let takes = |sid: &&str| {
            let heard = self.desk.network.heard(sid);
            heard
                .iter()
                .any(|heard| matches!(&heard.what, Sound::Said(words) if words.contains(YOURS)))
        };
        Self::lines_of(call).into_iter().filter(takes).collect()
    }

    fn texts_about(&self, title: &str, what: &str) -> usize {
        let texts = self.desk.network.texts().iter();
        texts.filter(|text| text.body.contains(title) && text.body.contains(what)).count()
    }

    /// Somebody takes care of it, or it is over, or those who are to be told are.
    pub(super) fn every_alarm_comes_to_an_end(&self) -> Vec<String> {
        let mut broken = Vec::new();
        let tell = self.scenario.rules.tell.len();
        for (title, call, over) in self.alarms() {
            let takers = self.takers(call).len();
            let yours = self.texts_about(title, "you take care");
            let in_vain = self.texts_about(title, "Nobody is rung any more");
            let right = match call.outcome() {
                Some(Outcome::Acknowledged) => takers <= 1 && yours <= 1 && in_vain == 0 && (!self.scenario.kind || yours == 1),
                Some(Outcome::Resolved) => over.is_some() && takers + yours + in_vain == 0,
                Some(Outcome::Unacknowledged) => takers + yours == 0 && in_vain <= tell && (!self.scenario.kind || in_vain == tell),
                Some(
                    Outcome::Served
                    | Outcome::Recorded
                    | Outcome::CallbackAsked
                    | Outcome::CallerHungUp
                    | Outcome::NoMessage
                    | Outcome::CutOff
                    | Outcome::Refused
                    | Outcome::CalledBack
                    | Outcome::NotCalledBack
                    | Outcome::PutThrough
                    | Outcome::NotPutThrough,
                )
                | None => false,
            };
            if !right {
                broken.push(format!(
                    "{title} ended {:?}: {takers} took it, {yours} texts, {in_vain} told",
                    call.outcome()
                ));
            }
        }
        broken
    }

    /// It takes a person and a key.
    pub(super) fn only_who_presses_1_takes_care_of_an_alarm(&self) -> Vec<String> {
        let presses = |habit: Habit| match habit {
            Habit::Accepts { .. }
            | Habit::AcceptsAtOnce { .. }
            | Habit::AcceptsLate
            | Habit::CallScreening { .. }
            | Habit::AssistantListens { .. }
            | Habit::WrongKey { .. }
            | Habit::DropsWhileJoining { .. }
            | Habit::StepsAside { .. } => true,
            Habit::Ignores
            | Habit::Busy
            | Habit::Rejects { .. }
            | Habit::Voicemail { .. }
            | Habit::Declines { .. }
            | Habit::PressesNothing { .. }
            | Habit::HangsUp { .. }
            | Habit::Unreachable
            | Habit::InvalidNumber => false,
        };
        let takers = self.alarms().flat_map(|(_, call, _)| self.takers(call));
        takers
            .filter(|sid| {
                !self
                    .desk
                    .network
                    .number_of(sid)
                    .and_then(|number| self.habit(number))
                    .is_some_and(presses)
            })
            .map(|sid| format!("{sid} takes care of an alarm and never pressed 1"))
            .collect()
    }

    /// On a kind night no phone begins to ring, or rings on, for an alarm that has been over for a moment.
    pub(super) fn nobody_is_rung_for_what_is_over(&self) -> Vec<String> {
        let mut broken = Vec::new();
        for (title, call, over) in self.alarms() {
            let Some(over) = over.filter(|_| self.scenario.kind) else {
                continue;
            };
            let lines = Self::lines_of(call);
            let rings = self
                .desk
                .network
                .rung()
                .into_iter()
                .filter(|ring| lines.contains(&ring.sid.as_str()));
            let late = rings.filter(|ring| ring.until.is_none_or(|until| until > over + MOMENT));
            broken.extend(late.map(|ring| format!("{title} was over at {over}: {ring:?}")));
        }
        broken
    }
}

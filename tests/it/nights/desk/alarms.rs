//! Alarms that nobody calls about: raised and over, as the switchboard and the store do it.

use super::{Call, CallId, Desk, Event, Planted, World};
use chrono::{DateTime, TimeDelta, Utc};
use rotaline::call::{Command, HotlineName, Incident, Origin, Outcome, Reaction};
use uuid::Uuid;

/// What happens to an alarm of the scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum News {
    Raised,
    Over,
}

impl Desk {
    /// The call of the alarm with this place in the scenario.
    pub(in super::super) fn alarm(n: usize) -> CallId {
        CallId(Uuid::from_u128(1_000 + u128::try_from(n).unwrap()))
    }

    pub(super) fn news_of(alarms: &[super::super::scenario::Alarm], begin: DateTime<Utc>) -> Vec<(DateTime<Utc>, usize, News)> {
        let at = |ms: i64| begin + TimeDelta::milliseconds(ms);
        let news = alarms.iter().enumerate().flat_map(|(n, alarm)| {
            let over = alarm.over_ms.map(|ms| (at(ms), n, News::Over));
            [(at(alarm.at_ms), n, News::Raised)].into_iter().chain(over)
        });
        news.collect()
    }

    pub(super) fn alarms_come(&mut self) {
        let mut due: Vec<_> = self.news.iter().copied().filter(|(at, _, _)| *at <= self.now).collect();
        due.sort_by_key(|(at, _, _)| *at);
        self.news.retain(|(at, _, _)| *at > self.now);
        for (_, n, news) in due {
            match news {
                News::Raised => self.raise(n),
                News::Over if self.planted == Some(Planted::AlarmsNeverOver) => {}
                News::Over => self.happens(Self::alarm(n), &Event::Resolved),
            }
        }
    }

    fn raise(&mut self, n: usize) {
        let title = self.scenario.alarms[n].title.clone();
        let incident = Incident {
            key: title.clone(),
            title,
            details: "Room <12> & 13".into(),
        };
        let (engaged, away) = (self.engaged(None), self.away());
        let world = World::new(self.now, &engaged, &away);
        let id = Self::alarm(n);
        let (call, reaction) = Call::raise(id, self.plan(HotlineName("lab & co".into()), None), incident, &world);
        self.calls.insert(id, call);
        self.note(id, "is raised", &reaction);
        self.order(id, reaction);
    }

    /// What our own work would look like with a fault in it.
    pub(super) fn spoilt(&self, id: CallId, mut reaction: Reaction) -> Reaction {
        let in_vain = self.calls[&id].outcome() == Some(Outcome::Unacknowledged);
        let is_text = matches!(self.calls[&id].origin(), Origin::Text(_));
        if in_vain && is_text && self.planted == Some(Planted::SendersForgotten) {
            reaction.commands.clear();
        }
        if in_vain && !is_text && self.planted == Some(Planted::AlarmsInVainUntold) {
            reaction.commands.retain(|command| !matches!(command, Command::Text { .. }));
        }
        self.texted_on_both(&mut reaction);
        self.strangers_are_reached(&mut reaction);
        reaction
    }
}

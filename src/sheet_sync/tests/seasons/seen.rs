//! What callers and admins see of one hotline, compared with what must hold.

use super::super::*;
use super::model::Model;
use super::paper::Who;
use super::planted::Planted;
use crate::roster::{Duty, OnCall};

pub(super) struct Seen {
    rota: Option<Arc<CurrentRota>>,
    planted: Option<Planted>,
    pub(super) revision: Option<Revision>,
    pub(super) checked: Option<DateTime<Utc>>,
    pub(super) trouble: Option<DateTime<Utc>>,
}

impl Seen {
    pub(super) async fn look(store: &Store, number: usize, planted: Option<Planted>, clock: &Clock) -> Self {
        let hotline = super::name(number);
        let mut rota = store.rota(&hotline).await.unwrap();
        let mut trouble = store.trouble(&hotline).await.unwrap().map(|trouble| trouble.since);
        if let Some(rota) = &rota {
            assert_eq!(rota.trouble.as_ref().map(|trouble| trouble.since), trouble);
        }
        let mut checked = rota.as_ref().map(|rota| rota.checked_at);
        match planted {
            Some(Planted::RosterLost) if trouble.is_some() => rota = None,
            Some(Planted::TroubleHidden) => trouble = None,
            Some(Planted::TroubleStays) => trouble = trouble.or(checked),
            Some(Planted::CheckedAtLies) => checked = checked.map(|_| clock.now()),
            _ => {}
        }
        Self {
            revision: rota.as_ref().map(|rota| rota.revision.clone()),
            rota,
            planted,
            checked,
            trouble,
        }
    }

    fn who(&self, at: DateTime<Utc>) -> Option<Who> {
        let rota = self.rota.as_ref()?;
        Some(match rota.roster.on_call(at) {
            OnCall::Duty(duty) if self.planted == Some(Planted::HoldsForgotten) && rota.held_since(duty).is_some() => Who::Hole,
            OnCall::Duty(duty) => self.people(duty),
            OnCall::Gap { .. } if self.planted == Some(Planted::HoldsNeverEnd) => {
                let last = rota.held.iter().rfind(|span| span.duty.until <= at);
                last.map_or(Who::Hole, |span| self.people(&span.duty))
            }
            OnCall::Gap { .. } => Who::Hole,
        })
    }

    fn people(&self, duty: &Duty) -> Who {
        if duty.levels.is_empty() {
            return Who::Nobody;
        }
        let number = |e164: &str| match self.planted {
            Some(Planted::OldNumbers) => "+61491570156".to_owned(),
            _ => e164.to_owned(),
        };
        let people = duty.levels.iter().flat_map(|level| level.responders.iter());
        Who::People(people.map(|person| (person.name.clone(), number(person.phone.address()))).collect())
    }

    /// Of whom a caller reaches, now and, looked at thoroughly, in the days to come.
    pub(super) fn broken(&self, model: &Model, now: DateTime<Utc>, is_thorough: bool) -> Vec<String> {
        let steps = if is_thorough { 60 } else { 0 };
        let mut broken = Vec::new();
        for step in 0..=steps {
            let at = now + TimeDelta::minutes(95 * step);
            let (seen, due) = (self.who(at), model.who(at));
            if seen != due {
                broken.push(format!("at {at} a caller reaches {seen:?}, not {due:?}"));
                break;
            }
        }
        broken
    }

    /// Of what the admin is told.
    pub(super) fn notes_broken(&self, model: &Model) -> Vec<String> {
        let ms = |at: Option<DateTime<Utc>>| at.map(|at| at.timestamp_millis());
        let mut broken = Vec::new();
        if ms(self.checked) != ms(model.checked) {
            broken.push(format!("checked at {:?}, not {:?}", self.checked, model.checked));
        }
        if ms(self.trouble) != ms(model.trouble) {
            broken.push(format!("trouble since {:?}, not {:?}", self.trouble, model.trouble));
        }
        broken
    }
}

pub(super) async fn history_broken(store: &Store, number: usize, model: &Model, planted: Option<Planted>) -> Vec<String> {
    let mut versions = store.versions(&super::name(number), 200).await.unwrap();
    if planted == Some(Planted::HistoryLacksNewest) && !versions.is_empty() {
        versions.remove(0);
    }
    let mut broken = Vec::new();
    if versions.len() > 100 {
        broken.push(format!("{} versions in the history", versions.len()));
    }
    let newest = versions.first().map(|version| &version.revision);
    let is_right = newest == model.judged.as_ref() || (newest.is_some() && newest == model.judged_perhaps.as_ref());
    if !is_right {
        broken.push(format!("the history's newest is {newest:?}, not {:?}", model.judged));
    }
    broken
}

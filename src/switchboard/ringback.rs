//! Callbacks that somebody wants to make now: who is rung for it, and with which call. Whether it may begin is decided in the
//! transaction that keeps the call, so that nobody is called back by two at once.

use super::exchange::Exchange;
use super::{RungBack, SwitchboardError};
use crate::call::{Call, CallId, CallingBack, Hindrance, HotlineName, Plan, Reaction, Rules, World};
use crate::roster::wall_clock::Zone;
use crate::roster::{OnCall, Responder};
use crate::store::{Callback, CalledBack, CurrentRota};
use chrono::{DateTime, Utc};
use std::sync::Arc;

/// How the page's wish is told in the story.
const FROM_THE_PAGE: &str = "asked for on the page";

/// Why nobody is rung.
enum Not {
    Nobody,
    Hindered(String, Hindrance),
}

impl Exchange {
    /// Rings somebody of the first level for a callback: the one of this name, else the first who can make it.
    pub(super) async fn call_back(&self, hotline: &HotlineName, id: u32, name: Option<&str>) -> Result<RungBack, SwitchboardError> {
        let rota = self.store.rota(hotline).await?;
        let rules = self.rules(hotline, rota.as_deref());
        let new = self.new_call();
        let now = self.clock.now();
        let make = |world: &World<'_>, callback: &Callback| {
            let first = first_level(rota.as_deref(), name, world);
            let what = calling_back(callback, rota.as_deref(), now);
            let who = chosen(first, &what, &rules, callback, world)?;
            let plan = Plan::of_one(hotline.clone(), who, FROM_THE_PAGE, rules);
            Ok(Call::ring_back(new, what, plan, world))
        };
        let hand = self.hand();
        match self.store.call_back(hotline, id, now, hand.as_ref(), make).await? {
            CalledBack::Begun(change) => Ok(RungBack::Begun(self.hand_on(*change).await.id())),
            CalledBack::NotOpen => Ok(RungBack::NotOpen),
            CalledBack::Not(Not::Nobody) => Ok(RungBack::Nobody),
            CalledBack::Not(Not::Hindered(name, why)) => Ok(RungBack::Hindered { name, why }),
        }
    }

    /// How the hotline rings, and whom: its own country may be the one that the rota names.
    pub(super) fn rules(&self, hotline: &HotlineName, rota: Option<&CurrentRota>) -> Rules {
        let mut rules = self.lines.get(hotline).map(|line| line.rules.clone()).unwrap_or_default();
        rules.reach = rules.reach.with_country_of_sheet(rota.and_then(|rota| rota.roster.country()));
        rules
    }
}

/// The call of somebody who has asked by text.
pub(super) fn by_text(
    new: CallId,
    hotline: &HotlineName,
    what: CallingBack,
    who: Responder,
    rules: Rules,
    world: &World<'_>,
) -> (Call, Reaction) {
    let plan = Plan::of_one(hotline.clone(), who, "asked for by text", rules);
    Call::ring_back(new, what, plan, world)
}

/// A callback as its call has to know it.
pub(super) fn calling_back(callback: &Callback, rota: Option<&CurrentRota>, now: DateTime<Utc>) -> CallingBack {
    let zone = Zone::new(rota.map_or(chrono_tz::UTC, |rota| rota.roster.time_zone));
    let (asked, today) = (zone.to_local(callback.asked_at), zone.to_local(now).date());
    let format = if asked.date() == today { "%H:%M" } else { "%Y-%m-%d %H:%M" };
    CallingBack {
        id: callback.id,
        number: callback.number.clone(),
        asked_at: callback.asked_at,
        shown: asked.format(format).to_string(),
    }
}

/// Who can be meant, those who are not away first.
fn first_level(rota: Option<&CurrentRota>, name: Option<&str>, world: &World<'_>) -> Vec<Responder> {
    let unread = OnCall::Gap { from: None, until: None };
    let responders = match rota.map_or(unread, |rota| rota.roster.on_call(world.now)) {
        OnCall::Duty(duty) => duty.levels.first().map_or(&[][..], |level| &level.responders),
        OnCall::Gap { .. } => &[],
    };
    let meant = responders
        .iter()
        .map(Arc::as_ref)
        .filter(|who| name.is_none_or(|name| who.name == name));
    let mut meant: Vec<Responder> = meant.cloned().collect();
    meant.sort_by_key(|who| who.said(world.away()).is_some());
    meant
}

fn chosen(of: Vec<Responder>, what: &CallingBack, rules: &Rules, callback: &Callback, world: &World<'_>) -> Result<Responder, Not> {
    let mut first = None;
    for who in of {
        match what.hindrance(&who, rules, callback.calling.as_deref(), world.engaged()) {
            None => return Ok(who),
            Some(why) => _ = first.get_or_insert(Not::Hindered(who.name, why)),
        }
    }
    Err(first.unwrap_or(Not::Nobody))
}

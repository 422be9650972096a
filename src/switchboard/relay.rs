//! What a text means for calls that are there: whose it is, what the call hears of it, and who is rung first when somebody who
//! has talked calls again. It must not know what a text says.

use super::exchange::Exchange;
use crate::call::{Acquaintance, Event, HotlineName};
use crate::roster::Phone;
use crate::roster::wall_clock::to_local;
use crate::store::{Course, CurrentRota, OpenRelay, TextWorld};
use crate::texts::Relay;

impl Exchange {
    /// The hotlines that have this number, of which the first answers it: its own, or that of whoever presses no key where
    /// the number is a menu's, and then those to which the menu leads.
    pub(super) fn hotlines_at(&self, number: &Phone) -> Vec<HotlineName> {
        let Some(menu) = self.menu_of(number) else {
            return self.hotline_of(number).into_iter().collect();
        };
        let mut names = vec![menu.otherwise.clone()];
        for name in menu.leads_to() {
            if !names.contains(name) {
                names.push(name.clone());
            }
        }
        names
    }

    /// Who spoke with this caller so lately that he is rung first.
    pub(super) async fn acquaintance(
        &self,
        hotline: &HotlineName,
        rota: Option<&CurrentRota>,
        caller: Option<&Phone>,
    ) -> Option<Acquaintance> {
        let found = self.store.acquaintance(hotline, caller?, self.clock.now()).await;
        let relay = found.unwrap_or_else(|error| {
            tracing::error!(%hotline, %error, "with whom a caller has spoken cannot be read; the plan is rung as ever");
            None
        })?;
        // As the rota has him now, who may be known by his other phone.
        let contacts = rota.into_iter().flat_map(|rota| &rota.roster.contacts);
        let same = contacts.map(AsRef::as_ref).find(|who| who.has(&relay.responder.phone));
        let who = match same {
            Some(who) if who.phone == relay.responder.phone => Some(who.clone()),
            Some(who) => who.on_the_other_phone(),
            None => None,
        };
        let zone = rota.map_or(chrono_tz::UTC, |rota| rota.roster.time_zone);
        Some(Acquaintance {
            at: to_local(zone, relay.talked_at).format("%H:%M").to_string(),
            who: who.unwrap_or(relay.responder),
        })
    }
}

/// With whom the sender can exchange texts.
pub(super) fn relays(world: &TextWorld, sender: &Phone) -> Vec<Relay> {
    let relay = |(relay, is_others_newest): &(OpenRelay, bool)| Relay {
        is_responders: relay.responder.phone == *sender,
        talked_at: relay.talked_at,
        is_others_newest: *is_others_newest,
    };
    world.relays.iter().map(relay).collect()
}

/// The call in which they talked passes a text on.
pub(super) fn passed_on(world: &TextWorld, relay: usize, sender: &Phone, body: String) -> Course {
    let Some((relay, _)) = world.relays.get(relay) else {
        return Course::Refused;
    };
    Course::Handled {
        call: relay.call,
        event: Event::PassOn {
            from: sender.clone(),
            to: relay.other_than(sender).clone(),
            body,
        },
    }
}

/// The call in which phones ring for an earlier text of the sender takes in this one.
pub(super) fn added(world: &TextWorld, body: String) -> Course {
    world.ringing.map_or(Course::Refused, |call| Course::Handled {
        call,
        event: Event::TextAdded { body },
    })
}

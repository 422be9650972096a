//! What a night on the real store leaves behind, as the invariants look at it.

use super::{CallId, Desk, Event, LegId, Reaction, Scenario};
use chrono::{DateTime, TimeDelta, Utc};
use rotaline::call::{Call, Origin};
use rotaline::simulator::PhoneNetwork;
use rotaline::store::Entry;
use std::collections::BTreeMap;

/// What was kept, and what the network has to tell.
pub(in super::super) struct Kept {
    pub(in super::super) begin: DateTime<Utc>,
    pub(in super::super) network: PhoneNetwork,
    pub(in super::super) calls: Vec<Call>,
    pub(in super::super) entries: Vec<Entry>,
    /// What the log of each call says, for a person who reads a failed night.
    pub(in super::super) log: Vec<String>,
    /// How many calls of the network each order to dial became.
    pub(in super::super) dialled: BTreeMap<(CallId, LegId), u32>,
    pub(in super::super) longest_idle: TimeDelta,
}

impl Desk {
    pub(in super::super) fn of_what_was_kept(scenario: &Scenario, kept: Kept) -> Self {
        let mut desk = Self::new(scenario, None);
        let mut calls = kept.calls;
        calls.sort_by_key(Call::id);
        for call in calls {
            let id = call.id();
            if matches!(call.origin(), Origin::Caller)
                && let Some(line) = call.line(call.came_in_on())
            {
                desk.lines.push((line.0.clone(), id));
            }
            // A leg is ordered once, and may be dialled or not.
            let legs = (1..=600).map(LegId).take_while(|leg| call.leg(*leg).is_some());
            let ordered = legs.map(|leg| ((id, leg), kept.dialled.get(&(id, leg)).copied().unwrap_or_default().max(1)));
            desk.ordered.extend(ordered);
            desk.calls.insert(id, call);
        }
        assert!(
            kept.dialled.keys().all(|leg| desk.ordered.contains_key(leg)),
            "somebody was dialled for no leg of any call"
        );
        for entry in kept.entries {
            desk.now = entry.at;
            let reaction = Reaction {
                facts: vec![entry.fact],
                ..Reaction::default()
            };
            // As it went through the pure desk, but for what is ordered.
            let reaction = desk.promised(entry.call, &Event::Tick, reaction);
            desk.line.note(entry.call, &reaction);
        }
        desk.begin = kept.begin;
        desk.network = kept.network;
        desk.log = kept.log;
        desk.longest_idle = kept.longest_idle;
        desk
    }
}

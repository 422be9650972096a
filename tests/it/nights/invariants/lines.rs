//! Whose a line of the network is.

use super::{Call, CallId, Caller, Night};
use rotaline::call::{CALLER, LegId};
use std::collections::BTreeSet;

impl Night<'_> {
    /// Caller's line, call, and who called, in the order of arrival; apart from responders who are put through.
    pub(super) fn calls(&self) -> impl Iterator<Item = (&str, &Call, &Caller)> {
        let of_callers = self.desk.lines.iter().filter(|(_, id)| self.desk.calls[id].came_in_on() == CALLER);
        of_callers.map(|(line, id)| {
            let call = &self.desk.calls[id];
            // Lines are named in the order of dialling, which is the order of the callers' times.
            let caller = self.caller_of(line);
            (line.as_str(), call, caller)
        })
    }

    pub(super) fn caller_of(&self, line: &str) -> &Caller {
        let mut callers: Vec<&Caller> = self.scenario.callers.iter().collect();
        callers.sort_by_key(|caller| caller.at_ms);
        let inbound: Vec<&str> = self.inbound();
        callers[inbound.iter().position(|sid| *sid == line).unwrap()]
    }

    fn inbound(&self) -> Vec<&str> {
        let outbound: BTreeSet<&str> = self
            .desk
            .network
            .dialled()
            .iter()
            .flat_map(|to| self.desk.network.sids_of(to))
            .collect();
        let dialled_in = |sid: &&str| !outbound.contains(sid) || self.has_dialled_in(sid);
        self.desk.network.sids().into_iter().filter(dialled_in).collect()
    }

    /// A caller's own number may be dialled as well, so the lines of callers are known by their calls.
    fn has_dialled_in(&self, sid: &str) -> bool {
        // Whoever hangs up at the question before the call has none.
        self.desk.asked.contains(sid) || self.desk.lines.iter().any(|(line, _)| line == sid)
    }

    /// Whether a caller is on this line: he has dialled, is called back, or is rung again.
    pub(super) fn is_callers(&self, sid: &str) -> bool {
        self.has_dialled_in(sid) || self.is_called_back(sid) || self.is_rung_again(sid)
    }

    pub(super) fn legs(&self) -> impl Iterator<Item = &str> {
        self.desk.network.sids().into_iter()
    }

    /// The call that a leg belongs to, and whether it is the caller's.
    pub(super) fn call_of(&self, sid: &str) -> Option<(CallId, bool)> {
        if let Some((_, call)) = self.desk.lines.iter().find(|(line, _)| line == sid) {
            return Some((*call, self.desk.calls[call].came_in_on() == CALLER));
        }
        let calls_him = |call: &&Call| call.line(CALLER).is_some_and(|line| line.0 == sid);
        if let Some(call) = self.desk.calls.values().find(calls_him) {
            return Some((call.id(), true));
        }
        let has = |call: &&Call| {
            (1..=600)
                .map_while(|leg| call.leg(LegId(leg)))
                .any(|leg| leg.line.as_ref().is_some_and(|line| line.0 == sid))
        };
        self.desk.calls.values().find(has).map(|call| (call.id(), false))
    }
}

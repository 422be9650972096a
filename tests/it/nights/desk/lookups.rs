//! What has become of a line or of an order to dial, asked of the carrier as the worker does it.

use super::{CALLER, CarrierError, Desk, DialOrder, Event, LegId, LineId, Order, RestRequest, answer, hotline, never_arrived};
use chrono::{DateTime, TimeDelta, Utc};
use rotaline::roster::Phone;
use std::collections::BTreeSet;

impl Desk {
    /// The carrier says of a line that it is not in progress also before it is; then nothing is to be done.
    pub(super) fn update_unless_over(&mut self, order: Order, leg: LegId, line: &LineId, request: &RestRequest) {
        let outcome = self.rest(request).and_then(|taken| answer::updated(&taken));
        let outcome = match outcome {
            Err(CarrierError::Gone) => self.look_after(line),
            otherwise => otherwise,
        };
        self.updated(order, leg, outcome);
    }

    fn look_after(&mut self, line: &LineId) -> Result<(), CarrierError> {
        let found = self.rest(&self.account.fetch(line)).and_then(|taken| answer::line(&taken))?;
        if found.is_over() { Err(CarrierError::Gone) } else { Ok(()) }
    }

    pub(super) fn find(&mut self, order: Order, leg: LegId, to: Phone, since: DateTime<Utc>) {
        let dial = DialOrder {
            call: order.call,
            leg,
            from: hotline(),
            to,
            ring_seconds: 0,
            detection: None,
        };
        let mut found = Vec::new();
        for request in self.account.find(&dial, since) {
            match self.rest(&request).and_then(|taken| answer::page(&taken)) {
                Ok(page) => found.extend(
                    page.calls
                        .into_iter()
                        .filter(|call| call.date_created >= since - TimeDelta::seconds(3)),
                ),
                Err(_) => return self.again(order, Event::Refused { leg, why: never_arrived() }),
            }
        }
        let known: BTreeSet<LineId> = self
            .calls
            .values()
            .flat_map(|call| (1..=600).map_while(|leg| call.leg(LegId(leg))).chain(call.leg(CALLER)))
            .filter_map(|leg| leg.line.clone())
            .collect();
        found.retain(|call| !known.contains(&LineId(call.sid.clone())));
        match found.into_iter().min_by_key(|call| call.date_created) {
            Some(call) => self.happens(
                order.call,
                &Event::Placed {
                    leg,
                    line: LineId(call.sid),
                },
            ),
            None => self.again(order, Event::Refused { leg, why: never_arrived() }),
        }
    }
}

//! The callers who are put through without the store, and how their calls hear of it, so that nothing is done to their lines
//! meanwhile. It must not know who is rung for them.

use super::{Switchboard, SwitchboardError};
use crate::call::{CALLER, Ending, Event, LineId};
use chrono::TimeDelta;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// For so long a call is told that its caller is put through elsewhere, while the store fails.
const TOLD_FOR: TimeDelta = TimeDelta::minutes(30);
/// By then a call is kept whose arrival was on its way when its caller was put through.
const KEPT_BY: TimeDelta = TimeDelta::minutes(1);
/// A caller waits no longer than this for his call to be told: a store that works takes some ms, and while it does not, whoever is
/// answered late may not be answered at all.
const TOLD_WITHIN: Duration = Duration::from_millis(300);
/// From the first try to the second; then twice as long each time.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
/// At most so long from one try to the next; and how long one may take.
const BETWEEN: Duration = Duration::from_secs(5);
/// Of more lines it is not remembered.
const MOST_UNTOLD: usize = 10_000;

/// The lines whose callers are put through here, of which their calls do not know yet; and whether they have talked.
#[derive(Debug, Default)]
pub(super) struct Untold(Mutex<BTreeMap<LineId, bool>>);

impl Untold {
    fn lines(&self) -> MutexGuard<'_, BTreeMap<LineId, bool>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether nobody tells of this line yet.
    pub(super) fn add(&self, line: LineId, talked: bool) -> bool {
        let mut lines = self.lines();
        if let Some(known) = lines.get_mut(&line) {
            *known |= talked;
            return false;
        }
        let has_room = lines.len() < MOST_UNTOLD;
        if has_room {
            lines.insert(line, talked);
        }
        has_room
    }

    /// What a line's call is to be told.
    pub(super) fn event(&self, line: &LineId) -> Option<Event> {
        let talked = *self.lines().get(line)?;
        Some(Event::Makeshift { talked })
    }

    /// It was told this; whether there is more to tell by now.
    fn remove(&self, line: &LineId, told: &Event) -> bool {
        let mut lines = self.lines();
        let has_more = lines.get(line).is_some_and(|talked| *told != Event::Makeshift { talked: *talked });
        if !has_more {
            lines.remove(line);
        }
        has_more
    }

    fn forget(&self, line: &LineId) {
        self.lines().remove(line);
    }
}

impl Switchboard {
    /// Tells the call of this line, where the store knows one, that its caller is put through here, and whether he has talked
    /// with somebody: nobody is rung for it any more, and his line is left alone. While the store is in order, comes back when
    /// that is kept: so it is known even if this process dies right after the answer. No caller waits for a store that is not.
    pub async fn leave_alone(&self, line: LineId, talked: bool) {
        if !self.exchange.untold.add(line.clone(), talked) {
            return;
        }
        let switchboard = self.clone();
        let tried = tokio::spawn(async move {
            if switchboard.tries_to_tell(&line).await.is_some() {
                tokio::spawn(async move { switchboard.tell_of_makeshift(line).await });
            }
        });
        let _ = tokio::time::timeout(TOLD_WITHIN, tried).await;
    }

    /// Again and again while the store fails, and while the call's arrival may still be on its way to the store.
    async fn tell_of_makeshift(&self, line: LineId) {
        let (since, mut pause) = (self.exchange.clock.now(), FIRST_PAUSE);
        while let Some(patience) = self.tries_to_tell(&line).await {
            if self.exchange.clock.now() - since > patience {
                return self.exchange.untold.forget(&line);
            }
            tokio::time::sleep(pause).await;
            pause = BETWEEN.min(pause * 2);
        }
    }

    /// One try; none where there is nothing more to tell, otherwise for how long it is worth another one.
    async fn tries_to_tell(&self, line: &LineId) -> Option<TimeDelta> {
        let event = self.exchange.untold.event(line)?;
        match tokio::time::timeout(BETWEEN, self.told_of_makeshift(line, event.clone())).await {
            Ok(Ok(true)) => self.exchange.untold.remove(line, &event).then_some(TOLD_FOR),
            Ok(Ok(false)) => Some(KEPT_BY),
            Ok(Err(_)) | Err(_) => Some(TOLD_FOR),
        }
    }

    /// Whether there is a call of this line, which knows it now.
    async fn told_of_makeshift(&self, line: &LineId, event: Event) -> Result<bool, SwitchboardError> {
        let Some((call, leg)) = self.leg_by_line(line).await? else {
            return Ok(false);
        };
        if leg == CALLER {
            self.event(call, event).await?;
        } else {
            // A responder who has called to be put through to somebody: he is not the caller of that call.
            self.event(call, Event::Ended { leg, how: Ending::Gone }).await?;
        }
        Ok(true)
    }
}

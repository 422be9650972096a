//! Whose order to dial goes next, where not all may go at once: hotlines in turn, in each of them its calls in turn, of each
//! call the oldest order. So nobody who orders many keeps one who orders one waiting for all of them.
//!
//! Pure: it remembers whose turn it was, and nothing of who does not wait any more.

use crate::call::{CallId, HotlineName};
use crate::store::WaitingDial;
use std::collections::BTreeMap;

/// Whose turn it was when, by counting the turns.
#[derive(Debug, Default)]
pub(super) struct Turns {
    given: u64,
    hotlines: BTreeMap<HotlineName, u64>,
    calls: BTreeMap<CallId, u64>,
}

impl Turns {
    /// Up to so many of those who wait, the oldest first, in the order in which they are to go.
    pub(super) fn choose(&mut self, waiting: Vec<WaitingDial>, most: usize) -> Vec<WaitingDial> {
        self.hotlines
            .retain(|hotline, _| waiting.iter().any(|dial| dial.hotline == *hotline));
        self.calls.retain(|call, _| waiting.iter().any(|dial| dial.call == *call));
        let mut left = waiting;
        let mut chosen = Vec::new();
        while chosen.len() < most
            && let Some(next) = self.next(&left)
        {
            let dial = left.remove(next);
            self.given += 1;
            self.hotlines.insert(dial.hotline.clone(), self.given);
            self.calls.insert(dial.call, self.given);
            chosen.push(dial);
        }
        chosen
    }

    /// Whose last turn is the longest ago; of those who had none the oldest.
    fn next(&self, left: &[WaitingDial]) -> Option<usize> {
        let last = |dial: &WaitingDial| (self.hotlines.get(&dial.hotline), self.calls.get(&dial.call));
        left.iter().enumerate().min_by_key(|(_, dial)| last(dial)).map(|(n, _)| n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn dial(id: i64, hotline: &str, call: u128) -> WaitingDial {
        WaitingDial {
            id,
            call: CallId(Uuid::from_u128(call)),
            hotline: HotlineName(hotline.to_owned()),
        }
    }

    fn go(turns: &mut Turns, waiting: &[WaitingDial], most: usize) -> Vec<i64> {
        turns.choose(waiting.to_vec(), most).iter().map(|dial| dial.id).collect()
    }

    #[test]
    fn a_level_of_many_keeps_nobody_waiting_for_all_of_it() {
        let waiting = [1, 2, 3].map(|id| dial(id, "lab", 1)).into_iter();
        let waiting: Vec<_> = waiting.chain([dial(4, "lab", 2), dial(5, "lab", 3)]).collect();
        assert_eq!(go(&mut Turns::default(), &waiting, 9), [1, 4, 5, 2, 3]);
        assert_eq!(go(&mut Turns::default(), &waiting, 2), [1, 4]);
    }

    #[test]
    fn hotlines_take_turns_whatever_they_order() {
        let waiting = [dial(1, "lab", 1), dial(2, "lab", 2), dial(3, "lab", 3), dial(4, "field", 4)];
        assert_eq!(go(&mut Turns::default(), &waiting, 9), [1, 4, 2, 3]);
    }

    #[test]
    fn it_is_remembered_whose_turn_it_was_until_nobody_waits_there() {
        let mut turns = Turns::default();
        let waiting = [dial(1, "lab", 1), dial(2, "lab", 2), dial(3, "field", 3)];
        assert_eq!(go(&mut turns, &waiting, 1), [1]);
        assert_eq!(go(&mut turns, &waiting[1..], 1), [3], "the lab had its turn");
        assert_eq!(go(&mut turns, &waiting[1..2], 1), [2]);
        assert_eq!(go(&mut turns, &[], 1), [0_i64; 0]);
        assert_eq!((turns.hotlines.len(), turns.calls.len()), (0, 0));
    }
}

//! Nights of callers who want to be called back, drawn in terms of people; drawn apart from all else, so that the people of a
//! seed stay the same.

use super::desk::hotline;
use super::scenario::{Scenario, number};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rotaline::roster::Callbacks;
use rotaline::simulator::habits::{AtQuestion, Delay};
use std::collections::BTreeSet;

/// As somebody in Australia types it: mobile number 600 and so many more.
fn typed(n: usize) -> u64 {
    491_500_600 + u64::try_from(n).unwrap()
}

/// Numbers that nobody is called back on: abroad, a premium one, an emergency number, our own, too long, none at all.
const UNUSABLE: [u64; 6] = [447_700_900_123, 1_900_123_456, 112, 491_500_999, 1_234_567_890_123, 5];

impl Scenario {
    /// The same people, and callers who want to be called back.
    pub(super) fn who_ask(mut self) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(self.seed ^ 0x00ca_11ba);
        let rng = &mut rng;
        self.rules.callbacks = Callbacks::new(Some("AU"), BTreeSet::new(), &[hotline()]);
        self.rules.callback_reminder_minutes = rng.random_range(5..=60);
        for (n, caller) in self.callers.iter_mut().enumerate() {
            let wrong = UNUSABLE[rng.random_range(0..UNUSABLE.len())];
            let right = typed(n);
            caller.habit.question = match rng.random_range(0..12) {
                0..=3 => AtQuestion::PressesOnce('1'),
                4 | 5 => AtQuestion::TypesNumber(right),
                6 => AtQuestion::TypesNumber(wrong),
                7 => AtQuestion::MistypesNumber(wrong, right),
                8 => AtQuestion::WaitsOnThenAsks,
                9 => AtQuestion::PressesOnce(['3', '7', '0'][rng.random_range(0..3)]),
                10 => AtQuestion::HangsUp,
                _ => AtQuestion::Silent,
            };
            caller.habit.star = rng.random_bool(0.7).then_some(Delay::between(2_000, 20_000));
            caller.habit.patience = rng.random_bool(0.6).then_some(Delay::between(8_000, 90_000));
        }
        self.callbacks_done_ms = (0..=self.callers.len())
            .map(|_| rng.random_bool(0.3).then(|| rng.random_range(60_000..7_200_000)))
            .collect();
        let mut rng = ChaCha8Rng::seed_from_u64(self.seed ^ 0x0000_0be2);
        let mut later = || rng.random_bool(0.3).then(|| rng.random_range(60_000..3_600_000));
        self.callbacks_reopened_ms = self.callbacks_done_ms.iter().map(|_| later()).collect();
        self
    }
}

/// Where a caller with this habit may ask to be called back: on the number shown, or on the right one that he types. Whoever
/// types one and is asked something else meanwhile presses the last key, 1, at another question.
pub(super) fn may_want(scenario: &Scenario, n: usize) -> BTreeSet<String> {
    let caller = &scenario.callers[n];
    let shown = caller.from.iter().map(|from| from.address().to_owned());
    match caller.habit.question {
        AtQuestion::Presses('1') | AtQuestion::PressesOnce('1') | AtQuestion::WaitsOnThenAsks => shown.collect(),
        AtQuestion::TypesNumber(typed) | AtQuestion::MistypesNumber(_, typed) => {
            let typed = Some(typed).filter(|typed| !UNUSABLE.contains(typed));
            shown.chain(typed.map(|typed| format!("+61{typed}"))).collect()
        }
        AtQuestion::Presses(_) | AtQuestion::PressesOnce(_) | AtQuestion::Silent | AtQuestion::HangsUp => BTreeSet::new(),
    }
}

#[test]
fn what_is_typed_is_somebodys_number() {
    assert_eq!(number(600).address(), format!("+61{}", typed(0)));
    assert_eq!(hotline().address(), "+61491500999");
    let callbacks = Callbacks::new(Some("AU"), BTreeSet::new(), &[hotline()]);
    assert_eq!(callbacks.typed(&typed(0).to_string()), Some(number(600)));
    let unusable = UNUSABLE.iter().filter(|digits| callbacks.typed(&digits.to_string()).is_some());
    assert_eq!(unusable.count(), 0);
}

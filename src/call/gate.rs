//! The gate before every order that costs money: whom a call may ring and text at all, and how many orders there may be.
//!
//! It is asked for each order before it is kept, and once more before it is carried out, whatever the rest of this room, a sheet
//! or a stolen database has come to. It must not know how orders are counted.

use super::{CALLER, Call, Command, LegId};
use crate::roster::{OutOfReach, Phone};
use serde::{Deserialize, Serialize};

/// How many orders to dial and to text may be given within an hour; 0, any number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Budget {
    /// By the hotline.
    pub here: u32,
    /// By all hotlines.
    pub everywhere: u32,
}

/// How many orders were given within the last hour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spent {
    /// By the hotline.
    pub here: u32,
    /// By all hotlines.
    pub everywhere: u32,
}

impl Spent {
    /// And one more.
    #[must_use]
    pub const fn and_one(self) -> Self {
        Self {
            here: self.here.saturating_add(1),
            everywhere: self.everywhere.saturating_add(1),
        }
    }
}

/// How far a budget is used up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Means {
    /// There is enough.
    #[default]
    Ample,
    /// Four fifths are used up.
    Low,
    /// All of it: only the last resort is rung, and only those who are to know are texted.
    Spent,
    /// Twice as much: nobody is.
    Gone,
}

/// Why an order is not given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Forbidden {
    /// The number is nobody's whom this call may reach.
    Stranger,
    /// The number may not be rung or texted by this hotline.
    OutOfReach(OutOfReach),
    /// There were too many orders.
    Spent,
}

impl Budget {
    /// Whether there is one at all.
    #[must_use]
    pub const fn is_limited(&self) -> bool {
        self.here > 0 || self.everywhere > 0
    }

    /// What is left of it after so many orders.
    #[must_use]
    pub fn left(&self, spent: Spent) -> Means {
        means(self.here, spent.here).max(means(self.everywhere, spent.everywhere))
    }

    /// What an order has just used up, after which there are so many: the hotline's or everybody's, and how much that was.
    #[must_use]
    pub fn passed(&self, spent: Spent) -> Option<(Means, bool, u32)> {
        let step = |most: u32, orders: u32| (orders > 0 && means(most, orders) != means(most, orders - 1)).then(|| means(most, orders));
        let here = step(self.here, spent.here).map(|means| (means, false, self.here));
        here.or_else(|| step(self.everywhere, spent.everywhere).map(|means| (means, true, self.everywhere)))
    }
}

const fn means(most: u32, orders: u32) -> Means {
    let (most, orders) = (most as u64, orders as u64);
    match () {
        () if most == 0 || orders * 5 < most * 4 => Means::Ample,
        () if orders < most => Means::Low,
        () if orders < 2 * most => Means::Spent,
        () => Means::Gone,
    }
}

impl Forbidden {
    /// Why, to go after the name or the number.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Stranger => "the number belongs to nobody whom this call may reach",
            Self::OutOfReach(why) => why.words(),
            Self::Spent => "the calls and texts of this hour are used up (orders_per_hour)",
        }
    }

    /// For counting.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Stranger => "stranger",
            Self::OutOfReach(_) => "out_of_reach",
            Self::Spent => "spent",
        }
    }

    /// Whether the same order would be refused an hour later as well.
    #[must_use]
    pub const fn is_permanent(self) -> bool {
        match self {
            Self::Stranger | Self::OutOfReach(_) => true,
            Self::Spent => false,
        }
    }
}

/// An order that costs money.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Costly<'o> {
    /// To ring a phone.
    Dial {
        /// The leg that is to ring.
        leg: LegId,
        /// Which.
        to: &'o Phone,
    },
    /// To text it.
    Text {
        /// Which.
        to: &'o Phone,
        /// Whose words are passed on, where they are not ours.
        sender: Option<&'o Phone>,
    },
}

impl Command {
    /// What of it costs money; none where nothing does.
    #[must_use]
    pub const fn costs(&self) -> Option<Costly<'_>> {
        match self {
            Self::Dial { leg, to, .. } => Some(Costly::Dial { leg: *leg, to }),
            Self::Text { to, sender, .. } => Some(Costly::Text {
                to,
                sender: sender.as_ref(),
            }),
            Self::Withdraw { .. }
            | Self::Cancel { .. }
            | Self::HangUp { .. }
            | Self::Redirect { .. }
            | Self::Find { .. }
            | Self::LookAfter { .. }
            | Self::Record { .. }
            | Self::StopRecording { .. }
            | Self::FindRecording { .. } => None,
        }
    }
}

impl Call {
    /// Why this call may not give that order while there are such means; none where it may.
    #[must_use]
    pub fn forbids(&self, order: &Command, means: Means) -> Option<Forbidden> {
        let order = order.costs()?;
        let (Costly::Dial { to, .. } | Costly::Text { to, .. }) = order;
        let is_ours = self.plan.rules.callbacks.is_own(to);
        if is_ours || !self.knows(order) {
            return Some(Forbidden::Stranger);
        }
        let rules = &self.plan.rules;
        let is_callers = self.is_callers(to) && rules.callbacks.allows(to);
        if let Some(why) = rules.reach.refusal(to).filter(|_| !is_callers) {
            return Some(Forbidden::OutOfReach(why));
        }
        let is_paid = match means {
            Means::Ample | Means::Low => true,
            Means::Spent => self.plan.has_last_resort(to) || matches!(order, Costly::Text { .. }) && rules.tell.contains(to),
            Means::Gone => false,
        };
        (!is_paid).then_some(Forbidden::Spent)
    }

    /// Whether it is to somebody whom this call may reach so: those of its plan, and whoever is told or has called himself.
    fn knows(&self, order: Costly<'_>) -> bool {
        match order {
            Costly::Dial { leg: CALLER, to } => self.rings_a_caller() == Some(to),
            Costly::Dial { to, .. } => self.plan.has(to),
            Costly::Text { to, .. } => self.plan.has(to) || self.plan.rules.tell.contains(to) || self.is_callers(to),
        }
    }

    fn is_callers(&self, to: &Phone) -> bool {
        self.from.as_ref() == Some(to) || self.rings_a_caller() == Some(to)
    }
}

//! The time line of a roster between two instants, without holes: duties and coverage gaps. It must not know how they
//! are written.

use crate::roster::{Duty, OnCall, Roster};
use chrono::{DateTime, Utc};

/// The time that is asked about, `[from, until)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// What is over by then is left out.
    pub from: DateTime<Utc>,
    /// What begins then or later is left out.
    pub until: DateTime<Utc>,
}

/// One stretch of the time line.
#[derive(Clone, Copy, Debug)]
pub(super) enum Span<'r> {
    /// As it is, though the window may see only a part of it.
    Duty(&'r Duty),
    /// Nobody, unmeant. Where the rota knows no beginning or no end, those of the window.
    Gap {
        from: DateTime<Utc>,
        until: DateTime<Utc>,
        /// There is no duty before it at all.
        is_before_all: bool,
    },
}

impl Span<'_> {
    /// When it begins.
    pub(super) const fn from(&self) -> DateTime<Utc> {
        match self {
            Self::Duty(duty) => duty.from,
            Self::Gap { from, .. } => *from,
        }
    }
}

/// All stretches of the window, in the order of time.
pub(super) fn spans(roster: &Roster, window: Window) -> impl Iterator<Item = Span<'_>> {
    let mut at = window.from;
    std::iter::from_fn(move || {
        if at >= window.until {
            return None;
        }
        let span = match roster.on_call(at) {
            OnCall::Duty(duty) => Span::Duty(duty),
            OnCall::Gap { from, until } => Span::Gap {
                from: from.unwrap_or(window.from),
                until: until.unwrap_or(window.until),
                is_before_all: from.is_none(),
            },
        };
        at = match span {
            Span::Duty(duty) => duty.until,
            Span::Gap { until, .. } => until,
        };
        Some(span)
    })
}

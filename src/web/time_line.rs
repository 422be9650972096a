//! The roster's time line from an instant on, with what lies between the duties.

use crate::roster::{OnCall, Roster};
use chrono::{DateTime, Utc};

/// What holds at `at` and what follows, coverage gaps included, `limit` at most. The last one is the gap
/// without an end that begins where the rota ends.
pub(super) fn time_line(roster: &Roster, at: DateTime<Utc>, limit: usize) -> Vec<OnCall<'_>> {
    let duties = roster.duties();
    let first = duties.partition_point(|duty| duty.until <= at);
    let mut reached = first.checked_sub(1).and_then(|i| duties.get(i)).map(|duty| duty.until);
    let mut spans = Vec::new();
    for duty in duties.iter().skip(first) {
        if spans.len() >= limit {
            return spans;
        }
        // A gap that is over by now is of no interest.
        if duty.from > at && reached.is_none_or(|reached| reached < duty.from) {
            spans.push(OnCall::Gap {
                from: reached,
                until: Some(duty.from),
            });
        }
        spans.push(OnCall::Duty(duty));
        reached = Some(duty.until);
    }
    spans.push(OnCall::Gap {
        from: reached,
        until: None,
    });
    spans.truncate(limit);
    spans
}

/// When it begins and ends, as far as that is known.
pub(super) const fn bounds(span: &OnCall<'_>) -> (Option<DateTime<Utc>>, Option<DateTime<Utc>>) {
    match span {
        OnCall::Duty(duty) => (Some(duty.from), Some(duty.until)),
        OnCall::Gap { from, until } => (*from, *until),
    }
}

//! For how long somebody is away, and when that is over on the wall clock of the rota. It must not know words.

use super::UNTIL_BACK;
use crate::roster::wall_clock::Zone;
use chrono::{DateTime, Days, NaiveTime, TimeDelta, Utc};

/// Nobody is away for longer by a text: that belongs in the rota.
const MOST_DAYS: u32 = 14;
const MOST_MINUTES: u32 = MOST_DAYS * 24 * 60;

/// For how long somebody is away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Span {
    /// Until he is back, and not for ever.
    UntilBack,
    /// So many days on the calendar and so many minutes.
    For { days: u32, minutes: u32 },
    /// Until the clocks show this time next.
    At(NaiveTime),
}

impl Span {
    /// When it is over, in whole minutes; none where it is too long.
    pub(super) fn until(self, zone: &Zone, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let local = zone.to_local(now);
        match self {
            Self::UntilBack => Some(now + UNTIL_BACK),
            Self::For { days, minutes } if days <= MOST_DAYS && minutes <= MOST_MINUTES => {
                let day = local.checked_add_days(Days::new(days.into()))?;
                let from = if days == 0 { now } else { zone.to_utc(day).instant };
                let until = from + TimeDelta::minutes(minutes.into());
                // A change of the clocks may add an hour to the longest.
                (until - now <= TimeDelta::days(MOST_DAYS.into()) + TimeDelta::hours(1)).then_some(until)
            }
            Self::For { .. } => None,
            Self::At(time) => {
                let at = |day: u64| Some(zone.to_utc(local.date().checked_add_days(Days::new(day))?.and_time(time)).instant);
                at(0).filter(|today| *today > now).or_else(|| at(1))
            }
        }
    }
}

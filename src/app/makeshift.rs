//! Tells the operator that callers are put through without the database. It cannot be in any call's story: no story can
//! be written then. What was told is kept in memory only, for the same reason.

use crate::call::HotlineName;
use crate::clock::Clock;
use crate::notices::{Notice, Notifier};
use crate::switchboard::Switchboard;
use chrono::{DateTime, Utc};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Between two notices.
const PAUSE: Duration = Duration::from_secs(30 * 60);

/// Tells of the first caller, and again where there are still such callers after a pause.
pub(super) async fn tell(switchboard: Switchboard, notifier: Notifier, stop: CancellationToken) {
    let mut calls = switchboard.makeshift_calls();
    let mut told: Option<tokio::time::Instant> = None;
    while let Some(Ok(())) = stop.run_until_cancelled(calls.changed()).await {
        let latest = calls.borrow_and_update().clone();
        let is_news = told.is_none_or(|at| at.elapsed() >= PAUSE);
        if let (Some((hotline, at)), true) = (latest, is_news) {
            told = Some(Clock::monotonic());
            let notice = notice(hotline, at);
            if stop.run_until_cancelled(notifier.tell(&notice)).await == Some(false) {
                told = None;
            }
        }
    }
}

fn notice(hotline: HotlineName, at: DateTime<Utc>) -> Notice {
    Notice {
        hotline,
        headline: "Callers are put through without the database.".to_owned(),
        words: "The database did not answer, or Twilio asked at the fallback address. Callers are put through to the people of the rota that was read last, one after another; these calls are not kept, no message can be left and nobody is texted. Look for \"store\" in the log: is the disk full, is the file locked or damaged? Nothing has to be restarted once it works again."
            .to_owned(),
        at,
    }
}

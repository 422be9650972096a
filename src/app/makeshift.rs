//! Tells the operator that callers are put through without the database. It cannot be in any call's story: no story can
//! be written then. What was told is kept in memory only, for the same reason.

use crate::call::HotlineName;
use crate::clock::Clock;
use crate::notices::{Notice, Notifier};
use chrono::{DateTime, Utc};
use std::time::Duration;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// The last caller who was put through so: of which hotline, and when.
type Latest = Option<(HotlineName, DateTime<Utc>)>;

/// Between two notices.
const PAUSE: Duration = Duration::from_secs(30 * 60);

/// Tells of the first caller, and again where there are still such callers after a pause.
pub(super) async fn tell(mut calls: watch::Receiver<Latest>, notifier: Notifier, stop: CancellationToken) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notices::{Texter, Untold};
    use crate::roster::Phone;
    use std::sync::Arc;
    use tokio::sync::mpsc;

    /// The operator's telephone.
    struct Pocket(mpsc::UnboundedSender<String>);

    #[async_trait::async_trait]
    impl Texter for Pocket {
        async fn text(&self, hotline: &HotlineName, _: &Phone, body: &str) -> Result<(), Untold> {
            let _ = self.0.send(format!("{}: {body}", hotline.0));
            Ok(())
        }
    }

    #[tokio::test(start_paused = true)]
    async fn the_operator_is_told_once_and_again_after_half_an_hour() {
        let (texts, mut read) = mpsc::unbounded_channel();
        let number = Phone::from_e164("+61491570110").unwrap();
        let notifier = Notifier::new(None, Some(Arc::new(Pocket(texts))), vec![number]);
        let calls = watch::Sender::new(None);
        let stop = CancellationToken::new();
        let telling = tokio::spawn(tell(calls.subscribe(), notifier, stop.clone()));
        let call = || {
            let hotline = HotlineName("lab".to_owned());
            calls.send_replace(Some((hotline, DateTime::UNIX_EPOCH)));
        };
        call();
        let first = read.recv().await.unwrap();
        assert!(first.contains("Callers are put through without the database."), "{first}");
        // Twenty-nine minutes of calls are no more news.
        for _ in 0..29 {
            tokio::time::sleep(Duration::from_secs(60)).await;
            call();
        }
        assert!(read.try_recv().is_err());
        tokio::time::sleep(Duration::from_secs(120)).await;
        assert!(read.try_recv().is_err(), "without another call there is nothing to tell");
        call();
        assert_eq!(read.recv().await.unwrap(), first);
        stop.cancel();
        telling.await.unwrap();
    }
}

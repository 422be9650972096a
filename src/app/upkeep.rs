//! What a fault of ours does: it is counted and told, and the part of the service that it broke begins anew. It must not
//! know what the parts do.

use crate::metrics::names;
use crate::roster::masked;
use futures_util::FutureExt as _;
use std::future::Future;
use std::panic::{AssertUnwindSafe, PanicHookInfo};
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// Before a part that has broken off begins anew: one that always does must not take the processor from calls.
const PAUSE: Duration = Duration::from_secs(1);

/// From now on every panic of the process, wherever it ends, is counted and told in one line of the log.
pub(super) fn count_panics() {
    std::panic::set_hook(Box::new(|panic| {
        metrics::counter!(names::PANICS).increment(1);
        tracing::error!("a fault in rotaline, please report it: {}", told(panic));
    }));
}

/// Where it happened and what it says, which may be what somebody has written.
fn told(panic: &PanicHookInfo<'_>) -> String {
    let place = panic.location().map_or_else(|| "somewhere".to_owned(), ToString::to_string);
    let words = panic.payload_as_str().unwrap_or("it says nothing");
    format!("{place}: {}", masked(words))
}

/// Runs a part until it ends by itself, as it does at `stop`, and again whenever it panics. What a part holds must be
/// in order by its own when it is dropped in the middle: it works on what is committed.
pub(super) fn keep_up<F>(part: &'static str, stop: CancellationToken, mut run: impl FnMut() -> F + Send + 'static) -> JoinHandle<()>
where
    F: Future<Output = ()> + Send,
{
    tokio::spawn(async move {
        while AssertUnwindSafe(run()).catch_unwind().await.is_err() {
            tracing::error!(part, "a part of the service has broken off, and begins anew");
            if stop.run_until_cancelled(tokio::time::sleep(PAUSE)).await.is_none() {
                return;
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};

    #[tokio::test(start_paused = true)]
    async fn a_part_that_panics_begins_anew() {
        let stop = CancellationToken::new();
        let begun = Arc::new(AtomicU32::new(0));
        let (counter, until) = (Arc::clone(&begun), stop.clone());
        let part = keep_up("clockwork", stop.clone(), move || {
            let (nth, until) = (counter.fetch_add(1, Ordering::SeqCst), until.clone());
            async move {
                assert!(nth >= 2, "planted");
                until.cancelled().await;
            }
        });
        tokio::time::sleep(PAUSE * 5).await;
        assert_eq!(begun.load(Ordering::SeqCst), 3);
        stop.cancel();
        part.await.unwrap();
    }

    #[tokio::test(start_paused = true)]
    async fn a_part_that_always_panics_can_be_stopped() {
        let stop = CancellationToken::new();
        let part = keep_up("clockwork", stop.clone(), || async { panic!("planted") });
        tokio::time::sleep(PAUSE * 3).await;
        assert!(!part.is_finished());
        stop.cancel();
        part.await.unwrap();
    }
}

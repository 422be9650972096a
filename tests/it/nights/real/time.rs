//! A time that stands still unless it is set on by hand, and the question whether anything can go on in it.

use futures_util::future::{Either, select};
use rotaline::store::Fate;
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::mpsc;
use std::task::Poll;

/// So often in a row nobody had anything to do: whoever is not done by then waits for time to pass.
const CALM: u32 = 6;

/// Does all of this in a time of its own, on one thread.
pub(super) fn standing_still<T>(work: Pin<Box<dyn Future<Output = T> + '_>>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build()
        .unwrap();
    runtime.block_on(async {
        // Tokio sets its time on by itself where nobody has anything to do, but for when something blocks: the database answers
        // from a thread of its own, and that must not look like nothing to do.
        let (release, released) = mpsc::channel::<()>();
        let blocking = tokio::task::spawn_blocking(move || released.recv());
        let done = work.await;
        drop(release);
        assert!(blocking.await.unwrap().is_err());
        done
    })
}

/// Goes on with something until it is done, or waits for time to pass: then there is nothing. Nothing else goes on meanwhile.
pub(super) async fn goes_on<T>(what: &mut Pin<Box<dyn Future<Output = T> + '_>>, fate: &Fate) -> Option<T> {
    let mut calm = 0;
    while calm < CALM {
        if let Poll::Ready(done) = futures_util::poll!(what.as_mut()) {
            return Some(done);
        }
        if fate.is_calm() {
            calm += 1;
            tokio::task::yield_now().await;
            continue;
        }
        calm = 0;
        if let Either::Left((done, _)) = select(what.as_mut(), pin!(fate.calms_down())).await {
            return Some(done);
        }
    }
    None
}

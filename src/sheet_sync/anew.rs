//! Reads the rotas in use again as time passes, although no sheet has changed: what repeats itself for ever is written out
//! only so far, and what is soon is another thing every day. It must not know sources, nor judge anything.

use crate::call::HotlineName;
use crate::clock::Clock;
use crate::store::{Store, StoreError};
use chrono::TimeDelta;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// A reading is not used for longer.
const OLD: TimeDelta = TimeDelta::hours(6);
/// Between two looks.
const TICK: Duration = Duration::from_secs(30 * 60);

#[derive(Clone)]
pub(super) struct Anew {
    store: Store,
    clock: Clock,
    hotlines: Vec<HotlineName>,
}

impl Anew {
    pub(super) const fn new(store: Store, clock: Clock, hotlines: Vec<HotlineName>) -> Self {
        Self { store, clock, hotlines }
    }

    /// Looks again and again until `shutdown`.
    pub(super) async fn run(self, shutdown: CancellationToken) {
        let looking = async {
            loop {
                self.look().await;
                tokio::time::sleep(TICK).await;
            }
        };
        let _: Option<()> = shutdown.run_until_cancelled(looking).await;
    }

    /// Reads what is old again, one after another; what cannot be read stays as it is until the next look.
    pub(super) async fn look(&self) {
        for hotline in &self.hotlines {
            if let Err(fault) = self.look_at(hotline).await {
                tracing::error!(hotline = %hotline.0, %fault, "the rota in use could not be read again");
            }
        }
    }

    async fn look_at(&self, hotline: &HotlineName) -> Result<(), StoreError> {
        let now = self.clock.now();
        let rota = self.store.rota(hotline).await?;
        // Also where the machine's clock was put back.
        if rota.is_some_and(|rota| (now - rota.as_of).abs() >= OLD) {
            self.store.read_rota_again(hotline, now).await?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;

//! What other processes on the same PostgreSQL have committed, told to this one: the story in the order of its numbers, and
//! rotas. Their word only wakes us; what is told is read from the database. Not needed where one process has the file.

use super::{Entry, Store, StoreError};
use crate::call::HotlineName;
use rand::TryRng as _;
use rand::rngs::SysRng;
use sqlx::postgres::PgListener;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::MissedTickBehavior;
use tokio_util::sync::{CancellationToken, DropGuard};

/// How often the database is looked at where nobody says that there is something new, and after a failure.
const PERIOD: Duration = Duration::from_secs(1);
/// How often all is looked at that may have changed, whatever was heard.
const ALL: Duration = Duration::from_secs(30);
const FACTS: &str = "rotaline_facts";
const ROTAS: &str = "rotaline_rotas";
/// So many entries are read at once.
const PAGE: u32 = 500;

/// Goes on for as long as somebody has it.
#[derive(Debug)]
pub(super) struct Telling {
    end: CancellationToken,
    _end_with_me: DropGuard,
}

impl Telling {
    /// Tells the subscribers of `store` every entry from now on. Whoever rings `bell` has something new.
    pub(super) async fn start(store: Store, bell: Arc<Notify>, address: String) -> Result<Self, StoreError> {
        let end = CancellationToken::new();
        let keeping_house = store.clone().keep_house();
        let teller = Teller {
            told: store.latest_entry().await?,
            store,
            bell,
        };
        let ending = end.clone();
        tokio::spawn(async move {
            let both = futures_util::future::join(teller.run(address), keeping_house);
            let _: Option<((), ())> = ending.run_until_cancelled(both).await;
        });
        Ok(Self {
            _end_with_me: end.clone().drop_guard(),
            end,
        })
    }

    pub(super) fn stop(&self) {
        self.end.cancel();
    }
}

struct Teller {
    store: Store,
    /// The number of the last entry that was told. Numbers are given under the write lock, so that a smaller one never
    /// appears after a larger one.
    told: i64,
    bell: Arc<Notify>,
}

/// Why we look.
enum Cause {
    /// There is something new of our own, or of others.
    Facts,
    Rota(HotlineName),
    /// It is time to.
    Time,
    /// Something may have been said while nobody listened.
    Deaf,
}

impl Teller {
    async fn run(mut self, address: String) {
        let mut all = tokio::time::interval(ALL);
        all.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut ears = None;
        loop {
            if ears.is_none() {
                ears = listen(&address).await;
                self.look(Cause::Deaf).await;
            }
            let cause = tokio::select! {
                cause = hear(&mut ears) => cause,
                () = self.bell.notified() => Cause::Facts,
                () = tokio::time::sleep(PERIOD) => Cause::Time,
                _ = all.tick() => Cause::Deaf,
            };
            let was_time = matches!(cause, Cause::Time);
            if self.look(cause).await && was_time {
                // Nobody has told us: the connection may be dead without knowing it.
                ears = None;
            }
        }
    }

    /// Whether there was anything to tell.
    async fn look(&mut self, cause: Cause) -> bool {
        let looked = match cause {
            Cause::Facts | Cause::Time => self.tell().await,
            Cause::Rota(hotline) => self.store.catch_up_with_rota(&hotline).await.map(|()| false),
            Cause::Deaf => match self.tell().await {
                Ok(told) => self.store.catch_up_with_rotas().await.map(|()| told),
                Err(error) => Err(error),
            },
        };
        looked.unwrap_or_else(|error| {
            // It is looked again soon, and who needs the store says more.
            tracing::debug!(%error, "what others have committed cannot be seen");
            false
        })
    }

    async fn tell(&mut self) -> Result<bool, StoreError> {
        let before = self.told;
        let mut page = PAGE;
        loop {
            let entries: Vec<Entry> = match self.store.entries_after(self.told, page).await {
                Err(StoreError::Corrupt { .. }) if page > 1 => {
                    page = 1;
                    continue;
                }
                Err(StoreError::Corrupt { what }) => {
                    // As a newer version of this program writes them while processes are replaced.
                    tracing::warn!(what, "an entry of the story is passed over");
                    self.told += 1;
                    continue;
                }
                entries => entries?,
            };
            let Some(last) = entries.last() else {
                return Ok(self.told > before);
            };
            self.told = last.number;
            for entry in entries {
                // An error says that nobody listens.
                let _ = self.store.entries.send(entry);
            }
        }
    }
}

/// The next word of the database; without ears, none.
async fn hear(ears: &mut Option<PgListener>) -> Cause {
    let Some(listener) = ears else {
        return std::future::pending().await;
    };
    match listener.try_recv().await {
        Ok(Some(word)) if word.channel() == ROTAS => Cause::Rota(HotlineName(word.payload().to_owned())),
        Ok(Some(_)) => Cause::Facts,
        Ok(None) => Cause::Deaf,
        Err(error) => {
            tracing::warn!(%error, "PostgreSQL is not heard any more; it is asked every second until it is");
            *ears = None;
            // Not all processes at once.
            let some = SysRng.try_next_u32().unwrap_or_default() % 1_000;
            tokio::time::sleep(PERIOD / 2 + Duration::from_millis(some.into())).await;
            Cause::Deaf
        }
    }
}

async fn listen(address: &str) -> Option<PgListener> {
    let connecting = async {
        let mut listener = PgListener::connect(address).await?;
        listener.listen_all([FACTS, ROTAS]).await?;
        Ok::<_, sqlx::Error>(listener)
    };
    match tokio::time::timeout(PERIOD * 2, connecting).await {
        Ok(Ok(listener)) => Some(listener),
        Ok(Err(error)) => {
            tracing::debug!(%error, "PostgreSQL does not let us listen");
            None
        }
        Err(_) => None,
    }
}

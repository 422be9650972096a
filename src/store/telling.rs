//! What other processes on the same PostgreSQL have committed, told to this one: the story in the order of its numbers, and
//! rotas. Their word only wakes us; what is told is read from the database. Not needed where one process has the file.

use super::{Entry, Store, StoreError};
use crate::call::HotlineName;
use sqlx::postgres::PgListener;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;
use tokio_util::sync::{CancellationToken, DropGuard};

/// How often the database is looked at where nobody says that there is something new, and after a failure.
const PERIOD: Duration = Duration::from_secs(1);
const FACTS: &str = "rotaline_facts";
const ROTAS: &str = "rotaline_rotas";
/// So many entries are read at once.
const PAGE: u32 = 500;

/// Goes on for as long as somebody has it.
#[derive(Debug)]
pub(super) struct Telling {
    bell: Arc<Notify>,
    end: CancellationToken,
    _end_with_me: DropGuard,
}

impl Telling {
    /// Tells the subscribers of `store`, which must be one that tells nothing itself, every entry from now on.
    pub(super) async fn start(store: Store, address: String) -> Result<Self, StoreError> {
        let end = CancellationToken::new();
        let bell = Arc::new(Notify::new());
        let keeping_house = store.clone().keep_house();
        let teller = Teller {
            told: store.latest_entry().await?,
            store,
            bell: Arc::clone(&bell),
        };
        let ending = end.clone();
        tokio::spawn(async move {
            let both = futures_util::future::join(teller.run(address), keeping_house);
            let _: Option<((), ())> = ending.run_until_cancelled(both).await;
        });
        Ok(Self {
            bell,
            _end_with_me: end.clone().drop_guard(),
            end,
        })
    }

    /// There is something new, of our own.
    pub(super) fn ring(&self) {
        self.bell.notify_one();
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
    /// Of our own, or because it is time to.
    Ourselves,
    Facts,
    Rota(HotlineName),
    /// Something may have been said while nobody listened.
    Deaf,
}

impl Teller {
    async fn run(mut self, address: String) {
        let mut ears = None;
        loop {
            if ears.is_none() {
                ears = listen(&address).await;
                self.look(Cause::Deaf).await;
            }
            let cause = match &mut ears {
                Some(listener) => tokio::select! {
                    heard = listener.try_recv() => match heard {
                        Ok(Some(word)) if word.channel() == ROTAS => Cause::Rota(HotlineName(word.payload().to_owned())),
                        Ok(Some(_)) => Cause::Facts,
                        Ok(None) => Cause::Deaf,
                        Err(error) => {
                            tracing::warn!(%error, "PostgreSQL is not heard any more; the story is looked at every second until it is again");
                            ears = None;
                            tokio::time::sleep(PERIOD).await;
                            continue;
                        }
                    },
                    () = self.bell.notified() => Cause::Ourselves,
                    () = tokio::time::sleep(PERIOD) => Cause::Ourselves,
                },
                None => {
                    tokio::time::sleep(PERIOD).await;
                    continue;
                }
            };
            self.look(cause).await;
        }
    }

    async fn look(&mut self, cause: Cause) {
        let looked = match cause {
            Cause::Ourselves | Cause::Facts => self.tell().await,
            Cause::Rota(hotline) => self.store.catch_up_with_rota(&hotline).await,
            Cause::Deaf => match self.tell().await {
                Ok(()) => self.store.catch_up_with_rotas().await,
                Err(error) => Err(error),
            },
        };
        if let Err(error) = looked {
            // It is looked again soon, and who needs the store says more.
            tracing::debug!(%error, "what others have committed cannot be seen");
        }
    }

    async fn tell(&mut self) -> Result<(), StoreError> {
        loop {
            let entries: Vec<Entry> = self.store.entries_after(self.told, PAGE).await?;
            let Some(last) = entries.last() else { return Ok(()) };
            self.told = last.number;
            self.store.publish(&entries);
        }
    }
}

async fn listen(address: &str) -> Option<PgListener> {
    let connecting = async {
        let mut listener = PgListener::connect(address).await?;
        listener.listen_all([FACTS, ROTAS]).await?;
        Ok::<_, sqlx::Error>(listener)
    };
    match tokio::time::timeout(PERIOD * 5, connecting).await {
        Ok(Ok(listener)) => Some(listener),
        Ok(Err(error)) => {
            tracing::debug!(%error, "PostgreSQL does not let us listen");
            None
        }
        Err(_) => None,
    }
}

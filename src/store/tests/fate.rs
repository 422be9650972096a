//! What befalls a database on purpose is what it is said to be.

use super::*;
use crate::store::{Fate, Mishap};
use std::sync::Arc;

async fn fated() -> (Store, Arc<Fate>) {
    let fate = Arc::new(Fate::default());
    (Store::in_memory_with(Some(Arc::clone(&fate))).await.unwrap(), fate)
}

async fn rings(store: &Store) -> Result<Option<Change>, StoreError> {
    let placed = placed(1, line("ann"));
    store.update(id(1), &placed, at(1), None).await
}

async fn events(store: &Store) -> usize {
    store.log(id(1)).await.unwrap().len()
}

#[tokio::test]
async fn a_commit_that_fails_keeps_nothing_and_may_be_tried_again() {
    let (store, fate) = fated().await;
    arrive(&store, 1, at(0), None).await;
    for mishap in [Mishap::OutOfReach, Mishap::NotKept] {
        fate.lies_ahead(Some(mishap));
        assert!(matches!(rings(&store).await, Err(StoreError::Unavailable(_))), "{mishap:?}");
        assert_eq!((events(&store).await, fate.befallen()), (1, 1), "{mishap:?}");
    }
    assert!(rings(&store).await.unwrap().is_some());
    assert_eq!((events(&store).await, fate.befallen()), (2, 0));
}

#[tokio::test]
async fn a_commit_that_nobody_hears_of_is_kept() {
    let (store, fate) = fated().await;
    arrive(&store, 1, at(0), None).await;
    fate.lies_ahead(Some(Mishap::KeptUnheard));
    assert!(matches!(rings(&store).await, Err(StoreError::Unavailable(_))));
    assert_eq!((events(&store).await, fate.befallen()), (2, 1));
    assert!(fate.is_calm());
}

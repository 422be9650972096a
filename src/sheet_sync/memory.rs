//! Small things of this room that must survive a restart, kept in the store as JSON.

use crate::store::{Store, StoreError};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// What was kept under this name. What another version of this program kept in another shape is none.
pub(super) async fn recall<T: DeserializeOwned>(store: &Store, key: &str) -> Result<Option<T>, StoreError> {
    let kept = store.recall(key).await?;
    Ok(kept.and_then(|json| serde_json::from_str(&json).unwrap_or_default()))
}

/// Keeps it, or that there is none.
pub(super) async fn remember<T: Serialize + Sync>(store: &Store, key: &str, what: Option<&T>) -> Result<(), StoreError> {
    let json = serde_json::to_string(&what).map_err(|fault| StoreError::Corrupt {
        what: format!("{key}: {fault}"),
    })?;
    store.remember(key, &json).await
}

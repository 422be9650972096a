//! The fallback of a rota: when it is needed, and what is remembered while calls ring by it.

use super::memory;
use crate::call::HotlineName;
use crate::store::{CurrentRota, Store, StoreError};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// The copy in use is the fallback's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Standby {
    /// When the first source was last known to be good, or to be wanting.
    pub(super) last_good: DateTime<Utc>,
}

/// Whether a source that cannot be read is to be replaced: there is no copy of it, or one in which nobody is on call
/// from now on, or one that is stale.
pub(super) fn is_needed(last: Option<&CurrentRota>, now: DateTime<Utc>, stale_after: Duration) -> bool {
    let Some(last) = last else { return true };
    let has_ended = last.roster.ends().is_none_or(|ends| ends <= now);
    let is_stale = (now - last.checked_at).to_std().is_ok_and(|age| age > stale_after);
    has_ended || is_stale
}

pub(super) async fn recall(store: &Store, hotline: &HotlineName) -> Result<Option<Standby>, StoreError> {
    memory::recall(store, &key(hotline)).await
}

pub(super) async fn remember(store: &Store, hotline: &HotlineName, standby: Option<&Standby>) -> Result<(), StoreError> {
    memory::remember(store, &key(hotline), standby).await
}

fn key(hotline: &HotlineName) -> String {
    format!("standby:{hotline}")
}

//! What both accounts have in common.

use super::Unusable;
use providers::{Base, SourceError};
use std::time::Duration;
use url::Url;

/// For one request to Google or Microsoft, its answer included.
pub(super) const PATIENCE: Duration = Duration::from_secs(20);

pub(super) fn at_base(key: &str, url: &Url) -> Result<Base, Unusable> {
    Base::parse(url.as_str()).map_err(|seen| Unusable::in_config(key, seen))
}

/// Without the class in front where it says no more than the words.
pub(super) fn words(fault: SourceError) -> String {
    match fault {
        SourceError::Auth(words) => words,
        SourceError::Forbidden(_)
        | SourceError::NotFound(_)
        | SourceError::Throttled { .. }
        | SourceError::Transient(_)
        | SourceError::Malformed(_) => fault.to_string(),
    }
}

//! How many calls there are just now, counted as far as it matters.

use super::{Store, StoreError};
use crate::call::HotlineName;

/// Live calls, not counted beyond what was asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Crowd {
    /// Of one hotline.
    pub here: u32,
    /// Of all.
    pub everywhere: u32,
}

impl Store {
    /// The live calls, at most so many of a hotline and so many of all; 0 does not count.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub async fn crowd(&self, hotline: &HotlineName, most_here: u32, most_everywhere: u32) -> Result<Crowd, StoreError> {
        let (here, everywhere): (i64, i64) = sqlx::query_as(
            "SELECT (SELECT count(*) FROM (SELECT 1 FROM calls WHERE live = 1 AND hotline = $1 LIMIT $2) AS here),
                    (SELECT count(*) FROM (SELECT 1 FROM calls WHERE live = 1 LIMIT $3) AS everywhere)",
        )
        .bind(&hotline.0)
        .bind(i64::from(most_here))
        .bind(i64::from(most_everywhere))
        .fetch_one(&self.readers)
        .await?;
        Ok(Crowd {
            here: u32::try_from(here).unwrap_or(u32::MAX),
            everywhere: u32::try_from(everywhere).unwrap_or(u32::MAX),
        })
    }
}

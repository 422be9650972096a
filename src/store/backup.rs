//! A copy of the database while it is in use.

use super::connection::Database;
use super::opening::make_private_file;
use super::{Store, StoreError};
use std::path::Path;

impl Store {
    /// Writes all that is committed at one instant into a new file, readable by its owner only. Calls go on meanwhile;
    /// the copy is a store like any other, without anything beside it.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] where the store is no file, or the copy cannot be made, or is there already: no backup is
    /// written over.
    pub async fn back_up(&self, into: &Path) -> Result<(), StoreError> {
        let shown = into.display();
        if self.readers.database == Database::Postgres {
            return Err(StoreError::Unavailable("PostgreSQL makes its own backups".to_owned()));
        }
        let Some(path) = into.to_str() else {
            return Err(StoreError::Unavailable(format!("{shown}: its name is not text")));
        };
        if into.try_exists().unwrap_or(false) {
            return Err(StoreError::Unavailable(format!("{shown} is there already, and stays as it is")));
        }
        // SQLite writes into an empty file, and would make one that everybody can read.
        make_private_file(into)
            .await
            .map_err(|fault| StoreError::Unavailable(format!("{shown}: {fault}")))?;
        let written = async {
            let mut connection = self.readers.acquire().await?;
            sqlx::query("VACUUM INTO $1").bind(path).execute(&mut connection).await?;
            let file = tokio::fs::File::open(into).await.map_err(sqlx::Error::Io)?;
            file.sync_all().await.map_err(sqlx::Error::Io)
        };
        if let Err(fault) = written.await {
            // Half a copy is none.
            let _ = tokio::fs::remove_file(into).await;
            return Err(fault.into());
        }
        Ok(())
    }
}

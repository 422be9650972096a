//! `rotaline backup`: a copy of the store while hotlines are served from it.

use super::service::open_kept;
use crate::cli::{self, Backup};
use crate::config::{Config, Database, Environment};
use anyhow::Context as _;
use std::io::Write;
use std::path::Path;

/// Writes the copy, and says how to go back to it. The store stays as it is.
pub(super) async fn run(order: &Backup, path: &Path, env: &Environment, out: &mut impl Write) -> anyhow::Result<()> {
    let config = Config::load_for_reading(path, env)?;
    let place = match &config.store.database {
        Database::File(path) => path.display(),
        Database::Postgres { .. } => anyhow::bail!("the store is in PostgreSQL: `pg_dump --format custom` makes a copy of it"),
    };
    let store = open_kept(&config.store.database).await?;
    let store = store.with_context(|| format!("there is no store at {place}: `rotaline serve` makes one, and keeps calls there"))?;
    let copied = store.back_up(&order.into).await;
    store.close().await;
    let copy = order.into.display();
    copied.with_context(|| format!("the backup {copy}"))?;
    let size = tokio::fs::metadata(&order.into).await.with_context(|| copy.to_string())?.len() / 1024;
    let words = format!(
        "The store is copied into {copy} ({size} KiB). It holds phone numbers: keep it as safe as {place}.\n\
         To go back to it: stop rotaline, remove {place}-wal and {place}-shm, put the copy in the place of {place}, start rotaline.\n"
    );
    cli::write(out, &words)?;
    Ok(())
}

//! `rotaline diff --hotline`: the copy in use, to be laid beside the newest version.

use super::service::open_kept;
use crate::call::HotlineName;
use crate::cli::{Kept, Version};
use crate::config::{Config, Environment};
use crate::roster::Roster;
use anyhow::Context as _;
use std::path::Path;

/// Reads the store and writes nothing; a question makes no store.
pub(super) async fn kept(hotline: &str, config: &Path, env: &Environment) -> anyhow::Result<Kept> {
    let database = Config::load_for_reading(config, env)?.store.database;
    let none = || format!("there is no copy in use of the rota of \"{hotline}\" to compare with: `rotaline serve` keeps one");
    let store = open_kept(&database).await?.with_context(none)?;
    let rota = store.rota(&HotlineName(hotline.to_owned())).await?;
    store.close().await;
    let rota = rota.with_context(none)?;
    Ok(Kept {
        version: Version {
            rota: rota.title.clone(),
            revision: rota.revision.0.clone(),
            read_at: rota.read_at,
        },
        roster: Roster::clone(&rota.roster),
    })
}

//! `rotaline diff --hotline`: the copy in use, to be laid beside the newest version.

use super::service::open_store;
use crate::call::HotlineName;
use crate::cli::{Kept, Version};
use crate::config::{Config, Environment};
use crate::roster::Roster;
use anyhow::Context as _;
use std::path::Path;

/// Reads the store and writes nothing; a question makes no store.
pub(super) async fn kept(hotline: &str, config: &Path) -> anyhow::Result<Kept> {
    let path = Config::load_for_reading(config, &Environment::new())?.store.path;
    let none = || format!("there is no copy in use of the rota of \"{hotline}\" to compare with: `rotaline serve` keeps one");
    if !path.try_exists().unwrap_or(false) {
        anyhow::bail!(none());
    }
    let store = open_store(&path).await?;
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

//! `rotaline feeds`: where the calendars are that people subscribe to.

use super::service::{open_store, public_url};
use crate::cli::{self, Feeds, FeedsReport, HotlineFeeds, PersonFeed};
use crate::config::{Config, Environment, Hotline};
use crate::store::Store;
use crate::web::FeedLinks;
use std::collections::BTreeSet;
use std::path::Path;

/// Reads only the store: people are those of the copy of the rota in use.
pub(super) async fn run(question: &Feeds, path: &Path, env: &Environment) -> anyhow::Result<FeedsReport> {
    let config = Config::load_for_reading(path, env)?;
    let wanted: Vec<&Hotline> = match &question.hotline {
        Some(name) => vec![cli::hotline(&config, Some(name), path)?],
        None => config.hotlines.iter().collect(),
    };
    let store = open_store(&config.store.database).await?;
    let known = public_url(&config, &store).await?.subscribe();
    let base = known
        .borrow()
        .as_ref()
        .map(|base| base.to_string().trim_end_matches('/').to_owned());
    let links = FeedLinks::open(&store).await?;
    let mut hotlines = Vec::new();
    for hotline in wanted {
        hotlines.push(of_hotline(hotline, &links, base.as_deref().unwrap_or_default(), &store).await?);
    }
    store.close().await;
    Ok(FeedsReport { base, hotlines })
}

async fn of_hotline(hotline: &Hotline, links: &FeedLinks, base: &str, store: &Store) -> anyhow::Result<HotlineFeeds> {
    let rota = store.rota(&hotline.name).await?;
    let mut seen = BTreeSet::new();
    let contacts = rota.iter().flat_map(|rota| &rota.roster.contacts);
    let people = contacts
        .filter(|contact| seen.insert(contact.name.as_str()))
        .map(|contact| PersonFeed {
            name: contact.name.clone(),
            address: format!("{base}{}", links.path(&hotline.name, Some(&contact.name))),
        });
    Ok(HotlineFeeds {
        hotline: hotline.name.to_string(),
        all: format!("{base}{}", links.path(&hotline.name, None)),
        people: people.collect(),
        has_rota: rota.is_some(),
    })
}

//! `rotaline sync`: judges the newest version of a rota beside the copy in use, as the running service would.

use super::service::open_kept;
use crate::access::{Access, Act, Author, Roll};
use crate::cli::{self, InUse, Newest, Sync, SyncOutcome, SyncReport};
use crate::clock::Clock;
use crate::config::Environment;
use crate::sheet_sync::{self, Preview};
use crate::store::{CurrentRota, Verdict};
use anyhow::Context as _;
use chrono::{DateTime, Utc};
use std::path::Path;
use std::sync::Arc;

/// Reads the source once, and writes nothing but, where asked to, the acceptance of exactly this version.
pub(super) async fn run(question: &Sync, config: &Path, env: &Environment, clock: Clock) -> anyhow::Result<SyncReport> {
    let newest = cli::newest(question, config, env).await?;
    let now = clock.now();
    // Where there is no database there is no copy in use; a question makes none.
    let store = open_kept(&newest.store).await?;
    let (last, accepted) = match &store {
        Some(store) => (store.rota(&newest.hotline).await?, store.accepted(&newest.hotline).await?),
        None => (None, None),
    };
    let is_accepted = accepted.as_ref() == Some(&newest.sheet.revision);
    let beside = last.clone();
    let judging = tokio::task::spawn_blocking(move || {
        let preview = sheet_sync::preview(&newest.sheet, &newest.given, beside.as_deref(), is_accepted, now);
        (preview, newest)
    });
    let (preview, newest) = judging.await.context("reading the rota came to no end")?;
    let is_held = match preview.version.verdict {
        Verdict::TakenInPart | Verdict::HeldBack => true,
        Verdict::Taken | Verdict::Accepted => false,
    };
    if let Some(store) = store {
        if question.accept && is_held {
            let access = Access::new(store.clone(), clock, Roll::default());
            let revision = newest.sheet.revision.0.clone();
            let act = Act::VersionAccepted { revision };
            access.note(Author::Command, None, &act, Some(&newest.hotline)).await?;
            store.accept(&newest.hotline, &newest.sheet.revision, now).await?;
        }
        store.close().await;
    }
    Ok(report(newest, last.as_ref(), preview, question.accept && is_held, now))
}

fn report(newest: Newest, last: Option<&Arc<CurrentRota>>, preview: Preview, accepted_now: bool, at: DateTime<Utc>) -> SyncReport {
    let Preview { version, why, held } = preview;
    SyncReport {
        hotline: newest.hotline.0,
        rota: version.title,
        revision: version.revision.0,
        in_use: last.map(|rota| InUse {
            revision: rota.revision.0.clone(),
            read_at: rota.read_at,
            checked_at: rota.checked_at,
            time_zone: rota.roster.time_zone,
        }),
        outcome: match version.verdict {
            Verdict::Taken => SyncOutcome::Taken,
            Verdict::TakenInPart => SyncOutcome::TakenInPart,
            Verdict::Accepted => SyncOutcome::Accepted,
            Verdict::HeldBack => SyncOutcome::HeldBack,
        },
        why,
        held,
        differences: version.differences,
        held_back: version.held_back,
        accepted_now,
        at,
    }
}

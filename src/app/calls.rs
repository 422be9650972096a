//! `rotaline calls`: the calls that the store keeps, written a few at a time, so that any number of them can be.

use super::service::open_kept;
use crate::cli::{self, Calls};
use crate::clock::Clock;
use crate::config::{Config, Environment};
use crate::exports::{CallRows, calls_table};
use crate::roster::wall_clock::Zone;
use crate::store::{CallFilter, Store};
use crate::web::call_story;
use anyhow::Context as _;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

/// Calls read at once.
const BATCH: u32 = 100;

/// Reads the store and writes nothing there; a question makes no store.
pub(super) async fn run(
    question: &Calls,
    path: &Path,
    env: &Environment,
    clock: Clock,
    out: &mut (impl Write + Send),
) -> anyhow::Result<()> {
    let config = Config::load_for_reading(path, env)?;
    let wanted = match &question.hotline {
        Some(name) => Some(cli::hotline(&config, Some(name), path)?.name.clone()),
        None => None,
    };
    let store = open_kept(&config.store.database).await?;
    let store = store.context("there is no store yet: `rotaline serve` makes one, and keeps calls there")?;
    let mut zones = BTreeMap::new();
    for hotline in &config.hotlines {
        let rota = store.rota(&hotline.name).await?;
        let zone = rota.map_or(chrono_tz::UTC, |rota| rota.roster.time_zone);
        zones.insert(hotline.name.clone(), Zone::new(zone));
    }
    let utc = Zone::new(chrono_tz::UTC);
    // Days are those of the hotline that is asked about, else of the first one.
    let asked = wanted.as_ref().or_else(|| config.hotlines.first().map(|hotline| &hotline.name));
    let zone = asked.and_then(|name| zones.get(name)).unwrap_or(&utc);
    let [from, until] = question.window(zone, clock.now())?;
    let filter = CallFilter {
        hotline: wanted,
        from,
        until,
    };
    let zone_of = |call: &crate::store::CallSummary| zones.get(&call.hotline).unwrap_or(&utc);
    write(question, &store, &filter, zone_of, out).await?;
    store.close().await;
    Ok(())
}

async fn write<'z>(
    question: &Calls,
    store: &Store,
    filter: &CallFilter,
    zone_of: impl Fn(&crate::store::CallSummary) -> &'z Zone,
    out: &mut (impl Write + Send),
) -> anyhow::Result<()> {
    let mut last = None;
    let mut count = 0_usize;
    if question.json {
        cli::write(out, "{\"calls\":[")?;
    }
    loop {
        let calls = store.calls_after(filter, last.as_ref(), BATCH).await?;
        let mut rows = Vec::with_capacity(calls.len());
        for call in &calls {
            let entries = store.story(call.id).await.with_context(|| format!("call {}", call.id))?;
            rows.push(CallRows::of(&call_story(call, &entries), zone_of(call)));
        }
        if question.csv && (count == 0 || !rows.is_empty()) {
            cli::write(out, &calls_table(&rows, count == 0)?)?;
        }
        for row in rows.iter().filter(|_| !question.csv) {
            let text = match (question.json, count) {
                (false, _) => cli::call_text(row) + "\n",
                (true, 0) => format!("\n{}", serde_json::to_string(row)?),
                (true, _) => format!(",\n{}", serde_json::to_string(row)?),
            };
            cli::write(out, &text)?;
            count += 1;
        }
        count += if question.csv { rows.len() } else { 0 };
        last = calls.into_iter().next_back();
        if last.is_none() {
            break;
        }
    }
    match (question.json, question.csv, count) {
        (true, _, _) => cli::write(out, "\n]}\n")?,
        (false, false, 0) => cli::write(out, "No call came in in that time.\n")?,
        (false, _, _) => {}
    }
    Ok(())
}

//! `rotaline forget`: what is kept of a caller's number is deleted, here at once and at the carrier by whoever serves.

use super::service::open_kept;
use crate::access::{Access, Act, Author};
use crate::cli::{Forget, ForgetReport};
use crate::clock::Clock;
use crate::config::{Config, Environment, Hotline};
use crate::roster::{Phone, Responder};
use crate::store::{Forgotten, Store};
use anyhow::Context as _;
use std::io::{self, BufRead as _, IsTerminal as _, Write as _};
use std::path::Path;

/// Forgets, unless it is only asked what that would be.
pub(super) async fn run(order: &Forget, path: &Path, env: &Environment, clock: Clock) -> anyhow::Result<ForgetReport> {
    let number = Phone::from_e164(&order.number)
        .with_context(|| "write the number in international form, with + and without spaces: +61491570158".to_owned())?;
    let config = Config::load_for_reading(path, env)?;
    let mut report = ForgetReport {
        number: number.to_string(),
        dry_run: order.dry_run,
        keep_days: config.store.keep_days,
        ..ForgetReport::default()
    };
    let Some(store) = open_kept(&config.store.database).await? else {
        return Ok(report);
    };
    let done = forget(order, &number, &config, &store, clock, &mut report).await;
    store.close().await;
    done.map(|()| report)
}

async fn forget(
    order: &Forget,
    number: &Phone,
    config: &Config,
    store: &Store,
    clock: Clock,
    report: &mut ForgetReport,
) -> anyhow::Result<()> {
    for hotline in &config.hotlines {
        if is_known(hotline, number, store).await? {
            report.hotlines.push(hotline.name.0.clone());
        }
    }
    // Whoever has said that he is away goes on being away for as long as a rota has him.
    let keeps_presence = !report.hotlines.is_empty();
    let now = store.put_right(clock).now();
    if !order.dry_run && !order.yes {
        let asked = store.forget(number, keeps_presence, now, true).await?;
        confirm(&asked, &report.number)?;
    }
    if !order.dry_run {
        let access = Access::new(store.clone(), clock, config.roll.clone());
        access.note(Author::Command, None, &Act::NumberForgotten, None).await?;
    }
    let done = store.forget(number, keeps_presence, now, order.dry_run).await?;
    *report = ForgetReport {
        calls: done.calls,
        recordings: done.recordings,
        open_callbacks: done.open_callbacks,
        rows: done.rows,
        live: done.live,
        on_call_in: done.on_call_in,
        left_at_carrier: done.at_carrier,
        asks_carrier: done.asks_carrier,
        ..std::mem::take(report)
    };
    Ok(())
}

/// Whether a hotline's rota, or its configuration, has the number.
async fn is_known(hotline: &Hotline, number: &Phone, store: &Store) -> anyhow::Result<bool> {
    let of_config = hotline.rules.tell.contains(number) || hotline.last_resort.as_ref().is_some_and(|who| who.has(number));
    let rota = store.rota(&hotline.name).await?;
    let has = |who: &Responder| who.has(number);
    let of_rota = rota.is_some_and(|rota| {
        let contacts = rota.roster.contacts.iter().map(AsRef::as_ref).any(has);
        contacts || rota.roster.last_resort.as_deref().is_some_and(has)
    });
    Ok(of_config || of_rota)
}

/// Asks whoever sits there.
fn confirm(found: &Forgotten, number: &str) -> anyhow::Result<()> {
    anyhow::ensure!(
        io::stdin().is_terminal(),
        "nobody is there to be asked whether it is meant: say so with --yes, or look first with --dry-run"
    );
    let mut err = io::stderr().lock();
    write!(
        err,
        "{} calls, {} recordings and {} other entries of {number} are deleted for good. Go on? [y/N] ",
        found.calls, found.recordings, found.rows
    )?;
    err.flush()?;
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    anyhow::ensure!(matches!(answer.trim(), "y" | "Y" | "yes"), "nothing is forgotten");
    Ok(())
}

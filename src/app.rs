//! Picks a command; builds, starts and stops everything in order. The only place that knows all rooms.

mod access;
mod backup;
mod callbacks;
mod calls;
mod certificate;
mod demo;
mod diff;
mod drill;
mod feeds;
mod forget;
mod guard;
mod makeshift;
mod modes;
mod one_line;
mod player;
mod rehearsal;
mod retention;
mod rotas;
mod scenarios;
mod service;
mod serving;
mod stage;
mod sync;
mod upkeep;

use crate::cli::{
    self, Check, Cli, Command, CredentialsReport, DiffReport, FeedsReport, Forget, ForgetReport, Format, Look, PreviewReport, Status,
    SyncReport, WhoReport,
};
use crate::clock::Clock;
use crate::config::{self, Config, Environment};
use crate::metrics;
use crate::sheet_sync::{self, Door};
use anyhow::Context as _;
use serde::Serialize;
use std::io;
use std::path::Path;
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

pub use one_line::OneLine;
pub use rehearsal::{PersonHeard, Rehearsal};
pub use scenarios::{SCENARIOS, Scenario};
pub use service::{Extras, Service};
pub use stage::{Accounts, Recordings, Setting, Stage};

/// Secrets travel in the debug lines of these crates.
const SILENCED: [&str; 1] = ["yup_oauth2"];

/// These tell of every browser that comes back after its time, and frame our own lines: said first, so that whoever wants to
/// hear them can.
const QUIET: &str = "tower_sessions=error,tower_sessions_core=error";

/// Does what was typed.
///
/// # Errors
/// What could not be started or read, in words for the operator.
pub async fn run(typed: Cli) -> anyhow::Result<Status> {
    let clock = Clock::system();
    let look = Look::of_stdout();
    match &typed.command {
        Command::Serve(serve) if serve.print_config => {
            cli::write(&mut io::stdout().lock(), config::MANUAL)?;
            Ok(Status::Fine)
        }
        Command::Serve(_) => serve(&typed.config, &typed.log, clock).await,
        Command::Demo(demo) => {
            log_to_stderr(&typed.log)?;
            demo::run(demo, clock).await
        }
        Command::Drill(drill) => {
            log_to_stderr(&quieter(&typed.log))?;
            drill::run(drill, clock).await
        }
        Command::Who(question) => {
            let report = cli::who(question, &typed.config, &environment(), clock.now()).await?;
            answer(question.json, &report, report.status(), |report| WhoReport::text(report, look))
        }
        Command::Preview(asked) => {
            let report = cli::preview(asked, &typed.config, &environment(), clock.now()).await?;
            answer(asked.question.json, &report, report.status(), |report| {
                PreviewReport::text(report, look)
            })
        }
        Command::Diff(asked) => {
            let kept = async |hotline: &str| diff::kept(hotline, &typed.config, &environment()).await;
            let report = cli::diff(asked, &typed.config, &environment(), clock.now(), kept).await?;
            answer(asked.json, &report, report.status(), DiffReport::text)
        }
        Command::Sync(question) => {
            let report = sync::run(question, &typed.config, &environment(), clock).await?;
            answer(question.json, &report, report.status(), |report| SyncReport::text(report, look))
        }
        Command::Check(asked) => check(asked, &typed.config, clock, look).await,
        Command::NudgeScript(question) => nudge_script(question.hotline.as_deref(), &typed.config).await,
        Command::Export(question) => export(question, &typed.config, clock).await,
        Command::Calls(question) => {
            let written = calls::run(question, &typed.config, &environment(), clock, &mut io::stdout()).await;
            written.map(|()| Status::Fine)
        }
        Command::User(asked) => access::users(&asked.order, &typed.config, &environment(), clock).await,
        Command::Token(asked) => access::tokens(&asked.order, &typed.config, &environment(), clock).await,
        Command::Audit(asked) => access::audit(asked, &typed.config, &environment(), clock).await,
        Command::Backup(order) => {
            let written = backup::run(order, &typed.config, &environment(), &mut io::stdout()).await;
            written.map(|()| Status::Fine)
        }
        Command::Template(question) => {
            let said = cli::template(question, &typed.config, &environment(), clock.now()).await?;
            Ok(cli::write(&mut io::stdout().lock(), &said).map(|()| Status::Fine)?)
        }
        Command::Feeds(question) => {
            let report = feeds::run(question, &typed.config, &environment()).await?;
            answer(question.json, &report, Status::Fine, FeedsReport::text)
        }
        Command::Forget(order) => forgotten(order, &typed.config, clock).await,
        Command::CheckCredentials(question) => {
            let (wanted, env) = (question.hotline.as_deref(), environment());
            let report = cli::credentials(wanted, &typed.config, &env, clock.now()).await?;
            answer(question.json, &report, report.status(), CredentialsReport::text)
        }
    }
}

async fn export(question: &cli::Export, config: &Path, clock: Clock) -> anyhow::Result<Status> {
    let exported = cli::export(question, config, &environment(), clock.now()).await?;
    for remark in exported.remarks {
        cli::write(&mut io::stderr().lock(), &format!("rotaline: {remark}\n"))?;
    }
    cli::write(&mut io::stdout().lock(), &exported.text)?;
    Ok(Status::Fine)
}

async fn check(asked: &Check, config: &Path, clock: Clock, look: Look) -> anyhow::Result<Status> {
    if let Some(code) = asked.explain {
        cli::write(&mut io::stdout().lock(), &cli::explain(code))?;
        return Ok(Status::Fine);
    }
    let report = cli::check(asked, config, &environment(), clock.now()).await?;
    let (is_json, status) = (asked.format() == Format::Json, report.status());
    answer(is_json, &report, status, |report| match asked.format() {
        Format::Text | Format::Json => report.text(look),
        Format::Github => report.annotations(),
    })
}

async fn forgotten(order: &Forget, config: &Path, clock: Clock) -> anyhow::Result<Status> {
    let report = forget::run(order, config, &environment(), clock).await?;
    answer(order.json, &report, Status::Fine, ForgetReport::text)
}

/// What of the environment is text: nothing of ours is anything else.
fn environment() -> Environment {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect()
}

/// The answer for people, or as JSON.
fn answer<R: Serialize>(json: bool, report: &R, status: Status, text: impl Fn(&R) -> String) -> anyhow::Result<Status> {
    let text = if json {
        serde_json::to_string_pretty(report)? + "\n"
    } else {
        text(report)
    };
    cli::write(&mut io::stdout().lock(), &text)?;
    Ok(status)
}

async fn serve(path: &Path, log: &str, clock: Clock) -> anyhow::Result<Status> {
    let config = match Config::load(path, &environment()) {
        Ok(config) => config,
        // Accounts of sources alone stop no service that has copies of its rotas.
        Err(faults) => Config::load_for_calls(path, &environment()).map_err(|_| faults)?,
    };
    log_to_stderr(log)?;
    for warning in &config.warnings {
        tracing::warn!("{}: {warning}", path.display());
    }
    let database = config.store.database.clone();
    let recorder = metrics::install().context("the recorder of metrics")?;
    upkeep::count_panics();
    let service = Box::pin(Service::start(
        config,
        clock,
        Extras {
            recorder: Some(recorder),
            ..Extras::default()
        },
    ))
    .await?;
    for open in modes::open_places(path, &database) {
        tracing::warn!("{open}");
    }
    tracing::info!(page = %service.address(), metrics = ?service.admin_address(), "serving");
    asked_to_stop().await?;
    tracing::info!("stopping: finishing what is in hand");
    service.stop().await;
    Ok(Status::Fine)
}

/// The script for a Google spreadsheet, with the address and the password of the hotline's door.
async fn nudge_script(wanted: Option<&str>, path: &Path) -> anyhow::Result<Status> {
    let config = Config::load_for_reading(path, &environment())?;
    let hotline = cli::hotline(&config, wanted, path)?;
    let store = service::open_store(&config.store.database).await?;
    let known = service::public_url(&config, &store).await?.subscribe();
    let base = known.borrow().as_ref().map(ToString::to_string);
    let base = base.context("our public address is not known yet: set server.public_url, or call the hotline once while it is served")?;
    let password = sheet_sync::password(&store, &hotline.name, Door::Anybody).await?;
    let address = format!("{}{}", base.trim_end_matches('/'), Door::Anybody.path(&hotline.name));
    store.close().await;
    cli::write(&mut io::stdout().lock(), &cli::nudge_script(&address, &password))?;
    Ok(Status::Fine)
}

/// Control-C, or what a service manager sends.
async fn asked_to_stop() -> io::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted,
        _ = terminate.recv() => Ok(()),
    }
}

fn log_to_stderr(filter: &str) -> anyhow::Result<()> {
    // A module named more closely would win over what is switched off below.
    if let Some(named) = SILENCED.iter().find(|silenced| filter.contains(*silenced)) {
        anyhow::bail!("--log {filter}: {named} is never logged, because access tokens stand in its lines. Leave it out");
    }
    let all = SILENCED
        .iter()
        .fold(format!("{QUIET},{filter}"), |all, silenced| format!("{all},{silenced}=off"));
    let filter = EnvFilter::try_new(&all).with_context(|| format!("--log {filter}: not a filter"))?;
    let colour = io::IsTerminal::is_terminal(&io::stderr());
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(OneLine::new(io::stderr, colour))
        .with_ansi(colour)
        .with_target(false)
        .init();
    Ok(())
}

/// A drill tells its story on the terminal; the log beside it says only what is wrong.
fn quieter(filter: &str) -> String {
    if filter == "info" { "warn".to_owned() } else { filter.to_owned() }
}

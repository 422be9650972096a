//! The real process, killed at any moment under traffic and started again on what it has kept: nobody is lost.
//! `make torture CRASH_KILLS=2000 CRASH_SEED=7` kills more often; a seed plans the same kills, people and callers again (what the
//! machine's scheduler does between them is its own).

mod gateway;
mod process;
mod promises;
mod scene;
mod tamper;
mod theatre;
mod trouble;
mod wire;

use futures_util::future::join_all;
use gateway::Wrong;
use process::Away;
use promises::Otherwise;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tamper::Tamper;
use theatre::{Keeper, Play, Theatre};
use tokio::sync::Semaphore;

/// So many services are killed side by side.
const THEATRES: u64 = 4;
/// More at once, of all tests together, only keep each other from being started.
static ROOM: Semaphore = Semaphore::const_new(4);

struct Report {
    seed: u64,
    keeper: Keeper,
    kills: u32,
    callers: usize,
    webhooks: usize,
    orders: usize,
    otherwise: Otherwise,
    in_flight: Vec<usize>,
    away: Away,
    starts: Vec<Duration>,
    broken: Vec<String>,
    /// How it went, for a person who reads a failed run.
    how: String,
}

async fn played(play: Play) -> Report {
    let _room = ROOM.acquire().await.unwrap();
    let mut theatre = Theatre::new(play).await;
    theatre.run().await;
    let broken = promises::broken(&theatre).await;
    let how = match (&broken[..], play.tamper, play.wrong) {
        ([_, ..], None, None) => {
            let lives = theatre.lives.join("\n");
            format!("{lives}\n{}\nkept in {}", theatre.process.log(), theatre.keep().display())
        }
        _ => String::new(),
    };
    Report {
        seed: play.seed,
        keeper: play.keeper,
        kills: theatre.process.kills.load(Ordering::SeqCst),
        callers: theatre.callers.len(),
        webhooks: theatre.gateway.acknowledged().len(),
        orders: theatre.gateway.dialled().len(),
        otherwise: promises::otherwise(&theatre),
        in_flight: std::mem::take(&mut theatre.in_flight),
        away: theatre.process.away(),
        starts: std::mem::take(&mut theatre.starts),
        broken,
        how,
    }
}

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// `CRASH_STORE`, or both in turns, each with a kind network and with an unkind one.
fn keeper(seed: u64) -> Keeper {
    match std::env::var("CRASH_STORE").as_deref() {
        Ok("sqlite") => Keeper::Sqlite,
        Ok("postgres") => Keeper::Postgres,
        Ok(other) => panic!("CRASH_STORE={other} is neither sqlite nor postgres"),
        Err(_) if (seed / 2).is_multiple_of(2) => Keeper::Sqlite,
        Err(_) => Keeper::Postgres,
    }
}

/// `CRASH_KILLS` kills from `CRASH_SEED` on; by default as many as every run of the tests can afford.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_lost_however_often_the_process_is_killed() {
    let (first, kills) = (number("CRASH_SEED", 1), number("CRASH_KILLS", 24));
    let each = u32::try_from(kills.div_ceil(THEATRES)).unwrap();
    let play = |seed| Play {
        seed,
        keeper: keeper(seed),
        kills: each,
        tamper: None,
        wrong: None,
    };
    let reports = join_all((first..first + THEATRES).map(play).map(played)).await;
    println!("{}", figures(&reports));
    let failed: Vec<String> = reports
        .iter()
        .filter(|report| !report.broken.is_empty())
        .map(|report| {
            format!(
                "seed {} {:?}\n{}\n{}",
                report.seed,
                report.keeper,
                report.broken.join("\n"),
                report.how
            )
        })
        .collect();
    assert!(failed.is_empty(), "{}", failed.join("\n=====\n"));
    let sum = |count: fn(&Report) -> usize| reports.iter().map(count).sum::<usize>();
    let (callers, nobody_there) = (sum(|report| report.callers), sum(|report| report.otherwise.nobody_there));
    assert!(
        nobody_there * 20 <= callers,
        "of {callers} callers {nobody_there} found nobody: the process was away for too long to prove anything"
    );
}

fn figures(reports: &[Report]) -> String {
    let sum = |count: fn(&Report) -> usize| reports.iter().map(count).sum::<usize>();
    let middle = |mut durations: Vec<Duration>| {
        durations.sort_unstable();
        durations.get(durations.len() / 2).copied().unwrap_or_default()
    };
    let in_flight: Vec<usize> = reports.iter().flat_map(|report| report.in_flight.iter().copied()).collect();
    format!(
        "{} kills, {} callers, {} of them on the line at a kill; {} were put through at the fallback address, {} found nobody there. \
         {} webhooks acknowledged, {} orders to dial. From start to listening: {:?} (median); nothing was listening for {:?} altogether, \
         {:?} at a stretch",
        reports.iter().map(|report| report.kills).sum::<u32>(),
        sum(|report| report.callers),
        in_flight.iter().sum::<usize>() / in_flight.len().max(1),
        sum(|report| report.otherwise.fell_back),
        sum(|report| report.otherwise.nobody_there),
        sum(|report| report.webhooks),
        sum(|report| report.orders),
        middle(reports.iter().flat_map(|report| report.starts.iter().copied()).collect()),
        reports.iter().map(|report| report.away.altogether).sum::<Duration>(),
        reports.iter().map(|report| report.away.longest).max().unwrap_or_default(),
    )
}

/// Whether a loss does harm, and to whom, is for the moment of the kill to say: so many times over, then, before it counts as
/// unnoticed.
const EVENINGS: u64 = 8;

/// A harness that catches nothing proves nothing. Each loss is to be noticed as what it is, not just by a call without end.
#[tokio::test(flavor = "multi_thread")]
async fn planted_losses_are_caught() {
    let tampers = Tamper::ALL.map(|tamper| (Some(tamper), None, tamper.is_noticed_by()));
    let notices = (None, Some(Wrong::SwallowsNotices), "was acknowledged");
    let planted = tampers.into_iter().chain([notices]);
    let missed: Vec<String> = join_all(planted.map(|(tamper, wrong, by)| is_noticed(tamper, wrong, by)))
        .await
        .into_iter()
        .filter_map(Result::err)
        .collect();
    assert!(missed.is_empty(), "not noticed: {}", missed.join("\n"));
}

/// What was seen of the loss on all evenings, where none of it is what it should be noticed by.
async fn is_noticed(tamper: Option<Tamper>, wrong: Option<Wrong>, by: &str) -> Result<(), String> {
    let mut seen = Vec::new();
    for evening in 1..=EVENINGS {
        let play = Play {
            seed: 2 * evening,
            keeper: Keeper::Sqlite,
            kills: 8,
            tamper,
            wrong,
        };
        let broken = played(play).await.broken;
        if broken.iter().any(|broken| broken.contains(by)) {
            return Ok(());
        }
        seen.push(broken);
    }
    Err(format!("{tamper:?} {wrong:?}: {seen:#?}"))
}

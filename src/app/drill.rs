//! `rotaline drill`: plays calls on a simulated network and tells their stories on the terminal.

use super::scenarios::{SCENARIOS, Scenario};
use super::service::Extras;
use super::stage::{Accounts, Setting, Stage};
use crate::call::{CallId, Fact};
use crate::cli::{self, Drill, Status};
use crate::clock::Clock;
use crate::config::Source;
use crate::roster::Settings;
use crate::sample;
use crate::store::Entry;
use crate::web::{Heard, TestLine as _};
use anyhow::{Context as _, anyhow};
use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

/// So many seconds of telephone time in one of ours.
const PACE: u32 = 20;
/// A drill that takes longer has failed.
const LONGEST: TimeDelta = TimeDelta::seconds(90);
/// Drills are the same every time.
const SEED: u64 = 1;

/// How one drill went.
#[derive(Serialize)]
struct Report {
    scenario: &'static str,
    title: &'static str,
    passed: bool,
    expected: String,
    story: Vec<Line>,
}

/// One line of the story: what happened, or what somebody heard.
#[derive(Serialize)]
struct Line {
    /// Telephone time since the call began.
    seconds: f64,
    who: Option<String>,
    words: String,
}

pub(super) async fn run(drill: &Drill, clock: Clock) -> anyhow::Result<Status> {
    if drill.list {
        let names: String = SCENARIOS
            .iter()
            .map(|scenario| format!("{:24}{}\n", scenario.name, scenario.title))
            .collect();
        cli::write(&mut io::stdout().lock(), &names)?;
        return Ok(Status::Fine);
    }
    let chosen: Vec<&Scenario> = match &drill.scenario {
        None => SCENARIOS.iter().collect(),
        Some(name) => vec![
            SCENARIOS
                .iter()
                .find(|scenario| scenario.name == *name)
                .ok_or_else(|| anyhow!("there is no scenario {name}; --list names them"))?,
        ],
    };
    let folder = std::env::temp_dir().join(format!("rotaline-drill-{}", uuid::Uuid::now_v7()));
    let mut rota = drill.rota.clone();
    if rota.is_empty() {
        std::fs::create_dir(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        let path = folder.join("rota.xlsx");
        std::fs::write(&path, sample::workbook(clock.now().date_naive())?)?;
        rota.push(path);
    }
    let setting = Setting {
        rota: rota.into_iter().map(Source::File).collect(),
        accounts: Accounts::default(),
        given: Settings::default(),
        listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
        pace: PACE,
        front: None,
        seed: SEED,
        refresh: Duration::from_secs(60),
        push: false,
        reception: crate::reception::Reception::default(),
        words: crate::call::OwnWords::default(),
        recordings: super::stage::Recordings::default(),
        rules: |rules| rules,
        menus: Vec::new(),
        incident_token: None,
        with_test_line: false,
        bring_in_key: false,
        extras: Extras::default(),
    };
    let stage = Stage::set(setting, clock).await?;
    let mut passed = true;
    let mut reports = Vec::new();
    for scenario in chosen {
        let report = play(&stage, scenario, clock, drill.json).await?;
        passed &= report.passed;
        reports.push(report);
    }
    stage.strike().await;
    if drill.rota.is_empty() {
        // What is left behind in the folder for temporary files does no harm.
        let _ = std::fs::remove_dir_all(folder);
    }
    if drill.json {
        cli::write(&mut io::stdout().lock(), &format!("{}\n", serde_json::to_string_pretty(&reports)?))?;
    }
    Ok(if passed { Status::Fine } else { Status::Findings })
}

async fn play(stage: &Stage, scenario: &Scenario, clock: Clock, silent: bool) -> anyhow::Result<Report> {
    let people = stage.rehearsal().on_call().await.map_err(anyhow::Error::msg)?;
    let expected = people
        .get(scenario.served_by)
        .map_or_else(|| "nobody: so many are not on call".to_owned(), |who| who.name.clone());
    let mut telling = Telling {
        silent,
        begun: clock.now(),
        story: Vec::new(),
    };
    telling.title(&format!("\n{}\n", scenario.title))?;
    let mut facts = stage.service().store().subscribe();
    let mut heard = stage.rehearsal().listen();
    let call = stage.rehearsal().play(scenario).await.map_err(anyhow::Error::msg)?;
    let served_by = follow(stage, call, &mut facts, &mut heard, &mut telling, clock).await?;
    let passed = served_by.as_deref() == Some(expected.as_str());
    let verdict = match &served_by {
        Some(name) if passed => format!("Passed: {name} got the caller.\n"),
        Some(name) => format!("FAILED: {name} got the caller, expected was {expected}.\n"),
        None => format!("FAILED: nobody got the caller, expected was {expected}.\n"),
    };
    telling.title(&verdict)?;
    Ok(Report {
        scenario: scenario.name,
        title: scenario.title,
        passed,
        expected,
        story: telling.story,
    })
}

/// Tells the call until its end; gives who was connected with the caller.
async fn follow(
    stage: &Stage,
    call: CallId,
    facts: &mut Receiver<Entry>,
    heard: &mut Receiver<Heard>,
    telling: &mut Telling,
    clock: Clock,
) -> anyhow::Result<Option<String>> {
    let mut served_by = None;
    let mut over = false;
    let deadline = clock.now() + LONGEST;
    loop {
        if over && stage.rehearsal().simulator().leftovers().is_empty() {
            return Ok(served_by);
        }
        tokio::select! {
            entry = facts.recv() => match entry {
                Ok(entry) if entry.call == call => {
                    if let Fact::Connected { name } = &entry.fact {
                        served_by = Some(name.clone());
                    }
                    over |= matches!(entry.fact, Fact::Ended { .. });
                    telling.tell(entry.at, None, entry.fact.to_string())?;
                }
                Ok(_) | Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return Ok(served_by),
            },
            sound = heard.recv() => if let Ok(sound) = sound {
                telling.tell(sound.at, Some(sound.who), sound.what)?;
            },
            () = clock.sleep_until(clock.now() + TimeDelta::milliseconds(200)) => if clock.now() > deadline {
                return Err(anyhow!("the call has not come to its end within {} s", LONGEST.num_seconds()));
            },
        }
    }
}

struct Telling {
    silent: bool,
    begun: DateTime<Utc>,
    story: Vec<Line>,
}

impl Telling {
    fn title(&self, words: &str) -> io::Result<()> {
        if self.silent {
            Ok(())
        } else {
            cli::write(&mut io::stdout().lock(), words)
        }
    }

    fn tell(&mut self, at: DateTime<Utc>, who: Option<String>, words: String) -> io::Result<()> {
        let elapsed = (at - self.begun).to_std().unwrap_or_default() * PACE;
        let line = match &who {
            None => format!("{:>6.1} s  {words}\n", elapsed.as_secs_f64()),
            Some(who) => format!("{:>6.1} s      {who} hears: {words}\n", elapsed.as_secs_f64()),
        };
        self.story.push(Line {
            seconds: elapsed.as_secs_f64(),
            who,
            words,
        });
        self.title(&line)
    }
}

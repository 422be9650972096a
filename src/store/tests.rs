//! What a store must do. Most of it is asked of every kind of store; `crashes` and `guards` are about files.

/// Runs each of these tests on each kind of store.
macro_rules! on_every_store {
    ($($name:ident),+ $(,)?) => {
        mod in_memory {
            $(#[tokio::test] async fn $name() { super::$name(crate::store::Store::in_memory().await.unwrap()).await; })+
        }
        mod in_a_file {
            $(#[tokio::test] async fn $name() {
                let (_folder, path) = super::file();
                super::$name(super::reopened(&path).await).await;
            })+
        }
        mod on_postgres {
            $(#[tokio::test] async fn $name() { super::$name(super::on_postgres().await).await; })+
        }
    };
}

/// Runs each of these tests on each kind of database that several processes may open, one after the other or at once.
macro_rules! on_every_database {
    ($($name:ident),+ $(,)?) => {
        mod of_a_file {
            $(#[tokio::test] async fn $name() { super::$name($crate::store::tests::Home::file()).await; })+
        }
        mod of_postgres {
            $(#[tokio::test] async fn $name() { super::$name($crate::store::tests::Home::postgres()).await; })+
        }
    };
}
pub(crate) use on_every_database;

mod access;
mod backup;
mod callbacks;
mod changes;
mod conformance;
mod crashes;
mod fate;
mod forgetting;
mod guards;
mod incidents;
mod lines;
mod plain;
mod postgres;
mod presence;
mod recordings;
mod retention;
mod rotas;
mod spending;
mod texts;
mod upgrades;
mod versions;
mod waiting;

use super::{Begun, Change, Hand, Store, StoreError};
use crate::call::{Call, CallId, Command, Event, HotlineName, LegId, LineId, Plan, Rules, Rung};
use crate::roster::{Phone, Responder};
use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

/// 2026-11-21 03:00 UTC and so many seconds.
fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_230_000 + seconds, 0).unwrap()
}

fn number(text: &str) -> Phone {
    Phone::from_e164(text).unwrap()
}

fn line(text: &str) -> LineId {
    LineId(text.to_owned())
}

/// Ann rings first, then Bob; 20 s each, one round, nobody afterwards.
fn ann_then_bob() -> Plan {
    let rung = |label: &str, name: &str, phone: &str| Rung {
        label: label.to_owned(),
        responders: vec![Responder {
            name: name.to_owned(),
            phone: number(phone),
            then: None,
        }],
        source: format!("Rota!{label}"),
        second: false,
    };
    Plan {
        hotline: HotlineName("lab".to_owned()),
        levels: vec![rung("1st", "Ann", ANN), rung("2nd", "Bob", BOB)],
        last_resort: None,
        left_out: Vec::new(),
        welcome: crate::call::Welcome::Open,
        spoke_at: None,
        rules: Rules {
            ring_seconds: 20,
            rounds: 1,
            ..Rules::default()
        },
        arrives: None,
    }
}

const ANN: &str = "+61491570156";
const BOB: &str = "+61491570157";
const CALLER_NUMBER: &str = "+61491570158";

fn hand(worker: &str, until: DateTime<Utc>) -> Hand {
    Hand {
        worker: worker.to_owned(),
        until,
    }
}

fn id(n: u128) -> CallId {
    CallId(Uuid::from_u128(n))
}

async fn begin(store: &Store, n: u128, now: DateTime<Utc>, hand: Option<&Hand>) -> Result<Begun, StoreError> {
    let caller_line = line(&format!("caller-{n}"));
    let arrives = |world: &crate::call::World<'_>| {
        let caller = Some(number(CALLER_NUMBER));
        Call::arrive(id(n), ann_then_bob(), caller, caller_line.clone(), world)
    };
    store.begin(&caller_line, now, hand, arrives).await
}

async fn arrive(store: &Store, n: u128, now: DateTime<Utc>, hand: Option<&Hand>) -> Change {
    match begin(store, n, now, hand).await.unwrap() {
        Begun::New(change) => *change,
        Begun::Known(_) | Begun::Bygone => panic!("a new line begins a new call"),
    }
}

async fn update(store: &Store, n: u128, event: Event, now: DateTime<Utc>) -> Change {
    store.update(id(n), &event, now, None).await.unwrap().unwrap()
}

const fn placed(leg: u16, line: LineId) -> Event {
    Event::Placed { leg: LegId(leg), line }
}

fn caller_hangs_up() -> Event {
    Event::Ended {
        leg: LegId(0),
        how: crate::call::Ending::Completed,
    }
}

/// The sentences of a call's story.
async fn told(store: &Store, n: u128) -> Vec<String> {
    let story = store.story(id(n)).await.unwrap();
    story.iter().map(|entry| entry.fact.to_string()).collect()
}

/// The next so many entries that are told.
async fn heard(subscriber: &mut tokio::sync::broadcast::Receiver<super::Entry>, number: usize) -> Vec<super::Entry> {
    let mut heard = Vec::new();
    while heard.len() < number {
        let next = tokio::time::timeout(std::time::Duration::from_secs(10), subscriber.recv()).await;
        heard.push(next.expect("it is told within seconds").unwrap());
    }
    heard
}

fn dials(commands: &[super::Claimed]) -> Vec<&str> {
    let dialled = commands.iter().filter_map(|claimed| match &claimed.command {
        Command::Dial { to, .. } => Some(to.address()),
        Command::Withdraw { .. }
        | Command::Cancel { .. }
        | Command::HangUp { .. }
        | Command::Redirect { .. }
        | Command::Find { .. }
        | Command::LookAfter { .. }
        | Command::Record { .. }
        | Command::StopRecording { .. }
        | Command::FindRecording { .. }
        | Command::Text { .. } => None,
    });
    dialled.collect()
}

fn seconds(n: i64) -> TimeDelta {
    TimeDelta::seconds(n)
}

/// A file in a folder that goes away with the test.
fn file() -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rotaline.db");
    (folder, path)
}

async fn reopened(path: &std::path::Path) -> Store {
    Store::open(path).await.unwrap()
}

/// Where a database is.
pub(crate) enum Home {
    File {
        _folder: tempfile::TempDir,
        path: std::path::PathBuf,
    },
    Postgres(String),
}

impl Home {
    /// An empty one in a file of its own.
    pub(crate) fn file() -> Self {
        let (folder, path) = file();
        Self::File { _folder: folder, path }
    }

    /// An empty one of the real server.
    pub(crate) fn postgres() -> Self {
        Self::Postgres(fakes::Postgres::shared().database())
    }

    /// For a process of its own.
    pub(crate) async fn open(&self) -> Store {
        match self {
            Self::File { path, .. } => reopened(path).await,
            Self::Postgres(address) => also_on_postgres(address).await,
        }
    }
}

/// An empty database of the real server.
async fn on_postgres() -> Store {
    also_on_postgres(&fakes::Postgres::shared().database()).await
}

/// A process of its own on a database.
async fn also_on_postgres(address: &str) -> Store {
    Store::open_postgres(&address.parse().unwrap(), None).await.unwrap()
}

fn is_corrupt<T>(result: Result<T, StoreError>) -> bool {
    matches!(result, Err(StoreError::Corrupt { .. }))
}

impl Store {
    /// Makes a call unreadable, as a fault of the disk would.
    pub(crate) async fn spoil(&self, call: CallId) {
        let spoilt = sqlx::query("UPDATE calls SET state = '{' WHERE id = $1").bind(call.0.to_string());
        spoilt.execute(&self.writer).await.unwrap();
    }

    /// Puts something unreadable where a hotline's rota should be.
    pub(crate) async fn spoil_rota(&self, hotline: &HotlineName) {
        let spoilt = sqlx::query("INSERT INTO rotas (hotline, sheet, given, read_at, checked_at) VALUES ($1, '{', '[]', 0, 0)");
        spoilt.bind(&hotline.0).execute(&self.writer).await.unwrap();
    }
}

//! The stage on which whole calls are played: the sample rota, a fixed Wednesday, fast telephones.

use super::signed_in::{self, Browser};
use chrono::{DateTime, TimeDelta, Utc};
use rotaline::access::Role;
use rotaline::app::{Accounts, Extras, Setting, Stage};
use rotaline::clock::Clock;
use rotaline::config::{IncidentToken, Source};
use rotaline::roster::Settings;
use std::fs;
use std::path::Path;
use std::time::Duration;

/// Telephone time runs so much faster than ours.
pub(super) const PACE: u32 = 40;
/// On any machine a call is over by then.
pub(super) const PATIENCE: Duration = Duration::from_secs(60);

/// With which alarms are raised.
pub(super) const INCIDENT_TOKEN: &str = "correct-horse-battery-staple";

/// A Wednesday at 14:00 in Melbourne: by row 4 of the sample Priya Nair first, Tom Okafor second, Dr Wei Zhang third.
pub(super) fn wednesday() -> DateTime<Utc> {
    "2026-03-04T03:00:00Z".parse().unwrap()
}

/// Somebody with this role, signed in to the page of a stage.
pub(super) async fn signed_in(stage: &Stage, role: Role) -> Browser {
    signed_in::sign_in(stage.access(), stage.service().address(), role).await
}

pub(super) async fn set() -> Stage {
    set_with(|_| {}).await
}

/// The same with something changed.
pub(super) async fn set_with(change: impl FnOnce(&mut Setting)) -> Stage {
    let mut setting = Setting {
        rota: vec![Source::File(
            Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/sample-rota.xlsx"),
        )],
        accounts: Accounts::default(),
        given: Settings::default(),
        listen: "127.0.0.1:0".parse().unwrap(),
        pace: PACE,
        front: None,
        seed: 1,
        refresh: Duration::from_secs(60),
        push: false,
        reception: rotaline::reception::Reception::default(),
        words: rotaline::call::OwnWords::default(),
        recordings: rotaline::app::Recordings::default(),
        rules: |rules| rules,
        menus: Vec::new(),
        incident_token: Some(IncidentToken::of(INCIDENT_TOKEN)),
        with_test_line: true,
        bring_in_key: false,
        extras: Extras::default(),
    };
    change(&mut setting);
    Stage::set(setting, Clock::anchored_at(wednesday())).await.unwrap()
}

/// The rota of a hotline that a real process serves: one turn of duty these days, with one person on each level.
pub(super) fn write_rota(folder: &Path, hotline: usize, responder_number: fn(usize, usize) -> String) {
    let day = |days| (Clock::system().now() + TimeDelta::days(days)).format("%Y-%m-%d");
    fs::create_dir(folder).unwrap();
    let rota = format!(
        "From,Until,1st,2nd,3rd\n{},{},Ann {hotline},Bob {hotline},Cem {hotline}\n",
        day(-10),
        day(20)
    );
    let contacts: String = ["Ann", "Bob", "Cem"]
        .iter()
        .enumerate()
        .map(|(level, name)| format!("{name} {hotline},{}\n", responder_number(hotline, level)))
        .collect();
    fs::write(folder.join("Rota.csv"), rota).unwrap();
    fs::write(folder.join("Contacts.csv"), format!("Name,Phone\n{contacts}")).unwrap();
    fs::write(folder.join("Settings.csv"), "Setting,Value\nTime zone,Australia/Sydney\n").unwrap();
}

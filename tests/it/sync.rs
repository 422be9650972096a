//! `sync` as it is typed, beside a service that pulls the same rota: what is held back is told, accepted, and taken.

use rotaline::call::HotlineName;
use rotaline::clock::Clock;
use rotaline::roster::{OnCall, Settings};
use rotaline::sheet_sync::{Feed, Pace, Pulled, SheetSync};
use rotaline::store::Store;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

const CONFIG: &str = "\
[twilio]
account_sid = \"AC00000000000000000000000000000000\"
[store]
path = \"rotaline.db\"
[[hotline]]
name = \"lab\"
numbers = [\"+61491570006\"]
rota = { file = \"rota\" }
time_zone = \"UTC\"
";

struct Said {
    status: i32,
    out: String,
}

fn sync(folder: &Path, more: &[&str]) -> Said {
    let output = Command::new(env!("CARGO_BIN_EXE_rotaline"))
        .arg("sync")
        .args(more)
        .current_dir(folder)
        .env_remove("ROTALINE_CONFIG")
        .env_remove("ROTALINE_LOG")
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Said {
        status: output.status.code().unwrap(),
        out: text(output.stdout) + &text(output.stderr),
    }
}

/// Priya since yesterday; Maria, or nobody is entered, all of tomorrow; then Priya again.
fn write_rota(folder: &Path, tomorrow: &str) {
    let day = |days: i64| (Clock::system().now() + chrono::TimeDelta::days(days)).format("%Y-%m-%d 00:00");
    let rows = [(-1, 1, "Priya Nair"), (1, 2, tomorrow), (2, 30, "Priya Nair")];
    let rows = rows.map(|(from, until, name)| format!("{},{},{name}\n", day(from), day(until)));
    std::fs::create_dir_all(folder.join("rota")).unwrap();
    std::fs::write(folder.join("rota/Rota.csv"), format!("From,Until,1st\n{}", rows.concat())).unwrap();
    let contacts = "Name,Phone\nPriya Nair,+61 491 570 156\nMaria Lopez,+61 491 570 157\n";
    std::fs::write(folder.join("rota/Contacts.csv"), contacts).unwrap();
}

fn service(folder: &Path, store: &Store) -> SheetSync {
    let feed = Feed {
        hotline: HotlineName("lab".into()),
        source: Arc::new(providers::LocalFile::new(folder.join("rota"))),
        given: Settings(vec![("Time zone".into(), "UTC".into())]),
        fallback: None,
        interval: Duration::from_secs(60),
        stale_after: Duration::from_secs(900),
        push: None,
    };
    SheetSync::new(store, Clock::system(), vec![feed], Pace::default())
}

async fn pull(service: &mut SheetSync) -> Pulled {
    service.pull_now().await.remove(0).1
}

#[tokio::test]
async fn what_is_held_back_is_told_and_let_through_by_the_operator() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    std::fs::write(folder.join("rotaline.toml"), CONFIG).unwrap();
    write_rota(folder, "Maria Lopez");
    let first = sync(folder, &[]);
    assert!(first.out.contains("There is no copy in use to compare it with."), "{}", first.out);
    assert_eq!(first.status, 0);
    assert!(!folder.join("rotaline.db").exists(), "a question keeps nothing");

    let store = Store::open(&folder.join("rotaline.db")).await.unwrap();
    let mut service = service(folder, &store);
    assert_eq!(pull(&mut service).await, Pulled::Taken);
    let same = sync(folder, &["--accept"]);
    for part in [
        "It is this version.",
        "There is nothing to accept.",
        "Nothing that matters to calls is different",
    ] {
        assert!(same.out.contains(part), "{}", same.out);
    }
    assert_eq!(same.status, 0);

    write_rota(folder, "");
    let held = sync(folder, &["--hotline", "lab"]);
    for part in [
        "HELD BACK IN PART: this version is taken but for 1 stretch of time. `rotaline sync --hotline lab --accept` lets it through.",
        "STOP  Rota.csv line 3, column 3: The sheet has nobody on call any more from ",
        "Calls ring \"Maria Lopez\" all the same, as the version before said, until ",
        "\nWhat is held back:\n  Maria Lopez no longer first on ",
        "; nobody is on call then.\n",
    ] {
        assert!(held.out.contains(part), "{part}\n{}", held.out);
    }
    assert_eq!(held.status, 1);
    let json = sync(folder, &["--json"]);
    let report: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!(
        (&report["outcome"], &report["accepted_now"]),
        (&"taken_in_part".into(), &false.into())
    );
    assert_eq!(report["held"][0]["code"], "held-back-span");
    assert_eq!(json.status, 1);

    assert_eq!(pull(&mut service).await, Pulled::TakenInPart);
    let accepted = sync(folder, &["--accept"]);
    assert!(
        accepted.out.contains("ACCEPTED: this version is used as it is;"),
        "{}",
        accepted.out
    );
    assert!(
        accepted.out.contains("\nWhat is let through:\n  Maria Lopez no longer first on "),
        "{}",
        accepted.out
    );
    assert!(!accepted.out.contains("all the same"), "{}", accepted.out);
    assert_eq!(accepted.status, 0);
    // Once: what was only asked, or had nothing to accept, has changed nothing.
    let noted = store.audit(None, None, 10).await.unwrap();
    let noted: Vec<_> = noted
        .iter()
        .map(|line| (line.what.as_str(), line.kind.as_str(), line.hotline.as_deref()))
        .collect();
    assert_eq!(noted, [("version-accepted", "command", Some("lab"))]);
    let known = sync(folder, &[]);
    assert!(known.out.contains("This version has been accepted;"), "{}", known.out);
    assert_eq!(pull(&mut service).await, Pulled::Taken);
    let rota = store.rota(&HotlineName("lab".into())).await.unwrap().unwrap();
    let noon_tomorrow = (Clock::system().now() + chrono::TimeDelta::days(1))
        .date_naive()
        .and_hms_opt(12, 0, 0)
        .unwrap()
        .and_utc();
    assert!(matches!(rota.roster.on_call(noon_tomorrow), OnCall::Gap { .. }));
}

#[tokio::test]
async fn a_rota_that_reads_as_empty_or_cannot_be_read_has_a_status_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    std::fs::write(folder.join("rotaline.toml"), CONFIG).unwrap();
    write_rota(folder, "Maria Lopez");
    let store = Store::open(&folder.join("rotaline.db")).await.unwrap();
    assert_eq!(pull(&mut service(folder, &store)).await, Pulled::Taken);
    std::fs::write(folder.join("rota/Rota.csv"), "From,Until,1st\n").unwrap();
    let empty = sync(folder, &[]);
    assert!(empty.out.contains("HELD BACK: this version is not taken."), "{}", empty.out);
    assert!(empty.out.contains("now reads as empty"), "{}", empty.out);
    assert_eq!(empty.status, 1);
    std::fs::remove_dir_all(folder.join("rota")).unwrap();
    assert_eq!(sync(folder, &[]).status, 2);
    assert_eq!(sync(folder, &["--hotline", "ward"]).status, 2);
}

//! A caller is forgotten, by the command as it is typed while the service runs: here, and at the carrier.

use super::cli::typed;
use super::line::CALLER;
use super::stage::{PATIENCE, wednesday};
use super::two_lines::{LAB, PRIYA, Rota, TwoLines};
use rotaline::simulator::{CallerHabit, Delay, Habit};
use serde_json::Value;
use std::fs;

fn rota() -> Rota<'static> {
    Rota {
        contacts: &[("Priya", PRIYA)],
        last_resort: None,
    }
}

/// What a command needs to find the store: the service has its own configuration.
fn configure(lines: &TwoLines) {
    let text = format!(
        "[twilio]\naccount_sid = \"AC00000000000000000000000000000000\"\n[[hotline]]\nname = \"lab\"\nnumbers = [\"{LAB}\"]\nrota = {{ file = \"lab\" }}\n"
    );
    fs::write(lines.folder().join("rotaline.toml"), text).unwrap();
}

async fn forget(lines: &TwoLines, more: &[&str]) -> Value {
    let folder = lines.folder().to_owned();
    let arguments: Vec<String> = ["forget", CALLER, "--json"].iter().chain(more).map(ToString::to_string).collect();
    let said = tokio::task::spawn_blocking(move || {
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        typed(&folder, &arguments)
    })
    .await
    .unwrap();
    assert_eq!(said.status, 0, "{}{}", said.out, said.err);
    serde_json::from_str(&said.out).unwrap()
}

/// How many calls and texts the carrier lists between the caller and the hotline.
fn at_carrier(lines: &TwoLines) -> usize {
    lines.simulator.look(|network| network.records_of(CALLER).len())
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_left_here_nor_at_the_carrier() {
    let lines = TwoLines::open(rota(), rota(), wednesday()).await;
    configure(&lines);
    lines.simulator.set_habit(
        PRIYA,
        Habit::Accepts {
            after: Delay::seconds(2),
            talk: None,
        },
    );
    let caller = CallerHabit {
        talk: Some(Delay::seconds(20)),
        ..CallerHabit::default()
    };
    lines.call(CALLER, LAB, caller).await;
    lines.text(CALLER, LAB, "Thank you.");
    let answered = lines
        .simulator
        .until(|network| network.texts().iter().any(|text| text.to == CALLER) && network.leftovers().is_empty());
    tokio::time::timeout(PATIENCE, answered).await.unwrap();
    assert_eq!(at_carrier(&lines), 2, "a call and a text");

    let asked = forget(&lines, &["--dry-run"]).await;
    assert_eq!(
        (&asked["calls"], &asked["rows"], &asked["dry_run"]),
        (&1.into(), &1.into(), &true.into()),
        "{asked}"
    );
    assert_eq!(forget(&lines, &["--dry-run"]).await, asked, "it has changed nothing");
    let done = forget(&lines, &["--yes"]).await;
    assert_eq!((&done["calls"], &done["rows"]), (&1.into(), &1.into()), "{done}");
    assert!(done["left_at_carrier"].as_u64().unwrap() <= 2, "{done}");
    assert!(!done.to_string().contains(&CALLER[3..]), "the number is masked: {done}");
    // That it was done is noted, not of whom; that it was asked what there is, is not.
    let folder = lines.folder().to_owned();
    let said = tokio::task::spawn_blocking(move || typed(&folder, &["audit", "--json"]))
        .await
        .unwrap();
    let noted: Value = serde_json::from_str(&said.out).unwrap();
    let forgotten = noted.as_array().unwrap().iter().filter(|line| line["what"] == "number-forgotten");
    assert_eq!(forgotten.count(), 1, "{noted}");
    assert!(!said.out.contains(&CALLER[3..]), "{}", said.out);

    // The service has the carrier delete them, within seconds.
    let gone = async {
        while at_carrier(&lines) > 0 || forget(&lines, &["--dry-run"]).await["asks_carrier"] == true {
            tokio::time::sleep(std::time::Duration::from_millis(500)).await;
        }
    };
    tokio::time::timeout(PATIENCE, gone).await.unwrap();
    let left = forget(&lines, &["--dry-run"]).await;
    assert_eq!((&left["calls"], &left["left_at_carrier"]), (&0.into(), &0.into()), "{left}");
    assert_eq!(lines.simulator.look(|network| network.faults().to_vec()), []);
    let folder = lines.folder().to_owned();
    lines
        .close_but_keep(|| {
            for file in fs::read_dir(&folder).unwrap().map(|file| file.unwrap().path()) {
                if file.to_string_lossy().contains("sqlite") {
                    let kept = fs::read(&file).unwrap();
                    assert!(!String::from_utf8_lossy(&kept).contains(&CALLER[3..]), "{}", file.display());
                }
            }
        })
        .await;
}

/// Nobody is there to be asked, and nothing is done by mistake.
#[tokio::test(flavor = "multi_thread")]
async fn it_asks_before_it_forgets_and_takes_no_half_number() {
    let lines = TwoLines::open(rota(), rota(), wednesday()).await;
    configure(&lines);
    let folder = lines.folder().to_owned();
    for (arguments, said_so) in [
        (vec!["forget", CALLER], "--yes"),
        (vec!["forget", "0491570737", "--yes"], "international form"),
    ] {
        let folder = folder.clone();
        let said = tokio::task::spawn_blocking(move || typed(&folder, &arguments)).await.unwrap();
        assert_eq!((said.status, said.out.as_str()), (2, ""), "{}", said.err);
        assert!(said.err.contains(said_so), "{}", said.err);
    }
    lines.close().await;
}

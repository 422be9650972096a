//! The program that serves the fake: what it prints and writes is enough to read a spreadsheet, and saving a file is an edit.

use super::client::Client;
use fakes::google::{Spreadsheet, Tab};
use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

/// The program, and what it printed first.
struct Served {
    child: Child,
    printed: String,
    /// Stays open as long as the program runs.
    _more: BufReader<ChildStdout>,
}

impl Drop for Served {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn serve(options: &[&str], key: &Path) -> Served {
    let mut child = Command::new(env!("CARGO_BIN_EXE_fakes"))
        .args(["google", "--listen", "127.0.0.1:0", "--key-file"])
        .arg(key)
        .args(options)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    let mut printed = String::new();
    while !printed.contains("\nrota = ") {
        assert!(output.read_line(&mut printed).unwrap() > 0, "it ended: {printed}");
    }
    Served {
        child,
        printed,
        _more: output,
    }
}

/// The value of `name = "value"` in what was printed.
fn value<'t>(text: &'t str, name: &str) -> &'t str {
    let line = text.lines().find(|line| line.contains(name)).unwrap();
    line.split('"').nth(1).unwrap()
}

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

async fn client(served: &Served) -> Client {
    let key = std::fs::read(value(&served.printed, "key_file")).unwrap();
    let key: Value = serde_json::from_slice(&key).unwrap();
    assert_eq!(key["token_uri"], value(&served.printed, "token_uri"));
    Client::with_key(value(&served.printed, "sheets_base"), &key).await
}

#[tokio::test]
async fn the_sample_is_read_with_what_was_printed() {
    let served = serve(&[], &folder("fake-sample").join("key.json"));
    let client = client(&served).await;
    let id = value(&served.printed, "google_sheet");
    let answer = client.ok(&format!("/v4/spreadsheets/{id}"), &[("includeGridData", "true")]).await;
    let titles: Vec<&Value> = answer["sheets"]
        .as_array()
        .unwrap()
        .iter()
        .map(|sheet| &sheet["properties"]["title"])
        .collect();
    assert_eq!(titles, ["Rota", "Contacts", "Settings"]);
}

#[tokio::test]
async fn a_saved_file_is_an_edit() {
    let folder = folder("fake-folder");
    let rota = folder.join("Rota.csv");
    std::fs::write(&rota, "Day,From,1st\n2026-03-02,18:00,Maria Lopez\n").unwrap();
    let sheet = format!("demo={}", folder.display());
    let served = serve(&["--sheet", &sheet, "--zone", "Europe/Berlin"], &folder.join("key.json"));
    let client = client(&served).await;
    let version = async || client.ok("/drive/v3/files/demo", &[("fields", "version")]).await;
    let before = version().await;
    std::fs::write(&rota, "Day,From,1st\n2026-03-02,18:00,Wei Chen\n").unwrap();
    for _ in 0..1_000 {
        if version().await != before {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let query = [("ranges", "Rota!A2:C2"), ("valueRenderOption", "UNFORMATTED_VALUE")];
    let answer = client.ok("/v4/spreadsheets/demo/values:batchGet", &query).await;
    assert_eq!(answer["valueRanges"][0]["values"], serde_json::json!([[46083, 0.75, "Wei Chen"]]));
    let zone = client.ok("/v4/spreadsheets/demo", &[("fields", "properties.timeZone")]).await;
    assert_eq!(zone["properties"]["timeZone"], "Europe/Berlin");
}

#[test]
fn typed_cells_become_what_sheets_takes_them_for() {
    let folder = folder("fake-typed");
    std::fs::write(
        folder.join("Rota.csv"),
        "2026-03-02,2026-03-02 18:00,08:00,TRUE,42,0042,+442079460018,Maria,\n",
    )
    .unwrap();
    let read = Spreadsheet::from_folder(&folder).unwrap();
    let day = super::client::monday();
    let time = |hour| chrono::NaiveTime::from_hms_opt(hour, 0, 0).unwrap();
    let cells = [
        fakes::google::Cell::date(day, "yyyy-mm-dd"),
        fakes::google::Cell::date_time(day.and_time(time(18)), "yyyy-mm-dd hh:mm"),
        fakes::google::Cell::time(time(8), "hh:mm"),
        true.into(),
        42.0.into(),
        "0042".into(),
        "+442079460018".into(),
        "Maria".into(),
        "".into(),
    ];
    assert_eq!(read, Spreadsheet::new("fake-typed").tab(Tab::new("Rota").row(cells)));
    let empty = Spreadsheet::from_folder(Path::new("/nowhere")).unwrap_err();
    assert!(empty.starts_with("/nowhere: "), "{empty}");
}

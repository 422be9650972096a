//! `fakes google`: spreadsheets out of folders of CSV files, taken in again whenever a file is saved.

use crate::say;
use chrono::{Days, NaiveDate, NaiveTime};
use clap::Args;
use fakes::google::{Cell, Google, Spreadsheet, Tab};
use std::path::PathBuf;
use std::time::Duration;

/// How often the folders are looked at.
const LOOK: Duration = Duration::from_millis(500);
/// The spreadsheet that is there when no folder is given; as long as a real id.
const SAMPLE: &str = "1RotalineSampleSpreadsheetOfTheFakeGoogle001";

const HANDOVER: NaiveTime = NaiveTime::from_hms_opt(8, 0, 0).unwrap();

/// Options of `fakes google`.
#[derive(Args, Debug)]
pub(crate) struct Options {
    /// Where to listen.
    #[arg(long, default_value = "127.0.0.1:7001")]
    listen: String,
    /// A spreadsheet: its id, and the folder whose CSV files are its tabs. Saving a file is an edit. Without any there is a small sample.
    #[arg(long, value_name = "ID=FOLDER")]
    sheet: Vec<String>,
    /// The zone of the spreadsheets.
    #[arg(long, default_value = "Europe/London")]
    zone: String,
    /// Where to write the service account's key file.
    #[arg(long, default_value = "credentials/fake-google.json")]
    key_file: PathBuf,
    /// Notifications for a public address go to this machine: `https://rota.example.org=http://127.0.0.1:8080`.
    #[arg(long, value_name = "PUBLIC=LOCAL")]
    door: Vec<String>,
    /// Spreadsheets that are not shared with the service account.
    #[arg(long, value_name = "ID")]
    unshared: Vec<String>,
    /// The Drive API is off.
    #[arg(long)]
    without_drive: bool,
    /// The Sheets API is off.
    #[arg(long)]
    without_sheets: bool,
    /// So many reads a minute (Google: 60).
    #[arg(long)]
    quota: Option<u32>,
}

/// Serves until it is interrupted.
pub(crate) async fn run(options: Options) -> Result<(), String> {
    let folders = pairs(&options.sheet)?;
    let google = Google::start_on(&options.listen).await;
    let mut held = Vec::new();
    for (id, folder) in &folders {
        let sheet = Spreadsheet::from_folder(&PathBuf::from(folder))?.zone(&options.zone);
        google.put(id, sheet.clone());
        held.push((id.clone(), PathBuf::from(folder), sheet));
    }
    if folders.is_empty() {
        google.put(SAMPLE, sample(google.now().date_naive()).zone(&options.zone));
    }
    for (public, local) in pairs(&options.door)? {
        google.door(&public, &local);
    }
    for id in options.unshared.iter().filter(|id| has(&folders, id)) {
        google.unshare(id);
    }
    if options.without_drive {
        google.disable_drive_api();
    }
    if options.without_sheets {
        google.disable_sheets_api();
    }
    google.quota(options.quota);
    write_key(&options.key_file, &google.key_json())?;
    say(&words(&google, &options, &folders));
    let taking_in = take_in(&google, held, &options.zone);
    tokio::select! {
        () = taking_in => Ok(()),
        end = tokio::signal::ctrl_c() => end.map_err(|error| error.to_string()),
    }
}

fn has(folders: &[(String, String)], id: &str) -> bool {
    folders.iter().any(|(known, _)| known == id) || (folders.is_empty() && id == SAMPLE)
}

fn pairs(texts: &[String]) -> Result<Vec<(String, String)>, String> {
    let pair = |text: &String| {
        let parts = text.split_once('=').ok_or_else(|| format!("{text}: there should be an = in it"))?;
        Ok((parts.0.to_owned(), parts.1.to_owned()))
    };
    texts.iter().map(pair).collect()
}

fn write_key(path: &PathBuf, key: &str) -> Result<(), String> {
    let write = || {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(path, key)
    };
    write().map_err(|error| format!("{}: {error}", path.display()))
}

/// What a user pastes.
fn words(google: &Google, options: &Options, folders: &[(String, String)]) -> String {
    let url = google.url();
    let ids = if folders.is_empty() {
        vec![SAMPLE]
    } else {
        folders.iter().map(|(id, _)| id.as_str()).collect()
    };
    let rotas: Vec<String> = ids.iter().map(|id| format!("rota = {{ google_sheet = \"{id}\" }}")).collect();
    format!(
        "# A fake Google listens on {url}. Spreadsheets are shared with {}.\n[google]\nkey_file = \"{}\"\nsheets_base = \"{url}\"\ndrive_base = \"{url}\"\ntoken_uri = \"{}\"\n\n# In the hotline, one of:\n{}",
        google.address(),
        options.key_file.display(),
        google.token_uri(),
        rotas.join("\n")
    )
}

/// Takes saved files in, for ever. A folder that cannot be read is said once, and its spreadsheet stays as it was.
async fn take_in(google: &Google, mut held: Vec<(String, PathBuf, Spreadsheet)>, zone: &str) {
    let mut told = String::new();
    loop {
        tokio::time::sleep(LOOK).await;
        for (id, folder, known) in &mut held {
            match Spreadsheet::from_folder(folder) {
                Ok(sheet) => {
                    let sheet = sheet.zone(zone);
                    if sheet != *known {
                        say(&format!("# {id}: taken in anew"));
                        google.put(id, sheet.clone());
                        *known = sheet;
                    }
                }
                Err(words) if words == told => {}
                Err(words) => {
                    say(&format!("# {words}"));
                    told = words;
                }
            }
        }
    }
}

/// Invented people; the numbers are set aside for fiction by the British authority (Ofcom).
fn sample(today: NaiveDate) -> Spreadsheet {
    let people = [["Maria Lopez", "020 7946 0018"], ["Wei Chen", "020 7946 0123"]];
    let monday = today.week(chrono::Weekday::Mon).first_day();
    let weeks = (0..8_u64).map(|week| {
        let from = (monday + Days::new(7 * week)).and_time(HANDOVER);
        let turn = usize::from(week % 2 == 1);
        [
            Cell::date_time(from, "ddd d mmm yyyy hh:mm"),
            people[turn][0].into(),
            people[1 - turn][0].into(),
        ]
    });
    let rota = Tab::new("Rota").row(["From", "1st", "2nd"].map(Cell::from));
    Spreadsheet::new("Sample rota")
        .tab(weeks.fold(rota, Tab::row))
        .tab(Tab::new("Contacts").rows(&[["Name", "Phone"]]).rows(&people))
        .tab(Tab::new("Settings").rows(&[["Setting", "Value"], ["Country for phone numbers", "GB"]]))
}

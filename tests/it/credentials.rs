//! `check-credentials`, `who` and `check` as they are typed, with rotas at a fake Google and a fake Microsoft.

use super::cli::{Said, folder_with, typed_with};
use super::remote::{SHEET, google_rota, today};
use fakes::google::Google;
use serde_json::Value;
use tempfile::TempDir;

/// A configuration that reads one Google spreadsheet with the key beside it.
fn google_folder(google: &Google, rota: &str) -> TempDir {
    let folder = folder_with(&[("google.json", &google.key_json()), ("rotaline.toml", &configuration(google, rota))]);
    readable_by_us_only(&folder, "google.json");
    folder
}

fn configuration(google: &Google, rota: &str) -> String {
    let url = google.url();
    format!(
        "[twilio]\naccount_sid = \"AC00000000000000000000000000000000\"\n\
         [google]\nkey_file = \"google.json\"\nsheets_base = \"{url}\"\ndrive_base = \"{url}\"\n\
         [[hotline]]\nname = \"lab\"\nnumbers = [\"+61491570006\"]\nrota = {rota}\n"
    )
}

fn readable_by_us_only(folder: &TempDir, name: &str) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(folder.path().join(name), std::fs::Permissions::from_mode(0o600)).unwrap();
}

fn sheet() -> String {
    format!("{{ google_sheet = \"https://docs.google.com/spreadsheets/d/{SHEET}/edit#gid=0\" }}")
}

async fn asked(folder: &TempDir, arguments: &[&str]) -> Said {
    let (path, arguments) = (
        folder.path().to_owned(),
        arguments.iter().map(|argument| (*argument).to_owned()).collect::<Vec<_>>(),
    );
    tokio::task::spawn_blocking(move || typed_with(&path, &arguments, &[]))
        .await
        .unwrap()
}

/// The lines that name something missing, each with what is to be done.
fn missing(said: &Said) -> Vec<(String, String)> {
    let lines: Vec<&str> = said.out.lines().collect();
    let pairs = lines.windows(2).filter(|pair| pair[0].starts_with("  ✗ "));
    pairs
        .map(|pair| (pair[0].trim_start_matches("  ✗ ").to_owned(), pair[1].trim().to_owned()))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_spreadsheet_that_is_shared_is_right_and_says_who_would_be_rung() {
    let google = Google::start().await;
    google.put(SHEET, google_rota(today()));
    let folder = google_folder(&google, &sheet());
    let said = asked(&folder, &["check-credentials"]).await;
    assert_eq!((missing(&said), said.status), (vec![], 0), "{}{}", said.out, said.err);
    for part in [
        google.address(),
        "a call now would ring Ana Diaz, then Bo Lund",
        "Every rota can be read.",
    ] {
        assert!(said.out.contains(part), "{part}: {}", said.out);
    }
    let report: Value = serde_json::from_str(&asked(&folder, &["check-credentials", "--json"]).await.out).unwrap();
    assert_eq!(report["parts"][0]["hotlines"], serde_json::json!(["lab"]));

    let who = asked(&folder, &["who", "--numbers"]).await;
    assert!(who.out.contains("1st  Ana Diaz  +61491570156  Rota!B2"), "{}{}", who.out, who.err);
    assert_eq!(asked(&folder, &["check"]).await.status, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_google_refuses_is_told_with_what_to_do() {
    let google = Google::start().await;
    google.put(SHEET, google_rota(today()));
    let folder = google_folder(&google, &sheet());

    google.unshare(SHEET);
    let found = missing(&asked(&folder, &["check-credentials"]).await);
    assert!(found[0].0.contains(&format!("not shared with {}", google.address())), "{found:?}");
    assert!(
        found[0].1.contains(&format!("press Share, add {} as a Viewer", google.address())),
        "{found:?}"
    );
    google.share(SHEET);

    google.disable_sheets_api();
    let said = asked(&folder, &["check-credentials"]).await;
    assert!(missing(&said)[0].0.contains("Google Sheets API is switched off"), "{}", said.out);
    assert!(
        missing(&said)[0]
            .1
            .contains("https://console.cloud.google.com/apis/library/sheets.googleapis.com"),
        "{}",
        said.out
    );
    assert_eq!(said.status, 1);
    google.enable_sheets_api();

    google.disable_drive_api();
    let said = asked(&folder, &["check-credentials"]).await;
    assert!(said.out.contains("  ! the Google Drive API: "), "{}", said.out);
    assert_eq!(said.status, 0, "rotas are read all the same");
    google.enable_drive_api();

    google.delete_key();
    let said = asked(&folder, &["check-credentials"]).await;
    assert!(missing(&said)[0].0.starts_with("signing in to Google: "), "{}", said.out);
    assert_eq!(said.status, 1);
    assert!(!said.out.contains("PRIVATE KEY"), "{}", said.out);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_is_not_there_and_tabs_of_another_name_are_told() {
    let google = Google::start().await;
    google.put(SHEET, google_rota(today()));
    let folder = google_folder(&google, &sheet());
    google.alter(SHEET, |sheet| {
        let rota = sheet.tab_mut("Rota");
        rota.set("A1", "Notes");
        rota.set("B1", "More");
        rota.set("C1", "Still more");
    });
    let said = asked(&folder, &["check-credentials"]).await;
    let found = missing(&said);
    assert!(found[0].0.contains("a call would ring nobody"), "{}", said.out);
    assert!(found[0].0.contains("Expected are tabs named Rota and Contacts"), "{}", said.out);
    assert!(found[0].0.ends_with("there are: \"Contacts\", \"Rota\""), "{}", said.out);
    assert_eq!(said.status, 1);

    std::fs::remove_file(folder.path().join("google.json")).unwrap();
    let said = asked(&folder, &["check-credentials"]).await;
    let found = missing(&said);
    assert_eq!(
        found[0],
        (
            "google.key_file: google.json is not readable: No such file or directory (os error 2)".to_owned(),
            "Save the service account's key there (the JSON file of Google's console), or set ROTALINE_GOOGLE_KEY to what is in it."
                .to_owned()
        )
    );
    assert_eq!((found[1].0.as_str(), said.status), ("the rota: could not be read", 1));
    let who = asked(&folder, &["who"]).await;
    assert!(
        who.err.starts_with("rotaline: google.key_file: google.json is not readable"),
        "{}",
        who.err
    );
    assert_eq!(who.status, 2);

    std::fs::write(folder.path().join("google.json"), "{\"installed\": {\"client_id\": \"x\"}}").unwrap();
    let said = asked(&folder, &["check-credentials"]).await;
    assert!(
        missing(&said)[0].0.starts_with("the key of the service account, google.json: "),
        "{}",
        said.out
    );
    assert!(
        said.out
            .contains("  ! google.key_file: google.json may be read by everybody on this machine\n"),
        "{}",
        said.out
    );
}

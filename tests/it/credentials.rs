//! `check-credentials`, `who` and `check` as they are typed, with rotas at a fake Google and a fake Microsoft.

use super::cli::{Said, folder_with, typed_with};
use super::remote::{SHEET, SITE, google_rota, google_rota_alone, graph_rota, today};
use fakes::google::Google;
use fakes::graph::Graph;
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

/// A configuration that reads lists or files of one site; `lines` are further ones of the account.
fn graph_folder(graph: &Graph, rota: &str, lines: &str) -> TempDir {
    let text = format!(
        "[twilio]\naccount_sid = \"AC00000000000000000000000000000000\"\n\
         [microsoft]\ntenant = \"{}\"\nclient_id = \"{}\"\ngraph_base = \"{}\"\nlogin_base = \"{}\"\n{lines}\n\
         [[hotline]]\nname = \"lab\"\nnumbers = [\"+61491570006\"]\ntime_zone = \"Australia/Melbourne\"\nrota = {rota}\n",
        graph.tenant(),
        graph.client_id(),
        graph.url(),
        graph.login_url()
    );
    let folder = folder_with(&[
        ("secret", graph.client_secret()),
        ("cert.pem", graph.certificate_pem()),
        ("rotaline.toml", &text),
    ]);
    readable_by_us_only(&folder, "secret");
    readable_by_us_only(&folder, "cert.pem");
    folder
}

fn lists() -> String {
    format!("{{ sharepoint_site = \"{SITE}/Lists/Rota/AllItems.aspx\" }}")
}

const SECRET: &str = "client_secret_file = \"secret\"\nclient_secret_expires = 2099-05-01";

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
    assert!(found[0].0.ends_with("there are: \"Rota\", \"Contacts\""), "{}", said.out);
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

#[tokio::test(flavor = "multi_thread")]
async fn lists_of_a_site_are_right_with_a_secret_and_with_a_certificate() {
    let graph = Graph::start().await;
    graph_rota(&graph, &graph.add_site(SITE), today());
    for account in [SECRET, "certificate_file = \"cert.pem\""] {
        let folder = graph_folder(&graph, &lists(), account);
        let said = asked(&folder, &["check-credentials"]).await;
        assert_eq!((missing(&said), said.status), (vec![], 0), "{}{}", said.out, said.err);
        assert!(said.out.contains("a call now would ring Ana Diaz, then Bo Lund"), "{}", said.out);
        assert_eq!(
            said.out.contains("  ✓ the client secret: it is good until 1 May 2099"),
            account == SECRET,
            "{}",
            said.out
        );
    }
    let folder = graph_folder(&graph, &lists(), SECRET);
    let who = asked(&folder, &["who", "--numbers"]).await;
    assert!(
        who.out.contains("1st  Ana Diaz  +61491570156  Rota item 1, \"1st\""),
        "{}{}",
        who.out,
        who.err
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_microsoft_refuses_is_told_with_what_to_do() {
    let graph = Graph::start().await;
    let site = graph.add_site(SITE);
    let rota = graph_rota(&graph, &site, today());
    let folder = graph_folder(&graph, &lists(), SECRET);

    graph.revoke(&site);
    let said = asked(&folder, &["check-credentials"]).await;
    let (seen, remedy) = missing(&said)[0].clone();
    assert!(seen.contains("no permission"), "{}", said.out);
    assert!(
        remedy.contains("/permissions") && remedy.contains(graph.client_id()),
        "{}",
        said.out
    );
    assert_eq!(said.status, 1);
    graph.grant(&site);

    graph.remove_list(&rota);
    let said = asked(&folder, &["check-credentials"]).await;
    assert!(missing(&said)[0].0.contains("Rota"), "{}", said.out);
    assert_eq!(said.status, 1);

    graph.expire_secret();
    let said = asked(&folder, &["check-credentials"]).await;
    let (seen, _) = missing(&said)[0].clone();
    assert!(seen.contains("the client secret has expired. Make a new one"), "{}", said.out);
    assert_eq!(said.status, 1);

    std::fs::write(folder.path().join("secret"), "Wrong~Secret").unwrap();
    let said = asked(&folder, &["check-credentials"]).await;
    assert!(missing(&said)[0].0.contains("sign-in refused"), "{}", said.out);
    assert!(
        !said.out.contains("Wrong~Secret") && !said.err.contains("Wrong~Secret"),
        "{}",
        said.out
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_that_ends_soon_is_told_with_its_day() {
    let graph = Graph::start().await;
    graph_rota(&graph, &graph.add_site(SITE), today());
    let day = |ahead: i64| today() + chrono::TimeDelta::days(ahead);
    let cases = [(-1, "it ended on"), (0, "it ends on"), (28, "it ends on"), (29, "it is good until")];
    for (ahead, words) in cases {
        let account = format!("client_secret_file = \"secret\"\nclient_secret_expires = {}", day(ahead));
        let said = asked(&graph_folder(&graph, &lists(), &account), &["check-credentials"]).await;
        let mark = if ahead > 28 { "✓" } else { "!" };
        let line = format!("  {mark} the client secret: {words} {}", day(ahead).format("%-d %b %Y"));
        assert!(said.out.contains(&line), "{line}: {}", said.out);
        assert_eq!(said.status, 0, "rotas are read all the same");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workbook_in_a_site_and_in_a_onedrive_is_read() {
    let graph = Graph::start().await;
    let site = graph.add_site(SITE);
    let workbook = std::fs::read(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/sample-rota.xlsx")).unwrap();
    graph.put_file(&site, "Rotas/Rota.xlsx", workbook.clone());
    graph.put_file("anna@contoso.com", "Rota.xlsx", workbook);
    let places = [
        format!("{{ excel_online = \"Rotas/Rota.xlsx\", site = \"{SITE}\" }}"),
        "{ excel_online = \"Rota.xlsx\", user = \"anna@contoso.com\" }".to_owned(),
    ];
    for place in places {
        let folder = graph_folder(&graph, &place, SECRET);
        let who = asked(&folder, &["who", "--at", "2026-03-07 18:00"]).await;
        assert!(who.out.contains("Changes!C2 (change)"), "{}{}", who.out, who.err);
        let gone = graph_folder(&graph, &place.replace("Rota.xlsx", "Rita.xlsx"), SECRET);
        let said = asked(&gone, &["check-credentials"]).await;
        assert!(missing(&said)[0].0.contains("Rita.xlsx"), "{}", said.out);
        assert_eq!(said.status, 1);
    }
}

#[test]
fn the_script_for_a_spreadsheet_needs_our_address_and_keeps_its_password() {
    let text = "[server]\npublic_url = \"https://hotline.example.org\"\n[twilio]\naccount_sid = \"AC00000000000000000000000000000000\"\n\
                [[hotline]]\nname = \"lab\"\nnumbers = [\"+61491570006\"]\nrota = { file = \"rota.csv\" }\n";
    let folder = folder_with(&[("rotaline.toml", text)]);
    let script = |folder: &TempDir| typed_with(folder.path(), &["nudge-script"], &[]);
    let first = script(&folder);
    assert!(
        first.out.contains("const ADDRESS = \"https://hotline.example.org/nudge/lab\";\n"),
        "{}{}",
        first.out,
        first.err
    );
    assert_eq!((first.status, &script(&folder).out), (0, &first.out), "the password lasts");

    let unknown = folder_with(&[("rotaline.toml", &text.replace("public_url", "# public_url"))]);
    let said = script(&unknown);
    assert_eq!((said.status, said.out.as_str()), (2, ""));
    assert!(said.err.contains("set server.public_url, or call the hotline once"), "{}", said.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn several_places_are_one_rota_and_each_is_looked_at() {
    let google = Google::start().await;
    google.put(SHEET, google_rota_alone(today()));
    let folder = google_folder(
        &google,
        &format!("[{}, {{ file = \"Contacts.csv\" }}]\nfallback = {{ file = \"gone.csv\" }}", sheet()),
    );
    let people = "Name,Phone\nAna Diaz,+61491570110\nBo Lund,+61491570157\n";
    std::fs::write(folder.path().join("Contacts.csv"), people).unwrap();
    let said = asked(&folder, &["check-credentials"]).await;
    assert_eq!(missing(&said).len(), 1, "{}{}", said.out, said.err);
    assert!(missing(&said)[0].0.contains("gone.csv"), "{}", said.out);
    assert!(said.out.contains("gone.csv (fallback of lab)"), "{}", said.out);
    assert!(said.out.contains("a call now would ring Ana Diaz"), "{}", said.out);
}

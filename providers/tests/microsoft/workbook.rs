//! A workbook in a site's documents or in somebody's OneDrive.

use crate::stage::{SITE, Stage, noon, read, read_since, rows};
use fakes::Fault;
use fakes::graph::{Kind, List, Route};
use providers::{Drive, ExcelOnline, MicrosoftAccount, SheetSource, Site, SourceError};
use rust_xlsxwriter::Workbook;
use std::time::Duration;

const PATH: &str = "Rotas/Rota 2026 #1.xlsx";

fn workbook(name: &str) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("Rota").unwrap();
    sheet.write(0, 0, "1st").unwrap();
    sheet.write(1, 0, name).unwrap();
    book.save_to_buffer().unwrap()
}

fn of_site(stage: &Stage, path: &str) -> ExcelOnline {
    ExcelOnline::new(stage.account(), Drive::Site(Site::parse(SITE).unwrap()), path.into())
}

fn of_user(stage: &Stage, name: &str) -> ExcelOnline {
    ExcelOnline::new(stage.account(), Drive::User(name.into()), PATH.into())
}

async fn stage() -> Stage {
    let stage = Stage::new().await;
    stage.graph.put_file(&stage.site, PATH, workbook("Ana"));
    stage
}

#[tokio::test]
async fn a_workbook_of_a_site_is_read() {
    let stage = stage().await;
    let source = of_site(&stage, PATH);
    assert_eq!(source.describe(), format!("{PATH} in the documents of {SITE}"));
    let sheet = read(&source).await;
    assert_eq!(sheet.title, "Rota 2026 #1.xlsx");
    assert_eq!(rows(&sheet, 0), [["1st"], ["Ana"]]);
    assert_eq!(sheet.tabs[0].address(1, 0).to_string(), "Rota!A2");
    assert!(sheet.link.as_deref().unwrap().starts_with("https://"));
    assert_eq!(sheet.tabs[0].address(1, 0).link(), sheet.link);
}

#[tokio::test]
async fn a_workbook_of_a_person_is_read() {
    let stage = Stage::new().await;
    stage.graph.put_file("anna@contoso.com", PATH, workbook("Ana"));
    stage.graph.grant("anna@contoso.com");
    let source = of_user(&stage, "anna@contoso.com");
    assert_eq!(rows(&read(&source).await, 0), [["1st"], ["Ana"]]);
    for name in ["anna", "anna@contoso.com/../..", "a b@contoso.com", "a:b@contoso.com"] {
        let fault = of_user(&stage, name).fetch(None).await.unwrap_err();
        assert!(
            matches!(&fault, SourceError::NotFound(words) if words.contains("is no user principal name")),
            "{fault}"
        );
    }
}

#[tokio::test]
async fn a_text_table_is_read_as_well() {
    let stage = Stage::new().await;
    stage.graph.put_file(&stage.site, "Rota.csv", "1st,2nd\nAna,Ben\n");
    let source = of_site(&stage, "/Rota.csv");
    assert_eq!(rows(&read(&source).await, 0), [["1st", "2nd"], ["Ana", "Ben"]]);
    stage.graph.fail(Route::Download, Fault::Html { code: 200 }, None);
    let fault = source.fetch(None).await.unwrap_err();
    assert!(
        matches!(&fault, SourceError::Malformed(words) if words.contains("a web page came")),
        "{fault}"
    );
}

#[tokio::test]
async fn the_token_stays_at_graph_when_the_file_is_elsewhere() {
    let stage = stage().await;
    read(&of_site(&stage, PATH)).await;
    let downloads = stage.graph.downloads();
    assert_eq!(downloads.len(), 1);
    assert_eq!(downloads[0].authorization, None);
    assert_eq!(stage.graph.leaked_tokens(), Vec::<String>::new());
}

#[tokio::test]
async fn an_unchanged_file_is_not_fetched() {
    let stage = Stage::new().await;
    let ana = workbook("Ana");
    stage.graph.put_file(&stage.site, PATH, ana.clone());
    let source = of_site(&stage, PATH);
    let sheet = read(&source).await;
    stage.graph.clear_journal();
    assert_eq!(read_since(&source, &sheet.revision).await, None);
    assert_eq!((stage.graph.journal().len(), stage.graph.downloads().len()), (1, 0));
    assert_eq!(stage.graph.journal()[0].status, Some(304), "not even described");
    // A comment on the file is no change of what it holds.
    stage.graph.touch_file(&stage.site, PATH);
    assert_eq!(read_since(&source, &sheet.revision).await, None);
    assert_eq!(stage.graph.downloads().len(), 0);
    // Saved again as it was: fetched, and the same.
    stage.graph.put_file(&stage.site, PATH, ana);
    assert_eq!(read_since(&source, &sheet.revision).await, None);
    assert_eq!(stage.graph.downloads().len(), 1);
    stage.graph.put_file(&stage.site, PATH, workbook("Ben"));
    let newer = read_since(&source, &sheet.revision).await.unwrap();
    assert_eq!(rows(&newer, 0)[1], ["Ben"]);
    assert_eq!(read_since(&of_site(&stage, PATH), &newer.revision).await, None);
}

#[tokio::test]
async fn each_fault_is_what_it_is() {
    let stage = stage().await;
    let status = |code, retry_after: Option<&str>| Fault::Status {
        code,
        retry_after: retry_after.map(str::to_owned),
        body: None,
    };
    let cases = [
        (Route::File, status(404, None), "not found: "),
        (Route::File, status(403, None), "no permission: "),
        (Route::File, Fault::Empty, "not a rota sheet: "),
        (Route::File, Fault::WrongShape, "not a rota sheet: "),
        (Route::File, Fault::Html { code: 200 }, "not a rota sheet: "),
        (Route::Content, status(503, Some("30")), "asked too often, next try in 30 s"),
        (Route::Content, status(404, None), "not found: "),
        (Route::Download, status(429, Some("9")), "asked too often, next try in 9 s"),
        (Route::Download, status(403, None), "not readable just now: "),
        (Route::Download, status(404, None), "not readable just now: "),
        (Route::Download, Fault::CutBody, "not readable just now: "),
        (Route::Download, Fault::Reset, "not readable just now: "),
        (Route::Download, Fault::Html { code: 200 }, "not a rota sheet: "),
        (Route::Download, Fault::Huge { bytes: 1 << 30 }, "not a rota sheet: "),
    ];
    let source = of_site(&stage, PATH);
    for (route, fault, words) in cases {
        let name = format!("{route:?} {fault:?}");
        stage.graph.fail(route, fault, None);
        let seen = source.fetch(None).await.unwrap_err().to_string();
        assert!(seen.starts_with(words), "{name}: {seen}");
        assert!(!seen.contains("tempauth") && !seen.contains('?'), "{seen}");
        stage.graph.heal();
    }
    read(&source).await;
}

#[tokio::test]
async fn a_slow_download_is_left() {
    let stage = stage().await;
    let mut access = stage.access();
    access.patience = Duration::from_millis(300);
    let account = MicrosoftAccount::new(access, noon).unwrap();
    let source = ExcelOnline::new(account, Drive::Site(Site::parse(SITE).unwrap()), PATH.into());
    for fault in [Fault::Hang, Fault::Drip(Duration::from_millis(100))] {
        stage.graph.fail(Route::Download, fault, None);
        let fetched = tokio::time::timeout(Duration::from_secs(20), source.fetch(None));
        let seen = fetched.await.expect("an end of patience").unwrap_err();
        assert!(matches!(seen, SourceError::Transient(_)), "{seen}");
        stage.graph.heal();
    }
}

#[tokio::test]
async fn what_is_no_path_of_a_file_is_said_to_be_none() {
    let stage = stage().await;
    for path in [
        "",
        "/",
        "../me",
        "Rotas/../../me",
        "Rotas//Rota.xlsx",
        "Rotas/Rota.xlsx:/content",
        "a\\b",
        "what?.xlsx",
    ] {
        let fault = of_site(&stage, path).fetch(None).await.unwrap_err();
        assert!(
            matches!(&fault, SourceError::NotFound(words) if words.contains("is no path")),
            "{path}: {fault}"
        );
    }
    assert!(stage.graph.journal().is_empty());
    let missing = of_site(&stage, "Rotas/Other.xlsx").fetch(None).await.unwrap_err();
    assert!(
        matches!(&missing, SourceError::NotFound(words) if words.contains("Rotas/Other.xlsx")),
        "{missing}"
    );
    let folder = of_site(&stage, "Rotas").fetch(None).await.unwrap_err();
    assert!(
        matches!(&folder, SourceError::Malformed(words) if words.contains("is a folder")),
        "{folder}"
    );
}

#[tokio::test]
async fn a_list_of_the_same_site_is_no_matter_to_it() {
    let stage = stage().await;
    stage.graph.add_list(&stage.site, List::new("Rota").column("A", Kind::Text));
    let source = of_site(&stage, PATH);
    let first = read(&source).await;
    stage.graph.remove_file(&stage.site, PATH);
    let fault = source.fetch(Some(&first.revision)).await.unwrap_err();
    assert!(matches!(fault, SourceError::NotFound(_)), "{fault}");
}

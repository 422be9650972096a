//! Everything that may come instead of an answer, and pages that lead astray.

use crate::stage::{Stage, noon, read, read_since};
use fakes::Fault;
use fakes::graph::{Kind, List, Mischief, Route, Value};
use providers::{MicrosoftAccount, SheetSource, SourceError};
use std::time::Duration;

fn status(code: u16, retry_after: Option<&str>) -> Fault {
    Fault::Status {
        code,
        retry_after: retry_after.map(str::to_owned),
        body: None,
    }
}

async fn refusal(stage: &Stage) -> SourceError {
    stage.lists().fetch(None).await.unwrap_err()
}

async fn stage_with_pages() -> Stage {
    let stage = Stage::new().await;
    let mut list = List::new("Rota").column("1st", Kind::Text);
    list.items = (1..=25).map(|nth| vec![Value::from(format!("N{nth}").as_str())]).collect();
    stage.graph.add_list(&stage.site, list);
    stage.graph.page_size(10);
    stage
}

#[tokio::test]
async fn each_fault_is_what_it_is_on_every_question() {
    let stage = Stage::new().await;
    stage.add_rota();
    let cases: [(Fault, &str); 12] = [
        (status(403, None), "no permission: "),
        (status(404, None), "not found: "),
        (status(429, Some("17")), "asked too often, next try in 17 s"),
        (status(429, None), "asked too often, next try in 60 s"),
        (status(503, Some("30")), "asked too often, next try in 30 s"),
        (status(503, None), "not readable just now: "),
        (Fault::Html { code: 502 }, "not readable just now: "),
        (Fault::CutBody, "not readable just now: "),
        (Fault::Reset, "not readable just now: "),
        (Fault::Html { code: 200 }, "not a rota sheet: "),
        (Fault::Empty, "not a rota sheet: "),
        (Fault::WrongShape, "not a rota sheet: "),
    ];
    for (fault, words) in cases {
        for route in [Route::Site, Route::Lists, Route::Columns, Route::Items] {
            let name = format!("{fault:?} {route:?}");
            stage.graph.fail(route, fault.clone(), None);
            let seen = refusal(&stage).await.to_string();
            assert!(seen.starts_with(words), "{name}: {seen}");
            stage.graph.heal();
        }
    }
    read(&stage.lists()).await;
}

#[tokio::test]
async fn a_date_to_come_back_at_is_understood() {
    let stage = Stage::new().await;
    stage.add_rota();
    stage
        .graph
        .fail(Route::Items, status(429, Some("Sat, 21 Nov 2026 12:02:00 GMT")), None);
    let retry_after = Duration::from_secs(120);
    assert_eq!(refusal(&stage).await, SourceError::Throttled { retry_after });
}

#[tokio::test]
async fn the_probe_waits_when_it_is_told_to_and_a_strange_answer_means_a_full_read() {
    let stage = Stage::new().await;
    let rota = stage.add_rota();
    let source = stage.lists();
    let sheet = read(&source).await;
    stage.graph.fail(Route::Delta, status(429, Some("20")), Some(1));
    let retry_after = Duration::from_secs(20);
    assert_eq!(
        source.fetch(Some(&sheet.revision)).await,
        Err(SourceError::Throttled { retry_after })
    );
    for fault in [Fault::Empty, Fault::Html { code: 200 }, Fault::WrongShape] {
        stage.graph.fail(Route::Delta, fault, Some(1));
        assert_eq!(read_since(&source, &sheet.revision).await, None);
    }
    stage.graph.edit(&rota, 1, "2nd", "Cleo Park");
    assert!(read_since(&source, &sheet.revision).await.is_some());
}

#[tokio::test]
async fn nobody_is_waited_for_longer_than_patience_lasts() {
    let stage = Stage::new().await;
    stage.add_rota();
    let mut access = stage.access();
    access.patience = Duration::from_millis(300);
    for fault in [
        Fault::Hang,
        Fault::SlowHeaders(Duration::from_secs(60)),
        Fault::Drip(Duration::from_millis(100)),
    ] {
        for route in [Route::Token, Route::Items] {
            stage.graph.fail(route, fault.clone(), None);
            let account = MicrosoftAccount::new(access.clone(), noon).unwrap();
            let source = stage.lists_of(account, &["Rota"]);
            let fetched = tokio::time::timeout(Duration::from_secs(20), source.fetch(None));
            let seen = fetched.await.expect("an end of patience").unwrap_err();
            let is_right = matches!(&seen, SourceError::Transient(words) if words.contains("did not answer in full within 0.3 s"));
            assert!(is_right, "{fault:?}: {seen}");
            stage.graph.heal();
        }
    }
}

#[tokio::test]
async fn an_answer_without_end_is_left() {
    let stage = Stage::new().await;
    stage.add_rota();
    stage.graph.fail(Route::Items, Fault::Huge { bytes: 1 << 30 }, None);
    let fault = refusal(&stage).await;
    assert!(
        matches!(&fault, SourceError::Malformed(words) if words.contains("more than 16 MiB")),
        "{fault}"
    );
}

#[tokio::test]
async fn nobody_at_home_is_no_end_of_the_rota() {
    let stage = Stage::new().await;
    stage.add_rota();
    stage.graph.close().await;
    let fault = refusal(&stage).await;
    assert!(
        matches!(&fault, SourceError::Transient(words) if words.contains("cannot be reached")),
        "{fault}"
    );
    stage.graph.open().await;
    read(&stage.lists()).await;
}

#[tokio::test]
async fn a_page_elsewhere_is_not_asked_for() {
    let stage = stage_with_pages().await;
    for mischief in [Mischief::OtherHost, Mischief::OtherScheme] {
        stage.graph.mischief(Some(mischief));
        let fault = refusal(&stage).await;
        assert!(
            matches!(&fault, SourceError::Malformed(words) if words.contains("goes on at another place")),
            "{mischief:?}: {fault}"
        );
    }
    assert_eq!(stage.graph.leaked_tokens(), Vec::<String>::new());
    assert!(stage.graph.downloads().is_empty());
}

#[tokio::test]
async fn pages_in_a_circle_come_to_an_end() {
    let stage = stage_with_pages().await;
    stage.graph.mischief(Some(Mischief::SamePage));
    let fault = refusal(&stage).await;
    assert!(
        matches!(&fault, SourceError::Malformed(words) if words.contains("lead back")),
        "{fault}"
    );
    assert!(stage.count("/items") <= 3, "{}", stage.count("/items"));
}

#[tokio::test]
async fn pages_without_end_come_to_an_end() {
    let stage = stage_with_pages().await;
    // In one page, which the same page follows by another address, and again.
    stage.graph.page_size(100);
    stage.graph.mischief(Some(Mischief::Endless));
    let mut access = stage.access();
    access.patience = Duration::from_secs(60);
    let account = MicrosoftAccount::new(access, noon).unwrap();
    let fault = stage.lists_of(account, &["Rota"]).fetch(None).await.unwrap_err();
    assert!(
        matches!(&fault, SourceError::Malformed(words) if words.contains("in more and more pages")),
        "{fault}"
    );
    assert!(stage.count("/items") <= 401);
}

#[tokio::test]
async fn an_item_on_two_pages_is_one_item() {
    let stage = stage_with_pages().await;
    stage.graph.mischief(Some(Mischief::Duplicates));
    let sheet = read(&stage.lists()).await;
    assert_eq!(sheet.tabs[0].lines, (0..=25).collect::<Vec<u32>>());
}

/// The SDK would ask `/v1.0/sites/me` for `../me`.
#[tokio::test]
async fn a_site_is_never_something_else_of_graph() {
    for text in [
        "../me",
        "https://contoso.sharepoint.com/sites/../../me",
        "https://contoso.sharepoint.com/sites/..%2fme",
    ] {
        assert!(providers::Site::parse(text).is_err(), "{text}");
    }
    let stage = Stage::new().await;
    stage.add_rota();
    read(&stage.lists()).await;
    for request in stage.graph.journal() {
        let is_asked = request.path.contains("/sites/contoso.sharepoint.com") || request.path.ends_with("/token");
        assert!(is_asked, "{}", request.path);
    }
}

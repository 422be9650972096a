//! Each way in which reading fails, on a real socket: what it is taken for, and that it is over soon.

use super::*;
use fakes::google::Route;
use serde_json::json;

/// What becomes of a full read that meets a fault each time; and that the source recovers by itself.
async fn meet(fault: Fault) -> SourceError {
    let google = google().await;
    let source = source_of(account(&google, patience_for(&fault)));
    google.fail(Route::Spreadsheet, fault, None);
    let outcome = fetch(&source, None).await.unwrap_err();
    google.heal();
    assert!(recovers(&source).await);
    outcome
}

fn is_transient(fault: &SourceError) -> bool {
    matches!(fault, SourceError::Transient(_))
}

fn is_malformed(fault: &SourceError) -> bool {
    matches!(fault, SourceError::Malformed(_))
}

#[tokio::test]
async fn what_passes_by_itself_is_transient() {
    let faults = [
        Fault::status(500),
        Fault::status(502),
        Fault::busy(503, "30"),
        Fault::Html { code: 503 },
        Fault::Html { code: 502 },
        Fault::CutBody,
        Fault::Reset,
    ];
    for fault in faults {
        let outcome = meet(fault.clone()).await;
        assert!(is_transient(&outcome), "{fault:?}: {outcome}");
    }
}

#[tokio::test]
async fn no_answer_is_waited_for_beyond_patience() {
    let long = Duration::from_secs(3_600);
    for fault in [Fault::Hang, Fault::SlowHeaders(long), Fault::Drip(Duration::from_millis(300))] {
        let outcome = meet(fault.clone()).await;
        let words = "Google did not answer in full within 2 s";
        assert_eq!(outcome, SourceError::Transient(words.into()), "{fault:?}");
    }
}

#[tokio::test]
async fn a_closed_port_is_transient() {
    let google = google().await;
    let source = source(&google);
    let revision = read(&source).await.revision;
    google.close().await;
    for since in [None, Some(&revision)] {
        let outcome = fetch(&source, since).await.unwrap_err();
        assert_eq!(outcome, SourceError::Transient("Google cannot be reached".into()));
    }
    google.open().await;
    assert_eq!(read(&source).await.title, "Rotas");
}

#[tokio::test]
async fn what_is_no_spreadsheet_is_malformed_and_not_quoted() {
    let faults = [
        (Fault::Html { code: 200 }, "in place of the spreadsheet came a web page"),
        (Fault::Empty, "its properties is missing"),
        (Fault::WrongShape, "Google's answer is not that of a spreadsheet"),
    ];
    for (fault, words) in faults {
        let outcome = meet(fault.clone()).await;
        assert!(
            is_malformed(&outcome) && outcome.to_string().contains(words),
            "{fault:?}: {outcome}"
        );
        assert!(outcome.to_string().len() < 200, "{outcome}");
    }
}

#[tokio::test]
async fn more_than_is_read_is_not_read_to_its_end() {
    let google = google().await;
    google.fail(Route::Spreadsheet, Fault::Huge { bytes: 40 << 20 }, None);
    let outcome = fetch(&source(&google), None).await.unwrap_err();
    assert!(
        is_malformed(&outcome) && outcome.to_string().contains("more than 32 MiB"),
        "{outcome}"
    );
    google.heal();
    google.fail(Route::Spreadsheet, Fault::Huge { bytes: 4 << 20 }, None);
    assert_eq!(read(&source(&google)).await.title, "Rotas");
}

#[tokio::test]
async fn a_sheet_that_is_not_shared_is_forbidden_and_names_the_account() {
    let google = google().await;
    google.unshare(ID);
    let outcome = fetch(&source(&google), None).await.unwrap_err();
    let words = format!("the spreadsheet is not shared with {}", google.address());
    assert_eq!(outcome, SourceError::Forbidden(words));
}

#[tokio::test]
async fn an_api_that_is_off_is_forbidden_and_names_the_project() {
    let google = google().await;
    google.disable_sheets_api();
    let outcome = fetch(&source(&google), None).await.unwrap_err().to_string();
    let words = "no permission: the Google Sheets API is switched off for project ";
    assert!(outcome.starts_with(words), "{outcome}");
}

#[tokio::test]
async fn a_deleted_sheet_is_not_found() {
    let google = google().await;
    google.delete(ID);
    let outcome = fetch(&source(&google), None).await.unwrap_err();
    assert!(matches!(&outcome, SourceError::NotFound(words) if words.contains(ID)), "{outcome}");
}

#[tokio::test]
async fn too_many_questions_are_throttled_for_as_long_as_google_says() {
    let wait = |seconds: u64| SourceError::Throttled {
        retry_after: Duration::from_secs(seconds),
    };
    assert_eq!(meet(Fault::busy(429, "17")).await, wait(17));
    assert_eq!(meet(Fault::status(429)).await, wait(60));
    // RFC 9110 allows a date as well; this machine's time is 1970 here.
    assert_eq!(meet(Fault::busy(429, "Thu, 01 Jan 1970 00:01:30 GMT")).await, wait(90));
}

#[tokio::test]
async fn other_refusals_are_told_apart_by_their_status() {
    assert!(is_malformed(&meet(Fault::status(400)).await));
    let refused = meet(Fault::status(401)).await;
    assert!(matches!(refused, SourceError::Auth(_)), "{refused}");
    let office =
        json!({"error": {"code": 400, "message": "This operation is not supported for this document", "status": "FAILED_PRECONDITION"}});
    let told = meet(Fault::Status {
        code: 400,
        retry_after: None,
        body: Some(office),
    })
    .await;
    assert!(is_malformed(&told) && told.to_string().contains("Save as Google Sheets"), "{told}");
}

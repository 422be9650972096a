//! When cells are read, and when asking Drive is enough.

use super::*;
use fakes::google::Route;

/// How often Drive was asked and cells were read since the journal was cleared.
fn asked(google: &Google) -> (usize, usize) {
    let counts = [Route::DriveFile, Route::Spreadsheet].map(|route| google.requests(route).len());
    google.clear_journal();
    (counts[0], counts[1])
}

async fn is_unchanged(source: &GoogleSheet, since: &Revision) -> bool {
    fetch(source, Some(since)).await.unwrap() == Fetched::Unchanged
}

#[tokio::test]
async fn an_unchanged_file_is_not_read() {
    let google = google().await;
    let source = source(&google);
    let revision = read(&source).await.revision;
    assert_eq!(asked(&google), (0, 1), "without a revision nothing is probed");
    // The first probe has nothing to compare with.
    assert!(is_unchanged(&source, &revision).await);
    assert_eq!(asked(&google), (1, 1));
    for _ in 0..9 {
        assert!(is_unchanged(&source, &revision).await);
        assert_eq!(asked(&google), (1, 0));
    }
    // Every tenth time the cells are read, unchanged or not.
    assert!(is_unchanged(&source, &revision).await);
    assert_eq!(asked(&google), (0, 1));
    assert!(is_unchanged(&source, &revision).await);
    assert_eq!(asked(&google), (1, 0));
}

#[tokio::test]
async fn an_edit_is_found_at_the_next_fetch() {
    let google = google().await;
    let source = source(&google);
    let before = read(&source).await;
    assert!(is_unchanged(&source, &before.revision).await);
    google.edit(ID, "Rota", "B2", "Ben Ito");
    let Fetched::Sheet(after) = fetch(&source, Some(&before.revision)).await.unwrap() else {
        panic!("unchanged")
    };
    assert_eq!(after.tabs[0].cell(1, 1), &crate::Cell::Text("Ben Ito".into()));
    assert_ne!(after.revision, before.revision);
    // Who still has the old one is told again.
    assert!(!is_unchanged(&source, &before.revision).await);
    assert!(is_unchanged(&source, &after.revision).await);
}

#[tokio::test]
async fn another_version_with_the_same_cells_is_no_change() {
    let google = google().await;
    let source = source(&google);
    let revision = read(&source).await.revision;
    assert!(is_unchanged(&source, &revision).await);
    google.touch(ID);
    google.clear_journal();
    assert!(is_unchanged(&source, &revision).await);
    assert_eq!(asked(&google), (1, 1));
    assert!(is_unchanged(&source, &revision).await);
    assert_eq!(asked(&google), (1, 0));
}

#[tokio::test]
async fn a_change_without_an_edit_is_found_within_ten_fetches() {
    let google = google().await;
    let source = source(&google);
    let revision = read(&source).await.revision;
    assert!(is_unchanged(&source, &revision).await);
    google.recalculate(ID, "Rota", "B2", "Ben Ito");
    for _ in 0..9 {
        assert!(is_unchanged(&source, &revision).await);
    }
    assert!(!is_unchanged(&source, &revision).await);
}

#[tokio::test]
async fn a_revision_from_before_a_restart_still_counts() {
    let google = google().await;
    let revision = read(&source(&google)).await.revision;
    let restarted = source(&google);
    assert!(is_unchanged(&restarted, &revision).await);
    google.clear_journal();
    assert!(is_unchanged(&restarted, &revision).await);
    assert_eq!(asked(&google), (1, 0));
}

#[tokio::test]
async fn without_drive_the_cells_are_read_each_time() {
    let google = google().await;
    google.disable_drive_api();
    let source = source(&google);
    let revision = read(&source).await.revision;
    assert!(is_unchanged(&source, &revision).await);
    assert_eq!(asked(&google), (1, 2));
    for _ in 0..3 {
        pass(TimeDelta::minutes(9));
        assert!(is_unchanged(&source, &revision).await);
        assert_eq!(asked(&google), (0, 1), "Drive's no is remembered for half an hour");
    }
    google.enable_drive_api();
    pass(TimeDelta::minutes(9));
    assert!(is_unchanged(&source, &revision).await);
    assert_eq!(asked(&google), (1, 1));
    assert!(is_unchanged(&source, &revision).await);
    assert_eq!(asked(&google), (1, 0));
}

#[tokio::test]
async fn whatever_is_wrong_with_drive_the_cells_are_read() {
    let faults = [
        Fault::status(401),
        Fault::status(403),
        Fault::status(404),
        Fault::busy(429, "600"),
        Fault::status(500),
        Fault::Html { code: 200 },
        Fault::Empty,
        Fault::WrongShape,
        Fault::CutBody,
        Fault::Reset,
        Fault::Hang,
        Fault::Huge { bytes: 2 << 20 },
    ];
    let google = google().await;
    for fault in faults {
        let source = source_of(account(&google, patience_for(&fault)));
        let revision = read(&source).await.revision;
        google.fail(Route::Drive, fault.clone(), None);
        google.clear_journal();
        assert!(is_unchanged(&source, &revision).await, "{fault:?}");
        google.clear_journal();
        assert!(is_unchanged(&source, &revision).await, "{fault:?}");
        assert_eq!(asked(&google), (0, 1), "{fault:?}: Drive is left alone for a while");
        google.heal();
        // The longest that Drive is left alone.
        pass(TimeDelta::minutes(30));
        assert!(is_unchanged(&source, &revision).await, "{fault:?}");
        assert_eq!(asked(&google), (1, 1), "{fault:?}");
    }
}

#[tokio::test]
async fn an_organisation_that_forbids_drive_still_lets_us_read_cells() {
    let google = google().await;
    let source = source(&google);
    let revision = read(&source).await.revision;
    let forbidden = Fault::Status {
        code: 401,
        retry_after: None,
        body: Some(serde_json::json!({"error": "unauthorized_client", "error_description": "no such scope"})),
    };
    google.fail(Route::Token, forbidden, None);
    google.edit(ID, "Rota", "B2", "Ben Ito");
    assert!(!is_unchanged(&source, &revision).await);
}

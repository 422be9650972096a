//! A copy of the database while it is in use.

use super::*;

#[tokio::test]
async fn a_copy_holds_what_is_committed_and_nothing_else_and_is_private() {
    use std::os::unix::fs::PermissionsExt as _;
    let (folder, path) = file();
    let store = reopened(&path).await;
    let before = arrive(&store, 1, at(0), None).await;
    let copy = folder.path().join("copy.sqlite");
    store.back_up(&copy).await.unwrap();
    arrive(&store, 2, at(1), None).await;

    let mode = std::fs::metadata(&copy).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert!(!folder.path().join("copy.sqlite-wal").exists());
    let restored = reopened(&copy).await;
    assert_eq!(restored.call(id(1)).await.unwrap(), Some(before.call));
    assert_eq!(restored.call(id(2)).await.unwrap(), None);
    // It is a store like any other.
    arrive(&restored, 3, at(2), None).await;
}

#[tokio::test]
async fn nothing_is_written_over() {
    let (folder, path) = file();
    let store = reopened(&path).await;
    let letter = folder.path().join("letter.txt");
    std::fs::write(&letter, "Dear Sir").unwrap();
    for taken in [&letter, &path] {
        let refused = store.back_up(taken).await.unwrap_err();
        assert!(refused.to_string().contains("is there already"), "{refused}");
    }
    assert_eq!(std::fs::read_to_string(&letter).unwrap(), "Dear Sir");
    assert!(store.back_up(&folder.path().join("no/such\0name")).await.is_err());
}

#[tokio::test]
async fn copies_are_whole_while_calls_come_in() {
    let (folder, path) = file();
    let store = reopened(&path).await;
    let writing = tokio::spawn({
        let store = store.clone();
        async move {
            for n in 1..=40 {
                arrive(&store, n, at(0), None).await;
            }
        }
    });
    let mut last = 0;
    for n in 0..5 {
        let copy = folder.path().join(format!("copy-{n}.sqlite"));
        store.back_up(&copy).await.unwrap();
        let restored = reopened(&copy).await;
        let calls = restored.calls(99).await.unwrap();
        assert!(calls.len() >= last, "a later copy knows less");
        last = calls.len();
        for call in calls {
            assert_eq!(restored.log(call.id).await.unwrap().len(), 1, "each call with its log");
        }
    }
    writing.await.unwrap();
}

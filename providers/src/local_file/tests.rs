//! Files and folders on a real disk: classes of errors, revisions, and what is read again or not.

use super::*;
use crate::Cell;
use std::fs::{self, File};
use std::path::Path;
use std::time::Duration;
use tempfile::TempDir;

/// 2026-03-02 08:00:00 UTC.
fn eight_oclock() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_772_438_400)
}

fn write(path: &Path, text: &str, changed: SystemTime) {
    fs::write(path, text).unwrap();
    File::options().write(true).open(path).unwrap().set_modified(changed).unwrap();
}

fn sheet(fetched: Fetched) -> Sheet {
    match fetched {
        Fetched::Sheet(sheet) => *sheet,
        Fetched::Unchanged => panic!("nothing came"),
    }
}

fn rota(changed: SystemTime) -> (TempDir, PathBuf) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("rota.csv");
    write(&path, "From,1st\n2026-03-02,Ann\n", changed);
    (folder, path)
}

const BOB: &str = "From,1st\n2026-03-02,Bob\n";

#[tokio::test]
async fn a_file_is_read_once_and_a_touch_is_no_change() {
    let (_folder, path) = rota(eight_oclock());
    let file = LocalFile::new(&path);
    let first = sheet(file.fetch(None).await.unwrap());
    assert_eq!((first.title.as_str(), first.tabs[0].name.as_str()), ("rota.csv", "rota"));
    assert_eq!(first.tabs[0].cell(1, 1), &Cell::Text("Ann".into()));
    assert_eq!(first.tabs[0].address(1, 1).to_string(), "rota.csv line 2, column 2");
    assert_eq!(file.fetch(Some(&first.revision)).await, Ok(Fetched::Unchanged));
    write(&path, "From,1st\n2026-03-02,Ann\n", eight_oclock() + Duration::from_secs(60));
    assert_eq!(file.fetch(Some(&first.revision)).await, Ok(Fetched::Unchanged));
    // Another process, after a restart, knows the revision from the store.
    assert_eq!(LocalFile::new(&path).fetch(Some(&first.revision)).await, Ok(Fetched::Unchanged));
    write(&path, BOB, eight_oclock());
    let second = sheet(file.fetch(Some(&first.revision)).await.unwrap());
    assert_ne!(first.revision, second.revision);
    assert_eq!(second.tabs[0].cell(1, 1), &Cell::Text("Bob".into()));
}

#[tokio::test]
async fn a_fresh_file_may_change_again_without_showing_it() {
    // Read one second after it was written; then written again within the grain of the file's time.
    let (_folder, path) = rota(eight_oclock());
    let file = LocalFile::new(&path).trusting_file_times(|| eight_oclock() + Duration::from_secs(1));
    let first = sheet(file.fetch(None).await.unwrap());
    write(&path, BOB, eight_oclock());
    let second = sheet(file.fetch(Some(&first.revision)).await.unwrap());
    assert_eq!(second.tabs[0].cell(1, 1), &Cell::Text("Bob".into()));
}

#[tokio::test]
async fn a_settled_file_is_not_read_again_and_yet_not_trusted_for_ever() {
    let (_folder, path) = rota(eight_oclock());
    let file = LocalFile::new(&path).trusting_file_times(|| eight_oclock() + Duration::from_secs(3600));
    let first = sheet(file.fetch(None).await.unwrap());
    // Nobody writes like this by accident: other bytes of the same length, and the old time put back.
    // That it goes unnoticed nine times shows that the bytes are not read.
    write(&path, BOB, eight_oclock());
    for _ in 0..9 {
        assert_eq!(file.fetch(Some(&first.revision)).await, Ok(Fetched::Unchanged));
    }
    let second = sheet(file.fetch(Some(&first.revision)).await.unwrap());
    assert_eq!(second.tabs[0].cell(1, 1), &Cell::Text("Bob".into()));
    // A caller that holds another revision, or none, is served at any time.
    assert_eq!(sheet(file.fetch(Some(&first.revision)).await.unwrap()), second);
    assert_eq!(sheet(file.fetch(None).await.unwrap()), second);
}

#[tokio::test]
async fn a_settled_file_that_changes_in_the_usual_way_is_read() {
    let (_folder, path) = rota(eight_oclock());
    let file = LocalFile::new(&path).trusting_file_times(|| eight_oclock() + Duration::from_secs(3600));
    let first = sheet(file.fetch(None).await.unwrap());
    write(&path, BOB, eight_oclock() + Duration::from_secs(1));
    assert_ne!(sheet(file.fetch(Some(&first.revision)).await.unwrap()).revision, first.revision);
}

#[tokio::test]
async fn a_folder_is_a_sheet_of_its_tables() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/folder");
    let found = sheet(LocalFile::new(&folder).fetch(None).await.unwrap());
    assert_eq!(found.title, "folder");
    let names: Vec<_> = found.tabs.iter().map(|tab| tab.name.as_str()).collect();
    assert_eq!(names, ["Contacts", "Rota", "Settings"]);
    assert_eq!(found.tabs[1].cell(2, 1), &Cell::Text("Tom Okafor".into()));
    assert_eq!(found.tabs[1].address(2, 1).to_string(), "Rota.tsv line 3, column 2");
    assert_eq!(found.tabs[2].cell(1, 1), &Cell::Text("Australia/Melbourne".into()));
    assert!(found.remarks.is_empty(), "{:?}", found.remarks);
}

#[tokio::test]
async fn a_folders_revision_follows_every_table() {
    let (folder, path) = rota(eight_oclock());
    let file = LocalFile::new(folder.path());
    let first = sheet(file.fetch(None).await.unwrap());
    assert_eq!(file.fetch(Some(&first.revision)).await, Ok(Fetched::Unchanged));
    write(&folder.path().join("Rota.txt"), "From,1st\n", eight_oclock());
    let second = sheet(file.fetch(Some(&first.revision)).await.unwrap());
    assert_eq!(second.remarks, ["Rota.txt and rota.csv are both called \"rota\"; keep one of them"]);
    fs::remove_file(&path).unwrap();
    assert_eq!(sheet(file.fetch(Some(&second.revision)).await.unwrap()).tabs.len(), 1);
    write(&folder.path().join("Changes.csv"), "", eight_oclock());
    let fault = file.fetch(None).await.unwrap_err();
    assert_eq!(
        fault,
        SourceError::Transient("Changes.csv: empty file: perhaps it is being written".into())
    );
}

#[tokio::test]
async fn a_workbook_is_read_by_its_bytes() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("Rota März.XLSX");
    let mut book = rust_xlsxwriter::Workbook::new();
    book.add_worksheet().set_name("Rota").unwrap().write(0, 0, "From").unwrap();
    book.save(&path).unwrap();
    let file = LocalFile::new(&path);
    let first = sheet(file.fetch(None).await.unwrap());
    assert_eq!(first.title, "Rota März.XLSX");
    assert_eq!(first.tabs[0].address(0, 0).to_string(), "Rota!A1");
    assert_eq!(file.fetch(Some(&first.revision)).await, Ok(Fetched::Unchanged));
    // Half of it has arrived.
    let bytes = fs::read(&path).unwrap();
    fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
    let fault = file.fetch(Some(&first.revision)).await.unwrap_err();
    assert!(matches!(fault, SourceError::Transient(_)), "{fault}");
    fs::write(&path, &bytes).unwrap();
    assert_eq!(file.fetch(Some(&first.revision)).await, Ok(Fetched::Unchanged));
}

#[tokio::test]
async fn what_cannot_be_read_is_said_with_the_right_class() {
    let folder = TempDir::new().unwrap();
    let cases: [(&str, Option<&[u8]>, &str); 9] = [
        ("missing.xlsx", None, "not found: "),
        ("empty.csv", Some(b""), "not readable just now: empty file"),
        (
            "begun.xlsx",
            Some(b"PK"),
            "not readable just now: the beginning of the file is missing",
        ),
        (
            "blank.xlsx",
            Some(&[0; 4096]),
            "not readable just now: the beginning of the file is missing",
        ),
        (
            "rota.numbers",
            Some(b"PK\x03\x04"),
            "not a rota sheet: \"rota.numbers\" is a Numbers document. Save the rota as",
        ),
        ("rota.pdf", Some(b"%PDF-1.7"), "not a rota sheet: \"rota.pdf\" is a PDF"),
        ("rota.csv", Some(b"%PDF-1.7"), "not a rota sheet: \"rota.csv\" is a PDF"),
        (
            "old.xlsx",
            Some(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
            "not a rota sheet: \"old.xlsx\" is a workbook in the old format",
        ),
        ("page.xlsx", Some(b"<html><table>"), "not a rota sheet: \"page.xlsx\" is neither"),
    ];
    for (name, bytes, words) in cases {
        let path = folder.path().join(name);
        if let Some(bytes) = bytes {
            fs::write(&path, bytes).unwrap();
        }
        let fault = LocalFile::new(&path).fetch(None).await.unwrap_err().to_string();
        assert!(fault.starts_with(words), "{name}: {fault}");
    }
    let nothing = TempDir::new().unwrap();
    fs::write(nothing.path().join("rota.xlsx"), b"x").unwrap();
    let fault = LocalFile::new(nothing.path()).fetch(None).await.unwrap_err();
    assert!(
        matches!(&fault, SourceError::Malformed(words) if words.contains("holds no .csv")),
        "{fault}"
    );
}

#[tokio::test]
async fn a_file_that_is_too_large_is_not_read() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("rota.csv");
    File::create(&path).unwrap().set_len((32 << 20) + 1).unwrap();
    let fault = LocalFile::new(&path).fetch(None).await.unwrap_err();
    assert!(
        matches!(&fault, SourceError::Malformed(words) if words.contains("at most 32 MiB")),
        "{fault}"
    );
}

#[test]
fn a_file_that_changes_while_it_is_read_is_left_for_the_next_time() {
    let (_folder, path) = rota(eight_oclock());
    let look = Look::at(&path).unwrap();
    // As long as before, but written later than the look; then longer.
    write(&path, BOB, eight_oclock() + Duration::from_secs(1));
    assert!(matches!(look.read(&path), Err(SourceError::Transient(_))));
    write(&path, "From,1st\n2026-03-02,Ann\n2026", eight_oclock());
    assert!(matches!(look.read(&path), Err(SourceError::Transient(_))));
    assert!(Look::at(&path).unwrap().read(&path).is_ok());
}

#[test]
fn no_permission_is_forbidden() {
    let fault = disk::words(Path::new("/srv/rota.csv"), &std::io::ErrorKind::PermissionDenied.into());
    assert_eq!(
        fault,
        SourceError::Forbidden("/srv/rota.csv may not be read by this program's user".into())
    );
}

#[tokio::test]
async fn calendars_of_one_folder_have_to_agree_on_their_zone() {
    let folder = TempDir::new().unwrap();
    let write = |name: &str, zone: &str| {
        let text = format!("BEGIN:VCALENDAR\nX-WR-TIMEZONE:{zone}\nEND:VCALENDAR\n");
        fs::write(folder.path().join(name), text).unwrap();
    };
    let source = LocalFile::new(folder.path());
    let read = async || match source.fetch(None).await.unwrap() {
        Fetched::Sheet(sheet) => (sheet.time_zone, sheet.remarks),
        Fetched::Unchanged => panic!("it was asked for"),
    };
    write("a.ics", "Europe/London");
    write("b.ics", "Europe/London");
    assert_eq!(read().await, (Some("Europe/London".to_owned()), Vec::new()));
    write("b.ics", "Asia/Tokyo");
    let remark = "the calendars are kept in several time zones, so none of them counts: Asia/Tokyo, Europe/London";
    assert_eq!(read().await, (None, vec![remark.to_owned()]));
}

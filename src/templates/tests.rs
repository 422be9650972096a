//! Templates as our own reader understands them. Who is on call was worked out by hand, by reading the rows as a person
//! does: everybody moves up by one from turn to turn.

use super::*;
use crate::roster::{Code, Diagnostic, OnCall, Roster, Settings, read};
use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use providers::{Fetched, LocalFile, Sheet, SheetSource as _};
use std::path::Path;

fn wish(people: &[&str]) -> Wish {
    Wish {
        // A Monday; Melbourne is 11 hours ahead of UTC until 5 April.
        from: NaiveDate::from_ymd_opt(2026, 3, 2).unwrap(),
        weeks: 4,
        people: people.iter().map(|name| (*name).to_owned()).collect(),
        time_zone: "Australia/Melbourne".to_owned(),
        country: "AU".to_owned(),
    }
}

async fn fetched(path: &Path) -> Sheet {
    match LocalFile::new(path).fetch(None).await.unwrap() {
        Fetched::Sheet(sheet) => *sheet,
        Fetched::Unchanged => panic!("nothing was read before"),
    }
}

/// The template as a workbook and as a folder, both as they come back from the disk.
async fn written(layout: Layout, wish: &Wish) -> [Sheet; 2] {
    let (book, folder) = (Book::new(layout, wish), tempfile::tempdir().unwrap());
    let workbook = folder.path().join("rota.xlsx");
    std::fs::write(&workbook, book.workbook(wish.from).unwrap()).unwrap();
    let tables = folder.path().join("rota");
    std::fs::create_dir(&tables).unwrap();
    for (name, text) in book.files().unwrap() {
        std::fs::write(tables.join(name), text).unwrap();
    }
    [fetched(&workbook).await, fetched(&tables).await]
}

fn utc(text: &str) -> DateTime<Utc> {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap().and_utc()
}

fn who(roster: &Roster, at: &str) -> String {
    match roster.on_call(utc(at)) {
        OnCall::Gap { .. } => "gap".to_owned(),
        OnCall::Duty(duty) => {
            let levels = duty.levels.iter().map(|level| {
                let names: Vec<&str> = level.responders.iter().map(|responder| responder.name.as_str()).collect();
                names.join("+")
            });
            levels.collect::<Vec<_>>().join(", ")
        }
    }
}

/// Reads the template of a layout in both forms: nothing may be found, and these are on call.
async fn is_read_as(layout: Layout, expected: &[(&str, &str)]) {
    for sheet in written(layout, &wish(&[])).await {
        let (roster, findings) = read(&sheet, &Settings::default(), utc("2026-03-03 00:00"));
        assert!(findings.is_empty(), "{}: {findings:#?}", sheet.title);
        for (at, names) in expected {
            assert_eq!(who(&roster, at), *names, "{} {at}", sheet.title);
        }
        assert_eq!(roster.last_resort.as_ref().unwrap().name, "Duty manager");
    }
}

#[tokio::test]
async fn a_handover_list_is_read_as_written() {
    let expected = [
        ("2026-03-01 20:59", "gap"),
        ("2026-03-01 21:00", "Ana Diaz, Bill Osei, Cy Marsh"),
        // Sat 7 Mar 18:00 to Sun 8 Mar 18:00: the change.
        ("2026-03-07 06:59", "Ana Diaz, Bill Osei, Cy Marsh"),
        ("2026-03-07 07:00", "Duty manager, Bill Osei, Cy Marsh"),
        ("2026-03-08 06:59", "Duty manager, Bill Osei, Cy Marsh"),
        ("2026-03-08 07:00", "Ana Diaz, Bill Osei, Cy Marsh"),
        ("2026-03-08 21:00", "Bill Osei, Cy Marsh, Ana Diaz"),
        ("2026-03-15 21:00", "Cy Marsh, Ana Diaz, Bill Osei"),
        ("2026-03-29 20:59", "Ana Diaz, Bill Osei, Cy Marsh"),
        ("2026-03-29 21:00", "gap"),
    ];
    is_read_as(Layout::Handover, &expected).await;
}

#[tokio::test]
async fn shift_columns_are_read_as_written() {
    let expected = [
        ("2026-03-01 20:59", "gap"),
        // Mon 2 Mar: 08:00, 16:00, 22:00; then Tue 3 Mar 08:00.
        ("2026-03-01 21:00", "Ana Diaz"),
        ("2026-03-02 05:00", "Bill Osei"),
        ("2026-03-02 11:00", "Cy Marsh"),
        ("2026-03-02 20:59", "Cy Marsh"),
        ("2026-03-02 21:00", "Bill Osei"),
        ("2026-03-03 05:00", "Cy Marsh"),
        // Sat 7 Mar is the sixth day: Cy by day, Ana in the evening, Bill at night; from 18:00 on the change.
        ("2026-03-07 06:59", "Ana Diaz"),
        ("2026-03-07 07:00", "Duty manager"),
        ("2026-03-07 15:00", "Duty manager"),
        ("2026-03-08 07:00", "Bill Osei"),
        // The last night begins on Sun 29 Mar, the 28th day (27 turns: Ana, Bill, Cy by day, evening, night).
        ("2026-03-29 20:59", "Cy Marsh"),
        ("2026-03-29 21:00", "gap"),
    ];
    is_read_as(Layout::Shifts, &expected).await;
}

#[tokio::test]
async fn a_matrix_is_read_as_written() {
    let expected = [
        ("2026-03-01 20:59", "gap"),
        ("2026-03-01 21:00", "Ana Diaz, Bill Osei"),
        ("2026-03-07 07:00", "Duty manager, Bill Osei"),
        ("2026-03-08 20:59", "Ana Diaz, Bill Osei"),
        ("2026-03-08 21:00", "Bill Osei, Cy Marsh"),
        ("2026-03-15 21:00", "Cy Marsh, Ana Diaz"),
        ("2026-03-29 20:59", "Ana Diaz, Bill Osei"),
        ("2026-03-29 21:00", "gap"),
    ];
    is_read_as(Layout::Matrix, &expected).await;
}

#[tokio::test]
async fn a_fixed_week_is_read_as_written() {
    let expected = [
        // Mon 2 Mar 08:00 and 20:00, Tue 3 Mar 08:00, and Sunday night (the 14th turn).
        ("2026-03-01 21:00", "Ana Diaz, Bill Osei"),
        ("2026-03-02 08:59", "Ana Diaz, Bill Osei"),
        ("2026-03-02 09:00", "Bill Osei, Cy Marsh"),
        ("2026-03-02 21:00", "Cy Marsh, Ana Diaz"),
        ("2026-03-08 20:59", "Bill Osei, Cy Marsh"),
        // The week after is the same.
        ("2026-03-08 21:00", "Ana Diaz, Bill Osei"),
        ("2026-03-09 21:00", "Cy Marsh, Ana Diaz"),
    ];
    is_read_as(Layout::Week, &expected).await;
}

/// With people of their own, admins have nothing to do but to fill in numbers: nothing else may be found.
#[tokio::test]
async fn own_people_lack_nothing_but_numbers() {
    for people in [&["Zoë Ng"][..], &["Zoë Ng", "O'Neil, Pat"], &["A", "B", "C", "D", "E"]] {
        for layout in [Layout::Handover, Layout::Shifts] {
            for sheet in written(layout, &wish(people)).await {
                let (roster, findings) = read(&sheet, &Settings::default(), utc("2026-03-03 00:00"));
                let others: Vec<&Diagnostic> = findings.iter().filter(|finding| !lacks_numbers(finding)).collect();
                assert!(others.is_empty(), "{layout:?} {people:?} {others:#?}");
                assert!(!findings.is_empty() && roster.duties().is_empty(), "nobody has a number");
            }
        }
    }
}

fn lacks_numbers(finding: &Diagnostic) -> bool {
    [Code::PhoneUnusable, Code::ContactsMissing, Code::LastResortUnknown].contains(&finding.code)
}

/// What a spreadsheet program makes of it, as far as text tells: the parts of the file that help whoever fills it in.
#[test]
fn a_workbook_helps_to_fill_it_in() {
    let bytes = Book::new(Layout::Handover, &wish(&[])).workbook(wish(&[]).from).unwrap();
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut part = |name: &str| {
        let mut text = String::new();
        std::io::Read::read_to_string(&mut archive.by_name(name).unwrap(), &mut text).unwrap();
        text
    };
    let (contacts, rota, notes) = (
        part("xl/worksheets/sheet1.xml"),
        part("xl/worksheets/sheet2.xml"),
        part("xl/comments2.xml"),
    );
    assert!(contacts.contains("ISTEXT(B2)"), "{contacts}");
    for expected in [
        "state=\"frozen\"",
        "<formula1>Contacts!$A$2:$A$500</formula1>",
        "type=\"date\"",
        "$A2&lt;=NOW()",
        "COUNTIF(INDIRECT(\"Contacts!A:A\"),B2)",
        "AND($A2&lt;&gt;\"\",B2=\"\")",
    ] {
        assert!(rota.contains(expected), "{expected}\n{rota}");
    }
    assert!(notes.contains("ring together"), "{notes}");
}

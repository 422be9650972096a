//! Workbooks written by another library, bent by hand, cut and damaged.

use super::*;
use crate::Cell;
use chrono::{NaiveDate, NaiveTime};
use proptest::prelude::*;
use rust_xlsxwriter::{Format, Formula, Workbook};
use std::io::{Read, Write};
use std::sync::LazyLock;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

fn saved(mut book: Workbook) -> Vec<u8> {
    book.save_to_buffer().unwrap()
}

/// A workbook whose part `name` is what `change` makes of it; sums are right again.
fn repacked(bytes: &[u8], name: &str, change: impl FnOnce(Vec<u8>) -> Vec<u8>) -> Vec<u8> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    let mut change = Some(change);
    for number in 0..archive.len() {
        let mut part = archive.by_index(number).unwrap();
        let part_name = part.name().unwrap().into_owned();
        let mut content = Vec::new();
        part.read_to_end(&mut content).unwrap();
        if part_name == name {
            content = change.take().unwrap()(content);
        }
        out.start_file(part_name, SimpleFileOptions::default()).unwrap();
        out.write_all(&content).unwrap();
    }
    assert!(change.is_none(), "no part {name}");
    out.finish().unwrap().into_inner()
}

fn replaced(from: &'static str, to: &'static str) -> impl FnOnce(Vec<u8>) -> Vec<u8> {
    move |content| {
        let text = String::from_utf8(content).unwrap();
        assert!(text.contains(from), "{from} is not in {text}");
        text.replace(from, to).into_bytes()
    }
}

fn at(year: i32, month: u32, day: u32, hour: u32, minute: u32) -> Cell {
    let date = NaiveDate::from_ymd_opt(year, month, day).unwrap();
    Cell::DateTime(date.and_hms_opt(hour, minute, 0).unwrap())
}

fn time(hour: u32, minute: u32) -> Cell {
    Cell::Time(NaiveTime::from_hms_opt(hour, minute, 0).unwrap())
}

fn text(text: &str) -> Cell {
    Cell::Text(text.into())
}

/// Dates and times as numbers with a format, as Excel keeps them.
fn dated() -> Vec<u8> {
    let mut book = Workbook::new();
    let tab = book.add_worksheet().set_name("Rota").unwrap();
    let date = Format::new().set_num_format("ddd d mmm yyyy hh:mm");
    let clock = Format::new().set_num_format("hh:mm");
    let duration = Format::new().set_num_format("[h]:mm");
    let columns: [(&Format, &[f64]); 3] = [
        (&date, &[45_931.375, 45_931.0, 45_931.374_999_99, 3e9]),
        (&clock, &[0.375, 0.0, 1.0, 0.999_999_9]),
        (&duration, &[0.5, 1.25, 1.0, -0.5]),
    ];
    for (column, (format, values)) in columns.into_iter().enumerate() {
        for (row, value) in values.iter().enumerate() {
            tab.write_with_format(u32::try_from(row).unwrap(), u16::try_from(column).unwrap(), *value, format)
                .unwrap();
        }
    }
    tab.write(0, 3, 45_931.375).unwrap();
    saved(book)
}

/// Such a number could not be kept: JSON has none, and what was kept of the sheet could never be read again.
#[test]
fn a_number_that_is_none_is_an_error_in_its_cell() {
    for none in ["NaN", "inf", "-1e999"] {
        let mut book = Workbook::new();
        book.add_worksheet().write(0, 0, 4_711).unwrap();
        let number = "<v>4711</v>";
        let bytes = repacked(&saved(book), "xl/worksheets/sheet1.xml", |content| {
            let text = String::from_utf8(content).unwrap();
            assert!(text.contains(number));
            text.replace(number, &format!("<v>{none}</v>")).into_bytes()
        });
        let tab = &read(&bytes).unwrap().tabs[0];
        assert_eq!(tab.rows[0][0], Cell::Error("#NUM!".into()), "{none}");
        let kept = serde_json::to_string(tab).unwrap();
        assert_eq!(serde_json::from_str::<crate::Tab>(&kept).unwrap(), *tab);
    }
}

#[test]
fn dates_times_and_durations_are_told_from_numbers() {
    let rows = read(&dated()).unwrap().tabs.remove(0).rows;
    let columns = |column: usize| rows.iter().map(|row| row[column].clone()).collect::<Vec<_>>();
    // 45931 is 1 October 2025 in Excel; 3e9 days is no date.
    let morning = at(2025, 10, 1, 9, 0);
    assert_eq!(columns(0), [morning.clone(), at(2025, 10, 1, 0, 0), morning, Cell::Number(3e9)]);
    // 24:00 is the midnight that ends a day.
    assert_eq!(columns(1), [time(9, 0), time(0, 0), time(0, 0), time(0, 0)]);
    assert_eq!(columns(2), [time(12, 0), Cell::Number(1.25), time(0, 0), Cell::Number(-0.5)]);
    assert_eq!(rows[0][3], Cell::Number(45_931.375));
}

#[test]
fn the_1904_date_system_of_old_macs_is_honoured() {
    let bytes = repacked(&dated(), "xl/workbook.xml", replaced("<workbookPr ", "<workbookPr date1904=\"1\" "));
    // The same serial number is four years and a day later.
    let rows = read(&bytes).unwrap().tabs.remove(0).rows;
    assert_eq!(rows[0][..2], [at(2029, 10, 2, 9, 0), time(9, 0)]);
}

#[test]
fn iso_dates_in_cells_are_dates() {
    let bytes = repacked(&dated(), "xl/worksheets/sheet1.xml", |content| {
        let xml = String::from_utf8(content).unwrap();
        let (before, rest) = xml.split_once("<c r=\"A1\"").unwrap();
        let (_, after) = rest.split_once("</c>").unwrap();
        format!("{before}<c r=\"A1\" t=\"d\"><v>2025-10-01T09:00:00</v></c>{after}").into_bytes()
    });
    assert_eq!(read(&bytes).unwrap().tabs[0].rows[0][0], at(2025, 10, 1, 9, 0));
}

#[test]
fn a_table_that_starts_at_b4_keeps_its_places() {
    let mut book = Workbook::new();
    let tab = book.add_worksheet().set_name("March 2026").unwrap();
    tab.write(3, 1, "From").unwrap().write(3, 2, "1st").unwrap();
    tab.write(4, 1, "2026-03-02").unwrap().write(4, 2, "Priya Nair ").unwrap();
    tab.write(4, 3, true).unwrap();
    tab.write_blank(9, 9, &Format::new().set_bold()).unwrap();
    tab.set_row_hidden(4).unwrap();
    let contents = read(&saved(book)).unwrap();
    let tab = &contents.tabs[0];
    // Formatted cells without a value do not make the tab longer; hidden rows are rows.
    assert_eq!(tab.rows.len(), 5);
    assert_eq!(tab.cell(3, 1), &text("From"));
    assert_eq!(tab.rows[4][1..], [text("2026-03-02"), text("Priya Nair "), Cell::Bool(true)]);
    assert_eq!(tab.address(4, 2).to_string(), "'March 2026'!C5");
    assert_eq!(contents.remarks, Vec::<String>::new());
}

#[test]
fn merges_hidden_tabs_and_error_cells_are_reported() {
    let mut book = Workbook::new();
    let rota = book.add_worksheet().set_name("Rota").unwrap();
    let plain = Format::new();
    rota.merge_range(1, 2, 1, 11, "ANNUAL LEAVE", &plain).unwrap();
    rota.write_formula(2, 0, Formula::new("=NA()").set_result("#N/A")).unwrap();
    rota.write_formula(2, 1, Formula::new("=\"P\"&\"N\"").set_result("PN")).unwrap();
    book.add_worksheet()
        .set_name("Old")
        .unwrap()
        .set_hidden(true)
        .write(0, 0, "x")
        .unwrap();
    book.add_worksheet().set_name("Contacts").unwrap().write(0, 0, "Name").unwrap();
    let contents = read(&saved(book)).unwrap();
    let names: Vec<_> = contents.tabs.iter().map(|tab| tab.name.as_str()).collect();
    assert_eq!(names, ["Rota", "Contacts"]);
    assert_eq!(
        contents.remarks,
        ["hidden and left out: tab \"Old\". Unhide what belongs to the rota"]
    );
    let rota = &contents.tabs[0];
    assert_eq!(
        rota.merges,
        [Merge {
            first: (1, 2),
            last: (1, 11)
        }]
    );
    assert_eq!(rota.cell(1, 2), &text("ANNUAL LEAVE"));
    assert_eq!(rota.rows[2], [Cell::Error("#N/A".into()), text("PN")]);
}

#[test]
fn an_error_newer_than_the_reader_costs_one_cell() {
    let mut book = Workbook::new();
    let tab = book.add_worksheet().set_name("Rota").unwrap();
    tab.write(0, 0, "From").unwrap();
    tab.write_formula(0, 1, Formula::new("=NA()").set_result("#N/A")).unwrap();
    tab.write(0, 2, "2nd").unwrap();
    let bytes = repacked(&saved(book), "xl/worksheets/sheet1.xml", replaced("#N/A", "#SPILL!"));
    let contents = read(&bytes).unwrap();
    assert_eq!(contents.tabs[0].rows[0], [text("From"), Cell::Empty, text("2nd")]);
    assert_eq!(
        contents.remarks,
        ["errors that were read as empty cells: #SPILL! in the next filled cell after Rota!A1"]
    );
}

#[test]
fn two_cells_in_far_corners_do_not_take_the_memory_between() {
    let mut book = Workbook::new();
    let tab = book.add_worksheet();
    tab.write(0, 0, "x").unwrap();
    tab.write(1_048_575, 16_383, "x").unwrap();
    let fault = read(&saved(book)).unwrap_err().to_string();
    assert!(fault.contains("row 1048576; at most 200000 rows"), "{fault}");
}

#[test]
fn a_workbook_that_unpacks_to_too_much_is_refused_before_it_is_read() {
    let bytes = repacked(&dated(), "docProps/app.xml", |_| vec![b' '; 4 << 20]);
    assert!(bytes.len() < 1 << 20, "it is small while packed");
    assert_eq!(archive::check(&bytes, 8 << 20), Ok(()));
    let fault = archive::check(&bytes, 2 << 20).unwrap_err();
    assert!(
        matches!(&fault, SourceError::Malformed(words) if words.contains("more than 2 MiB once unpacked")),
        "{fault}"
    );
}

#[test]
fn other_archives_get_advice() {
    for (part, words) in [
        ("content.xml", "OpenDocument"),
        ("xl/workbook.bin", ".xlsb"),
        ("Index/Document.iwa", "Numbers"),
        ("holiday.txt", "no workbook"),
    ] {
        let mut out = ZipWriter::new(Cursor::new(Vec::new()));
        out.start_file(part, SimpleFileOptions::default()).unwrap();
        let fault = read(&out.finish().unwrap().into_inner()).unwrap_err();
        assert!(matches!(fault, SourceError::Malformed(_)));
        assert!(fault.to_string().contains(words), "{fault}");
    }
}

static SAMPLE: LazyLock<Vec<u8>> = LazyLock::new(dated);

#[test]
fn wherever_a_workbook_is_cut_it_may_come_whole_later() {
    let whole = read(&SAMPLE).unwrap();
    for length in (4..SAMPLE.len()).step_by(7) {
        let fault = read(&SAMPLE[..length]).unwrap_err();
        assert!(matches!(fault, SourceError::Transient(_)), "cut at {length}: {fault}");
    }
    assert_eq!(read(&SAMPLE).unwrap(), whole);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Bytes of the archive changed, without the sums being made right.
    #[test]
    fn a_damaged_archive_is_refused_or_read(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4)) {
        let mut bytes = SAMPLE.clone();
        for (place, byte) in changes {
            bytes[place.index(SAMPLE.len())] = byte;
        }
        if let Ok(contents) = read(&bytes) {
            prop_assert!(!contents.tabs.is_empty());
        }
    }

    /// Bytes of a part changed and packed anew: the reader itself meets the damage, and does not fall over it.
    #[test]
    fn a_damaged_part_is_refused_or_read(
        part in prop::sample::select(vec!["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml", "_rels/.rels"]),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
    ) {
        let bytes = repacked(&SAMPLE, part, |mut content| {
            for (place, byte) in changes {
                let length = content.len();
                content[place.index(length)] = byte;
            }
            content
        });
        match read(&bytes) {
            Ok(contents) => prop_assert!(!contents.tabs.is_empty()),
            Err(fault) => prop_assert!(matches!(fault, SourceError::Malformed(_)), "{}", fault),
        }
    }
}

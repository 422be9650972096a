//! Tables in every encoding and with every delimiter, hand-worked; and any bytes at all.

use super::*;
use crate::Cell;
use proptest::prelude::*;

fn table(file: &str, bytes: &[u8]) -> (Vec<(u32, Vec<String>)>, Vec<String>) {
    let (tab, remarks) = read(bytes, file, &mut Budget::default()).unwrap();
    assert_eq!(tab.rows.len(), tab.lines.len());
    let text = |cell: &Cell| match cell {
        Cell::Text(text) => text.clone(),
        Cell::Empty => String::new(),
        Cell::Number(_) | Cell::DateTime(_) | Cell::Time(_) | Cell::Bool(_) | Cell::Error(_) => {
            panic!("a text table holds text only, not {cell:?}")
        }
    };
    let rows = tab.rows.iter().map(|row| row.iter().map(text).collect());
    (tab.lines.iter().copied().zip(rows).collect(), remarks)
}

fn rows(bytes: &[u8]) -> Vec<Vec<String>> {
    table("rota.csv", bytes).0.into_iter().map(|(_, row)| row).collect()
}

#[test]
fn semicolons_separate_where_commas_belong_to_names() {
    let (rows, remarks) = table("dienst.csv", include_bytes!("../../tests/fixtures/semicolon-crlf.csv"));
    let expected: [(u32, &[&str]); 4] = [
        (1, &["Datum", "Früh", "Spät", "Bemerkung"]),
        (2, &["02.03.2026", "Nair, Priya", "Okafor, Tom", "Schlüssel, Karte, Telefon"]),
        (3, &["03.03.2026", "Okafor, Tom", "Zhang; Wei"]),
        (4, &["04.03.2026", "Nair, Priya", "nobody", "keine"]),
    ];
    assert_eq!(rows.len(), expected.len());
    for (row, (line, cells)) in rows.iter().zip(expected) {
        assert_eq!((row.0, row.1.as_slice()), (line, strings(cells).as_slice()));
    }
    assert!(remarks.is_empty(), "{remarks:?}");
}

fn strings(cells: &[&str]) -> Vec<String> {
    cells.iter().map(|cell| (*cell).to_owned()).collect()
}

#[test]
fn a_byte_order_mark_is_no_part_of_the_first_header() {
    let rows = rows(include_bytes!("../../tests/fixtures/bom.csv"));
    assert_eq!(rows[0], ["Name", "Phone", "Also known as"]);
    assert_eq!(rows[2], ["Tom Okafor", "+61 491 570 157", "TO"]);
}

#[test]
fn what_is_not_utf_8_is_windows_1252_with_a_remark() {
    let (rows, remarks) = table("dienst.csv", include_bytes!("../../tests/fixtures/windows-1252.csv"));
    assert_eq!(rows[0].1, ["Datum", "Früh", "Spät"]);
    assert_eq!(rows[1].1, ["02.03.2026", "Jörg – Büro", "Anaïs"]);
    assert_eq!(remarks, ["read as Windows-1252; if letters look wrong, save the file as UTF-8"]);
    // A letter that is also the first byte of a longer one in UTF-8, at the very end.
    assert_eq!(rows_of_line(b"Date,Andr\xe9"), ["Date", "André"]);
}

fn rows_of_line(bytes: &[u8]) -> Vec<String> {
    rows(bytes).remove(0)
}

#[test]
fn utf_16_is_read_in_both_byte_orders() {
    let little: &[u8] = include_bytes!("../../tests/fixtures/utf-16le.txt");
    let big: &[u8] = include_bytes!("../../tests/fixtures/utf-16be.txt");
    for bytes in [little, big] {
        let (rows, remarks) = table("rota.txt", bytes);
        assert_eq!(
            rows,
            [
                (1, vec!["Date".into(), "Day".into(), "Night".into()]),
                (2, vec!["2026-03-02".into(), "Zoë".into(), "Łukasz".into()])
            ]
        );
        assert!(remarks.is_empty());
    }
}

#[test]
fn rows_know_their_lines_and_an_open_quotation_mark_costs_one_line() {
    let bytes = include_bytes!("../../tests/fixtures/quoted-lines.csv");
    let (rows, remarks) = table("quoted-lines.csv", bytes);
    let expected: [(u32, &[&str]); 6] = [
        (1, &["From", "1st", "2nd"]),
        (2, &[]),
        (3, &["2026-03-02", "Priya Nair\nTom Okafor", "Wei Zhang"]),
        (5, &["2026-03-09", "The \"duty\" phone", "nobody"]),
        (6, &["2026-03-16", "\"Tom", "Wei"]),
        (7, &["2026-03-23", "Priya", "Tom"]),
    ];
    for (row, (line, cells)) in rows.iter().zip(expected) {
        assert_eq!((row.0, row.1.as_slice()), (line, strings(cells).as_slice()));
    }
    assert_eq!(rows.len(), expected.len());
    let remark = "a quotation mark opens a cell and is not closed; read as it stands: line 6";
    assert_eq!(remarks, [remark]);
    let (tab, _) = read(bytes, "quoted-lines.csv", &mut Budget::default()).unwrap();
    assert_eq!(tab.name, "quoted-lines");
    assert_eq!(tab.address(3, 2).to_string(), "quoted-lines.csv line 5, column 3");
}

#[test]
fn a_file_full_of_open_quotation_marks_is_read_line_by_line_with_one_remark() {
    let (rows, remarks) = table("x.csv", "\"5 inch,b\n".repeat(300).as_bytes());
    assert_eq!(rows.len(), 300);
    assert!(rows.iter().all(|(_, row)| row == &strings(&["\"5 inch", "b"])));
    assert_eq!(remarks.len(), 1);
    assert!(remarks[0].ends_with("line 1, 2, 3, 4, 5 and 95 more"), "{remarks:?}");
}

#[test]
fn a_quotation_mark_that_a_later_line_closes_costs_one_line_too() {
    let rows = rows(b"From,1st\n02,\"Ann\n03,\"Bob, Cy\"\n04,Dee\n");
    assert_eq!(rows[1], ["02", "\"Ann"]);
    assert_eq!(rows[2], ["03", "Bob, Cy"]);
    assert_eq!(rows[3], ["04", "Dee"]);
}

#[test]
fn delimiters_are_told_apart() {
    let cases: [(&str, &[u8], &[&str]); 10] = [
        ("commas", b"Date,Day\n2026-03-02,Ann\n", &["Date", "Day"]),
        (
            "tabs with commas inside",
            b"Name\tPhone\nNair, P\t1\nOkafor, T\t2\n",
            &["Name", "Phone"],
        ),
        ("bars", b"Date|Day\n2026-03-02|Ann\n", &["Date", "Day"]),
        ("one column", include_bytes!("../../tests/fixtures/one-column.csv"), &["Name"]),
        (
            "a title with a comma above",
            b"Rota, March\nDate;Day\n02.03.;Ann\n03.03.;Bob\n",
            &["Rota, March"],
        ),
        (
            "ragged, a list in most cells",
            b"Date,Day,Night,Note\n02,Ann;Bob\n03,Cy;Dee,Ed;Flo\n04,Gil;Hal,Ivy;Jo,x\n",
            &["Date", "Day", "Night", "Note"],
        ),
        (
            "semicolons inside quotes",
            b"Date,Day\n02,\"a;b;c\"\n03,\"d;e;f\"\n",
            &["Date", "Day"],
        ),
        (
            "as many commas as semicolons in the body",
            b"Date;Who\n02;Nair, P\n03;Okafor, T\n",
            &["Date", "Who"],
        ),
        ("only a header", b"Name;Phone", &["Name", "Phone"]),
        ("lone carriage returns", b"Date,Day\r02,Ann\r03,Bob\r", &["Date", "Day"]),
    ];
    for (what, bytes, first) in cases {
        assert_eq!(rows(bytes)[0], first, "{what}");
    }
    assert_eq!(rows(b"Date,Day\r02,Ann\r03,Bob\r").len(), 3);
}

#[test]
fn excels_own_hint_names_the_delimiter_and_is_no_row() {
    let (rows, _) = table("x.csv", b"sep=;\r\nDate;Who, else\r\n");
    assert_eq!(rows, [(1, vec![]), (2, vec!["Date".into(), "Who, else".into()])]);
}

#[test]
fn ragged_rows_and_blank_ends_are_kept_as_they_are() {
    let (rows, _) = table("x.csv", b"a,b,c\n1\n1,2,3,4\n,,\n\n\n");
    let lengths: Vec<_> = rows.iter().map(|(line, row)| (*line, row.len())).collect();
    assert_eq!(lengths, [(1, 3), (2, 1), (3, 4)]);
}

#[test]
fn an_unfinished_file_may_work_later_and_what_is_no_text_never_will() {
    let cut_in_a_letter = "Date,Früh,Spä".as_bytes().split_last().unwrap().1;
    let mut odd_utf_16 = include_bytes!("../../tests/fixtures/utf-16le.txt").to_vec();
    odd_utf_16.pop();
    let mut reserved = b"Date,Day\n02,Ann\n".to_vec();
    reserved.resize(4096, 0);
    for bytes in [cut_in_a_letter, &odd_utf_16, &reserved] {
        let fault = read(bytes, "x.csv", &mut Budget::default()).unwrap_err();
        assert!(matches!(fault, SourceError::Transient(_)), "{fault}");
    }
    let fault = read(b"Date\0Day\x01\x02", "x.csv", &mut Budget::default()).unwrap_err();
    assert!(matches!(fault, SourceError::Malformed(_)), "{fault}");
}

#[test]
fn too_many_rows_columns_or_cells_are_refused_in_words() {
    let rows = "x\n".repeat(200_001);
    let columns = ",".repeat(2_000) + "x";
    let cells = format!("{}x\n", ",".repeat(1_999)).repeat(2_001);
    for (bytes, words) in [(rows, "200000 rows"), (columns, "2000 columns"), (cells, "4000000 cells")] {
        let fault = read(bytes.as_bytes(), "x.csv", &mut Budget::default()).unwrap_err().to_string();
        assert!(fault.contains(words), "{fault}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Any bytes: no panic, every row has its line, lines rise, and no address is beyond the text.
    #[test]
    fn any_bytes_are_a_table_or_a_reason(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        if let Ok((tab, _)) = read(&bytes, "x.csv", &mut Budget::default()) {
            prop_assert_eq!(tab.rows.len(), tab.lines.len());
            prop_assert!(tab.lines.is_sorted_by(|a, b| a < b));
        }
    }

    /// What the `csv` crate writes comes back cell by cell.
    #[test]
    fn written_tables_come_back(
        cells in prop::collection::vec(prop::collection::vec("[a-z ,;\"\n]{1,6}x", 3), 2..6),
        delimiter in prop::sample::select(vec![b',', b';', b'\t', b'|']),
    ) {
        let mut writer = csv::WriterBuilder::new().delimiter(delimiter).quote_style(csv::QuoteStyle::Always).from_writer(Vec::new());
        for row in &cells {
            writer.write_record(row).unwrap();
        }
        let (rows, remarks) = table("x.csv", &writer.into_inner().unwrap());
        prop_assert!(remarks.is_empty());
        let found: Vec<_> = rows.into_iter().map(|(_, row)| row).collect();
        prop_assert_eq!(found, cells);
    }
}

//! A rota of a million cells, from the file to the roster. Baselines of the same run: the same bytes through csv and through
//! calamine alone. Before the times it prints how many bytes of a roster one cell costs.
#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs)]

use calamine::Reader as _;
use chrono::{DateTime, NaiveDate, TimeDelta, TimeZone as _, Utc};
use divan::Bencher;
use peak_alloc::PeakAlloc;
use providers::{Fetched, LocalFile, Sheet, SheetSource as _};
use rotaline::roster::{self, Roster, Settings};
use std::fmt::Write as _;
use std::io::Cursor;
use std::path::Path;
use std::sync::LazyLock;
use tempfile::TempDir;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

const PEOPLE: usize = 40;
/// Rows and columns of the list, and of the matrix.
const LIST: (i64, usize) = (100_000, 10);
const MATRIX: (usize, i64) = (1_000, 1_000);

struct Files {
    folder: TempDir,
    list_csv: Vec<u8>,
    matrix_csv: Vec<u8>,
    list_xlsx: Vec<u8>,
}

static FILES: LazyLock<Files> = LazyLock::new(|| {
    let folder = TempDir::new().unwrap();
    let (list, matrix) = (table(&list()), table(&matrix()));
    let list_xlsx = workbook();
    for (name, rota) in [("list", &list), ("matrix", &matrix)] {
        let of = folder.path().join(name);
        std::fs::create_dir(&of).unwrap();
        std::fs::write(of.join("Rota.csv"), rota).unwrap();
        std::fs::write(of.join("Contacts.csv"), contacts()).unwrap();
    }
    std::fs::write(folder.path().join("list.xlsx"), &list_xlsx).unwrap();
    Files {
        folder,
        list_csv: list,
        matrix_csv: matrix,
        list_xlsx,
    }
});

fn main() {
    for name in ["list", "list.xlsx", "matrix"] {
        let sheet = fetch(&FILES.folder.path().join(name));
        let cells: usize = sheet.tabs.iter().flat_map(|tab| &tab.rows).map(Vec::len).sum();
        let before = MEMORY.current_usage();
        let roster = resolve(&sheet);
        let bytes = MEMORY.current_usage() - before;
        let each = bytes / cells;
        let duties = roster.duties().len();
        println!("{name}: {cells} cells, {duties} duties, {bytes} bytes of roster: {each} a cell");
        drop(roster);
    }
    divan::main();
}

fn name(index: usize) -> String {
    format!("Responder {}{}", char::from(b'A' + u8::try_from(index % 26).unwrap()), index / 26)
}

fn contacts() -> String {
    let mut text = "Name,Phone\n".to_owned();
    for person in 0..PEOPLE.max(MATRIX.0) {
        writeln!(text, "{},+614915{person:05}", name(person)).unwrap();
    }
    text
}

fn first_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2025, 1, 1).unwrap()
}

/// Handovers every two hours.
fn list_rows() -> impl Iterator<Item = Vec<String>> {
    let header = std::iter::once("From".to_owned()).chain((1..LIST.1).map(|level| format!("Level {level}")));
    let start = first_day().and_hms_opt(0, 0, 0).unwrap();
    let rows = (0..LIST.0).map(move |row| {
        let from = (start + TimeDelta::hours(2 * row)).format("%Y-%m-%d %H:%M").to_string();
        let people = (1..LIST.1).map(|level| name((usize::try_from(row).unwrap() + level * 7) % PEOPLE));
        std::iter::once(from).chain(people).collect()
    });
    std::iter::once(header.collect()).chain(rows)
}

fn list() -> Vec<Vec<String>> {
    list_rows().collect()
}

/// Two of a hundred people are on call on a day, the others work or are off.
fn matrix() -> Vec<Vec<String>> {
    let dates = (0..MATRIX.1).map(|day| (first_day() + TimeDelta::days(day)).to_string());
    let header = std::iter::once("Name".to_owned()).chain(dates).collect();
    let row = |person: usize| {
        let codes = (0..MATRIX.1).map(move |day| {
            let code = match (person + usize::try_from(day).unwrap()) % 100 {
                0 => "OC1",
                1 => "OC2",
                2..=9 => "A/L",
                10..=39 => "OFF",
                _ => "D",
            };
            code.to_owned()
        });
        std::iter::once(name(person)).chain(codes).collect()
    };
    std::iter::once(header).chain((0..MATRIX.0).map(row)).collect()
}

fn table(rows: &[Vec<String>]) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    rows.iter().for_each(|row| writer.write_record(row).unwrap());
    writer.into_inner().unwrap()
}

fn workbook() -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let tab = book.add_worksheet().set_name("Rota").unwrap();
    for (row, cells) in (0_u32..).zip(list_rows()) {
        for (column, cell) in (0_u16..).zip(cells) {
            tab.write_string(row, column, cell).unwrap();
        }
    }
    let tab = book.add_worksheet().set_name("Contacts").unwrap();
    for (row, line) in (0_u32..).zip(contacts().lines()) {
        for (column, cell) in (0_u16..).zip(line.split(',')) {
            tab.write_string(row, column, cell).unwrap();
        }
    }
    book.save_to_buffer().unwrap()
}

fn fetch(path: &Path) -> Sheet {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    match runtime.block_on(LocalFile::new(path).fetch(None)).unwrap() {
        Fetched::Sheet(sheet) => *sheet,
        Fetched::Unchanged => unreachable!("nothing was read before"),
    }
}

fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 3, 2, 12, 0, 0).unwrap()
}

fn resolve(sheet: &Sheet) -> Roster {
    let settings = [
        ("Time zone", "Australia/Melbourne"),
        ("Handover time", "08:00"),
        ("Country", "AU"),
        ("Code: OC1", "1st, 18:00-08:00"),
        ("Code: OC2", "2nd, 18:00-08:00"),
        ("Ignore codes", "D, A/L, OFF"),
    ];
    let settings = Settings(settings.map(|(key, value)| (key.to_owned(), value.to_owned())).to_vec());
    let (roster, _) = roster::read(sheet, &settings, now());
    assert!(!roster.duties().is_empty());
    roster
}

fn read(bencher: Bencher<'_, '_>, name: &str) {
    let path = FILES.folder.path().join(name);
    bencher.bench_local(|| resolve(&fetch(&path)));
}

fn fetched(bencher: Bencher<'_, '_>, name: &str) {
    let path = FILES.folder.path().join(name);
    bencher.bench_local(|| fetch(&path));
}

fn csv_alone(bencher: Bencher<'_, '_>, bytes: &[u8]) {
    bencher.bench_local(|| {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes);
        reader.records().collect::<Result<Vec<_>, _>>().unwrap()
    });
}

#[divan::bench(sample_count = 10, sample_size = 1)]
fn list_csv(bencher: Bencher<'_, '_>) {
    read(bencher, "list");
}

#[divan::bench(sample_count = 10, sample_size = 1)]
fn list_csv_baseline(bencher: Bencher<'_, '_>) {
    csv_alone(bencher, &FILES.list_csv);
}

/// Only from the file to cells: what any reading of them costs at the least.
#[divan::bench(sample_count = 10, sample_size = 1)]
fn list_fetched(bencher: Bencher<'_, '_>) {
    fetched(bencher, "list");
}

#[divan::bench(sample_count = 10, sample_size = 1)]
fn matrix_csv(bencher: Bencher<'_, '_>) {
    read(bencher, "matrix");
}

#[divan::bench(sample_count = 10, sample_size = 1)]
fn matrix_csv_baseline(bencher: Bencher<'_, '_>) {
    csv_alone(bencher, &FILES.matrix_csv);
}

/// Only from the file to cells.
#[divan::bench(sample_count = 10, sample_size = 1)]
fn matrix_fetched(bencher: Bencher<'_, '_>) {
    fetched(bencher, "matrix");
}

/// Only from the file to cells.
#[divan::bench(sample_count = 5, sample_size = 1)]
fn list_xlsx_fetched(bencher: Bencher<'_, '_>) {
    fetched(bencher, "list.xlsx");
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn list_xlsx(bencher: Bencher<'_, '_>) {
    read(bencher, "list.xlsx");
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn list_xlsx_baseline(bencher: Bencher<'_, '_>) {
    bencher.bench_local(|| {
        let mut book: calamine::Xlsx<_> = calamine::Xlsx::new(Cursor::new(&FILES.list_xlsx)).unwrap();
        book.worksheets()
    });
}

/// Only from cells to the roster.
#[divan::bench(sample_count = 10, sample_size = 1)]
fn list_resolved(bencher: Bencher<'_, '_>) {
    let sheet = fetch(&FILES.folder.path().join("list"));
    bencher.bench_local(|| resolve(&sheet));
}

/// Only from cells to the roster.
#[divan::bench(sample_count = 10, sample_size = 1)]
fn matrix_resolved(bencher: Bencher<'_, '_>) {
    let sheet = fetch(&FILES.folder.path().join("matrix"));
    bencher.bench_local(|| resolve(&sheet));
}

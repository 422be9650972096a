//! Cells that nobody expects: every reader of a cell ends, and what it reads it reads again as the same.

use crate::roster::cells::calendar_words::Weekdays;
use crate::roster::cells::dates::{self, DateOrder, Day};
use crate::roster::cells::names::{Found, Names};
use crate::roster::cells::phones;
use crate::roster::cells::times::{Clock, DayHours, Hours};
use crate::roster::cells::words::{absent, fold, quote, tidy};
use crate::roster::layouts::date_column::{Hint, settle_ranges, settle_within};
use crate::roster::layouts::header;
use chrono::{Days, NaiveDate};
use phonenumber::country::Id;
use proptest::prelude::*;
use providers::Cell;

/// Pieces of which dates, times, phones and names are made.
#[rustfmt::skip]
const PIECES: &[&str] = &[
    "1", "12", "31", "2026", "08:00", "8", "-", "–", "/", ".", ",", " ", "\n", "\t", "\u{a0}", "to", " to ", " bis ", " au ", "mar", "March", "di", "Mon",
    "Mon-Fri", "月", "日", "年", "5月", "周一", "KW", "W12", "Q1", "am", "pm", "24/7", "noon", "h", "(", ")", "[", "]", "'", "ext", "x", "#", ",,", "+44", "(0)", "E+11", "@",
    "Ana", "Diaz", "Dr", "Senior", "1st", "line:", "一线", "Phone", "\u{202e}", "\u{200b}", "\u{301}", "\u{feff}", "\0", "\u{7}", "１", "٣", "ß", "🦀", "e", "T", "Z",
];

fn text() -> impl Strategy<Value = String> {
    let pieces = prop::collection::vec(prop::sample::select(PIECES), 0..9).prop_map(|pieces| pieces.concat());
    prop_oneof![4 => pieces, 1 => any::<String>(), 1 => "[0-9:/. -]{0,20}", 1 => "\\PC{0,30}"]
}

fn date() -> impl Strategy<Value = NaiveDate> {
    (0..36_500_u64).prop_map(|days| NaiveDate::from_ymd_opt(2000, 1, 1).unwrap() + Days::new(days))
}

fn contacts() -> Names {
    let mut names = Names::default();
    for (index, name) in ["Ana Diaz", "Dr Mon Senior", "Diaz, Max (1st)"].into_iter().enumerate() {
        names.add(index, name, &["AD".to_owned()]);
    }
    names
}

fn of(text: &str) -> Cell {
    Cell::Text(text.to_owned())
}

/// Everything that reads a cell.
fn read_all(cell: &Cell) {
    let text = crate::roster::cells::words::shown(cell);
    let _ = (
        dates::read(cell),
        dates::read_range(cell),
        dates::read_with_hours(cell),
        dates::day_of_month(cell),
        dates::said_twice([cell, cell]),
    );
    let _ = (
        dates::month_banner(&text),
        dates::year_said(&text),
        dates::week_number(&text),
        dates::meant(&text),
        dates::taken_for_date(cell),
    );
    let _ = (
        Clock::of_cell(cell),
        Clock::parse(&text),
        Hours::parse(&text),
        DayHours::parse(&text),
        DayHours::parse_list(&text),
        Weekdays::parse(&text),
    );
    let _ = (
        phones::read(cell, Some(Id::GB)),
        phones::read(cell, None),
        phones::split(&text),
        phones::looks_like_number(&text),
    );
    let names = contacts();
    let _ = (names.find(&text), names.nearest(&text), absent(&text), fold(&text), quote(&text));
    let _ = (
        header::field(&header::words(&text)),
        header::swap(&header::words(&text)),
        header::phone_stem(&header::words(&text)),
    );
}

#[test]
fn cells_of_32_kib() {
    for piece in PIECES.iter().chain(&[
        "a",
        "A1",
        "1-",
        "1/",
        "12.",
        "- ",
        "ext 1 ",
        "mon ",
        "March 2026 ",
        "Ana, ",
        "\u{1f468}\u{200d}",
        "ﷺ",
    ]) {
        let long: String = piece
            .chars()
            .cycle()
            .take(32 * 1024 / piece.chars().next().map_or(1, char::len_utf8))
            .collect();
        read_all(&of(&long));
    }
}

#[test]
fn numbers_of_all_kinds() {
    for number in [
        1e308,
        -1e308,
        f64::MIN_POSITIVE,
        f64::NAN,
        f64::INFINITY,
        -0.0,
        0.0,
        -1.0,
        59_999.999_999_99,
        30_000.0,
        1e15,
        4.47e11,
        5.1,
        99_999_999.0,
    ] {
        read_all(&Cell::Number(number));
    }
    read_all(&Cell::DateTime(chrono::NaiveDateTime::MAX));
    read_all(&Cell::DateTime(chrono::NaiveDateTime::MIN));
}

proptest! {
    #[test]
    fn reading_ends_and_only_the_tidied_text_counts(text in text()) {
        read_all(&of(&text));
        let tidied = tidy(&text);
        prop_assert_eq!(&tidy(&tidied), &tidied);
        prop_assert_eq!(dates::read(&of(&text)), dates::read(&of(&tidied)));
        prop_assert_eq!(dates::read_range(&of(&text)), dates::read_range(&of(&tidied)));
        prop_assert_eq!(dates::month_banner(&text), dates::month_banner(&tidied));
        prop_assert_eq!(Clock::parse(&text), Clock::parse(&tidied));
        prop_assert_eq!(phones::split(&text), phones::split(&tidied));
        prop_assert_eq!(Names::default().find(&text), Found::Unknown);
    }

    #[test]
    fn a_date_that_is_read_is_read_again_as_the_same(text in text()) {
        if let Ok(found) = dates::read(&of(&text)) && let Day::Full(date) = found.day {
            prop_assert!(dates::YEARS.contains(&chrono::Datelike::year(&date)));
            let printed = date.format("%-d %b %Y").to_string();
            prop_assert_eq!(dates::read(&of(&printed)).map(|again| again.day), Ok(Day::Full(date)));
        }
    }

    #[test]
    fn hours_that_are_read_are_read_again_as_the_same(text in text(), on in date()) {
        if let Some(hours) = Hours::parse(&text) {
            let again = Hours::parse(&hours.to_string());
            prop_assert_eq!(again.and_then(|again| again.on(on)), hours.on(on), "{}", hours);
            let (from, until) = hours.on(on).unwrap();
            prop_assert_eq!((until - from).num_minutes(), i64::from(hours.minutes()));
        }
    }

    #[test]
    fn a_number_that_is_read_is_read_again_as_the_same(text in text(), country in prop::sample::select(vec![Id::GB, Id::DE, Id::US, Id::IT])) {
        if let Ok(number) = phones::read(&of(&text), Some(country)).number {
            prop_assert_eq!(phones::read(&of(&number.in_full()), None).number, Ok(number));
        }
    }

    #[test]
    fn every_way_to_write_a_date_means_that_date(date in date(), style in 0..9_usize) {
        let styles = ["%Y-%m-%d", "%-d %b %Y", "%A, %-d %B %Y", "%B %-d, %Y", "%d/%m/%Y", "%a %d.%m.%Y", "%Y年%-m月%-d日", "%d-%b-%Y", "%a %-d %b"];
        let written = dates::read(&of(&date.format(styles[style]).to_string())).unwrap();
        let hint = Hint { year: Some(chrono::Datelike::year(&date)), banner: None };
        let settled = settle_within(&[written], Some(DateOrder::DayFirst), hint, date);
        prop_assert_eq!(settled[0].map(|settled| (settled.date, settled.weekday_differs)), Ok((date, false)));
    }

    #[test]
    fn every_way_to_write_a_range_means_that_range(first in date(), length in 0..60_u64, style in 0..6_usize) {
        let last = first + Days::new(length);
        let (style, joint) = [("%Y-%m-%d", " to "), ("%d/%m/%Y", "-"), ("%-d %b %Y", " - "), ("%a %-d %B %Y", " – "), ("%d.%m.%Y", " bis "), ("%Y-%m-%d", "/")][style];
        let text = format!("{}{joint}{}", first.format(style), last.format(style));
        let written = dates::read_range(&of(&text)).map_err(|why| TestCaseError::fail(format!("{text}: {why:?}")))?;
        let settled = settle_ranges(&[written], Some(DateOrder::DayFirst), Hint::default(), first);
        let (from, until) = settled[0].unwrap();
        prop_assert_eq!((from.date, until.map(|until| until.date)), (first, Some(last)), "{}", text);
    }

    #[test]
    fn weekdays_are_read_as_they_are_written(bits in 1..128_u8) {
        let week = [chrono::Weekday::Mon, chrono::Weekday::Tue, chrono::Weekday::Wed, chrono::Weekday::Thu, chrono::Weekday::Fri, chrono::Weekday::Sat, chrono::Weekday::Sun];
        let chosen = (0..7).filter(|day| bits & (1 << day) != 0).map(|day| Weekdays::of(week[day]));
        let days = chosen.fold(Weekdays::default(), Weekdays::union);
        prop_assert_eq!(Weekdays::parse(&days.to_string()), Some(days), "{}", days);
    }
}

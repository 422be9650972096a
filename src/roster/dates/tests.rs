//! What single cells say: expected values are calendar dates that anybody can look up.

use super::*;

fn date(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

fn parsed(text: &str) -> Result<Written, Unreadable> {
    read(&Cell::Text(text.to_owned()))
}

#[test]
fn dates_with_one_reading() {
    let second_of_march = date(2026, 3, 2);
    let texts = [
        "2026-03-02",
        "2026/3/2",
        "2026.03.02",
        "20260302",
        "2 Mar 2026",
        "2-Mar-2026",
        "2-Mar-26",
        "Mon 2 Mar 2026",
        "Monday, 2 March 2026",
        "March 2, 2026",
        "Mar 2nd 2026",
        "2. März 2026",
        "Montag, 2. Maerz 2026",
        "lundi 2 mars 2026",
        "lun. 2 mars 2026",
        "2 de marzo de 2026",
        "Lunes 2 de marzo del 2026",
        "2 marzo 2026",
        "\u{a0}2\u{a0}Mar\u{a0}2026 ",
        "2026-03-02 (Mon)",
        "Mon\n2 Mar 2026",
    ];
    for text in texts {
        assert_eq!(parsed(text).map(|found| found.day), Ok(Day::Full(second_of_march)), "{text}");
    }
    let weekday = parsed("Mon 2 Mar 2026").unwrap().weekdays;
    assert!(weekday.holds(second_of_march) && !weekday.holds(date(2026, 3, 3)));
}

#[test]
fn march_is_also_tuesday() {
    for (text, expected) in [
        ("mar 3 mar 2026", Day::Full(date(2026, 3, 3))),
        ("mar. 3 mars 2026", Day::Full(date(2026, 3, 3))),
        (
            "mar 3/3/2026",
            Day::Pair {
                first: 3,
                second: 3,
                year: Some(2026),
            },
        ),
        ("3 mar", Day::NoYear { month: 3, day: 3 }),
    ] {
        assert_eq!(parsed(text).map(|found| found.day), Ok(expected), "{text}");
    }
    assert!(parsed("mar 3 mar 2026").unwrap().weekdays.holds(date(2026, 3, 3)));
    // Dienstag or dimanche.
    let both = parsed("di 3.3.2026").unwrap().weekdays;
    assert!(both.holds(date(2026, 3, 3)) && both.holds(date(2026, 3, 8)) && !both.holds(date(2026, 3, 4)));
}

#[test]
fn dates_that_need_their_column() {
    let pair = |first, second, year| Ok(Day::Pair { first, second, year });
    for (text, expected) in [
        ("03/04/2026", pair(3, 4, Some(2026))),
        ("3.4.26", pair(3, 4, Some(2026))),
        ("27-04-2026", pair(27, 4, Some(2026))),
        ("07/07", pair(7, 7, None)),
        ("Mon 01/07", pair(1, 7, None)),
        ("Sun - 23/02", pair(23, 2, None)),
        ("1-Jul", Ok(Day::NoYear { month: 7, day: 1 })),
        ("1 juillet", Ok(Day::NoYear { month: 7, day: 1 })),
        ("1er juillet", Ok(Day::NoYear { month: 7, day: 1 })),
        ("July 1st", Ok(Day::NoYear { month: 7, day: 1 })),
        ("29 Feb", Ok(Day::NoYear { month: 2, day: 29 })),
    ] {
        assert_eq!(parsed(text).map(|found| found.day), expected, "{text}");
    }
}

#[test]
fn times_after_dates() {
    for (text, expected) in [
        ("2 March 2026 18:00", "18:00"),
        ("Sat 7 Mar 2026 18:00", "18:00"),
        ("2026-03-02T18:00", "18:00"),
        ("2026-03-02 18:00:00", "18:00"),
        ("02/03/2026 6pm", "18:00"),
        ("02/03/2026 6:30 pm", "18:30"),
        ("2 Mar 2026 at 18:00", "18:00"),
        ("2 Mar 2026, 18h30", "18:30"),
        ("2. März 2026 um 18:00 Uhr", "18:00"),
        ("2 Mar 2026 noon", "12:00"),
        ("2 Mar 2026 00:00", "00:00"),
    ] {
        let found = parsed(text).unwrap_or_else(|why| panic!("{text}: {why:?}"));
        assert_eq!(found.time.map(|clock| clock.to_string()).as_deref(), Some(expected), "{text}");
    }
    assert_eq!(parsed("2 March 2026").unwrap().time, None);
}

#[test]
fn cells_of_other_kinds() {
    let noon = date(2026, 3, 2).and_hms_opt(12, 0, 0).unwrap();
    let found = read(&Cell::DateTime(noon)).unwrap();
    assert_eq!(
        (found.day, found.time.unwrap().to_string().as_str()),
        (Day::Full(date(2026, 3, 2)), "12:00")
    );
    // 45931.375 is 1 October 2025, 09:00: measured in a spreadsheet.
    let found = read(&Cell::Number(45_931.375)).unwrap();
    assert_eq!(
        (found.day, found.time.unwrap().to_string().as_str()),
        (Day::Full(date(2025, 10, 1)), "09:00")
    );
    let found = read(&Cell::Number(42_120.0)).unwrap();
    assert_eq!((found.day, found.time, found.bare_cell), (Day::Full(date(2015, 4, 26)), None, true));
    assert_eq!(read(&Cell::Number(20_260_302.0)).unwrap().day, Day::Full(date(2026, 3, 2)));
    assert_eq!(read(&Cell::Error("#N/A".into())), Err(Unreadable::FormulaError));
    assert_eq!(read(&Cell::Empty), Err(Unreadable::Blank));
    assert_eq!(read(&Cell::Number(5.1)), Err(Unreadable::NotADate));
}

#[test]
fn what_is_not_repaired() {
    use Unreadable::{MixedSeparators, NoSuchDate, NotADate, OwnZone, Range};
    for (text, why) in [
        ("24/02.2026", MixedSeparators),
        ("12/22-12-26", MixedSeparators),
        ("01/04/2024-07/04/2024", Range),
        ("6/30-7/4", Range),
        ("1 Jul - 7 Jul", Range),
        ("31 Feb 2026", NoSuchDate),
        ("29/02/2026", NoSuchDate),
        ("32/13/2026", NoSuchDate),
        ("2 Mar 1026", NoSuchDate),
        ("Jul-26", NotADate),
        ("March 2026", NotADate),
        ("Total", NotADate),
        ("Monday", NotADate),
        ("12", NotADate),
        ("18:00", NotADate),
        ("2 Mar 2026 Ana", NotADate),
        ("2026-03-02T08:00:00Z", OwnZone),
        ("2026-03-02T08:00:00+11:00", OwnZone),
    ] {
        assert_eq!(parsed(text), Err(why), "{text}");
    }
}

#[test]
fn the_order_setting() {
    for text in ["day first", "Day first", "dd/mm/yyyy", "DMY", "jour d'abord"] {
        assert_eq!(DateOrder::parse(text), Some(DateOrder::DayFirst), "{text}");
    }
    for text in ["month first", "mm/dd/yyyy", "US", "American"] {
        assert_eq!(DateOrder::parse(text), Some(DateOrder::MonthFirst), "{text}");
    }
    assert_eq!(DateOrder::parse("whatever"), None);
}

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

fn range(text: &str) -> Result<(Written, Option<Written>), Unreadable> {
    read_range(&Cell::Text(text.to_owned()))
}

#[test]
fn two_dates_in_one_cell() {
    let pair = |first, second, year| Day::Pair { first, second, year };
    let by_name = |day, month| Day::NoYear { month, day };
    let full = |month, day| Day::Full(date(2026, month, day));
    for (text, first, last) in [
        ("01/04/2024-07/04/2024", pair(1, 4, Some(2024)), pair(7, 4, Some(2024))),
        ("6/30-7/4", pair(6, 30, None), pair(7, 4, None)),
        ("7/7- 7/11", pair(7, 7, None), pair(7, 11, None)),
        ("12/29-1/2/26", pair(12, 29, None), pair(1, 2, Some(2026))),
        ("01-04-2024 - 07-04-2024", pair(1, 4, Some(2024)), pair(7, 4, Some(2024))),
        ("02.03.-08.03.2026", pair(2, 3, None), pair(8, 3, Some(2026))),
        ("2026-03-02 to 2026-03-08", full(3, 2), full(3, 8)),
        ("2026-03-02/2026-03-08", full(3, 2), full(3, 8)),
        ("2026-03-02 – 2026-03-08", full(3, 2), full(3, 8)),
        ("1-7 March 2026", full(3, 1), full(3, 7)),
        ("1st–7th March 2026", full(3, 1), full(3, 7)),
        ("Mon 2 - Sun 8 March 2026", full(3, 2), full(3, 8)),
        ("March 2-8, 2026", full(3, 2), full(3, 8)),
        ("March 2 - 8", by_name(2, 3), by_name(8, 3)),
        ("10-12 March", by_name(10, 3), by_name(12, 3)),
        ("30 Mar - 5 Apr", by_name(30, 3), by_name(5, 4)),
        ("1 Jul-7 Jul", by_name(1, 7), by_name(7, 7)),
        ("1-Jul - 7-Jul", by_name(1, 7), by_name(7, 7)),
        ("du 3 au 9 mars", by_name(3, 3), by_name(9, 3)),
        ("du 30 mars au 5 avril", by_name(30, 3), by_name(5, 4)),
        ("vom 2. bis 8. März 2026", full(3, 2), full(3, 8)),
        ("del 2 al 8 de marzo de 2026", full(3, 2), full(3, 8)),
        ("3月2日-3月8日", by_name(2, 3), by_name(8, 3)),
    ] {
        let found = range(text).unwrap_or_else(|why| panic!("{text}: {why:?}"));
        assert_eq!((found.0.day, found.1.map(|last| last.day)), (first, Some(last)), "{text}");
    }
    // A time at the end of each.
    let (first, last) = range("Mon 2 Mar 2026 08:00 - Mon 9 Mar 2026 09:30").unwrap();
    let times = [Some(first), last].map(|side| side.unwrap().time.unwrap().to_string());
    assert_eq!(times, ["08:00", "09:30"]);
    // One date alone is one.
    assert_eq!(range("2 Mar 2026").map(|(first, last)| (first.day, last)), Ok((full(3, 2), None)));
    assert_eq!(
        range("Sun - 23/02").map(|(first, last)| (first.day, last)),
        Ok((pair(23, 2, None), None))
    );
}

#[test]
fn slips_in_a_range_are_refused() {
    use Unreadable::{Blank, MixedSeparators, NoSuchDate, NotADate, Range};
    for (text, why) in [
        ("12/22-12-26", MixedSeparators),
        ("24/02.2026", MixedSeparators),
        ("01-04-2024-07-04-2024", Range),
        ("1-7/3/2026", MixedSeparators),
        ("31 Feb 2026", NoSuchDate),
        ("30 - 31 February", NotADate),
        ("Ana - Ben", NotADate),
        ("2 Mar - Ana", NotADate),
        ("", Blank),
    ] {
        assert_eq!(range(text), Err(why), "{text}");
    }
    for (text, hint) in [
        ("24/02.2026", Some("24/02/2026")),
        ("12/22-12-26", Some("12/22-12/26")),
        ("12/22-12/26", None),
        ("24/02/2026", None),
        ("40/02.2026", None),
        ("Ana", None),
    ] {
        assert_eq!(meant(text).as_deref(), hint, "{text}");
    }
}

#[test]
fn hours_beside_a_date() {
    let read = |text: &str| {
        let (begins, end) = read_with_hours(&Cell::Text(text.to_owned()))?;
        Some((begins.day, begins.weekdays.only(), begins.time?.to_string(), end.to_string()))
    };
    let hours = |day, weekdays, start: &str, end: &str| Some((day, weekdays, start.to_owned(), end.to_owned()));
    for (text, expected) in [
        (
            "Domingo 01/03/2026 18:30 - 20:30",
            hours(
                Day::Pair {
                    first: 1,
                    second: 3,
                    year: Some(2026),
                },
                Some(chrono::Weekday::Sun),
                "18:30",
                "20:30",
            ),
        ),
        (
            "2 Mar 2026, 20:00-08:00",
            hours(Day::Full(date(2026, 3, 2)), None, "20:00", "08:00"),
        ),
        (
            "2026-03-02 (8am to 4pm)",
            hours(Day::Full(date(2026, 3, 2)), None, "08:00", "16:00"),
        ),
        // Days of a month, hours that are doubtful, one time only, two dates.
        ("2 Mar 10-12", None),
        ("2 Mar 2026 9:00-5", None),
        ("2 Mar 2026 18:30", None),
        ("2 Mar 18:30 - 3 Mar 20:30", None),
        ("Ana 18:30 - 20:30", None),
    ] {
        assert_eq!(read(text), expected, "{text}");
    }
}

#[test]
fn titles_announce_months() {
    let show = |text: &str| {
        let banner = month_banner(text)?;
        let month = |one: YearMonth| format!("{}/{}", one.month, one.year.map_or_else(|| "?".to_owned(), |year| year.to_string()));
        let day = |day: Option<u32>| day.map_or_else(String::new, |day| format!("{day} "));
        Some(if banner.first == banner.last {
            month(banner.first)
        } else {
            let (first, last) = (month(banner.first), month(banner.last));
            format!("{}{first} - {}{last}", day(banner.first_day), day(banner.last_day))
        })
    };
    for (text, expected) in [
        ("March 2026", "3/2026"),
        ("MARCH 2026", "3/2026"),
        ("March", "3/?"),
        ("March rota", "3/?"),
        ("On-call rota: March 2026", "3/2026"),
        ("März 26", "3/2026"),
        ("Mar '26", "3/2026"),
        ("Mar-26", "3/2026"),
        ("Dienstplan Mai 2026", "5/2026"),
        ("mars 2026", "3/2026"),
        ("marzo de 2026", "3/2026"),
        ("2026年5月", "5/2026"),
        ("5月", "5/?"),
        ("2026年5月临床科室值班表", "5/2026"),
        ("医生排班表（2026年5月）", "5/2026"),
        ("2026-03", "3/2026"),
        ("03/2026", "3/2026"),
        ("Oct-Dec 2017", "10/2017 - 12/2017"),
        ("Oct–Dec 2017 English Service Roster", "10/2017 - 12/2017"),
        ("October to December 2017", "10/2017 - 12/2017"),
        ("Oct, Nov, Dec 2017", "10/2017 - 12/2017"),
        ("December 2025 - January 2026", "12/2025 - 1/2026"),
        ("Dec/Jan 2026", "12/2025 - 1/2026"),
        ("SYSTEMS ROSTER - 21st MARCH 2026 to 20th APRIL 2026", "21 3/2026 - 20 4/2026"),
        ("March 21 - April 20, 2026", "21 3/2026 - 20 4/2026"),
    ] {
        assert_eq!(show(text).as_deref(), Some(expected), "{text}");
    }
    for text in [
        // A year before the month is left alone.
        "2026 March",
        "",
        "Rota",
        "2026",
        "2 March 2026",
        "Updated 14 March 2026",
        "March 3",
        "June Brown",
        "You may call",
        "Mon",
        "12/13",
        "5月2日",
        "March 2026 (as of 2 May 2026)",
    ] {
        assert_eq!(show(text), None, "{text}");
    }
    for (text, year) in [
        ("Choir rota 2018", Some(2018)),
        ("2018 rota of 2018", Some(2018)),
        ("2018/2019", None),
        ("Room 1204", None),
        ("rota", None),
    ] {
        assert_eq!(year_said(text), year, "{text}");
    }
}

#[test]
fn days_of_a_month() {
    let day =
        |cell: &Cell| day_of_month(cell).map(|found| (found.day, found.weekdays.only().map(|day| day.to_string()).unwrap_or_default()));
    for (text, expected) in [
        ("1", (1, "")),
        ("21st", (21, "")),
        ("Sunday 31", (31, "Sun")),
        ("31.", (31, "")),
        ("Mo 3", (3, "Mon")),
        ("3 Mo", (3, "Mon")),
        ("Sat\n7", (7, "Sat")),
        ("2nd (Tue)", (2, "Tue")),
        ("03", (3, "")),
        ("5日", (5, "")),
        ("周一 6", (6, "Mon")),
    ] {
        assert_eq!(day(&Cell::Text(text.into())), Some((expected.0, expected.1.to_owned())), "{text}");
    }
    for text in [
        "0", "32", "1/2", "1 2", "Ana 3", "3 Ana", "007", "-3", "", "Mon", "5.1", "3 Mo Di", "1?",
    ] {
        assert_eq!(day(&Cell::Text(text.into())), None, "{text}");
    }
    assert_eq!(day(&Cell::Number(31.0)), Some((31, String::new())));
    for number in [0.0, 32.0, 5.1, -1.0, f64::NAN, 1e308] {
        assert_eq!(day(&Cell::Number(number)), None, "{number}");
    }
    let run = |numbers: &[f64]| said_twice(numbers.iter().map(|number| Cell::Number(*number)).collect::<Vec<_>>().iter());
    assert_eq!(run(&[4.29, 4.3, 5.1, 5.2, 5.9, 5.1, 5.11]).as_deref(), Some("5.1"));
    assert_eq!(run(&[5.1, 5.2, 5.3, 6.1]), None);
    assert_eq!(run(&[3.0, 3.0, 42_120.5, 42_120.5]), None);
}

#[test]
fn weeks_and_other_calendars() {
    // The week of 16 March 2026 is the twelfth, that of 29 December 2025 the first of 2026.
    for (text, expected) in [
        ("2026-W12", date(2026, 3, 16)),
        ("2026W12", date(2026, 3, 16)),
        ("KW 12 2026", date(2026, 3, 16)),
        ("KW12/2026", date(2026, 3, 16)),
        ("semaine 12 2026", date(2026, 3, 16)),
        ("KW 1 2026", date(2025, 12, 29)),
        ("2026年3月2日", date(2026, 3, 2)),
        ("2026年3月2日 星期一", date(2026, 3, 2)),
    ] {
        assert_eq!(parsed(text).map(|found| found.day), Ok(Day::Full(expected)), "{text}");
    }
    for text in ["Week 1", "KW 12", "W12", "Week 12 2026", "2026-W54", "semaine 3", "KW 53 2025"] {
        let expected = if text == "2026-W54" {
            Unreadable::NotADate
        } else {
            Unreadable::WeekAlone
        };
        assert_eq!(parsed(text).map(|found| found.day), Err(expected), "{text}");
    }
    assert_eq!(
        week_number("KW 12"),
        Some(WeekNumber {
            week: 12,
            year: None,
            is_iso: true
        })
    );
    let found = parsed("3月2日(周一)").unwrap();
    assert_eq!(
        (found.day, found.weekdays.holds(date(2026, 3, 2))),
        (Day::NoYear { month: 3, day: 2 }, true)
    );
    assert_eq!(parsed("2月30日"), Err(Unreadable::NoSuchDate));
}

#[test]
fn what_the_program_took_for_a_date() {
    let tenth_of_december = date(2026, 12, 10).and_hms_opt(0, 0, 0).unwrap();
    assert_eq!(taken_for_date(&Cell::DateTime(tenth_of_december)).as_deref(), Some("10-12"));
    assert_eq!(
        taken_for_date(&Cell::Time(NaiveTime::from_hms_opt(2, 1, 0).unwrap())).as_deref(),
        Some("02:01")
    );
    assert_eq!(taken_for_date(&Cell::Text("10-12".into())), None);
}

#[test]
fn dates_as_programs_write_them_are_read_as_by_the_long_way() {
    let days = [
        "2026-03-02",
        "1990-01-01",
        "2199-12-31",
        "2024-02-29",
        "2025-02-29",
        "1989-12-31",
        "2026-13-01",
        "2026-0x-01",
    ];
    let clocks = (0..26).flat_map(|hour| [0, 5, 59, 60].map(|minute| format!(" {hour:02}:{minute:02}")));
    let clocks: Vec<String> = std::iter::once(String::new()).chain(clocks).collect();
    for day in days {
        for clock in &clocks {
            let text = format!("{day}{clock}");
            assert_eq!(read(&Cell::Text(text.clone())), of_text(&text), "{text}");
        }
    }
    assert!(plain("2026-03-02 18:00").is_some() && plain("2026-03-02").is_some());
    assert!(plain("2026-03-02 24:00").is_none() && plain("2026-3-2").is_none() && plain("2026-03-02T18:00").is_none());
}

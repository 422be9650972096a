//! Times that people type; what they mean is worked out by hand.

use super::*;

#[test]
fn times_of_day() {
    let cases = [
        ("8:00", "08:00"),
        ("08:00:00", "08:00"),
        ("0830", "08:30"),
        ("8", "08:00"),
        ("6AM", "06:00"),
        ("6:15 p.m.", "18:15"),
        ("11pm", "23:00"),
        ("18h30", "18:30"),
        ("18h", "18:00"),
        ("18.30 Uhr", "18:30"),
        ("8：00", "08:00"),
        ("noon", "12:00"),
        ("Midnight", "00:00"),
        ("24:00", "24:00"),
        ("12am", "00:00"),
        ("12pm", "12:00"),
    ];
    for (text, expected) in cases {
        assert_eq!(
            Clock::parse(text).map(|clock| clock.to_string()).as_deref(),
            Some(expected),
            "{text}"
        );
    }
    for text in [
        "", "25:00", "24:01", "8:60", "13pm", "0am", "8:0", "Ana", "123", "12345", "-1", "8:00x",
    ] {
        assert_eq!(Clock::parse(text), None, "{text}");
    }
    assert!(Clock::parse("12am").unwrap().doubtful);
    assert!(!Clock::parse("12:30pm").unwrap().doubtful);
}

#[test]
fn ranges() {
    let cases = [
        ("20:00-08:00", "2026-03-01 20:00", "2026-03-02 08:00"),
        ("0600-1400", "2026-03-01 06:00", "2026-03-01 14:00"),
        ("6AM-2PM", "2026-03-01 06:00", "2026-03-01 14:00"),
        ("8am – 4pm", "2026-03-01 08:00", "2026-03-01 16:00"),
        ("8：00—20：10", "2026-03-01 08:00", "2026-03-01 20:10"),
        ("20:00 - 00:00", "2026-03-01 20:00", "2026-03-02 00:00"),
        ("20:00-24:00", "2026-03-01 20:00", "2026-03-02 00:00"),
        ("00:00-08:00", "2026-03-01 00:00", "2026-03-01 08:00"),
        ("08-16", "2026-03-01 08:00", "2026-03-01 16:00"),
        ("8:00-8:00", "2026-03-01 08:00", "2026-03-02 08:00"),
        ("noon to midnight", "2026-03-01 12:00", "2026-03-02 00:00"),
        ("22 bis 6 Uhr", "2026-03-01 22:00", "2026-03-02 06:00"),
    ];
    for (text, from, until) in cases {
        let wall = |text| NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap();
        let date = NaiveDate::from_ymd_opt(2026, 3, 1).unwrap();
        let hours = Hours::parse(text).unwrap_or_else(|| panic!("{text}"));
        assert_eq!(hours.on(date), Some((wall(from), wall(until))), "{text}");
    }
    for text in ["", "8:00", "evening", "8-", "2026-03-01", "1-Jul"] {
        assert_eq!(Hours::parse(text), None, "{text}");
    }
    assert!(Hours::parse("12pm-8pm").unwrap().is_doubtful());
}

/// Minutes that a range lasts, and whether it is doubtful: by the clock on the wall.
#[test]
fn ranges_of_either_clock_face() {
    let cases = [
        // As seen in real rotas.
        ("0600-1400", "06:00-14:00", false),
        ("08-16", "08:00-16:00", false),
        ("19-10", "19:00-10:00", false),
        ("6AM-2PM", "06:00-14:00", false),
        ("1 pm - 4 pm", "13:00-16:00", false),
        ("8:00-13:15", "08:00-13:15", false),
        ("18:30 - 20:30", "18:30-20:30", false),
        ("8am-4pm", "08:00-16:00", false),
        ("8：00–20：10", "08:00-20:10", false),
        ("20:00-8:10", "20:00-08:10", false),
        ("20:00 - 00:00", "20:00-00:00", false),
        ("2000-0800", "20:00-08:00", false),
        ("9:00a-9:00p", "09:00-21:00", false),
        ("noon - midnight", "12:00-00:00", false),
        ("18:30 h - 20:30 h", "18:30-20:30", false),
        ("de 9h à 17h", "09:00-17:00", false),
        ("9h à 5h", "09:00-05:00", false),
        ("von 22 bis 6 Uhr", "22:00-06:00", false),
        ("desde 8:00 hasta 15:00", "08:00-15:00", false),
        ("dalle 8 alle 16", "08:00-16:00", false),
        ("from 9am to 5pm", "09:00-17:00", false),
        ("09:00-05:00", "09:00-05:00", false),
        ("8:00-8:00", "08:00-08:00", false),
        ("8:00-midnight", "08:00-00:00", false),
        ("20:00-8", "20:00-08:00", false),
        // Which half of the day is not said.
        ("6-2pm", "06:00-14:00", true),
        ("1-4pm", "13:00-16:00", true),
        ("11-1pm", "11:00-13:00", true),
        ("8am-4", "08:00-16:00", true),
        ("10pm-6", "22:00-06:00", true),
        ("9-5", "09:00-17:00", true),
        ("9:00-5:00", "09:00-17:00", true),
        ("9-12", "09:00-12:00", true),
        ("noon-5", "12:00-17:00", true),
        ("12pm-8pm", "12:00-20:00", true),
        ("8pm-12am", "20:00-00:00", true),
        // A start and how long it lasts.
        ("08:00 + 8h", "08:00-16:00", false),
        ("08:00 (8 h)", "08:00-16:00", false),
        ("22:00 for 8 hours", "22:00-06:00", false),
        ("7:30 + 7.5 h", "07:30-15:00", false),
        ("08:00 + 24h", "08:00-08:00", false),
        ("08:00 + 90 min", "08:00-09:30", false),
        ("8am + 1h30", "08:00-09:30", false),
    ];
    for (text, expected, doubtful) in cases {
        let hours = Hours::parse(text).unwrap_or_else(|| panic!("{text}"));
        assert_eq!((hours.to_string().as_str(), hours.is_doubtful()), (expected, doubtful), "{text}");
    }
    // Half a day or a whole one; two days; no hours at all.
    for text in [
        "8-8",
        "8-8:00",
        "08:00 + 48h",
        "08:00 + 0h",
        "08:00 + 8",
        "8h",
        "US: 5:30 PM - 2:30 AM / IND: 5:00 AM - 2:00 PM",
    ] {
        assert_eq!(Hours::parse(text), None, "{text}");
    }
}

#[test]
fn cells_of_times() {
    let half_past_eight = NaiveTime::from_hms_opt(8, 30, 0).unwrap();
    let noon = NaiveDate::from_ymd_opt(2026, 3, 2).unwrap().and_hms_opt(12, 0, 0).unwrap();
    for (cell, expected) in [
        (Cell::Time(half_past_eight), Some("08:30")),
        (Cell::Number(0.25), Some("06:00")),
        (Cell::Number(0.0), Some("00:00")),
        (Cell::Number(1.0), Some("24:00")),
        (Cell::Number(8.0), Some("08:00")),
        (Cell::Number(1400.0), Some("14:00")),
        (Cell::Number(8.5), None),
        (Cell::Number(f64::NAN), None),
        (Cell::Number(-0.5), None),
        (Cell::Text("8h".into()), Some("08:00")),
        (Cell::DateTime(noon), None),
        (Cell::Empty, None),
    ] {
        assert_eq!(
            Clock::of_cell(&cell).map(|clock| clock.to_string()).as_deref(),
            expected,
            "{cell:?}"
        );
    }
}

#[test]
fn hours_that_differ_by_weekday() {
    let cases = [
        ("Mon-Fri 09:00-17:00", "09:00-17:00", "Mon-Fri"),
        ("09:00-17:00 Mon-Fri", "09:00-17:00", "Mon-Fri"),
        ("Mon - Fri: 9am - 5pm", "09:00-17:00", "Mon-Fri"),
        ("9am to 5pm (Monday to Friday)", "09:00-17:00", "Mon-Fri"),
        ("M-F 8:00-18:00", "08:00-18:00", "Mon-Fri"),
        ("Sat, Sun 10:00-14:00", "10:00-14:00", "Sat, Sun"),
        ("Sat & Sun 10:00-14:00", "10:00-14:00", "Sat, Sun"),
        ("Saturdays 8:00-noon", "08:00-12:00", "Sat"),
        ("Fri-Mon 20:00-08:00", "20:00-08:00", "Mon, Fri, Sat, Sun"),
        ("weekdays 08:00-18:00", "08:00-18:00", "Mon-Fri"),
        ("weekend 10-16", "10:00-16:00", "Sat, Sun"),
        ("daily 07:00-23:00", "07:00-23:00", "every day"),
        ("08:00-18:00", "08:00-18:00", "every day"),
        ("24/7", "00:00-24:00", "every day"),
        ("24x7", "00:00-24:00", "every day"),
        ("Sat-Sun 24h", "00:00-24:00", "Sat, Sun"),
        ("Mo-Fr 8 bis 16 Uhr", "08:00-16:00", "Mon-Fri"),
        ("Mo–Fr von 8 bis 16 Uhr", "08:00-16:00", "Mon-Fri"),
        ("Di-Do 08:00-16:00", "08:00-16:00", "Tue-Thu"),
        ("Wochenende 10:00-14:00", "10:00-14:00", "Sat, Sun"),
        ("täglich 0-24 Uhr", "00:00-24:00", "every day"),
        ("rund um die Uhr", "00:00-24:00", "every day"),
        ("du lundi au vendredi de 9h à 17h", "09:00-17:00", "Mon-Fri"),
        ("sam. et dim. 10h-18h", "10:00-18:00", "Sat, Sun"),
        ("tous les jours 8h-20h", "08:00-20:00", "every day"),
        ("24h/24 7j/7", "00:00-24:00", "every day"),
        ("de lunes a viernes de 9:00 a 17:00", "09:00-17:00", "Mon-Fri"),
        ("sábado y domingo 10:00-14:00", "10:00-14:00", "Sat, Sun"),
        ("fin de semana 10:00 a 14:00", "10:00-14:00", "Sat, Sun"),
        ("mar 9:00-17:00", "09:00-17:00", "Tue"),
        ("segunda a sexta 08:00-18:00", "08:00-18:00", "Mon-Fri"),
        ("lun-ven 08:00-18:00", "08:00-18:00", "Mon-Fri"),
        ("周一至周五 08:00-17:30", "08:00-17:30", "Mon-Fri"),
    ];
    for (text, hours, days) in cases {
        let found = DayHours::parse(text).unwrap_or_else(|| panic!("{text}"));
        assert_eq!(
            (found.hours.to_string().as_str(), found.days.to_string().as_str()),
            (hours, days),
            "{text}"
        );
    }
    // `Werktags` holds Saturday for some; `WE` is Wednesday or the weekend; `mar 9-17` may be days of March.
    for text in [
        "Mon-Fri",
        "werktags 8-16 Uhr",
        "we 10:00-14:00",
        "mar 9-17",
        "Ana 09:00-17:00",
        "Mon-Fri 9",
        "",
        "Mon-Fri 09:00-17:00 Ana",
    ] {
        assert_eq!(DayHours::parse(text), None, "{text}");
    }
}

#[test]
fn several_hours_in_one_cell() {
    let list = |text: &str| {
        let list = DayHours::parse_list(text)?;
        Some(
            list.iter()
                .map(|one| format!("{} {}", one.days, one.hours))
                .collect::<Vec<_>>()
                .join("; "),
        )
    };
    let expected = Some("Mon-Fri 09:00-17:00; Sat, Sun 10:00-14:00".to_owned());
    assert_eq!(list("Mon-Fri 09:00-17:00; Sat, Sun 10:00-14:00"), expected);
    assert_eq!(list("Mon-Fri 09:00-17:00\nSat-Sun 10:00-14:00"), expected);
    assert_eq!(list("Mon-Fri 09:00-17:00, Sat, Sun 10:00-14:00"), expected);
    assert_eq!(list("08:00-16:00"), Some("every day 08:00-16:00".to_owned()));
    // Which of both holds on Friday?
    assert_eq!(list("Mon-Fri 09:00-17:00; Fri-Sat 10:00-14:00"), None);
    assert_eq!(list("Mon-Fri 09:00-17:00; by arrangement"), None);
}

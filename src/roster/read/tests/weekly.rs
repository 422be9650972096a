//! Weeks that repeat themselves for ever: worked out by hand from the calendar. 2 March 2026 is a Monday.

use super::{Asked, Code, Severity, ask, cells, tab, utc};

const CONTACTS: &str = "Name | Phone\nAna | 0491 570 156\nBen | 0491 570 157\nCy | 0491 570 158\nDee | 0491 570 110";
const NOW: &str = "2026-03-04 12:00";
const UTC: &str = "Time zone = UTC\nCountry = AU\n";

fn read(rota: &str, settings: &str) -> Asked {
    ask(vec![tab("Contacts", CONTACTS), tab("Rota", rota)], &format!("{UTC}{settings}"), NOW)
}

fn rings(asked: &Asked, cases: &[(&str, &str)]) {
    for (at, expected) in cases {
        assert_eq!(asked.who(at), *expected, "{at}: {:#?}", asked.findings);
    }
}

#[test]
fn a_level_for_each_weekday_lasts_from_handover_to_handover() {
    let rota = "Day | 1st | 2nd\nMon | Ana | Ben\nTue | Ben | Cy\nWed | Ana | Ben\nThu | Ben | Cy\nFri | Ana | Ben\nSat-Sun | Dee | nobody";
    let asked = read(rota, "Handover = 08:00");
    rings(
        &asked,
        &[
            ("2026-03-02 07:59", "Dee"),
            ("2026-03-02 08:00", "Ana, Ben"),
            ("2026-03-03 07:59", "Ana, Ben"),
            ("2026-03-03 08:00", "Ben, Cy"),
            ("2026-03-08 23:00", "Dee"),
            ("2027-03-30 09:00", "Ben, Cy"),
        ],
    );
    assert_eq!(asked.codes(), []);
    assert_eq!(
        asked.roster.tabs_read()[0].shape,
        "a fixed week: \"Day\" names the weekday of a row, \"1st\" and \"2nd\" are rung; it repeats every week"
    );
    assert_eq!(asked.duty("2026-03-04 09:00").levels[0].source.to_string(), "Rota!B4");
    // Whole weeks around 4 March: 28 January 2026 is a Wednesday, 8 April 2027 a Thursday.
    assert_eq!(asked.roster.horizon(), Some(utc("2027-04-12 00:00")));
    assert_eq!(asked.roster.duties()[0].from, utc("2026-01-26 08:00"));
}

#[test]
fn several_rows_of_a_day_have_their_own_hours() {
    let rota = "Day | From | Until | 1st | 2nd\nMon-Fri | 08:00 | 16:00 | Ana | Ben\n | 16:00 | 22:00 | Cy |\nMonday | 22:00 | 08:00 | Dee | Ana\nSunday | 10:00 | 12:00 | Ben | Cy";
    let asked = read(rota, "");
    rings(
        &asked,
        &[
            ("2026-03-02 09:00", "Ana, Ben"),
            ("2026-03-02 21:59", "Cy"),
            // The night of Monday ends on Tuesday.
            ("2026-03-03 07:59", "Dee, Ana"),
            ("2026-03-03 08:00", "Ana, Ben"),
            ("2026-03-04 23:00", "gap"),
            ("2026-03-08 11:59", "Ben, Cy"),
            ("2026-03-08 12:00", "gap"),
        ],
    );
    assert_eq!(asked.one(Code::CoverageGap).severity, Severity::Note);
}

#[test]
fn shifts_beside_the_weekday() {
    let rota = "Wochentag | Früh | Spät | Nacht\nMontag | Ana | Ben | Cy\nDienstag | Ben | Cy | Dee\nMittwoch | Ana | Ben | Cy\nDo | Ana | Ben | Cy\nFreitag | Ana | Ben | Cy\nSamstag | Dee | Ana | Ben\nSonntag | Dee | Ana | Ben";
    let settings = "Schicht: Früh = 06:00-14:00\nSchicht: Spät = 14:00-22:00\nSchicht: Nacht = 22:00-06:00";
    let asked = read(rota, settings);
    rings(
        &asked,
        &[
            ("2026-03-02 05:59", "Ben"),
            ("2026-03-02 06:00", "Ana"),
            ("2026-03-03 23:00", "Dee"),
            ("2026-03-05 15:00", "Ben"),
        ],
    );
    assert_eq!(asked.codes(), []);
    let without = read(rota, "Shift: Früh = 06:00-14:00\nShift: Nacht = 22:00-06:00");
    let missing = without.one(Code::ShiftHoursMissing);
    assert_eq!((missing.severity, cells(missing)), (Severity::Stop, vec!["Rota!C1".to_owned()]));
}

#[test]
fn a_row_for_each_person_level_and_kind_of_day() {
    let rota = "escalation_level | user | day_of_week | start_time | end_time\n1 | Ana | weekday | 08:00 | 18:00\n2 | Ben | weekday | 08:00 | 18:00\n1 | Cy | weekend | 08:00 | 18:00\n1 | Dee | all | 18:00 | 08:00";
    let asked = read(rota, "");
    rings(
        &asked,
        &[
            ("2026-03-06 12:00", "Ana, Ben"),
            ("2026-03-07 12:00", "Cy"),
            ("2026-03-07 20:00", "Dee"),
            ("2026-03-08 07:59", "Dee"),
        ],
    );
    assert_eq!(asked.codes(), []);
}

#[test]
fn names_under_weekdays_and_shifts_down() {
    let rota = "On call team\n | Sun | Mon | Tue | Wed | Thu | Fri | Sat\nDay | Ana | Ben | Ben | Ben | Ben | Ben | Ana\nNight | Cy | Dee / Cy | Dee | Dee | Dee | Dee | nobody\n18:00-20:00 2nd | Dee | Ana | Ana | Ana | Ana | Ana | Dee";
    let asked = read(rota, "Shift: Day = 1st, 08:00-20:00\nShift: Night = 1st, 20:00-08:00");
    rings(
        &asked,
        &[
            ("2026-03-01 08:00", "Ana"),
            ("2026-03-01 18:30", "Ana, Dee"),
            ("2026-03-01 20:00", "Cy"),
            ("2026-03-02 07:59", "Cy"),
            ("2026-03-02 20:00", "Dee+Cy"),
            // The night of Saturday.
            ("2026-03-08 01:00", "nobody"),
        ],
    );
    assert_eq!(asked.codes(), []);
    assert_eq!(asked.duty("2026-03-02 21:00").levels[0].source.to_string(), "Rota!C4");
}

#[test]
fn levels_down_and_a_row_that_is_none() {
    let rota = "| Lun | Mar | Mer | Jeu | Ven | Sam | Dim\n1st | Ana | Ben | Ana | Ben | Ana | Ben | Ana\n2nd | Cy | Cy | Cy | Cy | Cy | Cy | Cy\nLunch | Dee | Dee | Dee | Dee | Dee | Dee | Dee";
    let asked = read(rota, "Handover = 09:00");
    rings(&asked, &[("2026-03-03 08:59", "Ana, Cy"), ("2026-03-03 09:00", "Ben, Cy")]);
    let ignored = asked.one(Code::RowsIgnored);
    assert_eq!((ignored.severity, cells(ignored)), (Severity::Warn, vec!["Rota!A4".to_owned()]));
    assert_eq!(ignored.seen, "\"Lunch\" names no shift, no hours and no level that is known.");
}

#[test]
fn people_with_hours_under_weekdays() {
    let rota = "Name | Phone | Monday | Tuesday | Wednesday\nIna | 0491 570 006 | off | 1 pm - 4 pm | off\nOve | 0491 570 110 | 09:00-12:00 | 15:00-18:00 | nwd";
    let asked = ask(vec![tab("Sheet1", rota)], UTC, NOW);
    rings(
        &asked,
        &[
            ("2026-03-02 11:59", "Ove"),
            ("2026-03-03 13:00", "Ina"),
            // Who began last first.
            ("2026-03-03 15:30", "Ove, Ina"),
            ("2026-03-03 16:00", "Ove"),
            ("2026-03-04 13:30", "gap"),
        ],
    );
    assert_eq!(asked.duty("2026-03-03 13:00").levels[0].source.to_string(), "Sheet1!D2");
    // An hour together is a handover.
    assert!(asked.of(Code::OrderUnstated).is_empty());
    let together = rota.replace("15:00-18:00", "14:30-18:00");
    let asked = ask(vec![tab("Sheet1", &together)], UTC, NOW);
    let order = asked.one(Code::OrderUnstated);
    assert_eq!(
        (order.severity, cells(order)),
        (Severity::Warn, vec!["Sheet1!D2".to_owned(), "Sheet1!D3".to_owned()])
    );
}

#[test]
fn beginnings_and_ends_in_columns_of_their_own() {
    let mut rota = tab(
        "Hours",
        "Name | Site | MonStart | MonEnd | TueStart | TueEnd | FriStart | FriEnd\nAna | N | 08:00 | 11:00 | | | 20:00 | 06:30\nBen | N | 10:30 | | 09:00 | 09:00 | off | off\nCy | N | 00:00 | 00:00 | | | |",
    );
    rota.rows[1][3] = providers::Cell::Time(chrono::NaiveTime::from_hms_opt(11, 15, 0).unwrap());
    let asked = ask(vec![tab("Contacts", CONTACTS), rota], UTC, NOW);
    rings(
        &asked,
        &[
            ("2026-03-02 11:14", "Ana"),
            ("2026-03-02 11:15", "gap"),
            ("2026-03-03 08:59", "gap"),
            ("2026-03-03 09:00", "Ben"),
            ("2026-03-04 08:59", "Ben"),
            ("2026-03-04 09:00", "gap"),
            ("2026-03-07 06:29", "Ana"),
        ],
    );
    let day = asked.one(Code::TimeDoubtful);
    assert_eq!(
        day.to_string(),
        "WARN  Hours!E3: \"09:00-09:00\" begins and ends at the same time.\n      \
         It is read as 24 hours, up to that time of the next day.\n      \
         If that is meant, nothing is to be done; else correct the times, or leave both cells blank."
    );
    let bad = asked.of(Code::TimeUnreadable);
    let places: Vec<Vec<String>> = bad.iter().map(|finding| cells(finding)).collect();
    // Midnight twice may be what a program puts where nothing was entered.
    assert_eq!(places, [["Hours!C3"], ["Hours!C4"]]);
    assert!(bad[1].remedy.contains("00:00 and 24:00"), "{}", bad[1]);
}

#[test]
fn codes_under_weekdays_come_from_the_settings() {
    let rota = "Name | Mon | Tue | Wed\nAna | N | D | OC\nBen | D | N | ?\nCy | x | D | D";
    let asked = read(rota, "Code: N = 1st, 20:00-08:00\nCode: D = not rung");
    rings(&asked, &[("2026-03-02 21:00", "Ana"), ("2026-03-03 21:00", "Ben")]);
    let unknown: Vec<String> = asked.of(Code::CodeUnknown).iter().map(|finding| finding.seen.clone()).collect();
    assert_eq!(
        unknown,
        [
            "\"OC\" is neither hours nor a code that is known.",
            "\"?\" is neither hours nor a code that is known.",
            "\"x\" is neither hours nor a code that is known.",
        ]
    );
}

const CYCLE: &str = "|Week 1|||||||Week 2\nName | SUN | MON | TUE | WED | THU | FRI | SAT | SUN | MON | TUE | WED | THU | FRI | SAT\nAna | N | N | N | N | N | N | N | | | | | | |\nBen | | | | | | | | N | N | N | N | N | N | N";

#[test]
fn a_cycle_of_weeks_needs_to_know_when_it_began() {
    let nights = "Code: N = 1st, 20:00-08:00\n";
    let asked = read(CYCLE, nights);
    let missing = asked.one(Code::CycleAnchorMissing);
    assert_eq!((missing.severity, cells(missing)), (Severity::Stop, vec!["Rota!B2".to_owned()]));
    assert_eq!(
        missing.remedy,
        "Add to Settings: Cycle starts | Sun 1 Mar 2026 (the day with which a week 1 began)."
    );
    assert!(asked.roster.duties().is_empty());

    // 4 January 2026 is a Sunday; 1 March is eight weeks later, so week 1 again.
    let asked = read(CYCLE, &format!("{nights}Cycle starts = Sun 4 Jan 2026"));
    rings(
        &asked,
        &[
            ("2026-03-01 07:59", "Ben"),
            ("2026-03-01 20:00", "Ana"),
            ("2026-03-08 07:59", "Ana"),
            ("2026-03-08 20:00", "Ben"),
            ("2026-03-15 21:00", "Ana"),
        ],
    );
    assert!(asked.of(Code::CycleAnchorMissing).is_empty());
    assert!(
        asked.roster.tabs_read()[0]
            .shape
            .ends_with("it repeats every 2 weeks, and Wed 4 Mar 2026 lies in week 1")
    );
}

#[test]
fn an_anchor_that_is_not_certain_is_refused() {
    for (anchor, code) in [
        ("4/1/2026", Code::DateAmbiguous),
        ("4 Jan", Code::CycleAnchorMissing),
        ("Mon 4 Jan 2026", Code::CycleAnchorMissing),
        ("soon", Code::CycleAnchorMissing),
    ] {
        let asked = read(CYCLE, &format!("Code: N = 1st, 20:00-08:00\nCycle starts = {anchor}"));
        assert_eq!(asked.one(code).severity, Severity::Stop, "{anchor}");
        assert!(asked.roster.duties().is_empty(), "{anchor}");
    }
    // The weekday says which number is the day, and so does the setting.
    for settings in ["Cycle starts = Sun 4/1/2026", "Cycle starts = 4/1/2026\nDate order = day first"] {
        let asked = read(CYCLE, &format!("Code: N = 1st, 20:00-08:00\n{settings}"));
        rings(&asked, &[("2026-03-01 20:00", "Ana")]);
    }
}

#[test]
fn weeks_below_one_another_and_in_a_column() {
    let below =
        "Week 1\nShift | Mon | Tue | Wed\n08:00-20:00 | Ana | Ana | Ben\nWeek 2\nShift | Mon | Tue | Wed\n08:00-20:00 | Cy | Cy | Dee";
    let column = "Week | Day | 08:00-20:00\n1 | Mon-Tue | Ana\n1 | Wed | Ben\n2 | Mon, Tue | Cy\n2 | Wed | Dee";
    let lines = "Day | 08:00-20:00\nWeek 1 |\nMon | Ana\nTue | Ana\nWed | Ben\nWeek 2 |\nMon | Cy\nTue | Cy\nWed | Dee";
    for rota in [below, column, lines] {
        // Monday 23 February began a week 1.
        let asked = read(rota, "Cycle starts = 23 Feb 2026");
        rings(
            &asked,
            &[
                ("2026-03-02 12:00", "Cy"),
                ("2026-03-04 12:00", "Dee"),
                ("2026-03-10 12:00", "Ana"),
                ("2026-03-11 12:00", "Ben"),
            ],
        );
    }
}

#[test]
fn what_is_not_certain_to_repeat_is_refused() {
    let week = "Shift | Mon | Tue | Wed\n08:00-20:00 | Ana | Ana | Ben";
    for (name, rota) in [
        ("Rota", format!("Week of 2 March\n{week}")),
        ("Rota", format!("Week commencing 02/03/2026\n{week}")),
        ("March 2026", week.to_owned()),
        ("Rota", format!("{week}\n\n{week}")),
        ("Rota", "Day | 1st\nMon | Ana\nTue | Ben\nMon | Cy\nTue | Dee".to_owned()),
        ("Rota", "Day | 1st | First\nMon | Ana | Ben\nTue | Ben | Ana".to_owned()),
    ] {
        let asked = ask(vec![tab("Contacts", CONTACTS), tab(name, &rota)], UTC, NOW);
        assert_eq!(asked.one(Code::LayoutUnknown).severity, Severity::Stop, "{rota}");
        assert!(asked.roster.duties().is_empty(), "{rota}");
    }
}

#[test]
fn a_day_that_is_not_certain_costs_only_its_row() {
    // `WE` is a weekend to some and Wednesday to others; `di` is Tuesday or Sunday.
    let asked = read("Day | 1st\nMo-Fr | Ana\nWE | Ben", "Handover = 08:00");
    rings(&asked, &[("2026-03-06 12:00", "Ana"), ("2026-03-07 12:00", "gap")]);
    let unread = asked.one(Code::DateUnreadable);
    assert_eq!((unread.severity, cells(unread)), (Severity::Stop, vec!["Rota!A3".to_owned()]));
    let asked = read(
        "Tag | 1st\nMo | Ana\nDi | Ben\nMi | Ana\nDo | Ben\nFr | Ana\nSa | Cy\nSo | Dee",
        "Handover = 08:00",
    );
    rings(&asked, &[("2026-03-03 12:00", "Ben"), ("2026-03-08 12:00", "Dee")]);
    assert_eq!(asked.codes(), []);
}

#[test]
fn an_unknown_name_is_said_of_the_next_time() {
    let asked = read("Day | 1st | 2nd\nMon | Ana | Benn\nWed | Cy | Ana", "Handover = 08:00");
    let unknown = asked.one(Code::NameUnknown);
    assert_eq!(cells(unknown), ["Rota!C2"]);
    assert!(
        unknown.consequence.starts_with("2nd from Mon 9 Mar 08:00 to Tue 10 Mar 08:00"),
        "{}",
        unknown.consequence
    );
}

/// The clocks of London go forward on 29 March 2026 at 01:00 UTC and back on 25 October at 01:00 UTC; those of Melbourne
/// back on 5 April (4 April, 16:00 UTC) and forward on 4 October (3 October, 16:00 UTC).
#[test]
fn nights_over_both_changes_of_the_clocks() {
    let rota = "Day | Day shift 08:00-20:00 | Night 20:00-08:00\nMon-Sun | Ana | Ben";
    let nights = [
        ("Europe/London", "2026-03-28 23:00", "2026-03-28 20:00", "2026-03-29 07:00", 11),
        ("Europe/London", "2026-10-24 23:00", "2026-10-24 19:00", "2026-10-25 08:00", 13),
        (
            "Australia/Melbourne",
            "2026-04-04 12:00",
            "2026-04-04 09:00",
            "2026-04-04 22:00",
            13,
        ),
        (
            "Australia/Melbourne",
            "2026-10-03 12:00",
            "2026-10-03 10:00",
            "2026-10-03 21:00",
            11,
        ),
    ];
    for (zone, at, from, until, hours) in nights {
        let asked = ask(
            vec![tab("Contacts", CONTACTS), tab("Rota", rota)],
            &format!("Time zone = {zone}\nCountry = AU"),
            NOW,
        );
        let night = asked.duty(at);
        assert_eq!(asked.who(at), "Ben", "{zone}");
        assert_eq!((night.from, night.until), (utc(from), utc(until)), "{zone}");
        assert_eq!((night.until - night.from).num_hours(), hours, "{zone}");
        // No instant is lost or doubled in 441 days.
        let duties = asked.roster.duties();
        assert_eq!(duties.len(), 2 * 441, "{zone}");
        assert!(duties.windows(2).all(|two| two[0].until == two[1].from), "{zone}");
    }
}

#[test]
fn another_day_of_reading_comes_to_the_same_duties() {
    let at = |now: &str| {
        ask(
            vec![tab("Contacts", CONTACTS), tab("Rota", CYCLE)],
            "Time zone = Europe/London\nCountry = AU\nCode: N = 1st, 20:00-08:00\nCycle starts = 4 Jan 2026",
            now,
        )
    };
    let first = at("2026-03-04 12:00");
    for now in ["2026-03-05 00:00", "2026-03-09 00:30", "2026-04-01 12:00"] {
        let later = at(now);
        let (from, until) = (utc(now), first.roster.horizon().unwrap());
        let within = |asked: &Asked| -> Vec<_> {
            let duties = asked.roster.duties().iter();
            duties.filter(|duty| duty.from >= from && duty.until < until).cloned().collect()
        };
        assert!(within(&first).len() > 300);
        assert_eq!(within(&first), within(&later), "{now}");
    }
}

#[test]
fn holidays_without_a_rule_change_nothing_and_that_is_said() {
    let week = "Day | 1st\nMon-Sun | Ana";
    let holidays = "Date | Occasion\n25 Dec 2026 | Christmas Day\n28 Dec 2026 | Boxing Day (substitute)";
    let tabs = vec![tab("Contacts", CONTACTS), tab("Rota", week), tab("Public holidays", holidays)];
    let asked = ask(tabs, &format!("{UTC}Handover = 08:00"), NOW);
    rings(&asked, &[("2026-12-25 12:00", "Ana")]);
    let note = asked
        .findings
        .iter()
        .find(|finding| finding.consequence.starts_with("The rota repeats"));
    let note = note.unwrap_or_else(|| panic!("{:#?}", asked.findings));
    assert_eq!(
        (note.severity, cells(note)),
        (Severity::Note, vec!["'Public holidays'!A1".to_owned()])
    );
}

/// A clinic's workbook: people and their hours in pairs of columns, tables of targets beside them, nobody's number.
#[test]
fn of_many_tabs_the_one_with_hours_is_read() {
    let staff = "Name | Mobile | Notes\nAna | 0491 570 156 |\nBen | 0491 570 157 |";
    let hours =
        "Name | HomeSite | MonStart | MonEnd | TueStart | TueEnd\nAna | N | 08:00 | 11:00 | 08:00 | 11:00\nBenn | S | 11:00 | 18:30 | | ";
    let targets = "Time | Mon | Tue | Wed | Thu | Fri\n08:00 | 5 | 4 | 3 | 3 | 4\n09:00 | 4 | 3 | 3 | 3 | 4";
    let blank = "HandlerName | HomeSite | MonStart | MonEnd | TueStart | TueEnd | Notes";
    let tabs = vec![
        tab("Staff", staff),
        tab("WorkingHours", hours),
        tab("PhonesTargets", targets),
        tab("CallHandlers", blank),
    ];
    let asked = ask(tabs, UTC, NOW);
    rings(
        &asked,
        &[
            ("2026-03-02 08:00", "Ana"),
            ("2026-03-02 11:00", "gap"),
            ("2026-03-03 10:59", "Ana"),
        ],
    );
    // The second spelling of Ben is said and not guessed.
    let unknown = asked.one(Code::NameUnknown);
    assert_eq!(
        (unknown.severity, cells(unknown)),
        (Severity::Stop, vec!["WorkingHours!A3".to_owned()])
    );
}

#[test]
fn who_is_left_is_told_across_rows() {
    let asked = read(
        "| Mon | Tue | Wed\n1st | Benn | Ana | Ana\n2nd | Cy | Cyy | Dee\n10:00-12:00 3rd | Ana | Ana | Anna",
        "Handover = 09:00",
    );
    let consequences: Vec<&str> = asked
        .of(Code::NameUnknown)
        .iter()
        .map(|finding| finding.consequence.as_str())
        .collect();
    assert_eq!(
        consequences,
        [
            "1st from Mon 9 Mar 09:00 to Tue 10 Mar 09:00 is left out; callers go straight to the next level.",
            "2nd from Tue 10 Mar 09:00 to Wed 11 Mar 09:00 is left out; callers reach only the levels before it.",
            "3rd from Wed 11 Mar 10:00 to Wed 11 Mar 12:00 is left out; callers reach only the levels before it.",
        ]
        .map(|text| text.replace("3rd from", "10:00-12:00 3rd from"))
    );
}

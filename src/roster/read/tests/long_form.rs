use super::{Code, Severity, ask, cells, tab};

const CONTACTS: &str = "Name | Phone | E-mail | Staff id\nAna Diaz | 0491 570 156 | ana@lab.example | S7\n\
                        Ben Osei | 0491 570 157 | ben@lab.example | S8\nCy Roe | 0491 570 158 | cy@lab.example | S9";
const SETTINGS: &str = "Time zone = UTC\nHandover time = 08:00\nCountry = AU";
const NOW: &str = "2026-03-01 09:00";

fn ask_rota(rota: &str, more: &str) -> super::Asked {
    ask(
        vec![tab("Contacts", CONTACTS), tab("Rota", rota)],
        &format!("{SETTINGS}\n{more}"),
        NOW,
    )
}

/// Expected answers at UTC instants.
fn assert_who(asked: &super::Asked, expected: &[(&str, &str)]) {
    for (at, who) in expected {
        assert_eq!(asked.who(&format!("2026-03-{at}")), *who, "{at}: {:#?}", asked.findings);
    }
}

#[test]
fn two_columns_of_times_and_shifts_that_overlap() {
    let rota = "date | staff | shift_start | shift_end | role\n2026-03-02 | Ana | 09:00 | 16:30 | activities\n\
                2026-03-02 | Ben | 12:00 | 19:30 | activities\n2026-03-03 | Cy | 20:00 | 08:00 | activities\n\
                2026-03-04 | Ana | 20:00 | 00:00 | activities\n2026-03-04 | Ana | 20:00 | 00:00 | activities";
    let asked = ask_rota(rota, "");
    let instants = [
        ("02 08:59", "gap"),
        ("02 09:00", "Ana Diaz"),
        // Whose shift began last is rung first.
        ("02 12:00", "Ben Osei, Ana Diaz"),
        ("02 16:30", "Ben Osei"),
        ("02 19:30", "gap"),
        ("03 23:00", "Cy Roe"),
        ("04 07:59", "Cy Roe"),
        ("04 08:00", "gap"),
        // The same row twice counts once, and ends at midnight.
        ("04 23:59", "Ana Diaz"),
        ("05 00:00", "gap"),
    ];
    assert_who(&asked, &instants);
    let order = asked.one(Code::OrderUnstated);
    assert_eq!(
        (order.severity, cells(order)),
        (Severity::Warn, vec!["Rota!B2".to_owned(), "Rota!B3".to_owned()])
    );
    assert_eq!(
        order.remedy,
        "Add to Settings: People of the same shift | one after another (or together)."
    );
    assert_eq!(
        asked.roster.tabs_read()[0].shape,
        "one row for each person and shift: \"date\", from \"shift_start\" to \"shift_end\", \"staff\" is rung, in the order of \"role\""
    );
    // Said once, it is settled.
    let settled = ask_rota(rota, "People of the same shift = one after another");
    assert_eq!(settled.of(Code::OrderUnstated).len(), 0);
    assert_eq!(settled.who("2026-03-02 12:00"), "Ben Osei, Ana Diaz");
}

#[test]
fn several_people_of_a_day_and_nothing_else() {
    // The header of the dates is none that is known; they repeat.
    let rota = "No | Teacher | Duty\n1 | Ana | 02-03-2026\n2 | Ben | 02-03-2026\n3 | Cy | 13-03-2026\n4 | Ana | 13-03-2026\n\
                5 | Cy | 14-03-2026\n6 | Ben | 14-03-2026";
    let asked = ask_rota(rota, "Each row lasts = 1 day");
    let instants = [
        ("02 07:59", "gap"),
        ("02 08:00", "Ana Diaz, Ben Osei"),
        ("03 07:59", "Ana Diaz, Ben Osei"),
        ("03 08:00", "gap"),
        ("13 08:00", "Cy Roe, Ana Diaz"),
        ("14 08:00", "Cy Roe, Ben Osei"),
    ];
    assert_who(&asked, &instants);
    assert_eq!(asked.one(Code::OrderUnstated).severity, Severity::Warn);
    let together = ask_rota(rota, "People of the same shift = together\nEach row lasts = 1 day");
    assert_eq!(together.who("2026-03-02 08:00"), "Ana Diaz+Ben Osei");
    // Dates a week apart last a week.
    let weeks = "Week | Name\n2 Mar 2026 | Ana\n2 Mar 2026 | Ben\n9 Mar 2026 | Cy\n9 Mar 2026 | Ana\n16 Mar 2026 | Ben\n16 Mar 2026 | Cy";
    assert_who(
        &ask_rota(weeks, ""),
        &[
            ("05 12:00", "Ana Diaz, Ben Osei"),
            ("16 07:59", "Cy Roe, Ana Diaz"),
            ("23 08:00", "gap"),
        ],
    );
}

#[test]
fn roles_say_the_order_and_who_never_rings() {
    let rota = "Date | Role | Name | Hours\n2 Mar 2026 | Shadow | Cy | 17:00-22:00\n2 Mar 2026 | L2 | Ben | 17:00-22:00\n\
                2 Mar 2026 | Primary | Ana | 17:00-22:00\n3 Mar 2026 | Annual leave | Ben | 17:00-22:00\n\
                3 Mar 2026 | Primary | Cy | 17:00-22:00\n3 Mar 2026 | Secondary | | 17:00-22:00";
    let asked = ask_rota(rota, "");
    assert_who(
        &asked,
        &[("02 17:00", "Ana Diaz, Ben Osei"), ("03 21:59", "Cy Roe"), ("03 22:00", "gap")],
    );
    assert_eq!(asked.duty("2026-03-02 17:00").levels[1].label.as_ref(), "L2");
    let away = asked.one(Code::RowsIgnored);
    assert_eq!((away.severity, cells(away)), (Severity::Note, vec!["Rota!B5".to_owned()]));
    assert!(away.seen.contains(" of people who are away: "), "{away}");
    let blank = asked.one(Code::LevelBlank);
    assert_eq!((blank.severity, cells(blank)), (Severity::Note, vec!["Rota!C7".to_owned()]));
    // Two words for the second level.
    let rota = "Date | Role | Name | Hours\n2 Mar 2026 | Backup | Cy | 17:00-22:00\n2 Mar 2026 | Secondary | Ben | 17:00-22:00\n2 Mar 2026 | Primary | Ana | 17:00-22:00";
    let asked = ask_rota(rota, "");
    assert_eq!(asked.who("2026-03-02 17:00"), "Ana Diaz, Ben Osei, Cy Roe");
    assert_eq!(
        asked.one(Code::OrderUnstated).seen,
        "\"Secondary\" and \"Backup\" both say the second level."
    );
    let asked = ask_rota(rota, "Order = Primary, Backup, Secondary");
    assert_eq!(asked.who("2026-03-02 17:00"), "Ana Diaz, Cy Roe, Ben Osei");
    assert_eq!(asked.codes(), [(Severity::Stop, Code::RotaEnds)]);
}

#[test]
fn hours_behind_the_name_of_a_shift() {
    let rota = "Date | Shift | Username\n2 Mar 2026 | Early | ana@lab.example\n2 Mar 2026 | Night | S8\n3 Mar 2026 | Holiday | S9\n\
                3 Mar 2026 | Late | S9";
    let asked = ask_rota(rota, "Shift: Early = 1st, 06:00-14:00\nShift: Night = 20:00-06:00");
    assert_who(
        &asked,
        &[
            ("02 06:00", "Ana Diaz"),
            ("02 14:00", "gap"),
            ("03 05:59", "Ben Osei"),
            ("03 15:00", "gap"),
        ],
    );
    let missing = asked.one(Code::ShiftHoursMissing);
    assert_eq!((missing.severity, cells(missing)), (Severity::Stop, vec!["Rota!B5".to_owned()]));
    assert_eq!(missing.remedy, "Add to Settings: Shift: Late | 14:00-22:00 (with the right hours).");
}

#[test]
fn beginnings_and_ends_with_date_and_time() {
    let rota = "email | start | end | tier\nana@lab.example | 2026-03-02 18:00 | 2026-03-04 08:00 | 1\nben@lab.example | 2026-03-02 18:00 | 2026-03-04 08:00 | 2\n\
                cy@lab.example | 2026-03-04 08:00 | 2026-03-03 08:00 | 1";
    let asked = ask_rota(rota, "");
    assert_who(
        &asked,
        &[
            ("02 18:00", "Ana Diaz, Ben Osei"),
            ("04 07:59", "Ana Diaz, Ben Osei"),
            ("04 08:00", "gap"),
        ],
    );
    assert_eq!(cells(asked.one(Code::UntilUnreadable)), ["Rota!C4"]);
    // Days and times apart.
    let rota = "Start Date | Start Time | End Date | End Time | Name\n2 Mar 2026 | 18:00 | 4 Mar 2026 | 08:00 | Ana\n4 Mar 2026 | 08:00 | 4 Mar 2026 | 00:00 | Ben";
    assert_who(
        &ask_rota(rota, ""),
        &[
            ("03 12:00", "Ana Diaz"),
            ("04 08:00", "Ben Osei"),
            ("04 23:59", "Ben Osei"),
            ("05 00:00", "gap"),
        ],
    );
}

#[test]
fn phones_beside_the_names_with_and_without_a_header() {
    let rota = "Sr.no | Teacher | Duty |\n1 | Mr. A. Diaz | 02-03-2026 | 491570156\n2 | Ms. B.Osei | 02-03-2026 | 491570157\n\
                3 | Mr. A. Diaz | 13-03-2026 | 491570156\n4 | Ms. B. Osei | 13-03-2026\n5 | Cy | 14-03-2026\n6 | Mr. A. Diaz | 14-03-2026";
    let asked = ask(vec![tab("duty", rota)], SETTINGS, NOW);
    let expected = [
        ("02 08:00", "Mr. A. Diaz, Ms. B.Osei"),
        ("13 08:00", "Mr. A. Diaz, Ms. B.Osei"),
        ("14 08:00", "Mr. A. Diaz"),
    ];
    assert_who(&asked, &expected);
    let assumed = asked.of(Code::ColumnAssumed);
    let places: Vec<Vec<String>> = assumed.iter().map(|finding| cells(finding)).collect();
    assert_eq!(
        places,
        [vec!["duty!D1".to_owned()], vec!["duty!D5".to_owned(), "duty!D7".to_owned()]]
    );
    assert!(assumed.iter().all(|finding| finding.severity == Severity::Note));
    // Nothing tells Cy's number.
    assert_eq!(cells(asked.one(Code::ContactsMissing)), ["duty!B6"]);
    let rota = "Date | Name | Phone\n02-03-2026 | Ana | 61491570156\n02-03-2026 | Ben | 61491570157\n13-03-2026 | Ana |\n13-03-2026 | Cy | 61491570158";
    let asked = ask(
        vec![tab("Rota", rota)],
        &format!("{SETTINGS}\nPeople of the same shift = one after another"),
        NOW,
    );
    assert_who(&asked, &[("02 12:00", "Ana, Ben"), ("13 12:00", "Ana, Cy")]);
}

#[test]
fn a_slip_in_the_year_is_said() {
    let rota = "Date | Name\n18-05-2026 | Ana\n18-05-2026 | Ben\n18-05-2027 | Cy\n19-05-2026 | Ana\n19-05-2026 | Ben";
    let asked = ask_rota(rota, "");
    let jump = asked.one(Code::DateJump);
    assert_eq!((jump.severity, cells(jump)), (Severity::Warn, vec!["Rota!A4".to_owned()]));
    assert_eq!(jump.seen, "\"18-05-2027\" lies far from the dates above and below it.");
    assert_eq!(asked.who("2027-05-18 12:00"), "Cy Roe");
}

#[test]
fn a_team_column_needs_the_team() {
    let rota = "Date | Team | Name | Start | End\n2 Mar 2026 | Lab A | Ana | 08:00 | 20:00\n2 Mar 2026 | Ward | Ben | 08:00 | 20:00";
    let asked = ask_rota(rota, "");
    let finding = asked.one(Code::LayoutUnknown);
    assert_eq!(cells(finding), ["Rota!B1"]);
    assert_eq!(
        finding.seen,
        "\"Team\" holds several teams (\"Lab A\" and \"Ward\"): which of them this hotline is for cannot be told."
    );
    assert_eq!(finding.remedy, "Add to Settings: Team | Lab A (the team of this hotline).");
    for (team, who) in [("ward", "Ben Osei"), ("Lab", "Ana Diaz")] {
        assert_eq!(ask_rota(rota, &format!("Team = {team}")).who("2026-03-02 09:00"), who);
    }
    assert_eq!(ask_rota(rota, "Team = Office").one(Code::LayoutUnknown).severity, Severity::Stop);
}

#[test]
fn what_cannot_be_read_costs_its_row_only() {
    let rota = "Date | First name | Surname | Start | End\n2 Mar 2026 | Ana | Diaz | 08:00 | 20:00\n? Mar | Cy | Roe | 08:00 | 20:00\n\
                3 Mar 2026 | Ben | Osei | late | 20:00\n3 Mar 2026 | Cy | Roe | | \n4 Mar 2026 | Dee | Moe | 08:00 | 20:00\n\
                4 Mar 2026 | Ben | Osei | 12pm | 20:00\nTotal | | | 3 | 4";
    let asked = ask_rota(rota, "");
    assert_who(
        &asked,
        &[
            ("02 12:00", "Ana Diaz"),
            ("03 12:00", "gap"),
            ("04 11:59", "gap"),
            ("04 12:00", "Ben Osei"),
        ],
    );
    let times = asked.of(Code::TimeUnreadable);
    assert_eq!(
        times.iter().map(|finding| cells(finding)).collect::<Vec<_>>(),
        [vec!["Rota!D4"], vec!["Rota!D5"]]
    );
    assert_eq!(cells(asked.one(Code::DateUnreadable)), ["Rota!A3"]);
    assert_eq!(cells(asked.one(Code::NameUnknown)), ["Rota!B6"]);
    assert_eq!(cells(asked.one(Code::TimeDoubtful)), ["Rota!E7"]);
}

//! Dates down, people across, with the quirks of real rotas: columns with hours beside levels, ranges, swaps in brackets, task
//! columns, tables beside and below, two header rows, teams.

use super::*;

const STAFF: &str = "
Name | Phone | Initials | E-mail
Ana Diaz | 0491 570 156 | AD | ana@example.org
Ben Osei | 0491 570 157 | BO | ben@example.org
Cy Stone | 0491 570 158 | CS | cy@example.org
Dee Fox | 0491 570 159 | DF | dee@example.org
Eve Hill | 0491 570 110 | EH | eve@example.org
Flo Ray | 0491 570 313 | FR | flo@example.org
";

/// Read with a handover at 08:00 UTC, unless the settings say otherwise.
fn rota(rota: &str, settings: &str, now: &str) -> Asked {
    of_tab(tab("Rota", rota), settings, now)
}

fn of_tab(rota: Tab, settings: &str, now: &str) -> Asked {
    let settings = format!("Time zone=UTC\nCountry=AU\nHandover time=08:00\n{settings}");
    ask(vec![tab("Contacts", STAFF), rota], &settings, now)
}

fn assert_who(asked: &Asked, expected: &[(&str, &str)]) {
    for (at, who) in expected {
        assert_eq!(asked.who(at), *who, "{at}");
    }
}

/// Weeks as ranges, in hours and on call, a standby that is not rung, swaps within the cell. 2 March 2026 is a Monday.
const WEEKS: &str = "
week | inhours_primary | inhours_secondary | inhours_primary_standby | oncall_primary | oncall_secondary
02/03/2026-08/03/2026 | Ana Diaz | Ben Osei | Cy Stone | Dee Fox | Eve Hill
09/03/2026-15/03/2026 | Flo Ray (Ben on 10/03/2026, Cy on 11/03/2026) | Ana Diaz | | Ben Osei | Dee Fox (Eve on 11/03/2026)
";
const IN_HOURS: &str = "Shift: inhours=09:30-17:00 Mon-Fri\nShift: oncall=17:00-09:30\nDo not ring=inhours_primary_standby";

#[test]
fn week_rows_with_columns_of_hours_and_swaps() {
    let asked = rota(WEEKS, IN_HOURS, "2026-02-20 00:00");
    let expected = [
        ("2026-03-02 09:29", "gap"),
        ("2026-03-02 09:30", "Ana Diaz, Ben Osei"),
        ("2026-03-02 16:59", "Ana Diaz, Ben Osei"),
        ("2026-03-02 17:00", "Dee Fox, Eve Hill"),
        // The settings say nothing for the days of the weekend.
        ("2026-03-07 09:29", "Dee Fox, Eve Hill"),
        ("2026-03-07 12:00", "gap"),
        // The last night of the week ends with the next week's first morning.
        ("2026-03-09 09:29", "Dee Fox, Eve Hill"),
        ("2026-03-09 09:30", "Flo Ray, Ana Diaz"),
        ("2026-03-10 10:00", "Ben Osei, Ana Diaz"),
        ("2026-03-10 18:00", "Ben Osei, Dee Fox"),
        ("2026-03-11 10:00", "Cy Stone, Ana Diaz"),
        ("2026-03-11 18:00", "Ben Osei, Eve Hill"),
        ("2026-03-12 09:29", "Ben Osei, Eve Hill"),
        ("2026-03-12 10:00", "Flo Ray, Ana Diaz"),
        ("2026-03-12 18:00", "Ben Osei, Dee Fox"),
        ("2026-03-16 09:29", "Ben Osei, Dee Fox"),
        ("2026-03-16 09:30", "gap"),
    ];
    assert_who(&asked, &expected);
    let swapped = &asked.duty("2026-03-10 10:00").levels[0];
    assert_eq!(
        (swapped.label.as_ref(), swapped.source.to_string().as_str()),
        ("inhours_primary", "Rota!B3")
    );
}

#[test]
fn columns_that_cannot_be_told_apart_are_refused_with_the_lines_to_add() {
    let asked = rota(WEEKS, "", "2026-02-20 00:00");
    let finding = asked.one(Code::LayoutUnknown);
    assert_eq!(cells(finding), ["Rota!D1"]);
    assert_eq!(
        finding.seen,
        "\"inhours_primary\" and \"inhours_primary_standby\" both name the same level."
    );
    for line in [
        "Order | inhours_primary, inhours_primary_standby",
        "Role: inhours_primary_standby | 1st",
        "Do not ring",
    ] {
        assert!(finding.remedy.contains(line), "{finding}");
    }
    // The same hours and the same level, and no setting says which comes first.
    let asked = rota(
        WEEKS,
        "Shift: inhours=09:30-17:00 Mon-Fri\nShift: oncall=17:00-09:30",
        "2026-02-20 00:00",
    );
    assert_eq!(cells(asked.one(Code::LayoutUnknown)), ["Rota!D1"]);
}

#[test]
fn swaps_that_cannot_be_used_are_said_and_change_nothing() {
    let text = "
From | 1st | 2nd
2 Mar 2026 | Ana (Ben on 4 Mar, Cy le 5 mars) | Dee (A320)
9 Mar 2026 | Ben (Cy on 20 Mar 2026) | Dee (Zoe on 10 Mar)
16 Mar 2026 | Ana (Cy on 32/03/2026) | Dee (nobody on 17 Mar)
";
    let asked = rota(text, "", "2026-02-20 00:00");
    let expected = [
        ("2026-03-04 07:59", "Ana Diaz, Dee Fox"),
        ("2026-03-04 08:00", "Ben Osei, Dee Fox"),
        ("2026-03-05 08:00", "Cy Stone, Dee Fox"),
        ("2026-03-06 08:00", "Ana Diaz, Dee Fox"),
        ("2026-03-10 09:00", "Ben Osei, Dee Fox"),
        ("2026-03-17 09:00", "Ana Diaz"),
        ("2026-03-18 08:00", "Ana Diaz, Dee Fox"),
    ];
    assert_who(&asked, &expected);
    assert!(asked.duty("2026-03-04 08:00").levels[0].is_change);
    let unused: Vec<(Severity, Vec<String>, &str)> = asked
        .of(Code::SwapUnused)
        .into_iter()
        .map(|finding| (finding.severity, cells(finding), finding.seen.as_str()))
        .collect();
    assert_eq!(
        unused,
        [
            (
                Severity::Stop,
                vec!["Rota!B3".to_owned()],
                "The swap to \"Cy\" on \"20 Mar 2026\" is not on a day of its row."
            ),
            (
                Severity::Stop,
                vec!["Rota!B4".to_owned()],
                "The swap in brackets, \"32/03/2026\", has no date that can be read."
            ),
        ]
    );
    let unknown = asked.one(Code::NameUnknown);
    assert_eq!(cells(unknown), ["Rota!C3"]);
    assert_eq!(
        unknown.consequence,
        "2nd from Tue 10 Mar 08:00 to Wed 11 Mar 08:00 is not changed; whoever the rota names is rung."
    );
}

/// Monday to Friday by initials, the turn of the year, and a slip that costs its week.
#[test]
fn ranges_of_days_without_years() {
    let text = "
Week | Call
12/15-12/19 | AD
12/22-12-26 | BO
12/29-1/2/26 | CS
1/5- 1/9 | AD
01/12-01/16 | BO
";
    let asked = rota(text, "", "2025-12-18 00:00");
    let expected = [
        ("2025-12-15 07:59", "gap"),
        ("2025-12-15 08:00", "Ana Diaz"),
        ("2025-12-20 07:59", "Ana Diaz"),
        ("2025-12-20 08:00", "gap"),
        ("2025-12-24 12:00", "gap"),
        ("2025-12-29 08:00", "Cy Stone"),
        ("2026-01-03 07:59", "Cy Stone"),
        ("2026-01-04 12:00", "gap"),
        ("2026-01-05 08:00", "Ana Diaz"),
        ("2026-01-16 12:00", "Ben Osei"),
    ];
    assert_who(&asked, &expected);
    let slip = asked.one(Code::DateUnreadable);
    assert_eq!(
        slip.to_string(),
        "STOP  Rota!A3: \"12/22-12-26\" mixes separators, so it may be a slip.\n      \
         Nobody is on call from Sat 20 Dec 08:00 to Mon 29 Dec 08:00; callers get the hotline's last resort, or are asked to leave a \
         message.\n      Did you mean \"12/22-12/26\"? Write the date with one kind of separator, or as 2 Mar 2026."
    );
}

/// Fridays to Sundays only; 3 July 2026 is a Friday.
const WEEKENDS: &str = "
RESIDENT CALL SCHEDULE | | | |
Block | Date | Day | Senior On Call | Junior On Call
B1 | 07/03/2026 | Friday | Ana | Ben
B1 | 07/04/2026 | Saturday | Cy | Dee
B1 | 07/05/2026 | Sunday | Eve | Flo
B1 | 07/10/2026 | Friday | Ben | Ana
B1 | 07/11/2026 | Saturday | Dee | Cy
B1 | 07/12/2026 | Sunday | Flo | Eve
";

#[test]
fn how_long_a_row_lasts_is_a_setting() {
    let now = "2026-06-20 00:00";
    let asked = rota(WEEKENDS, "", now);
    assert_who(
        &asked,
        &[
            ("2026-07-03 08:00", "Ana Diaz, Ben Osei"),
            ("2026-07-08 12:00", "Eve Hill, Flo Ray"),
        ],
    );
    let long = asked.one(Code::RowHoldsLong);
    assert_eq!(
        (long.severity, cells(long), long.affects),
        (Severity::Warn, vec!["Rota!B5".to_owned()], Some(utc("2026-07-06 08:00")))
    );
    assert!(long.remedy.contains("Each row lasts | 1 day"), "{long}");

    let asked = rota(WEEKENDS, "Each row lasts=1 day", now);
    let expected = [
        ("2026-07-04 07:59", "Ana Diaz, Ben Osei"),
        ("2026-07-04 08:00", "Cy Stone, Dee Fox"),
        ("2026-07-06 07:59", "Eve Hill, Flo Ray"),
        ("2026-07-06 08:00", "gap"),
        ("2026-07-10 08:00", "Ben Osei, Ana Diaz"),
        ("2026-07-13 08:00", "gap"),
    ];
    assert_who(&asked, &expected);
    assert_eq!(asked.of(Code::RowHoldsLong).len(), 0);

    let asked = rota(WEEKENDS, "Each row lasts=18:00-02:00", now);
    let expected = [
        ("2026-07-03 17:59", "gap"),
        ("2026-07-03 18:00", "Ana Diaz, Ben Osei"),
        ("2026-07-04 01:59", "Ana Diaz, Ben Osei"),
        ("2026-07-04 02:00", "gap"),
    ];
    assert_who(&asked, &expected);

    let asked = rota(WEEKENDS, "Each row lasts=until the next row", now);
    assert_eq!(
        (asked.who("2026-07-08 12:00").as_str(), asked.codes()),
        ("Eve Hill, Flo Ray", vec![])
    );
}

/// A title with the year, names above the header, a row without people, a list of candidates below. 1 October 2028 is a Sunday.
const SERVICES: &str = "
| | | |
| Oct-Dec 2028 Service Roster | | |
| | Ps Ray | DL | DL/PP
| Date | Speaker | PA / PPT | Usher
| 1-Oct | Combined Service (AGM) | |
| 8-Oct | Rev. Ana Diaz | Ben Osei | Cy Stone
| 15-Oct | Eve Hill | Cy Stone & Dee Fox | Ana Diaz
| | Available | Available | Available
| | Ana Diaz | Ben Osei | Flo/Eve
| | Eve Hill | Cy Stone |
";

#[test]
fn task_columns_are_picked_and_ordered_by_a_setting() {
    let now = "2028-09-20 00:00";
    let asked = rota(SERVICES, "", now);
    let finding = asked.one(Code::LayoutUnknown);
    assert_eq!(cells(finding), ["Rota!C4"]);
    assert_eq!(
        finding.seen,
        "The column of dates, \"Date\", stands beside \"Speaker\", \"PA / PPT\", \"Usher\", none of which is a header that is known for people."
    );
    assert!(
        finding.remedy.starts_with("Add to Settings: Order | Speaker, PA / PPT, Usher ("),
        "{finding}"
    );

    let asked = rota(SERVICES, "Order=PA / PPT, Usher", now);
    let expected = [
        ("2028-10-01 08:00", "gap"),
        ("2028-10-08 07:59", "gap"),
        ("2028-10-08 08:00", "Ben Osei, Cy Stone"),
        ("2028-10-15 08:00", "Cy Stone+Dee Fox, Ana Diaz"),
        ("2028-10-22 07:59", "Cy Stone+Dee Fox, Ana Diaz"),
        ("2028-10-22 08:00", "gap"),
    ];
    assert_who(&asked, &expected);
    assert_eq!(
        asked.one(Code::YearChosen).seen,
        "Dates without a year are read as 1 Oct 2028 to 15 Oct 2028."
    );
    assert_eq!(cells(asked.one(Code::LevelBlank)), ["Rota!D5"]);
    let below = asked.one(Code::RowsIgnored);
    assert_eq!((below.severity, cells(below)), (Severity::Note, vec!["Rota!B8".to_owned()]));

    // A slip in the setting must not leave somebody out in silence.
    let asked = rota(SERVICES, "Order=PA / PPT, Ushers", now);
    assert_eq!(asked.who("2028-10-08 08:00"), "Ben Osei");
    let missing = asked.one(Code::ColumnIgnored);
    assert_eq!(
        (missing.severity, missing.seen.as_str()),
        (
            Severity::Warn,
            "The setting Order names \"ushers\", which is no header of this table."
        )
    );
    let asked = rota(SERVICES, "Order=Sound", now);
    assert!(
        asked
            .one(Code::LayoutUnknown)
            .seen
            .contains("\"Speaker\", \"PA / PPT\" and \"Usher\"")
    );
}

/// Serial numbers, two of them with times, at B4, with a list of staff beside. 46082 is Sunday 1 March 2026; .4583333333 is 11:00.
#[test]
fn bare_serial_numbers_and_a_table_beside() {
    let text = "
| | | | | | |
| | | | | | |
| | | | | | |
| Datum | Audiotechnik | Video Kirche | Bemerkung | | Mitarbeiter | Kürzel | Anzahl
| =46082 | Ana Diaz | Ben Osei | | | Eve Hill | EH | !#N/A
| =46088.4583333333 | Cy Stone | Dee Fox | Taufe | | Flo Ray | FR | !#N/A
| =46088.5833333333 | Ben Osei | Ana Diaz | | | Ana Diaz | AD | =4
| =46089 | Dee Fox | Cy Stone | RN nicht da | | | |
| =46096 | Ana Diaz | Ben Osei | | | | |
| | | | | | Techniker kommt 2 mal dran | |
";
    let asked = rota(text, "Order=Audiotechnik, Video Kirche", "2026-02-20 00:00");
    let expected = [
        ("2026-03-01 08:00", "Ana Diaz, Ben Osei"),
        ("2026-03-07 10:59", "Ana Diaz, Ben Osei"),
        ("2026-03-07 11:00", "Cy Stone, Dee Fox"),
        ("2026-03-07 14:00", "Ben Osei, Ana Diaz"),
        ("2026-03-08 07:59", "Ben Osei, Ana Diaz"),
        ("2026-03-08 08:00", "Dee Fox, Cy Stone"),
    ];
    assert_who(&asked, &expected);
    let beside = asked.one(Code::ColumnIgnored);
    assert_eq!((beside.severity, cells(beside)), (Severity::Note, vec!["Rota!G4".to_owned()]));
    // Known headers need no setting, and the names beside are not rung either.
    let asked = rota(
        &text.replace("Audiotechnik", "1. Dienst").replace("Video Kirche", "2. Dienst"),
        "",
        "2026-02-20 00:00",
    );
    assert_who(&asked, &expected);
}

#[test]
fn levels_and_shifts_in_one_table() {
    let text = "
Date | Night primary | Night secondary | Day 1st | Escalation
2 Mar 2026 | Ana | Ben | Cy | Dee
3 Mar 2026 | Ben | | Ana | Dee
";
    let asked = rota(text, "Shift: Night=20:00-08:10\nShift: Day=08:00-20:00", "2026-02-20 00:00");
    let expected = [
        ("2026-03-02 08:00", "Cy Stone, Dee Fox"),
        ("2026-03-02 20:00", "Ana Diaz, Ben Osei, Dee Fox"),
        // Ten minutes of handover: who comes is rung before who goes.
        ("2026-03-03 08:05", "Ana Diaz, Ben Osei, Dee Fox, Ana Diaz"),
        ("2026-03-03 08:10", "Ana Diaz, Dee Fox"),
        ("2026-03-03 20:00", "Ben Osei, Dee Fox"),
    ];
    assert_who(&asked, &expected);
    let blank = asked.one(Code::LevelBlank);
    assert_eq!(
        (blank.severity, cells(blank), blank.consequence.as_str()),
        (
            Severity::Warn,
            vec!["Rota!C3".to_owned()],
            "Night secondary from Tue 3 Mar 20:00 to Wed 4 Mar 08:10 is left out; callers go straight to the next level."
        )
    );
    // Without hours nothing of the shift is read, and the line to add is shown.
    let asked = rota(text, "Shift: Day=08:00-20:00", "2026-02-20 00:00");
    let missing = asked.one(Code::ShiftHoursMissing);
    let lines: Vec<&str> = missing.remedy.lines().skip(1).collect();
    assert_eq!(lines.len(), 2, "{missing:?}");
    assert!(
        lines
            .iter()
            .all(|line| line.starts_with("Shift: Night ") && line.ends_with(" | 20:00-08:00")),
        "{lines:?}"
    );
    assert_who(
        &asked,
        &[("2026-03-02 21:00", "Dee Fox"), ("2026-03-02 12:00", "Cy Stone, Dee Fox")],
    );
}

#[test]
fn a_header_of_two_rows() {
    let rows = "\n2 Mar 2026 | Ana | Ben | Cy | Dee\n3 Mar 2026 | Ben | Ana | Dee | Cy";
    let hours = "Shift: Day=08:00-20:00\nShift: Night=20:00-08:00";
    let expected = [
        ("2026-03-02 08:00", "Ana Diaz, Ben Osei"),
        ("2026-03-02 20:00", "Cy Stone, Dee Fox"),
        ("2026-03-03 20:00", "Dee Fox, Cy Stone"),
    ];
    for header in [
        "Rota 2026 | | | |\n | Day | | Night |\nDate | 1st | 2nd | 1st | 2nd",
        "Rota 2026 | | | |\nDate | Day | | Night |\n | 1st | 2nd | 1st | 2nd",
        "Date | Day | Day | Night | Night\n | 1st | 2nd | 1st | 2nd",
    ] {
        let asked = rota(&format!("{header}{rows}"), hours, "2026-02-10 00:00");
        assert_who(&asked, &expected);
        assert_eq!(asked.duty("2026-03-02 20:00").levels[1].label.as_ref(), "Night 2nd");
        assert_eq!(asked.codes(), [], "{header}");
    }
    // A title above a plain header is no group.
    let asked = rota("Night rota\nFrom | 1st | 2nd\n2 Mar 2026 | Ana | Ben", "", "2026-02-20 00:00");
    assert_eq!(asked.who("2026-03-02 08:00"), "Ana Diaz, Ben Osei");
}

const TEAMS: &str = "
week_start | team | primary_oncall_email | secondary_oncall_email | escalation_email
2026-03-02 | Backend | ana@example.org | ben@example.org | dee@example.org
2026-03-02 | Data | cy@example.org | eve@example.org | dee@example.org
2026-03-09 | Backend | ben@example.org | flo@example.org | dee@example.org
2026-03-09 | Data | eve@example.org | cy@example.org | dee@example.org
2026-03-16 | | flo@example.org | cy@example.org | dee@example.org
";

#[test]
fn one_team_of_several_by_its_column() {
    let asked = rota(TEAMS, "Team=backend", "2026-02-20 00:00");
    let expected = [
        ("2026-03-02 08:00", "Ana Diaz, Ben Osei, Dee Fox"),
        ("2026-03-09 07:59", "Ana Diaz, Ben Osei, Dee Fox"),
        ("2026-03-09 08:00", "Ben Osei, Flo Ray, Dee Fox"),
        ("2026-03-16 08:00", "gap"),
    ];
    assert_who(&asked, &expected);
    let teamless = asked.one(Code::RowsIgnored);
    assert_eq!((teamless.severity, cells(teamless)), (Severity::Warn, vec!["Rota!B6".to_owned()]));

    let asked = rota(TEAMS, "", "2026-02-20 00:00");
    let several = asked.one(Code::LayoutUnknown);
    assert_eq!((several.severity, cells(several)), (Severity::Stop, vec!["Rota!B1".to_owned()]));
    assert!(several.seen.contains("\"Backend\" and \"Data\""), "{several}");
    assert_eq!(
        several.remedy,
        "Add to Settings: Team | Backend (the team that this hotline is for)."
    );
    let asked = rota(TEAMS, "Team=Bakcend", "2026-02-20 00:00");
    assert!(
        asked
            .one(Code::LayoutUnknown)
            .seen
            .starts_with("\"bakcend\" is not a team of \"team\"")
    );
}

#[test]
fn days_of_a_month_under_a_title() {
    let text = "On call March 2026 | |\nDay | Primary | Backup\n=30 | Ana | Ben\n31st | Cy | Dee\n";
    let asked = rota(text, "", "2026-03-01 00:00");
    assert_who(
        &asked,
        &[
            ("2026-03-30 08:00", "Ana Diaz, Ben Osei"),
            ("2026-04-01 07:59", "Cy Stone, Dee Fox"),
        ],
    );
    let over = text.replace("March 2026", "30 March 2026 to 2 April 2026") + "Wed 1 | Eve | Flo\n2 | Flo | Eve";
    let asked = rota(&over, "", "2026-03-01 00:00");
    assert_who(
        &asked,
        &[("2026-03-31 09:00", "Cy Stone, Dee Fox"), ("2026-04-01 08:00", "Eve Hill, Flo Ray")],
    );
    assert_eq!(asked.of(Code::DateWeekday).len(), 0);
    // Without a month nothing is read; the setting settles it.
    let bare = text.replace(" March 2026", "");
    let asked = rota(&bare, "", "2026-03-01 00:00");
    assert!(asked.one(Code::LayoutUnknown).remedy.contains("Month | March 2026"));
    assert_eq!(asked.who("2026-03-30 08:00"), "gap");
    assert_eq!(
        rota(&bare, "Month=March 2026", "2026-03-01 00:00").who("2026-03-30 08:00"),
        "Ana Diaz, Ben Osei"
    );
}

#[test]
fn blocks_totals_ragged_and_unsorted_rows() {
    let text = "
March | | |
Date | Day | Night |
02/03/2026 | Ana | Ben
03/03/2026 | Cy
TOTAL | =2 | =1
Date | Day | Night
01/03/2026 | Dee | Eve | noon shift | x

April | | |
Date | Night | Day
13/04/2026 | Ben | Ana
Total | =1 | =1
";
    let asked = rota(
        text,
        "Shift: Day=08:00-20:00\nShift: Night=20:00-08:00\nDate order=day first",
        "2026-02-20 00:00",
    );
    let expected = [
        ("2026-03-01 08:00", "Dee Fox"),
        ("2026-03-02 08:00", "Ana Diaz"),
        ("2026-03-02 20:00", "Ben Osei"),
        ("2026-03-03 08:00", "Cy Stone"),
        ("2026-03-03 20:00", "gap"),
        ("2026-04-13 08:00", "Ana Diaz"),
        ("2026-04-13 20:00", "Ben Osei"),
    ];
    assert_who(&asked, &expected);
    assert_eq!(cells(asked.one(Code::LevelBlank)), ["Rota!C4"]);
}

#[test]
fn week_rows_of_shifts_and_dates_a_week_apart() {
    let rows = "\n2 Mar 2026 | Ana | Ben\n9 Mar 2026 | Cy | Dee\n16 Mar 2026 | Ana | Ben";
    let hours = "Shift: Day=08:00-20:00\nShift: Night=20:00-08:00";
    let weeks = rota(&format!("Week commencing | Day | Night{rows}"), hours, "2026-02-20 00:00");
    assert_who(
        &weeks,
        &[
            ("2026-03-06 09:00", "Ana Diaz"),
            ("2026-03-09 07:59", "Ben Osei"),
            ("2026-03-22 21:00", "Ben Osei"),
        ],
    );
    assert_eq!(weeks.who("2026-03-23 08:00"), "gap");
    let dates = rota(&format!("Date | Day | Night{rows}"), hours, "2026-02-20 00:00");
    assert_who(&dates, &[("2026-03-02 09:00", "Ana Diaz"), ("2026-03-06 09:00", "gap")]);
    let finding = dates.one(Code::RowLasts);
    assert_eq!(
        (finding.severity, finding.remedy.as_str()),
        (Severity::Warn, "Add to Settings: Each row lasts | 7 days (or 1 day).")
    );
    let set = rota(
        &format!("Date | Day | Night{rows}"),
        &format!("{hours}\nEach row lasts=7 days"),
        "2026-02-20 00:00",
    );
    assert_eq!(
        (set.who("2026-03-06 09:00").as_str(), set.of(Code::RowLasts).len()),
        ("Ana Diaz", 0)
    );
}

/// Names below no header say nothing about their order, so nobody is guessed.
#[test]
fn dates_without_any_header_are_refused() {
    for text in [
        "2 Mar 2026 | Ana | Ben\n9 Mar 2026 | Ben | Ana",
        "02/03/2026-08/03/2026 | Ana\n09/03/2026-15/03/2026 | Ben",
    ] {
        let asked = rota(text, "", "2026-02-20 00:00");
        assert_eq!(cells(asked.one(Code::LayoutUnknown)), ["Rota!A1"], "{text}");
        assert_eq!(asked.roster.duties(), []);
    }
}

#[test]
fn merged_dates_and_two_places_of_one_date() {
    let mut table = tab(
        "Rota",
        "Date | Venue | On call\n2 Mar 2026 | North | Ana\n | South | Ben\n3 Mar 2026 | North | Cy",
    );
    table.merges.push(providers::Merge {
        first: (1, 0),
        last: (2, 0),
    });
    let asked = of_tab(table, "", "2026-02-20 00:00");
    assert_who(
        &asked,
        &[("2026-03-02 09:00", "Ana Diaz, Ben Osei"), ("2026-03-03 09:00", "Cy Stone")],
    );
    let twice = asked.one(Code::FromTwice);
    assert_eq!(
        (twice.severity, cells(twice)),
        (Severity::Warn, vec!["Rota!A2".to_owned(), "Rota!A3".to_owned()])
    );
}

/// Every other row has a slip for a date; each costs the time up to the next row, and all are read in one pass.
#[test]
fn long_tables_are_read_in_one_pass() {
    let start = chrono::NaiveDate::from_ymd_opt(1991, 1, 1).unwrap();
    let mut text = String::from("From | Until | 1st | 2nd | 3rd | 4th | Notes\n");
    for hour in 0..20_000_u32 {
        let at = start.and_hms_opt(0, 0, 0).unwrap() + chrono::TimeDelta::hours(i64::from(hour));
        let from = if hour % 2 == 0 {
            at.format("%Y-%m-%d %H:%M").to_string()
        } else {
            "slip".to_owned()
        };
        text.push_str(&format!("{from} | | Ana | Ben | Cy | Dee | x\n"));
    }
    let asked = rota(&text, "", "1991-01-10 00:00");
    assert_eq!(asked.who("1991-01-01 00:30"), "Ana Diaz, Ben Osei, Cy Stone, Dee Fox");
    let slip = asked.one(Code::DateUnreadable);
    assert_eq!((slip.severity, slip.cells.len() + slip.more_cells), (Severity::Stop, 10_000));
}

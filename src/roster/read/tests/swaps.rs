//! Swaps between people, leave, and changes that touch one another.

use super::*;

const CONTACTS: &str = "Name | Phone | Initials
Ana Diaz | 0491 570 156 | AD
Ben Osei | 0491 570 157 | BO
Cy Stone | 0491 570 158 | CS
Dee Fox | | DF";
const ROTA: &str = "From | 1st | 2nd
2 Mar 2026 | Ana Diaz | Ben Osei
9 Mar 2026 | Ben Osei | Cy Stone
16 Mar 2026 | Cy Stone | Ana Diaz
23 Mar 2026 | Ana Diaz | Ben Osei";
const SETTINGS: &str = "Time zone = UTC\nHandover time = 08:00\nCountry = AU\n";
const NOW: &str = "2026-03-01 09:00";

fn with(name: &str, text: &str) -> Asked {
    let tabs = vec![tab("Contacts", CONTACTS), tab("Rota", ROTA), tab(name, text)];
    ask(tabs, SETTINGS, NOW)
}

/// Without the note that Dee has no number.
fn findings(asked: &Asked) -> Vec<(Severity, Code)> {
    let mut codes = asked.codes();
    codes.retain(|(_, code)| *code != Code::PhoneUnusable);
    codes
}

#[test]
fn one_takes_over_wherever_the_other_is() {
    // Wednesday 4 March is Ana's as first; Wednesday 18 March as second.
    for header in [
        "Date | Name | Swap with | Notes",
        "Date | Name | SwapWith (OPTION A) | Notes",
        "Date | Original | Cover | Why",
        "Date | Out | In |",
        "Datum | Name | Vertretung durch | Grund",
        "Date | Nom | Remplacé par | Motif",
        "Fecha | Nombre | Sustituido por | Motivo",
    ] {
        let asked = with(
            "Swaps",
            &format!("{header}\n4 Mar 2026 | Ana Diaz | CS | x\n18 Mar 2026 | AD | Ben Osei |"),
        );
        assert_eq!(findings(&asked), [], "{header}: {:#?}", asked.findings);
        assert_eq!(asked.who("2026-03-04 07:59"), "Ana Diaz, Ben Osei", "{header}");
        assert_eq!(asked.who("2026-03-04 08:00"), "Cy Stone, Ben Osei", "{header}");
        assert_eq!(asked.who("2026-03-05 07:59"), "Cy Stone, Ben Osei", "{header}");
        assert_eq!(asked.who("2026-03-05 08:00"), "Ana Diaz, Ben Osei", "{header}");
        assert_eq!(asked.who("2026-03-18 08:00"), "Cy Stone, Ben Osei", "{header}");
        assert_eq!(asked.who("2026-03-19 08:00"), "Cy Stone, Ana Diaz", "{header}");
    }
    let asked = with("Swaps", "Date | Name | Swap with\n4 Mar 2026 | Ana Diaz | CS");
    let level = &asked.duty("2026-03-04 12:00").levels[0];
    assert_eq!(
        (level.source.to_string(), level.is_change, &*level.label),
        ("Swaps!C2".to_owned(), true, "1st")
    );
}

#[test]
fn from_one_moment_to_another() {
    let swaps = "Name | Replaced by | From | Until\nAna Diaz | Cy Stone | 6 Mar 2026 18:00 | 8 Mar 2026 18:00\nBen Osei | nobody | 7 Mar 2026 | 7 Mar 2026";
    let asked = with("Changes", swaps);
    assert_eq!(findings(&asked), [], "{:#?}", asked.findings);
    assert_eq!(asked.who("2026-03-06 17:59"), "Ana Diaz, Ben Osei");
    assert_eq!(asked.who("2026-03-06 18:00"), "Cy Stone, Ben Osei");
    // Saturday from its handover to that of Sunday.
    assert_eq!(asked.who("2026-03-07 08:00"), "Cy Stone");
    assert_eq!(asked.who("2026-03-08 08:00"), "Cy Stone, Ben Osei");
    assert_eq!(asked.who("2026-03-08 18:00"), "Ana Diaz, Ben Osei");
}

#[test]
fn both_ways_and_at_once() {
    // Two rows make an exchange: on different days, or at the same time.
    let swaps = "Date | Name | Cover\n3 Mar 2026 | Ana Diaz | Cy Stone\n11 Mar 2026 | Cy Stone | Ana Diaz\n5 Mar 2026 | Ana Diaz | Ben Osei\n5 Mar 2026 | Ben Osei | Ana Diaz";
    let asked = with("Swaps", swaps);
    assert_eq!(asked.who("2026-03-03 12:00"), "Cy Stone, Ben Osei");
    assert_eq!(asked.who("2026-03-11 12:00"), "Ben Osei, Ana Diaz");
    assert_eq!(asked.who("2026-03-05 12:00"), "Ben Osei, Ana Diaz");
    assert_eq!(findings(&asked), [], "{:#?}", asked.findings);
    // Of two rows for one person the later counts; a change by position lies over both.
    let changes = "From | Until | 1st\n6 Mar 2026 | 6 Mar 2026 | Ben Osei";
    let swaps = "Date | Name | Cover\n3 Mar 2026 | Ana Diaz | Ben Osei\n3 Mar 2026 | Ana Diaz | Cy Stone\n6 Mar 2026 | Ana Diaz | Cy Stone";
    let tabs = vec![
        tab("Contacts", CONTACTS),
        tab("Rota", ROTA),
        tab("Changes", changes),
        tab("Swaps", swaps),
    ];
    let asked = ask(tabs, SETTINGS, NOW);
    assert_eq!(asked.who("2026-03-03 12:00"), "Cy Stone, Ben Osei");
    assert_eq!(asked.who("2026-03-06 12:00"), "Ben Osei, Ben Osei");
}

#[test]
fn somebody_who_cannot_be_rung_is_replaced() {
    let rota = "From | 1st | 2nd\n2 Mar 2026 | Dee Fox | Ben Osei\n9 Mar 2026 | Ben Osei | Ana Diaz\n16 Mar 2026 | Ben Osei | Ana Diaz";
    let tabs = vec![
        tab("Contacts", CONTACTS),
        tab("Rota", rota),
        tab("Swaps", "Date | Name | Cover\n4 Mar 2026 | DF | Cy Stone"),
    ];
    let asked = ask(tabs, SETTINGS, NOW);
    assert_eq!(asked.who("2026-03-03 12:00"), "Ben Osei");
    assert_eq!(asked.who("2026-03-04 12:00"), "Cy Stone, Ben Osei");
    let lost: Vec<String> = asked
        .roster
        .unreachable(utc("2026-03-04 08:00"), utc("2026-03-05 08:00"))
        .map(|one| super::super::super::joined(&one.names))
        .collect();
    assert_eq!(lost, Vec::<String>::new());
}

/// Without any date nothing is read, and that is told of each row: of instructions by a note, of a swap as what it costs.
#[test]
fn rows_without_dates_are_told() {
    let asked = with(
        "Swaps",
        "Date | Name | Swap with | Notes\n | | Who takes over | Ask the office first\n | | | One row for each swap",
    );
    assert_eq!(
        asked.one(Code::RowsIgnored).to_string(),
        "NOTE  Swaps!C2 and D3: A row without a date is not read as a swap.\n      \
         It changes nothing: whoever the rota names is rung.\n      \
         If it is a swap, write its date, who is replaced and who takes over."
    );
    let asked = with(
        "Swaps",
        "Date | Name | Swap with\n | Ana Diaz | Cy Stone\nsoon | Ben Osei | Cy Stone",
    );
    let missing = asked.one(Code::DateMissing);
    assert_eq!((missing.severity, cells(missing)), (Severity::Stop, vec!["Swaps!A2".to_owned()]));
    let unread = asked.one(Code::DateUnreadable);
    assert_eq!((unread.severity, cells(unread)), (Severity::Stop, vec!["Swaps!A3".to_owned()]));
    assert_eq!(asked.who("2026-03-04 12:00"), "Ana Diaz, Ben Osei");
}

/// Only the leave of the hotline's team is compared with its rota.
#[test]
fn leave_of_another_team() {
    let leave = "Name | Team | From | Until\nAna Diaz | Ward | 4 Mar 2026 | 4 Mar 2026\nBen Osei | Lab | 5 Mar 2026 | 5 Mar 2026";
    let read = |settings: &str| {
        let tabs = vec![tab("Contacts", CONTACTS), tab("Rota", ROTA), tab("Leave", leave)];
        let asked = ask(tabs, &format!("{SETTINGS}{settings}"), NOW);
        let conflicts = asked.of(Code::LeaveConflict);
        conflicts.iter().map(|found| found.cells[0].to_string()).collect::<Vec<_>>()
    };
    assert_eq!(read("Team = Lab"), ["Leave!A3"]);
    assert_eq!(read(""), ["Leave!A2", "Leave!A3"]);
}

#[test]
fn swaps_that_change_nothing_say_so() {
    let swaps = "Date | Name | Swap with (OPTION A) | NewStart (OPTION B) | NewEnd (OPTION B) | Notes
 | | Use EITHER Swap with | OR NewStart/NewEnd | (leave the other blank) | One is needed
4 Mar 2026 | Cy Stone | Ana Diaz | | |
5 Mar 2026 | Ana Diaz | | 10:00 | 14:00 |
6 Mar 2026 | Ana Diaz | | | |
 | Ana Diaz | Ben Osei | | |
7 Mar 2026 | Ana Diaz | Zed Unknown | | |
8 Mar 2026 | Nobody Known | Ben Osei | | |";
    let asked = with("Swaps", swaps);
    for at in ["04", "05", "06", "07", "08"] {
        assert_eq!(asked.who(&format!("2026-03-{at} 12:00")), "Ana Diaz, Ben Osei", "{at}");
    }
    let idle = asked.one(Code::ChangeIdle);
    assert_eq!(
        idle.to_string(),
        "WARN  Swaps!C3: Whoever is to be replaced is not on call by the rota from Wed 4 Mar 08:00 to Thu 5 Mar 08:00.\n      \
         The change has no effect: whoever the rota names is rung.\n      Check its date and its name, or delete it."
    );
    let empty: Vec<(Severity, Vec<String>)> = asked.of(Code::ChangeEmpty).iter().map(|f| (f.severity, cells(f))).collect();
    assert_eq!(
        empty,
        [
            (Severity::Stop, vec!["Swaps!D4".to_owned()]),
            (Severity::Stop, vec!["Swaps!C5".to_owned()])
        ]
    );
    assert_eq!(cells(asked.one(Code::RowsIgnored)), ["Swaps!C2"]);
    assert_eq!(cells(asked.one(Code::DateMissing)), ["Swaps!A6"]);
    let unknown: Vec<Vec<String>> = asked.of(Code::NameUnknown).iter().map(|f| cells(f)).collect();
    assert_eq!(unknown, [vec!["Swaps!C7".to_owned()], vec!["Swaps!B8".to_owned()]]);
    let unknown = asked.of(Code::NameUnknown)[0];
    assert_eq!(unknown.severity, Severity::Stop);
    assert_eq!(unknown.consequence, "The row changes nothing; whoever the rota names is rung.");
}

#[test]
fn leave_is_no_instruction_but_a_conflict() {
    let holidays = "Name | Start | End | Notes
Ana Diaz␣ | @2026-03-04T00:00 | @2026-03-05T00:00 | Leave
Ben Osei | 23/03/2026 | 27/03/2026 | sick
Cy Stone | 14/03/2026 | 17/03/2026 | Leave
Dee Fox | 24/02.2026 | 24/02/2026 | swap
Zed Elsewhere␣ | 24/03/2026 | 24/03/2026 | Leave
Dee Fox | 18/03/2026 | 18/03/2026 | Leave";
    let asked = with("Holidays", holidays);
    assert_eq!(asked.who("2026-03-04 12:00"), "Ana Diaz, Ben Osei");
    let conflicts = asked.of(Code::LeaveConflict);
    let told: Vec<(Severity, &str, Vec<String>)> = conflicts.iter().map(|f| (f.severity, f.seen.as_str(), cells(f))).collect();
    let owned = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>();
    assert_eq!(
        told,
        [
            (
                Severity::Warn,
                "\"Ana Diaz\" is on leave and on call: Wed 4 Mar 08:00 to Fri 6 Mar 08:00 (Rota!B2).",
                owned(&["Holidays!A2", "Rota!B2"])
            ),
            (
                Severity::Warn,
                "\"Cy Stone\" is on leave and on call: Sat 14 Mar 08:00 to Mon 16 Mar 08:00 (Rota!C3), Mon 16 Mar 08:00 to Wed 18 Mar 08:00 \
                 (Rota!B4).",
                owned(&["Holidays!A4", "Rota!C3", "Rota!B4"])
            ),
            (
                Severity::Warn,
                "\"Ben Osei\" is on leave and on call: Mon 23 Mar 08:00 to Sat 28 Mar 08:00 (Rota!C5).",
                owned(&["Holidays!A3", "Rota!C5"])
            ),
        ]
    );
    assert_eq!(conflicts[0].affects, Some(utc("2026-03-04 08:00")));
    assert_eq!(cells(asked.one(Code::DateUnreadable)), ["Holidays!B5"]);
    let unknown = asked.one(Code::NameUnknown);
    assert_eq!((unknown.severity, cells(unknown)), (Severity::Warn, vec!["Holidays!A6".to_owned()]));
    assert_eq!(unknown.seen, "\"Zed Elsewhere␣\" is not one of the contacts.");
    let away: Vec<(&str, String)> = asked
        .roster
        .absences()
        .iter()
        .map(|absence| (absence.name.as_str(), absence.source.to_string()))
        .collect();
    assert_eq!(
        away,
        [
            ("Ana Diaz", "Holidays!A2".to_owned()),
            ("Cy Stone", "Holidays!A4".to_owned()),
            ("Dee Fox", "Holidays!A7".to_owned()),
            ("Ben Osei", "Holidays!A3".to_owned())
        ]
    );
}

#[test]
fn leave_with_somebody_who_takes_over_is_a_change() {
    let leave = "Name | From | Until | Covered by\nAna Diaz | 4 Mar 2026 | 5 Mar 2026 | Cy Stone\nAna Diaz | 25 Mar 2026 | 25 Mar 2026 |";
    let asked = with("Annual leave", leave);
    assert_eq!(asked.who("2026-03-04 12:00"), "Cy Stone, Ben Osei");
    assert_eq!(asked.who("2026-03-06 08:00"), "Ana Diaz, Ben Osei");
    assert_eq!(
        asked.one(Code::LeaveConflict).seen,
        "\"Ana Diaz\" is on leave and on call: Wed 25 Mar 08:00 to Thu 26 Mar 08:00 (Rota!B5)."
    );
    assert_eq!(asked.roster.absences().len(), 2);
    // Public holidays are nobody's leave.
    let asked = with("Holidays", "Date | Holiday\n9 Mar 2026 | Labour Day");
    assert_eq!(asked.roster.absences(), []);
    asked.one(Code::TabIgnored);
}

#[test]
fn changes_of_one_team() {
    let changes = "Team | From | Until | 1st\nLab | 4 Mar 2026 | 4 Mar 2026 | Cy Stone\nWard | 5 Mar 2026 | 5 Mar 2026 | Cy Stone";
    let tabs = vec![tab("Contacts", CONTACTS), tab("Rota", ROTA), tab("Changes", changes)];
    let asked = ask(tabs, &format!("{SETTINGS}Team = Lab"), NOW);
    assert_eq!(asked.who("2026-03-04 12:00"), "Cy Stone, Ben Osei");
    assert_eq!(asked.who("2026-03-05 12:00"), "Ana Diaz, Ben Osei");
    let swaps = "Team | Date | Name | Cover\nLab | 4 Mar 2026 | Ana Diaz | Cy Stone\nWard | 5 Mar 2026 | Ana Diaz | Cy Stone";
    let tabs = vec![tab("Contacts", CONTACTS), tab("Rota", ROTA), tab("Swaps", swaps)];
    let asked = ask(tabs, &format!("{SETTINGS}Team = Lab"), NOW);
    assert_eq!(asked.who("2026-03-04 12:00"), "Cy Stone, Ben Osei");
    assert_eq!(asked.who("2026-03-05 12:00"), "Ana Diaz, Ben Osei");
}

#[test]
fn changes_that_overlap_or_end_before_they_begin() {
    let changes = "From | Until | 1st | 2nd
3 Mar 2026 | 5 Mar 2026 | Cy Stone |
4 Mar 2026 | 6 Mar 2026 | Ben Osei |
4 Mar 2026 | 4 Mar 2026 | | Ana Diaz
12 Mar 2026 | 11 Mar 2026 | Ana Diaz |";
    let asked = with("Changes", changes);
    assert_eq!(asked.who("2026-03-03 12:00"), "Cy Stone, Ben Osei");
    assert_eq!(asked.who("2026-03-04 12:00"), "Ben Osei, Ana Diaz");
    assert_eq!(asked.who("2026-03-06 12:00"), "Ben Osei, Ben Osei");
    assert_eq!(asked.who("2026-03-12 12:00"), "Ben Osei, Cy Stone");
    let overlap = asked.one(Code::ChangesOverlap);
    assert_eq!((overlap.severity, cells(overlap)), (Severity::Note, vec!["Changes!C3".to_owned()]));
    let ends = asked.one(Code::UntilUnreadable);
    assert_eq!(
        ends.to_string(),
        "STOP  Changes!B5: The end, \"11 Mar 2026\", is before the beginning.\n      The row changes nothing; whoever the rota names is rung.\n      \
         Correct one of the two dates."
    );
}

/// Somebody takes over for one of two in a cell whom nobody can ring; the other one is still told.
#[test]
fn a_swap_for_one_of_two_who_cannot_be_rung() {
    let contacts = "Name | Phone\nAna Diaz | 0491 570 156\nSam Poe | 0491 570 157\nSam Fry | 0491 570 158\nKim Lee |";
    let rota = "From | 1st\n2 Mar 2026 | Kim Lee / Zoe Fox / Sam\n9 Mar 2026 | Ana Diaz\n16 Mar 2026 | Ana Diaz";
    let swaps = "Name | Replaced by | From | Until\nKim Lee | Ana Diaz | 2 Mar 2026 08:00 | 4 Mar 2026 08:00";
    let asked = ask(
        vec![tab("Contacts", contacts), tab("Rota", rota), tab("Swaps", swaps)],
        SETTINGS,
        NOW,
    );
    assert_eq!(asked.who("2026-03-03 12:00"), "Ana Diaz", "{:#?}", asked.findings);
    assert_eq!(asked.who("2026-03-05 12:00"), "gap");
    let missed = |at: &str| -> Vec<(String, bool)> {
        let at = utc(at);
        let all = asked.roster.unreachable(at, at + chrono::TimeDelta::seconds(1));
        all.flat_map(|one| one.names.iter().map(|missed| (missed.name.clone(), missed.is_ambiguous)))
            .collect()
    };
    let of = |name: &str, is_ambiguous: bool| (name.to_owned(), is_ambiguous);
    assert_eq!(missed("2026-03-03 12:00"), [of("Zoe Fox", false), of("Sam", true)]);
    assert_eq!(
        missed("2026-03-05 12:00"),
        [of("Kim Lee", false), of("Zoe Fox", false), of("Sam", true)]
    );
}

/// Ten thousand swaps that all hold at once, over ten thousand shifts.
#[test]
fn many_swaps_take_no_longer() {
    let mut rota = "From | 1st".to_owned();
    let mut swaps = "Name | Replaced by | From | Until".to_owned();
    let mut at = utc("2026-03-01 00:00");
    for _ in 0..10_000 {
        rota.push_str(&format!("\n{} | Ana Diaz", at.format("%-d %b %Y %H:%M")));
        swaps.push_str(&format!("\nAna Diaz | Cy Stone | {} | 1 Mar 2029", at.format("%-d %b %Y %H:%M")));
        at += chrono::TimeDelta::hours(2);
    }
    let tabs = vec![tab("Contacts", CONTACTS), tab("Rota", &rota), tab("Swaps", &swaps)];
    let asked = ask(tabs, SETTINGS, NOW);
    assert_eq!(asked.who("2027-03-03 12:00"), "Cy Stone");
}

//! Lists of names that take turns: worked out by hand. 2 March 2026 is a Monday.

use super::{Asked, Code, Severity, ask, cells, tab, utc};

const CONTACTS: &str = "Name | Phone\nAna | 0491 570 156\nBen | 0491 570 157\nCy | 0491 570 158\nDee | 0491 570 110";
const NOW: &str = "2026-03-04 12:00";
const LONDON: &str = "Time zone = Europe/London\nCountry = AU\nHandover = 09:00\n";

fn read(name: &str, rota: &str, settings: &str) -> Asked {
    ask(
        vec![tab("Contacts", CONTACTS), tab(name, rota)],
        &format!("{LONDON}{settings}"),
        NOW,
    )
}

fn rings(asked: &Asked, cases: &[(&str, &str)]) {
    for (at, expected) in cases {
        assert_eq!(asked.who(at), *expected, "{at}: {:#?}", asked.findings);
    }
}

const LIST: &str = "# | Name\n1 | Ana\n2 | Ben\n3 | Cy";

#[test]
fn names_take_turns_from_the_day_that_is_given() {
    let asked = read("Rota", LIST, "Rotation starts = Mon 2 Mar 2026\nTurn = 7 days");
    rings(
        &asked,
        &[
            // Before the first turn the list goes round just the same.
            ("2026-03-02 08:59", "Cy"),
            ("2026-03-02 09:00", "Ana"),
            ("2026-03-09 09:00", "Ben"),
            ("2026-03-16 09:00", "Cy"),
            ("2026-03-23 09:00", "Ana"),
            // A year of 52 weeks later: 52 turns, 17 rounds and one turn.
            ("2027-03-01 09:00", "Ben"),
        ],
    );
    // The clocks go forward on 29 March: a week of 167 hours.
    let duty = asked.duty("2026-03-29 12:00");
    assert_eq!((duty.from, duty.until), (utc("2026-03-23 09:00"), utc("2026-03-30 08:00")));
    let note = asked.one(Code::RotationTurns);
    assert_eq!(
        note.seen,
        "The next turns of \"Name\": Ana from Mon 2 Mar 09:00, Ben from Mon 9 Mar 09:00, Cy from Mon 16 Mar 09:00, \
         Ana from Mon 23 Mar 09:00, Ben from Mon 30 Mar 09:00, Cy from Mon 6 Apr 09:00, Ana from Mon 13 Apr 09:00, Ben from Mon 20 Apr 09:00."
    );
    assert_eq!((note.severity, cells(note)), (Severity::Note, vec!["Rota!B2".to_owned()]));
    assert_eq!(asked.codes(), [(Severity::Note, Code::RotationTurns)]);
    assert_eq!(asked.roster.horizon(), Some(utc("2027-04-11 23:00")));
}

#[test]
fn levels_are_lists_of_their_own_with_their_phones() {
    let rota = "Rotation starts | Mon 2 Mar 2026 07:00\nTurn | daily\n\nPrimary | Phone | Secondary\nAna | | Cy\nBen | | Dee\nIna | 0491 570 006 |";
    let asked = read("Rotation", rota, "");
    rings(
        &asked,
        &[
            ("2026-03-02 07:00", "Ana, Cy"),
            ("2026-03-03 07:00", "Ben, Dee"),
            ("2026-03-04 07:00", "Ina, Cy"),
            ("2026-03-05 07:00", "Ana, Dee"),
            ("2026-03-06 06:59", "Ana, Dee"),
        ],
    );
    assert_eq!(asked.of(Code::RotationTurns).len(), 2);
}

#[test]
fn without_a_day_or_a_length_nobody_is_guessed() {
    let asked = read("Rotation", LIST, "Turn = weekly");
    let missing = asked.one(Code::CycleAnchorMissing);
    assert_eq!((missing.severity, cells(missing)), (Severity::Stop, vec!["Rotation!B1".to_owned()]));
    assert_eq!(
        missing.remedy,
        "Add to Settings: Rotation starts | Wed 4 Mar 2026 (the day on which the first name's turn began)."
    );
    assert!(asked.roster.duties().is_empty());
    let asked = read("Rotation", LIST, "Rotation starts = Mon 2 Mar 2026");
    assert_eq!(asked.one(Code::TurnMissing).severity, Severity::Stop);
    assert!(asked.roster.duties().is_empty());
    let asked = read("Rotation", LIST, "Rotation starts = 2/3/2026\nTurn = weekly");
    assert_eq!(asked.one(Code::DateAmbiguous).severity, Severity::Stop);
    assert!(asked.roster.duties().is_empty());
}

#[test]
fn a_list_with_a_hole_is_refused() {
    for hole in ["# | Name\n1 | Ana\n2 |\n3 | Cy", "# | Name\n1 | Ana\n2 | TBA\n3 | Cy"] {
        let asked = read("Rotation", hole, "Rotation starts = Mon 2 Mar 2026\nTurn = weekly");
        assert_eq!(cells(asked.one(Code::LayoutUnknown)), ["Rotation!B3"]);
        assert!(asked.roster.duties().is_empty());
    }
}

#[test]
fn contacts_are_no_rotation() {
    let asked = read("Rota", "# | Name | Phone\n1 | Ana | 0491 570 156", "");
    assert!(asked.roster.duties().is_empty() && asked.of(Code::CycleAnchorMissing).is_empty());
    assert!(asked.findings.iter().any(|finding| finding.severity == Severity::Stop));
    // An order without turns is one of ringing.
    let asked = read("Rota", "Order | Name\n1 | Ana\n2 | Ben", "");
    assert_eq!(asked.who("2026-03-02 08:00"), "Ana, Ben");
    asked.one(Code::NoDates);
}

#[test]
fn an_unknown_name_keeps_its_turn() {
    let asked = read(
        "Rotation",
        "# | Name\n1 | Ana\n2 | Benn\n3 | Cy",
        "Rotation starts = Mon 2 Mar 2026\nTurn = weekly",
    );
    rings(
        &asked,
        &[("2026-03-08 12:00", "Ana"), ("2026-03-10 12:00", "gap"), ("2026-03-17 12:00", "Cy")],
    );
    let unknown = asked.one(Code::NameUnknown);
    assert_eq!((unknown.severity, cells(unknown)), (Severity::Stop, vec!["Rotation!B3".to_owned()]));
    assert!(
        unknown.consequence.contains("Mon 9 Mar 09:00 to Mon 16 Mar 09:00"),
        "{}",
        unknown.consequence
    );
}

/// Weeks with numbers only: what is missing is said, and what the finding asks for is enough.
#[test]
fn numbered_weeks_need_to_say_when_they_begin() {
    let contacts = "Name | Phone\nAna | 0491 570 156\nBen | 0491 570 157\nCy | 0491 570 158";
    let rota = "Week | 1st | 2nd\nWeek 1 | Ana | Ben\nWeek 2 | Ben | Cy\nWeek 3 | Cy | Ana";
    let read = |rota: &str, settings: &str| {
        let settings = format!("Time zone = UTC\nCountry = AU\nHandover = 08:00\n{settings}");
        ask(vec![tab("Contacts", contacts), tab("Rota", rota)], &settings, "2026-03-04 12:00")
    };
    let asked = read(rota, "");
    assert_eq!(asked.who("2026-03-04 12:00"), "gap");
    let refused = asked.one(Code::LayoutUnknown);
    assert_eq!(cells(refused), ["Rota!A2"]);
    assert!(refused.remedy.contains("Rotation starts | 2 Mar 2026"), "{refused}");
    let asked = read(rota, "Rotation starts = 2 Mar 2026\nTurn = 7 days");
    for (at, who) in [
        ("2026-03-02 08:00", "Ana, Ben"),
        ("2026-03-09 08:00", "Ben, Cy"),
        ("2026-03-16 08:00", "Cy, Ana"),
        ("2026-03-23 07:59", "Cy, Ana"),
        ("2026-03-23 08:00", "Ana, Ben"),
    ] {
        assert_eq!(asked.who(at), who, "{at}: {:#?}", asked.findings);
    }
    let across = "Person | Week 1 | Week 2 | Week 3\nPrimary | Ana | Ben | Cy\nBackup | Ben | Cy | Ana";
    let refused = read(across, "");
    let refused = refused.one(Code::LayoutUnknown);
    assert_eq!(cells(refused), ["Rota!B1"]);
    assert!(refused.seen.starts_with("Weeks are numbered across the top"), "{refused}");
}

//! Several teams in one table: only those of this hotline are rung. Worked out by hand; 2 March 2026 is a Monday.

use super::{Asked, Code, Severity, ask, cells, tab};

const CONTACTS: &str = "Name | Phone\nAna | 0491 570 156\nBen | 0491 570 157\nCy | 0491 570 158\nDee | 0491 570 110";
const UTC: &str = "Time zone = UTC\nCountry = AU\nHandover = 08:00\n";

fn read(rota: &str, settings: &str) -> Asked {
    let tabs = vec![tab("Contacts", CONTACTS), tab("Rota", rota)];
    ask(tabs, &format!("{UTC}{settings}"), "2026-03-04 12:00")
}

/// Refused by the cell of the header, with the line to add.
fn is_refused(asked: &Asked, cell: &str) {
    let refused = asked.one(Code::LayoutUnknown);
    assert_eq!((refused.severity, cells(refused)), (Severity::Stop, vec![cell.to_owned()]));
    assert_eq!(
        refused.seen,
        "\"Team\" holds several teams (\"Lab\" and \"Ward\"): which of them this hotline is for cannot be told."
    );
    assert_eq!(refused.remedy, "Add to Settings: Team | Lab (the team of this hotline).");
    assert_eq!(asked.who("2026-03-03 12:00"), "gap");
}

#[test]
fn weekdays_down() {
    let rota = "Team | Day | 1st\nLab | Mon-Sun | Ana\nWard | Mon-Sun | Ben";
    is_refused(&read(rota, ""), "Rota!A1");
    let asked = read(rota, "Team = Ward");
    assert_eq!(asked.who("2026-03-03 12:00"), "Ben", "{:#?}", asked.findings);
    let shape = &asked.roster.tabs_read()[0].shape;
    assert!(shape.contains("are rung, of the team \"Ward\" only; it repeats"), "{shape}");
}

#[test]
fn weekdays_across() {
    let people = "Name | Team | Mon | Tue | Wed\nAna | Lab | 08:00-16:00 | 08:00-16:00 | 08:00-16:00\nBen | Ward | 08:00-16:00 | 08:00-16:00 | 08:00-16:00";
    is_refused(&read(people, ""), "Rota!B1");
    assert_eq!(read(people, "Team = Lab").who("2026-03-03 12:00"), "Ana");
    let names = "Team | Shift | Mon | Tue | Wed\nLab | Day | Ana | Ana | Ana\nWard | Day | Ben | Ben | Ben\n | Day | Cy | Cy | Cy";
    let hours = "Shift: Day = 1st, 08:00-16:00\n";
    is_refused(&read(names, hours), "Rota!A1");
    let asked = read(names, &format!("{hours}Team = Ward"));
    assert_eq!(asked.who("2026-03-03 12:00"), "Ben", "{:#?}", asked.findings);
    // A row of no team is not guessed to be of the one above it.
    let unnamed = asked.one(Code::TeamMissing);
    assert_eq!((unnamed.severity, cells(unnamed)), (Severity::Warn, vec!["Rota!A4".to_owned()]));
}

/// Where people work is their team only if Settings say so; rows of shifts at several places are several rotas.
#[test]
fn places_of_people() {
    let people =
        "Name | Site | Mon | Tue | Wed\nAna | North | 08:00-16:00 | 08:00-16:00 | 08:00-16:00\nBen | South | 16:00-20:00 | 16:00-20:00 |";
    let asked = read(people, "");
    assert_eq!(
        (asked.who("2026-03-03 12:00"), asked.who("2026-03-03 17:00")),
        ("Ana".to_owned(), "Ben".to_owned())
    );
    let told = asked.one(Code::TeamMissing);
    assert_eq!(
        told.to_string(),
        "WARN  Rota!B1: \"Site\" is read as where people work, not as their team.\n      \
         People of all its rows are rung.\n      \
         If this hotline is for one of them, add to Settings: Team | North."
    );
    let asked = read(people, "Team = South");
    assert_eq!(
        (asked.who("2026-03-03 12:00"), asked.who("2026-03-03 17:00")),
        ("gap".to_owned(), "Ben".to_owned())
    );
    assert_eq!(asked.of(Code::TeamMissing).len(), 0);
    let shifts = "Site | Shift | Mon | Tue | Wed\nNorth | Day | Ana | Ana | Ana\nSouth | Day | Ben | Ben | Ben";
    let asked = read(shifts, "Shift: Day = 1st, 08:00-16:00");
    assert_eq!(cells(asked.one(Code::LayoutUnknown)), ["Rota!A1"]);
    assert_eq!(asked.who("2026-03-03 12:00"), "gap");
}

#[test]
fn a_rotation() {
    let rota = "Team | Rotation order | Name\nLab | 1 | Ana\nLab | 2 | Ben\nWard | 1 | Cy\nWard | 2 | Dee";
    let turns = "Rotation starts = 2 Mar 2026\nTurn = 7 days\n";
    is_refused(&read(rota, turns), "Rota!A1");
    let asked = read(rota, &format!("{turns}Team = Ward"));
    for (at, who) in [("2026-03-02 08:00", "Cy"), ("2026-03-09 08:00", "Dee"), ("2026-03-16 08:00", "Cy")] {
        assert_eq!(asked.who(at), who, "{at}: {:#?}", asked.findings);
    }
}

#[test]
fn changes() {
    let rota = "Date | 1st\n2026-03-02 | Ana\n2026-03-09 | Ben\n2026-03-16 | Ana";
    let changes = "Team | From | Until | 1st\nLab | 2026-03-10 | 2026-03-11 | Cy\nWard | 2026-03-12 | 2026-03-13 | Dee\n | 2026-03-14 | 2026-03-15 | Dee";
    let read = |settings: &str| {
        let tabs = vec![tab("Contacts", CONTACTS), tab("Rota", rota), tab("Changes", changes)];
        ask(tabs, &format!("{UTC}{settings}"), "2026-03-04 12:00")
    };
    // Whose changes they are is not guessed.
    let asked = read("");
    let refused = asked.one(Code::LayoutUnknown);
    assert_eq!((refused.severity, cells(refused)), (Severity::Stop, vec!["Changes!A1".to_owned()]));
    assert_eq!(asked.who("2026-03-10 12:00"), "Ben");
    let asked = read("Team = Lab");
    for (at, who) in [
        ("2026-03-10 12:00", "Cy"),
        ("2026-03-12 12:00", "Ben"),
        // A row of no team does not count, and says so.
        ("2026-03-14 12:00", "Ben"),
    ] {
        assert_eq!(asked.who(at), who, "{at}: {:#?}", asked.findings);
    }
    assert!(
        asked.findings.iter().any(|finding| cells(finding) == ["Changes!A4"]),
        "{:#?}",
        asked.findings
    );
}

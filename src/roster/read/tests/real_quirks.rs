//! Quirks of real rotas that no other fixture shows; docs/rosters.md says of each whose quirk it is.

use super::*;

const CONTACTS: &str = "Name | Phone\nAna Diaz | 0491 570 156\nBen Osei | 0491 570 157\nCleo Rossi | 0491 570 158\nDan Ito | 0491 570 159";
const UTC: &str = "Time zone=UTC\nCountry=AU";

fn rota(rota: &str, settings: &str, now: &str) -> Asked {
    let tabs = vec![tab("Contacts", CONTACTS), tab("Rota", rota)];
    ask(tabs, &format!("{UTC}\n{settings}"), now)
}

fn assert_who(asked: &Asked, expected: &[(&str, &str)]) {
    for (at, who) in expected {
        assert_eq!(asked.who(at), *who, "{at}: {:#?}", asked.findings);
    }
}

#[test]
fn order_names_labels_with_commas_in_brackets() {
    let ward = "\
 | 2026-03-02 | 2026-03-03 | 2026-03-04 | 2026-03-05 | 2026-03-06 | 2026-03-07 | 2026-03-08
Day | Monday | Tuesday | Wednesday | Thursday | Friday | Saturday | Sunday
Ground Floor Consultant | Ana Diaz | Ana Diaz | Ana Diaz | Ana Diaz | Ana Diaz | |
Ground Floor Registrar (#2010) | Ben Osei | Ben Osei | | Ben Osei | Ben Osei | |
Ground Floor Juniors (#2011, 2012) | ['Cleo Rossi', 'Dan Ito'] | ['Dan Ito'] | ['Cleo Rossi'] | ['Dan Ito'] | ['Dan Ito'] | |
Annual Leave | ['Dan Ito'] | | | | | |";
    let order = "Order=Ground Floor Registrar (#2010), Ground Floor Juniors (#2011, 2012), Ground Floor Consultant\nHandover=09:00";
    let asked = rota(ward, order, "2026-03-01 00:00");
    assert_who(
        &asked,
        &[
            ("2026-03-02 09:00", "Ben Osei, Cleo Rossi+Dan Ito, Ana Diaz"),
            ("2026-03-05 08:59", "Cleo Rossi, Ana Diaz"),
            ("2026-03-07 09:00", "gap"),
        ],
    );
    assert!(asked.of(Code::SettingUnused).is_empty());
    let slip = rota(ward, "Order=Ground Floor Registrer, Ground Floor Consultant", "2026-03-01 00:00");
    assert_eq!(
        slip.one(Code::SettingUnused).seen,
        "The setting for \"Ground Floor Registrer\" fits nothing in the rota (nearest: \"Ground Floor Registrar (#2010)\", Rota!A4)."
    );
}

#[test]
fn numbered_duty_managers_ring_one_after_the_other_behind_all() {
    let asked = rota(
        "Date | 2026-03-02 | 2026-03-03 | 2026-03-04 | 2026-03-05 | 2026-03-06\nEAST SHIFT PRIMARY | Ana Diaz | Ana Diaz | | Ben Osei | Ben Osei\nEAST SHIFT Secondary | Ben Osei | Ben Osei | | Ana Diaz | Ana Diaz\nDuty Manager 1 | Cleo Rossi | Dan Ito | Cleo Rossi | Cleo Rossi | Dan Ito\nDuty Manager 2 | Dan Ito | Cleo Rossi | Dan Ito | Dan Ito |",
        "Handover=09:00\nShift: EAST SHIFT=06:00-14:00",
        "2026-03-01 00:00",
    );
    assert_who(
        &asked,
        &[
            ("2026-03-02 06:00", "Ana Diaz, Ben Osei"),
            ("2026-03-02 09:00", "Ana Diaz, Ben Osei, Cleo Rossi, Dan Ito"),
            ("2026-03-03 13:59", "Ana Diaz, Ben Osei, Dan Ito, Cleo Rossi"),
            ("2026-03-04 12:00", "Cleo Rossi, Dan Ito"),
        ],
    );
    assert!(asked.of(Code::LevelShared).is_empty(), "{:#?}", asked.findings);
}

#[test]
fn a_shift_that_begins_while_another_runs_leaves_that_one_together() {
    let asked = rota(
        "NAME | 2026-03-02 | 2026-03-03 | 2026-03-04 | 2026-03-05 | 2026-03-06\nAna Diaz | 0600-1400 | 1400-2200 | OFF | 0600-1400 | OFF\nBen Osei | 0600-1400 | 0600-1400 | 1400-2200 | 0600-1400 | OFF\nCleo Rossi | OFF | 0600-1400 | 1400-2200 | 0600-1400 | OFF\nDan Ito | 1200-2000 | OFF | 1200-2000 | ANNUAL LEAVE |",
        "People of the same shift=together",
        "2026-03-01 00:00",
    );
    assert_who(
        &asked,
        &[
            ("2026-03-02 11:59", "Ana Diaz+Ben Osei"),
            ("2026-03-02 12:30", "Dan Ito, Ana Diaz+Ben Osei"),
            ("2026-03-04 15:00", "Ben Osei+Cleo Rossi, Dan Ito"),
            ("2026-03-05 06:00", "Ana Diaz+Ben Osei+Cleo Rossi"),
            ("2026-03-06 06:00", "gap"),
        ],
    );
}

#[test]
fn patterns_explain_families_of_codes() {
    let matrix = "\
Staff Name | 2026-03-02 | 2026-03-03 | 2026-03-04 | 2026-03-05 | 2026-03-06
Ana Diaz | N1 | X | E25 | N11 | 0
Ben Osei | E14 | N1 | X | M9 | RS
Cleo Rossi | M27 | E12 | N11 | 0 | X";
    let bare = rota(matrix, "", "2026-03-01 00:00");
    let said = bare.one(Code::CodeUnknown);
    assert_eq!(
        said.seen,
        "Nothing says what these codes mean: \"N1\" (2), \"E25\" (1), \"N11\" (2), \"E14\" (1), \"M9\" (1), \"RS\" (1), \"M27\" (1), \"E12\" (1)."
    );
    assert!(said.remedy.contains("Code: N* | 1st, 18:00-08:00"), "{}", said.remedy);
    assert!(said.remedy.contains("Ignore codes | N*, E*, M*, RS (only them)"), "{}", said.remedy);
    let asked = rota(matrix, "Code: N*=1st, 20:00-08:00\nIgnore codes=E*, M*, RS", "2026-03-01 00:00");
    assert_who(
        &asked,
        &[
            ("2026-03-02 20:00", "Ana Diaz"),
            ("2026-03-04 07:59", "Ben Osei"),
            ("2026-03-04 08:00", "gap"),
            ("2026-03-06 03:00", "Ana Diaz"),
        ],
    );
    assert!(asked.of(Code::CodeUnknown).is_empty());
}

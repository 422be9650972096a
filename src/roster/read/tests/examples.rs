//! The two examples that the manual gives.

use super::*;

const LAB_SETTINGS: &str = "
Setting | Value
Time zone | Australia/Melbourne
Handover time | 08:00
Country for phone numbers | AU
If nobody answers or the rota runs out, ring | Lab duty phone
";

const LAB_CONTACTS: &str = "
Name | Phone | Also known as
Priya Nair | 0491 570 156 | PN
Tom Okafor | +61 491 570 157 | TO
Dr Wei Zhang | 0491 570 158 | WZ
Lab duty phone | 0491 570 110 |
";

fn laboratory(now: &str) -> Asked {
    let rota = "
From | 1st | 2nd | 3rd | Notes
Mon 2 Mar 2026 | PN | TO | WZ |
Mon 9 Mar 2026 | TO | PN | WZ | Labour Day
Mon 16 Mar 2026 | PN | TO | WZ |
";
    let changes = "
From | Until | 1st | 2nd | 3rd | Why
Sat 7 Mar 2026 18:00 | Sun 8 Mar 2026 18:00 | Tom Okafor | Lab duty phone | | wedding
";
    let tabs = vec![
        tab("Contacts", LAB_CONTACTS),
        tab("Rota", rota),
        tab("Changes", changes),
        tab("Settings", LAB_SETTINGS),
    ];
    ask(tabs, "", now)
}

/// Melbourne is eleven hours ahead of UTC in March 2026: Monday 08:00 is Sunday 21:00 UTC.
#[test]
fn clinical_laboratory() {
    let lab = laboratory("2026-03-01 00:00");
    assert_eq!(lab.who("2026-03-01 20:59"), "gap");
    assert_eq!(lab.who("2026-03-01 21:00"), "Priya Nair, Tom Okafor, Dr Wei Zhang");
    // Saturday 18:00 is 07:00 UTC.
    assert_eq!(lab.who("2026-03-07 06:59"), "Priya Nair, Tom Okafor, Dr Wei Zhang");
    assert_eq!(lab.who("2026-03-07 07:00"), "Tom Okafor, Lab duty phone, Dr Wei Zhang");
    assert_eq!(lab.who("2026-03-08 06:59"), "Tom Okafor, Lab duty phone, Dr Wei Zhang");
    assert_eq!(lab.who("2026-03-08 07:00"), "Priya Nair, Tom Okafor, Dr Wei Zhang");
    assert_eq!(lab.who("2026-03-08 21:00"), "Tom Okafor, Priya Nair, Dr Wei Zhang");
    // The last row holds for a week, the median step.
    assert_eq!(lab.who("2026-03-22 20:59"), "Priya Nair, Tom Okafor, Dr Wei Zhang");
    assert_eq!(lab.who("2026-03-22 21:00"), "gap");
    assert_eq!(lab.roster.duties().len(), 5);
    assert_eq!(lab.roster.last_resort.as_ref().unwrap().phone.address(), "+61491570110");
    assert_eq!(lab.roster.contacts.len(), 4);
    assert_eq!(lab.codes(), [], "{:#?}", lab.findings);
}

#[test]
fn every_level_names_its_cell() {
    let lab = laboratory("2026-03-01 00:00");
    let duty = lab.duty("2026-03-07 12:00");
    let sources: Vec<(String, String, bool)> = duty
        .levels
        .iter()
        .map(|level| (level.label.to_string(), level.source.to_string(), level.is_change))
        .collect();
    let expected = [("1st", "Changes!C2", true), ("2nd", "Changes!D2", true), ("3rd", "Rota!D2", false)];
    assert_eq!(
        sources,
        expected.map(|(label, cell, is_change)| (label.to_owned(), cell.to_owned(), is_change))
    );
    assert_eq!((duty.from, duty.until), (utc("2026-03-07 07:00"), utc("2026-03-08 07:00")));
    assert_eq!(duty.levels[0].responders[0].phone.address(), "+61491570157");
    assert_eq!(lab.duty("2026-03-08 12:00").levels[0].source.to_string(), "Rota!B2");
}

#[test]
fn the_end_is_announced() {
    let lab = laboratory("2026-03-17 00:00");
    let end = lab.one(Code::RotaEnds);
    assert_eq!(
        end.to_string(),
        "WARN  Rota!B4: The rota ends Mon 23 Mar 08:00, in 5 days.\n      After that \"Lab duty phone\" rings instead.\n      Add rows for the time after it."
    );
    assert_eq!(end.affects, Some(utc("2026-03-22 21:00")));
    let after = laboratory("2026-04-01 00:00");
    assert_eq!(after.one(Code::RotaEnded).severity, Severity::Stop);
}

fn helpline(now: &str) -> Asked {
    let contacts = "
Name | Phone
Ana | 0491 570 156
Bill | 0491 570 157
Cy | 0491 570 158
Dee | 0491 570 159
Ed Stone | 0491 570 110
Fay | 0491 570 313
Gus | 0491 570 737
Ed Winter | 0491 571 266
";
    let rota = "
Date | Day | Evening | Night
01/03/2026 | Ana / Bill | Cy | Dee
02/03/2026 | Ana | Cy / Ed | nobody
";
    let settings = "
Setting | Value
Time zone | Australia/Melbourne
Country for phone numbers | AU
Date order | day first
Shift: Day 09:00-17:00 |
Shift: Evening | 17:00-21:00
Shift: Night | 21:00–09:00
";
    ask(
        vec![tab("Contacts", contacts), tab("Rota", rota), tab("Settings", settings)],
        "",
        now,
    )
}

#[test]
fn helpline_with_two_volunteers() {
    let line = helpline("2026-02-27 00:00");
    // Sunday 1 March 09:00 in Melbourne is 28 February 22:00 UTC.
    assert_eq!(line.who("2026-02-28 21:59"), "gap");
    assert_eq!(line.who("2026-02-28 22:00"), "Ana+Bill");
    assert_eq!(line.who("2026-03-01 06:00"), "Cy");
    // Sunday 21:00 to Monday 09:00, asked at Monday 02:00.
    assert_eq!(line.who("2026-03-01 10:00"), "Dee");
    assert_eq!(line.who("2026-03-01 15:00"), "Dee");
    assert_eq!(line.who("2026-03-01 21:59"), "Dee");
    assert_eq!(line.who("2026-03-01 22:00"), "Ana");
    // Ed fits two contacts; Cy is rung without him.
    assert_eq!(line.who("2026-03-02 06:00"), "Cy");
    assert_eq!(line.who("2026-03-02 10:00"), "nobody");
    assert_eq!(line.duty("2026-03-02 10:00").nobody.as_ref().unwrap().to_string(), "Rota!D3");
    assert_eq!(line.who("2026-03-02 22:00"), "gap");
    let ed = line.one(Code::NameAmbiguous);
    assert_eq!(
        ed.to_string(),
        "STOP  Rota!C3: \"Ed\" fits 2 contacts: \"Ed Stone\" (Contacts!A6) and \"Ed Winter\" (Contacts!A9).\n      \
         Evening from Mon 2 Mar 17:00 to Mon 2 Mar 21:00: the others in the cell are rung without them.\n      \
         Write the full name, or what stands under Also known as."
    );
    assert_eq!(
        line.codes(),
        [(Severity::Stop, Code::NameAmbiguous), (Severity::Warn, Code::RotaEnds)],
        "{:#?}",
        line.findings
    );
}

//! What is to come and is not looked after: hours that must be covered, the end of the rota, numbers that are missing.

use super::*;

const CONTACTS: &str = "Name | Phone\nAna Diaz | 0491 570 156\nBen Osei | 0491 570 157";
const SETTINGS: &str = "Time zone = UTC\nHandover time = 08:00\nCountry = AU\n";

fn covered(rota: &str, coverage: &str, now: &str) -> Asked {
    let settings = format!("{SETTINGS}Coverage = {coverage}");
    ask(vec![tab("Contacts", CONTACTS), tab("Rota", rota)], &settings, now)
}

/// Severity, sentence and first cell of each gap.
fn gaps(asked: &Asked) -> Vec<(Severity, String, Vec<String>)> {
    let gaps = asked.of(Code::CoverageGap).into_iter();
    gaps.map(|gap| (gap.severity, gap.seen.clone(), cells(gap))).collect()
}

#[test]
fn a_gap_is_urgent_within_two_days_and_warned_of_within_two_weeks() {
    // Monday to Friday, and nobody at the weekends of 7 and 14 March.
    let rota = "From | Until | 1st\n2 Mar 2026 | 6 Mar 2026 | Ana\n9 Mar 2026 | 13 Mar 2026 | Ben\n16 Mar 2026 | 31 Mar 2026 | Ana";
    let asked = covered(rota, "24/7", "2026-03-06 09:00");
    let text = |from: &str, until: &str| format!("Nobody is on call from {from} to {until}, within the hours of the setting Coverage.");
    assert_eq!(
        gaps(&asked),
        [
            (
                Severity::Stop,
                text("Sat 7 Mar 08:00", "Mon 9 Mar 08:00"),
                vec!["Rota!C2".to_owned()]
            ),
            (
                Severity::Warn,
                text("Sat 14 Mar 08:00", "Mon 16 Mar 08:00"),
                vec!["Rota!C3".to_owned()]
            ),
        ]
    );
    let first = asked.of(Code::CoverageGap)[0];
    assert_eq!(first.affects, Some(utc("2026-03-07 08:00")));
    assert_eq!(
        first.remedy,
        "Write into the rota, next to Rota!C2, who is on call then, or nobody where that is meant."
    );
    // Without the setting both are one note.
    let plain = ask(vec![tab("Contacts", CONTACTS), tab("Rota", rota)], SETTINGS, "2026-03-06 09:00");
    assert_eq!(plain.one(Code::CoverageGap).severity, Severity::Note);
}

#[test]
fn only_hours_that_must_be_covered_count() {
    let rota = "From | Until | 1st\n2 Mar 2026 | 6 Mar 2026 | Ana\n9 Mar 2026 | 31 Mar 2026 | Ben";
    // The gap is from Saturday 08:00 to Monday 08:00.
    assert_eq!(gaps(&covered(rota, "Mon-Fri 09:00-17:00", "2026-03-02 09:00")), []);
    let asked = covered(rota, "Mon-Fri 09:00-17:00; Sat 10:00-14:00", "2026-03-02 09:00");
    assert_eq!(
        asked.one(Code::CoverageGap).seen,
        "Nobody is on call from Sat 7 Mar 10:00 to Sat 7 Mar 14:00, within the hours of the setting Coverage."
    );
    // Nights belong to the day on which they begin: Sunday's is bare up to the handover on Monday.
    let asked = covered(rota, "Sun 22:00-10:00", "2026-03-02 09:00");
    assert_eq!(
        asked.one(Code::CoverageGap).seen,
        "Nobody is on call from Sun 8 Mar 22:00 to Mon 9 Mar 08:00, within the hours of the setting Coverage."
    );
    // A night that has begun counts from now on.
    let asked = covered(rota, "Sun 22:00-10:00", "2026-03-09 01:00");
    assert_eq!(
        asked.one(Code::CoverageGap).seen,
        "Nobody is on call from Mon 9 Mar 01:00 to Mon 9 Mar 08:00, within the hours of the setting Coverage."
    );
    // Nobody on purpose is an intention.
    let meant = "From | 1st\n2 Mar 2026 | Ana\n7 Mar 2026 | nobody\n9 Mar 2026 | Ben\n31 Mar 2026 | Ben";
    assert_eq!(gaps(&covered(meant, "24/7", "2026-03-02 09:00")), []);
}

#[test]
fn many_gaps_are_counted() {
    let mut rota = "From | Until | 1st".to_owned();
    for day in 2..=30 {
        rota.push_str(&format!("\n{day} Mar 2026 08:00 | {day} Mar 2026 20:00 | Ana"));
    }
    let asked = covered(&rota, "24/7", "2026-03-02 09:00");
    let gaps = gaps(&asked);
    assert_eq!(gaps.len(), 10);
    // Fourteen nights begin before 16 March 09:00; ten are told.
    assert!(gaps[9].1.ends_with("Coverage. And 4 more gaps within two weeks."), "{}", gaps[9].1);
}

#[test]
fn the_end_comes_nearer() {
    let rota = "From | 1st\n2 Mar 2026 | Ana\n9 Mar 2026 | Ben";
    // The last row holds for a week: until Monday 16 March, 08:00.
    let end = |now: &str| {
        let asked = ask(vec![tab("Contacts", CONTACTS), tab("Rota", rota)], SETTINGS, now);
        let found: Vec<(Severity, String)> = asked
            .findings
            .iter()
            .filter(|finding| matches!(finding.code, Code::RotaEnds | Code::RotaEnded))
            .map(|finding| (finding.severity, finding.seen.clone()))
            .collect();
        found
    };
    let ends = |severity, away: &str| vec![(severity, format!("The rota ends Mon 16 Mar 08:00, {away}."))];
    assert_eq!(end("2026-03-02 07:59"), []);
    assert_eq!(end("2026-03-02 08:00"), ends(Severity::Warn, "in 14 days"));
    assert_eq!(end("2026-03-09 08:00"), ends(Severity::Warn, "in 7 days"));
    assert_eq!(end("2026-03-14 07:59"), ends(Severity::Warn, "in 2 days"));
    assert_eq!(end("2026-03-14 08:00"), ends(Severity::Stop, "in 2 days"));
    assert_eq!(end("2026-03-16 07:00"), ends(Severity::Stop, "in less than a day"));
    assert_eq!(
        end("2026-03-16 08:00"),
        [(Severity::Stop, "The rota ended Mon 16 Mar 08:00.".to_owned())]
    );
}

#[test]
fn numbers_that_are_missing_are_one_finding() {
    let rota = "From | 1st | 2nd\n2 Mar 2026 | Ana Diaz | Ben Osei\n9 Mar 2026 | Ben Osei | Cy Stone\n16 Mar 2026 | Cy Stone | Ana Diaz";
    let remedy = "Add a tab Contacts with the columns Name | Phone, one row for each person, with the numbers of all. \
                  `rotaline template --contacts-for FILE` writes one with all names of this rota, for the numbers to be filled in.";
    let asked = ask(vec![tab("Rota", rota)], SETTINGS, "2026-03-01 09:00");
    assert_eq!(asked.codes(), [(Severity::Stop, Code::ContactsMissing)], "{:#?}", asked.findings);
    let missing = asked.one(Code::ContactsMissing);
    assert_eq!(
        missing.seen,
        "The rota names people such as \"Ana Diaz\", and no tab says at which number anybody is reached."
    );
    assert_eq!(missing.remedy, remedy);
    assert_eq!(missing.affects, Some(utc("2026-03-02 08:00")));
    // A tab that has no numbers is no help.
    let names = "Name | Phone\nAna Diaz |\nBen Osei |\nCy Stone |";
    let asked = ask(vec![tab("Contacts", names), tab("Rota", rota)], SETTINGS, "2026-03-01 09:00");
    assert_eq!(asked.codes(), [(Severity::Stop, Code::ContactsMissing)], "{:#?}", asked.findings);
    assert_eq!(
        asked.one(Code::ContactsMissing).seen,
        "The rota names people such as \"Ana Diaz\", and the tab \"Contacts\" holds no phone number for anybody."
    );
}

#[test]
fn a_rota_that_is_not_read_hides_no_contact() {
    let contacts = "Name | Phone\nAna Diaz | ana@example.com\nBen Osei | 0491 570 157\nCy Stone | 0491 570 157";
    let changes = "From | Until | 1st\n7 Mar 2026 | 8 Mar 2026 | Nobody Known";
    let tabs = vec![
        tab("Contacts", contacts),
        tab("Rota", "Ring Ana first.\nThen Ben."),
        tab("Changes", changes),
    ];
    let asked = ask(tabs, SETTINGS, "2026-03-01 09:00");
    for code in [Code::LayoutUnknown, Code::PhoneUnusable, Code::PhoneShared, Code::NameUnknown] {
        asked.one(code);
    }
}

//! Sentences worked out by hand from small sheets, read as a person would read them.

use super::super::{Duty, HeldSpan, Responder, Roster, Settings, read};
use super::*;
use providers::{AddressStyle, Cell, Revision, Sheet, Tab};
use std::sync::Arc;

const CONTACTS: &str = "\
Name|Phone
Mira Holt|+61491570156
Theo Banks|+61491570157
Dr Lin Sato|+61491570158
Ward phone|+61491570110";

fn utc(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn tab(name: &str, text: &str) -> Tab {
    let cells = |line: &str| line.split('|').map(|text| Cell::Text(text.to_owned())).collect();
    Tab {
        name: name.to_owned(),
        file: None,
        style: AddressStyle::Grid,
        rows: text.lines().map(cells).collect(),
        lines: Vec::new(),
        merges: Vec::new(),
        formatted: Vec::new(),
        link: None,
    }
}

/// A rota of these tabs, kept in that zone, read at that time.
fn roster(zone: &str, tabs: &[(&str, &str)], now: &str) -> Roster {
    read_with(zone, tabs, now).0
}

fn read_with(zone: &str, tabs: &[(&str, &str)], now: &str) -> (Roster, Vec<Diagnostic>) {
    let (sheet, given) = sheet(zone, tabs);
    read(&sheet, &given, utc(now))
}

/// A sheet of these tabs and the contacts, with its settings.
pub(in crate::roster) fn sheet(zone: &str, tabs: &[(&str, &str)]) -> (Sheet, Settings) {
    let mut all = vec![tab("Contacts", CONTACTS)];
    all.extend(tabs.iter().map(|(name, text)| tab(name, text)));
    let sheet = Sheet {
        title: "test".to_owned(),
        revision: Revision("1".to_owned()),
        time_zone: None,
        tabs: all,
        remarks: Vec::new(),
        link: None,
    };
    let given = [("Time zone", zone), ("Handover time", "08:00"), ("Country for phone numbers", "AU")];
    let given = given.map(|(name, value)| (name.to_owned(), value.to_owned()));
    (sheet, Settings(given.to_vec()))
}

fn wish(from: &str) -> Wish<'static> {
    Wish {
        from: utc(from),
        days: DAYS,
        numbers: Numbers::Masked,
        last_resort: None,
        held: &[],
        findings: &[],
    }
}

fn told(roster: &Roster, wish: &Wish<'_>) -> Vec<String> {
    let preview = preview(roster, wish);
    preview.stretches.iter().map(|stretch| stretch.sentence.to_string()).collect()
}

const WEEKS: &str = "\
From|1st|2nd|3rd
2026-03-02|Mira Holt|Theo Banks|Dr Lin Sato
2026-03-09|Theo Banks|Mira Holt|Dr Lin Sato
2026-03-16|Mira Holt|Theo Banks|nobody";

const WEDDING: &str = "\
From|Until|1st|2nd|Why
2026-03-07 18:00|2026-03-08 18:00|Theo Banks|Ward phone|wedding";

#[test]
fn a_change_is_told_with_its_cells_and_who_comes_back() {
    let roster = roster(
        "Australia/Melbourne",
        &[("Rota", WEEKS), ("Changes", WEDDING)],
        "2026-03-05T00:00:00Z",
    );
    let full = Wish {
        days: 8,
        numbers: Numbers::Full,
        ..wish("2026-03-05T00:00:00Z")
    };
    assert_eq!(
        told(&roster, &full),
        [
            "Mon 2 Mar 08:00 to Sat 7 Mar 18:00: first Mira Holt +61 491 570 156 (Rota!B2), second Theo Banks +61 491 570 157 (Rota!C2), \
             third Dr Lin Sato +61 491 570 158 (Rota!D2).",
            "Sat 7 Mar 18:00 to Sun 8 Mar 18:00: first Theo Banks +61 491 570 157 (Changes!C2, a change), second Ward phone \
             +61 491 570 110 (Changes!D2, a change), third Dr Lin Sato +61 491 570 158 (Rota!D2); then back to Mira Holt.",
            "Sun 8 Mar 18:00 to Mon 9 Mar 08:00: first Mira Holt +61 491 570 156 (Rota!B2), second Theo Banks +61 491 570 157 (Rota!C2), \
             third Dr Lin Sato +61 491 570 158 (Rota!D2).",
            "Mon 9 Mar 08:00 to Mon 16 Mar 08:00: first Theo Banks +61 491 570 157 (Rota!B3), second Mira Holt +61 491 570 156 (Rota!C3), \
             third Dr Lin Sato +61 491 570 158 (Rota!D3).",
        ]
    );
}

#[test]
fn a_change_that_has_begun_still_says_who_comes_back() {
    let roster = roster(
        "Australia/Melbourne",
        &[("Rota", WEEKS), ("Changes", WEDDING)],
        "2026-03-07T20:00:00Z",
    );
    let sentence = told(&roster, &wish("2026-03-07T20:00:00Z")).remove(0);
    assert!(
        sentence.starts_with("Sat 7 Mar 18:00 to Sun 8 Mar 18:00: first Theo Banks "),
        "{sentence}"
    );
    assert!(sentence.ends_with("; then back to Mira Holt."), "{sentence}");
}

#[test]
fn numbers_are_masked_unless_asked_for() {
    let roster = roster("Australia/Melbourne", &[("Rota", WEEKS)], "2026-03-02T00:00:00Z");
    let sentence = told(&roster, &wish("2026-03-02T00:00:00Z")).remove(0);
    assert_eq!(
        sentence,
        "Mon 2 Mar 08:00 to Mon 9 Mar 08:00: first Mira Holt +61…156 (Rota!B2), second Theo Banks +61…157 (Rota!C2), third Dr Lin Sato \
         +61…158 (Rota!D2)."
    );
}

#[test]
fn people_of_one_cell_ring_together_and_a_level_of_another_name_says_it() {
    let shifts = "Date|Day|Night\n2026-03-02|Mira Holt / Theo Banks|Dr Lin Sato\n2026-03-03|Dr Lin Sato|nobody";
    let settings = "Setting|Value\nShift: Day|08:00-20:00\nShift: Night|20:00-08:00";
    let roster = roster(
        "Australia/Melbourne",
        &[("Rota", shifts), ("Settings", settings)],
        "2026-03-02T00:00:00Z",
    );
    let manager = Responder::clone(&roster.contacts[3]);
    let with_manager = Wish {
        days: 2,
        last_resort: Some(&manager),
        ..wish("2026-03-02T00:00:00Z")
    };
    assert_eq!(
        told(&roster, &with_manager),
        [
            "Mon 2 Mar 08:00 to 20:00: first Mira Holt +61…156 and Theo Banks +61…157 together (Day, Rota!B2).",
            "Mon 2 Mar 20:00 to Tue 3 Mar 08:00: first Dr Lin Sato +61…158 (Night, Rota!C2).",
            "Tue 3 Mar 08:00 to 20:00: first Dr Lin Sato +61…158 (Day, Rota!B3).",
            "Tue 3 Mar 20:00 to Wed 4 Mar 08:00: nobody, on purpose (Rota!C3); callers are put through to the last resort, Ward phone \
             +61…110.",
            "From Wed 4 Mar 08:00 on: NOBODY is on call, because the rota has ended; callers are put through to the last resort, Ward \
             phone +61…110.",
        ]
    );
}

#[test]
fn gaps_say_how_long_and_what_callers_meet() {
    let rows = "From|Until|1st\n2026-03-02 08:00|2026-03-02 17:00|Mira Holt\n2026-03-05 10:00|2026-03-05 17:00|Theo Banks";
    let roster = roster("Australia/Melbourne", &[("Rota", rows)], "2026-03-01T00:00:00Z");
    assert_eq!(
        told(&roster, &wish("2026-03-01T00:00:00Z")),
        [
            "Until Mon 2 Mar 08:00: NOBODY is on call, because the rota has not begun; callers are asked to leave a message.",
            "Mon 2 Mar 08:00 to 17:00: first Mira Holt +61…156 (Rota!C2).",
            "Mon 2 Mar 17:00 to Thu 5 Mar 10:00 (2 days 17 hours): NOBODY is on call, and the sheet does not say that this is meant; callers \
             are asked to leave a message.",
            "Thu 5 Mar 10:00 to 17:00: first Theo Banks +61…157 (Rota!C3).",
            "From Thu 5 Mar 17:00 on: NOBODY is on call, because the rota has ended; callers are asked to leave a message.",
        ]
    );
    let empty = Roster::new(chrono_tz::UTC, Vec::new(), None, Vec::new());
    assert_eq!(
        told(&empty, &wish("2026-03-01T00:00:00Z")),
        ["NOBODY is on call at any time, because the rota has no duty that could be rung; callers are asked to leave a message."]
    );
}

#[test]
fn who_is_named_and_cannot_be_rung_is_told_with_the_reason() {
    let rows = "From|1st|2nd\n2026-03-02|Mira Holt|M Hlot\n2026-03-09|Theo Bank|nobody\n2026-03-16|Mira Holt|Theo Banks";
    let (roster, findings) = read_with("Australia/Melbourne", &[("Rota", rows)], "2026-03-02T00:00:00Z");
    let with_findings = Wish {
        findings: &findings,
        ..wish("2026-03-02T00:00:00Z")
    };
    assert_eq!(
        told(&roster, &with_findings)[..2],
        [
            "Mon 2 Mar 08:00 to Mon 9 Mar 08:00: first Mira Holt +61…156 (Rota!B2); \"M Hlot\" (2nd, Rota!C2) cannot be rung: not in Contacts.",
            "Mon 9 Mar 08:00 to Mon 16 Mar 08:00 (7 days): NOBODY is on call, and the sheet does not say that this is meant; callers are asked \
             to leave a message; \"Theo Bank\" (1st, Rota!B3) cannot be rung: not in Contacts.",
        ]
    );
}

#[test]
fn rows_that_overlap_ring_the_later_one_first() {
    let rows = "From|Until|1st\n2026-03-02 08:00|2026-03-02 20:10|Mira Holt\n2026-03-02 20:00|2026-03-03 08:10|Theo Banks";
    let roster = roster("Australia/Melbourne", &[("Rota", rows)], "2026-03-01T21:00:00Z");
    let one_day = Wish {
        days: 1,
        ..wish("2026-03-01T21:00:00Z")
    };
    let preview = preview(&roster, &one_day);
    let kinds: Vec<Kind> = preview.stretches.iter().map(|stretch| stretch.kind).collect();
    assert_eq!(kinds, [Kind::OnCall, Kind::Overlap, Kind::OnCall]);
    assert_eq!(
        preview.stretches[1].sentence.to_string(),
        "Mon 2 Mar 20:00 to 20:10: two rows overlap, and the one that begins later is rung first: first Theo Banks +61…157 (Rota!C3), second \
         Mira Holt +61…156 (1st, Rota!C2)."
    );
}

#[test]
fn days_that_the_clocks_change_say_their_length() {
    // Melbourne: back on Sun 5 Apr 2026 at 03:00, forward on Sun 4 Oct 2026 at 02:00.
    let days = "From|1st\n2026-04-04|Mira Holt\n2026-04-05|Theo Banks\n2026-10-03|Mira Holt\n2026-10-04|Theo Banks";
    let roster = roster("Australia/Melbourne", &[("Rota", days)], "2026-04-04T00:00:00Z");
    let a_year = Wish {
        days: 366,
        ..wish("2026-04-04T00:00:00Z")
    };
    let told = told(&roster, &a_year);
    assert_eq!(
        told[0],
        "Sat 4 Apr 08:00 to Sun 5 Apr 08:00 (25 hours: the clocks go back): first Mira Holt +61…156 (Rota!B2)."
    );
    assert!(
        told.iter()
            .any(|said| said.starts_with("Sat 3 Oct 08:00 to Sun 4 Oct 08:00 (23 hours: the clocks go forward): first Mira Holt ")),
        "{told:#?}"
    );
}

#[test]
fn a_handover_in_the_hour_that_comes_twice_says_which_and_half_an_hour_is_told() {
    // London: Sun 25 Oct 2026, 02:00 is 01:00 again. Lord Howe moves by half an hour: Sun 5 Apr 2026.
    let london = "From|Until|1st\n2026-10-24 20:00|2026-10-25 01:30|Mira Holt";
    let roster_of_london = roster("Europe/London", &[("Rota", london)], "2026-10-24T19:00:00Z");
    assert_eq!(
        told(&roster_of_london, &wish("2026-10-24T19:00:00Z"))[0],
        "Sat 24 Oct 20:00 to Sun 25 Oct 01:30 (UTC+01:00): first Mira Holt +61…156 (Rota!C2)."
    );
    let island = "From|Until|1st\n2026-04-04 08:00|2026-04-05 08:00|Mira Holt";
    let island = roster("Australia/Lord_Howe", &[("Rota", island)], "2026-04-04T00:00:00Z");
    assert!(
        told(&island, &wish("2026-04-04T00:00:00Z"))[0]
            .starts_with("Sat 4 Apr 08:00 to Sun 5 Apr 08:00 (24 hours 30 minutes: the clocks go back): first "),
    );
}

#[test]
fn a_held_span_is_told_as_one() {
    let before = roster("Australia/Melbourne", &[("Rota", WEEKS)], "2026-03-02T00:00:00Z");
    let without = WEEKS.replace("2026-03-02|Mira Holt|Theo Banks|Dr Lin Sato", "2026-03-02|||");
    let after = roster("Australia/Melbourne", &[("Rota", &without)], "2026-03-02T00:00:00Z");
    let now = utc("2026-03-02T00:00:00Z");
    let lost: Vec<Duty> = before.lost_with(&after, now, utc("2026-03-04T00:00:00Z"));
    let held: Vec<HeldSpan> = lost.into_iter().map(|duty| HeldSpan { since: now, duty }).collect();
    let after = after.holding(&held);
    let with_held = Wish {
        days: 1,
        held: &held,
        ..wish("2026-03-02T00:00:00Z")
    };
    assert_eq!(
        told(&after, &with_held),
        [
            "Mon 2 Mar 11:00 to Wed 4 Mar 11:00: first Mira Holt +61…156 (Rota!B2), second Theo Banks +61…157 (Rota!C2), third Dr Lin Sato \
          +61…158 (Rota!D2); held from an earlier version, because the sheet in use has nobody then."
        ]
    );
}

#[test]
fn the_same_number_is_not_rung_twice_and_names_cannot_break_a_line() {
    let one = Arc::new(Responder {
        name: "Mira\nHolt 0491 570 156".to_owned(),
        phone: super::super::Phone::from_e164("+61491570156").unwrap(),
        then: None,
    });
    let level = |label: &str, column| Level {
        label: Arc::from(label),
        responders: [Arc::clone(&one)].into(),
        source: CellAddress::new("Rota", AddressStyle::Grid, 2, column),
        is_change: false,
    };
    let duty = Duty {
        from: utc("2026-12-31T08:00:00Z"),
        until: utc("2027-01-01T08:00:00Z"),
        levels: vec![level("1st", 2), level("Backup", 3)],
        nobody: None,
    };
    let roster = Roster::new(chrono_tz::UTC, Vec::new(), None, vec![duty]);
    assert_eq!(
        told(&roster, &wish("2026-12-31T08:00:00Z"))[0],
        "Thu 31 Dec 08:00 to Fri 1 Jan 2027 08:00: first Mira Holt 049…156 +61…156 (Rota!B2), second Mira Holt 049…156 +61…156 (not rung \
         again: same number as before) (Backup, Rota!C2)."
    );
}

#[test]
fn more_than_200_stretches_are_counted_and_the_days_are_bounded() {
    let rows: Vec<String> = (0..300)
        .map(|hour| {
            let at = utc("2026-03-02T00:00:00Z") + chrono::TimeDelta::hours(hour);
            let name = if hour % 2 == 0 { "Mira Holt" } else { "Theo Banks" };
            format!("{}|{name}", at.format("%Y-%m-%d %H:%M"))
        })
        .collect();
    let table = format!("From|1st\n{}", rows.join("\n"));
    let roster = roster("UTC", &[("Rota", &table)], "2026-03-02T00:00:00Z");
    let preview = preview(&roster, &wish("2026-03-02T00:00:00Z"));
    // 300 hours of duty, the last of them as long as the others, then the end of the rota.
    assert_eq!((preview.stretches.len(), preview.more), (200, 101));
    let far = super::preview(
        &roster,
        &Wish {
            days: u32::MAX,
            ..wish("2026-03-02T00:00:00Z")
        },
    );
    assert_eq!(far.until, utc("2027-03-03T00:00:00Z"));
}

/// Days from Monday 2 to Wednesday 4 March, and again from Monday 9 March on.
const DAYS_ONLY: &str = "\
From|Until|1st
2026-03-02|2026-03-04|Mira Holt
2026-03-09|2026-03-16|Theo Banks";

#[test]
fn a_gap_is_told_by_the_hours_of_coverage() {
    let (sheet, mut given) = sheet("UTC", &[("Rota", DAYS_ONLY)]);
    given.0.push(("Coverage".to_owned(), "Mon-Fri 09:00-17:00".to_owned()));
    let (roster, _) = read(&sheet, &given, utc("2026-03-04T12:00:00Z"));
    let told = told(&roster, &wish("2026-03-06T12:00:00Z"));
    // The dates of Until are the last days: the gap is from Thu 5 Mar 08:00 to Mon 9 Mar 08:00.
    assert_eq!(
        told[..2],
        [
            "Fri 6 Mar 09:00 to 17:00 (8 hours): NOBODY is on call, and the sheet does not say that this is meant; callers are asked to \
             leave a message.",
            "Fri 6 Mar 17:00 to Mon 9 Mar 08:00 (2 days 15 hours): nobody, outside the hours of the setting Coverage; callers are asked to \
             leave a message.",
        ]
    );
    // What comes after the end of the rota is one stretch, whatever the hours.
    let end = told.last().unwrap();
    assert!(end.starts_with("From Tue 17 Mar 08:00 on: NOBODY is on call"), "{told:?}");
    assert_eq!(told.len(), 4, "{told:?}");
    let is_outside = |at| roster.is_outside_coverage(utc(at));
    assert!(is_outside("2026-03-07T12:00:00Z") && is_outside("2026-03-06T17:00:00Z"));
    for at in [
        "2026-03-06T16:59:59Z",
        "2026-03-03T12:00:00Z",
        "2026-03-28T12:00:00Z",
        "2026-02-28T12:00:00Z",
    ] {
        assert!(!is_outside(at), "{at}");
    }
}

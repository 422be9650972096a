//! `From | [Until] | 1st | 2nd | …`: when rows begin and end, what a bad row costs, what the changes do.

use super::*;

const CONTACTS: &str = "
Name | Phone
Ana Diaz | 0491 570 156
Ben Osei | 0491 570 157
Cy Stone | 0491 570 158
Dee Fox | 0491 570 159
";

/// Read with a handover at 08:00 UTC, so that instants are what stands in the sheet.
fn list(rota: &str, now: &str) -> Asked {
    with_changes(rota, "", now)
}

fn with_changes(rota: &str, changes: &str, now: &str) -> Asked {
    let tabs = vec![tab("Contacts", CONTACTS), tab("Rota", rota), tab("Changes", changes)];
    ask(tabs, "Time zone=UTC\nHandover time=08:00\nCountry=AU", now)
}

fn whos(asked: &Asked, instants: &[&str]) -> Vec<String> {
    instants.iter().map(|at| asked.who(at)).collect()
}

#[test]
fn a_day_lasts_up_to_the_handover_after_it_and_a_time_is_exact() {
    let rota = "
From | Until | 1st
2 Mar 2026 | 4 Mar 2026 | Ana
6 Mar 2026 12:00 | 7 Mar 2026 18:00 | Ben
";
    let asked = list(rota, "2026-03-01 00:00");
    let at = [
        "2026-03-02 07:59",
        "2026-03-02 08:00",
        "2026-03-05 07:59",
        "2026-03-05 08:00",
        "2026-03-06 12:00",
        "2026-03-07 17:59",
        "2026-03-07 18:00",
    ];
    assert_eq!(
        whos(&asked, &at),
        ["gap", "Ana Diaz", "Ana Diaz", "gap", "Ben Osei", "Ben Osei", "gap"]
    );
    // The gap is meant and is only noted; the end is announced.
    assert_eq!(
        asked.codes(),
        [(Severity::Note, Code::CoverageGap), (Severity::Warn, Code::RotaEnds)]
    );
    assert_eq!(
        asked.one(Code::CoverageGap).seen,
        "Nobody is on call from Thu 5 Mar 08:00 to Fri 6 Mar 12:00."
    );
}

#[test]
fn rows_may_come_in_any_order_and_levels_by_their_words() {
    let rota = "
2nd | 1st | From | 10 columns later | 3rd
Ben | Ana | 9 Mar 2026 | |
Ana | Ben | 2 Mar 2026 | |
Cy | Ana | 16 Mar 2026 | |
";
    let asked = list(rota, "2026-02-01 00:00");
    let at = ["2026-03-02 08:00", "2026-03-09 08:00", "2026-03-23 07:59", "2026-03-23 08:00"];
    assert_eq!(
        whos(&asked, &at),
        ["Ben Osei, Ana Diaz", "Ana Diaz, Ben Osei", "Ana Diaz, Cy Stone", "gap"]
    );
    assert_eq!(asked.codes(), []);
}

#[test]
fn the_only_row_holds_for_a_week() {
    let asked = list("From | 1st\n2 Mar 2026 | Ana", "2026-02-01 00:00");
    assert_eq!(whos(&asked, &["2026-03-09 07:59", "2026-03-09 08:00"]), ["Ana Diaz", "gap"]);
}

/// Weeks of London around both changes of the clocks: 167 and 169 hours long.
#[test]
fn weeks_are_local() {
    let rota = "From | 1st\n23 Mar 2026 | Ana\n30 Mar 2026 | Ben\n19 Oct 2026 | Ana\n26 Oct 2026 | Ben";
    let tabs = vec![tab("Contacts", CONTACTS), tab("Rota", rota)];
    let asked = ask(tabs, "Time zone=Europe/London\nHandover=09:00\nCountry=AU", "2026-03-01 00:00");
    // 09:00 is 09:00 UTC in winter and 08:00 UTC in summer.
    let at = [
        "2026-03-23 08:59",
        "2026-03-23 09:00",
        "2026-03-30 07:59",
        "2026-03-30 08:00",
        "2026-10-19 08:00",
        "2026-10-26 08:59",
        "2026-10-26 09:00",
    ];
    assert_eq!(
        whos(&asked, &at),
        ["gap", "Ana Diaz", "Ana Diaz", "Ben Osei", "Ana Diaz", "Ana Diaz", "Ben Osei"]
    );
    // The last week ends on 2 November at 09:00.
    assert_eq!(asked.duty("2026-10-30 00:00").until, utc("2026-11-02 09:00"));
}

#[test]
fn a_handover_that_the_clocks_skip_or_repeat() {
    let rota = "From | 1st\n28 Mar 2026 | Ana\n29 Mar 2026 | Ben\n30 Mar 2026 | Ana\n24 Oct 2026 | Ben\n25 Oct 2026 | Ana";
    let tabs = vec![tab("Contacts", CONTACTS), tab("Rota", rota)];
    let asked = ask(tabs, "Time zone=Europe/London\nHandover=01:30\nCountry=AU", "2026-03-01 00:00");
    // On 29 March 01:30 does not exist: the first instant after the gap is 01:00 UTC.
    assert_eq!(whos(&asked, &["2026-03-29 00:59", "2026-03-29 01:00"]), ["Ana Diaz", "Ben Osei"]);
    // On 25 October 01:30 comes twice, first at 00:30 UTC.
    assert_eq!(whos(&asked, &["2026-10-25 00:29", "2026-10-25 00:30"]), ["Ben Osei", "Ana Diaz"]);
    let changes = asked.of(Code::ClockChange);
    assert_eq!(
        changes.iter().map(|finding| cells(finding)).collect::<Vec<_>>(),
        [["Rota!A3"], ["Rota!A6"]]
    );
}

#[test]
fn without_a_handover_time_days_change_at_midnight_and_that_is_said_once() {
    let tabs = vec![
        tab("Contacts", CONTACTS),
        tab("Rota", "From | 1st\n2 Mar 2026 | Ana\n9 Mar 2026 | Ben"),
    ];
    let asked = ask(tabs, "Time zone=UTC\nCountry=AU", "2026-02-01 00:00");
    assert_eq!(whos(&asked, &["2026-03-01 23:59", "2026-03-02 00:00"]), ["gap", "Ana Diaz"]);
    assert_eq!(cells(asked.one(Code::HandoverMissing)), ["Rota!A2"]);
    let with_times = "From | 1st\n2 Mar 2026 08:00 | Ana\n9 Mar 2026 08:00 | Ben";
    let asked = ask(
        vec![tab("Contacts", CONTACTS), tab("Rota", with_times)],
        "Time zone=UTC\nCountry=AU",
        "2026-02-01 00:00",
    );
    assert_eq!(asked.codes(), []);
}

#[test]
fn date_cells_of_midnight_among_times_are_midnight() {
    let rota = "From | 1st\n@2026-03-02T00:00 | Ana\n@2026-03-02T08:00 | Ben\n@2026-03-02T16:00 | Cy";
    let asked = list(rota, "2026-02-01 00:00");
    assert_eq!(
        whos(&asked, &["2026-03-02 00:00", "2026-03-02 08:00", "2026-03-02 16:00"]),
        ["Ana Diaz", "Ben Osei", "Cy Stone"]
    );
    let asked = list("From | 1st\n@2026-03-02T00:00 | Ana\n@2026-03-09T00:00 | Ben", "2026-02-01 00:00");
    assert_eq!(whos(&asked, &["2026-03-02 07:59", "2026-03-02 08:00"]), ["gap", "Ana Diaz"]);
}

#[test]
fn a_row_without_a_readable_date_costs_its_own_week() {
    let rota = "
From | 1st | 2nd
2 Mar 2026 | Ana | Ben
9 Mar 2026 | Ben | Cy
16/03.2026 | Cy | Ana
23 Mar 2026 | Ana | Ben
30 Mar 2026 | Ben | Ana
";
    let asked = list(rota, "2026-03-01 00:00");
    let at = ["2026-03-16 07:59", "2026-03-16 08:00", "2026-03-23 07:59", "2026-03-23 08:00"];
    assert_eq!(whos(&asked, &at), ["Ben Osei, Cy Stone", "gap", "gap", "Ana Diaz, Ben Osei"]);
    assert_eq!(
        asked.one(Code::DateUnreadable).to_string(),
        "STOP  Rota!A4: \"16/03.2026\" mixes separators, so it may be a slip.\n      \
         Nobody is on call from Mon 16 Mar 08:00 to Mon 23 Mar 08:00; callers get the hotline's last resort, or are asked to leave a message.\n      \
         Did you mean \"16/03/2026\"? Write the date with one kind of separator, or as 2 Mar 2026."
    );
}

#[test]
fn dates_that_can_be_read_in_two_ways_are_refused_together() {
    let rota = "From | 1st\n02/03/2026 | Ana\n03/04/2026 | Ben\n05/06/2026 | Cy";
    let asked = list(rota, "2026-03-01 00:00");
    assert_eq!(asked.roster.duties(), []);
    assert_eq!(
        asked.one(Code::DateAmbiguous).to_string(),
        "STOP  Rota!A2, A3 and A4: \"02/03/2026\" can be 2 March or 3 February, and nothing else in its column settles it. The other cells likewise.\n      \
         No row has a date that is certain, so nobody is on call.\n      \
         Add to Settings: Date order | day first (or month first)."
    );
    let rota = "From | 1st\n02/03/2026 | Ana\n03/04/2026 | Ben\n4 May 2026 | Cy";
    let asked = list(rota, "2026-03-01 00:00");
    let finding = asked.one(Code::DateAmbiguous);
    assert_eq!(
        (finding.severity, cells(finding)),
        (Severity::Stop, vec!["Rota!A2".to_owned(), "Rota!A3".to_owned()])
    );
    assert_eq!(
        finding.seen,
        "\"02/03/2026\" can be 2 March or 3 February, and nothing else in its column settles it. The other cell likewise."
    );
    assert_eq!(asked.who("2026-05-04 08:00"), "Cy Stone");
}

#[test]
fn people_without_a_date() {
    let rota = "From | 1st\n2 Mar 2026 | Ana\n | Ben\n16 Mar 2026 | Cy\n | \n | Dee is on leave in April";
    let asked = list(rota, "2026-02-01 00:00");
    assert_eq!(cells(asked.one(Code::DateMissing)), ["Rota!A3"]);
    assert_eq!(cells(asked.one(Code::RowsIgnored)), ["Rota!A6"]);
    // The median of one step is that step: 14 days.
    assert_eq!(whos(&asked, &["2026-03-02 08:00", "2026-03-16 08:00"]), ["Ana Diaz", "Cy Stone"]);
}

#[test]
fn one_unknown_name_is_one_finding_and_costs_only_that_person() {
    let rota = "
From | 1st | 2nd
2 Mar 2026 | Ana | Bne Osei
9 Mar 2026 | Bne Osei | Ana / Cy
16 Mar 2026 | Ana & Bne Osei | Cy
23 Mar 2026 | Bne Osei | Bne Osei
";
    let asked = list(rota, "2026-02-25 00:00");
    let at = ["2026-03-02 08:00", "2026-03-09 08:00", "2026-03-16 08:00", "2026-03-23 08:00"];
    assert_eq!(whos(&asked, &at), ["Ana Diaz", "Ana Diaz+Cy Stone", "Ana Diaz, Cy Stone", "gap"]);
    assert_eq!(
        asked.one(Code::NameUnknown).to_string(),
        "STOP  Rota!C2, B3, B4, B5 and C5: \"Bne Osei\" is not in Contacts (nearest: \"Ben Osei\", Contacts!A3).\n      \
         2nd from Mon 2 Mar 08:00 to Mon 9 Mar 08:00 is left out; callers reach only the levels before it. The same in 4 more shifts.\n      \
         Fix the spelling, or add \"Bne Osei\" under Also known as of \"Ben Osei\"."
    );
}

#[test]
fn blank_is_a_finding_and_nobody_is_an_intention() {
    let rota = "
From | 1st | 2nd | 3rd
2 Mar 2026 | Ana | | Cy
9 Mar 2026 | nobody | |
16 Mar 2026 | Ana | Ben |
23 Mar 2026 | | - | N/A
30 Mar 2026 | Ana | niemand | Cy
";
    let asked = list(rota, "2026-02-25 00:00");
    let at = [
        "2026-03-02 08:00",
        "2026-03-09 08:00",
        "2026-03-16 08:00",
        "2026-03-23 08:00",
        "2026-03-30 08:00",
    ];
    assert_eq!(
        whos(&asked, &at),
        ["Ana Diaz, Cy Stone", "nobody", "Ana Diaz, Ben Osei", "gap", "Ana Diaz, Cy Stone"]
    );
    let blanks: Vec<(Severity, Vec<String>)> = asked
        .of(Code::LevelBlank)
        .into_iter()
        .map(|finding| (finding.severity, cells(finding)))
        .collect();
    let expected = [
        (Severity::Warn, "Rota!C2"),
        (Severity::Note, "Rota!D4"),
        (Severity::Stop, "Rota!B5"),
    ];
    assert_eq!(blanks, expected.map(|(severity, cell)| (severity, vec![cell.to_owned()])));
}

#[test]
fn somebody_to_be_announced_is_urgent_as_the_shift_comes_near() {
    let rota = "From | 1st | 2nd\n2 Mar 2026 | Ana | TBA\n9 Mar 2026 | TBC | Cy\n16 Mar 2026 | tbd |";
    let severities = |now: &str| {
        let asked = list(rota, now);
        let found: Vec<Severity> = asked.of(Code::LevelPending).into_iter().map(|finding| finding.severity).collect();
        (found, asked.who("2026-03-02 08:00"), asked.who("2026-03-16 08:00"))
    };
    let expected = |found: &[Severity]| (found.to_vec(), "Ana Diaz".to_owned(), "gap".to_owned());
    // By column: 2nd on 2 March, 1st on 9 and 16 March, where on the 16th nobody is left.
    assert_eq!(severities("2026-02-01 00:00"), expected(&[Severity::Note, Severity::Warn]));
    assert_eq!(severities("2026-02-24 00:00"), expected(&[Severity::Warn, Severity::Warn]));
    assert_eq!(severities("2026-03-10 00:00"), expected(&[Severity::Stop, Severity::Note]));
}

#[test]
fn two_rows_that_begin_together_are_both_rung() {
    let rota = "From | 1st\n2 Mar 2026 | Ana\n2 Mar 2026 | Ben\n9 Mar 2026 | Cy\n9 Mar 2026 | Cy";
    let asked = list(rota, "2026-02-01 00:00");
    assert_eq!(
        whos(&asked, &["2026-03-02 08:00", "2026-03-09 07:59"]),
        ["Ana Diaz, Ben Osei", "Ana Diaz, Ben Osei"]
    );
    let twice = asked.one(Code::FromTwice);
    assert_eq!((twice.severity, twice.cells.len()), (Severity::Warn, 4));
}

#[test]
fn rows_that_overlap_ring_the_later_one_first_and_no_gap_follows() {
    let rota = "
From | Until | 1st
1 Mar 2026 08:00 | 31 Mar 2026 08:00 | Ana
10 Mar 2026 08:00 | 12 Mar 2026 08:00 | Ben
";
    let asked = list(rota, "2026-02-01 00:00");
    let at = ["2026-03-09 08:00", "2026-03-10 08:00", "2026-03-12 08:00", "2026-03-31 08:00"];
    assert_eq!(whos(&asked, &at), ["Ana Diaz", "Ben Osei, Ana Diaz", "Ana Diaz", "gap"]);
    assert_eq!(cells(asked.one(Code::ShiftsOverlap)), ["Rota!A2", "Rota!A3"]);
}

#[test]
fn an_end_that_cannot_be_used_is_left_out() {
    let rota = "From | Until | 1st\n2 Mar 2026 | 1 Mar 2026 | Ana\n9 Mar 2026 | whenever | Ben\n16 Mar 2026 | 20 Mar 2026 | Cy";
    let asked = list(rota, "2026-02-01 00:00");
    assert_eq!(
        whos(&asked, &["2026-03-09 07:59", "2026-03-09 08:00", "2026-03-16 07:59"]),
        ["Ana Diaz", "Ben Osei", "Ben Osei"]
    );
    let ends: Vec<Vec<String>> = asked.of(Code::UntilUnreadable).into_iter().map(cells).collect();
    assert_eq!(ends, [["Rota!B2"], ["Rota!B3"]]);
}

#[test]
fn a_missing_week_is_pointed_out() {
    let rota = "From | 1st\n2 Mar 2026 | Ana\n9 Mar 2026 | Ben\n23 Mar 2026 | Cy\n30 Mar 2026 | Ana";
    let asked = list(rota, "2026-02-01 00:00");
    assert_eq!(asked.who("2026-03-20 00:00"), "Ben Osei");
    let long = asked.one(Code::RowHoldsLong);
    assert_eq!(
        (cells(long), long.affects),
        (vec!["Rota!A3".to_owned()], Some(utc("2026-03-16 08:00")))
    );
}

const TWO_LEVELS: &str = "From | 1st | 2nd\n2 Mar 2026 | Ana | Ben\n9 Mar 2026 | Ben | Ana";

#[test]
fn changes_are_laid_over_position_by_position() {
    let changes = "
From | Until | 1st | 2nd | 3rd | Why
3 Mar 2026 12:00 | 3 Mar 2026 18:00 | Cy | | | dentist
4 Mar 2026 | 4 Mar 2026 | | nobody | |
5 Mar 2026 10:00 | 5 Mar 2026 12:00 | nobody | niemand | | power cut
6 Mar 2026 10:00 | 6 Mar 2026 14:00 | Cy | | |
6 Mar 2026 12:00 | 6 Mar 2026 16:00 | Dee | | |
7 Mar 2026 10:00 | 7 Mar 2026 12:00 | | | Dee |
";
    let asked = with_changes(TWO_LEVELS, changes, "2026-03-01 00:00");
    for (at, expected) in [
        ("2026-03-03 11:59", "Ana Diaz, Ben Osei"),
        ("2026-03-03 12:00", "Cy Stone, Ben Osei"),
        ("2026-03-03 18:00", "Ana Diaz, Ben Osei"),
        // A day: from its handover to the next.
        ("2026-03-04 07:59", "Ana Diaz, Ben Osei"),
        ("2026-03-04 08:00", "Ana Diaz"),
        ("2026-03-05 07:59", "Ana Diaz"),
        ("2026-03-05 08:00", "Ana Diaz, Ben Osei"),
        ("2026-03-05 11:00", "nobody"),
        // The later row wins.
        ("2026-03-06 11:59", "Cy Stone, Ben Osei"),
        ("2026-03-06 12:00", "Dee Fox, Ben Osei"),
        ("2026-03-06 15:59", "Dee Fox, Ben Osei"),
        ("2026-03-06 16:00", "Ana Diaz, Ben Osei"),
        // A position that the rota does not have comes after it.
        ("2026-03-07 11:00", "Ana Diaz, Ben Osei, Dee Fox"),
    ] {
        assert_eq!(asked.who(at), expected, "{at}");
    }
    assert_eq!(asked.duty("2026-03-05 11:00").nobody.as_ref().unwrap().to_string(), "Changes!D4");
    assert_eq!(asked.codes(), [(Severity::Note, Code::ChangesOverlap)]);
}

#[test]
fn an_empty_change_never_silences_the_line() {
    let changes = "From | Until | 1st | 2nd\n3 Mar 2026 12:00 | 3 Mar 2026 18:00 | | -\n4 Mar 2026 12:00 | 4 Mar 2026 18:00 | Cyy Stonn |\nsoon | 5 Mar 2026 | Cy |";
    let asked = with_changes(TWO_LEVELS, changes, "2026-03-01 00:00");
    assert_eq!(
        whos(&asked, &["2026-03-03 13:00", "2026-03-04 13:00"]),
        ["Ana Diaz, Ben Osei", "Ana Diaz, Ben Osei"]
    );
    assert_eq!(cells(asked.one(Code::ChangeEmpty)), ["Changes!A2"]);
    assert_eq!(asked.one(Code::ChangeEmpty).affects, Some(utc("2026-03-03 12:00")));
    let unknown = asked.one(Code::NameUnknown);
    assert_eq!(cells(unknown), ["Changes!C3"]);
    assert_eq!(
        unknown.consequence,
        "1st from Wed 4 Mar 12:00 to Wed 4 Mar 18:00 is not changed; whoever the rota names is rung."
    );
    let lost = asked.one(Code::DateUnreadable);
    assert_eq!((cells(lost), lost.severity), (vec!["Changes!A4".to_owned()], Severity::Stop));
}

#[test]
fn a_change_fills_a_gap_and_other_tab_names_do() {
    for name in ["Overrides", "Swaps", "cover"] {
        let changes = "From | Until | 1st\n20 Mar 2026 08:00 | 20 Mar 2026 10:00 | Cy";
        let tabs = vec![tab("Contacts", CONTACTS), tab("Rota", TWO_LEVELS), tab(name, changes)];
        let asked = ask(tabs, "Time zone=UTC\nHandover time=08:00\nCountry=AU", "2026-03-01 00:00");
        assert_eq!(
            whos(&asked, &["2026-03-20 09:00", "2026-03-20 10:00"]),
            ["Cy Stone", "gap"],
            "{name}"
        );
        assert!(asked.duty("2026-03-20 09:00").levels[0].is_change);
    }
}

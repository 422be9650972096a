//! The page's parts as markup, from rotas made by hand.

use super::super::board::Board;
use super::super::page::{days, hotline};
use super::super::presence::PersonWords;
use super::judging::{cell, duty, finding, level, person, rota};
use super::*;
use crate::roster::{Diagnostic, Duty, Severity};
use crate::store::{CurrentRota, Seal, Trouble};

fn board(rota: Option<CurrentRota>, now: DateTime<Utc>) -> Board {
    let trouble = rota.as_ref().and_then(|rota| rota.trouble.clone());
    let words = PersonWords(Seal::new("secret".to_owned()));
    Board::new(super::hotline(), rota.map(Arc::new), trouble, Vec::new(), words, now)
}

fn card(rota: CurrentRota) -> String {
    whole(&board(Some(rota), saturday()))
}

/// All that the page shows of a hotline.
fn whole(board: &Board) -> String {
    hotline::card(0, board, true, &operator()).into_string() + &days::card(0, board, true).into_string()
}

/// The text without its tags, blanks collapsed: what a person reads.
fn read(markup: &str) -> String {
    let mut text = String::new();
    let mut in_tag = false;
    for character in markup.chars() {
        match character {
            '<' => in_tag = true,
            '>' => {
                in_tag = false;
                text.push(' ');
            }
            _ if in_tag => {}
            _ => text.push(character),
        }
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn two_levels() -> Vec<Duty> {
    let changes = providers::CellAddress::new("Changes", AddressStyle::Grid, 3, 4);
    let first = level("1st", vec![person("Ana Diaz", "+61491570156")], cell(12, 2), false);
    let together = vec![person("Ben Osei", "+61491570157"), person("Cara Lund", "+61491570158")];
    let second = level("2nd", together, changes, true);
    let later = level("1st", vec![person("Dee", "+61491570159")], cell(13, 2), false);
    vec![
        duty("2026-11-20T21:00:00Z", "2026-11-21T09:00:00Z", vec![first, second]),
        duty("2026-11-21T09:00:00Z", "2026-11-21T21:00:00Z", vec![later]),
    ]
}

#[test]
fn the_card_says_who_in_which_order_by_which_cell_and_until_when() {
    let text = read(&card(rota(two_levels(), Vec::new(), saturday())));
    for part in [
        "On call now Sheet read 0 s ago , checked 0 s ago 1 Ana Diaz +61…156 1st said by cell Rota!B12",
        "2 Ben Osei +61…157 Cara Lund +61…158 They ring together. 2nd said by cell Changes!D3 change",
        "+61…006 , times of Australia/Melbourne",
        "Until Sat 21 Nov 20:00 , in 6 h Then Dee Sheet rota.xlsx revision 9f2c4b7a11d0",
        "Sat 21 Nov 08:00 to 20:00: first Ana Diaz +61…156 ( Rota!B12 ), second Ben Osei +61…157 and Cara Lund +61…158 together ( Changes!D3 , a \
         change).",
        "Sat 21 Nov 20:00 to Sun 22 Nov 08:00: first Dee +61…159 ( Rota!B13 ). From Sun 22 Nov 08:00 on: NOBODY is on call, because the rota has \
         ended; callers are asked to leave a message.",
        "No findings: everything in the sheet was understood.",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    assert!(!text.contains("49157015"), "a number in full: {text}");
}

#[test]
fn nothing_from_the_sheet_is_markup() {
    let hostile = "<script>alert('x')</script>\"><img src=x>";
    let mut found = finding(Severity::Stop, None);
    found.seen = hostile.to_owned();
    found.consequence = hostile.to_owned();
    found.remedy = hostile.to_owned();
    found.cells = vec![providers::CellAddress::new(hostile, AddressStyle::Grid, 1, 1)];
    let bad_cell = providers::CellAddress::new(hostile, AddressStyle::Lines, 1, 1);
    let levels = vec![level(hostile, vec![person(hostile, "+61491570156")], bad_cell, true)];
    let mut rota = rota(
        vec![duty("2026-11-20T21:00:00Z", "2026-11-21T09:00:00Z", levels)],
        vec![found],
        saturday(),
    );
    rota.title = hostile.to_owned();
    rota.revision = Revision(hostile.to_owned());
    rota.trouble = Some(Trouble {
        since: saturday(),
        words: hostile.to_owned(),
    });
    let mut board = board(Some(rota), saturday());
    board.hotline.title = hostile.to_owned();
    let markup = whole(&board);
    assert!(!markup.contains("<script") && !markup.contains("<img"), "{markup}");
    // Title (of the card and of the days), rota title, revision (twice, shortened once), trouble, three words and a cell of the finding, name and
    // label and cell of the level, the bar's title, name, label and cell again in the sentence, and the name at the switch.
    assert_eq!(markup.matches("&lt;script").count(), 18, "{markup}");
}

#[test]
fn a_gap_is_loud_and_says_what_callers_meet() {
    let later = vec![duty("2026-11-21T09:00:00Z", "2026-11-21T21:00:00Z", Vec::new())];
    let mut board = board(Some(rota(later, Vec::new(), saturday())), saturday());
    let text = read(&whole(&board));
    assert!(text.contains("Nobody is on call. Callers are asked to leave a message."), "{text}");
    assert!(text.contains("Until Sat 21 Nov 20:00"), "{text}");
    assert!(
        text.contains("Until Sat 21 Nov 20:00: NOBODY is on call, because the rota has not begun; callers are asked to leave a message."),
        "{text}"
    );

    board.hotline.last_resort = Some(crate::roster::Responder {
        name: "Duty manager".to_owned(),
        phone: number("+61491570110"),
        then: None,
    });
    let text = read(&hotline::card(0, &board, false, &operator()).into_string());
    assert!(
        text.contains("Callers are put through to the last resort at once: Duty manager +61…110"),
        "{text}"
    );
    assert_eq!(hotline::in_short(&board), "Nobody on call: Laboratory");
}

#[test]
fn nobody_on_purpose_is_calm_and_names_its_cell() {
    let meant = vec![duty("2026-11-20T21:00:00Z", "2026-11-21T09:00:00Z", Vec::new())];
    let markup = card(rota(meant, Vec::new(), saturday()));
    let text = read(&markup);
    assert!(
        text.contains("Nobody, on purpose said by cell Rota!C9 . Callers are asked to leave a message."),
        "{text}"
    );
    assert!(!markup.contains("alarm"), "{markup}");
}

#[test]
fn trouble_and_age_are_loud() {
    let mut rota = rota(two_levels(), Vec::new(), saturday() - TimeDelta::minutes(31));
    rota.trouble = Some(Trouble {
        since: saturday() - TimeDelta::minutes(25),
        words: "not readable just now: rota.xlsx is locked".to_owned(),
    });
    let text = read(&card(rota));
    for part in [
        "The last good copy of the rota is in use.",
        "Reason: not readable just now: rota.xlsx is locked",
        "Since Sat 21 Nov 13:35 , 25 min ago",
        "last checked 31 min ago : too long ago",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
}

#[test]
fn without_a_rota_the_card_says_so_and_why() {
    let mut board = board(None, saturday());
    board.trouble = Some(Trouble {
        since: saturday() - TimeDelta::minutes(2),
        words: "not found: rota.xlsx".to_owned(),
    });
    let text = read(&hotline::card(0, &board, false, &operator()).into_string());
    assert!(
        text.contains("No rota has been read yet. Callers are asked to leave a message."),
        "{text}"
    );
    assert!(text.contains("not found: rota.xlsx"), "{text}");
    assert!(text.contains("Since Sat 21 Nov 02:58 UTC"), "{text}");
}

#[test]
fn findings_keep_their_words_and_notes_are_folded() {
    let mut stop = finding(Severity::Stop, Some(utc("2026-11-21T21:00:00Z")));
    stop.cells = (14..22).map(|row| cell(row, 3)).collect();
    let mut warn = finding(Severity::Warn, None);
    warn.seen = "Same number +44 7700 900123 for \"Ana\" and \"Ben\".".to_owned();
    let markup = card(rota(two_levels(), vec![finding(Severity::Note, None), warn, stop], saturday()));
    let text = read(&markup);
    for part in [
        "Stop Rota!C14 Rota!C15 Rota!C16 Rota!C17 Rota!C18 Rota!C19 and 2 more cells &quot;J Smth&quot; is not in \
         Contacts (nearest: &quot;J Smith&quot;, Contacts!A7). Callers go from first straight to third. Fix the \
         spelling. name-unknown , first affects calls Sun 22 Nov 08:00 Warn",
        "Same number +44…123 for",
        "1 note Note Rota!C14",
        "One finding in the sheet stops somebody from being reached, now or within 48 hours.",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    let folded = markup.split("<details id=\"notes-").nth(1).unwrap();
    assert!(folded.contains(">Note<") && !folded.contains(">Stop<") && !folded.contains(">Warn<"));
}

#[test]
fn a_flood_of_findings_is_cut() {
    let many: Vec<Diagnostic> = (0..60).map(|_| finding(Severity::Warn, None)).collect();
    let markup = card(rota(two_levels(), many, saturday()));
    assert_eq!(markup.matches(">Warn<").count(), 50);
    assert!(
        read(&markup).contains("10 more findings. rotaline check lists them all."),
        "{markup}"
    );
}

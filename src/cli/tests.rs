//! Answers compared with texts written by hand, for rotas put together by hand.

use super::check::CheckReport;
use super::instant::{Instant, parse};
use super::reading::Reading;
use super::who::WhoReport;
use super::*;
use crate::roster::wall_clock::Zone;
use crate::roster::{Code, Diagnostic, Duty, Level, Phone, Responder, Roster, Severity};
use chrono_tz::Tz;
use providers::{AddressStyle, CellAddress};
use std::sync::Arc;

const MELBOURNE: Tz = Tz::Australia__Melbourne;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn cell(row: u32, column: u32) -> CellAddress {
    CellAddress::new("Rota", AddressStyle::Grid, row, column)
}

fn person(name: &str, phone: &str) -> Arc<Responder> {
    Arc::new(Responder {
        name: name.to_owned(),
        phone: Phone::from_e164(phone).unwrap(),
        then: None,
    })
}

fn level(label: &str, responders: &[&Arc<Responder>], source: CellAddress) -> Level {
    Level {
        label: Arc::from(label),
        responders: responders.iter().map(|responder| Arc::clone(responder)).collect(),
        source,
        is_change: false,
    }
}

/// Mon 2 Mar 2026, in Melbourne (UTC+11): 08:00 to 18:00 three levels, then a gap until 20:00, then nobody on
/// purpose until Tue 08:00; then nothing.
fn roster() -> Roster {
    let priya = person("Priya Nair", "+61491570156");
    let tom = person("Tom Okafor", "+61491570157");
    let wei = person("Dr Wei Zhang", "+61491570158");
    let desk = person("Desk", "+61491570156");
    let changed = Level {
        is_change: true,
        source: CellAddress::new("Changes", AddressStyle::Grid, 2, 3),
        ..level("1st", &[&tom], cell(4, 2))
    };
    let duties = vec![
        Duty {
            from: at("2026-03-01T21:00:00Z"),
            until: at("2026-03-02T07:00:00Z"),
            levels: vec![
                changed,
                level("2nd", &[&priya, &wei], cell(4, 3)),
                level("3rd", &[&desk], cell(4, 4)),
            ],
            nobody: None,
        },
        Duty {
            from: at("2026-03-02T09:00:00Z"),
            until: at("2026-03-02T21:00:00Z"),
            levels: vec![],
            nobody: Some(cell(5, 2)),
        },
    ];
    Roster::new(MELBOURNE, vec![priya, tom, wei, desk], None, duties)
}

fn reading(when: &str) -> Reading {
    Reading {
        title: "rota.xlsx".to_owned(),
        revision: "1".to_owned(),
        files: Vec::new(),
        own_time: None,
        hotline: None,
        zone: Zone::new(MELBOURNE),
        remarks: vec![],
        at: at(when),
        read_at: at(when),
        roster: roster(),
        diagnostics: vec![],
        why: vec![],
        last_resort: Some(Responder::clone(&person("Duty phone", "+61491570110"))),
    }
}

fn finding(severity: Severity) -> Diagnostic {
    Diagnostic {
        severity,
        code: Code::NameUnknown,
        cells: vec![cell(14, 3)],
        more_cells: 0,
        seen: "\"J Smth\" is not in Contacts (nearest: \"J Smith\", Contacts!A7).".to_owned(),
        consequence: "Second on call from Mon 2 Mar 08:00 to Mon 9 Mar 08:00 has no number; callers go from first straight to third."
            .to_owned(),
        remedy: "Fix the spelling, or add \"J Smth\" under Also known as in Contacts!C7.".to_owned(),
        affects: Some(at("2026-03-01T21:00:00Z")),
    }
}

#[test]
fn who_says_level_name_number_cell_and_what_comes_next() {
    let report = WhoReport::new(&reading("2026-03-02T05:30:00Z"), false);
    assert_eq!(report.status(), Status::Fine);
    assert_eq!(
        report.text(Look::Plain),
        "\
rota.xlsx, times of Australia/Melbourne, read just now

At Mon 2 Mar 2026 16:30 (UTC+11:00), until Mon 2 Mar 18:00:
  1st   Tom Okafor    +61…157  Changes!C2 (change)
  2nd   Priya Nair    +61…156  Rota!C4
  with  Dr Wei Zhang  +61…158  Rota!C4
  3rd   Desk          +61…156  Rota!D4, not rung again: same number as before
  then  Duty phone    +61…110  last resort

From Mon 2 Mar 18:00, until Mon 2 Mar 20:00:
  NOBODY: the rota has a gap here
  then  Duty phone  +61…110  last resort

Numbers are masked; --numbers shows them.
"
    );
}

#[test]
fn who_tells_a_gap_from_nobody_on_purpose() {
    let mut gap = reading("2026-03-02T08:00:00Z");
    gap.last_resort = None;
    gap.hotline = Some("lab".to_owned());
    gap.remarks = vec!["settings from rota.toml".to_owned()];
    gap.diagnostics = vec![finding(Severity::Stop), finding(Severity::Note)];
    let report = WhoReport::new(&gap, true);
    assert_eq!(report.status(), Status::Findings);
    assert_eq!(
        report.text(Look::Plain),
        "\
Hotline lab: rota.xlsx, times of Australia/Melbourne, read just now
(settings from rota.toml)

At Mon 2 Mar 2026 19:00 (UTC+11:00), since Mon 2 Mar 18:00, until Mon 2 Mar 20:00:
  NOBODY: the rota has a gap here
  then nobody: no last resort is set, callers are asked for a message

From Mon 2 Mar 20:00, until Tue 3 Mar 08:00:
  nobody  on purpose    Rota!B5
  then nobody: no last resort is set, callers are asked for a message

1 finding stops somebody from being reached: see `rotaline check`.
"
    );

    let nobody = WhoReport::new(&reading("2026-03-02T09:00:00Z"), true);
    assert_eq!(nobody.status(), Status::Fine, "meant is no finding");
    assert_eq!(
        nobody.text(Look::Plain),
        "\
rota.xlsx, times of Australia/Melbourne, read just now

At Mon 2 Mar 2026 20:00 (UTC+11:00), until Tue 3 Mar 08:00:
  nobody  on purpose                Rota!B5
  then    Duty phone  +61491570110  last resort

From Tue 3 Mar 08:00:
  NOBODY: the rota has ended
  then  Duty phone  +61491570110  last resort
"
    );
}

#[test]
fn who_before_the_rota_and_without_one() {
    let before = WhoReport::new(&reading("2025-12-31T00:00:00Z"), true).text(Look::Plain);
    assert!(
        before.contains("At Wed 31 Dec 2025 11:00 (UTC+11:00), until Mon 2 Mar 2026 08:00:\n  NOBODY: the rota has not begun\n"),
        "{before}"
    );
    let mut empty = reading("2026-03-02T00:00:00Z");
    empty.roster = Roster::new(MELBOURNE, vec![], None, vec![]);
    let text = WhoReport::new(&empty, true).text(Look::Plain);
    assert!(
        text.contains("At Mon 2 Mar 2026 11:00 (UTC+11:00):\n  NOBODY: the rota has no duty that could be rung\n"),
        "{text}"
    );
}

#[test]
fn who_as_json() {
    let report = serde_json::to_value(WhoReport::new(&reading("2026-03-02T05:30:00Z"), true)).unwrap();
    let expected = serde_json::json!({
        "rota": "rota.xlsx",
        "hotline": null,
        "time_zone": "Australia/Melbourne",
        "at": "2026-03-02T05:30:00Z",
        "at_local": "2026-03-02T16:30:00+11:00",
        "on_call": {
            "state": "on_call",
            "from": "2026-03-01T21:00:00Z",
            "until": "2026-03-02T07:00:00Z",
            "nobody": null,
            "levels": [
                {"label": "1st", "source": "Changes!C2", "is_change": true, "responders": [
                    {"name": "Tom Okafor", "phone": "+61491570157", "rung_earlier": false}]},
                {"label": "2nd", "source": "Rota!C4", "is_change": false, "responders": [
                    {"name": "Priya Nair", "phone": "+61491570156", "rung_earlier": false},
                    {"name": "Dr Wei Zhang", "phone": "+61491570158", "rung_earlier": false}]},
                {"label": "3rd", "source": "Rota!D4", "is_change": false, "responders": [
                    {"name": "Desk", "phone": "+61491570156", "rung_earlier": true}]},
            ],
        },
        "next": {
            "state": "gap",
            "from": "2026-03-02T07:00:00Z",
            "until": "2026-03-02T09:00:00Z",
            "nobody": null,
            "levels": [],
        },
        "last_resort": {"name": "Duty phone", "phone": "+61491570110", "rung_earlier": false},
        "read_at": "2026-03-02T05:30:00Z",
        "remarks": [],
        "why": [],
        "stops": 0,
    });
    assert_eq!(report, expected);
}

#[test]
fn check_says_findings_summary_and_coverage() {
    let mut reading = reading("2026-03-01T21:00:00Z");
    reading.diagnostics = vec![finding(Severity::Stop), finding(Severity::Warn), finding(Severity::Warn)];
    let findings = ["STOP", "WARN", "WARN"].map(|severity| {
        format!(
            "{severity}  Rota!C14: \"J Smth\" is not in Contacts (nearest: \"J Smith\", Contacts!A7). [name-unknown]
      Second on call from Mon 2 Mar 08:00 to Mon 9 Mar 08:00 has no number; callers go from first straight to third.
      Fix the spelling, or add \"J Smth\" under Also known as in Contacts!C7.\n"
        )
    });
    let report = CheckReport::new(reading);
    assert_eq!(report.status(), Status::Findings);
    assert_eq!(
        report.text(Look::Plain),
        findings.concat()
            + "
rota.xlsx: 1 stop, 2 warnings.
Coverage from Mon 2 Mar 2026 08:00 to Mon 16 Mar 08:00 (Australia/Melbourne): 2 gaps, in which callers reach the last resort; nobody on purpose 1 time
  Mon 2 Mar 18:00 to Mon 2 Mar 20:00 (2 h)
  Tue 3 Mar 08:00 to Mon 16 Mar 08:00 (312 h)
"
    );
}

#[test]
fn check_of_a_good_rota_and_of_one_whose_gaps_reach_nobody() {
    let mut good = reading("2026-03-01T21:00:00Z");
    let mut duty = good.roster.duties()[0].clone();
    duty.until = at("2026-04-01T00:00:00Z");
    good.roster = Roster::new(MELBOURNE, vec![], None, vec![duty]);
    let report = CheckReport::new(good);
    assert_eq!(report.status(), Status::Fine);
    assert_eq!(
        report.text(Look::Plain),
        "rota.xlsx: no findings.\nCoverage from Mon 2 Mar 2026 08:00 to Mon 16 Mar 08:00 (Australia/Melbourne): no gap\n"
    );

    let mut lost = reading("2026-03-01T21:00:00Z");
    lost.last_resort = None;
    let report = CheckReport::new(lost);
    assert_eq!(report.status(), Status::Findings);
    assert!(
        report.text(Look::Plain).contains("2 gaps, in which callers reach nobody"),
        "{}",
        report.text(Look::Plain)
    );
}

#[test]
fn check_as_json() {
    let mut reading = reading("2026-03-02T07:30:00Z");
    reading.hotline = Some("lab".to_owned());
    reading.diagnostics = vec![finding(Severity::Warn)];
    let expected = serde_json::json!({
        "rota": "rota.xlsx",
        "hotline": "lab",
        "time_zone": "Australia/Melbourne",
        "at": "2026-03-02T07:30:00Z",
        "findings": [{
            "severity": "warn",
            "code": "name-unknown",
            "cells": ["Rota!C14"], "links": [null], "more_cells": 0,
            "seen": "\"J Smth\" is not in Contacts (nearest: \"J Smith\", Contacts!A7).",
            "consequence": "Second on call from Mon 2 Mar 08:00 to Mon 9 Mar 08:00 has no number; callers go from first straight to third.",
            "remedy": "Fix the spelling, or add \"J Smth\" under Also known as in Contacts!C7.",
            "affects": "2026-03-01T21:00:00Z",
        }],
        "coverage": {
            "from": "2026-03-02T07:30:00Z",
            "until": "2026-03-16T07:30:00Z",
            "gaps": [
                {"from": "2026-03-02T07:30:00Z", "until": "2026-03-02T09:00:00Z"},
                {"from": "2026-03-02T21:00:00Z", "until": "2026-03-16T07:30:00Z"},
            ],
            "nobody": [{"from": "2026-03-02T09:00:00Z", "until": "2026-03-02T21:00:00Z"}],
        },
        "has_last_resort": true,
        "remarks": [],
    });
    assert_eq!(serde_json::to_value(CheckReport::new(reading)).unwrap(), expected);
}

#[test]
fn coverage_is_two_weeks_of_the_calendar_also_when_the_clocks_change() {
    // In Melbourne the clocks go back on Sun 5 Apr 2026: the two weeks are an hour longer.
    let json = serde_json::to_value(CheckReport::new(reading("2026-03-29T21:00:00Z"))).unwrap();
    assert_eq!(json["coverage"]["from"], "2026-03-29T21:00:00Z");
    assert_eq!(json["coverage"]["until"], "2026-04-12T22:00:00Z");
}

#[test]
fn times_are_understood_as_people_write_them() {
    let now = at("2026-11-21T03:00:00Z");
    let zone = Zone::new(MELBOURNE);
    let exact = |expected: &str| Instant {
        at: at(expected),
        remark: None,
    };
    let cases = [
        ("now", "2026-11-21T03:00:00Z"),
        (" Now ", "2026-11-21T03:00:00Z"),
        ("2026-07-03 02:00", "2026-07-02T16:00:00Z"),
        ("2026-07-03T02:00", "2026-07-02T16:00:00Z"),
        ("2026-07-03T02:00:30", "2026-07-02T16:00:30Z"),
        ("2026-07-03T02:00:00+02:00", "2026-07-03T00:00:00Z"),
        ("2026-07-03T02:00+02:00", "2026-07-03T00:00:00Z"),
        ("2026-07-03T02:00:00Z", "2026-07-03T02:00:00Z"),
        ("2026-07-03 02:00Z", "2026-07-03T02:00:00Z"),
        ("2026-07-03T02:00:00.250Z", "2026-07-03T02:00:00.250Z"),
    ];
    for (text, expected) in cases {
        assert_eq!(parse(text, now, &zone), Ok(exact(expected)), "{text}");
    }
    // 4 Oct 2026: 02:00 to 03:00 is skipped; 5 Apr 2026: 02:00 to 03:00 comes twice.
    let skipped = parse("2026-10-04 02:30", now, &zone).unwrap();
    assert_eq!(skipped.at, at("2026-10-03T16:00:00Z"));
    assert_eq!(
        skipped.remark.unwrap(),
        "2026-10-04 02:30 is skipped when the clocks go forward; taken as 03:00"
    );
    let repeated = parse("2026-04-05 02:30", now, &zone).unwrap();
    assert_eq!(repeated.at, at("2026-04-04T15:30:00Z"));
    assert_eq!(
        repeated.remark.unwrap(),
        "2026-04-05 02:30 comes twice as the clocks go back; taken as the first"
    );
    for text in ["", "tomorrow", "2026-07-03", "3 Jul 2026 02:00", "2026-02-30 02:00", "02:00"] {
        let error = parse(text, now, &zone).unwrap_err();
        assert_eq!(
            error,
            format!(
                "--at \"{text}\" is not a time: write a time of the rota's zone (\"2026-07-03 02:00\" or \"2026-07-03T02:00\"), one with its offset (\"2026-07-03T02:00+10:00\" or \"2026-07-02T16:00Z\"), or \"now\""
            )
        );
    }
}

#[test]
fn the_command_line_is_sound() {
    use clap::CommandFactory;
    Cli::command().debug_assert();
    let parsed = Cli::try_parse_from([
        "rotaline",
        "who",
        "--rota",
        "r.csv",
        "--set",
        "Shift: Night = 22:00-06:00",
        "--set",
        "time_zone=UTC",
    ])
    .unwrap();
    let Command::Who(question) = parsed.command else {
        panic!("not who")
    };
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    assert_eq!(question.set, [pair("Shift: Night", "22:00-06:00"), pair("Time zone", "UTC")]);
    assert_eq!(question.at, "now");
    assert_eq!(parsed.config, Path::new("rotaline.toml"));

    let wrong = [
        &["rotaline"] as &[&str],
        &["rotaline", "whom"],
        &["rotaline", "who", "--rota", "r", "--hotline", "h"],
        &["rotaline", "who", "--set", "Shift: Night"],
        &["rotaline", "check", "--set", "=x"],
        &["rotaline", "demo", "--listen", "8080"],
    ];
    for line in wrong {
        assert_eq!(Cli::try_parse_from(line).unwrap_err().exit_code(), 2, "{line:?}");
    }
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    struct Gone(io::ErrorKind);
    impl Write for Gone {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(self.0.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    assert!(write(&mut Gone(io::ErrorKind::BrokenPipe), "x").is_ok());
    assert!(write(&mut Gone(io::ErrorKind::StorageFull), "x").is_err());
    let mut out = Vec::new();
    write(&mut out, "x\n").unwrap();
    assert_eq!(out, b"x\n");
}

#[test]
fn the_script_for_a_spreadsheet_is_that_of_the_readme_with_address_and_password() {
    let password = secrecy::SecretString::from("0123abcd");
    let script = nudge_script("https://hotline.example.org/nudge/lab", &password);
    let (how, code) = script.split_once("\nconst ").unwrap();
    assert!(how.lines().all(|line| line.starts_with("// ")), "{how}");
    assert_eq!(how.lines().count(), 3);
    let code = format!("const {code}");
    let readme = include_str!("../../README.md");
    let shown = readme.split("```js\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let filled = shown
        .replace("{address}", "https://hotline.example.org/nudge/lab")
        .replace("{password}", "0123abcd");
    assert_eq!(code, filled);
    let unreachable = nudge_script("http://127.0.0.1:8080/nudge/lab", &password);
    assert!(
        unreachable.contains("// Google cannot reach this address: it must be https"),
        "{unreachable}"
    );
}

//! The judgement of a hotline and its time line, on rosters made by hand.

use super::super::judgement::{Judgement, Status, judge};
use super::super::time_line::{bounds, time_line};
use super::super::times;
use super::*;
use crate::roster::{Code, Diagnostic, Duty, Level, OnCall, Responder, Roster, Severity};
use crate::store::{CurrentRota, Trouble};
use providers::CellAddress;

pub(super) fn cell(row: u32, column: u32) -> CellAddress {
    CellAddress::new("Rota", AddressStyle::Grid, row, column)
}

pub(super) fn person(name: &str, digits: &str) -> Arc<Responder> {
    Arc::new(Responder {
        name: name.to_owned(),
        phone: number(digits),
        then: None,
    })
}

pub(super) fn level(label: &str, responders: Vec<Arc<Responder>>, source: CellAddress, is_change: bool) -> Level {
    Level {
        label: Arc::from(label),
        responders: responders.into(),
        source,
        is_change,
    }
}

pub(super) fn duty(from: &str, until: &str, levels: Vec<Level>) -> Duty {
    let nobody = levels.is_empty().then(|| cell(9, 3));
    Duty {
        from: utc(from),
        until: utc(until),
        levels,
        nobody,
    }
}

pub(super) fn rota(duties: Vec<Duty>, diagnostics: Vec<Diagnostic>, checked_at: DateTime<Utc>) -> CurrentRota {
    CurrentRota {
        hotline: lab(),
        roster: Arc::new(Roster::new(chrono_tz::Australia::Melbourne, Vec::new(), None, duties)),
        diagnostics: diagnostics.into(),
        held: Arc::new([]),
        title: "rota.xlsx".to_owned(),
        link: None,
        revision: Revision("9f2c4b7a11d0e35c88aa".to_owned()),
        read_at: checked_at,
        as_of: checked_at,
        checked_at,
        trouble: None,
    }
}

pub(super) fn finding(severity: Severity, affects: Option<DateTime<Utc>>) -> Diagnostic {
    Diagnostic {
        severity,
        code: Code::NameUnknown,
        cells: vec![cell(14, 3)],
        more_cells: 0,
        seen: "\"J Smth\" is not in Contacts (nearest: \"J Smith\", Contacts!A7).".to_owned(),
        consequence: "Callers go from first straight to third.".to_owned(),
        remedy: "Fix the spelling.".to_owned(),
        affects,
    }
}

fn covered() -> Vec<Duty> {
    let ana = level("1st", vec![person("Ana Diaz", "+61491570156")], cell(2, 2), false);
    vec![duty("2026-11-20T21:00:00Z", "2026-11-21T09:00:00Z", vec![ana])]
}

fn codes(judgement: &Judgement) -> Vec<&'static str> {
    judgement.reasons.iter().map(|reason| reason.code).collect()
}

#[test]
fn a_covered_hotline_with_a_fresh_rota_is_well() {
    let now = saturday();
    let judgement = judge(Some(&rota(covered(), Vec::new(), now)), now, STALE_AFTER);
    assert_eq!((judgement.status, codes(&judgement)), (Status::Ok, vec![]));
}

#[test]
fn a_rota_is_stale_only_after_the_limit() {
    let now = saturday();
    for (seconds, expected) in [(900, Status::Ok), (901, Status::Degraded)] {
        let rota = rota(covered(), Vec::new(), now - TimeDelta::seconds(seconds));
        assert_eq!(judge(Some(&rota), now, STALE_AFTER).status, expected, "{seconds} s");
    }
}

#[test]
fn trouble_is_a_reason_even_while_the_copy_is_young() {
    let now = saturday();
    let mut rota = rota(covered(), Vec::new(), now);
    rota.trouble = Some(Trouble {
        since: now - TimeDelta::minutes(3),
        words: "not readable just now: locked".to_owned(),
    });
    let judgement = judge(Some(&rota), now, STALE_AFTER);
    assert_eq!((judgement.status, codes(&judgement)), (Status::Degraded, vec!["rota-trouble"]));
}

#[test]
fn only_stops_of_the_next_48_hours_count() {
    let now = saturday();
    let cases = [
        (Severity::Stop, None, Status::Degraded),
        (Severity::Stop, Some(now - TimeDelta::hours(1)), Status::Degraded),
        (Severity::Stop, Some(now + TimeDelta::hours(48)), Status::Degraded),
        (Severity::Stop, Some(now + TimeDelta::seconds(48 * 3600 + 1)), Status::Ok),
        (Severity::Warn, Some(now), Status::Ok),
        (Severity::Note, None, Status::Ok),
    ];
    for (severity, affects, expected) in cases {
        let rota = rota(covered(), vec![finding(severity, affects)], now);
        assert_eq!(judge(Some(&rota), now, STALE_AFTER).status, expected, "{severity:?} {affects:?}");
    }
}

#[test]
fn nobody_fails_unless_it_is_meant_and_comes_first_among_the_reasons() {
    let now = saturday();
    let meant = rota(
        vec![duty("2026-11-20T21:00:00Z", "2026-11-21T09:00:00Z", Vec::new())],
        Vec::new(),
        now,
    );
    assert_eq!(judge(Some(&meant), now, STALE_AFTER).status, Status::Ok);

    // The duty ends at 09:00: from that instant on nobody is there. By then the rota is stale, too.
    let judgement = judge(Some(&rota(covered(), Vec::new(), now)), utc("2026-11-21T09:00:00Z"), STALE_AFTER);
    assert_eq!(
        (judgement.status, codes(&judgement)),
        (Status::Failing, vec!["nobody-on-call", "rota-stale"])
    );
    let nothing = judge(None, now, STALE_AFTER);
    assert_eq!((nothing.status, codes(&nothing)), (Status::Failing, vec!["no-rota"]));
}

#[test]
fn the_time_line_tells_gaps_and_the_end() {
    let one = |from, until| duty(from, until, Vec::new());
    let zone = chrono_tz::Australia::Melbourne;
    let duties = vec![
        one("2026-11-21T00:00:00Z", "2026-11-21T08:00:00Z"),
        one("2026-11-21T10:00:00Z", "2026-11-21T20:00:00Z"),
        one("2026-11-21T20:00:00Z", "2026-11-22T06:00:00Z"),
    ];
    let roster = Roster::new(zone, Vec::new(), None, duties);
    let told = |at: &str, limit| -> Vec<(bool, Option<String>, Option<String>)> {
        let hours = |at: Option<DateTime<Utc>>| at.map(|at| at.format("%dT%H").to_string());
        let spans = time_line(&roster, utc(at), limit);
        let told = spans.iter().map(|span| {
            let (from, until) = bounds(span);
            (matches!(span, OnCall::Gap { .. }), hours(from), hours(until))
        });
        told.collect()
    };
    let at = |text: &str| Some(text.to_owned());
    let second = (false, at("21T10"), at("21T20"));
    let third = (false, at("21T20"), at("22T06"));
    let end = (true, at("22T06"), None);

    assert_eq!(told("2026-11-21T12:00:00Z", 9), [second.clone(), third.clone(), end.clone()]);
    assert_eq!(
        told("2026-11-21T08:00:00Z", 9),
        [(true, at("21T08"), at("21T10")), second.clone(), third.clone(), end.clone()]
    );
    assert_eq!(
        told("2026-11-20T00:00:00Z", 2),
        [(true, None, at("21T00")), (false, at("21T00"), at("21T08"))]
    );
    assert_eq!(told("2026-11-21T20:00:00Z", 1), [third]);
    assert_eq!(told("2026-11-23T00:00:00Z", 9), [end]);
    let empty = Roster::new(zone, Vec::new(), None, Vec::new());
    assert_eq!(time_line(&empty, saturday(), 9), [OnCall::Gap { from: None, until: None }]);
}

#[test]
fn counts_have_their_plural() {
    assert_eq!(times::counted(1, "day"), "1 day");
    assert_eq!(times::counted(2, "day"), "2 days");
}

#[test]
fn outside_the_hours_of_coverage_nobody_is_missing() {
    let cells = |line: &str| line.split('|').map(|text| providers::Cell::Text(text.to_owned())).collect();
    let rows = [
        "From|Until|1st|1st phone",
        "2026-11-16 08:00|2026-11-20 08:00|Ana Diaz|+61491570156",
        "2026-11-23 08:00|2026-11-27 08:00|Ana Diaz|+61491570156",
    ];
    let sheet = providers::Sheet {
        title: "lab".to_owned(),
        revision: Revision("1".to_owned()),
        time_zone: None,
        tabs: vec![providers::Tab {
            name: "Rota".to_owned(),
            file: None,
            style: AddressStyle::Grid,
            rows: rows.iter().map(|line| cells(line)).collect(),
            lines: Vec::new(),
            merges: Vec::new(),
            formatted: Vec::new(),
            link: None,
        }],
        remarks: Vec::new(),
        link: None,
    };
    let status_at = |coverage: &str, at: &str| {
        let settings = [("Time zone", "UTC"), ("Coverage", coverage)].map(|(name, value)| (name.to_owned(), value.to_owned()));
        let (roster, _) = crate::roster::read(&sheet, &crate::roster::Settings(settings.to_vec()), utc(at));
        let rota = CurrentRota {
            roster: Arc::new(roster),
            ..rota(Vec::new(), Vec::new(), utc(at))
        };
        judge(Some(&rota), utc(at), STALE_AFTER).status
    };
    // Saturday at noon, then Friday at noon; both lie between the two rows.
    assert_eq!(status_at("24/7", "2026-11-21T12:00:00Z"), Status::Failing);
    assert_eq!(status_at("Mon-Fri 09:00-17:00", "2026-11-21T12:00:00Z"), Status::Ok);
    assert_eq!(status_at("Mon-Fri 09:00-17:00", "2026-11-20T12:00:00Z"), Status::Failing);
    // After the last row nobody is ever on call again: the hours do not excuse that.
    assert_eq!(status_at("Mon-Fri 09:00-17:00", "2026-11-28T12:00:00Z"), Status::Failing);
}

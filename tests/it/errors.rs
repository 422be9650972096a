//! `docs/errors.md` says what each of the carrier's errors does; here the program is asked whether that is so.

use rotaline::occasions::Kind;
use rotaline::switchboard::CarrierError;
use rotaline::twilio::rest::answer::{RestAnswer, created, taken, updated};
use std::collections::BTreeSet;

const DOCUMENT: &str = include_str!("../../docs/errors.md");

/// Codes that the document must not forget.
const NEEDED: [u32; 33] = [
    20_429, 20_500, 20_503, 20_003, 20_005, 10_001, 20_404, 21_205, 21_210, 21_211, 21_212, 21_214, 21_215, 21_216, 21_217, 21_219, 21_220,
    21_408, 21_606, 21_608, 21_610, 21_611, 21_612, 21_614, 21_617, 30_001, 30_002, 30_003, 30_004, 30_005, 30_006, 30_007, 30_008,
];

struct Row<'d> {
    status: u16,
    code: Option<u32>,
    means: [&'d str; 3],
    told: &'d str,
}

/// The rows of the second table: those whose first cell is a number.
fn rows() -> Vec<Row<'static>> {
    let cells = DOCUMENT
        .lines()
        .filter(|line| line.starts_with('|'))
        .map(|line| line.trim_matches('|').split('|').map(str::trim).collect::<Vec<_>>());
    let rows = cells.filter_map(|cells| {
        let status = cells[0].parse().ok()?;
        let [_, code, _, ring, line, text, told] = cells[..] else {
            panic!("not seven cells: {cells:?}");
        };
        Some(Row {
            status,
            code: code.parse().ok(),
            means: [ring, line, text],
            told,
        })
    });
    rows.collect()
}

fn word(result: Result<(), CarrierError>) -> &'static str {
    match result.unwrap_err() {
        CarrierError::Throttled { .. } => "throttled",
        CarrierError::Unsure(_) | CarrierError::Unreachable(_) => "unsure",
        CarrierError::Gone => "gone",
        CarrierError::Refused(why) if why.permanent => "refused for good",
        CarrierError::Refused(_) => "refused",
    }
}

#[test]
fn the_table_of_errors_is_true() {
    let rows = rows();
    for row in &rows {
        let body = match row.code {
            Some(code) => serde_json::json!({ "code": code, "message": "No.", "status": row.status }).to_string(),
            None => "<html>No.</html>".to_owned(),
        };
        let answer = RestAnswer {
            status: row.status,
            retry_after: None,
            body: body.into_bytes(),
        };
        let means = [created(&answer).map(|_| ()), updated(&answer), taken(&answer)].map(word);
        assert_eq!(means, row.means, "{} {:?}", row.status, row.code);
        // What is repeated, or looked up, until it is done is no news; what is not done of a text is one.
        let by_itself = match row.means[2] {
            "throttled" | "unsure" => "–",
            _ => Kind::NotTexted.as_str(),
        };
        let told = row.code.and_then(Kind::of_account).map_or(by_itself, Kind::as_str);
        assert_eq!(told, row.told, "{} {:?}", row.status, row.code);
    }
}

#[test]
fn the_table_of_errors_forgets_none() {
    let written: BTreeSet<u32> = rows().iter().filter_map(|row| row.code).collect();
    assert_eq!(written, BTreeSet::from(NEEDED));
    let words: BTreeSet<&str> = rows().iter().flat_map(|row| row.means).collect();
    for word in words {
        assert!(DOCUMENT.contains(&format!("\n| {word} |")), "{word} is not explained");
    }
}

//! Random sheets, made of what real ones hold: no reading fails, no duty overlaps, no finding is without words.

use super::*;
use proptest::prelude::*;

/// What real cells hold, and what nobody expects.
#[rustfmt::skip]
const WORDS: &[&str] = &[
    "From", "Until", "Date", "Day", "1st", "2nd", "Primary", "Night", "Morning", "MorningPhone", "Name", "Phone", "Also known as",
    "Team", "Setting", "Notes", "Ana", "Ben", "Ana / Ben", "Ana, Ben", "Diaz, Ana", "AB", "nobody", "TBA", "-", "N/A", "#N/A",
    "2026-03-02", "2 Mar 2026", "Mon 2 Mar 2026 18:00", "03/04/2026", "13/04/2026", "1-Jul", "29 Feb", "24/02.2026", "mar 3 mar",
    "02/03/2026 6pm", "0491 570 156", "491570156", "+61 491 570 157", "4.47E+11", "#1028", "020 7946 0000 ext 12", "20:00-08:00",
    "Time zone", "UTC", "Europe/London", "Shift: Night", "Handover time", "08:00", "99999999999999999999", "١٢٣", "日付", "\u{202e}",
    "31 Feb 2026", "00/00/0000", "2026-13-45T99:99", "Ångström", "ß", "(", ")", ",", "/", "&", ":", "Shift: ", "1", "12pm",
];

fn text() -> impl Strategy<Value = String> {
    let word = prop::sample::select(WORDS);
    prop_oneof![6 => word.prop_map(|word| word.to_owned()), 1 => "\\PC{0,12}", 1 => "[0-9/:. -]{0,14}"]
}

fn cell() -> impl Strategy<Value = Cell> {
    let moment = (0..5_000_i64, 0..1_440_i64).prop_map(|(day, minute)| {
        let start = chrono::NaiveDate::from_ymd_opt(2020, 1, 1)
            .unwrap()
            .and_time(chrono::NaiveTime::MIN);
        Cell::DateTime(start + chrono::TimeDelta::days(day) + chrono::TimeDelta::minutes(minute))
    });
    prop_oneof![
        8 => text().prop_map(Cell::Text),
        2 => Just(Cell::Empty),
        1 => any::<f64>().prop_map(Cell::Number),
        1 => (30_000.0..60_000.0).prop_map(Cell::Number),
        2 => moment,
        1 => (0..86_399_u32).prop_map(|second| Cell::Time(chrono::NaiveTime::from_num_seconds_from_midnight_opt(second, 0).unwrap())),
        1 => any::<bool>().prop_map(Cell::Bool),
        1 => Just(Cell::Error("#REF!".to_owned())),
    ]
}

fn any_tab() -> impl Strategy<Value = Tab> {
    let name = prop::sample::select(vec!["Rota", "Contacts", "Changes", "Settings", "Sheet1", "2026"]);
    let header = prop::sample::select(vec![
        "",
        "From | 1st | 2nd",
        "From | Until | 1st | 2nd | Notes",
        "Date | Morning | MorningPhone | Night",
        "Name | Phone | Also known as",
        "Setting | Value",
    ]);
    let rows = prop::collection::vec(prop::collection::vec(cell(), 0..6), 0..12);
    let merges = prop::collection::vec((0..12_u32, 0..6_u32, 0..4_u32), 0..2);
    (name, header, rows, merges).prop_map(|(name, header, rows, merges)| {
        let mut made = tab(name, header);
        made.rows.extend(rows);
        made.merges = merges
            .into_iter()
            .map(|(row, column, down)| providers::Merge {
                first: (row, column),
                last: (row + down, column),
            })
            .collect();
        made
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_sheet_is_too_odd(tabs in prop::collection::vec(any_tab(), 0..5), settings in prop::collection::vec((text(), text()), 0..3)) {
        let (roster, findings) = read(&sheet(tabs), &Settings(settings), utc("2026-03-01 00:00"));
        for two in roster.duties().windows(2) {
            prop_assert!(two[0].until <= two[1].from);
        }
        for duty in roster.duties() {
            prop_assert!(duty.from < duty.until);
            prop_assert_eq!(duty.levels.is_empty(), duty.nobody.is_some());
            prop_assert!(duty.levels.iter().all(|level| !level.responders.is_empty()));
        }
        for finding in &findings {
            prop_assert!(!finding.seen.is_empty(), "{:?}", finding);
            // Whoever is not reached because of it is told to the admin, with what to do.
            if finding.severity == Severity::Stop {
                prop_assert!(!finding.consequence.is_empty() && !finding.remedy.is_empty(), "{:?}", finding);
            }
        }
        // An empty roster is a Stop, unless all that it held is past.
        let said = findings.iter().any(|finding| finding.severity == Severity::Stop);
        prop_assert!(!roster.duties().is_empty() || said, "{:#?}", findings);
    }
}

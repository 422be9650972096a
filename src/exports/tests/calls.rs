//! A call as rows, from facts made by hand.

use super::*;
use crate::call::{CallId, Fact, HotlineName, LegId, Outcome};
use crate::roster::wall_clock::Zone;

const ID: &str = "01a2b3c4-0000-7000-8000-000000000001";

fn at(second: u32) -> DateTime<Utc> {
    utc("2026-03-01 03:00") + chrono::TimeDelta::seconds(second.into())
}

/// Ann's phone rings for 20 s and she does not answer; Bob accepts after 31 s.
fn facts(ann: &str) -> Vec<(DateTime<Utc>, Fact)> {
    let (ann, bob) = (ann.to_owned(), "Bob".to_owned());
    let dialled = |leg, name: &String, to| Fact::Dialled {
        leg: LegId(leg),
        name: name.clone(),
        to: Phone::from_e164(to).unwrap(),
        source: Some("Rota!B2".to_owned()),
    };
    let rings = |leg, name: &String| Fact::Rings {
        leg: LegId(leg),
        name: name.clone(),
    };
    vec![
        (at(0), dialled(1, &ann, "+61491570156")),
        (at(2), rings(1, &ann)),
        (
            at(22),
            Fact::DidNotAccept {
                leg: LegId(1),
                name: ann,
                why: "did not answer".to_owned(),
            },
        ),
        (at(22), dialled(2, &bob, "+61491570157")),
        (at(25), rings(2, &bob)),
        (
            at(28),
            Fact::PickedUp {
                leg: LegId(2),
                name: bob.clone(),
            },
        ),
        (
            at(31),
            Fact::Accepted {
                leg: LegId(2),
                name: bob.clone(),
            },
        ),
        (at(31), Fact::Connected { name: bob }),
        (at(60), Fact::Ended { outcome: Outcome::Served }),
    ]
}

fn rows(facts: &[(DateTime<Utc>, Fact)]) -> CallRows {
    let story = CallStory {
        id: CallId(ID.parse().unwrap()),
        hotline: &HotlineName("lab".to_owned()),
        from: Some(&Phone::from_e164("+61491570158").unwrap()),
        arrived_at: at(0),
        ended_at: Some(at(61)),
        outcome: Some(Outcome::Served),
        facts: facts.iter().map(|(at, fact)| (*at, fact)).collect(),
    };
    CallRows::of(&story, &Zone::new(Tz::Australia__Melbourne))
}

#[test]
fn a_call_says_how_long_each_phone_rang_and_when_it_was_taken() {
    let rows = rows(&facts("Ann"));
    assert_eq!((rows.call.as_str(), rows.caller.as_deref()), (ID, Some("+61…158")));
    assert_eq!(rows.arrived_at, "2026-03-01T14:00:00+11:00");
    assert_eq!(rows.ended_at.as_deref(), Some("2026-03-01T14:01:01+11:00"));
    assert_eq!((rows.outcome.as_deref(), rows.seconds_until_accepted), (Some("served"), Some(31)));
    let told: Vec<_> = rows
        .story
        .iter()
        .map(|row| {
            (
                row.fact.as_str(),
                row.person.as_deref(),
                row.seconds_since_dialled,
                row.seconds_rung,
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("dialled", Some("Ann"), None, None),
            ("rings", Some("Ann"), Some(2), None),
            ("did_not_accept", Some("Ann"), Some(22), Some(20)),
            ("dialled", Some("Bob"), None, None),
            ("rings", Some("Bob"), Some(3), None),
            ("picked_up", Some("Bob"), Some(6), Some(3)),
            ("accepted", Some("Bob"), Some(9), None),
            ("connected", Some("Bob"), None, None),
            ("ended", None, None, None),
        ]
    );
    assert_eq!(rows.story[0].words, "Dialling Ann on +61…156 (Rota!B2).");
}

#[test]
fn rows_of_calls_are_text_to_every_spreadsheet() {
    let hostile = facts("=HYPERLINK(\"x\")\r\n+61491570159");
    let table = calls_table(&[rows(&hostile[..1])], true).unwrap();
    let header = r#""call","hotline","caller","arrived_at","ended_at","outcome","seconds_until_accepted","at","at_utc","fact","person","seconds_since_dialled","seconds_rung","words""#;
    let row = format!(
        r#""{ID}","lab","'+61…158","2026-03-01T14:00:00+11:00","2026-03-01T14:01:01+11:00","served","","2026-03-01T14:00:00+11:00","2026-03-01T03:00:00Z","dialled","'=HYPERLINK(""x"") +61…159","","","Dialling =HYPERLINK(""x"") +61…159 on +61…156 (Rota!B2).""#
    );
    assert_eq!(table, format!("{header}\r\n{row}\r\n"));
    assert_eq!(calls_table(&[rows(&hostile[..1])], false).unwrap(), format!("{row}\r\n"));
}

//! What became of a call in short, from facts made by hand.

use super::super::story::in_short;
use super::*;
use crate::call::{Fact, LegId, Outcome};
use crate::store::Entry;

fn entries(facts: Vec<(&str, Fact)>) -> Vec<Entry> {
    let entry = |(number, (at, fact))| Entry {
        number,
        call: CallId(uuid::Uuid::nil()),
        hotline: lab(),
        at: utc(&format!("2026-11-21T03:{at}Z")),
        fact,
    };
    (1..).zip(facts).map(entry).collect()
}

fn arrived() -> (&'static str, Fact) {
    let arrived = Fact::Arrived {
        hotline: lab(),
        from: None,
    };
    ("00:00.900", arrived)
}

fn connected(at: &'static str, name: &str) -> (&'static str, Fact) {
    (at, Fact::Connected { name: name.to_owned() })
}

const fn ended(at: &'static str, outcome: Outcome) -> (&'static str, Fact) {
    (at, Fact::Ended { outcome })
}

#[test]
fn a_story_in_short_says_who_took_the_call_and_how_long_it_took() {
    let cases = [
        (vec![arrived()], None),
        (vec![arrived(), connected("00:16.100", "Ben")], None),
        (
            vec![arrived(), connected("00:16.100", "Ben"), ended("01:15.000", Outcome::Served)],
            Some("Ben took the call after 16 s. The call lasted 1 min 15 s."),
        ),
        (
            vec![
                arrived(),
                connected("00:16.000", "Ben"),
                connected("00:40.000", "Cara"),
                connected("00:50.000", "Ben"),
                ended("01:00.000", Outcome::CallerHungUp),
            ],
            Some("Ben, then Cara took the call after 16 s. The caller hung up after 1 min."),
        ),
        (
            vec![arrived(), ended("00:40.000", Outcome::Recorded)],
            Some("Nobody took the call. The caller left a message. The call lasted 40 s."),
        ),
        (
            vec![arrived(), ended("00:40.000", Outcome::NoMessage)],
            Some("Nobody took the call. The caller left no message. The call lasted 40 s."),
        ),
        (
            vec![arrived(), connected("00:16.100", "Ben"), ended("00:20.000", Outcome::CutOff)],
            Some("Ben took the call after 16 s. They were together for a moment only. The call lasted 20 s."),
        ),
        (
            vec![
                arrived(),
                connected("00:16.000", "+61 491 570 156"),
                ended("00:20.000", Outcome::Served),
            ],
            Some("+61…156 took the call after 16 s. The call lasted 20 s."),
        ),
    ];
    for (facts, expected) in cases {
        assert_eq!(in_short(&entries(facts)).as_deref(), expected);
    }
}

#[tokio::test]
async fn a_call_that_is_over_says_so_everywhere_though_a_leg_is_not_gone_yet() {
    let house = House::open(saturday()).await;
    let call = house.call_arrives().await;
    let placed = Event::Placed {
        leg: LegId(1),
        line: LineId("line of the first responder".to_owned()),
    };
    house.store.update(call, &placed, house.now, None).await.unwrap();
    house.caller_hangs_up(call).await;
    assert_eq!(house.store.calls(1).await.unwrap()[0].ended_at, None, "all legs are gone");
    let front = house.get("/").await.text;
    let (_, recent) = front.split_once("id=\"calls\"").unwrap();
    assert!(
        recent.contains("Hung up before anybody accepted") && !front.contains("Going on"),
        "{front}"
    );
    for page in [front, house.get(&format!("/calls/{call}")).await.text] {
        assert!(
            page.contains("<p class=\"in-short\">Nobody took the call. The caller hung up after 9 s.</p>"),
            "{page}"
        );
        assert!(page.contains("title=\"14:00:09\">0:09</time>"), "{page}");
    }
}

//! Texts as people write them, and what comes of each, worked out by hand.

mod callbacks;

use super::*;
use crate::roster::{Duty, Level};
use chrono::{NaiveTime, TimeZone as _};
use chrono_tz::Australia::Melbourne;
use chrono_tz::Tz;
use providers::{AddressStyle, CellAddress};
use std::sync::Arc;

mod relay;

fn number(last: u32) -> Phone {
    Phone::from_e164(&format!("+6149157{last:04}")).unwrap()
}

fn person(name: &str, last: u32) -> Arc<Responder> {
    Arc::new(Responder {
        name: name.into(),
        phone: number(last),
        then: None,
    })
}

/// Wednesday 4 March 2026, 14:00 in Melbourne (11 hours ahead of UTC).
fn now() -> DateTime<Utc> {
    utc("2026-03-04T03:00:00Z")
}

fn utc(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn absent(until: &str) -> Absent {
    Absent {
        until: Some(utc(until)),
        cell: None,
    }
}

/// Ana first and Ben second until 18:00; then Ben first. Cy is on call never.
fn roster() -> Roster {
    let (ana, ben, cy) = (person("Ana", 1), person("Ben 0491 570 999", 2), person("Cy", 3));
    let level = |who: &Arc<Responder>| Level {
        label: "1st".into(),
        responders: [Arc::clone(who)].into(),
        source: CellAddress::new("Rota", AddressStyle::Grid, 2, 2),
        is_change: false,
    };
    let duty = |from: &str, until: &str, levels: Vec<Level>| Duty {
        from: utc(from),
        until: utc(until),
        levels,
        nobody: None,
    };
    let duties = vec![
        duty("2026-03-04T01:00:00Z", "2026-03-04T05:00:00Z", vec![level(&ana), level(&ben)]),
        duty("2026-03-04T05:00:00Z", "2026-03-04T07:00:00Z", vec![level(&ana)]),
        duty("2026-03-04T07:00:00Z", "2026-03-05T07:00:00Z", vec![level(&ben)]),
    ];
    Roster::new(Melbourne, vec![ana, ben, cy], None, duties)
}

struct Case {
    language: Language,
    last_resort: bool,
    known: Known,
    rings: Option<u32>,
    is_blocked: bool,
    has_pictures: bool,
}

impl Case {
    const fn plain() -> Self {
        Self {
            language: Language::English,
            last_resort: true,
            rings: None,
            is_blocked: false,
            has_pictures: false,
            known: Known {
                away: BTreeMap::new(),
                answered_lately: 0,
                answered_today: false,
                strangers_lately: 0,
                relays: Vec::new(),
                passed_on_lately: 0,
                refused_lately: false,
                is_ringing: false,
                rang_lately: 0,
                rang_today: 0,
                all_rang_lately: 0,
                callbacks: Vec::new(),
                closed: Vec::new(),
            },
        }
    }

    fn take(&self, from: u32, body: &str) -> Outcome {
        let (roster, own, last) = (roster(), number(9999), person("Desk", 9));
        let line = Line {
            hotline: "lab",
            number: &own,
            language: self.language,
            roster: Some(&roster),
            last_resort: self.last_resort.then_some(&*last),
            rings: self.rings,
        };
        let sender = number(from);
        let said = Said {
            sender: &sender,
            is_blocked: self.is_blocked,
            body,
            has_pictures: self.has_pictures,
        };
        line.take(said, &self.known, now())
    }

    fn answer(&self, from: u32, body: &str) -> String {
        self.take(from, body).answer.unwrap_or_default()
    }
}

#[test]
fn every_language_has_its_words_and_all_are_understood() {
    let at = |hour, minute| Wish::Away(Span::At(NaiveTime::from_hms_opt(hour, minute, 0).unwrap()));
    let lasting = |days, minutes| Wish::Away(Span::For { days, minutes });
    let cases = [
        ("AWAY 2h", lasting(0, 120)),
        ("  aWaY   2 H ", lasting(0, 120)),
        ("Away for 2 hours.", lasting(0, 120)),
        ("AWAY 30m", lasting(0, 30)),
        ("away 1h30", lasting(0, 90)),
        ("away 1 h 30 min", lasting(0, 90)),
        ("AWAY 3d", lasting(3, 0)),
        ("AWAY", Wish::Away(Span::UntilBack)),
        ("away until back", Wish::Away(Span::UntilBack)),
        ("AWAY until 18:00", at(18, 0)),
        ("away until 18.30", at(18, 30)),
        ("away until 6pm", at(18, 0)),
        ("away until 12 am", at(0, 0)),
        ("away until 24:00", at(0, 0)),
        ("WEG 2 Std", lasting(0, 120)),
        ("Bin weg bis 18 Uhr", at(18, 0)),
        ("abwesend für 3 Tage", lasting(3, 0)),
        ("ABSENT 2 heures", lasting(0, 120)),
        ("absent jusqu\u{2019}à 18h30", at(18, 30)),
        ("absente pendant 3 jours", lasting(3, 0)),
        ("FUERA hasta las 18:00", at(18, 0)),
        ("estoy fuera 2 horas", lasting(0, 120)),
        ("FUERA 3 días", lasting(3, 0)),
        ("BACK", Wish::Back),
        ("I'm back!", Wish::Back),
        ("ZURÜCK", Wish::Back),
        ("zuru\u{308}ck", Wish::Back),
        ("Zurueck", Wish::Back),
        ("de retour", Wish::Back),
        ("VUELVO", Wish::Back),
        ("Status?", Wish::Status),
        ("état", Wish::Status),
        ("WHO", Wish::Who),
        ("wer", Wish::Who),
        ("QUI", Wish::Who),
        ("¿Quién?", Wish::Who),
        ("HELP", Wish::Help),
        ("", Wish::Other),
        ("Back in 2h", Wish::Other),
        ("awayy 2h", Wish::Other),
        ("2h away", Wish::Other),
    ];
    for (body, wish) in cases {
        assert_eq!(wish::read(body), wish, "{body:?}");
    }
}

/// Nobody is away by a misunderstanding.
#[test]
fn what_is_not_certainly_a_time_is_none() {
    for body in [
        "AWAY 2",
        "AWAY 2x",
        "AWAY h",
        "AWAY 0h",
        "AWAY -",
        "AWAY now",
        "AWAY 1.5h",
        "AWAY until",
        "AWAY until 25:00",
        "AWAY until 18:60",
        "AWAY until 13pm",
        "AWAY until Friday",
        "AWAY 2h or so",
        "AWAY 18:00",
        "AWAY until 2h ago",
        "AWAY until 18:00:30",
    ] {
        let wish = if body == "AWAY -" {
            Wish::Away(Span::UntilBack)
        } else {
            Wish::AwayUnclear
        };
        assert_eq!(wish::read(body), wish, "{body:?}");
        if wish == Wish::AwayUnclear {
            let outcome = Case::plain().take(1, body);
            assert_eq!(outcome.told, None, "{body}");
            assert!(
                outcome.answer.unwrap().starts_with("Nothing has changed: the time is not clear."),
                "{body}"
            );
        }
    }
}

#[test]
fn times_are_those_of_the_rota() {
    let until = |zone: Tz, at: &str, body: &str| match wish::read(body) {
        Wish::Away(span) => span.until(&Zone::new(zone), utc(at)),
        other @ (Wish::AwayUnclear | Wish::Back | Wish::Status | Wish::Who | Wish::Callbacks(_) | Wish::Help | Wish::Other) => {
            panic!("{body}: {other:?}")
        }
    };
    let at = "2026-03-04T03:00:00Z";
    assert_eq!(until(Melbourne, at, "AWAY 2h"), Some(utc("2026-03-04T05:00:00Z")));
    assert_eq!(until(Melbourne, at, "AWAY until 18:00"), Some(utc("2026-03-04T07:00:00Z")));
    assert_eq!(
        until(Melbourne, at, "AWAY until 8:00"),
        Some(utc("2026-03-04T21:00:00Z")),
        "tomorrow"
    );
    assert_eq!(
        until(Melbourne, at, "AWAY until 14:00"),
        Some(utc("2026-03-05T03:00:00Z")),
        "now is over"
    );
    assert_eq!(until(Melbourne, at, "AWAY"), Some(utc("2026-03-05T03:00:00Z")));
    assert_eq!(until(Melbourne, at, "AWAY 14d"), Some(utc("2026-03-18T03:00:00Z")));
    assert_eq!(until(Melbourne, at, "AWAY 15d"), None);
    assert_eq!(until(Melbourne, at, "AWAY 337h"), None);
    assert_eq!(until(Melbourne, at, "AWAY 14d 14d"), None);
    // On 5 April 2026 at 03:00 Melbourne's clocks go back to 02:00: two days later at 14:00 is 49 hours later.
    let before = "2026-04-04T03:00:00Z";
    assert_eq!(until(Melbourne, before, "AWAY 2d"), Some(utc("2026-04-06T04:00:00Z")));
    assert_eq!(until(Melbourne, before, "AWAY 48h"), Some(utc("2026-04-06T03:00:00Z")));
    // On 29 March 2026 Berlin's clocks skip from 02:00 to 03:00: 02:30 is the first instant after the gap.
    let berlin = chrono_tz::Europe::Berlin;
    assert_eq!(
        until(berlin, "2026-03-28T22:00:00Z", "WEG bis 2:30"),
        Some(utc("2026-03-29T01:00:00Z"))
    );
}

#[test]
fn away_and_back() {
    let outcome = Case::plain().take(1, "AWAY until 18:00");
    assert_eq!(
        outcome.told,
        Some(Told::Away {
            until: utc("2026-03-04T07:00:00Z"),
            shown: "2026-03-04 18:00".into()
        })
    );
    assert_eq!(
        outcome.answer.unwrap(),
        "You are away until 18:00 and are not rung until then. Text BACK when you are back."
    );
    assert_eq!(
        Case::plain().answer(1, "AWAY"),
        "You are away and are not rung. Text BACK when you are back; at the latest 2026-03-05 14:00 you are rung again."
    );
    let outcome = Case::plain().take(1, "BACK");
    assert_eq!(
        (outcome.told, outcome.answer.as_deref()),
        (Some(Told::Back), Some("Welcome back. You are rung whenever you are on call."))
    );
    let outcome = Case::plain().take(1, "AWAY 3 weeks");
    assert_eq!(outcome.told, None);
    let outcome = Case::plain().take(1, "AWAY 30d");
    assert_eq!(outcome.told, None);
    assert!(outcome.answer.unwrap().starts_with("Nothing has changed: 14 days at most"));
}

/// Who empties the hotline is told so at once, and what happens to calls.
#[test]
fn the_last_one_who_goes_is_told_so() {
    let mut case = Case::plain();
    case.known.away.insert(number(2), absent("2026-03-04T08:00:00Z"));
    assert!(
        case.answer(1, "AWAY 2h")
            .ends_with("Now everybody on call is away: callers go to the last resort.")
    );
    assert!(!case.answer(3, "AWAY 2h").contains("everybody"), "Cy is not on call");
    case.last_resort = false;
    assert!(case.answer(1, "AWAY 2h").contains("you are all rung all the same"));
}

#[test]
fn status_and_who() {
    let mut case = Case::plain();
    // Ana stays first over the row that begins at 16:00.
    assert_eq!(case.answer(1, "STATUS"), "You are first on call until 18:00. You are not away.");
    assert_eq!(case.answer(2, "STATUS"), "You are second on call until 16:00. You are not away.");
    case.known.away.insert(number(2), absent("2026-03-04T08:00:00Z"));
    case.known.away.insert(number(3), absent("2026-03-06T08:00:00Z"));
    assert_eq!(
        case.answer(3, "STATUS"),
        "You are not on call now. You are away until 2026-03-06 19:00."
    );
    assert_eq!(
        case.answer(1, "WHO"),
        "On call until 16:00: 1. Ana, 2. Ben 049…999 (away until 19:00). Also away: Cy (away until 2026-03-06 19:00)."
    );
    // By the sheet, without an end.
    let by_sheet = Absent {
        until: None,
        cell: Some("Contacts!D3".to_owned()),
    };
    case.known.away.insert(number(2), by_sheet);
    assert_eq!(
        case.answer(2, "STATUS"),
        "You are second on call until 16:00. You are away. So says the rota (Contacts!D3). If that is no longer true, text BACK."
    );
    assert_eq!(
        case.answer(2, "BACK"),
        "Welcome back. You are rung whenever you are on call. The rota still says that you are away (Contacts!D3): please have it corrected."
    );
    assert!(case.answer(1, "WHO").contains("2. Ben 049…999 (away)."));
    case.language = Language::German;
    assert_eq!(
        case.answer(1, "STATUS"),
        "Sie sind bis 18:00 die oder der erste in der Bereitschaft. Sie sind nicht abwesend."
    );
}

#[test]
fn a_stranger_learns_once_a_day_that_the_line_takes_calls() {
    let mut case = Case::plain();
    for body in ["AWAY 2h", "BACK", "My gas smells!"] {
        let outcome = case.take(777, body);
        assert_eq!(outcome.told, None);
        assert_eq!(
            outcome.answer.unwrap(),
            "This line takes calls. Please call +61491579999; texts are not read."
        );
    }
    case.known.answered_today = true;
    assert_eq!(case.take(777, "Hello?"), Outcome::default());
    case.known.answered_today = false;
    case.known.strangers_lately = 30;
    assert_eq!(
        case.take(777, "Hello?"),
        Outcome::default(),
        "the hotline has answered enough strangers"
    );
    assert!(case.take(1, "STATUS").answer.is_some(), "which is no matter to those it knows");
}

#[test]
fn nobody_is_answered_for_ever() {
    let mut case = Case::plain();
    case.known.answered_lately = 2;
    assert!(
        case.answer(1, "BACK")
            .ends_with("Further texts within the hour count, but are not answered.")
    );
    case.known.answered_lately = 3;
    let outcome = case.take(1, "BACK");
    assert_eq!((outcome.told, outcome.answer), (Some(Told::Back), None), "it counts all the same");
    assert_eq!(case.take(777, "Hello?"), Outcome::default());
}

/// The carrier heeds and answers these itself.
#[test]
fn stop_and_start_are_not_ours() {
    for body in ["STOP", "stop ", "Start", "UNSTOP", "Unsubscribe", "Stop."] {
        assert_eq!(Case::plain().take(1, body), Outcome::default(), "{body}");
    }
    assert!(Case::plain().answer(1, "stop calling me").starts_with("Hotline lab."));
}

/// Whatever is sent, the answer is short and nothing is told by it.
#[test]
fn hostile_texts_get_a_short_answer() {
    let digits = "9".repeat(10_000);
    let bodies = [
        "\u{1f600}".repeat(1_600),
        format!("AWAY {digits}h"),
        format!("AWAY until {digits}:00"),
        format!("AWAY {}", "1h ".repeat(500)),
        "AWAY ".repeat(320),
        "\u{202e}\0\u{fffd}<Message>&amp;".to_owned(),
        "a\u{301}".repeat(800),
        "\u{fdfa}".repeat(1_600),
    ];
    for language in [Language::English, Language::French, Language::German, Language::Spanish] {
        for body in &bodies {
            let case = Case { language, ..Case::plain() };
            let outcome = case.take(1, body);
            assert_eq!(outcome.told, None, "{body:.40}");
            let words = outcome.answer.unwrap();
            assert!((20..320).contains(&words.chars().count()), "{words}");
        }
    }
}

#[test]
fn without_a_rota_everybody_is_a_stranger() {
    let own = number(9999);
    let line = Line {
        hotline: "lab",
        number: &own,
        language: Language::French,
        roster: None,
        last_resort: None,
        rings: None,
    };
    let said = Said {
        sender: &number(1),
        is_blocked: false,
        body: "ABSENT 2h",
        has_pictures: false,
    };
    let outcome = line.take(said, &Known::default(), Utc.with_ymd_and_hms(2026, 3, 4, 3, 0, 0).unwrap());
    assert_eq!(
        outcome.answer.unwrap(),
        "Cette ligne prend les appels. Merci d'appeler le +61491579999 ; les messages ne sont pas lus."
    );
}

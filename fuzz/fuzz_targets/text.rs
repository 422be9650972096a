//! A text to a hotline, of anybody: whatever it says, nobody is away for longer than a text may say, the answer is one that
//! fits, what is passed on is one line, and whoever was answered often enough is answered nothing.
#![no_main]

use arbitrary::Arbitrary;
use chrono::{DateTime, TimeDelta};
use libfuzzer_sys::fuzz_target;
use providers::{AddressStyle, CellAddress};
use rotaline::phrases::Language;
use rotaline::roster::{Duty, Level, Phone, Responder, Roster};
use rotaline::texts::{Course, Known, Line, Said, Told};
use std::sync::Arc;

const COMMANDS: [&str; 24] = [
    "AWAY", "BACK", "STATUS", "WHO", "HELP", "CALLBACKS", "CALL", "DONE", "OPEN", "STOP", "WEG", "RETOUR", "QUIEN", "ABSENT", "until",
    "bis", "2h", "18:00", "30 min", "tomorrow", "99999999999999999999h", "24:61", "#1", "-1",
];

#[derive(Arbitrary, Debug)]
enum Piece {
    Word(u8),
    Text(String),
}

#[derive(Arbitrary, Debug)]
struct Texted {
    pieces: Vec<Piece>,
    is_known: bool,
    rings: bool,
    language: u8,
    answered: u8,
    name: String,
}

fn phone(text: &str) -> Phone {
    Phone::from_e164(text).expect("a number")
}

fuzz_target!(|texted: Texted| {
    let now = DateTime::from_timestamp(1_772_452_800, 0).expect("2 March 2026");
    let ann = Arc::new(Responder {
        name: texted.name.clone(),
        phone: phone("+61491570156"),
        then: None,
    });
    let level = Level {
        label: Arc::from("1st"),
        responders: [Arc::clone(&ann)].into(),
        source: CellAddress::new("Rota", AddressStyle::Grid, 2, 1),
        is_change: false,
    };
    let duty = Duty {
        from: now - TimeDelta::hours(1),
        until: now + TimeDelta::hours(8),
        levels: vec![level],
        nobody: None,
    };
    let roster = Roster::new("Australia/Melbourne".parse().expect("a zone"), vec![ann], None, vec![duty]);
    let number = phone("+61491570006");
    let line = Line {
        hotline: "lab",
        number: &number,
        language: [Language::English, Language::French, Language::German, Language::Spanish][usize::from(texted.language % 4)],
        roster: Some(&roster),
        last_resort: None,
        rings: texted.rings.then_some(3),
    };
    let words: Vec<&str> = texted
        .pieces
        .iter()
        .map(|piece| match piece {
            Piece::Word(n) => COMMANDS[usize::from(*n) % COMMANDS.len()],
            Piece::Text(text) => text,
        })
        .collect();
    let body: String = words.join(" ").chars().take(1_600).collect();
    let sender = phone(if texted.is_known { "+61491570156" } else { "+61491570888" });
    let said = Said {
        sender: &sender,
        is_blocked: false,
        body: &body,
        has_pictures: false,
    };
    let known = Known {
        answered_lately: u32::from(texted.answered),
        ..Known::default()
    };
    let outcome = line.take(said, &known, now);
    if let Some(Told::Away { until, .. }) = &outcome.told {
        assert!(*until > now && *until <= now + TimeDelta::days(15), "{until} by {body:?}");
    }
    assert!(outcome.told.is_none() || texted.is_known, "a stranger is nobody");
    if let Some(answer) = &outcome.answer {
        assert!(!answer.trim().is_empty() && answer.chars().count() <= 1_600, "{answer:?}");
        // What rings is counted apart.
        let rings = texted.rings && !texted.is_known;
        assert!(texted.answered < 30 || rings, "answered once more");
    }
    match &outcome.course {
        Course::Answered | Course::Refused => {}
        Course::PassedOn { body, .. } | Course::Rings { body } | Course::Added { body } => {
            assert!(!body.contains(|c: char| c.is_control()), "{body:?}");
        }
    }
});

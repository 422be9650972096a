//! What a hotline's callers meet before anybody is rung, and the `[[menu]]` blocks: the keys and their faults.

use super::checks;
use super::hotline::{Seen, public_numbers, speech};
use super::section::Section;
use crate::call::{Rebuff, WhenClosed};
use crate::phrases::Speech;
use crate::reception::{Blocked, Holiday, Menu, OpeningHours, Reception};
use crate::roster::WeekHours;

const MOST_HOURS: usize = 50;
const MOST_HOLIDAYS: usize = 1_000;
const MOST_BLOCKED: usize = 1_000;
const MOST_MENUS: usize = 50;

/// The keys that a menu can have, in the order of a telephone.
const KEYS: [(&str, char); 10] = [
    ("1", '1'),
    ("2", '2'),
    ("3", '3'),
    ("4", '4'),
    ("5", '5'),
    ("6", '6'),
    ("7", '7'),
    ("8", '8'),
    ("9", '9'),
    ("0", '0'),
];

/// The rules of a hotline's door.
pub(super) fn reception(section: &mut Section<'_, '_>) -> Option<Reception> {
    let default = Reception::default();
    let week = section.list("opening_hours", MOST_HOURS, hours);
    let holidays = section.list("holidays", MOST_HOLIDAYS, holiday);
    let when_closed = section.text_or("when_closed", default.when_closed, when_closed);
    let blocked = section.list("blocked", MOST_BLOCKED, blocked);
    let blocked_hear = section.text_or("when_blocked", default.blocked_hear, when_blocked);
    let refuses_withheld = section.text_or("withheld", default.refuses_withheld, withheld);
    let texts_ring = section.truth("texts_ring", default.texts_ring);
    let texts_per_hour = section.whole("texts_per_hour", 1..=1_000, default.texts_per_hour);
    let calls_per_caller_and_hour = section.whole("calls_per_caller_and_hour", 0..=1_000, default.calls_per_caller_and_hour);
    let most_calls = section.whole("most_calls", 1..=10_000, default.most_calls);
    Some(Reception {
        hours: OpeningHours {
            week: values(week),
            holidays: values(holidays),
        },
        when_closed: when_closed?,
        blocked: values(blocked),
        blocked_hear: blocked_hear?,
        refuses_withheld: refuses_withheld?,
        calls_per_caller_and_hour: calls_per_caller_and_hour?,
        most_calls: most_calls?,
        texts_ring: texts_ring?,
        texts_per_hour: texts_per_hour?,
    })
}

fn values<T>(listed: Vec<(T, Option<usize>)>) -> Vec<T> {
    listed.into_iter().map(|(value, _)| value).collect()
}

fn hours(text: &str) -> Result<WeekHours, String> {
    WeekHours::parse(text).ok_or_else(|| {
        "Write days and hours, from 00:00 to 24:00, such as \"Mon-Fri 08:00-18:00\"; without days they hold on all".to_owned()
    })
}

fn holiday(text: &str) -> Result<Holiday, String> {
    Holiday::parse(text).ok_or_else(|| "Write a day, or from when on it is free: \"2026-12-25\", \"2026-12-24 from 12:00\"".to_owned())
}

fn when_closed(text: &str) -> Result<WhenClosed, String> {
    match text {
        "message" => Ok(WhenClosed::Message),
        "last-resort" => Ok(WhenClosed::LastResort),
        "ring" => Ok(WhenClosed::Ring),
        _ => Err("Allowed: \"message\", \"last-resort\", \"ring\"".to_owned()),
    }
}

fn blocked(text: &str) -> Result<Blocked, String> {
    Blocked::parse(text).ok_or_else(|| {
        "Write a number in international form, such as \"+61491570006\", or how numbers begin, such as \"+4930*\"".to_owned()
    })
}

fn when_blocked(text: &str) -> Result<Rebuff, String> {
    match text {
        "words" => Ok(Rebuff::Sentence),
        "reject" => Ok(Rebuff::Nothing),
        _ => Err("Allowed: \"words\", \"reject\"".to_owned()),
    }
}

fn withheld(text: &str) -> Result<bool, String> {
    match text {
        "accept" => Ok(false),
        "refuse" => Ok(true),
        _ => Err("Allowed: \"accept\", \"refuse\"".to_owned()),
    }
}

/// All menus, with the faults between them and the hotlines; and whether all of them could be read.
pub(super) fn menus(root: &mut Section<'_, '_>, seen: &mut Seen) -> (Vec<Menu>, bool) {
    let sections = root.sections("menu");
    if sections.len() > MOST_MENUS {
        root.fault(
            "menu",
            format!("saw {} blocks", sections.len()),
            &format!("Allowed: {MOST_MENUS} at most"),
        );
    }
    let count = sections.len();
    let menus: Vec<Menu> = sections
        .into_iter()
        .take(MOST_MENUS)
        .filter_map(|section| menu(section, seen))
        .collect();
    let all_read = menus.len() == count;
    (menus, all_read)
}

fn menu(mut section: Section<'_, '_>, seen: &mut Seen) -> Option<Menu> {
    const CHOICES: &str = "Say which key leads to which hotline: { \"1\" = \"lab\", \"2\" = \"surgery\" }";
    let numbers = public_numbers(&mut section, "a menu", seen);
    let (language, voice, mut words) = speech(&mut section);
    let emergency = words.text("emergency", checks::spoken);
    let greeting = words.required_text(
        "greeting",
        "Say which key leads where: \"For the laboratory, press 1.\"",
        checks::spoken,
    );
    words.finish();
    section.missing("choices", CHOICES);
    let mut keys = section.section("choices");
    let mut choices = Vec::new();
    for (name, key) in KEYS {
        if keys.has(name) {
            choices.push((key, keys.text(name, |text| seen.known_hotline(text))));
        }
    }
    if section.has("choices") && keys.is_empty() {
        section.fault("choices", "saw none", CHOICES);
        choices.push(('0', None));
    }
    keys.finish();
    let otherwise = section.required_text("otherwise", "Name the hotline of whoever presses no key", |text| {
        seen.known_hotline(text)
    });
    section.finish();
    let greeting = greeting?;
    let speech = Speech {
        language: language?,
        voice,
        ..Speech::default()
    };
    Some(Menu {
        numbers,
        speech: speech.playing(emergency.iter().chain([&greeting])),
        emergency,
        greeting,
        choices: choices
            .into_iter()
            .map(|(key, hotline)| Some((key, hotline?)))
            .collect::<Option<_>>()?,
        otherwise: otherwise?,
    })
}

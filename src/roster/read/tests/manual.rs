//! Every example of docs/rotas.md is read and answers as the manual says, without a Stop.

use super::super::super::{OnCall, Severity};
use super::{Tab, read, sheet, tab};
use crate::roster::Settings;
use crate::roster::wall_clock::to_utc;
use chrono::NaiveDateTime;
use chrono_tz::Europe::London;

const MANUAL: &str = include_str!("../../../../docs/rotas.md");

/// One example: its tabs, and what is said of it.
#[derive(Default)]
struct Example {
    tabs: Vec<(String, String)>,
    answers: Vec<String>,
}

impl Example {
    fn add(&mut self, name: &str, row: &str) {
        match self.tabs.iter_mut().find(|(known, _)| known == name) {
            Some((_, rows)) => rows.push_str(&format!("\n{row}")),
            None => self.tabs.push((name.to_owned(), row.to_owned())),
        }
    }
}

fn examples() -> Vec<Example> {
    let mut examples: Vec<Example> = Vec::new();
    let (mut is_inside, mut name) = (false, String::new());
    for line in MANUAL.lines() {
        if line.starts_with("```") {
            is_inside = !is_inside;
            if is_inside {
                examples.push(Example::default());
            }
        } else if let (true, Some(title)) = (is_inside, line.strip_prefix('[')) {
            name = title.trim_end_matches(']').to_owned();
        } else if let (Some(example), Some(answer)) = (examples.last_mut(), line.strip_prefix("- ")) {
            example.answers.push(answer.to_owned());
        } else if let (true, Some(example)) = (is_inside, examples.last_mut()) {
            example.add(&name, line);
        }
    }
    examples
}

fn answer(example: &Example, common: &Example, at: &str) -> String {
    let mut all = Example::default();
    // Contacts of its own stand in the place of the common ones.
    let has_own = |name: &str| name == "Contacts" && example.tabs.iter().any(|(own, _)| own == name);
    let common = common.tabs.iter().filter(|(name, _)| !has_own(name));
    for (name, rows) in common.chain(&example.tabs) {
        rows.lines().for_each(|row| all.add(name, row));
    }
    let tabs: Vec<Tab> = all.tabs.iter().map(|(name, rows)| tab(name, rows)).collect();
    let now = to_utc(London, "2026-03-02T07:00:00".parse().unwrap()).instant;
    let (roster, findings) = read(&sheet(tabs), &Settings::default(), now);
    let stops: Vec<String> = findings
        .iter()
        .filter(|one| one.severity == Severity::Stop)
        .map(ToString::to_string)
        .collect();
    // Examples are short: that they end soon is all that may be said.
    assert!(
        stops.iter().all(|stop| stop.contains("The rota ends")),
        "{:?}: {stops:#?}",
        example.tabs
    );
    let wall = NaiveDateTime::parse_from_str(at, "%a %d %b %Y %H:%M").unwrap();
    match roster.on_call(to_utc(London, wall).instant) {
        OnCall::Gap { .. } => "a gap".to_owned(),
        OnCall::Duty(duty) => {
            let at = to_utc(London, wall).instant;
            let name = |who: &crate::roster::Responder| match roster.away_at(&who.phone, at) {
                Some(_) => format!("{} (away)", who.name),
                None => who.name.clone(),
            };
            let level = |level: &crate::roster::Level| {
                let names: Vec<String> = level.responders.iter().map(|responder| name(responder)).collect();
                names.join(" and ")
            };
            duty.levels.iter().map(level).collect::<Vec<_>>().join(", then ")
        }
    }
}

#[test]
fn every_example_answers_as_the_manual_says() {
    let examples = examples();
    let (common, shapes) = examples.split_first().unwrap();
    assert!(shapes.len() >= 11, "only {} examples are found", shapes.len());
    for example in shapes {
        assert!(!example.answers.is_empty(), "{:?} has no answer", example.tabs);
        for said in &example.answers {
            let (at, people) = said.split_at(said.find(": ").unwrap());
            assert_eq!(answer(example, common, at), people[2..], "at {at}, by {:?}", example.tabs);
        }
    }
}

#[test]
fn every_setting_is_in_the_manual() {
    for line in crate::roster::conventions::examples() {
        let line = line.replace(" | ", " \\| ");
        assert!(MANUAL.contains(&format!("| {line} |")), "{line}");
    }
}

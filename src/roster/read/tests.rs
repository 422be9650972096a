//! Whole sheets, read and asked who is on call. Expected values are worked out by hand.

use super::super::{Code, Diagnostic, Duty, OnCall, Roster, Settings, Severity};
use super::read;
use chrono::{DateTime, NaiveDateTime, Utc};
use providers::{AddressStyle, Cell, Revision, Sheet, Tab};

mod across;
mod across_columns;
mod calendar_rows;
mod cells;
mod contacts;
mod coverage;
mod date_cells;
mod dates_down;
mod examples;
mod handover_list;
mod hostile;
mod long_form;
mod manual;
mod presence;
mod properties;
mod quirks;
mod real_quirks;
mod rotation;
mod settings;
mod shift_columns;
mod strangers;
mod swaps;
mod tabs;
mod team_list;
mod teams;
mod unread_shapes;
mod weekly;
mod words_lead_on;

/// A tab from a table in text: cells parted by `|`, rows by lines; `⏎` is a new line in a cell, `␣` a space at its edge,
/// `=12.5` a number, `!#N/A` a formula error, `@2026-03-02T08:00` a date cell.
pub(super) fn tab(name: &str, text: &str) -> Tab {
    let cell = |text: &str| {
        let text = text.trim();
        if let Some(number) = text.strip_prefix('=') {
            return Cell::Number(number.parse().unwrap());
        }
        if let Some(error) = text.strip_prefix('!') {
            return Cell::Error(error.to_owned());
        }
        if let Some(moment) = text.strip_prefix('@') {
            return Cell::DateTime(NaiveDateTime::parse_from_str(moment, "%Y-%m-%dT%H:%M").unwrap());
        }
        if text.is_empty() {
            Cell::Empty
        } else {
            Cell::Text(text.replace('⏎', "\n").replace('␣', " "))
        }
    };
    let rows = text
        .trim_matches('\n')
        .lines()
        .map(|line| line.split('|').map(cell).collect())
        .collect();
    Tab {
        name: name.to_owned(),
        file: None,
        style: AddressStyle::Grid,
        rows,
        lines: Vec::new(),
        merges: Vec::new(),
        formatted: Vec::new(),
        link: None,
    }
}

pub(super) fn sheet(tabs: Vec<Tab>) -> Sheet {
    Sheet {
        title: "test".to_owned(),
        revision: Revision("1".to_owned()),
        time_zone: None,
        tabs,
        remarks: Vec::new(),
        link: None,
    }
}

/// Lines of the form `setting = value`.
pub(super) fn given(lines: &str) -> Settings {
    let lines = lines.lines().map(str::trim).filter(|line| !line.is_empty());
    let pair = |line: &str| {
        line.split_once('=')
            .map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned()))
    };
    Settings(lines.map(|line| pair(line).unwrap()).collect())
}

pub(super) fn utc(text: &str) -> DateTime<Utc> {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap().and_utc()
}

/// A sheet that has been read, with ways to ask it.
pub(super) struct Asked {
    pub(super) roster: Roster,
    pub(super) findings: Vec<Diagnostic>,
}

pub(super) fn ask(tabs: Vec<Tab>, settings: &str, now: &str) -> Asked {
    let (roster, findings) = read(&sheet(tabs), &given(settings), utc(now));
    Asked { roster, findings }
}

impl Asked {
    /// Who is rung at a UTC instant: people of a level joined by `+`, levels by `, `; `nobody` on purpose; `gap`.
    pub(super) fn who(&self, at: &str) -> String {
        match self.roster.on_call(utc(at)) {
            OnCall::Gap { .. } => "gap".to_owned(),
            OnCall::Duty(duty) if duty.levels.is_empty() => "nobody".to_owned(),
            OnCall::Duty(duty) => levels(duty),
        }
    }

    pub(super) fn duty(&self, at: &str) -> &Duty {
        match self.roster.on_call(utc(at)) {
            OnCall::Duty(duty) => duty,
            OnCall::Gap { .. } => panic!("gap at {at}"),
        }
    }

    /// The findings of a kind.
    pub(super) fn of(&self, code: Code) -> Vec<&Diagnostic> {
        self.findings.iter().filter(|finding| finding.code == code).collect()
    }

    /// The one finding of a kind.
    pub(super) fn one(&self, code: Code) -> &Diagnostic {
        let found = self.of(code);
        assert_eq!(found.len(), 1, "{code}: {:#?}", self.findings);
        found[0]
    }

    /// Codes and cells of everything found, for sheets in which nothing else may be.
    pub(super) fn codes(&self) -> Vec<(Severity, Code)> {
        self.findings.iter().map(|finding| (finding.severity, finding.code)).collect()
    }
}

pub(super) fn cells(finding: &Diagnostic) -> Vec<String> {
    finding.cells.iter().map(ToString::to_string).collect()
}

fn levels(duty: &Duty) -> String {
    let level = |level: &super::super::Level| {
        level
            .responders
            .iter()
            .map(|responder| responder.name.as_str())
            .collect::<Vec<_>>()
            .join("+")
    };
    duty.levels.iter().map(level).collect::<Vec<_>>().join(", ")
}

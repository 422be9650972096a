//! The answer of `export`: the duties of a rota for other programs. What it looks like is known elsewhere.

use super::reading::Reading;
use super::{Question, Unreadable, instant, words};
use crate::config::Environment;
use crate::exports::{Calendar, Numbers, Rows, Whose, Window, table};
use crate::roster::wall_clock::Zone;
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use clap::{Args, ValueEnum};
use serde_json::json;
use std::path::{Path, PathBuf};

/// Arguments of `export`.
#[derive(Clone, Debug, Args)]
pub struct Export {
    /// How it is written.
    #[arg(long, value_enum, default_value_t = ExportFormat::Csv)]
    pub format: ExportFormat,
    /// Leave out what is over by then: "2026-03-02" or "2026-03-02 08:00" in the rota's zone, or with an offset.
    #[arg(long, value_name = "TIME", default_value = "now")]
    pub from: String,
    /// Leave out what begins then or later. The end of the rota when left out.
    #[arg(long, value_name = "TIME")]
    pub until: Option<String>,
    /// A hotline of the configuration. May be left out where there is only one.
    #[arg(long, value_name = "NAME", conflicts_with = "rota")]
    pub hotline: Option<String>,
    /// A workbook, a .csv file, or a folder of .csv files, without any configuration. May be repeated: all are read as one
    /// rota.
    #[arg(long, value_name = "FILE")]
    pub rota: Vec<PathBuf>,
    /// A TOML file of settings.
    #[arg(long, value_name = "FILE")]
    pub settings: Option<PathBuf>,
    /// One setting in the words of the Settings tab, such as "Shift: Night=22:00-06:00". May be repeated; wins over all others.
    #[arg(long, value_name = "SETTING=VALUE", value_parser = words::pair)]
    pub set: Vec<(String, String)>,
    /// Write telephone numbers in full. They are masked otherwise; a calendar has none.
    #[arg(long)]
    pub numbers: bool,
}

/// How duties are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ExportFormat {
    /// A table for spreadsheets: a line for each level of a duty and each person on it.
    Csv,
    /// The same for programs.
    Json,
    /// A calendar file (iCalendar).
    Ical,
}

/// The duties of a rota, written; and what has to be said about how the question was understood.
#[derive(Clone, Debug)]
pub struct Exported {
    /// What was asked for.
    pub text: String,
    /// Not part of it.
    pub remarks: Vec<String>,
}

/// Answers `export`. `config` is only read where the question names no rota of its own.
///
/// # Errors
/// [`Unreadable`] where there is no rota to answer from, or the question cannot be understood (status 2).
pub async fn export(asked: &Export, config: &Path, env: &Environment, now: DateTime<Utc>) -> Result<Exported, Unreadable> {
    let question = Question {
        at: "now".to_owned(),
        hotline: asked.hotline.clone(),
        rota: asked.rota.clone(),
        settings: asked.settings.clone(),
        set: asked.set.clone(),
        json: false,
        numbers: asked.numbers,
    };
    let reading = Reading::take(&question, config, env, now).await?;
    let mut remarks = reading.remarks.clone();
    let window = window(asked, &reading, &mut remarks)?;
    let text = match asked.format {
        ExportFormat::Csv => table(&rows(asked, &reading, window).rows).map_err(|fault| Unreadable::Question(fault.to_string()))?,
        ExportFormat::Json => json(asked, &reading, window),
        ExportFormat::Ical => calendar(&reading, window),
    };
    Ok(Exported { text, remarks })
}

fn window(asked: &Export, reading: &Reading, remarks: &mut Vec<String>) -> Result<Window, Unreadable> {
    let from = moment("--from", &asked.from, reading, remarks)?;
    let until = match &asked.until {
        Some(until) => moment("--until", until, reading, remarks)?,
        None => reading.roster.duties().last().map_or(from, |duty| duty.until),
    };
    if asked.until.is_some() && until <= from {
        return Err(Unreadable::Question(
            "--until is not after --from: there is no time between them".to_owned(),
        ));
    }
    Ok(Window { from, until })
}

/// A day, from its first instant, or what `--at` takes.
fn moment(option: &str, text: &str, reading: &Reading, remarks: &mut Vec<String>) -> Result<DateTime<Utc>, Unreadable> {
    if let Ok(day) = text.trim().parse::<NaiveDate>() {
        return Ok(reading.zone.to_utc(day.and_time(NaiveTime::MIN)).instant);
    }
    let said = |words: String| Unreadable::Question(words.replacen("--at", option, 1));
    let instant = instant::parse(text, reading.at, &reading.zone).map_err(said)?;
    remarks.extend(instant.remark);
    Ok(instant.at)
}

fn rows(asked: &Export, reading: &Reading, window: Window) -> Rows {
    let numbers = if asked.numbers { Numbers::InFull } else { Numbers::Masked };
    Rows::of(&reading.roster, window, numbers, usize::MAX)
}

fn json(asked: &Export, reading: &Reading, window: Window) -> String {
    let shown = |zone: &Zone, at| words::rfc3339(zone, at);
    let answer = json!({
        "rota": reading.title,
        "hotline": reading.hotline,
        "time_zone": reading.zone.name().name(),
        "from": shown(&reading.zone, window.from),
        "until": shown(&reading.zone, window.until),
        "read_at": reading.read_at,
        "remarks": reading.remarks,
        "duties": rows(asked, reading, window).rows,
    });
    format!("{answer:#}\n")
}

/// With the events of the hotline's feed, where it is one.
fn calendar(reading: &Reading, window: Window) -> String {
    let title = reading.hotline.as_ref().map(|name| format!("Hotline {name}"));
    Calendar {
        key: reading.hotline.as_ref().unwrap_or(&reading.title),
        title: title.as_ref().unwrap_or(&reading.title),
        roster: &reading.roster,
        read_at: reading.read_at,
        whose: Whose::All,
        window,
    }
    .text()
}

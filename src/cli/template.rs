//! The answer of `template`: a rota to copy, or the contacts that a rota lacks, written to files. What is in them is known
//! elsewhere; nothing that is there already is written over.

use super::reading::Reading;
use super::words::count;
use super::{Question, Unreadable, words};
use crate::config::Environment;
use crate::exports::defused;
use crate::templates::{Book, Contact, Layout, Wish, contacts};
use chrono::{DateTime, Datelike as _, NaiveDate, Utc, Weekday};
use chrono_tz::Tz;
use clap::{Args, ValueEnum};
use std::collections::BTreeSet;
use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// More people than anybody types.
const PEOPLE_AT_MOST: usize = 200;

/// Arguments of `template`.
#[derive(Clone, Debug, Args)]
pub struct Template {
    /// The shape of the rota.
    #[arg(long, value_enum, required_unless_present = "contacts_for")]
    pub layout: Option<Shape>,
    /// Where to write: a workbook (rota.xlsx), or a folder (rota/) for a .csv file of each tab. Nothing is written over.
    /// With --contacts-for, contacts.csv when left out.
    #[arg(long, value_name = "FILE", required_unless_present = "contacts_for")]
    pub out: Option<PathBuf>,
    /// The first day of the rota. The Monday of this week when left out.
    #[arg(long, value_name = "DATE")]
    pub from: Option<NaiveDate>,
    /// How many weeks are filled in.
    #[arg(long, value_name = "NUMBER", default_value_t = 12, value_parser = clap::value_parser!(u32).range(1..=104))]
    pub weeks: u32,
    /// Who takes turns: "Ana, Bill". Invented people when left out.
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub people: Vec<String>,
    /// The zone in which the rota is written.
    #[arg(long, value_name = "ZONE", default_value = "Australia/Melbourne")]
    pub time_zone: Tz,
    /// Whose telephone numbers may be written without their country: two letters.
    #[arg(long, value_name = "COUNTRY", default_value = "AU", value_parser = country)]
    pub country: String,
    /// Write instead the contacts that this rota needs and does not have, with an empty column for their numbers.
    /// May be repeated, for a rota of several files.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["layout", "from", "people"])]
    pub contacts_for: Vec<PathBuf>,
    /// A TOML file of settings for the rota of --contacts-for.
    #[arg(long, value_name = "FILE", requires = "contacts_for")]
    pub settings: Option<PathBuf>,
    /// One setting for the rota of --contacts-for, such as "Shift: Night=22:00-06:00". May be repeated.
    #[arg(long, value_name = "SETTING=VALUE", value_parser = words::pair, requires = "contacts_for")]
    pub set: Vec<(String, String)>,
}

/// The shapes that there are templates for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Shape {
    /// From | 1st | 2nd | 3rd: a row holds until the next one.
    Handover,
    /// Date | Day | Evening | Night.
    Shifts,
    /// Names down, dates across, codes in the cells.
    Matrix,
    /// Day | From | Until | 1st | 2nd: the same every week.
    Week,
}

/// Writes what was asked for, and says what that is.
///
/// # Errors
/// [`Unreadable`] where the rota cannot be read, or the files cannot be written (status 2).
pub async fn template(asked: &Template, config: &Path, env: &Environment, now: DateTime<Utc>) -> Result<String, Unreadable> {
    if !asked.contacts_for.is_empty() {
        return missing_contacts(asked, config, env, now).await;
    }
    let Some(layout) = asked.layout else {
        return Err(Unreadable::Question(
            "which layout? --layout handover, shifts, matrix or week".to_owned(),
        ));
    };
    let out = out(asked);
    let book = Book::new(layout.into(), &wish(asked, now)?);
    let written = write(&book, out, now)?;
    let own = if asked.people.is_empty() {
        "The people and their numbers are invented: put yours in their place (Contacts)"
    } else {
        "Fill in the telephone numbers (Contacts)"
    };
    Ok(format!(
        "{written}\n{own}, look through Settings, and then ask what is still wrong:\n  rotaline check --rota {}\n",
        out.display()
    ))
}

fn out(asked: &Template) -> &Path {
    asked.out.as_deref().unwrap_or(Path::new("contacts.csv"))
}

fn wish(asked: &Template, now: DateTime<Utc>) -> Result<Wish, Unreadable> {
    let monday = || now.date_naive().week(Weekday::Mon).first_day();
    let from = asked.from.unwrap_or_else(monday);
    if !(1901..=9000).contains(&from.year()) {
        return Err(Unreadable::Question(format!(
            "--from {from}: a spreadsheet cannot hold dates of that year"
        )));
    }
    let mut people: Vec<String> = Vec::new();
    for name in asked.people.iter().map(|name| name.trim()).filter(|name| !name.is_empty()) {
        if people.iter().any(|known| known == name) {
            return Err(Unreadable::Question(format!("--people has \"{name}\" twice")));
        }
        people.push(name.to_owned());
    }
    if people.len() > PEOPLE_AT_MOST {
        return Err(Unreadable::Question(format!("--people has more than {PEOPLE_AT_MOST} names")));
    }
    Ok(Wish {
        from,
        weeks: asked.weeks,
        people,
        time_zone: asked.time_zone.name().to_owned(),
        country: asked.country.clone(),
    })
}

/// Every name that the rota uses and nobody can ring, once, in the order of its first duty.
async fn missing_contacts(asked: &Template, config: &Path, env: &Environment, now: DateTime<Utc>) -> Result<String, Unreadable> {
    let question = Question {
        at: "now".to_owned(),
        hotline: None,
        rota: asked.contacts_for.clone(),
        settings: asked.settings.clone(),
        set: asked.set.clone(),
        json: false,
        numbers: false,
    };
    let reading = Reading::take(&question, config, env, now).await?;
    let (mut seen, mut people) = (BTreeSet::new(), Vec::<Contact>::new());
    for unreachable in reading.roster.unreachable(DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC) {
        // Neither a formula's error nor a number is anybody's name.
        let is_name = |name: &&str| !name.starts_with('#') && name.chars().any(char::is_alphabetic);
        // Whoever is several contacts at once has numbers enough.
        let lacking = unreachable.names.iter().filter(|missed| !missed.is_ambiguous);
        for name in lacking.map(|missed| missed.name.as_str()).filter(is_name) {
            if seen.insert(name.to_lowercase()) {
                let [phone, second, other_names, notes] = [const { String::new() }; 4];
                people.push([defused(name).into_owned(), phone, second, other_names, notes]);
            }
        }
    }
    if people.is_empty() {
        return Err(Unreadable::Question(format!(
            "{} names nobody who cannot be rung, so there are no contacts to write. If its settings lie in a file of their own, \
             name that too (--contacts-for settings.csv). `rotaline check {}` says what else is wrong",
            reading.title,
            files_as_typed(&asked.contacts_for)
        )));
    }
    let names = count(people.len(), "name");
    let written = write(
        &Book {
            tabs: vec![contacts(&people)],
        },
        out(asked),
        now,
    )?;
    Ok(format!(
        "{written}\n{names} without a number. Fill in the column Phone, then check again with this file beside the rota:\n  rotaline check {} \
         --rota {}\nTo keep it: add these rows to the tab Contacts of the workbook (make one if there is none), or keep the .csv files in one \
         folder and name the folder.\n",
        files_as_typed(&asked.contacts_for),
        in_quotes(out(asked)),
    ))
}

/// `--rota rota.xlsx --rota settings.csv`.
fn files_as_typed(files: &[PathBuf]) -> String {
    let typed: Vec<String> = files.iter().map(|file| format!("--rota {}", in_quotes(file))).collect();
    typed.join(" ")
}

/// As a shell takes it.
fn in_quotes(file: &Path) -> String {
    let name = file.display().to_string();
    if name.contains(' ') { format!("\"{name}\"") } else { name }
}

/// Writes a workbook, one table, or a folder of tables, as the name says.
fn write(book: &Book, out: &Path, now: DateTime<Utc>) -> Result<String, Unreadable> {
    let extension = out.extension().and_then(|extension| extension.to_str()).map(str::to_lowercase);
    match (extension.as_deref(), book.tabs.as_slice()) {
        (Some("xlsx"), _) => {
            let bytes = book
                .workbook(now.date_naive())
                .map_err(|fault| Unreadable::Question(fault.to_string()))?;
            create(out, &bytes)?;
            Ok(format!("Written: {}", out.display()))
        }
        (Some("csv"), [_]) => {
            for (_, text) in files(book)? {
                create(out, text.as_bytes())?;
            }
            Ok(format!("Written: {}", out.display()))
        }
        (Some("csv"), _) => Err(Unreadable::Question(format!(
            "--out {}: a rota has several tables; name a folder for them, or a workbook (.xlsx)",
            out.display()
        ))),
        (None, _) => {
            fs::create_dir_all(out).map_err(|fault| unwritten(out, &fault))?;
            let mut written = Vec::new();
            for (name, text) in files(book)? {
                create(&out.join(&name), text.as_bytes())?;
                written.push(name);
            }
            Ok(format!("Written to {}: {}", out.display(), written.join(", ")))
        }
        (Some(_), _) => Err(Unreadable::Question(format!(
            "--out {}: name a workbook (.xlsx) or a folder",
            out.display()
        ))),
    }
}

fn files(book: &Book) -> Result<Vec<(String, String)>, Unreadable> {
    book.files().map_err(|fault| Unreadable::Question(fault.to_string()))
}

/// Only where nothing is yet: it might be the rota itself.
fn create(path: &Path, bytes: &[u8]) -> Result<(), Unreadable> {
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(path)
        .map_err(|fault| unwritten(path, &fault))?;
    file.write_all(bytes).map_err(|fault| unwritten(path, &fault))
}

fn unwritten(path: &Path, fault: &std::io::Error) -> Unreadable {
    if fault.kind() == std::io::ErrorKind::AlreadyExists {
        let words = format!(
            "{} is there already, and nothing is written over; name another file",
            path.display()
        );
        return Unreadable::Question(words);
    }
    Unreadable::Question(format!("{} cannot be written: {fault}", path.display()))
}

fn country(text: &str) -> Result<String, String> {
    let text = text.trim().to_uppercase();
    if text.len() == 2 && text.bytes().all(|letter| letter.is_ascii_uppercase()) {
        Ok(text)
    } else {
        Err("write two letters, such as GB".to_owned())
    }
}

impl From<Shape> for Layout {
    fn from(shape: Shape) -> Self {
        match shape {
            Shape::Handover => Self::Handover,
            Shape::Shifts => Self::Shifts,
            Shape::Matrix => Self::Matrix,
            Shape::Week => Self::Week,
        }
    }
}

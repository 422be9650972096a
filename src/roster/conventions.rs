//! What the settings come to: time zone, handover, country, date order, shift hours. It must not know people.

mod setting_words;
mod unused;
mod values;
mod zones;

use super::findings::{Findings, Words};
use super::terms::{Meaning, Term, Terms};
use super::wall_clock::Zone;
use super::{Code, Reach, Settings, Severity};
use crate::roster::cells::dates::DateOrder;
use crate::roster::cells::phones::Dialling;
use crate::roster::cells::times::{Clock, DayHours, Hours};
use crate::roster::cells::words::{fold, quote, shown, tidy};
use chrono_tz::Tz;
use phonenumber::country::Id;
use providers::{CellAddress, Tab};
use setting_words::Setting;
pub(crate) use setting_words::{OWN_NUMBERS, REACH, SIP_DOMAINS};
use std::borrow::Cow;
use std::collections::BTreeMap;
use values::{count_before, country, list};
pub(super) use zones::SheetZone;
use zones::{ZoneLine, choose_zone};

#[cfg(test)]
pub(super) use setting_words::examples;
pub(super) use values::days;
pub(super) use zones::zone_named;

/// What is said where nothing like a key is known.
const ALL_SETTINGS: &str = "The settings are: Time zone, Handover time, Country for phone numbers, Date order, Year, Month, Last resort, \
                            Coverage, Tabs, Team, Order, People of the same shift, Shift: (name), Code: (code), Role: (header), Ignore \
                            codes, Do not ring, Each row lasts, Cycle starts, Cycle, Turn.";

/// Rows of a Settings tab that are read.
const SETTINGS_AT_MOST: usize = 500;

/// How this rota is to be read.
#[derive(Clone)]
pub(super) struct Conventions {
    pub(super) zone: Zone,
    pub(super) handover: Option<Clock>,
    pub(super) country: Option<Id>,
    pub(super) date_order: Option<DateOrder>,
    pub(super) year: Option<i32>,
    /// A name or a number, as written, and where.
    pub(super) last_resort: Option<(String, Option<CellAddress>)>,
    pub(super) shifts: Vec<ShiftHours>,
    /// Shifts, codes and roles, and the order of headers.
    pub(super) terms: Terms,
    /// How people are rung whose order nothing says.
    pub(super) unordered: Option<Unordered>,
    /// Month and year of a rota of day numbers, as written, and where.
    pub(super) month: Option<(String, Option<CellAddress>)>,
    /// Which of several teams, folded.
    pub(super) team: Option<String>,
    /// Patterns of the tabs that are the rota; empty where none is set.
    pub(super) tabs: Vec<String>,
    /// When somebody must be on call; nothing where it is not set.
    pub(super) coverage: Option<Vec<DayHours>>,
    /// The day with which week 1 of a cycle, or the first turn of a rotation, begins, as written, and where.
    pub(super) anchor: Option<(String, Option<CellAddress>)>,
    /// How many weeks a cycle has.
    pub(super) cycle_weeks: Option<u32>,
    /// How many local days a turn of a rotation lasts.
    pub(super) turn_days: Option<u32>,
    /// How long a dated row without an end lasts.
    pub(super) row_lasts: Option<RowLasts>,
    /// Whose calendar it is, where titles of events do not say who is on call.
    pub(super) person: Option<String>,
    /// To which domains calls may be sent by SIP.
    sip_domains: Option<Vec<String>>,
    /// The numbers of our own lines, in international form.
    own_numbers: Option<Vec<String>>,
    /// Which numbers may be rung.
    pub(super) reach: Reach,
    /// What was set, and where.
    lines: BTreeMap<Setting, ZoneLine>,
}

/// How people are rung whose order neither the sheet nor a setting says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unordered {
    /// One after another, as they are listed.
    AsListed,
    /// All at once.
    Together,
}

/// How long a dated row without an end lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RowLasts {
    UntilNextRow,
    /// Local days from its handover.
    Days(u32),
    /// These hours of its day.
    Hours(Hours),
}

/// What a setting says of one shift.
#[derive(Clone, Debug)]
pub(super) struct ShiftHours {
    /// Folded.
    pub(super) name: String,
    /// Without the word shift and without the plural.
    core: String,
    pub(super) term: Term,
}

/// One line of settings.
struct Line {
    key: String,
    value: String,
    cell: Option<CellAddress>,
}

impl Conventions {
    /// Reads the Settings tabs, in their order, and what was given with it; the latter wins.
    pub(super) fn read(tabs: &[&Tab], given: &Settings, sheet_zone: &SheetZone<'_>, findings: &mut Findings) -> Self {
        let mut lines: Vec<Line> = tabs.iter().flat_map(|tab| lines(tab, findings)).collect();
        lines.extend(given.0.iter().map(|(key, value)| Line {
            key: key.clone(),
            value: value.clone(),
            cell: None,
        }));
        let mut found = Self {
            zone: Zone::new(Tz::UTC),
            handover: None,
            country: None,
            date_order: None,
            year: None,
            last_resort: None,
            shifts: Vec::new(),
            terms: Terms::default(),
            unordered: None,
            month: None,
            team: None,
            tabs: Vec::new(),
            coverage: None,
            anchor: None,
            cycle_weeks: None,
            turn_days: None,
            row_lasts: None,
            person: None,
            sip_domains: None,
            own_numbers: None,
            reach: Reach::default(),
            lines: BTreeMap::new(),
        };
        let mut zone = None;
        for line in &lines {
            found.take(line, &mut zone, findings);
        }
        found.zone = choose_zone(zone, sheet_zone, findings);
        found.reach = std::mem::take(&mut found.reach).with_country_of_sheet(found.country.as_ref().map(AsRef::as_ref));
        found
    }

    /// What can be dialled.
    pub(super) fn dialling(&self) -> Dialling<'_> {
        Dialling {
            country: self.country,
            sip_domains: self.sip_domains.as_deref().unwrap_or_default(),
            reach: Some(&self.reach),
        }
    }

    /// Whether this is a number of one of our own lines, which hotlines never ring.
    pub(super) fn is_our_own(&self, phone: &crate::roster::Phone) -> bool {
        self.own_numbers.iter().flatten().any(|own| own == phone.address())
    }

    /// The same for a tab whose name says a year, unless one is set for all.
    pub(super) fn of_year(&self, year: Option<i32>) -> Cow<'_, Self> {
        match year.filter(|_| self.year.is_none()) {
            None => Cow::Borrowed(self),
            Some(year) => Cow::Owned(Self {
                year: Some(year),
                ..self.clone()
            }),
        }
    }

    fn take(&mut self, line: &Line, zone: &mut Option<ZoneLine>, findings: &mut Findings) {
        let value = tidy(&line.value);
        let Some((setting, value)) = setting_words::setting(&line.key, &value) else {
            report_unknown(line, findings);
            return;
        };
        if value.is_empty() {
            return;
        }
        if matches!(setting, Setting::SipDomains | Setting::OwnNumbers | Setting::Reach) && line.cell.is_some() {
            return report_not_here(&setting, line, findings);
        }
        self.report_other(&setting, &value, line, findings);
        let kind = setting.clone();
        let read = match setting {
            Setting::TimeZone => {
                *zone = Some((value.clone(), line.cell.clone()));
                true
            }
            Setting::Handover => keep(&mut self.handover, clock(&value, line, findings)),
            Setting::Country => keep(&mut self.country, country(&value)),
            Setting::DateOrder => keep(&mut self.date_order, DateOrder::parse(&value)),
            Setting::Year => keep(&mut self.year, value.parse().ok().filter(|year| (1990..=2199).contains(year))),
            Setting::LastResort => {
                self.last_resort = Some((value.clone(), line.cell.clone()));
                true
            }
            Setting::Term(name) => self.take_term(&name, &value, line, findings),
            Setting::Silent => {
                let codes: Vec<&str> = list(&value).collect();
                codes.into_iter().all(|code| self.terms.add(code, Meaning::Silent))
            }
            Setting::Order => {
                let words: Vec<String> = list(&value).map(ToOwned::to_owned).collect();
                self.terms.set_order(&words);
                true
            }
            Setting::Unordered => keep(&mut self.unordered, Unordered::parse(&value)),
            Setting::Month => keep(&mut self.month, Some((value.clone(), line.cell.clone()))),
            Setting::Team => keep(&mut self.team, Some(fold(&value)).filter(|team| !team.is_empty())),
            Setting::Tabs => {
                self.tabs = list(&value).map(ToOwned::to_owned).collect();
                true
            }
            Setting::Coverage => keep(&mut self.coverage, DayHours::parse_list(&value)),
            Setting::Anchor => {
                self.anchor = Some((value.clone(), line.cell.clone()));
                true
            }
            Setting::Cycle => keep(
                &mut self.cycle_weeks,
                count_before(&value, &["week", "semaine", "woche", "semana"], 1..=52),
            ),
            Setting::Turn => keep(&mut self.turn_days, days(&value)),
            Setting::RowLasts => keep(&mut self.row_lasts, RowLasts::parse(&value)),
            Setting::Person => keep(&mut self.person, Some(value.clone())),
            Setting::OwnNumbers => keep(&mut self.own_numbers, Some(list(&value).map(ToOwned::to_owned).collect())),
            Setting::Reach => self.take_reach(&value),
            Setting::SipDomains => keep(&mut self.sip_domains, Some(list(&value).map(str::to_ascii_lowercase).collect())),
            Setting::Heading => true,
        };
        if !read {
            let words = Words::new(
                format!("{} cannot be read as {}.", quote(&line.value), setting_words::expected(&kind)),
                "The setting counts as missing.",
                format!("Write it as in: {}.", setting_words::example(&kind)),
            );
            findings.tell(Code::SettingUnreadable, Severity::Warn, line.cell.clone(), words);
        }
    }

    /// As the configuration writes it, which no sheet does.
    fn take_reach(&mut self, json: &str) -> bool {
        serde_json::from_str(json).map(|reach| self.reach = reach).is_ok()
    }

    /// The same setting before, with another value: which of them counts.
    fn report_other(&mut self, setting: &Setting, value: &str, line: &Line, findings: &mut Findings) {
        let is_list = matches!(setting, Setting::Silent | Setting::Heading);
        let before = self.lines.insert(setting.clone(), (value.to_owned(), line.cell.clone()));
        let Some((other, cell)) = before.filter(|(other, _)| !is_list && fold(other) != fold(value)) else {
            return;
        };
        let (seen, consequence) = match (&cell, &line.cell) {
            (Some(_), None) => (
                format!(
                    "{} is {} in the sheet, and {} where the hotline is configured.",
                    quote(&setting_words::name(setting)),
                    quote(&other),
                    quote(value)
                ),
                "What the hotline is configured with counts.",
            ),
            (Some(_) | None, _) => (
                format!(
                    "{} is set twice: {} and {}.",
                    quote(&setting_words::name(setting)),
                    quote(&other),
                    quote(value)
                ),
                "The later one counts.",
            ),
        };
        let words = Words::new(seen, consequence, "Delete the one that is not meant.");
        let cause = findings.tell(Code::SettingsDiffer, Severity::Note, cell, words);
        if let Some(cell) = &line.cell {
            cause.at(cell.clone());
        }
    }

    fn take_term(&mut self, name: &str, value: &str, line: &Line, findings: &mut Findings) -> bool {
        let Some(meaning) = Meaning::parse(value) else { return false };
        if let Meaning::Rings(term) = &meaning {
            if let Some(when) = term.when.iter().find(|when| when.hours.is_doubtful()) {
                doubtful(line, &when.hours, findings);
            }
            self.shifts.push(ShiftHours {
                name: fold(name),
                core: shift_core(&fold(name)),
                term: term.clone(),
            });
        }
        self.terms.add(name, meaning)
    }

    /// The shift that a header names, whether as night, nights or night shift; of two settings for it the later one.
    pub(super) fn shift(&self, header_words: &str) -> Option<&Term> {
        let core = shift_core(header_words);
        let by = |fits: &dyn Fn(&ShiftHours) -> bool| self.shifts.iter().rev().find(|shift| fits(shift)).map(|shift| &shift.term);
        by(&|shift| shift.name == header_words).or_else(|| by(&|shift| shift.core == core))
    }
}

/// A sheet that could say so could send calls anywhere.
fn report_not_here(setting: &Setting, line: &Line, findings: &mut Findings) {
    let words = Words::new(
        format!("{} cannot be set in the sheet.", quote(&line.key)),
        "It is left out.",
        format!(
            "Whoever runs the hotline writes into rotaline.toml: {}.",
            setting_words::example(setting).trim_end_matches(" (in rotaline.toml)")
        ),
    );
    findings.tell(Code::SettingUnknown, Severity::Warn, line.cell.clone(), words);
}

fn report_unknown(line: &Line, findings: &mut Findings) {
    let words = Words::new(
        format!("{} is not a setting that is known here.", quote(&line.key)),
        "It is left out.",
        match setting_words::nearest(&line.key) {
            Some(example) => format!("If that is what it means, write it as in: {example}."),
            None => ALL_SETTINGS.to_owned(),
        },
    );
    findings.tell(Code::SettingUnknown, Severity::Note, line.cell.clone(), words);
}

fn keep<T>(place: &mut Option<T>, found: Option<T>) -> bool {
    let read = found.is_some();
    if read {
        *place = found;
    }
    read
}

/// A shift's name without the word shift and without the plural: `night shifts` is `night`.
fn shift_core(name: &str) -> String {
    let words = name
        .split(' ')
        .filter(|word| !matches!(*word, "shift" | "shifts" | "dienst" | "schicht" | "turno" | "poste"));
    let core = words.collect::<Vec<_>>().join(" ");
    core.strip_suffix('s').map_or(core.clone(), ToOwned::to_owned)
}

/// Whether a tab is headed as settings are, whatever its name: `Setting | Value`.
pub(super) fn is_headed(tab: &Tab) -> bool {
    let row = tab.rows.iter().find(|cells| cells.iter().any(|cell| !cell.is_blank()));
    let texts: Vec<String> = row.into_iter().flatten().take(3).map(|cell| fold(&shown(cell))).collect();
    let [key, value, ..] = texts.as_slice() else { return false };
    let is_pair = ["setting", "settings", "einstellung", "reglage", "parametre", "ajuste"].contains(&key.as_str());
    is_pair && ["value", "values", "wert", "valeur", "valor"].contains(&value.as_str())
}

fn lines(tab: &Tab, findings: &mut Findings) -> Vec<Line> {
    if tab.rows.len() > SETTINGS_AT_MOST {
        let words = Words::new(
            format!("The tab has more than {SETTINGS_AT_MOST} rows."),
            "The rest is left out.",
            "Keep only settings in this tab.",
        );
        findings.tell(Code::TooLarge, Severity::Warn, Some(tab.address(SETTINGS_AT_MOST, 0)), words);
    }
    let mut lines = Vec::new();
    for (row, cells) in tab.rows.iter().enumerate().take(SETTINGS_AT_MOST) {
        let mut filled = cells.iter().enumerate().filter(|(_, cell)| !cell.is_blank());
        let Some((place, key)) = filled.next() else { continue };
        let value = filled.next();
        lines.push(Line {
            key: shown(key),
            value: value.map_or_else(String::new, |(_, cell)| shown(cell)),
            cell: Some(tab.address(row, value.map_or(place, |(place, _)| place))),
        });
    }
    lines
}

fn clock(value: &str, line: &Line, findings: &mut Findings) -> Option<Clock> {
    // A cell that holds a time without being formatted as one comes as a share of a day.
    let fraction = value
        .parse::<f64>()
        .ok()
        .filter(|share| *share > 0.0 && *share < 1.0)
        .and_then(Clock::of_fraction);
    let clock = fraction.or_else(|| Clock::parse(value))?;
    if clock.doubtful {
        doubtful(line, &clock, findings);
    }
    Some(clock)
}

fn doubtful(line: &Line, read: &dyn std::fmt::Display, findings: &mut Findings) {
    let words = Words::new(
        format!("{} can be read in two ways.", quote(&line.value)),
        format!("It is read as {read}."),
        "Write times with 24 hours, such as 08:00, 12:00 and 20:00.",
    );
    findings.tell(Code::TimeDoubtful, Severity::Warn, line.cell.clone(), words);
}

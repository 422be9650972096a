//! What the settings come to: time zone, handover, country, date order, shift hours. It must not know people.

use super::dates::DateOrder;
use super::findings::{Findings, Words};
use super::times::{Clock, Hours};
use super::wall_clock::Zone;
use super::words::{fold, quote, shown, tidy};
use super::{Code, Settings, Severity};
use chrono_tz::Tz;
use phonenumber::country::Id;
use phonenumber::metadata::DATABASE;
use providers::{CellAddress, Tab};

/// Rows of a Settings tab that are read.
const SETTINGS_AT_MOST: usize = 500;

/// How this rota is to be read.
pub(super) struct Conventions {
    pub(super) zone: Zone,
    pub(super) handover: Option<Clock>,
    pub(super) country: Option<Id>,
    pub(super) date_order: Option<DateOrder>,
    pub(super) year: Option<i32>,
    /// A name or a number, as written, and where.
    pub(super) last_resort: Option<(String, Option<CellAddress>)>,
    pub(super) shifts: Vec<ShiftHours>,
}

/// The hours of one shift.
#[derive(Clone, Debug)]
pub(super) struct ShiftHours {
    /// Folded.
    pub(super) name: String,
    pub(super) hours: Hours,
}

/// One line of settings.
struct Line {
    key: String,
    value: String,
    cell: Option<CellAddress>,
}

/// Which setting a key names.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Setting {
    TimeZone,
    Handover,
    Country,
    DateOrder,
    LastResort,
    Year,
    Shift(String),
    /// Known, and read with a later layout.
    Later,
    Heading,
}

const TIME_ZONE: &[&str] = &["time zone", "timezone", "tz", "zone", "fuseau horaire", "zeitzone", "zona horaria"];
const HANDOVER: &[&str] = &[
    "handover time",
    "handover",
    "hand over time",
    "change over time",
    "changeover time",
    "changeover",
    "shift change",
    "heure de releve",
    "releve",
    "ubergabezeit",
    "ubergabe",
    "uebergabe",
    "schichtwechsel",
    "hora de relevo",
    "relevo",
];
const COUNTRY: &[&str] = &[
    "country for phone numbers",
    "country",
    "phone country",
    "country code",
    "default country",
    "pays",
    "pays des numeros",
    "land",
    "landeskennung",
    "pais",
];
const DATE_ORDER: &[&str] = &[
    "date order",
    "date format",
    "dates",
    "ordre des dates",
    "format de date",
    "datumsformat",
    "formato de fecha",
    "orden de fecha",
];
const LAST_RESORT: &[&str] = &[
    "if nobody answers or the rota runs out ring",
    "if nobody answers ring",
    "if nobody answers",
    "last resort",
    "fallback",
    "ring last",
    "en dernier recours",
    "dernier recours",
    "letzte instanz",
    "notnagel",
    "ultimo recurso",
];
const YEAR: &[&str] = &["year", "annee", "jahr", "ano"];
const LATER: &[&str] = &["ignore codes", "team"];
const HEADINGS: &[&str] = &["setting", "settings", "reglage", "parametre", "einstellung", "ajuste"];

impl Conventions {
    /// Reads the Settings tab and what was given with it; the latter wins.
    pub(super) fn read(tab: Option<&Tab>, given: &Settings, sheet_zone: Option<&str>, findings: &mut Findings) -> Self {
        let mut lines = tab.map_or_else(Vec::new, |tab| lines(tab, findings));
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
        };
        let mut zone = None;
        for line in &lines {
            found.take(line, &mut zone, findings);
        }
        found.zone = choose_zone(zone, sheet_zone, findings);
        found
    }

    fn take(&mut self, line: &Line, zone: &mut Option<ZoneLine>, findings: &mut Findings) {
        let value = tidy(&line.value);
        let Some((setting, value)) = setting(&line.key, &value) else {
            let words = Words::new(
                format!("{} is not a setting that is known here.", quote(&line.key)),
                "It is left out.",
                "The settings are: Time zone, Handover time, Country for phone numbers, Date order, Year, Last resort, Shift: (name).",
            );
            findings.tell(Code::SettingUnknown, Severity::Note, line.cell.clone(), words);
            return;
        };
        if value.is_empty() {
            return;
        }
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
            Setting::Shift(name) => match Hours::parse(&value) {
                Some(hours) => {
                    if hours.is_doubtful() {
                        doubtful(line, &hours, findings);
                    }
                    self.shifts.push(ShiftHours { name, hours });
                    true
                }
                None => false,
            },
            Setting::Later | Setting::Heading => true,
        };
        if !read {
            let words = Words::new(
                format!("{} cannot be read as {}.", quote(&line.value), expected(&line.key)),
                "The setting counts as missing.",
                "Write it as in the example of the manual.",
            );
            findings.tell(Code::SettingUnreadable, Severity::Warn, line.cell.clone(), words);
        }
    }

    /// The hours of the shift that a header names; of two settings for it the later one.
    pub(super) fn hours(&self, header_words: &str) -> Option<Hours> {
        let core = shift_core(header_words);
        let by = |fits: &dyn Fn(&ShiftHours) -> bool| self.shifts.iter().rev().find(|shift| fits(shift)).map(|shift| shift.hours);
        by(&|shift| shift.name == header_words).or_else(|| by(&|shift| shift_core(&shift.name) == core))
    }
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

/// The setting that a key names, and its value, which may stand in the key itself (`Shift: Night 20:00-08:00`).
fn setting(key: &str, value: &str) -> Option<(Setting, String)> {
    let key = tidy(key);
    let folded = fold(&key);
    // `Timezone`, `hand-over time`: where the words are parted says nothing.
    let closed = folded.replace(' ', "");
    let is_in = |words: &[&str]| words.iter().any(|word| word.chars().filter(|c| *c != ' ').eq(closed.chars()));
    let known = if is_in(TIME_ZONE) {
        Setting::TimeZone
    } else if is_in(HANDOVER) {
        Setting::Handover
    } else if is_in(COUNTRY) {
        Setting::Country
    } else if is_in(DATE_ORDER) {
        Setting::DateOrder
    } else if is_in(LAST_RESORT) {
        Setting::LastResort
    } else if is_in(YEAR) {
        Setting::Year
    } else if is_in(HEADINGS) {
        Setting::Heading
    } else if is_in(LATER) || folded.starts_with("code ") {
        Setting::Later
    } else {
        return shift_setting(&key, value);
    };
    Some((known, value.to_owned()))
}

fn shift_setting(key: &str, value: &str) -> Option<(Setting, String)> {
    let folded = fold(key);
    let said = ["shift", "schicht", "poste", "turno"]
        .iter()
        .find_map(|word| folded.strip_prefix(word)?.strip_prefix(' '));
    if let Some(name) = said {
        if !value.is_empty() {
            return Some((Setting::Shift(name.to_owned()), value.to_owned()));
        }
        // `Shift: Night 20:00-08:00` in one cell: the hours begin with the first digit.
        let (front, hours) = key.split_at(key.find(|c: char| c.is_ascii_digit())?);
        let name = fold(front);
        let name = name.split_once(' ').map(|(_, name)| name.to_owned())?;
        return Some((Setting::Shift(name), hours.trim_start_matches('=').trim().to_owned()));
    }
    // `Night | 20:00-08:00` can mean nothing else.
    Hours::parse(value).map(|_| (Setting::Shift(folded), value.to_owned()))
}

/// What the value of a setting should have been.
fn expected(key: &str) -> &'static str {
    match setting(key, "x") {
        Some((Setting::Handover, _)) => "a time of day such as 08:00",
        Some((Setting::Country, _)) => "a country such as AU or Australia",
        Some((Setting::DateOrder, _)) => "\"day first\" or \"month first\"",
        Some((Setting::Year, _)) => "a year such as 2026",
        Some((Setting::Shift(_), _)) => "hours such as 20:00-08:00",
        Some((Setting::TimeZone | Setting::LastResort | Setting::Later | Setting::Heading, _)) | None => "a setting",
    }
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

/// `AU`, `au`, `Australia`, `UK`, `+61` where only one country has it.
fn country(value: &str) -> Option<Id> {
    if let Ok(id) = value.to_uppercase().parse::<Id>() {
        return Some(id);
    }
    let digits = value.strip_prefix('+').unwrap_or(value);
    if let Ok(code) = digits.parse::<u16>() {
        let regions = DATABASE.region(&code)?;
        return regions.first().and_then(|region| region.parse().ok());
    }
    let id = match fold(value).as_str() {
        "uk" | "united kingdom" | "great britain" | "britain" | "england" | "scotland" | "wales" => Id::GB,
        "australia" => Id::AU,
        "new zealand" => Id::NZ,
        "usa" | "united states" | "united states of america" => Id::US,
        "canada" | "kanada" => Id::CA,
        "ireland" => Id::IE,
        "india" => Id::IN,
        "south africa" => Id::ZA,
        "singapore" => Id::SG,
        "france" | "frankreich" | "francia" => Id::FR,
        "germany" | "deutschland" | "allemagne" | "alemania" => Id::DE,
        "austria" | "osterreich" => Id::AT,
        "switzerland" | "schweiz" | "suisse" => Id::CH,
        "belgium" | "belgique" | "belgie" => Id::BE,
        "netherlands" | "nederland" => Id::NL,
        "spain" | "espana" | "spanien" => Id::ES,
        "italy" | "italia" => Id::IT,
        "portugal" => Id::PT,
        "mexico" => Id::MX,
        "argentina" => Id::AR,
        "chile" => Id::CL,
        "colombia" => Id::CO,
        "brazil" | "brasil" => Id::BR,
        _ => return None,
    };
    Some(id)
}

/// A time zone as written, and where.
type ZoneLine = (String, Option<CellAddress>);

fn choose_zone(line: Option<ZoneLine>, sheet_zone: Option<&str>, findings: &mut Findings) -> Zone {
    let now = findings.now();
    let fallback = sheet_zone.and_then(zone_named).unwrap_or(Tz::UTC);
    let Some((text, cell)) = line else {
        if sheet_zone.and_then(zone_named).is_some() {
            return Zone::new(fallback);
        }
        let words = Words::new(
            "Nothing says in which time zone the rota is written.",
            "Every time is read as UTC, so every handover may come hours early or late.",
            "Add to Settings: Time zone | Australia/Melbourne (your zone).",
        );
        findings.tell(Code::TimeZoneMissing, Severity::Stop, None, words).affects(now);
        return Zone::new(Tz::UTC);
    };
    let Some(found) = zone_named(&text) else {
        let near = nearest_zone(&text).map_or_else(String::new, |zone| format!(" (nearest: {zone})"));
        let words = Words::new(
            format!("{} is not a time zone{near}.", quote(&text)),
            format!("Every time is read in {fallback}, so handovers may come hours early or late."),
            "Write the zone as region and city, for example Europe/London.",
        );
        findings.tell(Code::TimeZoneUnknown, Severity::Stop, cell, words).affects(now);
        return Zone::new(fallback);
    };
    let name = found.name();
    if matches!(name, "EST" | "MST" | "HST") || name.starts_with("Etc/GMT+") || name.starts_with("Etc/GMT-") {
        let words = Words::new(
            format!("{} never changes its clocks.", quote(&text)),
            "Shifts move by an hour against the clocks on the wall for part of the year.",
            "Write the zone as region and city, for example America/New_York.",
        );
        findings.tell(Code::TimeZoneFixed, Severity::Warn, cell, words);
    }
    Zone::new(found)
}

/// By its name in any case, spaces for underscores, or by its city alone where only one zone has it.
fn zone_named(text: &str) -> Option<Tz> {
    let wanted = tidy(text).replace(' ', "_");
    let exact = chrono_tz::TZ_VARIANTS
        .into_iter()
        .find(|zone| zone.name().eq_ignore_ascii_case(&wanted));
    exact.or_else(|| {
        let city = |zone: &Tz| {
            zone.name()
                .rsplit_once('/')
                .is_some_and(|(_, city)| city.eq_ignore_ascii_case(&wanted))
        };
        let mut fitting = chrono_tz::TZ_VARIANTS.into_iter().filter(city);
        let found = fitting.next();
        found.filter(|_| fitting.next().is_none())
    })
}

fn nearest_zone(text: &str) -> Option<&'static str> {
    let wanted = tidy(text).replace(' ', "_").to_lowercase();
    let wanted: String = wanted.chars().take(60).collect();
    let scored = chrono_tz::TZ_VARIANTS
        .into_iter()
        .map(|zone| (strsim::jaro_winkler(&zone.name().to_lowercase(), &wanted), zone.name()));
    let best = scored.max_by(|a, b| a.0.total_cmp(&b.0))?;
    (best.0 > 0.85).then_some(best.1)
}

//! What the settings come to: time zone, handover, country, date order, shift hours. It must not know people.

use super::dates::DateOrder;
use super::findings::{Findings, Words};
use super::terms::{Meaning, Terms};
use super::times::{Clock, DayHours, Hours};
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
    /// The meaning of a shift, a code or a role: its name as typed.
    Term(String),
    /// Codes and roles that are never rung.
    Silent,
    /// Headers in the order of ringing.
    Order,
    Unordered,
    Month,
    Team,
    Tabs,
    Coverage,
    Anchor,
    Cycle,
    Turn,
    RowLasts,
    Person,
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
const SILENT: &[&str] = &[
    "ignore codes",
    "ignore code",
    "ignore",
    "do not ring",
    "never ring",
    "not rung",
    "roles that must not ring",
    "codes a ignorer",
    "ne pas appeler",
    "codes ignorieren",
    "nicht anrufen",
    "ignorar codigos",
    "no llamar",
];
const ORDER: &[&str] = &[
    "order",
    "ring order",
    "order of ringing",
    "order of columns",
    "levels",
    "ordre",
    "reihenfolge",
    "orden",
];
const UNORDERED: &[&str] = &["people of the same shift", "same shift", "people on the same shift"];
const MONTH: &[&str] = &["month", "mois", "monat", "mes"];
const TEAM: &[&str] = &["team", "teams", "equipe", "gruppe", "equipo", "section", "line"];
const TABS: &[&str] = &[
    "tabs",
    "tab",
    "rota tabs",
    "rota tab",
    "onglets",
    "onglet",
    "blatter",
    "blatt",
    "hojas",
    "hoja",
];
const COVERAGE: &[&str] = &[
    "coverage",
    "coverage expected",
    "expected coverage",
    "cover",
    "couverture",
    "abdeckung",
    "cobertura",
];
const ANCHOR: &[&str] = &[
    "cycle starts",
    "cycle start",
    "cycle begins",
    "cycle anchor",
    "week 1 began",
    "week 1 starts",
    "week 1",
    "rotation starts",
    "rotation start",
    "rotation begins",
    "first turn starts",
];
const CYCLE: &[&str] = &["cycle", "cycle length", "weeks in cycle", "cycle weeks"];
const TURN: &[&str] = &[
    "turn",
    "turn length",
    "turn lasts",
    "each turn lasts",
    "rotation length",
    "turn days",
];
const ROW_LASTS: &[&str] = &["each row lasts", "row lasts", "a row lasts", "each date lasts", "duty lasts"];
const PERSON: &[&str] = &["person", "calendar of", "personne", "persona", "name"];
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
                "The settings are: Time zone, Handover time, Country for phone numbers, Date order, Year, Month, Last resort, Coverage, \
                 Tabs, Team, Order, People of the same shift, Shift: (name), Code: (code), Role: (header), Ignore codes, Do not ring, \
                 Each row lasts, Cycle starts, Cycle, Turn, Person.",
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
            Setting::Month => {
                self.month = Some((value.clone(), line.cell.clone()));
                true
            }
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
            Setting::Heading => true,
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

    fn take_term(&mut self, name: &str, value: &str, line: &Line, findings: &mut Findings) -> bool {
        let Some(meaning) = Meaning::parse(value) else { return false };
        if let Meaning::Rings(term) = &meaning {
            if let Some(when) = term.when.iter().find(|when| when.hours.is_doubtful()) {
                doubtful(line, &when.hours, findings);
            }
            if let [only] = term.when.as_slice() {
                let name = fold(name);
                self.shifts.push(ShiftHours { name, hours: only.hours });
            }
        }
        self.terms.add(name, meaning)
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
    } else if is_in(SILENT) {
        Setting::Silent
    } else if is_in(UNORDERED) {
        Setting::Unordered
    } else if is_in(ORDER) {
        Setting::Order
    } else if is_in(MONTH) {
        Setting::Month
    } else if is_in(TEAM) {
        Setting::Team
    } else if is_in(TABS) {
        Setting::Tabs
    } else if is_in(COVERAGE) {
        Setting::Coverage
    } else if is_in(ANCHOR) {
        Setting::Anchor
    } else if is_in(CYCLE) {
        Setting::Cycle
    } else if is_in(TURN) {
        Setting::Turn
    } else if is_in(PERSON) {
        Setting::Person
    } else if is_in(ROW_LASTS) {
        Setting::RowLasts
    } else {
        return term_setting(&key, value);
    };
    Some((known, value.to_owned()))
}

fn term_setting(key: &str, value: &str) -> Option<(Setting, String)> {
    let said = [
        "shift", "code", "role", "schicht", "rolle", "kode", "poste", "role", "turno", "codigo",
    ];
    let (kind, name) = key.split_once(|c: char| c == ':' || c.is_whitespace()).unwrap_or((key, ""));
    let name = name.trim_start_matches([':', ' ']).trim();
    if said.contains(&fold(kind).as_str()) && !name.is_empty() {
        if !value.is_empty() {
            return Some((Setting::Term(name.to_owned()), value.to_owned()));
        }
        // `Shift: Night 20:00-08:00` in one cell: the hours begin with the first digit.
        let (front, hours) = name.split_at(name.find(|c: char| c.is_ascii_digit())?);
        let front = front.trim_end_matches(['=', ' ']).to_owned();
        return Some((Setting::Term(front), hours.trim().to_owned()));
    }
    // `Night | 20:00-08:00` can mean nothing else.
    Hours::parse(value).map(|_| (Setting::Term(key.to_owned()), value.to_owned()))
}

/// The parts of a list: `D, A/L; OFF`.
fn list(value: &str) -> impl Iterator<Item = &str> {
    value.split([',', ';', '\n']).map(str::trim).filter(|part| !part.is_empty())
}

/// `2 weeks`, `2`.
fn count_before(value: &str, units: &[&str], fitting: std::ops::RangeInclusive<u32>) -> Option<u32> {
    let value = fold(value);
    let (number, unit) = value.split_once(' ').unwrap_or((&value, ""));
    let is_unit = unit.is_empty() || units.iter().any(|known| unit.starts_with(known));
    number.parse().ok().filter(|number| is_unit && fitting.contains(number))
}

/// `7 days`, `1 week`, `daily`, `weekly`.
pub(super) fn days(value: &str) -> Option<u32> {
    match fold(value).as_str() {
        "daily" | "day" | "one day" => return Some(1),
        "weekly" | "week" | "one week" => return Some(7),
        _ => {}
    }
    let in_days = || count_before(value, &["day", "jour", "tag", "dia"], 1..=366);
    let in_weeks = count_before(value, &["week", "semaine", "woche", "semana"], 1..=52).filter(|_| fold(value).contains(' '));
    in_weeks.map(|weeks| weeks * 7).or_else(in_days)
}

impl Unordered {
    fn parse(value: &str) -> Option<Self> {
        match fold(value).as_str() {
            "as listed" | "one after another" | "in order" | "in turn" | "listed" => Some(Self::AsListed),
            "together" | "all at once" | "at once" | "at the same time" => Some(Self::Together),
            _ => None,
        }
    }
}

impl RowLasts {
    fn parse(value: &str) -> Option<Self> {
        if matches!(fold(value).as_str(), "until the next row" | "until next row" | "until the next") {
            return Some(Self::UntilNextRow);
        }
        days(value).map(Self::Days).or_else(|| Hours::parse(value).map(Self::Hours))
    }
}

/// What the value of a setting should have been.
fn expected(key: &str) -> &'static str {
    match setting(key, "x") {
        Some((Setting::Handover, _)) => "a time of day such as 08:00",
        Some((Setting::Country, _)) => "a country such as AU or Australia",
        Some((Setting::DateOrder, _)) => "\"day first\" or \"month first\"",
        Some((Setting::Year, _)) => "a year such as 2026",
        Some((Setting::Term(_), _)) => "hours or a level, such as 20:00-08:00, or 1st, 18:00-08:00 Mon-Fri, or not rung",
        Some((Setting::Unordered, _)) => "\"one after another\" or \"together\"",
        Some((Setting::Coverage, _)) => "24/7, or hours such as Mon-Fri 09:00-17:00",
        Some((Setting::Cycle, _)) => "a number of weeks such as 2 weeks",
        Some((Setting::Turn, _)) => "a number of days such as 7 days",
        Some((Setting::RowLasts, _)) => "\"until the next row\", a number of days such as 1 day, or hours such as 18:00-22:00",
        Some((
            Setting::TimeZone
            | Setting::LastResort
            | Setting::Silent
            | Setting::Order
            | Setting::Month
            | Setting::Team
            | Setting::Tabs
            | Setting::Anchor
            | Setting::Person
            | Setting::Heading,
            _,
        ))
        | None => "a setting",
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
pub(super) fn zone_named(text: &str) -> Option<Tz> {
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

//! The `[[hotline]]` blocks: public lines with their numbers, rotas and rules.

use super::checks;
use super::desk;
use super::faults::nearest;
use super::incident_token::{self, IncidentToken};
use super::rota::{self, Around, Needs};
use super::secrets::Keeping;
use super::section::Section;
use super::{Hotline, STALE_AFTER};
use crate::call::{Budget, HotlineName, OwnWords, Rules};
use crate::phrases::Language;
use crate::reception::Menu;
use crate::roster::{Callbacks, OWN_NUMBERS, Phone, REACH, Reach, Responder, SIP_DOMAINS, Settings};
use std::collections::BTreeMap;
use std::time::Duration;

const MOST_HOTLINES: usize = 200;
const MOST_NUMBERS: usize = 50;
const MOST_TOLD: usize = 20;
const MOST_COUNTRIES: usize = 50;
/// How many orders to dial and to text a hotline gives within an hour, where nothing is configured.
const MOST_ORDERS: u32 = 1_000;
/// The carrier writes down no longer messages, in seconds.
const LONGEST_TRANSCRIBED: u32 = 120;
const MOST_DOMAINS: usize = 20;

/// Where a name or a number was seen before.
type SeenAt<T> = BTreeMap<T, String>;

/// What must not come twice, and what reading the rotas takes.
#[derive(Default)]
pub(super) struct Seen {
    names: SeenAt<HotlineName>,
    /// All public numbers.
    numbers: SeenAt<Phone>,
    pub(super) needs: Needs,
}

/// All hotlines, with the faults between them: names and numbers that come twice, calls that would come back to us.
pub(super) fn hotlines(root: &mut Section<'_, '_>, keeping: Keeping<'_>) -> (Vec<Hotline>, Vec<Menu>, Seen) {
    root.missing(
        "hotline",
        "Write a block [[hotline]] with name, numbers and rota for each public line",
    );
    let sections = root.sections("hotline");
    if sections.len() > MOST_HOTLINES {
        root.fault(
            "hotline",
            format!("saw {} blocks", sections.len()),
            &format!("Allowed: {MOST_HOTLINES} at most"),
        );
    }
    let mut seen = Seen::default();
    let mut read = Vec::new();
    for section in sections.into_iter().take(MOST_HOTLINES) {
        read.push(hotline(section, keeping, &mut seen));
    }
    let (menus, all_menus_read) = desk::menus(root, &mut seen);
    // Only now are all public numbers known.
    for candidate in &mut read {
        candidate.take_number_of(&menus, all_menus_read);
        candidate.report_loops(&seen);
    }
    let mut hotlines: Vec<Hotline> = read.into_iter().filter_map(|candidate| candidate.hotline).collect();
    for hotline in &mut hotlines {
        hotline.rules.callbacks.own = seen.numbers.keys().cloned().collect();
        hotline.rules.reach = hotline.reach();
    }
    (hotlines, menus, seen)
}

impl Seen {
    /// The hotline with this name.
    pub(super) fn known_hotline(&self, text: &str) -> Result<HotlineName, String> {
        let name = HotlineName(text.to_owned());
        if self.names.contains_key(&name) {
            return Ok(name);
        }
        Err(match nearest(text, self.names.keys().map(|name| name.0.as_str())) {
            Some(near) => format!("There is no such hotline; did you mean \"{near}\"?"),
            None => "There is no such hotline: name one by its name".to_owned(),
        })
    }

    /// A number of ours that we would ring or text would bring us to ourselves for ever.
    pub(super) fn report_loop(&self, section: &Section<'_, '_>, key: &str, number: &Phone, line: Option<usize>) {
        if let Some(owner) = self.numbers.get(number) {
            let seen = format!("saw \"{}\", a public number of {owner}", number.address());
            section.fault_at(line, key, seen, "Name a phone that a human being answers");
        }
    }
}

/// A hotline as far as it could be read, and the numbers that it rings, with their lines.
struct Candidate<'s, 't> {
    section: Section<'s, 't>,
    rings: Vec<(&'static str, Phone, Option<usize>)>,
    hotline: Option<Hotline>,
}

impl Candidate<'_, '_> {
    /// A hotline may do without a number of its own where a menu leads to it: then it rings from the menu's. Where a menu
    /// has a fault it perhaps leads there.
    fn take_number_of(&mut self, menus: &[Menu], all_read: bool) {
        if self.section.has("numbers") {
            return;
        }
        let leading = |hotline: &Hotline| menus.iter().find(|menu| menu.leads_to().any(|name| *name == hotline.name));
        match self.hotline.as_mut().and_then(|hotline| Some((leading(hotline)?, hotline))) {
            Some((menu, hotline)) => hotline.numbers.clone_from(&menu.numbers),
            None if all_read => self.section.missing("numbers", NUMBERS),
            None => {}
        }
    }

    /// A hotline that rings a public number would call itself for ever.
    fn report_loops(&self, seen: &Seen) {
        for (key, number, line) in &self.rings {
            seen.report_loop(&self.section, key, number, *line);
        }
    }
}

fn hotline<'s, 't>(mut section: Section<'s, 't>, keeping: Keeping<'_>, seen: &mut Seen) -> Candidate<'s, 't> {
    let name = name(&mut section, &mut seen.names);
    let owner = name
        .as_ref()
        .map_or_else(|| "another hotline".to_owned(), |name| format!("hotline {name}"));
    let public = own_numbers(&mut section, &owner, seen);
    let given = given(&mut section);
    let zone = given.0.iter().find(|(name, _)| name == setting_name("time_zone"));
    let mut around = Around {
        folder: keeping.folder,
        zone: zone.map(|(_, zone)| zone.as_str()),
        needs: &mut seen.needs,
    };
    let rota = rota::sources(&mut section, "rota", &mut around);
    let fallback = rota::sources(&mut section, "fallback", &mut around).unwrap_or_default();
    if rota.as_ref() == Some(&fallback) {
        section.fault(
            "fallback",
            "saw the rota's own source",
            "Name another place, which is there when that one is not",
        );
    }
    let push = section.truth("push", true);
    let told = section.list("tell", MOST_TOLD, checks::number);
    let callbacks = callbacks(&mut section, &given, &public);
    let rules = rules(&mut section, told.iter().map(|(number, _)| number.clone()).collect(), callbacks);
    let last_resort = section.text("last_resort", checks::phone);
    let reception = desk::reception(&mut section);
    let pace = pace(&mut section);
    let alarms = alarms(&mut section, keeping, name.as_ref());
    section.finish();

    let mut rings: Vec<_> = told.into_iter().map(|(number, line)| ("tell", number, line)).collect();
    rings.extend(
        last_resort
            .iter()
            .map(|number| ("last_resort", number.clone(), section.line_of("last_resort"))),
    );
    let last_resort = last_resort.map(|phone| Responder {
        name: "Last resort".to_owned(),
        phone,
        then: None,
    });
    let hotline = match (name, rota, push, rules, reception, pace, alarms) {
        (
            Some(name),
            Some(rota),
            Some(push),
            Some(rules),
            Some(reception),
            Some((refresh, stale_after)),
            Some((incident_token, incidents_per_hour)),
        ) => Some(Hotline {
            name,
            numbers: public,
            rota,
            fallback,
            push,
            rules,
            reception,
            last_resort,
            given,
            refresh,
            stale_after,
            incident_token,
            incidents_per_hour,
        }),
        _ => None,
    };
    Candidate { section, rings, hotline }
}

fn name(section: &mut Section<'_, '_>, seen: &mut SeenAt<HotlineName>) -> Option<HotlineName> {
    let name = section.required_text("name", "Give the hotline a short name, such as \"lab\"", checks::hotline_name)?;
    let line = section
        .line_of("name")
        .map_or_else(|| "elsewhere".to_owned(), |line| format!("in line {line}"));
    match seen.get(&name) {
        Some(before) => section.fault(
            "name",
            format!("saw \"{name}\", which is taken {before}"),
            "Give each hotline a name of its own",
        ),
        None => {
            section.rename(format!("hotline.{name}"));
            seen.insert(name.clone(), line);
        }
    }
    Some(name)
}

const NUMBERS: &str = "List the public numbers that people dial: [\"+61491570006\"]";

/// The numbers that must be there.
pub(super) fn public_numbers(section: &mut Section<'_, '_>, owner: &str, seen: &mut Seen) -> Vec<Phone> {
    section.missing("numbers", NUMBERS);
    own_numbers(section, owner, seen)
}

/// The numbers that are there.
fn own_numbers(section: &mut Section<'_, '_>, owner: &str, seen: &mut Seen) -> Vec<Phone> {
    let listed = section.list("numbers", MOST_NUMBERS, checks::number);
    if section.has_empty_list("numbers") {
        section.fault("numbers", "saw an empty list", NUMBERS);
    }
    let mut numbers = Vec::new();
    for (number, line) in listed {
        match seen.numbers.get(&number) {
            Some(before) => section.fault_at(
                line,
                "numbers",
                format!("saw \"{}\" again, a number of {before}", number.address()),
                "A number belongs to one hotline or menu, once",
            ),
            None => {
                seen.numbers.insert(number.clone(), owner.to_owned());
                numbers.push(number);
            }
        }
    }
    numbers
}

impl Hotline {
    /// What its rota is read with: the settings that are given, and the numbers of all our lines, which nobody else has.
    #[must_use]
    pub fn settings(&self) -> Settings {
        let own: Vec<&str> = self.rules.callbacks.own.iter().map(Phone::address).collect();
        let mut pairs = self.given.0.clone();
        pairs.push((OWN_NUMBERS.to_owned(), own.join(", ")));
        // Of texts and numbers alone: it can be written.
        pairs.extend(serde_json::to_string(&self.rules.reach).map(|reach| (REACH.to_owned(), reach)));
        Settings(pairs)
    }

    /// Which numbers it may ring: as listed, else those of its own countries; and whom the operator names himself.
    fn reach(&self) -> Reach {
        let country = self.given.0.iter().find(|(name, _)| name == setting_name("country"));
        let last_resort = self.last_resort.iter().map(|who| who.phone.clone());
        Reach::new(
            country.map(|(_, country)| country.as_str()),
            &self.numbers,
            self.rules.tell.iter().cloned().chain(last_resort).collect(),
            &self.rules.callbacks.codes,
            self.rules.reach.beginnings.clone(),
        )
    }
}

/// The settings that have a key of their own, with their names in the Settings tab.
const NAMED: [(&str, &str); 3] = [
    ("time_zone", "Time zone"),
    ("country", "Country for phone numbers"),
    ("handover", "Handover time"),
];

/// A table whose keys are settings too, and what their names begin with.
pub(super) const SHIFTS: (&str, &str) = ("shifts", "Shift: ");

/// The name that a setting has in the Settings tab: `time_zone` is `Time zone`, what has no key is called the same.
#[must_use]
pub fn setting_name(key: &str) -> &str {
    NAMED.iter().find(|(short, _)| *short == key).map_or(key, |(_, name)| name)
}

/// The settings that have a key of their own, in the words of the Settings tab.
pub(super) fn named_settings(section: &mut Section<'_, '_>) -> Vec<(String, String)> {
    let zone = section.text("time_zone", checks::time_zone).map(|zone| zone.name().to_owned());
    let country = section.text("country", checks::country);
    let handover = section.text("handover", checks::time_of_day);
    [("time_zone", zone), ("country", country), ("handover", handover)]
        .into_iter()
        .filter_map(|(key, value)| Some((setting_name(key).to_owned(), value?)))
        .collect()
}

fn given(section: &mut Section<'_, '_>) -> Settings {
    let mut pairs = named_settings(section);
    pairs.extend(sip_domains(section));
    let further = section.section("settings").remaining_pairs(&pairs, SHIFTS);
    pairs.extend(further);
    Settings(pairs)
}

/// To which domains a rota may send calls by SIP.
fn sip_domains(section: &mut Section<'_, '_>) -> Option<(String, String)> {
    let domains = section.list("sip_domains", MOST_DOMAINS, checks::sip_domain);
    let domains: Vec<String> = domains.into_iter().map(|(domain, _)| domain).collect();
    (!domains.is_empty()).then(|| (SIP_DOMAINS.to_owned(), domains.join(", ")))
}

/// Where callers may ask to be called back; national numbers are read as those of the hotline's own country.
fn callbacks(section: &mut Section<'_, '_>, given: &Settings, numbers: &[Phone]) -> Callbacks {
    let codes = section.list("callback_countries", MOST_COUNTRIES, checks::calling_code);
    let country = given.0.iter().find(|(name, _)| name == setting_name("country"));
    let codes = codes.into_iter().map(|(code, _)| code).collect();
    Callbacks::new(country.map(|(_, country)| country.as_str()), codes, numbers)
}

/// Where the rota may send calls, as the operator lists it.
fn dial_countries(section: &mut Section<'_, '_>) -> Reach {
    let listed = section.list("dial_countries", MOST_COUNTRIES, checks::beginning);
    Reach {
        beginnings: listed.into_iter().map(|(beginning, _)| beginning).collect(),
        ..Reach::default()
    }
}

fn rules(section: &mut Section<'_, '_>, tell: Vec<Phone>, callbacks: Callbacks) -> Option<Rules> {
    let default = Rules::default();
    let reach = dial_countries(section);
    let orders_per_hour = section.whole("orders_per_hour", 0..=1_000_000, MOST_ORDERS);
    let ring_seconds = section.whole("ring_seconds", 5..=120, default.ring_seconds);
    let rounds = section.whole("rounds", 1..=10, default.rounds);
    let screening = section.text_or("screening", default.screening, checks::screening);
    let accept_seconds = section.whole("accept_seconds", 5..=120, default.accept_seconds);
    let max_wait_seconds = section.whole("max_wait_seconds", 30..=3600, default.max_wait_seconds);
    let max_talk_seconds = section.whole("max_talk_seconds", 60..=10_800, default.max_talk_seconds);
    let bring_in_key = section.truth("bring_in_key", default.bring_in_key);
    let max_message_seconds = section.whole("max_message_seconds", 10..=3600, default.max_message_seconds);
    if let (Some(ring), Some(wait)) = (ring_seconds, max_wait_seconds)
        && wait < ring
    {
        section.fault(
            "max_wait_seconds",
            format!("saw {wait}, shorter than ring_seconds, {ring}"),
            "Let callers wait at least until the first phone has rung out",
        );
    }
    let relay_minutes = section.whole("relay_minutes", 0..=1440, default.relay_minutes);
    let callback_reminder_minutes = section.whole("callback_reminder_minutes", 5..=1440, default.callback_reminder_minutes);
    let tell_level = section.truth("tell_level", true);
    let text_before_ringing = section.truth("text_before_ringing", default.text_before_ringing);
    let (language, voice, mut own) = speech(section);
    let (record_talks, keep_recordings_days, transcribe_messages) = recordings(section, language, max_message_seconds);
    let words = OwnWords {
        emergency: own.text("emergency", checks::spoken),
        greeting: own.text("greeting", checks::spoken),
        closed: own.text("closed", checks::spoken),
        recording: own.text("recording", checks::spoken),
    };
    own.finish();
    Some(Rules {
        ring_seconds: ring_seconds?,
        rounds: rounds?,
        screening: screening?,
        accept_seconds: accept_seconds?,
        max_wait_seconds: max_wait_seconds?,
        shortest_talk_seconds: default.shortest_talk_seconds,
        max_talk_seconds: max_talk_seconds?,
        max_message_seconds: max_message_seconds?,
        callbacks,
        reach,
        budget: Budget {
            here: orders_per_hour?,
            everywhere: 0,
        },
        relay_minutes: relay_minutes?,
        callback_reminder_minutes: callback_reminder_minutes?,
        bring_in_key: bring_in_key?,
        tell,
        tell_level: tell_level?,
        text_before_ringing: text_before_ringing?,
        language: language?,
        voice,
        words,
        record_talks: record_talks?,
        keep_recordings_days: keep_recordings_days?,
        transcribe_messages: transcribe_messages?,
    })
}

/// What is recorded, for how long, and whether it is written down.
fn recordings(
    section: &mut Section<'_, '_>,
    language: Option<Language>,
    longest: Option<u32>,
) -> (Option<bool>, Option<u32>, Option<bool>) {
    let default = Rules::default();
    let record_talks = section.truth("record_talks", default.record_talks);
    let days = section.whole("keep_recordings_days", 1..=3650, default.keep_recordings_days);
    let transcribe = section.truth("transcribe_messages", default.transcribe_messages);
    if transcribe == Some(true) {
        if language.is_some_and(|language| language != Language::English) {
            let remedy = "Twilio writes down English only: set it to false, or language to \"en\"";
            section.fault("transcribe_messages", "saw true, and the hotline speaks another language", remedy);
        }
        if let Some(seconds) = longest.filter(|seconds| *seconds > LONGEST_TRANSCRIBED) {
            let remedy = format!("Twilio writes down {LONGEST_TRANSCRIBED} seconds at most: allow no longer messages, or set it to false");
            section.fault(
                "transcribe_messages",
                format!("saw true, and max_message_seconds is {seconds}"),
                &remedy,
            );
        }
    }
    (record_talks, days, transcribe)
}

/// In which language and with which voice it is spoken, and the operator's own words.
pub(super) fn speech<'s, 't>(section: &mut Section<'s, 't>) -> (Option<Language>, Option<String>, Section<'s, 't>) {
    let language = section.text_or("language", Language::default(), checks::language);
    let voice = section.text("voice", checks::voice);
    (language, voice, section.section("words"))
}

/// With which alarms are raised, and how many an hour.
fn alarms(section: &mut Section<'_, '_>, keeping: Keeping<'_>, name: Option<&HotlineName>) -> Option<(Option<IncidentToken>, u32)> {
    let file = section.text("incident_token_file", checks::path);
    section.refuse(
        "incident_token",
        "whoever has it can ring people at night: it is a secret",
        "Write it into a file and name that by incident_token_file",
    );
    let per_hour = section.whole("incidents_per_hour", 1..=1000, 30);
    let token = incident_token::of(section, keeping, name?, file.as_ref());
    Some((token, per_hour?))
}

/// How often the rota is looked at, and when it is stale.
fn pace(section: &mut Section<'_, '_>) -> Option<(Duration, Duration)> {
    let refresh = section.whole("refresh_seconds", 5..=86_400, 60);
    let default = u32::try_from(STALE_AFTER.as_secs()).unwrap_or(u32::MAX);
    let stale_after = section.whole("stale_after_seconds", 60..=2_592_000, default);
    let (refresh, stale_after) = (refresh?, stale_after?);
    if stale_after <= refresh {
        section.fault(
            "stale_after_seconds",
            format!("saw {stale_after}, not longer than refresh_seconds, {refresh}"),
            "A rota must be looked at more often than it becomes stale",
        );
    }
    Some((Duration::from_secs(refresh.into()), Duration::from_secs(stale_after.into())))
}

//! Where the events of a calendar begin and end, line by line, without what is nested in them (alarms); and the places
//! that zones of the file's own name stand for.

use crate::SourceError;
use crate::limits::too_much;
use std::collections::BTreeMap;

/// An event longer than this is none.
const EVENT_BYTES: usize = 256 << 10;
/// The name of a zone longer than this is none (bytes).
const ZONE_NAME: usize = 100;
/// Zones of a file's own that are kept.
const ZONES: usize = 500;

/// The events of a calendar as text.
#[derive(Debug, Default)]
pub(super) struct Blocks {
    /// From `BEGIN:VEVENT` to `END:VEVENT`, lines parted by `\n`, not unfolded. Empty where it is too long to be one.
    pub(super) events: Vec<String>,
    /// The IANA name beside the name of a zone, where the file gives it.
    pub(super) zones: BTreeMap<String, String>,
    /// The zone of times without one, as Google, Apple and others write it (`X-WR-TIMEZONE`).
    pub(super) time_zone: Option<String>,
}

impl Blocks {
    /// # Errors
    /// `Malformed` where the text is no calendar, `Transient` where it breaks off.
    pub(super) fn of(text: &str) -> Result<Self, SourceError> {
        let mut blocks = Self::default();
        let mut open: Vec<String> = Vec::new();
        let mut event = String::new();
        let (mut zone, mut seen) = (None, false);
        for line in text.lines() {
            let begun = tag(line, "BEGIN:");
            let ended = tag(line, "END:");
            if let Some(name) = begun {
                seen |= name == "VCALENDAR";
                open.push(name);
                if open.len() > 50 {
                    return Err(too_much("parts of the calendar lie within one another more than 50 deep".into()));
                }
            }
            // What is nested in an event is left out.
            match open.as_slice() {
                [.., inner] if inner == "VEVENT" => {
                    if event.len() + line.len() < EVENT_BYTES {
                        event.push_str(line.trim_end_matches('\r'));
                        event.push('\n');
                    } else {
                        event = "\0".repeat(EVENT_BYTES);
                    }
                }
                [.., inner] if inner == "VTIMEZONE" => blocks.note_zone(line, &mut zone),
                [inner] if inner == "VCALENDAR" => blocks.time_zone = blocks.time_zone.take().or_else(|| zone_of_all(line)),
                _ => {}
            }
            if let Some(name) = ended {
                let is_last = text.ends_with(line);
                let is_cut = is_last && open.last().is_some_and(|open| open.starts_with(&name) && *open != name);
                if is_cut {
                    break;
                }
                if open.pop() != Some(name.clone()) {
                    return Err(SourceError::Malformed(format!(
                        "this is not a calendar that is whole: a line ends {name}, which had not begun. Export the calendar again"
                    )));
                }
                if name == "VEVENT" {
                    let whole = std::mem::take(&mut event);
                    blocks.events.push(if whole.starts_with('\0') { String::new() } else { whole });
                }
            }
        }
        if !seen {
            return Err(SourceError::Malformed(
                "this is not a calendar: it does not begin with BEGIN:VCALENDAR. Export the calendar as .ics, or keep the rota as .xlsx or .csv".into(),
            ));
        }
        if !open.is_empty() {
            return Err(SourceError::Transient(
                "the end of the calendar is missing: perhaps it is being written".into(),
            ));
        }
        Ok(blocks)
    }

    fn note_zone(&mut self, line: &str, zone: &mut Option<String>) {
        if let Some(name) = line.trim_end().strip_prefix("TZID:") {
            *zone = Some(name.to_owned());
        }
        let place = line.trim_end().strip_prefix("X-LIC-LOCATION:");
        if let (Some(name), Some(place)) = (&*zone, place)
            && self.zones.len() < ZONES
        {
            self.zones.insert(name.clone(), place.to_owned());
        }
    }
}

/// The zone behind `X-WR-TIMEZONE:`, or behind what a program adds to that with a semicolon.
fn zone_of_all(line: &str) -> Option<String> {
    let name = "X-WR-TIMEZONE";
    let rest = line
        .get(..name.len())
        .filter(|start| start.eq_ignore_ascii_case(name))
        .and(line.get(name.len()..))?;
    let (parameters, zone) = rest.split_once(':')?;
    let is_it = parameters.is_empty() || parameters.starts_with(';');
    Some(zone.trim())
        .filter(|zone| is_it && (1..=ZONE_NAME).contains(&zone.len()))
        .map(ToOwned::to_owned)
}

/// The name behind `BEGIN:` or `END:`; folded lines begin with a space.
fn tag(line: &str, word: &str) -> Option<String> {
    let start = line.get(..word.len())?;
    if !start.eq_ignore_ascii_case(word) {
        return None;
    }
    Some(line.get(word.len()..)?.trim().to_ascii_uppercase())
}

//! The time zone that the settings name. It must not know times.

use super::super::findings::{Findings, Words};
use super::super::wall_clock::Zone;
use super::super::{Code, Severity};
use crate::roster::cells::words::{quote, tidy};
use chrono_tz::Tz;
use providers::{AddressStyle, CellAddress, Sheet, Tab};

/// A time zone as written, and where.
pub(super) type ZoneLine = (String, Option<CellAddress>);

/// What the sheet itself says of its zone.
#[derive(Clone, Copy, Default)]
pub(in super::super) struct SheetZone<'s> {
    named: Option<&'s str>,
    /// The first calendar file, where there is one: then the zone may be a calendar's.
    calendar: Option<&'s Tab>,
}

impl<'s> SheetZone<'s> {
    pub(in super::super) fn of(sheet: &'s Sheet) -> Self {
        Self {
            named: sheet.time_zone.as_deref(),
            calendar: sheet.tabs.iter().find(|tab| tab.style == AddressStyle::Events),
        }
    }
}

pub(super) fn choose_zone(line: Option<ZoneLine>, sheet: &SheetZone<'_>, findings: &mut Findings) -> Zone {
    let now = findings.now();
    let of_sheet = sheet.named.and_then(zone_named);
    let fallback = of_sheet.unwrap_or(Tz::UTC);
    let Some((text, cell)) = line else {
        if of_sheet.is_some() {
            if let Some(calendar) = sheet.calendar {
                report_taken(fallback, calendar, findings);
            }
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

/// A spreadsheet's zone is set on purpose; a calendar's is often that of whoever made it.
fn report_taken(zone: Tz, calendar: &Tab, findings: &mut Findings) {
    let words = Words::new(
        format!("No setting names a time zone; where the calendar comes from, it is {zone}."),
        format!("Handovers, and times that name no zone of their own, are read in {zone}."),
        format!("If that is not right, add to Settings: Time zone | {zone} (your zone in its place)."),
    );
    findings.tell(Code::TimeZoneTaken, Severity::Note, Some(calendar.address(0, 0)), words);
}

/// By its name in any case, spaces for underscores, or by its city alone where only one zone has it.
pub(in super::super) fn zone_named(text: &str) -> Option<Tz> {
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

//! The time zone that the settings name. It must not know times.

use super::super::findings::{Findings, Words};
use super::super::wall_clock::Zone;
use super::super::{Code, Severity};
use crate::roster::cells::words::{quote, tidy};
use chrono_tz::Tz;
use providers::CellAddress;

/// A time zone as written, and where.
pub(super) type ZoneLine = (String, Option<CellAddress>);

pub(super) fn choose_zone(line: Option<ZoneLine>, sheet_zone: Option<&str>, findings: &mut Findings) -> Zone {
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

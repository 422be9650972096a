//! From the instants that Graph gives to the dates and times that SharePoint shows.
//!
//! Graph gives all dates in UTC, and v1.0 does not say which zone a site is in (`siteSettings` is of the beta version;
//! SharePoint's own `RegionalSettings` takes another token than Graph's). A day is midnight of the site's zone and so
//! looks a day early east of Greenwich (SharePoint/sp-dev-docs#6083). The zone is therefore told to us; what the admin
//! sees in the browser is what is read. Days prove which offset the site has, and contradict a wrong zone.

use chrono::{DateTime, NaiveDateTime, NaiveTime, TimeDelta, Timelike, Utc};
use jiff::Timestamp;
use jiff::tz::{TimeZone, TimeZoneDatabase};
use std::collections::BTreeMap;
use std::fmt;

/// The time zone in a site's regional settings.
#[derive(Clone, PartialEq, Eq)]
pub struct SiteZone {
    name: String,
    zone: TimeZone,
}

/// How the dates of a site are read.
#[derive(Debug)]
pub(super) struct Dates {
    zone: Option<SiteZone>,
    /// Most days are midnight at another offset than the zone has, or no zone is known: each day says itself what it is.
    days_speak: bool,
}

impl SiteZone {
    /// Takes a name of the tz database: `Australia/Melbourne`.
    ///
    /// # Errors
    /// In words for whoever wrote the configuration.
    pub fn parse(name: &str) -> Result<Self, String> {
        let name = name.trim();
        let zone = TimeZoneDatabase::bundled()
            .get(name)
            .map_err(|_| format!("\"{name}\" is not a time zone; write it like Australia/Melbourne"))?;
        Ok(Self {
            name: zone.iana_name().unwrap_or(name).to_owned(),
            zone,
        })
    }

    /// As written in the tz database.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What clocks in the zone show: the one place where this crate turns an instant into a wall clock.
    fn wall(&self, at: DateTime<Utc>) -> NaiveDateTime {
        let instant = Timestamp::from_second(at.timestamp()).unwrap_or(Timestamp::UNIX_EPOCH);
        at.naive_utc() + TimeDelta::seconds(self.zone.to_offset(instant).seconds().into())
    }
}

impl fmt::Debug for SiteZone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

impl Dates {
    /// Judges by the days of all lists, each midnight of the site's zone, whether the zone can be right. The words are
    /// for the admin where it cannot.
    pub(super) fn judge(days: &[DateTime<Utc>], zone: Option<&SiteZone>) -> (Self, Option<String>) {
        let Some(zone) = zone else {
            let unknown = Self {
                zone: None,
                days_speak: true,
            };
            return (unknown, None);
        };
        let others: Vec<DateTime<Utc>> = days.iter().filter(|day| !is_midnight(zone.wall(**day))).copied().collect();
        let is_wrong = others.len() * 2 > days.len();
        let dates = Self {
            zone: Some(zone.clone()),
            days_speak: is_wrong,
        };
        let words = is_wrong.then(|| contradiction(&others, zone));
        (dates, words)
    }

    /// The zone's name, if it is known and not contradicted.
    pub(super) fn zone(&self) -> Option<&str> {
        self.zone.as_ref().map(SiteZone::name)
    }

    /// A day, as SharePoint shows it.
    pub(super) fn day(&self, at: DateTime<Utc>) -> NaiveDateTime {
        let wall = match &self.zone {
            Some(zone) if !self.days_speak => zone.wall(at),
            Some(_) | None => at.naive_utc() + offset(at),
        };
        wall.date().and_time(NaiveTime::MIN)
    }

    /// A date and time, as SharePoint shows it. `None` where the zone is not known: it cannot be told from the instant.
    pub(super) fn time(&self, at: DateTime<Utc>) -> Option<NaiveDateTime> {
        self.zone.as_ref().map(|zone| zone.wall(at))
    }
}

fn is_midnight(wall: NaiveDateTime) -> bool {
    wall.time() == NaiveTime::MIN
}

/// How far a place is ahead of UTC where midnight is at this instant. Only 10:00 to 12:00 have two answers, of which the
/// one with people is taken: Honolulu before Kiritimati, New Zealand before Pago Pago.
fn offset(at: DateTime<Utc>) -> TimeDelta {
    const WESTMOST: u32 = 10 * 3_600;
    let second = at.num_seconds_from_midnight();
    if second <= WESTMOST {
        return -TimeDelta::seconds(second.into());
    }
    TimeDelta::seconds(24 * 3_600) - TimeDelta::seconds(second.into())
}

fn contradiction(days: &[DateTime<Utc>], zone: &SiteZone) -> String {
    let mut seen: BTreeMap<TimeDelta, usize> = BTreeMap::new();
    for day in days {
        *seen.entry(offset(*day)).or_default() += 1;
    }
    let mut offsets: Vec<(usize, TimeDelta)> = seen.into_iter().map(|(offset, count)| (count, offset)).collect();
    offsets.sort_unstable_by(|a, b| b.cmp(a));
    let offsets: Vec<String> = offsets.iter().take(2).map(|(_, offset)| shown(*offset)).collect();
    format!(
        "the dates of the lists begin at midnight of {}, and that is not {}: the site has another time zone than was \
         configured. Days are read as SharePoint shows them; times of day may be wrong by hours. Set the time zone of the \
         site's regional settings in the configuration",
        offsets.join(" and "),
        zone.name
    )
}

/// `UTC+10:00`.
fn shown(offset: TimeDelta) -> String {
    let sign = if offset < TimeDelta::zero() { '-' } else { '+' };
    let minutes = offset.num_minutes().abs();
    format!("UTC{sign}{:02}:{:02}", minutes / 60, minutes % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn zone(name: &str) -> SiteZone {
        SiteZone::parse(name).unwrap()
    }

    fn wall(text: &str) -> NaiveDateTime {
        NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap()
    }

    #[test]
    fn a_zone_is_named_as_in_the_tz_database() {
        assert_eq!(zone(" Australia/Melbourne ").name(), "Australia/Melbourne");
        assert_eq!(
            SiteZone::parse("Melborne").unwrap_err(),
            "\"Melborne\" is not a time zone; write it like Australia/Melbourne"
        );
    }

    /// Offsets from the tz database's own texts: Melbourne +10, +11 from the first Sunday of October to the first of
    /// April; Los Angeles -8, -7 from the second Sunday of March; Vancouver stays at -7 from November 2026 (2026a).
    #[test]
    fn an_instant_is_shown_as_clocks_in_the_zone_show_it() {
        let cases = [
            ("Australia/Melbourne", "2026-07-01T08:00:00Z", "2026-07-01 18:00"),
            ("Australia/Melbourne", "2026-01-01T07:00:00Z", "2026-01-01 18:00"),
            ("Australia/Melbourne", "2026-04-04T15:30:00Z", "2026-04-05 02:30"),
            ("Australia/Melbourne", "2026-04-04T16:30:00Z", "2026-04-05 02:30"),
            ("America/Los_Angeles", "2026-03-08T09:59:00Z", "2026-03-08 01:59"),
            ("America/Los_Angeles", "2026-03-08T10:00:00Z", "2026-03-08 03:00"),
            ("America/Vancouver", "2026-12-01T07:00:00Z", "2026-12-01 00:00"),
            ("Asia/Kolkata", "1969-12-31T18:30:00Z", "1970-01-01 00:00"),
        ];
        for (name, instant, shown) in cases {
            let (dates, _) = Dates::judge(&[], Some(&zone(name)));
            assert_eq!(dates.time(at(instant)), Some(wall(shown)), "{name} {instant}");
        }
    }

    #[test]
    fn a_day_is_the_one_that_sharepoint_shows_with_a_zone_or_without() {
        let cases = [
            ("Australia/Melbourne", "2026-07-01T14:00:00Z", "2026-07-02 00:00"),
            ("Australia/Melbourne", "2026-01-01T13:00:00Z", "2026-01-02 00:00"),
            ("Pacific/Auckland", "2026-01-01T11:00:00Z", "2026-01-02 00:00"),
            ("Pacific/Chatham", "2026-01-01T10:15:00Z", "2026-01-02 00:00"),
            ("Asia/Kolkata", "2026-01-01T18:30:00Z", "2026-01-02 00:00"),
            ("Europe/Berlin", "2026-07-01T22:00:00Z", "2026-07-02 00:00"),
            ("Europe/London", "2026-01-02T00:00:00Z", "2026-01-02 00:00"),
            ("America/St_Johns", "2026-01-02T03:30:00Z", "2026-01-02 00:00"),
            ("America/Los_Angeles", "2026-01-02T08:00:00Z", "2026-01-02 00:00"),
            ("Pacific/Honolulu", "2026-01-02T10:00:00Z", "2026-01-02 00:00"),
        ];
        for (name, instant, shown) in cases {
            let days = [at(instant)];
            let zone = zone(name);
            for zone in [Some(&zone), None] {
                let (dates, words) = Dates::judge(&days, zone);
                assert_eq!((dates.day(days[0]), words), (wall(shown), None), "{name} {zone:?}");
            }
        }
    }

    #[test]
    fn days_contradict_a_wrong_zone_and_are_read_even_so() {
        let days = [at("2026-01-01T13:00:00Z"), at("2026-07-01T14:00:00Z"), at("2026-07-02T14:00:00Z")];
        let (dates, words) = Dates::judge(&days, Some(&zone("America/Los_Angeles")));
        let words = words.unwrap();
        assert!(
            words.starts_with("the dates of the lists begin at midnight of UTC+10:00 and UTC+11:00, and that is not America/Los_Angeles:"),
            "{words}"
        );
        assert_eq!(dates.day(days[0]), wall("2026-01-02 00:00"));
        assert_eq!(dates.day(days[1]), wall("2026-07-02 00:00"));
    }

    /// One value that a program wrote as midnight of UTC does not overthrow the others; SharePoint shows it a day early
    /// in Los Angeles.
    #[test]
    fn a_single_strange_day_contradicts_nothing() {
        let days = [at("2026-01-02T08:00:00Z"), at("2026-07-02T07:00:00Z"), at("2026-07-03T00:00:00Z")];
        let (dates, words) = Dates::judge(&days, Some(&zone("America/Los_Angeles")));
        assert_eq!(words, None);
        assert_eq!(dates.day(days[2]), wall("2026-07-02 00:00"));
    }

    #[test]
    fn a_time_without_a_zone_is_not_told() {
        let (dates, _) = Dates::judge(&[], None);
        assert_eq!(dates.time(at("2026-01-01T13:00:00Z")), None);
        assert_eq!(dates.zone(), None);
    }
}

//! The instant that a question is about, as people write it.

use crate::roster::wall_clock::{How, Zone};
use chrono::{DateTime, NaiveDateTime, Utc};

/// What is accepted, for the error.
const ACCEPTED: &str = "write a time of the rota's zone (\"2026-07-03 02:00\" or \"2026-07-03T02:00\"), \
     one with its offset (\"2026-07-03T02:00+10:00\" or \"2026-07-02T16:00Z\"), or \"now\"";

/// An instant, and what has to be said about how it was understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Instant {
    pub(super) at: DateTime<Utc>,
    pub(super) remark: Option<String>,
}

/// Understands `text`. Wall-clock times are of `zone`; the error says what was seen and what is accepted.
pub(super) fn parse(text: &str, now: DateTime<Utc>, zone: &Zone) -> Result<Instant, String> {
    let text = text.trim();
    if text.eq_ignore_ascii_case("now") {
        return Ok(Instant { at: now, remark: None });
    }
    for format in [
        "%Y-%m-%dT%H:%M%#z",
        "%Y-%m-%dT%H:%M:%S%.f%#z",
        "%Y-%m-%d %H:%M%#z",
        "%Y-%m-%d %H:%M:%S%.f%#z",
    ] {
        if let Ok(at) = DateTime::parse_from_str(text, format) {
            return Ok(Instant {
                at: at.to_utc(),
                remark: None,
            });
        }
    }
    for format in ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S"] {
        if let Ok(wall) = NaiveDateTime::parse_from_str(text, format) {
            let boundary = zone.to_utc(wall);
            let remark = match boundary.how {
                How::Exact => None,
                How::Skipped => Some(format!(
                    "{text} is skipped when the clocks go forward; taken as {}",
                    zone.to_local(boundary.instant).format("%H:%M")
                )),
                How::Repeated => Some(format!("{text} comes twice as the clocks go back; taken as the first")),
            };
            return Ok(Instant {
                at: boundary.instant,
                remark,
            });
        }
    }
    Err(format!("--at \"{text}\" is not a time: {ACCEPTED}"))
}

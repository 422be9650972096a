//! Calls with their stories, for tables and JSON: a row for each fact, with its reason and with how long phones rang.

use super::plain::{defused, plain};
use crate::call::{CallId, Fact, HotlineName, Outcome};
use crate::roster::wall_clock::Zone;
use crate::roster::{Phone, masked};
use chrono::{DateTime, SecondsFormat, Utc};
use csv::{QuoteStyle, Terminator, WriterBuilder};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;

const HEADER: [&str; 14] = [
    "call",
    "hotline",
    "caller",
    "arrived_at",
    "ended_at",
    "outcome",
    "seconds_until_accepted",
    "at",
    "at_utc",
    "fact",
    "person",
    "seconds_since_dialled",
    "seconds_rung",
    "words",
];

/// A call and all that is told of it, in order.
#[derive(Clone, Debug)]
pub struct CallStory<'s> {
    /// Which call.
    pub id: CallId,
    /// Its hotline.
    pub hotline: &'s HotlineName,
    /// Where it came from; none where withheld.
    pub from: Option<&'s Phone>,
    /// When it came in.
    pub arrived_at: DateTime<Utc>,
    /// When nothing of it was left, if so.
    pub ended_at: Option<DateTime<Utc>>,
    /// How it ended for the caller, if so.
    pub outcome: Option<Outcome>,
    /// What happened, when.
    pub facts: Vec<(DateTime<Utc>, &'s Fact)>,
}

/// A call as it goes out: numbers are masked, instants have the offset of the rota's zone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CallRows {
    /// Its name, as on the page.
    pub call: String,
    /// Its hotline.
    pub hotline: String,
    /// Where it came from, masked; none where withheld.
    pub caller: Option<String>,
    /// When it came in.
    pub arrived_at: String,
    /// When nothing of it was left; none while it is live.
    pub ended_at: Option<String>,
    /// How it ended; none while the caller is there.
    pub outcome: Option<String>,
    /// From the arrival until the first responder had accepted; none where nobody did.
    pub seconds_until_accepted: Option<i64>,
    /// Every fact, in order.
    pub story: Vec<FactRow>,
}

/// One fact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FactRow {
    /// When.
    pub at: String,
    /// The same in UTC.
    pub at_utc: String,
    /// What kind of fact; stable.
    pub fact: String,
    /// Whom it is about, where it is about a person.
    pub person: Option<String>,
    /// Since this phone was ordered to be rung, where the fact is about one.
    pub seconds_since_dialled: Option<i64>,
    /// How long this phone had rung when it stopped.
    pub seconds_rung: Option<i64>,
    /// The sentence, with its reason.
    pub words: String,
}

/// When a phone was ordered to be rung, and since when it rings.
#[derive(Default)]
struct Ringing {
    dialled: Option<DateTime<Utc>>,
    rings: Option<DateTime<Utc>>,
}

impl CallRows {
    /// What goes out of a call.
    #[must_use]
    pub fn of(story: &CallStory<'_>, zone: &Zone) -> Self {
        let accepted = story.facts.iter().find(|(_, fact)| matches!(fact, Fact::Accepted { .. }));
        let mut phones = BTreeMap::new();
        Self {
            call: story.id.to_string(),
            hotline: story.hotline.to_string(),
            caller: story.from.map(ToString::to_string),
            arrived_at: local(zone, story.arrived_at),
            ended_at: story.ended_at.map(|at| local(zone, at)),
            outcome: story.outcome.map(|outcome| outcome.as_str().to_owned()),
            seconds_until_accepted: accepted.map(|(at, _)| seconds(story.arrived_at, *at)),
            story: story.facts.iter().map(|(at, fact)| row(*at, fact, zone, &mut phones)).collect(),
        }
    }
}

/// A fact by its stored form, which has a name for each kind, and a leg where it is about a phone.
fn row(at: DateTime<Utc>, fact: &Fact, zone: &Zone, phones: &mut BTreeMap<u64, Ringing>) -> FactRow {
    let stored = serde_json::to_value(fact).unwrap_or_default();
    let leg = stored["leg"].as_u64();
    let (mut since_dialled, mut rung) = (None, None);
    if let Some(leg) = leg {
        let phone = phones.entry(leg).or_default();
        since_dialled = phone.dialled.map(|dialled| seconds(dialled, at));
        if matches!(fact, Fact::Dialled { .. }) {
            phone.dialled = Some(at);
        } else if matches!(fact, Fact::Rings { .. }) {
            phone.rings = Some(at);
        } else {
            // Whatever else is said of a phone that rings: it does not ring any more.
            rung = phone.rings.take().map(|rings| seconds(rings, at));
        }
    }
    FactRow {
        at: local(zone, at),
        at_utc: at.to_rfc3339_opts(SecondsFormat::Secs, true),
        fact: fact.kind().to_owned(),
        person: word(&stored["name"]).map(|name| plain(&masked(&name))),
        seconds_since_dialled: since_dialled,
        seconds_rung: rung,
        words: plain(&masked(&fact.to_string())),
    }
}

/// The rows of calls as CSV (RFC 4180), with the header or as what follows it. No cell is a formula to any spreadsheet,
/// as in the table of duties.
///
/// # Errors
/// Never in practice: it is written into memory.
pub fn calls_table(calls: &[CallRows], with_header: bool) -> csv::Result<String> {
    let mut writer = WriterBuilder::new()
        .quote_style(QuoteStyle::Always)
        .terminator(Terminator::CRLF)
        .from_writer(Vec::new());
    if with_header {
        writer.write_record(HEADER)?;
    }
    let or_nothing = |text: &Option<String>| text.clone().unwrap_or_default();
    let number = |number: Option<i64>| number.map(|number| number.to_string()).unwrap_or_default();
    for call in calls {
        for fact in &call.story {
            let cells: [String; HEADER.len()] = [
                call.call.clone(),
                call.hotline.clone(),
                or_nothing(&call.caller),
                call.arrived_at.clone(),
                or_nothing(&call.ended_at),
                or_nothing(&call.outcome),
                number(call.seconds_until_accepted),
                fact.at.clone(),
                fact.at_utc.clone(),
                fact.fact.clone(),
                or_nothing(&fact.person),
                number(fact.seconds_since_dialled),
                number(fact.seconds_rung),
                fact.words.clone(),
            ];
            writer.write_record(cells.iter().map(|cell| defused(cell).into_owned()))?;
        }
    }
    let bytes = writer.into_inner().map_err(|fault| fault.into_error())?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn word(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

/// Never below nothing: a clock may have been set back between two facts.
fn seconds(from: DateTime<Utc>, until: DateTime<Utc>) -> i64 {
    (until - from).num_seconds().max(0)
}

fn local(zone: &Zone, at: DateTime<Utc>) -> String {
    zone.shown(at).to_rfc3339_opts(SecondsFormat::Secs, false)
}

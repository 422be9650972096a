//! What is heard and who talks: the record by which a run is judged. An entry lasts until the next one of the
//! same leg, or until the leg is over.

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

/// Something that a leg begins to hear.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Heard {
    /// From when on.
    pub at: DateTime<Utc>,
    /// What.
    pub what: Sound,
}

/// A kind of sound.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "sound", content = "of", rename_all = "snake_case")]
pub enum Sound {
    /// The ringing tone (a caller), or the own phone (a responder).
    Ring,
    /// Nothing at all.
    Silence,
    /// Words.
    Said(String),
    /// A piece of audio, by its address.
    Music(String),
    /// The tone before a recording, of somebody who enters a conference, or of the own keys while a number is typed.
    Beep,
    /// Another person: his number.
    Voice(String),
    /// Nothing, because it is the leg's own turn to speak: it is being recorded.
    Recording,
}

/// A stretch of silence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hush {
    /// Its begin.
    pub from: DateTime<Utc>,
    /// Its end.
    pub until: DateTime<Utc>,
}

/// Two legs that could hear each other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Talk {
    /// The call SIDs, the one who was first in the room first.
    pub sids: [String; 2],
    /// Their numbers, in the same order.
    pub numbers: [String; 2],
    /// From when on.
    pub from: DateTime<Utc>,
    /// Until when; none while they talk.
    pub until: Option<DateTime<Utc>>,
}

/// A phone that rang.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Rung {
    /// The number.
    pub number: String,
    /// The call SID.
    pub sid: String,
    /// When it began.
    pub from: DateTime<Utc>,
    /// When it stopped: picked up or given up. None while it rings.
    pub until: Option<DateTime<Utc>>,
}

/// A text message that was taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Text {
    /// Its SID; none of what answers a text, which this network does not list.
    pub sid: Option<String>,
    /// When.
    pub at: DateTime<Utc>,
    /// The sender's number.
    pub from: String,
    /// The recipient's number.
    pub to: String,
    /// What it says.
    pub body: String,
}

/// What is not finished.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Leftovers {
    /// SIDs of calls that are not over.
    pub legs: Vec<String>,
    /// Names of conferences that are open.
    pub rooms: Vec<String>,
    /// Webhooks that were sent and not answered, or are still to be sent.
    pub webhooks: usize,
}

impl Leftovers {
    /// Whether nothing is left.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.legs.is_empty() && self.rooms.is_empty() && self.webhooks == 0
    }
}

/// The silences of a leg that last at least `longest`; neighbouring entries of silence are one.
pub(super) fn silences(heard: &[Heard], over: DateTime<Utc>, longest: TimeDelta) -> Vec<Hush> {
    let mut found = Vec::new();
    let mut since = None;
    for entry in heard {
        match (&entry.what, since) {
            (Sound::Silence, None) => since = Some(entry.at),
            (Sound::Silence, Some(_)) | (_, None) => {}
            (_, Some(from)) => {
                keep(&mut found, Hush { from, until: entry.at }, longest);
                since = None;
            }
        }
    }
    if let Some(from) = since {
        keep(&mut found, Hush { from, until: over }, longest);
    }
    found
}

fn keep(found: &mut Vec<Hush>, hush: Hush, longest: TimeDelta) {
    if hush.until - hush.from >= longest {
        found.push(hush);
    }
}

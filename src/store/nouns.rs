//! What the store takes and gives, apart from the nouns of other rooms.

use crate::call::{Call, CallId, Command, Fact, HotlineName, Outcome, RecordingId};
use crate::roster::{self, Diagnostic, Duty, HeldSpan, Phone, Responder, Roster, Settings};
use chrono::{DateTime, Utc};
use providers::{Revision, Sheet};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Why something could not be kept or read. Nothing is half kept: a failed transaction leaves no trace.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// Others were writing all the time; worth another try at once.
    #[error("the store is busy")]
    Busy,
    /// What is kept cannot be understood; another try will not help.
    #[error("the store holds something unreadable: {what}")]
    Corrupt {
        /// Which thing, and what is wrong with it.
        what: String,
    },
    /// The database cannot be used: disk full, file gone, no permission.
    #[error("the store is not available: {0}")]
    Unavailable(String),
}

/// One line of the story of all calls.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// Rises over all calls; no two entries share one.
    pub number: i64,
    /// Which call.
    pub call: CallId,
    /// The call's hotline.
    pub hotline: HotlineName,
    /// When.
    pub at: DateTime<Utc>,
    /// What.
    pub fact: Fact,
}

/// Calls to be counted: those of one caller for one hotline.
#[derive(Clone, Copy, Debug)]
pub struct Counted<'a> {
    /// For this hotline.
    pub hotline: &'a HotlineName,
    /// From this number; none, from withheld ones.
    pub from: Option<&'a Phone>,
    /// That came in after this.
    pub since: DateTime<Utc>,
    /// More are not counted.
    pub most: u32,
}

/// One call in a list of calls.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CallSummary {
    /// Which call.
    pub id: CallId,
    /// Its hotline.
    pub hotline: HotlineName,
    /// Where it came from; none where withheld.
    pub from: Option<Phone>,
    /// The title of the alarm that it is about; none where somebody called.
    pub alarm: Option<String>,
    /// The callback that is made with it; none where somebody called.
    pub callback: Option<u32>,
    /// When it came in.
    pub arrived_at: DateTime<Utc>,
    /// When nothing of it was left, if so.
    pub ended_at: Option<DateTime<Utc>>,
    /// How it ended for the caller, if so.
    pub outcome: Option<Outcome>,
}

/// Which calls are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CallFilter {
    /// Of one hotline only.
    pub hotline: Option<HotlineName>,
    /// That came in at this instant or later.
    pub from: Option<DateTime<Utc>>,
    /// That came in before this instant.
    pub until: Option<DateTime<Utc>>,
}

/// A callback that somebody has promised a caller.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Callback {
    /// Counts the callbacks of a hotline, from 1.
    pub id: u32,
    /// The call in which it was asked for.
    pub call: CallId,
    /// Where to call.
    pub number: Phone,
    /// When it was asked for.
    pub asked_at: DateTime<Utc>,
    /// When people were reminded of it, if they were.
    pub reminded_at: Option<DateTime<Utc>>,
    /// Who is calling back just now, if anybody is.
    pub calling: Option<String>,
}

/// Something that the carrier has recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recording {
    /// Counts all recordings.
    pub id: i64,
    /// The carrier's name of it.
    pub recording: RecordingId,
    /// In which call.
    pub call: CallId,
    /// What was recorded.
    pub kind: RecordingKind,
    /// When it began.
    pub began_at: DateTime<Utc>,
    /// Its length; none while it runs.
    pub seconds: Option<u32>,
    /// How many voices are kept apart in it.
    pub channels: Option<u8>,
    /// The words of a message, as a machine has written them down.
    pub transcript: Option<String>,
}

/// What was recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecordingKind {
    /// Caller and responder.
    Talk,
    /// The caller alone.
    Message,
}

/// A recording that the carrier is to delete.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Discarded {
    /// The carrier's name of it.
    pub recording: RecordingId,
    /// The hotline of its call.
    pub hotline: HotlineName,
    /// How often the carrier has not deleted it yet.
    pub failures: u32,
}

/// Two who have talked, and whose texts are passed on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenRelay {
    /// On which hotline.
    pub hotline: HotlineName,
    /// The one.
    pub responder: Responder,
    /// The other.
    pub caller: Phone,
    /// In which call; what is passed on belongs to it.
    pub call: CallId,
    /// Since when they talked.
    pub talked_at: DateTime<Utc>,
}

impl OpenRelay {
    /// The number of the one who is not this one.
    #[must_use]
    pub fn other_than(&self, who: &Phone) -> &Phone {
        if *who == self.responder.phone {
            &self.caller
        } else {
            &self.responder.phone
        }
    }
}

/// What one transaction has brought about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The call as it is now.
    pub call: Call,
    /// What was added to its story.
    pub entries: Vec<Entry>,
    /// The commands that are new and were born into the hand that was held out for them.
    pub in_hand: Vec<Claimed>,
    /// Whether there are new commands that anybody may claim.
    pub left_waiting: bool,
}

/// What became of an arrival.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Begun {
    /// A new call.
    New(Box<Change>),
    /// The notice of an arrival that was already taken in.
    Known(Box<Call>),
    /// The notice of an arrival whose call is over and deleted: nothing comes of it.
    Bygone,
}

/// What became of an alarm that was raised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Raised {
    /// A new call rings for it.
    New(Box<Change>),
    /// The same one is open: its call.
    Known(CallId),
    /// The hotline has had as many new ones as it takes in an hour.
    TooMany {
        /// From then on it takes another one.
        until: DateTime<Utc>,
    },
}

/// A worker that takes commands in hand, and until when it may keep them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hand {
    /// Names the worker; no two living ones share it.
    pub worker: String,
    /// From then on another worker may take them.
    pub until: DateTime<Utc>,
}

/// A command taken in hand by a worker, for as long as the lease lasts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claimed {
    /// Names it towards the store.
    pub id: i64,
    /// Computed from the call and what is to be done; there are no two with one key.
    pub key: String,
    /// Whose command.
    pub call: CallId,
    /// The call's hotline.
    pub hotline: HotlineName,
    /// What is to be done.
    pub command: Command,
    /// How often it was tried and certainly not done, before this time.
    pub failures: u32,
    /// A worker took it before and never said what came of it: it may have been done.
    pub abandoned: bool,
    /// The call does not want it any more; it stands only because it may have been done.
    pub withdrawn: bool,
    /// When the call asked for it.
    pub ordered_at: DateTime<Utc>,
    /// Until when it is in this worker's hand.
    pub leased_until: DateTime<Utc>,
    /// Which worker has it in hand.
    pub worker: String,
}

/// What became of a command that was put back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Released {
    /// It waits for its next time.
    Waiting,
    /// The call has withdrawn it meanwhile: it is still in hand, and not to be done.
    Withdrawn,
    /// It is not in this worker's hand any more.
    Lost,
}

/// What is waiting to be done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pending {
    /// Dials that could be claimed now.
    pub dials: u32,
    /// Other commands that could be claimed now.
    pub others: u32,
    /// All that is not done, in hand or not.
    pub all: u32,
    /// When the next one will be ready that is not yet.
    pub next: Option<DateTime<Utc>>,
}

/// What is known now about the rota of a hotline.
#[derive(Clone, Debug)]
pub struct CurrentRota {
    /// Which hotline.
    pub hotline: HotlineName,
    /// Who is on call when, held spans included.
    pub roster: Arc<Roster>,
    /// What is wrong with the sheet.
    pub diagnostics: Arc<[Diagnostic]>,
    /// Duties of earlier versions that fill gaps of this one; also those that are over by now.
    pub held: Arc<[HeldSpan]>,
    /// What the admin calls the sheet.
    pub title: String,
    /// Where a browser shows the sheet, if there is such a place.
    pub link: Option<String>,
    /// The version that was read.
    pub revision: Revision,
    /// When this version was read first.
    pub read_at: DateTime<Utc>,
    /// As of when the roster and what is wrong with the sheet were worked out: what repeats itself is written out from there.
    pub as_of: DateTime<Utc>,
    /// When the source last said that this is its newest version.
    pub checked_at: DateTime<Utc>,
    /// Why the source cannot be used just now, if so.
    pub trouble: Option<Trouble>,
}

/// A version of a sheet that has been read, to be kept.
#[derive(Clone, Debug)]
pub struct ReadRota {
    /// What was read.
    pub sheet: Sheet,
    /// The settings beside it.
    pub given: Settings,
    /// Who is on call when, by the sheet alone.
    pub roster: Roster,
    /// What is wrong with the sheet.
    pub diagnostics: Vec<Diagnostic>,
    /// Duties of earlier versions, for the gaps of this one.
    pub held: Vec<HeldSpan>,
    /// When this version was read first.
    pub read_at: DateTime<Utc>,
    /// As of when it was read.
    pub as_of: DateTime<Utc>,
}

impl ReadRota {
    /// Reads a sheet for the first time. A big one takes a while.
    #[must_use]
    pub fn of(sheet: Sheet, given: Settings, held: Vec<HeldSpan>, read_at: DateTime<Utc>) -> Self {
        let (roster, diagnostics) = roster::read(&sheet, &given, read_at);
        Self {
            sheet,
            given,
            roster,
            diagnostics,
            held,
            read_at,
            as_of: read_at,
        }
    }
}

/// Why the rota cannot be refreshed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trouble {
    /// Since when.
    pub since: DateTime<Utc>,
    /// In words for the admin.
    pub words: String,
}

/// What was thought of one version of a rota. The sentences are for people; telephone numbers in them are masked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// When it was judged.
    pub at: DateTime<Utc>,
    /// What the admin calls the sheet.
    pub title: String,
    /// Which version.
    pub revision: Revision,
    /// What became of it.
    pub verdict: Verdict,
    /// What it changed.
    pub differences: Vec<String>,
    /// What it would have changed, and was not let.
    pub held_back: Vec<String>,
}

/// What became of a version of a rota.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It is used.
    Taken,
    /// It is used but for some time, for which earlier duties are held.
    TakenInPart,
    /// It is used because the operator has accepted it.
    Accepted,
    /// It is not used.
    HeldBack,
}

impl CurrentRota {
    /// What is held now or later, as findings for the admin.
    #[must_use]
    pub fn held_back(&self, now: DateTime<Utc>) -> Vec<Diagnostic> {
        self.roster.held_back(&self.held, now)
    }

    /// Whether a duty of the roster is held, and since when.
    #[must_use]
    pub fn held_since(&self, duty: &Duty) -> Option<DateTime<Utc>> {
        let is_of = |span: &&HeldSpan| span.duty.from <= duty.from && duty.until <= span.duty.until && span.duty.levels == duty.levels;
        self.held.iter().find(is_of).map(|span| span.since)
    }

    /// The spans that are held now or later.
    pub fn lasting(&self, now: DateTime<Utc>) -> impl Iterator<Item = &HeldSpan> {
        self.held.iter().filter(move |span| span.duty.until > now)
    }
}

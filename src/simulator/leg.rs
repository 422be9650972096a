//! One phone connection, as Twilio keeps it: who, to whom, in what state, which document it performs, and what
//! it has heard. Data and its small questions; what happens to it is in the rooms that use it.

use super::document::{Entrance, Method, Verb};
use super::habits::Manners;
use super::heard::{Heard, Sound};
use chrono::{DateTime, Utc};
use std::sync::Arc;

/// A leg by its place in the network's list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct LegIndex(pub(super) usize);

/// Twilio's `CallStatus`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CallStatus {
    Queued,
    Initiated,
    Ringing,
    InProgress,
    Completed,
    Busy,
    Failed,
    NoAnswer,
    Canceled,
}

impl CallStatus {
    /// As in webhooks and resources.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Initiated => "initiated",
            Self::Ringing => "ringing",
            Self::InProgress => "in-progress",
            Self::Completed => "completed",
            Self::Busy => "busy",
            Self::Failed => "failed",
            Self::NoAnswer => "no-answer",
            Self::Canceled => "canceled",
        }
    }
}

/// Where a request goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Target {
    pub(super) url: Arc<str>,
    pub(super) method: Method,
}

impl Target {
    pub(super) fn post(url: &str) -> Self {
        Self {
            url: Arc::from(url),
            method: Method::Post,
        }
    }
}

/// Which progress events of a call are reported.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct ProgressEvents {
    pub(super) initiated: bool,
    pub(super) ringing: bool,
    pub(super) answered: bool,
    pub(super) completed: bool,
}

/// Machine detection that was ordered with a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Detection {
    pub(super) message_end: bool,
    pub(super) timeout_s: u32,
    /// Where the result goes if the call does not wait for it.
    pub(super) meanwhile: Option<Target>,
}

/// A document that is being performed.
#[derive(Clone, Debug)]
pub(super) struct Program {
    pub(super) verbs: Arc<Vec<Verb>>,
    pub(super) next: usize,
    pub(super) source: Target,
}

impl Program {
    pub(super) fn empty() -> Self {
        Self {
            verbs: Arc::new(Vec::new()),
            next: 0,
            source: Target::post(""),
        }
    }

    /// The next verb's place; the document is left behind it.
    pub(super) fn take(&mut self) -> Option<(Arc<Vec<Verb>>, usize)> {
        let place = self.next;
        (place < self.verbs.len()).then(|| {
            self.next += 1;
            (Arc::clone(&self.verbs), place)
        })
    }
}

/// What a leg is in the middle of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    Queued,
    Dialling,
    Ringing,
    Detecting,
    Fetching,
    Performing,
    Gathering(Gathering),
    Recording(Recording),
    InRoom,
    /// Rings or talks with another leg by `<Dial><Number>`.
    Bridging,
    Over,
}

/// A question that is being asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Gathering {
    pub(super) place: usize,
    pub(super) prompt_next: usize,
    pub(super) digits: String,
}

/// A message that is being recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Recording {
    pub(super) place: usize,
    pub(super) since: DateTime<Utc>,
    /// When the person stops speaking; none where he says nothing.
    pub(super) speaks_until: Option<DateTime<Utc>>,
}

/// A leg's stay in a conference.
#[derive(Clone, Debug)]
pub(super) struct Stay {
    pub(super) room: usize,
    pub(super) number: u64,
    pub(super) entrance: Entrance,
    pub(super) action: Option<Target>,
    pub(super) hangup_on_star: bool,
    pub(super) since: DateTime<Utc>,
    pub(super) bridged: bool,
    pub(super) wait: Option<Program>,
    /// The wait document has come at least once.
    pub(super) established: bool,
}

/// What ties a leg to the one that it rings, or that rings it.
#[derive(Clone, Debug)]
pub(super) struct Tie {
    pub(super) other: LegIndex,
    pub(super) is_parent: bool,
    pub(super) bridged: bool,
    /// The document that was to be heard before was none: they never will be.
    pub(super) broken: bool,
    /// What comes after that, where this is the parent.
    pub(super) action: Option<Target>,
}

/// One connection.
#[derive(Clone, Debug)]
pub(super) struct Leg {
    pub(super) sid: String,
    pub(super) inbound: bool,
    pub(super) from: String,
    pub(super) to: String,
    pub(super) status: CallStatus,
    pub(super) created_at: DateTime<Utc>,
    pub(super) listed_at: DateTime<Utc>,
    pub(super) dialled_at: Option<DateTime<Utc>>,
    pub(super) answered_at: Option<DateTime<Utc>>,
    pub(super) ended_at: Option<DateTime<Utc>>,
    pub(super) voice: Target,
    pub(super) fallback: Option<Target>,
    pub(super) on_fallback: bool,
    pub(super) status_callback: Option<Target>,
    pub(super) events: ProgressEvents,
    pub(super) sequence: u32,
    pub(super) ring_limit_s: u32,
    pub(super) detection: Option<Detection>,
    pub(super) answered_by: Option<&'static str>,
    pub(super) stage: Stage,
    /// Counts the stages and verbs, so that what was meant for an earlier one is void.
    pub(super) epoch: u32,
    pub(super) program: Program,
    pub(super) stay: Option<Stay>,
    pub(super) tie: Option<Tie>,
    /// Whose document has rung it, by its name.
    pub(super) parent: Option<String>,
    pub(super) manners: Manners,
    /// Counts the person's turns of mind, so that a hang-up planned in an earlier one is void.
    pub(super) mood: u32,
    /// Counts the questions asked.
    pub(super) questions: u32,
    /// Documents asked for in one and the same instant.
    pub(super) fetches: (DateTime<Utc>, u32),
    pub(super) heard: Vec<Heard>,
}

impl Leg {
    /// The number of the person on it.
    pub(super) fn number(&self) -> &str {
        if self.inbound { &self.from } else { &self.to }
    }

    pub(super) fn is_over(&self) -> bool {
        self.stage == Stage::Over
    }

    pub(super) const fn direction(&self) -> &'static str {
        match &self.tie {
            Some(tie) if !tie.is_parent => "outbound-dial",
            Some(_) | None if self.inbound => "inbound",
            Some(_) | None => "outbound-api",
        }
    }

    /// From now on it hears this. The same silence or ringing again is no new entry, and a silence of no length is none.
    pub(super) fn hears(&mut self, at: DateTime<Utc>, what: Sound) {
        if self.heard.last().is_some_and(|last| last.what == Sound::Silence && last.at == at) {
            self.heard.pop();
        }
        let goes_on = matches!(what, Sound::Silence | Sound::Ring) && self.heard.last().is_some_and(|last| last.what == what);
        if !goes_on {
            self.heard.push(Heard { at, what });
        }
    }

    /// Goes on to another stage; whatever was planned for the earlier one is void.
    pub(super) fn enters(&mut self, stage: Stage) -> u32 {
        self.stage = stage;
        self.epoch += 1;
        self.epoch
    }

    /// Whole seconds since the answer, rounded up as carriers count.
    pub(super) fn seconds_talked(&self, now: DateTime<Utc>) -> i64 {
        self.answered_at.map_or(0, |at| {
            let ms = (self.ended_at.unwrap_or(now) - at).num_milliseconds();
            (ms + 999) / 1000
        })
    }
}

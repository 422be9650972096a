//! One call, from its arrival to its end: whom to ring, what everybody hears, when to give up on whom.
//!
//! A pure room: [`Call::handle`] turns events into commands; time is an argument. It knows legs, keys and
//! rooms; it must not know the carrier, its names for things, databases or clocks.

mod alarm;
mod caller;
mod doubt;
mod facts;
mod gate;
mod leg;
pub mod line;
mod makeshift;
mod menu;
mod nouns;
mod origin;
mod patience;
mod pinned;
mod plan;
mod recording;
mod relay;
mod responder;
mod ringback;
mod script;
mod search;
mod story;
mod talk;
#[cfg(test)]
mod tests;
mod texted;
mod texting;
mod through;
mod tick;
mod welcome;
mod words;
mod world;

use crate::roster::{Phone, Responder};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::sync::Arc;

pub use crate::phrases::Hindrance;
pub use alarm::Incident;
pub use facts::{Fact, MakeshiftStep, Outcome};
pub use gate::{Budget, Costly, Forbidden, Means, Spent};
pub use leg::{Leg, LegState};
use menu::Menu;
pub use nouns::{
    Announcement, Away, CALLER, CallId, Command, Detection, Ending, Event, HotlineName, LegId, LineId, Question, Reaction, RecordingId,
    Refusal, Script, Stay, ToldBy, Undelivered, Voice, Wanted,
};
pub use origin::Origin;
use patience::JOIN_PATIENCE;
pub use plan::{LeftOut, LeftOutReason, OwnWords, Plan, Rules, Rung, Screening};
pub use relay::Acquaintance;
pub use ringback::CallingBack;
use search::Search;
use talk::Talk;
pub use texted::Stranger;
use texting::Told;
pub use through::{Offer, OfferAnswer, Through};
pub use welcome::{Rebuff, Welcome, WhenClosed};
use words::{InVain, LastWords};
pub use world::World;

/// A call and everything that is known of it. Serialised, it is what a restart goes on from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    id: CallId,
    #[serde(with = "pinned")]
    plan: Arc<Plan>,
    /// What it is about; calls of before there were alarms have callers.
    #[serde(default)]
    origin: Origin,
    #[serde(default)]
    alarm: alarm::Progress,
    from: Option<Phone>,
    /// None where nobody has called: for an alarm, or somebody who is called back.
    caller_line: Option<LineId>,
    arrived_at: DateTime<Utc>,
    /// When the search gives way to the last resort.
    give_up_at: DateTime<Utc>,
    phase: Phase,
    search: Search,
    /// The talk, where responders may step aside from it.
    #[serde(default)]
    talk: Talk,
    /// The responders' legs; leg `n` stands at `n - 1`.
    legs: Vec<Leg>,
    /// The caller's leg, where it is us who ring him.
    #[serde(default)]
    called: Option<Leg>,
    /// Who will not be rung again: declined, or cannot be dialled at all.
    ruled_out: BTreeSet<Phone>,
    /// Who has declined on one of two phones.
    #[serde(default)]
    declined: Vec<Responder>,
    resumed: u32,
    redirects: u16,
    /// The deadline that is not believed yet.
    #[serde(default)]
    doubt: Option<doubt::Doubt>,
    /// How often a line was looked after.
    #[serde(default)]
    looks: u16,
    /// Since when the caller is known to have been in the room, where the first words are said.
    #[serde(default)]
    in_room_since: Option<DateTime<Utc>>,
    /// Whether he had time to hear them out there.
    #[serde(default)]
    opening_heard: bool,
    /// When the caller was last sent elsewhere, so that a lost redirection is noticed.
    caller_sent_at: Option<DateTime<Utc>>,
    /// When the people to be told of a missed call are told.
    tell_at: Option<DateTime<Utc>>,
    message_seconds: Option<u32>,
    /// With whom the caller was last together, where that was too short for a talk.
    cut_off_from: Option<String>,
    /// Where the caller has asked to be called back.
    #[serde(default)]
    callback: Option<Phone>,
    /// When people were last reminded of that.
    #[serde(default)]
    callback_reminded_at: Option<DateTime<Utc>>,
    /// Whether, and how far, its talks are recorded.
    #[serde(default)]
    recording: recording::Recording,
    /// How many texts were ordered.
    #[serde(default)]
    texts: u16,
    #[serde(default)]
    relayed: relay::Relayed,
    /// Who was told by a text that he is rung.
    #[serde(default)]
    announced: Told,
    /// Who was told that nobody has taken the call.
    #[serde(default)]
    told_missed: Told,
    outcome: Option<Outcome>,
}

/// Where the call stands, from the caller's side.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "phase", rename_all = "snake_case")]
enum Phase {
    /// The caller waits in the room while responders are rung.
    Searching,
    /// A responder has taken a callback, or wants to be put through, and is in the room or on his way there; the caller is rung.
    RingingBack { leg: LegId },
    /// A responder has accepted and is on the way to the caller; `inside`, he is in the room and alone there.
    Joining { leg: LegId, until: DateTime<Utc>, inside: bool },
    /// Caller and responder are in the room.
    Connected { leg: LegId, since: DateTime<Utc> },
    /// The responder has left; the caller is asked whether to search again.
    Parted { name: String, until: DateTime<Utc> },
    /// The caller is asked what he wishes; in silence he leaves a message.
    Menu { menu: Menu, until: DateTime<Utc> },
    /// The caller is asked for a message.
    Message { why: InVain, until: DateTime<Utc> },
    /// The caller hears the last words.
    Farewell {
        words: LastWords,
        until: DateTime<Utc>,
        hung_up: bool,
    },
    /// The caller is put through without the store; how the call ends if nothing more is heard of him.
    Makeshift {
        look_at: DateTime<Utc>,
        until: DateTime<Utc>,
        outcome: Outcome,
    },
    /// Nobody has acknowledged the alarm; the plan is rung again then.
    Resting { until: DateTime<Utc> },
    /// The caller is gone, or the alarm is done with; legs may still have to be ended.
    Over,
}

impl Phase {
    /// Who has taken the call, and since when he is with the caller; none of that while one of them is on his way.
    const fn talk(&self) -> Option<(LegId, Option<DateTime<Utc>>)> {
        match self {
            Self::RingingBack { leg } | Self::Joining { leg, .. } => Some((*leg, None)),
            Self::Connected { leg, since } => Some((*leg, Some(*since))),
            Self::Searching
            | Self::Parted { .. }
            | Self::Menu { .. }
            | Self::Message { .. }
            | Self::Farewell { .. }
            | Self::Makeshift { .. }
            | Self::Resting { .. }
            | Self::Over => None,
        }
    }

    /// By when the two are with each other, whatever was lost, if they are at all.
    fn together_by(&self) -> Option<DateTime<Utc>> {
        if let Self::Joining { until, .. } = self {
            return Some(*until);
        }
        let (_, since) = self.talk()?;
        Some(since? + JOIN_PATIENCE)
    }
}

impl Call {
    /// A caller has dialled the hotline: pins the plan and begins the search.
    #[must_use]
    pub fn arrive(id: CallId, plan: Plan, from: Option<Phone>, line: LineId, world: &World<'_>) -> (Self, Reaction) {
        let mut out = Reaction::default();
        out.facts.push(Fact::Arrived {
            hotline: plan.hotline.clone(),
            from: from.clone(),
        });
        let mut call = Self {
            from,
            caller_line: Some(line),
            caller_sent_at: Some(world.now),
            ..Self::begun(id, plan, Origin::Caller, world, &mut out)
        };
        call.meet(world, &mut out);
        // The answer to the arrival is the caller's script, whatever it has become by now.
        out.leave_caller_where_he_is();
        (call, out)
    }

    /// What every call begins with.
    fn begun(id: CallId, plan: Plan, origin: Origin, world: &World<'_>, out: &mut Reaction) -> Self {
        for left_out in &plan.left_out {
            out.facts.push(Fact::Skipped {
                name: left_out.name.clone(),
                why: words::left_out(left_out.reason).to_owned(),
            });
        }
        Self {
            id,
            origin,
            alarm: alarm::Progress::default(),
            from: None,
            caller_line: None,
            arrived_at: world.now,
            give_up_at: world.now + seconds(plan.rules.max_wait_seconds),
            phase: Phase::Searching,
            search: Search::default(),
            talk: Talk::default(),
            legs: Vec::new(),
            called: None,
            ruled_out: BTreeSet::new(),
            declined: Vec::new(),
            resumed: 0,
            redirects: 0,
            doubt: None,
            looks: 0,
            in_room_since: None,
            opening_heard: false,
            caller_sent_at: None,
            tell_at: None,
            message_seconds: None,
            cut_off_from: None,
            callback: None,
            callback_reminded_at: None,
            recording: recording::Recording::default(),
            texts: 0,
            relayed: relay::Relayed::default(),
            announced: Told::default(),
            told_missed: Told::default(),
            outcome: None,
            plan: Arc::new(plan),
        }
    }

    /// Takes in what has happened. Every event is welcome in every state; late and repeated ones change nothing.
    pub fn handle(&mut self, event: &Event, world: &World<'_>) -> Reaction {
        let mut out = Reaction::default();
        if self.is_of_nobody(event) || self.rings_a_caller().is_some() && self.on_ringback(event, world, &mut out) {
            return out;
        }
        match event {
            Event::Tick => self.tick(world, &mut out),
            Event::SomebodyIsFree => self.on_somebody_free(world, &mut out),
            Event::Resolved => self.on_resolved(world, &mut out),
            Event::Makeshift { talked } => self.on_makeshift(*talked, world, &mut out),
            Event::Recorded { seconds, .. } => self.on_recorded(*seconds, world, &mut out),
            Event::RecordingBegun { number, recording } => self.on_recording_begun(*number, recording, &mut out),
            Event::RecordingUnsure { number } => self.on_recording_unsure(*number, &mut out),
            Event::RecordingEnded {
                number,
                recording,
                seconds,
                ..
            } => self.on_recording_ended(*number, recording, *seconds, &mut out),
            Event::Transcribed { text, .. } => self.on_transcribed(text, &mut out),
            Event::LeftRoom { leg: CALLER } => self.on_caller_left_room(world, &mut out),
            Event::StillWaiting { leg: CALLER } => self.on_caller_still_waiting(world, &mut out),
            Event::Key { leg: CALLER, key } => self.on_caller_key(*key, world, &mut out),
            Event::Typed { leg: CALLER, digits } => self.on_typed(digits, world, &mut out),
            // Responders are never asked for more than a key.
            Event::Typed { .. } => {}
            Event::CallbackOverdue => self.on_callback_overdue(world, &mut out),
            Event::PassOn { from, to, body } => self.pass_on(from, to, body, &mut out),
            Event::TextAdded { body } => self.on_text_added(body, world, &mut out),
            Event::NotTexted(lost) => self.on_not_texted(lost, &mut out),
            Event::Ended { leg: CALLER, .. } => self.on_caller_gone(world, &mut out),
            // How the caller's own connection came about is of no interest.
            Event::Placed { leg: CALLER, .. }
            | Event::Refused { leg: CALLER, .. }
            | Event::Unsure { leg: CALLER }
            | Event::Ringing { leg: CALLER, .. }
            | Event::Answered { leg: CALLER, .. }
            | Event::Detected { leg: CALLER, .. } => {}
            Event::Joined { leg: CALLER } => self.on_caller_joined(world, &mut out),
            Event::Placed { leg, line } => self.on_placed(*leg, line, world, &mut out),
            Event::Refused { leg, why } => self.on_refused(*leg, why, world, &mut out),
            Event::Unsure { leg } => self.on_unsure(*leg, world, &mut out),
            Event::Ringing { leg, line } => self.on_ringing(*leg, line, world, &mut out),
            Event::Answered { leg, line, voice } => self.on_answered(*leg, line, *voice, world, &mut out),
            Event::Detected { leg, voice } => self.on_detected(*leg, *voice, world, &mut out),
            Event::Key { leg, key } => self.on_key(*leg, *key, world, &mut out),
            Event::Joined { leg } => self.on_joined(*leg, world, &mut out),
            Event::LeftRoom { leg } => self.on_left_room(*leg, world, &mut out),
            Event::StillWaiting { leg } => self.on_still_waiting(*leg, world, &mut out),
            Event::Ended { leg, how } => self.on_ended(*leg, *how, world, &mut out),
        }
        out
    }

    /// The call's name.
    #[must_use]
    pub const fn id(&self) -> CallId {
        self.id
    }

    /// The hotline that was dialled.
    #[must_use]
    pub fn hotline(&self) -> &HotlineName {
        &self.plan.hotline
    }

    /// The plan, as pinned at arrival.
    #[must_use]
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Where the call comes from; none where withheld.
    #[must_use]
    pub const fn from(&self) -> Option<&Phone> {
        self.from.as_ref()
    }

    /// When the call came in.
    #[must_use]
    pub const fn arrived_at(&self) -> DateTime<Utc> {
        self.arrived_at
    }

    /// How the call ended, once it has.
    #[must_use]
    pub const fn outcome(&self) -> Option<Outcome> {
        self.outcome
    }

    /// A leg that we dial; none for the caller's where it is he who calls, and for legs that never were.
    #[must_use]
    pub fn leg(&self, leg: LegId) -> Option<&Leg> {
        if leg == CALLER {
            return self.called.as_ref();
        }
        self.legs.get(usize::from(leg.0).checked_sub(1)?)
    }

    /// The carrier's name for a leg's connection, where there is one yet.
    #[must_use]
    pub fn line(&self, leg: LegId) -> Option<&LineId> {
        let caller_line = self.caller_line.as_ref().filter(|_| leg == CALLER);
        caller_line.or_else(|| self.leg(leg)?.line.as_ref())
    }

    /// Whether anything is still to come: the caller on the line, a leg to be ended, somebody to be told.
    #[must_use]
    pub fn is_live(&self) -> bool {
        self.phase != Phase::Over || self.tell_at.is_some() || self.dialled().any(|leg| leg.state != LegState::Ended)
    }

    /// The numbers that this call is ringing or talking with, which other calls leave alone meanwhile.
    /// The last resort may be a desk with many lines and is not among them.
    #[must_use]
    pub fn engages(&self) -> Vec<(LegId, Phone)> {
        let held = self.dialled().filter(|leg| leg.state != LegState::Ended && !leg.is_last_resort());
        held.map(|leg| (leg.id, leg.who.phone.clone())).collect()
    }

    /// All legs that we dial or have dialled.
    fn dialled(&self) -> impl Iterator<Item = &Leg> {
        self.legs.iter().chain(&self.called)
    }

    fn leg_mut(&mut self, leg: LegId) -> Option<&mut Leg> {
        if leg == CALLER {
            return self.called.as_mut();
        }
        self.legs.get_mut(usize::from(leg.0).checked_sub(1)?)
    }

    const fn caller_is_here(&self) -> bool {
        !matches!(self.phase, Phase::Over)
    }

    fn redirect(&mut self, leg: LegId, line: LineId, out: &mut Reaction) {
        self.redirects = self.redirects.saturating_add(1);
        out.commands.push(Command::Redirect {
            number: self.redirects,
            leg,
            line,
        });
    }

    fn redirect_caller(&mut self, world: &World<'_>, out: &mut Reaction) {
        let Some(line) = self.caller_line.clone() else { return };
        self.caller_sent_at = Some(world.now);
        self.redirect(CALLER, line, out);
    }
}

impl Reaction {
    /// The caller hears his script as the answer to this very event, so he is not to be sent to it as well.
    fn leave_caller_where_he_is(&mut self) {
        self.commands
            .retain(|command| !matches!(command, Command::Redirect { leg: CALLER, .. }));
    }
}

fn seconds(n: u32) -> TimeDelta {
    TimeDelta::seconds(n.into())
}

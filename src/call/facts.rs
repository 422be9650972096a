//! The lines of a call's story, and how it ended. Their words for people stand in [`super::story`].

use super::{HotlineName, LegId, Means};
use crate::roster::Phone;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// How a call ended, as far as the caller is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Spoke with a responder.
    Served,
    /// Left a message.
    Recorded,
    /// Asked to be called back.
    CallbackAsked,
    /// Hung up before anybody accepted.
    CallerHungUp,
    /// Was offered to leave a message and left none.
    NoMessage,
    /// Was with a responder too shortly to know that they talked, and was not served afterwards.
    CutOff,
    /// Was turned away: the number is on the blocklist, or withheld.
    Refused,
    /// An alarm, or a stranger's text: somebody takes care of it.
    Acknowledged,
    /// An alarm: it was over before anybody had acknowledged it.
    Resolved,
    /// An alarm, or a stranger's text: nobody has acknowledged it, however often the plan was rung.
    Unacknowledged,
    /// A callback: a responder and the caller have talked.
    CalledBack,
    /// A callback: they have not, and it stays open.
    NotCalledBack,
    /// A responder who has called: he and the caller of before have talked.
    PutThrough,
    /// A responder who has called: they have not.
    NotPutThrough,
}

/// What is known of a caller who is put through without the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MakeshiftStep {
    /// He is being put through.
    Begun,
    /// He has talked with somebody there; with whom is not known.
    Talked,
    /// He is in the call's room again.
    Back,
}

/// One line of a call's story, with its reason. `Display` is the sentence for people (numbers masked).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fact", rename_all = "snake_case")]
pub enum Fact {
    /// The call came in.
    Arrived {
        /// The hotline dialled.
        hotline: HotlineName,
        /// Where the call comes from; none where withheld.
        from: Option<Phone>,
    },
    /// The caller is not met as usual: the hotline is closed, or the caller turned away.
    Met {
        /// Why: the whole sentence.
        why: String,
    },
    /// A monitor or a sensor has raised an alarm.
    Raised {
        /// The hotline that rings.
        hotline: HotlineName,
        /// What is wrong.
        title: String,
        /// More of it; may be empty.
        details: String,
    },
    /// A stranger's text rings.
    Texted {
        /// The hotline that rings.
        hotline: HotlineName,
        /// Who sent it.
        from: Phone,
        /// What it says.
        text: String,
    },
    /// The stranger has texted again.
    TextAdded {
        /// What.
        text: String,
    },
    /// The stranger is told how his text fares.
    SenderTold {
        /// In these words.
        words: String,
    },
    /// A responder wants to call somebody back who has asked for that.
    CallsBack {
        /// The hotline that was asked.
        hotline: HotlineName,
        /// The callback's number among its own.
        id: u32,
        /// Where the caller is called.
        number: Phone,
        /// Who calls back.
        name: String,
        /// How he has said so, in words.
        how: String,
    },
    /// A responder who has dialled the hotline wants to be put through to a caller with whom he has talked.
    WantsThrough {
        /// Who.
        name: String,
        /// Where the caller is rung.
        number: Phone,
        /// When they talked, as the clocks showed it.
        at: String,
    },
    /// Nothing has come of that.
    NotPutThrough {
        /// Why, in words.
        why: String,
    },
    /// The responder is there, so the caller is rung.
    RingsCaller {
        /// Where.
        number: Phone,
    },
    /// The caller who is called back has picked up.
    CallerAnswers {
        /// Where.
        number: Phone,
    },
    /// Nothing has come of it this time.
    StaysOpen {
        /// Why, in words.
        why: String,
    },
    /// They have talked: the callback is closed.
    CalledBack {
        /// Its number.
        id: u32,
        /// Who has called back.
        name: String,
    },
    /// A text that it is closed was ordered.
    CallbackTold {
        /// To whom.
        to: Phone,
    },
    /// This responder takes care of the alarm, or of the text.
    Acknowledged {
        /// Which leg.
        leg: LegId,
        /// Who.
        name: String,
    },
    /// The plan was rung in vain for an alarm, and will be rung again.
    RingsAgain {
        /// After so many minutes.
        minutes: u64,
        /// How often yet, at most.
        left: u16,
    },
    /// A text about an alarm was ordered.
    AlarmTold {
        /// To whom.
        to: Phone,
    },
    /// Somebody on call is not rung.
    Skipped {
        /// Who.
        name: String,
        /// Why, in words.
        why: String,
    },
    /// Everybody on call is away and nobody else could be rung, so that being away does not count.
    AwayRungAllTheSame,
    /// The search begins a level.
    LevelBegan {
        /// As the sheet calls it.
        label: String,
        /// Of how many rounds this is which, from 1.
        round: u32,
    },
    /// There is nobody to ring, or nobody left.
    PlanExhausted {
        /// Why, in words.
        why: String,
    },
    /// A responder's phone is being rung.
    Dialled {
        /// Which leg.
        leg: LegId,
        /// Who.
        name: String,
        /// Where.
        to: Phone,
        /// The cell that says so; none for the last resort.
        source: Option<String>,
    },
    /// The phone rings.
    Rings {
        /// Which leg.
        leg: LegId,
        /// Who.
        name: String,
    },
    /// The phone was picked up, which does not mean accepted.
    PickedUp {
        /// Which leg.
        leg: LegId,
        /// Who.
        name: String,
    },
    /// This responder will not take the call (now).
    DidNotAccept {
        /// Which leg.
        leg: LegId,
        /// Who.
        name: String,
        /// Why, in words: busy, declined, voicemail.
        why: String,
    },
    /// This responder has taken the call.
    Accepted {
        /// Which leg.
        leg: LegId,
        /// Who.
        name: String,
    },
    /// A responder was let go because he is no longer needed.
    Released {
        /// Which leg.
        leg: LegId,
        /// Who.
        name: String,
        /// Why, in words.
        why: String,
    },
    /// Caller and responder can hear each other.
    Connected {
        /// Who.
        name: String,
    },
    /// A responder has come to a caller who is with another one, or comes back to them.
    JoinedIn {
        /// Who.
        name: String,
    },
    /// The room was closed in the middle of the talk, by star or by somebody's leaving; who is left meets again.
    Interrupted,
    /// The caller is put through without the store.
    Makeshift {
        /// What is known of that.
        step: MakeshiftStep,
    },
    /// A responder wants somebody else to be brought in.
    AskedForMore {
        /// Who.
        name: String,
    },
    /// Nobody else could be brought in.
    NobodyJoins {
        /// For whom.
        name: String,
    },
    /// The responder has left the conversation.
    Parted {
        /// Who.
        name: String,
    },
    /// The caller is asked what he wishes.
    MenuOffered {
        /// Why, in words.
        why: String,
    },
    /// The caller has asked to be called back, and has confirmed the number.
    CallbackAsked {
        /// Where.
        number: Phone,
    },
    /// Nobody has called back in time, and people are reminded.
    CallbackReminded {
        /// Where.
        number: Phone,
    },
    /// The caller is asked for a message.
    MessageOffered {
        /// Why, in words.
        why: String,
    },
    /// The caller has left a message.
    MessageLeft {
        /// In seconds.
        seconds: u32,
    },
    /// The caller does not want to be recorded.
    RecordingRefused,
    /// The carrier records the talk.
    RecordingBegan,
    /// The talk is not recorded, though it was to be.
    NotRecorded {
        /// The carrier's error code, where it gave one.
        code: Option<u32>,
        /// Why, in words.
        why: String,
    },
    /// The recording of a talk is complete.
    TalkRecorded {
        /// In seconds.
        seconds: u32,
    },
    /// The caller's message is written down. What it says stands with the recording only.
    Transcribed,
    /// A text was ordered.
    Told {
        /// To whom.
        to: Phone,
    },
    /// A text that says whose call it is goes to somebody who is rung.
    RingTold {
        /// To whom.
        to: Phone,
    },
    /// A text that was ordered could not be sent.
    NotTexted {
        /// To whom.
        to: Phone,
        /// The carrier's error code, where it gave one.
        code: Option<u32>,
        /// Why, in words.
        why: String,
    },
    /// With an order of this call, so much of what may be spent within an hour is used up.
    Spending {
        /// How much.
        means: Means,
        /// Whether it is that of all hotlines together.
        everywhere: bool,
        /// How many orders to dial and to text may be given.
        most: u32,
    },
    /// From now on texts between the caller and the responder are passed on.
    RelayOpened {
        /// The responder.
        name: String,
        /// His number.
        responder: Phone,
        /// The caller's.
        caller: Phone,
        /// Since when they talked.
        talked_at: DateTime<Utc>,
        /// For how long.
        minutes: u32,
    },
    /// A text of one of the two was passed on to the other.
    PassedOn {
        /// Who wrote it.
        from: Phone,
        /// Who is to read it.
        to: Phone,
    },
    /// The call is over.
    Ended {
        /// How.
        outcome: Outcome,
    },
}

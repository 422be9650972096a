//! Every sentence that callers and responders hear or read, in each language: one file for each, and the compiler says
//! which one is missing. It must not know when anything is said. The story of a call, for the log and the page, is English
//! and is not here.

mod english;
mod french;
mod german;
mod length;
mod nouns;
mod spanish;
#[cfg(test)]
mod tests;
mod words;

pub use length::{fitted, one_line};
pub use nouns::{Hindrance, Missed, NotReached};

use crate::roster::Phone;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use words::{age, dated, sentence, spoken};

/// In which language a hotline speaks and writes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Language {
    /// English.
    #[default]
    #[serde(rename = "en")]
    English,
    /// French.
    #[serde(rename = "fr")]
    French,
    /// German.
    #[serde(rename = "de")]
    German,
    /// Spanish.
    #[serde(rename = "es")]
    Spanish,
}

/// How somebody is spoken to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Speech {
    /// The language.
    pub language: Language,
    /// The synthesiser's voice, by the carrier's name for it; none for the carrier's own choice.
    pub voice: Option<String>,
    /// What is played where it stands on a line of its own: the addresses in the operator's own words. No other address is
    /// ever fetched, whoever has written it into a sheet, a text or an alarm.
    pub played: BTreeSet<String>,
}

impl Speech {
    /// The same, with what is to be played of the operator's own words.
    #[must_use]
    pub fn playing<'w>(self, words: impl IntoIterator<Item = &'w String>) -> Self {
        let lines = words.into_iter().flat_map(|words| words.lines()).map(str::trim);
        let is_address = |line: &&str| line.starts_with("https://") && !line.contains(char::is_whitespace);
        Self {
            played: lines.filter(is_address).map(str::to_owned).collect(),
            ..self
        }
    }
}

/// One sentence, or a few that belong together. Each can stand beside any other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phrase<'a> {
    // To the caller, while somebody is searched for.
    /// The first words.
    Greeting,
    /// The caller has wished the search to go on.
    SearchingAgain,
    /// He is going to be put through.
    BeingConnected,
    /// The level with this index is being rung.
    Ringing(usize),
    /// It is rung in a further round.
    RingingAgain(usize),
    /// All on call talk to other callers.
    AllEngaged,
    /// At which place in the line the caller stands; 1 is the next.
    InLine(u32),
    /// Everybody is rung once more.
    TryingAllAgain,
    /// Somebody is being rung with whom the caller has talked before.
    RingingAcquaintance,
    /// The last resort is being rung.
    RingingLastResort,
    /// Before the room: the talk may be recorded, and 0 refuses.
    MayBeRecorded,
    /// He has refused.
    NotRecorded,
    /// What to do meanwhile.
    StayOrPressStar,
    /// A responder is on his way.
    SomebodyHasTakenIt,
    /// Nothing else is to be said.
    PleaseStay,
    /// He is to leave the room by himself.
    PressStarToGoOn,

    // To the caller, afterwards.
    /// The responder has left: search again by 1?
    ResponderLeft(&'a str),
    /// The responder has left after a moment: search again by 1, or leave a message?
    ResponderLeftAtOnce(&'a str),
    /// Nobody is on call.
    NobodyOnCall,
    /// Nobody has accepted.
    NobodyTookIt,
    /// Outside of the opening hours.
    Closed,
    /// He has called too often.
    TooManyCalls,
    /// There are more callers now than we can take.
    LinesBusy,
    /// Then he should do that.
    CallAgain,
    /// He is turned away.
    CannotTakeYourCall,
    /// He is turned away because his number is withheld.
    ShowYourNumber,
    /// He has pressed a key that leads nowhere, or none.
    PleaseChoose,
    /// He has pressed star.
    LeftTheQueue,
    /// He has not answered whether to search again.
    NobodyIsRung,
    /// Speak after the tone; how it ends.
    LeaveMessage {
        /// Whether somebody is told at once.
        passed_on: bool,
    },
    /// The message is recorded.
    MessageTaken,
    /// The last word.
    Goodbye,

    // What he may wish for instead of waiting.
    /// 1: be called back on the number shown.
    PressForCallback(&'a Phone),
    /// 2: be called back on another number; with `first`, none is shown.
    PressForOtherNumber {
        /// Whether it is the first choice that is named.
        first: bool,
    },
    /// 3: leave a message.
    PressForMessage,
    /// 9: wait on.
    PressToWait,
    /// Type the number, then hash.
    TypeNumber,
    /// Is this right? 1, or 2 to type again.
    ConfirmNumber(&'a Phone),
    /// What was typed is no number that is called back.
    NumberUnusable,
    /// The callback is on the list.
    CallbackNoted(&'a Phone),

    // To the responder.
    /// Who calls, why it is he who is rung, and the keys.
    Whisper {
        /// The hotline's name.
        hotline: &'a str,
        /// The caller; none where withheld.
        caller: Option<&'a Phone>,
        /// The index of his level; none for the last resort.
        level: Option<usize>,
    },
    /// The same caller once more, to whoever has talked with him.
    WhisperAgain {
        /// The hotline's name.
        hotline: &'a str,
        /// When they talked.
        at: &'a str,
    },
    /// He has accepted.
    ThankYou,
    /// The talk may be recorded.
    TalkMayBeRecorded,
    /// He waits in the room.
    CallerIsComing,
    /// In the middle of a talk: 2 brings in the next one on call, 1 leads back.
    AsideToBringIn,
    /// The next one is being rung for him already; 1 leads back.
    AsideWhileRinging,
    /// There is nobody to be brought in; 1 leads back.
    AsideWithNobodyLeft,
    /// Nobody came when he asked before.
    NobodyReached,
    /// The next one is rung, and he goes back.
    NextIsRungForYou,
    /// Nobody can be rung, and he goes back.
    NobodyCanBeRung,
    /// He goes back.
    BackToTheCaller,
    /// Who wants him to join a talk, why it is he who is rung, and the keys.
    WhisperToJoin {
        /// The hotline's name.
        hotline: &'a str,
        /// Who is with the caller.
        name: &'a str,
        /// The index of his level; none for the last resort.
        level: Option<usize>,
    },
    /// He is not needed.
    NotNeeded,
    /// The caller has hung up.
    CallerHungUp,
    /// The caller has left the room.
    CallerLeft,
    /// The conversation has come to its end.
    ConversationOver,
    /// Somebody else has the call.
    TakenBy(&'a str),
    /// He has declined.
    NextOneIsRung,
    /// An alarm, why it is he who is rung, and the keys.
    AlarmWhisper {
        /// The hotline's name.
        hotline: &'a str,
        /// What is wrong.
        title: &'a str,
        /// The index of his level; none for the last resort.
        level: Option<usize>,
    },
    /// He takes care of the alarm; these are its details, if any.
    TakingCare(&'a str),
    /// Somebody else takes care of it.
    AlarmTakenBy(&'a str),
    /// Nobody is needed for it any more.
    AlarmOver,

    /// He is going to be rung for a stranger's text.
    RingsYouForText(&'a str),
    /// What a stranger has texted, why it is he who is rung, and the keys.
    TextWhisper {
        /// The hotline's name.
        hotline: &'a str,
        /// What was texted.
        text: &'a str,
        /// The index of his level; none for the last resort.
        level: Option<usize>,
    },
    /// He takes care of a text, and what comes now.
    TakingText,
    /// He takes care of a text, and has to call this number.
    TakingTextToCall {
        /// All that was texted, as much of it as is listened to.
        text: &'a str,
        /// Where to call.
        number: &'a Phone,
    },
    /// Somebody else takes care of the text.
    TextTakenBy(&'a str),
    /// A callback that he wants to make himself, and the keys.
    CallbackWhisper {
        /// The hotline's name.
        hotline: &'a str,
        /// When the caller asked for it, as clocks show it.
        asked: &'a str,
    },
    /// He has pressed 1: the caller's phone is going to ring.
    RingingCaller,
    /// He waits in the room while it rings.
    CallerIsRung,
    /// The caller whom he wanted to call back is not there.
    CallerNotReached(NotReached),
    /// So somebody may try again.
    CallbackStaysOpen,

    // To a responder who dials the hotline after a talk, and to the caller to whom he is put through.
    /// 1: be put through to the caller; else it goes on as any call.
    PressToBePutThrough {
        /// When they talked.
        at: &'a str,
        /// Whether 2 leads to somebody with whom he has talked before.
        earlier: bool,
    },
    /// He may text instead.
    TextInstead,
    /// Who calls, and why.
    PuttingThrough {
        /// The hotline's name.
        hotline: &'a str,
        /// When they talked.
        at: &'a str,
    },
    /// Whoever wanted to talk with the caller again is gone.
    PuttingThroughLost,

    // To a caller who is called back.
    /// Who calls, and why.
    CallingYouBack {
        /// The hotline's name.
        hotline: &'a str,
    },
    /// Whoever wanted to talk with him is gone.
    CallbackLost,

    // To anybody.
    /// A question was not answered.
    NoKey,
    /// Nothing was recorded.
    NoMessage,
    /// Something is wrong with us; stay or call again.
    Fault,
    /// Something is wrong with us; call again.
    Apology,
    /// We shall be back in a moment.
    OneMoment,
    /// Something is wrong with us, and he is put through all the same.
    PutThroughAllTheSame,
    /// He may call there himself.
    CallThere(&'a Phone),
    /// Something is wrong with us: no message, call again.
    NoMessageNow,
    /// To the responder: a call comes in while something is wrong with us; the key.
    WhisperThroughFault {
        /// The hotline's name.
        hotline: &'a str,
    },

    // Texts.
    /// To whoever takes care of an alarm.
    AlarmIsYours {
        /// The hotline's name.
        hotline: &'a str,
        /// What is wrong.
        title: &'a str,
        /// More of it; may be empty.
        details: &'a str,
    },
    /// Nobody takes care of an alarm.
    AlarmInVain {
        /// The hotline's name.
        hotline: &'a str,
        /// What is wrong.
        title: &'a str,
        /// In how many minutes it is rung again, and how often yet at most; none, not any more.
        again: Option<(u64, u16)>,
    },
    /// Before a text that is passed on to a responder.
    FromCaller {
        /// When they talked.
        at: &'a str,
        /// Whether his own texts go to somebody else, unless he begins them so.
        by_name: bool,
    },
    /// Before a text that is passed on to a caller.
    FromHotline(&'a str),
    /// After a text that came with pictures.
    PicturesLeftOut,
    /// A text was not passed on.
    NotPassedOn {
        /// The hotline's name.
        hotline: &'a str,
        /// Whether no other one would be, either.
        for_good: bool,
    },
    /// More texts than are passed on within an hour.
    TooManyPassedOn(u32),
    /// A text without words; which number to call.
    TextWithoutWords(&'a Phone),
    /// To a stranger: his text is here, and phones ring for it.
    TextReceived,
    /// To a stranger: somebody takes care of his text.
    TextInHand,
    /// To a stranger: nobody has taken his text; which number to call.
    TextInVain {
        /// Which number.
        number: &'a Phone,
        /// Whether it is because the hotline is closed.
        closed: bool,
    },
    /// To a stranger: nobody is rung for more texts; which number to call.
    TooManyTexts(&'a Phone),
    /// To whoever takes care of a text.
    TextIsYours {
        /// The hotline's name.
        hotline: &'a str,
        /// What was texted.
        text: &'a str,
    },
    /// To those who are told: nobody has taken a text.
    TextMissed {
        /// The hotline's name.
        hotline: &'a str,
        /// Who texted.
        sender: &'a Phone,
        /// What.
        text: &'a str,
    },
    /// To a responder who talks: nobody could be brought in; of the hotline with this name.
    NobodyJoins(&'a str),
    /// A callback that nobody has made in time.
    CallbackOverdue {
        /// The hotline's name.
        hotline: &'a str,
        /// Where.
        number: &'a Phone,
        /// For how long it has been open.
        minutes: u32,
    },
    /// A callback that is made.
    CallbackClosed {
        /// The hotline's name.
        hotline: &'a str,
        /// The callback's number.
        id: u32,
    },
    /// A call that nobody has taken.
    MissedCall {
        /// The hotline's name.
        hotline: &'a str,
        /// The caller; none where withheld.
        caller: Option<&'a Phone>,
        /// When he called, where the clocks are known.
        at: Option<&'a str>,
        /// What became of him.
        what: Missed<'a>,
    },
    /// A caller's message, as a machine has written it down.
    MessageInWriting {
        /// The hotline's name.
        hotline: &'a str,
        /// The caller; none where withheld.
        caller: Option<&'a Phone>,
        /// The words.
        text: &'a str,
    },
    /// To somebody whose phone is about to ring.
    RingsYou {
        /// The hotline's name.
        hotline: &'a str,
        /// The caller; none where withheld.
        caller: Option<&'a Phone>,
    },
    /// The same, for an alarm.
    RingsYouForAlarm {
        /// The hotline's name.
        hotline: &'a str,
        /// What is wrong.
        title: &'a str,
    },
    /// He is away, and how that ends.
    TextAway {
        /// Until when.
        until: &'a str,
        /// Whether he has not said until when.
        until_back: bool,
    },
    /// Now all who are on call are away, and what calls do.
    TextAllAway {
        /// Whether there is a last resort, who is not away.
        last_resort: bool,
    },
    /// So long is nobody away by a text.
    TextTooLong,
    /// It is not clear for how long he is away.
    TextUnclear,
    /// He is rung again.
    TextBack,
    /// He is on call.
    TextOnCall {
        /// The index of his level.
        place: usize,
        /// Until when.
        until: &'a str,
    },
    /// He is not on call.
    TextNotOnCall,
    /// He is away; until then, where that is said.
    TextIsAway(Option<&'a str>),
    /// By which cell of the sheet he is away, and what to do where that is wrong.
    TextBySheet(&'a str),
    /// The cell of the sheet that still says that he is away.
    TextBackDespite(&'a str),
    /// He is not away.
    TextIsThere,
    /// Who is on call.
    TextWho {
        /// In their order.
        people: &'a str,
        /// Until when.
        until: &'a str,
    },
    /// Who is away beside those.
    TextWhoAway(&'a str),
    /// After a name: that this person is away; until then, where that is said.
    AwayUntil(Option<&'a str>),
    /// What can be texted to the hotline with this name.
    TextHelp(&'a str),
    /// One open callback in a list.
    TextCallback {
        /// Its number.
        id: u32,
        /// Where, masked.
        number: &'a Phone,
        /// For how long it has been open.
        minutes: i64,
        /// Who is calling back just now.
        calling: Option<&'a str>,
    },
    /// The open callbacks, and what can be done with them.
    TextCallbacks {
        /// One after the other.
        list: &'a str,
        /// How many more there are.
        more: usize,
        /// The number of one of them.
        example: u32,
    },
    /// There is none.
    TextNoCallbacks,
    /// There is none with this number.
    TextNoSuchCallback(u32),
    /// He is rung for this callback, and what happens then.
    TextRingingBack(u32),
    /// He is not, for this reason.
    TextNotRung {
        /// The callback's number.
        id: u32,
        /// Why.
        why: &'a Hindrance,
    },
    /// It is closed by his word.
    TextCallbackDone(u32),
    /// It is open again.
    TextCallbackOpen(u32),
    /// It cannot be opened again.
    TextNotOpened(u32),
    /// To a stranger: which number to call.
    TextNotRead(&'a Phone),
    /// No further text is answered for a while.
    TextLastAnswer,
}

impl Language {
    /// The words for it.
    #[must_use]
    pub fn say(self, phrase: Phrase<'_>) -> String {
        match self {
            Self::English => english::say(phrase),
            Self::French => french::say(phrase),
            Self::German => german::say(phrase),
            Self::Spanish => spanish::say(phrase),
        }
    }

    /// The sentences one after another.
    #[must_use]
    pub fn say_all(self, phrases: &[Phrase<'_>]) -> String {
        let said: Vec<String> = phrases.iter().map(|phrase| self.say(*phrase)).collect();
        said.join(" ")
    }

    /// As speech synthesisers know it (BCP 47).
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en-GB",
            Self::French => "fr-FR",
            Self::German => "de-DE",
            Self::Spanish => "es-ES",
        }
    }
}

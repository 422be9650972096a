//! Faults planted into our own work, at the seams between the call and the world.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Planted {
    /// An answer counts as acceptance: voicemail gets the caller.
    AnswerAccepts,
    /// Every key accepts, also 2.
    EveryKeyAccepts,
    /// Who accepts second is let in too.
    SecondAcceptorJoins,
    /// Phones go on ringing after somebody has accepted.
    NothingIsCancelled,
    /// An order whose outcome is unknown is given again.
    BlindRetry,
    /// Deadlines never come.
    NoDeadlines,
    /// Nobody looks whether a responder is on another call.
    EngagedIgnored,
    /// The caller is not fetched out of the room to leave a message.
    CallerNeverRedirected,
    /// A refused order is not noticed.
    RefusalsSwallowed,
    /// A caller who hangs up is not noticed.
    HangUpsSwallowed,
    /// Texts go out twice.
    TellsTwice,
    /// The caller's own number is rung.
    CallerIsRung,
    /// The document for waiting asks for a key, which the carrier refuses.
    WaitingAsksForKeys,
    /// Waiting is silent.
    SilentWaiting,
    /// The last level is rung first.
    OrderReversed,
    /// The end of a leg is not passed on to the search.
    EndsSwallowed,
    /// Names are put into documents as they are.
    NothingIsEscaped,
    /// Every stay in the room seems three seconds longer: who is cut off at once seems to have talked.
    StaysSeemLonger,
    /// Every stay in the room seems to have just begun: who has talked seems to be cut off.
    StaysSeemShort,
    /// A responder who is alone in the room is not heard.
    LoneRespondersUnheard,
    /// Nobody looks whether a responder is away.
    PresenceIgnored,
    /// Whoever has two phones is texted on both.
    BothPhonesTexted,
    /// Whatever is texted goes to somebody else as well.
    StrangersAreTexted,
    /// Whoever is on call is rung on a number that stood in no sheet.
    StrangersAreRung,
    /// People are rung though the hotline is closed, or the caller has called too often.
    ClosedIsRung,
    /// Nobody is turned away.
    EverybodyIsLetIn,
    /// The emergency words are not said.
    EmergencyForgotten,
    /// Every key at the menu leads to the first hotline.
    EveryKeyIsTheFirst,
    /// That an alarm is over is not noticed.
    AlarmsNeverOver,
    /// Nobody is told that nobody takes care of an alarm.
    AlarmsInVainUntold,
    /// Who is second to acknowledge an alarm hears that it is his too.
    TwoTakeCare,
    /// Nobody hears that a caller does not want to be recorded.
    RecordingRefusalsUnheard,
    /// Callers are not told that they may be recorded.
    NothingIsAnnounced,
    /// What is recorded does not end with the talk.
    RecordingGoesOn,
    /// A text that the carrier brings twice counts twice.
    RepeatedTextsCount,
    /// Who reads a text that is passed on sees whose number it is.
    NumbersAreShown,
    /// Texts are passed on however many there were.
    TextsGoRound,
    /// A stranger is not told that nobody has taken his text, and nobody else is.
    SendersForgotten,
    /// A callback is forgotten when the caller hangs up at once.
    CallbacksForgotten,
    /// People are told twice of each callback.
    CallbacksToldTwice,
    /// Nobody is reminded of a callback that was opened again.
    ReopenedForgotten,
    /// Nobody looks whether a callback is being made.
    TwoCallBack,
    /// Whoever calls back is shown the caller's number.
    CallerIsShown,
    /// A callback is closed by every attempt to make it.
    ClosedAnyhow,
    /// A responder who picks up has taken it.
    RungForNobody,
    /// A responder who waits for a caller is not told that he does not come.
    WaitsUntold,
    /// Whoever steps aside has the next one brought in, whatever he presses.
    EveryKeyBringsIn,
    /// Whoever is silent when he steps aside is not put back to the caller.
    SilenceEndsTheTalk,
    /// Whoever has waited least is served first.
    LastComesFirst,
    /// Whoever is meant for somebody ahead is rung for whoever comes first.
    NobodyIsPromised,
    /// Callers are told how many there are, not how many are before them.
    AllAreAhead,
    /// A room goes on when somebody leaves it.
    RoomsOutliveWhoLeaves,
    /// Whoever is on call is put through to anybody with whom somebody has talked.
    AnybodyIsPutThrough,
    /// A talk long ago is as good as one a moment ago.
    TimeIsForgotten,
    /// Nobody looks whether a caller is being rung for somebody else.
    CallersAreRungTwice,
    /// Who presses 1 is put to whoever is on call.
    OthersAreRung,
}

impl Planted {
    /// Seen only on nights on which people text.
    pub(super) const IN_TEXTS: [Self; 4] = [
        Self::RepeatedTextsCount,
        Self::NumbersAreShown,
        Self::TextsGoRound,
        Self::SendersForgotten,
    ];

    /// Of what comes before anybody is rung: seen only on nights at a door.
    pub(super) const AT_THE_DOOR: [Self; 4] = [
        Self::ClosedIsRung,
        Self::EverybodyIsLetIn,
        Self::EmergencyForgotten,
        Self::EveryKeyIsTheFirst,
    ];

    /// Of callbacks: seen only on nights of callers who ask for one.
    pub(super) const OF_CALLBACKS: [Self; 3] = [Self::CallbacksForgotten, Self::CallbacksToldTwice, Self::ReopenedForgotten];

    /// Of callbacks that are made: seen only on nights on which people make them.
    pub(super) const OF_RINGBACK: [Self; 5] = [
        Self::TwoCallBack,
        Self::CallerIsShown,
        Self::ClosedAnyhow,
        Self::RungForNobody,
        Self::WaitsUntold,
    ];

    /// Of responders who dial: seen only on nights on which they do.
    pub(super) const OF_REDIALS: [Self; 4] = [
        Self::AnybodyIsPutThrough,
        Self::TimeIsForgotten,
        Self::CallersAreRungTwice,
        Self::OthersAreRung,
    ];

    /// Of recordings: seen only on nights that are recorded.
    pub(super) const OF_RECORDINGS: [Self; 3] = [Self::RecordingRefusalsUnheard, Self::NothingIsAnnounced, Self::RecordingGoesOn];

    /// Of the line: seen only on nights of many callers.
    pub(super) const IN_A_RUSH: [Self; 3] = [Self::LastComesFirst, Self::NobodyIsPromised, Self::AllAreAhead];

    /// Of talks with a key: seen only on nights on which there is one.
    pub(super) const WITH_THE_KEY: [Self; 3] = [Self::EveryKeyBringsIn, Self::SilenceEndsTheTalk, Self::RoomsOutliveWhoLeaves];

    pub(super) const ALL: [Self; 27] = [
        Self::AnswerAccepts,
        Self::EveryKeyAccepts,
        Self::SecondAcceptorJoins,
        Self::NothingIsCancelled,
        Self::BlindRetry,
        Self::NoDeadlines,
        Self::EngagedIgnored,
        Self::CallerNeverRedirected,
        Self::RefusalsSwallowed,
        Self::HangUpsSwallowed,
        Self::TellsTwice,
        Self::CallerIsRung,
        Self::WaitingAsksForKeys,
        Self::SilentWaiting,
        Self::OrderReversed,
        Self::EndsSwallowed,
        Self::NothingIsEscaped,
        Self::StaysSeemLonger,
        Self::StaysSeemShort,
        Self::LoneRespondersUnheard,
        Self::PresenceIgnored,
        Self::BothPhonesTexted,
        Self::StrangersAreTexted,
        Self::StrangersAreRung,
        Self::AlarmsNeverOver,
        Self::AlarmsInVainUntold,
        Self::TwoTakeCare,
    ];
}

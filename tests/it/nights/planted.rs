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
    /// Whoever steps aside has the next one brought in, whatever he presses.
    EveryKeyBringsIn,
    /// Whoever is silent when he steps aside is not put back to the caller.
    SilenceEndsTheTalk,
    /// A room goes on when somebody leaves it.
    RoomsOutliveWhoLeaves,
}

impl Planted {
    /// Of what comes before anybody is rung: seen only on nights at a door.
    pub(super) const AT_THE_DOOR: [Self; 4] = [
        Self::ClosedIsRung,
        Self::EverybodyIsLetIn,
        Self::EmergencyForgotten,
        Self::EveryKeyIsTheFirst,
    ];

    /// Of talks with a key: seen only on nights on which there is one.
    pub(super) const WITH_THE_KEY: [Self; 3] = [Self::EveryKeyBringsIn, Self::SilenceEndsTheTalk, Self::RoomsOutliveWhoLeaves];

    pub(super) const ALL: [Self; 24] = [
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
        Self::AlarmsNeverOver,
        Self::AlarmsInVainUntold,
        Self::TwoTakeCare,
    ];
}

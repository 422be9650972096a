//! How long everything may take before it counts as lost. Every state of a call has such a limit.

use chrono::TimeDelta;

/// How long to wait before looking again when everybody is just being let go by this very call.
pub(super) const PAUSE: TimeDelta = TimeDelta::seconds(5);
/// How long to wait before looking again when everybody is on another call. Whoever is free is offered at once, so this is
/// only for what nobody tells: that somebody is back whom the sheet called away.
pub(super) const LINE_PAUSE: TimeDelta = TimeDelta::seconds(15);
/// How long an alarm that nobody acknowledges is left alone before the plan is rung again.
pub(super) const REST: TimeDelta = TimeDelta::minutes(10);
/// How long an order to dial may wait for its turn at the carrier.
pub(super) const ORDER_PATIENCE: TimeDelta = TimeDelta::seconds(60);
/// How long the carrier may need until the phone rings.
pub(super) const PLACE_PATIENCE: TimeDelta = TimeDelta::seconds(15);
/// How much longer than ordered a phone may ring before we stop it ourselves.
pub(super) const RING_SLACK: TimeDelta = TimeDelta::seconds(2);
/// How much longer than the time to accept the last words may take.
pub(super) const ACCEPT_SLACK: TimeDelta = TimeDelta::seconds(8);
/// How long the way into the room may take.
pub(super) const JOIN_PATIENCE: TimeDelta = TimeDelta::seconds(20);
/// How long a responder may step aside: the question, the time for a key, and the way back.
pub(super) const ASIDE_PATIENCE: TimeDelta = TimeDelta::seconds(40);
/// Whoever comes back is there so long before that time is up.
pub(super) const BACK_BEFORE: TimeDelta = TimeDelta::seconds(10);
/// A request of whoever was alone in the room may be told so much later than that the other has come in.
pub(super) const CROSSING: TimeDelta = TimeDelta::seconds(5);
/// Whoever is alone in the room after the way into it has taken too long has been heard of within this time.
pub(super) const LONE_PATIENCE: TimeDelta = TimeDelta::seconds(30);
/// How long it may take until it is told that a line that is looked after is over.
pub(super) const LOOK_PATIENCE: TimeDelta = TimeDelta::seconds(15);
/// How long an order to dial that is being withdrawn may still turn out to have been taken.
pub(super) const WITHDRAW_PATIENCE: TimeDelta = TimeDelta::seconds(15);
/// How long the caller has to answer whether the search should go on.
pub(super) const ASK_PATIENCE: TimeDelta = TimeDelta::seconds(45);
/// How long the words of the menu and the typing may take, before the message that silence leads to.
pub(super) const MENU_PATIENCE: TimeDelta = TimeDelta::seconds(150);
/// How long the words round a message may take.
pub(super) const MESSAGE_SLACK: TimeDelta = TimeDelta::seconds(90);
/// How long the last words may take.
pub(super) const FAREWELL_PATIENCE: TimeDelta = TimeDelta::seconds(60);
/// How long the notice of a recording may come after the end of the call that made it.
pub(super) const RECORDING_PATIENCE: TimeDelta = TimeDelta::seconds(15);
/// How long a redirection may need before it is ordered again.
pub(super) const REDIRECT_PATIENCE: TimeDelta = TimeDelta::seconds(15);
/// How much longer than allowed a conversation may last before we end it ourselves.
pub(super) const TALK_SLACK: TimeDelta = TimeDelta::seconds(60);
/// How long a connection may need that should end by itself.
pub(super) const GRACE: TimeDelta = TimeDelta::seconds(30);

/// How long it may take until the first words are heard in the room.
pub(super) const GREETING_PATIENCE: TimeDelta = TimeDelta::seconds(15);

/// How long words of the operator may take to say, slowly; a line that is an address is played, nobody knows for how long.
pub(super) fn spoken(words: &str) -> TimeDelta {
    const CHARACTERS_PER_SECOND: usize = 8;
    const PLAYED: usize = 120;
    let seconds = |line: &str| {
        if line.trim().starts_with("https://") {
            PLAYED
        } else {
            line.chars().count().div_ceil(CHARACTERS_PER_SECOND)
        }
    };
    let seconds: usize = words.lines().map(seconds).sum();
    TimeDelta::seconds(i64::try_from(seconds).unwrap_or(i64::MAX / 1_000))
}

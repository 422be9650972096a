//! How unkind the network is: with what probability webhooks come late, twice or never, and REST requests are
//! throttled or lost. Only says how much; where it strikes is in the rooms that send and answer.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

/// Probabilities between 0 and 1, and how bad it gets.
#[derive(Clone, Debug, PartialEq)]
pub struct Mischief {
    /// A status callback comes late, by up to `latest_ms`; so that others overtake it.
    pub late: f64,
    /// How late, at most, in milliseconds.
    pub latest_ms: u32,
    /// A status callback comes twice, the second time late.
    pub repeat: f64,
    /// A status callback never comes.
    pub lose: f64,
    /// The first connection for a TwiML document fails, so that the request comes up to 5 s later.
    pub reconnect: f64,
    /// The answer with a TwiML document is lost on the way, so that the request comes again up to 5 s later.
    pub ask_again: f64,
    /// The answer to somebody whom the service has rung, or who waits in a conference, is lost for good: the one hears that
    /// something is out of order, the other silence from then on.
    pub unheard: f64,
    /// A request carries a parameter that nobody has heard of.
    pub novel: f64,
    /// A REST request is refused with 429 and not processed.
    pub throttle: f64,
    /// A REST request gets no answer and is not processed.
    pub lost_before: f64,
    /// A REST request is processed, and the answer is lost.
    pub lost_after: f64,
    /// A REST request is processed, and the answer is a 500.
    pub broken_after: f64,
    /// A new call is in the list of calls only after up to this time, in milliseconds ("eventually consistent").
    pub list_lag_ms: u32,
    /// A call that was taken stays queued, by up to 8 s.
    pub queue: f64,
    /// Machine detection takes a human for a machine, or a machine for a human.
    pub misdetect: f64,
}

impl Mischief {
    /// A kind network.
    #[must_use]
    pub const fn none() -> Self {
        Self {
            late: 0.0,
            latest_ms: 10_000,
            repeat: 0.0,
            lose: 0.0,
            reconnect: 0.0,
            ask_again: 0.0,
            unheard: 0.0,
            novel: 0.0,
            throttle: 0.0,
            lost_before: 0.0,
            lost_after: 0.0,
            broken_after: 0.0,
            list_lag_ms: 0,
            queue: 0.0,
            misdetect: 0.0,
        }
    }

    /// A bad night: everything that Twilio may do, much more often than it does.
    #[must_use]
    pub const fn bad_night() -> Self {
        Self {
            late: 0.3,
            latest_ms: 10_000,
            repeat: 0.15,
            lose: 0.05,
            reconnect: 0.05,
            ask_again: 0.1,
            unheard: 0.0,
            novel: 0.1,
            throttle: 0.05,
            lost_before: 0.03,
            lost_after: 0.03,
            broken_after: 0.03,
            list_lag_ms: 2_000,
            queue: 0.1,
            misdetect: 0.1,
        }
    }
}

/// Whether something with this probability happens now. Draws even where it cannot, so that a changed
/// probability does not shift all later draws.
pub(super) fn strikes(rng: &mut ChaCha8Rng, probability: f64) -> bool {
    rng.random::<f64>() < probability
}

/// A number of milliseconds up to `most`, at least 1.
pub(super) fn some_ms(rng: &mut ChaCha8Rng, most: u32) -> u32 {
    rng.random_range(1..=most.max(1))
}

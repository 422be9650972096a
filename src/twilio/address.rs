//! Where the carrier finds us: the public base of this service, and the places below it.
//!
//! The one spelling of every path, in both directions. It must not know what is said or decided at a place.

use crate::call::{CallId, LegId};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;
use url::Url;

/// The public base address of this service without a trailing slash, such as `https://hotline.example.org`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct BaseUrl(Arc<Base>);

#[derive(Debug, PartialEq, Eq)]
struct Base {
    text: String,
    /// Its path, as requests have it.
    prefix: String,
}

/// Why a text is no public base address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadBaseUrl {
    /// Not a URL at all.
    #[error("not a URL: {0}")]
    NotAUrl(#[from] url::ParseError),
    /// Not one that the carrier can call.
    #[error("must begin with https:// (or http://) and a host name")]
    NotHttp,
    /// Only the beginning of an address is wanted.
    #[error("must end after the host or a path: no ?, no #, no user name")]
    TooMuch,
    /// The carrier refuses such host names.
    #[error("the host name has an underscore, which the carrier refuses")]
    Underscore,
}

/// A place that the carrier calls, below the base address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// A call to one of our numbers comes in.
    Voice,
    /// The carrier asks here when it got nothing usable from where a call comes in, and after each attempt to put the
    /// caller through that came of it: so many there were. Nothing is asked of the store here.
    Fallback(u8),
    /// Whoever is rung by such an attempt has picked up.
    FallbackWhisper,
    /// He has pressed a key.
    FallbackKey,
    /// The answer number so many (from 1) to the menu that an inbound call has met.
    Menu(u8),
    /// The answer of a responder who has dialled, and may be put through to the caller of this call.
    Through(CallId),
    /// An inbound call's line is over. It is configured at the number; the room's own notices tell the same.
    LineStatus,
    /// A text to one of our numbers comes in.
    Text,
    /// Something about one leg.
    Leg(CallId, LegId, Callback),
    /// Something about a call's room.
    Conference(CallId),
    /// Something about the recording of a talk: the call's order with this number.
    Talk(CallId, u16),
    /// The music that waiting callers hear.
    HoldMusic,
}

/// What the carrier wants, or tells, about one leg.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Callback {
    /// What the leg is to hear now: it was answered, or redirected.
    Script,
    /// A key was pressed.
    Key,
    /// Something was typed at one of the menu's questions.
    Typed,
    /// What is to be heard first in the room.
    Greeting,
    /// What is to be heard while waiting in the room.
    Wait,
    /// The stay in the room is over.
    Room,
    /// Ringing, answered, over.
    Status,
    /// The machine detection that runs meanwhile has a result.
    Machine,
    /// A message is recorded.
    Recording,
    /// A message is written down.
    Transcript,
}

impl Callback {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Script,
        Self::Key,
        Self::Typed,
        Self::Greeting,
        Self::Wait,
        Self::Room,
        Self::Status,
        Self::Machine,
        Self::Recording,
        Self::Transcript,
    ];

    /// Whether it only tells, so that nobody hears the answer.
    #[must_use]
    pub const fn is_notice(self) -> bool {
        match self {
            Self::Status | Self::Machine | Self::Transcript => true,
            Self::Script | Self::Key | Self::Typed | Self::Greeting | Self::Wait | Self::Room | Self::Recording => false,
        }
    }

    /// Whether its document is heard in the room, where keys, recordings and hanging up are not allowed.
    #[must_use]
    pub const fn is_for_waiting(self) -> bool {
        match self {
            Self::Greeting | Self::Wait => true,
            Self::Script | Self::Key | Self::Typed | Self::Room | Self::Status | Self::Machine | Self::Recording | Self::Transcript => {
                false
            }
        }
    }

    const fn segment(self) -> &'static str {
        match self {
            Self::Script => "script",
            Self::Key => "key",
            Self::Typed => "typed",
            Self::Greeting => "greeting",
            Self::Wait => "wait",
            Self::Room => "room",
            Self::Status => "status",
            Self::Machine => "machine",
            Self::Recording => "recording",
            Self::Transcript => "transcript",
        }
    }
}

impl BaseUrl {
    /// Takes `http(s)://host[:port][/path]`; a slash at the end is dropped.
    ///
    /// # Errors
    /// [`BadBaseUrl`] says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, BadBaseUrl> {
        let url = Url::parse(text)?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(BadBaseUrl::NotHttp);
        }
        let host = url.host_str().ok_or(BadBaseUrl::NotHttp)?;
        if host.contains('_') {
            return Err(BadBaseUrl::Underscore);
        }
        if url.query().is_some() || url.fragment().is_some() || !url.username().is_empty() || url.password().is_some() {
            return Err(BadBaseUrl::TooMuch);
        }
        // Kept as typed: the carrier signs what was typed at its side, and that is copied from here or the other way round.
        Ok(Self(Arc::new(Base {
            text: text.trim_end_matches('/').to_owned(),
            prefix: url.path().trim_end_matches('/').to_owned(),
        })))
    }

    /// The absolute address of a place.
    #[must_use]
    pub fn to(&self, place: Place) -> String {
        format!("{self}{place}")
    }

    /// The absolute address of a place, which the carrier calls again, twice at most, where it gets no connection, no
    /// answer in time, or the answer that something on the way to us is out of order. The carrier reads the fragment
    /// itself, neither sends nor signs it, and keeps within its 15 s for everything together.
    #[must_use]
    pub fn to_insistently(&self, place: Place) -> String {
        insistently(&self.to(place))
    }

    /// The base as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0.text
    }

    /// Its path without a trailing slash, as it stands in requests; empty where there is none.
    #[must_use]
    pub fn prefix(&self) -> &str {
        &self.0.prefix
    }
}

/// An address of ours that the carrier calls again, as [`BaseUrl::to_insistently`] says.
pub(super) fn insistently(address: &str) -> String {
    format!("{address}#rc=2&rp=ct,rt,5xx")
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl TryFrom<String> for BaseUrl {
    type Error = BadBaseUrl;
    fn try_from(text: String) -> Result<Self, BadBaseUrl> {
        Self::parse(&text)
    }
}

impl From<BaseUrl> for String {
    fn from(base: BaseUrl) -> Self {
        base.as_str().to_owned()
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Voice => f.write_str("/twilio/voice"),
            Self::Fallback(0) => f.write_str("/twilio/voice/fallback"),
            Self::Fallback(attempts) => write!(f, "/twilio/voice/fallback/{attempts}"),
            Self::FallbackWhisper => f.write_str("/twilio/voice/fallback/whisper"),
            Self::FallbackKey => f.write_str("/twilio/voice/fallback/key"),
            Self::Menu(attempt) => write!(f, "/twilio/menu/{attempt}"),
            Self::Through(call) => write!(f, "/twilio/through/{call}"),
            Self::LineStatus => f.write_str("/twilio/status"),
            Self::Text => f.write_str("/twilio/sms"),
            Self::Leg(call, leg, callback) => write!(f, "/twilio/call/{call}/{leg}/{}", callback.segment()),
            Self::Conference(call) => write!(f, "/twilio/call/{call}/conference"),
            Self::Talk(call, number) => write!(f, "/twilio/call/{call}/talk/{number}"),
            Self::HoldMusic => f.write_str("/twilio/media/hold.wav"),
        }
    }
}

/// The path names no place of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no such place")]
pub struct NoSuchPlace;

impl FromStr for Place {
    type Err = NoSuchPlace;

    /// Reads a path below the base, without a query.
    fn from_str(path: &str) -> Result<Self, NoSuchPlace> {
        let below = path.strip_prefix("/twilio/").ok_or(NoSuchPlace)?;
        let call = |text: &str| text.parse().map(CallId).map_err(|_| NoSuchPlace);
        match below.split('/').collect::<Vec<_>>().as_slice() {
            ["voice"] => Ok(Self::Voice),
            ["voice", "fallback"] => Ok(Self::Fallback(0)),
            ["voice", "fallback", "whisper"] => Ok(Self::FallbackWhisper),
            ["voice", "fallback", "key"] => Ok(Self::FallbackKey),
            ["voice", "fallback", attempts] => attempts.parse().map(Self::Fallback).map_err(|_| NoSuchPlace),
            ["menu", attempt] => attempt.parse().map(Self::Menu).map_err(|_| NoSuchPlace),
            ["through", id] => Ok(Self::Through(call(id)?)),
            ["status"] => Ok(Self::LineStatus),
            ["sms"] => Ok(Self::Text),
            ["media", "hold.wav"] => Ok(Self::HoldMusic),
            ["call", id, "conference"] => Ok(Self::Conference(call(id)?)),
            ["call", id, "talk", number] => Ok(Self::Talk(call(id)?, number.parse().map_err(|_| NoSuchPlace)?)),
            ["call", id, leg, last] => {
                let leg = leg.parse().map(LegId).map_err(|_| NoSuchPlace)?;
                let callback = Callback::ALL.into_iter().find(|callback| callback.segment() == *last);
                Ok(Self::Leg(call(id)?, leg, callback.ok_or(NoSuchPlace)?))
            }
            _ => Err(NoSuchPlace),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn every_place_is_found_again_by_its_path() {
        let call = CallId(Uuid::from_u128(0x0192_6f00_0000_7000_8000_0000_0000_0001));
        let mut places = vec![
            Place::Voice,
            Place::Menu(2),
            Place::Through(call),
            Place::Fallback(0),
            Place::Fallback(3),
            Place::FallbackWhisper,
            Place::FallbackKey,
            Place::LineStatus,
            Place::Text,
            Place::Conference(call),
            Place::Talk(call, 3),
            Place::HoldMusic,
        ];
        places.extend(Callback::ALL.map(|callback| Place::Leg(call, LegId(7), callback)));
        for place in places {
            assert_eq!(place.to_string().parse(), Ok(place));
        }
        let base = BaseUrl::parse("https://hotline.example.org/on-call/").unwrap();
        assert_eq!(
            base.to(Place::Leg(call, LegId(7), Callback::Key)),
            "https://hotline.example.org/on-call/twilio/call/01926f00-0000-7000-8000-000000000001/7/key"
        );
    }

    /// `rc`: how many retries, 0 to 5; `rp`: after what, a list of `4xx 5xx ct rt all` (Twilio's connection overrides).
    #[test]
    fn an_insistent_address_is_the_same_place() {
        let base = BaseUrl::parse("https://hotline.example.org").unwrap();
        let address = Url::parse(&base.to_insistently(Place::Voice)).unwrap();
        assert_eq!(address.fragment(), Some("rc=2&rp=ct,rt,5xx"));
        assert_eq!((address.path().parse(), address.query()), (Ok(Place::Voice), None));
    }

    #[test]
    fn other_paths_are_no_places() {
        for path in [
            "",
            "/twilio",
            "/twilio/call/1/2/key",
            "/twilio/voice/",
            "/twilio/call//0/key",
            "/voice",
        ] {
            assert_eq!(path.parse::<Place>(), Err(NoSuchPlace), "{path}");
        }
    }

    #[test]
    fn a_base_address_is_checked() {
        for good in [
            "https://a.example",
            "http://127.0.0.1:8080/",
            "https://a.example:8443/x",
            "https://[::1]",
        ] {
            assert_eq!(BaseUrl::parse(good).unwrap().as_str(), good.trim_end_matches('/'));
        }
        assert_eq!(BaseUrl::parse("ftp://a.example"), Err(BadBaseUrl::NotHttp));
        assert_eq!(BaseUrl::parse("https://a.example/?x=1"), Err(BadBaseUrl::TooMuch));
        assert_eq!(BaseUrl::parse("https://u@a.example/"), Err(BadBaseUrl::TooMuch));
        assert_eq!(BaseUrl::parse("https://my_host.example"), Err(BadBaseUrl::Underscore));
        assert!(matches!(BaseUrl::parse("a.example"), Err(BadBaseUrl::NotAUrl(_))));
    }
}

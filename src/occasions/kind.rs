//! What the operator is told about: kinds of trouble, each throttled by itself, and the carrier's codes that show it.

use serde::{Deserialize, Serialize};

/// One kind of trouble.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A call met nobody on call.
    NobodyOnCall,
    /// Everybody was rung in vain.
    NobodyAnswered,
    /// A callback that was promised has not been made in time.
    CallbackOverdue,
    /// The carrier does not believe that we are we.
    SignIn,
    /// The carrier serves the account no more.
    Inactive,
    /// The account may not reach a country.
    Country,
    /// The hotline's number is not the account's.
    OwnNumber,
    /// A trial account reaches verified numbers only.
    Trial,
    /// The carrier cannot use our public address.
    Address,
    /// A text could not be sent, for a reason of its own.
    NotTexted,
    /// A conversation that was to be recorded is not, for a reason of its own.
    NotRecorded,
    /// Most of what may be spent within an hour is.
    SpendingMuch,
    /// All of it is.
    Spent,
    /// Twice as much is.
    NothingLeft,
}

impl Kind {
    /// What a refusal of the carrier says of the account, whoever was to be rung or texted; none where it is about this
    /// order alone. The codes are those of Twilio's error dictionary.
    #[must_use]
    pub const fn of_account(code: u32) -> Option<Self> {
        match code {
            20_003 => Some(Self::SignIn),
            10_001 | 20_005 | 30_002 => Some(Self::Inactive),
            13_227 | 21_215 | 21_408 => Some(Self::Country),
            21_210 | 21_212 | 21_213 | 21_603 | 21_606 => Some(Self::OwnNumber),
            21_219 | 21_608 => Some(Self::Trial),
            21_205 => Some(Self::Address),
            _ => None,
        }
    }

    /// As documents have it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NobodyOnCall => "nobody on call",
            Self::NobodyAnswered => "nobody answered",
            Self::CallbackOverdue => "callback overdue",
            Self::SignIn => "sign-in",
            Self::Inactive => "account inactive",
            Self::Country => "country",
            Self::OwnNumber => "own number",
            Self::Trial => "trial",
            Self::Address => "address",
            Self::NotTexted => "text",
            Self::NotRecorded => "recording",
            Self::SpendingMuch => "spending much",
            Self::Spent => "spent",
            Self::NothingLeft => "nothing left",
        }
    }

    /// In one line.
    pub(super) const fn headline(self) -> &'static str {
        match self {
            Self::NobodyOnCall => "A call met nobody on call.",
            Self::NobodyAnswered => "Nobody on call accepted a call.",
            Self::CallbackOverdue => "A caller who was promised a call has not been called back.",
            Self::SignIn => "Twilio refuses our sign-in.",
            Self::Inactive => "Twilio says that the account is not active.",
            Self::Country => "Twilio does not let the account reach a country.",
            Self::OwnNumber => "Twilio does not let us ring or text from the hotline's number.",
            Self::Trial => "Twilio's trial account does not reach a number.",
            Self::Address => "Twilio cannot use our public address.",
            Self::NotTexted => "A text could not be sent.",
            Self::NotRecorded => "A conversation is not recorded.",
            Self::SpendingMuch => "The calls and texts of an hour are nearly used up.",
            Self::Spent => "The calls and texts of an hour are used up: only the last resort is rung.",
            Self::NothingLeft => "Nobody is rung: there were twice as many calls and texts as an hour may have.",
        }
    }

    /// What happens now, and what to do, where that follows from the kind alone.
    pub(super) const fn remedy(self) -> &'static str {
        match self {
            Self::NobodyOnCall => {
                "Enter somebody in the rota, and name a last resort for such hours. `rotaline who` says who is on call, `rotaline check` where the gaps are."
            }
            Self::NobodyAnswered => {
                "Look whether the caller still needs somebody: the page has the call's story, and a message if one was left."
            }
            Self::CallbackOverdue => {
                "Whoever is on call is reminded by text, this once. Call now: the page's list has a button for it, or text CALL to the hotline; DONE closes what is done."
            }
            Self::SignIn => {
                "Until that is mended nobody is rung and no text is sent; callers are asked for a message. Compare twilio.account_sid and the auth token with Twilio's console, and see there whether the account is closed or belongs to another region (twilio.api_base)."
            }
            Self::Inactive => {
                "Until that is mended nobody is rung and no text is sent. Sign in to Twilio's console: it says whether a payment failed or the account is suspended."
            }
            Self::Country => {
                "Nobody with such a number is rung or texted, until you tick the country in Twilio's console: Voice, Settings, Geo permissions for calls; Messaging, Settings, Geo permissions for texts."
            }
            Self::OwnNumber => {
                "It cannot be shown to those who are rung, or not be texted from. See in Twilio's console, Phone Numbers, whether the first of the hotline's numbers belongs to this account and can call and text; correct `numbers` and restart rotaline."
            }
            Self::Trial => "Upgrade the account in Twilio's console, or verify the number there under Phone Numbers, Verified Caller IDs.",
            Self::Address => {
                "Nobody is rung until it can: set server.public_url to the https address at which Twilio reaches this service, and restart rotaline."
            }
            Self::NotTexted => "It is not sent again.",
            Self::SpendingMuch => {
                "Everybody is rung as ever. Look at the page who calls so often, or who is rung: a caller gone wild stops at an entry in `blocked`, a real rush at a larger orders_per_hour."
            }
            Self::Spent => {
                "People on call are not rung until there are fewer; callers reach the last resort, and may ask to be called back or leave a message. Put whoever calls so often into `blocked`, or allow more by orders_per_hour, and restart rotaline."
            }
            Self::NothingLeft => {
                "Callers may ask to be called back or leave a message, and nobody is told of it: look at the page. Put whoever calls so often into `blocked`, or allow more by orders_per_hour, and restart rotaline."
            }
            Self::NotRecorded => {
                "The conversation goes on without. Look in Twilio's console, Monitor, Logs, what it says of the call; the next conversation is to be recorded again."
            }
        }
    }
}

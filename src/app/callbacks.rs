//! Callbacks that somebody wants to make from the page: the switchboard rings, and what it says is put into words.

use crate::call::{Hindrance, HotlineName};
use crate::store::StoreError;
use crate::switchboard::{RungBack, Switchboard, SwitchboardError};
use crate::web::{CallbackLine, Ringing};

/// The switchboard, as the page rings people by it.
pub(super) struct Ringer(pub(super) Switchboard);

#[async_trait::async_trait]
impl CallbackLine for Ringer {
    async fn call_back(&self, hotline: &HotlineName, id: u32, who: Option<String>) -> Result<Ringing, StoreError> {
        match self.0.call_back(hotline, id, who).await {
            Ok(RungBack::Begun(call)) => Ok(Ringing::Begun(call)),
            Ok(RungBack::NotOpen) => Ok(Ringing::NotOpen),
            Ok(RungBack::Nobody) => Ok(Ringing::Not(
                "Nobody is rung: there is nobody of that name in the first level now. Load the page anew.".to_owned(),
            )),
            Ok(RungBack::Hindered { name, why }) => Ok(Ringing::Not(hindered(&name, &why))),
            Err(SwitchboardError::Store(error)) => Err(error),
            Err(error @ (SwitchboardError::UnknownHotline(_) | SwitchboardError::UnknownCall(_) | SwitchboardError::Bygone(_))) => {
                Err(StoreError::Unavailable(error.to_string()))
            }
        }
    }
}

fn hindered(name: &str, why: &Hindrance) -> String {
    match why {
        Hindrance::Calling(other) => format!("Nobody is rung: {other} is making this callback just now."),
        Hindrance::OwnNumber => format!("Nobody is rung: the callback asks for the number of {name}. Somebody else has to make it."),
        Hindrance::NotAllowed => {
            "Nobody is rung: the hotline may not call this number. Allow its country by callback_countries, or call it yourself and press Done."
                .to_owned()
        }
        Hindrance::Engaged => format!("Nobody is rung: {name} is on another call of the hotline. Try again afterwards."),
        Hindrance::CallerEngaged => "Nobody is rung: the caller is on another call with the hotline. Try again in a while.".to_owned(),
    }
}

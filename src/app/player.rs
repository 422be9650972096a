//! Plays recordings to whoever has signed in: the carrier's sound, as the page wants it.

use crate::call::RecordingId;
use crate::switchboard::CarrierError;
use crate::twilio::rest::Client;
use crate::web::{NotPlayed, Player, Sound};
use futures_util::StreamExt as _;
use std::io;

/// The recordings of the account.
pub(super) struct Recordings(pub(super) Client);

#[async_trait::async_trait]
impl Player for Recordings {
    async fn play(&self, recording: &str, range: Option<&str>) -> Result<Sound, NotPlayed> {
        let sound = self
            .0
            .sound(&RecordingId::from(recording), range)
            .await
            .map_err(|error| match error {
                CarrierError::Gone => NotPlayed::Gone,
                CarrierError::Refused(why) if why.code == Some(crate::twilio::rest::NO_SUCH_PART) => NotPlayed::NoSuchPart,
                CarrierError::Refused(_) | CarrierError::Throttled { .. } | CarrierError::Unreachable(_) | CarrierError::Unsure(_) => {
                    NotPlayed::Unavailable(error.to_string())
                }
            })?;
        Ok(Sound {
            kind: sound.kind,
            length: sound.length,
            part: sound.part,
            bytes: sound.bytes.map(|piece| piece.map_err(io::Error::other)).boxed(),
        })
    }
}

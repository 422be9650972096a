//! What a call has ordered, in short.

use super::*;

impl Desk {
    pub(super) fn dialled(&self) -> Vec<(u16, &str)> {
        let dials = self.last.commands.iter().filter_map(|command| match command {
            Command::Dial { leg, to, .. } => Some((leg.0, to.address())),
            Command::Withdraw { .. }
            | Command::Cancel { .. }
            | Command::HangUp { .. }
            | Command::Redirect { .. }
            | Command::Find { .. }
            | Command::LookAfter { .. }
            | Command::Record { .. }
            | Command::StopRecording { .. }
            | Command::FindRecording { .. }
            | Command::Text { .. } => None,
        });
        dials.collect()
    }

    /// The commands in short: verb and leg.
    pub(super) fn asks(&self) -> Vec<String> {
        let short = |command: &Command| match command {
            Command::Dial { leg, .. } => format!("dial {leg}"),
            Command::Withdraw { leg } => format!("withdraw {leg}"),
            Command::Cancel { leg, .. } => format!("cancel {leg}"),
            Command::HangUp { leg, .. } => format!("hang up {leg}"),
            Command::Redirect { leg, .. } => format!("redirect {leg}"),
            Command::Find { leg, .. } => format!("find {leg}"),
            Command::LookAfter { leg, .. } => format!("look after {leg}"),
            Command::Record { number, .. } => format!("record {number}"),
            Command::StopRecording { number, recording, .. } => {
                let which = recording.as_ref().map_or("current", |recording| recording.0.as_str());
                format!("stop recording {number} {which}")
            }
            Command::FindRecording { number, .. } => format!("find recording {number}"),
            Command::Text { to, .. } => format!("text {}", to.address()),
        };
        self.last.commands.iter().map(short).collect()
    }
}

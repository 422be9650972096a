//! Faults in our own work on talks with a key.

use super::{CallId, Desk, Event, Planted, Script};

/// A document with the fault in it.
pub(super) fn spoilt(planted: Planted, document: &str) -> String {
    if planted == Planted::RoomsOutliveWhoLeaves {
        return document.replace("endConferenceOnExit=\"true\"", "endConferenceOnExit=\"false\"");
    }
    let aside = document
        .split_once("<Dial")
        .filter(|(before, _)| before.contains("To go back to the caller, press 1."));
    match aside {
        Some((before, _)) if planted == Planted::SilenceEndsTheTalk => format!("{before}</Response>"),
        Some(_) | None => document.to_owned(),
    }
}

impl Desk {
    pub(super) fn misread_aside(&self, call: CallId, event: &mut Event) {
        if let (Event::Key { leg, key }, Some(Planted::EveryKeyBringsIn)) = (event, self.planted)
            && matches!(self.calls[&call].script(*leg), Script::Aside { .. })
        {
            *key = '2';
        }
    }
}

//! Faults in who is reached.

use super::{Desk, Planted};
use rotaline::call::{Command, Reaction};
use rotaline::roster::{Phone, Responder};

impl Desk {
    /// Whoever has two phones is texted on both.
    pub(super) fn texted_on_both(&self, reaction: &mut Reaction) {
        if self.planted != Some(Planted::BothPhonesTexted) {
            return;
        }
        let people: Vec<Responder> = self.scenario.people.iter().map(super::super::scenario::Person::responder).collect();
        let twice = |command: &Command| {
            let Command::Text {
                number,
                sender: None,
                to,
                body,
            } = command
            else {
                return None;
            };
            let who = people.iter().find(|who| who.has(to))?;
            let other = who.phones().find(|phone| *phone != to && phone.can_be_texted())?;
            Some(Command::Text {
                sender: None,
                number: number + 1_000,
                to: other.clone(),
                body: body.clone(),
            })
        };
        let more: Vec<Command> = reaction.commands.iter().filter_map(twice).collect();
        reaction.commands.extend(more);
    }

    /// Strangers are reached, whose number stood in no sheet and who called nobody: rung instead of whoever is on call, or told
    /// whatever anybody is told.
    pub(super) fn strangers_are_reached(&self, reaction: &mut Reaction) {
        let stranger = Phone::from_e164("+61491570799").unwrap();
        if self.planted == Some(Planted::StrangersAreRung) {
            for command in &mut reaction.commands {
                if let Command::Dial { to, .. } = command {
                    to.clone_from(&stranger);
                }
            }
        }
        if self.planted != Some(Planted::StrangersAreTexted) {
            return;
        }
        let copy = |command: &Command| {
            let Command::Text { number, body, .. } = command else {
                return None;
            };
            Some(Command::Text {
                number: number + 2_000,
                sender: None,
                to: stranger.clone(),
                body: body.clone(),
            })
        };
        let more: Vec<Command> = reaction.commands.iter().filter_map(copy).collect();
        reaction.commands.extend(more);
    }
}

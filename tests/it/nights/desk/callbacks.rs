//! Callbacks that were promised, as the store keeps them and the deadlines remind of them.

use super::{CALLER, CallId, Command, Desk, Event, Planted, Reaction};
use chrono::{DateTime, TimeDelta, Utc};
use rotaline::call::{Fact, Outcome};
use rotaline::roster::Phone;

/// A row: where to call, and what became of it.
#[derive(Clone, Debug)]
pub(in super::super) struct Owed {
    pub(in super::super) number: Phone,
    asked_at: DateTime<Utc>,
    /// When people are to be reminded: once for each time for which it is open too long.
    overdue_at: Vec<DateTime<Utc>>,
    reminded: usize,
}

impl Owed {
    /// When people are to be reminded, if they still are.
    pub(super) fn remind_at(&self) -> Option<DateTime<Utc>> {
        self.overdue_at.get(self.reminded).copied()
    }

    /// How often people are to be reminded.
    pub(in super::super) const fn reminders(&self) -> usize {
        self.overdue_at.len()
    }
}

impl Desk {
    /// Keeps what the story promises, with the fault that was planted.
    pub(super) fn promised(&mut self, id: CallId, event: &Event, mut reaction: Reaction) -> Reaction {
        for fact in &reaction.facts {
            let Fact::CallbackAsked { number } = fact else { continue };
            let rules = self.calls[&id].plan().rules.clone();
            let nth = usize::try_from(id.0.as_u128()).unwrap_or_default();
            let after = |ms: &[Option<i64>]| Some(TimeDelta::milliseconds((*ms.get(nth)?)?));
            let done = after(&self.scenario.callbacks_done_ms);
            let reopened = done
                .zip(after(&self.scenario.callbacks_reopened_ms))
                .map(|(done, later)| done + later);
            let patience = TimeDelta::minutes(rules.callback_reminder_minutes.into());
            let too_long = done.is_none_or(|done| done >= patience).then_some(TimeDelta::zero());
            let overdue = too_long.into_iter().chain(reopened);
            self.owed.entry(id).or_insert_with(|| Owed {
                number: number.clone(),
                asked_at: self.now,
                overdue_at: overdue.map(|open| self.now + open + patience).collect(),
                reminded: 0,
            });
        }
        let asked = self.calls[&id].outcome() == Some(Outcome::CallbackAsked);
        let is_text = |command: &Command| matches!(command, Command::Text { .. });
        match self.planted {
            Some(Planted::CallbacksForgotten) if matches!(event, Event::Ended { leg: CALLER, .. }) && asked => {
                let at_once = |owed: &Owed| self.now - owed.asked_at < TimeDelta::seconds(5);
                if self.owed.get(&id).is_some_and(at_once) {
                    self.owed.remove(&id);
                    reaction.commands.retain(|command| !is_text(command));
                }
            }
            Some(Planted::CallbacksToldTwice) if asked => {
                let again: Vec<Command> = reaction.commands.iter().filter(|command| is_text(command)).cloned().collect();
                reaction.commands.extend(again);
            }
            Some(_) | None => {}
        }
        reaction
    }

    /// As the deadlines do: those whose time has come, each once.
    pub(super) fn callbacks_are_overdue(&mut self) {
        let due = |owed: &Owed| owed.remind_at().is_some_and(|at| at <= self.now);
        let due: Vec<CallId> = self.owed.iter().filter(|(_, owed)| due(owed)).map(|(id, _)| *id).collect();
        for id in due {
            let is_forgotten = self.planted == Some(Planted::ReopenedForgotten) && self.owed[&id].reminded > 0;
            if !is_forgotten {
                self.happens(id, &Event::CallbackOverdue);
                // Told twice, as by two processes: the call itself must not repeat it.
                self.happens(id, &Event::CallbackOverdue);
            }
            self.owed.entry(id).and_modify(|owed| owed.reminded += 1);
        }
    }
}

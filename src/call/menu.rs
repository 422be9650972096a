//! What a caller may wish for instead of waiting: to be called back, to leave a message, to wait on.
//!
//! Silence needs no event: the document goes on to the message by itself, so that whoever cannot press keys is heard as
//! well. It must not know how numbers are checked, only whom it may promise a call.

use super::patience::MENU_PATIENCE;
use super::search::MOST_RESUMPTIONS;
use super::words::{InVain, LastWords};
use super::{Call, Fact, Outcome, Phase, Question, Reaction, Script, Wanted, World};
use crate::phrases::{Missed, Phrase};
use crate::roster::Phone;
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

/// How many numbers a caller may type before he is asked for a message.
const MOST_TRIES: u8 = 3;
/// How often each question is asked before silence leads to the message.
const TIMES_ASKED: u8 = 2;

/// Where the caller is in the menu.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Menu {
    why: InVain,
    step: Step,
    /// How many numbers he has typed.
    tries: u8,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Step {
    /// He chooses.
    Choose,
    /// He types a number; `again`, because the one before cannot be called.
    Type { again: bool },
    /// He is asked whether this is right.
    Confirm { number: Phone },
}

impl Menu {
    /// Why there is a menu.
    pub(super) const fn why(&self) -> InVain {
        self.why
    }
}

impl Call {
    /// The search is over for now: the caller is asked what he wishes, or at least for a message, and all legs are let go.
    pub(super) fn offer_menu(&mut self, why: InVain, world: &World<'_>, out: &mut Reaction) {
        if self.is_acknowledged() {
            return self.rung_in_vain(why, world, out);
        }
        // Whoever calls too often is not promised calls.
        let only_a_message = why == InVain::TooManyCalls;
        if only_a_message || self.shown_number().is_none() && !self.may_type() && !self.may_wait_on(why) {
            self.ask_for_message(why, world, out);
        } else {
            out.facts.push(Fact::MenuOffered {
                why: why.told().to_owned(),
            });
            self.opening_heard |= self.has_heard_the_opening(world);
            let step = Step::Choose;
            self.enter(Menu { why, step, tries: 0 }, world);
        }
        self.let_go_of_all(|leg| leg.state != super::LegState::Ended, &LastWords::NotNeeded, world, out);
        self.redirect_caller(world, out);
    }

    fn enter(&mut self, menu: Menu, world: &World<'_>) {
        let until = world.now + self.menu_patience();
        self.phase = Phase::Menu { menu, until };
    }

    /// In silence the message is recorded within this very phase.
    pub(super) fn menu_patience(&self) -> TimeDelta {
        MENU_PATIENCE + self.message_patience()
    }

    /// Something was typed at one of the menu's questions. What fits another question than the present one comes late
    /// or for the second time, and changes nothing: choices are one key, numbers are longer.
    pub(super) fn on_typed(&mut self, digits: &str, world: &World<'_>, out: &mut Reaction) {
        let Phase::Menu { menu, .. } = self.phase.clone() else { return };
        let mut keys = digits.chars();
        let lone = keys.next().filter(|_| keys.next().is_none());
        match (&menu.step, lone) {
            (Step::Choose, Some(key)) => self.chosen(key, menu, world, out),
            (Step::Type { .. }, None) => self.number_typed(digits, menu, world, out),
            (Step::Confirm { number }, Some('1')) => self.note_callback(number.clone(), world, out),
            (Step::Confirm { .. }, Some('2')) => self.type_again(menu, false, world, out),
            (Step::Choose, None) | (Step::Type { .. }, Some(_)) | (Step::Confirm { .. }, Some(_) | None) => {}
        }
        out.leave_caller_where_he_is();
    }

    fn chosen(&mut self, key: char, menu: Menu, world: &World<'_>, out: &mut Reaction) {
        match key {
            '1' => {
                if let Some(number) = self.shown_number().cloned() {
                    self.note_callback(number, world, out);
                }
            }
            '2' if self.may_type() => self.type_again(menu, false, world, out),
            '3' => self.ask_for_message(menu.why, world, out),
            '9' if self.may_wait_on(menu.why) => self.resume_search(world, out),
            // The question is asked again.
            _ => {}
        }
    }

    fn type_again(&mut self, menu: Menu, again: bool, world: &World<'_>, out: &mut Reaction) {
        if menu.tries >= MOST_TRIES {
            return self.ask_for_message(menu.why, world, out);
        }
        let step = Step::Type { again };
        self.enter(Menu { step, ..menu }, world);
    }

    fn number_typed(&mut self, digits: &str, menu: Menu, world: &World<'_>, out: &mut Reaction) {
        let tries = menu.tries.saturating_add(1);
        match self.plan.rules.callbacks.typed(digits) {
            Some(number) => {
                let step = Step::Confirm { number };
                self.enter(Menu { step, tries, ..menu }, world);
            }
            None => self.type_again(Menu { tries, ..menu }, true, world, out),
        }
    }

    /// From now on the callback is owed, whatever becomes of the caller's connection.
    fn note_callback(&mut self, number: Phone, world: &World<'_>, out: &mut Reaction) {
        out.facts.push(Fact::CallbackAsked { number: number.clone() });
        self.callback = Some(number.clone());
        self.outcome = Some(Outcome::CallbackAsked);
        self.say_farewell(LastWords::CallbackNoted(number), world);
    }

    /// Nobody has called back for as long as the hotline allows: people are reminded, and again only where it was opened
    /// again, which allows for as long once more.
    pub(super) fn on_callback_overdue(&mut self, world: &World<'_>, out: &mut Reaction) {
        let patience = TimeDelta::minutes(self.plan.rules.callback_reminder_minutes.into());
        let is_told = self.callback_reminded_at.is_some_and(|at| world.now < at + patience);
        let Some(number) = self.callback.clone().filter(|_| !is_told) else {
            return;
        };
        self.callback_reminded_at = Some(world.now);
        out.facts.push(Fact::CallbackReminded { number: number.clone() });
        let body = self.language().say(Phrase::CallbackOverdue {
            hotline: &self.plan.hotline.0,
            number: &number,
            minutes: self.plan.rules.callback_reminder_minutes,
        });
        let (_, to) = self.told_of(self.plan.rules.tell.is_empty());
        for to in to {
            self.text(to, &body, out);
        }
    }

    /// The number that is shown, where it may be called back.
    fn shown_number(&self) -> Option<&Phone> {
        let shown = self.from.as_ref()?;
        let promises = self.plan.rules.callbacks.allows(shown) && !self.told_of_callbacks().is_empty();
        promises.then_some(shown)
    }

    fn may_type(&self) -> bool {
        self.plan.rules.callbacks.allows_some() && !self.told_of_callbacks().is_empty()
    }

    fn may_wait_on(&self, why: InVain) -> bool {
        why == InVain::LeftTheQueue && self.resumed < MOST_RESUMPTIONS
    }

    pub(super) fn menu_script(&self, menu: &Menu) -> Script {
        let (words, wanted) = match &menu.step {
            Step::Choose => (self.opened(self.choices(menu.why)), Wanted::Choice),
            Step::Type { again: false } => (self.language().say(Phrase::TypeNumber), Wanted::Number),
            Step::Type { again: true } => (
                self.language().say_all(&[Phrase::NumberUnusable, Phrase::TypeNumber]),
                Wanted::Number,
            ),
            Step::Confirm { number } => (self.language().say(Phrase::ConfirmNumber(number)), Wanted::Choice),
        };
        Script::TakeMessage {
            question: Some(Question {
                words,
                wanted,
                times: TIMES_ASKED,
            }),
            words: self.language().say(self.leave_message()),
            max_seconds: self.plan.rules.max_message_seconds,
            transcribed: self.plan.rules.transcribe_messages,
        }
    }

    fn choices(&self, why: InVain) -> String {
        let shown = self.shown_number();
        let phrases = [
            shown.map(Phrase::PressForCallback),
            self.may_type().then_some(Phrase::PressForOtherNumber { first: shown.is_none() }),
            Some(Phrase::PressForMessage),
            self.may_wait_on(why).then_some(Phrase::PressToWait),
        ];
        let phrases: Vec<Phrase<'_>> = phrases.into_iter().flatten().collect();
        self.after_why(why, &self.language().say_all(&phrases))
    }

    /// What people are told of a caller who asked to be called back.
    pub(super) fn asked_for(&self) -> Missed<'_> {
        self.callback.as_ref().map_or(Missed::LeftNothing, Missed::AskedForCallback)
    }
}

//! Who is away, and the switch for it: for everybody on call, the last resort, and whoever is away. A responder has the switch
//! for himself, an admin all of them.

use super::super::board::Board;
use super::super::masking::masked;
use super::super::presence::{Choice, may_switch};
use super::super::visitor::Visitor;
use super::form_word;
use super::hotline::{more, presence};
use crate::roster::{OnCall, Phone, Responder};
use maud::{Markup, html};
use std::collections::BTreeSet;

/// More people are only counted.
const SHOWN: usize = 60;

/// The section; nothing where there is no rota.
pub(super) fn section(place: usize, board: &Board, visitor: &Visitor) -> Markup {
    let people = people(board);
    if people.is_empty() {
        return html! {};
    }
    let away = people.iter().filter(|who| who.said(&board.away).is_some()).count();
    html! {
        details.presence id={ "presence-" (place) } {
            summary { @if away == 0 { "Nobody is away" } @else { (away) " away" } }
            ul {
                @for who in people.iter().take(SHOWN) { li { (switch(board, who, visitor)) } }
                @if people.len() > SHOWN { li.muted { "and " (more(people.len() - SHOWN, "person")) ": they can text " code { "BACK" } } }
            }
            p.muted.small {
                "Whoever is away is passed over, unless nobody else is left. People can text " code { "AWAY 2h" } " and " code { "BACK" }
                " themselves; the column Status of the contacts counts, too."
            }
        }
    }
}

fn switch(board: &Board, who: &Responder, visitor: &Visitor) -> Markup {
    let away = who.said(&board.away);
    html! {
        strong { (masked(&who.name)) } " " span.number { (who.phone) }
        @if let Some(away) = away { " " (presence(board, away)) }
        @if may_switch(visitor, board, who) {
            form method="post" action=(board.words.path(&board.hotline.name, &who.phone)) {
                (form_word(visitor))
                @for choice in Choice::AWAY { (button(choice)) }
                @if away.is_some() { (button(Choice::Back)) }
            }
        }
    }
}

fn button(choice: Choice) -> Markup {
    html! { button.quiet.small name="presence" value=(choice.value()) { (choice.label()) } " " }
}

/// Each once: on call, the last resort, then whoever else is away.
fn people(board: &Board) -> Vec<&Responder> {
    let Some(rota) = &board.rota else { return Vec::new() };
    let duty = match rota.roster.on_call(board.now) {
        OnCall::Duty(duty) => Some(duty),
        OnCall::Gap { .. } => None,
    };
    let on_call = duty
        .into_iter()
        .flat_map(|duty| &duty.levels)
        .flat_map(|level| level.responders.iter());
    let away = board.people().filter(|who| who.said(&board.away).is_some());
    let all = on_call.map(AsRef::as_ref).chain(board.last_resort()).chain(away);
    let mut seen: BTreeSet<&Phone> = BTreeSet::new();
    all.filter(|who| seen.insert(&who.phone)).collect()
}

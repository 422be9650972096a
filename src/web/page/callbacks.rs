//! The callbacks of a hotline that are still to be made, each with what can be done with it.

use super::super::board::Board;
use super::super::masking::masked;
use super::super::visitor::Visitor;
use super::form_word;
use super::hotline::ago;
use crate::access::Action;
use crate::roster::OnCall;
use crate::store::Callback;
use maud::{Markup, html};

/// The list; nothing where none is open. Buttons that ring somebody are there only where `rings`.
pub(in crate::web) fn card(place: usize, board: &Board, open: &[Callback], rings: bool, visitor: &Visitor) -> Markup {
    if open.is_empty() {
        return html! {};
    }
    let heading = format!("callbacks-{place}");
    let rings = rings && visitor.may(Action::RingCallback, Some(&board.hotline.name));
    let people = if rings { first_level(board) } else { Vec::new() };
    html! {
        section.card.callbacks aria-labelledby=(heading) {
            h2 #(heading) { "To be called back: " (masked(&board.hotline.title)) }
            ul { @for callback in open { (item(board, callback, &people, visitor)) } }
            p.callback-answer role="status" {}
        }
    }
}

fn item(board: &Board, callback: &Callback, people: &[&str], visitor: &Visitor) -> Markup {
    let action = |verb: &str| format!("/api/v1/hotlines/{}/callbacks/{}/{verb}", board.hotline.name, callback.id);
    html! {
        li {
            strong { (callback.id) } ". "
            span.number { (callback.number) } ", asked for " (ago(board, callback.asked_at))
            @if callback.reminded_at.is_some() { ", overdue" }
            ". "
            a href={ "/calls/" (callback.call) } { "The call" }
            div.work {
                @match &callback.calling {
                    Some(name) => span.pill.live { (masked(name)) " is calling back" },
                    None => @if !people.is_empty() {
                        form method="post" action=(action("ring")) {
                            (form_word(visitor))
                            @for name in people {
                                button.quiet name="who" value=(name) title="Rings the responder first, then the caller, from the hotline's number" { "Ring " (masked(name)) }
                            }
                        }
                    },
                }
                @if visitor.may(Action::CallbackDone, Some(&board.hotline.name)) {
                    form method="post" action=(action("done")) { (form_word(visitor)) button.quiet { "Done" } }
                }
            }
        }
    }
}

/// Who can be chosen to call back.
fn first_level(board: &Board) -> Vec<&str> {
    let unread = OnCall::Gap { from: None, until: None };
    let on_call = board.rota.as_ref().map_or(unread, |rota| rota.roster.on_call(board.now));
    match on_call {
        OnCall::Duty(duty) => {
            let first = duty.levels.first().into_iter().flat_map(|level| level.responders.iter());
            first.map(|who| who.name.as_str()).collect()
        }
        OnCall::Gap { .. } => Vec::new(),
    }
}

//! The callbacks of a hotline that are still to be made.

use super::super::board::Board;
use super::super::masking::masked;
use super::hotline::ago;
use crate::store::Callback;
use maud::{Markup, html};

/// The list; nothing where none is open.
pub(in crate::web) fn card(place: usize, board: &Board, open: &[Callback]) -> Markup {
    if open.is_empty() {
        return html! {};
    }
    let heading = format!("callbacks-{place}");
    html! {
        section.card.callbacks aria-labelledby=(heading) {
            h2 #(heading) { "To be called back: " (masked(&board.hotline.title)) }
            ul {
                @for callback in open {
                    li {
                        strong { (callback.id) } ". "
                        span.number { (callback.number) } ", asked for " (ago(board, callback.asked_at))
                        @if callback.reminded_at.is_some() { ", overdue" }
                        ". "
                        a href={ "/calls/" (callback.call) } { "The call" }
                    }
                }
            }
        }
    }
}

//! The next duties of a hotline, coverage gaps included.

use super::super::board::Board;
use super::super::masking::masked;
use super::super::time_line::{bounds, time_line};
use super::hotline::{in_order, instant};
use crate::roster::OnCall;
use crate::store::CurrentRota;
use maud::{Markup, html};

/// How many of them are listed.
const SHOWN: usize = 8;

/// The whole list; nothing where there is no rota. One of `several` says whose it is.
pub(in crate::web) fn card(place: usize, board: &Board, several: bool) -> Markup {
    let Some(rota) = &board.rota else {
        return html! {};
    };
    let id = format!("duties-{place}");
    html! {
        section.card aria-labelledby=(id) {
            h2 #(id) { "The next duties" @if several { ": " (masked(&board.hotline.title)) } }
            table {
                thead { tr { th scope="col" { "From" } th scope="col" { "On call" } } }
                tbody { @for span in &time_line(&rota.roster, board.now, SHOWN) { (row(board, rota, span)) } }
            }
        }
    }
}

/// Each lasts until the next row begins: the time line has no holes.
fn row(board: &Board, rota: &CurrentRota, covered: &OnCall<'_>) -> Markup {
    let (from, until) = bounds(covered);
    let begins = from.filter(|from| *from > board.now);
    html! {
        tr {
            td data-label="From" { @match begins { Some(from) => (instant(board, from)), None => "Now" } }
            td data-label="On call" {
                @match covered {
                    OnCall::Duty(duty) => {
                        (in_order(duty))
                        @if rota.held_since(duty).is_some() { " " span.tag { "held" } }
                    }
                    OnCall::Gap { .. } => {
                        strong.bad-text {
                            @match (from, until) {
                                (_, Some(_)) => "Nobody: coverage gap",
                                (Some(_), None) => "Nobody: the rota ends",
                                (None, None) => "Nobody: the rota is empty",
                            }
                        }
                    }
                }
            }
        }
    }
}

//! The recordings of a hotline. Whoever wants to hear one signs in: the browser asks by itself.

use super::super::board::Board;
use super::super::masking::masked;
use super::super::recordings::address;
use super::hotline::{ago, more};
use crate::store::{Recording, RecordingKind};
use maud::{Markup, html};

/// The newest of them.
const SHOWN: usize = 10;

/// The list; nothing where there is none.
pub(in crate::web) fn card(place: usize, board: &Board, recordings: &[Recording]) -> Markup {
    if recordings.is_empty() {
        return html! {};
    }
    let heading = format!("recordings-{place}");
    let left_out = recordings.len().saturating_sub(SHOWN);
    html! {
        section.card.recordings aria-labelledby=(heading) {
            h2 #(heading) { "Recordings: " (masked(&board.hotline.title)) }
            ul {
                @for recording in recordings.iter().take(SHOWN) { li { (one(board, recording)) } }
                @if left_out > 0 { li { "and " (more(left_out, "recording")) } }
            }
        }
    }
}

fn one(board: &Board, recording: &Recording) -> Markup {
    let at = |what| address(&board.hotline.name.0, recording.id, what);
    let kind = match recording.kind {
        RecordingKind::Talk => "Conversation",
        RecordingKind::Message => "Message",
    };
    html! {
        p {
            (kind) ", " (recording.seconds.unwrap_or_default()) " s, " (ago(board, recording.began_at)) ". "
            a href={ "/calls/" (recording.call) } { "The call" }
            ", "
            a href=(at("audio")) { "sign in and listen" }
            @if recording.transcript.is_some() { ", " a href=(at("transcript")) { "in writing" } }
        }
        audio controls preload="none" src=(at("audio")) {}
        form method="post" action=(at("delete")) { button { "Delete" } }
    }
}

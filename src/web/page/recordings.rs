//! The recordings of a hotline: which there are, and for whoever may listen what is in them.

use super::super::board::Board;
use super::super::masking::masked;
use super::super::recordings::address;
use super::super::visitor::Visitor;
use super::form_word;
use super::hotline::{ago, more};
use crate::access::Action;
use crate::store::{Recording, RecordingKind};
use maud::{Markup, html};

/// The newest of them.
const SHOWN: usize = 10;

/// The list; nothing where there is none.
pub(in crate::web) fn card(place: usize, board: &Board, recordings: &[Recording], visitor: &Visitor) -> Markup {
    if recordings.is_empty() {
        return html! {};
    }
    let heading = format!("recordings-{place}");
    let left_out = recordings.len().saturating_sub(SHOWN);
    html! {
        section.card.recordings aria-labelledby=(heading) {
            h2 #(heading) { "Recordings: " (masked(&board.hotline.title)) }
            ul {
                @for recording in recordings.iter().take(SHOWN) { li { (one(board, recording, visitor)) } }
                @if left_out > 0 { li { "and " (more(left_out, "recording")) } }
            }
        }
    }
}

fn one(board: &Board, recording: &Recording, visitor: &Visitor) -> Markup {
    let may = |action| visitor.may(action, Some(&board.hotline.name));
    let at = |what| address(&board.hotline.name.0, recording.id, what);
    let kind = match recording.kind {
        RecordingKind::Talk => "Conversation",
        RecordingKind::Message => "Message",
    };
    html! {
        p {
            (kind) ", " (recording.seconds.unwrap_or_default()) " s, " (ago(board, recording.began_at)) ". "
            a href={ "/calls/" (recording.call) } { "The call" }
            @if recording.transcript.is_some() && may(Action::ReadTranscript) { ", " a href=(at("transcript")) { "in writing" } }
        }
        @if may(Action::Listen) { audio controls preload="none" src=(at("audio")) {} }
        @if may(Action::DeleteRecording) {
            form method="post" action=(at("delete")) { (form_word(visitor)) button { "Delete" } }
        }
    }
}

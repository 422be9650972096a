//! What the last versions of a sheet have changed, and what became of each version.

use super::super::board::Board;
use super::super::masking::masked;
use super::hotline::{ago, instant, short};
use crate::store::{Verdict, Version};
use maud::{Markup, html};

/// So many sentences of a version are there to be read at once; the others can be opened.
const SENTENCES_SHOWN: usize = 5;

/// The versions, newest first; nothing where there are none. One of `several` hotlines says whose they are.
pub(in crate::web) fn card(place: usize, board: &Board, versions: &[Version], several: bool) -> Markup {
    if versions.is_empty() {
        return html! {};
    }
    let id = format!("changes-{place}");
    html! {
        section.card aria-labelledby=(id) {
            h2 #(id) { "What changed" @if several { ": " (masked(&board.hotline.title)) } }
            ol.versions { @for version in versions { (one(place, board, version)) } }
        }
    }
}

fn one(place: usize, board: &Board, version: &Version) -> Markup {
    let id = format!("version-{place}-{}", version.at.timestamp_millis());
    html! {
        li.version {
            p {
                (verdict(version.verdict)) " " (instant(board, version.at)) span.muted { ", " (ago(board, version.at)) ", revision " }
                span.cell title=(version.revision.0) { (short(&version.revision.0)) }
            }
            @if version.differences.is_empty() && version.held_back.is_empty() {
                p.muted { "Nothing that matters to calls." }
            }
            (sentences(&format!("{id}-new"), &version.differences))
            @if !version.held_back.is_empty() {
                p.warn-text { "Held back:" }
                (sentences(&format!("{id}-held"), &version.held_back))
            }
        }
    }
}

fn verdict(verdict: Verdict) -> Markup {
    match verdict {
        Verdict::Taken => html! { span.pill.good { "Taken" } },
        Verdict::TakenInPart => html! { span.pill.warn { "Taken in part" } },
        Verdict::Accepted => html! { span.pill.good { "Taken, as accepted" } },
        Verdict::HeldBack => html! { span.pill.bad { "Held back" } },
    }
}

fn sentences(id: &str, sentences: &[String]) -> Markup {
    let (first, others) = sentences.split_at(sentences.len().min(SENTENCES_SHOWN));
    let list = |some: &[String]| html! { ul { @for sentence in some { li { (masked(sentence)) "." } } } };
    html! {
        @if !first.is_empty() { (list(first)) }
        @if !others.is_empty() {
            details #(id) {
                summary { (others.len()) " more" }
                (list(others))
            }
        }
    }
}

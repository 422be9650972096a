//! The addresses of the calendars that people subscribe to: of the hotline and of each person. Whoever sees the page may
//! have them.

use super::super::board::Board;
use super::super::feeds::FeedLinks;
use super::super::masking::masked;
use super::hotline::more;
use maud::{Markup, html};
use std::collections::BTreeSet;

/// More people are in the answer of `rotaline feeds`.
const SHOWN: usize = 100;

/// The card; nothing where there is no rota. One of `several` hotlines says whose it is.
pub(in crate::web) fn card(place: usize, board: &Board, links: &FeedLinks, several: bool) -> Markup {
    let Some(rota) = &board.rota else {
        return html! {};
    };
    let id = format!("calendars-{place}");
    let hotline = &board.hotline.name;
    let mut seen = BTreeSet::new();
    let names: Vec<&str> = rota
        .roster
        .contacts
        .iter()
        .map(|contact| contact.name.as_str())
        .filter(|name| seen.insert(*name))
        .collect();
    html! {
        section.card aria-labelledby=(id) {
            h2 #(id) { "Calendars" @if several { ": " (masked(&board.hotline.title)) } }
            p.muted { "Copy an address into a calendar program (“add calendar from URL”). Whoever has it sees these duties, and nothing else." }
            p { a href=(links.path(hotline, None)) { "Everybody’s duties" } }
            details id={ (id) "-people" } {
                summary { "Each person’s own" }
                ul {
                    @for name in names.iter().take(SHOWN) {
                        li { a href=(links.path(hotline, Some(name))) { (masked(name)) } }
                    }
                    @if names.len() > SHOWN {
                        li.muted { "and " (more(names.len() - SHOWN, "person")) ": " code { "rotaline feeds --hotline " (hotline) } }
                    }
                }
            }
        }
    }
}

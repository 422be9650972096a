//! The next days of a hotline: a time line drawn, and the same in sentences. The words are the roster's own.

use super::super::board::Board;
use super::super::masking::masked;
use super::drawing;
use super::hotline::cell_at;
use crate::roster::TabRead;
use crate::roster::preview::{self, DAYS, Kind, Numbers, Piece, Preview, Stretch, Wish};
use crate::store::CurrentRota;
use chrono::{DateTime, Utc};
use maud::{Markup, html};

/// So many sentences are there to be read at once; the others can be opened.
const SHOWN: usize = 6;
/// Of more tabs than these the shape is not told.
const TABS_SHOWN: usize = 6;

/// The whole card; nothing where there is no rota. One of `several` says whose it is.
pub(in crate::web) fn card(place: usize, board: &Board, several: bool) -> Markup {
    let Some(rota) = &board.rota else {
        return html! {};
    };
    let told = told(board, rota, board.now);
    let (first, others) = told.stretches.split_at(told.stretches.len().min(SHOWN));
    let (id, list) = (format!("days-{place}"), format!("told-{place}"));
    // Today is drawn from its midnight on.
    let drawn = told_from_midnight(board, rota);
    html! {
        section.card.days aria-labelledby=(id) {
            h2 #(id) { "The next " (DAYS) " days" @if several { ": " (masked(&board.hotline.title)) } }
            (drawing::time_line(&drawn, board.now, &format!("hatch-{place}"), &list))
            ol.told #(list) { @for stretch in first { (sentence(stretch)) } }
            @if !others.is_empty() {
                details #{ "more-" (list) } {
                    summary { (others.len() + told.more) " more" }
                    ol.told {
                        @for stretch in others { (sentence(stretch)) }
                        @if told.more > 0 { li.muted { "And " (told.more) " more that are not listed." } }
                    }
                }
            }
            (read(rota.roster.tabs_read()))
        }
    }
}

fn told<'r>(board: &Board, rota: &'r CurrentRota, from: DateTime<Utc>) -> Preview<'r> {
    let wish = Wish {
        from,
        days: DAYS,
        numbers: Numbers::Masked,
        last_resort: board.last_resort(),
        held: &rota.held,
        findings: &board.diagnostics,
    };
    preview::preview(&rota.roster, &wish)
}

fn told_from_midnight<'r>(board: &Board, rota: &'r CurrentRota) -> Preview<'r> {
    let today = board.zone.to_local(board.now).date();
    let midnight = today
        .and_hms_opt(0, 0, 0)
        .map_or(board.now, |midnight| board.zone.to_utc(midnight).instant);
    told(board, rota, midnight.min(board.now))
}

fn sentence(stretch: &Stretch<'_>) -> Markup {
    html! {
        li.is-gap[stretch.kind == Kind::Gap] {
            @for piece in &stretch.sentence.0 {
                @match piece {
                    Piece::Words(words) => (masked(words)),
                    Piece::Cell(cell) => (cell_at(cell)),
                }
            }
        }
    }
}

/// So that an admin sees whether the shape was understood.
fn read(tabs: &[TabRead]) -> Markup {
    html! {
        @if !tabs.is_empty() {
            p.muted.small.read {
                "Read: "
                @for (place, tab) in tabs.iter().take(TABS_SHOWN).enumerate() {
                    @if place > 0 { "; " }
                    "the tab " q { (masked(&tab.tab)) } " as " (masked(&tab.shape))
                }
                @if tabs.len() > TABS_SHOWN { "; and " (tabs.len() - TABS_SHOWN) " more tabs" }
                "."
            }
        }
    }
}

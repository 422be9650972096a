//! One hotline: who is on call, until when, who is next, how fresh that is, and the next duties.

use super::super::board::Board;
use super::super::judgement::STOPS_SOON;
use super::super::masking::masked;
use super::super::time_line::{bounds, time_line};
use super::super::times::{counted, day_and_time, rfc3339, span};
use super::{findings, frame};
use crate::roster::{Duty, Level, OnCall, Responder};
use crate::store::CurrentRota;
use chrono::{DateTime, Utc};
use maud::{Markup, html};
use std::fmt::Display;

/// How many of the next duties are listed.
const DUTIES: usize = 10;
/// A revision can be a long hash; this much tells versions apart.
const REVISION_SHOWN: usize = 16;

/// The whole hotline. `place` tells it apart from others on the page; one of `several` has a pill of its own.
pub(in crate::web) fn card(place: usize, board: &Board, several: bool) -> Markup {
    let heading = format!("hotline-{place}");
    html! {
        article.card.hotline aria-labelledby=(heading) {
            header.hotline-head {
                h2 #(heading) { (masked(&board.hotline.title)) }
                @if several { (frame::pill(board.judgement.status)) }
                @if !board.hotline.numbers.is_empty() {
                    p.muted {
                        @for (i, number) in board.hotline.numbers.iter().enumerate() {
                            @if i > 0 { ", " }
                            span.number { (number) }
                        }
                    }
                }
            }
            @match &board.rota {
                None => (unread(board)),
                Some(rota) => {
                    (trouble(board))
                    @for reason in board.judgement.reasons.iter().filter(|reason| reason.code == STOPS_SOON) {
                        p.alarm.warn { a href={ "#findings-" (place) } { (reason.message) } }
                    }
                    (now(board, rota))
                    (freshness(board, rota))
                    (findings::section(place, board))
                    (duties(place, board, rota))
                }
            }
        }
    }
}

/// The answer in one line, for the browser's tab.
pub(in crate::web) fn in_short(board: &Board) -> String {
    let Some(rota) = &board.rota else {
        return format!("No rota: {}", board.hotline.title);
    };
    match rota.roster.on_call(board.now) {
        OnCall::Gap { .. } => format!("Nobody on call: {}", board.hotline.title),
        OnCall::Duty(duty) => match duty.levels.first() {
            None => format!("Nobody, on purpose: {}", board.hotline.title),
            Some(first) => format!("{} on call: {}", masked(&names(first)), board.hotline.title),
        },
    }
}

fn unread(board: &Board) -> Markup {
    html! {
        div.alarm {
            p { strong { "No rota has been read yet. " } (consequence(board)) }
            @if let Some(trouble) = &board.trouble {
                p { "Reason: " (masked(&trouble.words)) }
                p { "Since " (instant(board, trouble.since)) " UTC, " (ago(board, trouble.since)) "." }
            }
        }
    }
}

fn trouble(board: &Board) -> Markup {
    let Some(trouble) = &board.trouble else {
        return html! {};
    };
    html! {
        div.alarm.warn {
            p { strong { "The last good copy of the rota is in use. " } "Calls go by what you see here; changes made in the sheet do not count yet." }
            p { "Reason: " (masked(&trouble.words)) }
            p { "Since " (instant(board, trouble.since)) ", " (ago(board, trouble.since)) "." }
        }
    }
}

fn now(board: &Board, rota: &CurrentRota) -> Markup {
    let spans = time_line(&rota.roster, board.now, 2);
    let current = spans.first().copied().unwrap_or(OnCall::Gap { from: None, until: None });
    html! {
        section.now {
            h3 { "On call now" }
            @match current {
                OnCall::Duty(duty) => (on_duty(board, duty)),
                OnCall::Gap { .. } => {
                    div.alarm { p { strong { "Nobody is on call. " } (consequence(board)) } }
                }
            }
            (handover(board, &current, spans.get(1)))
        }
    }
}

fn on_duty(board: &Board, duty: &Duty) -> Markup {
    if duty.levels.is_empty() {
        return html! {
            p.on-purpose {
                strong { "Nobody, on purpose" }
                @if let Some(cell) = &duty.nobody { " " (said_by(cell, false)) }
                ". "
                (consequence(board))
            }
        };
    }
    html! {
        ol.levels { @for (place, level) in duty.levels.iter().enumerate() { (rung(place, level)) } }
        @if let Some(last) = board.last_resort() {
            p.muted.last-resort { "If nobody accepts: " (person(last)) }
        }
    }
}

fn rung(place: usize, level: &Level) -> Markup {
    html! {
        li.level {
            span.order aria-hidden="true" { (place + 1) }
            div.people {
                @for responder in &level.responders { p { (person(responder)) } }
                @if level.responders.len() > 1 { p.muted.small { "They ring together." } }
            }
            p.source { span.label { (masked(&level.label)) } " " (said_by(&level.source, level.is_change)) }
        }
    }
}

fn person(responder: &Responder) -> Markup {
    html! { strong.name { (masked(&responder.name)) } " " span.number { (responder.phone) } }
}

/// The cell that says so.
fn said_by(cell: &impl Display, is_change: bool) -> Markup {
    html! {
        span.cell { span.hidden { "said by cell " } (cell.to_string()) }
        @if is_change { " " span.tag { "change" } }
    }
}

/// What a caller meets while nobody is on call.
fn consequence(board: &Board) -> Markup {
    match board.last_resort() {
        Some(last) => html! { "Callers are put through to the last resort at once: " (person(last)) "." },
        None => html! { "Callers are asked to leave a message." },
    }
}

fn handover(board: &Board, current: &OnCall<'_>, next: Option<&OnCall<'_>>) -> Markup {
    let (_, Some(until)) = bounds(current) else {
        return html! { p { "The rota has no further entry." } };
    };
    let then = match next {
        Some(OnCall::Duty(duty)) => html! { (in_order(duty)) },
        Some(OnCall::Gap { until: Some(until), .. }) => {
            html! { strong.bad-text { "nobody, until " (instant(board, *until)) } }
        }
        Some(OnCall::Gap { until: None, .. }) | None => html! { strong.bad-text { "nobody: the rota ends there" } },
    };
    html! {
        dl.facts {
            dt { "Until" }
            dd {
                strong { (instant(board, until)) } " " span.muted { (board.zone.name()) ", in " }
                time.muted datetime=(rfc3339(&board.zone, until)) data-in { (span(until - board.now)) }
            }
            dt { "Then" }
            dd { (then) }
        }
    }
}

/// `Ana Diaz, then Ben Osei and Cara Lund`.
fn in_order(duty: &Duty) -> Markup {
    if duty.levels.is_empty() {
        return html! { span.muted { "Nobody, on purpose" } };
    }
    html! {
        @for (place, level) in duty.levels.iter().enumerate() {
            @if place > 0 { span.muted { ", then " } }
            (masked(&names(level)))
            @if level.is_change { " " span.tag { "change" } }
        }
    }
}

fn names(level: &Level) -> String {
    level
        .responders
        .iter()
        .map(|responder| responder.name.as_str())
        .collect::<Vec<_>>()
        .join(" and ")
}

fn freshness(board: &Board, rota: &CurrentRota) -> Markup {
    let revision: String = rota.revision.0.chars().take(REVISION_SHOWN).collect();
    let stale = board.now - rota.checked_at > board.stale_after;
    html! {
        section.freshness {
            h3.hidden { "How fresh this is" }
            p {
                "Read " (ago(board, rota.read_at)) " from " strong { (masked(&rota.title)) }
                ", revision " span.cell title=(rota.revision.0) { (revision) } ". "
                @if stale {
                    strong.warn-text { "Last checked " (ago(board, rota.checked_at)) ": too long ago." }
                } @else {
                    "Checked " (ago(board, rota.checked_at)) "."
                }
            }
        }
    }
}

fn duties(place: usize, board: &Board, rota: &CurrentRota) -> Markup {
    let spans = time_line(&rota.roster, board.now, DUTIES);
    let id = format!("duties-{place}");
    html! {
        section.duties aria-labelledby=(id) {
            h3 #(id) { "The next duties" }
            table {
                thead { tr { th scope="col" { "From" } th scope="col" { "On call" } } }
                tbody { @for span in &spans { (duty_row(board, span)) } }
            }
        }
    }
}

/// Each lasts until the next row begins: the time line has no holes.
fn duty_row(board: &Board, covered: &OnCall<'_>) -> Markup {
    let (from, until) = bounds(covered);
    let begins = from.filter(|from| *from > board.now);
    html! {
        tr {
            td data-label="From" { @match begins { Some(from) => (instant(board, from)), None => "Now" } }
            td data-label="On call" {
                @match covered {
                    OnCall::Duty(duty) => (in_order(duty)),
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

pub(super) fn instant(board: &Board, at: DateTime<Utc>) -> Markup {
    html! { time datetime=(rfc3339(&board.zone, at)) { (day_and_time(&board.zone, at, board.now)) } }
}

fn ago(board: &Board, at: DateTime<Utc>) -> Markup {
    html! { time datetime=(rfc3339(&board.zone, at)) data-ago { (span(board.now - at)) " ago" } }
}

/// `3 more findings`.
pub(super) fn more(count: usize, noun: &str) -> String {
    counted(i64::try_from(count).unwrap_or(i64::MAX), &format!("more {noun}"))
}

//! One hotline: who is on call, until when, who is next, how fresh that is, and what is wrong with the sheet.

use super::super::board::Board;
use super::super::judgement::STOPS_SOON;
use super::super::masking::{masked, safe};
use super::super::time_line::{bounds, time_line};
use super::super::times::{counted, day_and_time, rfc3339, span};
use super::super::visitor::Visitor;
use super::{findings, frame};
use crate::call::Away;
use crate::roster::{Duty, Level, OnCall, Responder, Roster};
use crate::store::CurrentRota;
use chrono::{DateTime, Utc};
use maud::{Markup, html};
use providers::CellAddress;

/// A revision can be a long hash; this much tells versions apart.
const REVISION_SHOWN: usize = 12;

/// More held spans than these are only counted.
const HELD_SHOWN: usize = 6;

/// The whole hotline. `place` tells it apart from others on the page; one of `several` has a pill of its own.
pub(in crate::web) fn card(place: usize, board: &Board, several: bool, visitor: &Visitor) -> Markup {
    let heading = format!("hotline-{place}");
    html! {
        article.card.hotline aria-labelledby=(heading) {
            header.hotline-head {
                h2 #(heading) { (masked(&board.hotline.title)) }
                @if several { (frame::pill(board.judgement.status)) }
                p.muted {
                    @for number in &board.hotline.numbers { span.number { (number) } ", " }
                    "times of " (board.zone.name())
                }
            }
            @match &board.rota {
                None => (unread(board)),
                Some(rota) => {
                    (now(board, rota))
                    (trouble(board))
                    (held(board, rota))
                    @for reason in board.judgement.reasons.iter().filter(|reason| reason.code == STOPS_SOON) {
                        p.alarm.warn { a href={ "#findings-" (place) } { (reason.message) } }
                    }
                    (super::presence::section(place, board, visitor))
                    (findings::section(place, board))
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
            header.now-head {
                h3 { "On call now" }
                (age(board, rota))
            }
            @match current {
                OnCall::Duty(duty) => (on_duty(board, rota, duty)),
                OnCall::Gap { .. } if rota.roster.is_outside_coverage(board.now) => {
                    p.on-purpose { strong { "Nobody" } ", outside the hours of the setting Coverage. " (consequence(board)) }
                }
                OnCall::Gap { .. } => {
                    div.alarm { p { strong { "Nobody is on call. " } (consequence(board)) } }
                }
            }
            dl.facts {
                (handover(board, &rota.roster, &current, spans.get(1)))
                (sheet(rota))
            }
        }
    }
}

fn on_duty(board: &Board, rota: &CurrentRota, duty: &Duty) -> Markup {
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
        ol.levels { @for (place, level) in duty.levels.iter().enumerate() { (rung(board, place, level)) } }
        @if let Some(since) = rota.held_since(duty) {
            p.warn-text { "Held since " (instant(board, since)) ": the sheet has nobody for now." }
        }
        @if let Some(last) = board.last_resort() {
            p.muted.last-resort { "If nobody accepts: " (person(board, last)) }
        }
    }
}

fn rung(board: &Board, place: usize, level: &Level) -> Markup {
    html! {
        li.level {
            span.order aria-hidden="true" { (place + 1) }
            div.people {
                @for responder in level.responders.iter() { p { (person(board, responder)) } }
                @if level.responders.len() > 1 { p.muted.small { "They ring together." } }
            }
            p.source { span.label { (masked(&level.label)) } " " (said_by(&level.source, level.is_change)) }
        }
    }
}

fn person(board: &Board, responder: &Responder) -> Markup {
    html! {
        strong.name { (masked(&responder.name)) } " " span.number { (responder.phone) }
        @if let Some(then) = &responder.then { span.muted.small { ", then " } span.number { (then) } }
        @if let Some(away) = responder.said(&board.away) {
            " " (presence(board, away))
        }
    }
}

/// Until when somebody is away, since when that is known, and by what.
pub(super) fn presence(board: &Board, away: &Away) -> Markup {
    html! {
        span.warn-text.small {
            "away"
            @if let Some(until) = away.until { " until " (instant(board, until)) }
            ", " (masked(&away.by.to_string())) " " (ago(board, away.told_at))
        }
    }
}

/// The cell that says so.
fn said_by(cell: &CellAddress, is_change: bool) -> Markup {
    html! {
        span.hidden { "said by cell " } (cell_at(cell))
        @if is_change { " " span.tag { "change" } }
    }
}

/// A cell's address, and the way to it where the sheet is shown by a browser.
pub(super) fn cell_at(cell: &CellAddress) -> Markup {
    linked("cell", &cell.to_string(), cell.link().as_deref())
}

/// Text of a class, as a link where there is one that leads to a safe place.
fn linked(class: &str, text: &str, link: Option<&str>) -> Markup {
    match safe(link) {
        Some(link) => html! { a class=(class) href=(link) rel="noopener" target="_blank" { (text) } },
        None => html! { span class=(class) { (text) } },
    }
}

/// For which time somebody of an earlier version is still rung, and what to do about it.
fn held(board: &Board, rota: &CurrentRota) -> Markup {
    let spans: Vec<_> = rota.lasting(board.now).collect();
    let Some(since) = spans.iter().map(|span| span.since).min() else {
        return html! {};
    };
    html! {
        div.alarm.warn.held {
            p {
                strong { "Part of the newest sheet is held back. " }
                "It has nobody, and does not say that this is meant, where somebody was on call. They are still rung:"
            }
            ul {
                @for span in spans.iter().take(HELD_SHOWN) {
                    li { (instant(board, span.duty.from)) "–" (instant(board, span.duty.until)) ": " (in_order(&span.duty)) }
                }
                @if spans.len() > HELD_SHOWN { li { "and " (more(spans.len() - HELD_SHOWN, "span")) } }
            }
            p { "Since " (instant(board, since)) ", " (ago(board, since)) "." }
            p {
                "Enter somebody in the sheet. If nobody is meant, write " q { "nobody" } " there, or accept the sheet as it is: "
                code { "rotaline sync --hotline " (board.hotline.name) " --accept" }
            }
        }
    }
}

/// What a caller meets while nobody is on call.
fn consequence(board: &Board) -> Markup {
    match board.last_resort() {
        Some(last) => html! { "Callers are put through to the last resort at once: " (person(board, last)) "." },
        None => html! { "Callers are asked to leave a message." },
    }
}

fn handover(board: &Board, roster: &Roster, current: &OnCall<'_>, next: Option<&OnCall<'_>>) -> Markup {
    let (_, Some(until)) = bounds(current) else {
        return html! { dt { "Until" } dd { "further notice: the rota has no later entry" } };
    };
    let then = match next {
        Some(OnCall::Duty(duty)) => html! { (in_order(duty)) },
        Some(OnCall::Gap {
            from: Some(from),
            until: Some(until),
        }) if !roster.expects_somebody(*from, *until) => {
            html! { "nobody, outside the hours of the setting Coverage, until " (instant(board, *until)) }
        }
        Some(OnCall::Gap { until: Some(until), .. }) => {
            html! { strong.bad-text { "nobody, until " (instant(board, *until)) } }
        }
        Some(OnCall::Gap { until: None, .. }) | None => html! { strong.bad-text { "nobody: the rota ends there" } },
    };
    html! {
        dt { "Until" }
        dd {
            strong { (instant(board, until)) } span.muted { ", in " }
            time.muted datetime=(rfc3339(&board.zone, until)) data-in { (span(until - board.now)) }
        }
        dt { "Then" }
        dd { (then) }
    }
}

/// `Ana Diaz, then Ben Osei and Cara Lund`.
pub(super) fn in_order(duty: &Duty) -> Markup {
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

/// How old that is, beside it.
fn age(board: &Board, rota: &CurrentRota) -> Markup {
    let stale = board.now - rota.checked_at > board.hotline.stale_after;
    html! {
        p.age {
            "Sheet read " (ago(board, rota.read_at)) ", "
            @if stale {
                strong.warn-text { "last checked " (ago(board, rota.checked_at)) ": too long ago" }
            } @else {
                "checked " (ago(board, rota.checked_at))
            }
        }
    }
}

fn sheet(rota: &CurrentRota) -> Markup {
    html! {
        dt { "Sheet" }
        dd { (linked("title", &masked(&rota.title), rota.link.as_deref())) " " span.muted { "revision " } span.cell title=(rota.revision.0) { (short(&rota.revision.0)) } }
    }
}

/// As much of a revision as tells versions apart.
pub(super) fn short(revision: &str) -> String {
    revision.chars().take(REVISION_SHOWN).collect()
}

pub(super) fn instant(board: &Board, at: DateTime<Utc>) -> Markup {
    html! { time datetime=(rfc3339(&board.zone, at)) { (day_and_time(&board.zone, at, board.now)) } }
}

pub(super) fn ago(board: &Board, at: DateTime<Utc>) -> Markup {
    html! { time datetime=(rfc3339(&board.zone, at)) data-ago { (span(board.now - at)) " ago" } }
}

/// `3 more findings`.
pub(super) fn more(count: usize, noun: &str) -> String {
    counted(i64::try_from(count).unwrap_or(i64::MAX), &format!("more {noun}"))
}

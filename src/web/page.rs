//! The page: who is on call now, how fresh that is, what is wrong with the sheet, what became of the calls.
//! Rendered here, complete without any script; the script only keeps it up to date.

pub(super) mod account;
pub(super) mod audit;
mod calendars;
mod callbacks;
mod calls;
pub(super) mod changes;
pub(super) mod days;
mod drawing;
mod findings;
mod frame;
pub(super) mod hotline;
pub(super) mod number;
mod presence;
mod recordings;
pub(super) mod sign_in;
mod test_panel;

use super::board::Board;
use super::fault::{Fault, PageFault};
use super::feeds::FeedLinks;
use super::guard::FORM_WORD;
use super::story::summary;
use super::test_line::Heard;
use super::visitor::Visitor;
use super::{HotlineName, WebState};
use crate::access::{Action, Hotlines};
use crate::call::CallId;
use crate::roster::wall_clock::Zone;
use crate::store::{CallSummary, Entry, StoreError};
use axum::extract::{Extension, Path, State};
use axum::http::StatusCode;
use maud::{Markup, html};
use std::collections::BTreeMap;

/// How many recent calls the page lists.
const RECENT_CALLS: u32 = 10;
/// How many calls that are going on at once the page tells in full.
const STORIES: usize = 4;

/// How many versions of each rota the page tells.
const VERSIONS: u32 = 5;

/// A call with its story.
pub(super) struct Story {
    pub(super) call: CallSummary,
    pub(super) entries: Vec<Entry>,
    pub(super) heard: Vec<Heard>,
}

/// The zone of each hotline's rota.
pub(super) type Zones = BTreeMap<HotlineName, Zone>;

pub(super) fn zones(boards: &[Board]) -> Zones {
    boards
        .iter()
        .map(|board| (board.hotline.name.clone(), board.zone.clone()))
        .collect()
}

/// The zone of a hotline; of one that the configuration no longer has, UTC.
pub(super) fn zone_of(zones: &Zones, hotline: &HotlineName) -> Zone {
    zones.get(hotline).cloned().unwrap_or_else(|| Zone::new(chrono_tz::UTC))
}

/// The hidden field by which a form shows that it is ours.
pub(super) fn form_word(visitor: &Visitor) -> Markup {
    html! { input type="hidden" name=(FORM_WORD) value=(visitor.form_word()); }
}

/// `GET /`.
pub(super) async fn front(State(web): State<WebState>, Extension(visitor): Extension<Visitor>) -> Result<Markup, PageFault> {
    // Read first: what comes in while the rest is read is sent to the page again, and lost to nobody.
    let reached = web.store.latest_entry().await?;
    let boards = web.boards(visitor.hotlines()).await?;
    let recent = web.recent_calls(visitor.hotlines(), RECENT_CALLS).await?;
    let mut stories = Vec::new();
    for call in told_in_full(&recent) {
        stories.push(story(&web, call).await?);
    }
    let recent = as_told(recent, &stories);
    let mut versions = Vec::new();
    for board in &boards {
        versions.push(web.store.versions(&board.hotline.name, VERSIONS).await?);
    }
    let mut open = Vec::new();
    for board in &boards {
        open.push(web.store.open_callbacks(&board.hotline.name).await?);
    }
    let mut recorded = Vec::new();
    for board in &boards {
        recorded.push(web.store.recordings(&board.hotline.name).await?);
    }
    let links = FeedLinks::open(&web.store).await?;
    let zones = zones(&boards);
    let several = boards.len() > 1;
    let line = web.test_line.as_deref().filter(|_| visitor.may(Action::TestCall, None));
    let panel = line.map(|line| test_panel::panel(line, &visitor));
    let body = html! {
        h1.hidden { "Who is on call" }
        div.columns.rehearses[panel.is_some()] {
            div.column #hotlines data-refresh {
                @for (place, board) in boards.iter().enumerate() { (hotline::card(place, board, several, &visitor)) }
            }
            @if let Some(panel) = panel { (panel) }
            (calls::stories(&stories, &zones, web.clock.now()))
            (calls::recent(&recent, several, &zones, web.clock.now()))
            // Not refreshed by the script: somebody may be listening.
            @for (place, (board, recorded)) in boards.iter().zip(&recorded).enumerate() { (recordings::card(place, board, recorded, &visitor)) }
            div.column #duties data-refresh {
                @for (place, (board, open)) in boards.iter().zip(&open).enumerate() { (callbacks::card(place, board, open, web.callback_line.is_some(), &visitor)) }
                @for (place, board) in boards.iter().enumerate() { (days::card(place, board, several)) }
                @for (place, (board, versions)) in boards.iter().zip(&versions).enumerate() {
                    (changes::card(place, board, versions, several))
                }
                @for (place, board) in boards.iter().enumerate() { (calendars::card(place, board, &links, several)) }
            }
        }
    };
    let title = title(&boards);
    Ok(frame::page(
        &frame::Head {
            title: &title,
            boards: &boards,
            visitor: &visitor,
            reached: Some(reached),
            now: web.clock.now(),
        },
        &body,
    ))
}

/// `GET /calls/{id}`.
pub(super) async fn one_call(
    State(web): State<WebState>,
    Extension(visitor): Extension<Visitor>,
    Path(id): Path<String>,
) -> Result<Markup, PageFault> {
    let reached = web.store.latest_entry().await?;
    let (call, entries) = web.told(&visitor, &id).await?;
    let boards = web.boards(visitor.hotlines()).await?;
    let heard = heard_in(&web, call.id);
    let (has_number, hotline, call_id) = (call.from.is_some(), call.hotline.clone(), call.id);
    let story = Story { call, entries, heard };
    let body = html! {
        h1.hidden { "A call" }
        p.back { a href="/" { "Who is on call now" } }
        (calls::stories(&[story], &zones(&boards), web.clock.now()))
        @if has_number && visitor.may(Action::ShowNumber, Some(&hotline)) { (number::button(&visitor, call_id)) }
    };
    Ok(frame::page(
        &frame::Head {
            title: "A call",
            boards: &boards,
            visitor: &visitor,
            reached: Some(reached),
            now: web.clock.now(),
        },
        &body,
    ))
}

/// A page with nothing but words about what went wrong.
pub(super) fn fault(fault: &Fault) -> Markup {
    let body = html! {
        section.card.alone {
            h1 { (fault.message) }
            // Having to wait is no error to the one who waits.
            @if fault.status != StatusCode::CONFLICT {
                p.muted { "Error " (fault.status.as_u16()) ", " code { (fault.code) } }
            }
            p { a href="/" { "Who is on call now" } }
        }
    };
    frame::bare(&fault.message, &body)
}

impl WebState {
    /// The newest calls of somebody's hotlines, newest first.
    pub(super) async fn recent_calls(&self, hotlines: &Hotlines, most: u32) -> Result<Vec<CallSummary>, StoreError> {
        let names = match hotlines {
            Hotlines::All => return self.store.calls(most).await,
            Hotlines::Some(names) => names,
        };
        let mut calls = Vec::new();
        for name in names {
            calls.extend(self.store.calls_of(name, most).await?);
        }
        calls.sort_by_key(|call| std::cmp::Reverse((call.arrived_at, call.id)));
        calls.truncate(most as usize);
        Ok(calls)
    }
}

/// The calls that are going on, else the latest one.
fn told_in_full(recent: &[CallSummary]) -> Vec<&CallSummary> {
    let live: Vec<_> = recent.iter().filter(|call| call.ended_at.is_none()).take(STORIES).collect();
    if live.is_empty() { recent.iter().take(1).collect() } else { live }
}

/// The story's own words count, so that the page shows the same as what its script makes of the events.
async fn story(web: &WebState, call: &CallSummary) -> Result<Story, PageFault> {
    let entries = web.store.story(call.id).await?;
    Ok(Story {
        call: summary(&entries).unwrap_or_else(|| call.clone()),
        entries,
        heard: heard_in(web, call.id),
    })
}

/// The list says the same of a call as its story: of one that has ended, some legs may not be gone yet.
fn as_told(recent: Vec<CallSummary>, stories: &[Story]) -> Vec<CallSummary> {
    let told = |call: CallSummary| {
        let story = stories.iter().find(|story| story.call.id == call.id);
        story.map_or(call, |story| story.call.clone())
    };
    recent.into_iter().map(told).collect()
}

fn heard_in(web: &WebState, call: CallId) -> Vec<Heard> {
    let heard = web.test_line.as_ref().map(|line| line.heard()).unwrap_or_default();
    heard.into_iter().filter(|heard| heard.call == call).collect()
}

/// What stands on the browser's tab: the answer itself, where it is one.
fn title(boards: &[Board]) -> String {
    match boards {
        [one] => hotline::in_short(one),
        [] => "No hotline".to_owned(),
        [_, ..] => "Who is on call".to_owned(),
    }
}

//! The calls: the story of those going on, and what became of the recent ones.

use super::super::masking::masked;
use super::super::story::{self, outcome_words};
use super::super::test_line::Heard;
use super::super::times::{day_and_time, into, rfc3339, time_of_day};
use super::{Story, Zones, zone_of};
use crate::roster::wall_clock::Zone;
use crate::store::CallSummary;
use chrono::{DateTime, TimeDelta, Utc};
use maud::{Markup, html};

/// A longer story is told from its end.
const LINES_SHOWN: usize = 400;
/// A call that came in longer ago than this is told with its day.
const RECENT: TimeDelta = TimeDelta::hours(12);

/// The stories, in a region that says aloud what is added to it.
pub(super) fn stories(stories: &[Story], zones: &Zones, now: DateTime<Utc>) -> Markup {
    html! {
        section.card #stories aria-labelledby="stories-heading" {
            h2 #stories-heading { "The story of the call" }
            p.muted #no-story hidden[!stories.is_empty()] { "No call yet. When somebody calls, this is where you see what happens, line by line." }
            div #story-list aria-live="polite" aria-relevant="additions" {
                @for story in stories { (one(story, &zone_of(zones, &story.call.hotline), now)) }
            }
        }
    }
}

fn one(story: &Story, zone: &Zone, now: DateTime<Utc>) -> Markup {
    let arrived = story.call.arrived_at;
    let begun = if now - arrived < RECENT {
        time_of_day(zone, arrived)
    } else {
        day_and_time(zone, arrived, now)
    };
    let left_out = story.entries.len().saturating_sub(LINES_SHOWN);
    html! {
        article.story #{ "call-" (story.call.id) } data-arrived=(rfc3339(zone, arrived)) {
            header {
                h3 { (kind(&story.call)) " for " (story.call.hotline) ", " time datetime=(rfc3339(zone, arrived)) { (begun) } }
                (outcome(&story.call))
                p.in-short { @if let Some(words) = story::in_short(&story.entries) { (words) } }
            }
            @if story.call.ended_at.is_none() {
                noscript { p.since { a href="" { "Load what has happened since" } } }
            }
            @if left_out > 0 { p.muted { "The first " (left_out) " lines are left out." } }
            div.scroll role="group" aria-label="What happened, and who heard what" tabindex="0" {
                ol.lines { (lines(story, left_out, zone)) }
            }
        }
    }
}

/// What it is that happens for a hotline.
const fn kind(call: &CallSummary) -> &'static str {
    match (&call.alarm, call.callback) {
        (Some(_), _) => "Alarm",
        (None, Some(_)) => "Callback",
        (None, None) => "Call",
    }
}

/// The facts in their own order, and between them what was heard before the next one.
fn lines(story: &Story, left_out: usize, zone: &Zone) -> Markup {
    let mut heard = story.heard.iter().peekable();
    let begun = story.call.arrived_at;
    html! {
        @for entry in story.entries.iter().skip(left_out) {
            @while let Some(heard) = heard.next_if(|heard| heard.at < entry.at) { (ear(heard, begun, zone)) }
            (fact(&story::line(entry, zone), &into(begun, entry.at)))
        }
        @for heard in heard { (ear(heard, begun, zone)) }
    }
}

fn fact(line: &story::Line, into: &str) -> Markup {
    html! {
        li.line.{ "is-" (line.kind) } #{ "line-" (line.number) } {
            time datetime=(line.at) title=(line.time) { (into) }
            p { (line.text) }
        }
    }
}

/// Not read aloud: who listens to the page would hear little else.
fn ear(heard: &Heard, begun: DateTime<Utc>, zone: &Zone) -> Markup {
    let what = masked(&heard.what);
    html! {
        li.line.is-heard.is-caller[heard.is_caller].is-speech[heard.is_speech] aria-live="off" {
            time datetime=(rfc3339(zone, heard.at)) title=(time_of_day(zone, heard.at)) { (into(begun, heard.at)) }
            p { strong { (masked(&heard.who)) } " hears " @if heard.is_speech { q { (what) } } @else { (what) } }
        }
    }
}

/// A call that is going on may have an outcome already, and get a better one yet.
fn outcome(call: &CallSummary) -> Markup {
    match (call.ended_at, call.outcome) {
        (None, _) => html! { span.pill.outcome.live { "Going on" } },
        (Some(_), Some(ended)) => html! { span.pill.outcome.(ended.as_str()) { (outcome_words(ended)) } },
        (Some(_), None) => html! { span.pill.outcome.calm { "Over" } },
    }
}

/// The recent calls, newest first.
pub(super) fn recent(calls: &[CallSummary], several: bool, zones: &Zones, now: DateTime<Utc>) -> Markup {
    html! {
        section.card #calls data-refresh aria-labelledby="calls-heading" {
            h2 #calls-heading { "Recent calls" }
            @if calls.is_empty() {
                p.muted { "None yet." }
            } @else {
                table {
                    thead {
                        tr {
                            th scope="col" { "When" }
                            @if several { th scope="col" { "Hotline" } }
                            th scope="col" { "From" }
                            th scope="col" { "Outcome" }
                        }
                    }
                    tbody { @for call in calls { (row(call, several, &zone_of(zones, &call.hotline), now)) } }
                }
            }
        }
    }
}

fn row(call: &CallSummary, several: bool, zone: &Zone, now: DateTime<Utc>) -> Markup {
    html! {
        tr {
            td data-label="When" { a href={ "/calls/" (call.id) } { (day_and_time(zone, call.arrived_at, now)) } }
            @if several { td data-label="Hotline" { (call.hotline) } }
            td data-label="From" {
                @match (&call.alarm, call.callback, &call.from) {
                    (Some(title), _, _) => { "An alarm: " (masked(title)) }
                    (None, Some(id), _) => { "Callback " (id) }
                    (None, None, Some(from)) => span.number { (from) }
                    (None, None, None) => "withheld",
                }
            }
            td data-label="Outcome" { (outcome(call)) }
        }
    }
}

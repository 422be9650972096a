//! The calls: the story of those going on, and what became of the recent ones.

use super::super::board::Board;
use super::super::masking::masked;
use super::super::story::{self, outcome_code, outcome_words};
use super::super::test_line::Heard;
use super::super::times::{day_and_time, rfc3339, span, time_of_day};
use super::{Story, Zones, zone_of};
use crate::roster::wall_clock::Zone;
use crate::store::CallSummary;
use chrono::{DateTime, Utc};
use maud::{Markup, html};

/// A longer story is told from its end.
const LINES_SHOWN: usize = 400;

/// The stories, in a region that says aloud what is added to it.
pub(super) fn stories(stories: &[Story], zones: &Zones) -> Markup {
    html! {
        section.card #stories aria-labelledby="stories-heading" {
            h2 #stories-heading { "The call, as it happens" }
            p.muted #no-story hidden[!stories.is_empty()] { "No call yet." }
            div #story-list aria-live="polite" aria-relevant="additions" {
                @for story in stories { (one(story, &zone_of(zones, &story.call.hotline))) }
            }
        }
    }
}

fn one(story: &Story, zone: &Zone) -> Markup {
    let left_out = story.entries.len().saturating_sub(LINES_SHOWN);
    html! {
        article.story #{ "call-" (story.call.id) } {
            header {
                h3 { "Call for " (story.call.hotline) ", " time datetime=(rfc3339(zone, story.call.arrived_at)) { (time_of_day(zone, story.call.arrived_at)) } }
                (outcome(&story.call))
            }
            @if left_out > 0 { p.muted { "The first " (left_out) " lines are left out." } }
            ol.lines { (lines(story, left_out, zone)) }
        }
    }
}

/// The facts in their own order, and between them what was heard before the next one.
fn lines(story: &Story, left_out: usize, zone: &Zone) -> Markup {
    let mut heard = story.heard.iter().peekable();
    html! {
        @for entry in story.entries.iter().skip(left_out) {
            @while let Some(heard) = heard.next_if(|heard| heard.at < entry.at) { (ear(heard, zone)) }
            (fact(&story::line(entry, zone)))
        }
        @for heard in heard { (ear(heard, zone)) }
    }
}

fn fact(line: &story::Line) -> Markup {
    html! {
        li.line.{ "is-" (line.kind) } #{ "line-" (line.number) } {
            time datetime=(line.at) { (line.time) }
            p { (line.text) }
        }
    }
}

fn ear(heard: &Heard, zone: &Zone) -> Markup {
    html! {
        li.line.is-heard {
            time datetime=(rfc3339(zone, heard.at)) { (time_of_day(zone, heard.at)) }
            p { strong { (masked(&heard.who)) } " hears " q { (masked(&heard.what)) } }
        }
    }
}

/// A call that is going on may have an outcome already, and get a better one yet.
fn outcome(call: &CallSummary) -> Markup {
    match (call.ended_at, call.outcome) {
        (None, _) => html! { span.pill.outcome.live { "Going on" } },
        (Some(_), Some(ended)) => html! { span.pill.outcome.(outcome_code(ended)) { (outcome_words(ended)) } },
        (Some(_), None) => html! { span.pill.outcome.calm { "Over" } },
    }
}

/// The recent calls, newest first.
pub(super) fn recent(calls: &[CallSummary], boards: &[Board], zones: &Zones, now: DateTime<Utc>) -> Markup {
    let several = boards.len() > 1;
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
            td data-label="From" { @match &call.from { Some(from) => span.number { (from) }, None => "withheld" } }
            td data-label="Outcome" {
                (outcome(call))
                @if let Some(ended) = call.ended_at { " " span.muted.small { "after " (span(ended - call.arrived_at)) } }
            }
        }
    }
}

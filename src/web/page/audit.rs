//! The audit log, newest first.

use super::super::visitor::Visitor;
use super::frame;
use crate::store::Audited;
use maud::{Markup, html};

/// The page; `more` is the number of the last line where there are older ones.
pub(in crate::web) fn page(visitor: &Visitor, lines: &[Audited], more: Option<i64>) -> Markup {
    let body = html! {
        section.card aria-labelledby="audit-heading" {
            h1 #audit-heading { "Audit log" }
            p.muted.small { "Every change, and every look at a full number or a recording. Times are UTC." }
            @if lines.is_empty() {
                p.muted { "Nothing yet." }
            } @else {
                table {
                    thead { tr { th scope="col" { "When" } th scope="col" { "Who" } th scope="col" { "From" } th scope="col" { "Hotline" } th scope="col" { "What" } } }
                    tbody { @for line in lines { (row(line)) } }
                }
            }
            @if let Some(more) = more { p { a href={ "/audit?before=" (more) } { "Older ones" } } }
        }
    };
    frame::signed("Audit log", visitor, &body)
}

fn row(line: &Audited) -> Markup {
    html! {
        tr {
            td data-label="When" { time datetime=(line.at.to_rfc3339()) { (line.at.format("%Y-%m-%d %H:%M:%S")) } }
            td data-label="Who" { (line.who) @if line.kind != "user" { " (" (line.kind) ")" } }
            td data-label="From" { @if let Some(client) = &line.client { (client) } }
            td data-label="Hotline" { @if let Some(hotline) = &line.hotline { (hotline) } }
            td data-label="What" { (line.about) }
        }
    }
}

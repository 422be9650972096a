//! What is wrong with the sheet, in the words of the roster's own diagnostics.

use super::super::board::Board;
use super::super::masking::masked;
use super::hotline::{cell_at, instant, more};
use crate::roster::{Diagnostic, Severity};
use maud::{Markup, html};

/// More than this of one severity nobody reads on a page.
const SHOWN: usize = 50;
/// One cause can touch a whole column.
const CELLS_SHOWN: usize = 6;

/// All findings of a hotline, by when they first affect a call; notes are folded.
pub(super) fn section(place: usize, board: &Board) -> Markup {
    let (notes, urgent): (Vec<&Diagnostic>, Vec<&Diagnostic>) =
        board.diagnostics.iter().partition(|finding| finding.severity == Severity::Note);
    if urgent.is_empty() && notes.is_empty() {
        return html! { p.muted.small { "No findings: everything in the sheet was understood." } };
    }
    let id = format!("findings-{place}");
    html! {
        section.findings aria-labelledby=(id) {
            h3 #(id) { "Findings in the sheet" }
            (list(board, &urgent))
            @if !notes.is_empty() {
                details #{ "notes-" (place) } {
                    summary { (notes.len()) @if notes.len() == 1 { " note" } @else { " notes" } }
                    (list(board, &notes))
                }
            }
        }
    }
}

fn list(board: &Board, findings: &[&Diagnostic]) -> Markup {
    if findings.is_empty() {
        return html! {};
    }
    html! {
        ul.finding-list {
            @for finding in findings.iter().take(SHOWN) { (one(board, finding)) }
            @if findings.len() > SHOWN {
                li.muted { (more(findings.len() - SHOWN, "finding")) ". " code { "rotaline check" } " lists them all." }
            }
        }
    }
}

fn one(board: &Board, finding: &Diagnostic) -> Markup {
    let (class, word) = match finding.severity {
        Severity::Stop => ("bad", "Stop"),
        Severity::Warn => ("warn", "Warn"),
        Severity::Note => ("calm", "Note"),
    };
    html! {
        li.finding {
            p.where {
                span.pill.(class) { (word) }
                @for cell in finding.cells.iter().take(CELLS_SHOWN) { " " (cell_at(cell)) }
                @let hidden = finding.cells.len().saturating_sub(CELLS_SHOWN) + finding.more_cells;
                @if hidden > 0 { " and " (more(hidden, "cell")) }
            }
            p { (masked(&finding.seen)) }
            p { (masked(&finding.consequence)) }
            p.remedy { (masked(&finding.remedy)) }
            p.muted.small {
                code { (finding.code.as_str()) }
                @if let Some(affects) = finding.affects { ", first affects calls " (instant(board, affects)) }
            }
        }
    }
}

//! A caller's number in full, for this once.

use super::super::visitor::Visitor;
use super::{form_word, frame};
use crate::call::CallId;
use crate::store::CallSummary;
use maud::{Markup, html};

/// Asks for it.
pub(super) fn button(visitor: &Visitor, call: CallId) -> Markup {
    html! {
        form.show-number method="post" action={ "/calls/" (call) "/number" } {
            (form_word(visitor))
            button.quiet title="The caller's number in full. That you look is noted in the audit log." { "Show number" }
        }
    }
}

/// The page.
pub(in crate::web) fn page(visitor: &Visitor, call: &CallSummary, number: &str) -> Markup {
    let body = html! {
        section.card.alone {
            h1 { "Who called" }
            p { strong.number { (number) } " called the hotline " (call.hotline) "." }
            p.muted.small { "That you have looked is in the audit log." }
            p { a href={ "/calls/" (call.id) } { "The call" } }
        }
    };
    frame::signed("Who called", visitor, &body)
}

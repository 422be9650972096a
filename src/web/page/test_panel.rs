//! Where a test call is ordered: by choosing what everybody does, or ready-made.

use super::super::masking::masked;
use super::super::test_line::{Choice, TestLine};
use super::super::visitor::Visitor;
use super::form_word;
use maud::{Markup, html};

/// The panel, with what this line offers.
pub(super) fn panel(line: &dyn TestLine, visitor: &Visitor) -> Markup {
    let (people, behaviours, callers) = (line.people(), line.behaviours(), line.caller_behaviours());
    html! {
        section.card #test-call aria-labelledby="test-heading" {
            h2 #test-heading { "Try it out" }
            form method="post" action="/test-call" {
                (form_word(visitor))
                fieldset.choices {
                    legend.hidden { "What everybody does" }
                    @for (place, person) in people.iter().enumerate() {
                        label for={ "person-" (place) } { strong { (masked(&person.name)) } }
                        (select(&format!("person-{place}"), &format!("person.{}", person.id), &behaviours, &person.behaviour))
                    }
                    @if let Some(first) = callers.first() {
                        label for="caller" { strong { "The caller" } }
                        (select("caller", "caller", &callers, &first.id))
                    }
                }
                div.order-call {
                    button { "Place a test call" }
                    p.muted.small {
                        "Simulated telephones: nobody is woken. "
                        @if line.pace() > 1 { "They run " (line.pace()) " times as fast as real ones." }
                    }
                }
            }
            form method="post" action="/test-call" {
                (form_word(visitor))
                fieldset.scenarios {
                    legend { "Or one that is ready-made" }
                    @for scenario in line.scenarios() {
                        button.quiet name="scenario" value=(scenario.id) { (scenario.label) }
                    }
                }
            }
            p #test-answer role="status" {}
        }
    }
}

fn select(id: &str, name: &str, choices: &[Choice], chosen: &str) -> Markup {
    html! {
        select id=(id) name=(name) {
            @for choice in choices { option value=(choice.id) selected[choice.id == chosen] { (choice.label) } }
        }
    }
}

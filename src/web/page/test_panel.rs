//! Where a test call is ordered: ready-made, or by choosing what everybody does.

use super::super::masking::masked;
use super::super::test_line::{Choice, TestLine};
use maud::{Markup, html};

/// The panel, with what this line offers.
pub(super) fn panel(line: &dyn TestLine) -> Markup {
    let (people, behaviours, callers) = (line.people(), line.behaviours(), line.caller_behaviours());
    html! {
        section.card #test-call aria-labelledby="test-heading" {
            h2 #test-heading { "Place a test call" }
            p.muted { "The telephones here are simulated: nobody is woken. The story appears below." }
            form method="post" action="/test-call" {
                fieldset.scenarios {
                    legend.hidden { "Ready-made test calls" }
                    @for scenario in line.scenarios() {
                        button.quiet name="scenario" value=(scenario.id) { (scenario.label) }
                    }
                }
            }
            details #test-choices {
                summary { "Choose what everybody does" }
                form method="post" action="/test-call" {
                    div.choices {
                        @for (place, person) in people.iter().enumerate() {
                            div {
                                label for={ "person-" (place) } { strong { (masked(&person.name)) } " " span.number { (person.number) } }
                                (select(&format!("person-{place}"), &format!("person.{}", person.id), &behaviours, &person.behaviour))
                            }
                        }
                        @if let Some(first) = callers.first() {
                            div {
                                label for="caller" { strong { "The caller" } }
                                (select("caller", "caller", &callers, &first.id))
                            }
                        }
                    }
                    button { "Place the call" }
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

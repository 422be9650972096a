//! Whoever is signed in: what he may do, and another password.

use super::super::visitor::{Pass, Visitor};
use super::sign_in::told;
use super::{form_word, frame};
use crate::access::{LONGEST_PASSWORD, SHORTEST_PASSWORD};
use maud::{Markup, html};

/// The page; `wrong` is why the password was not changed.
pub(in crate::web) fn page(visitor: &Visitor, wrong: Option<&str>) -> Markup {
    let (knows_old, by_provider) = match &visitor.pass {
        Pass::Session { held, .. } => (!held.ticket.by_link, held.ticket.by_provider),
        Pass::Token(_) => (true, false),
    };
    let body = html! {
        section.card.alone {
            h1 { (visitor.who.name()) }
            p { "You are " strong { (visitor.who.role()) } " of " (visitor.hotlines()) "." }
            @if by_provider {
                p { "You have signed in by your identity provider: there is no password here to change." }
            } @else {
                (another_password(visitor, knows_old, wrong))
            }
            p { a href="/" { "Who is on call now" } }
        }
    };
    frame::signed("Account", visitor, &body)
}

fn another_password(visitor: &Visitor, knows_old: bool, wrong: Option<&str>) -> Markup {
    html! {
        h2 { "Choose another password" }
        (told(wrong))
        form.sign-in method="post" action="/account" {
            (form_word(visitor))
            @if knows_old {
                label for="old" { "Present password" }
                input #old name="old" type="password" required autocomplete="current-password" maxlength=(LONGEST_PASSWORD);
            }
            label for="new" { "New password, " (SHORTEST_PASSWORD) " characters or more" }
            input #new name="new" type="password" required autocomplete="new-password" minlength=(SHORTEST_PASSWORD) maxlength=(LONGEST_PASSWORD);
            label for="again" { "The same again" }
            input #again name="again" type="password" required autocomplete="new-password" maxlength=(LONGEST_PASSWORD);
            button { "Change the password" }
        }
        p.muted.small { "In all other browsers you are signed out by that." }
    }
}

/// It is done.
pub(in crate::web) fn changed() -> Markup {
    let body = html! {
        section.card.alone {
            h1 { "The password is changed" }
            p { "In all other browsers you are signed out." }
            p { a href="/" { "Who is on call now" } }
        }
    };
    frame::bare("The password is changed", &body)
}

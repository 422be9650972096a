//! Where somebody signs in. Plain, and readable at 3 a.m.; it says nothing of the house behind it.

use super::frame;
use maud::{Markup, html};

/// A link to whoever else knows people.
pub(in crate::web) struct Elsewhere {
    pub(in crate::web) label: String,
    pub(in crate::web) address: String,
}

/// Name and password, or by whom else; `wrong` is why not, the last time.
pub(in crate::web) fn form(next: &str, elsewhere: Option<&Elsewhere>, wrong: Option<&str>) -> Markup {
    let body = html! {
        section.card.alone {
            h1 { "Sign in" }
            (told(wrong))
            @if let Some(Elsewhere { label, address }) = elsewhere {
                // A link and no form: a form may lead within our house only.
                p { a.button href=(address) { "Sign in with " (label) } }
                p.muted { "Or by a name and a password of this house:" }
            }
            form.sign-in method="post" action="/sign-in" {
                input type="hidden" name="next" value=(next);
                label for="name" { "Name" }
                input #name name="name" required autocomplete="username" autocapitalize="none" spellcheck="false" maxlength="64" autofocus;
                label for="password" { "Password" }
                input #password name="password" type="password" required autocomplete="current-password" maxlength="128";
                button { "Sign in" }
            }
            p.muted.small {
                "Forgotten? Whoever runs this service makes you a link by "
                code { "rotaline user link NAME" } "."
            }
        }
    };
    frame::bare("Sign in", &body)
}

/// A link that signs in once.
pub(in crate::web) fn link(word: &str, wrong: Option<&str>) -> Markup {
    let body = html! {
        section.card.alone {
            h1 { "Sign in by a link" }
            @match wrong {
                Some(_) => {
                    (told(wrong))
                    p { a href="/sign-in" { "Sign in with a password" } }
                }
                None => form.sign-in method="post" action={ "/sign-in/link/" (word) } {
                    p { "This link signs you in once, in this browser." }
                    button autofocus { "Sign in" }
                }
            }
        }
    };
    frame::bare("Sign in", &body)
}

/// Nobody may sign in yet.
pub(in crate::web) fn nobody() -> Markup {
    let body = html! {
        section.card.alone {
            h1 { "Nobody can sign in yet" }
            p { "Whoever runs this service makes the first user on its machine, in the folder of its configuration:" }
            p { code { "rotaline user add NAME --role operator" } }
            p.muted { "It asks for a password. Calls are answered meanwhile." }
            p { a href="/sign-in" { "Look again" } }
        }
    };
    frame::bare("Nobody can sign in yet", &body)
}

/// The browser has thrown the cookie away.
pub(in crate::web) fn no_cookie() -> Markup {
    let body = html! {
        section.card.alone {
            h1 { "Your browser has not kept the sign-in" }
            p {
                "You were let in. But cookies are switched off for this page, or it was opened by plain http:// from another
                machine, where passwords can be read along. Open it by https://, or on this machine by http://localhost."
            }
            p { a href="/sign-in" { "Sign in again" } }
        }
    };
    frame::bare("Not signed in", &body)
}

/// What was wrong, told also to those who listen to the page.
pub(super) fn told(wrong: Option<&str>) -> Markup {
    html! { @if let Some(words) = wrong { p.alarm role="alert" { (words) } } }
}

//! What stands around every page.

use super::super::board::Board;
use super::super::files::VERSION;
use super::super::judgement::Status;
use super::super::times::{rfc3339, time_of_day};
use super::super::visitor::{Pass, Visitor};
use super::form_word;
use crate::access::Action;
use crate::roster::wall_clock::Zone;
use chrono::{DateTime, Utc};
use maud::{DOCTYPE, Markup, html};

/// What a page says of itself.
pub(super) struct Head<'a> {
    pub(super) title: &'a str,
    pub(super) boards: &'a [Board],
    pub(super) visitor: &'a Visitor,
    /// The newest entry that was there when the page was made; a page without one is not kept up to date.
    pub(super) reached: Option<i64>,
    pub(super) now: DateTime<Utc>,
}

/// A page that is kept up to date.
pub(super) fn page(head: &Head<'_>, body: &Markup) -> Markup {
    let worst = head.boards.iter().map(|board| board.judgement.status).max();
    let zone = head
        .boards
        .first()
        .map_or_else(|| Zone::new(chrono_tz::UTC), |board| board.zone.clone());
    html! {
        (DOCTYPE)
        html lang="en" {
            (in_head(head.title))
            body data-now=(rfc3339(&zone, head.now)) data-after=[head.reached] {
                a.skip href="#main" { "Skip to the content" }
                header.top {
                    p.brand { a href="/" { "Rotaline" } }
                    p.pill-place #status role="status" data-refresh {
                        @if let Some(worst) = worst { (pill(worst)) }
                    }
                    p.muted.as-of #as-of data-refresh {
                        "As of " time datetime=(rfc3339(&zone, head.now)) { (time_of_day(&zone, head.now)) } " " (zone.name())
                    }
                    (who(head.visitor))
                }
                p.alarm.connection #connection role="alert" hidden {}
                main #main { (body) }
                footer.bottom { p.muted { "Rotaline " (env!("CARGO_PKG_VERSION")) ". Times are local to the rota’s zone." } }
            }
        }
    }
}

/// A page that stands for itself, for somebody who is signed in.
pub(super) fn signed(title: &str, visitor: &Visitor, body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            (in_head(title))
            body {
                header.top { p.brand { a href="/" { "Rotaline" } } (who(visitor)) }
                main #main { (body) }
            }
        }
    }
}

/// Who is signed in, and the way out.
fn who(visitor: &Visitor) -> Markup {
    html! {
        div.who {
            @if visitor.may(Action::AuditPage, None) { a href="/audit" { "Audit log" } " " }
            a href="/account" { (visitor.who.name()) }
            @if let Pass::Session { .. } = &visitor.pass {
                form method="post" action="/sign-out" { (form_word(visitor)) button.quiet.small { "Sign out" } }
            }
        }
    }
}

/// A page that stands for itself.
pub(super) fn bare(title: &str, body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            (in_head(title))
            body {
                header.top { p.brand { a href="/" { "Rotaline" } } }
                main #main { (body) }
            }
        }
    }
}

fn in_head(title: &str) -> Markup {
    let version = VERSION.as_str();
    html! {
        head {
            meta charset="utf-8";
            meta name="viewport" content="width=device-width, initial-scale=1";
            meta name="color-scheme" content="light dark";
            title { (title) " · Rotaline" }
            link rel="icon" type="image/svg+xml" href={ "/static/icon.svg?v=" (version) };
            link rel="stylesheet" href={ "/static/page.css?v=" (version) };
            script defer src={ "/static/page.js?v=" (version) } {}
        }
    }
}

/// A status in a word and a colour.
pub(super) fn pill(status: Status) -> Markup {
    match status {
        Status::Ok => html! { span.pill.good { "All well" } },
        Status::Degraded => html! { span.pill.warn { "Look at this" } },
        Status::Failing => html! { span.pill.bad { "Calls are affected" } },
    }
}

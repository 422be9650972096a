//! Who is on call by the title of an event. The grammar is small, and nothing beyond it is guessed:
//!
//! - a title that the settings know (`Code: On call* | 1st`, `Ignore codes | Holiday, Working*`) means that, whoever the
//!   calendar belongs to; so does one that begins with a word for being on call (`On call (co-ord)`);
//! - a contact alone, or several (`Ana Diaz`, `Ana / Bill`);
//! - a contact and a role, either way round (`Ana Diaz - 1st`, `1st: Ana Diaz`, `On call: Ana Diaz (primary)`);
//! - a mark `[L1]` says the level.

use crate::roster::cells::names::Found;
use crate::roster::cells::words::{fold, tidy};
use crate::roster::contacts::People;
use crate::roster::conventions::Conventions;
use crate::roster::layouts::roles;
use crate::roster::slots::Order;
use crate::roster::terms::Meaning;

/// Words for being on call that say no level.
#[rustfmt::skip]
const ON_CALL: &[&str] = &[
    "on call", "oncall", "on duty", "duty", "call", "rufbereitschaft", "bereitschaft", "astreinte", "de garde", "garde", "guardia",
    "de guardia", "reperibile", "plantao",
];

/// What a title says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Title {
    Rings {
        whom: Whom,
        /// Nothing where it does not say it.
        order: Option<Order>,
        /// How the level is called.
        label: String,
    },
    /// Not on call.
    Silent,
    /// Neither.
    Unknown,
}

/// Who is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Whom {
    Named(String),
    /// The title names nobody.
    Elsewhere,
}

/// Reads a title.
pub(super) fn read(text: &str, conventions: &Conventions, people: &People) -> Title {
    let text = tidy(text).replace('\n', " ");
    match conventions.terms.code(&text) {
        Some(Meaning::Silent) => return Title::Silent,
        Some(Meaning::Rings(term)) => {
            return Title::Rings {
                whom: Whom::Elsewhere,
                order: term.level.map(Order::from),
                label: text,
            };
        }
        None => {}
    }
    if roles::is_away(&text) {
        return Title::Silent;
    }
    let (mark, rest) = marked(&text);
    if rest.is_empty() {
        return Title::Unknown;
    }
    if names_contacts(rest, people) {
        let by_bracket = bracket(rest).and_then(|(_, inside)| role(inside, conventions)).flatten();
        return named(rest, rest, mark.or(by_bracket));
    }
    let (core, inside) = bracket(rest).map_or((rest, None), |(core, inside)| {
        (core, role(inside, conventions).map(|order| (inside, order)))
    });
    let by_bracket = inside.and_then(|(_, order)| order);
    for joint in [":", " - ", " | "] {
        let Some((front, back)) = core.split_once(joint) else { continue };
        let (front, back) = (front.trim(), back.trim());
        if front.is_empty() || back.is_empty() {
            continue;
        }
        let (front_role, back_role) = (role(front, conventions), role(back, conventions));
        // Where a role stands the other part is a name, be it known or not.
        return match (front_role, back_role, names_contacts(front, people), names_contacts(back, people)) {
            (Some(order), None, false, _) => named(back, front, mark.or(by_bracket).or(order)),
            (None, Some(order), _, false) => named(front, back, mark.or(by_bracket).or(order)),
            (_, _, true, false) if back_role.is_some() => named(front, back, mark.or(back_role.flatten())),
            (_, _, false, true) if front_role.is_some() => named(back, front, mark.or(front_role.flatten())),
            (_, _, _, _) => Title::Unknown,
        };
    }
    let is_on_call = |text: &str| ON_CALL.contains(&fold(text).as_str());
    if is_on_call(core) || role(core, conventions).is_some_and(|order| order.is_some()) {
        let by_word = role(core, conventions).flatten();
        return Title::Rings {
            whom: Whom::Elsewhere,
            order: mark.or(by_bracket).or(by_word),
            label: rest.to_owned(),
        };
    }
    // `[L1] Somebody`: the mark says that it is a person.
    if mark.is_some() || inside.is_some() {
        named(core, rest, mark.or(by_bracket))
    } else {
        Title::Unknown
    }
}

fn named(name: &str, label: &str, order: Option<Order>) -> Title {
    Title::Rings {
        whom: Whom::Named(name.to_owned()),
        order,
        label: label.to_owned(),
    }
}

/// The level of a mark such as `[L1]` at either end, and the title without it.
fn marked(text: &str) -> (Option<Order>, &str) {
    let level = |mark: &str| {
        let digits = mark.strip_prefix(['L', 'l'])?;
        digits
            .parse::<u16>()
            .ok()
            .filter(|level| (1..=20).contains(level))
            .map(|level| Order::Level(level - 1))
    };
    let at_front = text.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    if let Some((order, rest)) = at_front.and_then(|(mark, rest)| Some((level(mark)?, rest))) {
        return (Some(order), rest.trim());
    }
    let at_end = text.strip_suffix(']').and_then(|rest| rest.rsplit_once('['));
    match at_end.and_then(|(rest, mark)| Some((level(mark)?, rest))) {
        Some((order, rest)) => (Some(order), rest.trim()),
        None => (None, text),
    }
}

/// `Ana Diaz (primary)` as name and bracket.
fn bracket(text: &str) -> Option<(&str, &str)> {
    let (core, inside) = text.strip_suffix(')')?.rsplit_once('(')?;
    let core = core.trim();
    (!core.is_empty()).then_some((core, inside.trim()))
}

/// Whether a part of a title is a role, and its place in the order where it says one.
fn role(text: &str, conventions: &Conventions) -> Option<Option<Order>> {
    let folded = fold(text);
    if ON_CALL.contains(&folded.as_str()) {
        return Some(None);
    }
    let known = conventions.terms.code(text).cloned().or_else(|| conventions.terms.label(text));
    match known? {
        // Words such as "primary school" are no role.
        Meaning::Rings(term) if folded.split(' ').count() <= 3 => Some(term.level.map(Order::from)),
        Meaning::Rings(_) | Meaning::Silent => None,
    }
}

fn names_contacts(text: &str, people: &People) -> bool {
    let is_one = |part: &str| matches!(people.names.find(part), Found::One(_));
    let mut parts = text.split(['/', '&']).map(str::trim).filter(|part| !part.is_empty()).peekable();
    is_one(text) || (parts.peek().is_some() && parts.all(is_one))
}

//! Pages of items, and what changed since: `@odata.nextLink`, `@odata.deltaLink`, and the mischief that a test may ask of either.

use super::Mischief;
use super::address::SiteAddress;
use super::items;
use super::query::{Fields, Query};
use super::reply::Failure;
use super::state::{ListState, Site, State};
use crate::journal::Request;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Items on a page where neither client nor test says a number.
const PAGE: usize = 200;

/// Where links lead.
pub(super) struct Origins<'a> {
    /// Graph itself, as the client addressed it.
    pub(super) here: &'a str,
    /// The other host.
    pub(super) other: &'a str,
}

/// A page of the items of a list.
pub(super) fn items(
    state: &State,
    (address, list): (&SiteAddress, &str),
    query: &Query,
    request: &Request,
    origins: &Origins<'_>,
) -> Result<Value, Failure> {
    let (site, list) = state.list(address, list)?;
    items::check(list, &query.fields)?;
    let after = match &query.skip_token {
        None => 0,
        Some(token) => last_id(token).ok_or_else(|| Failure::invalid("The skip token is invalid"))?,
    };
    let numbers: Vec<u32> = list.items.range(after + 1..).map(|(number, _)| *number).collect();
    let mut shown = first_of(state, query, &numbers).to_vec();
    let end = shown.last().copied().unwrap_or(after);
    let is_last = shown.len() == numbers.len();
    if state.mischief == Some(Mischief::Duplicates) {
        shown.splice(0..0, list.items.range(..=after).next_back().map(|(number, _)| *number));
    }
    let next = link(request, origins.here, "$skiptoken", &skip_token(end));
    let mut answer = collection(site, list, query, &shown, origins.here);
    let next = match state.mischief {
        Some(Mischief::OtherHost) => Some(next.replacen(origins.here, origins.other, 1)),
        Some(Mischief::OtherScheme) => Some(next.replacen("http://", "https://", 1)),
        Some(Mischief::SamePage) => Some(same(request, origins.here)),
        Some(Mischief::Endless) if is_last => Some(link(request, origins.here, "$skiptoken", &endless(query))),
        Some(Mischief::Endless | Mischief::Duplicates) | None => (!is_last).then_some(next),
    };
    if let Some(next) = next {
        answer["@odata.nextLink"] = next.into();
    }
    Ok(answer)
}

/// What changed in a list since a token; without one, all that is there.
pub(super) fn delta(
    state: &State,
    (address, list): (&SiteAddress, &str),
    query: &Query,
    request: &Request,
    origins: &Origins<'_>,
) -> Result<Value, Failure> {
    let (site, list) = state.list(address, list)?;
    items::check(list, &query.fields)?;
    let now = list.changes.len();
    let fresh = Token {
        epoch: state.epoch,
        since: None,
        until: now,
        after: 0,
    };
    let token = match query.token.as_deref() {
        None | Some("") => fresh,
        Some("latest") => Token {
            since: Some(now),
            after: u32::MAX,
            ..fresh
        },
        Some(text) => Token::parse(text).ok_or_else(|| Failure::invalid("The delta token is invalid"))?,
    };
    if token.epoch != state.epoch {
        return Err(too_old(request, origins.here));
    }
    // A token of the end of an answer: what is asked for begins where that answer was begun.
    let token = if token.after == u32::MAX && query.token.as_deref() != Some("latest") {
        Token {
            since: Some(token.until),
            until: now,
            after: 0,
            ..token
        }
    } else {
        token
    };
    let changed: BTreeSet<u32> = match token.since {
        None => list.items.keys().copied().collect(),
        Some(since) => list.changes.iter().skip(since).copied().collect(),
    };
    let numbers: Vec<u32> = changed.into_iter().filter(|number| *number > token.after).collect();
    let shown = first_of(state, query, &numbers);
    let is_last = shown.len() == numbers.len();
    let mut answer = collection(site, list, query, shown, origins.here);
    // A delta does not say by whom (documentation of "listItem: delta").
    for shape in answer["value"]
        .as_array_mut()
        .into_iter()
        .flatten()
        .filter_map(Value::as_object_mut)
    {
        shape.remove("lastModifiedBy");
    }
    let name = if is_last { "@odata.deltaLink" } else { "@odata.nextLink" };
    let after = if is_last { u32::MAX } else { shown.last().copied().unwrap_or(0) };
    answer[name] = link(request, origins.here, "token", &Token { after, ..token }.text()).into();
    Ok(answer)
}

fn first_of<'a>(state: &State, query: &Query, numbers: &'a [u32]) -> &'a [u32] {
    let most = query.top.unwrap_or(PAGE).min(state.page_size.unwrap_or(usize::MAX));
    &numbers[..most.min(numbers.len())]
}

fn collection(site: &Site, list: &ListState, query: &Query, numbers: &[u32], here: &str) -> Value {
    let shapes: Vec<Value> = numbers
        .iter()
        .map(|number| match list.items.get(number) {
            Some(item) => items::item(site, list, *number, item, &query.fields),
            None => items::removed(site, *number),
        })
        .map(|shape| query.selected(shape))
        .collect();
    let fields = if query.fields == Fields::None { "" } else { "(fields())" };
    json!({
        "@odata.context": format!("{here}/v1.0/$metadata#sites('{}')/lists('{}')/items{fields}", site.id, list.id),
        "value": shapes,
    })
}

/// As Graph's own: SharePoint's paging by the number of the last item, in base64.
fn skip_token(after: u32) -> String {
    BASE64.encode(format!("Paged=TRUE&p_ID={after}"))
}

fn last_id(token: &str) -> Option<u32> {
    let text = String::from_utf8(BASE64.decode(token).ok()?).ok()?;
    let text = text.split_once("&turn=").map_or(text.as_str(), |(text, _)| text);
    text.strip_prefix("Paged=TRUE&p_ID=")?.parse().ok()
}

/// The first page over and over, each time under another token.
fn endless(query: &Query) -> String {
    let text = query.skip_token.as_deref().and_then(|token| BASE64.decode(token).ok());
    let text = text.and_then(|text| String::from_utf8(text).ok()).unwrap_or_default();
    let turn = text
        .split_once("&turn=")
        .and_then(|(_, turn)| turn.parse::<u64>().ok())
        .unwrap_or(0);
    BASE64.encode(format!("Paged=TRUE&p_ID=0&turn={}", turn + 1))
}

/// The address that was asked for, as it was asked for.
fn same(request: &Request, here: &str) -> String {
    let mark = if request.query.is_empty() { "" } else { "?" };
    format!("{here}{}{mark}{}", request.path, request.query)
}

/// The address that was asked for, with another token.
fn link(request: &Request, here: &str, name: &str, token: &str) -> String {
    let others = request.query.split('&').filter(|pair| {
        let key = pair.split('=').next().unwrap_or_default().replace("%24", "$");
        !key.is_empty() && key.trim_start_matches('$') != name.trim_start_matches('$')
    });
    let mut pairs: Vec<String> = others.map(str::to_owned).collect();
    if !token.is_empty() {
        pairs.push(format!("{name}={token}"));
    }
    let mark = if pairs.is_empty() { "" } else { "?" };
    format!("{here}{}{mark}{}", request.path, pairs.join("&"))
}

/// 410 and where to begin anew (documentation of "listItem: delta").
fn too_old(request: &Request, here: &str) -> Failure {
    let message = "Resync required. Replace any local items with the server's version (including deletes) \
                   if you're sure that the service was up to date with your local changes when you last sync'd.";
    let location = link(request, here, "token", "");
    Failure::new(410, "resyncRequired", message)
        .detail("resyncChangesApplyDifferences")
        .header("location", location)
}

/// Where a client stands in the changes of a list.
#[derive(Clone, Copy)]
struct Token {
    epoch: u64,
    /// Changes after this one; `None` for all that is there.
    since: Option<usize>,
    /// The last change when the first page was made.
    until: usize,
    /// The last item shown; the highest number at the end.
    after: u32,
}

impl Token {
    fn text(self) -> String {
        let since = self.since.map_or_else(|| "all".to_owned(), |since| since.to_string());
        BASE64.encode(format!("4;%23;1;3;{};{since};{};{}", self.epoch, self.until, self.after))
    }

    fn parse(text: &str) -> Option<Token> {
        let text = String::from_utf8(BASE64.decode(text).ok()?).ok()?;
        let parts: Vec<&str> = text.strip_prefix("4;%23;1;3;")?.split(';').collect();
        let [epoch, since, until, after] = parts.as_slice() else {
            return None;
        };
        Some(Token {
            epoch: epoch.parse().ok()?,
            since: if *since == "all" { None } else { Some(since.parse().ok()?) },
            until: until.parse().ok()?,
            after: after.parse().ok()?,
        })
    }
}

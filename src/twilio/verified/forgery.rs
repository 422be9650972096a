//! What the log says of a wrong signature: enough for the operator to find a wrong address, or a proxy that is not trusted.
//! It has no values of the form, which are phone numbers, and no secret; it must not decide who is let in.

use super::super::address::BaseUrl;
use super::super::form::Form;
use crate::peer::{self, Way};
use axum::http::request::Parts;
use std::fmt;

/// So many names of fields are repeated.
const MOST_NAMES: usize = 100;

/// One webhook whose signature fits none of the addresses that count.
#[derive(Debug)]
pub struct Forgery {
    /// The addresses that the signature was compared for.
    tried: Vec<String>,
    /// The address that it does fit, by headers that do not count, or that is not the known one.
    signed_for: Option<String>,
    /// The address that is known.
    known: Option<String>,
    /// What the request says of where it was sent.
    seen: String,
    way: Option<Way>,
    /// The names of the fields received.
    names: Vec<String>,
}

impl Forgery {
    pub(super) fn new(parts: &Parts, addresses: (&[BaseUrl], Option<&BaseUrl>, Option<&BaseUrl>), form: &Form) -> Self {
        let (tried, signed_for, known) = addresses;
        let query = if parts.uri.query().is_some() { "?…" } else { "" };
        let path = parts.uri.path();
        let names = form.fields().iter().take(MOST_NAMES);
        Self {
            tried: tried.iter().map(|base| format!("{base}{path}{query}")).collect(),
            signed_for: signed_for.map(ToString::to_string),
            known: known.map(ToString::to_string),
            seen: peer::seen(&parts.headers),
            way: parts.extensions.get().copied(),
            names: names.map(|(name, _)| printable(name).to_owned()).collect(),
        }
    }

    fn advice(&self) -> String {
        let untrusted = self.way.filter(|way| !way.is_trusted).map(|way| way.peer);
        match (&self.signed_for, &self.known, untrusted) {
            (Some(signed), Some(known), _) => format!(
                "It is genuine for {signed}, which is not our public address, {known}: in Twilio's console let the number lead to {known}, or write server.public_url = \"{signed}\""
            ),
            (Some(signed), None, Some(peer)) => format!(
                "It is genuine for {signed}, as headers of {peer} say, which is not a trusted proxy: write server.public_url = \"{signed}\", or, if it is your proxy, server.trusted_proxies = [\"{peer}\"]"
            ),
            (Some(signed), None, None) => format!("It is genuine for {signed}: write server.public_url = \"{signed}\""),
            (None, Some(known), _) => format!(
                "If it is Twilio's: does the number lead to {known} in the console, letter by letter, and is the auth token that account's own? Else somebody forges"
            ),
            (None, None, _) => "If it is Twilio's: write server.public_url as the number has it in the console, without /twilio/…, and look whether the auth token is that account's own. Else somebody forges".to_owned(),
        }
    }
}

impl fmt::Display for Forgery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            tried, seen, names, way, ..
        } = self;
        write!(f, "its signature fits none of {tried:?}. {}. Seen: {seen}", self.advice())?;
        if let Some(Way {
            peer, is_trusted, client, ..
        }) = way
        {
            let trust = if *is_trusted {
                "trusted as a proxy"
            } else {
                "not trusted as a proxy"
            };
            write!(f, "; from {peer} ({trust}) for {client}")?;
        }
        write!(f, "; fields {names:?}")
    }
}

/// A forger chooses the names too: what does not look like one is not repeated in the log.
fn printable(name: &str) -> &str {
    let plain = name.len() <= 40 && name.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'_');
    if plain { name } else { "?" }
}

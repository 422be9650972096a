//! What single values of the configuration must look like. Each check answers with the value, or with what is allowed.

use super::faults::nearest;
use crate::call::{HotlineName, Screening};
use crate::roster::PhoneNumber;
use chrono::NaiveTime;
use chrono_tz::{TZ_VARIANTS, Tz};
use secrecy::SecretString;
use std::path::PathBuf;
use url::{Host, Url};

/// Which addresses are allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Urls {
    /// Our own, as the carrier sees it.
    OfThisService,
    /// The carrier's.
    OfCarrier,
}

/// `https`, or `http` to this very machine; without a user, a query or a fragment, and without a path.
pub(super) fn url(text: &str, which: Urls) -> Result<Url, String> {
    let example = match which {
        Urls::OfThisService => "https://hotline.example.org",
        Urls::OfCarrier => "https://api.twilio.com",
    };
    let remedy = || format!("Write an https address without a path, such as \"{example}\"; plain http only to this very machine");
    let url = Url::parse(text).map_err(|_| remedy())?;
    let safe = url.scheme() == "https" || (url.scheme() == "http" && is_loopback(&url));
    let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
    let anonymous = url.username().is_empty() && url.password().is_none();
    if safe && bare && anonymous { Ok(url) } else { Err(remedy()) }
}

/// `AC` and 32 hexadecimal characters. The value is never shown: people paste the token here.
pub(super) fn account_sid(text: &str) -> Result<String, (String, String)> {
    let digits = text.strip_prefix("AC").unwrap_or_default();
    if digits.len() == 32 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Ok(text.to_owned());
    }
    let begins = if text.starts_with("AC") { "beginning" } else { "not beginning" };
    Err((
        format!("{} characters, {begins} with AC", text.chars().count()),
        "Write the Account SID of Twilio's console: \"AC\" and 32 characters from 0 to 9 and a to f".to_owned(),
    ))
}

/// A secret: one word that can stand in a file or a variable. The error says what is wrong without showing it.
pub(super) fn token(text: &str) -> Result<SecretString, String> {
    const LONGEST: usize = 200;
    if text.len() > LONGEST {
        return Err(format!("longer than {LONGEST} characters"));
    }
    if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err("has blanks or other characters that no token has".to_owned());
    }
    Ok(SecretString::from(text))
}

/// A hotline's short name.
pub(super) fn hotline_name(text: &str) -> Result<HotlineName, String> {
    const LONGEST: usize = 40;
    let fits = (1..=LONGEST).contains(&text.len()) && text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'));
    if fits {
        return Ok(HotlineName(text.to_owned()));
    }
    Err(format!("Allowed: 1 to {LONGEST} small letters, digits and \"-\", such as \"lab\""))
}

/// A number in international form.
pub(super) fn number(text: &str) -> Result<PhoneNumber, String> {
    PhoneNumber::from_e164(text)
        .map_err(|_| "Write it in international form: + and 7 to 15 digits without spaces, such as \"+61491570006\"".to_owned())
}

/// An IANA zone.
pub(super) fn time_zone(text: &str) -> Result<Tz, String> {
    text.parse()
        .map_err(|_| match nearest(text, TZ_VARIANTS.iter().map(|zone| zone.name())) {
            Some(near) => format!("Did you mean \"{near}\"?"),
            None => "Write a zone's name of the tz database, such as \"Australia/Melbourne\"".to_owned(),
        })
}

/// A country that has telephone numbers.
pub(super) fn country(text: &str) -> Result<String, String> {
    match text.parse::<phonenumber::country::Id>() {
        Ok(_) if text.bytes().all(|byte| byte.is_ascii_uppercase()) => Ok(text.to_owned()),
        Ok(_) | Err(_) => Err("Write a country's two capital letters, such as \"AU\"".to_owned()),
    }
}

/// A time of day, kept as written.
pub(super) fn time_of_day(text: &str) -> Result<String, String> {
    match NaiveTime::parse_from_str(text, "%H:%M") {
        Ok(_) => Ok(text.to_owned()),
        Err(_) => Err("Write a time of day, from \"00:00\" to \"23:59\"".to_owned()),
    }
}

/// What counts as accepting.
pub(super) fn screening(text: &str) -> Result<Screening, String> {
    match text {
        "press-1" => Ok(Screening::Press1),
        "machine-detection" => Ok(Screening::MachineDetection),
        "both" => Ok(Screening::Both),
        "none" => Ok(Screening::None),
        _ => Err("Allowed: \"press-1\", \"machine-detection\", \"both\", \"none\"".to_owned()),
    }
}

/// A path.
pub(super) fn path(text: &str) -> Result<PathBuf, String> {
    if text.trim().is_empty() {
        return Err("Write a path".to_owned());
    }
    Ok(PathBuf::from(text))
}

/// Whether an address is on this machine: where plain http is no danger, and where rehearsals stay.
#[must_use]
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

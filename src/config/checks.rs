//! What single values of the configuration must look like. Each check answers with the value, or with what is allowed.

use super::MailSecurity;
use super::faults::nearest;
use crate::call::{HotlineName, Screening};
use crate::phrases::Language;
use crate::roster::{NotAPhone, Phone, PhoneKind, is_host_name};
use chrono::NaiveTime;
use chrono_tz::{TZ_VARIANTS, Tz};
use secrecy::SecretString;
use std::path::PathBuf;
use url::{Host, Url};

/// Which addresses are allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Urls {
    /// Our own, as the carrier sees it.
    ThisService,
    /// The carrier's.
    Carrier,
    /// Google's, for spreadsheets.
    Sheets,
    /// Google's, for files.
    Drive,
    /// Google's, for signing in.
    Tokens,
    /// Microsoft's, for sites and files.
    Graph,
    /// Microsoft's, for signing in.
    Login,
    /// An identity provider's name.
    Issuer,
}

impl Urls {
    const fn example(self) -> &'static str {
        match self {
            Self::ThisService => "https://hotline.example.org",
            Self::Carrier => "https://api.twilio.com",
            Self::Sheets => "https://sheets.googleapis.com",
            Self::Drive => "https://www.googleapis.com",
            Self::Tokens => "https://oauth2.googleapis.com/token",
            Self::Graph => "https://graph.microsoft.com",
            Self::Login => "https://login.microsoftonline.com",
            Self::Issuer => "https://accounts.google.com",
        }
    }

    const fn may_have_path(self) -> bool {
        match self {
            Self::ThisService | Self::Tokens | Self::Issuer => true,
            Self::Carrier | Self::Sheets | Self::Drive | Self::Graph | Self::Login => false,
        }
    }
}

/// `https`, or `http` to this very machine; without a user, a query or a fragment, and without a path.
pub(super) fn url(text: &str, which: Urls) -> Result<Url, String> {
    let remedy = || {
        let path = if which.may_have_path() { "" } else { " without a path" };
        let example = which.example();
        format!("Write an https address{path}, such as \"{example}\"; plain http only to this very machine")
    };
    let url = Url::parse(text).map_err(|_| remedy())?;
    let bare = (url.path() == "/" || which.may_have_path()) && url.query().is_none() && url.fragment().is_none();
    if is_safe(&url) && bare { Ok(url) } else { Err(remedy()) }
}

/// Who signs what an identity provider says: kept as it is written, since it is compared so.
pub(super) fn issuer(text: &str) -> Result<String, String> {
    let which = Urls::Issuer;
    url(text, which).map(|_| text.to_owned())
}

/// What is asked for at an identity provider.
pub(super) fn scope(text: &str) -> Result<String, String> {
    // RFC 6749, section 3.3.
    let is_one = !text.is_empty() && text.len() <= 200 && text.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\\'));
    if is_one {
        Ok(text.to_owned())
    } else {
        Err("Write scopes of the provider, such as \"email\"".to_owned())
    }
}

/// A line of some words.
pub(super) fn plain_line(text: &str, remedy: &str) -> Result<String, String> {
    let line = text.trim();
    if line.is_empty() || line.chars().count() > 200 || line.chars().any(char::is_control) {
        return Err(remedy.to_owned());
    }
    Ok(line.to_owned())
}

/// Nobody reads along, and no name or password is in it.
fn is_safe(url: &Url) -> bool {
    let private = url.scheme() == "https" || (url.scheme() == "http" && is_loopback(url));
    private && url.username().is_empty() && url.password().is_none()
}

/// A country calling code: `+61`; of those that share one, with the digits that tell them apart: `+1876`.
pub(super) fn calling_code(text: &str) -> Result<u16, String> {
    let code = text
        .strip_prefix('+')
        .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
    code.and_then(|digits| digits.parse().ok())
        .filter(|code| phonenumber::metadata::DATABASE.region(code).is_some() || (1_200..=1_999).contains(code))
        .ok_or_else(|| "Write country calling codes, such as \"+61\"".to_owned())
}

/// How numbers begin that may be dialled: a country calling code, perhaps with some of the digits that follow.
pub(super) fn beginning(text: &str) -> Result<u32, String> {
    let digits = text.strip_prefix('+').filter(|digits| {
        let is_plain = (1..=8).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
        is_plain && (1..=3).any(|length| digits.get(..length).is_some_and(|code| calling_code(&format!("+{code}")).is_ok()))
    });
    digits
        .and_then(|digits| digits.parse().ok())
        .ok_or_else(|| "Write how numbers begin: country calling codes such as \"+61\", or more digits such as \"+1876\"".to_owned())
}

/// Where notices are posted to. The address is itself a secret and is not shown.
pub(super) fn webhook(text: &str) -> Result<SecretString, String> {
    match Url::parse(text) {
        Ok(url) if is_safe(&url) && text.len() <= 2000 => Ok(SecretString::from(text)),
        Ok(_) => Err("is no https address".to_owned()),
        Err(_) => Err("is no address".to_owned()),
    }
}

/// A mail server by name or address.
pub(super) fn mail_host(text: &str) -> Result<String, String> {
    let bare = text.trim_start_matches('[').trim_end_matches(']');
    match Host::parse(text).or_else(|_| bare.parse().map(Host::Ipv6)) {
        Ok(_) if text.len() <= 253 => Ok(bare.to_owned()),
        Ok(_) | Err(_) => Err("Write the name of your mail server without a port, such as \"smtp.example.org\"".to_owned()),
    }
}

/// How the way to it is kept private.
pub(super) fn mail_security(text: &str) -> Result<MailSecurity, String> {
    match text {
        "starttls" => Ok(MailSecurity::StartTls),
        "tls" => Ok(MailSecurity::Tls),
        "none" => Ok(MailSecurity::None),
        _ => Err("Allowed: \"starttls\", \"tls\", \"none\" (only to this very machine)".to_owned()),
    }
}

/// As whom a mail server knows us.
pub(super) fn mail_user(text: &str) -> Result<String, String> {
    if text.is_empty() || text.len() > 254 || text.chars().any(char::is_control) {
        return Err("Write as whom your mail server knows us, such as \"rotaline@example.org\"".to_owned());
    }
    Ok(text.to_owned())
}

/// An address of e-mail, without a name.
pub(super) fn mail_address(text: &str) -> Result<String, String> {
    let plain = text
        .bytes()
        .all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'<' | b'>' | b'"' | b',' | b';' | b'(' | b')' | b'\\'));
    match text.split_once('@') {
        Some((who, place)) if plain && !who.is_empty() && who.len() <= 64 && text.len() <= 254 && Host::parse(place).is_ok() => {
            Ok(text.to_owned())
        }
        Some(_) | None => Err("Write an address without a name, such as \"ops@example.org\"".to_owned()),
    }
}

/// A password: one line. The error says what is wrong without showing it.
pub(super) fn password(text: &str) -> Result<SecretString, String> {
    if text.is_empty() {
        return Err("nothing is in it".to_owned());
    }
    if text.len() > 1000 || text.chars().any(char::is_control) {
        return Err("is no password of one line".to_owned());
    }
    Ok(SecretString::from(text))
}

/// Whether a host is this machine: where nobody reads along.
pub(super) fn is_this_machine(host: &str) -> bool {
    host == "localhost" || host.parse().is_ok_and(|address: std::net::IpAddr| address.is_loopback())
}

/// A spreadsheet's identifier, also out of the address that a browser shows.
#[cfg(feature = "google-sheets")]
pub(super) fn google_sheet(text: &str) -> Result<String, String> {
    let id = providers::google_sheets::SpreadsheetId::parse(text).map_err(|words| sentence(&words))?;
    Ok(id.as_str().to_owned())
}

/// A build without it says so.
#[cfg(not(feature = "google-sheets"))]
pub(super) fn google_sheet(_: &str) -> Result<String, String> {
    Err("This rotaline was built without Google Sheets: use one with the feature google-sheets".to_owned())
}

/// A SharePoint site by its address, or that of a page in it.
#[cfg(feature = "sharepoint")]
pub(super) fn site(text: &str) -> Result<String, String> {
    match providers::Site::parse(text) {
        Ok(_) => Ok(text.trim().to_owned()),
        // The address is shown already; what is wrong with it, and what is right, follows it.
        Err(words) => Err(sentence(words.trim_start_matches(&format!("\"{}\" ", text.trim())))),
    }
}

/// A build without it says so.
#[cfg(not(feature = "sharepoint"))]
pub(super) fn site(_: &str) -> Result<String, String> {
    Err("This rotaline was built without SharePoint: use one with the feature sharepoint".to_owned())
}

/// With a capital at its beginning.
#[cfg(any(feature = "google-sheets", feature = "sharepoint"))]
fn sentence(words: &str) -> String {
    let mut characters = words.chars();
    let first = characters.next().map(|first| first.to_uppercase().to_string());
    first.unwrap_or_default() + characters.as_str()
}

/// A list's name as people see it.
pub(super) fn list_name(text: &str) -> Result<String, String> {
    let name = text.trim();
    if name.is_empty() || name.len() > 255 {
        return Err("Write the list's name as the site shows it".to_owned());
    }
    Ok(name.to_owned())
}

/// A file in a document library.
pub(super) fn drive_path(text: &str) -> Result<String, String> {
    const REMEDY: &str = "Write the path within the document library, such as \"Rotas/Rota.xlsx\"";
    let path = text.trim().trim_matches('/');
    let plain = path.split('/').all(|part| !part.is_empty() && part != "." && part != "..");
    let kind = path.rsplit_once('.').map(|(_, kind)| kind.to_ascii_lowercase()).unwrap_or_default();
    if !plain || path.contains(['\\', ':', '?', '#']) || path.len() > 400 {
        return Err(REMEDY.to_owned());
    }
    if !["xlsx", "xlsm", "csv", "tsv", "txt", "ics"].contains(&kind.as_str()) {
        return Err(format!("{REMEDY}: an .xlsx or a .csv file"));
    }
    Ok(path.to_owned())
}

/// A person by the name that she signs in with.
pub(super) fn user(text: &str) -> Result<String, String> {
    let parts = text.split_once('@');
    let fits = parts.is_some_and(|(name, place)| !name.is_empty() && place.contains('.'));
    let plain = text
        .bytes()
        .all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'/' | b'?' | b'%' | b'\\'));
    if fits && plain && text.len() <= 200 {
        return Ok(text.to_owned());
    }
    Err("Write the name that the person signs in with, such as \"anna@contoso.com\"".to_owned())
}

/// A directory at Microsoft: its identifier or one of its domains. Not shown: people paste the secret here.
pub(super) fn tenant(text: &str) -> Result<String, (String, String)> {
    let domain = text.contains('.') && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'));
    if is_identifier(text) || (domain && text.len() <= 253) {
        return Ok(text.to_owned());
    }
    Err((
        of_length(text),
        "Write the Directory (tenant) ID, 36 characters, or a domain of it such as \"contoso.onmicrosoft.com\"".to_owned(),
    ))
}

/// An application at Microsoft. Not shown: people paste the secret here.
pub(super) fn client_id(text: &str) -> Result<String, (String, String)> {
    if is_identifier(text) {
        return Ok(text.to_owned());
    }
    Err((
        of_length(text),
        "Write the Application (client) ID of the app registration: 36 characters, five groups with \"-\" between them".to_owned(),
    ))
}

/// The value of a client secret. Its identifier, which stands beside it for ever, is often taken for it.
pub(super) fn client_secret(text: &str) -> Result<SecretString, String> {
    if is_identifier(text) {
        return Err("this is the Secret ID".to_owned());
    }
    token(text)
}

fn is_identifier(text: &str) -> bool {
    text.len() == 36 && uuid::Uuid::try_parse(text).is_ok()
}

fn of_length(text: &str) -> String {
    format!("{} characters", text.chars().count())
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
    if text.is_empty() {
        return Err("nothing is in it".to_owned());
    }
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
pub(super) fn number(text: &str) -> Result<Phone, String> {
    Phone::from_e164(text)
        .map_err(|_| "Write it in international form: + and 7 to 15 digits without spaces, such as \"+61491570006\"".to_owned())
}

/// A number in international form, a softphone or a SIP address.
pub(super) fn phone(text: &str) -> Result<Phone, String> {
    match Phone::parse(text) {
        Ok(phone) if phone.kind() != PhoneKind::Extension => Ok(phone),
        Ok(_) | Err(NotAPhone::Number(_)) => number(text),
        Err(NotAPhone::Client) => Err("Write client: and 1 to 121 letters, digits and \"_\", such as \"client:alice\"".to_owned()),
        Err(NotAPhone::Sip) => Err(
            "Write sip:name@domain, at most with ;transport=udp, tcp or tls behind it, such as \"sip:alice@pbx.example.org\"".to_owned(),
        ),
    }
}

/// A domain that SIP addresses may have.
pub(super) fn sip_domain(text: &str) -> Result<String, String> {
    let domain = text.trim().to_ascii_lowercase();
    if is_host_name(&domain) && domain.len() <= 253 {
        return Ok(domain);
    }
    Err("Write a domain by its name, such as \"pbx.example.org\"".to_owned())
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

/// One of the languages that a hotline speaks.
pub(super) fn language(text: &str) -> Result<Language, String> {
    match text {
        "en" => Ok(Language::English),
        "fr" => Ok(Language::French),
        "de" => Ok(Language::German),
        "es" => Ok(Language::Spanish),
        _ => Err("Allowed: \"en\", \"fr\", \"de\", \"es\"".to_owned()),
    }
}

/// A voice, by the carrier's name for it.
pub(super) fn voice(text: &str) -> Result<String, String> {
    let is_name = (1..=60).contains(&text.len()) && text.chars().all(|c| c.is_ascii_alphanumeric() || ".-_".contains(c));
    if is_name {
        Ok(text.to_owned())
    } else {
        Err("Write the name of one of Twilio's voices, such as \"Polly.Vicki-Neural\"".to_owned())
    }
}

/// Words of the operator, or what is played in their place.
pub(super) fn spoken(text: &str) -> Result<String, String> {
    if text.trim().is_empty() || text.chars().count() > 1_000 {
        return Err("Write what is said, 1000 characters at most; a line that is an address beginning with https:// is played".to_owned());
    }
    Ok(text.to_owned())
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

//! Phone numbers as people keep them in cells, to international form (E.164), and addresses of softphones and SIP phones.
//!
//! A number is dialled only where its country has numbers of that shape: first digits and length. One that libphonenumber does not count as
//! assigned is dialled all the same, with a warning: its tables run behind new number ranges, and a number that may
//! ring is worth more to a caller than none. This file must not know people or tabs.

use crate::roster::cells::words::{shown, tidy};
use crate::roster::{Code, NotAPhone, OutOfReach, Phone, Reach, has_scheme};
use phonenumber::country::Id;
use phonenumber::metadata::{DATABASE, Descriptor};
use phonenumber::{Metadata, Mode, Type};
use providers::Cell;

/// Fewer digits than this are a bleep or an extension, which nobody outside can dial.
const DIGITS_AT_LEAST: usize = 6;
const DIGITS_AT_MOST: usize = 17;

/// What stands between a number and its extension.
const EXTENSION_MARKS: &[&str] = &[
    "ext",
    "x",
    "#",
    ",,",
    "durchwahl",
    "dw",
    "poste",
    "anexo",
    "int",
    "apparat",
    "nst",
    "interno",
    "ramal",
    "分机",
];

/// What can be dialled.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Dialling<'a> {
    /// Of numbers in national form.
    pub(crate) country: Option<Id>,
    /// Where SIP addresses may be, in small letters.
    pub(crate) sip_domains: &'a [String],
    /// Which numbers may be rung; none, any that can be.
    pub(crate) reach: Option<&'a Reach>,
}

impl From<Option<Id>> for Dialling<'_> {
    fn from(country: Option<Id>) -> Self {
        Self {
            country,
            ..Self::default()
        }
    }
}

/// What a cell of phone numbers comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reading {
    /// The number, of several the first.
    pub(crate) number: Result<Phone, Fault>,
    /// How many numbers stand in the cell.
    pub(crate) count: usize,
    /// The second of two plain numbers.
    pub(crate) second: Option<Phone>,
    /// What was made of it on the way.
    pub(crate) remark: Option<Remark>,
}

/// Why a cell gives no number to dial.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fault {
    /// Nothing stands there.
    Blank,
    /// A formula error.
    FormulaError,
    /// An e-mail address.
    Email,
    /// `4.47E+11`: digits are lost.
    Exponent,
    /// A number with an extension that cannot be read.
    Extension,
    /// Too few digits for the outside world.
    Short,
    /// National form, and no country is known.
    NoCountry,
    /// No number of its country has that length.
    Length,
    /// It can be read in two ways, or not without guessing.
    Doubtful,
    /// It begins with `client:` and is no softphone.
    Softphone,
    /// It begins with `sip:` and is no address that can be dialled.
    Sip,
    /// A SIP address of a domain that is not allowed.
    SipDomain,
    /// A number that this hotline may not ring.
    OutOfReach(OutOfReach),
    /// Not a number at all.
    NotANumber,
}

/// What was done to a number, or is odd about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Remark {
    /// The leading zero was put back, or the plus.
    Repaired,
    /// It looks unassigned.
    Unassigned,
}

impl Fault {
    /// Under which name it is found.
    pub(crate) const fn code(self) -> Code {
        match self {
            Self::OutOfReach(_) => Code::PhoneNotAllowed,
            Self::Blank
            | Self::FormulaError
            | Self::Email
            | Self::Exponent
            | Self::Extension
            | Self::Short
            | Self::NoCountry
            | Self::Length
            | Self::Doubtful
            | Self::Softphone
            | Self::Sip
            | Self::SipDomain
            | Self::NotANumber => Code::PhoneUnusable,
        }
    }

    /// What is wrong, to go after the quoted cell.
    pub(crate) const fn words(self) -> &'static str {
        match self {
            Self::Blank => "is no phone number: the cell is blank",
            Self::FormulaError => "is a formula error, not a phone number",
            Self::Email => "is an e-mail address, not a phone number",
            Self::Exponent => "has lost its last digits: the program took the number for a quantity",
            Self::Extension => "has an extension that cannot be read",
            Self::Short => "is too short to be dialled from outside",
            Self::NoCountry => "has no country code, and Settings names no country",
            Self::Length => "has a length that no number of its country has",
            Self::Doubtful => "can be read as more than one number",
            Self::Softphone => "is not a softphone's name",
            Self::Sip => "is not a SIP address that can be dialled",
            Self::SipDomain => "is a SIP address of a domain to which this hotline may not send calls",
            Self::OutOfReach(why) => why.words(),
            Self::NotANumber => "is not a phone number",
        }
    }

    /// What the admin can do.
    pub(crate) const fn remedy(self) -> &'static str {
        match self {
            Self::Blank | Self::Email | Self::NotANumber | Self::FormulaError => {
                "Write the number that is to be rung, for example +61 491 570 156."
            }
            Self::Exponent => "Format the column as plain text, then type the number again.",
            Self::Extension => "Write the extension as +44 20 7946 0000 ext. 12, or give a direct number.",
            Self::Short => "Give the full number as it is dialled from outside.",
            Self::NoCountry => {
                "Begin the number with + and the country code, or add to Settings: Country for phone numbers | AU (your country)."
            }
            Self::Length => "Check the digits; a number that begins with + and the country code is safest.",
            Self::Doubtful => "Begin the number with + and the country code.",
            Self::Softphone => "Write client: and its name, of letters, digits and _, for example client:alice.",
            Self::Sip => "Write sip:name@domain, at most with ;transport=udp, tcp or tls behind it, for example sip:alice@pbx.example.org.",
            Self::SipDomain => {
                "If calls may go there, whoever runs the hotline writes the domain into rotaline.toml, below the hotline: \
                 sip_domains = [\"pbx.example.org\"]."
            }
            Self::OutOfReach(why) => why.remedy(),
        }
    }
}

/// Reads the first number of a cell.
pub(crate) fn read<'a>(cell: &Cell, dialling: impl Into<Dialling<'a>>) -> Reading {
    let dialling = dialling.into();
    let text = match cell {
        Cell::Number(number) => match whole(*number) {
            Some(digits) => digits,
            None => return failed(Fault::NotANumber),
        },
        Cell::Error(_) => return failed(Fault::FormulaError),
        Cell::Bool(_) | Cell::DateTime(_) | Cell::Time(_) => return failed(Fault::NotANumber),
        Cell::Empty | Cell::Text(_) => shown(cell),
    };
    let parts = split(&text);
    let count = parts.len();
    let Some(first) = parts.first() else {
        return failed(Fault::Blank);
    };
    let (number, remark) = match one(first, dialling) {
        Ok((number, remark)) => (Ok(number), remark),
        Err(fault) => (Err(fault), None),
    };
    let second = match parts.as_slice() {
        [_, second] => plain_second(second, dialling).filter(|second| number.as_ref().is_ok_and(|first| first != second)),
        _ => None,
    };
    Reading {
        number,
        count,
        second,
        remark,
    }
}

/// The numbers of a cell, one text each, in their order. An e-mail address among them is none.
pub(crate) fn split(text: &str) -> Vec<String> {
    let text = tidy(text);
    let mut parts: Vec<String> = Vec::new();
    for line in text.split(['\n', ';', '|']).flat_map(|line| line.split("   ")) {
        // `;transport=tls` belongs to the address before it, and so does what no address may have.
        if let Some(before) = parts.last_mut().filter(|before| is_parameter_of(before, line)) {
            before.push(';');
            before.push_str(line.trim());
            continue;
        }
        // `;ext=12` goes with the number before it.
        if let (Some(before), true) = (parts.last_mut(), extension_alone(line)) {
            before.push(' ');
            before.push_str(line.trim());
            continue;
        }
        let pieces: Vec<&str> = line
            .split(['/', '&', ','])
            .flat_map(|piece| piece.split(" or "))
            .flat_map(|piece| piece.split(" oder "))
            .flat_map(|piece| piece.split(" ou "))
            .collect();
        // A slash may stand inside a number (030/123456): it parts only what could be dialled on its own.
        let alone = pieces.len() > 1 && !line.contains(",,") && pieces.iter().all(|piece| can_stand_alone(piece));
        if alone {
            parts.extend(pieces.iter().map(|piece| piece.trim().to_owned()));
        } else if !line.trim().is_empty() {
            parts.push(line.trim().to_owned());
        }
    }
    let is_email = |part: &String| part.contains('@') && !has_scheme(part);
    if !parts.iter().all(is_email) {
        parts.retain(|part| !is_email(part));
    }
    parts
}

/// Whether what follows a SIP address is a part of it, and nothing that could be meant by itself.
fn is_parameter_of(before: &str, line: &str) -> bool {
    let stands_alone = line.trim().is_empty() || line.contains('@') || can_stand_alone(line);
    has_scheme(before) && before.contains('@') && !stands_alone
}

/// Whether it could be dialled without what stands beside it.
fn can_stand_alone(piece: &str) -> bool {
    digits(piece).len() >= DIGITS_AT_LEAST || has_scheme(piece.trim())
}

/// The second of two numbers, where nothing else stands with it that might say what it is (`home`).
fn plain_second(text: &str, dialling: Dialling<'_>) -> Option<Phone> {
    let is_plain = has_scheme(text) || !text.contains(char::is_alphabetic);
    one(text, dialling).ok().map(|(number, _)| number).filter(|_| is_plain)
}

/// Whether a text is a number and nothing else, such as stands in a rota in place of a name.
pub(crate) fn looks_like_number(text: &str) -> bool {
    let plain = text
        .chars()
        .all(|c| c.is_ascii_digit() || matches!(c, '+' | ' ' | '-' | '(' | ')' | '.'));
    plain && digits(text).len() > DIGITS_AT_LEAST
}

/// One number, which this hotline may ring.
fn one(text: &str, dialling: Dialling<'_>) -> Result<(Phone, Option<Remark>), Fault> {
    let (phone, remark) = anywhere(text, dialling)?;
    match dialling.reach.and_then(|reach| reach.refusal(&phone)) {
        Some(why) => Err(Fault::OutOfReach(why)),
        None => Ok((phone, remark)),
    }
}

fn anywhere(text: &str, dialling: Dialling<'_>) -> Result<(Phone, Option<Remark>), Fault> {
    let text = text.trim_start_matches(|c: char| c == '\'' || c.is_whitespace()).trim_end();
    if has_scheme(text) {
        return address(text, dialling).map(|address| (address, None));
    }
    let country = dialling.country;
    let text = without_label(text);
    if text.is_empty() {
        return Err(Fault::Blank);
    }
    if text.contains('@') {
        return Err(Fault::Email);
    }
    if is_exponent(text) {
        return Err(Fault::Exponent);
    }
    let text = text
        .strip_suffix(".0")
        .filter(|rest| rest.bytes().all(|b| b.is_ascii_digit()))
        .unwrap_or(text);
    let lower = text.to_lowercase();
    if let Some((number, behind)) = parted(&lower) {
        let extension = extension_of(behind).ok_or(Fault::Extension)?;
        let (number, remark) = plain(number, country)?;
        let number = number.with_extension(&extension).map_err(|_| Fault::Extension)?;
        return Ok((number, remark));
    }
    plain(text, country)
}

/// A softphone, or a SIP address of an allowed domain.
fn address(text: &str, dialling: Dialling<'_>) -> Result<Phone, Fault> {
    let address = Phone::parse(text).map_err(|not| match not {
        NotAPhone::Client => Fault::Softphone,
        NotAPhone::Sip => Fault::Sip,
        NotAPhone::Number(_) => Fault::NotANumber,
    })?;
    match address.sip_host() {
        Some(host) if !dialling.sip_domains.iter().any(|domain| domain == host) => Err(Fault::SipDomain),
        Some(_) | None => Ok(address),
    }
}

/// A number without an extension.
fn plain(text: &str, country: Option<Id>) -> Result<(Phone, Option<Remark>), Fault> {
    if digits(text).is_empty() || text.chars().any(|c| c.is_alphabetic() || matches!(c, '*' | '?' | '=')) {
        return Err(Fault::NotANumber);
    }
    let (plus, found) = dialled_digits(text);
    if found.len() < DIGITS_AT_LEAST || text.starts_with('#') {
        return Err(Fault::Short);
    }
    if found.len() > DIGITS_AT_MOST {
        return Err(Fault::Length);
    }
    if plus {
        return international(&found).ok_or(Fault::Length).map(|found| found.with(None));
    }
    national(&found, country.ok_or(Fault::NoCountry)?)
}

/// A number of a shape that its country has.
struct Candidate {
    number: Phone,
    valid: bool,
    mobile: bool,
}

impl Candidate {
    fn with(self, repaired: Option<Remark>) -> (Phone, Option<Remark>) {
        let remark = if self.valid { repaired } else { Some(Remark::Unassigned) };
        (self.number, remark)
    }
}

fn international(digits: &str) -> Option<Candidate> {
    candidate(&phonenumber::parse(None, format!("+{digits}")).ok()?)
}

/// Digits without a plus: with the trunk prefix, without it, with the exit code, or with the country code.
fn national(digits: &str, country: Id) -> Result<(Phone, Option<Remark>), Fault> {
    let meta = DATABASE.by_id(country.as_ref()).ok_or(Fault::NoCountry)?;
    let trunk = meta.national_prefix().filter(|prefix| *prefix == "0");
    let as_dialled = || phonenumber::parse(Some(country), digits).ok().and_then(|number| candidate(&number));
    if let Some(abroad) = digits.strip_prefix("00") {
        return international(abroad)
            .or_else(as_dialled)
            .ok_or(Fault::Length)
            .map(|found| found.with(None));
    }
    let is_plain = trunk.is_none_or(|prefix| digits.starts_with(prefix));
    let code = meta.country_code().to_string();
    let with_plus = digits.strip_prefix(code.as_str()).and_then(|_| international(digits));
    let at_home = has_shape(meta, digits);
    if is_plain && (trunk.is_some() || at_home || with_plus.is_none()) {
        let found = as_dialled().ok_or(Fault::Length)?;
        return match with_plus {
            Some(other) if other.number != found.number && other.valid && !found.valid => Err(Fault::Doubtful),
            Some(_) | None => Ok(found.with(None)),
        };
    }
    // Spreadsheets drop the zero and the plus of what they take for a quantity.
    let zero_lost = if at_home && trunk.is_some() {
        without_zero(digits, country, meta.country_code())
    } else {
        None
    };
    match (zero_lost, with_plus) {
        (Some(found), None) => Ok(found.with(Some(Remark::Repaired))),
        // In North America the country code is what people dial anyway.
        (None, Some(found)) if meta.national_prefix() == Some(code.as_str()) => Ok(found.with(None)),
        (None, Some(found)) => Ok(found.with(Some(Remark::Repaired))),
        (Some(_), Some(_)) => Err(Fault::Doubtful),
        (None, None) if at_home => Err(Fault::Doubtful),
        (None, None) => Err(Fault::Length),
    }
}

/// A national number that has lost its zero, where nothing else can be meant: a mobile number.
fn without_zero(digits: &str, country: Id, code: u16) -> Option<Candidate> {
    let found = international(&format!("{code}{digits}"))?;
    let unambiguous = (country == Id::GB && digits.len() == 10 && digits.starts_with('7'))
        || (country == Id::AU && digits.len() == 9 && digits.starts_with('4'));
    (unambiguous || (found.valid && found.mobile)).then_some(found)
}

fn candidate(number: &phonenumber::PhoneNumber) -> Option<Candidate> {
    let digits = number.national().to_string();
    let code = number.country().code();
    let regions = DATABASE.by_code(&code)?;
    let valid = number.is_valid();
    if !valid && !regions.iter().any(|meta| has_shape(meta, &digits)) {
        return None;
    }
    let kind = number.number_type(&DATABASE);
    Some(Candidate {
        number: Phone::from_e164(&number.format().mode(Mode::E164).to_string()).ok()?,
        valid,
        mobile: matches!(kind, Type::Mobile | Type::FixedLineOrMobile),
    })
}

/// Whether a country has numbers of these first digits and this length. The library's patterns match from the front
/// only and leave the length to lists that it keeps per kind of number.
fn has_shape(meta: &Metadata, digits: &str) -> bool {
    let kinds = meta.descriptors();
    let Some(found) = kinds.general().national_number().find(digits) else {
        return false;
    };
    let length = u16::try_from(digits.len()).unwrap_or(u16::MAX);
    let known = |kind: Option<&Descriptor>| kind.is_some_and(|kind| kind.possible_length().contains(&length));
    let fits = found.end() == digits.len() || known(kinds.fixed_line()) || known(kinds.mobile());
    found.start() == 0 && fits
}

/// A number cell as digits: `447700900011.0` is `447700900011`.
fn whole(number: f64) -> Option<String> {
    let fits = number.fract() == 0.0 && (1.0..1e15).contains(&number);
    fits.then(|| format!("{number:.0}"))
}

/// Without `Mobile:` or `tel.` before the number and `(home)` after it.
fn without_label(text: &str) -> &str {
    let start = text.find(|c: char| c.is_ascii_digit() || matches!(c, '+' | '(' | '#')).unwrap_or(0);
    let (label, number) = text.split_at(start);
    let is_label = label.chars().all(|c| c.is_alphabetic() || c.is_whitespace()) || label.trim_end().ends_with([':', '.']);
    let number = if is_label && !label.contains('@') { number } else { text };
    match number.rfind('(') {
        Some(open) if number.ends_with(')') && number[open..].chars().any(char::is_alphabetic) && digits(&number[open..]).is_empty() => {
            number[..open].trim_end()
        }
        Some(_) | None => number,
    }
}

fn is_exponent(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['e', 'E']) else {
        return false;
    };
    let number = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '+'));
    number(mantissa) && number(exponent)
}

/// Number and what stands behind it: `ext 12`, `x12`, `#12`, `,,12#`, `DW 12`, `poste 12`, after enough digits for a
/// number of its own. The text comes in lower case.
fn parted(text: &str) -> Option<(&str, &str)> {
    let starts = EXTENSION_MARKS.iter().flat_map(|mark| text.match_indices(mark));
    let fitting = starts.map(|(place, _)| text.split_at(place));
    fitting
        .filter(|(before, after)| digits(before).len() >= DIGITS_AT_LEAST && !digits(after).is_empty())
        .min_by_key(|(before, _)| before.len())
}

/// The digits of `ext. 12`, `,,12#`.
fn extension_of(behind: &str) -> Option<String> {
    let start = behind.find(|c: char| c.is_ascii_digit())?;
    let (mark, extension) = behind.trim_end_matches([')', ' ']).split_at(start);
    let word: String = mark.chars().filter(|c| c.is_alphabetic()).collect();
    let is_known = word.is_empty()
        || EXTENSION_MARKS.contains(&word.as_str())
        || ["extension", "extn", "apparat", "app", "nst", "interno"].contains(&word.as_str());
    let fits = is_known && extension.chars().all(|c| c.is_ascii_digit() || matches!(c, '#' | '*'));
    fits.then(|| extension.to_owned())
}

/// A line that holds nothing but an extension.
fn extension_alone(line: &str) -> bool {
    let line = line.trim().to_lowercase();
    let is_word = EXTENSION_MARKS
        .iter()
        .any(|mark| mark.chars().all(char::is_alphabetic) && line.starts_with(mark));
    is_word && digits(&line).len() < DIGITS_AT_LEAST && extension_of(&line.replace(['=', ' '], "")).is_some()
}

/// The digits that are dialled, and whether a plus stands before them: `+44 (0)7700` drops the zero.
fn dialled_digits(text: &str) -> (bool, String) {
    let plus = text.trim_start_matches(['(', ' ']).starts_with('+');
    let abroad = plus || text.starts_with("00");
    let without_trunk = if abroad { text.replacen("(0)", "", 1) } else { text.to_owned() };
    (plus, digits(&without_trunk))
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

const fn failed(fault: Fault) -> Reading {
    Reading {
        number: Err(fault),
        count: if matches!(fault, Fault::Blank) { 0 } else { 1 },
        second: None,
        remark: None,
    }
}

#[cfg(test)]
mod tests;

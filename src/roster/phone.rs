//! Where somebody can be rung: a telephone number (E.164), a softphone, a SIP address; masked on the outside.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Where somebody can be rung: mostly a number that can be dialled from anywhere, such as `+61491570156` (E.164), perhaps
/// with an extension behind it that is dialled once it has answered. Two extensions behind one number are two phones. It
/// may also be a softphone (`client:alice`) or a SIP address (`sip:alice@example.org`).
/// `Debug` and `Display` show it masked; [`Phone::address`] and [`Phone::in_full`] are the ways to all of it.
///
/// Inside, and where it is kept: `+442079460000;ext=12`, `client:alice`, `sip:alice@example.org;transport=tls`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Phone(String);

/// What kind of phone it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhoneKind {
    /// A telephone that has a number of its own.
    Telephone,
    /// A telephone behind a switchboard.
    Extension,
    /// A program on a computer or a mobile phone, that the operator's own software has signed in.
    Softphone,
    /// A telephone or a switchboard on the Internet.
    Sip,
}

/// What parts number and extension, as in RFC 3966.
const EXTENSION: &str = ";ext=";
/// The longest extension.
const EXTENSION_AT_MOST: usize = 10;
/// What softphones begin with.
const CLIENT: &str = "client:";
/// The longest name of a softphone, as the carrier allows.
const CLIENT_AT_MOST: usize = 121;
/// What SIP addresses begin with.
const SIP: &str = "sip:";
/// The longest SIP address.
const SIP_AT_MOST: usize = 255;
/// The only parameter that a SIP address may have, and what it may say.
const TRANSPORT: &str = ";transport=";
const TRANSPORTS: [&str; 3] = ["udp", "tcp", "tls"];
/// The longest label of a host's name.
const LABEL_AT_MOST: usize = 63;

/// The text is not a number in E.164 form.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a phone number in international form (+ and 7 to 15 digits)")]
pub struct NotE164;

/// The text is no phone at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAPhone {
    /// It looks like a number.
    #[error(transparent)]
    Number(#[from] NotE164),
    /// It begins with `client:`.
    #[error("not a softphone (client: and 1 to 121 letters, digits and _)")]
    Client,
    /// It begins with `sip:`.
    #[error("not a SIP address (sip:name@host, perhaps with ;transport=udp, tcp or tls)")]
    Sip,
}

impl Phone {
    /// Takes a number that is already in international form: `+`, then 7 to 15 digits, the first not 0.
    ///
    /// # Errors
    /// [`NotE164`] for anything else, also for spaces inside.
    pub fn from_e164(text: &str) -> Result<Self, NotE164> {
        let digits = text.strip_prefix('+').ok_or(NotE164)?;
        let fits = (7..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()) && !digits.starts_with('0');
        if fits { Ok(Self(text.to_owned())) } else { Err(NotE164) }
    }

    /// Takes a softphone: `client:` and its name, of letters, digits and underscores. Its letters are told apart by their case.
    ///
    /// # Errors
    /// [`NotAPhone::Client`] for anything else.
    pub fn from_client(text: &str) -> Result<Self, NotAPhone> {
        let name = after_scheme(text, CLIENT).ok_or(NotAPhone::Client)?;
        let fits = (1..=CLIENT_AT_MOST).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        if fits {
            Ok(Self(format!("{CLIENT}{name}")))
        } else {
            Err(NotAPhone::Client)
        }
    }

    /// Takes a SIP address: `sip:name@host`, perhaps with `;transport=`, and nothing else: no password, no port, no headers,
    /// and a host that has a name. The host's case does not count.
    ///
    /// # Errors
    /// [`NotAPhone::Sip`] for anything else.
    pub fn from_sip(text: &str) -> Result<Self, NotAPhone> {
        let address = after_scheme(text, SIP).ok_or(NotAPhone::Sip)?;
        let (name, rest) = address.split_once('@').ok_or(NotAPhone::Sip)?;
        let rest = rest.to_ascii_lowercase();
        let (host, transport) = match rest.split_once(TRANSPORT) {
            Some((host, transport)) => (host, Some(transport)),
            None => (rest.as_str(), None),
        };
        let is_plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-' | b'+');
        let fits = !name.is_empty()
            && name.bytes().all(is_plain)
            && is_host_name(host)
            && transport.is_none_or(|transport| TRANSPORTS.contains(&transport));
        let whole = format!("{SIP}{name}@{rest}");
        if fits && whole.len() <= SIP_AT_MOST {
            Ok(Self(whole))
        } else {
            Err(NotAPhone::Sip)
        }
    }

    /// Takes any kind, as it is kept.
    ///
    /// # Errors
    /// [`NotAPhone`], by what it looks like.
    pub fn parse(text: &str) -> Result<Self, NotAPhone> {
        if after_scheme(text, CLIENT).is_some() {
            return Self::from_client(text);
        }
        if after_scheme(text, SIP).is_some() {
            return Self::from_sip(text);
        }
        Ok(match text.split_once(EXTENSION) {
            Some((number, extension)) => Self::from_e164(number)?.with_extension(extension)?,
            None => Self::from_e164(text)?,
        })
    }

    /// The same number with an extension, in place of any that it has.
    ///
    /// # Errors
    /// [`NotE164`] unless it is a number and the extension is 1 to 10 digits, `*` or `#`.
    pub fn with_extension(&self, extension: &str) -> Result<Self, NotE164> {
        let has_number = match self.kind() {
            PhoneKind::Telephone | PhoneKind::Extension => true,
            PhoneKind::Softphone | PhoneKind::Sip => false,
        };
        let fits = has_number
            && (1..=EXTENSION_AT_MOST).contains(&extension.len())
            && extension.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'*' | b'#'))
            && extension.bytes().any(|b| b.is_ascii_digit());
        if fits {
            Ok(Self(format!("{}{EXTENSION}{extension}", self.address())))
        } else {
            Err(NotE164)
        }
    }

    /// What kind of phone it is.
    #[must_use]
    pub fn kind(&self) -> PhoneKind {
        if self.0.starts_with(CLIENT) {
            PhoneKind::Softphone
        } else if self.0.starts_with(SIP) {
            PhoneKind::Sip
        } else if self.0.contains(EXTENSION) {
            PhoneKind::Extension
        } else {
            PhoneKind::Telephone
        }
    }

    /// Whether a text can go there: only to a number of its own.
    #[must_use]
    pub fn can_be_texted(&self) -> bool {
        self.kind() == PhoneKind::Telephone
    }

    /// What the carrier is told to ring: the digits without the extension, or the address. For the one who dials and for
    /// signed-in eyes.
    #[must_use]
    pub fn address(&self) -> &str {
        self.0.split_once(EXTENSION).map_or(&self.0, |(number, _)| number)
    }

    /// What is dialled after the answer.
    #[must_use]
    pub fn extension(&self) -> Option<&str> {
        self.0.split_once(EXTENSION).map(|(_, extension)| extension)
    }

    /// The host of a SIP address, in small letters.
    #[must_use]
    pub fn sip_host(&self) -> Option<&str> {
        let (_, rest) = self.0.strip_prefix(SIP)?.split_once('@')?;
        Some(rest.split(';').next().unwrap_or(rest))
    }

    /// Number and extension, for signed-in eyes.
    #[must_use]
    pub fn in_full(&self) -> String {
        self.with_words(self.address().to_owned())
    }

    fn with_words(&self, shown: String) -> String {
        match self.extension() {
            Some(extension) => format!("{shown} ext. {extension}"),
            None => shown,
        }
    }
}

/// Whether a text begins as the addresses do that are no numbers.
pub(crate) fn has_scheme(text: &str) -> bool {
    [CLIENT, SIP].iter().any(|scheme| after_scheme(text, scheme).is_some())
}

/// What follows `client:` or `sip:`, whose case does not count.
fn after_scheme<'t>(text: &'t str, scheme: &str) -> Option<&'t str> {
    let (start, rest) = text.split_at_checked(scheme.len())?;
    start.eq_ignore_ascii_case(scheme).then_some(rest)
}

/// A name of at least two labels, the last of them no number: an address of four numbers is none.
pub(crate) fn is_host_name(host: &str) -> bool {
    let is_label = |label: &str| {
        (1..=LABEL_AT_MOST).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let is_word = |label: &str| label.bytes().any(|b| b.is_ascii_lowercase());
    host.split('.').all(is_label) && host.rsplit_once('.').is_some_and(|(_, last)| is_word(last))
}

/// As much of a name as tells people apart who know it.
fn beginning(name: &str) -> String {
    name.chars().take(1).chain(['…']).collect()
}

impl fmt::Display for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(name) = self.0.strip_prefix(CLIENT) {
            return write!(f, "{CLIENT}{}", beginning(name));
        }
        if let Some(host) = self.sip_host() {
            return write!(f, "{SIP}{}@{host}", beginning(&self.0[SIP.len()..]));
        }
        let number = self.address();
        let shown = number.len() - 3;
        f.write_str(&self.with_words(format!("{}…{}", &number[..3], &number[shown..])))
    }
}

impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl TryFrom<String> for Phone {
    type Error = NotAPhone;
    fn try_from(text: String) -> Result<Self, NotAPhone> {
        Self::parse(&text)
    }
}

impl From<Phone> for String {
    fn from(number: Phone) -> Self {
        number.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_extension_makes_another_phone() {
        let desk = Phone::from_e164("+442079460000").unwrap();
        let twelve = desk.with_extension("12").unwrap();
        assert_eq!((twelve.address(), twelve.extension()), ("+442079460000", Some("12")));
        assert_eq!(
            (twelve.to_string().as_str(), desk.to_string().as_str()),
            ("+44…000 ext. 12", "+44…000")
        );
        assert_eq!(twelve.in_full(), "+442079460000 ext. 12");
        assert_ne!(twelve, desk);
        assert_ne!(twelve, desk.with_extension("13").unwrap());
        assert_eq!(twelve.with_extension("13"), desk.with_extension("13"));
        let kept = serde_json::to_string(&twelve).unwrap();
        assert_eq!(kept, "\"+442079460000;ext=12\"");
        assert_eq!(serde_json::from_str::<Phone>(&kept).unwrap(), twelve);
        for bad in ["", "12345678901", "1 2", "w1", "##"] {
            assert_eq!(desk.with_extension(bad), Err(NotE164), "{bad}");
        }
        for bad in ["+442079460000;ext=", "+44;ext=12", "+442079460000;ext=12;ext=13"] {
            assert!(Phone::try_from(bad.to_owned()).is_err(), "{bad}");
        }
        // A caller's number, or one from the configuration, has none.
        assert_eq!(Phone::from_e164("+442079460000;ext=12"), Err(NotE164));
    }
    #[test]
    fn softphones_have_names_as_the_carrier_allows() {
        let alice = Phone::from_client("client:alice_2").unwrap();
        assert_eq!((alice.kind(), alice.can_be_texted()), (PhoneKind::Softphone, false));
        assert_eq!(
            (alice.address(), alice.extension(), alice.sip_host()),
            ("client:alice_2", None, None)
        );
        assert_eq!(
            (alice.to_string().as_str(), format!("{alice:?}").as_str()),
            ("client:a…", "client:a…")
        );
        assert_eq!(alice.in_full(), "client:alice_2");
        assert_eq!(Phone::from_client("Client:alice_2"), Ok(alice.clone()));
        assert_ne!(
            Phone::from_client("client:Alice_2"),
            Ok(alice.clone()),
            "names are told apart by case"
        );
        assert_eq!(serde_json::to_string(&alice).unwrap(), "\"client:alice_2\"");
        assert_eq!(Phone::try_from("client:alice_2".to_owned()), Ok(alice.clone()));
        assert!(Phone::from_client(&format!("client:{}", "a".repeat(121))).is_ok());
        assert_eq!(alice.with_extension("12"), Err(NotE164));
        let long = format!("client:{}", "a".repeat(122));
        for bad in [
            "client:",
            "client:a b",
            "client:a-b",
            "client:a@b",
            "client:é",
            "client:a?x=1",
            "client:a;ext=1",
            "alice",
            &long,
        ] {
            assert_eq!(Phone::from_client(bad), Err(NotAPhone::Client), "{bad}");
        }
    }

    #[test]
    fn sip_addresses_are_a_name_at_a_host() {
        let alice = Phone::from_sip("sip:alice@PBX.example.org").unwrap();
        assert_eq!((alice.kind(), alice.can_be_texted()), (PhoneKind::Sip, false));
        assert_eq!(
            (alice.address(), alice.sip_host()),
            ("sip:alice@pbx.example.org", Some("pbx.example.org"))
        );
        assert_eq!(alice.to_string(), "sip:a…@pbx.example.org");
        let tls = Phone::from_sip("SIP:+61.4-1_x@example.org;transport=TLS").unwrap();
        assert_eq!(
            (tls.address(), tls.sip_host()),
            ("sip:+61.4-1_x@example.org;transport=tls", Some("example.org"))
        );
        assert_eq!(tls.to_string(), "sip:+…@example.org");
        assert_eq!(Phone::parse(&String::from(tls.clone())), Ok(tls));
        let long = format!("sip:alice@{}.org", "a.".repeat(130));
        let label = format!("sip:alice@{}.org", "a".repeat(64));
        for bad in [
            "sip:",
            "sip:alice",
            "sip:@example.org",
            "sip:alice@",
            "sip:alice@localhost",
            "sip:alice@192.0.2.1",
            "sip:alice@[::1]",
            "sip:alice:secret@example.org",
            "sip:alice@example.org:5060",
            "sip:alice@example.org;user=phone",
            "sip:a b@example.org",
            "sip:alice@example.org?X-Header=1",
            "sip:alice@example.org;transport=ws",
            "sip:alice@example.org;transport=tls;lr",
            "sip:alice@bob@example.org",
            "sip:alice@-example.org",
            "sip:alice@exämple.org",
            "sips:alice@example.org",
            "sip:alice@example..org",
            "sip:alice@example.org.",
            "alice@example.org",
            &long,
            &label,
        ] {
            assert_eq!(Phone::from_sip(bad), Err(NotAPhone::Sip), "{bad}");
        }
    }

    #[test]
    fn only_a_number_of_its_own_is_texted() {
        for (text, kind) in [
            ("+61491570156", PhoneKind::Telephone),
            ("+61491570156;ext=1", PhoneKind::Extension),
            ("client:a", PhoneKind::Softphone),
            ("sip:a@b.org", PhoneKind::Sip),
        ] {
            let phone = Phone::parse(text).unwrap();
            assert_eq!((phone.kind(), phone.can_be_texted()), (kind, kind == PhoneKind::Telephone));
        }
    }
}

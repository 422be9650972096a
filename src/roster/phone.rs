//! Phone numbers: E.164 inside, masked on the outside.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A number that can be dialled from anywhere, such as `+61491570156` (E.164), perhaps with an extension behind it that
/// is dialled once it has answered. Two extensions behind one number are two phones.
/// `Debug` and `Display` show it masked; [`PhoneNumber::e164`] and [`PhoneNumber::in_full`] are the ways to the digits.
///
/// Inside, and where it is kept: `+442079460000;ext=12`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PhoneNumber(String);

/// What parts number and extension, as in RFC 3966.
const EXTENSION: &str = ";ext=";
/// The longest extension.
const EXTENSION_AT_MOST: usize = 10;

/// The text is not a number in E.164 form.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a phone number in international form (+ and 7 to 15 digits)")]
pub struct NotE164;

impl PhoneNumber {
    /// Takes a number that is already in international form: `+`, then 7 to 15 digits, the first not 0.
    ///
    /// # Errors
    /// [`NotE164`] for anything else, also for spaces inside.
    pub fn from_e164(text: &str) -> Result<Self, NotE164> {
        let digits = text.strip_prefix('+').ok_or(NotE164)?;
        let fits = (7..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()) && !digits.starts_with('0');
        if fits { Ok(Self(text.to_owned())) } else { Err(NotE164) }
    }

    /// The same number with an extension, in place of any that it has.
    ///
    /// # Errors
    /// [`NotE164`] unless the extension is 1 to 10 digits, `*` or `#`.
    pub fn with_extension(&self, extension: &str) -> Result<Self, NotE164> {
        let fits = (1..=EXTENSION_AT_MOST).contains(&extension.len())
            && extension.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'*' | b'#'))
            && extension.bytes().any(|b| b.is_ascii_digit());
        if fits {
            Ok(Self(format!("{}{EXTENSION}{extension}", self.e164())))
        } else {
            Err(NotE164)
        }
    }

    /// The digits without the extension, for the one who dials and for signed-in eyes.
    #[must_use]
    pub fn e164(&self) -> &str {
        self.0.split_once(EXTENSION).map_or(&self.0, |(number, _)| number)
    }

    /// What is dialled after the answer.
    #[must_use]
    pub fn extension(&self) -> Option<&str> {
        self.0.split_once(EXTENSION).map(|(_, extension)| extension)
    }

    /// Number and extension, for signed-in eyes.
    #[must_use]
    pub fn in_full(&self) -> String {
        self.with_words(self.e164().to_owned())
    }

    fn with_words(&self, shown: String) -> String {
        match self.extension() {
            Some(extension) => format!("{shown} ext. {extension}"),
            None => shown,
        }
    }
}

impl fmt::Display for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = self.e164();
        let shown = number.len() - 3;
        f.write_str(&self.with_words(format!("{}…{}", &number[..3], &number[shown..])))
    }
}

impl fmt::Debug for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl TryFrom<String> for PhoneNumber {
    type Error = NotE164;
    fn try_from(text: String) -> Result<Self, NotE164> {
        match text.split_once(EXTENSION) {
            Some((number, extension)) => Self::from_e164(number)?.with_extension(extension),
            None => Self::from_e164(&text),
        }
    }
}

impl From<PhoneNumber> for String {
    fn from(number: PhoneNumber) -> Self {
        number.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_extension_makes_another_phone() {
        let desk = PhoneNumber::from_e164("+442079460000").unwrap();
        let twelve = desk.with_extension("12").unwrap();
        assert_eq!((twelve.e164(), twelve.extension()), ("+442079460000", Some("12")));
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
        assert_eq!(serde_json::from_str::<PhoneNumber>(&kept).unwrap(), twelve);
        for bad in ["", "12345678901", "1 2", "w1", "##"] {
            assert_eq!(desk.with_extension(bad), Err(NotE164), "{bad}");
        }
        for bad in ["+442079460000;ext=", "+44;ext=12", "+442079460000;ext=12;ext=13"] {
            assert!(PhoneNumber::try_from(bad.to_owned()).is_err(), "{bad}");
        }
        // A caller's number, or one from the configuration, has none.
        assert_eq!(PhoneNumber::from_e164("+442079460000;ext=12"), Err(NotE164));
    }
}

//! Phone numbers: E.164 inside, masked on the outside.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A number that can be dialled from anywhere, such as `+61491570156` (E.164).
/// `Debug` and `Display` show it masked; [`PhoneNumber::e164`] is the one way to the digits.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PhoneNumber(String);

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

    /// The digits, for the one who dials and for signed-in eyes.
    #[must_use]
    pub fn e164(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = self.0.len() - 3;
        write!(f, "{}…{}", &self.0[..3], &self.0[shown..])
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
        Self::from_e164(&text)
    }
}

impl From<PhoneNumber> for String {
    fn from(number: PhoneNumber) -> Self {
        number.0
    }
}

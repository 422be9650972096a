//! Numbers, and beginnings of numbers, that nobody is rung for. It must not know who calls.

use crate::roster::Phone;
use std::fmt;

/// One entry of a blocklist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Blocked {
    /// This very number.
    Number(Phone),
    /// All numbers that begin so: `+4930`.
    Beginning(String),
}

impl Blocked {
    /// Reads `+493012345678`, or `+4930*`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        const MOST_DIGITS: usize = 15;
        let Some(beginning) = text.strip_suffix('*') else {
            return Phone::from_e164(text).ok().map(Self::Number);
        };
        let digits = beginning.strip_prefix('+')?;
        let fits =
            (1..=MOST_DIGITS).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.starts_with('0');
        fits.then(|| Self::Beginning(beginning.to_owned()))
    }

    /// Whether this number is meant.
    #[must_use]
    pub fn holds(&self, number: &Phone) -> bool {
        match self {
            Self::Number(blocked) => blocked.address() == number.address(),
            Self::Beginning(beginning) => number.address().starts_with(beginning),
        }
    }
}

/// Numbers are masked.
impl fmt::Display for Blocked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Beginning(beginning) => write!(f, "{beginning}*"),
        }
    }
}

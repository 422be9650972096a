//! Which address each calendar has. Each has its own word, so that whoever has one calendar has no other.

use crate::call::HotlineName;
use crate::store::{Seal, Store, StoreError};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use secrecy::ExposeSecret as _;
use subtle::ConstantTimeEq as _;

/// Under this name the secret is kept; without it there will be a new one, and all addresses change.
const SECRET: &str = "feed-secret";
/// 128 bits are enough that nobody guesses them, and the address stays short.
const WORD_LENGTH: usize = 32;

/// Makes and checks the addresses of calendars.
#[derive(Clone, Debug)]
pub struct FeedLinks {
    seal: Seal,
}

impl FeedLinks {
    /// With the store's secret: addresses are the same for as long as the store lives.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub async fn open(store: &Store) -> Result<Self, StoreError> {
        Ok(Self {
            seal: store.seal(SECRET).await?,
        })
    }

    /// The path of a hotline's calendar, or of a person's on it, behind the public address.
    #[must_use]
    pub fn path(&self, hotline: &HotlineName, person: Option<&str>) -> String {
        let word = self.word(hotline, person);
        let shown = |name: &str| utf8_percent_encode(name, NON_ALPHANUMERIC).to_string();
        match person {
            None => format!("/feeds/{word}/{}.ics", shown(&hotline.0)),
            Some(name) => format!("/feeds/{word}/{}/{}.ics", shown(&hotline.0), shown(name)),
        }
    }

    /// Whether that is the word for the calendar. Takes the same time whatever is said.
    pub(super) fn opens(&self, said: &str, hotline: &HotlineName, person: Option<&str>) -> bool {
        self.word(hotline, person).as_bytes().ct_eq(said.as_bytes()).into()
    }

    /// Lines part what it is made of: no name has any.
    fn word(&self, hotline: &HotlineName, person: Option<&str>) -> String {
        let text = match person {
            None => format!("rotaline feed\n{hotline}"),
            Some(name) => format!("rotaline feed of\n{hotline}\n{name}"),
        };
        let mut word = self.seal.word(&text).expose_secret().to_owned();
        word.truncate(WORD_LENGTH);
        word
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn links() -> FeedLinks {
        FeedLinks {
            seal: Seal::new("secret".to_owned()),
        }
    }

    fn lab() -> HotlineName {
        HotlineName("lab".to_owned())
    }

    /// Computed by Python's `hmac.new(b"secret", b"rotaline feed\nlab", "sha256").hexdigest()[:32]`, and the same of
    /// `b"rotaline feed of\nlab\nZo\xc3\xab / B"`.
    #[test]
    fn addresses_are_made_of_secret_hotline_and_person() {
        assert_eq!(links().path(&lab(), None), "/feeds/a48b632ea0b4e831dad8cbd840bdbd87/lab.ics");
        assert_eq!(
            links().path(&lab(), Some("Zoë / B")),
            "/feeds/a9855fdca31c3bf86f0df130177030ea/lab/Zo%C3%AB%20%2F%20B.ics"
        );
    }

    #[test]
    fn a_word_opens_one_calendar() {
        let word = links().word(&lab(), Some("Ana"));
        assert!(links().opens(&word, &lab(), Some("Ana")));
        let other = HotlineName("lab2".to_owned());
        for (hotline, person) in [(&lab(), None), (&lab(), Some("Bo")), (&other, Some("Ana"))] {
            assert!(!links().opens(&word, hotline, person));
        }
        for said in ["", "0", &word[1..], &word.to_uppercase(), &format!("{word}0")] {
            assert!(!links().opens(said, &lab(), Some("Ana")), "{said}");
        }
        let elsewhere = FeedLinks {
            seal: Seal::new("another".to_owned()),
        };
        assert!(!elsewhere.opens(&word, &lab(), Some("Ana")));
    }
}

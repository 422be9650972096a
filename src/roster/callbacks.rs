//! Which numbers callers may ask to be called back on: a telephone of a person, in a country that the operator allows.
//!
//! Whoever types a number decides what we pay for: premium and shared-cost numbers, our own lines and emergency numbers
//! are none. It must not know calls.

use super::Phone;
use super::reach::begins;
use phonenumber::country::Id;
use phonenumber::metadata::DATABASE;
use phonenumber::{Mode, Type};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Fewer digits than this are an emergency number or another short one, never a telephone of a person.
const DIGITS_AT_LEAST: usize = 6;
/// The longest that anybody can mean: an exit code and fifteen digits.
const DIGITS_AT_MOST: usize = 20;

/// The numbers that may be called back. By default, none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Callbacks {
    /// The country (two letters) of numbers that are typed without one.
    pub country: Option<String>,
    /// The country calling codes that may be called.
    pub codes: BTreeSet<u16>,
    /// Our own lines, which would call ourselves.
    pub own: BTreeSet<Phone>,
}

impl Callbacks {
    /// For a hotline with these numbers, in this country or else in that of its first number; without `codes`, within
    /// that country only.
    #[must_use]
    pub fn new(country: Option<&str>, codes: BTreeSet<u16>, numbers: &[Phone]) -> Self {
        let given = country.and_then(|country| country.parse::<Id>().ok());
        let country = given.or_else(|| numbers.first().and_then(parsed)?.country().id());
        let own_code = country.and_then(|country| Some(DATABASE.by_id(country.as_ref())?.country_code()));
        Self {
            country: country.map(|country| country.as_ref().to_owned()),
            codes: if codes.is_empty() { own_code.into_iter().collect() } else { codes },
            own: numbers.iter().cloned().collect(),
        }
    }

    /// Whether any number at all may be called back.
    #[must_use]
    pub fn allows_some(&self) -> bool {
        !self.codes.is_empty()
    }

    /// Whether that is one of our own lines, with an extension or without.
    #[must_use]
    pub fn is_own(&self, number: &Phone) -> bool {
        self.own.iter().any(|own| own.address() == number.address())
    }

    /// Whether this number may be called back.
    #[must_use]
    pub fn allows(&self, number: &Phone) -> bool {
        parsed(number).is_some_and(|parsed| self.takes(&parsed)) && !self.own.contains(number)
    }

    /// The number that somebody has typed on the keys of a telephone, in national or international form.
    #[must_use]
    pub fn typed(&self, digits: &str) -> Option<Phone> {
        let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
        if !plain || !(DIGITS_AT_LEAST..=DIGITS_AT_MOST).contains(&digits.len()) {
            return None;
        }
        let country = self.country.as_deref().and_then(|country| country.parse::<Id>().ok());
        let at_home = country.and_then(|country| phonenumber::parse(Some(country), digits).ok());
        let abroad = || phonenumber::parse(None, format!("+{}", digits.strip_prefix("00")?)).ok();
        let found = at_home
            .filter(|number| self.takes(number))
            .or_else(|| abroad().filter(|number| self.takes(number)))?;
        let number = Phone::from_e164(&found.format().mode(Mode::E164).to_string()).ok()?;
        (!self.own.contains(&number)).then_some(number)
    }

    fn takes(&self, number: &phonenumber::PhoneNumber) -> bool {
        let is_a_persons = match number.number_type(&DATABASE) {
            Type::FixedLine | Type::Mobile | Type::FixedLineOrMobile | Type::Voip => true,
            Type::TollFree
            | Type::PremiumRate
            | Type::SharedCost
            | Type::PersonalNumber
            | Type::Pager
            | Type::Uan
            | Type::Emergency
            | Type::Voicemail
            | Type::ShortCode
            | Type::StandardRate
            | Type::Carrier
            | Type::NoInternational
            | Type::Unknown => false,
        };
        let is_allowed = |code: &u16| begins(u32::from(*code), number, self.country.as_deref());
        is_a_persons && self.codes.iter().any(is_allowed) && phonenumber::is_valid(number)
    }
}

fn parsed(number: &Phone) -> Option<phonenumber::PhoneNumber> {
    if number.extension().is_some() {
        return None;
    }
    phonenumber::parse(None, number.address()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn australian(codes: &[u16]) -> Callbacks {
        let own = Phone::from_e164("+61491570006").unwrap();
        Callbacks::new(None, codes.iter().copied().collect(), &[own])
    }

    fn typed(callbacks: &Callbacks, digits: &str) -> Option<String> {
        callbacks.typed(digits).map(|number| number.address().to_owned())
    }

    #[test]
    fn numbers_are_read_as_people_type_them() {
        let home = australian(&[]);
        assert_eq!(
            (home.country.as_deref(), home.codes.iter().copied().collect::<Vec<_>>()),
            (Some("AU"), vec![61])
        );
        for digits in ["0491570156", "491570156", "0061491570156", "001161491570156"] {
            assert_eq!(typed(&home, digits).as_deref(), Some("+61491570156"), "{digits}");
        }
        assert_eq!(
            typed(&home, "0399990000").as_deref(),
            Some("+61399990000"),
            "a landline in Melbourne"
        );
    }

    #[test]
    fn what_costs_or_is_no_telephone_of_a_person_is_refused() {
        let home = australian(&[]);
        for digits in [
            "",
            "1",
            "000",
            "112",
            "911",
            "123456",
            "049157",
            "0491570156*",
            "04915701560491570156",
            "99999999999999999999999999",
            // Premium rate, shared cost, free of charge, our own line.
            "1900123456",
            "190012345",
            "1300123456",
            "1800123456",
            "0491570006",
            // Another country: London, a premium number there.
            "00442079460000",
            "0011442079460000",
            "00449098790000",
        ] {
            assert_eq!(typed(&home, digits), None, "{digits}");
        }
        let both = australian(&[61, 44]);
        assert_eq!(typed(&both, "00442079460000").as_deref(), Some("+442079460000"));
        assert_eq!(typed(&both, "00449098790000"), None, "premium rate in an allowed country");
        assert_eq!(typed(&Callbacks::default(), "0491570156"), None);
    }

    /// Jamaica and the United States share a calling code, and not a price.
    #[test]
    fn islands_with_the_code_of_a_continent_are_other_countries() {
        let number = |text: &str| Phone::try_from(text.to_owned()).unwrap();
        let states = Callbacks::new(None, BTreeSet::new(), &[number("+12125550100")]);
        assert_eq!(states.codes, BTreeSet::from([1]));
        assert!(states.allows(&number("+14155552671")));
        assert!(states.allows(&number("+16135550199")), "Canada");
        assert!(!states.allows(&number("+18765551234")), "Jamaica");
        assert_eq!(typed(&states, "8765551234"), None);
        let island = Callbacks::new(None, BTreeSet::new(), &[number("+18765550100")]);
        assert!(island.allows(&number("+18765551234")));
    }

    #[test]
    fn the_number_shown_is_judged_alike() {
        let home = australian(&[]);
        let number = |text: &str| Phone::try_from(text.to_owned()).unwrap();
        assert!(home.allows(&number("+61491570737")));
        for other in ["+61491570006", "+442079460000", "+611900654321", "+61491570737;ext=12"] {
            assert!(!home.allows(&number(other)), "{other}");
        }
        assert!(!Callbacks::default().allows(&number("+61491570737")));
    }
}

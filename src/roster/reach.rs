//! Which numbers may be rung and texted at all: in a country that the operator allows, and of no kind that costs extra.
//!
//! Whoever writes a number into a sheet, or types it on a telephone, decides what we pay for. It must not know calls.

use super::{Phone, PhoneKind};
use phonenumber::country::Id;
use phonenumber::metadata::{DATABASE, Descriptor};
use phonenumber::{PhoneNumber, Type};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The calling code that two dozen countries share, of which most cost far more than these.
const NORTH_AMERICA: u16 = 1;
const AT_HOME_THERE: [&str; 7] = ["US", "CA", "PR", "VI", "GU", "AS", "MP"];
/// What the library calls networks that are in no country: satellites, and worldwide services.
const NOWHERE: &str = "001";

/// Which numbers may be rung and texted. By default, those of any country.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Reach {
    /// How numbers begin that may be dialled, without the plus: country calling codes, or longer ones, which also allow
    /// what costs extra there. Empty, any country: so in calls of the build before.
    pub beginnings: BTreeSet<u32>,
    /// Whether nobody has said so, and the country that the sheet names counts as well.
    pub by_default: bool,
    /// The hotline's country (two letters), where a calling code belongs to several.
    pub home: Option<String>,
    /// What the operator has written into the configuration: it may be rung as it stands.
    pub named: BTreeSet<Phone>,
}

/// Why a number may not be rung.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum OutOfReach {
    /// It is in a country that the operator has not allowed.
    Country,
    /// A premium-rate number.
    Premium,
    /// Whoever calls shares the cost.
    SharedCost,
    /// A number that follows its owner, at his price.
    Personal,
    /// A company's number, the same everywhere.
    Company,
    /// A pager.
    Pager,
    /// A satellite's or a worldwide network.
    Satellite,
    /// A short number, or another one that nobody abroad can dial.
    Short,
}

impl OutOfReach {
    /// What is wrong, to go after the number.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Country => "is in a country to which this hotline may not send calls",
            Self::Premium => "is a premium-rate number",
            Self::SharedCost => "is a shared-cost number",
            Self::Personal => "is a personal number, which costs extra",
            Self::Company => "is a company number, which costs extra",
            Self::Pager => "is a pager",
            Self::Satellite => "is a number of a satellite or worldwide network",
            Self::Short => "is a short number",
        }
    }

    /// What can be done about it.
    #[must_use]
    pub const fn remedy(self) -> &'static str {
        match self {
            Self::Country => {
                "If people there are to be rung, whoever runs the hotline lists all countries of its people in rotaline.toml, below the \
                 hotline: dial_countries = [\"+61\", \"+64\"]."
            }
            Self::Premium => "Such numbers are never rung: give the number of a phone that the person carries.",
            Self::SharedCost | Self::Personal | Self::Company | Self::Pager | Self::Satellite => {
                "Give the number of a phone that the person carries. If this one is meant, whoever runs the hotline adds how it begins to \
                 dial_countries in rotaline.toml, as in [\"+61\", \"+611300\"]."
            }
            Self::Short => "Give the full number as it is dialled from outside.",
        }
    }
}

impl Reach {
    /// For a hotline of this country, or else of those of its numbers. What is `listed` is all that may be dialled; where
    /// nothing is, it is the countries of the hotline, of its numbers, of those `named`, and those that callbacks may go to.
    #[must_use]
    pub fn new(country: Option<&str>, numbers: &[Phone], named: BTreeSet<Phone>, callbacks: &BTreeSet<u16>, listed: BTreeSet<u32>) -> Self {
        let own = country.and_then(|country| country.parse::<Id>().ok());
        let of_numbers = || numbers.iter().find_map(|number| parsed(number)?.country().id());
        let home = own.or_else(of_numbers).map(|id| id.as_ref().to_owned());
        let by_default = listed.is_empty();
        let mut beginnings = listed;
        if by_default {
            let codes = numbers
                .iter()
                .chain(&named)
                .filter_map(parsed)
                .map(|number| number.country().code());
            let all = codes.chain(own.and_then(calling_code)).chain(callbacks.iter().copied());
            beginnings.extend(all.map(u32::from));
        }
        Self {
            beginnings,
            by_default,
            home,
            named,
        }
    }

    /// The same where a sheet names its country.
    #[must_use]
    pub fn with_country_of_sheet(mut self, country: Option<&str>) -> Self {
        if self.by_default && !self.beginnings.is_empty() {
            let named = country.and_then(|country| country.parse::<Id>().ok());
            self.beginnings.extend(named.and_then(calling_code).map(u32::from));
        }
        self
    }

    /// Why this phone may not be rung or texted; none where it may. Where softphones and SIP addresses are is another's concern.
    #[must_use]
    pub fn refusal(&self, phone: &Phone) -> Option<OutOfReach> {
        if self.named.contains(phone) {
            return None;
        }
        match phone.kind() {
            PhoneKind::Softphone | PhoneKind::Sip => return None,
            PhoneKind::Telephone | PhoneKind::Extension => {}
        }
        let Some(number) = parsed(phone) else {
            return Some(OutOfReach::Short);
        };
        let code = u32::from(number.country().code());
        let home = self.home.as_deref();
        let listed = self.beginnings.iter().filter(|beginning| begins(**beginning, &number, home));
        let is_listed_closely = listed.clone().any(|beginning| *beginning != code);
        match extra(&number) {
            Some(OutOfReach::Premium) => return Some(OutOfReach::Premium),
            Some(why) if !is_listed_closely => return Some(why),
            Some(_) | None => {}
        }
        let is_listed = listed.count() > 0;
        if !is_listed && is_nowhere(number.country().code()) {
            return Some(OutOfReach::Satellite);
        }
        (!is_listed && !self.beginnings.is_empty()).then_some(OutOfReach::Country)
    }
}

/// Whether a number begins so. The calling code that half a continent shares means its large countries, and the hotline's.
pub(super) fn begins(beginning: u32, number: &PhoneNumber, home: Option<&str>) -> bool {
    let code = number.country().code();
    if beginning == u32::from(NORTH_AMERICA) && code == NORTH_AMERICA {
        let region = number.country().id();
        return region.is_none_or(|id| AT_HOME_THERE.contains(&id.as_ref()) || home == Some(id.as_ref()));
    }
    format!("{code}{}", number.national()).starts_with(&beginning.to_string())
}

/// Whether calls to this kind of number may cost more than to a telephone.
fn extra(number: &PhoneNumber) -> Option<OutOfReach> {
    match number.number_type(&DATABASE) {
        Type::FixedLine | Type::Mobile | Type::FixedLineOrMobile | Type::Voip | Type::TollFree | Type::Voicemail => None,
        Type::PremiumRate => Some(OutOfReach::Premium),
        Type::SharedCost => Some(OutOfReach::SharedCost),
        Type::PersonalNumber => Some(OutOfReach::Personal),
        Type::Uan => Some(OutOfReach::Company),
        Type::Pager => Some(OutOfReach::Pager),
        Type::Emergency | Type::ShortCode | Type::StandardRate | Type::Carrier | Type::NoInternational => Some(OutOfReach::Short),
        Type::Unknown => unassigned(number),
    }
}

/// What is not given out as far as is known may ring all the same, but not where premium-rate numbers begin like this.
fn unassigned(number: &PhoneNumber) -> Option<OutOfReach> {
    let digits = number.national().to_string();
    let regions = DATABASE.by_code(&number.country().code())?;
    let is_like = |kind: Option<&Descriptor>| {
        let found = kind.and_then(|kind| kind.national_number().find(&digits));
        found.is_some_and(|found| found.start() == 0 && !found.as_str().is_empty())
    };
    regions
        .iter()
        .any(|meta| is_like(meta.descriptors().premium_rate()))
        .then_some(OutOfReach::Premium)
}

fn is_nowhere(code: u16) -> bool {
    DATABASE.region(&code).is_some_and(|regions| regions.contains(&NOWHERE))
}

fn calling_code(country: Id) -> Option<u16> {
    Some(DATABASE.by_id(country.as_ref())?.country_code())
}

fn parsed(phone: &Phone) -> Option<PhoneNumber> {
    match phone.kind() {
        PhoneKind::Telephone | PhoneKind::Extension => phonenumber::parse(None, phone.address()).ok(),
        PhoneKind::Softphone | PhoneKind::Sip => None,
    }
}

#[cfg(test)]
mod tests;

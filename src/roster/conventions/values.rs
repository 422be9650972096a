//! Values of settings as people type them, in four languages. It must not know which setting they are of.

use super::{RowLasts, Unordered};
use crate::roster::cells::times::Hours;
use crate::roster::cells::words::fold;
use phonenumber::country::Id;
use phonenumber::metadata::DATABASE;

/// The parts of a list: `D, A/L; OFF`. What stands in brackets belongs together: `Juniors (#1656, 1016), Registrar`.
pub(super) fn list(value: &str) -> impl Iterator<Item = &str> {
    let is_even = value.matches('(').count() == value.matches(')').count();
    let mut depth = 0_usize;
    let parts = value.split(move |c| {
        match c {
            '(' if is_even => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && matches!(c, ',' | ';' | '\n')
    });
    parts.map(str::trim).filter(|part| !part.is_empty())
}

/// `2 weeks`, `2`.
pub(super) fn count_before(value: &str, units: &[&str], fitting: std::ops::RangeInclusive<u32>) -> Option<u32> {
    let value = fold(value);
    let (number, unit) = value.split_once(' ').unwrap_or((&value, ""));
    let is_unit = unit.is_empty() || units.iter().any(|known| unit.starts_with(known));
    number.parse().ok().filter(|number| is_unit && fitting.contains(number))
}

/// `7 days`, `1 week`, `daily`, `weekly`.
pub(in crate::roster) fn days(value: &str) -> Option<u32> {
    match fold(value).as_str() {
        "daily" | "day" | "one day" | "taglich" | "ein tag" | "un jour" | "quotidien" | "diario" | "un dia" => return Some(1),
        "weekly" | "week" | "one week" | "wochentlich" | "eine woche" | "une semaine" | "hebdomadaire" | "semanal" | "una semana" => {
            return Some(7);
        }
        _ => {}
    }
    let in_days = || count_before(value, &["day", "jour", "tag", "dia"], 1..=366);
    let in_weeks = count_before(value, &["week", "semaine", "woche", "semana"], 1..=52).filter(|_| fold(value).contains(' '));
    in_weeks.map(|weeks| weeks * 7).or_else(in_days)
}

impl Unordered {
    pub(super) fn parse(value: &str) -> Option<Self> {
        match fold(value).as_str() {
            "as listed"
            | "one after another"
            | "in order"
            | "in turn"
            | "listed"
            | "nacheinander"
            | "der reihe nach"
            | "l un apres l autre"
            | "lun apres lautre"
            | "l une apres l autre"
            | "dans l ordre"
            | "uno tras otro"
            | "uno despues de otro"
            | "en orden" => Some(Self::AsListed),
            "together" | "all at once" | "at once" | "at the same time" | "zusammen" | "gleichzeitig" | "alle zusammen" | "ensemble"
            | "en meme temps" | "tous ensemble" | "juntos" | "a la vez" | "al mismo tiempo" => Some(Self::Together),
            _ => None,
        }
    }
}

impl RowLasts {
    pub(super) fn parse(value: &str) -> Option<Self> {
        #[rustfmt::skip]
        let until_next = [
            "until the next row", "until next row", "until the next", "bis zur nachsten zeile", "bis zur nachsten", "jusqu a la ligne suivante",
            "jusqua la ligne suivante", "hasta la fila siguiente", "hasta la siguiente fila", "hasta la siguiente",
        ];
        if until_next.contains(&fold(value).as_str()) {
            return Some(Self::UntilNextRow);
        }
        days(value).map(Self::Days).or_else(|| Hours::parse(value).map(Self::Hours))
    }
}

/// `AU`, `au`, `Australia`, `UK`, `+61` where only one country has it.
pub(super) fn country(value: &str) -> Option<Id> {
    if let Ok(id) = value.to_uppercase().parse::<Id>() {
        return Some(id);
    }
    let digits = value.strip_prefix('+').unwrap_or(value);
    if let Ok(code) = digits.parse::<u16>() {
        let regions = DATABASE.region(&code)?;
        return regions.first().and_then(|region| region.parse().ok());
    }
    let id = match fold(value).as_str() {
        "uk" | "united kingdom" | "great britain" | "britain" | "england" | "scotland" | "wales" => Id::GB,
        "australia" => Id::AU,
        "new zealand" => Id::NZ,
        "usa" | "united states" | "united states of america" => Id::US,
        "canada" | "kanada" => Id::CA,
        "ireland" => Id::IE,
        "india" => Id::IN,
        "south africa" => Id::ZA,
        "singapore" => Id::SG,
        "france" | "frankreich" | "francia" => Id::FR,
        "germany" | "deutschland" | "allemagne" | "alemania" => Id::DE,
        "austria" | "osterreich" => Id::AT,
        "switzerland" | "schweiz" | "suisse" => Id::CH,
        "belgium" | "belgique" | "belgie" => Id::BE,
        "netherlands" | "nederland" => Id::NL,
        "spain" | "espana" | "spanien" => Id::ES,
        "italy" | "italia" => Id::IT,
        "portugal" => Id::PT,
        "mexico" => Id::MX,
        "argentina" => Id::AR,
        "chile" => Id::CL,
        "colombia" => Id::CO,
        "brazil" | "brasil" => Id::BR,
        _ => return None,
    };
    Some(id)
}

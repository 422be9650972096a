//! Words that say that somebody is off, in four languages and some more. A code that is none of them is never taken for a
//! day off. It must not know what else a cell may say.

use crate::roster::cells::words::{Absent, absent, fold};

/// Whole texts that say that somebody is off, folded.
#[rustfmt::skip]
const OFF: &[&str] = &[
    "day off", "days off", "weekly off", "w o", "rdo", "rest", "rest day", "rest days", "a l", "al", "leave", "vacation", "vac", "holiday", "holidays",
    "hol", "sick", "sickness", "not working", "non working day", "unavailable", "absent", "away", "time off", "toil", "day in lieu", "lieu day", "lwop",
    "maternity", "paternity", "urlaub", "frei", "krank", "ruhetag", "freizeitausgleich", "elternzeit", "abwesend", "mutterschutz", "conge", "conges",
    "repos", "rtt", "maladie", "arret maladie", "absence", "vacances", "recup", "libre", "vacaciones", "descanso", "baja", "permiso", "ferie", "riposo",
    "malattia", "folga", "ferias", "休", "休息", "年假", "病假",
];

/// Last words that say so in a longer text: `UMRA LEAVE`, `Jahresurlaub`.
const OFF_AT_END: &[&str] = &["leave", "urlaub", "holiday", "holidays"];

/// Whether a text is a word for a day off or for nobody, in four languages.
pub(crate) fn is_off(text: &str) -> bool {
    match absent(text) {
        Some(Absent::Nobody | Absent::Blank) => return true,
        Some(Absent::Pending) => return false,
        None => {}
    }
    let folded = fold(text);
    let last = folded.rsplit(' ').next().unwrap_or_default();
    OFF.contains(&folded.as_str()) || OFF_AT_END.contains(&last) || last.ends_with("urlaub")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_off_and_nothing_else() {
        for text in [
            "OFF",
            "X",
            "0",
            "-",
            "A/L",
            "AL",
            "ANNUAL LEAVE",
            "UMRA LEAVE",
            "Urlaub",
            "Jahresurlaub",
            "Congés",
            "RDO",
            "sick",
            "D/O",
            "nobody",
        ] {
            assert!(is_off(text), "{text}");
        }
        for text in [
            "N",
            "E25",
            "OC1",
            "D",
            "TBA",
            "?",
            "RS",
            "AC",
            "PH",
            "Leave cover",
            "0600-1400",
            "Ana",
        ] {
            assert!(!is_off(text), "{text}");
        }
    }
}

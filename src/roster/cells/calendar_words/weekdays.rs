//! Sets of weekdays, and how seven languages write them. It must not know dates' texts.

#![allow(dead_code, reason = "layouts take it up one by one")]

use crate::roster::cells::words::{fold, tidy};
use chrono::{Datelike, NaiveDate, Weekday};
use std::fmt;

/// A set of weekdays: those of `Mon-Fri`, or what a word such as `di` may stand for (Dienstag, dimanche). Empty where
/// nothing is said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Weekdays(u8);

/// No list of weekdays has more words.
const WORDS_AT_MOST: usize = 16;

/// How one language names days of the week.
struct Language {
    /// From Monday.
    days: [&'static [&'static str]; 7],
    /// Monday to Friday.
    working: &'static [&'static str],
    /// Saturday and Sunday.
    weekend: &'static [&'static str],
    every: &'static [&'static str],
}

/// A piece of a list of weekdays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Piece<'t> {
    Word(&'t str),
    /// `-`, `to`
    Through,
}

impl Weekdays {
    pub(crate) const ALL: Self = Self(0b111_1111);
    const WORKING: Self = Self(0b001_1111);
    const WEEKEND: Self = Self(0b110_0000);

    /// One day.
    pub(crate) fn of(day: Weekday) -> Self {
        Self(1 << day.num_days_from_monday())
    }

    /// The weekday that a word names, or all that it may name; the words come folded.
    pub(crate) fn named(word: &str) -> Self {
        let named = LANGUAGES.iter().filter_map(|language| language.day(word));
        named.fold(Self::default(), Self::union)
    }

    /// Reads `Mon-Fri`, `Fri-Mon`, `Sat, Sun`, `du lundi au vendredi`, `weekend`, `daily`. All words must be of one
    /// language; where two languages read them differently, nothing is known.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        if text.len() > 200 {
            return None;
        }
        let text = tidy(text)
            .to_lowercase()
            .replace("-feira", "")
            .replace(['至', '到'], "-")
            .replace(['、', '和'], ",");
        let folded = fold(&text);
        if folded == "m f" && text.contains('-') {
            return Some(Self::WORKING);
        }
        let text = without_marks(&text);
        let pieces = pieces(&text)?;
        let mut readings = LANGUAGES
            .iter()
            .filter_map(|language| language.phrase(&folded).or_else(|| language.list(&pieces)));
        let first = readings.next()?;
        readings.all(|other| other == first).then_some(first)
    }

    pub(crate) const fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub(crate) fn holds(self, date: NaiveDate) -> bool {
        self.meets(Self::of(date.weekday()))
    }

    /// Whether both have a day in common.
    pub(crate) const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// The days that both have.
    pub(crate) const fn common(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub(crate) const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The day, where there is exactly one.
    pub(crate) fn only(self) -> Option<Weekday> {
        let mut days = self.iter();
        days.next().filter(|_| days.next().is_none())
    }

    /// From one day through another, over the end of the week where need be: Fri-Mon.
    pub(crate) fn through(first: Weekday, last: Weekday) -> Self {
        let mut days = Self::of(first);
        let mut day = first;
        while day != last {
            day = day.succ();
            days = days.union(Self::of(day));
        }
        days
    }

    /// Its days, from Monday.
    pub(crate) fn iter(self) -> impl Iterator<Item = Weekday> {
        let week = std::iter::successors(Some(Weekday::Mon), |day| Some(day.succ())).take(7);
        week.filter(move |day| self.meets(Self::of(*day)))
    }
}

/// `every day`, `Mon-Fri`, `Sat, Sun`
impl fmt::Display for Weekdays {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let days: Vec<Weekday> = self.iter().collect();
        match days.as_slice() {
            all if all.len() == 7 => f.write_str("every day"),
            [first, .., last] if days.len() > 2 && Self::through(*first, *last) == *self => write!(f, "{first}-{last}"),
            some => {
                let names: Vec<String> = some.iter().map(ToString::to_string).collect();
                f.write_str(&names.join(", "))
            }
        }
    }
}

impl Language {
    fn day(&self, word: &str) -> Option<Weekdays> {
        let place = self.days.iter().position(|names| names.contains(&word))?;
        Some(Weekdays(1 << place))
    }

    fn phrase(&self, text: &str) -> Option<Weekdays> {
        let groups = [
            (self.working, Weekdays::WORKING),
            (self.weekend, Weekdays::WEEKEND),
            (self.every, Weekdays::ALL),
        ];
        let found = groups.into_iter().find(|(words, _)| words.contains(&text));
        found.map(|(_, days)| days)
    }

    /// A list in which every word is one of this language.
    fn list(&self, pieces: &[Piece<'_>]) -> Option<Weekdays> {
        let mut all = Weekdays::default();
        // The day before, while it may begin a range; whether the range has begun.
        let mut before: Option<Weekday> = None;
        let mut through = false;
        for piece in pieces {
            let Piece::Word(word) = piece else {
                if through || before.is_none() {
                    return None;
                }
                through = true;
                continue;
            };
            let word = fold(word);
            let day = self.day(&word);
            let days = day.or_else(|| self.phrase(&word))?;
            all = match (through, before, days.only()) {
                (true, Some(first), Some(last)) => all.union(Weekdays::through(first, last)),
                (true, _, _) => return None,
                (false, _, _) => all.union(days),
            };
            before = if through { None } else { day.and_then(Weekdays::only) };
            through = false;
        }
        (!through && !all.is_empty()).then_some(all)
    }
}

fn without_marks(text: &str) -> String {
    text.replace('-', " - ")
        .replace([',', ';', '&', '/', '+', '.', ':', '(', ')', '\n'], " ")
}

fn pieces(text: &str) -> Option<Vec<Piece<'_>>> {
    let mut pieces = Vec::new();
    for word in text.split_whitespace() {
        match word {
            "-" | "~" | "→" | "to" | "thru" | "through" | "bis" | "au" | "a" | "à" | "al" | "hasta" | "ate" | "até" => {
                pieces.push(Piece::Through)
            }
            "and" | "und" | "et" | "y" | "e" | "ed" | "on" | "from" | "every" | "each" | "jeden" | "von" | "vom" | "am" | "du" | "de"
            | "le" | "les" | "el" | "los" | "the" | "da" | "dal" => {}
            word => pieces.push(Piece::Word(word)),
        }
        if pieces.len() > WORDS_AT_MOST {
            return None;
        }
    }
    Some(pieces)
}

#[rustfmt::skip]
const LANGUAGES: [Language; 7] = [
    // English
    Language {
        days: [
            &["monday", "mon", "mo", "mondays"], &["tuesday", "tue", "tues", "tu", "tuesdays"],
            &["wednesday", "wed", "weds", "we", "wednesdays"], &["thursday", "thu", "thur", "thurs", "th", "thursdays"],
            &["friday", "fri", "fr", "fridays"], &["saturday", "sat", "sa", "saturdays"], &["sunday", "sun", "su", "sundays"],
        ],
        working: &["weekdays", "weekday", "working days", "workdays", "on weekdays"],
        weekend: &["weekend", "weekends", "week end", "week ends", "the weekend", "at weekends", "on weekends"],
        every: &["all", "daily", "every day", "everyday", "all days", "all week", "each day", "7 days", "seven days"],
    },
    // French
    Language {
        days: [
            &["lundi", "lun", "lu", "lundis"], &["mardi", "mar", "ma", "mardis"], &["mercredi", "mer", "me", "mercredis"],
            &["jeudi", "jeu", "je", "jeudis"], &["vendredi", "ven", "ve", "vendredis"], &["samedi", "sam", "sa", "samedis"],
            &["dimanche", "dim", "di", "dimanches"],
        ],
        working: &["en semaine", "jours ouvres", "la semaine"],
        weekend: &["week end", "weekend", "week ends", "weekends", "we", "le week end", "fin de semaine"],
        every: &["tous les jours", "chaque jour", "quotidien", "quotidiennement", "7j 7", "toute la semaine"],
    },
    // German. `Werktags` may hold Saturday, so it says nothing.
    Language {
        days: [
            &["montag", "mo", "mon", "montags"], &["dienstag", "di", "die", "dienstags"], &["mittwoch", "mi", "mit", "mittwochs"],
            &["donnerstag", "do", "don", "donnerstags"], &["freitag", "fr", "fre", "freitags"],
            &["samstag", "sonnabend", "sa", "sam", "samstags", "sonnabends"], &["sonntag", "so", "son", "sonntags"],
        ],
        working: &["wochentags", "unter der woche"],
        weekend: &["wochenende", "wochenenden", "am wochenende", "we"],
        every: &["taglich", "taeglich", "jeden tag", "alle tage", "die ganze woche"],
    },
    // Spanish
    Language {
        days: [
            &["lunes", "lun", "lu"], &["martes", "mar", "ma"], &["miercoles", "mie", "mi"], &["jueves", "jue", "ju"],
            &["viernes", "vie", "vi"], &["sabado", "sab", "sa", "sabados"], &["domingo", "dom", "domingos"],
        ],
        working: &["entre semana", "dias laborables", "laborables"],
        weekend: &["fin de semana", "fines de semana", "finde", "los fines de semana"],
        every: &["diario", "a diario", "diariamente", "todos los dias", "cada dia", "toda la semana"],
    },
    // Italian. `Feriali` holds Saturday for some, so it says nothing.
    Language {
        days: [
            &["lunedi", "lun"], &["martedi", "mar"], &["mercoledi", "mer"], &["giovedi", "gio"], &["venerdi", "ven"], &["sabato", "sab"],
            &["domenica", "dom"],
        ],
        working: &[],
        weekend: &["fine settimana", "weekend", "week end"],
        every: &["tutti i giorni", "ogni giorno", "quotidiano"],
    },
    // Portuguese
    Language {
        days: [
            &["segunda", "segunda feira", "seg"], &["terca", "terca feira", "ter"], &["quarta", "quarta feira", "qua"],
            &["quinta", "quinta feira", "qui"], &["sexta", "sexta feira", "sex"], &["sabado", "sab"], &["domingo", "dom"],
        ],
        working: &["dias uteis"],
        weekend: &["fim de semana", "fins de semana"],
        every: &["todos os dias", "diariamente", "cada dia"],
    },
    // Chinese
    Language {
        days: [
            &["周一", "星期一", "礼拜一"], &["周二", "星期二", "礼拜二"], &["周三", "星期三", "礼拜三"], &["周四", "星期四", "礼拜四"],
            &["周五", "星期五", "礼拜五"], &["周六", "星期六", "礼拜六"], &["周日", "星期日", "礼拜日", "周天", "星期天", "礼拜天"],
        ],
        working: &["工作日"],
        weekend: &["周末"],
        every: &["每天", "每日"],
    },
];

#[cfg(test)]
mod tests;

//! Names of months and weekdays, in English, French, German, Spanish, Italian and Portuguese, in full and cut.

use chrono::{Datelike, NaiveDate};

/// A set of weekdays: what a word such as `di` may stand for (Dienstag, dimanche). Empty where nothing is said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Weekdays(u8);

impl Weekdays {
    pub(super) const fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub(super) fn holds(self, date: NaiveDate) -> bool {
        let day = date.weekday().num_days_from_monday();
        self.0 & (1 << day) != 0
    }

    /// The weekday that a word names; the words come folded.
    pub(super) fn named(word: &str) -> Self {
        let days = WEEKDAYS.iter().enumerate().filter(|(_, names)| names.contains(&word));
        Self(days.fold(0, |set, (day, _)| set | (1 << day)))
    }
}

/// The month that a folded word names, from 1.
pub(super) fn month_named(word: &str) -> Option<u32> {
    let place = MONTHS.iter().position(|names| names.contains(&word))?;
    u32::try_from(place + 1).ok()
}

/// From Monday.
const WEEKDAYS: [&[&str]; 7] = [
    &[
        "monday",
        "mon",
        "mo",
        "lundi",
        "lun",
        "montag",
        "lunes",
        "lunedi",
        "segunda",
        "segunda feira",
        "seg",
    ],
    &[
        "tuesday", "tue", "tues", "tu", "mardi", "mar", "dienstag", "di", "die", "martes", "martedi", "terca", "ter",
    ],
    &[
        "wednesday",
        "wed",
        "weds",
        "we",
        "mercredi",
        "mer",
        "mittwoch",
        "mi",
        "mit",
        "miercoles",
        "mie",
        "mercoledi",
        "quarta",
        "qua",
    ],
    &[
        "thursday",
        "thu",
        "thur",
        "thurs",
        "th",
        "jeudi",
        "jeu",
        "donnerstag",
        "do",
        "don",
        "jueves",
        "jue",
        "giovedi",
        "gio",
        "quinta",
        "qui",
    ],
    &[
        "friday", "fri", "fr", "vendredi", "ven", "freitag", "fre", "viernes", "vie", "venerdi", "sexta", "sex",
    ],
    &[
        "saturday",
        "sat",
        "sa",
        "samedi",
        "sam",
        "samstag",
        "sonnabend",
        "sabado",
        "sab",
        "sabato",
    ],
    &[
        "sunday", "sun", "su", "dimanche", "dim", "di", "sonntag", "so", "son", "domingo", "dom", "domenica",
    ],
];

const MONTHS: [&[&str]; 12] = [
    &[
        "january", "jan", "janvier", "janv", "januar", "janner", "enero", "ene", "gennaio", "gen", "janeiro",
    ],
    &[
        "february",
        "feb",
        "fevrier",
        "fev",
        "fevr",
        "februar",
        "febrero",
        "febbraio",
        "fevereiro",
    ],
    &["march", "mar", "mars", "marz", "maerz", "mrz", "marzo", "marco"],
    &["april", "apr", "avril", "avr", "abril", "abr", "aprile"],
    &["may", "mai", "mayo", "maggio", "mag", "maio"],
    &["june", "jun", "juin", "juni", "junio", "giugno", "giu", "junho"],
    &["july", "jul", "juillet", "juil", "juli", "julio", "luglio", "lug", "julho"],
    &["august", "aug", "aout", "agosto", "ago"],
    &[
        "september",
        "sep",
        "sept",
        "septembre",
        "septiembre",
        "set",
        "settembre",
        "setembro",
        "setiembre",
    ],
    &[
        "october", "oct", "octobre", "oktober", "okt", "octubre", "ottobre", "ott", "outubro", "out",
    ],
    &["november", "nov", "novembre", "noviembre", "novembro"],
    &[
        "december",
        "dec",
        "decembre",
        "dezember",
        "dez",
        "diciembre",
        "dic",
        "dicembre",
        "dezembro",
    ],
];

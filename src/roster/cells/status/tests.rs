use super::*;
use crate::roster::cells::dates::Day;
use chrono::NaiveDate;

fn said(text: &str) -> Result<Status, Doubt> {
    read(&Cell::Text(text.to_owned()))
}

#[test]
fn words_of_four_languages() {
    for away in [
        "away",
        "Away",
        " OFF ",
        "Busy",
        "sick",
        "Holiday",
        "on holiday",
        "on leave",
        "off sick",
        "Out of office",
        "A/L",
        "in a meeting",
        "I am away.",
        "weg",
        "krank",
        "im Urlaub",
        "Nicht verfügbar",
        "beschäftigt",
        "Elternzeit",
        "bin krank",
        "nicht stören!",
        "absente",
        "en vacances",
        "En congé",
        "malade",
        "occupée",
        "en réunion",
        "arrêt maladie",
        "pas là",
        "fuera",
        "de vacaciones",
        "De baja",
        "ocupado",
        "enferma",
        "en reunión",
        "no está",
        "away until further notice",
        "weg bis auf weiteres",
        "away until back",
        "krank bis wieder da",
    ] {
        assert_eq!(said(away), Ok(Status::Away), "{away}");
    }
}

#[test]
fn words_of_being_there() {
    for here in [
        "",
        "-",
        "–",
        " ",
        "n/a",
        "available",
        "Here",
        "back",
        "Back again",
        "verfügbar",
        "da",
        "wieder da",
        "zurück",
        "im Dienst",
        "disponible",
        "de retour",
        "Présent",
        "là",
        "vuelta",
        "en servicio",
        "activa",
        "is back",
    ] {
        let expected = if here == "–" { "-" } else { here };
        assert_eq!(said(expected), Ok(Status::Here), "{here}");
    }
}

#[test]
fn what_is_not_known_or_can_mean_either_is_nothing() {
    for text in [
        "gone fishing",
        "free",
        "frei",
        "libre",
        "?",
        "🌴",
        "inactive",
        "Ana",
        "awy",
        "50%",
        "0",
        "until 2026-12-01",
        "until",
        "away until",
        "away Tom",
        "not away",
        "nicht krank",
        "TRUE",
        "part-time",
        "available until 2026-12-01",
        "sick back",
    ] {
        assert_eq!(said(text), Err(Doubt::Unknown), "{text}");
    }
    assert_eq!(read(&Cell::Bool(false)), Err(Doubt::Unknown));
    assert_eq!(read(&Cell::Error("#N/A".to_owned())), Err(Doubt::Unknown));
    assert_eq!(read(&Cell::Empty), Ok(Status::Here));
}

#[test]
fn ends() {
    let day = |year, month, day| Day::Full(NaiveDate::from_ymd_opt(year, month, day).unwrap());
    let first = day(2026, 12, 1);
    for text in [
        "away until 2026-12-01",
        "Away until Tue 1 Dec 2026.",
        "sick till 1 December 2026",
        "Urlaub bis 1. Dezember 2026",
        "krank bis zum 1.12.2026",
        "en vacances jusqu'au 1er décembre 2026",
        "malade jusqu’au 1 déc. 2026",
        "de baja hasta el 1 de diciembre de 2026",
        "away (until 2026-12-01)",
    ] {
        let Ok(Status::AwayThrough(written)) = said(text) else {
            panic!("{text}: {:?}", said(text));
        };
        assert!(
            written.day == first
                || matches!(
                    written.day,
                    Day::Pair {
                        first: 1,
                        second: 12,
                        year: Some(2026)
                    }
                ),
            "{text}: {written:?}"
        );
        assert_eq!(written.time, None, "{text}");
    }
    for text in [
        "back 2026-12-01",
        "away, back on 1 Dec 2026",
        "Urlaub, wieder da ab 1. Dezember 2026",
        "zurück am 1 Dez 2026",
        "de retour le 1 décembre 2026",
        "vuelve el 1 de diciembre de 2026",
        "available from 1 Dec 2026",
        "verfügbar ab 2026-12-01",
        "disponible à partir du 1 décembre 2026",
        "returns 1 Dec 2026",
    ] {
        let Ok(Status::BackAt(written)) = said(text) else {
            panic!("{text}: {:?}", said(text));
        };
        assert_eq!((written.day, written.time), (first, None), "{text}");
    }
    let Ok(Status::BackAt(written)) = said("back 2026-12-01 18:00") else {
        panic!("{:?}", said("back 2026-12-01 18:00"));
    };
    assert_eq!(written.time.map(Clock::minute_of_day), Some(18 * 60));
    let Ok(Status::AwayThrough(written)) = said("weg bis 24.12.") else {
        panic!("{:?}", said("weg bis 24.12."));
    };
    assert!(
        matches!(
            written.day,
            Day::Pair {
                first: 24,
                second: 12,
                year: None
            }
        ),
        "{written:?}"
    );
}

#[test]
fn ends_that_are_none() {
    for text in [
        "back 18:00",
        "away until 6 pm",
        "until Friday sick, away until Friday",
        "krank bis Freitag",
        "de retour lundi",
        "fuera hasta las 18:00",
    ] {
        let expected = if text.starts_with("until") {
            Doubt::Unknown
        } else {
            Doubt::WithoutDay
        };
        assert_eq!(said(text), Err(expected), "{text}");
    }
    for text in [
        "away from 2026-12-01",
        "Urlaub ab 1.12.2026",
        "en vacances à partir du 1 décembre 2026",
        "holiday from 1 to 5 Dec 2026",
    ] {
        assert_eq!(said(text), Err(Doubt::Planned), "{text}");
    }
    assert_eq!(said("away until 2026-02-30"), Err(Doubt::Date(Unreadable::NoSuchDate)));
    assert_eq!(said("back to front"), Err(Doubt::Date(Unreadable::NotADate)));
    assert_eq!(said("away until the cows come home"), Err(Doubt::Date(Unreadable::NotADate)));
}

//! Lists of weekdays, read as a person would.

use super::*;

#[test]
fn lists_and_ranges() {
    for (text, expected) in [
        ("Mon-Fri", "Mon-Fri"),
        ("Monday to Thursday", "Mon-Thu"),
        ("Fri-Mon", "Mon, Fri, Sat, Sun"),
        ("Sun-Sat", "every day"),
        ("Sat, Sun", "Sat, Sun"),
        ("Mon/Wed/Fri", "Mon, Wed, Fri"),
        ("Mon-Wed, Fri", "Mon, Tue, Wed, Fri"),
        ("weekdays and Sat", "Mon-Sat"),
        ("Wed", "Wed"),
        ("every day", "every day"),
        ("Mo, Di, Do", "Mon, Tue, Thu"),
        ("Di-Do", "Tue-Thu"),
        ("lu ma je di", "Mon, Tue, Thu, Sun"),
        ("du lundi au vendredi", "Mon-Fri"),
        ("le week-end", "Sat, Sun"),
        ("de lunes a viernes", "Mon-Fri"),
        ("segunda-feira a sexta-feira", "Mon-Fri"),
        ("lunedì, martedì", "Mon, Tue"),
        ("周六、周日", "Sat, Sun"),
        ("星期一至星期五", "Mon-Fri"),
    ] {
        assert_eq!(
            Weekdays::parse(text).map(|days| days.to_string()).as_deref(),
            Some(expected),
            "{text}"
        );
    }
    // Two languages at once, two readings, no weekday, an open range.
    for text in [
        "Mon, Dim",
        "di",
        "we",
        "March",
        "Mon-",
        "-Fri",
        "Mon-Wed-Fri",
        "Mon to weekend",
        "",
        "Ana",
        "Mon Ana",
    ] {
        assert_eq!(Weekdays::parse(text), None, "{text}");
    }
}

#[test]
fn what_a_word_may_stand_for() {
    let days = |word: &str| {
        Weekdays::named(word)
            .iter()
            .map(|day| day.to_string())
            .collect::<Vec<_>>()
            .join(" ")
    };
    for (word, expected) in [
        ("di", "Tue Sun"),
        ("mar", "Tue"),
        ("sam", "Sat"),
        ("星期四", "Thu"),
        ("terca feira", "Tue"),
        ("ana", ""),
    ] {
        assert_eq!(days(word), expected, "{word}");
    }
}

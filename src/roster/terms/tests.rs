use super::*;

fn rings(level: Option<u16>, hours: &[&str]) -> Option<Meaning> {
    Some(Meaning::Rings(Term {
        level: level.map(Place::Level),
        when: hours.iter().map(|hours| DayHours::parse(hours).unwrap()).collect(),
    }))
}

#[test]
fn the_value_of_a_setting() {
    let cases = [
        ("1st, 18:00-08:00", rings(Some(0), &["18:00-08:00"])),
        ("second", rings(Some(1), &[])),
        ("20:00-08:00", rings(None, &["20:00-08:00"])),
        ("2, 09:00-17:00; 18:00-20:00", rings(Some(1), &["09:00-17:00", "18:00-20:00"])),
        ("not rung", Some(Meaning::Silent)),
        ("Ignore", Some(Meaning::Silent)),
        ("purple", None),
        ("", None),
    ];
    for (value, expected) in cases {
        assert_eq!(Meaning::parse(value), expected, "{value}");
    }
}

#[test]
fn codes_differ_in_case_only_where_that_is_said() {
    let mut terms = Terms::default();
    let first = Meaning::parse("1st, 18:00-08:00").unwrap();
    let second = Meaning::parse("2nd, 18:00-08:00").unwrap();
    terms.add("OC1", first.clone());
    terms.add("P", first.clone());
    terms.add("p", second.clone());
    terms.add("E*", second.clone());
    terms.add("OFF", Meaning::Silent);
    let cases = [
        ("OC1", Some(&first)),
        (" oc1 ", Some(&first)),
        ("P", Some(&first)),
        ("p", Some(&second)),
        ("E25", Some(&second)),
        ("E", Some(&second)),
        ("F25", None),
        ("off", Some(&Meaning::Silent)),
        ("OCI", None),
        ("", None),
    ];
    for (text, expected) in cases {
        assert_eq!(terms.code(text), expected, "{text}");
    }
}

#[test]
fn labels_join_a_shift_and_a_level() {
    let mut terms = Terms::default();
    terms.add("India Shift 1", Meaning::parse("06:30-14:30").unwrap());
    terms.add("India Shift 1 weekend", Meaning::parse("07:00-15:00").unwrap());
    terms.add("Trainee", Meaning::Silent);
    let cases = [
        ("INDIA SHIFT 1 PRIMARY", rings(Some(0), &["06:30-14:30"])),
        ("INDIA SHIFT 1 Secondary", rings(Some(1), &["06:30-14:30"])),
        ("India shift 1 weekend primary", rings(Some(0), &["07:00-15:00"])),
        ("US SHIFT PRIMARY", rings(Some(0), &[])),
        ("Night 20:00-08:00", rings(None, &["20:00-08:00"])),
        // Days beside the hours count; around the clock is as long as the row.
        ("Weekend 10:00-14:00", rings(None, &["10:00-14:00 Sat-Sun"])),
        ("Primary 24/7", rings(Some(0), &[])),
        (
            "Duty Manager",
            Some(Meaning::Rings(Term {
                level: Some(Place::Last),
                when: vec![],
            })),
        ),
        ("Trainee", Some(Meaning::Silent)),
        ("Annual Leave", Some(Meaning::Silent)),
        ("Speaker", None),
    ];
    for (text, expected) in cases {
        assert_eq!(terms.label(text), expected, "{text}");
    }
    terms.set_order(&["Speaker".to_owned(), "US Shift Primary".to_owned()]);
    assert_eq!(terms.label("speaker"), rings(Some(0), &[]));
    assert_eq!(terms.label("US SHIFT PRIMARY"), rings(Some(1), &[]));
    assert_eq!(terms.label("Moderator"), Some(Meaning::Silent));
}

#[test]
fn patterns() {
    for (pattern, text, fits) in [
        ("E*", "E25", true),
        ("*2026", "March 2026", true),
        ("M*t", "MFT", false),
        ("M*T", "MFT", true),
        ("A*B*C", "AxxBxxC", true),
        ("A*B*C", "AxxC", false),
        ("*", "", true),
        ("ab", "abc", false),
        ("ab*b", "ab", false),
    ] {
        assert_eq!(fits_pattern(pattern, text), fits, "{pattern} {text}");
    }
}

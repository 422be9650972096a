use super::*;
use crate::call::{Rebuff, WhenClosed};
use crate::reception::{Blocked, Holiday, Menu, OpeningHours};
use crate::roster::WeekHours;
use std::collections::BTreeMap;

fn number(text: &str) -> Phone {
    Phone::from_e164(text).unwrap()
}

/// Two hotlines, the second without a number, and these lines of a menu below `numbers`.
fn with_menu(numbers: &str, lines: &str) -> String {
    hotline(&format!(
        "[[hotline]]\nname = \"surgery\"\nrota = {{ file = \"rota.xlsx\" }}\n[[menu]]\nnumbers = [{numbers}]\n{lines}"
    ))
}

const MENU: &str =
    "words = { greeting = \"For the lab, press 1.\" }\nchoices = { \"1\" = \"lab\", \"2\" = \"surgery\" }\notherwise = \"lab\"";

#[test]
fn the_door_of_a_hotline_is_read() {
    let text = hotline(
        r#"opening_hours = ["Mon-Fri 08:00-18:00", "Sat 09:00-12:00"]
holidays = ["2026-12-25", "2026-12-24 from 12:00"]
when_closed = "last-resort"
blocked = ["+61491570156", "+4930*"]
when_blocked = "reject"
withheld = "refuse"
calls_per_caller_and_hour = 0
most_calls = 3
texts_ring = true
texts_per_hour = 7
words = { emergency = "Dial 000.", closed = "Come back at eight." }
"#,
    );
    let config = read(&text).unwrap();
    let hours = |text| WeekHours::parse(text).unwrap();
    let holiday = |text| Holiday::parse(text).unwrap();
    assert_eq!(
        config.hotlines[0].reception,
        Reception {
            hours: OpeningHours {
                week: vec![hours("Mon-Fri 08:00-18:00"), hours("Sat 09:00-12:00")],
                holidays: vec![holiday("2026-12-25"), holiday("2026-12-24 from 12:00")],
            },
            when_closed: WhenClosed::LastResort,
            blocked: vec![Blocked::Number(number("+61491570156")), Blocked::Beginning("+4930".into())],
            blocked_hear: Rebuff::Nothing,
            refuses_withheld: true,
            calls_per_caller_and_hour: 0,
            most_calls: 3,
            texts_ring: true,
            texts_per_hour: 7,
        }
    );
    assert_eq!(
        config.hotlines[0].rules.words,
        OwnWords {
            emergency: Some("Dial 000.".into()),
            greeting: None,
            closed: Some("Come back at eight.".into()),
            recording: None,
        }
    );
}

#[test]
fn a_menu_is_read_and_lends_its_number() {
    let text = with_menu(
        "\"+61491570313\"",
        &format!("language = \"de\"\nvoice = \"Polly.Vicki-Neural\"\n{MENU}"),
    );
    let config = read(&text).unwrap();
    let name = |text: &str| HotlineName(text.into());
    assert_eq!(
        config.menus,
        [Menu {
            numbers: vec![number("+61491570313")],
            speech: crate::phrases::Speech {
                language: Language::German,
                voice: Some("Polly.Vicki-Neural".into()),
                ..crate::phrases::Speech::default()
            },
            emergency: None,
            greeting: "For the lab, press 1.".into(),
            choices: BTreeMap::from([('1', name("lab")), ('2', name("surgery"))]),
            otherwise: name("lab"),
        }]
    );
    assert_eq!(config.hotlines[0].numbers, [number("+61491570006")]);
    assert_eq!(config.hotlines[1].numbers, [number("+61491570313")]);
}

#[test]
fn the_menu_of_the_manual_works() {
    let (before, menu) = MANUAL.split_once("# [[menu]]").unwrap();
    let keys = ["numbers", "language", "voice", "words", "choices", "otherwise"];
    let mut lines = vec!["[[menu]]".to_owned()];
    for key in keys {
        let found = menu
            .lines()
            .find_map(|line| line.strip_prefix("# ").filter(|line| line.starts_with(&format!("{key} = "))));
        lines.push(found.unwrap_or_else(|| panic!("{key} is not in the manual")).to_owned());
    }
    let surgery = "[[hotline]]\nname = \"surgery\"\nrota = { file = \"rota.xlsx\" }\n";
    let config = read(&format!("{before}\n{surgery}{}", lines.join("\n"))).unwrap();
    assert_eq!(config.menus.len(), 1);
    let strange = faults(&with_menu("\"+61491570313\"", &format!("{MENU}\nqqqqqqqqqqqqqqqqqqqqqqqqq = 1")));
    let listed = strange[0].split_once("The keys here are: ").unwrap().1.trim_end_matches('.');
    assert_eq!(
        listed.split(", ").collect::<std::collections::BTreeSet<_>>(),
        keys.into_iter().collect(),
        "all keys are in the manual"
    );
}

#[test]
fn countries_of_callbacks_are_calling_codes() {
    let say = |value: &str, seen: &str| {
        let expected = format!("line 6: hotline.lab.callback_countries: saw {seen}. Write country calling codes, such as \"+61\".");
        assert_eq!(faults(&hotline(&format!("callback_countries = {value}"))), [expected], "{value}");
    };
    for seen in [
        "\"+999\"",
        "\"AU\"",
        "\"au\"",
        "\"61\"",
        "\"\"",
        "\"+\"",
        "\"+61 2\"",
        "\"+٦١\"",
        "\"+61491570006\"",
    ] {
        say(&format!("[\"+61\", {seen}]"), seen);
    }
    for (value, seen) in [("\"+61\"", "\"+61\""), ("61", "61"), ("[61]", "61"), ("true", "true")] {
        let found = faults(&hotline(&format!("callback_countries = {value}")));
        assert_eq!(found.len(), 1, "{value}: {found:?}");
        assert!(
            found[0].starts_with(&format!("line 6: hotline.lab.callback_countries: saw {seen}. Write ")),
            "{found:?}"
        );
    }
    let many = format!("callback_countries = [{}]", "\"+61\", ".repeat(51));
    assert_eq!(faults(&hotline(&many)).len(), 1, "50 at most");
    // Its own country alone, and several.
    let codes = |text: &str| read(&hotline(text)).unwrap().hotlines[0].rules.callbacks.codes.clone();
    assert_eq!(codes("callback_countries = []"), std::collections::BTreeSet::from([61]));
    assert_eq!(
        codes("callback_countries = [\"+64\", \"+44\", \"+64\"]"),
        std::collections::BTreeSet::from([44, 64])
    );
}

#[test]
fn what_does_not_fit_the_door_is_said_by_line() {
    const HOURS: &str = "Write days and hours, from 00:00 to 24:00, such as \"Mon-Fri 08:00-18:00\"; without days they hold on all.";
    let cases = [
        (hotline("opening_hours = [\"sometimes\"]"), format!("line 6: hotline.lab.opening_hours: saw \"sometimes\". {HOURS}")),
        (hotline("opening_hours = [\"Mon-Fri 9-5\"]"), format!("line 6: hotline.lab.opening_hours: saw \"Mon-Fri 9-5\". {HOURS}")),
        (hotline("holidays = [\n  \"2026-12-25\",\n  \"Christmas\",\n]"), "line 8: hotline.lab.holidays: saw \"Christmas\". Write a day, or from when on it is free: \"2026-12-25\", \"2026-12-24 from 12:00\".".to_owned()),
        (hotline("holidays = [\"2026-02-30\"]"), "line 6: hotline.lab.holidays: saw \"2026-02-30\". Write a day, or from when on it is free: \"2026-12-25\", \"2026-12-24 from 12:00\".".to_owned()),
        (hotline("when_closed = \"hang up\""), "line 6: hotline.lab.when_closed: saw \"hang up\". Allowed: \"message\", \"last-resort\", \"ring\".".to_owned()),
        (hotline("blocked = [\"*\"]"), "line 6: hotline.lab.blocked: saw \"*\". Write a number in international form, such as \"+61491570006\", or how numbers begin, such as \"+4930*\".".to_owned()),
        (hotline("when_blocked = \"music\""), "line 6: hotline.lab.when_blocked: saw \"music\". Allowed: \"words\", \"reject\".".to_owned()),
        (hotline("withheld = false"), "line 6: hotline.lab.withheld: saw false. Write it in quotes.".to_owned()),
        (hotline("calls_per_caller_and_hour = 5000"), "line 6: hotline.lab.calls_per_caller_and_hour: saw 5000. Allowed: whole numbers from 0 to 1000.".to_owned()),
        (hotline("words = { emergancy = \"Dial 000.\" }"), "line 6: hotline.lab.words.emergancy: there is no such key. Did you mean \"emergency\"?".to_owned()),
        (hotline("[[hotline]]\nname = \"surgery\"\nrota = { file = \"rota.xlsx\" }"), "line 6: hotline.surgery.numbers: missing. List the public numbers that people dial: [\"+61491570006\"].".to_owned()),
        (with_menu("\"+61491570006\"", MENU), "line 10: menu.1.numbers: saw \"+61491570006\" again, a number of hotline lab. A number belongs to one hotline or menu, once.".to_owned()),
        (with_menu("\"+61491570313\"", &MENU.replace("\"surgery\"", "\"surgry\"")), "line 12: menu.1.choices.2: saw \"surgry\". There is no such hotline; did you mean \"surgery\"?".to_owned()),
        (with_menu("\"+61491570313\"", &MENU.replace("otherwise = \"lab\"", "otherwise = \"pharmacy\"")), "line 13: menu.1.otherwise: saw \"pharmacy\". There is no such hotline: name one by its name.".to_owned()),
        (with_menu("\"+61491570313\"", &MENU.replace("\"surgery\" }", "\"surgery\", \"12\" = \"lab\" }")), "line 12: menu.1.choices.12: there is no such key. The keys here are: 1, 2, 3, 4, 5, 6, 7, 8, 9, 0.".to_owned()),
        (with_menu("\"+61491570313\"", &MENU.replace("greeting = \"For the lab, press 1.\"", "")), "line 11: menu.1.words.greeting: missing. Say which key leads where: \"For the laboratory, press 1.\".".to_owned()),
        (with_menu("\"+61491570313\"", &MENU.replace("choices = { \"1\" = \"lab\", \"2\" = \"surgery\" }", "choices = {}")), "line 12: menu.1.choices: saw none. Say which key leads to which hotline: { \"1\" = \"lab\", \"2\" = \"surgery\" }.".to_owned()),
    ];
    for (text, expected) in cases {
        let found = faults(&text);
        assert_eq!(found, [expected]);
    }
}

/// A menu's number must not be rung either.
#[test]
fn a_call_does_not_come_back_by_a_menu() {
    let text = with_menu("\"+61491570313\"", MENU).replacen(
        "[[hotline]]\nname = \"surgery\"",
        "last_resort = \"+61491570313\"\n[[hotline]]\nname = \"surgery\"",
        1,
    );
    assert_eq!(
        faults(&text),
        ["line 6: hotline.lab.last_resort: saw \"+61491570313\", a public number of a menu. Name a phone that a human being answers."]
    );
}

/// Where calls may go: the operator's list, else his own countries; the sheet adds nothing but the one that it names.
#[test]
fn calls_go_where_the_operator_lets_them() {
    let of = |lines: &str| read(&hotline(lines)).unwrap().hotlines[0].clone();
    let reach = |lines: &str| of(lines).rules.reach;
    let beginnings = |lines: &str| reach(lines).beginnings.into_iter().collect::<Vec<_>>();
    assert_eq!(beginnings(""), [61]);
    assert_eq!(
        beginnings("country = \"NZ\"\nlast_resort = \"+41446681800\"\ntell = [\"+12125550100\"]\ncallback_countries = [\"+49\"]"),
        [1, 41, 49, 61, 64]
    );
    assert_eq!(
        beginnings("dial_countries = [\"+64\", \"+611300\", \"+1876\"]\ncountry = \"NZ\""),
        [64, 1_876, 611_300]
    );
    let named = of("last_resort = \"+611300123456\"\ntell = [\"+611300123457\"]");
    let names: Vec<&str> = named.rules.reach.named.iter().map(Phone::address).collect();
    assert_eq!(names, ["+611300123456", "+611300123457"]);
    // It is handed on to whoever reads the sheet.
    let handed_on = of("dial_countries = [\"+64\"]").settings();
    let (_, json) = handed_on.0.iter().find(|(name, _)| name == "Numbers that may be rung").unwrap();
    assert_eq!(serde_json::from_str::<crate::roster::Reach>(json).unwrap().beginnings, [64].into());
    for wrong in ["61", "+", "+999", "+61x", "+612345678", ""] {
        assert_eq!(
            faults(&hotline(&format!("dial_countries = [\"{wrong}\"]"))),
            [format!(
                "line 6: hotline.lab.dial_countries: saw \"{wrong}\". Write how numbers begin: country calling codes such as \"+61\", or more digits such as \"+1876\"."
            )]
        );
    }
}

#[test]
fn what_may_be_spent_is_the_hotlines_and_everybodys() {
    let budget = |text: &str| read(text).unwrap().hotlines[0].rules.budget;
    let some = "twilio.orders_per_hour = 70\n";
    assert_eq!(
        budget(&(some.to_owned() + &hotline("orders_per_hour = 7"))),
        crate::call::Budget { here: 7, everywhere: 70 }
    );
    assert_eq!(
        budget(&("twilio.orders_per_hour = 0\n".to_owned() + &hotline("orders_per_hour = 0"))),
        crate::call::Budget::default()
    );
}

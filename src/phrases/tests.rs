//! What no language may get wrong. That none is missing a phrase the compiler sees.

use super::*;

const ALL: [Language; 4] = [Language::English, Language::French, Language::German, Language::Spanish];

#[test]
fn numbers_are_read_so_that_they_can_be_written_down() {
    let number = PhoneNumber::from_e164("+61491570156").unwrap();
    for (language, spoken) in [
        (Language::English, "plus 6 1 4 9 1 5 7 0 1 5 6"),
        (Language::French, "plus 6 1 4 9 1 5 7 0 1 5 6"),
        (Language::German, "plus 6 1 4 9 1 5 7 0 1 5 6"),
        (Language::Spanish, "más 6 1 4 9 1 5 7 0 1 5 6"),
    ] {
        let whisper = language.say(Phrase::Whisper {
            hotline: "lab",
            caller: Some(&number),
            level: Some(0),
        });
        for phrase in [
            whisper,
            language.say(Phrase::ConfirmNumber(&number)),
            language.say(Phrase::PressForCallback(&number)),
        ] {
            assert!(phrase.contains(spoken), "{phrase}");
        }
        let text = language.say(Phrase::MissedCall {
            hotline: "lab",
            caller: Some(&number),
            at: Some("2026-03-07 14:05"),
            what: Missed::HungUp,
        });
        assert!(text.contains("+61491570156"), "texts have numbers that can be tapped: {text}");
    }
}

#[test]
fn keys_are_the_same_in_every_language() {
    let number = PhoneNumber::from_e164("+61491570156").unwrap();
    let digits = |words: &str| words.chars().filter(char::is_ascii_digit).collect::<String>();
    let asked = [
        (Phrase::ResponderLeft("Ana"), "1"),
        (Phrase::PressForOtherNumber { first: true }, "2"),
        (Phrase::PressForOtherNumber { first: false }, "2"),
        (Phrase::PressForMessage, "3"),
        (Phrase::PressToWait, "9"),
        (Phrase::PressForCallback(&number), "614915701561"),
        (Phrase::ConfirmNumber(&number), "6149157015612"),
    ];
    for language in ALL {
        for (phrase, keys) in asked {
            assert_eq!(digits(&language.say(phrase)), keys, "{}", language.say(phrase));
        }
        for level in [0, 4, 5] {
            let whisper = language.say(Phrase::AlarmWhisper {
                hotline: "lab",
                title: "Freezer",
                level: Some(level),
            });
            let keys = if level < 5 { "123" } else { "6123" };
            assert_eq!(digits(&whisper), keys, "{whisper}");
            let whisper = language.say(Phrase::Whisper {
                hotline: "lab",
                caller: None,
                level: Some(level),
            });
            let keys = if level < 5 { "123" } else { "6123" };
            assert_eq!(digits(&whisper), keys, "{whisper}");
        }
    }
}

/// Words from outside stand as a sentence of their own, whatever they end in.
#[test]
fn what_an_alarm_says_is_a_sentence() {
    for language in ALL {
        for (title, said) in [("Fire", "Fire. "), ("Fire!", "Fire! "), (" Fire. ", "Fire. ")] {
            for words in [
                language.say(Phrase::AlarmWhisper {
                    hotline: "lab",
                    title,
                    level: None,
                }),
                language.say(Phrase::AlarmIsYours {
                    hotline: "lab",
                    title,
                    details: "Now",
                }),
                language.say(Phrase::AlarmInVain {
                    hotline: "lab",
                    title,
                    again: Some((10, 2)),
                }),
                language.say(Phrase::AlarmInVain {
                    hotline: "lab",
                    title,
                    again: None,
                }),
            ] {
                assert!(words.contains(said) && !words.contains(".."), "{words}");
            }
        }
        let taking = |details| language.say(Phrase::TakingCare(details));
        assert_eq!(taking("Room 12"), format!("{} Room 12.", taking("")));
        assert!(taking("").ends_with('.'), "{}", taking(""));
    }
}

/// A text of more characters goes out in several parts; what is said must be over before somebody gives up.
#[test]
fn nothing_is_too_long() {
    for language in ALL {
        for passed_on in [true, false] {
            assert!(language.say(Phrase::LeaveMessage { passed_on }).chars().count() < 200);
        }
        let number = PhoneNumber::from_e164("+61491570156").unwrap();
        let what = Missed::CutOff { name: "Ana", seconds: 3 };
        let text = language.say(Phrase::MissedCall {
            hotline: "lab",
            caller: Some(&number),
            at: None,
            what,
        });
        assert!(text.chars().count() <= 160, "{text}");
    }
}

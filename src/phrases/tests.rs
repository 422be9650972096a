//! What no language may get wrong. That none is missing a phrase the compiler sees.

use super::*;

const ALL: [Language; 4] = [Language::English, Language::French, Language::German, Language::Spanish];

#[test]
fn numbers_are_read_so_that_they_can_be_written_down() {
    let number = Phone::from_e164("+61491570156").unwrap();
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
    let number = Phone::from_e164("+61491570156").unwrap();
    let digits = |words: &str| words.chars().filter(char::is_ascii_digit).collect::<String>();
    let asked = [
        (Phrase::ResponderLeft("Ana"), "1"),
        (Phrase::PressForOtherNumber { first: true }, "2"),
        (Phrase::PressForOtherNumber { first: false }, "2"),
        (Phrase::PressForMessage, "3"),
        (Phrase::AsideToBringIn, "21"),
        (Phrase::AsideWhileRinging, "1"),
        (Phrase::AsideWithNobodyLeft, "1"),
        (Phrase::PressToWait, "9"),
        (Phrase::MayBeRecorded, "0"),
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
            let whisper = language.say(Phrase::WhisperToJoin {
                hotline: "lab",
                name: "Ana",
                level: Some(level),
            });
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
        let number = Phone::from_e164("+61491570156").unwrap();
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

/// A call-screening assistant hears it out and shows it, or asks who is calling: the first words answer that.
#[test]
fn the_whisper_says_at_once_that_it_is_the_hotline_with_a_persons_call() {
    let number = Phone::from_e164("+61491570156").unwrap();
    for (language, begins) in [
        (Language::English, "This is the hotline lab, with a call from"),
        (Language::French, "Ici la hotline lab, avec un appel"),
        (Language::German, "Hier ist die Hotline lab mit einem Anruf von"),
        (Language::Spanish, "Esta es la línea lab, con una llamada"),
    ] {
        let whisper = language.say(Phrase::Whisper {
            hotline: "lab",
            caller: Some(&number),
            level: Some(0),
        });
        assert!(whisper.starts_with(begins), "{whisper}");
    }
}

#[test]
fn texts_say_the_same_in_every_language() {
    let number = Phone::from_e164("+61491570156").unwrap();
    for language in ALL {
        let missed = |at| {
            language.say(Phrase::MissedCall {
                hotline: "lab",
                caller: Some(&number),
                at,
                what: Missed::HungUp,
            })
        };
        let with_time = missed(Some("2026-03-07 14:05"));
        assert!(
            with_time.contains("lab, 2026-03-07 14:05") && with_time.contains("+61491570156"),
            "{with_time}"
        );
        assert!(!missed(None).contains("lab,"), "calls of the build before have no time");
        let rings = language.say(Phrase::RingsYou {
            hotline: "lab",
            caller: Some(&number),
        });
        assert!(
            rings.contains("lab") && rings.contains("+61491570156") && rings.contains('1'),
            "{rings}"
        );
        let withheld = language.say(Phrase::RingsYou {
            hotline: "lab",
            caller: None,
        });
        assert!(!withheld.contains('+'), "{withheld}");
        let alarm = language.say(Phrase::RingsYouForAlarm {
            hotline: "lab",
            title: "Freezer 3 is warm",
        });
        assert!(alarm.contains("lab") && alarm.contains("Freezer 3 is warm."), "{alarm}");
    }
}

/// The time is part of the sentence, and the keys stand beside it.
#[test]
fn who_may_be_put_through_hears_the_time_and_the_keys() {
    let digits = |words: &str| words.chars().filter(char::is_ascii_digit).collect::<String>();
    for language in ALL {
        for (earlier, keys) in [(false, "11403"), (true, "114032")] {
            let words = language.say(Phrase::PressToBePutThrough { at: "14:03", earlier });
            assert_eq!(digits(&words), keys, "{words}");
            assert!(words.contains("14:03"), "{words}");
        }
        let words = language.say(Phrase::PuttingThrough {
            hotline: "lab",
            at: "14:03",
        });
        assert!(words.contains("lab") && words.contains("14:03"), "{words}");
    }
}

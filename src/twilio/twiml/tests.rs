//! Documents are compared with those that the carrier's own library builds (see `tests/fixtures/twilio/twiml.py`).

use super::*;
use crate::call::HotlineName;
use crate::roster::Phone;
use proptest::prelude::*;
use quick_xml::Reader;
use quick_xml::escape::unescape;
use std::collections::BTreeMap;
use uuid::Uuid;

/// An element as a reader sees it: the order of attributes and the way of escaping do not matter.
#[derive(Debug, Default, PartialEq, Eq)]
struct Element {
    name: String,
    attributes: BTreeMap<String, String>,
    text: String,
    children: Vec<Element>,
}

fn open(tag: &quick_xml::events::BytesStart<'_>) -> Element {
    let attributes = tag.attributes().map(|attribute| {
        let attribute = attribute.unwrap();
        let value = unescape(&attribute.value).unwrap().into_owned();
        (attribute.key.as_ref().to_owned(), value)
    });
    Element {
        name: tag.name().as_ref().to_owned(),
        attributes: attributes.collect(),
        ..Element::default()
    }
}

fn parse(xml: &str) -> Element {
    let mut reader = Reader::from_str(xml.trim());
    let mut open_elements = vec![Element::default()];
    loop {
        let event = reader.read_event().unwrap_or_else(|fault| panic!("{fault}: {xml}"));
        match event {
            Event::Decl(_) => {}
            Event::Start(tag) => open_elements.push(open(&tag)),
            Event::Empty(tag) => open_elements.last_mut().unwrap().children.push(open(&tag)),
            Event::Text(text) => open_elements.last_mut().unwrap().text += &text,
            Event::GeneralRef(reference) => {
                let escaped = format!("&{};", &*reference);
                open_elements.last_mut().unwrap().text += &unescape(&escaped).unwrap();
            }
            Event::End(_) => {
                let done = open_elements.pop().unwrap();
                open_elements.last_mut().unwrap().children.push(done);
            }
            Event::Eof => break,
            other @ (Event::CData(_) | Event::Comment(_) | Event::PI(_) | Event::DocType(_)) => panic!("unexpected {other:?} in {xml}"),
        }
    }
    let [document] = <[Element; 1]>::try_from(open_elements).unwrap();
    let [response] = <[Element; 1]>::try_from(document.children).unwrap();
    response
}

fn base() -> BaseUrl {
    BaseUrl::parse("https://hotline.example.org").unwrap()
}

fn next_wait() -> String {
    base().to_insistently(Place::Leg(call(), LegId(0), Callback::Wait))
}

fn call() -> CallId {
    CallId(Uuid::from_u128(0x0192_6f00_0000_7000_8000_0000_0000_0001))
}

fn stay(max_seconds: u32) -> Stay {
    Stay {
        max_seconds,
        star: false,
        tone: false,
    }
}

fn rendered(script: &Script, leg: u16) -> String {
    render(script, &Speech::default(), call(), LegId(leg), &base())
}

fn words(text: &str) -> String {
    text.to_owned()
}

macro_rules! reference {
    ($name:literal) => {
        include_str!(concat!("../../../tests/fixtures/twilio/twiml/", $name, ".xml"))
    };
}

#[test]
fn scripts_become_what_the_carriers_own_library_builds() {
    let wait = Script::Wait {
        announcement: None,
        words: words("You have reached the lab. We are ringing the people on call."),
        max_seconds: 300,
        star: true,
    };
    let join = Script::Join {
        words: words("You are connected."),
        stay: stay(14_400),
    };
    let aside = Script::Aside {
        words: words("To bring in the next person on call, press 2."),
        then: words("You are going back to the caller."),
        stay: Stay {
            star: true,
            tone: true,
            ..stay(600)
        },
    };
    let wait_on = Script::Wait {
        announcement: None,
        words: words("One moment, please."),
        max_seconds: 300,
        star: false,
    };
    let whisper = Script::Whisper {
        words: words("A call for the lab & you. Press 1 to <go>."),
        accept_seconds: 20,
    };
    let ask = Script::Ask {
        words: words("To leave a message, press 1."),
    };
    let take_message = Script::TakeMessage {
        transcribed: false,
        question: None,
        words: words("Speak after the tone."),
        max_seconds: 120,
    };
    let goodbye = Script::Goodbye {
        words: words("Übung beendet – auf Wiederhören, \"Lab\" & Co."),
    };
    let table = [
        (&wait, 0, reference!("wait")),
        (&wait_on, 0, reference!("wait_on")),
        (&join, 2, reference!("join")),
        (&aside, 2, reference!("aside")),
        (&whisper, 2, reference!("whisper")),
        (&ask, 0, reference!("ask")),
        (&take_message, 0, reference!("take_message")),
        (&goodbye, 2, reference!("goodbye")),
    ];
    for (script, leg, expected) in table {
        assert_eq!(parse(&rendered(script, leg)), parse(expected), "{script:?}");
    }
}

#[test]
fn a_question_before_a_message_is_asked_as_any_other_and_silence_goes_on() {
    let both = Script::TakeMessage {
        transcribed: false,
        question: Some(Question {
            words: words("To leave a message, press 1."),
            wanted: Wanted::Key,
            times: 1,
        }),
        words: words("Speak after the tone."),
        max_seconds: 120,
    };
    let heard = parse(&rendered(&both, 0)).children;
    let (question, message) = heard.split_at(1);
    assert_eq!(question, &parse(reference!("ask")).children[..1]);
    assert_eq!(message, parse(reference!("take_message")).children);
}

#[test]
fn the_questions_of_the_callers_menu_are_those_of_the_carriers_own_library() {
    let asked = |question: &str, wanted| Script::TakeMessage {
        transcribed: false,
        question: Some(Question {
            words: words(question),
            wanted,
            times: 2,
        }),
        words: words("Speak after the tone."),
        max_seconds: 120,
    };
    let choose = asked("To be called back on another number, press 2.", Wanted::Choice);
    assert_eq!(parse(&rendered(&choose, 0)), parse(reference!("choose")));
    let number = asked("Please type the number, then press hash.", Wanted::Number);
    assert_eq!(parse(&rendered(&number, 0)), parse(reference!("type_number")));
}

#[test]
fn the_callers_words_are_said_in_the_room() {
    let wait = Script::Wait {
        announcement: None,
        words: words("You have reached the lab. We are ringing the people on call."),
        max_seconds: 300,
        star: true,
    };
    let heard = greeting(
        &wait,
        "We are now trying the second person on call.",
        &Speech::default(),
        &next_wait(),
        &base(),
    );
    assert_eq!(parse(&heard), parse(reference!("greeting")));
}

fn menu_of_two() -> Menu {
    let name = |text: &str| HotlineName(text.to_owned());
    Menu {
        numbers: vec![Phone::from_e164("+61491570313").unwrap()],
        speech: Speech::default(),
        emergency: Some(words("If a life is in danger, hang up and dial 000.")),
        greeting: words("For the lab, press 1. For the surgeon, press 2."),
        choices: BTreeMap::from([('1', name("lab")), ('2', name("surgery"))]),
        otherwise: name("lab"),
    }
}

#[test]
fn the_other_documents_too() {
    assert_eq!(parse(&menu(&menu_of_two(), 1, &base())), parse(reference!("menu")));
    assert_eq!(parse(&rendered(&Script::Reject, 0)), parse(reference!("reject")));
    let waiting = waiting(
        "We are now trying the second person on call.",
        &Speech::default(),
        &next_wait(),
        &base(),
    );
    assert_eq!(parse(&waiting), parse(reference!("waiting")));
    let again = once_more("https://hotline.example.org/twilio/voice?again=1&Digits=1", &Speech::default());
    assert_eq!(parse(&again), parse(reference!("once_more")));
    assert_eq!(parse(&apology(&Speech::default())), parse(reference!("apology")));
}

#[test]
fn waiting_documents_use_only_what_is_allowed_there() {
    let names: Vec<String> = parse(&waiting("A & B", &Speech::default(), &next_wait(), &base()))
        .children
        .into_iter()
        .map(|child| child.name)
        .collect();
    assert_eq!(names, ["Say", "Play", "Redirect"]);
}

#[test]
fn time_limits_stay_within_what_the_carrier_takes() {
    let limit = |max_seconds| {
        let wait = Script::Wait {
            announcement: None,
            words: String::new(),
            max_seconds,
            star: true,
        };
        parse(&rendered(&wait, 0)).children[0].attributes["timeLimit"].clone()
    };
    assert_eq!((limit(0).as_str(), limit(u32::MAX).as_str()), ("1", "14400"));
}

#[test]
fn no_words_are_no_empty_say() {
    let document = parse(&rendered(&Script::Goodbye { words: words(" \u{1}\n") }, 1));
    assert_eq!(document.children.len(), 1);
    assert_eq!(document.children[0].name, "Hangup");
}

#[test]
fn the_longest_words_still_fit() {
    for c in ["&", "\"", "😀", "a"] {
        let whisper = Script::Whisper {
            words: c.repeat(100_000),
            accept_seconds: u32::MAX,
        };
        let document = rendered(&whisper, 1);
        assert!(document.len() <= MAX_BYTES, "{} bytes", document.len());
        assert_eq!(parse(&document).children[0].children[0].text, c.repeat(4_000));
    }
}

fn any_script() -> impl Strategy<Value = Script> {
    let text = proptest::collection::vec(any::<char>(), 0..40).prop_map(String::from_iter);
    (text, any::<u32>(), 0..7).prop_map(|(words, seconds, kind)| match kind {
        0 => Script::Wait {
            announcement: None,
            words,
            max_seconds: seconds,
            star: seconds % 2 == 0,
        },
        1 => Script::Whisper {
            words,
            accept_seconds: seconds,
        },
        2 => Script::Join {
            words,
            stay: stay(seconds),
        },
        3 => Script::Ask { words },
        4 => Script::TakeMessage {
            transcribed: false,
            question: words.chars().next().map(|first| Question {
                words: first.to_string(),
                wanted: Wanted::Number,
                times: 2,
            }),
            words,
            max_seconds: seconds,
        },
        5 => Script::Aside {
            then: words.clone(),
            words,
            stay: stay(seconds),
        },
        _ => Script::Goodbye { words },
    })
}

proptest! {
    #[test]
    fn every_document_is_well_formed_and_begins_by_answering(script in any_script(), leg in any::<u16>()) {
        let xml = rendered(&script, leg);
        let forbidden = |c: char| matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}');
        prop_assert!(!xml.contains(forbidden));
        let response = parse(&xml);
        prop_assert_eq!(response.name, "Response");
        prop_assert!(!response.children.is_empty());
        prop_assert_ne!(&response.children[0].name, "Pause");
    }
}

/// Whoever gets an address on a line of its own, out of a sheet, a text or an alarm, has it read out.
#[test]
fn only_the_operators_own_addresses_are_played() {
    let ours = "https://hotline.example.org/welcome.mp3".to_owned();
    let speech = Speech::default().playing([&ours]);
    let words = format!("Ana\nhttps://evil.example/a.mp3\n{ours}\nhttps://hotline.example.org/welcome.mp3?x\nhas left the call.");
    let heard = parse(&render(&Script::Goodbye { words }, &speech, call(), LegId(0), &base())).children;
    let played: Vec<&str> = heard
        .iter()
        .filter(|element| element.name == "Play")
        .map(|element| element.text.as_str())
        .collect();
    assert_eq!(played, [ours.as_str()]);
    assert_eq!(heard.iter().filter(|element| element.name == "Say").count(), 4);
}

#[test]
fn words_are_said_in_the_hotlines_language_and_addresses_are_played() {
    let speech = Speech {
        language: crate::phrases::Language::German,
        voice: Some("Polly.Vicki-Neural".to_owned()),
        ..Speech::default()
    };
    let own = "Guten Abend.\n\nhttps://hotline.example.org/willkommen.mp3\n see https://hotline.example.org".to_owned();
    let speech = speech.playing([&own]);
    let script = Script::Goodbye { words: own };
    let heard = parse(&render(&script, &speech, call(), LegId(0), &base())).children;
    let said = |element: &Element| (element.name.clone(), element.text.clone(), element.attributes.clone());
    let in_german: BTreeMap<String, String> = [("language", "de-DE"), ("voice", "Polly.Vicki-Neural")]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into();
    assert_eq!(
        heard.iter().map(said).collect::<Vec<_>>(),
        [
            ("Say".to_owned(), "Guten Abend.".to_owned(), in_german.clone()),
            (
                "Play".to_owned(),
                "https://hotline.example.org/willkommen.mp3".to_owned(),
                BTreeMap::new()
            ),
            ("Say".to_owned(), "see https://hotline.example.org".to_owned(), in_german),
            ("Hangup".to_owned(), String::new(), BTreeMap::new()),
        ]
    );
}

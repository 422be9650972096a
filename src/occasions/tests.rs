//! Calls that go wrong in a real store, a webhook on loopback, and time that passes when the test says so.

use super::*;
use crate::call::{Call, CallId, Event, LegId, LineId, Plan, Refusal, Rules, Rung, Welcome};
use crate::notices::Webhook;
use crate::roster::{Callbacks, Phone, Responder};
use axum::http::StatusCode;
use axum::{Json, Router, routing::post};
use secrecy::SecretString;
use serde_json::Value;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use uuid::Uuid;

const START: &str = "2026-03-02T09:10:00Z";

struct Desk {
    store: Store,
    clock: Clock,
    notifier: Notifier,
    occasions: Occasions,
    posted: Arc<Mutex<Vec<Value>>>,
    refuses: Arc<AtomicBool>,
}

fn number(text: &str) -> Phone {
    Phone::from_e164(text).unwrap()
}

/// Ann alone, one round, nobody afterwards.
fn ann() -> Plan {
    Plan {
        hotline: HotlineName("lab".into()),
        levels: vec![Rung {
            label: "1st".into(),
            responders: vec![Responder {
                name: "Ann".into(),
                phone: number("+61491570156"),
                then: None,
            }],
            source: "Rota!B2".into(),
            second: false,
        }],
        last_resort: None,
        left_out: Vec::new(),
        welcome: Welcome::Open,
        spoke_at: None,
        rules: Rules {
            rounds: 1,
            ..Rules::default()
        },
        arrives: None,
    }
}

fn nobody() -> Plan {
    Plan {
        levels: Vec::new(),
        ..ann()
    }
}

impl Desk {
    async fn new() -> Self {
        let posted = Arc::new(Mutex::new(Vec::new()));
        let refuses = Arc::new(AtomicBool::new(false));
        let (written, refusing) = (Arc::clone(&posted), Arc::clone(&refuses));
        let take = move |Json(body): Json<Value>| async move {
            if refusing.load(Ordering::SeqCst) {
                return StatusCode::NOT_FOUND;
            }
            written.lock().unwrap().push(body);
            StatusCode::OK
        };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}/hook", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, Router::new().route("/hook", post(take))).await });
        let notifier = Notifier::new(Some(Webhook::new(&SecretString::from(address)).unwrap()), None, vec![]);
        let store = Store::in_memory().await.unwrap();
        let clock = Clock::anchored_at(START.parse().unwrap());
        let mut desk = Self {
            occasions: Occasions::new(store.clone(), clock, notifier.clone()),
            store,
            clock,
            notifier,
            posted,
            refuses,
        };
        desk.look().await;
        desk
    }

    /// Only the store knows what was before.
    fn restart(&mut self) {
        self.occasions = Occasions::new(self.store.clone(), self.clock, self.notifier.clone());
    }

    async fn look(&mut self) {
        self.occasions.look().await;
        while let Some(told) = self.occasions.telling.join_next().await {
            let (hotline, kind, count, is_told) = told.unwrap();
            self.occasions.told(&hotline, kind, count, is_told).await;
        }
    }

    async fn minutes(&mut self, minutes: u64) {
        tokio::time::pause();
        tokio::time::advance(Duration::from_secs(60 * minutes)).await;
        tokio::time::resume();
        self.look().await;
    }

    async fn call(&self, n: u128, plan: Plan) {
        let line = LineId(format!("caller-{n}"));
        let from = Some(number("+61491570158"));
        let begun = self.store.begin(&line, self.clock.now(), None, |world| {
            Call::arrive(CallId(Uuid::from_u128(n)), plan, from, line.clone(), world)
        });
        begun.await.unwrap();
    }

    async fn refuse(&self, n: u128, code: Option<u32>, message: &str) {
        let why = Refusal {
            code,
            message: message.into(),
            permanent: true,
        };
        let refused = Event::Refused { leg: LegId(1), why };
        let call = CallId(Uuid::from_u128(n));
        self.store.update(call, &refused, self.clock.now(), None).await.unwrap();
    }

    fn headlines(&self) -> Vec<String> {
        let posted = self.posted.lock().unwrap();
        posted.iter().map(|body| body["headline"].as_str().unwrap().to_owned()).collect()
    }

    fn words(&self) -> String {
        self.posted.lock().unwrap().last().unwrap()["words"].as_str().unwrap().to_owned()
    }
}

#[tokio::test]
async fn the_first_is_told_at_once_and_the_rest_with_their_number() {
    let mut desk = Desk::new().await;
    desk.call(1, nobody()).await;
    desk.look().await;
    assert_eq!(desk.headlines(), ["A call met nobody on call."]);
    assert_eq!(
        desk.words(),
        "The call came from +61…158. Nobody is on call now. There is no last resort: the caller is asked what to do instead. Enter somebody in the rota, and name a last resort for such hours. `rotaline who` says who is on call, `rotaline check` where the gaps are."
    );
    for n in 2..5 {
        desk.call(n, nobody()).await;
        desk.minutes(5).await;
    }
    assert_eq!(desk.headlines().len(), 1, "a quarter of an hour later");
    desk.minutes(16).await;
    assert_eq!(desk.headlines()[1..], ["A call met nobody on call. 3 calls since 2 Mar 09:10 UTC."]);
    assert!(
        desk.words().starts_with("The last one: The call came from +61…158."),
        "{}",
        desk.words()
    );
    desk.minutes(60).await;
    assert_eq!(desk.headlines().len(), 2, "nothing new");
    desk.call(9, nobody()).await;
    desk.look().await;
    assert_eq!(desk.headlines()[2..], ["A call met nobody on call."]);
}

/// He presses star and 1, hangs up, and nobody calls.
#[tokio::test]
async fn a_callback_that_nobody_makes_in_time_is_told_once() {
    let mut desk = Desk::new().await;
    let rules = Rules {
        callbacks: Callbacks::new(Some("AU"), std::collections::BTreeSet::new(), &[]),
        ..ann().rules
    };
    desk.call(1, Plan { rules, ..ann() }).await;
    let leg = crate::call::CALLER;
    let events = [
        Event::LeftRoom { leg },
        Event::Typed { leg, digits: "1".into() },
        Event::Ended {
            leg,
            how: crate::call::Ending::Completed,
        },
        Event::CallbackOverdue,
        Event::CallbackOverdue,
    ];
    for event in events {
        let call = CallId(Uuid::from_u128(1));
        desk.store.update(call, &event, desk.clock.now(), None).await.unwrap();
    }
    desk.look().await;
    assert_eq!(desk.headlines(), ["A caller who was promised a call has not been called back."]);
    assert!(desk.words().starts_with("It was asked for on +61…158."), "{}", desk.words());
}

#[tokio::test]
async fn nobody_who_answers_is_named_with_the_reason() {
    let mut desk = Desk::new().await;
    desk.call(1, ann()).await;
    desk.look().await;
    assert_eq!(desk.headlines(), Vec::<String>::new(), "she is being rung");
    desk.refuse(1, Some(21_211), "No such number.").await;
    desk.look().await;
    assert_eq!(desk.headlines(), ["Nobody on call accepted a call."]);
    let words = desk.words();
    assert!(words.contains("Nobody on call has accepted the call. Ann "), "{words}");
    assert!(!words.contains("+61491570158"), "numbers are masked: {words}");
}

#[tokio::test]
async fn refusals_for_reasons_of_the_account_say_what_to_do() {
    for (n, code, headline, to_do) in [
        (1, 20_003, "Twilio refuses our sign-in.", "auth token"),
        (2, 20_005, "Twilio says that the account is not active.", "payment"),
        (3, 21_215, "Twilio does not let the account reach a country.", "Geo permissions"),
        (
            4,
            21_210,
            "Twilio does not let us ring or text from the hotline's number.",
            "`numbers`",
        ),
        (5, 21_219, "Twilio's trial account does not reach a number.", "Verified Caller IDs"),
        (6, 21_205, "Twilio cannot use our public address.", "server.public_url"),
    ] {
        let mut desk = Desk::new().await;
        desk.call(n, ann()).await;
        desk.refuse(n, Some(code), "No, not to +61491570156.").await;
        desk.look().await;
        let headlines = desk.headlines();
        assert!(headlines.contains(&headline.to_owned()), "{headlines:?}");
        let posted = desk.posted.lock().unwrap();
        let notice = posted.iter().find(|body| body["headline"] == headline).unwrap();
        let words = notice["words"].as_str().unwrap();
        assert!(
            words.starts_with(&format!("Ann could not be rung: No, not to +61…156 ({code}).")),
            "{words}"
        );
        assert!(words.contains(to_do), "{words}");
    }
}

#[tokio::test]
async fn a_text_to_who_has_opted_out_names_who_and_the_way_back() {
    let mut desk = Desk::new().await;
    let mut plan = ann();
    plan.rules.tell = vec![number("+61491570156"), number("+61491570157")];
    desk.call(1, plan).await;
    let call = CallId(Uuid::from_u128(1));
    let gone = Event::Ended {
        leg: LegId(0),
        how: crate::call::Ending::Completed,
    };
    desk.store.update(call, &gone, desk.clock.now(), None).await.unwrap();
    let hand = crate::store::Hand {
        worker: "me".into(),
        until: desk.clock.now() + TimeDelta::minutes(1),
    };
    let texts = desk.store.claim(&hand, desk.clock.now(), 9, 9).await.unwrap();
    for (text, code) in texts.iter().zip([21_610, 21_614]) {
        let crate::call::Command::Text { to, .. } = &text.command else {
            panic!("{text:?}");
        };
        let fact = Fact::NotTexted {
            to: to.clone(),
            code: Some(code),
            why: format!("refused by the carrier: no ({code})"),
        };
        desk.store.failed_as_told(text, desk.clock.now(), fact).await.unwrap();
        desk.look().await;
        desk.minutes(31).await;
    }
    assert_eq!(desk.headlines(), ["A text could not be sent.", "A text could not be sent."]);
    let posted = desk.posted.lock().unwrap();
    let words = |at: usize| posted[at]["words"].as_str().unwrap();
    assert!(words(0).starts_with("Ann (+61…156) has opted out of texts"), "{}", words(0));
    assert!(words(0).contains("START"), "{}", words(0));
    assert_eq!(
        words(1),
        "The text to +61…157 was not sent: refused by the carrier: no (21614). It is not sent again."
    );
}

#[tokio::test]
async fn each_is_told_once_over_restarts_and_what_was_not_told_is_told_later() {
    let mut desk = Desk::new().await;
    desk.call(1, nobody()).await;
    desk.refuses.store(true, Ordering::SeqCst);
    desk.look().await;
    desk.refuses.store(false, Ordering::SeqCst);
    assert_eq!(desk.headlines(), Vec::<String>::new());
    desk.restart();
    desk.look().await;
    assert_eq!(desk.headlines().len(), 1, "told after the restart");
    desk.call(2, nobody()).await;
    desk.look().await;
    desk.restart();
    desk.look().await;
    assert_eq!(desk.headlines().len(), 1, "throttled over the restart");
    desk.minutes(31).await;
    assert_eq!(desk.headlines().len(), 2);
    for _ in 0..3 {
        desk.restart();
        desk.minutes(31).await;
    }
    assert_eq!(desk.headlines().len(), 2);
}

/// Who has kept calls for years and gets this room anew hears nothing of them.
#[tokio::test]
async fn what_was_before_the_first_start_is_no_news() {
    let mut desk = Desk::new().await;
    desk.store.remember(KEY, "null").await.unwrap();
    desk.call(1, nobody()).await;
    desk.restart();
    desk.look().await;
    assert_eq!(desk.headlines(), Vec::<String>::new());
    desk.call(2, nobody()).await;
    desk.look().await;
    assert_eq!(desk.headlines(), ["A call met nobody on call."]);
}

#[tokio::test]
async fn a_call_that_cannot_be_read_hides_no_other() {
    let mut desk = Desk::new().await;
    desk.call(1, nobody()).await;
    desk.store.spoil(CallId(Uuid::from_u128(1))).await;
    desk.call(2, nobody()).await;
    desk.look().await;
    assert_eq!(desk.headlines(), ["A call met nobody on call."]);
}

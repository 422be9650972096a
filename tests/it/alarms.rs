//! An alarm over real sockets: posted as by curl, rung, passed on, taken care of; and what is refused.

use super::stage::{self, INCIDENT_TOKEN, PATIENCE};
use rotaline::access::Role;
use rotaline::app::Stage;
use rotaline::call::{Fact, Outcome};
use rotaline::roster::Responder;
use rotaline::simulator::{Delay, Habit, Sound};
use serde_json::{Value, json};

const PRIYA: &str = "+61491570156";
const TOM: &str = "+61491570157";

/// As curl does it: the status, Retry-After, and the answer.
async fn post(stage: &Stage, hotline: &str, token: &str, kind: &str, body: String) -> (u16, Option<u64>, Value) {
    let url = format!("http://{}/api/v1/hotlines/{hotline}/incidents", stage.service().address());
    let request = reqwest::Client::new().post(url).bearer_auth(token).header("Content-Type", kind);
    let answer = request.body(body).send().await.unwrap();
    let wait = answer
        .headers()
        .get("Retry-After")
        .map(|wait| wait.to_str().unwrap().parse().unwrap());
    (answer.status().as_u16(), wait, answer.json().await.unwrap())
}

async fn raise(stage: &Stage, body: Value) -> (u16, Value) {
    let (status, _, answer) = post(stage, "lab", INCIDENT_TOKEN, "application/json", body.to_string()).await;
    (status, answer)
}

fn told(stage: &Stage, number: &str) -> Vec<String> {
    stage.rehearsal().simulator().look(|network| {
        let heard = network.sids_of(number).into_iter().flat_map(|sid| network.heard(sid).to_vec());
        let said = heard.filter_map(|heard| if let Sound::Said(words) = heard.what { Some(words) } else { None });
        let mut words: Vec<String> = said.collect();
        words.dedup();
        words
    })
}

async fn people_do(stage: &Stage, habits: &[Habit]) {
    let people: Vec<Responder> = stage.rehearsal().on_call().await.unwrap();
    for (who, habit) in people.iter().zip(habits) {
        stage.rehearsal().simulator().set_habit(who.phone.address(), *habit);
    }
}

/// The end of the ringing, and until everybody has hung up.
async fn until_over(stage: &Stage, facts: &mut tokio::sync::broadcast::Receiver<rotaline::store::Entry>) -> Outcome {
    let outcome = tokio::time::timeout(PATIENCE, async {
        loop {
            if let Fact::Ended { outcome } = facts.recv().await.unwrap().fact {
                return outcome;
            }
        }
    });
    let outcome = outcome.await.unwrap();
    let hung_up = stage.rehearsal().simulator().until(|network| network.leftovers().is_empty());
    tokio::time::timeout(PATIENCE, hung_up).await.unwrap();
    outcome
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_passes_it_on_the_second_takes_care_of_it() {
    let stage = stage::set().await;
    let after = Delay::between(2_000, 4_000);
    people_do(&stage, &[Habit::Declines { after }, Habit::Accepts { after, talk: None }]).await;
    let mut facts = stage.service().store().subscribe();
    let alarm = json!({ "key": "freezer-2", "title": "Freezer 2\r\n</Say><Hangup/> is warm", "details": "Room <12> & 13" });
    let (status, first) = raise(&stage, alarm.clone()).await;
    assert_eq!(status, 201, "{first}");
    let (status, again) = raise(&stage, alarm).await;
    assert_eq!((status, &again), (200, &first), "the same alarm rings nobody anew");
    assert_eq!(until_over(&stage, &mut facts).await, Outcome::Acknowledged);

    let whisper = |place: &str| {
        format!(
            "This is the hotline lab, with an alarm: Freezer 2 </Say><Hangup/> is warm. You are {place} on call. Press 1 to take care of it, 2 to pass it on, or 3 to hear this again."
        )
    };
    assert_eq!(
        told(&stage, PRIYA),
        [whisper("first"), "Thank you. The next one on call is rung. Goodbye.".to_owned()]
    );
    let yours = "Thank you. You take care of it. Room <12> & 13. Goodbye.".to_owned();
    assert_eq!(told(&stage, TOM), [whisper("second"), yours]);
    stage.rehearsal().simulator().look(|network| {
        assert_eq!(network.dialled(), [PRIYA, TOM]);
        let texts: Vec<(&str, &str)> = network.texts().iter().map(|text| (text.to.as_str(), text.body.as_str())).collect();
        let yours = "Hotline lab: you take care of the alarm: Freezer 2 </Say><Hangup/> is warm. Room <12> & 13.";
        assert_eq!(texts, [(TOM, yours)]);
        assert_eq!(network.talks(), [], "nobody is put through to nobody");
        assert_eq!(network.faults(), []);
    });
    the_log_shows_it(&stage, &first).await;
    stage.strike().await;
}

async fn the_log_shows_it(stage: &Stage, raised: &Value) {
    let browser = stage::signed_in(stage, Role::Viewer).await;
    let calls = browser.json("/api/v1/calls").await;
    let shown = &calls["calls"][0];
    assert_eq!((&shown["id"], &shown["outcome"]), (&raised["call"], &json!("acknowledged")));
    assert_eq!(shown["alarm"], "Freezer 2 </Say><Hangup/> is warm");
    let page = browser.page("/").await;
    assert!(page.contains("An alarm: Freezer 2 &lt;/Say&gt;&lt;Hangup/&gt; is warm"), "{page}");
    assert!(page.contains("took care of it after"), "{page}");
}

/// Two alerts of one webhook, then one of them is over; a new one of the same key rings again.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_over_rings_nobody_until_it_comes_again() {
    let stage = stage::set().await;
    people_do(&stage, &[Habit::Ignores; 4]).await;
    let mut facts = stage.service().store().subscribe();
    let alert = |status: &str| {
        json!({ "version": "4", "alerts": [
            { "status": status, "labels": { "alertname": "InstanceDown" }, "annotations": { "summary": "db1 is down" }, "fingerprint": "c0ffee" }
        ] })
    };
    let (status, answer) = raise(&stage, alert("firing")).await;
    assert_eq!((status, &answer["incidents"][0]["is"]), (201, &json!("new")), "{answer}");
    let first = answer["incidents"][0]["call"].clone();
    let (status, answer) = raise(&stage, alert("firing")).await;
    assert_eq!(
        (status, &answer["incidents"][0]),
        (200, &json!({ "key": "c0ffee", "call": first, "is": "open" }))
    );
    let (status, answer) = raise(&stage, alert("resolved")).await;
    assert_eq!(
        (status, &answer["incidents"][0]),
        (200, &json!({ "key": "c0ffee", "call": first, "is": "resolved" }))
    );
    assert_eq!(until_over(&stage, &mut facts).await, Outcome::Resolved);
    let (status, answer) = raise(&stage, alert("resolved")).await;
    assert_eq!((status, &answer["incidents"][0]["is"]), (200, &json!("unknown")));
    let (status, answer) = raise(&stage, alert("firing")).await;
    assert_eq!(status, 201);
    assert_ne!(answer["incidents"][0]["call"], first);
    raise(&stage, alert("resolved")).await;
    assert_eq!(until_over(&stage, &mut facts).await, Outcome::Resolved);
    stage.rehearsal().simulator().look(|network| assert_eq!(network.faults(), []));
    stage.strike().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_bodies_ring_nobody() {
    let stage = stage::set().await;
    let place = format!("http://{}/api/v1/hotlines/lab/incidents", stage.service().address());
    let put = reqwest::Client::new().put(place).send().await.unwrap();
    assert_eq!(put.status().as_u16(), 405);
    assert_eq!(put.json::<Value>().await.unwrap()["error"]["code"], "wrong-method");
    let json_kind = "application/json; charset=utf-8";
    let fire = || json!({ "title": "Fire" }).to_string();
    let long = json!({ "title": "x".repeat(300_000) }).to_string();
    for (hotline, token, kind, body, status, code) in [
        ("nowhere", INCIDENT_TOKEN, json_kind, fire(), 401, "wrong-token"),
        ("lab", "correct-horse-battery-stapl", json_kind, fire(), 401, "wrong-token"),
        ("lab", "", json_kind, fire(), 401, "wrong-token"),
        (
            "lab",
            INCIDENT_TOKEN,
            "application/x-www-form-urlencoded",
            "title=Fire".into(),
            415,
            "not-json",
        ),
        ("lab", INCIDENT_TOKEN, json_kind, long, 413, "too-long"),
        ("lab", INCIDENT_TOKEN, json_kind, "{".into(), 422, "not-understood"),
        ("lab", INCIDENT_TOKEN, json_kind, "{\"title\": \"\"}".into(), 422, "not-understood"),
    ] {
        let (seen, _, answer) = post(&stage, hotline, token, kind, body).await;
        assert_eq!((seen, &answer["error"]["code"]), (status, &json!(code)), "{answer}");
        assert!(answer["error"]["message"].as_str().unwrap().len() > 20, "{answer}");
    }
    assert_eq!(stage.service().store().calls(10).await.unwrap(), []);

    // Of 31 different ones within an hour the last rings nobody, and says when to come back.
    let many: Vec<Value> = (0..31)
        .map(|n| json!({ "status": "firing", "labels": { "n": n.to_string() } }))
        .collect();
    let body = json!({ "alerts": many }).to_string();
    let (status, wait, answer) = post(&stage, "lab", INCIDENT_TOKEN, json_kind, body).await;
    assert_eq!((status, &answer["incidents"][29]["is"]), (429, &json!("new")));
    assert_eq!(
        answer["incidents"][30],
        json!({ "key": answer["incidents"][30]["key"], "call": null, "is": "too_many" })
    );
    assert!(wait.is_some_and(|wait| (3_000..=3_600).contains(&wait)), "{wait:?}");
    let (status, answer) = raise(&stage, json!({ "title": "One more" })).await;
    assert_eq!((status, &answer["error"]["code"]), (429, &json!("too-many")));
    stage.strike().await;
}

//! REST: resources, lists, and what is refused.

use super::{ACCOUNT, ANNA, BEN, HOTLINE, Theatre};
use crate::simulator::{Delay, Habit};
use serde_json::{Value, json};

const URL: (&str, &str) = ("Url", "http://rota.test/answered");

#[test]
fn calls_that_are_refused() {
    let cases: &[(&[(&str, &str)], u64)] = &[
        (&[("From", HOTLINE), URL], 21201),
        (&[("To", ""), ("From", HOTLINE), URL], 21201),
        (&[("To", ANNA), URL], 21213),
        (&[("To", ANNA), ("From", HOTLINE)], 21205),
        (&[("To", ANNA), ("From", HOTLINE), ("Url", "/answered")], 21205),
        (&[("To", ANNA), ("From", HOTLINE), ("Url", "http://my_host/answered")], 21205),
        (&[("To", "0491570156"), ("From", HOTLINE), URL], 21211),
        (&[("To", HOTLINE), ("From", HOTLINE), URL], 21211),
        (&[("To", ANNA), ("From", "anonymous"), URL], 21212),
        (&[("To", ANNA), ("From", BEN), URL], 21210),
        (&[("To", "+61491570999"), ("From", HOTLINE), URL], 21217),
        (&[("To", ANNA), ("From", HOTLINE), URL, ("Timeout", "601")], 20001),
        (&[("To", ANNA), ("From", HOTLINE), URL, ("Timeout", "soon")], 20001),
        (&[("To", ANNA), ("From", HOTLINE), URL, ("StatusCallback", "nowhere")], 21609),
        (&[("To", ANNA), ("From", HOTLINE), URL, ("MachineDetection", "true")], 20001),
        (&[("To", ANNA), ("From", HOTLINE), URL, ("AsyncAmd", "true")], 20001),
        (&[("To", ANNA), ("From", HOTLINE), URL, ("Colour", "blue")], 20001),
    ];
    for (form, code) in cases {
        let mut theatre = Theatre::new()
            .person(ANNA, Habit::Ignores)
            .person("+61491570999", Habit::InvalidNumber);
        theatre.network.add_own_number(HOTLINE);
        let (status, error) = theatre.rest(0, "POST", "Calls.json", form);
        assert_eq!(
            (status, error["code"].as_u64(), error["status"].as_u64()),
            (400, Some(*code), Some(400)),
            "{form:?}"
        );
        assert_eq!(error["more_info"], format!("https://www.twilio.com/docs/errors/{code}"));
        assert!(error["message"].is_string());
        // Only a parameter that does not exist is our client's drift.
        assert_eq!(
            theatre.network.faults().len(),
            usize::from(form.contains(&("Colour", "blue"))),
            "{form:?}"
        );
        assert_eq!(theatre.network.dialled(), &[] as &[String]);
    }
}

#[test]
fn a_number_that_nobody_has_is_a_fault() {
    let mut theatre = Theatre::new();
    theatre.call(0, ANNA, &[]);
    theatre.run_to(60_000);
    assert_eq!(theatre.faults(), [None]);
    assert_eq!(theatre.requests("/status", &["CallStatus"]).last(), Some(&(1_000, vec!["failed"])));
}

#[test]
fn a_call_has_the_documented_shape() {
    let mut theatre = Theatre::new().person(ANNA, Habit::Ignores);
    let sid = theatre.call(0, ANNA, &[]);
    let (status, call) = theatre.rest(0, "GET", &format!("Calls/{sid}.json"), &[]);
    assert_eq!(status, 200);
    for (name, value) in [
        ("sid", json!(sid)),
        ("account_sid", json!(ACCOUNT)),
        ("to", json!(ANNA)),
        ("from", json!(HOTLINE)),
        ("status", json!("queued")),
        ("direction", json!("outbound-api")),
        ("start_time", Value::Null),
        ("date_created", json!("Sat, 21 Nov 2026 03:00:00 +0000")),
        ("uri", json!(format!("/2010-04-01/Accounts/{ACCOUNT}/Calls/{sid}.json"))),
    ] {
        assert_eq!(call[name], value, "{name}");
    }
}

#[test]
fn updates_that_are_refused() {
    let mut theatre = Theatre::new().person(ANNA, Habit::PressesNothing { after: Delay::seconds(4) });
    let sid = theatre.call(0, ANNA, &[]);
    theatre.run_to(2_000);
    let path = format!("Calls/{sid}.json");
    for (form, status, code) in [
        (vec![("Status", "hungup")], 400, 20001),
        (vec![("Status", "canceled"), URL], 400, 20001),
        // It rings: nothing to redirect yet.
        (vec![URL], 400, 21220),
        (vec![("Stauts", "canceled")], 400, 20001),
    ] {
        let (answered, error) = theatre.rest(2_000, "POST", &path, &form);
        assert_eq!((answered, error["code"].as_u64()), (status, Some(code)), "{form:?}");
    }
    let (status, error) = theatre.rest(
        2_000,
        "POST",
        "Calls/CA00000000000000000000000000000000.json",
        &[("Status", "completed")],
    );
    assert_eq!((status, error["code"].as_u64()), (404, Some(20404)));
    assert_eq!(theatre.network.status(&sid), Some("ringing"));
}

#[test]
fn resources_that_do_not_exist_are_faults() {
    let mut theatre = Theatre::new();
    for (method, path) in [
        ("PUT", "Calls.json"),
        ("GET", "Calls"),
        ("POST", "Faxes.json"),
        ("DELETE", "Messages.json"),
    ] {
        let (status, error) = theatre.rest(0, method, path, &[]);
        assert_eq!((status, error["code"].as_u64()), (404, Some(20404)), "{method} {path}");
    }
    let other = "/2010-04-01/Accounts/AC00000000000000000000000000000000/Calls.json";
    assert_eq!(theatre.network.rest(super::start(), "GET", other, &[]).unwrap().status, 404);
    assert_eq!(theatre.faults().len(), 5);
}

#[test]
fn calls_are_listed_newest_first_filtered_and_in_pages() {
    let mut theatre = Theatre::new().person(ANNA, Habit::Busy).person(BEN, Habit::Busy);
    let sids: Vec<String> = [ANNA, BEN, ANNA, ANNA].iter().map(|to| theatre.call(0, to, &[])).collect();
    let listed = |theatre: &mut Theatre, query: &str| {
        let (status, list) = theatre.rest(0, "GET", &format!("Calls.json?{query}"), &[]);
        assert_eq!(status, 200, "{list}");
        let sids: Vec<String> = list["calls"]
            .as_array()
            .unwrap()
            .iter()
            .map(|call| call["sid"].as_str().unwrap().to_owned())
            .collect();
        (sids, list["next_page_uri"].as_str().map(str::to_owned))
    };
    let anna = "To=%2B61491570156";
    assert_eq!(listed(&mut theatre, anna).0, [&sids[3], &sids[2], &sids[0]].map(Clone::clone));
    // What is queued has not started.
    assert_eq!(listed(&mut theatre, "Status=queued").0.len(), 4);
    assert_eq!(listed(&mut theatre, &format!("{anna}&StartTime%3E=2026-11-20")).0.len(), 0);
    theatre.run_to(60_000);
    assert_eq!(listed(&mut theatre, "Status=queued").0.len(), 0);
    assert_eq!(listed(&mut theatre, "Status=busy").0.len(), 4);
    assert_eq!(listed(&mut theatre, &format!("{anna}&StartTime%3E=2026-11-21")).0.len(), 3);
    assert_eq!(listed(&mut theatre, &format!("{anna}&StartTime%3E=2026-11-22")).0.len(), 0);
    assert_eq!(
        listed(&mut theatre, &format!("{anna}&StartTime%3C=2026-11-21T03:00:00Z")).0.len(),
        0
    );
    assert_eq!(listed(&mut theatre, "StartTime=2026-11-21").0.len(), 4);
    let (first, next) = listed(&mut theatre, &format!("{anna}&PageSize=2"));
    assert_eq!(first, [&sids[3], &sids[2]].map(Clone::clone));
    let next = next.unwrap();
    let answer = theatre.network.rest(super::start(), "GET", &next, &[]).unwrap();
    assert_eq!(
        (&answer.body["calls"][0]["sid"], &answer.body["next_page_uri"]),
        (&json!(sids[0]), &Value::Null)
    );
    assert_eq!(theatre.rest(0, "GET", "Calls.json?StartTime=yesterday", &[]).0, 400);
}

#[test]
fn texts_are_taken_or_refused() {
    let mut theatre = Theatre::new();
    theatre.network.add_own_number(HOTLINE);
    theatre.network.opt_out(BEN);
    let long = "x".repeat(1_601);
    for (form, code) in [
        (vec![("From", HOTLINE), ("Body", "Hello")], 21604),
        (vec![("To", ANNA), ("Body", "Hello")], 21603),
        (vec![("To", ANNA), ("From", HOTLINE)], 21602),
        (vec![("To", "Anna"), ("From", HOTLINE), ("Body", "Hello")], 21211),
        (vec![("To", ANNA), ("From", BEN), ("Body", "Hello")], 21606),
        (vec![("To", ANNA), ("From", HOTLINE), ("Body", long.as_str())], 21617),
        (vec![("To", BEN), ("From", HOTLINE), ("Body", "Hello")], 21610),
    ] {
        let (status, error) = theatre.rest(0, "POST", "Messages.json", &form);
        assert_eq!((status, error["code"].as_u64()), (400, Some(code)));
    }
    assert_eq!(theatre.network.texts(), []);
    let (status, message) = theatre.rest(0, "POST", "Messages.json", &[("To", ANNA), ("From", HOTLINE), ("Body", "Hello")]);
    assert_eq!(
        (status, message["status"].as_str(), message["num_segments"].as_str()),
        (201, Some("queued"), Some("1"))
    );
    let [text] = theatre.network.texts() else { panic!("one text") };
    assert_eq!((text.to.as_str(), text.body.as_str()), (ANNA, "Hello"));
}

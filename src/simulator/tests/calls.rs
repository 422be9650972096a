//! Legs up to their document, and their status callbacks.

use super::{ANNA, CALLER, HOTLINE, Theatre, said};
use crate::simulator::{CallerHabit, Delay, Failed, Habit, Line, Mischief, Sound, WebhookReply};

const PICKS_UP: Habit = Habit::PressesNothing { after: Delay::seconds(4) };

/// What the status callbacks of a call say: when, status, sequence number, duration, SIP code.
fn progress(habit: Habit, run_to: i64, more: &[(&str, &str)]) -> (Vec<(i64, Vec<String>)>, Theatre) {
    let mut theatre = Theatre::new().person(ANNA, habit).page("/answered", "<Say>Ten chars.</Say>");
    theatre.call(0, ANNA, more);
    theatre.run_to(run_to);
    let names = ["CallStatus", "SequenceNumber", "CallDuration", "SipResponseCode"];
    let requests = theatre.requests("/status", &names);
    let requests = requests
        .into_iter()
        .map(|(at, values)| (at, values.into_iter().map(str::to_owned).collect()))
        .collect();
    (requests, theatre)
}

fn row(at: i64, values: [&str; 4]) -> (i64, Vec<String>) {
    (at, values.into_iter().map(str::to_owned).collect())
}

#[test]
fn an_answered_call_reports_all_of_its_progress() {
    let (progress, theatre) = progress(PICKS_UP, 60_000, &[]);
    // Placed at 0, rings at 1 s, picked up at 5 s, ten characters are 650 ms, counted as one second.
    let expected = vec![
        row(0, ["initiated", "0", "-", "-"]),
        row(1_000, ["ringing", "1", "-", "-"]),
        row(5_000, ["in-progress", "2", "-", "-"]),
        row(5_650, ["completed", "3", "1", "200"]),
    ];
    assert_eq!(progress, expected);
    let last = &theatre.seen.last().unwrap().1;
    assert_eq!(last.parameter("Timestamp"), Some("Sat, 21 Nov 2026 03:00:05 +0000"));
    assert_eq!(last.parameter("CallbackSource"), Some("call-progress-events"));
    assert_eq!(last.parameter("Duration"), Some("1"));
    assert!(!last.wants_twiml);
    theatre.nothing_is_left();
    assert_eq!(theatre.faults(), []);
}

#[test]
fn the_request_of_an_answered_call_has_the_documented_parameters() {
    let (_, theatre) = progress(PICKS_UP, 5_000, &[]);
    let (at, request) = theatre.seen.iter().find(|(_, request)| request.wants_twiml).unwrap();
    assert_eq!(*at, 5_000);
    let expected = [
        ("AccountSid", super::ACCOUNT),
        ("From", HOTLINE),
        ("Caller", HOTLINE),
        ("To", ANNA),
        ("Called", ANNA),
        ("CallStatus", "in-progress"),
        ("ApiVersion", "2010-04-01"),
        ("Direction", "outbound-api"),
        ("FromCountry", "AU"),
        ("CalledZip", ""),
    ];
    for (name, value) in expected {
        assert_eq!(request.parameter(name), Some(value), "{name}");
    }
    let sid = request.parameter("CallSid").unwrap();
    assert!(sid.len() == 34 && sid.starts_with("CA") && sid[2..].bytes().all(|b| b.is_ascii_hexdigit() && !b.is_ascii_uppercase()));
    assert_eq!(request.parameter("AnsweredBy"), None);
}

#[test]
fn a_phone_rings_five_seconds_longer_than_asked_for() {
    let (progress, theatre) = progress(Habit::Ignores, 60_000, &[("Timeout", "20")]);
    assert_eq!(progress.last(), Some(&row(26_000, ["no-answer", "2", "0", "487"])));
    let rung = theatre.network.rung();
    assert_eq!((rung.len(), rung[0].number.as_str()), (1, ANNA));
    assert_eq!((rung[0].until.unwrap() - rung[0].from).num_seconds(), 25);
}

#[test]
fn busy_rejected_and_unreachable_phones() {
    let (busy, theatre) = progress(Habit::Busy, 60_000, &[]);
    assert_eq!(
        busy,
        vec![row(0, ["initiated", "0", "-", "-"]), row(1_000, ["busy", "1", "0", "486"])]
    );
    assert_eq!(
        (theatre.network.rung(), theatre.network.dialled()),
        (vec![], &[ANNA.to_owned()][..])
    );
    let (rejects, _) = progress(Habit::Rejects { after: Delay::seconds(3) }, 60_000, &[]);
    assert_eq!(rejects.last(), Some(&row(4_000, ["busy", "2", "0", "486"])));
    let (unreachable, _) = progress(Habit::Unreachable, 60_000, &[]);
    assert_eq!(unreachable.last(), Some(&row(1_000, ["failed", "1", "0", "404"])));
}

#[test]
fn without_events_only_the_end_is_reported() {
    let mut theatre = Theatre::new().person(ANNA, Habit::Busy);
    let form = [
        ("To", ANNA),
        ("From", HOTLINE),
        ("Url", "http://rota.test/answered"),
        ("StatusCallback", "http://rota.test/status"),
    ];
    theatre.rest(0, "POST", "Calls.json", &form);
    theatre.run_to(60_000);
    assert_eq!(theatre.requests("/status", &["CallStatus"]), vec![(1_000, vec!["busy"])]);
}

#[test]
fn a_call_cancelled_in_the_queue_says_nothing() {
    let mut theatre = Theatre::new().person(ANNA, PICKS_UP);
    theatre.network.limit_calls_per_second(1);
    theatre.call(0, ANNA, &[]);
    let second = theatre.call(0, ANNA, &[]);
    theatre.run_to(500);
    let (status, call) = theatre.rest(500, "POST", &format!("Calls/{second}.json"), &[("Status", "canceled")]);
    assert_eq!((status, call["status"].as_str()), (200, Some("canceled")));
    theatre.run_to(60_000);
    let of_second = theatre
        .seen
        .iter()
        .filter(|(_, request)| request.parameter("CallSid") == Some(&second));
    assert_eq!(of_second.count(), 0);
    theatre.nothing_is_left();
}

#[test]
fn calls_beyond_the_pace_wait_in_the_queue() {
    let mut theatre = Theatre::new().person(ANNA, Habit::Busy);
    theatre.network.limit_calls_per_second(1);
    (0..3).for_each(|_| drop(theatre.call(0, ANNA, &[])));
    theatre.run_to(60_000);
    let initiated: Vec<i64> = theatre
        .requests("/status", &["CallStatus"])
        .into_iter()
        .filter(|(_, values)| values == &["initiated"])
        .map(|(at, _)| at)
        .collect();
    assert_eq!(initiated, [0, 1_000, 2_000]);
}

#[test]
fn cancelling_stops_the_ringing_and_leaves_an_answered_call_alone() {
    let mut theatre = Theatre::new().person(ANNA, PICKS_UP).page("/answered", "<Pause length=\"30\"/>");
    let sid = theatre.call(0, ANNA, &[]);
    theatre.run_to(2_000);
    let (status, call) = theatre.rest(2_000, "POST", &format!("Calls/{sid}.json"), &[("Status", "canceled")]);
    assert_eq!((status, call["status"].as_str()), (200, Some("canceled")));
    theatre.run_to(3_000);
    assert_eq!(
        theatre.requests("/status", &["CallStatus"]).last(),
        Some(&(2_000, vec!["canceled"]))
    );

    let answered = theatre.call(10_000, ANNA, &[]);
    theatre.run_to(16_000);
    let (status, call) = theatre.rest(16_000, "POST", &format!("Calls/{answered}.json"), &[("Status", "canceled")]);
    assert_eq!((status, call["status"].as_str()), (200, Some("in-progress")));
    let (_, call) = theatre.rest(17_000, "POST", &format!("Calls/{answered}.json"), &[("Status", "completed")]);
    assert_eq!(call["status"].as_str(), Some("completed"));
    let (status, error) = theatre.rest(18_000, "POST", &format!("Calls/{answered}.json"), &[("Status", "canceled")]);
    assert_eq!((status, error["code"].as_u64()), (400, Some(21220)));
}

#[test]
fn somebody_answers_just_when_he_is_being_cancelled() {
    let mut theatre = Theatre::new()
        .person(ANNA, Habit::AcceptsLate)
        .page("/answered", "<Say>Never mind</Say>");
    let sid = theatre.call(0, ANNA, &[]);
    theatre.run_to(9_000);
    let (_, call) = theatre.rest(9_000, "POST", &format!("Calls/{sid}.json"), &[("Status", "canceled")]);
    assert_eq!(call["status"].as_str(), Some("in-progress"));
    theatre.run_to(60_000);
    assert_eq!(theatre.heard(&sid), vec![(1_000, Sound::Ring), (9_000, said("Never mind"))]);
    // Hung up outright, he has no chance.
    let sid = theatre.call(60_000, ANNA, &[]);
    theatre.run_to(69_000);
    let (_, call) = theatre.rest(69_000, "POST", &format!("Calls/{sid}.json"), &[("Status", "completed")]);
    assert_eq!(call["status"].as_str(), Some("canceled"));
}

#[test]
fn an_inbound_call_rings_until_its_document_comes() {
    let mut theatre = Theatre::new().page("/voice", "<Say>Welcome.</Say>");
    let line = Line {
        status_callback: Some("http://rota.test/over".into()),
        ..Line::to("http://rota.test/voice")
    };
    let sid = theatre
        .network
        .dial_in(super::start(), Some(CALLER), HOTLINE, &line, CallerHabit::default());
    let [request] = theatre.network.advance(super::at(2_000)).try_into().unwrap();
    assert_eq!(
        (request.parameter("CallStatus"), request.parameter("Direction")),
        (Some("ringing"), Some("inbound"))
    );
    assert_eq!((request.parameter("From"), request.parameter("To")), (Some(CALLER), Some(HOTLINE)));
    theatre
        .network
        .answer(super::at(2_000), request.id, Ok(theatre.pages["/voice"].clone().unwrap()));
    theatre.run_to(60_000);
    assert_eq!(theatre.heard(&sid), vec![(0, Sound::Ring), (2_000, said("Welcome."))]);
    // One number-level callback when it is over: eight characters are 520 ms.
    assert_eq!(
        theatre.requests("/over", &["CallStatus", "CallDuration"]),
        vec![(2_520, vec!["completed", "1"])]
    );
    assert_eq!(theatre.network.dialled(), &[] as &[String]);
}

#[test]
fn a_withheld_number_is_anonymous() {
    let mut theatre = Theatre::new();
    theatre.network.dial_in(
        super::start(),
        None,
        HOTLINE,
        &Line::to("http://rota.test/voice"),
        CallerHabit::default(),
    );
    let [request] = theatre.network.advance(super::start()).try_into().unwrap();
    assert_eq!(
        (request.parameter("From"), request.parameter("Caller")),
        (Some("anonymous"), Some("anonymous"))
    );
    assert_eq!(request.parameter("FromCountry"), None);
}

#[test]
fn a_caller_who_hangs_up_while_it_rings_was_not_answered() {
    let mut theatre = Theatre::new();
    let habit = CallerHabit {
        patience: Some(Delay::seconds(1)),
        ..CallerHabit::default()
    };
    let sid = theatre
        .network
        .dial_in(super::start(), Some(CALLER), HOTLINE, &Line::to("http://rota.test/voice"), habit);
    let [request] = theatre.network.advance(super::start()).try_into().unwrap();
    theatre.run_to(5_000);
    assert_eq!(theatre.network.status(&sid), Some("no-answer"));
    // The late answer is for nobody.
    theatre.network.answer(
        super::at(5_000),
        request.id,
        Ok(WebhookReply::twiml("<Response><Say>Hi</Say></Response>")),
    );
    assert_eq!(theatre.heard(&sid), vec![(0, Sound::Ring)]);
    theatre.nothing_is_left();
}

#[test]
fn detection_before_the_document_delays_it() {
    let machine = Habit::Voicemail {
        after: Delay::seconds(4),
        greeting: Delay::seconds(9),
    };
    let cases = [
        (PICKS_UP, "Enable", 9_000, "human"),
        (machine, "Enable", 9_000, "machine_start"),
        // The greeting ends at 14 s, its beep a second later.
        (machine, "DetectMessageEnd", 15_000, "machine_end_beep"),
    ];
    for (habit, mode, at, result) in cases {
        let (_, theatre) = progress(habit, 15_000, &[("MachineDetection", mode)]);
        assert_eq!(
            theatre.requests("/answered", &["AnsweredBy"]),
            vec![(at, vec![result])],
            "{habit:?} {mode}"
        );
    }
    let more = [("MachineDetection", "DetectMessageEnd"), ("MachineDetectionTimeout", "5")];
    let (_, theatre) = progress(machine, 15_000, &more);
    assert_eq!(theatre.requests("/answered", &["AnsweredBy"]), vec![(10_000, vec!["unknown"])]);
}

#[test]
fn detection_meanwhile_is_reported_apart() {
    let machine = Habit::Voicemail {
        after: Delay::seconds(4),
        greeting: Delay::seconds(9),
    };
    let more = [
        ("MachineDetection", "Enable"),
        ("AsyncAmd", "true"),
        ("AsyncAmdStatusCallback", "http://rota.test/machine"),
    ];
    let mut theatre = Theatre::new().person(ANNA, machine).page("/answered", "<Pause length=\"20\"/>");
    theatre.call(0, ANNA, &more);
    theatre.run_to(15_000);
    assert_eq!(theatre.requests("/answered", &["AnsweredBy"]), vec![(5_000, vec!["-"])]);
    assert_eq!(
        theatre.requests("/machine", &["AnsweredBy", "MachineDetectionDuration"]),
        vec![(9_000, vec!["machine_start", "4000"])]
    );
    assert_eq!(theatre.seen.last().unwrap().1.form.len(), 4);
}

#[test]
fn a_bad_document_ends_the_call_with_an_apology() {
    let bad = [
        (
            Ok(WebhookReply {
                status: 500,
                content_type: None,
                body: String::new(),
            }),
            11200,
        ),
        (
            Ok(WebhookReply {
                status: 404,
                content_type: Some("text/xml".into()),
                body: "<Response/>".into(),
            }),
            11200,
        ),
        (
            Ok(WebhookReply {
                status: 200,
                content_type: None,
                body: "<Response/>".into(),
            }),
            12300,
        ),
        (Ok(WebhookReply::twiml("<Response><Say>Hi</Response>")), 12100),
        (
            Ok(WebhookReply::twiml(format!(
                "<Response><Say>{}</Say></Response>",
                "x".repeat(65_536)
            ))),
            11750,
        ),
        (Err(Failed::Timeout), 11200),
        (Err(Failed::Connect), 11205),
    ];
    for (reply, code) in bad {
        let mut theatre = Theatre::new().person(ANNA, PICKS_UP);
        theatre.pages.insert("/answered", reply.clone());
        let sid = theatre.call(0, ANNA, &[]);
        theatre.run_to(60_000);
        assert_eq!(theatre.faults(), [Some(code)], "{reply:?}");
        assert_eq!(
            theatre.heard(&sid).last(),
            Some(&(5_000, said(crate::simulator::APPLICATION_ERROR)))
        );
        assert_eq!(theatre.network.status(&sid), Some("completed"));
        // Only a failed connection is tried again, once.
        let attempts = if reply == Err(Failed::Connect) { 2 } else { 1 };
        assert_eq!(theatre.requests("/answered", &[]).len(), attempts, "{reply:?}");
    }
}

#[test]
fn the_fallback_is_asked_when_the_document_fails() {
    let mut theatre = Theatre::new().person(ANNA, PICKS_UP).page("/fallback", "<Say>Plan B</Say>");
    theatre.pages.insert("/answered", Err(Failed::Timeout));
    let sid = theatre.call(0, ANNA, &[("FallbackUrl", "http://rota.test/fallback")]);
    theatre.run_to(60_000);
    assert_eq!(
        theatre.requests("/fallback", &["ErrorCode", "ErrorUrl"]),
        vec![(5_000, vec!["11200", "http://rota.test/answered"])]
    );
    assert_eq!(theatre.heard(&sid).last(), Some(&(5_000, said("Plan B"))));
}

#[test]
fn the_fragment_of_an_address_says_what_is_tried_again_and_is_not_sent() {
    let mut theatre = Theatre::new().person(ANNA, PICKS_UP);
    theatre.pages.insert(
        "/answered",
        Ok(WebhookReply {
            status: 503,
            content_type: None,
            body: String::new(),
        }),
    );
    let form = [("To", ANNA), ("From", HOTLINE), ("Url", "http://rota.test/answered#rc=2&rp=ct,5xx")];
    theatre.rest(0, "POST", "Calls.json", &form);
    theatre.run_to(60_000);
    assert_eq!(theatre.requests("/answered", &[]).len(), 3);
    let tokens: std::collections::BTreeSet<String> = theatre.seen.iter().map(|(_, request)| request.idempotency_token()).collect();
    assert_eq!(tokens.len(), 1);
}

#[test]
fn a_status_callback_answered_with_an_error_is_a_fault() {
    for (reply, faults) in [
        (WebhookReply::no_content(), vec![]),
        (WebhookReply::twiml("<Response/>"), vec![]),
        (
            WebhookReply {
                status: 200,
                content_type: Some("text/plain".into()),
                body: "ok".into(),
            },
            vec![Some(15003)],
        ),
        (
            WebhookReply {
                status: 500,
                content_type: None,
                body: String::new(),
            },
            vec![Some(15003)],
        ),
    ] {
        let mut theatre = Theatre::new().person(ANNA, Habit::Busy);
        theatre.pages.insert("/status", Ok(reply.clone()));
        let form = [
            ("To", ANNA),
            ("From", HOTLINE),
            ("Url", "http://rota.test/x"),
            ("StatusCallback", "http://rota.test/status"),
        ];
        theatre.rest(0, "POST", "Calls.json", &form);
        theatre.run_to(60_000);
        assert_eq!(theatre.faults(), faults, "{reply:?}");
    }
}

#[test]
fn misdetection_takes_one_for_the_other() {
    let mischief = Mischief {
        misdetect: 1.0,
        ..Mischief::none()
    };
    for (habit, result) in [
        (PICKS_UP, "machine_start"),
        (
            Habit::Voicemail {
                after: Delay::seconds(4),
                greeting: Delay::seconds(9),
            },
            "human",
        ),
    ] {
        let mut theatre = Theatre::with(1, mischief.clone()).person(ANNA, habit);
        theatre.call(0, ANNA, &[("MachineDetection", "Enable")]);
        theatre.run_to(9_000);
        assert_eq!(theatre.requests("/answered", &["AnsweredBy"]), vec![(9_000, vec![result])]);
    }
}

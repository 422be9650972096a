//! The parameter sets are those of Twilio's documentation of each callback.

use super::*;
use proptest::prelude::*;

const SID: &str = "CA0123456789abcdef0123456789abcdef";

fn form(fields: &[(&str, &str)]) -> Form {
    // What every voice request carries besides the fields that matter; some of it is not documented anywhere.
    let always = [
        ("AccountSid", "AC0123456789abcdef0123456789abcdef"),
        ("ApiVersion", "2010-04-01"),
        ("Caller", "+61491570156"),
        ("CallToken", "%7B%22parentCallInfoToken%22%7D"),
        ("SomethingNew", "2031"),
    ];
    fields.iter().copied().chain(always).collect()
}

fn line() -> LineId {
    LineId(SID.to_owned())
}

fn number(text: &str) -> Phone {
    Phone::from_e164(text).unwrap()
}

const ANN: LegId = LegId(3);

#[test]
fn an_inbound_call_names_line_caller_and_hotline() {
    let arrival = Arrival::from_form(&form(&[
        ("CallSid", SID),
        ("From", "+61491570156"),
        ("To", "+61491570006"),
        ("CallStatus", "ringing"),
        ("Direction", "inbound"),
    ]));
    let expected = Arrival {
        to: Some(number("+61491570006")),
        from: Some(number("+61491570156")),
        line: line(),
    };
    assert_eq!(arrival, Ok(expected));
}

#[test]
fn a_withheld_number_is_no_number() {
    let withheld = [
        "anonymous",
        "Anonymous",
        "unknown",
        "",
        "Restricted",
        "+266696687",
        "+7378742833",
        "+86282452253",
    ];
    let odd = [
        "client:alice",
        "sip:alice@pbx.example.org",
        "sip:+61491570156@pbx.example.org;user=phone",
        "+8656696",
        "+2562533",
        "+12562533",
        "+17378742833",
        "client:alice",
        "sip:alice@example.org",
        "4711",
        "+",
    ];
    for from in withheld.into_iter().chain(odd) {
        let arrival = Arrival::from_form(&form(&[("CallSid", SID), ("From", from), ("To", "+61491570006")]));
        assert_eq!(arrival.unwrap().from, None, "{from}");
    }
    let arrival = Arrival::from_form(&form(&[("CallSid", SID), ("To", "sip:lab@example.org")])).unwrap();
    assert_eq!((arrival.from, arrival.to), (None, None));
}

#[test]
fn a_call_without_a_usable_name_cannot_be_taken() {
    for sid in ["", "CA/../Messages", "CA 1", &"a".repeat(65)] {
        let form = form(&[("CallSid", sid), ("To", "+61491570006")]);
        assert_eq!(Arrival::from_form(&form), Err(Missing("CallSid")), "{sid}");
        assert_eq!(LineStatus::from_form(&form), Err(Missing("CallSid")), "{sid}");
    }
}

#[test]
fn progress_of_a_leg() {
    let leg = ANN;
    let table = [
        ("queued", Some(Event::Placed { leg, line: line() })),
        ("initiated", Some(Event::Placed { leg, line: line() })),
        ("ringing", Some(Event::Ringing { leg, line: line() })),
        (
            "in-progress",
            Some(Event::Answered {
                leg,
                line: line(),
                voice: None,
            }),
        ),
        (
            "completed",
            Some(Event::Ended {
                leg,
                how: Ending::Completed,
            }),
        ),
        ("busy", Some(Event::Ended { leg, how: Ending::Busy })),
        (
            "no-answer",
            Some(Event::Ended {
                leg,
                how: Ending::NoAnswer,
            }),
        ),
        ("failed", Some(Event::Ended { leg, how: Ending::Failed })),
        (
            "canceled",
            Some(Event::Ended {
                leg,
                how: Ending::Canceled,
            }),
        ),
        ("answered", None),
        ("", None),
        ("parked", None),
    ];
    for (status, expected) in table {
        let form = form(&[
            ("CallSid", SID),
            ("CallStatus", status),
            ("CallbackSource", "call-progress-events"),
            ("SequenceNumber", "2"),
            ("Timestamp", "Fri, 20 Aug 2010 01:13:42 +0000"),
        ]);
        assert_eq!(events(Callback::Status, leg, &form), Vec::from_iter(expected), "{status}");
    }
    assert_eq!(events(Callback::Status, leg, &form(&[("CallSid", SID)])), []);
}

#[test]
fn the_answered_leg_asks_for_its_script() {
    let table = [
        (None, None),
        (Some("human"), Some(Voice::Human)),
        (Some("machine_start"), Some(Voice::Machine)),
        (Some("machine_end_beep"), Some(Voice::Machine)),
        (Some("machine_end_silence"), Some(Voice::Machine)),
        (Some("machine_end_other"), Some(Voice::Machine)),
        (Some("fax"), Some(Voice::Fax)),
        (Some("unknown"), Some(Voice::Unknown)),
        (Some("parrot"), Some(Voice::Unknown)),
    ];
    for (answered_by, voice) in table {
        let mut fields = vec![("CallSid", SID), ("CallStatus", "in-progress"), ("Direction", "outbound-api")];
        fields.extend(answered_by.map(|text| ("AnsweredBy", text)));
        let expected = Event::Answered {
            leg: ANN,
            line: line(),
            voice,
        };
        assert_eq!(events(Callback::Script, ANN, &form(&fields)), [expected], "{answered_by:?}");
    }
}

#[test]
fn a_redirected_caller_has_not_answered_anything() {
    assert_eq!(
        events(Callback::Script, CALLER, &form(&[("CallSid", SID), ("CallStatus", "in-progress")])),
        []
    );
    let inbound = form(&[("CallSid", SID), ("CallStatus", "in-progress"), ("Direction", "inbound")]);
    assert_eq!(events(Callback::Script, CALLER, &inbound), []);
}

/// `Direction` of a call by the REST API, as Twilio's page on voice requests lists it.
#[test]
fn a_caller_whom_we_have_rung_answers() {
    let outbound = form(&[("CallSid", SID), ("CallStatus", "in-progress"), ("Direction", "outbound-api")]);
    let answered = Event::Answered {
        leg: CALLER,
        line: LineId(SID.to_owned()),
        voice: None,
    };
    assert_eq!(events(Callback::Script, CALLER, &outbound), [answered]);
}

#[test]
fn a_script_asked_for_by_a_dead_line_is_an_end() {
    let dead = form(&[("CallSid", SID), ("CallStatus", "completed")]);
    let how = Ending::Completed;
    assert_eq!(events(Callback::Script, ANN, &dead), [Event::Ended { leg: ANN, how }]);
}

#[test]
fn keys() {
    for (digits, key) in [
        ("1", Some('1')),
        ("*", Some('*')),
        ("#", Some('#')),
        ("12", Some('1')),
        ("", None),
        ("w", None),
        ("é", None),
    ] {
        let expected = key.map(|key| Event::Key { leg: ANN, key });
        let form = form(&[("CallSid", SID), ("CallStatus", "in-progress"), ("Digits", digits)]);
        assert_eq!(events(Callback::Key, ANN, &form), Vec::from_iter(expected), "{digits}");
    }
    assert_eq!(events(Callback::Key, ANN, &form(&[("CallSid", SID), ("SpeechResult", "one")])), []);
}

#[test]
fn a_leg_in_the_room_asks_what_to_hear_while_it_waits() {
    let waits = form(&[("CallSid", SID), ("CallStatus", "in-progress"), ("ConferenceSid", "CF1")]);
    assert_eq!(events(Callback::Wait, ANN, &waits), [Event::StillWaiting { leg: ANN }]);
}

#[test]
fn the_stay_in_the_room_ends_with_or_without_the_connection() {
    // After a conference the Dial's own status is "answered", and neither its duration nor a second line is sent.
    let alive = form(&[
        ("CallSid", SID),
        ("CallStatus", "in-progress"),
        ("DialCallStatus", "answered"),
        ("DialBridged", "true"),
    ]);
    assert_eq!(events(Callback::Room, CALLER, &alive), [Event::LeftRoom { leg: CALLER }]);
    let gone = form(&[("CallSid", SID), ("CallStatus", "completed"), ("DialCallStatus", "answered")]);
    let how = Ending::Completed;
    assert_eq!(events(Callback::Room, CALLER, &gone), [Event::Ended { leg: CALLER, how }]);
}

#[test]
fn the_machine_detection_comes_back() {
    let heard = form(&[
        ("CallSid", SID),
        ("AnsweredBy", "machine_start"),
        ("MachineDetectionDuration", "3120"),
    ]);
    let voice = Voice::Machine;
    assert_eq!(events(Callback::Machine, ANN, &heard), [Event::Detected { leg: ANN, voice }]);
    assert_eq!(events(Callback::Machine, ANN, &form(&[("CallSid", SID)])), []);
}

#[test]
fn a_message_is_recorded() {
    let url = "https://api.twilio.com/2010-04-01/Accounts/AC1/Recordings/RE1";
    let recorded = Event::Recorded {
        recording: "RE1".into(),
        seconds: 17,
    };
    let ended = Event::Ended {
        leg: CALLER,
        how: Ending::Completed,
    };
    let with = |status, digits| {
        form(&[
            ("CallSid", SID),
            ("CallStatus", status),
            ("RecordingUrl", url),
            ("RecordingDuration", "17"),
            ("Digits", digits),
        ])
    };
    assert_eq!(
        events(Callback::Recording, CALLER, &with("in-progress", "#")),
        std::slice::from_ref(&recorded)
    );
    assert_eq!(
        events(Callback::Recording, CALLER, &with("completed", "hangup")),
        [recorded.clone(), ended.clone()]
    );
    assert_eq!(
        events(Callback::Recording, CALLER, &with("in-progress", "hangup")),
        [recorded, ended]
    );
    assert_eq!(
        events(
            Callback::Recording,
            CALLER,
            &form(&[("CallSid", SID), ("CallStatus", "in-progress")])
        ),
        []
    );
}

#[test]
fn joining_and_leaving_the_room() {
    let how = Ending::Completed;
    let table = [
        ("participant-join", "3", "", Some(Event::Joined { leg: ANN })),
        ("participant-leave", "3", "in-progress", None),
        ("participant-leave", "3", "", None),
        ("participant-leave", "0", "completed", Some(Event::Ended { leg: CALLER, how })),
        ("participant-mute", "3", "", None),
        ("participant-join", "somebody", "", None),
        ("participant-join", "-1", "", None),
        ("participant-join", "", "", None),
    ];
    for (event, label, status, expected) in table {
        let form = form(&[
            ("ConferenceSid", "CF0123456789abcdef0123456789abcdef"),
            ("FriendlyName", "call-1"),
            ("StatusCallbackEvent", event),
            ("SequenceNumber", "1"),
            ("ParticipantLabel", label),
            ("ParticipantCallStatus", status),
            ("ReasonParticipantLeft", "participant_hung_up"),
        ]);
        assert_eq!(room_event(&form), expected, "{event} {label} {status}");
    }
    for event in ["conference-start", "conference-end"] {
        assert_eq!(
            room_event(&form(&[
                ("StatusCallbackEvent", event),
                ("ReasonConferenceEnded", "last-participant-left")
            ])),
            None
        );
    }
}

#[test]
fn the_numbers_own_callback_tells_of_the_end_only() {
    let told = |status| LineStatus::from_form(&form(&[("CallSid", SID), ("CallStatus", status), ("CallDuration", "63")])).unwrap();
    assert_eq!(told("completed").ended, Some(Ending::Completed));
    assert_eq!(told("no-answer").ended, Some(Ending::NoAnswer));
    assert_eq!(told("in-progress").ended, None);
    assert_eq!(told("completed").line, line());
}

proptest! {
    #[test]
    fn whatever_the_fields_hold_events_are_about_the_leg_asked_for(
        leg in 0_u16..5,
        status in "[a-z-]{0,12}|completed|in-progress|ringing",
        digits in "\\PC{0,3}",
        answered_by in "\\PC{0,8}",
        sid in "\\PC{0,40}",
    ) {
        let form: Form = [("CallStatus", status), ("Digits", digits), ("AnsweredBy", answered_by), ("CallSid", sid)].into_iter().collect();
        for callback in Callback::ALL {
            for event in events(callback, LegId(leg), &form) {
                prop_assert_eq!(event.leg(), Some(LegId(leg)));
            }
        }
    }
}

#[test]
fn a_text_names_sender_hotline_and_words() {
    let sid = "SM0123456789abcdef0123456789abcdef";
    let texted = |more: &[(&str, &str)]| {
        let fields = [("MessageSid", sid), ("From", "+61491570156"), ("To", "+61491570006")];
        Texted::from_form(&form(&[&fields[..], more].concat()))
    };
    let expected = Texted {
        id: sid.to_owned(),
        to: Some(number("+61491570006")),
        from: Some(number("+61491570156")),
        body: "AWAY 2h".to_owned(),
        has_pictures: false,
        is_settled: false,
    };
    assert_eq!(texted(&[("Body", "AWAY 2h")]), Ok(expected.clone()));
    for kind in ["START", "STOP", "HELP"] {
        let settled = texted(&[("Body", "AWAY 2h"), ("OptOutType", kind)]).unwrap();
        assert!(settled.is_settled, "{kind}");
    }
    for (count, has_pictures) in [("0", false), ("", false), ("2", true)] {
        assert_eq!(texted(&[("NumMedia", count)]).unwrap().has_pictures, has_pictures, "{count}");
    }
    let blank = texted(&[("OptOutType", "")]).unwrap();
    assert_eq!((blank.is_settled, blank.body.as_str()), (false, ""), "a picture without words");
    let long = texted(&[("Body", &"\u{1f600}".repeat(16_000))]).unwrap();
    assert_eq!(long.body.chars().count(), 1_600);
    // A short code and a name cannot be answered.
    for from in ["12345", "MyBank", "whatsapp:+61491570156", ""] {
        let odd = form(&[("MessageSid", sid), ("From", from), ("To", "+61491570006")]);
        assert_eq!(Texted::from_form(&odd).unwrap().from, None, "{from}");
    }
    for bad in ["", "SM/../x", "SM 1"] {
        let odd = form(&[("MessageSid", bad), ("From", "+61491570156")]);
        assert_eq!(Texted::from_form(&odd), Err(Missing("MessageSid")), "{bad}");
    }
}

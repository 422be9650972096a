//! Documents that are allowed and documents that are not, by Twilio's pages.

use super::{Place, check};

fn codes(verbs: &str, place: Place) -> Vec<Option<u32>> {
    check(&format!("<Response>{verbs}</Response>"), place)
        .into_iter()
        .map(|violation| violation.code)
        .collect()
}

#[test]
fn documents_that_are_allowed() {
    let call = [
        "",
        "<!-- a comment --><Say>Hello</Say>",
        r#"<Say voice="Polly.Nicole" language="en-AU" loop="0">Hello</Say>"#,
        r#"<Play loop="2">/media/hold.wav</Play><Play digits="ww12#"/>"#,
        r#"<Pause length="1"/><Pause/>"#,
        r#"<Redirect method="GET">../next?a=1&amp;b=2</Redirect>"#,
        "<Redirect/>",
        r#"<Reject reason="busy"/>"#,
        r##"<Gather input="dtmf" numDigits="1" timeout="5" finishOnKey="" action="/key" method="POST" actionOnEmptyResult="true">
            <Say>Press 1</Say><Play>/a.wav</Play><Pause/></Gather><Say>Nothing</Say>"##,
        r##"<Record action="https://rota.test/r#rc=2" maxLength="120" timeout="0" finishOnKey="#" playBeep="true" trim="do-not-trim"/>"##,
        r#"<Dial action="/room" timeLimit="14400" hangupOnStar="true" timeout="5"><Conference startConferenceOnEnter="false"
            endConferenceOnExit="true" beep="onEnter" participantLabel="0" waitUrl="" waitMethod="GET" maxParticipants="250"
            statusCallback="/c" statusCallbackEvent="start end join leave mute hold modify speaker announcement"
            statusCallbackMethod="POST" muted="false" record="record-from-start" jitterBufferSize="off" region="au1">room</Conference></Dial>"#,
        "<Dial><Conference>room</Conference></Dial><Say>Back again</Say>",
        r#"<Dial callerId="+61255500001"><Number url="/whisper" statusCallbackEvent="ringing answered">+61491570156</Number>
            <Number machineDetection="Enable" machineDetectionTimeout="60">+61491570157</Number></Dial>"#,
        "<Dial>+61491570156</Dial>",
        r#"<Enqueue waitUrl="/wait" action="/left">line</Enqueue>"#,
    ];
    for verbs in call {
        assert_eq!(codes(verbs, Place::Call), [], "{verbs}");
    }
    assert_eq!(
        codes(
            "<Say>Please hold</Say><Play>/h.wav</Play><Pause/><Redirect/>",
            Place::ConferenceWait
        ),
        []
    );
    assert_eq!(codes("<Gather numDigits=\"1\"><Say>1?</Say></Gather><Hangup/>", Place::Whisper), []);
    assert_eq!(
        codes("<Gather numDigits=\"1\"><Say>1?</Say></Gather><Leave/>", Place::QueueWait),
        []
    );
}

#[test]
fn documents_with_one_thing_wrong() {
    let call = [
        "Hello",
        "<say>Hello</say>",
        "<Say/>",
        "<Say></Say>",
        r#"<Say loop="-1">Hello</Say>"#,
        r#"<Say Loop="1">Hello</Say>"#,
        "<Say>Hello <b>you</b></Say>",
        "<Play/>",
        "<Play>a file.wav</Play>",
        "<Play>ftp://rota.test/a.wav</Play>",
        r#"<Pause length="0"/>"#,
        r#"<Pause length="1.5"/>"#,
        "<Pause>3</Pause>",
        "<Redirect>http://my_host/next</Redirect>",
        r#"<Redirect method="post">/next</Redirect>"#,
        r#"<Hangup reason="done"/>"#,
        r#"<Reject reason="later"/>"#,
        r#"<Gather input="keys"/>"#,
        r#"<Gather timeout="0"/>"#,
        r#"<Gather numDigits="0"/>"#,
        r#"<Gather finishOnKey="12"/>"#,
        r#"<Gather action=""/>"#,
        "<Gather><Redirect>/next</Redirect></Gather>",
        "<Gather><Hangup/></Gather>",
        "<Gather>Press 1</Gather>",
        r#"<Record playBeep="yes"/>"#,
        r#"<Record maxLength="0"/>"#,
        r#"<Record finishOnKey="x"/>"#,
        "<Record><Say>Speak</Say></Record>",
        "<Dial/>",
        r#"<Dial timeout="4">+61491570156</Dial>"#,
        r#"<Dial timeout="601">+61491570156</Dial>"#,
        r#"<Dial timeLimit="0">+61491570156</Dial>"#,
        "<Dial><Say>Hello</Say></Dial>",
        "<Dial><Conference/></Dial>",
        "<Dial><Conference>a</Conference><Conference>b</Conference></Dial>",
        r#"<Dial><Conference beep="once">a</Conference></Dial>"#,
        r#"<Dial><Conference waitURL="/wait">a</Conference></Dial>"#,
        r#"<Dial><Conference maxParticipants="251">a</Conference></Dial>"#,
        r#"<Dial><Conference participantLabel="">a</Conference></Dial>"#,
        r#"<Dial><Conference statusCallbackEvent="start,end">a</Conference></Dial>"#,
        r#"<Dial><Conference statusCallbackEvent="joined">a</Conference></Dial>"#,
        r#"<Dial><Conference coach="someone">a</Conference></Dial>"#,
        "<Conference>a</Conference>",
        "<Number>+61491570156</Number>",
        r#"<Dial><Number machineDetectionTimeout="2">+61491570156</Number></Dial>"#,
    ];
    for verbs in call {
        assert_eq!(codes(verbs, Place::Call), [Some(12200)], "{verbs}");
    }
    let long_label = format!(r#"<Dial><Conference participantLabel="{}">a</Conference></Dial>"#, "x".repeat(129));
    assert_eq!(codes(&long_label, Place::Call), [Some(12200)]);
    assert_eq!(codes("<Dial><Number>0491570156</Number></Dial>", Place::Call), [Some(13223)]);
}

#[test]
fn verbs_that_are_never_reached() {
    for verbs in [
        "<Hangup/><Say>Hello</Say>",
        "<Redirect/><Say>Hello</Say>",
        "<Reject/><Say>Hello</Say>",
        r#"<Dial action="/a"><Conference>r</Conference></Dial><Say>Hello</Say>"#,
        "<Say>Hello</Say><Reject/>",
    ] {
        assert_eq!(codes(verbs, Place::Call), [None], "{verbs}");
    }
}

#[test]
fn places_that_allow_less() {
    for verbs in [
        "<Gather/>",
        "<Dial>+61491570156</Dial>",
        "<Hangup/>",
        "<Record/>",
        "<Leave/>",
        "<Nonsense/>",
    ] {
        assert_eq!(codes(verbs, Place::ConferenceWait), [Some(13238)], "{verbs}");
    }
    for verbs in ["<Dial>+61491570156</Dial>", "<Record/>", "<Redirect/>"] {
        assert_eq!(codes(verbs, Place::Whisper), [Some(12200)], "{verbs}");
    }
    assert_eq!(codes("<Dial>+61491570156</Dial>", Place::QueueWait), [Some(12200)]);
}

#[test]
fn texts_that_are_no_document() {
    let cases = [
        ("", 12100),
        ("Hello", 12100),
        ("<Response><Say>Hello</Response>", 12100),
        ("<Response><Say>Hello</Say>", 12100),
        ("<Response/><Response/>", 12100),
        ("<Response><Say>R&D</Say></Response>", 12100),
        ("<Response><Say>&copy;</Say></Response>", 12100),
        (r#"<Response><Pause length="1" length="2"/></Response>"#, 12100),
        ("<!DOCTYPE x [<!ENTITY a \"b\">]><Response/>", 12100),
        ("<Answer/>", 12200),
        (r#"<Response version="1"/>"#, 12200),
    ];
    for (text, code) in cases {
        let found: Vec<Option<u32>> = check(text, Place::Call).into_iter().map(|violation| violation.code).collect();
        assert_eq!(found, [Some(code)], "{text}");
    }
    let deep = format!(
        "<Response>{}{}</Response>",
        "<Say>".repeat(100_000 / 11),
        "</Say>".repeat(100_000 / 11)
    );
    assert_eq!(check(&deep, Place::Call)[0].code, Some(11750));
    let deep = format!("<Response>{}{}</Response>", "<Say>".repeat(1_000), "</Say>".repeat(1_000));
    assert_eq!(check(&deep, Place::Call)[0].code, Some(12100));
}

#[test]
fn documents_built_by_twilios_own_library_are_allowed() {
    const BUILT: [(&str, Place); 9] = [
        (include_str!("../../../tests/fixtures/twilio/twiml/apology.xml"), Place::Call),
        (include_str!("../../../tests/fixtures/twilio/twiml/ask.xml"), Place::Call),
        (include_str!("../../../tests/fixtures/twilio/twiml/goodbye.xml"), Place::Call),
        (include_str!("../../../tests/fixtures/twilio/twiml/join.xml"), Place::Call),
        (include_str!("../../../tests/fixtures/twilio/twiml/once_more.xml"), Place::Call),
        (include_str!("../../../tests/fixtures/twilio/twiml/take_message.xml"), Place::Call),
        (include_str!("../../../tests/fixtures/twilio/twiml/wait.xml"), Place::Call),
        (
            include_str!("../../../tests/fixtures/twilio/twiml/waiting.xml"),
            Place::ConferenceWait,
        ),
        (include_str!("../../../tests/fixtures/twilio/twiml/whisper.xml"), Place::Call),
    ];
    for (text, place) in BUILT {
        assert_eq!(check(text, place), [], "{text}");
    }
}

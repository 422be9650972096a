//! Codes and bodies are those of Twilio's error dictionary and of captured answers.

use super::*;
use proptest::prelude::*;
use serde_json::json;

fn answer(status: u16, body: impl ToString) -> RestAnswer {
    RestAnswer {
        status,
        retry_after: None,
        body: body.to_string().into_bytes(),
    }
}

fn error(status: u16, code: u32) -> RestAnswer {
    let more_info = format!("https://www.twilio.com/docs/errors/{code}");
    answer(
        status,
        json!({ "code": code, "message": "No.", "more_info": more_info, "status": status }),
    )
}

fn refused(code: Option<u32>, message: &str, permanent: bool) -> CarrierError {
    CarrierError::Refused(Refusal {
        code,
        message: message.to_owned(),
        permanent,
    })
}

#[test]
fn a_created_line_has_a_name() {
    let line = created(&answer(201, json!({ "sid": "CA1", "status": "queued" })));
    assert_eq!(line, Ok(LineId("CA1".to_owned())));
}

#[test]
fn success_that_cannot_be_read_is_no_refusal() {
    for body in ["", "{\"sid\": \"CA", "<html>", "{}", "null"] {
        assert!(matches!(created(&answer(201, body)), Err(CarrierError::Unsure(_))), "{body}");
        assert_eq!(taken(&answer(201, body)), Ok(()), "{body}");
    }
}

#[test]
fn refusals_keep_code_and_words() {
    let table = [
        (401, 20_003, false),
        (400, 21_211, true),
        (400, 21_214, true),
        (400, 21_215, true),
        (400, 21_216, true),
        (400, 21_217, true),
        (400, 21_219, true),
        (400, 21_610, true),
        (400, 13_223, true),
        (400, 10_004, false),
        (404, 20_404, false),
        (400, 21_220, false),
    ];
    for (status, code, permanent) in table {
        assert_eq!(created(&error(status, code)), Err(refused(Some(code), "No.", permanent)), "{code}");
    }
}

#[test]
fn both_shapes_of_an_error_are_read() {
    let own = json!({ "code": 21_608, "message": "The number is unverified.", "status": 400 });
    assert_eq!(
        taken(&answer(400, own)),
        Err(refused(Some(21_608), "The number is unverified.", true))
    );
    let rfc_9457 =
        json!({ "type": "https://www.twilio.com/docs/api/errors/20003", "title": "Unauthorized", "status": 401, "code": 20_003 });
    assert_eq!(taken(&answer(401, rfc_9457)), Err(refused(Some(20_003), "Unauthorized", false)));
    assert_eq!(
        taken(&answer(403, "<html>Forbidden</html>")),
        Err(refused(None, "HTTP status 403", false))
    );
    let moved = "HTTP status 302: a redirection, which is not followed";
    assert_eq!(taken(&answer(302, "")), Err(refused(None, moved, false)));
}

#[test]
fn what_is_gone_is_gone_only_for_lines_that_were_there() {
    for gone in [error(404, 20_404), error(400, 21_220), answer(404, "<html>")] {
        assert_eq!(updated(&gone), Err(CarrierError::Gone));
        assert!(matches!(created(&gone), Err(CarrierError::Refused(_))));
    }
    assert_eq!(updated(&answer(200, json!({ "sid": "CA1" }))), Ok(()));
}

#[test]
fn too_often_is_safe_to_repeat() {
    for (status, code) in [(429, 20_429), (503, 20_429), (429, 0)] {
        let mut answer = error(status, code);
        assert_eq!(throttled(&answer), Some(None));
        let retry_after = Duration::from_secs(1);
        assert_eq!(created(&answer), Err(CarrierError::Throttled { retry_after }));
        answer.retry_after = Some(Duration::from_secs(7));
        let retry_after = Duration::from_secs(7);
        assert_eq!(updated(&answer), Err(CarrierError::Throttled { retry_after }));
    }
    assert_eq!(throttled(&error(400, 21_211)), None);
    assert_eq!(throttled(&answer(201, "{}")), None);
}

#[test]
fn a_fault_on_their_side_may_have_come_after_the_deed() {
    for status in [408, 500, 502, 503, 504] {
        let fault = answer(status, "<html>Service Unavailable</html>");
        assert!(matches!(created(&fault), Err(CarrierError::Unsure(_))), "{status}");
        assert!(matches!(updated(&fault), Err(CarrierError::Unsure(_))), "{status}");
    }
}

#[test]
fn numbers_in_messages_are_masked() {
    let message = "The phone number +15005550001 (21211) is not a valid phone number: 15005550001";
    let expected = "The phone number +15…001 (21211) is not a valid phone number: 15…001";
    assert_eq!(numbers_masked(message), expected);
    assert_eq!(numbers_masked(&"1".repeat(1000)), "11…111");
}

#[test]
fn the_published_examples_are_read() {
    let document: Value = serde_json::from_str(include_str!("../../../../tests/fixtures/twilio/api-subset-strict.json")).unwrap();
    let calls = &document["paths"]["/2010-04-01/Accounts/{AccountSid}/Calls.json"];
    let example = &calls["post"]["responses"]["201"]["examples"]["create"];
    assert_eq!(
        created(&answer(201, example)),
        Ok(LineId("CAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa".to_owned()))
    );
    let example = &calls["get"]["responses"]["200"]["examples"]["readFullPage1"];
    let page = page(&answer(200, example)).unwrap();
    let first = &page.calls[0];
    assert_eq!(first.date_created.to_rfc3339(), "2019-10-18T17:00:00+00:00");
    assert_eq!(first.direction.as_deref(), Some("outbound-api"));
    assert!(first.is_over());
    let example =
        &document["paths"]["/2010-04-01/Accounts/{AccountSid}/Messages.json"]["get"]["responses"]["200"]["examples"]["readFullPage1"];
    let listed = texts(&answer(200, example)).unwrap();
    assert_eq!(listed.messages[0].body.as_deref(), Some("testing"));
    assert_eq!(listed.messages[0].direction.as_deref(), Some("outbound-api"));
    assert_eq!(listed.messages[0].date_created.to_rfc3339(), "2019-05-24T17:44:46+00:00");
}

#[test]
fn a_line_is_over_when_its_status_says_so() {
    let table = [
        (Some("queued"), false),
        (Some("ringing"), false),
        (Some("in-progress"), false),
        (Some("completed"), true),
        (Some("busy"), true),
        (Some("canceled"), true),
        (Some("a status of later days"), false),
        (None, false),
    ];
    for (status, over) in table {
        let body = json!({ "sid": "CA1", "status": status, "date_created": "Fri, 18 Oct 2019 17:00:00 +0000" });
        assert_eq!(line(&answer(200, body)).unwrap().is_over(), over, "{status:?}");
    }
}

proptest! {
    #[test]
    fn any_answer_is_judged(status in 100_u16..600, body in proptest::collection::vec(any::<u8>(), 0..60)) {
        let answer = RestAnswer { status, retry_after: None, body };
        let is_success = (200..300).contains(&status);
        prop_assert_eq!(taken(&answer).is_ok(), is_success);
        prop_assert_eq!(updated(&answer).is_ok(), is_success);
        prop_assert!(created(&answer).is_err());
        prop_assert!(page(&answer).is_err());
    }
}

//! Bodies as their makers document them, and as nobody should send them.

use super::*;
use proptest::prelude::*;
use serde_json::json;

fn one(body: &serde_json::Value) -> Report {
    match read(body.to_string().as_bytes()).unwrap() {
        Said::One(report) => report,
        Said::Many(reports) => panic!("{reports:?}"),
    }
}

#[test]
fn our_own_shape() {
    let report = one(&json!({ "key": "freezer-2", "title": "Freezer 2 is warm", "details": "-61 °C", "resolved": true }));
    assert_eq!((report.key.as_str(), report.title.as_str()), ("freezer-2", "Freezer 2 is warm"));
    assert_eq!((report.details.as_str(), report.resolved), ("-61 °C", true));
    // By `printf 'Freezer 2 is warm' | sha256sum | cut -c1-32`.
    let bare = one(&json!({ "title": "Freezer 2 is warm" }));
    assert_eq!((bare.key.as_str(), bare.resolved), ("d42f940bd45b82efaa5148d59567282b", false));
}

/// The example of Prometheus' documentation, shortened.
#[test]
fn alertmanager() {
    let body = json!({
        "version": "4", "groupKey": "{}:{alertname=\"InstanceDown\"}", "truncatedAlerts": 0, "status": "firing",
        "receiver": "hotline", "groupLabels": {}, "commonLabels": {}, "commonAnnotations": {}, "externalURL": "http://am:9093",
        "alerts": [
            { "status": "firing", "labels": { "alertname": "InstanceDown", "instance": "db1" },
              "annotations": { "summary": "db1 is down", "description": "No answer for 5 minutes" },
              "startsAt": "2026-03-07T03:00:00Z", "endsAt": "0001-01-01T00:00:00Z", "generatorURL": "", "fingerprint": "c0ffee" },
            { "status": "resolved", "labels": { "alertname": "DiskFull", "instance": "db2" }, "annotations": {} }
        ]
    });
    let Said::Many(reports) = read(body.to_string().as_bytes()).unwrap() else {
        panic!()
    };
    let expected = Report {
        key: "c0ffee".into(),
        title: "db1 is down".into(),
        details: "No answer for 5 minutes".into(),
        resolved: false,
    };
    assert_eq!(reports[0], expected);
    assert_eq!((reports[1].title.as_str(), reports[1].resolved), ("DiskFull", true));
    assert_eq!(reports[1].details, "alertname=DiskFull, instance=db2");
    assert_eq!(reports[1].key.len(), 32, "its labels stand for a fingerprint");
}

#[test]
fn grafana_gives_a_title_to_all() {
    let body = json!({ "title": "[FIRING:1] Freezer", "state": "alerting", "message": "…", "orgId": 1,
        "alerts": [{ "status": "firing", "labels": {}, "annotations": {}, "values": { "B": 22 }, "fingerprint": "f1" }] });
    let Said::Many(reports) = read(body.to_string().as_bytes()).unwrap() else {
        panic!()
    };
    assert_eq!((reports[0].key.as_str(), reports[0].title.as_str()), ("f1", "[FIRING:1] Freezer"));
}

#[test]
fn what_is_wrong_is_said() {
    for (body, seen) in [
        ("", "This is no JSON: EOF"),
        ("title=Fire", "This is no JSON: expected ident"),
        ("[]", "This is no JSON object"),
        ("{}", "missing field `title`"),
        ("{\"title\": 7}", "invalid type: integer `7`, expected a string"),
        ("{\"title\": \" \\u0000\\n \"}", "The title is empty"),
        ("{\"title\": \"Fire\", \"resolve\": true}", "unknown field `resolve`"),
        ("{\"alerts\": {}}", "This is no webhook of Alertmanager or Grafana"),
        ("{\"alerts\": [{\"status\": \"odd\"}]}", "unknown variant `odd`"),
    ] {
        let words = read(body.as_bytes()).unwrap_err();
        assert!(words.contains(seen), "{body}: {words}");
    }
    let many = json!({ "alerts": vec![json!({ "status": "firing" }); 201] });
    assert!(read(many.to_string().as_bytes()).unwrap_err().contains("201 alerts"));
    let deep = "[".repeat(200_000);
    assert!(read(deep.as_bytes()).is_err());
}

#[test]
fn texts_are_one_line_and_short() {
    let hostile = "Fire\r\n</Say><Hangup/>\u{202e}olleh\u{0}\u{1b}[2J\u{2028}https://evil.example/x";
    let report = one(&json!({ "title": hostile }));
    assert_eq!(report.title, "Fire </Say><Hangup/> olleh [2J https://evil.example/x");
    let long = one(&json!({ "title": "😀".repeat(1_600), "details": "x".repeat(10_000) }));
    assert_eq!((long.title.chars().count(), long.details.chars().count()), (300, 300));
    assert!(long.title.ends_with("😀…"));
}

proptest! {
    #[test]
    fn whatever_is_sent_there_is_an_answer(body in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = read(&body);
    }

    #[test]
    fn whatever_is_said_is_one_short_line(title in "\\PC{0,20}|[\\s\\S]{0,600}") {
        let said = line(&title);
        prop_assert!(said.chars().count() <= 300 && !said.chars().any(char::is_control), "{said:?}");
        prop_assert_eq!(line(&said), said.clone());
    }
}

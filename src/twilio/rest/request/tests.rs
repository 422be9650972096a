//! Every request that can be made is held against Twilio's own API document, in which unknown and missing parameters
//! are made faults (`tests/fixtures/twilio/api-subset-strict.json`).

use super::*;
use jsonschema::Validator;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use uuid::Uuid;

/// The document of the API, and whether a request keeps to it.
struct Api(Value);

impl Api {
    fn published() -> Self {
        Self(serde_json::from_str(include_str!("../../../../tests/fixtures/twilio/api-subset-strict.json")).unwrap())
    }

    fn validator(&self, schema: &Value) -> Validator {
        let root = json!({ "components": self.0["components"], "allOf": [schema] });
        jsonschema::options()
            .with_draft(jsonschema::Draft::Draft4)
            .should_validate_formats(true)
            .build(&root)
            .unwrap()
    }

    /// The operation that a path leads to, with the values of the path's own parameters.
    fn operation(&self, request: &RestRequest) -> Result<(&Value, BTreeMap<String, String>), String> {
        let segments: Vec<&str> = request.path.split('/').collect();
        for (template, operations) in self.0["paths"].as_object().unwrap() {
            let operation = &operations[request.method.as_str().to_lowercase()];
            let wanted: Vec<&str> = template.split('/').collect();
            if wanted.len() != segments.len() || operation.is_null() {
                continue;
            }
            let pairs = wanted.iter().zip(&segments).map(|(wanted, found)| path_parameter(wanted, found));
            if let Some(parameters) = pairs.collect::<Option<Vec<_>>>() {
                return Ok((operation, parameters.into_iter().flatten().collect()));
            }
        }
        Err(format!("no such operation: {request:?}"))
    }

    fn check(&self, request: &RestRequest) -> Result<(), String> {
        let (operation, in_path) = self.operation(request)?;
        let (in_query, in_body) = if request.method == Method::POST {
            (&[][..], Some(&request.fields))
        } else {
            (request.fields.as_slice(), None)
        };
        let known: Vec<&Value> = operation["parameters"].as_array().unwrap().iter().collect();
        for (name, value) in in_query.iter().map(|(name, value)| (name, value)).chain(&in_path) {
            let parameter = known
                .iter()
                .find(|known| known["name"] == **name)
                .ok_or(format!("unknown parameter {name}"))?;
            self.value(&parameter["schema"], name, std::slice::from_ref(value))?;
        }
        for missing in known.iter().filter(|known| known["required"] == true) {
            let name = missing["name"].as_str().unwrap();
            if !in_path.contains_key(name) && !in_query.iter().any(|(given, _)| given == name) {
                return Err(format!("missing parameter {name}"));
            }
        }
        match in_body {
            None => Ok(()),
            Some(fields) => self.body(
                &operation["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"],
                fields,
            ),
        }
    }

    fn value(&self, schema: &Value, name: &str, values: &[String]) -> Result<(), String> {
        // A list filter takes days, whatever the format's name says: the document's own examples do.
        let day_filter = name.starts_with("StartTime");
        let schema = if day_filter {
            json!({ "type": "string", "pattern": "^\\d{4}-\\d\\d-\\d\\d$" })
        } else {
            schema.clone()
        };
        let value = typed(&schema, values);
        self.validator(&schema).validate(&value).map_err(|fault| format!("{name}: {fault}"))
    }

    fn body(&self, schema: &Value, fields: &[(String, String)]) -> Result<(), String> {
        let mut given: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for (name, value) in fields {
            given.entry(name).or_default().push(value.clone());
        }
        let object: serde_json::Map<String, Value> = given
            .iter()
            .map(|(name, values)| ((*name).to_owned(), typed(&schema["properties"][*name], values)))
            .collect();
        self.validator(schema)
            .validate(&Value::Object(object))
            .map_err(|fault| fault.to_string())
    }
}

/// `{Sid}.json` against `CA….json`: a parameter, an equal text (nothing), or no match.
fn path_parameter(wanted: &str, found: &str) -> Option<Option<(String, String)>> {
    let Some(name) = wanted.strip_prefix('{') else {
        return (wanted == found).then_some(None);
    };
    let (name, rest) = name.split_once('}').unwrap();
    let value = found.strip_suffix(rest)?;
    Some(Some((name.to_owned(), value.to_owned())))
}

/// A form has only texts; the schema says what they stand for.
fn typed(schema: &Value, values: &[String]) -> Value {
    match (schema["type"].as_str(), values) {
        (Some("array"), values) => json!(values),
        (Some("integer"), [value]) => value.parse::<i64>().map_or_else(|_| json!(value), |number| json!(number)),
        (Some("boolean"), [value]) => value.parse::<bool>().map_or_else(|_| json!(value), |truth| json!(truth)),
        (_, [value]) => json!(value),
        (_, values) => json!(values),
    }
}

const OURS: &str = "AC0123456789abcdef0123456789abcdef";

fn account() -> Account {
    Account(OURS.to_owned())
}

fn base() -> BaseUrl {
    BaseUrl::parse("https://hotline.example.org").unwrap()
}

fn line() -> LineId {
    LineId("CAfedcba9876543210fedcba9876543210".to_owned())
}

fn order(ring_seconds: u32, detection: Option<Detection>) -> DialOrder {
    DialOrder {
        call: CallId(Uuid::from_u128(7)),
        leg: LegId(3),
        from: Phone::from_e164("+61491570006").unwrap(),
        to: Phone::from_e164("+61491570156").unwrap(),
        ring_seconds,
        detection,
    }
}

fn every_request(ring_seconds: u32, detection: Option<Detection>, body: &str) -> Vec<RestRequest> {
    let (account, order) = (account(), order(ring_seconds, detection));
    let recording = RecordOrder {
        call: order.call,
        number: 1,
        line: line(),
    };
    let known = RecordingId("REfedcba9876543210fedcba9876543210".to_owned());
    let mut requests = vec![
        account.dial(&order, &base()),
        account.cancel(&line()),
        account.hang_up(&line()),
        account.redirect(&line(), order.call, order.leg, &base()),
        account.fetch(&line()),
        account.text(&order.from, &order.to, body),
        account.texts(&order.from, &order.to),
        account.record(&recording, &base()),
        account.stop_recording(&line(), Some(&known)),
        account.stop_recording(&line(), None),
        account.recordings(&line()),
        account.delete_recording(&known),
    ];
    requests.extend(account.find(&order, "2026-11-21T02:45:00Z".parse().unwrap()));
    requests
}

#[test]
fn a_dial_carries_call_and_leg_in_every_address() {
    let place = "https://hotline.example.org/twilio/call/00000000-0000-0000-0000-000000000007/3";
    let [script, status, machine] = ["script", "status", "machine"].map(|last| format!("{place}/{last}#rc=2&rp=ct,rt,5xx"));
    let plain = [
        ("To", "+61491570156"),
        ("From", "+61491570006"),
        ("Url", &script),
        ("Method", "POST"),
        ("StatusCallback", &status),
        ("StatusCallbackMethod", "POST"),
        ("Timeout", "20"),
        ("StatusCallbackEvent", "initiated"),
        ("StatusCallbackEvent", "ringing"),
        ("StatusCallbackEvent", "answered"),
        ("StatusCallbackEvent", "completed"),
    ];
    let meanwhile = [
        ("MachineDetection", "Enable"),
        ("AsyncAmd", "true"),
        ("AsyncAmdStatusCallback", &machine),
        ("AsyncAmdStatusCallbackMethod", "POST"),
    ];
    let table = [
        (None, &meanwhile[..0]),
        (Some(Detection::BeforeScript), &meanwhile[..1]),
        (Some(Detection::Meanwhile), &meanwhile[..]),
    ];
    for (detection, more) in table {
        let request = account().dial(&order(20, detection), &base());
        let expected: Vec<(String, String)> = plain.iter().chain(more).map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
        assert_eq!(request.fields, expected);
        assert_eq!(request.path, "/2010-04-01/Accounts/AC0123456789abcdef0123456789abcdef/Calls.json");
    }
}

fn value_of<'r>(request: &'r RestRequest, wanted: &str) -> Option<&'r str> {
    let mut fields = request.fields.iter();
    fields.find(|(name, _)| name == wanted).map(|(_, value)| value.as_str())
}

#[test]
fn an_extension_is_sent_after_the_answer() {
    let mut order = order(20, Some(Detection::Meanwhile));
    order.to = Phone::from_e164("+442079460000").unwrap().with_extension("12#").unwrap();
    let request = account().dial(&order, &base());
    let value = |wanted| value_of(&request, wanted);
    // Two pauses of a second, then the keys; the carrier would ignore machine detection beside them.
    assert_eq!((value("To"), value("SendDigits")), (Some("+442079460000"), Some("WW12#")));
    assert_eq!(value("MachineDetection"), None);
    assert_eq!(Api::published().check(&request), Ok(()));
}

#[test]
fn softphones_and_sip_addresses_are_dialled_as_they_are() {
    for (to, detects) in [("client:alice", false), ("sip:alice@pbx.example.org;transport=tls", true)] {
        let mut order = order(20, Some(Detection::BeforeScript));
        order.to = Phone::parse(to).unwrap();
        let request = account().dial(&order, &base());
        let value = |wanted| value_of(&request, wanted);
        assert_eq!((value("To"), value("From")), (Some(to), Some("+61491570006")));
        assert_eq!(value("MachineDetection"), detects.then_some("Enable"), "{to}");
        assert_eq!(Api::published().check(&request), Ok(()));
    }
}

#[test]
fn sip_calls_are_found_however_the_lists_write_them() {
    let mut order = order(20, None);
    order.to = Phone::parse("sip:Alice@pbx.example.org;transport=tls").unwrap();
    let requests = account().find(&order, "2026-03-01T00:00:30Z".parse().unwrap());
    assert!(requests.iter().all(|request| request.fields.iter().all(|(name, _)| name != "To")));
    for (listed, is_it) in [
        ("sip:Alice@pbx.example.org;transport=tls", true),
        ("sip:alice@PBX.example.org", true),
        ("sip:alice@pbx.example.org.evil.org", false),
        ("sip:bob@pbx.example.org", false),
        ("", false),
    ] {
        assert_eq!(super::went_to(listed, &order.to), is_it, "{listed}");
    }
    let number = Phone::parse("+61491570156").unwrap();
    assert!(super::went_to("+61491570156", &number) && !super::went_to("+61491570157", &number));
}

#[test]
fn an_order_is_looked_up_among_started_and_queued_calls() {
    // A few minutes after midnight in UTC: the API filters by day.
    let requests = account().find(&order(20, None), "2026-03-01T00:00:30Z".parse().unwrap());
    let filters: Vec<_> = requests.iter().map(|request| request.fields[2].clone()).collect();
    let expected = [("StartTime>", "2026-02-28"), ("Status", "queued")];
    assert_eq!(filters, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
}

#[test]
fn debug_shows_no_number_and_no_words() {
    for request in every_request(20, None, "Call +61491570157") {
        let shown = format!("{request:?}");
        assert!(!shown.contains("6149157") && !shown.contains('?'), "{shown}");
    }
}

#[test]
fn the_check_itself_finds_faults() {
    let api = Api::published();
    let good = account().dial(&order(20, None), &base());
    assert_eq!(api.check(&good), Ok(()));
    let with = |name: &str, value: &str| {
        let mut request = good.clone();
        request.fields.push((name.to_owned(), value.to_owned()));
        request
    };
    let without = |name: &str| {
        let mut request = good.clone();
        request.fields.retain(|(given, _)| given != name);
        request
    };
    let mut listed = account().find(&order(20, None), DateTime::UNIX_EPOCH)[1].clone();
    listed.fields[2].1 = "sleeping".to_owned();
    let mut misspelt = listed.clone();
    misspelt.fields[2] = ("State".to_owned(), "queued".to_owned());
    let mut hung = account().hang_up(&line());
    hung.fields[0].1 = "hungup".to_owned();
    let faulty = [
        with("StatusCallbackEvents", "ringing"),
        with("Url", "https://hotline.example.org/twice"),
        with("MachineDetectionTimeout", "soon"),
        with("FallbackUrl", "not an address"),
        without("To"),
        without("Url"),
        listed,
        misspelt,
        hung,
        account().cancel(&LineId("CA1".to_owned())),
        Account("SK0123456789abcdef0123456789abcdef".to_owned()).fetch(&line()),
    ];
    for (row, request) in faulty.iter().enumerate() {
        assert!(api.check(request).is_err(), "row {row}: {request:?} {:?}", request.fields);
    }
}

#[test]
fn a_line_cannot_lead_to_another_place() {
    let request = account().hang_up(&LineId("../Messages/SM1?x=#".to_owned()));
    assert_eq!(
        request.path,
        "/2010-04-01/Accounts/AC0123456789abcdef0123456789abcdef/Calls/..%2FMessages%2FSM1%3Fx%3D%23.json"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn every_request_keeps_to_the_published_api(ring_seconds in any::<u32>(), kind in 0..3, body in "\\PC{0,30}") {
        let detection = [None, Some(Detection::BeforeScript), Some(Detection::Meanwhile)][usize::try_from(kind).unwrap()];
        let api = Api::published();
        for request in every_request(ring_seconds, detection, &body) {
            prop_assert_eq!(api.check(&request), Ok(()), "{:?} {:?}", request, request.fields);
        }
    }
}

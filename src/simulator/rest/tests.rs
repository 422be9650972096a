//! The tables of parameters and the fields of resources against Twilio's published API document.

use super::super::{Habit, Mischief, PhoneNetwork};
use super::{calls, messages};
use chrono::DateTime;
use serde_json::Value;
use std::collections::BTreeSet;

const ACCOUNT: &str = "AC0123456789abcdef0123456789abcdef";

fn published() -> Value {
    serde_json::from_str(include_str!("../../../tests/fixtures/twilio/api-subset-strict.json")).unwrap()
}

fn operation(document: &Value, path: &str, method: &str) -> Value {
    document["paths"][format!("/2010-04-01/Accounts/{{AccountSid}}/{path}")][method].clone()
}

fn set<'a>(names: impl IntoIterator<Item = &'a str>) -> BTreeSet<String> {
    names.into_iter().map(str::to_owned).collect()
}

fn keys(object: &Value) -> BTreeSet<String> {
    object.as_object().unwrap().keys().cloned().collect()
}

#[test]
fn the_parameters_are_those_that_are_published() {
    let document = published();
    for (path, known) in [
        ("Calls.json", &calls::CREATE),
        ("Calls/{Sid}.json", &calls::UPDATE),
        ("Messages.json", &messages::CREATE),
    ] {
        let body = &operation(&document, path, "post")["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"];
        assert_eq!(set(known.names()), keys(&body["properties"]), "{path}");
    }
    for (path, known) in [("Calls.json", &calls::LIST), ("Messages.json", &messages::LIST)] {
        let list = operation(&document, path, "get");
        let in_query = list["parameters"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|parameter| parameter["in"] == "query");
        let published = set(in_query.map(|parameter| parameter["name"].as_str().unwrap()));
        assert_eq!(set(known.names()), published, "{path}");
    }
}

#[test]
fn the_fields_of_a_call_are_those_that_are_published() {
    let document = published();
    let created = &operation(&document, "Calls.json", "post")["responses"]["201"]["examples"]["create"];
    let listed = &operation(&document, "Calls.json", "get")["responses"]["200"]["examples"]["readFullPage1"];
    let mut network = PhoneNetwork::new(1, ACCOUNT, Mischief::none());
    network.add_person("+61491570156", Habit::Ignores);
    let form = [
        ("To", "+61491570156"),
        ("From", "+61255500001"),
        ("Url", "http://rota.test/answered"),
    ];
    let form = form.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let path = format!("/2010-04-01/Accounts/{ACCOUNT}/Calls.json");
    let ours = network.rest(DateTime::UNIX_EPOCH, "POST", &path, &form).unwrap();
    assert_eq!(keys(&ours.body), keys(created));
    let ours = network.rest(DateTime::UNIX_EPOCH, "GET", &path, &[]).unwrap();
    assert_eq!(keys(&ours.body), keys(listed));
}

//! The mapping alone; what goes over the wire is in providers/tests.

use super::columns::{Column, Kind, questions, useful};
use super::table::{Items, List, merge};
use super::values::{self, Unreadable};
use super::*;
use crate::Cell;
use chrono::NaiveDateTime;
use serde_json::{Map, Value, json};

fn objects(values: Value) -> Vec<Map<String, Value>> {
    let values = values.as_array().unwrap();
    values.iter().map(|value| value.as_object().unwrap().clone()).collect()
}

fn wall(text: &str) -> Cell {
    Cell::DateTime(NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap())
}

fn text(words: &str) -> Cell {
    Cell::Text(words.into())
}

fn melbourne() -> Dates {
    Dates::judge(&[], Some(&SiteZone::parse("Australia/Melbourne").unwrap())).0
}

/// As `GET /sites/{id}/lists/{id}/columns` answers: the facets of columnDefinition, and none for a link.
fn definitions() -> Vec<Map<String, Value>> {
    objects(json!([
        { "name": "ContentType", "displayName": "Content Type", "hidden": false, "readOnly": false, "text": {} },
        { "name": "Date", "displayName": "Date", "hidden": false, "readOnly": false, "dateTime": { "displayAs": "default", "format": "dateOnly" } },
        { "name": "From", "displayName": "From", "dateTime": { "format": "dateTime" } },
        { "name": "_x0031_st", "displayName": "1st", "personOrGroup": { "allowMultipleSelection": false } },
        { "name": "_x0032_nd", "displayName": " 2nd ", "lookup": { "listId": "b", "columnName": "Title" } },
        { "name": "_x0032_nd_x003a_Phone", "displayName": "2nd: Phone", "readOnly": true, "lookup": { "primaryLookupColumnId": "c" } },
        { "name": "Team", "displayName": "Team", "choice": { "choices": ["A", "B"] } },
        { "name": "Hours", "displayName": "Hours", "number": {} },
        { "name": "Cost", "displayName": "Cost", "currency": { "locale": "en-us" } },
        { "name": "Away", "displayName": "Away", "boolean": {} },
        { "name": "Notes", "displayName": "Notes", "text": { "allowMultipleLines": true, "textType": "richText" } },
        { "name": "Plain", "displayName": "Plain", "text": { "allowMultipleLines": true, "textType": "plain" } },
        { "name": "Page", "displayName": "Page" },
        { "name": "Sum", "displayName": "Sum", "readOnly": true, "calculated": { "formula": "=1", "outputType": "number" } },
        { "name": "Next", "displayName": "Next", "readOnly": true, "calculated": { "format": "dateOnly", "outputType": "dateTime" } },
        { "name": "Title", "displayName": "Name", "text": {} },
        { "name": "Modified", "displayName": "Modified", "readOnly": true, "dateTime": { "format": "dateTime" } },
        { "name": "Author", "displayName": "Created By", "readOnly": true, "personOrGroup": {} },
        { "name": "Secret", "displayName": "Secret", "hidden": true, "text": {} },
        { "name": "_ComplianceFlags", "displayName": "Label setting", "columnGroup": "_Hidden", "text": {} },
        { "name": "Attachments", "displayName": "Attachments", "boolean": {} },
        { "displayName": "no name inside", "text": {} },
    ]))
}

#[test]
fn the_columns_that_people_fill_in_are_read_the_title_first() {
    let found = useful(&definitions());
    let seen: Vec<(&str, &str, Kind)> = found.iter().map(|c| (c.name.as_str(), c.heading.as_str(), c.kind)).collect();
    assert_eq!(
        seen,
        [
            ("Title", "Name", Kind::Text),
            ("Date", "Date", Kind::Day),
            ("From", "From", Kind::Time),
            ("_x0031_st", "1st", Kind::Reference),
            ("_x0032_nd", "2nd", Kind::Reference),
            ("_x0032_nd_x003a_Phone", "2nd: Phone", Kind::Reference),
            ("Team", "Team", Kind::Text),
            ("Hours", "Hours", Kind::Number),
            ("Cost", "Cost", Kind::Number),
            ("Away", "Away", Kind::Boolean),
            ("Notes", "Notes", Kind::RichText),
            ("Plain", "Plain", Kind::Text),
            ("Page", "Page", Kind::Text),
            ("Sum", "Sum", Kind::Number),
            ("Next", "Next", Kind::Day),
        ]
    );
}

fn column(name: &str, kind: Kind) -> Column {
    Column {
        name: name.into(),
        heading: name.to_lowercase(),
        kind,
    }
}

#[test]
fn thirteen_references_take_two_questions() {
    let mut columns = vec![column("Title", Kind::Text)];
    columns.extend((1..=13).map(|nth| column(&format!("P{nth}"), Kind::Reference)));
    columns.push(column("Last", Kind::Text));
    assert_eq!(
        questions(&columns),
        [
            "fields($select=Title,P1,P2,P3,P4,P5,P6,P7,P8,P9,P10,P11,P12)",
            "fields($select=P13,Last)"
        ]
    );
    let long: Vec<Column> = (0..40).map(|nth| column(&format!("{nth:0100}"), Kind::Text)).collect();
    assert!(questions(&long).iter().all(|question| question.len() < 1_600));
    assert_eq!(questions(&long).len(), 3);
}

#[test]
fn each_kind_of_value_is_the_cell_that_a_person_sees() {
    let cases = [
        (Kind::Day, json!("2026-03-01T13:00:00Z"), wall("2026-03-02 00:00")),
        (Kind::Day, json!("soon"), text("soon")),
        (Kind::Time, json!("2026-03-02T07:00:00Z"), wall("2026-03-02 18:00")),
        (
            Kind::Time,
            json!("2026-03-02T07:00:00.5Z"),
            Cell::DateTime("2026-03-02T18:00:00.5".parse().unwrap()),
        ),
        (Kind::Text, json!("Ana"), text("Ana")),
        (Kind::Text, json!(["A", "B"]), text("A / B")),
        (
            Kind::Text,
            json!({ "Description": "Rules", "Url": "https://a.example/" }),
            text("Rules"),
        ),
        (
            Kind::Text,
            json!({ "Description": "", "Url": "tel:+61491570006" }),
            text("+61491570006"),
        ),
        (
            Kind::Text,
            json!({ "Description": null, "Url": "https://a.example/" }),
            text("https://a.example/"),
        ),
        (Kind::Text, json!({ "Label": "Ops", "TermGuid": "a", "WssId": 1 }), text("Ops")),
        (Kind::Reference, json!("Ana Diaz"), text("Ana Diaz")),
        (
            Kind::Reference,
            json!([{ "LookupId": 6, "LookupValue": "Ana Diaz", "Email": "a@c.example" }, { "LookupId": 7, "LookupValue": "Ben Osei" }]),
            text("Ana Diaz / Ben Osei"),
        ),
        (
            Kind::Reference,
            json!({ "LookupId": 6, "LookupValue": "Ana Diaz" }),
            text("Ana Diaz"),
        ),
        (Kind::Reference, json!([]), text("")),
        (Kind::Number, json!(61_491_570_006_i64), Cell::Number(61_491_570_006.0)),
        (Kind::Number, json!("42.0000000000000"), Cell::Number(42.0)),
        (Kind::Number, json!("n/a"), text("n/a")),
        (Kind::Boolean, json!(true), Cell::Bool(true)),
        (Kind::Boolean, json!("0"), Cell::Bool(false)),
        (
            Kind::RichText,
            json!("<div class=\"ExternalClassA\"><p>Ana &amp; Ben</p><p>0491&#160;570 006<br></p>\u{200b}</div>"),
            text("Ana & Ben\n0491 570 006"),
        ),
        (Kind::RichText, json!("a < b"), text("a < b")),
        (Kind::Text, json!(null), Cell::Empty),
    ];
    for (kind, value, expected) in cases {
        let fields = objects(json!([{ "F": value }])).remove(0);
        assert_eq!(
            values::cell(&fields, &column("F", kind), &melbourne()),
            Ok(expected),
            "{kind:?} {value}"
        );
    }
}

#[test]
fn what_is_there_and_cannot_be_read_is_told() {
    let read = |fields: Value, kind| {
        let dates = Dates::judge(&[], None).0;
        values::cell(fields.as_object().unwrap(), &column("F", kind), &dates)
    };
    assert_eq!(read(json!({ "FLookupId": "13" }), Kind::Reference), Err(Unreadable::NoName));
    assert_eq!(read(json!({}), Kind::Reference), Ok(Cell::Empty));
    assert_eq!(read(json!({ "F": { "a": 1 } }), Kind::Text), Err(Unreadable::Strange));
    assert_eq!(read(json!({ "F": "2026-03-02T07:00:00Z" }), Kind::Time), Err(Unreadable::NoZone));
    assert_eq!(
        read(json!({ "F": "2026-03-01T13:00:00Z" }), Kind::Day),
        Ok(wall("2026-03-02 00:00"))
    );
    assert_eq!(read(json!({ "OData_F": "x" }), Kind::Text), Ok(text("x")));
}

fn items(values: Value) -> Items {
    let mut items = Items::new();
    merge(&mut items, objects(values), true).unwrap();
    items
}

fn list(columns: Vec<Column>, found: Value) -> List {
    List {
        name: "Rota".into(),
        link: Some("https://contoso.sharepoint.com/sites/ops/Lists/Rota/AllItems.aspx".into()),
        columns,
        items: items(found),
    }
}

fn tab(list: List) -> (crate::Tab, Vec<String>) {
    let mut remarks = Vec::new();
    let tab = list.tab(&melbourne(), &mut Budget::default(), &mut remarks).unwrap();
    (tab, remarks)
}

#[test]
fn items_are_rows_by_number_and_a_finding_names_item_and_column() {
    let columns = vec![
        column("Title", Kind::Text),
        column("First", Kind::Text),
        column("2nd", Kind::Reference),
    ];
    let (tab, remarks) = tab(list(
        columns,
        json!([
            { "id": "14", "fields": { "First": "Ana", "2ndLookupId": "6" } },
            { "id": "9", "fields": { "First": "Ben", "2nd": "Cleo" } },
            { "id": "20", "fields": {} },
        ]),
    ));
    assert_eq!(tab.lines, [0, 9, 14, 20]);
    assert_eq!(tab.rows.len(), 4);
    assert_eq!(tab.rows[0], [text("first"), text("2nd")], "the unused title is left out");
    assert_eq!((tab.cell(1, 1), tab.cell(2, 0)), (&text("Cleo"), &text("Ana")));
    let address = tab.address(2, 1);
    assert_eq!(address.to_string(), "Rota item 14, \"2nd\"");
    assert_eq!(
        address.link().as_deref(),
        Some("https://contoso.sharepoint.com/sites/ops/Lists/Rota/DispForm.aspx?ID=14")
    );
    assert_eq!(
        remarks,
        ["Rota: read as empty, because SharePoint does not give the name of whom it points to: item 14, \"2nd\""]
    );
}

#[test]
fn a_title_that_is_used_stays_and_so_do_headings_without_items() {
    let columns = || vec![column("Title", Kind::Text), column("Phone", Kind::Text)];
    let (used, _) = tab(list(columns(), json!([{ "id": "1", "fields": { "Title": "Ana" } }])));
    assert_eq!(used.rows, [vec![text("title"), text("phone")], vec![text("Ana")]]);
    let (empty, _) = tab(list(columns(), json!([])));
    assert_eq!((empty.rows, empty.lines), (vec![vec![text("title"), text("phone")]], vec![0]));
}

#[test]
fn answers_to_two_questions_are_one_item_or_none() {
    let mut items = items(json!([{ "id": "1", "fields": { "A": 1 } }, { "id": "2", "fields": {} }]));
    let second = objects(json!([{ "id": "2", "fields": { "B": 2 } }, { "id": "1", "fields": { "B": 3 } }]));
    merge(&mut items, second, false).unwrap();
    assert_eq!(Value::Object(items[&1].clone()), json!({ "A": 1, "B": 3 }));
    let fewer = objects(json!([{ "id": "1", "fields": {} }]));
    assert!(matches!(merge(&mut items, fewer, false), Err(SourceError::Transient(_))));
    for none in [
        json!([{ "fields": {} }]),
        json!([{ "id": "x", "fields": {} }]),
        json!([{ "id": "0", "fields": {} }]),
        json!([{ "id": "3" }]),
    ] {
        let fault = merge(&mut Items::new(), objects(none.clone()), true);
        assert!(matches!(fault, Err(SourceError::Malformed(_))), "{none}");
    }
}

#[test]
fn a_time_without_a_zone_stops_the_reading_in_words() {
    let list = list(
        vec![column("From", Kind::Time)],
        json!([{ "id": "1", "fields": { "From": "2026-03-02T07:00:00Z" } }]),
    );
    let dates = Dates::judge(&[], None).0;
    let fault = list.tab(&dates, &mut Budget::default(), &mut Vec::new()).unwrap_err().to_string();
    assert!(
        fault.contains("the column \"from\" of the list \"Rota\" holds times of day"),
        "{fault}"
    );
}

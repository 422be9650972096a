//! A conversation with the fake, held against the public description and against the examples in tests/fixtures/http/graph. With
//! `RECORD=1` in the environment the examples are written anew.

use super::shapes::Shapes;
use super::{Client, all_kinds, ask_for_token, good_fields, part};
use crate::graph::Graph;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use std::path::Path;

fn noon() -> DateTime<Utc> {
    "2026-03-04T12:00:00Z".parse().unwrap()
}

#[tokio::test]
async fn answers_conform_and_are_as_recorded() {
    let graph = Graph::start().await;
    graph.follow(noon);
    let (site, list) = all_kinds(&graph);
    graph.put_file(&site, "Rotas/Rota.xlsx", *b"not really a workbook");
    let id = graph.site_id(&site);
    let fields = "expand=fields($select=Title,Start_x0020_time,Day,_x0031_st,Others,Team,State,Tags,Hours,Paid,Plan,Notes)";
    let client = Client::of(&graph).await;
    let shapes = Shapes::load();
    let delta = client.get(&part(&list, "items/delta")).await.json()["@odata.deltaLink"]
        .as_str()
        .unwrap()
        .to_owned();
    graph.remove_item(&list, 2);
    let mut told = Vec::new();
    for (name, kind, path) in [
        ("site", "site", "sites/contoso.sharepoint.com:/sites/ops".to_owned()),
        ("lists", "page(list)", format!("sites/{id}/lists")),
        ("columns", "page(columnDefinition)", part(&list, "columns")),
        ("items", "page(listItem)", part(&list, "items?$expand=fields")),
        ("items-selected", "page(listItem)", part(&list, &format!("items?${fields}"))),
        ("delta", "page(listItem)", delta),
        ("drive", "drive", format!("sites/{id}/drive")),
        ("file", "driveItem", format!("sites/{id}/drive/root:/Rotas/Rota.xlsx")),
        ("folder", "driveItem", format!("sites/{id}/drive/root:/Rotas")),
        ("subscriptions", "page(subscription)", "subscriptions".to_owned()),
        ("not-found", "errorResponse", "sites/contoso.sharepoint.com:/sites/none".to_owned()),
        ("bad-select", "errorResponse", part(&list, "items?$expand=fields($select=None)")),
    ] {
        let seen = client.get(&path).await;
        assert_eq!(shapes.offences(kind, &seen.json(), name), Vec::<String>::new());
        told.push((name, seen));
    }
    told.push(("token", ask_for_token(&graph, graph.tenant(), &good_fields(&graph)).await));
    told.push((
        "token-unknown-tenant",
        ask_for_token(&graph, "fabrikam.com", &good_fields(&graph)).await,
    ));
    graph.expire_secret();
    told.push((
        "token-expired-secret",
        ask_for_token(&graph, graph.tenant(), &good_fields(&graph)).await,
    ));
    graph.expire_tokens();
    told.push(("unauthenticated", client.get("subscriptions").await));
    for (name, seen) in told {
        compare(name, &json!({ "status": seen.status, "body": settled(seen.json(), &graph) }));
    }
}

/// With what differs from run to run replaced: ports, names of requests, passes.
fn settled(value: Value, graph: &Graph) -> Value {
    let text = value.to_string().replace(&graph.url(), "https://graph.microsoft.com");
    let mut value = serde_json::from_str(&text).unwrap();
    settle(&mut value);
    value
}

fn settle(value: &mut Value) {
    if let Some(entries) = value.as_array_mut() {
        entries.iter_mut().for_each(settle);
    }
    for (name, field) in value.as_object_mut().into_iter().flatten() {
        match name.as_str() {
            "request-id" | "client-request-id" | "trace_id" | "correlation_id" => *field = "00000000-0000-4000-a000-000000000000".into(),
            "access_token" => *field = "eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9.synthetic".into(),
            "@microsoft.graph.downloadUrl" => {
                *field = "https://contoso.sharepoint.com/sites/ops/_layouts/15/download.aspx?synthetic".into()
            }
            "error_description" => {
                let words = field.as_str().unwrap().split(" Trace ID:").next().unwrap().to_owned();
                *field = words.into();
            }
            _ => settle(field),
        }
    }
}

fn compare(name: &str, seen: &Value) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../fixtures/http/graph/{name}.json"));
    if std::env::var_os("RECORD").is_some() {
        std::fs::write(&path, serde_json::to_string_pretty(seen).unwrap() + "\n").unwrap();
    }
    let text = std::fs::read_to_string(&path).unwrap_or_default();
    let recorded: Value = serde_json::from_str(&text).unwrap_or_default();
    assert_eq!(*seen, recorded, "{name}.json; RECORD=1 writes it anew");
}

//! Sites, lists, columns, items, pages and changes.

use super::{Client, SITE, all_kinds, part};
use crate::faults::Fault;
use crate::graph::{Change, Graph, Kind, List, ListKey, Mischief, Route, Value};
use serde_json::{Value as Json, json};

/// A list of so many items, numbered in their only column.
fn numbered(graph: &Graph, count: u32) -> ListKey {
    let site = graph.add_site(SITE);
    let mut list = List::new("Rota").column("What", Kind::Text);
    for number in 1..=count {
        list = list.item([Value::Text(format!("row {number}"))]);
    }
    graph.add_list(&site, list)
}

/// The ids of all items, page by page.
async fn pages(client: &Client, first: &str, most: usize) -> Vec<Vec<String>> {
    let mut all = Vec::new();
    let mut next = Some(first.to_owned());
    while let Some(path) = next.take().filter(|_| all.len() < most) {
        let seen = client.get(&path).await;
        all.push(seen.value().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect());
        next = seen.json()["@odata.nextLink"].as_str().map(str::to_owned);
    }
    all
}

#[tokio::test]
async fn a_site_is_found_by_host_and_path() {
    let graph = Graph::start().await;
    let site = graph.add_site(SITE);
    let client = Client::of(&graph).await;
    let seen = client.get("sites/contoso.sharepoint.com:/sites/Ops").await.json();
    let id = seen["id"].as_str().unwrap();
    assert_eq!((id, &seen["webUrl"]), (graph.site_id(&site).as_str(), &SITE.into()));
    let parts: Vec<&str> = id.split(',').collect();
    assert_eq!((parts[0], parts[1].len(), parts[2].len()), ("contoso.sharepoint.com", 36, 36));
    assert_eq!(client.get(&format!("sites/{id}?$select=id")).await.json()["webUrl"], Json::Null);
    assert_eq!(client.get("sites/contoso.sharepoint.com:/sites/none").await.code(), "itemNotFound");
    let wrong = client.get("sites/contoso.sharepoint.com:/sites/ops:/nothing").await;
    assert_eq!((wrong.status, wrong.code().as_str()), (400, "BadRequest"));
    graph.revoke(&site);
    assert_eq!(client.get("sites/contoso.sharepoint.com:/sites/ops").await.status, 403);
}

#[tokio::test]
async fn lists_come_in_pages() {
    let graph = Graph::start().await;
    let (site, list) = all_kinds(&graph);
    graph.page_size(1);
    let client = Client::of(&graph).await;
    let first = client.get(&format!("sites/{}/lists", graph.site_id(&site))).await;
    assert_eq!(first.value()[0]["displayName"], "Teams");
    let second = client.get(first.json()["@odata.nextLink"].as_str().unwrap()).await;
    assert_eq!(second.value()[0]["id"], graph.list_id(&list));
    assert_eq!(second.json()["@odata.nextLink"], Json::Null);
    let by_title = client
        .get(&format!("sites/{}/lists/rota?$expand=columns", graph.site_id(&site)))
        .await
        .json();
    assert_eq!(by_title["list"]["template"], "genericList");
    assert!(by_title["columns"].is_array());
    graph.remove_list(&list);
    assert_eq!(client.get(part(&list, "items").as_str()).await.code(), "itemNotFound");
}

#[tokio::test]
async fn columns_say_what_they_hold() {
    let graph = Graph::start().await;
    let (_, list) = all_kinds(&graph);
    graph.rename_column(&list, "Start time", "From");
    graph.rename_column(&list, "What", "Week");
    let client = Client::of(&graph).await;
    let columns = client.get(&part(&list, "columns")).await.value();
    let of = |name: &str| columns.iter().find(|column| column["name"] == name).unwrap().clone();
    assert_eq!(of("Start_x0020_time")["displayName"], "From");
    assert_eq!(of("Start_x0020_time")["dateTime"]["format"], "dateTime");
    assert_eq!(of("Day")["dateTime"]["format"], "dateOnly");
    assert_eq!(of("_x0031_st")["personOrGroup"]["allowMultipleSelection"], false);
    assert_eq!(of("Team")["lookup"]["columnName"], "Title");
    assert_eq!(of("State")["choice"]["choices"], json!(["firm", "draft"]));
    // A renamed title takes the two columns along that show it as a link.
    assert_eq!(columns.iter().filter(|column| column["displayName"] == "Week").count(), 3);
    assert_eq!(of("LinkTitle")["readOnly"], true);
    graph.hide_column(&list, "Pay");
    let columns = client.get(&part(&list, "columns")).await.value();
    assert!(columns.iter().all(|column| column["name"] != "Pay"));
}

#[tokio::test]
async fn fields_come_as_graph_gives_them() {
    let graph = Graph::start().await;
    let (_, list) = all_kinds(&graph);
    let client = Client::of(&graph).await;
    let bare = client.get(&part(&list, "items")).await.value();
    assert_eq!((&bare[0]["id"], &bare[0]["fields"]), (&"1".into(), &Json::Null));
    let all = client.get(&part(&list, "items?$expand=fields")).await.value();
    let fields = all[0]["fields"].clone();
    for (name, value) in [
        ("Title", json!("Week 10")),
        ("Start_x0020_time", json!("2026-03-01T21:00:00Z")),
        ("Day", json!("2026-03-01T13:00:00Z")),
        ("_x0031_stLookupId", json!("13")),
        ("_x0031_st", Json::Null),
        (
            "Others",
            json!([{ "LookupId": 14, "LookupValue": "Tom Okafor", "Email": "tom@contoso.com" }]),
        ),
        ("TeamLookupId", json!("1")),
        ("State", json!("firm")),
        ("Tags", json!(["night", "holiday"])),
        ("Tags@odata.type", json!("Collection(Edm.String)")),
        ("Hours", json!(12)),
        ("Pay", json!(7.5)),
        ("Paid", json!(true)),
        ("Plan", json!({ "Description": "the plan", "Url": "https://contoso.com/plan" })),
        ("LinkTitle", json!("Week 10")),
    ] {
        assert_eq!(fields[name], value, "{name}");
    }
    // What is empty is not there.
    assert!(all[1]["fields"].as_object().unwrap().get("State").is_none());
    let some = client
        .get(&part(
            &list,
            "items?$expand=fields($select=_x0031_st,TeamLookupId,Team,Title)&$top=1",
        ))
        .await;
    let mut fields = some.value()[0]["fields"].clone();
    fields["@odata.etag"].take();
    let expected = json!({ "@odata.etag": null, "_x0031_st": "Maria Lopez", "TeamLookupId": "1", "Team": "Lab", "Title": "Week 10" });
    assert_eq!(fields, expected);
    let unknown = client.get(&part(&list, "items?$expand=fields($select=From)")).await;
    assert_eq!((unknown.status, unknown.code().as_str()), (400, "invalidRequest"));
    graph.edit(&list, 1, "State", Value::Empty);
    let one = client.get(&part(&list, "items/1?$expand=fields")).await.json();
    assert_eq!(one["fields"]["State"], Json::Null);
    assert_ne!(one["eTag"], all[0]["eTag"]);
}

#[tokio::test]
async fn no_more_than_twelve_lookups_are_had_at_once() {
    let graph = Graph::start().await;
    let site = graph.add_site(SITE);
    let names: Vec<String> = (1..=13).map(|number| format!("P{number}")).collect();
    let mut list = List::new("Rota");
    for name in &names {
        list = list.column(name, Kind::Person);
    }
    list.items.push(vec![Value::person(13, "Maria Lopez", "maria@contoso.com"); 13]);
    let list = graph.add_list(&site, list);
    let client = Client::of(&graph).await;
    let select = |names: &[String]| part(&list, &format!("items?$expand=fields($select={})", names.join(",")));
    assert_eq!(client.get(&select(&names[..12])).await.value()[0]["fields"]["P12"], "Maria Lopez");
    assert_eq!(client.get(&select(&names)).await.status, 400);
    let all = client.get(&part(&list, "items?$expand=fields")).await.value();
    assert_eq!(
        (&all[0]["fields"]["P12LookupId"], &all[0]["fields"]["P13LookupId"]),
        (&"13".into(), &Json::Null)
    );
}

#[tokio::test]
async fn items_come_in_pages() {
    let graph = Graph::start().await;
    let list = numbered(&graph, 5);
    let client = Client::of(&graph).await;
    assert_eq!(
        pages(&client, &part(&list, "items?$top=2"), 9).await,
        [vec!["1", "2"], vec!["3", "4"], vec!["5"]]
    );
    graph.page_size(3);
    assert_eq!(
        pages(&client, &part(&list, "items?$top=5000"), 9).await,
        [vec!["1", "2", "3"], vec!["4", "5"]]
    );
    graph.between_pages(&list, Change::Remove(4));
    graph.between_pages(&list, Change::Add(vec!["never asked for".into()]));
    assert_eq!(pages(&client, &part(&list, "items"), 9).await, [vec!["1", "2", "3"], vec!["5"]]);
    let next = client.get(&part(&list, "items?$expand=fields&$top=1")).await.json()["@odata.nextLink"].clone();
    let next = next.as_str().unwrap();
    assert!(
        next.starts_with(&graph.url()) && next.contains("$skiptoken=") && next.contains("$expand=fields"),
        "{next}"
    );
    assert_eq!(client.get(&part(&list, "items?$skiptoken=nonsense")).await.status, 400);
}

#[tokio::test]
async fn links_go_wrong_on_demand() {
    let graph = Graph::start().await;
    let list = numbered(&graph, 3);
    let client = Client::of(&graph).await;
    let first = part(&list, "items?$top=2");
    graph.mischief(Some(Mischief::Duplicates));
    assert_eq!(pages(&client, &first, 9).await, [vec!["1", "2"], vec!["2", "3"]]);
    graph.mischief(Some(Mischief::SamePage));
    assert_eq!(pages(&client, &first, 4).await, vec![vec!["1", "2"]; 4]);
    graph.mischief(Some(Mischief::Endless));
    let all = pages(&client, &first, 5).await;
    assert_eq!(all, [vec!["1", "2"], vec!["3"], vec!["1", "2"], vec!["3"], vec!["1", "2"]]);
    graph.mischief(Some(Mischief::OtherScheme));
    let seen = client.get(&first).await.json();
    assert!(seen["@odata.nextLink"].as_str().unwrap().starts_with("https://127.0.0.1:"));
    graph.mischief(Some(Mischief::OtherHost));
    let next = client.get(&first).await.json()["@odata.nextLink"].as_str().unwrap().to_owned();
    assert!(!next.starts_with(&graph.url()));
    assert_eq!(client.get(&next).await.status, 401);
    assert_eq!(graph.leaked_tokens().len(), 1);
    graph.mischief(None);
    assert_eq!(pages(&client, &first, 9).await, [vec!["1", "2"], vec!["3"]]);
}

/// Follows a delta to its end: ids, gone ones with a minus, and the link for the next time.
async fn changes(client: &Client, first: &str) -> (Vec<String>, String) {
    let mut all = Vec::new();
    let mut path = first.to_owned();
    loop {
        let seen = client.get(&path).await;
        for item in seen.value() {
            let mark = if item["deleted"].is_object() { "-" } else { "" };
            all.push(format!("{mark}{}", item["id"].as_str().unwrap()));
        }
        let body = seen.json();
        if let Some(link) = body["@odata.deltaLink"].as_str() {
            assert_eq!(body["@odata.nextLink"], Json::Null);
            return (all, link.to_owned());
        }
        path = body["@odata.nextLink"].as_str().unwrap().to_owned();
    }
}

#[tokio::test]
async fn delta_tells_what_changed() {
    let graph = Graph::start().await;
    let list = numbered(&graph, 4);
    graph.page_size(3);
    let client = Client::of(&graph).await;
    let (all, link) = changes(&client, &part(&list, "items/delta?$expand=fields")).await;
    assert_eq!(all, ["1", "2", "3", "4"]);
    assert!(link.contains("$expand=fields"), "{link}");
    assert_eq!(changes(&client, &link).await.0, Vec::<String>::new());
    graph.edit(&list, 3, "What", "other");
    graph.edit(&list, 3, "What", "yet another");
    graph.remove_item(&list, 2);
    assert_eq!(graph.add_item(&list, vec!["new".into()]), 5);
    let (changed, link) = changes(&client, &link).await;
    assert_eq!(changed, ["-2", "3", "5"]);
    // What happens while the pages are read is told the next time.
    graph.edit(&list, 1, "What", "a");
    graph.edit(&list, 3, "What", "a");
    graph.edit(&list, 4, "What", "a");
    graph.edit(&list, 5, "What", "a");
    let edit = Change::Edit {
        item: 1,
        column: "What".into(),
        value: "late".into(),
    };
    graph.between_pages(&list, edit);
    let (changed, link) = changes(&client, &link).await;
    assert_eq!(changed, ["1", "3", "4", "5"]);
    assert_eq!(changes(&client, &link).await.0, ["1"]);
    let (none, latest) = changes(&client, &part(&list, "items/delta?token=latest")).await;
    assert_eq!(none, Vec::<String>::new());
    graph.edit(&list, 4, "What", "b");
    assert_eq!(changes(&client, &latest).await.0, ["4"]);
}

#[tokio::test]
async fn an_old_delta_token_is_gone() {
    let graph = Graph::start().await;
    let list = numbered(&graph, 2);
    let client = Client::of(&graph).await;
    let (_, link) = changes(&client, &part(&list, "items/delta?$expand=fields")).await;
    graph.expire_delta_tokens();
    let gone = client.get(&link).await;
    assert_eq!((gone.status, gone.code().as_str()), (410, "resyncRequired"));
    let anew = gone.header("location").to_owned();
    assert_eq!(changes(&client, &anew).await.0, ["1", "2"]);
    assert_eq!(client.get(&part(&list, "items/delta?token=nonsense")).await.status, 400);
}

#[tokio::test]
async fn faults_are_worded_as_graph_words_them() {
    let graph = Graph::start().await;
    let list = numbered(&graph, 1);
    let client = Client::of(&graph).await;
    graph.fail(Route::Items, Fault::busy(429, "17"), Some(1));
    let busy = client.get(&part(&list, "items")).await;
    assert_eq!(
        (busy.status, busy.header("retry-after"), busy.code().as_str()),
        (429, "17", "activityLimitReached")
    );
    assert_eq!(client.get(&part(&list, "items")).await.status, 200);
    graph.fail(Route::Api, Fault::status(503), None);
    assert_eq!(client.get(&part(&list, "columns")).await.code(), "serviceNotAvailable");
    // The sign-in is none of Graph's own requests.
    Client::of(&graph).await;
    graph.heal();
    graph.fail(Route::Any, Fault::status(500), None);
    assert_eq!(client.get(&part(&list, "columns")).await.code(), "generalException");
    let token = super::ask_for_token(&graph, graph.tenant(), &super::good_fields(&graph)).await;
    assert_eq!((token.status, &token.json()["error"]), (500, &"temporarily_unavailable".into()));
    let seen: Vec<Option<u16>> = graph.journal().iter().map(|request| request.status).collect();
    assert_eq!(seen, [200, 429, 200, 503, 200, 500, 500].map(Some));
}

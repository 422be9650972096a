//! The fake is asked over real HTTP and answers as the public descriptions say. What is expected here comes from those, or is worked out by hand.

mod files;
mod lists;
mod recorded;
mod shapes;
mod sign_in;
mod subscriptions;

use super::{Graph, Kind, List, ListKey, SiteKey, Value};
use reqwest::header::HeaderMap;
use serde_json::Value as Json;
use std::time::Duration;

/// What came back.
struct Seen {
    status: u16,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Seen {
    fn json(&self) -> Json {
        serde_json::from_slice(&self.body).unwrap()
    }

    fn header(&self, name: &str) -> &str {
        self.headers.get(name).unwrap().to_str().unwrap()
    }

    /// The code of an error.
    fn code(&self) -> String {
        self.json()["error"]["code"].as_str().unwrap().to_owned()
    }

    /// The items, sites or lists of a collection.
    fn value(&self) -> Vec<Json> {
        assert_eq!(self.status, 200, "{}", String::from_utf8_lossy(&self.body));
        self.json()["value"].as_array().unwrap().clone()
    }
}

/// A client that has a token.
struct Client {
    http: reqwest::Client,
    graph: String,
    token: String,
}

fn http() -> reqwest::Client {
    let builder = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none());
    builder.timeout(Duration::from_secs(20)).build().unwrap()
}

async fn send(request: reqwest::RequestBuilder) -> Seen {
    let answer = request.send().await.unwrap();
    Seen {
        status: answer.status().as_u16(),
        headers: answer.headers().clone(),
        body: answer.bytes().await.unwrap().to_vec(),
    }
}

/// Asks for a token with a form of these fields.
async fn ask_for_token(graph: &Graph, tenant: &str, fields: &[(&str, &str)]) -> Seen {
    let form = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let request = http().post(format!("{}/{tenant}/oauth2/v2.0/token", graph.login_url()));
    send(request.header("content-type", "application/x-www-form-urlencoded").body(form)).await
}

/// The fields of a good request with the secret.
fn good_fields(graph: &Graph) -> [(&str, &str); 4] {
    [
        ("grant_type", "client_credentials"),
        ("client_id", graph.client_id()),
        ("client_secret", graph.client_secret()),
        ("scope", "https://graph.microsoft.com/.default"),
    ]
}

impl Client {
    async fn of(graph: &Graph) -> Client {
        let seen = ask_for_token(graph, graph.tenant(), &good_fields(graph)).await;
        Client {
            http: http(),
            graph: graph.url(),
            token: seen.json()["access_token"].as_str().unwrap().to_owned(),
        }
    }

    fn request(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        let address = if path.starts_with("http") {
            path.to_owned()
        } else {
            format!("{}/v1.0/{path}", self.graph)
        };
        self.http.request(method.parse().unwrap(), address).bearer_auth(&self.token)
    }

    async fn get(&self, path: &str) -> Seen {
        send(self.request("GET", path)).await
    }

    async fn with_json(&self, method: &str, path: &str, body: &Json) -> Seen {
        let request = self.request(method, path).header("content-type", "application/json");
        send(request.body(body.to_string())).await
    }
}

const SITE: &str = "https://contoso.sharepoint.com/sites/ops";

/// A site with a list of every kind of column, and two items of which the second is nearly empty.
fn all_kinds(graph: &Graph) -> (SiteKey, ListKey) {
    let site = graph.add_site(SITE);
    graph.add_list(
        &site,
        List::new("Teams").column_named("Team", "Title", Kind::Text).item(["Lab".into()]),
    );
    let list = List::new("Rota")
        .column_named("What", "Title", Kind::Text)
        .column("Start time", Kind::DateTime)
        .column("Day", Kind::Date)
        .column("1st", Kind::Person)
        .column("Others", Kind::People)
        .column(
            "Team",
            Kind::Lookup {
                list: "Teams".into(),
                column: "Title".into(),
            },
        )
        .column("State", Kind::Choice(vec!["firm".into(), "draft".into()]))
        .column("Tags", Kind::Choices(vec!["night".into(), "holiday".into()]))
        .column("Hours", Kind::Number)
        .column("Pay", Kind::Currency)
        .column("Paid", Kind::Boolean)
        .column("Plan", Kind::Hyperlink)
        .column("Notes", Kind::Note)
        .column("Sum", Kind::Calculated)
        .item([
            "Week 10".into(),
            Value::moment("2026-03-01T21:00:00Z"),
            Value::moment("2026-03-01T13:00:00Z"),
            Value::person(13, "Maria Lopez", "maria@contoso.com"),
            Value::person(14, "Tom Okafor", "tom@contoso.com"),
            Value::lookup(1, "Lab"),
            "firm".into(),
            Value::Choices(vec!["night".into(), "holiday".into()]),
            12.0.into(),
            7.5.into(),
            true.into(),
            Value::link("https://contoso.com/plan", "the plan"),
            "two\nlines".into(),
            "firm Week 10".into(),
        ])
        .item(["Week 11".into()]);
    let list = graph.add_list(&site, list);
    (site, list)
}

/// The address of a list's part.
fn part(list: &ListKey, part: &str) -> String {
    format!("sites/{}/lists/{}/{part}", list.site, list.list)
}

#[tokio::test]
async fn the_sample_is_edited_in_words() {
    use super::sample::{SITE, Sample, WORKBOOK};
    let graph = Graph::start().await;
    // A Wednesday; the week's Monday in Brisbane is 2 March, and 8:00 there is 22:00 of the day before in UTC.
    let sample = Sample::fill(graph, b"a workbook".to_vec(), "2026-03-04T12:00:00Z".parse().unwrap());
    let client = Client::of(&sample.graph).await;
    let path = "sites/contoso.sharepoint.com:/sites/ops:/lists/Rota/items?$expand=fields($select=From,_x0031_st,_x0032_nd)";
    let items = client.get(path).await.value();
    assert_eq!(items[1]["fields"]["From"], "2026-03-01T22:00:00Z");
    assert_eq!(items[1]["fields"]["_x0031_st"], "Tom Okafor");
    sample.edit("Rota 2, 1st = Priya Nair").unwrap();
    sample.edit("Rota 2, From = 2026-03-02 09:30").unwrap();
    let fields = client.get(path).await.value()[1]["fields"].clone();
    assert_eq!(
        (&fields["_x0031_st"], &fields["From"]),
        (&"Priya Nair".into(), &"2026-03-01T23:30:00Z".into())
    );
    for wrong in [
        "Rota 2",
        "Rota two, 1st = x",
        "Rota 2, 4th = x",
        "Rota 99, 1st = Priya Nair",
        "Rota 2, 1st = Nobody At All",
        "Plan 1, a = b",
    ] {
        assert!(sample.edit(wrong).is_err(), "{wrong}");
    }
    let words = sample.configuration("credentials/secret");
    assert!(
        words.contains(SITE) && words.contains(WORKBOOK) && !words.contains(sample.graph.client_secret()),
        "{words}"
    );
    assert_eq!(sample.graph.requests(super::Route::Items).len(), 2);
}

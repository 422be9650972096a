//! Files: what is known of them, the way to their bytes, and who must not be told the token.

use super::{Client, SITE, http, send};
use crate::graph::{DriveKey, Graph};

#[tokio::test]
async fn a_file_is_found_by_its_path() {
    let graph = Graph::start().await;
    let site = graph.add_site(SITE);
    graph.put_file(&site, "Rotas/On call.xlsx", *b"first");
    graph.put_file("anna@contoso.com", "Rota.xlsx", *b"hers");
    let client = Client::of(&graph).await;
    let path = format!("sites/{}/drive/root:/Rotas/On%20call.xlsx", graph.site_id(&site));
    let seen = client.get(&path).await.json();
    assert_eq!((&seen["name"], &seen["size"]), (&"On call.xlsx".into(), &5.into()));
    let known = (seen["eTag"].clone(), seen["cTag"].clone());
    graph.touch_file(&site, "Rotas/On call.xlsx");
    let touched = client.get(&path).await.json();
    assert!(touched["eTag"] != known.0 && touched["cTag"] == known.1);
    graph.put_file(&site, "rotas/on call.xlsx", *b"the second");
    let changed = client.get(&path).await.json();
    assert!(changed["cTag"] != known.1 && changed["id"] == seen["id"] && changed["size"] == 10);
    assert_eq!(client.get("users/anna@contoso.com/drive/root:/Rota.xlsx").await.json()["size"], 4);
    let other = format!("sites/{}/drive/root:/Rotas/none.xlsx", graph.site_id(&site));
    assert_eq!(client.get(&other).await.code(), "itemNotFound");
    let folder = format!("sites/{}/drive/root:/Rotas", graph.site_id(&site));
    assert_eq!(client.get(&folder).await.json()["folder"]["childCount"], 1);
    assert_eq!(
        client.get("users/nobody@contoso.com/drive/root:/Rota.xlsx").await.code(),
        "Request_ResourceNotFound"
    );
    graph.revoke(&site);
    let seen = client.get(&path).await;
    assert_eq!((seen.status, seen.code().as_str()), (403, "accessDenied"));
    graph.grant(&site);
    assert_eq!(client.get(&path).await.status, 200);
}

#[tokio::test]
async fn bytes_are_on_another_host_that_wants_no_token() {
    let graph = Graph::start().await;
    let site = graph.add_site(SITE);
    graph.put_file(&site, "Rota.xlsx", *b"bytes of a workbook");
    let client = Client::of(&graph).await;
    let path = format!("sites/{}/drive/root:/Rota.xlsx:/content", graph.site_id(&site));
    let seen = client.get(&path).await;
    assert_eq!(seen.status, 302);
    let place = seen.header("location").to_owned();
    let origin = |address: &str| url::Url::parse(address).unwrap().origin();
    assert_ne!(origin(&place), origin(&graph.url()));
    assert_eq!(send(http().get(&place)).await.body, b"bytes of a workbook");
    assert!(graph.leaked_tokens().is_empty());
    assert_eq!(client.get(&place).await.status, 401);
    assert_eq!(graph.leaked_tokens(), [format!("Bearer {}", client.token)]);
    graph.expire_downloads();
    assert_eq!(send(http().get(&place)).await.status, 401);
    assert_eq!(graph.downloads().len(), 3);
}

#[tokio::test]
async fn who_has_the_newest_state_gets_no_other() {
    let graph = Graph::start().await;
    let site = graph.add_site(SITE);
    graph.put_file(&site, "Rota.xlsx", *b"1");
    let client = Client::of(&graph).await;
    let path = format!("sites/{}/drive/root:/Rota.xlsx", graph.site_id(&site));
    let known = client.get(&path).await.json();
    for tag in ["eTag", "cTag"] {
        let tag = known[tag].as_str().unwrap();
        let content = client.request("GET", &format!("{path}:/content")).header("if-none-match", tag);
        assert_eq!(send(content).await.status, 304);
    }
    graph.touch_file(DriveKey::from(&site), "Rota.xlsx");
    let asked = |tag: &str| client.request("GET", &path).header("if-none-match", known[tag].as_str().unwrap());
    assert_eq!(send(asked("eTag")).await.status, 200);
    assert_eq!(send(asked("cTag")).await.status, 304);
}

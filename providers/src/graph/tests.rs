//! What is decided without the wire; the rest is in providers/tests.

use super::*;

fn noon() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_262_400, 0).unwrap()
}

fn account(graph: &str) -> MicrosoftAccount {
    let access = MicrosoftAccess {
        tenant: "contoso.onmicrosoft.com".into(),
        client_id: "24d3b144".into(),
        credential: Credential::Secret("hidden".into()),
        graph: Base::parse(graph).unwrap(),
        login: Base::parse("https://login.microsoftonline.com").unwrap(),
        patience: Duration::from_secs(1),
    };
    MicrosoftAccount::new(access, noon).unwrap()
}

fn at(text: &str) -> Url {
    Url::parse(text).unwrap()
}

#[test]
fn a_question_goes_to_our_graph_with_path_and_query_as_they_are() {
    let cases = [
        ("https://graph.microsoft.com", "https://graph.microsoft.com/v1.0"),
        ("https://graph.microsoft.com/v1.0/", "https://graph.microsoft.com/v1.0"),
        (
            "https://microsoftgraph.chinacloudapi.cn/v1.0",
            "https://microsoftgraph.chinacloudapi.cn/v1.0",
        ),
        ("http://127.0.0.1:81", "http://127.0.0.1:81/v1.0"),
        ("http://127.0.0.1:81/beta", "http://127.0.0.1:81/beta"),
    ];
    for (base, begins) in cases {
        let account = account(base);
        let site = Site::parse("https://contoso.sharepoint.com/sites/On Call/").unwrap();
        let mut url = account.question_of(&site).url();
        url.set_query(Some("$select=a%2Cb"));
        account.rebase(&mut url);
        assert_eq!(
            url.as_str(),
            format!("{begins}/sites/contoso.sharepoint.com:/sites/On%20Call?$select=a%2Cb")
        );
    }
}

#[tokio::test]
async fn the_token_goes_nowhere_else() {
    let account = account("https://graph.microsoft.com");
    for elsewhere in [
        "https://evil.example/v1.0/sites",
        "https://graph.microsoft.com.evil.example/v1.0/sites",
        "https://graph.microsoft.com:8443/v1.0/sites",
        "http://graph.microsoft.com/v1.0/sites",
        "https://user@graph.microsoft.com/v1.0/sites",
        "ftp://graph.microsoft.com/v1.0/sites",
    ] {
        let refused = account.ask_at(&at(elsewhere), 1).await.err();
        assert!(matches!(refused, Some(SourceError::Malformed(_))), "{elsewhere}");
    }
    assert!(account.is_ours(&at("https://graph.microsoft.com/v1.0/sites?$skiptoken=a")).is_ok());
}

#[tokio::test]
async fn a_file_is_fetched_from_encrypted_places_only() {
    let outside = account("https://graph.microsoft.com");
    let inside = account("http://127.0.0.1:81");
    for (place, from_outside, from_inside) in [
        ("https://contoso.sharepoint.com/download.aspx?tempauth=a", true, true),
        ("http://contoso.sharepoint.com/download.aspx", false, false),
        ("http://127.0.0.1:82/download", false, true),
        ("file:///etc/passwd", false, false),
        // Of our own network, or of the machine's landlord.
        ("https://169.254.169.254/latest/meta-data", false, false),
        ("https://127.0.0.1/download", false, false),
        ("https://[::1]/download", false, false),
        ("https://localhost/download", false, false),
        ("https://intranet/download", false, false),
    ] {
        assert_eq!(outside.may_download(&at(place)), from_outside, "{place}");
        assert_eq!(inside.may_download(&at(place)), from_inside, "{place}");
    }
    let fault = outside
        .download("http://127.0.0.1:82/download?tempauth=key", 1)
        .await
        .unwrap_err()
        .to_string();
    assert!(fault.contains("not encrypted") && !fault.contains("key"), "{fault}");
    assert!(outside.download("/relative", 1).await.is_err());
}

#[test]
fn links_are_for_browsers() {
    let of = |address: &str| {
        let object = serde_json::json!({ "webUrl": address });
        link(object.as_object().unwrap())
    };
    assert_eq!(
        of("https://contoso.sharepoint.com/sites/ops").as_deref(),
        Some("https://contoso.sharepoint.com/sites/ops")
    );
    for none in ["javascript:alert(1)", "http://contoso.sharepoint.com/", "sites/ops", ""] {
        assert_eq!(of(none), None, "{none}");
    }
}

//! What a browser is given to run and to load: nothing that stands in a page itself, and nothing from elsewhere.

use super::*;
use crate::access::MATRIX;

/// What must not be there: `what` in a tag of this name, or of any.
fn offences(html: &str) -> Vec<String> {
    let mut offences = Vec::new();
    let lower = html.to_lowercase();
    for element in ["<style", "<base", "<iframe", "<object", "<embed", "<applet", "http-equiv"] {
        if lower.contains(element) {
            offences.push(element.to_owned());
        }
    }
    for (tag, text) in tags(html) {
        let name = tag.split_whitespace().next().unwrap_or_default().to_lowercase();
        if name == "script" && (!tag.contains("src=\"/static/") || !text.trim().is_empty()) {
            offences.push(format!("<{tag}>{text}"));
        }
        for (key, value) in attributes(tag) {
            let is_foreign = match key.as_str() {
                "src" | "srcset" | "poster" | "data" | "action" | "formaction" | "ping" | "background" => !is_ours(&value),
                // Somebody may go elsewhere by himself.
                "href" if name == "a" => !is_ours(&value) && !value.starts_with("https://"),
                "href" | "xlink:href" => !is_ours(&value),
                _ => key.starts_with("on") || key == "style",
            };
            if is_foreign {
                offences.push(format!("{name} {key}={value}"));
            }
        }
    }
    offences
}

fn is_ours(address: &str) -> bool {
    (address.starts_with('/') && !address.starts_with("//")) || address.starts_with('#') || address.starts_with('?') || address.is_empty()
}

/// Each opening tag, without its brackets, and the text behind it.
fn tags(html: &str) -> impl Iterator<Item = (&str, &str)> {
    html.split('<')
        .skip(1)
        .filter(|part| part.starts_with(char::is_alphabetic))
        .filter_map(|part| {
            // A bracket may stand in a value.
            let mut quoted = false;
            let end = part.char_indices().find(|(_, character)| {
                quoted ^= *character == '"';
                *character == '>' && !quoted
            });
            end.map(|(end, _)| (part[..end].trim_end_matches('/'), &part[end + 1..]))
        })
}

fn attributes(tag: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut rest = tag.split_once(char::is_whitespace).map_or("", |(_, rest)| rest);
    while let Some((before, after)) = rest.split_once('=') {
        let key = before.split_whitespace().last().unwrap_or_default().to_lowercase();
        let quoted = after.strip_prefix('"').and_then(|after| after.split_once('"'));
        let (value, next) = quoted.unwrap_or_else(|| after.split_once(char::is_whitespace).unwrap_or((after, "")));
        found.push((key, value.to_owned()));
        rest = next;
    }
    found
}

#[test]
fn each_offence_is_seen() {
    for bad in [
        "<p onclick=\"x()\">",
        "<svg><a ONLOAD=x></svg>",
        "<p style=\"color: red\">",
        "<style>p {}</style>",
        "<script>x()</script>",
        "<script src=\"/static/page.js\">x()</script>",
        "<script src=\"https://cdn.example/x.js\"></script>",
        "<img src=\"//cdn.example/x.png\">",
        "<link rel=\"stylesheet\" href=\"https://cdn.example/x.css\">",
        "<a href=\"javascript:x()\">",
        "<form action=\"https://evil.example/\">",
        "<iframe src=\"/x\"></iframe>",
        "<meta http-equiv=\"refresh\" content=\"0\">",
        "<button title=\"a > b\" formaction=\"http://evil.example\">",
    ] {
        assert!(!offences(bad).is_empty(), "{bad}");
    }
    let good = "<!DOCTYPE html><html lang=\"en\"><script src=\"/static/page.js\" defer></script><a href=\"https://docs.example/d\" title=\"x > y\">a</a>\
                <form action=\"/test-call\" method=\"post\"><p data-on=\"1\">one = two</p><img src=\"/static/icon.svg\"></form>";
    assert_eq!(offences(good), Vec::<String>::new());
}

/// All paths that this room serves, the places in them filled in.
fn paths(call: CallId) -> Vec<String> {
    let places = MATRIX.iter().filter_map(|line| line.place);
    let filled = places.map(|(_, path)| {
        let path = path
            .replace("{name}", "lab")
            .replace("{hotline}", "lab")
            .replace("{id}", &call.to_string());
        path.replace("{file}", "page.css").replace(['{', '}'], "")
    });
    filled.collect()
}

#[tokio::test]
async fn no_page_runs_or_loads_anything_of_its_own_or_foreign() {
    let house = House::open(saturday()).await;
    let call = house.call_arrives().await;
    house.caller_hangs_up(call).await;
    let mut paths = paths(call);
    assert!(paths.len() > 10, "{paths:?}");
    paths.extend(["/nowhere".to_owned(), "/calls/none".to_owned(), "/static/none".to_owned()]);
    let mut pages = 0;
    for path in paths {
        for (method, word) in [
            ("GET", OPERATOR),
            ("POST", OPERATOR),
            ("DELETE", OPERATOR),
            ("GET", "nobody"),
            ("POST", "nobody"),
        ] {
            // That one has no end.
            if path.ends_with("/events") && word == OPERATOR {
                continue;
            }
            let request = Request::builder().method(method).uri(&path).header("authorization", bearer(word));
            let request = request.header("sec-fetch-site", "same-origin").body(Body::empty()).unwrap();
            let answer = house.send_bare(request).await;
            let kind = answer
                .headers
                .get("content-type")
                .map_or("", |kind| kind.to_str().unwrap())
                .to_owned();
            let policy = answer.headers["content-security-policy"].to_str().unwrap();
            assert!(
                policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self';"),
                "{path}: {policy}"
            );
            assert!(!policy.contains("unsafe") && !policy.contains("http"), "{path}: {policy}");
            assert!(answer.headers.contains_key("permissions-policy"), "{path}");
            let text = answer.text;
            if kind.starts_with("text/html") {
                pages += 1;
                assert_eq!(offences(&text), Vec::<String>::new(), "{method} {path}");
            }
        }
    }
    assert!(pages >= 20, "{pages}");
}

#[test]
fn script_and_style_are_our_own() {
    let script = include_str!("../static/page.js");
    for foreign in [
        "http:",
        "https:",
        "eval(",
        "innerHTML =",
        "outerHTML =",
        "insertAdjacentHTML",
        "document.write",
        "new Function",
        "import(",
    ] {
        assert!(!script.contains(foreign), "{foreign}");
    }
    let style = include_str!("../static/page.css");
    for foreign in ["http:", "https:", "@import", "//cdn"] {
        assert!(!style.contains(foreign), "{foreign}");
    }
}

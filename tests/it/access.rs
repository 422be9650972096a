//! Signing in as people, programs and operators meet it: commands, a running process, the page over real sockets.

use super::cli::{Said, folder_with, typed_with};
use super::signed_in::{Browser, token};
use super::stage;
use rotaline::access::Role;
use rotaline::call::HotlineName;
use serde_json::Value;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

const CONFIG: &str = "twilio.account_sid = \"AC00000000000000000000000000000000\"\n\
    [[hotline]]\nname = \"lab\"\nnumbers = [\"+61491570006\"]\nrota = { file = \"rota.xlsx\" }\n";
const PASSWORD: &str = "correct horse battery";

fn typed(folder: &Path, arguments: &[&str]) -> Said {
    typed_with(folder, arguments, &[])
}

/// A command that reads a password from a pipe.
fn piped(folder: &Path, arguments: &[&str], password: &str) -> (i32, String, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_rotaline"))
        .args(arguments)
        .current_dir(folder)
        .env_remove("ROTALINE_CONFIG")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(format!("{password}\n").as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[test]
fn people_and_programs_are_added_listed_and_removed_by_commands() {
    let folder = folder_with(&[("rotaline.toml", CONFIG)]);
    let folder = folder.path();
    assert!(
        typed(folder, &["user", "list"])
            .out
            .contains("rotaline user add NAME --role operator")
    );
    let (status, out, err) = piped(
        folder,
        &["user", "add", "Ana Diaz", "--role", "responder", "--hotline", "lab"],
        PASSWORD,
    );
    assert_eq!((status, out.as_str()), (0, "Ana Diaz may sign in: responder of lab.\n"), "{err}");
    for (arguments, password, words) in [
        (
            &["user", "add", "ana  DIAZ", "--role", "viewer"][..],
            PASSWORD,
            "there is ana DIAZ already",
        ),
        (
            &["user", "add", "Ben", "--role", "viewer"],
            "too short",
            "A password has 12 to 128 characters; this one has 9",
        ),
        (&["user", "add", "Ben", "--role", "viewer", "--hotline", "wrad"], PASSWORD, "wrad"),
        (
            &["user", "add", "Ben", "--role", "operator", "--hotline", "lab"],
            PASSWORD,
            "leave --hotline out",
        ),
        (
            &["user", "add", "Ben", "--role", "king"],
            PASSWORD,
            "viewer, responder, admin, operator",
        ),
        (&["user", "password", "Ben"], PASSWORD, "there is nobody called Ben"),
    ] {
        let (status, _, err) = piped(folder, arguments, password);
        assert_eq!(status, 2, "{arguments:?}");
        assert!(err.contains(words) && !err.contains(password), "{arguments:?}: {err}");
    }
    let link = typed(folder, &["user", "link", "ana diaz"]).out;
    assert!(link.contains("http://127.0.0.1:8080/sign-in/link/rll_"), "{link}");
    let made = typed(folder, &["token", "add", "dashboard", "--role", "viewer"]);
    assert!(made.out.starts_with("rlt_") && made.out.trim().len() == 68, "{}", made.out);
    assert!(made.err.contains("shown once"), "{}", made.err);
    assert_eq!(typed(folder, &["user", "list"]).out, "Ana Diaz: responder of lab\n");
    assert_eq!(typed(folder, &["token", "list"]).out, "dashboard: viewer of all hotlines\n");
    assert_eq!(typed(folder, &["token", "remove", "dashboard"]).status, 0);
    assert_eq!(typed(folder, &["token", "remove", "dashboard"]).status, 2);
    assert_eq!(typed(folder, &["user", "remove", "Ana Diaz"]).status, 0);

    let noted: Value = serde_json::from_str(&typed(folder, &["audit", "--json"]).out).unwrap();
    let whats: Vec<&str> = noted
        .as_array()
        .unwrap()
        .iter()
        .map(|line| line["what"].as_str().unwrap())
        .collect();
    let did = ["user-added", "link-made", "token-added", "token-removed", "user-removed"];
    assert_eq!(whats.iter().filter(|what| did.contains(what)).count(), did.len() + 1, "{whats:?}");
    assert_eq!(noted[0]["about"], "adds the user Ana Diaz: responder of lab");
    assert_eq!((&noted[0]["who"], &noted[0]["kind"]), (&"this machine".into(), &"command".into()));
    let text = typed(folder, &["audit", "--since", "2026-01-01"]).out;
    assert!(text.contains("command this machine removes the user Ana Diaz"), "{text}");
    assert_eq!(typed(folder, &["audit", "--since", "2999-01-01"]).out, "Nothing has been noted.\n");
    let store = std::fs::read(folder.join("rotaline.sqlite")).unwrap();
    for secret in [PASSWORD, made.out.trim(), link.trim().rsplit('/').next().unwrap()] {
        let is_there = store.windows(secret.len()).any(|part| part == secret.as_bytes());
        assert!(!is_there, "the store holds a word that opens something");
    }
}

/// Whoever comes by the identity provider has no password; two users are never the same one there.
#[test]
fn an_identity_is_noted_for_one_user_only() {
    let folder = folder_with(&[("rotaline.toml", CONFIG)]);
    let folder = folder.path();
    let add = |name: &str, identity: &str| typed(folder, &["user", "add", name, "--role", "viewer", "--oidc", identity]);
    assert_eq!(add("Ana", "ana@example.org").out, "Ana may sign in: viewer of all hotlines.\n");
    let again = add("Ben", "Ana@Example.org");
    assert_eq!(again.status, 2);
    assert!(
        again.err.contains("Ana@Example.org signs in as somebody else already"),
        "{}",
        again.err
    );
    assert!(add("Ben", " x").err.contains("what the identity provider says of him"));
    let list = "Ana: viewer of all hotlines, ana@example.org at the identity provider\n";
    assert_eq!(typed(folder, &["user", "list"]).out, list);
    assert_eq!(typed(folder, &["user", "remove", "ana"]).status, 0);
    assert_eq!(add("Ben", "ana@example.org").status, 0, "it is free again");
}

#[test]
fn the_hash_for_the_configuration_is_printed_and_taken() {
    let folder = folder_with(&[]);
    let (status, hash, err) = piped(folder.path(), &["user", "hash"], PASSWORD);
    assert_eq!(status, 0, "{err}");
    let user = format!(
        "[[user]]\nname = \"Cem\"\npassword_hash = \"{}\"\nrole = \"admin\"\nhotlines = [\"lab\"]\n",
        hash.trim()
    );
    std::fs::write(folder.path().join("rotaline.toml"), format!("{CONFIG}{user}")).unwrap();
    assert_eq!(
        typed(folder.path(), &["user", "list"]).out,
        "Cem: admin of lab, in the configuration\n"
    );
    let refused = typed(folder.path(), &["user", "remove", "cem"]);
    assert!(refused.err.contains("cem stands in the configuration"), "{}", refused.err);
}

/// A number is shown to whoever may see it, when he asks, and that he did is noted; the page has it masked.
#[tokio::test(flavor = "multi_thread")]
async fn a_full_number_is_shown_on_request_and_noted() {
    const CALLER: &str = "+61491570737";
    let stage = stage::set().await;
    let admin = stage::signed_in(&stage, Role::Admin).await;
    let viewer = stage::signed_in(&stage, Role::Viewer).await;
    let location = admin.post("/test-call", "scenario=first-declines").await;
    let page = location.headers()["location"].to_str().unwrap().to_owned();
    let number = format!("{page}/number");
    let seen = admin.page(&page).await;
    assert!(seen.contains("Show number") && !seen.contains("491570737"), "{seen}");
    assert!(!viewer.page(&page).await.contains("Show number"));
    assert_eq!(viewer.post(&number, "").await.status(), 403);
    assert_eq!(admin.get(&number).send().await.unwrap().status(), 405, "a link shows nothing");
    assert_eq!(admin.post_from("http://evil.example", &number, "").await.status(), 403);
    let shown = admin.post(&number, "").await;
    assert_eq!(shown.headers()["cache-control"], "no-store");
    assert!(shown.text().await.unwrap().contains(CALLER));

    let word = token(stage.access(), Role::Admin).await;
    let client = reqwest::Client::new();
    let asked = client
        .post(format!("{}/api/v1{number}", admin.base))
        .bearer_auth(&word)
        .send()
        .await
        .unwrap();
    let told: Value = asked.json().await.unwrap();
    assert_eq!(told["from"], CALLER);
    let noted = stage.service().store().audit(None, None, 100).await.unwrap();
    let looks: Vec<_> = noted.iter().filter(|line| line.what == "number-shown").collect();
    let who: Vec<(&str, &str)> = looks.iter().map(|line| (line.kind.as_str(), line.who.as_str())).collect();
    assert_eq!(who, [("token", "a program of admin"), ("user", "the admin")], "the newest first");
    assert_eq!(
        (looks[0].client.as_deref(), looks[0].hotline.as_deref()),
        (Some("127.0.0.1"), Some("lab"))
    );
    assert!(
        noted.iter().all(|line| !line.about.contains("491570")),
        "no number is in the audit log"
    );

    let operator = stage::signed_in(&stage, Role::Operator).await;
    let log = operator.page("/audit").await;
    assert!(
        log.contains("looks at the caller&#39;s number") || log.contains("looks at the caller's number"),
        "{log}"
    );
    assert_eq!(
        operator.json("/api/v1/audit?since=2026-01-01T00:00:00Z").await["audit"][0]["who"],
        "the operator"
    );
    assert_eq!(admin.get("/api/v1/audit").send().await.unwrap().status(), 403);
    stage.strike().await;
}

/// Whoever is signed out, or gone, hears no more of the calls; and whoever may see one hotline hears of no other.
#[tokio::test(flavor = "multi_thread")]
async fn a_stream_ends_with_the_sign_in() {
    let stage = stage::set().await;
    let viewer = stage::signed_in(&stage, Role::Viewer).await;
    let mut stream = viewer.get("/api/v1/events").send().await.unwrap();
    let name = rotaline::access::UserName::parse("the viewer").unwrap();
    stage.access().remove_user(&name).await.unwrap();
    let over = async { while stream.chunk().await.unwrap().is_some() {} };
    tokio::time::timeout(stage::PATIENCE, over)
        .await
        .expect("the stream goes on for somebody who is gone");
    assert_eq!(viewer.get("/api/v1/events").send().await.unwrap().status(), 401);

    let lab = HotlineName("ward".to_owned());
    let rights = rotaline::access::Rights::new(Role::Viewer, [lab]).unwrap();
    let ward = rotaline::access::UserName::parse("of the ward").unwrap();
    let word = stage.access().add_token(&ward, &rights).await.unwrap();
    let admin = stage::signed_in(&stage, Role::Admin).await;
    let client = reqwest::Client::new();
    let asked = client.get(format!("{}/api/v1/events?after=0", admin.base));
    let mut stream = asked.bearer_auth(secrecy::ExposeSecret::expose_secret(&word)).send().await.unwrap();
    let mut facts = stage.service().store().subscribe();
    admin.post("/test-call", "scenario=first-declines").await;
    tokio::time::timeout(stage::PATIENCE, super::line::until_over(&mut facts))
        .await
        .unwrap();
    let mut heard = Vec::new();
    let listening = async {
        while let Some(more) = stream.chunk().await.unwrap() {
            heard.extend_from_slice(&more);
        }
    };
    let _ = tokio::time::timeout(std::time::Duration::from_secs(1), listening).await;
    let heard = String::from_utf8(heard).unwrap();
    assert!(!heard.contains("event:"), "{heard}");
    stage.strike().await;
}

/// By name and password over a real socket, as the first operator of a new house does it.
#[tokio::test(flavor = "multi_thread")]
async fn the_first_operator_signs_in() {
    let stage = stage::set().await;
    let base = format!("http://{}", stage.service().address());
    let page = reqwest::get(&base).await.unwrap().text().await.unwrap();
    assert!(page.contains("Nobody can sign in yet"), "{page}");
    let hash = rotaline::access::PasswordHash::of(&PASSWORD.to_owned().into()).unwrap();
    let name = rotaline::access::UserName::parse("Olga").unwrap();
    let rights = rotaline::access::Rights::new(Role::Operator, []).unwrap();
    stage.access().add_user(&name, Some(&hash), &rights).await.unwrap();
    let olga = Browser::say(&base, "olga", PASSWORD).await;
    let front = olga.page("/").await;
    assert!(front.contains("Sign out") && front.contains("Audit log"), "{front}");
    stage.strike().await;
}

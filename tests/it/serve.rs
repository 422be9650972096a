//! `rotaline serve` as an operator meets it: what is wrong said at once, and an orderly stop.

use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

const TOKEN: &str = "0123456789abcdef0123456789abcdef";

fn rotaline(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rotaline"));
    command
        .current_dir(folder)
        .env_remove("ROTALINE_CONFIG")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn configured(extra: &str) -> (TempDir, u16) {
    let folder = tempfile::tempdir().unwrap();
    let (port, admin) = (free_port(), free_port());
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/sample-rota.xlsx");
    fs::copy(fixture, folder.path().join("rota.xlsx")).unwrap();
    let config = format!(
        r#"
        [server]
        listen = "127.0.0.1:{port}"
        admin_listen = "127.0.0.1:{admin}"
        [store]
        path = "rotaline.sqlite"
        [twilio]
        account_sid = "AC00000000000000000000000000000000"
        api_base = "http://127.0.0.1:{port}"
        [[hotline]]
        name = "lab"
        numbers = ["+61491570006"]
        rota = {{ file = "rota.xlsx" }}
        {extra}
        "#
    );
    fs::write(folder.path().join("rotaline.toml"), config).unwrap();
    (folder, port)
}

/// Ends the process even where a test fails.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Asks until the service answers; it reads the rota before it listens.
async fn first_answer(client: &reqwest::Client, url: &str) -> reqwest::Response {
    for _ in 0..400 {
        if let Ok(answer) = client.get(url).send().await {
            return answer;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("no answer at {url}");
}

#[test]
fn without_a_token_nothing_starts_and_the_words_say_why() {
    let (folder, _) = configured("");
    let output = rotaline(folder.path())
        .arg("serve")
        .env_remove("ROTALINE_TWILIO_AUTH_TOKEN")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let words = String::from_utf8(output.stderr).unwrap();
    assert!(words.contains("ROTALINE_TWILIO_AUTH_TOKEN"), "{words}");
    assert!(!folder.path().join("rotaline.sqlite").exists(), "nothing is opened");
}

#[test]
fn all_faults_come_at_once() {
    let (folder, _) = configured("ring_seconds = 0\nscreening = \"press-2\"\nlast_resort = \"0491 570 110\"\nringg = 3");
    let output = rotaline(folder.path())
        .arg("serve")
        .env("ROTALINE_TWILIO_AUTH_TOKEN", TOKEN)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let words = String::from_utf8(output.stderr).unwrap();
    for key in ["ring_seconds", "screening", "last_resort", "ringg"] {
        assert!(words.contains(key), "{key} is not named: {words}");
    }
    assert!(!words.contains(TOKEN));
}

/// The closer name would win over our switching it off.
#[test]
fn what_holds_tokens_is_not_logged_even_when_asked_for() {
    let (folder, _) = configured("");
    let output = rotaline(folder.path())
        .args(["--log", "info,yup_oauth2::authenticator=trace", "serve"])
        .env("ROTALINE_TWILIO_AUTH_TOKEN", TOKEN)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let words = String::from_utf8(output.stderr).unwrap();
    assert!(words.contains("yup_oauth2 is never logged"), "{words}");
}

#[tokio::test]
async fn it_serves_refuses_the_unsigned_and_stops_in_order() {
    let (folder, port) = configured("");
    let child = rotaline(folder.path())
        .arg("serve")
        .env("ROTALINE_TWILIO_AUTH_TOKEN", TOKEN)
        .spawn()
        .unwrap();
    let mut running = Running(child);
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let at = |path: &str| format!("http://127.0.0.1:{port}{path}");
    assert_eq!(first_answer(&client, &at("/live")).await.status(), 200);
    assert_eq!(client.get(at("/ready")).send().await.unwrap().status(), 200);

    let unsigned = client
        .post(at("/twilio/voice"))
        .header("content-type", "application/x-www-form-urlencoded")
        .body("CallSid=CA1&To=%2B61491570006");
    assert_eq!(unsigned.send().await.unwrap().status(), 403);
    let too_long = client
        .post(at("/twilio/voice"))
        .header("x-twilio-signature", "x")
        .body("a".repeat(64 * 1024 + 1));
    assert_eq!(too_long.send().await.unwrap().status(), 413);

    let stopped = Command::new("kill").args(["-TERM", &running.0.id().to_string()]).status().unwrap();
    assert!(stopped.success());
    let status = tokio::task::spawn_blocking(move || running.0.wait()).await.unwrap().unwrap();
    assert_eq!(status.code(), Some(0));
    assert!(folder.path().join("rotaline.sqlite").exists(), "what was kept is kept");
}

//! Whatever Google and Microsoft do, and whoever knocks: nothing that comes out of us holds a secret.

use super::cli::{folder_with, typed_with};
use super::remote::{SHEET, SITE, google_rota, graph_rota, today};
use fakes::Fault;
use fakes::google::{self, Google};
use fakes::graph::{self, Graph};
use reqwest::{Client, Method, RequestBuilder};
use rotaline::store::Store;
use std::fs::{self, File};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

const CARRIER: &str = "0123456789abcdef0123456789abcdef";
const HOOK: &str = "B0hushhushhush";
/// What only the environment has: for alarms, for recordings, for the mail server.
const ALARMS: &str = "marked-alarm-word-0123456789";
const LISTENERS: &str = "marked listeners' word 0123456789";
const MAIL: &str = "marked-mail-word-0123456789";
/// Where sources believe us to be.
const BELL: &str = "https://hotline.example.org";
const HOTLINES: [&str; 3] = ["lab", "ops", "book"];

/// A Google and a Microsoft, and a folder with a hotline for each kind of source.
struct World {
    google: Google,
    graph: Graph,
    folder: TempDir,
    page: u16,
    admin: u16,
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

impl World {
    async fn new() -> Self {
        let (google, graph) = (Google::start().await, Graph::start().await);
        google.put(SHEET, google_rota(today()));
        let site = graph.add_site(SITE);
        graph_rota(&graph, &site, today());
        let workbook = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/sample-rota.xlsx");
        graph.put_file(&site, "Rotas/Rota.xlsx", fs::read(workbook).unwrap());
        let (page, admin) = (free_port(), free_port());
        let text = configuration(&google, &graph, page, admin);
        let webhook = format!("{}/services/T0/{HOOK}", google.url());
        let folder = folder_with(&[
            ("google.json", &google.key_json()),
            ("microsoft", graph.client_secret()),
            ("certificate.pem", graph.certificate_pem()),
            ("webhook", &webhook),
            ("rotaline.toml", &text),
            (
                "certified.toml",
                &text.replace("client_secret_file = \"microsoft\"", "certificate_file = \"certificate.pem\""),
            ),
        ]);
        Self {
            google,
            graph,
            folder,
            page,
            admin,
        }
    }

    /// All requests fail so, and no token is good any longer.
    fn fail(&self, fault: &Fault, google: google::Route, graph: graph::Route) {
        self.google.expire_tokens();
        self.graph.expire_tokens();
        self.google.fail(google, fault.clone(), None);
        self.graph.fail(graph, fault.clone(), None);
    }

    fn heal(&self) {
        self.google.heal();
        self.graph.heal();
    }

    /// Of the keys, and of what went over the wire.
    fn secrets(&self) -> Vec<String> {
        let key: serde_json::Value = serde_json::from_str(&self.google.key_json()).unwrap();
        let pems = [key["private_key"].as_str().unwrap(), self.graph.certificate_pem()];
        let lines = pems
            .iter()
            .flat_map(|pem| pem.lines())
            .filter(|line| line.len() > 40 && !line.starts_with('-'));
        let journal: Vec<_> = self.google.journal().into_iter().chain(self.graph.journal()).collect();
        let bearers = journal.iter().filter_map(|request| request.bearer().map(str::to_owned));
        let assertions = journal.iter().flat_map(|request| {
            let mut form = request.form();
            [form.remove("assertion"), form.remove("client_assertion")]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
        });
        let signatures = assertions.filter_map(|assertion| assertion.rsplit('.').next().map(str::to_owned));
        let told = [self.graph.client_secret(), CARRIER, HOOK, ALARMS, LISTENERS, MAIL].map(str::to_owned);
        let mut secrets: Vec<String> = lines.map(str::to_owned).chain(bearers).chain(signatures).chain(told).collect();
        secrets.extend(self.graph.tokens());
        secrets.extend(self.google.channels().into_iter().filter_map(|channel| channel.token));
        secrets.extend(
            self.graph
                .subscriptions()
                .into_iter()
                .filter_map(|subscription| subscription.client_state),
        );
        secrets.sort();
        secrets.dedup();
        assert!(secrets.iter().all(|secret| secret.len() >= HOOK.len()), "{secrets:?}");
        secrets
    }
}

fn configuration(google: &Google, graph: &Graph, page: u16, admin: u16) -> String {
    let (google, tenant, client, graph) = (google.url(), graph.tenant(), graph.client_id(), graph.url());
    // So soon that the operator is told at once.
    let ends = today() + chrono::TimeDelta::days(3);
    let rotas = [
        format!("{{ google_sheet = \"{SHEET}\" }}"),
        format!("{{ sharepoint_site = \"{SITE}\" }}"),
        format!("{{ excel_online = \"Rotas/Rota.xlsx\", site = \"{SITE}\" }}"),
    ];
    let hotlines: String = (6..)
        .zip(HOTLINES.iter().zip(rotas))
        .map(|(number, (name, rota))| {
            format!(
                "[[hotline]]\nname = \"{name}\"\nnumbers = [\"+6149157000{number}\"]\ntime_zone = \"Australia/Melbourne\"\n\
                 refresh_seconds = 5\nrota = {rota}\n"
            )
        })
        .collect();
    format!(
        "[server]\nlisten = \"127.0.0.1:{page}\"\nadmin_listen = \"127.0.0.1:{admin}\"\npublic_url = \"{BELL}\"\n\
         [twilio]\naccount_sid = \"AC00000000000000000000000000000000\"\napi_base = \"{google}\"\n\
         [google]\nkey_file = \"google.json\"\nsheets_base = \"{google}\"\ndrive_base = \"{google}\"\n\
         [microsoft]\ntenant = \"{tenant}\"\nclient_id = \"{client}\"\ngraph_base = \"{graph}\"\nlogin_base = \"{graph}\"\n\
         client_secret_file = \"microsoft\"\nclient_secret_expires = {ends}\n\
         [notices]\nwebhook_file = \"webhook\"\n\
         mail = {{ host = \"127.0.0.1\", port = 9, tls = \"none\", user = \"hotline\", from = \"hotline@example.org\", to = [\"ops@example.org\"] }}\n{hotlines}"
    )
}

/// Those that do not only make one wait.
fn faults() -> Vec<Fault> {
    let errors = [401, 403, 404, 500].map(Fault::status);
    let pages = [200, 502].map(|code| Fault::Html { code });
    let broken = [Fault::CutBody, Fault::Reset, Fault::Empty, Fault::WrongShape];
    // An endless answer ends at a bound, and slow ones are ordinary in the end.
    let large = [Fault::Huge { bytes: 40 << 20 }, Fault::SlowHeaders(Duration::from_millis(300))];
    let busy = [Fault::busy(429, "1"), Fault::busy(503, "Wed, 21 Oct 2015 07:28:00 GMT")];
    errors.into_iter().chain(pages).chain(broken).chain(large).chain(busy).collect()
}

fn assert_holds_none(what: &str, text: &[u8], secrets: &[String]) {
    let text = String::from_utf8_lossy(text);
    for secret in secrets {
        let Some(at) = text.find(secret.as_str()) else { continue };
        let around: String = text[..at].chars().rev().take(300).collect::<Vec<_>>().into_iter().rev().collect();
        panic!("{what} holds {secret}: …{around}");
    }
}

async fn checked(folder: &Path, configuration: &str, json: bool) -> String {
    let mut arguments = vec![
        "--config".to_owned(),
        configuration.to_owned(),
        "--log=trace".into(),
        "check-credentials".into(),
    ];
    arguments.extend(json.then(|| "--json".to_owned()));
    let folder = folder.to_owned();
    let typed = tokio::task::spawn_blocking(move || typed_with(&folder, &arguments, &[]));
    let said = typed.await.unwrap();
    said.out + &said.err
}

#[tokio::test(flavor = "multi_thread")]
async fn check_credentials_tells_no_secret_whatever_is_answered() {
    let world = World::new().await;
    let routes = [
        (google::Route::Token, graph::Route::Token),
        (google::Route::Spreadsheet, graph::Route::Site),
        (google::Route::DriveFile, graph::Route::Items),
        (google::Route::DriveFile, graph::Route::Download),
    ];
    let mut said = checked(world.folder.path(), "rotaline.toml", false).await;
    assert!(said.contains("a call now would ring Ana Diaz"), "{said}");
    for (nth, fault) in faults().iter().enumerate() {
        for (google, graph) in routes {
            world.fail(fault, google, graph);
            let configuration = if nth % 2 == 0 { "rotaline.toml" } else { "certified.toml" };
            said += &checked(world.folder.path(), configuration, nth % 3 == 0).await;
            world.heal();
        }
    }
    let secrets = world.secrets();
    assert!(secrets.len() > 100, "{}", secrets.len());
    assert_holds_none("what was said", said.as_bytes(), &secrets);
    assert_eq!(world.graph.leaked_tokens(), Vec::<String>::new());

    // Keys that are nearly right.
    let path = |name: &str| world.folder.path().join(name);
    let cut = |name: &str| {
        let text = fs::read_to_string(path(name)).unwrap();
        fs::write(path(name), &text[..text.len() / 2]).unwrap();
    };
    let broken_key = world
        .google
        .key_json()
        .replace("\"private_key\": \"-----BEGIN", "\"private_key\": \"-----BEGUN");
    fs::write(path("google.json"), broken_key).unwrap();
    fs::write(path("microsoft"), format!("{}\nand more", world.graph.client_secret())).unwrap();
    cut("certificate.pem");
    let mut said = checked(world.folder.path(), "rotaline.toml", true).await;
    said += &checked(world.folder.path(), "certified.toml", false).await;
    cut("google.json");
    fs::write(path("webhook"), format!("http://hooks.example.org/services/T0/{HOOK}\n")).unwrap();
    said += &checked(world.folder.path(), "rotaline.toml", false).await;
    assert_holds_none("what was said of keys", said.as_bytes(), &secrets);
}

/// Ends the process even where a test fails.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn serve(world: &World) -> Running {
    let log = File::create(world.folder.path().join("log")).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_rotaline"));
    command
        .args(["--log", "trace", "serve"])
        .current_dir(world.folder.path())
        .env_remove("ROTALINE_CONFIG")
        .env("ROTALINE_TWILIO_AUTH_TOKEN", CARRIER)
        .env("ROTALINE_INCIDENT_TOKEN_LAB", ALARMS)
        .env("ROTALINE_RECORDINGS_PASSWORD", LISTENERS)
        .env("ROTALINE_NOTICES_MAIL_PASSWORD", MAIL)
        .stdout(Stdio::null())
        .stderr(log);
    Running(command.spawn().unwrap())
}

async fn until(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    let waiting = async {
        while !is_so().await {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    assert!(
        tokio::time::timeout(Duration::from_secs(60), waiting).await.is_ok(),
        "never: {what}"
    );
}

/// A way to knock, with what is said there.
fn knocks(client: &Client, base: &str, hotline: &str, says: [&str; 3]) -> [RequestBuilder; 3] {
    let [anybody, google, graph] = says;
    let at = |path: &str| client.request(Method::POST, format!("{base}/nudge/{hotline}{path}"));
    let batch = serde_json::json!({ "value": [{ "clientState": graph }] }).to_string();
    [
        at("").bearer_auth(anybody),
        at("/google")
            .header("X-Goog-Channel-Token", google)
            .header("X-Goog-Resource-State", "update"),
        at("/graph").header("content-type", "application/json").body(batch),
    ]
}

/// The password for the script, as it is given to the admin.
async fn password(world: &World, hotline: &str) -> String {
    let (folder, hotline) = (world.folder.path().to_owned(), hotline.to_owned());
    let typed = tokio::task::spawn_blocking(move || typed_with(&folder, &["nudge-script", "--hotline", &hotline], &[]));
    let said = typed.await.unwrap();
    let line = said.out.lines().find_map(|line| line.strip_prefix("const PASSWORD = \""));
    line.unwrap_or_else(|| panic!("{}{}", said.out, said.err))
        .trim_end_matches("\";")
        .to_owned()
}

/// As an operator makes it, while the service runs.
async fn operators_token(world: &World) -> String {
    let folder = world.folder.path().to_owned();
    let typed = tokio::task::spawn_blocking(move || typed_with(&folder, &["token", "add", "tests", "--role", "operator"], &[]));
    let said = typed.await.unwrap();
    assert_eq!(said.status, 0, "{}", said.err);
    said.out.trim().to_owned()
}

/// All pages and answers that there are to read, for a program that may.
async fn shown(client: &Client, world: &World, token: &str) -> String {
    let (page, admin) = (world.page, world.admin);
    let mut paths: Vec<String> = ["/", "/live", "/ready", "/health", "/api/v1/hotlines", "/api/v1/calls"]
        .iter()
        .map(|path| format!("http://127.0.0.1:{page}{path}"))
        .collect();
    for hotline in HOTLINES {
        paths
            .extend(["on-call", "diagnostics", "versions"].map(|what| format!("http://127.0.0.1:{page}/api/v1/hotlines/{hotline}/{what}")));
    }
    paths.push(format!("http://127.0.0.1:{admin}/metrics"));
    let mut all = String::new();
    for path in paths {
        let answer = client.get(&path).bearer_auth(token).send().await.unwrap();
        all += &format!(
            "{path} {} {:?}\n{}\n",
            answer.status(),
            answer.headers().clone(),
            answer.text().await.unwrap()
        );
    }
    all
}

/// Alarms with the right word and with others, recordings that there are not, webhooks that nobody has signed, and what is no
/// request at all.
async fn alarms_and_forgeries(client: &Client, base: &str) -> String {
    let incidents = format!("{base}/api/v1/hotlines/lab/incidents");
    let post = |url: &str| client.post(url.to_owned()).header("content-type", "application/json");
    let requests = [
        post(&incidents).bearer_auth(ALARMS).body("{\"title\": 7"),
        post(&incidents)
            .bearer_auth(ALARMS)
            .body("{\"key\": \"k\", \"title\": \"Freezer 2\"}"),
        post(&incidents).bearer_auth(format!("{ALARMS}x")).body("{}"),
        post(&format!("{base}/api/v1/hotlines/ops/incidents"))
            .bearer_auth(ALARMS)
            .body("{}"),
        client
            .get(format!("{base}/api/v1/hotlines/lab/recordings/1"))
            .basic_auth("anna", Some(LISTENERS)),
        client
            .get(format!("{base}/api/v1/hotlines/lab/recordings"))
            .basic_auth("anna", Some(LISTENERS)),
        client
            .post(format!("{base}/twilio/voice"))
            .header("X-Twilio-Signature", "forged")
            .form(&[("AccountSid", "AC00000000000000000000000000000000"), ("From", "+61491570901")]),
        post(&format!("{base}/twilio/sms")).body("%%%=%"),
    ];
    let mut said = String::new();
    for request in requests {
        let answer = request.send().await.unwrap();
        said += &format!(
            "{} {:?} {}\n",
            answer.status(),
            answer.headers().clone(),
            answer.text().await.unwrap()
        );
    }
    assert!(
        said.contains("201 ") || said.contains("200 "),
        "the right word raises an alarm: {said}"
    );
    said
}

#[tokio::test(flavor = "multi_thread")]
async fn the_service_tells_no_secret_whatever_happens() {
    let world = World::new().await;
    let base = format!("http://127.0.0.1:{}", world.page);
    world.google.door(BELL, &base);
    world.graph.door(BELL, &base);
    let running = serve(&world);
    let client = Client::builder().no_proxy().build().unwrap();
    until("it answers", async || client.get(format!("{base}/live")).send().await.is_ok()).await;
    until("all knock", async || {
        !world.google.channels().is_empty() && world.graph.subscriptions().len() >= 3
    })
    .await;
    until("the operator is told", async || {
        world.google.journal().iter().any(|request| request.path.contains(HOOK))
    })
    .await;
    let token = operators_token(&world).await;
    let mut all = shown(&client, &world, &token).await;
    let mut passwords = Vec::new();
    for hotline in HOTLINES {
        passwords.push((hotline, password(&world, hotline).await));
    }
    // The last ones ask to be left alone for a while.
    for fault in faults() {
        world.fail(&fault, google::Route::Any, graph::Route::Any);
        let before = (world.google.journal().len(), world.graph.journal().len());
        for (hotline, password) in &passwords {
            let [anybody, ..] = knocks(&client, &base, hotline, [password, "", ""]);
            assert_eq!(anybody.send().await.unwrap().status(), 202);
        }
        let is_met = async || world.google.journal().len() > before.0 && world.graph.journal().len() > before.1;
        until(&format!("they meet {fault:?}"), is_met).await;
        all += &shown(&client, &world, &token).await;
        world.heal();
    }
    // Whoever has one password has no other.
    for (hotline, password) in &passwords {
        for knock in knocks(&client, &base, hotline, ["wrong", password, password]) {
            let answer = knock.send().await.unwrap();
            assert_eq!(answer.status(), 401, "{hotline}");
            all += &format!("{:?} {}", answer.headers().clone(), answer.text().await.unwrap());
        }
        let elsewhere = client
            .post(format!("{base}/nudge/{hotline}2"))
            .bearer_auth(password)
            .send()
            .await
            .unwrap();
        assert_eq!(elsewhere.status(), 401);
    }
    all += &alarms_and_forgeries(&client, &base).await;
    let stopped = Command::new("kill").args(["-TERM", &running.0.id().to_string()]).status().unwrap();
    assert!(stopped.success());
    let mut running = running;
    let status = tokio::task::spawn_blocking(move || running.0.wait()).await.unwrap().unwrap();
    assert_eq!(status.code(), Some(0));

    let mut secrets = world.secrets();
    secrets.push(token);
    secrets.extend(passwords.into_iter().map(|(_, password)| password));
    for entry in fs::read_dir(world.folder.path()).unwrap() {
        let path = entry.unwrap().path();
        if path.to_string_lossy().contains("sqlite") {
            assert_holds_none("the store", &fs::read(&path).unwrap(), &secrets);
        }
    }
    let store = Store::open(&world.folder.path().join("rotaline.sqlite")).await.unwrap();
    secrets.push(store.recall("nudge-secret").await.unwrap().unwrap());
    store.close().await;
    let log = fs::read(world.folder.path().join("log")).unwrap();
    assert!(String::from_utf8_lossy(&log).contains("TRACE"), "the log is heard");
    assert_holds_none("the log", &log, &secrets);
    assert_holds_none("what is shown", all.as_bytes(), &secrets);
    assert_eq!(world.graph.leaked_tokens(), Vec::<String>::new());
}

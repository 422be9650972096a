//! The service as the internet meets it: over sockets, through proxies, from strangers.

mod doors;
mod proxies;
mod slow;
mod tls;

use crate::stage;
use rotaline::app::{Extras, Service};
use rotaline::clock::Clock;
use rotaline::config::{Config, Environment, Secrets, TOKEN_VARIABLE};
use rotaline::store::Store;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpSocket, TcpStream};

/// The one of tests/fixtures/proxies/matrix.py.
const TOKEN: &str = "0123456789abcdef0123456789abcdef";
/// With it alarms of the hotline are raised.
const INCIDENT_TOKEN: &str = "correct-horse-battery-staple-wire";
const PATIENCE: Duration = Duration::from_secs(20);
/// Where proxies are that are trusted, and where strangers are.
const PROXY: Ipv4Addr = Ipv4Addr::LOCALHOST;
const STRANGER: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 2);

/// The whole service on a free port, with these lines under `[server]`; only [`PROXY`] is trusted.
async fn served(lines: &str) -> Service {
    let text = format!(
        r#"
        [server]
        trusted_proxies = ["{PROXY}"]
        {lines}
        [twilio]
        account_sid = "AC00000000000000000000000000000000"
        api_base = "http://127.0.0.1:9"
        [[hotline]]
        name = "lab"
        numbers = ["+61491570006"]
        rota = {{ file = "tests/fixtures/sample-rota.xlsx" }}
        "#
    );
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let secrets = [(TOKEN_VARIABLE, TOKEN), ("ROTALINE_INCIDENT_TOKEN_LAB", INCIDENT_TOKEN)];
    let env: Environment = secrets.map(|(name, secret)| (name.to_owned(), secret.to_owned())).into();
    let config = Config::read(&text, "rotaline.toml", folder, &env, Secrets::All).unwrap_or_else(|faults| panic!("{faults}"));
    let extras = Extras {
        listener: Some(TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap()),
        store: Some(Store::in_memory().await.unwrap()),
        ..Extras::default()
    };
    Box::pin(Service::start(config, Clock::anchored_at(stage::wednesday()), extras))
        .await
        .unwrap()
}

/// A connection from this address.
async fn connected(from: Ipv4Addr, to: SocketAddr) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind((from, 0).into()).unwrap();
    socket.connect(to).await.unwrap()
}

/// What is answered to these bytes, to the end of the connection.
async fn answered(mut stream: TcpStream, bytes: &[u8]) -> Answer {
    stream.write_all(bytes).await.unwrap();
    let mut answer = Vec::new();
    tokio::time::timeout(PATIENCE, stream.read_to_end(&mut answer))
        .await
        .unwrap()
        .unwrap();
    Answer(String::from_utf8_lossy(&answer).into_owned())
}

/// `GET path` with these headers, from this address.
async fn get(service: &Service, from: Ipv4Addr, path: &str, headers: &[(&str, &str)]) -> Answer {
    let lines: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let head = format!("GET {path} HTTP/1.1\r\n{lines}Connection: close\r\n\r\n");
    answered(connected(from, service.address()).await, head.as_bytes()).await
}

/// Head and body as they came.
struct Answer(String);

impl Answer {
    fn status(&self) -> u16 {
        self.0.get(9..12).and_then(|status| status.parse().ok()).unwrap_or(0)
    }

    fn header(&self, name: &str) -> Option<&str> {
        let head = self.0.split("\r\n\r\n").next().unwrap();
        let lines = head.lines().filter_map(|line| line.split_once(": "));
        let mut values = lines.filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value);
        values.next()
    }

    fn code(&self) -> String {
        let body = self.0.split_once("\r\n\r\n").unwrap().1;
        let json: serde_json::Value = serde_json::from_str(body).unwrap_or_else(|error| panic!("{error}: {}", self.0));
        json["error"]["code"].as_str().unwrap().to_owned()
    }
}

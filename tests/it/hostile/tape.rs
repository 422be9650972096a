//! What stands between the carrier and the service and writes everything down that the carrier sends, to send it again.

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use rand::seq::SliceRandom as _;
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, OnceLock};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// One request of the carrier's, with its signature.
#[derive(Clone, Debug)]
pub(super) struct Sent {
    pub(super) path: String,
    headers: HeaderMap,
    body: Bytes,
}

/// Passes everything on.
pub(super) struct Tape {
    pub(super) url: String,
    inner: Arc<Inner>,
    answering: JoinHandle<()>,
}

struct Inner {
    to: OnceLock<SocketAddr>,
    client: reqwest::Client,
    sent: Mutex<Vec<Sent>>,
    /// How many older requests are sent again after each; none, it only listens.
    echoes: usize,
    chance: Mutex<ChaCha8Rng>,
}

impl Tape {
    /// Sends so many older requests again after each one that it passes on.
    pub(super) async fn start(echoes: usize, seed: u64) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let inner = Arc::new(Inner {
            to: OnceLock::new(),
            client: reqwest::Client::builder().no_proxy().build().unwrap(),
            sent: Mutex::default(),
            echoes,
            chance: Mutex::new(ChaCha8Rng::seed_from_u64(seed)),
        });
        let router = Router::new().fallback(pass).with_state(Arc::clone(&inner));
        let answering = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { url, inner, answering }
    }

    pub(super) fn leads_to(&self, service: SocketAddr) {
        self.inner.to.set(service).unwrap();
    }

    /// Everything so far, in order.
    pub(super) fn sent(&self) -> Vec<Sent> {
        self.inner.sent.lock().unwrap().clone()
    }

    /// Sends all of this again, and gives the answers.
    pub(super) async fn again(&self, sent: &[Sent]) -> Vec<(StatusCode, String)> {
        let mut answers = Vec::new();
        for one in sent {
            let (status, _, body) = self.inner.post(one).await;
            answers.push((status, String::from_utf8_lossy(&body).into_owned()));
        }
        answers
    }
}

impl Drop for Tape {
    fn drop(&mut self) {
        self.answering.abort();
    }
}

impl Inner {
    async fn post(&self, sent: &Sent) -> (StatusCode, HeaderMap, Bytes) {
        let to = self.to.get().expect("the service is there");
        let mut headers = sent.headers.clone();
        for ours in ["host", "content-length", "connection", "transfer-encoding"] {
            headers.remove(ours);
        }
        let request = self
            .client
            .post(format!("http://{to}{}", sent.path))
            .headers(headers)
            .body(sent.body.clone());
        let answer = request.send().await.unwrap();
        let (status, headers) = (answer.status(), answer.headers().clone());
        (status, headers, answer.bytes().await.unwrap())
    }

    fn older(&self) -> Vec<Sent> {
        let sent = self.sent.lock().unwrap();
        let mut chance = self.chance.lock().unwrap();
        let pick = |_| sent[chance.random_range(0..sent.len())].clone();
        (0..self.echoes).map(pick).collect()
    }
}

async fn pass(State(inner): State<Arc<Inner>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let path = parts.uri.path_and_query().unwrap().as_str().to_owned();
    if parts.method != "POST" {
        let to = inner.to.get().expect("the service is there");
        let answer = inner.client.get(format!("http://{to}{path}")).send().await.unwrap();
        return Response::builder()
            .status(answer.status())
            .body(Body::from(answer.bytes().await.unwrap()))
            .unwrap();
    }
    let sent = Sent {
        path,
        headers: parts.headers,
        body: to_bytes(body, 1 << 20).await.unwrap(),
    };
    let (status, headers, body) = inner.post(&sent).await;
    inner.sent.lock().unwrap().push(sent);
    for older in inner.older() {
        inner.post(&older).await;
    }
    let mut answer = Response::new(Body::from(body));
    *answer.status_mut() = status;
    for (name, value) in &headers {
        if name != "content-length" && name != "transfer-encoding" && name != "connection" {
            answer.headers_mut().insert(name, value.clone());
        }
    }
    answer
}

/// The same in some order: as it was, backwards, or shuffled.
pub(super) fn ordered(sent: &[Sent], order: u64) -> Vec<Sent> {
    let mut again = sent.to_vec();
    match order {
        0 => {}
        1 => again.reverse(),
        seed => again.shuffle(&mut ChaCha8Rng::seed_from_u64(seed)),
    }
    again
}

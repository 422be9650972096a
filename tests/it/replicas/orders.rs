//! What stands between the processes and the telephone network's API: it writes down which orders to dial were taken, and
//! may keep one for itself.

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode, request::Parts};
use axum::response::{IntoResponse as _, Response};
use std::sync::{Arc, Mutex};
use tokio::sync::Notify;

#[derive(Clone)]
pub(super) struct Orders {
    network: String,
    client: reqwest::Client,
    taken: Arc<Mutex<Vec<String>>>,
    swallows: Arc<Mutex<bool>>,
    pub(super) swallowed: Arc<Notify>,
    pub(super) given_up: Arc<Notify>,
}

impl Orders {
    pub(super) async fn open(network: String) -> (Self, String) {
        let orders = Self {
            network,
            client: reqwest::Client::new(),
            taken: Arc::default(),
            swallows: Arc::default(),
            swallowed: Arc::default(),
            given_up: Arc::default(),
        };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().fallback(take).with_state(orders.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        (orders, address)
    }

    /// The next order to dial gets lost, and is answered only when that is given up.
    pub(super) fn swallow_the_next(&self) {
        *self.swallows.lock().unwrap() = true;
    }

    /// The callback addresses of the orders to dial that the network has taken: each names a call and its leg.
    pub(super) fn taken(&self) -> Vec<String> {
        self.taken.lock().unwrap().clone()
    }

    async fn pass_on(&self, parts: Parts, body: Bytes) -> Response {
        let asked = self.client.request(parts.method, format!("{}{}", self.network, parts.uri));
        let Ok(answer) = asked.headers(parts.headers).body(body).send().await else {
            return StatusCode::BAD_GATEWAY.into_response();
        };
        let mut response = Response::builder().status(answer.status());
        response.headers_mut().unwrap().extend(answer.headers().clone());
        response.headers_mut().unwrap().remove("transfer-encoding");
        response.body(Body::from(answer.bytes().await.unwrap_or_default())).unwrap()
    }
}

async fn take(State(orders): State<Orders>, request: Request) -> Response {
    let (mut parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, 1 << 20).await.unwrap();
    parts.headers.remove("host");
    let is_dial = parts.method == Method::POST && parts.uri.path().ends_with("/Calls.json");
    if !is_dial {
        return orders.pass_on(parts, body).await;
    }
    if std::mem::take(&mut *orders.swallows.lock().unwrap()) {
        orders.swallowed.notify_one();
        orders.given_up.notified().await;
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    let leg = url::form_urlencoded::parse(&body).find(|(key, _)| key == "Url");
    let leg = leg.map(|(_, url)| url.into_owned()).unwrap();
    let response = orders.pass_on(parts, body).await;
    if response.status().is_success() {
        orders.taken.lock().unwrap().push(leg);
    }
    response
}

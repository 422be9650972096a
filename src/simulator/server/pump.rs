//! Carries webhooks to the service and their answers back, when the network's time has come.

use super::{Shared, leads_to_loopback};
use crate::config::is_loopback;
use crate::simulator::checker::{LONGEST_DOCUMENT, Violation};
use crate::simulator::document::Method;
use crate::simulator::posting::{Failed, WebhookReply, WebhookRequest};
use crate::twilio::signature::sign;
use reqwest::header::{ACCEPT, CONTENT_TYPE};
use reqwest::redirect::{Attempt, Policy};
use secrecy::ExposeSecret as _;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use url::form_urlencoded;

/// Twilio waits so long for an answer, all in all.
const PATIENCE: Duration = Duration::from_secs(15);

/// Twilio waits so long for a connection.
const CONNECT_PATIENCE: Duration = Duration::from_secs(5);

/// Twilio follows so many redirections.
const REDIRECTIONS: usize = 10;

/// A client that cannot leave this machine.
pub(super) fn client() -> Result<reqwest::Client, reqwest::Error> {
    let here = [
        SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
        SocketAddr::from((Ipv6Addr::LOCALHOST, 0)),
    ];
    let stays_here = |attempt: Attempt<'_>| {
        if attempt.previous().len() > REDIRECTIONS || !is_loopback(attempt.url()) {
            attempt.error("a redirection in circles, or out of this machine")
        } else {
            attempt.follow()
        }
    };
    reqwest::Client::builder()
        .no_proxy()
        .resolve_to_addrs("localhost", &here)
        .redirect(Policy::custom(stays_here))
        .connect_timeout(CONNECT_PATIENCE)
        .timeout(PATIENCE)
        .user_agent("TwilioProxy/1.1")
        .build()
}

/// Until `stop`: does what is due, sends what goes out, sleeps until the next instant.
pub(super) async fn run(client: reqwest::Client, shared: Arc<Shared>, stop: CancellationToken) {
    let mut on_their_way = JoinSet::new();
    loop {
        let (requests, next) = {
            let mut network = shared.network();
            (network.advance(shared.tempo.now()), network.next_at())
        };
        for request in requests {
            on_their_way.spawn(carry(client.clone(), Arc::clone(&shared), request));
        }
        shared.rounds.send_modify(|rounds| *rounds += 1);
        let next = async {
            match next {
                Some(at) => shared.tempo.clock.sleep_until(shared.tempo.on_the_clock(at)).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = stop.cancelled() => break,
            () = shared.changed.notified() => {}
            () = next => {}
            Some(_) = on_their_way.join_next() => {}
        }
    }
    on_their_way.shutdown().await;
}

/// One webhook, there and back.
async fn carry(client: reqwest::Client, shared: Arc<Shared>, request: WebhookRequest) {
    let answer = if leads_to_loopback(&request.url) {
        send(&client, &shared, &request).await
    } else {
        let what = "this network does not call out of its machine".to_owned();
        shared.network().fault(&request.url, Violation { code: None, what });
        Err(Failed::Broken)
    };
    shared.network().answer(shared.tempo.now(), request.id, answer);
    shared.changed.notify_one();
}

async fn send(client: &reqwest::Client, shared: &Shared, request: &WebhookRequest) -> Result<WebhookReply, Failed> {
    let signature = sign(shared.auth_token.expose_secret(), &request.url, &request.form);
    let to_send = match request.method {
        Method::Get => client.get(&request.url),
        Method::Post => {
            let body = form_urlencoded::Serializer::new(String::new())
                .extend_pairs(request.form.iter())
                .finish();
            client
                .post(&request.url)
                .header(CONTENT_TYPE, "application/x-www-form-urlencoded; charset=UTF-8")
                .body(body)
        }
    };
    let to_send = to_send
        .header("X-Twilio-Signature", signature)
        .header("I-Twilio-Idempotency-Token", request.idempotency_token())
        .header("X-Home-Region", "us1")
        .header(ACCEPT, "*/*");
    let response = to_send.send().await.map_err(|error| why(&error))?;
    let status = response.status().as_u16();
    let content_type = response
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .map(str::to_owned);
    let body = read(response).await?;
    Ok(WebhookReply {
        status,
        content_type,
        body,
    })
}

/// The body, and of one that is too long as much as shows that it is.
async fn read(mut response: reqwest::Response) -> Result<String, Failed> {
    let mut body = Vec::new();
    while let Some(piece) = response.chunk().await.map_err(|error| why(&error))? {
        body.extend_from_slice(&piece);
        if body.len() > LONGEST_DOCUMENT {
            break;
        }
    }
    Ok(String::from_utf8_lossy(&body).into_owned())
}

fn why(error: &reqwest::Error) -> Failed {
    tracing::debug!(%error, "a webhook was not answered");
    if error.is_connect() {
        Failed::Connect
    } else if error.is_timeout() {
        Failed::Timeout
    } else {
        Failed::Broken
    }
}

//! How a listener is served: so many connections and no more, each with a time for everything that its client has to do.
//! Whoever opens connections and says nothing, or listens to nothing, must not use up what calls need. It must not know what
//! is answered.

mod body;
mod seats;
mod stream;

use crate::metrics::names;
use crate::peer::{Connection, Trusted, Way};
use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::response::IntoResponse as _;
use body::{Coming, Going};
use hyper::body::Incoming;
use hyper::header::{CACHE_CONTROL, CONNECTION, HeaderValue, X_CONTENT_TYPE_OPTIONS};
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use hyper_util::service::TowerToHyperService;
use seats::{Most, Seat, Seats, Sitter};
use serde_json::json;
use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use stream::Attended;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;

/// Together with those of admins three quarters of the files that a process may usually have open (1024): the store and our
/// own questions to others need some too. What is told over half of them at once shares its way to the disk.
const OF_EVERYBODY: Most = Most { all: 512, of_one: 256 };
const OF_ADMINS: Most = Most { all: 256, of_one: 128 };
/// For the head of a request; also how long a connection may be idle between two.
const HEAD_PATIENCE: Duration = Duration::from_secs(15);
/// The largest head of a request in bytes; its headers are 100 at most, as hyper has it.
const LARGEST_HEAD: usize = 32 * 1024;
/// What is held of a connection on its way in or out, in bytes.
const LARGEST_BUFFER: usize = 64 * 1024;
/// To agree on how to encrypt.
const HANDSHAKE_PATIENCE: Duration = Duration::from_secs(10);
/// Until an answer begins; the carrier itself waits for 15 s.
const ANSWER_PATIENCE: Duration = Duration::from_secs(30);
/// Before the next try where the machine gives no connection.
const RECOVERY: Duration = Duration::from_millis(100);

/// How connections are taken.
#[derive(Clone)]
pub(super) struct Manner {
    most: Most,
    /// Whose word counts on whom they ask for.
    trusted: Trusted,
    /// With which we encrypt ourselves.
    tls: Option<TlsAcceptor>,
}

impl Manner {
    /// At the doors that are open to everybody.
    pub(super) const fn for_everybody(trusted: Trusted, tls: Option<TlsAcceptor>) -> Self {
        let most = OF_EVERYBODY;
        Self { most, trusted, tls }
    }

    /// At a door that only the operator's own network reaches.
    pub(super) fn for_admins() -> Self {
        let (most, trusted) = (OF_ADMINS, Trusted::default());
        Self { most, trusted, tls: None }
    }
}

/// Answers until `stop`, then finishes what is being answered.
pub(super) fn serve(listener: TcpListener, router: Router, manner: Manner, stop: CancellationToken) -> JoinHandle<()> {
    tokio::spawn(answer(listener, router, manner, stop))
}

/// What all connections of a listener have in common.
#[derive(Clone)]
struct House {
    router: Router,
    manner: Manner,
    seats: Seats,
}

async fn answer(listener: TcpListener, router: Router, manner: Manner, stop: CancellationToken) {
    let seats = Seats::new(manner.most);
    let house = House { router, manner, seats };
    let graceful = GracefulShutdown::new();
    while let Some((stream, peer)) = stop.run_until_cancelled(next(&listener)).await {
        let is_proxy = house.manner.trusted.includes(peer.ip());
        let Some(taken) = stop.run_until_cancelled(house.seats.take(peer.ip(), is_proxy)).await else {
            break;
        };
        let Some(seat) = taken else { continue };
        tokio::spawn(attend(house.clone(), stream, peer, seat, graceful.watcher()));
    }
    drop(listener);
    graceful.shutdown().await;
}

/// One connection, until its client or we end it.
async fn attend(house: House, stream: TcpStream, peer: SocketAddr, seat: Seat, watcher: Watcher) {
    let Ok(here) = stream.local_addr() else { return };
    let leave = seat.sitter.leave.clone();
    let connection = Connection {
        peer: peer.ip(),
        reached: here.ip(),
        is_encrypted: house.manner.tls.is_some(),
    };
    let stream = Attended::new(stream, Arc::clone(&seat.sitter));
    let talk = async {
        match house.manner.tls.clone() {
            None => house.converse(stream, (peer, connection), &seat.sitter, watcher).await,
            Some(tls) => match tokio::time::timeout(HANDSHAKE_PATIENCE, tls.accept(stream)).await {
                Ok(Ok(stream)) => house.converse(stream, (peer, connection), &seat.sitter, watcher).await,
                Ok(Err(_)) | Err(_) => metrics::counter!(names::CONNECTIONS_CLOSED, "why" => "handshake").increment(1),
            },
        }
    };
    leave.run_until_cancelled(talk).await;
}

impl House {
    async fn converse<S>(&self, stream: S, (peer, connection): (SocketAddr, Connection), sitter: &Arc<Sitter>, watcher: Watcher)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let answers = TowerToHyperService::new(self.router.clone());
        let service = service_fn(|mut request: Request<Incoming>| {
            sitter.has_asked();
            let way = Way::of(request.headers(), connection, &self.manner.trusted);
            request.extensions_mut().insert(way);
            request.extensions_mut().insert(ConnectInfo(peer));
            let request = request.map(|body| Body::new(Coming::new(body, Arc::clone(sitter))));
            let answering = tokio::time::timeout(ANSWER_PATIENCE, answers.call(request));
            async {
                let answer = match answering.await {
                    Ok(answer) => answer?,
                    Err(_) => too_slow(),
                };
                let answer = answer.map(|body| Going::new(body, Arc::clone(sitter)));
                Ok::<_, Infallible>(closing(answer, self.seats.are_scarce()))
            }
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD_PATIENCE)
            .max_header_size(LARGEST_HEAD)
            .max_buf_size(LARGEST_BUFFER)
            .serve_connection(TokioIo::new(stream), service);
        // What a client does to its connection is nobody's business here.
        let _ended = watcher.watch(connection).await;
    }
}

/// Something of ours does not come to its end.
fn too_slow() -> Response<Body> {
    metrics::counter!(names::REQUESTS_REFUSED, "why" => "slow").increment(1);
    let message = "The answer takes too long. Try again in a moment.";
    let said = axum::Json(json!({ "error": { "code": "too-slow", "message": message } }));
    let alone = [(X_CONTENT_TYPE_OPTIONS, "nosniff"), (CACHE_CONTROL, "no-store")];
    (StatusCode::SERVICE_UNAVAILABLE, alone, said).into_response()
}

/// The answer, and the end of its connection where few places are left.
fn closing<B>(mut answer: Response<B>, places_are_scarce: bool) -> Response<B> {
    if places_are_scarce {
        answer.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }
    answer
}

/// The next connection.
async fn next(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok(connection) => return connection,
            Err(fault) if is_of_one(&fault) => {}
            Err(fault) => {
                tracing::warn!(%fault, "a connection could not be taken");
                tokio::time::sleep(RECOVERY).await;
            }
        }
    }
}

/// The caller is gone already.
fn is_of_one(fault: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(fault.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

#[cfg(test)]
mod tests;

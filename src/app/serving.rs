//! How a listener is served: so many connections and no more, and none that keeps us waiting for a request. Whoever
//! opens connections and says nothing must not use up what calls need. It must not know what is answered.

use axum::Router;
use axum::extract::ConnectInfo;
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// Half of the files that a process may usually have open (1024), for both listeners together: the store and our own
/// questions to others need some too.
const CONNECTIONS: usize = 256;
/// For the head of a request; also how long a connection may be idle between two.
const HEAD_PATIENCE: Duration = Duration::from_secs(15);
/// Before the next try where the machine gives no connection.
const RECOVERY: Duration = Duration::from_millis(100);

/// Answers until `stop`, then finishes what is being answered.
pub(super) fn serve(listener: TcpListener, router: Router, stop: CancellationToken) -> JoinHandle<()> {
    tokio::spawn(answer(listener, router, stop))
}

async fn answer(listener: TcpListener, router: Router, stop: CancellationToken) {
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    let graceful = GracefulShutdown::new();
    while let Some(Ok((stream, peer, place))) = stop.run_until_cancelled(next(&listener, &places)).await {
        let answers = TowerToHyperService::new(router.clone());
        let service = service_fn(move |mut request: hyper::Request<hyper::body::Incoming>| {
            request.extensions_mut().insert(ConnectInfo(peer));
            answers.call(request)
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD_PATIENCE)
            .serve_connection(TokioIo::new(stream), service);
        let answering = graceful.watch(connection);
        tokio::spawn(async move {
            // What a client does to its connection is nobody's business here.
            let _ended = answering.await;
            drop(place);
        });
    }
    drop(listener);
    graceful.shutdown().await;
}

/// The next connection, once there is a place for it; until then it waits in the machine's queue.
async fn next(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> Result<(TcpStream, SocketAddr, OwnedSemaphorePermit), tokio::sync::AcquireError> {
    let place = Arc::clone(places).acquire_owned().await?;
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => return Ok((stream, peer, place)),
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

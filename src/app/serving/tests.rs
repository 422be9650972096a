//! Connections over real sockets, while the clock jumps whenever nobody has anything to do.

use super::*;
use crate::clock::Clock;
use axum::routing::get;
use std::net::SocketAddr;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::sync::Notify;

const HEAD: &[u8] = b"GET / HTTP/1.1\r\nhost: here\r\n";

struct Served {
    at: SocketAddr,
    stop: CancellationToken,
    task: JoinHandle<()>,
}

async fn served(router: Router) -> Served {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (at, stop) = (listener.local_addr().unwrap(), CancellationToken::new());
    let task = serve(listener, router, stop.clone());
    Served { at, stop, task }
}

fn hello() -> Router {
    Router::new().route("/", get(|| async { "hello" }))
}

async fn said(at: SocketAddr, bytes: &[u8]) -> TcpStream {
    let mut stream = TcpStream::connect(at).await.unwrap();
    stream.write_all(bytes).await.unwrap();
    stream
}

async fn heard(mut stream: TcpStream) -> String {
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

async fn asked(at: SocketAddr) -> String {
    heard(said(at, &[HEAD, b"connection: close\r\n\r\n"].concat()).await).await
}

#[tokio::test(start_paused = true)]
async fn who_does_not_finish_a_request_is_not_waited_for() {
    let here = served(hello()).await;
    for silent in [&b""[..], b"GET /", HEAD] {
        let begun = Clock::monotonic();
        assert!(!heard(said(here.at, silent).await).await.contains("hello"));
        assert!(begun.elapsed() < Duration::from_secs(20), "{silent:?}");
    }
    // Nor who was answered and stays.
    let idle = heard(said(here.at, &[HEAD, b"\r\n"].concat()).await).await;
    assert!(idle.ends_with("hello"), "{idle}");
}

#[tokio::test(start_paused = true)]
async fn the_silent_take_no_place_for_long() {
    let here = served(hello()).await;
    let mut silent = Vec::new();
    for _ in 0..CONNECTIONS + 20 {
        silent.push(said(here.at, b"GET /").await);
    }
    let begun = Clock::monotonic();
    assert!(asked(here.at).await.ends_with("hello"));
    let waited = begun.elapsed();
    assert!(waited > Duration::from_secs(10), "no more than so many at once: {waited:?}");
    assert!(waited < Duration::from_secs(40), "{waited:?}");
}

#[tokio::test]
async fn what_is_being_answered_is_answered_to_the_end() {
    let (asked, go) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (is_asked, may_go) = (Arc::clone(&asked), Arc::clone(&go));
    let slow = move || {
        let (asked, go) = (Arc::clone(&asked), Arc::clone(&go));
        async move {
            asked.notify_one();
            go.notified().await;
            "at last"
        }
    };
    let here = served(Router::new().route("/", get(slow))).await;
    let stream = said(here.at, &[HEAD, b"\r\n"].concat()).await;
    is_asked.notified().await;
    here.stop.cancel();
    may_go.notify_one();
    assert!(heard(stream).await.ends_with("at last"));
    here.task.await.unwrap();
    assert!(TcpStream::connect(here.at).await.is_err());
}

//! Connections over real sockets, while the clock jumps whenever nobody has anything to do.

use super::*;
use crate::clock::Clock;
use axum::routing::{get, post};
use std::net::Ipv4Addr;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpSocket;
use tokio::sync::Notify;

const HEAD: &[u8] = b"GET / HTTP/1.1\r\nhost: here\r\n";

struct Served {
    at: SocketAddr,
    stop: CancellationToken,
    task: JoinHandle<()>,
}

async fn served(router: Router) -> Served {
    served_by(trusting_nobody(), router).await
}

async fn served_by(manner: Manner, router: Router) -> Served {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (at, stop) = (listener.local_addr().unwrap(), CancellationToken::new());
    let task = serve(listener, router, manner, stop.clone());
    Served { at, stop, task }
}

/// All clients here are strangers.
fn trusting_nobody() -> Manner {
    Manner::for_everybody(Trusted::nobody(), None)
}

fn with(all: usize, of_one: usize) -> Manner {
    let most = Most { all, of_one };
    Manner { most, ..trusting_nobody() }
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

/// A page that is answered when it is told to.
fn held() -> (Router, Arc<Notify>) {
    let go = Arc::new(Notify::new());
    let may_go = Arc::clone(&go);
    let page = move || {
        let go = Arc::clone(&may_go);
        async move {
            go.notified().await;
            "at last"
        }
    };
    (hello().route("/held", get(page)), go)
}

async fn from(address: Ipv4Addr, to: SocketAddr) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind((address, 0).into()).unwrap();
    socket.connect(to).await.unwrap()
}

#[tokio::test(start_paused = true)]
async fn the_silent_give_way_to_whoever_comes() {
    let here = served_by(with(120, 60), hello()).await;
    let mut silent = Vec::new();
    for number in 0..140 {
        // From many addresses: none has more than one may have.
        let address = Ipv4Addr::new(127, 0, 2, u8::try_from(number % 100 + 1).unwrap());
        let mut stream = from(address, here.at).await;
        stream.write_all(b"GET /").await.unwrap();
        silent.push(stream);
    }
    let begun = Clock::monotonic();
    assert!(asked(here.at).await.ends_with("hello"));
    assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());
}

#[tokio::test]
async fn one_client_has_so_many_connections_and_who_is_answered_keeps_his() {
    let (router, go) = held();
    let Served { at, stop, task } = served_by(with(10, 3), router).await;
    let one = Ipv4Addr::new(127, 0, 0, 9);
    let mut waiting = Vec::new();
    for _ in 0..3 {
        let mut stream = from(one, at).await;
        stream
            .write_all(b"GET /held HTTP/1.1\r\nhost: here\r\nconnection: close\r\n\r\n")
            .await
            .unwrap();
        waiting.push(stream);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    // He uses all that he may have, so a fourth is not taken; somebody else's is.
    let mut fourth = from(one, at).await;
    let _ = fourth.write_all(&[HEAD, b"connection: close\r\n\r\n"].concat()).await;
    let mut nothing = Vec::new();
    let _ = fourth.read_to_end(&mut nothing).await;
    assert_eq!(nothing, b"");
    assert!(asked(at).await.ends_with("hello"));
    for stream in waiting {
        go.notify_one();
        assert!(heard(stream).await.ends_with("at last"));
    }
    stop.cancel();
    task.await.unwrap();
}

/// Where few places are left, a connection ends with its answer, instead of idling for 15 s in somebody's place.
#[tokio::test]
async fn scarce_connections_end_with_their_answer() {
    let Served { at, stop, task } = served_by(with(2, 2), hello()).await;
    let mut kept = said(at, &[HEAD, b"\r\n"].concat()).await;
    let mut answer = [0; 1024];
    let read = kept.read(&mut answer).await.unwrap();
    let first = String::from_utf8_lossy(&answer[..read]).into_owned();
    assert!(first.ends_with("hello") && !first.contains("connection: close"), "{first}");
    // With this second one fewer than half are left.
    let second = heard(said(at, &[HEAD, b"\r\n"].concat()).await).await;
    assert!(second.contains("connection: close"), "{second}");
    kept.write_all(&[HEAD, b"\r\n"].concat()).await.unwrap();
    let again = kept.read(&mut answer).await.unwrap();
    assert!(
        String::from_utf8_lossy(&answer[..again]).ends_with("hello"),
        "who idles is not cut off while there is room"
    );
    drop(kept);
    stop.cancel();
    task.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_body_and_an_answer_have_their_time() {
    let (router, _never) = held();
    let router = router.route("/say", post(|body: String| async move { body }));
    let here = served(router).await;
    for (bytes, seconds, words) in [
        (&b"POST /say HTTP/1.1\r\nhost: here\r\ncontent-length: 9\r\n\r\nhalf"[..], 20, "400"),
        (b"GET /held HTTP/1.1\r\nhost: here\r\n\r\n", 30, "\"code\":\"too-slow\""),
    ] {
        let begun = Clock::monotonic();
        let answer = heard(said(here.at, bytes).await).await;
        assert!(answer.contains(words), "{answer}");
        let waited = begun.elapsed().as_secs();
        assert!((seconds..seconds + 17).contains(&waited), "{waited}");
    }
}

/// What is said to whoever takes in nothing is more than all buffers on the way hold.
#[tokio::test(start_paused = true)]
async fn who_does_not_read_is_not_waited_for() {
    const MUCH: usize = 64 << 20;
    let here = served(Router::new().route("/", get(|| async { vec![b'x'; MUCH] }))).await;
    let mut stream = said(here.at, &[HEAD, b"connection: close\r\n\r\n"].concat()).await;
    tokio::time::sleep(stream::PATIENCE + Duration::from_secs(5)).await;
    let (mut all, mut part) = (0, vec![0; 1 << 16]);
    while let Ok(read @ 1..) = stream.read(&mut part).await {
        all += read;
    }
    assert!(all > 0 && all < MUCH, "{all}");
}

#[tokio::test]
async fn who_does_not_read_gives_way() {
    const MUCH: usize = 64 << 20;
    let router = hello().route("/much", get(|| async { vec![b'x'; MUCH] }));
    let Served { at, stop, .. } = served_by(with(3, 3), router).await;
    let mut deaf = Vec::new();
    for _ in 0..3 {
        deaf.push(said(at, b"GET /much HTTP/1.1\r\nhost: here\r\n\r\n").await);
    }
    // Until all buffers on the way are full.
    tokio::time::sleep(Duration::from_millis(500)).await;
    let other = Ipv4Addr::new(127, 0, 0, 8);
    let mut stream = from(other, at).await;
    stream.write_all(&[HEAD, b"connection: close\r\n\r\n"].concat()).await.unwrap();
    let answer = tokio::time::timeout(Duration::from_secs(5), heard(stream)).await;
    assert!(answer.unwrap().ends_with("hello"));
    stop.cancel();
}

/// Whoever says who he is only by a proxy's word is not counted by the proxy's connections.
#[tokio::test]
async fn a_trusted_proxy_may_have_all_connections() {
    let (router, go) = held();
    let manner = Manner {
        trusted: Trusted::default(),
        ..with(10, 2)
    };
    let Served { at, stop, task } = served_by(manner, router).await;
    let mut waiting = Vec::new();
    for _ in 0..6 {
        waiting.push(said(at, b"GET /held HTTP/1.1\r\nhost: here\r\nconnection: close\r\n\r\n").await);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    for stream in waiting {
        go.notify_one();
        assert!(heard(stream).await.ends_with("at last"));
    }
    stop.cancel();
    task.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn who_does_not_agree_on_how_to_encrypt_is_not_waited_for() {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(rustls::server::ResolvesServerCertUsingSni::new()));
    let manner = Manner::for_everybody(Trusted::nobody(), Some(TlsAcceptor::from(Arc::new(config))));
    let Served { at, stop, .. } = served_by(manner, hello()).await;
    // A hello that is never finished: a record of 256 octets is announced.
    for silent in [&b""[..], b"\x16\x03\x01\x01\x00\x01"] {
        let begun = Clock::monotonic();
        assert_eq!(heard(said(at, silent).await).await, "");
        assert!(begun.elapsed() < Duration::from_secs(12), "{:?}", begun.elapsed());
    }
    stop.cancel();
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

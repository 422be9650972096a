//! Connections to Google that end when too much has come in. The SDK reads an answer to its end however long it is,
//! and then spends 3 KB of memory on each cell, be it only `{}`; so bytes and opening braces are counted as they arrive.
//! It must not know what the bytes mean.
//!
//! Each connection serves one request: nothing is kept for later, and only HTTP/1 is spoken.

use crate::SourceError;
use hyper::Uri;
use hyper::rt::{Read, ReadBuf, ReadBufCursor, Write};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::connect::{Connected, Connection, HttpConnector};
use hyper_util::client::legacy::{Builder, Client};
use hyper_util::rt::{TokioExecutor, TokioIo};
use std::error::Error;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::net::TcpStream;
use tower_service::Service;

type Https = HttpsConnector<HttpConnector>;
type Stream = hyper_rustls::MaybeHttpsStream<TokioIo<TcpStream>>;
type Fault = Box<dyn Error + Send + Sync>;

/// How much one connection may bring.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bound {
    pub(super) bytes: u64,
    /// Opening braces, that is JSON objects.
    pub(super) braces: u64,
}

/// Whether a connection was ended because it brought too much.
pub(super) type Exceeded = Arc<AtomicBool>;

/// Opens connections: TLS with ring and the web's root certificates, plain only where that was asked for.
#[derive(Clone)]
pub(super) struct Connector(Https);

/// Opens connections that are counted.
#[derive(Clone)]
pub(super) struct Bounded {
    https: Https,
    bound: Bound,
    exceeded: Exceeded,
}

/// A connection that is counted.
pub(super) struct Counted {
    stream: Stream,
    left: Bound,
    exceeded: Exceeded,
}

impl Connector {
    /// `plain` also lets `http` through.
    pub(super) fn new(connect: Duration, plain: bool) -> Result<Self, SourceError> {
        let mut http = HttpConnector::new();
        // Otherwise https is refused below the layer that speaks it.
        http.enforce_http(false);
        http.set_connect_timeout(Some(connect));
        // The provider is named: with two of them in the program, the library would not choose but panic.
        let tls = HttpsConnectorBuilder::new()
            .with_provider_and_webpki_roots(rustls::crypto::ring::default_provider())
            .map_err(|fault| SourceError::Transient(format!("TLS cannot be set up here: {fault}")))?;
        let schemes = if plain { tls.https_or_http() } else { tls.https_only() };
        Ok(Self(schemes.enable_http1().wrap_connector(http)))
    }

    /// A client for a body of any kind; with what tells whether an answer was too long.
    pub(super) fn client<B>(&self, bound: Bound) -> (Client<Bounded, B>, Exceeded)
    where
        B: hyper::body::Body + Send,
        B::Data: Send,
    {
        let exceeded = Exceeded::default();
        let connector = Bounded {
            https: self.0.clone(),
            bound,
            exceeded: Arc::clone(&exceeded),
        };
        (builder().build(connector), exceeded)
    }
}

fn builder() -> Builder {
    let mut builder = Client::builder(TokioExecutor::new());
    builder.pool_max_idle_per_host(0);
    builder
}

impl Service<Uri> for Bounded {
    type Response = Counted;
    type Error = Fault;
    type Future = Pin<Box<dyn Future<Output = Result<Counted, Fault>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Fault>> {
        self.https.poll_ready(cx)
    }

    fn call(&mut self, address: Uri) -> Self::Future {
        let connecting = self.https.call(address);
        let (left, exceeded) = (self.bound, Arc::clone(&self.exceeded));
        Box::pin(async move {
            let stream = connecting.await?;
            Ok(Counted { stream, left, exceeded })
        })
    }
}

impl Counted {
    fn count(&mut self, arrived: &[u8]) -> io::Result<()> {
        let bytes = u64::try_from(arrived.len()).unwrap_or(u64::MAX);
        let braces = arrived.iter().filter(|byte| **byte == b'{').count();
        let braces = u64::try_from(braces).unwrap_or(u64::MAX);
        match (self.left.bytes.checked_sub(bytes), self.left.braces.checked_sub(braces)) {
            (Some(bytes), Some(braces)) => {
                self.left = Bound { bytes, braces };
                Ok(())
            }
            (None, _) | (_, None) => {
                self.exceeded.store(true, Ordering::Release);
                Err(io::Error::other("more than is read"))
            }
        }
    }
}

impl Read for Counted {
    /// By way of a buffer of our own, as what is in the caller's cannot be looked at.
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, mut into: ReadBufCursor<'_>) -> Poll<io::Result<()>> {
        let mut memory = [0; 16 << 10];
        let room = into.remaining().min(memory.len());
        let mut arrived = ReadBuf::new(memory.get_mut(..room).unwrap_or_default());
        ready!(Pin::new(&mut self.stream).poll_read(cx, arrived.unfilled()))?;
        self.count(arrived.filled())?;
        into.put_slice(arrived.filled());
        Poll::Ready(Ok(()))
    }
}

impl Write for Counted {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, from: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, from)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

impl Connection for Counted {
    fn connected(&self) -> Connected {
        self.stream.connected()
    }
}

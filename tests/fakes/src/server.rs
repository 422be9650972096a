//! The socket of a fake: HTTP/1.1 read and written by hand, one request after the other on each connection, so that a body cut off and a
//! connection reset are what the client's kernel sees. It knows no API; that is what an [`Api`] is for.

mod exchange;
mod reading;

use crate::faults::{Faults, Route};
use crate::journal::{Journal, Request};
use exchange::Exchange;
use serde_json::Value;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

/// What an API has to be to be served.
pub trait Api: Send + Sync + 'static {
    /// Its requests, by what they are for.
    type Route: Route;

    /// What a request is for; `None` for one that the API does not know.
    fn route(&self, request: &Request) -> Option<Self::Route>;

    /// Carries a request out.
    fn answer(&self, request: &Request) -> impl Future<Output = Answer> + Send;

    /// The body of an error with this status, as the API words it on this route.
    fn error(&self, route: Self::Route, code: u16) -> Value;
}

/// An answer as it goes out. Content-Length is added.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    /// As sent. Shared, so that a large answer can be kept.
    pub body: Arc<[u8]>,
}

impl Answer {
    /// JSON, as both APIs label it.
    pub fn json(status: u16, body: &Value) -> Answer {
        Answer::bytes(status, "application/json; charset=UTF-8", body.to_string().into_bytes())
    }

    /// Anything else.
    pub fn bytes(status: u16, content_type: &str, body: Vec<u8>) -> Answer {
        Answer {
            status,
            headers: vec![("content-type".to_owned(), content_type.to_owned())],
            body: body.into(),
        }
    }

    /// Nothing but a status (204, 202, 304).
    pub fn empty(status: u16) -> Answer {
        Answer {
            status,
            headers: Vec::new(),
            body: Arc::default(),
        }
    }

    /// With one more header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Answer {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }
}

/// A running server. It ends when this is dropped.
#[derive(Debug)]
pub struct Server<A: Api> {
    core: Arc<Core<A>>,
    address: SocketAddr,
    accepting: Mutex<Option<JoinHandle<()>>>,
}

#[derive(Debug)]
struct Core<A: Api> {
    api: Arc<A>,
    faults: Faults<A::Route>,
    journal: Journal,
    delay: Mutex<Duration>,
}

impl<A: Api> Server<A> {
    /// Serves an API on this address (`127.0.0.1:0` for any free port). Panics when the address cannot be had.
    pub async fn start(api: Arc<A>, address: &str) -> Server<A> {
        let core = Arc::new(Core {
            api,
            faults: Faults::default(),
            journal: Journal::default(),
            delay: Mutex::default(),
        });
        let listener = TcpListener::bind(address).await.expect("the fake's address is free");
        let address = listener.local_addr().expect("a bound socket has an address");
        Server {
            accepting: Mutex::new(Some(tokio::spawn(accept(listener, Arc::clone(&core))))),
            core,
            address,
        }
    }

    /// `http://127.0.0.1:PORT`, without a slash at the end.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The API served.
    pub fn api(&self) -> &A {
        &self.core.api
    }

    /// What goes wrong.
    pub fn faults(&self) -> &Faults<A::Route> {
        &self.core.faults
    }

    /// What came in.
    pub fn journal(&self) -> &Journal {
        &self.core.journal
    }

    /// Holds every answer back for so long from now on.
    pub fn delay(&self, by: Duration) {
        *self.core.delay.lock().unwrap() = by;
    }

    /// Closes the port and all connections: whoever connects now is refused.
    pub async fn close(&self) {
        let accepting = self.accepting.lock().unwrap().take();
        if let Some(task) = accepting {
            task.abort();
            // An aborted task's error says only that it was aborted.
            drop(task.await);
        }
    }

    /// Opens the same port again after [`Server::close`].
    pub async fn open(&self) {
        self.close().await;
        let listener = TcpListener::bind(self.address).await.expect("the fake's port is still free");
        *self.accepting.lock().unwrap() = Some(tokio::spawn(accept(listener, Arc::clone(&self.core))));
    }
}

impl<A: Api> Drop for Server<A> {
    fn drop(&mut self) {
        if let Some(task) = self.accepting.lock().unwrap().take() {
            task.abort();
        }
    }
}

/// Takes connections until it is aborted; its connections end with it.
async fn accept<A: Api>(listener: TcpListener, core: Arc<Core<A>>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            Ok((stream, _)) = listener.accept() => {
                let core = Arc::clone(&core);
                connections.spawn(async move {
                    // What a client does to its connection is its own affair.
                    drop(serve(stream, &core).await);
                });
            }
            Some(_) = connections.join_next() => {}
        }
    }
}

/// One connection, until either side ends it.
async fn serve<A: Api>(mut stream: TcpStream, core: &Core<A>) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut read = Vec::new();
    while let Some(request) = reading::next_request(&mut stream, &mut read).await? {
        let number = core.journal.arrived(&request);
        let route = core.api.route(&request);
        let fault = route.and_then(|route| core.faults.meet(route).map(|fault| (route, fault)));
        let exchange = Exchange {
            core,
            request: &request,
            number,
        };
        let after = match fault {
            None => exchange.send(&mut stream, &exchange.ordinary().await).await?,
            Some((route, fault)) => exchange.fail(&mut stream, route, fault).await?,
        };
        let is_last = request
            .headers
            .get("connection")
            .is_some_and(|value| value.eq_ignore_ascii_case("close"));
        if after.is_break() || is_last {
            break;
        }
    }
    stream.shutdown().await
}

//! What stands between the service and the telephone network, in both directions, as a reverse proxy does before a real
//! one. It sees every request and every answer, and so knows the moments that hurt: there it kills the service.

use super::process::Process;
use super::wire::{self, Message};
use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// For so long a request waits for a service that is being started again.
const HOLD: Duration = Duration::from_secs(11);
/// After that an answer is not waited for any longer: the network itself waits for 15 s.
const LONGEST: Duration = Duration::from_secs(13);

/// So often the carrier asks at an address of ours (`rc=2`).
const MOST_ATTEMPTS: u32 = 3;

/// The status of an order that the network has certainly not taken.
const THROTTLED: &str = "429";

/// When the service is killed. Requests are counted from its start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Strike {
    /// So long after its start, perhaps before it listens.
    Starting(Duration),
    /// So long after it listens, whatever it is doing.
    After(Duration),
    /// Of its nth request only so many bytes leave the machine.
    OrderCut { nth: u32, bytes: usize },
    /// Its nth request is taken, and the answer never reaches it.
    OrderTaken { nth: u32 },
    /// The answer to its nth request reaches it, and it has so long to note it.
    OrderAnswered { nth: u32, micros: u64 },
    /// The nth webhook reaches it, and it has so long.
    WebhookBrought { nth: u32, micros: u64 },
    /// The nth webhook is answered, and the answer never reaches the network.
    WebhookAnswered { nth: u32 },
    /// The nth webhook is answered to the end, and it has so long for what follows from it.
    WebhookAcknowledged { nth: u32, micros: u64 },
}

/// What the gateway does wrong on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wrong {
    /// Answers notices about legs by itself.
    SwallowsNotices,
}

/// A webhook whose answer has reached the network.
#[derive(Clone, Debug)]
pub(super) struct Acknowledged {
    pub(super) path: String,
    pub(super) form: Vec<(String, String)>,
}

#[derive(Default)]
struct Seen {
    strike: Option<Strike>,
    orders: u32,
    webhooks: u32,
    /// The callback addresses of all orders to dial that reached the network.
    dialled: Vec<String>,
    acknowledged: Vec<Acknowledged>,
    /// How often each request was brought in vain, and by whose line.
    in_vain: BTreeMap<Vec<u8>, (String, u32)>,
}

pub(super) struct Gateway {
    process: Arc<Process>,
    network: SocketAddr,
    wrong: Option<Wrong>,
    seen: Mutex<Seen>,
}

impl Gateway {
    pub(super) fn new(process: Arc<Process>, network: SocketAddr, wrong: Option<Wrong>) -> Arc<Self> {
        Arc::new(Self {
            process,
            network,
            wrong,
            seen: Mutex::default(),
        })
    }

    /// Serves both directions: webhooks on the first listener, requests of the service on the second.
    pub(super) fn serve(self: &Arc<Self>, webhooks: TcpListener, orders: TcpListener) -> [JoinHandle<()>; 2] {
        let (to_service, to_network) = (Arc::clone(self), Arc::clone(self));
        [
            tokio::spawn(each(webhooks, move |stream| Arc::clone(&to_service).webhook(stream))),
            tokio::spawn(each(orders, move |stream| Arc::clone(&to_network).order(stream))),
        ]
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The service has been started anew: this is how it ends next.
    pub(super) fn prepare(&self, strike: Option<Strike>) {
        let mut seen = self.seen();
        (seen.strike, seen.orders, seen.webhooks) = (strike, 0, 0);
    }

    pub(super) fn dialled(&self) -> Vec<String> {
        self.seen().dialled.clone()
    }

    pub(super) fn acknowledged(&self) -> Vec<Acknowledged> {
        self.seen().acknowledged.clone()
    }

    /// The lines of which the network has asked something as often as it does, always while the service was away: whoever
    /// is on one hears that something is out of order.
    pub(super) fn given_up(&self) -> BTreeSet<String> {
        let seen = self.seen();
        let given_up = seen.in_vain.values().filter(|(_, times)| *times >= MOST_ATTEMPTS);
        given_up.map(|(line, _)| line.clone()).collect()
    }

    /// As a reverse proxy says that what is behind it is away.
    async fn bad_gateway(&self, stream: &mut TcpStream, request: &Message) {
        let line = request.form().into_iter().find(|(name, _)| name == "CallSid");
        let line = line.map(|(_, line)| line).unwrap_or_default();
        self.seen().in_vain.entry(request.body.clone()).or_insert((line, 0)).1 += 1;
        let _ = stream
            .write_all(b"HTTP/1.1 502 Bad Gateway\r\nconnection: close\r\ncontent-length: 0\r\n\r\n")
            .await;
    }

    async fn webhook(self: Arc<Self>, mut stream: TcpStream) {
        let Some(request) = Message::read(&mut stream).await else { return };
        let path = request.begins_with().1.to_owned();
        if self.wrong == Some(Wrong::SwallowsNotices) && path.ends_with("/status") {
            self.acknowledge(path, &request);
            let _ = stream.write_all(b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n").await;
            return;
        }
        let answered = async {
            let mut service = wire::connect(self.process.address(), HOLD).await?;
            let strike = self.next_webhook();
            let answer = self.bring(&mut service, &request, strike).await?;
            Some((answer, strike))
        };
        let Ok(Some((answer, strike))) = tokio::time::timeout(LONGEST, answered).await else {
            return self.bad_gateway(&mut stream, &request).await;
        };
        if answer.is_success() {
            self.acknowledge(path, &request);
        }
        let _ = stream.write_all(&answer.bytes()).await;
        drop(stream);
        if let Some(Strike::WebhookAcknowledged { micros, .. }) = strike {
            self.kill_after(micros).await;
        }
    }

    /// The strike, where this is its webhook.
    fn next_webhook(&self) -> Option<Strike> {
        let mut seen = self.seen();
        seen.webhooks += 1;
        let this = seen.webhooks;
        seen.strike.filter(|strike| match strike {
            Strike::WebhookBrought { nth, .. } | Strike::WebhookAnswered { nth } | Strike::WebhookAcknowledged { nth, .. } => *nth == this,
            Strike::Starting(_) | Strike::After(_) | Strike::OrderCut { .. } | Strike::OrderTaken { .. } | Strike::OrderAnswered { .. } => {
                false
            }
        })
    }

    async fn bring(&self, service: &mut TcpStream, request: &Message, strike: Option<Strike>) -> Option<Message> {
        match strike {
            Some(Strike::WebhookBrought { micros, .. }) => {
                service.write_all(&request.bytes()).await.ok()?;
                self.kill_after(micros).await;
                Message::read(service).await
            }
            Some(Strike::WebhookAnswered { .. }) => {
                wire::ask(service, &request.bytes()).await?;
                self.process.kill();
                None
            }
            Some(
                Strike::WebhookAcknowledged { .. }
                | Strike::Starting(_)
                | Strike::After(_)
                | Strike::OrderCut { .. }
                | Strike::OrderTaken { .. }
                | Strike::OrderAnswered { .. },
            )
            | None => wire::ask(service, &request.bytes()).await,
        }
    }

    fn acknowledge(&self, path: String, request: &Message) {
        let form = request.form();
        self.seen().acknowledged.push(Acknowledged { path, form });
    }

    async fn order(self: Arc<Self>, mut stream: TcpStream) {
        let Some(request) = Message::read(&mut stream).await else { return };
        let strike = self.next_order();
        let Some(mut network) = wire::connect(self.network, HOLD).await else {
            return;
        };
        if let Some(Strike::OrderCut { bytes, .. }) = strike {
            self.process.kill();
            let whole = request.bytes();
            let _ = network.write_all(&whole[..bytes.min(whole.len() - 1)]).await;
            return;
        }
        let Some(answer) = wire::ask(&mut network, &request.bytes()).await else {
            return;
        };
        let (method, path) = request.begins_with();
        if method == "POST" && path.ends_with("/Calls.json") && answer.begins_with().1 != THROTTLED {
            let url = request.form().into_iter().find(|(name, _)| name == "Url");
            self.seen().dialled.extend(url.map(|(_, url)| url));
        }
        if matches!(strike, Some(Strike::OrderTaken { .. })) {
            self.process.kill();
            return;
        }
        let _ = stream.write_all(&answer.bytes()).await;
        drop(stream);
        if let Some(Strike::OrderAnswered { micros, .. }) = strike {
            self.kill_after(micros).await;
        }
    }

    /// The strike, where this is its order.
    fn next_order(&self) -> Option<Strike> {
        let mut seen = self.seen();
        seen.orders += 1;
        let this = seen.orders;
        seen.strike.filter(|strike| match strike {
            Strike::OrderCut { nth, .. } | Strike::OrderTaken { nth } | Strike::OrderAnswered { nth, .. } => *nth == this,
            Strike::Starting(_)
            | Strike::After(_)
            | Strike::WebhookBrought { .. }
            | Strike::WebhookAnswered { .. }
            | Strike::WebhookAcknowledged { .. } => false,
        })
    }

    async fn kill_after(&self, micros: u64) {
        tokio::time::sleep(Duration::from_micros(micros)).await;
        self.process.kill();
    }
}

/// Serves each connection by itself.
async fn each<F: Future<Output = ()> + Send + 'static>(listener: TcpListener, serve: impl Fn(TcpStream) -> F) {
    while let Ok((stream, _)) = listener.accept().await {
        let _ = stream.set_nodelay(true);
        tokio::spawn(serve(stream));
    }
}

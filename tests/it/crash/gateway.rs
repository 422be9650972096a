//! What stands between the service and the telephone network, in both directions, as a reverse proxy does before a real
//! one. It sees every request and every answer, and so knows the moments that hurt: there it kills the service.

use super::process::Process;
use super::wire::{self, Message};
use chrono::{DateTime, Utc};
use rotaline::clock::Clock;
use rotaline::twilio::address::Place;
use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio::time::Instant;

/// For so long a request waits for a service that is being started again, all its attempts together: the carrier itself
/// waits for 15 s, however often it asks.
const HOLD: Duration = Duration::from_secs(14);
/// Later the same request is another one.
const PATIENCE: Duration = Duration::from_secs(16);
/// For so long an order waits for the network.
const CONNECTED: Duration = Duration::from_secs(11);
/// A service that lives has answered by then, on any machine.
const PROMPT: Duration = Duration::from_secs(5);

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
    pub(super) at: DateTime<Utc>,
    pub(super) path: String,
    pub(super) form: Vec<(String, String)>,
}

/// A webhook to which nobody has answered so far.
#[derive(Clone, Debug)]
struct InVain {
    line: String,
    since: Instant,
    /// Each time nothing was listening, or the service died before it could have answered.
    nobody_there: bool,
}

impl InVain {
    fn of(line: String) -> Self {
        Self {
            line,
            since: Clock::monotonic(),
            nobody_there: true,
        }
    }
}

#[derive(Default)]
struct Seen {
    strike: Option<Strike>,
    orders: u32,
    webhooks: u32,
    /// The callback addresses of all orders to dial that reached the network.
    dialled: Vec<String>,
    /// The lines that these have become, as far as the network has answered.
    placed: BTreeSet<String>,
    acknowledged: Vec<Acknowledged>,
    in_vain: BTreeMap<(String, Vec<u8>), InVain>,
    /// Those of which the carrier has had enough.
    given_up: Vec<InVain>,
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

    /// The lines that were ordered by REST.
    pub(super) fn placed(&self) -> BTreeSet<String> {
        self.seen().placed.clone()
    }

    /// The callers who were answered at the fallback address.
    pub(super) fn fell_back(&self) -> BTreeSet<String> {
        let seen = self.seen();
        let there = seen
            .acknowledged
            .iter()
            .filter(|told| matches!(told.path.parse(), Ok(Place::Fallback(_))));
        there.filter_map(|told| value(&told.form, "CallSid")).collect()
    }

    /// Whether something was asked of this line as long and as often as the carrier does, and each time nobody was there.
    pub(super) fn was_away_for(&self, line: &str) -> bool {
        let mut seen = self.seen();
        seen.settle();
        let mut of_line = seen.given_up.iter().filter(|vain| vain.line == line).peekable();
        of_line.peek().is_some() && of_line.all(|vain| vain.nobody_there)
    }

    /// As a reverse proxy says that what is behind it is away. `living`: for how long the service had the request.
    async fn bad_gateway(&self, stream: &mut TcpStream, request: &Message, living: Option<Duration>) {
        let line = value(&request.form(), "CallSid").unwrap_or_default();
        {
            let mut seen = self.seen();
            let vain = seen.in_vain.entry(request.key()).or_insert_with(|| InVain::of(line));
            vain.nobody_there &= living.is_none_or(|time| time < PROMPT);
        }
        let _ = stream
            .write_all(b"HTTP/1.1 502 Bad Gateway\r\nconnection: close\r\ncontent-length: 0\r\n\r\n")
            .await;
    }

    /// For how long this request may still wait.
    fn patience(&self, request: &Message) -> Duration {
        let line = value(&request.form(), "CallSid").unwrap_or_default();
        let mut seen = self.seen();
        seen.settle();
        let vain = seen.in_vain.entry(request.key()).or_insert_with(|| InVain::of(line));
        HOLD.saturating_sub(vain.since.elapsed())
    }

    async fn webhook(self: Arc<Self>, mut stream: TcpStream) {
        let Some(request) = Message::read(&mut stream).await else { return };
        let path = request.begins_with().1.to_owned();
        if self.wrong == Some(Wrong::SwallowsNotices) && path.ends_with("/status") {
            self.acknowledge(path, &request);
            let _ = stream.write_all(b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n").await;
            return;
        }
        let patience = self.patience(&request);
        let mut taken = None;
        let answered = async {
            let mut service = wire::connect(self.process.address(), patience).await?;
            taken = Some(Clock::monotonic());
            let strike = self.next_webhook();
            let answer = self.bring(&mut service, &request, strike).await?;
            Some((answer, strike))
        };
        let Ok(Some((answer, strike))) = tokio::time::timeout(patience, answered).await else {
            let living = taken.map(|taken| taken.elapsed());
            return self.bad_gateway(&mut stream, &request, living).await;
        };
        self.seen().in_vain.remove(&request.key());
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
        let (at, form) = (Clock::system().now(), request.form());
        self.seen().acknowledged.push(Acknowledged { at, path, form });
    }

    async fn order(self: Arc<Self>, mut stream: TcpStream) {
        let Some(request) = Message::read(&mut stream).await else { return };
        let strike = self.next_order();
        let Some(mut network) = wire::connect(self.network, CONNECTED).await else {
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
            let placed: serde_json::Value = serde_json::from_slice(&answer.body).unwrap_or_default();
            let mut seen = self.seen();
            seen.dialled.extend(value(&request.form(), "Url"));
            seen.placed.extend(placed["sid"].as_str().map(str::to_owned));
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

impl Seen {
    /// What the carrier does not ask any more is given up; the same request would be another one.
    fn settle(&mut self) {
        let (over, waiting) = std::mem::take(&mut self.in_vain)
            .into_iter()
            .partition(|(_, vain)| vain.since.elapsed() >= PATIENCE);
        self.in_vain = waiting;
        let over: BTreeMap<_, InVain> = over;
        self.given_up.extend(over.into_values());
    }
}

fn value(form: &[(String, String)], name: &str) -> Option<String> {
    form.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
}

/// Serves each connection by itself.
async fn each<F: Future<Output = ()> + Send + 'static>(listener: TcpListener, serve: impl Fn(TcpStream) -> F) {
    while let Ok((stream, _)) = listener.accept().await {
        let _ = stream.set_nodelay(true);
        tokio::spawn(serve(stream));
    }
}

//! Who has a connection: so many and no more, of all and of each client. When there are as many, whoever keeps us waiting
//! longest gives his up, so that who only holds connections keeps nobody out. It must not know what is said over them.

use crate::clock::Clock;
use crate::metrics::names;
use crate::peer::counted;
use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// How many connections there may be.
#[derive(Clone, Copy, Debug)]
pub(super) struct Most {
    /// Of all.
    pub(super) all: usize,
    /// Of one client; proxies may have all.
    pub(super) of_one: usize,
}

/// All seats of a listener; clones share them.
#[derive(Clone)]
pub(super) struct Seats {
    most: Most,
    room: Arc<Room>,
}

#[derive(Default)]
struct Room {
    taken: Mutex<Taken>,
    freed: Notify,
}

#[derive(Default)]
struct Taken {
    seats: BTreeMap<u64, Arc<Sitter>>,
    last: u64,
}

/// One connection. The place is free again when this is dropped.
pub(super) struct Seat {
    room: Arc<Room>,
    number: u64,
    pub(super) sitter: Arc<Sitter>,
}

/// Whose turn it is on one connection: ours to answer, or the client's to say, or to take in, something.
pub(super) struct Sitter {
    client: IpAddr,
    is_proxy: bool,
    /// Told to go.
    pub(super) leave: CancellationToken,
    /// When the present request was begun to be waited for.
    since: Mutex<Instant>,
    is_answering: AtomicBool,
    is_blocked: AtomicBool,
    has_been_answered: AtomicBool,
}

impl Sitter {
    fn new(client: IpAddr, is_proxy: bool) -> Arc<Self> {
        Arc::new(Self {
            client,
            is_proxy,
            leave: CancellationToken::new(),
            since: Mutex::new(Clock::monotonic()),
            is_answering: AtomicBool::new(false),
            is_blocked: AtomicBool::new(false),
            has_been_answered: AtomicBool::new(false),
        })
    }

    /// Something is asked, as far as it is to be known now: it is ours to answer.
    pub(super) fn has_asked(&self) {
        self.is_answering.store(true, Ordering::Relaxed);
    }

    /// More of the request is to come.
    pub(super) fn is_awaited(&self) {
        self.is_answering.store(false, Ordering::Relaxed);
    }

    /// The answer is said; the next request may come.
    pub(super) fn is_answered(&self) {
        *locked(&self.since) = Clock::monotonic();
        self.has_been_answered.store(true, Ordering::Relaxed);
        self.is_awaited();
    }

    /// Whether he takes in nothing of what we say.
    pub(super) fn blocks(&self, is_blocked: bool) {
        self.is_blocked.store(is_blocked, Ordering::Relaxed);
    }

    fn keeps_us_waiting(&self) -> bool {
        !self.is_answering.load(Ordering::Relaxed) || self.is_blocked.load(Ordering::Relaxed)
    }
}

impl Seats {
    pub(super) fn new(most: Most) -> Self {
        Self {
            most,
            room: Arc::default(),
        }
    }

    /// A seat, as soon as there is one; none for a client who has as many as one may, and uses them all.
    pub(super) async fn take(&self, peer: IpAddr, is_proxy: bool) -> Option<Seat> {
        let sitter = Sitter::new(counted(peer), is_proxy);
        loop {
            let freed = self.room.freed.notified();
            {
                let mut taken = locked(&self.room.taken);
                if taken.is_too_many_of(&sitter, self.most.of_one) && !taken.make_room(Some(sitter.client)) {
                    metrics::counter!(names::CONNECTIONS_CLOSED, "why" => "client").increment(1);
                    return None;
                }
                if taken.seats.len() < self.most.all || taken.make_room(None) {
                    return Some(self.seated(&mut taken, sitter));
                }
            }
            freed.await;
        }
    }

    /// Whether fewer than half are free. Then connections are closed after their answer instead of being kept for another
    /// request: those that are idle must not keep new ones waiting.
    pub(super) fn are_scarce(&self) -> bool {
        locked(&self.room.taken).seats.len() > self.most.all.div_ceil(2)
    }

    fn seated(&self, taken: &mut Taken, sitter: Arc<Sitter>) -> Seat {
        taken.last += 1;
        let number = taken.last;
        taken.seats.insert(number, Arc::clone(&sitter));
        Seat {
            room: Arc::clone(&self.room),
            number,
            sitter,
        }
    }
}

impl Taken {
    fn is_too_many_of(&self, sitter: &Sitter, most: usize) -> bool {
        !sitter.is_proxy && self.strangers().filter(|client| *client == sitter.client).count() >= most
    }

    /// The client of each seat. Those of a proxy are those of many, and not among them.
    fn strangers(&self) -> impl Iterator<Item = IpAddr> {
        self.seats.values().filter(|sitter| !sitter.is_proxy).map(|sitter| sitter.client)
    }

    /// Asks somebody to leave, of this client or of all: of those who keep us waiting one who has most connections, rather
    /// one who was never answered anything, and who has done so for longest. Whether there is such a one.
    fn make_room(&mut self, client: Option<IpAddr>) -> bool {
        let mut counts: HashMap<IpAddr, usize> = HashMap::new();
        for client in self.strangers() {
            *counts.entry(client).or_default() += 1;
        }
        let here = self
            .seats
            .iter()
            .filter(|(_, sitter)| client.is_none_or(|client| client == sitter.client));
        let waiting = here.filter(|(_, sitter)| sitter.keeps_us_waiting());
        let worst = waiting.max_by_key(|(_, sitter)| {
            let was_answered = sitter.has_been_answered.load(Ordering::Relaxed);
            let waited = locked(&sitter.since).elapsed();
            (counts.get(&sitter.client).copied().unwrap_or(1), !was_answered, waited)
        });
        let Some(sitter) = worst.map(|(number, _)| *number).and_then(|number| self.seats.remove(&number)) else {
            return false;
        };
        sitter.leave.cancel();
        metrics::counter!(names::CONNECTIONS_CLOSED, "why" => "slow").increment(1);
        true
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        locked(&self.room.taken).seats.remove(&self.number);
        self.room.freed.notify_one();
    }
}

fn locked<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

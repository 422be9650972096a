//! How often somebody may try to sign in: after some attempts in vain there is a pause, which grows. A stranger can keep himself
//! out, and whoever shares his address, but nobody for good who comes from where he has signed in before.
//!
//! An attempt is counted when it begins, so that many at once are as many. It is kept in memory: a restart forgives, and
//! each process counts for itself.

use crate::peer;
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Without any pause: for a name from one address, for one address, and for a name from wherever.
const FREE_OF_PAIR: u32 = 5;
const FREE_OF_PLACE: u32 = 20;
const FREE_OF_NAME: u32 = 50;
/// No pause is longer.
const LONGEST_PAUSE: TimeDelta = TimeDelta::minutes(15);
/// After so long without an attempt all is forgotten.
const FORGOTTEN: TimeDelta = TimeDelta::hours(1);
/// So long an address is known from which somebody has signed in.
const KNOWN: TimeDelta = TimeDelta::days(30);
/// More of each kind are not kept; then the oldest one goes.
const MOST: usize = 10_000;

/// Where somebody comes from: an address, of IPv6 the network that one customer has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place(IpAddr);

#[derive(Clone, Copy, Debug)]
struct Tries {
    count: u32,
    last: DateTime<Utc>,
}

type Pair = (String, Place);

#[derive(Debug, Default)]
struct Tried {
    pairs: BTreeMap<Pair, Tries>,
    places: BTreeMap<Place, Tries>,
    names: BTreeMap<String, Tries>,
    known: BTreeMap<Pair, Tries>,
}

/// The attempts of late.
#[derive(Debug, Default)]
pub(super) struct Lockout(Mutex<Tried>);

impl Place {
    pub(super) fn of(address: IpAddr) -> Self {
        Self(peer::counted(address))
    }
}

impl Tries {
    /// For how long the next attempt has to wait, of which so many are free.
    fn wait(tries: Option<&Self>, free: u32, now: DateTime<Utc>) -> TimeDelta {
        let Some(tries) = tries.filter(|tries| tries.count >= free && now - tries.last < FORGOTTEN) else {
            return TimeDelta::zero();
        };
        // 1 s, 2 s, 4 s and so on; from the tenth doubling on it is the longest in any case.
        let doublings = (tries.count - free).min(10);
        let pause = TimeDelta::seconds(1 << doublings).min(LONGEST_PAUSE);
        (tries.last + pause - now).max(TimeDelta::zero())
    }
}

fn count<K: Ord + Clone>(all: &mut BTreeMap<K, Tries>, key: K, now: DateTime<Utc>) {
    let tries = all.entry(key).or_insert(Tries { count: 0, last: now });
    if now - tries.last >= FORGOTTEN {
        tries.count = 0;
    }
    tries.count = tries.count.saturating_add(1);
    tries.last = now;
    make_room(all, FORGOTTEN, now);
}

fn make_room<K: Ord + Clone>(all: &mut BTreeMap<K, Tries>, forgotten: TimeDelta, now: DateTime<Utc>) {
    if all.len() <= MOST {
        return;
    }
    all.retain(|_, tries| now - tries.last < forgotten);
    while all.len() > MOST {
        let Some(oldest) = all.iter().min_by_key(|(_, tries)| tries.last).map(|(key, _)| key.clone()) else {
            return;
        };
        all.remove(&oldest);
    }
}

fn forgive<K: Ord>(all: &mut BTreeMap<K, Tries>, key: &K) {
    if let Some(tries) = all.get_mut(key) {
        tries.count = tries.count.saturating_sub(1);
    }
}

impl Lockout {
    /// Somebody wants to try this name, by its key: he may, and that is counted, or has to wait for so long.
    pub(super) fn knock(&self, name: &str, place: Place, now: DateTime<Utc>) -> Result<(), TimeDelta> {
        let mut tried = self.tried();
        let pair = (name.to_owned(), place);
        let is_known = tried.known.get(&pair).is_some_and(|known| now - known.last < KNOWN);
        let of_name = if is_known { None } else { tried.names.get(name) };
        let wait = Tries::wait(tried.pairs.get(&pair), FREE_OF_PAIR, now)
            .max(Tries::wait(tried.places.get(&place), FREE_OF_PLACE, now))
            .max(Tries::wait(of_name, FREE_OF_NAME, now));
        if wait > TimeDelta::zero() {
            return Err(wait);
        }
        count(&mut tried.pairs, pair, now);
        count(&mut tried.places, place, now);
        count(&mut tried.names, name.to_owned(), now);
        Ok(())
    }

    /// The attempt was no attempt in vain.
    pub(super) fn welcome(&self, name: &str, place: Place, now: DateTime<Utc>) {
        let mut tried = self.tried();
        let pair = (name.to_owned(), place);
        tried.pairs.remove(&pair);
        forgive(&mut tried.places, &place);
        forgive(&mut tried.names, &name.to_owned());
        tried.known.insert(pair, Tries { count: 0, last: now });
        make_room(&mut tried.known, KNOWN, now);
    }

    fn tried(&self) -> MutexGuard<'_, Tried> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_795_230_000 + seconds, 0).unwrap()
    }

    fn place(text: &str) -> Place {
        Place::of(text.parse().unwrap())
    }

    /// How long the next attempt has to wait, in seconds, where it is not let in.
    fn knock(lockout: &Lockout, name: &str, from: &str, second: i64) -> Option<i64> {
        lockout.knock(name, place(from), at(second)).err().map(|wait| wait.num_seconds())
    }

    #[test]
    fn pauses_grow_and_end() {
        let lockout = Lockout::default();
        for _ in 0..5 {
            assert_eq!(knock(&lockout, "ana", "192.0.2.1", 0), None);
        }
        // After the fifth 1 s, after the sixth 2 s, after the seventh 4 s.
        assert_eq!(knock(&lockout, "ana", "192.0.2.1", 0), Some(1));
        assert_eq!(knock(&lockout, "ana", "192.0.2.1", 1), None);
        assert_eq!(knock(&lockout, "ana", "192.0.2.1", 1), Some(2));
        assert_eq!(knock(&lockout, "ana", "192.0.2.1", 3), None);
        assert_eq!(
            knock(&lockout, "ana", "192.0.2.1", 6),
            Some(1),
            "a refused attempt makes no pause longer"
        );
        let mut second = 7;
        for _ in 0..20 {
            assert_eq!(knock(&lockout, "ana", "192.0.2.1", second), None);
            second += 900;
        }
        assert_eq!(
            knock(&lockout, "ana", "192.0.2.1", second - 1),
            Some(1),
            "a quarter of an hour at most"
        );
        assert_eq!(knock(&lockout, "ben", "192.0.2.2", second - 1), None, "others are not kept out");
        assert_eq!(knock(&lockout, "ana", "192.0.2.1", second + 3_600), None);
        assert_eq!(knock(&lockout, "ana", "192.0.2.1", second + 3_600), None, "all is forgotten");
    }

    /// Twenty names from one address, then it has to wait with any.
    #[test]
    fn an_address_that_tries_many_names_waits() {
        let lockout = Lockout::default();
        for name in 0..20 {
            assert_eq!(knock(&lockout, &format!("user {name}"), "2001:db8:1:2::1", 0), None);
        }
        assert_eq!(
            knock(&lockout, "another", "2001:db8:1:2:ffff::9", 0),
            Some(1),
            "of the same customer"
        );
        assert_eq!(knock(&lockout, "another", "2001:db8:1:3::1", 0), None);
        assert_eq!(place("::ffff:192.0.2.1"), place("192.0.2.1"));
    }

    /// Ana has signed in at her desk. A thousand machines try her name: new addresses wait, her desk does not.
    #[test]
    fn strangers_lock_nobody_out_who_is_known() {
        let lockout = Lockout::default();
        assert_eq!(knock(&lockout, "ana", "198.51.100.7", 0), None);
        lockout.welcome("ana", place("198.51.100.7"), at(0));
        let mut let_in = 0;
        for machine in 0..1_000 {
            let from = format!("10.0.{}.{}", machine / 250, machine % 250);
            let_in += usize::from(knock(&lockout, "ana", &from, 1).is_none());
        }
        assert_eq!(let_in, 50);
        assert_eq!(knock(&lockout, "ana", "203.0.113.5", 1), Some(1));
        for _ in 0..4 {
            assert_eq!(knock(&lockout, "ana", "198.51.100.7", 1), None, "her desk");
            lockout.welcome("ana", place("198.51.100.7"), at(1));
        }
    }

    #[test]
    fn memory_has_an_end() {
        let lockout = Lockout::default();
        for n in 0..11_000_u32 {
            let [_, a, b, c] = n.to_be_bytes();
            let _ = lockout.knock(&format!("user {n}"), Place::of([10, a, b, c].into()), at(i64::from(n)));
        }
        let tried = lockout.tried();
        for held in [tried.pairs.len(), tried.places.len(), tried.names.len()] {
            assert!(held <= MOST, "{held}");
        }
    }
}

//! What is to happen when: a queue by instant, first in first out within one.

use super::leg::LegIndex;
use super::posting::Letter;
use chrono::{DateTime, Utc};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Something that is to happen.
#[derive(Clone, Debug)]
pub(super) enum Job {
    /// A queued call is placed.
    Dispatch(LegIndex),
    /// The placed call reaches the phone, or does not.
    Reach(LegIndex),
    PickUp(LegIndex),
    RejectRinging(LegIndex),
    RingOut(LegIndex),
    /// Machine detection before the document is done.
    Detected {
        leg: LegIndex,
        epoch: u32,
        result: &'static str,
    },
    /// Machine detection meanwhile is done.
    DetectedMeanwhile {
        leg: LegIndex,
        result: &'static str,
    },
    /// The verb or the prompt is over, or its time is.
    Step {
        leg: LegIndex,
        epoch: u32,
    },
    /// A key as the answer to a question.
    Answer {
        leg: LegIndex,
        question: u32,
        key: char,
    },
    /// A key out of the blue.
    Key {
        leg: LegIndex,
        key: char,
    },
    /// The person hangs up, unless of another mind meanwhile.
    Leave {
        leg: LegIndex,
        mood: Option<u32>,
    },
    /// The stay in the conference is over.
    TimeLimit {
        leg: LegIndex,
        stay: u64,
    },
    /// A request that was held up.
    Deliver(Box<Letter>),
}

#[derive(Clone, Debug)]
struct Entry {
    at: DateTime<Utc>,
    number: u64,
    job: Job,
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.number == other.number
    }
}

impl Eq for Entry {}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Entry {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.at, self.number).cmp(&(other.at, other.number))
    }
}

/// The queue.
#[derive(Clone, Debug, Default)]
pub(super) struct Agenda {
    queue: BinaryHeap<Reverse<Entry>>,
    count: u64,
}

impl Agenda {
    pub(super) fn put(&mut self, at: DateTime<Utc>, job: Job) {
        self.count += 1;
        self.queue.push(Reverse(Entry {
            at,
            number: self.count,
            job,
        }));
    }

    pub(super) fn next_at(&self) -> Option<DateTime<Utc>> {
        self.queue.peek().map(|entry| entry.0.at)
    }

    /// The first job that is due, with its instant.
    pub(super) fn take_due(&mut self, now: DateTime<Utc>) -> Option<(DateTime<Utc>, Job)> {
        if self.next_at()? > now {
            return None;
        }
        self.queue.pop().map(|entry| (entry.0.at, entry.0.job))
    }

    /// Forgets jobs at the head of the queue that have become void.
    pub(super) fn drop_void(&mut self, is_void: impl Fn(&Job) -> bool) {
        while self.queue.peek().is_some_and(|entry| is_void(&entry.0.job)) {
            self.queue.pop();
        }
    }

    /// Requests that are still to be sent.
    pub(super) fn letters(&self) -> usize {
        self.queue.iter().filter(|entry| matches!(entry.0.job, Job::Deliver(_))).count()
    }
}

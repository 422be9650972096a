//! The stories of somebody's calls as they happen, as server-sent events: `entry` with a [`Line`] and the entry's number as
//! its id. A client that comes back with `Last-Event-ID` (or, at first, `?after=`) gets all that it has missed.

use super::WebState;
use super::fault::{ApiFault, Fault};
use super::masking::masked;
use super::page::{Zones, zone_of, zones};
use super::story::{in_short, line};
use super::test_line::Heard;
use super::times::{rfc3339, time_of_day};
use super::visitor::Visitor;
use crate::access::Hotlines;
use crate::store::{Entry, StoreError};
use axum::extract::rejection::QueryRejection;
use axum::extract::{Extension, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use chrono::{DateTime, Utc};
use futures_util::Stream;
use serde::Deserialize;
use std::collections::VecDeque;
use std::convert::Infallible;
use std::time::Duration;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{OwnedSemaphorePermit, broadcast};

/// How many missed entries are read at once.
const CATCH_UP: u32 = 200;
/// Proxies give up on silent connections; the page notices a dead one.
const HEARTBEAT: Duration = Duration::from_secs(10);
/// How soon somebody is sent away who may not follow any more.
const LOOKED_AT_EVERY: Duration = Duration::from_secs(5);
/// How soon a client comes back.
const RETRY: Duration = Duration::from_secs(2);

#[derive(Deserialize)]
pub(super) struct After {
    after: Option<i64>,
}

/// One client, and how far it has come.
struct Follower {
    web: WebState,
    visitor: Visitor,
    /// When we last saw that he may still follow.
    looked_at: DateTime<Utc>,
    zones: Zones,
    /// The number of the newest entry that was sent.
    reached: i64,
    /// Read and not yet sent.
    waiting: VecDeque<Entry>,
    /// There may be entries in the store that were neither sent nor are waiting.
    is_behind: bool,
    bell: broadcast::Receiver<Entry>,
    ears: Option<broadcast::Receiver<Heard>>,
    /// Its place among those that may follow at once.
    _place: OwnedSemaphorePermit,
}

enum News {
    Entry(Result<Entry, RecvError>),
    Heard(Result<Heard, RecvError>),
    Nothing,
    Over,
}

/// `GET /api/v1/events`.
pub(super) async fn events(
    State(web): State<WebState>,
    Extension(visitor): Extension<Visitor>,
    query: Result<Query<After>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, ApiFault> {
    let Query(After { after }) = query.map_err(|rejection| Fault::bad("bad-query", rejection.body_text()))?;
    let after = last_event_id(&headers)?.or(after);
    let place = web.followers.clone().try_acquire_owned().map_err(|_| {
        Fault::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "too-many-followers",
            "Too many are following the calls at once. Try again later.",
        )
    })?;
    // Subscribed before anything is read, so that nothing falls between the two.
    let bell = web.store.subscribe();
    let ears = web.test_line.as_ref().map(|line| line.listen());
    // One who has seen more than there is comes from another life of the store, and begins now.
    let newest = web.store.latest_entry().await?;
    let reached = after.map_or(newest, |number| number.min(newest));
    let follower = Follower {
        zones: zones(&web.boards(visitor.hotlines()).await?),
        looked_at: web.clock.now(),
        visitor,
        web,
        reached,
        waiting: VecDeque::new(),
        is_behind: true,
        bell,
        ears,
        _place: place,
    };
    let stream = futures_util::stream::unfold(follower, |mut follower| async {
        let event = follower.next().await?;
        Some((Ok(event.retry(RETRY)), follower))
    });
    Ok(Sse::new(stream).keep_alive(KeepAlive::new().interval(HEARTBEAT)))
}

fn last_event_id(headers: &HeaderMap) -> Result<Option<i64>, Fault> {
    let Some(value) = headers.get("last-event-id") else {
        return Ok(None);
    };
    let number = value.to_str().ok().and_then(|text| text.parse().ok());
    number
        .map(Some)
        .ok_or_else(|| Fault::bad("bad-last-event-id", "Last-Event-ID is not the number of an entry."))
}

impl Follower {
    /// The next event, or none when it is over: then the client comes back and is told what it has missed.
    async fn next(&mut self) -> Option<Event> {
        loop {
            if !self.may_still_follow().await {
                return None;
            }
            if let Some(entry) = self.waiting.pop_front() {
                self.reached = entry.number;
                if !self.visitor.hotlines().have(&entry.hotline) {
                    continue;
                }
                return Some(self.entry_event(&entry).await);
            }
            if self.is_behind {
                if let Err(error) = self.catch_up().await {
                    tracing::warn!(%error, "a follower of the calls is sent away: the store failed");
                    return None;
                }
                continue;
            }
            match self.news().await {
                News::Entry(Ok(entry)) => self.take(entry),
                News::Entry(Err(RecvError::Lagged(_))) => self.is_behind = true,
                News::Heard(Ok(heard)) if self.may_hear(&heard).await => return Some(self.heard_event(&heard)),
                // What was heard is for the eye only; some of it may be missing.
                News::Heard(Ok(_) | Err(RecvError::Lagged(_))) | News::Nothing => {}
                News::Heard(Err(RecvError::Closed)) => self.ears = None,
                News::Entry(Err(RecvError::Closed)) | News::Over => return None,
            }
        }
    }

    /// Whoever has signed out, is gone, or may see other hotlines by now comes back, and is looked at anew.
    async fn may_still_follow(&mut self) -> bool {
        let now = self.web.clock.now();
        if (now - self.looked_at).to_std().is_ok_and(|since| since < LOOKED_AT_EVERY) {
            return true;
        }
        self.looked_at = now;
        match self.visitor.still(&self.web).await {
            Ok(who) => who.is_some_and(|who| who == self.visitor.who),
            Err(error) => {
                tracing::warn!(%error, "a follower of the calls is sent away: the store failed");
                false
            }
        }
    }

    /// What is heard belongs to a call, and that to a hotline.
    async fn may_hear(&self, heard: &Heard) -> bool {
        if *self.visitor.hotlines() == Hotlines::All {
            return true;
        }
        let story = self.web.store.story(heard.call).await.unwrap_or_default();
        story.first().is_some_and(|entry| self.visitor.hotlines().have(&entry.hotline))
    }

    async fn news(&mut self) -> News {
        let ears = &mut self.ears;
        let heard = async {
            match ears {
                Some(ears) => ears.recv().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            () = self.web.shutdown.cancelled() => News::Over,
            entry = self.bell.recv() => News::Entry(entry),
            heard = heard => News::Heard(heard),
            () = tokio::time::sleep(LOOKED_AT_EVERY) => News::Nothing,
        }
    }

    /// Numbers follow one another without a hole, or the store is asked: two writers may ring in the other order.
    fn take(&mut self, entry: Entry) {
        if entry.number == self.reached + 1 {
            self.waiting.push_back(entry);
        } else if entry.number > self.reached {
            self.is_behind = true;
        }
    }

    async fn catch_up(&mut self) -> Result<(), StoreError> {
        let missed = self.web.store.entries_after(self.reached, CATCH_UP).await?;
        self.is_behind = !missed.is_empty();
        self.waiting.extend(missed);
        Ok(())
    }

    async fn entry_event(&mut self, entry: &Entry) -> Event {
        // A hotline's first rota may have come after this client.
        if let Ok(Some(rota)) = self.web.store.rota(&entry.hotline).await {
            let zone = crate::roster::wall_clock::Zone::new(rota.roster.time_zone);
            self.zones.insert(entry.hotline.clone(), zone);
        }
        let mut line = line(entry, &zone_of(&self.zones, &entry.hotline));
        if line.outcome.is_some() {
            // Without it the page lacks one sentence until it is read again.
            line.in_short = self.web.store.story(entry.call).await.ok().and_then(|story| in_short(&story));
        }
        let event = Event::default().event("entry").id(entry.number.to_string());
        // A line is plain text and numbers: it always has a JSON form.
        event.clone().json_data(&line).unwrap_or(event)
    }

    fn heard_event(&self, heard: &Heard) -> Event {
        let utc = crate::roster::wall_clock::Zone::new(chrono_tz::UTC);
        let zone = self.zones.values().next().unwrap_or(&utc);
        let data = serde_json::json!({
            "call": heard.call,
            "who": masked(&heard.who),
            "is_caller": heard.is_caller,
            "at": rfc3339(zone, heard.at),
            "time": time_of_day(zone, heard.at),
            "what": masked(&heard.what),
            "is_speech": heard.is_speech,
        });
        Event::default().event("heard").data(data.to_string())
    }
}

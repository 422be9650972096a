//! Tells the operator that something needs a human being: by a webhook, by e-mail, by text messages.
//!
//! It must not know what a notice is about, nor the carrier. Telling takes as long as it takes; whoever has other
//! things to do does not wait for it.

mod mail;
mod webhook;

#[cfg(test)]
mod tests;

use crate::call::HotlineName;
use crate::clock::Clock;
use crate::metrics::names;
use crate::roster::Phone;
use async_trait::async_trait;
use backon::{ExponentialBuilder, Retryable as _};
use chrono::{DateTime, Utc};
use serde::Serialize;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::time::Instant;

pub use mail::Mail;
pub use webhook::Webhook;

/// A message to the operator. Its words hold no secret and no phone number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Notice {
    /// Which hotline it is about.
    pub hotline: HotlineName,
    /// In one line.
    pub headline: String,
    /// Where, what was seen, what happens now, what to do.
    pub words: String,
    /// When it was found.
    pub at: DateTime<Utc>,
}

/// Somebody who can send text messages.
#[async_trait]
pub trait Texter: Send + Sync {
    /// Sends one, in the name of the hotline. Trying again is the notifier's business.
    ///
    /// # Errors
    /// As [`Untold`] says.
    async fn text(&self, hotline: &HotlineName, to: &Phone, body: &str) -> Result<(), Untold>;
}

/// Why somebody could not be told. The words hold no secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Untold {
    /// It may work the next time, after so long at least, and was not sent this time, or does no harm when sent twice.
    #[error("{why}")]
    Later {
        /// What was seen.
        why: String,
        /// How long to wait, where that was said.
        after: Option<Duration>,
    },
    /// Another try will not help, or would send it twice.
    #[error("{0}")]
    Never(String),
}

/// Between two messages by one way.
const GAP: Duration = Duration::from_secs(1);
/// The longest that anybody may ask us to wait with a try.
const LONGEST_WAIT: Duration = Duration::from_secs(60);
/// Tries after the first.
const RETRIES: usize = 4;
/// Of a text message: two or three parts.
const LONGEST_TEXT: usize = 320;

/// Tells notices by all ways that are configured; clones share their pace.
#[derive(Clone, Default)]
pub struct Notifier {
    ways: Arc<[Arc<Way>]>,
}

/// One way, one recipient.
struct Way {
    by: By,
    /// When the next message may go out.
    next: tokio::sync::Mutex<Option<Instant>>,
    /// As the log was told last.
    is_failing: AtomicBool,
}

enum By {
    Webhook(Webhook),
    Mail(Box<Mail>),
    Text(Arc<dyn Texter>, Phone),
}

impl Notifier {
    /// By a webhook, by text messages to these numbers, by both, or by nothing.
    #[must_use]
    pub fn new(webhook: Option<Webhook>, texter: Option<Arc<dyn Texter>>, numbers: Vec<Phone>) -> Self {
        let texts = texter.into_iter().flat_map(|texter| {
            let text = move |number| By::Text(Arc::clone(&texter), number);
            numbers.clone().into_iter().map(text)
        });
        let ways = webhook.map(By::Webhook).into_iter().chain(texts);
        Self {
            ways: ways.map(Way::new).map(Arc::new).collect(),
        }
    }

    /// By e-mail too.
    #[must_use]
    pub fn mailing(self, mails: Vec<Mail>) -> Self {
        let added = mails.into_iter().map(|mail| Arc::new(Way::new(By::Mail(Box::new(mail)))));
        Self {
            ways: self.ways.iter().cloned().chain(added).collect(),
        }
    }

    /// Tells it by all ways at the same time, each tried several times. Whether somebody was told, or there is nobody
    /// to tell. A way that fails is logged once, until it works again.
    pub async fn tell(&self, notice: &Notice) -> bool {
        self.tell_apart(notice, Some(notice)).await
    }

    /// As [`Notifier::tell`], with other words where it is texted, or none.
    pub async fn tell_apart(&self, posted: &Notice, texted: Option<&Notice>) -> bool {
        let telling = self.ways.iter().filter_map(|way| match way.by {
            By::Webhook(_) | By::Mail(_) => Some(way.tell(posted)),
            By::Text(..) => Some(way.tell(texted?)),
        });
        let told = futures_util::future::join_all(telling).await;
        told.is_empty() || told.contains(&true)
    }
}

impl Way {
    fn new(by: By) -> Self {
        Self {
            by,
            next: tokio::sync::Mutex::new(None),
            is_failing: AtomicBool::new(false),
        }
    }

    async fn tell(&self, notice: &Notice) -> bool {
        let pace = ExponentialBuilder::default()
            .with_min_delay(Duration::from_secs(2))
            .with_max_delay(LONGEST_WAIT)
            .with_max_times(RETRIES)
            .with_jitter();
        let told = (|| self.once(notice))
            .retry(pace)
            .when(|untold| matches!(untold, Untold::Later { .. }))
            .adjust(|untold, wait| wait.map(|wait| wait.max(asked_for(untold))))
            .await;
        let result = if told.is_ok() { "told" } else { "failed" };
        metrics::counter!(names::NOTICES, "way" => self.by.as_str(), "result" => result).increment(1);
        self.log(&told);
        told.is_ok()
    }

    async fn once(&self, notice: &Notice) -> Result<(), Untold> {
        self.turn().await;
        match &self.by {
            By::Webhook(webhook) => webhook.post(notice).await,
            By::Mail(mail) => mail.send(notice).await,
            By::Text(texter, number) => texter.text(&notice.hotline, number, &text(notice)).await,
        }
    }

    /// Waits for the next turn of this way: who is told of a hundred hotlines at once must not be flooded.
    async fn turn(&self) {
        let mut next = self.next.lock().await;
        if let Some(at) = *next {
            tokio::time::sleep_until(at).await;
        }
        *next = Some(Clock::monotonic() + GAP);
    }

    /// One line for each change of state.
    fn log(&self, told: &Result<(), Untold>) {
        let way = self.by.as_str();
        let was_failing = self.is_failing.swap(told.is_err(), Ordering::SeqCst);
        match told {
            Ok(()) if was_failing => tracing::info!(way, "the operator can be told again"),
            Err(untold) if !was_failing => tracing::error!(way, %untold, "the operator cannot be told"),
            Ok(()) | Err(_) => {}
        }
    }
}

impl By {
    const fn as_str(&self) -> &'static str {
        match self {
            Self::Webhook(_) => "webhook",
            Self::Mail(_) => "mail",
            Self::Text(..) => "text",
        }
    }
}

fn asked_for(untold: &Untold) -> Duration {
    match untold {
        Untold::Later { after, .. } => after.unwrap_or_default().min(LONGEST_WAIT),
        Untold::Never(_) => Duration::ZERO,
    }
}

/// What fits into a text message.
fn text(notice: &Notice) -> String {
    let whole = format!("{}: {} {}", notice.hotline, notice.headline, notice.words);
    if whole.chars().count() <= LONGEST_TEXT {
        return whole;
    }
    whole.chars().take(LONGEST_TEXT - 1).chain(['…']).collect()
}

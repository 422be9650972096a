//! Graph's promise to knock: one subscription for each thing to be watched, renewed before it runs out. It must not
//! know what is behind the things' names.

use super::{MicrosoftAccount, text};
use crate::http::SMALL_JSON_BYTES;
use crate::{Bell, SourceError, Watch};
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use reqwest::StatusCode;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// Graph allows 42 300 minutes (under 30 days) for lists and drives; its clock may differ from ours.
const LIFE: TimeDelta = TimeDelta::days(29);

impl MicrosoftAccount {
    /// Watches these resources (`sites/{id}/lists/{id}`), or goes on watching them where `before` is a watch for the
    /// same resources and the same bell.
    ///
    /// # Errors
    /// As the status says. What was subscribed until then is given up again.
    pub(crate) async fn subscribe(&self, resources: &[String], bell: &Bell, before: Option<&Watch>) -> Result<Watch, SourceError> {
        let until = bell.now + LIFE;
        let alive = before.filter(|watch| watch.until > bell.now);
        if let Some(watch) = alive {
            if is_for(watch, resources, bell) && self.renew(watch, until).await? {
                return Ok(Watch {
                    names: watch.names.clone(),
                    until,
                });
            }
            self.unsubscribe(watch).await;
        }
        let mut watch = Watch {
            names: vec![ring(bell)],
            until,
        };
        for resource in resources {
            match self.create(resource, bell, until).await {
                Ok((id, expires)) => {
                    watch.names.push(format!("{resource}={id}"));
                    watch.until = watch.until.min(expires);
                }
                Err(fault) => {
                    self.unsubscribe(&watch).await;
                    return Err(fault);
                }
            }
        }
        Ok(watch)
    }

    /// Ends subscriptions; those that cannot be ended run out by themselves.
    pub(crate) async fn unsubscribe(&self, watch: &Watch) {
        for (_, id) in watch.names.iter().filter_map(|name| name.rsplit_once('=')) {
            let question = self.sdk().subscription(id).delete_subscription();
            if self.ask(question, SMALL_JSON_BYTES).await.is_err() {
                tracing::debug!("a subscription could not be ended; it runs out by itself");
            }
        }
    }

    async fn create(&self, resource: &str, bell: &Bell, until: DateTime<Utc>) -> Result<(String, DateTime<Utc>), SourceError> {
        let body = json!({
            "changeType": "updated",
            "notificationUrl": bell.address,
            "resource": resource,
            "expirationDateTime": written(until),
            "clientState": bell.password,
        });
        let question = self.sdk().subscriptions().create_subscription(&body);
        let answer = self.ask(question, SMALL_JSON_BYTES).await?;
        if !answer.status.is_success() {
            return Err(match answer.refusal() {
                SourceError::Malformed(words) => SourceError::Transient(format!("Graph does not knock here: {words}")),
                other @ (SourceError::Auth(_)
                | SourceError::Forbidden(_)
                | SourceError::NotFound(_)
                | SourceError::Throttled { .. }
                | SourceError::Transient(_)) => other,
            });
        }
        let object = answer.object()?;
        let Some(id) = text(&object, "id") else {
            return Err(SourceError::Malformed("Graph answered a subscription without its id".into()));
        };
        let expires = text(&object, "expirationDateTime").and_then(|time| DateTime::parse_from_rfc3339(time).ok());
        Ok((id.to_owned(), expires.map_or(until, |time| time.to_utc())))
    }

    /// Whether all are renewed; one that Graph knows no longer has to be made anew, with the others.
    async fn renew(&self, watch: &Watch, until: DateTime<Utc>) -> Result<bool, SourceError> {
        let body: Value = json!({ "expirationDateTime": written(until) });
        for (_, id) in watch.names.iter().filter_map(|name| name.rsplit_once('=')) {
            let question = self.sdk().subscription(id).update_subscription(&body);
            let answer = self.ask(question, SMALL_JSON_BYTES).await?;
            match answer.status {
                StatusCode::NOT_FOUND | StatusCode::GONE => return Ok(false),
                status if status.is_success() => {}
                _ => return Err(answer.refusal()),
            }
        }
        Ok(true)
    }
}

/// Whether a watch knocks at this bell for these resources.
fn is_for(watch: &Watch, resources: &[String], bell: &Bell) -> bool {
    let Some((first, rest)) = watch.names.split_first() else {
        return false;
    };
    let watched = rest.iter().filter_map(|name| name.rsplit_once('=')).map(|(resource, _)| resource);
    *first == ring(bell) && watched.eq(resources.iter().map(String::as_str))
}

/// What tells one bell from another, without giving its password away.
fn ring(bell: &Bell) -> String {
    let digest = Sha256::digest(format!("{}\n{}", bell.address, bell.password));
    let digits: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    format!("bell-{digits}")
}

fn written(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Secs, true)
}

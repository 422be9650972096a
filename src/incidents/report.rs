//! What a monitor or a sensor has said: a body becomes reports. Pure. Every word of it is hostile until it is cut to one
//! line of text. It must not know what becomes of a report.
//!
//! Three shapes: our own, and the webhooks of Prometheus Alertmanager (version 4,
//! <https://prometheus.io/docs/alerting/latest/configuration/#webhook_config>) and of Grafana's alerting, which sends the
//! same with a title.

use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;

/// What anybody says is cut to so many characters.
const LONGEST_TEXT: usize = 300;
/// A webhook brings no more reports than this.
const MOST_REPORTS: usize = 200;

/// One thing that is wrong, or right again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Report {
    pub(super) key: String,
    pub(super) title: String,
    pub(super) details: String,
    pub(super) resolved: bool,
}

/// All that one body says.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Said {
    One(Report),
    Many(Vec<Report>),
}

impl Said {
    pub(super) fn reports(&self) -> &[Report] {
        match self {
            Self::One(report) => std::slice::from_ref(report),
            Self::Many(reports) => reports,
        }
    }
}

/// Our own shape.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Own {
    key: Option<String>,
    title: String,
    #[serde(default)]
    details: String,
    #[serde(default)]
    resolved: bool,
}

/// A webhook, as far as we read it.
#[derive(Deserialize)]
struct Webhook {
    #[serde(default)]
    title: Option<String>,
    alerts: Vec<Alert>,
}

#[derive(Deserialize)]
struct Alert {
    status: Status,
    #[serde(default)]
    labels: BTreeMap<String, String>,
    #[serde(default)]
    annotations: BTreeMap<String, String>,
    #[serde(default)]
    fingerprint: String,
}

#[derive(Clone, Copy, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum Status {
    Firing,
    Resolved,
}

/// What a body says, or what is wrong with it.
pub(super) fn read(body: &[u8]) -> Result<Said, String> {
    let value: serde_json::Value = serde_json::from_slice(body).map_err(|e| format!("This is no JSON: {e}"))?;
    let Some(fields) = value.as_object() else {
        return Err("This is no JSON object: write {\"title\": \"…\"}".to_owned());
    };
    if fields.contains_key("alerts") {
        let webhook =
            Webhook::deserialize(value).map_err(|e| format!("This is no webhook of Alertmanager or Grafana: {}", line(&e.to_string())))?;
        return of_webhook(&webhook);
    }
    let own = Own::deserialize(value).map_err(|e| format!("Of key, title, details and resolved: {}", line(&e.to_string())))?;
    of_own(&own).map(Said::One)
}

fn of_own(own: &Own) -> Result<Report, String> {
    let title = line(&own.title);
    if title.is_empty() {
        return Err("The title is empty: say what is wrong in a few words".to_owned());
    }
    let key = own.key.as_deref().map(line).filter(|key| !key.is_empty());
    Ok(Report {
        key: key.unwrap_or_else(|| hash(&title)),
        title,
        details: line(&own.details),
        resolved: own.resolved,
    })
}

fn of_webhook(webhook: &Webhook) -> Result<Said, String> {
    if webhook.alerts.len() > MOST_REPORTS {
        let seen = webhook.alerts.len();
        return Err(format!(
            "There are {seen} alerts, allowed are {MOST_REPORTS}: set max_alerts, or group them"
        ));
    }
    let reports: Vec<Report> = webhook
        .alerts
        .iter()
        .map(|alert| of_alert(alert, webhook.title.as_deref()))
        .collect();
    Ok(Said::Many(reports))
}

fn of_alert(alert: &Alert, title_of_all: Option<&str>) -> Report {
    let first = |texts: [Option<&String>; 3]| texts.into_iter().flatten().map(|text| line(text)).find(|text| !text.is_empty());
    let annotation = |name: &str| alert.annotations.get(name);
    let title = first([annotation("summary"), annotation("title"), alert.labels.get("alertname")]);
    let title = title.or_else(|| title_of_all.map(line).filter(|title| !title.is_empty()));
    let labels: Vec<String> = alert.labels.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let labels = labels.join(", ");
    let details = first([annotation("description"), annotation("message"), Some(&labels)]);
    let fingerprint = line(&alert.fingerprint);
    Report {
        key: if fingerprint.is_empty() { hash(&labels) } else { fingerprint },
        title: title.unwrap_or_else(|| "An alert without a name".to_owned()),
        details: details.unwrap_or_default(),
        resolved: alert.status == Status::Resolved,
    }
}

/// One line of text: no control characters, none that turn or hide text, and no more of it than can be listened to.
fn line(text: &str) -> String {
    let visible = text.chars().map(|c| if is_unspeakable(c) { ' ' } else { c });
    let words: String = visible.take(LONGEST_TEXT * 8).collect();
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    if words.chars().count() <= LONGEST_TEXT {
        return words;
    }
    let cut: String = words.chars().take(LONGEST_TEXT - 1).collect();
    format!("{}…", cut.trim_end())
}

/// Control characters, and the marks of Unicode that set a direction, join or take up no room.
const fn is_unspeakable(c: char) -> bool {
    matches!(c, '\0'..='\x1f' | '\x7f'..='\u{9f}' | '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{ffff}' | '\u{e0000}'..='\u{e0fff}')
}

/// The same for the same text.
fn hash(text: &str) -> String {
    Sha256::digest(text.as_bytes())
        .iter()
        .take(16)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[cfg(test)]
mod tests;

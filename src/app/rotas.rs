//! How the service keeps rotas fresh: which source for which hotline, at which door it knocks, who is told when that
//! goes wrong. Knows no calls.

use crate::call::HotlineName;
use crate::clock::Clock;
use crate::config::{Config, Hotline, Microsoft, MicrosoftCredential, Source};
use crate::notices::{Mail, Notice, Notifier, Texter, Untold, Webhook};
use crate::roster::Phone;
use crate::sheet_sync::{Door, Feed, Pace, SheetSync};
use crate::sources::Sources;
use crate::store::Store;
use crate::switchboard::{Carrier, CarrierError, VERB_LIMIT};
use crate::twilio::public_url::PublicUrl;
use anyhow::Context as _;
use async_trait::async_trait;
use axum::Router;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{oneshot, watch};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// So long a start waits for sources where every hotline has a copy from before: callers do not wait for Google.
const START: Duration = Duration::from_secs(5);
/// On these days before its end, and on the last, the operator is told of the client secret.
const TOLD: [i64; 6] = [28, 14, 7, 3, 1, 0];
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// What keeping rotas takes of the service.
pub(super) struct Desk {
    pub(super) store: Store,
    pub(super) clock: Clock,
    pub(super) notifier: Notifier,
    pub(super) public_url: PublicUrl,
    /// Where sources knock, in place of the public address.
    pub(super) bell: Option<String>,
    /// Ends the keeping.
    pub(super) work: CancellationToken,
}

/// Makes every source, pulls every rota once and goes on doing so. The doors for nudges belong behind the public
/// address.
pub(super) async fn keep(config: &Config, desk: Desk) -> anyhow::Result<(Router, Vec<JoinHandle<()>>)> {
    let mut sources = Sources::new(config);
    let mut feeds = Vec::new();
    for hotline in &config.hotlines {
        feeds.push(feed(hotline, &mut sources, has_copy(hotline, &desk.store).await)?);
    }
    let notifier = desk.notifier.clone();
    let (bell, forwarding) = bell_address(&desk);
    let mut sync = SheetSync::new(&desk.store, desk.clock, feeds, Pace::default())
        .notifying(notifier.clone())
        .telling_findings(config.notices.findings)
        .reached_at(bell);
    let doorbell = sync.doorbell().await.context("the doors for nudges")?;

    let (pulled, first_pull) = oneshot::channel();
    let work = desk.work.clone();
    let keeping = tokio::spawn(async move {
        if work.run_until_cancelled(sync.pull_now()).await.is_some() {
            // Whoever started us may not have waited.
            let _ = pulled.send(());
            sync.run(work).await;
        }
    });
    if has_all_copies(config, &desk.store).await {
        let _ = tokio::time::timeout(START, first_pull).await;
    } else {
        let _ = first_pull.await;
    }
    let mut tasks = vec![keeping];
    tasks.extend(forwarding);
    tasks.extend(tell_of_the_end(config, &desk, notifier));
    Ok((doorbell, tasks))
}

async fn has_all_copies(config: &Config, store: &Store) -> bool {
    for hotline in &config.hotlines {
        if !has_copy(hotline, store).await {
            return false;
        }
    }
    true
}

async fn has_copy(hotline: &Hotline, store: &Store) -> bool {
    matches!(store.rota(&hotline.name).await, Ok(Some(_)))
}

/// A key that has gone must not keep callers from the copy of the rota that there is: nobody may be there to mend it when
/// the machine restarts.
fn feed(hotline: &Hotline, sources: &mut Sources, has_copy: bool) -> anyhow::Result<Feed> {
    let mut made = |rota: &[Source]| match sources.of(rota) {
        Ok(source) => Ok(source),
        Err(unusable) if has_copy => Ok(Sources::instead_of(unusable)),
        Err(unusable) => Err(unusable).with_context(|| format!("the rota of hotline {}", hotline.name)),
    };
    let fallback = Some(&hotline.fallback).filter(|rota| !rota.is_empty());
    Ok(Feed {
        hotline: hotline.name.clone(),
        source: made(&hotline.rota)?,
        fallback: fallback.map(|rota| made(rota)).transpose()?,
        given: hotline.settings(),
        interval: hotline.refresh,
        stale_after: hotline.stale_after,
        push: door(hotline),
    })
}

/// Where the hotline's source knocks. One that is joined from Google and Microsoft would come to both doors, so that it is
/// only looked at.
fn door(hotline: &Hotline) -> Option<Door> {
    let doors = hotline.rota.iter().filter_map(|place| match place {
        Source::File(_) => None,
        Source::GoogleSheet(_) => Some(Door::Google),
        Source::SharePointLists { .. } | Source::ExcelOnline { .. } => Some(Door::Graph),
    });
    let mut doors = doors.filter(|_| hotline.push);
    let first = doors.next()?;
    doors.all(|other| other == first).then_some(first)
}

/// The address by which sources reach us, as soon as it is known, and what passes it on.
fn bell_address(desk: &Desk) -> (watch::Receiver<Option<String>>, Option<JoinHandle<()>>) {
    if desk.bell.is_some() {
        return (watch::channel(desk.bell.clone()).1, None);
    }
    let mut learnt = desk.public_url.subscribe();
    let shown = |learnt: &mut watch::Receiver<Option<_>>| learnt.borrow_and_update().as_ref().map(ToString::to_string);
    let (sender, bell) = watch::channel(shown(&mut learnt));
    let work = desk.work.clone();
    let forwarding = tokio::spawn(async move {
        while let Some(Ok(())) = work.run_until_cancelled(learnt.changed()).await {
            sender.send_replace(shown(&mut learnt));
        }
    });
    (bell, Some(forwarding))
}

/// By all ways that are configured; texts go over the carrier.
pub(super) fn notifier(config: &Config, carrier: &Arc<dyn Carrier>) -> anyhow::Result<Notifier> {
    let webhook = config.notices.webhook.as_ref().map(Webhook::new).transpose();
    let webhook = webhook.map_err(anyhow::Error::msg).context("the webhook for notices")?;
    let mails = config.notices.mail.as_ref().map(Mail::to_all).transpose();
    let mails = mails.map_err(anyhow::Error::msg).context("the mail for notices")?;
    let first_number = |hotline: &Hotline| Some((hotline.name.clone(), hotline.numbers.first()?.clone()));
    let texter = ByCarrier {
        carrier: Arc::clone(carrier),
        numbers: config.hotlines.iter().filter_map(first_number).collect(),
    };
    let notifier = Notifier::new(webhook, Some(Arc::new(texter)), config.notices.texts.clone());
    Ok(notifier.mailing(mails.unwrap_or_default()))
}

/// Texts from the number of the hotline that a notice is about.
struct ByCarrier {
    carrier: Arc<dyn Carrier>,
    numbers: BTreeMap<HotlineName, Phone>,
}

#[async_trait]
impl Texter for ByCarrier {
    async fn text(&self, hotline: &HotlineName, to: &Phone, body: &str) -> Result<(), Untold> {
        let Some(from) = self.numbers.get(hotline) else {
            return Err(Untold::Never(format!("there is no hotline {hotline} to text from")));
        };
        let Ok(sent) = tokio::time::timeout(VERB_LIMIT, self.carrier.text(from, to, body)).await else {
            return Err(Untold::Never("the carrier did not answer in time".to_owned()));
        };
        sent.map_err(|fault| match &fault {
            CarrierError::Refused(_) | CarrierError::Gone | CarrierError::Unsure(_) => Untold::Never(fault.to_string()),
            CarrierError::Unreachable(_) => Untold::Later {
                why: fault.to_string(),
                after: None,
            },
            CarrierError::Throttled { retry_after } => Untold::Later {
                why: fault.to_string(),
                after: Some(*retry_after),
            },
        })
    }
}

/// Tells the operator in time that the client secret ends, if its day is known: without a new one no rota of Microsoft is
/// read any more.
fn tell_of_the_end(config: &Config, desk: &Desk, notifier: Notifier) -> Option<JoinHandle<()>> {
    let end = end_of_secret(config.microsoft.as_ref()?)?;
    let is_read_with_it = |place: &Source| match place {
        Source::File(_) | Source::GoogleSheet(_) => false,
        Source::SharePointLists { .. } | Source::ExcelOnline { .. } => true,
    };
    let reader = |hotline: &&Hotline| hotline.rota.iter().chain(&hotline.fallback).any(is_read_with_it);
    let hotline = config.hotlines.iter().find(reader)?.name.clone();
    let (clock, work, store) = (desk.clock, desk.work.clone(), desk.store.clone());
    Some(tokio::spawn(async move {
        loop {
            let left = (end - clock.now().date_naive()).num_days();
            if (left < 0 || TOLD.contains(&left)) && store.keeps_house() {
                let notice = notice_of_the_end(&hotline, end, left, clock);
                tracing::warn!("{} {}", notice.headline, notice.words);
                notifier.tell(&notice).await;
            }
            if work.run_until_cancelled(tokio::time::sleep(DAY)).await.is_none() {
                return;
            }
        }
    }))
}

fn end_of_secret(account: &Microsoft) -> Option<chrono::NaiveDate> {
    match account.credential {
        Ok(MicrosoftCredential::Secret(_)) => account.client_secret_expires,
        Ok(MicrosoftCredential::Certificate(_)) | Err(_) => None,
    }
}

fn notice_of_the_end(hotline: &HotlineName, end: chrono::NaiveDate, left: i64, clock: Clock) -> Notice {
    let day = end.format("%-d %b %Y");
    let headline = match left {
        ..0 => format!("The client secret of Microsoft ended on {day}, as configured."),
        0 => "The client secret of Microsoft ends today.".to_owned(),
        1 => "The client secret of Microsoft ends tomorrow.".to_owned(),
        _ => format!("The client secret of Microsoft ends on {day}, in {left} days."),
    };
    Notice {
        hotline: hotline.clone(),
        headline,
        words: "After that calls ring by the last copy of the rota. Make a new one (entra.microsoft.com, Certificates & secrets), put it in the old one's place, correct microsoft.client_secret_expires and restart rotaline.".to_owned(),
        at: clock.now(),
    }
}

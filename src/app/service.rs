//! The whole service: opened, started and stopped in order. Knows no command and no simulation.

use super::callbacks::Ringer;
use super::certificate::Certificate;
use super::guard::Guard;
use super::player;
use super::serving::{Manner, serve};
use super::upkeep::keep_up;
use super::{makeshift, retention, rotas};
use crate::access::Access;
use crate::call::HotlineName;
use crate::clock::Clock;
use crate::config::{Config, Database, Hotline};
use crate::incidents;
use crate::metrics;
use crate::notices::Notifier;
use crate::occasions::Occasions;
use crate::peer::Trusted;
use crate::store::{Alone, Store};
use crate::switchboard::{Carrier, Desk, Line, Pacing, Switchboard};
use crate::twilio::address::BaseUrl;
use crate::twilio::public_url::PublicUrl;
use crate::twilio::rest::{Client, Settings};
use crate::twilio::verified::Verifier;
use crate::twilio::{self, TwilioState};
use crate::web::{self, Limits, Playback, TestLine, WebState};
use anyhow::Context as _;
use axum::Router;
use chrono::TimeDelta;
use metrics_exporter_prometheus::PrometheusHandle;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// Under this name the public address is remembered once it is learnt.
const PUBLIC_URL: &str = "public-url";

/// What only some commands bring along.
#[derive(Default)]
pub struct Extras {
    /// Serves the metrics on the admin listener; none, no admin listener.
    pub recorder: Option<PrometheusHandle>,
    /// The page offers test calls on it.
    pub test_line: Option<Arc<dyn TestLine>>,
    /// Already listening, in place of the configured address.
    pub listener: Option<TcpListener>,
    /// Where sources knock when a rota changes, in place of the public address.
    pub bell: Option<String>,
    /// Open already, in place of the configured one.
    pub store: Option<Store>,
}

/// A running service.
pub struct Service {
    store: Store,
    access: Access,
    /// Nobody else serves the database file until this is gone.
    _alone: Option<Alone>,
    switchboard: Switchboard,
    address: SocketAddr,
    admin_address: Option<SocketAddr>,
    /// Ends the work: nothing new is taken in hand.
    work: CancellationToken,
    /// Ends the answering, after the work.
    doors: CancellationToken,
    workers: Vec<JoinHandle<()>>,
    servers: Vec<JoinHandle<()>>,
}

impl Service {
    /// Opens the store, pulls every rota once, then answers. Fails before anything is listened on, or not at all.
    ///
    /// # Errors
    /// What cannot be opened, made or listened on, in words.
    pub async fn start(config: Config, clock: Clock, extras: Extras) -> anyhow::Result<Self> {
        let (store, alone) = match extras.store {
            Some(store) => (store, None),
            None => open_to_serve(&config.store.database, clock).await?,
        };
        let clock = store.put_right(clock);
        let public_url = public_url(&config, &store).await?;
        let verifier = verifier(&config, &public_url)?;
        let client = Client::new(carrier_settings(&config)?, public_url.clone())?;
        let carrier: Arc<dyn Carrier> = Arc::new(client.clone());
        let notifier = rotas::notifier(&config, &carrier)?;
        let switchboard = Switchboard::new(store.clone(), carrier, everything(&config), pacing(&config), clock);
        let (manner, certificate) = manner(&config, clock)?;
        // Before any source is asked to knock: who knocks meanwhile waits at the door.
        let listener = match extras.listener {
            Some(listener) => listener,
            None => listen(config.server.listen).await?,
        };

        let (work, doors) = (CancellationToken::new(), CancellationToken::new());
        // Whatever goes wrong below ends the work again.
        let unless_started = work.clone().drop_guard();
        let desk = rotas::Desk {
            store: store.clone(),
            clock,
            notifier: notifier.clone(),
            public_url: public_url.clone(),
            bell: extras.bell,
            work: work.clone(),
        };
        let (doorbell, mut workers) = rotas::keep(&config, desk).await?;
        switchboard.have_rotas_at_hand().await;
        let access = Access::new(store.clone(), clock, config.roll.clone());
        let web = WebState::new(
            store.clone(),
            access.clone(),
            config.hotlines.iter().map(presented).collect(),
            clock,
            extras.test_line,
            Limits::default(),
            work.clone(),
        )
        .with_callbacks(Arc::new(Ringer(switchboard.clone())))
        .opened_by(opened_by(&public_url))
        .showing(certificate.as_ref().map(Certificate::state))
        .playing(Playback::new(Arc::new(player::Recordings(client))));
        let twilio = carrier_doors(&config, switchboard.clone(), verifier);
        let admin = admin_door(&config, extras.recorder, &web).await?;

        let address = listener.local_addr()?;
        let admin_address = admin.as_ref().and_then(|(listener, _)| listener.local_addr().ok());
        let alarms = incidents::router(config.hotlines.iter().filter_map(alarm_door), switchboard.clone());
        let router = guard(&config, &public_url).before(twilio.merge(doorbell).merge(alarms).merge(web::router(web)));
        let mut servers = vec![serve(listener, router, manner, doors.clone())];
        servers.extend(admin.map(|(listener, router)| serve(listener, router, Manner::for_admins(), doors.clone())));
        workers.extend(certificate.map(|certificate| kept(certificate, &config, &notifier, &work)));
        workers.push(telling_of_makeshift(&switchboard, &notifier, &work));
        workers.extend(after_calls(&config, &store, clock, notifier, &work));
        workers.push(learning(public_url, &store, &work));
        workers.push(ringing(&switchboard, &work));
        unless_started.disarm();
        Ok(Self {
            store,
            access,
            _alone: alone,
            switchboard,
            address,
            admin_address,
            work,
            doors,
            workers,
            servers,
        })
    }

    /// Where the page and the webhooks are answered.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where the metrics are answered, if they are.
    #[must_use]
    pub const fn admin_address(&self) -> Option<SocketAddr> {
        self.admin_address
    }

    /// Who may sign in.
    #[must_use]
    pub const fn access(&self) -> &Access {
        &self.access
    }

    /// What the service keeps.
    #[must_use]
    pub const fn store(&self) -> &Store {
        &self.store
    }

    /// Where calls are decided.
    #[must_use]
    pub const fn switchboard(&self) -> &Switchboard {
        &self.switchboard
    }

    /// Takes nothing new in hand, finishes what is, answers webhooks until then, and closes the store.
    pub async fn stop(self) {
        self.work.cancel();
        join(self.workers).await;
        self.doors.cancel();
        join(self.servers).await;
        self.store.close().await;
    }
}

/// Who lets in what the carrier says of any number of ours.
fn verifier(config: &Config, public_url: &PublicUrl) -> anyhow::Result<Verifier> {
    let hotlines = config.hotlines.iter().flat_map(|hotline| &hotline.numbers);
    let numbers = hotlines.chain(config.menus.iter().flat_map(|menu| &menu.numbers));
    let twilio = &config.twilio;
    let (account, tokens) = (twilio.account_sid.clone(), twilio.auth_tokens.clone());
    Ok(Verifier::new(account, tokens, numbers.cloned().collect(), public_url.clone())?)
}

/// All that can be dialled.
fn everything(config: &Config) -> Desk {
    Desk {
        hotlines: config.hotlines.iter().map(line).collect(),
        menus: config.menus.clone(),
        most_calls: config.server.most_calls,
    }
}

/// As fast as the account allows.
fn pacing(config: &Config) -> Pacing {
    Pacing {
        per_second: config.twilio.calls_per_second,
        ..Pacing::default()
    }
}

/// How strangers' connections are taken, and the certificate that they are shown.
fn manner(config: &Config, clock: Clock) -> anyhow::Result<(Manner, Option<Certificate>)> {
    let wire = &config.server.wire;
    let certificate = wire.tls.clone().map(|files| Certificate::open(files, clock)).transpose()?;
    let tls = certificate.as_ref().map(Certificate::acceptor).transpose()?;
    Ok((Manner::for_everybody(Trusted::new(&wire.trusted_proxies), tls), certificate))
}

/// By which address people open the page, once it is known.
fn opened_by(public_url: &PublicUrl) -> Arc<dyn Fn() -> Option<String> + Send + Sync> {
    let public_url = public_url.clone();
    Arc::new(move || public_url.get().map(String::from))
}

/// Who watches over all doors.
fn guard(config: &Config, public_url: &PublicUrl) -> Guard {
    let wire = &config.server.wire;
    Guard::new(public_url.clone(), wire.hosts.clone(), wire.requests_per_minute)
}

/// The certificate is looked after. Notices are always about a hotline: here it is the first.
fn kept(certificate: Certificate, config: &Config, notifier: &Notifier, work: &CancellationToken) -> JoinHandle<()> {
    let hotline = config.hotlines.first().map(|hotline| hotline.name.clone());
    let hotline = hotline.unwrap_or_else(|| HotlineName(String::new()));
    tokio::spawn(certificate.keep(hotline, notifier.clone(), work.clone()))
}

/// Orders are carried out and deadlines kept.
fn ringing(switchboard: &Switchboard, work: &CancellationToken) -> JoinHandle<()> {
    let (switchboard, until) = (switchboard.clone(), work.clone());
    keep_up("the ringing", work.clone(), move || {
        let (switchboard, until) = (switchboard.clone(), until.clone());
        async move { switchboard.run(until).await }
    })
}

/// The operator hears of callers who are put through without the store.
fn telling_of_makeshift(switchboard: &Switchboard, notifier: &Notifier, work: &CancellationToken) -> JoinHandle<()> {
    let (switchboard, notifier, until) = (switchboard.clone(), notifier.clone(), work.clone());
    keep_up("the notices of makeshift calls", work.clone(), move || {
        makeshift::tell(switchboard.makeshift_calls(), notifier.clone(), until.clone())
    })
}

/// The public address is kept as soon as it is learnt.
fn learning(public_url: PublicUrl, store: &Store, work: &CancellationToken) -> JoinHandle<()> {
    let (store, until) = (store.clone(), work.clone());
    keep_up("the public address", work.clone(), move || {
        remember(public_url.clone(), store.clone(), until.clone())
    })
}

/// What looks after calls when they are over: who is told of them, and for how long they are kept.
fn after_calls(config: &Config, store: &Store, clock: Clock, notifier: Notifier, work: &CancellationToken) -> Vec<JoinHandle<()>> {
    let mut tasks = vec![keep_up("the occasions", work.clone(), {
        let (store, work) = (store.clone(), work.clone());
        move || Occasions::new(store.clone(), clock, notifier.clone()).run(work.clone())
    })];
    let days = config.store.keep_days;
    tasks.push(keep_up("the retention", work.clone(), {
        let (store, work) = (store.clone(), work.clone());
        move || retention::keep_days(days, store.clone(), clock, work.clone())
    }));
    tasks
}

/// The database; a file is made where it is not there.
pub(super) async fn open_store(database: &Database) -> anyhow::Result<Store> {
    match database {
        Database::File(path) => Store::open(path).await.with_context(|| format!("the store {}", path.display())),
        Database::Postgres { url, password } => Store::open_postgres(url, password.as_ref()).await.context("the store"),
    }
}

/// As [`open_store`], to serve hotlines from it. Whoever is alone on a file says so for as long as he serves.
async fn open_to_serve(database: &Database, clock: Clock) -> anyhow::Result<(Store, Option<Alone>)> {
    let store = open_store(database).await?;
    let alone = match database {
        Database::File(path) => store.alone(path, clock.now()).await?,
        Database::Postgres { .. } => None,
    };
    Ok((store, alone))
}

/// As [`open_store`], for a question, which makes no store: none where nothing was ever kept.
pub(super) async fn open_kept(database: &Database) -> anyhow::Result<Option<Store>> {
    match database {
        Database::File(path) if !path.try_exists().unwrap_or(false) => Ok(None),
        Database::File(_) | Database::Postgres { .. } => Ok(Some(open_store(database).await?)),
    }
}

async fn join(tasks: Vec<JoinHandle<()>>) {
    for task in tasks {
        if let Err(error) = task.await {
            tracing::error!(%error, "a part of the service broke");
        }
    }
}

/// As configured, or as learnt before the last restart, or to be learnt.
pub(super) async fn public_url(config: &Config, store: &Store) -> anyhow::Result<PublicUrl> {
    let known = match &config.server.public_url {
        Some(url) => Some(url.to_string()),
        None => store.recall(PUBLIC_URL).await?,
    };
    match known {
        Some(url) => Ok(PublicUrl::known(
            BaseUrl::parse(&url).with_context(|| format!("the public address {url}"))?,
        )),
        None => Ok(PublicUrl::unknown()),
    }
}

/// Keeps the public address as soon as it is learnt.
async fn remember(public_url: PublicUrl, store: Store, stop: CancellationToken) {
    let mut learnt = public_url.subscribe();
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            changed = learnt.changed() => if changed.is_err() { return },
        }
        let known = learnt.borrow_and_update().clone();
        if let Some(base) = known
            && let Err(error) = store.remember(PUBLIC_URL, base.as_str()).await
        {
            tracing::warn!(%error, "the public address is not kept; it will be learnt again");
        }
    }
}

fn carrier_settings(config: &Config) -> anyhow::Result<Settings> {
    let token = config.twilio.auth_tokens.first().context("no auth token")?;
    Ok(Settings {
        api_base: config.twilio.api_base.to_string(),
        ..Settings::new(config.twilio.account_sid.clone(), token.clone())
    })
}

fn line(hotline: &Hotline) -> Line {
    Line {
        name: hotline.name.clone(),
        numbers: hotline.numbers.clone(),
        rules: hotline.rules.clone(),
        last_resort: hotline.last_resort.clone(),
        reception: hotline.reception.clone(),
    }
}

/// Where it is not known which hotline a caller wanted, it was most likely the first, which gives the language.
fn carrier_doors(config: &Config, switchboard: Switchboard, verifier: Verifier) -> Router {
    let likeliest = config.hotlines.first();
    twilio::router(TwilioState {
        switchboard,
        verifier,
        speech: likeliest.map(|hotline| hotline.rules.speech()).unwrap_or_default(),
    })
}

/// Where alarms are raised for a hotline; none where nobody may.
fn alarm_door(hotline: &Hotline) -> Option<(HotlineName, incidents::Door)> {
    let token = hotline.incident_token.clone()?;
    let most_an_hour = hotline.incidents_per_hour;
    Some((hotline.name.clone(), incidents::Door { token, most_an_hour }))
}

fn presented(hotline: &Hotline) -> web::Hotline {
    web::Hotline {
        name: hotline.name.clone(),
        title: format!("Hotline {}", hotline.name),
        numbers: hotline.numbers.clone(),
        last_resort: hotline.last_resort.clone(),
        stale_after: TimeDelta::from_std(hotline.stale_after).unwrap_or(TimeDelta::MAX),
    }
}

/// Where the metrics are answered, if they are.
async fn admin_door(config: &Config, recorder: Option<PrometheusHandle>, web: &WebState) -> anyhow::Result<Option<(TcpListener, Router)>> {
    let Some(recorder) = recorder else { return Ok(None) };
    let listener = listen(config.server.admin_listen).await?;
    Ok(Some((listener, admin_router(recorder, web.clone()))))
}

fn admin_router(recorder: PrometheusHandle, web: WebState) -> Router {
    metrics::router(
        recorder,
        Arc::new(move || {
            let web = web.clone();
            Box::pin(async move { web::measure(&web).await })
        }),
    )
}

async fn listen(address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address)
        .await
        .with_context(|| format!("cannot listen on {address}; is another program, or another rotaline, using it?"))
}

//! A stage for calls without an account: the whole service beside a simulated telephone network, on this machine.

use super::rehearsal::Rehearsal;
use super::service::{Extras, Service};
use crate::access::{Access, Oidc, Roll};
use crate::call::{HotlineName, OwnWords, Rules};
use crate::clock::Clock;
use crate::config::{self, Config, Hotline, Notices, Source, Twilio};
use crate::reception::{Menu, Reception};
use crate::roster::{Callbacks, Phone, Settings};
use crate::simulator::server::{self, Simulator};
use crate::store::Store;
use anyhow::Context as _;
use secrecy::SecretString;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;

/// Of an account that exists nowhere else.
const ACCOUNT: &str = "AC00000000000000000000000000000000";
const HOTLINE: &str = "lab";
/// Set aside for fiction, as all numbers of the sample rota.
const HOTLINE_NUMBER: &str = "+61491570006";

/// How the stage is set.
pub struct Setting {
    /// Where the rota is.
    pub rota: Vec<Source>,
    /// The accounts that it is read with, where it takes one.
    pub accounts: Accounts,
    /// Beside the rota.
    pub given: Settings,
    /// Where the page is answered.
    pub listen: SocketAddr,
    /// How many seconds pass on the phones in one real second.
    pub pace: u32,
    /// The address of what stands in front of the service and passes everything on, such as `http://127.0.0.1:8080`.
    pub front: Option<String>,
    /// Of the network's chance.
    pub seed: u64,
    /// How often the rota is looked at.
    pub refresh: Duration,
    /// Whether the source is asked to knock when it changes.
    pub push: bool,
    /// What callers meet before anybody is rung.
    pub reception: Reception,
    /// The operator's own words.
    pub words: OwnWords,
    /// What is recorded.
    pub recordings: Recordings,
    /// What is changed in the rules by which it rings.
    pub rules: fn(Rules) -> Rules,
    /// The numbers that lead to the hotline by a key.
    pub menus: Vec<Menu>,
    /// With which alarms are raised.
    pub incident_token: Option<config::IncidentToken>,
    /// Whether the page offers test calls.
    pub with_test_line: bool,
    /// Whether responders may bring in others by star.
    pub bring_in_key: bool,
    /// Serves metrics, if any.
    pub extras: Extras,
}

/// What is recorded, and for how long.
pub struct Recordings {
    /// Whether talks are.
    pub of_talks: bool,
    /// For how many days recordings are kept; with none they go at once.
    pub keep_days: u32,
    /// Whether messages are written down.
    pub transcribed: bool,
}

impl Default for Recordings {
    fn default() -> Self {
        let rules = Rules::default();
        Self {
            of_talks: rules.record_talks,
            keep_days: rules.keep_recordings_days,
            transcribed: rules.transcribe_messages,
        }
    }
}

/// Accounts at other services.
#[derive(Default)]
pub struct Accounts {
    /// For spreadsheets at Google.
    pub google: Option<config::Google>,
    /// For SharePoint and OneDrive.
    pub microsoft: Option<config::Microsoft>,
    /// By which people sign in.
    pub oidc: Option<Oidc>,
}

/// The service and the network, both running.
pub struct Stage {
    config: Config,
    clock: Clock,
    service: Service,
    rehearsal: Arc<Rehearsal>,
}

impl Stage {
    /// Sets everything up. Where the setting brings no store it is in memory: nothing of a rehearsal is kept.
    ///
    /// # Errors
    /// What cannot be listened on or made, in words.
    pub async fn set(setting: Setting, clock: Clock) -> anyhow::Result<Self> {
        let listener = TcpListener::bind(setting.listen).await;
        let listener =
            listener.with_context(|| format!("cannot listen on {}; another address can be given with --listen", setting.listen))?;
        let base = match &setting.front {
            Some(front) => front.clone(),
            None => format!("http://{}", listener.local_addr()?),
        };
        let number = Phone::from_e164(HOTLINE_NUMBER)?;
        let token = SecretString::from(uuid::Uuid::now_v7().to_string());
        let simulator = Simulator::start(server::Config {
            seed: setting.seed,
            pace: setting.pace,
            own_numbers: vec![HOTLINE_NUMBER.to_owned()],
            clock,
            ..server::Config::new(ACCOUNT, token.clone())
        })
        .await?;
        let twilio = at_simulator(&simulator, token, setting.pace)?;
        let config = configured(&setting, base.parse()?, &number, twilio);
        let store = match setting.extras.store.clone() {
            Some(store) => store,
            None => Store::in_memory().await?,
        };
        let rehearsal = Rehearsal::new(
            simulator,
            store.clone(),
            HotlineName(HOTLINE.to_owned()),
            number,
            &base,
            setting.pace,
            clock,
        );
        let extras = Extras {
            listener: Some(listener),
            store: Some(store),
            ..setting.extras
        };
        let extras = if setting.with_test_line {
            Extras {
                test_line: Some(Arc::clone(&rehearsal) as _),
                ..extras
            }
        } else {
            extras
        };
        let service = Box::pin(Service::start(config.clone(), clock, extras)).await?;
        Ok(Self {
            config,
            clock,
            service,
            rehearsal,
        })
    }

    /// One more process of the same service, on a database that is shared.
    ///
    /// # Errors
    /// As [`Service::start`].
    pub async fn join(&self, store: Store) -> anyhow::Result<Service> {
        let extras = Extras {
            listener: Some(TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?),
            store: Some(store),
            ..Extras::default()
        };
        Box::pin(Service::start(self.config.clone(), self.clock, extras)).await
    }

    /// The service.
    #[must_use]
    pub const fn service(&self) -> &Service {
        &self.service
    }

    /// Who may sign in.
    #[must_use]
    pub const fn access(&self) -> &Access {
        self.service.access()
    }

    /// The people on the network, and who dials in.
    #[must_use]
    pub const fn rehearsal(&self) -> &Arc<Rehearsal> {
        &self.rehearsal
    }

    /// Strikes everything.
    pub async fn strike(self) {
        self.service.stop().await;
        self.rehearsal.stop();
    }
}

/// The configuration of a rehearsal.
fn configured(setting: &Setting, public_url: url::Url, number: &Phone, twilio: config::Twilio) -> Config {
    Config {
        server: config::Server {
            listen: setting.listen,
            admin_listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            public_url: Some(public_url),
            most_calls: config::MOST_CALLS,
            wire: config::Wire::default(),
        },
        store: config::Store {
            database: config::Database::File(PathBuf::new()),
            keep_days: None,
        },
        twilio,
        google: setting.accounts.google.clone(),
        microsoft: setting.accounts.microsoft.clone(),
        notices: Notices::default(),
        warnings: Vec::new(),
        menus: setting.menus.clone(),
        roll: Roll {
            oidc: setting.accounts.oidc.clone(),
            ..Roll::default()
        },
        hotlines: vec![Hotline {
            name: HotlineName(HOTLINE.to_owned()),
            numbers: vec![number.clone()],
            rota: setting.rota.clone(),
            fallback: Vec::new(),
            push: setting.push,
            rules: (setting.rules)(Rules {
                words: setting.words.clone(),
                record_talks: setting.recordings.of_talks,
                keep_recordings_days: setting.recordings.keep_days,
                transcribe_messages: setting.recordings.transcribed,
                bring_in_key: setting.bring_in_key,
                ..rules(setting.pace, number)
            }),
            reception: setting.reception.clone(),
            last_resort: None,
            given: setting.given.clone(),
            refresh: setting.refresh,
            stale_after: config::STALE_AFTER,
            incident_token: setting.incident_token.clone(),
            incidents_per_hour: 30,
        }],
    }
}

/// What is short on phones that run so much faster is short by the service's clock, too.
fn at_simulator(simulator: &Simulator, token: SecretString, pace: u32) -> anyhow::Result<Twilio> {
    Ok(Twilio {
        account_sid: ACCOUNT.to_owned(),
        auth_tokens: vec![token],
        api_base: simulator.base_url().parse()?,
        calls_per_second: f64::from(pace),
        orders_per_hour: 0,
    })
}

fn rules(pace: u32, number: &Phone) -> Rules {
    let rules = Rules::default();
    Rules {
        callbacks: Callbacks::new(None, std::collections::BTreeSet::new(), std::slice::from_ref(number)),
        shortest_talk_seconds: rules.shortest_talk_seconds / pace.max(1),
        ..rules
    }
}

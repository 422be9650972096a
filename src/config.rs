//! What the operator decides: one TOML file, some secrets from the environment.
//!
//! `config.default.toml` beside this file is both the defaults and the manual. All faults are found at once, each with
//! its line, and no secret is ever printed. This room knows keys and ranges; it must not read rotas nor start anything.

mod access;
mod accounts;
mod checks;
mod desk;
mod faults;
mod hotline;
mod incident_token;
mod keeping;
mod rota;
mod secrets;
mod section;
mod wire;

use crate::access::Roll;
use crate::call::{HotlineName, Rules};
use crate::reception::{Menu, Reception};
use crate::roster::{Phone, Responder, Settings, Severity};
use checks::{Urls, account_sid};
use chrono::NaiveDate;
use faults::Sink;
use secrecy::SecretString;
use secrets::{Keeping, Place};
use section::Section;
use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;
use toml::de::DeTable;
use url::Url;

pub use checks::is_loopback;
pub use faults::{ConfigFaults, Fault};
pub use hotline::setting_name;
pub use incident_token::IncidentToken;
pub use wire::{Tls, Wire};

/// The configuration with every default and a comment for every key: what an operator starts from.
pub const MANUAL: &str = include_str!("config.default.toml");

/// The environment variable that holds the auth token.
pub const TOKEN_VARIABLE: &str = "ROTALINE_TWILIO_AUTH_TOKEN";
/// The environment variable that holds the other auth token while tokens are changed.
pub const SECONDARY_TOKEN_VARIABLE: &str = "ROTALINE_TWILIO_AUTH_TOKEN_SECONDARY";

/// The key of Google's service account.
const GOOGLE_KEY: Place<'_> = Place {
    variable: "ROTALINE_GOOGLE_KEY",
    key: "key_file",
    remedy: "Save the service account's key there (the JSON file of Google's console), or set ROTALINE_GOOGLE_KEY to what is in it",
};
/// The client secret of the application at Microsoft.
const CLIENT_SECRET: Place<'_> = Place {
    variable: "ROTALINE_MICROSOFT_CLIENT_SECRET",
    key: "client_secret_file",
    remedy: "Copy the secret's Value (not its Secret ID) from entra.microsoft.com into ROTALINE_MICROSOFT_CLIENT_SECRET, or into a file and name it by client_secret_file",
};
/// The certificate of the application at Microsoft.
const CERTIFICATE: Place<'_> = Place {
    variable: "ROTALINE_MICROSOFT_CERTIFICATE",
    key: "certificate_file",
    remedy: "Save the private key and the certificate there, both as PEM and without a passphrase",
};
/// Where notices are posted to.
const WEBHOOK: Place<'_> = Place {
    variable: "ROTALINE_NOTICES_WEBHOOK",
    key: "webhook_file",
    remedy: "Set ROTALINE_NOTICES_WEBHOOK to the https address, or write it into a file and name that by webhook_file",
};

/// The password at the mail server.
const MAIL_PASSWORD: Place<'_> = Place {
    variable: "ROTALINE_NOTICES_MAIL_PASSWORD",
    key: "password_file",
    remedy: "Set ROTALINE_NOTICES_MAIL_PASSWORD, or write the password into a file and name that by password_file",
};

/// The client secret at the identity provider.
const OIDC_SECRET: Place<'_> = Place {
    variable: "ROTALINE_OIDC_CLIENT_SECRET",
    key: "client_secret_file",
    remedy: "Set ROTALINE_OIDC_CLIENT_SECRET, or write the client secret into a file and name that by client_secret_file",
};

/// A rota that could not be read for this long is stale, where the operator does not decide otherwise: monitors see an
/// outage soon, and are not woken by a source that is away for some minutes.
pub const STALE_AFTER: Duration = Duration::from_secs(900);

/// For so many days calls are kept, where the operator does not decide otherwise: longer than a year, so that one can be
/// compared with the one before.
const KEEP_DAYS: u32 = 400;
/// How many calls the service takes at once where nothing is configured.
pub const MOST_CALLS: u32 = 10_000;

/// How many orders to dial and to text all hotlines together give within an hour, where nothing is configured.
const MOST_ORDERS: u32 = 5_000;

/// A configuration file, or a file of secrets, is refused beyond this size in bytes.
const LARGEST_FILE: u64 = 1 << 20;

/// Everything that the operator decides.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where we answer.
    pub server: Server,
    /// Where we keep things.
    pub store: Store,
    /// How we reach the carrier.
    pub twilio: Twilio,
    /// How Google Sheets are read; only where a rota is one.
    pub google: Option<Google>,
    /// How SharePoint and OneDrive are read; only where a rota is there.
    pub microsoft: Option<Microsoft>,
    /// Whom the service tells about itself.
    pub notices: Notices,
    /// The public lines, in the order of the file; never empty.
    pub hotlines: Vec<Hotline>,
    /// The numbers that lead to several of them.
    pub menus: Vec<Menu>,
    /// Who may sign in, beside those whom the store keeps.
    pub roll: Roll,
    /// What works and should not stay so.
    pub warnings: Vec<Fault>,
}

/// Where the service answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    /// The page and the webhooks.
    pub listen: SocketAddr,
    /// The metrics.
    pub admin_listen: SocketAddr,
    /// Our own address as the carrier sees it, up to our own paths; learnt when not given.
    pub public_url: Option<Url>,
    /// How many calls are live at most, of all hotlines, while a further one is taken.
    pub most_calls: u32,
    /// Who is let in how, before anything is answered.
    pub wire: Wire,
}

/// Where the service keeps calls and rotas.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Store {
    /// In which database.
    pub database: Database,
    /// For how many days a call is kept after its end; none, for ever.
    pub keep_days: Option<u32>,
}

/// Which database.
#[derive(Clone, Debug)]
pub enum Database {
    /// A file of this machine, for this process alone.
    File(PathBuf),
    /// A database of PostgreSQL, which several processes may share.
    Postgres {
        /// Its address, without a password.
        url: Url,
        /// The user's, where the server asks for one.
        password: Option<SecretString>,
    },
}

/// A new password makes no other place of it.
impl PartialEq for Database {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::File(one), Self::File(other)) => one == other,
            (Self::Postgres { url: one, .. }, Self::Postgres { url: other, .. }) => one == other,
            (Self::File(_), Self::Postgres { .. }) | (Self::Postgres { .. }, Self::File(_)) => false,
        }
    }
}

impl Eq for Database {}

/// The account at the carrier.
#[derive(Clone, Debug)]
pub struct Twilio {
    /// Which account.
    pub account_sid: String,
    /// The primary token, then the secondary where there is one. Empty only from [`Config::load_for_reading`].
    pub auth_tokens: Vec<SecretString>,
    /// Where its REST interface is.
    pub api_base: Url,
    /// How many calls may begin per second.
    pub calls_per_second: f64,
    /// How many orders to dial and to text there are within an hour, of all hotlines; 0, any number.
    pub orders_per_hour: u32,
}

/// The service account at Google.
#[derive(Clone, Debug)]
pub struct Google {
    /// Where its key is kept, for people: a file's path or a variable's name.
    pub key_place: String,
    /// Its key, as Google's console gives it (JSON). A fault only from [`Config::load_for_reading`].
    pub key: Result<SecretString, Fault>,
    /// Where spreadsheets are.
    pub sheets_base: Url,
    /// Where files are.
    pub drive_base: Url,
    /// Where tokens are given out, in place of what the key says.
    pub token_uri: Option<Url>,
}

/// The application at Microsoft.
#[derive(Clone, Debug)]
pub struct Microsoft {
    /// The directory: an identifier or a domain.
    pub tenant: String,
    /// The application's identifier.
    pub client_id: String,
    /// How it proves who it is. A fault only from [`Config::load_for_reading`].
    pub credential: Result<MicrosoftCredential, Fault>,
    /// The last day on which the client secret is good, as the operator noted it.
    pub client_secret_expires: Option<NaiveDate>,
    /// Where sites and files are.
    pub graph_base: Url,
    /// Where tokens are given out.
    pub login_base: Url,
}

/// How an application proves who it is.
#[derive(Clone, Debug)]
pub enum MicrosoftCredential {
    /// A client secret.
    Secret(SecretString),
    /// A private key and its certificate, both as PEM.
    Certificate(SecretString),
}

/// Whom the service tells about itself.
#[derive(Clone, Debug)]
pub struct Notices {
    /// Posted to: an address that is itself a secret.
    pub webhook: Option<SecretString>,
    /// Written to.
    pub mail: Option<Mail>,
    /// Texted, from the number of the hotline that it is about.
    pub texts: Vec<Phone>,
    /// New findings in a rota are told from this severity on; none, they are not told.
    pub findings: Option<Severity>,
}

impl Default for Notices {
    fn default() -> Self {
        Self {
            webhook: None,
            mail: None,
            texts: Vec::new(),
            findings: Some(Severity::Warn),
        }
    }
}

/// How notices are mailed.
#[derive(Clone, Debug)]
pub struct Mail {
    /// The server that takes them.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// Who may read along.
    pub security: MailSecurity,
    /// As whom, where the server asks for that.
    pub login: Option<(String, SecretString)>,
    /// The sender's address.
    pub from: String,
    /// The recipients' addresses; never empty.
    pub to: Vec<String>,
}

/// How the way to a mail server is kept private.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailSecurity {
    /// It begins in the open and goes on encrypted, or not at all.
    StartTls,
    /// Encrypted from the first byte.
    Tls,
    /// Not at all: only on this very machine.
    None,
}

/// One public line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hotline {
    /// Unique in the file.
    pub name: HotlineName,
    /// Dialled by callers; never empty, and no number belongs to two hotlines. One that has none has those of the menu
    /// that leads to it, which does not make them its own: they lead to the menu.
    pub numbers: Vec<Phone>,
    /// Where its rota comes from; never empty. Of several the tabs are joined.
    pub rota: Vec<Source>,
    /// Where it comes from when it cannot be had there. May be empty.
    pub fallback: Vec<Source>,
    /// Whether the sources are asked to knock when the rota changes.
    pub push: bool,
    /// How it rings.
    pub rules: Rules,
    /// What callers meet before anybody is rung.
    pub reception: Reception,
    /// Rung when the plan is exhausted; has precedence over the one that the rota names.
    pub last_resort: Option<Responder>,
    /// What the operator says in place of the rota's Settings tab.
    pub given: Settings,
    /// How often the rota is looked at.
    pub refresh: Duration,
    /// When a rota that cannot be read counts as stale.
    pub stale_after: Duration,
    /// With which monitors and sensors raise alarms; none, they cannot.
    pub incident_token: Option<IncidentToken>,
    /// How many new alarms it takes within an hour.
    pub incidents_per_hour: u32,
}

/// Where a rota comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A workbook, a CSV file or a folder of CSV files on this machine.
    File(PathBuf),
    /// A spreadsheet at Google, by its identifier.
    GoogleSheet(String),
    /// Lists of a SharePoint site.
    SharePointLists {
        /// The site's address.
        site: String,
        /// By the names that people see; empty for those that are named like the tabs of a rota.
        lists: Vec<String>,
        /// That of the site's regional settings, which Microsoft does not tell; without it days are read and times not.
        time_zone: Option<String>,
    },
    /// A workbook in SharePoint or OneDrive.
    ExcelOnline {
        /// Whose.
        drive: Drive,
        /// Within the document library.
        path: String,
    },
}

/// Where a workbook is kept at Microsoft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Drive {
    /// The document library of a site, by its address.
    Site(String),
    /// The OneDrive of a person, by the name that she signs in with.
    User(String),
}

/// Which secrets a command cannot do without.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Secrets {
    /// All: for the service.
    All,
    /// Those of calls; those of sources as with [`Secrets::OfSources`]. For a service that has copies of its rotas.
    OfCalls,
    /// None. Those with which rotas are read are taken where they are right; where not, that is kept in their place.
    OfSources,
}

/// The environment's variables.
pub type Environment = BTreeMap<String, String>;

impl Config {
    /// Reads the file and takes the secrets from `env` or the files that it names.
    ///
    /// # Errors
    /// Every fault of the file, and of the secrets, at once.
    pub fn load(path: &Path, env: &Environment) -> Result<Self, ConfigFaults> {
        Self::load_with(path, env, Secrets::All)
    }

    /// As [`Config::load`], for a service that can do without its sources for a while: an account that cannot be used is
    /// told by the rota that needs it.
    ///
    /// # Errors
    /// Every fault of the file, and of the secrets without which nobody is called, at once.
    pub fn load_for_calls(path: &Path, env: &Environment) -> Result<Self, ConfigFaults> {
        Self::load_with(path, env, Secrets::OfCalls)
    }

    /// As [`Config::load`], for commands that call nobody: tokens are neither needed nor looked at, and an account that
    /// cannot be used is told by the rota that needs it.
    ///
    /// # Errors
    /// Every fault of the file at once.
    pub fn load_for_reading(path: &Path, env: &Environment) -> Result<Self, ConfigFaults> {
        Self::load_with(path, env, Secrets::OfSources)
    }

    fn load_with(path: &Path, env: &Environment, secrets: Secrets) -> Result<Self, ConfigFaults> {
        let shown = path.display().to_string();
        let text = read_limited(path).map_err(|error| {
            let remedy = if error.kind() == std::io::ErrorKind::NotFound {
                format!("`rotaline serve --print-config > {shown}` writes one to start from")
            } else {
                "Check the path and the permissions".to_owned()
            };
            ConfigFaults::of_file(&shown, format!("not readable: {error}"), remedy)
        })?;
        let folder = path.parent().unwrap_or(Path::new(""));
        Self::read(&text, &shown, folder, env, secrets)
    }

    /// Reads the text of a configuration. `shown` names it in faults, relative paths begin at `folder`.
    ///
    /// # Errors
    /// Every fault at once.
    pub fn read(text: &str, shown: &str, folder: &Path, env: &Environment, secrets: Secrets) -> Result<Self, ConfigFaults> {
        let keeping = Keeping {
            folder,
            env,
            needed: secrets,
        };
        let (document, syntax) = DeTable::parse_recoverable(text);
        let sink = Sink::new(text, &syntax);
        let mut root = Section::new(&sink, String::new(), None, Some(document.get_ref()));
        let server = server(root.section("server"), keeping);
        let store = keeping::store(root.section("store"), keeping);
        let twilio = twilio(root.section("twilio"), keeping);
        let (mut hotlines, menus, seen) = hotline::hotlines(&mut root, keeping);
        for hotline in &mut hotlines {
            hotline.rules.budget.everywhere = twilio.as_ref().map_or(MOST_ORDERS, |twilio| twilio.orders_per_hour);
        }
        let google = accounts::google(root.section("google"), keeping, seen.needs.google.as_ref());
        let microsoft = accounts::microsoft(root.section("microsoft"), keeping, seen.needs.microsoft.as_ref());
        let notices = accounts::notices(root.section("notices"), keeping, &seen);
        let roll = access::roll(&mut root, keeping, &seen);
        root.finish();
        let warnings = sink.take_warnings();
        let faults = sink.into_faults();
        match (server, store, twilio) {
            (Some(server), Some(store), Some(twilio)) if faults.is_empty() => Ok(Self {
                server,
                store,
                twilio,
                google,
                microsoft,
                notices,
                hotlines,
                menus,
                roll,
                warnings,
            }),
            _ => Err(ConfigFaults::new(shown, faults)),
        }
    }
}

/// Reads the `Setting | Value` pairs of a small TOML file beside a rota: `"Shift: Night" = "20:00-08:00"`, and the
/// same short keys as in a hotline (`time_zone`, `country`, `handover`); `[shifts]` may hold `Night = "20:00-08:00"`.
///
/// # Errors
/// Every fault at once; `shown` names the file in them.
pub fn read_settings(text: &str, shown: &str) -> Result<Settings, ConfigFaults> {
    let (document, syntax) = DeTable::parse_recoverable(text);
    let sink = Sink::new(text, &syntax);
    let mut root = Section::new(&sink, String::new(), None, Some(document.get_ref()));
    let mut pairs = hotline::named_settings(&mut root);
    let further = root.remaining_pairs(&pairs, hotline::SHIFTS);
    pairs.extend(further);
    let faults = sink.into_faults();
    if faults.is_empty() {
        Ok(Settings(pairs))
    } else {
        Err(ConfigFaults::new(shown, faults))
    }
}

/// The text of a small file; anything larger than [`LARGEST_FILE`] is an error.
///
/// # Errors
/// As the operating system says, also where the file is not UTF-8.
pub(crate) fn read_limited(path: &Path) -> std::io::Result<String> {
    if std::fs::metadata(path)?.len() > LARGEST_FILE {
        return Err(std::io::Error::other("larger than 1 MiB"));
    }
    std::fs::read_to_string(path)
}

fn server(mut section: Section<'_, '_>, keeping: Keeping<'_>) -> Option<Server> {
    const ADDRESS: &str = "Write an address and a port, such as \"127.0.0.1:8080\"";
    let loopback = |port| SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let listen = section.text_or("listen", loopback(8080), |text| text.parse().map_err(|_| ADDRESS.to_owned()));
    let admin_listen = section.text_or("admin_listen", loopback(9090), |text| text.parse().map_err(|_| ADDRESS.to_owned()));
    let public_url = section.text("public_url", |text| checks::url(text, Urls::ThisService));
    // The keys of a version before.
    for key in ["recordings_password_file", "recordings_password"] {
        section.refuse(
            key,
            "recordings have no password of their own any more",
            "Take it out, and the variable ROTALINE_RECORDINGS_PASSWORD: whoever signs in as an admin listens. `rotaline user add NAME --role admin` makes one",
        );
    }
    let most_calls = section.whole("most_calls", 1..=100_000, MOST_CALLS);
    let wire = wire::wire(&mut section, keeping);
    wire::judge_admin(&mut section, admin_listen);
    if let (Some(one), Some(other)) = (listen, admin_listen)
        && one == other
        && one.port() != 0
    {
        section.fault(
            "admin_listen",
            format!("{one} is also server.listen"),
            "Give the metrics a port of their own",
        );
    }
    section.finish();
    Some(Server {
        listen: listen?,
        admin_listen: admin_listen?,
        public_url,
        most_calls: most_calls?,
        wire: wire?,
    })
}

fn twilio(mut section: Section<'_, '_>, keeping: Keeping<'_>) -> Option<Twilio> {
    let account_sid = section.secretive("account_sid", account_sid);
    if account_sid.is_none() {
        section.missing(
            "account_sid",
            "It stands on the first page of Twilio's console: \"AC\" and 32 characters",
        );
    }
    let token_file = section.text("auth_token_file", checks::path);
    section.refuse(
        "auth_token",
        "a secret does not belong into this file",
        &format!("Set {TOKEN_VARIABLE} in the environment, or name a file by auth_token_file"),
    );
    let auth_tokens = match keeping.needed {
        Secrets::All | Secrets::OfCalls => secrets::auth_tokens(&section, keeping, token_file.as_deref()),
        Secrets::OfSources => Vec::new(),
    };
    let api_base = section.text_or_else("api_base", "https://api.twilio.com", |text| checks::url(text, Urls::Carrier));
    let calls_per_second = section.number("calls_per_second", 0.1..=100.0, 1.0);
    let orders_per_hour = section.whole("orders_per_hour", 0..=10_000_000, MOST_ORDERS);
    section.finish();
    Some(Twilio {
        account_sid: account_sid?,
        auth_tokens,
        api_base: api_base?,
        calls_per_second: calls_per_second?,
        orders_per_hour: orders_per_hour?,
    })
}

#[cfg(test)]
mod tests;

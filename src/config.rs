//! What the operator decides: one TOML file, some secrets from the environment.
//!
//! `config.default.toml` beside this file is both the defaults and the manual. All faults are found at once, each with
//! its line, and no secret is ever printed. This room knows keys and ranges; it must not read rotas nor start anything.

mod checks;
mod faults;
mod hotline;
mod section;

use crate::call::{HotlineName, Rules};
use crate::roster::{PhoneNumber, Responder, Settings};
use checks::{Urls, account_sid, token};
use faults::Sink;
use secrecy::SecretString;
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

/// The configuration with every default and a comment for every key: what an operator starts from.
pub const MANUAL: &str = include_str!("config.default.toml");

/// The environment variable that holds the auth token.
pub const TOKEN_VARIABLE: &str = "ROTALINE_TWILIO_AUTH_TOKEN";
/// The environment variable that holds the other auth token while tokens are changed.
pub const SECONDARY_TOKEN_VARIABLE: &str = "ROTALINE_TWILIO_AUTH_TOKEN_SECONDARY";

/// A rota that could not be read for this long is stale, where the operator does not decide otherwise: monitors see an
/// outage soon, and are not woken by a source that is away for some minutes.
pub const STALE_AFTER: Duration = Duration::from_secs(900);

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
    /// The public lines, in the order of the file; never empty.
    pub hotlines: Vec<Hotline>,
}

/// Where the service answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    /// The page and the webhooks.
    pub listen: SocketAddr,
    /// The metrics.
    pub admin_listen: SocketAddr,
    /// Our own address as the carrier sees it, without a path; learnt when not given.
    pub public_url: Option<Url>,
}

/// Where the service keeps calls and rotas.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Store {
    /// The database file.
    pub path: PathBuf,
}

/// The account at the carrier.
#[derive(Clone, Debug)]
pub struct Twilio {
    /// Which account.
    pub account_sid: String,
    /// The primary token, then the secondary where there is one. Empty only from [`Config::load_without_secrets`].
    pub auth_tokens: Vec<SecretString>,
    /// Where its REST interface is.
    pub api_base: Url,
    /// How many calls may begin per second.
    pub calls_per_second: f64,
}

/// One public line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hotline {
    /// Unique in the file.
    pub name: HotlineName,
    /// Dialled by callers; never empty, and no number belongs to two hotlines.
    pub numbers: Vec<PhoneNumber>,
    /// Where its rota comes from.
    pub rota: Source,
    /// How it rings.
    pub rules: Rules,
    /// Rung when the plan is exhausted; has precedence over the one that the rota names.
    pub last_resort: Option<Responder>,
    /// What the operator says in place of the rota's Settings tab.
    pub given: Settings,
    /// How often the rota is looked at.
    pub refresh: Duration,
    /// When a rota that cannot be read counts as stale.
    pub stale_after: Duration,
}

/// Where a rota comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A workbook, a CSV file or a folder of CSV files on this machine.
    File(PathBuf),
}

/// The environment's variables.
pub type Environment = BTreeMap<String, String>;

impl Config {
    /// Reads the file and takes the secrets from `env` or the file that it names.
    ///
    /// # Errors
    /// Every fault of the file, and of the secrets, at once.
    pub fn load(path: &Path, env: &Environment) -> Result<Self, ConfigFaults> {
        Self::load_with(path, Some(env))
    }

    /// As [`Config::load`], for commands that call nobody: tokens are neither needed nor looked at.
    ///
    /// # Errors
    /// Every fault of the file at once.
    pub fn load_without_secrets(path: &Path) -> Result<Self, ConfigFaults> {
        Self::load_with(path, None)
    }

    fn load_with(path: &Path, env: Option<&Environment>) -> Result<Self, ConfigFaults> {
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
        Self::read(&text, &shown, folder, env)
    }

    /// Reads the text of a configuration. `shown` names it in faults, relative paths begin at `folder`; without `env`
    /// secrets are not asked for.
    ///
    /// # Errors
    /// Every fault at once.
    pub fn read(text: &str, shown: &str, folder: &Path, env: Option<&Environment>) -> Result<Self, ConfigFaults> {
        let (document, syntax) = DeTable::parse_recoverable(text);
        let sink = Sink::new(text, &syntax);
        let mut root = Section::new(&sink, String::new(), None, Some(document.get_ref()));
        let server = server(root.section("server"));
        let store = store(root.section("store"), folder);
        let twilio = twilio(root.section("twilio"), folder, env);
        let hotlines = hotline::hotlines(&mut root, folder);
        root.finish();
        let faults = sink.into_faults();
        match (server, store, twilio) {
            (Some(server), Some(store), Some(twilio)) if faults.is_empty() => Ok(Self {
                server,
                store,
                twilio,
                hotlines,
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

fn server(mut section: Section<'_, '_>) -> Option<Server> {
    const ADDRESS: &str = "Write an address and a port, such as \"127.0.0.1:8080\"";
    let loopback = |port| SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let listen = section.text_or("listen", loopback(8080), |text| text.parse().map_err(|_| ADDRESS.to_owned()));
    let admin_listen = section.text_or("admin_listen", loopback(9090), |text| text.parse().map_err(|_| ADDRESS.to_owned()));
    let public_url = section.text("public_url", |text| checks::url(text, Urls::OfThisService));
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
    })
}

fn store(mut section: Section<'_, '_>, folder: &Path) -> Option<Store> {
    let path = section.text_or("path", PathBuf::from("rotaline.sqlite"), checks::path);
    section.finish();
    Some(Store { path: folder.join(path?) })
}

fn twilio(mut section: Section<'_, '_>, folder: &Path, env: Option<&Environment>) -> Option<Twilio> {
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
    let auth_tokens = match env {
        Some(env) => auth_tokens(&section, env, token_file.map(|path| folder.join(path)).as_deref()),
        None => Vec::new(),
    };
    let api_base = section.text_or_else("api_base", "https://api.twilio.com", |text| checks::url(text, Urls::OfCarrier));
    let calls_per_second = section.number("calls_per_second", 0.1..=100.0, 1.0);
    section.finish();
    Some(Twilio {
        account_sid: account_sid?,
        auth_tokens,
        api_base: api_base?,
        calls_per_second: calls_per_second?,
    })
}

/// The tokens of the environment, else those of the file. A variable that is set to nothing counts as not set.
fn auth_tokens(section: &Section<'_, '_>, env: &Environment, file: Option<&Path>) -> Vec<SecretString> {
    let variable = |name| env.get(name).map(String::as_str).filter(|text| !text.is_empty());
    let secondary = variable(SECONDARY_TOKEN_VARIABLE).map(|text| (SECONDARY_TOKEN_VARIABLE, text));
    match (variable(TOKEN_VARIABLE), secondary, file) {
        (Some(primary), secondary, _) => tokens_of_environment(section, [(TOKEN_VARIABLE, primary)].into_iter().chain(secondary)),
        (None, None, Some(file)) => tokens_of_file(section, file),
        (None, Some(_), _) => {
            let seen = format!("missing, while {SECONDARY_TOKEN_VARIABLE} is set");
            section.fault_outside(TOKEN_VARIABLE, seen, "Set the primary token too");
            Vec::new()
        }
        (None, None, None) => {
            let remedy = "Set it in the environment, or name a file by twilio.auth_token_file";
            section.fault_outside(TOKEN_VARIABLE, "missing: without it no webhook can be trusted", remedy);
            Vec::new()
        }
    }
}

fn tokens_of_environment<'e>(section: &Section<'_, '_>, set: impl Iterator<Item = (&'static str, &'e str)>) -> Vec<SecretString> {
    let mut tokens = Vec::new();
    for (variable, text) in set {
        match token(text) {
            Ok(token) => tokens.push(token),
            Err(seen) => section.fault_outside(variable, seen, "It is the auth token of Twilio's console, and nothing else"),
        }
    }
    tokens
}

fn tokens_of_file(section: &Section<'_, '_>, file: &Path) -> Vec<SecretString> {
    const KEY: &str = "auth_token_file";
    let shown = file.display();
    let text = match read_limited(file) {
        Ok(text) => text,
        Err(error) => {
            section.fault(
                KEY,
                format!("{shown} is not readable: {error}"),
                "Check the path and the permissions",
            );
            return Vec::new();
        }
    };
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    if lines.is_empty() || lines.len() > 2 {
        let remedy = "Write one token per line: one, or two while tokens are changed";
        section.fault(KEY, format!("{shown} has {} lines", lines.len()), remedy);
        return Vec::new();
    }
    let mut tokens = Vec::new();
    for (number, line) in (1..).zip(lines) {
        match token(line) {
            Ok(token) => tokens.push(token),
            Err(seen) => section.fault(KEY, format!("token {number}: {seen}"), "Write one token per line, and nothing else"),
        }
    }
    tokens
}

#[cfg(test)]
mod tests;

//! Where calls and rotas are kept: a file, or a database of PostgreSQL.

use super::checks;
use super::secrets::{self, Keeping};
use super::section::Section;
use super::{Database, KEEP_DAYS, Store};
use secrecy::SecretString;
use std::path::{Path, PathBuf};
use url::{Host, Url};

/// Holds the password of the database's user.
const PASSWORD_VARIABLE: &str = "ROTALINE_STORE_PASSWORD";
/// What an address may say after its question mark.
const PARAMETERS: [&str; 6] = ["application_name", "host", "sslcert", "sslkey", "sslmode", "sslrootcert"];
/// How the way to the server is kept private. `prefer` and `allow` are not among them: whoever wants to read along would
/// only have to be in the way.
const MODES: [&str; 4] = ["disable", "require", "verify-ca", "verify-full"];
const EXAMPLE: &str = "Write an address such as \"postgres://rotaline@db.example.org/rotaline?sslmode=verify-full\"";

pub(super) fn store(mut section: Section<'_, '_>, keeping: Keeping<'_>) -> Option<Store> {
    let path = section.text_or("path", PathBuf::from("rotaline.sqlite"), checks::path);
    let has_url = section.has("url");
    let url = section.secretive("url", |text| postgres(text, keeping.folder));
    let password_file = section.text("password_file", checks::path);
    let database = match url {
        Some(url) => Some(Database::Postgres {
            url,
            password: password(&section, keeping, password_file.as_ref()),
        }),
        None if has_url => None,
        None => path.map(|path| Database::File(keeping.folder.join(path))),
    };
    let keep_days = section.whole("keep_days", 0..=36_500, KEEP_DAYS);
    section.finish();
    Some(Store {
        database: database?,
        keep_days: Some(keep_days?).filter(|days| *days > 0),
    })
}

/// None where the server asks for none: it may know us by a certificate, or by our user on the same machine.
fn password(section: &Section<'_, '_>, keeping: Keeping<'_>, file: Option<&PathBuf>) -> Option<SecretString> {
    let place = secrets::Place {
        variable: PASSWORD_VARIABLE,
        key: "password_file",
        remedy: "It is the password of the database's user on a line of its own, and nothing else",
    };
    let judged = keeping.secret(section, place, file, |text| match text.lines().count() {
        1 => Ok(SecretString::from(text)),
        lines => Err(format!("{lines} lines")),
    })?;
    judged.map_err(|fault| section.report(fault)).ok()
}

/// The address of a database, without a password. Its files begin in `folder`. Not quoted in faults: many paste one with a
/// password in it.
fn postgres(text: &str, folder: &Path) -> Result<Url, (String, String)> {
    let fault = |seen: &str, remedy: String| (seen.to_owned(), remedy);
    let mut url = Url::parse(text).map_err(|_| fault("no address", EXAMPLE.to_owned()))?;
    if !matches!(url.scheme(), "postgres" | "postgresql") {
        return Err(fault("an address of something else", EXAMPLE.to_owned()));
    }
    let has_password = url.password().is_some() || url.query_pairs().any(|(key, _)| key == "password");
    if has_password {
        let remedy = format!("Take it out, and set {PASSWORD_VARIABLE} in the environment, or name a file by password_file");
        return Err(fault("a password in the address", remedy));
    }
    let database = url.path().trim_start_matches('/');
    if database.is_empty() || database.contains('/') || url.username().is_empty() {
        return Err(fault("an address without a user or a database", EXAMPLE.to_owned()));
    }
    let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    for (key, value) in &pairs {
        judge_parameter(key, value)?;
    }
    let is_private = pairs.iter().any(|(key, _)| key == "sslmode") || is_on_this_machine(&url, &pairs);
    if !is_private {
        let remedy = format!("Add ?sslmode=verify-full to it, or another of {}", MODES.join(", "));
        return Err(fault("another machine, and not how the way to it is kept private", remedy));
    }
    if !pairs.is_empty() {
        let absolute = pairs.iter().map(|(key, value)| match key.as_str() {
            "sslrootcert" | "sslcert" | "sslkey" => (key.as_str(), folder.join(value).to_string_lossy().into_owned()),
            _ => (key.as_str(), value.clone()),
        });
        let absolute: Vec<_> = absolute.collect();
        url.query_pairs_mut().clear().extend_pairs(absolute);
    }
    Ok(url)
}

fn judge_parameter(key: &str, value: &str) -> Result<(), (String, String)> {
    if !PARAMETERS.contains(&key) {
        let remedy = format!("After the question mark there may be {}", PARAMETERS.join(", "));
        return Err((format!("\"{}\" in the address", key.escape_debug()), remedy));
    }
    if key == "sslmode" && !MODES.contains(&value) {
        let remedy = format!("Allowed: {}", MODES.join(", "));
        return Err((format!("sslmode={}", value.escape_debug()), remedy));
    }
    Ok(())
}

/// By a socket in a folder, or over the loopback.
fn is_on_this_machine(url: &Url, pairs: &[(String, String)]) -> bool {
    if let Some((_, host)) = pairs.iter().find(|(key, _)| key == "host") {
        return host.starts_with('/');
    }
    let Some(host) = url.host_str() else { return true };
    match Host::parse(host) {
        Ok(Host::Domain(name)) => name == "localhost",
        Ok(Host::Ipv4(address)) => address.is_loopback(),
        Ok(Host::Ipv6(address)) => address.is_loopback(),
        Err(_) => host.starts_with("%2F") || host.starts_with("%2f"),
    }
}

#[cfg(test)]
mod tests;

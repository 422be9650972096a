//! Secrets: taken from the environment, else from a file that the configuration names, never from the configuration
//! itself. No word that is said here shows one.

use super::faults::Fault;
use super::section::Section;
use super::{Environment, SECONDARY_TOKEN_VARIABLE, Secrets, TOKEN_VARIABLE, checks, read_limited};
use secrecy::{ExposeSecret as _, SecretString};
use std::path::{Path, PathBuf};

/// Where secrets are looked for.
#[derive(Clone, Copy)]
pub(super) struct Keeping<'k> {
    /// Relative paths begin here.
    pub(super) folder: &'k Path,
    pub(super) env: &'k Environment,
    /// Whose faults are faults of the configuration.
    pub(super) needed: Secrets,
}

/// One secret: the variable that holds it, or the key that names its file.
#[derive(Clone, Copy)]
pub(super) struct Place<'p> {
    pub(super) variable: &'p str,
    pub(super) key: &'static str,
    /// What it is and where it comes from, as the end of a remedy.
    pub(super) remedy: &'p str,
}

impl Keeping<'_> {
    /// What the variable holds. One that is set to nothing counts as not set.
    pub(super) fn variable(&self, name: &str) -> Option<&str> {
        self.env.get(name).map(|text| text.trim()).filter(|text| !text.is_empty())
    }

    /// The secret, judged by `judge`, whose error says what was seen without showing it.
    pub(super) fn secret(
        &self,
        section: &Section<'_, '_>,
        place: Place<'_>,
        file: Option<&PathBuf>,
        judge: impl Fn(&str) -> Result<SecretString, String>,
    ) -> Option<Result<SecretString, Fault>> {
        if let Some(text) = self.variable(place.variable) {
            return Some(judge(text).map_err(|seen| Fault {
                line: None,
                key: place.variable.to_owned(),
                seen,
                remedy: place.remedy.to_owned(),
            }));
        }
        let path = self.folder.join(file?);
        let fault = |seen| section.make_fault(place.key, format!("{} {seen}", path.display()), place.remedy);
        // Written over as soon as it is judged.
        let text = match read_limited(&path) {
            Ok(text) => SecretString::from(text),
            Err(error) => return Some(Err(fault(format!("is not readable: {error}")))),
        };
        warn_of_readers(section, place.key, &path);
        Some(judge(text.expose_secret().trim()).map_err(|seen| fault(format!("is not right: {seen}"))))
    }
}

/// Says so when others on this machine may read a file of secrets.
pub(super) fn warn_of_readers(section: &Section<'_, '_>, key: &str, path: &Path) {
    let Some((readers, rights)) = readers(path) else { return };
    let shown = path.display();
    section.warn(
        key,
        format!("{shown} may be read by everybody {readers}"),
        &format!("Take that away: chmod {rights} {shown}"),
    );
}

/// Who else may read a file, and what takes that away. Its group may, where that is how we may: a file of somebody else's.
#[cfg(unix)]
fn readers(path: &Path) -> Option<(&'static str, &'static str)> {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    const OTHERS_READ: u32 = 0o004;
    const GROUP_READS: u32 = 0o040;
    let facts = std::fs::metadata(path).ok()?;
    let may = |right: u32| facts.permissions().mode() & right != 0;
    let is_ours = || std::fs::metadata("/proc/self").is_ok_and(|us| us.uid() == facts.uid());
    if may(OTHERS_READ) {
        return Some(("on this machine", "o-rwx"));
    }
    (may(GROUP_READS) && is_ours()).then_some(("in its group", "g-rwx"))
}

#[cfg(not(unix))]
const fn readers(_: &Path) -> Option<(&'static str, &'static str)> {
    None
}

/// The carrier's tokens: those of the environment, else those of the file.
pub(super) fn auth_tokens(section: &Section<'_, '_>, keeping: Keeping<'_>, file: Option<&Path>) -> Vec<SecretString> {
    let secondary = keeping
        .variable(SECONDARY_TOKEN_VARIABLE)
        .map(|text| (SECONDARY_TOKEN_VARIABLE, text));
    match (keeping.variable(TOKEN_VARIABLE), secondary, file) {
        (Some(primary), secondary, _) => of_environment(section, [(TOKEN_VARIABLE, primary)].into_iter().chain(secondary)),
        (None, None, Some(file)) => of_file(section, &keeping.folder.join(file)),
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

fn of_environment<'e>(section: &Section<'_, '_>, set: impl Iterator<Item = (&'static str, &'e str)>) -> Vec<SecretString> {
    let mut tokens = Vec::new();
    for (variable, text) in set {
        match checks::token(text) {
            Ok(token) => tokens.push(token),
            Err(seen) => section.fault_outside(variable, seen, "It is the auth token of Twilio's console, and nothing else"),
        }
    }
    tokens
}

fn of_file(section: &Section<'_, '_>, file: &Path) -> Vec<SecretString> {
    const KEY: &str = "auth_token_file";
    let shown = file.display();
    let text = match read_limited(file) {
        Ok(text) => SecretString::from(text),
        Err(error) => {
            section.fault(
                KEY,
                format!("{shown} is not readable: {error}"),
                "Check the path and the permissions",
            );
            return Vec::new();
        }
    };
    warn_of_readers(section, KEY, file);
    let lines: Vec<&str> = text
        .expose_secret()
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    if lines.is_empty() || lines.len() > 2 {
        let remedy = "Write one token per line: one, or two while tokens are changed";
        section.fault(KEY, format!("{shown} has {} lines", lines.len()), remedy);
        return Vec::new();
    }
    let mut tokens = Vec::new();
    for (number, line) in (1..).zip(lines) {
        match checks::token(line) {
            Ok(token) => tokens.push(token),
            Err(seen) => section.fault(KEY, format!("token {number}: {seen}"), "Write one token per line, and nothing else"),
        }
    }
    tokens
}

//! With which word monitors and sensors raise alarms. Only its digest is kept: it can be compared, and not be told.

use super::Secrets;
use super::checks;
use super::secrets::{Keeping, Place};
use super::section::Section;
use crate::call::HotlineName;
use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};
use std::fmt;
use std::path::PathBuf;
use subtle::ConstantTimeEq as _;

/// A shorter one could be guessed.
const SHORTEST: usize = 16;

/// A token, as its digest.
#[derive(Clone, PartialEq, Eq)]
pub struct IncidentToken([u8; 32]);

impl IncidentToken {
    /// Keeps the digest of a token.
    #[must_use]
    pub fn of(token: &str) -> Self {
        Self(Sha256::digest(token.as_bytes()).into())
    }

    /// Whether this is the token, in the same time whatever is said.
    #[must_use]
    pub fn is(&self, said: &str) -> bool {
        self.0.ct_eq(&Self::of(said).0).into()
    }
}

impl fmt::Debug for IncidentToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IncidentToken")
    }
}

/// The variable that holds the token of a hotline: `lab-2` has `ROTALINE_INCIDENT_TOKEN_LAB_2`.
fn variable(hotline: &HotlineName) -> String {
    format!("ROTALINE_INCIDENT_TOKEN_{}", hotline.0.to_uppercase().replace('-', "_"))
}

/// The hotline's token, where it has one.
pub(super) fn of(section: &Section<'_, '_>, keeping: Keeping<'_>, hotline: &HotlineName, file: Option<&PathBuf>) -> Option<IncidentToken> {
    if keeping.needed == Secrets::OfSources {
        return None;
    }
    let variable = variable(hotline);
    let remedy = format!("Make one with `openssl rand -hex 16`, and keep it in {variable} or in a file named by incident_token_file");
    let place = Place {
        variable: &variable,
        key: "incident_token_file",
        remedy: &remedy,
    };
    match keeping.secret(section, place, file, judged)? {
        Ok(token) => Some(IncidentToken::of(token.expose_secret())),
        Err(fault) => {
            section.report(fault);
            None
        }
    }
}

fn judged(text: &str) -> Result<SecretString, String> {
    if text.len() < SHORTEST {
        return Err(format!("shorter than {SHORTEST} characters"));
    }
    checks::token(text)
}

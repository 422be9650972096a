//! The key of a service account: the JSON file that Google Cloud gives, told apart from everything that people take
//! for it. Nothing of what is secret in it may show up in words.

use crate::http::{Base, quotable};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value};
use yup_oauth2::ServiceAccountKey;

/// A key is some 2 400 bytes long.
const LONGEST: usize = 64 << 10;
/// Where keys are made, in the words of Google's pages.
const WHERE: &str = "In Google Cloud, under IAM & Admin > Service Accounts > Keys, add a key of type JSON and take that file as it is";
/// Where tokens come from if the key does not say so.
const TOKENS: &str = "https://oauth2.googleapis.com/token";

/// Reads the file's text. `token_uri` goes before the key's own address of tokens.
///
/// # Errors
/// In words for whoever put the key in place.
pub(super) fn read(json: &SecretString, token_uri: Option<&Base>) -> Result<ServiceAccountKey, String> {
    let text = json.expose_secret().trim();
    let fields = object(text)?;
    check_kind(&fields)?;
    let address = required(&fields, "client_email")?;
    if !is_address(&address) {
        return Err(format!(
            "the key names no service account: its client_email is no address. {WHERE}."
        ));
    }
    Ok(ServiceAccountKey {
        key_type: Some("service_account".into()),
        project_id: text_of(&fields, "project_id"),
        private_key_id: text_of(&fields, "private_key_id"),
        // What went through the environment sometimes has its line ends written out.
        private_key: required(&fields, "private_key")?.replace("\\n", "\n"),
        client_email: address,
        client_id: None,
        auth_uri: None,
        token_uri: tokens_from(&fields, token_uri)?,
        auth_provider_x509_cert_url: None,
        client_x509_cert_url: None,
    })
}

fn object(text: &str) -> Result<Map<String, Value>, String> {
    if text.is_empty() {
        return Err(format!("the key is empty. {WHERE}."));
    }
    if text.len() > LONGEST {
        return Err(format!("the key is longer than any key ({} KiB). {WHERE}.", text.len() >> 10));
    }
    if text.starts_with("-----BEGIN") {
        return Err(format!(
            "this is a bare private key; what is needed is the whole JSON file. {WHERE}."
        ));
    }
    match serde_json::from_str(text) {
        Ok(Value::Object(fields)) => Ok(fields),
        Ok(Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_)) => {
            Err(format!("the key is JSON, but not that of a service account. {WHERE}."))
        }
        // The parser's words name a place and quote nothing.
        Err(fault) => Err(format!("the key is not JSON ({fault}); it may have been cut short. {WHERE}.")),
    }
}

/// The other files that Google Cloud hands out look much alike.
fn check_kind(fields: &Map<String, Value>) -> Result<(), String> {
    if fields.contains_key("installed") || fields.contains_key("web") {
        return Err(format!(
            "this is the file of an OAuth client, with which people sign in; rotaline needs the key of a service account. {WHERE}."
        ));
    }
    match fields.get("type").and_then(Value::as_str) {
        Some("service_account") => Ok(()),
        Some("authorized_user") => Err(format!(
            "this is a person's own sign-in (type authorized_user); rotaline needs the key of a service account. {WHERE}."
        )),
        Some(other) => Err(format!(
            "the key is of type \"{}\"; rotaline needs one of type service_account. {WHERE}.",
            quotable(other)
        )),
        None => Err(format!("the key does not say that it is of type service_account. {WHERE}.")),
    }
}

fn text_of(fields: &Map<String, Value>, name: &str) -> Option<String> {
    fields.get(name).and_then(Value::as_str).map(str::to_owned)
}

fn required(fields: &Map<String, Value>, name: &str) -> Result<String, String> {
    text_of(fields, name)
        .filter(|text| !text.trim().is_empty())
        .ok_or_else(|| format!("the key lacks {name}. {WHERE}."))
}

/// Good enough to be shown and to be shared with: `rota@project.iam.gserviceaccount.com`.
fn is_address(text: &str) -> bool {
    let plain = |character: char| character.is_ascii_alphanumeric() || ".-_@+:".contains(character);
    text.len() <= 320 && text.contains('@') && text.chars().all(plain)
}

/// The address is also what our proof is made out to, so it stays as it was written.
fn tokens_from(fields: &Map<String, Value>, given: Option<&Base>) -> Result<String, String> {
    let base = match given {
        Some(base) => base.clone(),
        None => {
            let own = text_of(fields, "token_uri").unwrap_or_else(|| TOKENS.to_owned());
            Base::parse(&own).map_err(|words| format!("the key's token_uri is not used: {words}."))?
        }
    };
    Ok(base.to_string())
}

//! The `[[user]]` and `[[token]]` blocks, and `[oidc]`: who may sign in. Of passwords and tokens only hashes stand here.

use super::checks::{self, Urls};
use super::hotline::Seen;
use super::secrets::Keeping;
use super::section::Section;
use super::{OIDC_SECRET, Secrets};
use crate::access::{Claim, Digest, Identity, Oidc, PasswordHash, Rights, Role, Roll, Token, User, UserName};
use crate::call::HotlineName;
use std::collections::BTreeSet;

const MOST_USERS: usize = 1_000;
const MOST_TOKENS: usize = 200;
const MOST_HOTLINES: usize = 200;
const MOST_SCOPES: usize = 10;

/// Everybody whom the configuration names.
pub(super) fn roll(root: &mut Section<'_, '_>, keeping: Keeping<'_>, seen: &Seen) -> Roll {
    let oidc = oidc(root.section("oidc"), keeping);
    let mut names = BTreeSet::new();
    let mut identities = BTreeSet::new();
    let users = blocks(root, "user", MOST_USERS, |section| user(section, seen, &mut names, &mut identities));
    let mut names = BTreeSet::new();
    let tokens = blocks(root, "token", MOST_TOKENS, |section| token(section, seen, &mut names));
    Roll { users, tokens, oidc }
}

fn blocks<'s, 't, T>(root: &mut Section<'s, 't>, key: &'static str, most: usize, read: impl FnMut(Section<'s, 't>) -> Option<T>) -> Vec<T> {
    let sections = root.sections(key);
    if sections.len() > most {
        let seen = format!("saw {} blocks", sections.len());
        root.fault(key, seen, &format!("Allowed: {most} at most"));
    }
    sections.into_iter().take(most).filter_map(read).collect()
}

fn user(mut section: Section<'_, '_>, seen: &Seen, names: &mut BTreeSet<String>, identities: &mut BTreeSet<String>) -> Option<User> {
    let name = name(&mut section, "By this name somebody signs in", names);
    if let Some(name) = &name {
        section.rename(format!("user.{name}"));
    }
    section.refuse(
        "password",
        "a password does not belong into this file",
        "Write its hash as password_hash; `rotaline user hash` asks for the password and prints that",
    );
    let password = section.secretive("password_hash", |text| {
        let remedy = "Write what `rotaline user hash` prints: it begins with $argon2id$";
        PasswordHash::parse(text).map_err(|seen| (seen, remedy.to_owned()))
    });
    let identity = section.text("oidc", Identity::parse);
    // He may come by the identity provider only.
    if !section.has("oidc") {
        section.missing("password_hash", "`rotaline user hash` asks for a password and prints it");
    }
    if let Some(identity) = &identity
        && !identities.insert(identity.key())
    {
        section.fault("oidc", format!("saw \"{}\" twice", identity.as_str()), "Nobody is two users");
    }
    let rights = rights(&mut section, seen);
    section.finish();
    if password.is_none() && (section.has("password_hash") || identity.is_none()) {
        return None;
    }
    Some(User {
        name: name?,
        password,
        identity,
        rights: rights?,
    })
}

/// By whom else people sign in, where that is said.
fn oidc(mut section: Section<'_, '_>, keeping: Keeping<'_>) -> Option<Oidc> {
    const CLAIMS: &str = "Allowed: \"email\" (where the provider has verified it), \"sub\", \"preferred_username\"";
    let is_there = section.is_there();
    let issuer = section.text("issuer", checks::issuer);
    let client_id = section.text("client_id", |text| {
        checks::plain_line(text, "Write the client ID that the provider has given")
    });
    let file = section.text("client_secret_file", checks::path);
    section.refuse("client_secret", "a secret does not belong into this file", OIDC_SECRET.remedy);
    let claim = section.text_or("claim", Claim::Email, |text| Claim::parse(text).ok_or_else(|| CLAIMS.to_owned()));
    let label = section.text_or("label", "your organisation".to_owned(), |text| {
        checks::plain_line(text, "Write what people call it, in a few words")
    });
    let asks_for = section.has("scopes");
    let scopes = section.list("scopes", MOST_SCOPES, checks::scope);
    let page_url = section.text("page_url", |text| checks::url(text, Urls::ThisService));
    section.finish();
    if !is_there {
        return None;
    }
    section.missing("issuer", "Write the provider's issuer, such as \"https://accounts.google.com\"");
    section.missing("client_id", "Write the client ID that the provider has given");
    let secret = match keeping.needed {
        // Commands send nobody anywhere.
        Secrets::OfSources => return None,
        Secrets::All | Secrets::OfCalls => keeping.secret(&section, OIDC_SECRET, file.as_ref(), checks::password),
    };
    let secret = secret.unwrap_or_else(|| Err(section.make_fault(OIDC_SECRET.key, "missing", OIDC_SECRET.remedy)));
    let client_secret = match (secret, keeping.needed) {
        (Ok(secret), _) => secret,
        (Err(fault), Secrets::All) => {
            section.report(fault);
            return None;
        }
        // Callers must not wait for how people sign in.
        (Err(fault), Secrets::OfCalls | Secrets::OfSources) => {
            section.warn(OIDC_SECRET.key, fault.seen, OIDC_SECRET.remedy);
            return None;
        }
    };
    let claim = claim?;
    let usual = match claim {
        Claim::Email => vec!["email".to_owned()],
        Claim::Subject => Vec::new(),
        Claim::PreferredUsername => vec!["profile".to_owned()],
    };
    let asked = scopes.into_iter().map(|(scope, _)| scope).collect();
    Some(Oidc {
        issuer: issuer?,
        client_id: client_id?,
        client_secret,
        claim,
        scopes: if asks_for { asked } else { usual },
        label: label?,
        page_url: page_url.map(String::from),
    })
}

fn token(mut section: Section<'_, '_>, seen: &Seen, names: &mut BTreeSet<String>) -> Option<Token> {
    let name = name(&mut section, "So the audit log calls the program", names);
    if let Some(name) = &name {
        section.rename(format!("token.{name}"));
    }
    section.refuse(
        "token",
        "a token does not belong into this file",
        "Write its digest as hash: printf %s TOKEN | sha256sum",
    );
    section.missing(
        "hash",
        "Make a token with `openssl rand -hex 32`, and write here what printf %s TOKEN | sha256sum prints",
    );
    let digest = section.secretive("hash", |text| {
        let fault = || {
            (
                "no digest".to_owned(),
                "Write 64 hexadecimal digits: printf %s TOKEN | sha256sum".to_owned(),
            )
        };
        Digest::parse(text).ok_or_else(fault)
    });
    let rights = rights(&mut section, seen);
    section.finish();
    Some(Token {
        name: name?.to_string(),
        digest: digest?,
        rights: rights?,
    })
}

fn name(section: &mut Section<'_, '_>, remedy: &str, names: &mut BTreeSet<String>) -> Option<UserName> {
    let name = section.required_text("name", remedy, UserName::parse)?;
    if !names.insert(name.key()) {
        section.fault("name", format!("saw \"{name}\" twice"), "Names differ, not only in capital letters");
    }
    Some(name)
}

fn rights(section: &mut Section<'_, '_>, seen: &Seen) -> Option<Rights> {
    const ROLES: &str = "Allowed: \"viewer\", \"responder\", \"admin\", \"operator\"";
    let role = section.required_text("role", ROLES, |text| Role::parse(text).ok_or_else(|| ROLES.to_owned()));
    let count = section.has("hotlines");
    let hotlines = section.list("hotlines", MOST_HOTLINES, |text| seen.known_hotline(text));
    let names: Vec<HotlineName> = hotlines.into_iter().map(|(name, _)| name).collect();
    if count && names.is_empty() {
        // Leaving out what does not fit must not mean all of them.
        section.fault(
            "hotlines",
            "saw none that there is",
            "Name some, or leave the key out: then it is all of them",
        );
        return None;
    }
    let rights = Rights::new(role?, names);
    if rights.is_none() {
        let remedy = "Leave hotlines out: an operator runs the whole service";
        section.fault("hotlines", "an operator of some hotlines", remedy);
    }
    rights
}

//! The `[[user]]` and `[[token]]` blocks: who may sign in. Of passwords and tokens only hashes stand here.

use super::hotline::Seen;
use super::section::Section;
use crate::access::{Digest, PasswordHash, Rights, Role, Roll, Token, User, UserName};
use crate::call::HotlineName;
use std::collections::BTreeSet;

const MOST_USERS: usize = 1_000;
const MOST_TOKENS: usize = 200;
const MOST_HOTLINES: usize = 200;

/// Everybody whom the configuration names.
pub(super) fn roll(root: &mut Section<'_, '_>, seen: &Seen) -> Roll {
    let mut names = BTreeSet::new();
    let users = blocks(root, "user", MOST_USERS, |section| user(section, seen, &mut names));
    let mut names = BTreeSet::new();
    let tokens = blocks(root, "token", MOST_TOKENS, |section| token(section, seen, &mut names));
    Roll { users, tokens }
}

fn blocks<'s, 't, T>(root: &mut Section<'s, 't>, key: &'static str, most: usize, read: impl FnMut(Section<'s, 't>) -> Option<T>) -> Vec<T> {
    let sections = root.sections(key);
    if sections.len() > most {
        let seen = format!("saw {} blocks", sections.len());
        root.fault(key, seen, &format!("Allowed: {most} at most"));
    }
    sections.into_iter().take(most).filter_map(read).collect()
}

fn user(mut section: Section<'_, '_>, seen: &Seen, names: &mut BTreeSet<String>) -> Option<User> {
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
    section.missing("password_hash", "`rotaline user hash` asks for a password and prints it");
    let rights = rights(&mut section, seen);
    section.finish();
    Some(User {
        name: name?,
        password: Some(password?),
        rights: rights?,
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

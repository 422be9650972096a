//! What people type about who may sign in, and what is answered. Passwords are never among the arguments, which everybody
//! on the machine could see.

use super::calls::moment;
use super::reading::Unreadable;
use crate::access::{Named, Role};
use crate::roster::wall_clock::Zone;
use chrono::{DateTime, Utc};
use clap::{Args, Subcommand, builder::PossibleValuesParser};
use serde::Serialize;
use std::fmt::Write as _;

/// Arguments of `user`.
#[derive(Clone, Debug, Args)]
pub struct Users {
    /// What to do.
    #[command(subcommand)]
    pub order: UserOrder,
}

/// What can be done about users.
#[derive(Clone, Debug, Subcommand)]
pub enum UserOrder {
    /// Let somebody sign in. Asks for a password, or reads it from a pipe.
    Add {
        /// By which name.
        #[arg(value_name = "NAME")]
        name: String,
        /// What he may do.
        #[command(flatten)]
        rights: AskedRights,
        /// Ask for no password: a link to choose one is printed in its place.
        #[arg(long)]
        link: bool,
        /// Who he is at the identity provider, where he is not called there as here. Asks for no password.
        #[arg(long, value_name = "IDENTITY")]
        oidc: Option<String>,
    },
    /// Say who may sign in.
    List {
        /// Write JSON.
        #[arg(long)]
        json: bool,
    },
    /// Forget somebody, who is signed out everywhere.
    Remove {
        /// Whom.
        #[arg(value_name = "NAME")]
        name: String,
    },
    /// Give somebody another password, which signs him out everywhere. Asks for it, or reads it from a pipe.
    Password {
        /// Whom.
        #[arg(value_name = "NAME")]
        name: String,
    },
    /// Print a link by which somebody signs in once, within a quarter of an hour, and can choose another password.
    Link {
        /// Who.
        #[arg(value_name = "NAME")]
        name: String,
    },
    /// Print the hash of a password, for `password_hash` in the configuration. Asks for it, or reads it from a pipe.
    Hash,
}

/// Arguments of `token`.
#[derive(Clone, Debug, Args)]
pub struct Tokens {
    /// What to do.
    #[command(subcommand)]
    pub order: TokenOrder,
}

/// What can be done about tokens.
#[derive(Clone, Debug, Subcommand)]
pub enum TokenOrder {
    /// Make a token for a program, and print it: once.
    Add {
        /// What the audit log calls the program.
        #[arg(value_name = "NAME")]
        name: String,
        /// What it may do.
        #[command(flatten)]
        rights: AskedRights,
    },
    /// Say which tokens there are.
    List {
        /// Write JSON.
        #[arg(long)]
        json: bool,
    },
    /// Forget a token, which opens nothing from then on.
    Remove {
        /// Which.
        #[arg(value_name = "NAME")]
        name: String,
    },
}

/// What somebody may do.
#[derive(Clone, Debug, Args)]
pub struct AskedRights {
    /// What he is: viewer, responder, admin or operator.
    #[arg(long, value_name = "ROLE", value_parser = PossibleValuesParser::new(Role::ALL.map(Role::as_str)))]
    pub role: String,
    /// For this hotline of the configuration. May be repeated; all of them when left out.
    #[arg(long, value_name = "NAME")]
    pub hotline: Vec<String>,
}

/// Arguments of `audit`.
#[derive(Clone, Debug, Args)]
pub struct Audit {
    /// From this time on: "2026-07-03", "2026-07-03 02:00" (in UTC) or "2026-07-03T02:00:00+10:00". All that is kept when left
    /// out.
    #[arg(long, value_name = "TIME")]
    pub since: Option<String>,
    /// Write JSON.
    #[arg(long)]
    pub json: bool,
}

impl Audit {
    /// From when on.
    ///
    /// # Errors
    /// [`Unreadable`] where it is no time.
    pub fn since(&self, now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>, Unreadable> {
        let utc = Zone::new(chrono_tz::UTC);
        self.since.as_deref().map(|text| moment("--since", text, &utc, now)).transpose()
    }
}

/// Users or tokens. Serializes to the JSON of `--json`.
#[derive(Clone, Debug, Serialize)]
pub struct NamedReport {
    listed: Vec<ListedRights>,
    #[serde(skip)]
    nobody: &'static str,
}

#[derive(Clone, Debug, Serialize)]
struct ListedRights {
    name: String,
    role: Role,
    hotlines: String,
    is_configured: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    oidc: Option<String>,
}

impl NamedReport {
    /// `nobody` is said where there are none.
    #[must_use]
    pub fn new(named: Vec<Named>, nobody: &'static str) -> Self {
        let listed = named.into_iter().map(|named| ListedRights {
            name: named.name,
            role: named.rights.role,
            hotlines: named.rights.hotlines.to_string(),
            is_configured: named.is_configured,
            oidc: named.identity,
        });
        Self {
            listed: listed.collect(),
            nobody,
        }
    }

    /// For people.
    #[must_use]
    pub fn text(&self) -> String {
        if self.listed.is_empty() {
            return format!("{}\n", self.nobody);
        }
        let mut text = String::new();
        for one in &self.listed {
            let place = if one.is_configured { ", in the configuration" } else { "" };
            let oidc = one.oidc.as_ref().map(|oidc| format!(", {oidc} at the identity provider"));
            let oidc = oidc.unwrap_or_default();
            let _ = writeln!(text, "{}: {} of {}{oidc}{place}", one.name, one.role, one.hotlines);
        }
        text
    }
}

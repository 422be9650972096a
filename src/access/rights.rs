//! Roles, and the hotlines for which somebody has one.

use crate::call::HotlineName;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;

/// What somebody is for the hotlines; each may do what those before it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Looks.
    Viewer,
    /// Is on call, and does what falls to whoever is.
    Responder,
    /// Looks after hotlines and people.
    Admin,
    /// Runs the whole service.
    Operator,
}

/// For which hotlines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hotlines {
    /// Whichever there are.
    All,
    /// These.
    Some(BTreeSet<HotlineName>),
}

/// What somebody may do, and for which hotlines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rights {
    /// What he is.
    pub role: Role,
    /// For which; for an operator, all.
    pub hotlines: Hotlines,
}

impl Role {
    /// All, the least first.
    pub const ALL: [Self; 4] = [Self::Viewer, Self::Responder, Self::Admin, Self::Operator];

    /// As it is written.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Responder => "responder",
            Self::Admin => "admin",
            Self::Operator => "operator",
        }
    }

    /// The role that is written so.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == text)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Hotlines {
    /// Whether a hotline is one of them.
    #[must_use]
    pub fn have(&self, hotline: &HotlineName) -> bool {
        match self {
            Self::All => true,
            Self::Some(names) => names.contains(hotline),
        }
    }
}

impl fmt::Display for Hotlines {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_str("all hotlines"),
            Self::Some(names) => {
                let names: Vec<&str> = names.iter().map(|name| name.0.as_str()).collect();
                f.write_str(&names.join(", "))
            }
        }
    }
}

impl Rights {
    /// A role for some hotlines; for all, where none are named. None for an operator of some: he runs the whole service.
    #[must_use]
    pub fn new(role: Role, hotlines: impl IntoIterator<Item = HotlineName>) -> Option<Self> {
        let names: BTreeSet<HotlineName> = hotlines.into_iter().collect();
        let hotlines = match (role, names.is_empty()) {
            (_, true) => Hotlines::All,
            (Role::Operator, false) => return None,
            (Role::Viewer | Role::Responder | Role::Admin, false) => Hotlines::Some(names),
        };
        Some(Self { role, hotlines })
    }
}

//! Somebody of whom we know who it is.

use super::matrix::{Action, Least};
use super::rights::{Hotlines, Rights, Role};
use crate::call::HotlineName;

/// How somebody is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A person who has signed in.
    User,
    /// A program with a token.
    Token,
}

/// A person or a program, and what it may do at this moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Who {
    pub(super) kind: Kind,
    pub(super) name: String,
    pub(super) rights: Rights,
}

impl Kind {
    /// As it is written in the audit log.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Token => "token",
        }
    }
}

impl Who {
    /// How he is known.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// His name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What he is.
    #[must_use]
    pub const fn role(&self) -> Role {
        self.rights.role
    }

    /// Which hotlines there are for him; all others look as though they were not there.
    #[must_use]
    pub const fn hotlines(&self) -> &Hotlines {
        &self.rights.hotlines
    }

    /// Whether he may do this, for a hotline where it is about one.
    #[must_use]
    pub fn may(&self, action: Action, hotline: Option<&HotlineName>) -> bool {
        let is_his = hotline.is_none_or(|hotline| self.rights.hotlines.have(hotline));
        let suffices = match action.least() {
            Least::Open => true,
            Least::Role(role) => self.rights.role >= role,
        };
        is_his && suffices
    }
}

#[cfg(test)]
impl Who {
    /// A program with these rights.
    pub(crate) fn program(rights: Rights) -> Self {
        let (kind, name) = (Kind::Token, "tests".to_owned());
        Self { kind, name, rights }
    }
}

//! The one way into the audit log.

use super::Access;
use super::act::{Act, Author};
use crate::call::HotlineName;
use crate::store::{Audited, StoreError};
use std::net::IpAddr;

impl Access {
    /// Notes what somebody does, from where, and about which hotline. To be asked before it is done: what cannot be noted
    /// is not to be done.
    ///
    /// # Errors
    /// As [`StoreError`] says; then it is not noted.
    pub async fn note(&self, author: Author<'_>, from: Option<IpAddr>, act: &Act, hotline: Option<&HotlineName>) -> Result<(), StoreError> {
        let (kind, who) = match author {
            Author::Who(who) => (who.kind().as_str(), who.name()),
            Author::Command => ("command", "this machine"),
        };
        let line = Audited {
            number: 0,
            at: self.0.clock.now(),
            who: who.to_owned(),
            kind: kind.to_owned(),
            client: from.map(|address| address.to_canonical().to_string()),
            what: act.what().to_owned(),
            hotline: hotline.map(|hotline| hotline.0.clone()),
            about: act.words(),
        };
        self.0.store.note(&line).await?;
        tracing::info!(kind, who, client = line.client, hotline = line.hotline, "{}", line.about);
        Ok(())
    }
}

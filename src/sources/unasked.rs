//! What stands in for a source that cannot even be asked. It must not know why.

use super::Unusable;
use async_trait::async_trait;
use providers::{Fetched, Revision, SheetSource, SourceError};

/// Says at every fetch what is wrong.
pub(super) struct Unasked(pub(super) Unusable);

#[async_trait]
impl SheetSource for Unasked {
    fn describe(&self) -> String {
        "its source".to_owned()
    }

    async fn fetch(&self, _since: Option<&Revision>) -> Result<Fetched, SourceError> {
        let Unusable { what, seen, remedy } = &self.0;
        Err(SourceError::Auth(format!("{what}: {seen}. {remedy}, then restart rotaline")))
    }
}

//! A rota in a file of this machine: a workbook, a CSV file, or a folder of CSV files named like tabs.

use crate::{Fetched, Revision, SheetSource, SourceError};
use std::path::PathBuf;

/// A workbook (`.xlsx`), a text table (`.csv`, `.tsv`, `.txt`), or a folder of such tables.
#[derive(Clone, Debug)]
pub struct LocalFile {
    path: PathBuf,
}

impl LocalFile {
    /// Names the file or folder; nothing is read yet.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }
}

#[async_trait::async_trait]
impl SheetSource for LocalFile {
    fn describe(&self) -> String {
        self.path.display().to_string()
    }

    async fn fetch(&self, _since: Option<&Revision>) -> Result<Fetched, SourceError> {
        Err(SourceError::Transient("reading files lands with the next commit".into()))
    }
}

//! A rota in a file of this machine: a workbook, a text table, or a folder of text tables named like tabs.
//! It knows files and when they changed; it must not know what stands in the cells.

mod disk;
mod kind;

#[cfg(test)]
mod tests;

use crate::limits::{Budget, first_few};
use crate::workbook::{self, Contents};
use crate::{Fetched, Revision, Sheet, SheetSource, SourceError, Tab, calendar_file, text_table};
use disk::{Look, Piece};
pub(crate) use kind::Kind;
#[cfg(feature = "sharepoint")]
pub(crate) use kind::of as kind_of;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

/// Part of every revision: to be raised when the same bytes are read into other cells than before.
const READER: u8 = 2;
/// So often in a row a file is taken as unchanged from its size and time alone; then its bytes are compared,
/// in case a program wrote it and put the old time back.
const TRUST: u8 = 9;

/// A workbook (`.xlsx`, `.xlsm`), a text table (`.csv`, `.tsv`, `.txt`), a calendar (`.ics`), or a folder of such tables
/// and calendars.
///
/// Its revision is made of the bytes: a mere `touch` is no change, and what is unchanged is not parsed again.
#[derive(Clone, Debug)]
pub struct LocalFile {
    path: PathBuf,
    time: Option<fn() -> SystemTime>,
    seen: Arc<Mutex<Option<Seen>>>,
}

/// What was there when the bytes were last read.
#[derive(Clone, Debug)]
struct Seen {
    look: Look,
    revision: Revision,
    /// How often the look may still be trusted without reading; 0 while the file was too fresh.
    trust: u8,
}

impl LocalFile {
    /// Names the file or folder; nothing is read yet.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            time: None,
            seen: Arc::new(Mutex::new(None)),
        }
    }

    /// Given the machine's time, a file whose size and time of change are those of the last read, and that
    /// was not fresh then, is not even read. Without it the bytes are read and compared at every fetch.
    #[must_use]
    pub fn trusting_file_times(mut self, time: fn() -> SystemTime) -> Self {
        self.time = Some(time);
        self
    }

    fn fetch_blocking(&self, since: Option<&Revision>) -> Result<Fetched, SourceError> {
        let look = Look::at(&self.path)?;
        let is_settled = self.time.is_some_and(|time| look.is_settled(time()));
        if self.is_still(&look, since) {
            return Ok(Fetched::Unchanged);
        }
        let pieces = look.read(&self.path)?;
        let revision = revision(&pieces);
        self.remember(Seen {
            look,
            revision: revision.clone(),
            trust: if is_settled { TRUST } else { 0 },
        });
        if since == Some(&revision) {
            return Ok(Fetched::Unchanged);
        }
        Ok(Fetched::Sheet(Box::new(sheet(disk::name(&self.path), revision, &pieces)?)))
    }

    /// Whether what was read last is what `since` names and nothing has changed from the outside.
    fn is_still(&self, look: &Look, since: Option<&Revision>) -> bool {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(seen) = seen.as_mut() else { return false };
        if since != Some(&seen.revision) || seen.look != *look || seen.trust == 0 {
            return false;
        }
        seen.trust -= 1;
        true
    }

    fn remember(&self, seen: Seen) {
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = Some(seen);
    }
}

#[async_trait::async_trait]
impl SheetSource for LocalFile {
    fn describe(&self) -> String {
        self.path.display().to_string()
    }

    async fn fetch(&self, since: Option<&Revision>) -> Result<Fetched, SourceError> {
        let file = self.clone();
        let since = since.cloned();
        tokio::task::spawn_blocking(move || file.fetch_blocking(since.as_ref()))
            .await
            .unwrap_or_else(|_| Err(SourceError::Transient("the reading was broken off".into())))
    }
}

fn revision(pieces: &[Piece]) -> Revision {
    let mut hash = Sha256::new();
    for piece in pieces {
        for part in [piece.name.as_bytes(), &piece.bytes] {
            hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_le_bytes());
            hash.update(part);
        }
    }
    let digits: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    Revision(format!("{READER}-{digits}"))
}

fn sheet(title: String, revision: Revision, pieces: &[Piece]) -> Result<Sheet, SourceError> {
    let Contents { tabs, remarks, time_zone } = contents(pieces)?;
    Ok(Sheet {
        title,
        revision,
        time_zone,
        tabs,
        remarks,
        link: None,
    })
}

/// The sheet of one file's bytes.
#[cfg(fuzzing)]
pub(crate) fn of_bytes(name: &str, bytes: &[u8]) -> Result<Sheet, SourceError> {
    let piece = Piece {
        name: name.to_owned(),
        bytes: bytes.to_vec(),
    };
    sheet(name.to_owned(), Revision(String::new()), &[piece])
}

fn contents(pieces: &[Piece]) -> Result<Contents, SourceError> {
    let mut all = Contents::default();
    let mut budget = Budget::default();
    let is_folder = pieces.len() > 1;
    let mut zones = BTreeSet::new();
    for piece in pieces {
        let of_file = |words: String| if is_folder { format!("{}: {words}", piece.name) } else { words };
        let found = match kind::of(&piece.name, &piece.bytes).map_err(|fault| reword(fault, of_file))? {
            Kind::Workbook => workbook::read(&piece.bytes),
            Kind::Text => text_table::read(&piece.bytes, &piece.name, &mut budget).map(|(tab, remarks)| Contents {
                tabs: vec![tab],
                remarks,
                time_zone: None,
            }),
            Kind::Calendar => calendar_file::read(&piece.bytes, &piece.name, &mut budget),
        }
        .map_err(|fault| reword(fault, of_file))?;
        all.tabs.extend(found.tabs);
        zones.extend(found.time_zone);
        all.remarks.extend(found.remarks.into_iter().map(of_file));
    }
    all.remarks.extend(namesakes(&all.tabs));
    if zones.len() > 1 {
        let named: Vec<String> = zones.into_iter().collect();
        all.remarks.push(format!(
            "the calendars are kept in several time zones, so none of them counts: {}",
            first_few(&named)
        ));
    } else {
        all.time_zone = zones.pop_first();
    }
    Ok(all)
}

/// `rota.csv` beside `Rota.txt`: which of them is meant, nobody can say.
fn namesakes(tabs: &[Tab]) -> Vec<String> {
    let mut first_of = BTreeMap::new();
    let mut remarks = Vec::new();
    for tab in tabs.iter().filter(|tab| tab.file.is_some()) {
        let file = tab.file.as_deref().unwrap_or_default();
        if let Some(first) = first_of.insert(tab.name.to_lowercase(), file) {
            remarks.push(format!("{first} and {file} are both called \"{}\"; keep one of them", tab.name));
        }
    }
    remarks
}

/// Says which file of a folder is meant.
fn reword(fault: SourceError, say: impl FnOnce(String) -> String) -> SourceError {
    match fault {
        SourceError::Transient(words) => SourceError::Transient(say(words)),
        SourceError::Malformed(words) => SourceError::Malformed(say(words)),
        SourceError::Auth(_) | SourceError::Forbidden(_) | SourceError::NotFound(_) | SourceError::Throttled { .. } => fault,
    }
}

//! Files as they lie on the disk: how they look from outside, and their bytes, read in one go and only
//! taken when nothing changed meanwhile.

use super::kind;
use crate::SourceError;
use crate::limits::{ENTRIES, FILE_BYTES, TABS, too_much};
use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// The coarsest time of change that file systems keep (FAT: two seconds). What is written again within it
/// may show the same time.
const TIME_GRAIN: Duration = Duration::from_secs(2);

/// The bytes of one file.
pub(super) struct Piece {
    pub(super) name: String,
    pub(super) bytes: Vec<u8>,
}

/// How a file, or the tables of a folder, look from outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Look(Vec<Outside>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Outside {
    path: PathBuf,
    bytes: u64,
    /// `None` where the file system does not keep it.
    changed: Option<SystemTime>,
}

impl Look {
    /// Looks without reading.
    pub(super) fn at(path: &Path) -> Result<Self, SourceError> {
        if let Some(refused) = kind::refused_name(&name(path)) {
            return Err(refused);
        }
        let metadata = fs::metadata(path).map_err(|fault| words(path, &fault))?;
        let look = if metadata.is_dir() {
            Self(tables(path)?)
        } else {
            Self(vec![outside(path, &metadata)?])
        };
        let bytes: u64 = look.0.iter().map(|file| file.bytes).sum();
        if bytes > FILE_BYTES {
            return Err(too_much(format!("{} MiB; at most {} MiB are read", bytes >> 20, FILE_BYTES >> 20)));
        }
        Ok(look)
    }

    /// Whether all was last changed so long before `now` that any later change will show another time.
    pub(super) fn is_settled(&self, now: SystemTime) -> bool {
        self.0.iter().all(|file| file.changed.is_some_and(|at| at + TIME_GRAIN <= now))
    }

    /// The bytes of all files; `Transient` when one changed while being read.
    pub(super) fn read(&self, path: &Path) -> Result<Vec<Piece>, SourceError> {
        let pieces = self.0.iter().map(Outside::read).collect::<Result<_, _>>()?;
        if Self::at(path)? != *self {
            return Err(SourceError::Transient(
                "it changed while it was being read: it is being written just now".into(),
            ));
        }
        Ok(pieces)
    }
}

impl Outside {
    fn read(&self) -> Result<Piece, SourceError> {
        let fail = |fault: io::Error| words(&self.path, &fault);
        let mut bytes = Vec::new();
        let file = File::open(&self.path).map_err(fail)?;
        file.take(self.bytes + 1).read_to_end(&mut bytes).map_err(fail)?;
        if u64::try_from(bytes.len()).ok() != Some(self.bytes) {
            return Err(SourceError::Transient(
                "its length changed while it was being read: it is being written just now".into(),
            ));
        }
        Ok(Piece {
            name: name(&self.path),
            bytes,
        })
    }
}

/// The text tables of a folder by name, without hidden and lock files.
fn tables(folder: &Path) -> Result<Vec<Outside>, SourceError> {
    let fail = |fault: io::Error| words(folder, &fault);
    let mut found = Vec::new();
    for (number, entry) in fs::read_dir(folder).map_err(fail)?.enumerate() {
        if number >= ENTRIES {
            return Err(too_much(format!("the folder holds more than {ENTRIES} files")));
        }
        let path = entry.map_err(fail)?.path();
        let name = name(&path);
        if name.starts_with(['.', '~']) || !kind::is_table_name(&name) {
            continue;
        }
        let metadata = fs::metadata(&path).map_err(|fault| words(&path, &fault))?;
        if metadata.is_file() {
            found.push(outside(&path, &metadata)?);
        }
    }
    if found.is_empty() {
        return Err(SourceError::Malformed(format!(
            "the folder {} holds no .csv, .tsv, .txt or .ics file. Name a workbook itself, not its folder",
            folder.display()
        )));
    }
    if found.len() > TABS {
        return Err(too_much(format!("the folder holds more than {TABS} tables")));
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}

fn outside(path: &Path, metadata: &Metadata) -> Result<Outside, SourceError> {
    if !metadata.is_file() {
        return Err(SourceError::Malformed(format!("{} is neither a file nor a folder", path.display())));
    }
    Ok(Outside {
        path: path.to_owned(),
        bytes: metadata.len(),
        changed: metadata.modified().ok(),
    })
}

/// What people call it: the last part of the path.
pub(super) fn name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

pub(super) fn words(path: &Path, fault: &io::Error) -> SourceError {
    let path = path.display();
    if fault.kind() == io::ErrorKind::NotFound {
        return SourceError::NotFound(format!("{path}"));
    }
    if fault.kind() == io::ErrorKind::PermissionDenied {
        return SourceError::Forbidden(format!("{path} may not be read by this program's user"));
    }
    SourceError::Transient(format!("{path}: {fault}"))
}

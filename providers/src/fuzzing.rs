//! A door for the fuzz targets: the bytes of a file as a sheet. Compiled only for them.
#![allow(missing_docs)]

use crate::{Sheet, SourceError, local_file};

pub fn file(name: &str, bytes: &[u8]) -> Result<Sheet, SourceError> {
    local_file::of_bytes(name, bytes)
}

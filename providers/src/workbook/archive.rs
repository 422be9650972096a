//! Whether a workbook's archive is whole and of bearable size, before anything reads it: every part is
//! unpacked once into nothing, which checks its length and sum and counts what it would really take.

use crate::SourceError;
use crate::limits::{ENTRIES, too_much};
use std::io::{Cursor, Read};
use zip::ZipArchive;
use zip::result::ZipError;

/// How every zip file begins.
pub(crate) const MAGIC: &[u8] = b"PK\x03\x04";

type Archive<'b> = ZipArchive<Cursor<&'b [u8]>>;

/// # Errors
/// `Transient` where the archive is cut short or damaged; `Malformed` where it is too large or holds no workbook.
pub(super) fn check(bytes: &[u8], unpacked_limit: u64) -> Result<(), SourceError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| incomplete("its end is missing"))?;
    if archive.len() > ENTRIES {
        return Err(too_much(format!("the workbook has {} parts", archive.len())));
    }
    let mut unpacked = 0;
    for number in 0..archive.len() {
        unpacked += unpack(&mut archive, number, unpacked_limit - unpacked)?;
        if unpacked > unpacked_limit {
            return Err(too_much(format!(
                "the workbook takes more than {} MiB once unpacked",
                unpacked_limit >> 20
            )));
        }
    }
    kind(&archive)
}

/// The true size of one part; reads at most one byte more than `allowed`.
fn unpack(archive: &mut Archive<'_>, number: usize, allowed: u64) -> Result<u64, SourceError> {
    let part = archive.by_index(number).map_err(|fault| {
        if matches!(fault, ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED)) {
            return SourceError::Malformed("the workbook is protected by a password. Save it without one".into());
        }
        if matches!(fault, ZipError::UnsupportedArchive(_) | ZipError::CompressionMethodNotSupported(_)) {
            return SourceError::Malformed(format!(
                "the workbook is packed in an unusual way ({fault}). Save it again as .xlsx"
            ));
        }
        incomplete(&fault.to_string())
    })?;
    let mut bounded = part.take(allowed + 1);
    std::io::copy(&mut bounded, &mut std::io::sink()).map_err(|fault| incomplete(&fault.to_string()))
}

fn incomplete(why: &str) -> SourceError {
    SourceError::Transient(format!(
        "the workbook is incomplete ({why}); perhaps it is being written or copied. \
         If this does not pass in a few minutes, save it again"
    ))
}

fn kind(archive: &Archive<'_>) -> Result<(), SourceError> {
    let has = |part: &str| archive.file_names().flatten().any(|name| name.eq_ignore_ascii_case(part));
    let advice = if has("_rels/.rels") && !has("xl/workbook.bin") {
        return Ok(());
    } else if has("xl/workbook.bin") {
        "a binary workbook (.xlsb)"
    } else if has("content.xml") {
        "an OpenDocument file (.ods)"
    } else if has("Index/Document.iwa") || has("Index.zip") {
        "a Numbers document"
    } else {
        "an archive that holds no workbook"
    };
    Err(SourceError::Malformed(format!("this is {advice}. Save the rota as .xlsx or .csv")))
}

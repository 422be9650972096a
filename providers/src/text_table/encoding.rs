//! Bytes into text. Files say seldom how they are encoded: a byte order mark decides, then whether the
//! bytes are UTF-8; what is left is what Excel writes on a western Windows.

use crate::SourceError;
use encoding_rs::{Encoding, UTF_8, UTF_16LE, WINDOWS_1252};

/// The text, and a remark where the encoding is a guess or something could not be decoded.
pub(super) fn decode(bytes: &[u8]) -> Result<(String, Option<String>), SourceError> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return marked(bytes.get(mark..).unwrap_or_default(), encoding);
    }
    if bytes.contains(&0) {
        return Err(not_text(bytes));
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok((text.to_owned(), None)),
        // A letter of several bytes cut in the middle, after others that were whole.
        Err(fault) if fault.error_len().is_none() && !bytes.get(..fault.valid_up_to()).is_some_and(<[u8]>::is_ascii) => Err(
            SourceError::Transient("the file ends in the middle of a letter: perhaps it is being written".into()),
        ),
        Err(_) => {
            let (text, _) = WINDOWS_1252.decode_without_bom_handling(bytes);
            let remark = "read as Windows-1252; if letters look wrong, save the file as UTF-8".into();
            Ok((text.into_owned(), Some(remark)))
        }
    }
}

fn marked(rest: &[u8], encoding: &'static Encoding) -> Result<(String, Option<String>), SourceError> {
    if encoding != UTF_8 && rest.len() % 2 == 1 {
        return Err(SourceError::Transient(
            "the file ends in the middle of a letter: perhaps it is being written".into(),
        ));
    }
    if encoding == UTF_8 && rest.contains(&0) {
        return Err(not_text(rest));
    }
    let (text, is_damaged) = encoding.decode_without_bom_handling(rest);
    let name = if encoding == UTF_16LE { "UTF-16" } else { encoding.name() };
    let remark = is_damaged.then(|| format!("the file calls itself {name} and holds bytes that are not; they show as \u{fffd}"));
    Ok((text.into_owned(), remark))
}

/// Zero bytes are at the end of a file whose space is taken and not yet written, and in files that are no text.
fn not_text(bytes: &[u8]) -> SourceError {
    if bytes.last() == Some(&0) && bytes.iter().rev().take(64).all(|byte| *byte == 0) {
        return SourceError::Transient("the end of the file is blank: perhaps it is being written".into());
    }
    SourceError::Malformed("this is not text (it holds zero bytes). Save the rota as .xlsx, or as CSV in UTF-8".into())
}

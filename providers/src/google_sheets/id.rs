//! Which spreadsheet is meant: the id out of the address that a browser shows.

use std::fmt;
use url::Url;

/// Ids are 44 characters long today.
const LONGEST: usize = 200;

/// Names one spreadsheet.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SpreadsheetId(String);

impl SpreadsheetId {
    /// Takes a bare id, or the address of the spreadsheet as a browser shows it.
    ///
    /// # Errors
    /// In words for whoever wrote it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let id = if text.contains('/') { in_address(text)? } else { text.to_owned() };
        let plain = |character: char| character.is_ascii_alphanumeric() || "-_".contains(character);
        if id.is_empty() || id.len() > LONGEST || !id.chars().all(plain) {
            return Err(
                "this names no spreadsheet; copy the address from the browser, https://docs.google.com/spreadsheets/d/…/edit".into(),
            );
        }
        Ok(Self(id))
    }

    /// The bare id.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Where a browser shows the spreadsheet.
    pub(super) fn link(&self) -> String {
        format!("https://docs.google.com/spreadsheets/d/{}/edit", self.0)
    }

    /// Where a browser shows a cell of one tab, in the way of [`Tab::link`](crate::Tab::link).
    pub(super) fn tab_link(&self, tab: i32) -> String {
        format!("{}#gid={tab}&range={{cell}}", self.link())
    }
}

impl fmt::Display for SpreadsheetId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// `/spreadsheets/d/{id}/edit`, `/spreadsheets/u/0/d/{id}`, `/file/d/{id}/view`, `/open?id={id}`.
fn in_address(text: &str) -> Result<String, String> {
    let whole = if text.contains("://") {
        text.to_owned()
    } else {
        format!("https://{text}")
    };
    let address = Url::parse(&whole).map_err(|fault| format!("this is no address ({fault})"))?;
    let host = address.host_str().unwrap_or_default();
    if !matches!(host, "docs.google.com" | "drive.google.com" | "sheets.google.com") {
        return Err(format!("\"{host}\" is not where Google keeps spreadsheets (docs.google.com)"));
    }
    let mut parts = address.path().split('/').skip_while(|part| *part != "d").skip(1);
    match (parts.next(), parts.next()) {
        (Some("e"), Some(_)) => {
            Err("this is the address of a copy published to the web; open the spreadsheet itself and copy the address from there".into())
        }
        (Some(id), _) => Ok(id.to_owned()),
        (None, _) => {
            let id = address.query_pairs().find(|(name, _)| matches!(&**name, "id" | "key"));
            id.map(|(_, id)| id.into_owned())
                .ok_or_else(|| "the address names no spreadsheet; it should go on with /spreadsheets/d/…".to_owned())
        }
    }
}

//! Google Sheets: one account for all spreadsheets.

use super::account::{PATIENCE, at_base, words};
use super::{Unusable, now};
use crate::config;
use providers::SheetSource;
use providers::google_sheets::{GoogleAccess, GoogleAccount, GoogleSheet, SpreadsheetId};
use std::sync::Arc;

/// Made when it is first needed.
pub(super) struct Google {
    config: Option<config::Google>,
    account: Option<Result<GoogleAccount, Unusable>>,
}

impl Google {
    pub(super) const fn new(config: Option<config::Google>) -> Self {
        Self { config, account: None }
    }

    pub(super) fn sheet(&mut self, id: &str) -> Result<Arc<dyn SheetSource>, Unusable> {
        let id = SpreadsheetId::parse(id).map_err(|seen| Unusable::in_config("google_sheet", seen))?;
        let account = self.account.get_or_insert_with(|| account(self.config.as_ref())).clone()?;
        Ok(Arc::new(GoogleSheet::new(account, id)))
    }
}

fn account(config: Option<&config::Google>) -> Result<GoogleAccount, Unusable> {
    let config = config.ok_or_else(|| Unusable::in_config("google", "the section is missing".to_owned()))?;
    let key = config.key.as_ref().map_err(Unusable::from)?;
    let tokens = config.token_uri.as_ref().map(|url| at_base("google.token_uri", url));
    let access = GoogleAccess {
        key: key.clone(),
        sheets: at_base("google.sheets_base", &config.sheets_base)?,
        drive: at_base("google.drive_base", &config.drive_base)?,
        token_uri: tokens.transpose()?,
        patience: PATIENCE,
    };
    GoogleAccount::new(access, now).map_err(|fault| Unusable {
        what: format!("the key of the service account, {}", config.key_place),
        remedy: fault.remedy().to_owned(),
        seen: words(fault),
    })
}

//! SharePoint and OneDrive: one account for all sites.

use super::account::{PATIENCE, at_base, words};
use super::{Unusable, now};
use crate::config::{self, MicrosoftCredential};
use providers::{Credential, Drive, ExcelOnline, MicrosoftAccess, MicrosoftAccount, SharePointLists, SheetSource, Site, SiteZone};
use std::sync::Arc;

/// Made when it is first needed.
pub(super) struct Microsoft {
    config: Option<config::Microsoft>,
    account: Option<Result<MicrosoftAccount, Unusable>>,
}

impl Microsoft {
    pub(super) const fn new(config: Option<config::Microsoft>) -> Self {
        Self { config, account: None }
    }

    pub(super) fn lists(&mut self, site: &str, lists: &[String], zone: Option<&str>) -> Result<Arc<dyn SheetSource>, Unusable> {
        let site = parse(site)?;
        let zone = zone.map(SiteZone::parse).transpose();
        let zone = zone.map_err(|seen| Unusable::in_config("time_zone", seen))?;
        Ok(Arc::new(SharePointLists::new(self.account()?, site, lists.to_vec(), zone)))
    }

    pub(super) fn workbook(&mut self, drive: &config::Drive, path: &str) -> Result<Arc<dyn SheetSource>, Unusable> {
        let drive = match drive {
            config::Drive::Site(site) => Drive::Site(parse(site)?),
            config::Drive::User(user) => Drive::User(user.clone()),
        };
        Ok(Arc::new(ExcelOnline::new(self.account()?, drive, path.to_owned())))
    }

    fn account(&mut self) -> Result<MicrosoftAccount, Unusable> {
        self.account.get_or_insert_with(|| account(self.config.as_ref())).clone()
    }
}

fn parse(site: &str) -> Result<Site, Unusable> {
    Site::parse(site).map_err(|seen| Unusable::in_config("the site", seen))
}

fn account(config: Option<&config::Microsoft>) -> Result<MicrosoftAccount, Unusable> {
    let config = config.ok_or_else(|| Unusable::in_config("microsoft", "the section is missing".to_owned()))?;
    let credential = match config.credential.as_ref().map_err(Unusable::from)? {
        MicrosoftCredential::Secret(secret) => Credential::Secret(secret.clone()),
        MicrosoftCredential::Certificate(pem) => Credential::Certificate(pem.clone()),
    };
    let access = MicrosoftAccess {
        tenant: config.tenant.clone(),
        client_id: config.client_id.clone(),
        credential,
        graph: at_base("microsoft.graph_base", &config.graph_base)?,
        login: at_base("microsoft.login_base", &config.login_base)?,
        patience: PATIENCE,
    };
    MicrosoftAccount::new(access, now).map_err(|fault| Unusable {
        what: "the account at Microsoft".to_owned(),
        remedy: fault.remedy().to_owned(),
        seen: words(fault),
    })
}

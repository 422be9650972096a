//! What a build without one of the SDKs has in its place: an explanation. The configuration refuses such sources
//! already, so that this is only heard where one is made without it.

use super::Unusable;
use crate::config;
use providers::SheetSource;
use std::sync::Arc;

/// No Google Sheets.
#[cfg(not(feature = "google-sheets"))]
pub(super) struct Google;

#[cfg(not(feature = "google-sheets"))]
impl Google {
    pub(super) fn new(_: Option<config::Google>) -> Self {
        Self
    }

    pub(super) fn sheet(&self, _: &str) -> Result<Arc<dyn SheetSource>, Unusable> {
        Err(absent("google_sheet"))
    }
}

/// No SharePoint and no OneDrive.
#[cfg(not(feature = "sharepoint"))]
pub(super) struct Microsoft;

#[cfg(not(feature = "sharepoint"))]
impl Microsoft {
    pub(super) fn new(_: Option<config::Microsoft>) -> Self {
        Self
    }

    pub(super) fn lists(&self, _: &str, _: &[String], _: Option<&str>) -> Result<Arc<dyn SheetSource>, Unusable> {
        Err(absent("sharepoint_site"))
    }

    pub(super) fn workbook(&self, _: &config::Drive, _: &str) -> Result<Arc<dyn SheetSource>, Unusable> {
        Err(absent("excel_online"))
    }
}

fn absent(what: &str) -> Unusable {
    Unusable {
        what: what.to_owned(),
        seen: "this rotaline was built without it".to_owned(),
        remedy: "Use one with all features".to_owned(),
    }
}

//! From what the configuration says about a rota to the place that it is fetched from: one account for each section,
//! one source for each place, however many hotlines are read from it. It asks nothing of any of them; it must not
//! know what a rota means.

#[cfg(not(all(feature = "google-sheets", feature = "sharepoint")))]
mod absent;
#[cfg(any(feature = "google-sheets", feature = "sharepoint"))]
mod account;
#[cfg(feature = "google-sheets")]
mod google;
#[cfg(feature = "sharepoint")]
mod microsoft;
mod unasked;

#[cfg(not(feature = "google-sheets"))]
use absent::Google;
#[cfg(not(feature = "sharepoint"))]
use absent::Microsoft;
#[cfg(feature = "google-sheets")]
use google::Google;
#[cfg(feature = "sharepoint")]
use microsoft::Microsoft;

use crate::clock::Clock;
use crate::config::{Config, Fault, Source};
use chrono::{DateTime, Utc};
use providers::{Joined, LocalFile, SheetSource};
use std::fmt;
use std::sync::Arc;
use unasked::Unasked;

/// Why a source cannot even be asked, in words for the operator. They hold no secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct Unusable {
    /// The key of the configuration, or the variable of the environment.
    pub what: String,
    /// What is wrong with it.
    pub seen: String,
    /// What to do.
    pub remedy: String,
}

impl fmt::Display for Unusable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { what, seen, remedy } = self;
        write!(f, "{what}: {seen}. {remedy}{}", if remedy.ends_with('.') { "" } else { "." })
    }
}

#[cfg(any(feature = "google-sheets", feature = "sharepoint"))]
impl Unusable {
    fn in_config(what: &str, seen: String) -> Self {
        Self {
            what: what.to_owned(),
            seen,
            remedy: "Correct it in the configuration".to_owned(),
        }
    }
}

impl From<&Fault> for Unusable {
    fn from(fault: &Fault) -> Self {
        Self {
            what: fault.key.clone(),
            seen: fault.seen.clone(),
            remedy: fault.remedy.clone(),
        }
    }
}

/// The sources made so far, and the accounts that they are read with.
pub struct Sources {
    google: Google,
    microsoft: Microsoft,
    made: Vec<(Vec<Source>, Arc<dyn SheetSource>)>,
}

impl Sources {
    /// Nothing is made yet, and nothing is asked.
    #[must_use]
    pub fn new(config: &Config) -> Self {
        Self {
            google: Google::new(config.google.clone()),
            microsoft: Microsoft::new(config.microsoft.clone()),
            made: Vec::new(),
        }
    }

    /// The one source for a rota, the same for all that name the same places in the same order.
    ///
    /// # Errors
    /// [`Unusable`] where the account is not right.
    pub fn of(&mut self, rota: &[Source]) -> Result<Arc<dyn SheetSource>, Unusable> {
        if let Some((_, source)) = self.made.iter().find(|(places, _)| places == rota) {
            return Ok(Arc::clone(source));
        }
        let source = match rota {
            [single] => self.make(single)?,
            several => self.join(several)?,
        };
        self.made.push((rota.to_vec(), Arc::clone(&source)));
        Ok(source)
    }

    /// In place of a source that cannot even be asked: whoever asks it is told why. So a service that has a copy of the
    /// rota goes on by that.
    #[must_use]
    pub fn instead_of(unusable: Unusable) -> Arc<dyn SheetSource> {
        Arc::new(Unasked(unusable))
    }

    fn join(&mut self, several: &[Source]) -> Result<Arc<dyn SheetSource>, Unusable> {
        let parts: Result<Vec<_>, _> = several.iter().map(|place| self.of(std::slice::from_ref(place))).collect();
        Ok(Arc::new(Joined::new(parts?)))
    }

    fn make(&mut self, place: &Source) -> Result<Arc<dyn SheetSource>, Unusable> {
        match place {
            Source::File(path) => Ok(Arc::new(LocalFile::new(path).trusting_file_times(|| now().into()))),
            Source::GoogleSheet(id) => self.google.sheet(id),
            Source::SharePointLists { site, lists, time_zone } => self.microsoft.lists(site, lists, time_zone.as_deref()),
            Source::ExcelOnline { drive, path } => self.microsoft.workbook(drive, path),
        }
    }
}

/// Tokens and file times are of this machine, also while a rehearsal has a time of its own.
fn now() -> DateTime<Utc> {
    Clock::system().now()
}

//! From what the configuration says about a rota to the place that it is fetched from: one account for each section,
//! one source for each place, however many hotlines are read from it. It asks nothing of any of them; it must not
//! know what a rota means.

use crate::clock::Clock;
use crate::config::{Config, Source};
use providers::{LocalFile, SheetSource};
use std::sync::Arc;

/// Why a source cannot even be asked, in words for the operator. They hold no secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unusable(pub String);

/// The sources made so far, and the accounts that they are read with.
pub struct Sources {
    made: Vec<(Source, Arc<dyn SheetSource>)>,
    joined: Vec<(Vec<Source>, Arc<dyn SheetSource>)>,
}

impl Sources {
    /// Nothing is made yet.
    #[must_use]
    pub fn new(config: &Config) -> Self {
        let _ = config;
        Self {
            made: Vec::new(),
            joined: Vec::new(),
        }
    }

    /// The one source for a rota, the same for all that name the same places in the same order.
    ///
    /// # Errors
    /// [`Unusable`] where the account is not right.
    pub fn of(&mut self, rota: &[Source]) -> Result<Arc<dyn SheetSource>, Unusable> {
        if let [single] = rota {
            return self.single(single);
        }
        if let Some((_, source)) = self.joined.iter().find(|(places, _)| places == rota) {
            return Ok(Arc::clone(source));
        }
        let _parts = rota.iter().map(|place| self.single(place)).collect::<Result<Vec<_>, _>>()?;
        Err(Unusable("several sources".to_owned()))
    }

    fn single(&mut self, place: &Source) -> Result<Arc<dyn SheetSource>, Unusable> {
        if let Some((_, source)) = self.made.iter().find(|(made, _)| made == place) {
            return Ok(Arc::clone(source));
        }
        let source = self.make(place)?;
        self.made.push((place.clone(), Arc::clone(&source)));
        Ok(source)
    }

    fn make(&self, place: &Source) -> Result<Arc<dyn SheetSource>, Unusable> {
        match place {
            Source::File(path) => Ok(Arc::new(LocalFile::new(path).trusting_file_times(|| Clock::system().now().into()))),
            Source::GoogleSheet(_) | Source::SharePointLists { .. } | Source::ExcelOnline { .. } => Err(Unusable("not yet".to_owned())),
        }
    }
}

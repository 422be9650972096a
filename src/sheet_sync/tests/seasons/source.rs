//! A source that does what the season says, and writes down what it was asked and what it said.

use super::super::*;
use super::paper::Paper;
use super::planted::Planted;
use std::sync::atomic::{AtomicBool, Ordering};

/// In which way a source fails, or is odd.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mood {
    Well,
    /// It never says "unchanged".
    Wordy,
    /// It takes ten seconds.
    Slow,
    /// Every other question fails.
    Flickering,
    Auth,
    Forbidden,
    NotFound,
    Throttled(u64),
    Transient,
    Malformed,
    Silent,
    Panics,
    /// It says "unchanged" also to a process that has read nothing.
    Unchanged,
}

/// What was said: this version, or nothing.
#[derive(Clone, Debug)]
pub(super) struct Said {
    pub(super) at: DateTime<Utc>,
    pub(super) paper: Option<Paper>,
    /// The source wants to be left alone until then.
    pub(super) rest: Option<DateTime<Utc>>,
}

pub(super) struct Source {
    name: &'static str,
    clock: Clock,
    planted: Option<Planted>,
    pub(super) paper: Mutex<Paper>,
    pub(super) mood: Mutex<Mood>,
    pub(super) asked: Mutex<Vec<DateTime<Utc>>>,
    pub(super) said: Mutex<Vec<Said>>,
    /// Since the last start.
    pub(super) is_read: AtomicBool,
}

impl Source {
    pub(super) fn new(name: &'static str, clock: Clock, planted: Option<Planted>, paper: Paper) -> Arc<Self> {
        Arc::new(Self {
            name,
            clock,
            planted,
            paper: Mutex::new(paper),
            mood: Mutex::new(Mood::Well),
            asked: Mutex::default(),
            said: Mutex::default(),
            is_read: AtomicBool::new(false),
        })
    }

    fn says(&self, paper: Option<Paper>, rest: Option<u64>) {
        let at = self.clock.now();
        let rest = rest.map(|seconds| at + TimeDelta::seconds(i64::try_from(seconds).unwrap()));
        self.said.lock().unwrap().push(Said { at, paper, rest });
    }
}

#[async_trait::async_trait]
impl SheetSource for Source {
    fn describe(&self) -> String {
        self.name.into()
    }

    async fn fetch(&self, since: Option<&Revision>) -> Result<Fetched, SourceError> {
        self.asked.lock().unwrap().push(self.clock.now());
        let mood = *self.mood.lock().unwrap();
        let is_odd = self.asked.lock().unwrap().len() % 2 == 1;
        let fault = match mood {
            Mood::Well | Mood::Wordy => None,
            Mood::Slow => {
                tokio::time::advance(Duration::from_secs(10)).await;
                None
            }
            Mood::Flickering => is_odd.then(|| SourceError::Transient("503".into())),
            Mood::Auth => Some(SourceError::Auth("expired".into())),
            Mood::Forbidden => Some(SourceError::Forbidden("not shared".into())),
            Mood::NotFound => Some(SourceError::NotFound("gone".into())),
            Mood::Throttled(seconds) => Some(SourceError::Throttled {
                retry_after: Duration::from_secs(seconds),
            }),
            Mood::Transient => Some(SourceError::Transient("503".into())),
            Mood::Malformed => Some(SourceError::Malformed("HTML".into())),
            Mood::Silent => {
                self.says(None, None);
                tokio::time::advance(Duration::from_secs(31)).await;
                return std::future::pending().await;
            }
            Mood::Panics => {
                self.says(None, None);
                // Without the hook that writes a trace.
                std::panic::resume_unwind(Box::new("planted"))
            }
            Mood::Unchanged if !self.is_read.load(Ordering::SeqCst) => {
                self.says(None, None);
                return Ok(Fetched::Unchanged);
            }
            Mood::Unchanged => None,
        };
        if let Some(fault) = fault {
            let rest = if let Mood::Throttled(seconds) = mood {
                Some(seconds.min(3600))
            } else {
                None
            };
            self.says(None, rest);
            return Err(fault);
        }
        let paper = self.paper.lock().unwrap().clone();
        self.says(Some(paper.clone()), None);
        if mood != Mood::Wordy && since == Some(&paper.revision()) {
            return Ok(Fetched::Unchanged);
        }
        self.is_read.store(true, Ordering::SeqCst);
        let mut sheet = paper.sheet(self.name);
        if self.planted == Some(Planted::NobodyOverruled) {
            for cell in sheet.tabs.iter_mut().flat_map(|tab| tab.rows.iter_mut().flatten()) {
                if matches!(cell, providers::Cell::Text(text) if text == "nobody") {
                    *cell = providers::Cell::Empty;
                }
            }
        }
        Ok(Fetched::Sheet(Box::new(sheet)))
    }
}

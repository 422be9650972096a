//! Several sources as one sheet: the rota in a list, the contacts in a workbook.
//! It must not know what kinds of sources they are.

#[cfg(test)]
mod tests;

use crate::{Bell, Check, Fetched, Revision, Sheet, SheetSource, SourceError, Watch};
use chrono::{DateTime, Utc};
use futures_util::future::join_all;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::sync::Arc;
use tokio::sync::Mutex;

/// The tabs of several sources, in order. What one of them has read is kept, so that a change in one does not read the
/// others anew.
pub struct Joined {
    parts: Vec<Arc<dyn SheetSource>>,
    /// What each has brought last.
    read: Mutex<Vec<Option<Sheet>>>,
}

impl Joined {
    /// The sources in the order in which their tabs are to come.
    #[must_use]
    pub fn new(parts: Vec<Arc<dyn SheetSource>>) -> Self {
        let read = Mutex::new(vec![None; parts.len()]);
        Self { parts, read }
    }

    /// An error of one part, with its name.
    fn named(&self, part: usize, fault: SourceError) -> SourceError {
        let Some(source) = self.parts.get(part).filter(|_| self.parts.len() > 1) else {
            return fault;
        };
        let name = source.describe();
        let with_name = |why: String| if why.contains(&name) { why } else { format!("{name}: {why}") };
        match fault {
            SourceError::Auth(why) => SourceError::Auth(with_name(why)),
            SourceError::Forbidden(why) => SourceError::Forbidden(with_name(why)),
            SourceError::NotFound(why) => SourceError::NotFound(with_name(why)),
            SourceError::Transient(why) => SourceError::Transient(with_name(why)),
            SourceError::Malformed(why) => SourceError::Malformed(with_name(why)),
            // It has no words, and what it says must not get lost.
            SourceError::Throttled { retry_after } => SourceError::Throttled { retry_after },
        }
    }

    /// The first error in order, with the name of its source.
    fn all<T>(&self, answers: Vec<Result<T, SourceError>>) -> Result<Vec<T>, SourceError> {
        let named = answers
            .into_iter()
            .enumerate()
            .map(|(part, answer)| answer.map_err(|fault| self.named(part, fault)));
        named.collect()
    }
}

#[async_trait::async_trait]
impl SheetSource for Joined {
    fn describe(&self) -> String {
        let names: Vec<String> = self.parts.iter().map(|part| part.describe()).collect();
        names.join(" + ")
    }

    async fn fetch(&self, since: Option<&Revision>) -> Result<Fetched, SourceError> {
        let mut read = self.read.lock().await;
        let asked = self.parts.iter().zip(read.iter()).map(|(source, before)| {
            let known = before.as_ref().filter(|_| since.is_some());
            source.fetch(known.map(|sheet| &sheet.revision))
        });
        let answers = join_all(asked).await;
        let mut faults = Vec::with_capacity(answers.len());
        for (kept, answer) in read.iter_mut().zip(answers) {
            faults.push(match (answer, &kept) {
                (Ok(Fetched::Sheet(sheet)), _) => {
                    *kept = Some(*sheet);
                    Ok(())
                }
                (Ok(Fetched::Unchanged), Some(_)) => Ok(()),
                (Ok(Fetched::Unchanged), None) => Err(SourceError::Malformed("it says \"unchanged\" and was never read".into())),
                (Err(fault), _) => Err(fault),
            });
        }
        self.all(faults)?;
        let sheets: Vec<&Sheet> = read.iter().flatten().collect();
        let revision = revision(&sheets);
        if since == Some(&revision) {
            return Ok(Fetched::Unchanged);
        }
        Ok(Fetched::Sheet(Box::new(joined(&sheets, revision))))
    }

    async fn examine(&self, now: DateTime<Utc>) -> Vec<Check> {
        join_all(self.parts.iter().map(|part| part.examine(now))).await.concat()
    }

    /// All that can knock do, or none: a part that fails leaves no watches behind that nobody renews.
    async fn watch(&self, bell: &Bell, before: Option<&Watch>) -> Result<Option<Watch>, SourceError> {
        let before = before.map(|watch| split(watch, self.parts.len()));
        let asked = self.parts.iter().enumerate().map(|(part, source)| {
            let before = before.as_ref().and_then(|before| before.get(part)?.as_ref());
            source.watch(bell, before)
        });
        let answers = join_all(asked).await;
        if answers.iter().any(Result::is_err) {
            for (source, answer) in self.parts.iter().zip(&answers) {
                if let Ok(Some(watch)) = answer {
                    source.unwatch(watch).await;
                }
            }
        }
        Ok(merge(self.all(answers)?))
    }

    async fn unwatch(&self, watch: &Watch) {
        let watches = split(watch, self.parts.len());
        join_all(self.parts.iter().zip(&watches).map(async |(source, watch)| {
            if let Some(watch) = watch {
                source.unwatch(watch).await;
            }
        }))
        .await;
    }
}

/// Changes whenever one part does, or their order.
fn revision(parts: &[&Sheet]) -> Revision {
    let mut hash = Sha256::new();
    for part in parts {
        let revision = part.revision.0.as_bytes();
        // With its length, so that two revisions never read like two others.
        hash.update(revision.len().to_be_bytes());
        hash.update(revision);
    }
    let digest: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    Revision(format!("joined-{digest}"))
}

fn joined(parts: &[&Sheet], revision: Revision) -> Sheet {
    let titles: Vec<&str> = parts.iter().map(|part| part.title.as_str()).collect();
    let is_one = parts.len() == 1;
    let remark = |part: &Sheet, remark: &String| match is_one {
        true => remark.clone(),
        false => format!("{}: {remark}", part.title),
    };
    let remarks = parts
        .iter()
        .flat_map(|part| part.remarks.iter().map(move |words| remark(part, words)));
    let only_link = parts.first().filter(|_| is_one).and_then(|part| part.link.clone());
    Sheet {
        title: titles.join(" + "),
        revision,
        time_zone: parts.iter().find_map(|part| part.time_zone.clone()),
        tabs: parts.iter().flat_map(|part| part.tabs.clone()).collect(),
        remarks: remarks.chain(other_zones(parts)).chain(same_tabs(parts)).collect(),
        link: only_link,
    }
}

/// Only one zone can count: the first that is named.
fn other_zones(parts: &[&Sheet]) -> Option<String> {
    let mut named = parts.iter().filter_map(|part| Some((part, part.time_zone.as_deref()?)));
    let (first, zone) = named.next()?;
    let (other, other_zone) = named.find(|(_, other)| *other != zone)?;
    Some(format!(
        "\"{}\" is in the time zone {zone} and \"{}\" in {other_zone}; {zone} counts for both. Set the same zone in both",
        first.title, other.title
    ))
}

/// Addresses name tabs, so that two of one name are hard to tell apart; a file is named like the tab that it would be.
fn same_tabs(parts: &[&Sheet]) -> Vec<String> {
    let mut owners: BTreeMap<String, (usize, &str)> = BTreeMap::new();
    let mut remarks = Vec::new();
    for (number, part) in parts.iter().enumerate() {
        for tab in &part.tabs {
            let before = owners.insert(tab.name.to_lowercase(), (number, &part.title));
            let Some((_, owner)) = before.filter(|(owner, _)| *owner != number) else {
                continue;
            };
            remarks.push(match owner == part.title {
                true => format!(
                    "Two files are called \"{owner}\", and each has a tab \"{}\". Give one of them another name",
                    tab.name
                ),
                false => format!(
                    "\"{owner}\" and \"{}\" both have a tab \"{}\". Give one of them another name",
                    part.title, tab.name
                ),
            });
        }
    }
    remarks
}

/// One promise of several: each name with the number of its part, until the first runs out.
fn merge(watches: Vec<Option<Watch>>) -> Option<Watch> {
    let until = watches.iter().flatten().map(|watch| watch.until).min()?;
    let numbered = watches.into_iter().enumerate().filter_map(|(part, watch)| Some((part, watch?)));
    let names = numbered.flat_map(|(part, watch)| watch.names.into_iter().map(move |name| format!("{part}:{name}")));
    Some(Watch {
        names: names.collect(),
        until,
    })
}

/// What each part promised; none where it did not.
fn split(watch: &Watch, parts: usize) -> Vec<Option<Watch>> {
    let names_of = |part: usize| -> Vec<String> {
        let prefix = format!("{part}:");
        let names = watch.names.iter().filter_map(|name| name.strip_prefix(&prefix));
        names.map(str::to_owned).collect()
    };
    let one = |names: Vec<String>| (!names.is_empty()).then_some(Watch { names, until: watch.until });
    (0..parts).map(|part| one(names_of(part))).collect()
}

//! A rota in lists of a SharePoint site, each list a tab: column headings, and a row for each item. It must not know
//! what the columns mean.

mod columns;
mod examine;
mod site_zone;
mod table;
mod values;

#[cfg(test)]
mod tests;

pub(crate) use examine::refused;
pub use site_zone::SiteZone;

use crate::graph::{self, MicrosoftAccount, Place, Site, text};
use crate::limits::{Budget, COLUMNS, TABS, first_few, too_much};
use crate::{Bell, Check, Fetched, Revision, Sheet, SheetSource, SourceError, Watch};
use chrono::{DateTime, Utc};
use graph_rs_sdk::ODataQuery;
use reqwest::Url;
use sha2::{Digest, Sha256};
use site_zone::Dates;
use std::sync::{Arc, Mutex, PoisonError};
use table::{Items, List};

/// Part of every revision: to be raised when the same lists are read into other cells than before.
const READER: u8 = 1;
/// So often in a row lists are taken as unchanged because Graph reports no changed item; then they are read, for what it
/// does not report: renamed columns, formulas.
const TRUST: u8 = 9;
/// The lists that make a rota, where none are named.
const USUAL: [&str; 4] = ["Rota", "Contacts", "Changes", "Settings"];
/// Items in one page; Graph gives at most 5 000, whatever is asked for (pnp/pnpjs#750).
const PAGE: &str = "5000";

/// Lists of a site. Clones share what they remember.
#[derive(Clone, Debug)]
pub struct SharePointLists {
    account: MicrosoftAccount,
    site: Site,
    lists: Vec<String>,
    zone: Option<SiteZone>,
    seen: Arc<Mutex<Option<Seen>>>,
}

/// What was there when the lists were last read.
#[derive(Clone, Debug)]
struct Seen {
    revision: Revision,
    /// For each list where Graph tells what changed since.
    changes: Vec<Url>,
    /// How often that may still be trusted without reading.
    trust: u8,
}

/// A list of the site, not read yet.
#[derive(Debug)]
struct Named {
    id: String,
    name: String,
    link: Option<String>,
}

impl SharePointLists {
    /// Lists by their display names, in this order; of none, those of Rota, Contacts, Changes and Settings that exist.
    ///
    /// `zone` is the time zone in the site's regional settings (or that of the rota, where the site was left as it was
    /// made): dates and times are read as a browser shows them there. Without it days can be read and times cannot.
    #[must_use]
    pub fn new(account: MicrosoftAccount, site: Site, lists: Vec<String>, zone: Option<SiteZone>) -> Self {
        Self {
            account,
            site,
            lists,
            zone,
            seen: Arc::new(Mutex::new(None)),
        }
    }

    /// Whether Graph reports no change since `since` was read. What it cannot tell is found out by reading.
    async fn is_still(&self, since: &Revision) -> Result<bool, SourceError> {
        let Some(seen) = self.recall().filter(|seen| seen.revision == *since && seen.trust > 0) else {
            return Ok(false);
        };
        let mut changes = Vec::new();
        for url in &seen.changes {
            match self.account.changes(url).await {
                Ok(found) if found.items.is_empty() => changes.push(found.delta.unwrap_or_else(|| url.clone())),
                Ok(_) | Err(SourceError::NotFound(_) | SourceError::Forbidden(_) | SourceError::Malformed(_)) => return Ok(false),
                Err(fault @ (SourceError::Auth(_) | SourceError::Throttled { .. } | SourceError::Transient(_))) => return Err(fault),
            }
        }
        self.remember(Some(Seen {
            changes,
            trust: seen.trust - 1,
            ..seen
        }));
        Ok(true)
    }

    /// Reads all lists whole.
    async fn read(&self) -> Result<(Sheet, Vec<Url>), SourceError> {
        let place = self.account.site(&self.site).await?;
        let named = self.wanted(self.named(&place).await?)?;
        let mut changes = Vec::new();
        let mut lists = Vec::new();
        for list in named {
            // Before the items are read, so that a change in the meantime is reported afterwards.
            changes.extend(self.changes_from_now(&place, &list).await?);
            lists.push(self.list(&place, list).await?);
        }
        if changes.len() != lists.len() {
            changes.clear();
        }
        Ok((self.sheet(place, lists)?, changes))
    }

    fn sheet(&self, place: Place, lists: Vec<List>) -> Result<Sheet, SourceError> {
        let days: Vec<DateTime<Utc>> = lists.iter().flat_map(List::days).collect();
        let (dates, words) = Dates::judge(&days, self.zone.as_ref());
        let mut remarks: Vec<String> = words.into_iter().collect();
        let mut budget = Budget::default();
        let mut tabs = Vec::new();
        for list in lists {
            tabs.push(list.tab(&dates, &mut budget, &mut remarks)?);
        }
        let mut sheet = Sheet {
            title: place.title,
            revision: Revision(String::new()),
            time_zone: dates.zone().map(str::to_owned),
            tabs,
            remarks,
            link: place.link,
        };
        sheet.revision = revision(&sheet)?;
        Ok(sheet)
    }

    /// All lists of the site that people see.
    async fn named(&self, place: &Place) -> Result<Vec<Named>, SourceError> {
        let question = self.account.sdk().site(&place.id).lists().list_lists();
        let question = question.select(&["id,name,displayName,webUrl,list"]);
        let found = self.account.pages(question).await.map_err(|fault| self.site.reword(fault))?;
        let is_hidden = |list: &serde_json::Map<_, _>| {
            list.get("list")
                .and_then(|facet| facet.get("hidden"))
                .is_some_and(|hidden| hidden == true)
        };
        let visible = found.items.iter().filter(|list| !is_hidden(list));
        Ok(visible
            .filter_map(|list| {
                Some(Named {
                    id: text(list, "id")?.to_owned(),
                    name: text(list, "displayName").or_else(|| text(list, "name"))?.to_owned(),
                    link: graph::link(list),
                })
            })
            .collect())
    }

    /// Those of the lists that make the rota.
    fn wanted(&self, mut named: Vec<Named>) -> Result<Vec<Named>, SourceError> {
        let usual: Vec<String> = USUAL.map(str::to_owned).to_vec();
        let (names, must_be) = if self.lists.is_empty() {
            (&usual, false)
        } else {
            (&self.lists, true)
        };
        let mut wanted = Vec::new();
        let mut missing = Vec::new();
        for name in names {
            let is_it = |list: &Named| list.name.trim().to_lowercase() == name.trim().to_lowercase();
            match named.iter().position(is_it) {
                Some(found) => wanted.push(named.remove(found)),
                None => missing.push(format!("\"{name}\"")),
            }
        }
        let there = || {
            let names: Vec<String> = named.iter().chain(&wanted).map(|list| format!("\"{}\"", list.name)).collect();
            if names.is_empty() {
                "it has none".to_owned()
            } else {
                format!("it has {}", first_few(&names))
            }
        };
        if (must_be && !missing.is_empty()) || wanted.is_empty() {
            let missing = missing.join(", ");
            return Err(SourceError::NotFound(format!(
                "the site {} has no list {missing}; {}",
                self.site,
                there()
            )));
        }
        if wanted.len() > TABS {
            return Err(too_much(format!("more than {TABS} lists")));
        }
        Ok(wanted)
    }

    async fn list(&self, place: &Place, list: Named) -> Result<List, SourceError> {
        let of_list = |fault| reword(fault, |words| format!("list \"{}\": {words}", list.name));
        let sdk_list = || self.account.sdk().site(&place.id).list(&list.id);
        let definitions = self.account.pages(sdk_list().list_columns()).await.map_err(of_list)?;
        let columns = columns::useful(&definitions.items);
        if columns.len() > COLUMNS {
            // Before so many questions are asked for them.
            let seen = format!("{} columns, of which at most {COLUMNS} are read", columns.len());
            return Err(of_list(too_much(seen)));
        }
        let mut items = Items::new();
        for (nth, fields) in columns::questions(&columns).iter().enumerate() {
            let question = sdk_list().items().list_items().select(&["id"]).expand(&[fields.as_str()]).top(PAGE);
            let found = self.account.pages(question).await.map_err(of_list)?;
            table::merge(&mut items, found.items, nth == 0).map_err(of_list)?;
        }
        let list = List {
            name: list.name,
            link: list.link,
            columns,
            items,
        };
        Ok(list.without_unused_title())
    }

    /// Where Graph will tell what changed from now on; nothing where it does not tell (national clouds).
    async fn changes_from_now(&self, place: &Place, list: &Named) -> Result<Option<Url>, SourceError> {
        let items = self.account.sdk().site(&place.id).list(&list.id).items();
        let question = items.list_items().extend_path(&["delta"]).append_query_pair("token", "latest");
        match self.account.pages(question).await {
            Ok(found) => Ok(found.delta),
            Err(SourceError::NotFound(_) | SourceError::Forbidden(_) | SourceError::Malformed(_)) => Ok(None),
            Err(fault @ (SourceError::Auth(_) | SourceError::Throttled { .. } | SourceError::Transient(_))) => Err(fault),
        }
    }

    fn recall(&self) -> Option<Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn remember(&self, seen: Option<Seen>) {
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = seen;
    }
}

#[async_trait::async_trait]
impl SheetSource for SharePointLists {
    fn describe(&self) -> String {
        match self.lists.as_slice() {
            [] => format!("the lists of {}", self.site),
            [list] => format!("the list {list} of {}", self.site),
            lists => format!("the lists {} of {}", lists.join(", "), self.site),
        }
    }

    async fn fetch(&self, since: Option<&Revision>) -> Result<Fetched, SourceError> {
        let fetching = async {
            if let Some(since) = since
                && self.is_still(since).await?
            {
                return Ok(Fetched::Unchanged);
            }
            self.remember(None);
            let (sheet, changes) = self.read().await?;
            let trust = if changes.is_empty() { 0 } else { TRUST };
            let revision = sheet.revision.clone();
            let is_same = since == Some(&revision);
            self.remember(Some(Seen { revision, changes, trust }));
            Ok(if is_same {
                Fetched::Unchanged
            } else {
                Fetched::Sheet(Box::new(sheet))
            })
        };
        Box::pin(within(&self.account, fetching)).await
    }

    async fn examine(&self, now: DateTime<Utc>) -> Vec<Check> {
        examine::examine(self, now).await
    }

    async fn watch(&self, bell: &Bell, before: Option<&Watch>) -> Result<Option<Watch>, SourceError> {
        let watching = async {
            let place = self.account.site(&self.site).await?;
            let lists = self.wanted(self.named(&place).await?)?;
            let resources: Vec<String> = lists.iter().map(|list| format!("sites/{}/lists/{}", place.id, list.id)).collect();
            self.account.subscribe(&resources, bell, before).await
        };
        Ok(Some(Box::pin(within(&self.account, watching)).await?))
    }

    async fn unwatch(&self, watch: &Watch) {
        self.account.unsubscribe(watch).await;
    }
}

/// Patience for a whole reading.
pub(crate) async fn within<T>(
    account: &MicrosoftAccount,
    work: impl Future<Output = Result<T, SourceError>> + Send,
) -> Result<T, SourceError> {
    let patience = account.long_patience();
    let too_slow = |_| SourceError::Transient(format!("Graph did not give everything within {} s", patience.as_secs_f32()));
    tokio::time::timeout(patience, work).await.map_err(too_slow)?
}

/// Of all that the reader of rotas is given.
fn revision(sheet: &Sheet) -> Result<Revision, SourceError> {
    let content = serde_json::to_vec(sheet).map_err(|_| SourceError::Malformed("the lists hold a number that is none".into()))?;
    let digits: String = Sha256::digest(content).iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(Revision(format!("{READER}-{digits}")))
}

/// Says which list is meant.
fn reword(fault: SourceError, say: impl FnOnce(String) -> String) -> SourceError {
    match fault {
        SourceError::Auth(words) => SourceError::Auth(words),
        SourceError::Forbidden(words) => SourceError::Forbidden(say(words)),
        SourceError::NotFound(words) => SourceError::NotFound(say(words)),
        SourceError::Throttled { retry_after } => SourceError::Throttled { retry_after },
        SourceError::Transient(words) => SourceError::Transient(say(words)),
        SourceError::Malformed(words) => SourceError::Malformed(say(words)),
    }
}

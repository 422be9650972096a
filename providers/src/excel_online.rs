//! A rota in a workbook file (or a text table) in the documents of a SharePoint site or of a person's OneDrive. The
//! file itself is fetched and read here: Graph's own workbook questions are not for applications without a user. It
//! must not know what stands in the cells.

use crate::graph::{self, MicrosoftAccount, Site, missing, text};
use crate::http::SMALL_JSON_BYTES;
use crate::limits::{Budget, FILE_BYTES, too_much};
use crate::local_file::{Kind, kind_of};
use crate::sharepoint::{refused, within};
use crate::workbook::{self, Contents};
use crate::{Bell, Check, CheckOutcome, Fetched, Revision, Sheet, SheetSource, SourceError, Watch, calendar_file, text_table};
use chrono::{DateTime, Utc};
use graph_http::api_impl::RequestHandler;
use graph_rs_sdk::ODataQuery;
use reqwest::StatusCode;
use reqwest::header::{HeaderValue, IF_NONE_MATCH};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use std::sync::{Arc, Mutex, PoisonError};

/// Part of every revision: to be raised when the same bytes are read into other cells than before.
const READER: u8 = 1;

/// Whose documents a file is among.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Drive {
    /// The default document library of a site.
    Site(Site),
    /// The OneDrive of a person: the user principal name, `anna@contoso.com`.
    User(String),
}

/// A file by its path in a drive. Clones share what they remember.
#[derive(Clone, Debug)]
pub struct ExcelOnline {
    account: MicrosoftAccount,
    drive: Drive,
    path: String,
    site_id: Arc<Mutex<Option<String>>>,
    seen: Arc<Mutex<Option<Seen>>>,
}

/// What was there when the file was last read.
#[derive(Clone, Debug)]
struct Seen {
    /// Graph's name for the state of its content.
    tag: String,
    revision: Revision,
}

/// The file as Graph describes it.
#[derive(Debug)]
struct Item {
    name: String,
    /// Changes with the content (`cTag`), or at least with it (`eTag`).
    tag: Option<String>,
    size: u64,
    link: Option<String>,
}

impl ExcelOnline {
    /// `path` is that within the drive: `Rotas/Rota.xlsx`.
    #[must_use]
    pub fn new(account: MicrosoftAccount, drive: Drive, path: String) -> Self {
        Self {
            account,
            drive,
            path,
            site_id: Arc::new(Mutex::new(None)),
            seen: Arc::new(Mutex::new(None)),
        }
    }

    /// The parts of the path.
    fn parts(&self) -> Result<Vec<&str>, SourceError> {
        let path = self.path.trim().trim_start_matches('/');
        let parts: Vec<&str> = path.split('/').collect();
        let is_part = |part: &&str| {
            let is_name = !part.is_empty() && *part != "." && *part != ".." && part.len() <= 400;
            is_name && !part.chars().any(|c| c.is_control() || "\"*:<>?\\|".contains(c))
        };
        if parts.iter().all(is_part) {
            return Ok(parts);
        }
        let words = format!("\"{}\" is no path in a document library; write it like Rotas/Rota.xlsx", self.path);
        Err(SourceError::NotFound(words))
    }

    /// A question about the drive.
    async fn question(&self, what: What<'_>) -> Result<RequestHandler, SourceError> {
        let drive = match &self.drive {
            Drive::Site(site) => {
                let id = self.site_id(site).await?;
                self.account.sdk().site(id).drive().get_drive()
            }
            Drive::User(name) => {
                let is_name = name.contains('@') && !name.chars().any(|c| c.is_control() || c.is_whitespace() || "/\\?#%:".contains(c));
                if !is_name {
                    let words = format!("\"{name}\" is no user principal name; write it like anna@contoso.com");
                    return Err(SourceError::NotFound(words));
                }
                self.account.sdk().user(name).drive().get_drive()
            }
        };
        Ok(match what {
            What::Drive => drive,
            What::Item(parts) => drive.extend_path(&closed(parts, "")),
            What::Content(parts) => drive.extend_path(&closed(parts, ":")).extend_path(&["content"]),
        })
    }

    /// Looked up once; a file that is not found has it looked up again.
    async fn site_id(&self, site: &Site) -> Result<String, SourceError> {
        let known = self.site_id.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(known) = known {
            return Ok(known);
        }
        let id = self.account.site(site).await?.id;
        *self.site_id.lock().unwrap_or_else(PoisonError::into_inner) = Some(id.clone());
        Ok(id)
    }

    /// `None` where the file is still as `known` names it.
    async fn item(&self, known: Option<&str>) -> Result<Option<Item>, SourceError> {
        let parts = self.parts()?;
        let question = self.question(What::Item(&parts)).await?;
        let mut question = question.select(&["id,name,size,eTag,cTag,webUrl,file,folder"]);
        if let Some(tag) = known.and_then(|tag| HeaderValue::from_str(tag).ok()) {
            question = question.header(IF_NONE_MATCH, tag);
        }
        let answer = self.account.ask(question, SMALL_JSON_BYTES).await?;
        if known.is_some() && answer.status == StatusCode::NOT_MODIFIED {
            return Ok(None);
        }
        let item = graph::object(&answer).map_err(|fault| self.of_file(fault))?;
        if item.get("folder").is_some_and(Value::is_object) {
            let words = format!("\"{}\" is a folder; write the path of a workbook in it", self.path);
            return Err(SourceError::Malformed(words));
        }
        let Some(name) = text(&item, "name") else {
            return Err(SourceError::Malformed("Graph answered without the name of the file".into()));
        };
        let item = Item {
            name: name.to_owned(),
            tag: text(&item, "cTag").or_else(|| text(&item, "eTag")).map(str::to_owned),
            size: item.get("size").and_then(Value::as_u64).unwrap_or(0),
            link: graph::link(&item),
        };
        Ok(Some(item).filter(|item| known.is_none() || item.tag.as_deref() != known))
    }

    async fn bytes(&self, item: &Item) -> Result<Vec<u8>, SourceError> {
        if item.size > FILE_BYTES {
            return Err(too_much(format!("the file has {} MiB", item.size >> 20)));
        }
        let parts = self.parts()?;
        let answer = self.account.ask(self.question(What::Content(&parts)).await?, FILE_BYTES).await?;
        if answer.status == StatusCode::OK {
            return Ok(answer.body);
        }
        match &answer.location {
            Some(location) if answer.status.is_redirection() => self.account.download(location, FILE_BYTES).await,
            Some(_) | None => Err(self.of_file(answer.refusal())),
        }
    }

    async fn read(&self, since: Option<&Revision>) -> Result<Fetched, SourceError> {
        let known = self.recall().filter(|seen| Some(&seen.revision) == since);
        let Some(item) = self.item(known.as_ref().map(|seen| seen.tag.as_str())).await? else {
            return Ok(Fetched::Unchanged);
        };
        let bytes = self.bytes(&item).await?;
        let digits: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        let revision = Revision(format!("{READER}-{digits}"));
        if since == Some(&revision) {
            self.remember(item.tag, revision);
            return Ok(Fetched::Unchanged);
        }
        let name = item.name.clone();
        let reading = tokio::task::spawn_blocking(move || contents(&name, &bytes));
        let broken_off = |_| Err(SourceError::Transient("the reading was broken off".into()));
        let Contents {
            mut tabs,
            remarks,
            time_zone,
        } = reading.await.unwrap_or_else(broken_off)?;
        self.remember(item.tag, revision.clone());
        let link = item.link.clone();
        for tab in &mut tabs {
            tab.link = link.as_deref().map(Arc::from);
        }
        Ok(Fetched::Sheet(Box::new(Sheet {
            title: item.name,
            revision,
            time_zone,
            tabs,
            remarks,
            link,
        })))
    }

    fn of_file(&self, fault: SourceError) -> SourceError {
        match fault {
            SourceError::Forbidden(words) => SourceError::Forbidden(format!("{}: {words}", self.describe())),
            SourceError::NotFound(words) => {
                *self.site_id.lock().unwrap_or_else(PoisonError::into_inner) = None;
                SourceError::NotFound(format!("{}: {words}", self.describe()))
            }
            SourceError::Auth(_) | SourceError::Throttled { .. } | SourceError::Transient(_) | SourceError::Malformed(_) => fault,
        }
    }

    fn recall(&self) -> Option<Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn remember(&self, tag: Option<String>, revision: Revision) {
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = tag.map(|tag| Seen { tag, revision });
    }

    fn refusal(&self, fault: &SourceError) -> CheckOutcome {
        match (&self.drive, fault) {
            (Drive::Site(site), SourceError::Forbidden(_)) => refused(site, self.account.client_id(), fault),
            (Drive::User(name), SourceError::Forbidden(_)) => CheckOutcome::Missing {
                seen: fault.to_string(),
                remedy: format!(
                    "In the Entra admin center, App registrations > {} > API permissions, add the application permission \
                     Files.Read.All of Microsoft Graph and grant admin consent: it opens {name}'s OneDrive, and all others. \
                     A workbook in a site needs less.",
                    self.account.client_id()
                ),
            },
            (Drive::Site(_) | Drive::User(_), _) => missing(fault),
        }
    }
}

enum What<'p> {
    Drive,
    Item(&'p [&'p str]),
    Content(&'p [&'p str]),
}

/// `root:`, the path, and what closes it.
fn closed(parts: &[&str], end: &str) -> Vec<String> {
    let mut path = vec!["root:".to_owned()];
    path.extend(parts.iter().map(|part| (*part).to_owned()));
    if let Some(last) = path.last_mut() {
        last.push_str(end);
    }
    path
}

fn contents(name: &str, bytes: &[u8]) -> Result<Contents, SourceError> {
    match kind_of(name, bytes)? {
        Kind::Workbook => workbook::read(bytes),
        Kind::Text if is_page(bytes) => Err(SourceError::Malformed(
            "a web page came instead of the file; a proxy or a sign-in page may stand in between".into(),
        )),
        Kind::Text => {
            let (tab, remarks) = text_table::read(bytes, name, &mut Budget::default())?;
            Ok(Contents {
                tabs: vec![tab],
                remarks,
                time_zone: None,
            })
        }
        Kind::Calendar => calendar_file::read(bytes, name, &mut Budget::default()),
    }
}

/// A text table may hold anything, but none begins like that.
fn is_page(bytes: &[u8]) -> bool {
    let head = bytes.trim_ascii_start();
    let begins = |tag: &[u8]| head.get(..tag.len()).is_some_and(|head| head.eq_ignore_ascii_case(tag));
    begins(b"<!doctype") || begins(b"<html")
}

#[async_trait::async_trait]
impl SheetSource for ExcelOnline {
    fn describe(&self) -> String {
        let path = self.path.trim().trim_start_matches('/');
        match &self.drive {
            Drive::Site(site) => format!("{path} in the documents of {site}"),
            Drive::User(name) => format!("{path} in the OneDrive of {name}"),
        }
    }

    async fn fetch(&self, since: Option<&Revision>) -> Result<Fetched, SourceError> {
        Box::pin(within(&self.account, self.read(since))).await
    }

    async fn examine(&self, now: DateTime<Utc>) -> Vec<Check> {
        let sign_in = self.account.examine(now).await;
        let is_in = !matches!(sign_in.outcome, CheckOutcome::Missing { .. });
        let mut checks = vec![sign_in];
        if !is_in {
            return checks;
        }
        let outcome = match self.fetch(None).await {
            Ok(Fetched::Sheet(sheet)) => CheckOutcome::Fine { seen: sheet.seen() },
            Ok(Fetched::Unchanged) => CheckOutcome::Fine {
                seen: "read before, and unchanged".into(),
            },
            Err(fault) => self.refusal(&fault),
        };
        let what = self.describe();
        checks.push(Check { what, outcome });
        checks
    }

    async fn watch(&self, bell: &Bell, before: Option<&Watch>) -> Result<Option<Watch>, SourceError> {
        let watching = async {
            let drive: Map<String, Value> = self
                .account
                .object(self.question(What::Drive).await?)
                .await
                .map_err(|fault| self.of_file(fault))?;
            let is_id = |id: &&str| id.chars().all(|c| c.is_ascii_alphanumeric() || ['!', '-', '_', '.'].contains(&c));
            let Some(id) = text(&drive, "id").filter(is_id) else {
                return Err(SourceError::Malformed("Graph answered without the id of the drive".into()));
            };
            let resources = [format!("drives/{id}/root")];
            self.account.subscribe(&resources, bell, before).await
        };
        Ok(Some(Box::pin(within(&self.account, watching)).await?))
    }

    async fn unwatch(&self, watch: &Watch) {
        self.account.unsubscribe(watch).await;
    }
}

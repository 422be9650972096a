//! Answers that come in pages, each naming the address of the next. The addresses are Graph's word alone: our token
//! goes only to Graph itself, and a chain that leads round or has no end is left.

use super::{MicrosoftAccount, text};
use crate::SourceError;
use crate::http::{Answer, JSON_BYTES};
use crate::limits::{ROWS, too_much};
use graph_http::api_impl::RequestHandler;
use reqwest::Url;
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// The longest rota comes in far fewer, even in pages of 200.
const PAGES: usize = 1_000;
/// Of all pages together.
const ALL_BYTES: usize = 128 << 20;

/// What came in all pages.
#[derive(Debug, Default)]
pub(crate) struct Pages {
    pub(crate) items: Vec<Map<String, Value>>,
    /// Where to ask for what changed after this.
    pub(crate) delta: Option<Url>,
}

impl MicrosoftAccount {
    /// All pages of the answer to a question.
    ///
    /// # Errors
    /// `Malformed` where a page is none, or the chain of pages is not sound; else as the status says.
    pub(crate) async fn pages(&self, question: RequestHandler) -> Result<Pages, SourceError> {
        let first = self.ask(question, JSON_BYTES).await?;
        self.follow(first, BTreeSet::new()).await
    }

    /// All pages from an address on that Graph gave us.
    ///
    /// # Errors
    /// As [`MicrosoftAccount::pages`].
    pub(crate) async fn pages_at(&self, url: &Url) -> Result<Pages, SourceError> {
        let first = self.ask_at(url, JSON_BYTES).await?;
        self.follow(first, BTreeSet::from([url.to_string()])).await
    }

    async fn follow(&self, first: Answer, mut asked: BTreeSet<String>) -> Result<Pages, SourceError> {
        let mut all = Pages::default();
        let mut bytes = 0_usize;
        let mut answer = first;
        loop {
            bytes = bytes.saturating_add(answer.body.len());
            let next = all.take(&answer)?;
            let Some(next) = next else { return Ok(all) };
            if asked.len() >= PAGES || bytes > ALL_BYTES || all.items.len() > ROWS {
                return Err(too_much(format!("more than {} entries, in more and more pages", all.items.len())));
            }
            if !asked.insert(next.to_string()) {
                return Err(SourceError::Malformed(
                    "Graph's pages lead back to one that was read already".into(),
                ));
            }
            answer = self.ask_at(&next, JSON_BYTES).await?;
        }
    }
}

impl Pages {
    /// Takes in one page; where the next one is.
    fn take(&mut self, answer: &Answer) -> Result<Option<Url>, SourceError> {
        if !answer.status.is_success() {
            return Err(answer.refusal());
        }
        let mut page = answer.object()?;
        let Some(Value::Array(values)) = page.remove("value") else {
            return Err(SourceError::Malformed("Graph answered without entries".into()));
        };
        for value in values {
            let Value::Object(item) = value else {
                return Err(SourceError::Malformed("Graph answered with an entry that is none".into()));
            };
            self.items.push(item);
        }
        self.delta = address(&page, "@odata.deltaLink")?;
        address(&page, "@odata.nextLink")
    }
}

fn address(page: &Map<String, Value>, key: &str) -> Result<Option<Url>, SourceError> {
    let Some(written) = text(page, key) else { return Ok(None) };
    let url = Url::parse(written).map_err(|_| SourceError::Malformed("Graph names a next page that is no address".into()))?;
    Ok(Some(url))
}

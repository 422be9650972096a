//! A site as its address in a browser names it. Its words become part of a path that our token opens, so they are
//! taken strictly: the SDK would turn `../me` into another question.

use super::{MicrosoftAccount, VERSION, link, text};
use crate::SourceError;
use graph_http::api_impl::RequestHandler;
use reqwest::Url;
use std::fmt;
use url::Host;

/// A SharePoint site: `https://contoso.sharepoint.com/sites/ops`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    host: String,
    /// Encoded; empty for the root site, else with a slash in front.
    path: String,
}

impl Site {
    /// Takes the address of a site, or of a page in it (`…/sites/ops/Lists/Rota/AllItems.aspx`): what is behind the
    /// site's name is left out.
    ///
    /// # Errors
    /// In words for whoever wrote the configuration.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let wrong = |why: &str| format!("\"{text}\" {why}; write it like https://contoso.sharepoint.com/sites/ops");
        let before_query = text.split(['?', '#']).next().unwrap_or_default();
        let rest = before_query
            .strip_prefix("https://")
            .or_else(|| before_query.strip_prefix("http://"))
            .ok_or_else(|| wrong("is no address of a site"))?;
        // Looked at as written: a parsed address has its `..` worked in already.
        let path = rest.split_once('/').map_or("", |(_, path)| path);
        if path.split('/').any(|part| part == "." || part == "..") || path.contains(['\\', ':']) {
            return Err(wrong("has something in its path that no site has"));
        }
        let lower = path.to_ascii_lowercase();
        if ["%2f", "%5c", "%2e", "%3a", "%25", "%00"]
            .iter()
            .any(|encoded| lower.contains(encoded))
        {
            return Err(wrong("has something encoded in its path that no site has"));
        }
        let url = Url::parse(before_query).map_err(|_| wrong("is no address of a site"))?;
        if !url.username().is_empty() || url.password().is_some() || url.port().is_some() {
            return Err(wrong("holds more than host and path"));
        }
        let Some(Host::Domain(host)) = url.host() else {
            return Err(wrong("names no host"));
        };
        if !is_sharepoint(host) {
            return Err(wrong("is not at SharePoint"));
        }
        Ok(Self {
            host: host.to_owned(),
            path: site_path(&url),
        })
    }

    /// The same site as Graph names it: `contoso.sharepoint.com:/sites/ops`.
    pub(crate) fn key(&self) -> String {
        if self.path.is_empty() {
            return self.host.clone();
        }
        format!("{}:{}", self.host, self.path)
    }
}

/// A site as Graph knows it.
#[derive(Debug)]
pub(crate) struct Place {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) link: Option<String>,
}

impl MicrosoftAccount {
    /// `GET /sites/{host}:/{path}`. The path is encoded already, which the SDK would do once more.
    pub(super) fn question_of(&self, site: &Site) -> RequestHandler {
        let mut question = self.sdk().sites().list_site();
        question.as_mut().set_path(&format!("{VERSION}/sites/{}", site.key()));
        question
    }

    /// Looks a site up.
    ///
    /// # Errors
    /// As the status says, in words that name the site.
    pub(crate) async fn site(&self, site: &Site) -> Result<Place, SourceError> {
        let question = self.question_of(site);
        let found = self.object(question).await.map_err(|fault| site.reword(fault))?;
        // It becomes part of a path: `host,guid,guid`.
        let is_id = |id: &&str| id.chars().all(|c| c.is_ascii_alphanumeric() || [',', '.', '-', '_'].contains(&c));
        let Some(id) = text(&found, "id").filter(is_id) else {
            return Err(SourceError::Malformed(format!("Graph answered without the id of the site {site}")));
        };
        let title = text(&found, "displayName").or_else(|| text(&found, "name"));
        Ok(Place {
            id: id.to_owned(),
            title: title.map_or_else(|| site.to_string(), str::to_owned),
            link: link(&found),
        })
    }
}

impl Site {
    /// A refusal of all that is in the site, naming it.
    pub(crate) fn reword(&self, fault: SourceError) -> SourceError {
        match fault {
            SourceError::Forbidden(words) => SourceError::Forbidden(format!("the site {self}: {words}")),
            SourceError::NotFound(words) => SourceError::NotFound(format!("there is no site {self}: {words}")),
            // Graph's answer to a host of another tenant is 400 "Invalid hostname for this tenancy".
            SourceError::Malformed(words) if words.contains("hostname") => {
                SourceError::NotFound(format!("the site {self} is not of this tenant: {words}"))
            }
            SourceError::Auth(_) | SourceError::Throttled { .. } | SourceError::Transient(_) | SourceError::Malformed(_) => fault,
        }
    }
}

/// `contoso.sharepoint.com`, and those of the national clouds (`.us`, `.cn`, `.de`, `-mil.us`).
fn is_sharepoint(host: &str) -> bool {
    let labels: Vec<&str> = host.split('.').collect();
    let is_label = |label: &&str| !label.is_empty() && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    let (Some(tenant), Some(rest)) = (labels.first(), labels.get(1..)) else {
        return false;
    };
    let domains: [&[&str]; 5] = [
        &["sharepoint", "com"],
        &["sharepoint", "us"],
        &["sharepoint", "cn"],
        &["sharepoint", "de"],
        &["sharepoint-mil", "us"],
    ];
    is_label(tenant) && domains.contains(&rest)
}

/// Sites are two deep below `sites` or `teams`, and may hold others; what follows a site's name is a list, a library or
/// a page, which a person may have copied along.
fn site_path(url: &Url) -> String {
    const INSIDE: [&str; 6] = ["lists", "shared%20documents", "sitepages", "_layouts", "siteassets", "forms"];
    let parts: Vec<&str> = url.path().split('/').filter(|part| !part.is_empty()).collect();
    let is_inside = |part: &&str| {
        let lower = part.to_ascii_lowercase();
        INSIDE.contains(&lower.as_str()) || lower.ends_with(".aspx")
    };
    let end = parts.iter().position(is_inside).unwrap_or(parts.len());
    parts.iter().take(end).flat_map(|part| ["/", part]).collect()
}

impl fmt::Display for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "https://{}{}", self.host, self.path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_is_named_as_in_the_browser() {
        let cases = [
            ("https://contoso.sharepoint.com/sites/ops", "contoso.sharepoint.com:/sites/ops"),
            ("https://Contoso.SharePoint.com/sites/ops/", "contoso.sharepoint.com:/sites/ops"),
            ("https://contoso.sharepoint.com", "contoso.sharepoint.com"),
            (
                "https://contoso-my.sharepoint.com/personal/anna_contoso_com",
                "contoso-my.sharepoint.com:/personal/anna_contoso_com",
            ),
            ("https://contoso.sharepoint.us/sites/ops", "contoso.sharepoint.us:/sites/ops"),
            (
                "https://contoso.sharepoint.com/sites/On Call",
                "contoso.sharepoint.com:/sites/On%20Call",
            ),
            (
                "https://contoso.sharepoint.com/sites/ops/Lists/Rota/AllItems.aspx?env=1#x",
                "contoso.sharepoint.com:/sites/ops",
            ),
            (
                "https://contoso.sharepoint.com/sites/ops/night/SitePages/Home.aspx",
                "contoso.sharepoint.com:/sites/ops/night",
            ),
        ];
        for (text, key) in cases {
            assert_eq!(Site::parse(text).unwrap().key(), key, "{text}");
        }
        let shown = Site::parse("https://contoso.sharepoint.com/sites/ops/").unwrap().to_string();
        assert_eq!(shown, "https://contoso.sharepoint.com/sites/ops");
    }

    proptest::proptest! {
        #[test]
        fn a_site_leads_nowhere_else(path in "[a-zA-Z0-9./%\\\\:?#@ \u{0}-\u{ff}]{0,24}") {
            let written = format!("https://contoso.sharepoint.com/{path}");
            if let Ok(site) = Site::parse(&written) {
                let key = site.key();
                let rest = key.strip_prefix("contoso.sharepoint.com").unwrap();
                let path = rest.strip_prefix(':').unwrap_or(rest);
                proptest::prop_assert!(path.split('/').all(|part| part != "." && part != ".."), "{}", key);
                proptest::prop_assert!(!path.contains([':', '?', '#', '\\']), "{}", key);
                // A parser takes it as it is.
                let url = Url::parse(&format!("https://graph.example/v1.0/sites{path}")).unwrap();
                proptest::prop_assert_eq!(url.path(), format!("/v1.0/sites{path}"));
            }
        }
    }

    #[test]
    fn what_would_ask_for_something_else_is_no_site() {
        for text in [
            "../me",
            "contoso.sharepoint.com/sites/ops",
            "https://contoso.sharepoint.com/../me",
            "https://contoso.sharepoint.com/sites/../../me",
            "https://contoso.sharepoint.com/sites/./ops",
            "https://contoso.sharepoint.com/sites/%2e%2e/me",
            "https://contoso.sharepoint.com/sites/..%2Fme",
            "https://contoso.sharepoint.com/sites%2Fops",
            "https://contoso.sharepoint.com/sites\\..\\me",
            "https://contoso.sharepoint.com/sites/ops:/drive",
            "https://contoso.sharepoint.com/sites/%252e%252e",
            "https://user@contoso.sharepoint.com/sites/ops",
            "https://contoso.sharepoint.com:8443/sites/ops",
            "https://contoso.sharepoint.com.evil.example/sites/ops",
            "https://evil.example/contoso.sharepoint.com/sites/ops",
            "https://sharepoint.com/sites/ops",
            "https://a.b.sharepoint.com/sites/ops",
            "https://127.0.0.1/sites/ops",
            "ftp://contoso.sharepoint.com/sites/ops",
            "",
        ] {
            assert!(Site::parse(text).is_err(), "{text}");
        }
    }
}

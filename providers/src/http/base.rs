//! Which addresses may be spoken to. Keys and rotas cross the wire: either it is encrypted, or it does not leave this
//! machine.

use reqwest::Url;
use std::fmt;
use url::Host;

/// Where an API begins: `https://graph.microsoft.com/v1.0`. Checked; without a slash at its end.
#[derive(Clone, PartialEq, Eq)]
pub struct Base(Url);

impl Base {
    /// Takes `https` to anywhere, and `http` to this machine (127.0.0.1, `[::1]`, localhost).
    ///
    /// # Errors
    /// In words for whoever wrote the configuration.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let mut url = Url::parse(text).map_err(|fault| format!("this is no address ({fault}); write https://…"))?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err("the address holds a user name or a password; leave them out".into());
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(format!("\"{text}\" goes on with ? or #; leave that out"));
        }
        match url.scheme() {
            "https" if url.has_host() => {}
            "http" if is_this_machine(&url) => {}
            "http" => {
                return Err(format!(
                    "\"{text}\" is not encrypted; write https:// (http:// is only for this machine)"
                ));
            }
            _ => return Err(format!("\"{text}\" is no web address; write https://…")),
        }
        let path = url.path().trim_end_matches('/').to_owned();
        url.set_path(&path);
        Ok(Self(url))
    }

    /// The checked address. An empty path is written `/`, as in every URL.
    #[must_use]
    pub const fn as_url(&self) -> &Url {
        &self.0
    }

    /// An address below this one; `tail` begins with a slash and is encoded already.
    pub(crate) fn below(&self, tail: &str) -> Url {
        let mut url = self.0.clone();
        let path = format!("{}{tail}", url.path().trim_end_matches('/'));
        url.set_path(&path);
        url
    }

    /// Whether what is sent here stays on this machine.
    pub(crate) fn is_this_machine(&self) -> bool {
        is_this_machine(&self.0)
    }

    /// Whether an address is at the same place: scheme, host and port. What is a secret of one place is sent to no other.
    pub(crate) fn is_home_of(&self, url: &Url) -> bool {
        self.0.origin() == url.origin()
    }
}

/// Whether what is sent to the address stays on this machine.
pub(crate) fn is_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

impl fmt::Debug for Base {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Base {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.as_str().trim_end_matches('/'))
    }
}

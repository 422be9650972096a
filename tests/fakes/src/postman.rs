//! What a fake sends by itself: change notifications to addresses that its clients have given.
//!
//! The real services deliver to public https addresses only. A test has none, so it says which loopback server stands behind one.

use std::sync::Mutex;
use std::time::Duration;

/// Delivers to public addresses, of which some are doors of this machine.
#[derive(Debug)]
pub struct Postman {
    client: reqwest::Client,
    doors: Mutex<Vec<(String, String)>>,
}

/// What came back for a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// The header of this name; empty where there is none.
    pub content_type: String,
    /// As text.
    pub body: String,
}

impl Default for Postman {
    fn default() -> Self {
        let client = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(Duration::from_secs(10))
            .build();
        Postman {
            client: client.expect("a client without options that could fail"),
            doors: Mutex::default(),
        }
    }
}

impl Postman {
    /// What is addressed to `public` (`https://rota.example.org`) is delivered to `local` (`http://127.0.0.1:4711`).
    pub fn door(&self, public: &str, local: &str) {
        let pair = (public.trim_end_matches('/').to_owned(), local.trim_end_matches('/').to_owned());
        self.doors.lock().unwrap().push(pair);
    }

    /// Posts to an address and gives back status and body. An error says why nobody was reached; only addresses of this machine are tried.
    pub async fn post(&self, address: &str, headers: &[(&str, String)], body: Vec<u8>) -> Result<(u16, String), String> {
        let answer = self.post_and_see(address, headers, body).await?;
        Ok((answer.status, answer.body))
    }

    /// As [`Postman::post`], for whoever also looks at what kind of answer it is.
    pub async fn post_and_see(&self, address: &str, headers: &[(&str, String)], body: Vec<u8>) -> Result<Reply, String> {
        let target = self.behind(address)?;
        let request = headers
            .iter()
            .fold(self.client.post(target), |request, (name, value)| request.header(*name, value));
        let answer = request.body(body).send().await.map_err(|error| error.to_string())?;
        let status = answer.status().as_u16();
        let kind = answer.headers().get("content-type").and_then(|kind| kind.to_str().ok());
        let content_type = kind.unwrap_or_default().to_owned();
        let body = answer.text().await.map_err(|error| error.to_string())?;
        Ok(Reply {
            status,
            content_type,
            body,
        })
    }

    /// Where an address leads on this machine.
    fn behind(&self, address: &str) -> Result<String, String> {
        let doors = self.doors.lock().unwrap();
        let rest = |public: &str| {
            let rest = address.strip_prefix(public)?;
            (rest.is_empty() || rest.starts_with(['/', '?'])).then(|| rest.to_owned())
        };
        let door = doors
            .iter()
            .rev()
            .find_map(|(public, local)| Some(format!("{local}{}", rest(public)?)));
        let target = door.unwrap_or_else(|| address.to_owned());
        let host = url::Url::parse(&target).ok().and_then(|url| url.host_str().map(str::to_owned));
        match host.as_deref() {
            Some("127.0.0.1" | "localhost" | "[::1]") => Ok(target),
            Some(_) | None => Err(format!("{address} is no door of this machine")),
        }
    }
}

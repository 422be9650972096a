//! What every request meets before anything is served: is it meant for us, does its client ask too much; and what every
//! answer says. It must not know what is served.

use crate::metrics::names;
use crate::peer::{self, Budget, EVERYBODY, Way, in_seconds};
use crate::roster::masked;
use crate::twilio::public_url::PublicUrl;
use crate::web;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::{CACHE_CONTROL, RETRY_AFTER, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS};
use axum::http::uri::{Authority, PathAndQuery};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use std::net::IpAddr;
use std::sync::Arc;
use url::{Host, Url};

/// The carrier's doors: who comes there proves himself by a signature over the address. They count their forgers themselves.
const CARRIER: &str = "/twilio/";
/// Where sources knock, and where monitors raise alarms: they prove themselves by a secret word.
const NUDGES: &str = "/nudge/";
const ALARMS: &str = "/incidents";
/// Says only that we are there: for load balancers, which ask by any name.
const PULSE: &str = "/live";
/// From now on, for a year, this host is asked by https only.
const HTTPS_ONLY: HeaderValue = HeaderValue::from_static("max-age=31536000");
/// So much of where a stranger wanted to go is told.
const LONGEST_ROOM: usize = 20;
/// Names that are not ours are told so often in a minute, and at once, in the log: who asks for them is often nobody's.
const TOLD: u32 = 6;

/// Who watches over all doors; clones are the same one.
#[derive(Clone)]
pub(super) struct Guard(Arc<Rules>);

struct Rules {
    public_url: PublicUrl,
    hosts: Vec<String>,
    requests: Budget,
    told: Budget,
}

/// Why a request is not served.
enum Refusal {
    /// It is for this host, which is none of ours; or for none.
    Stranger(Option<String>),
    /// Its client may ask again after so many seconds.
    TooMany(u64),
}

impl Guard {
    pub(super) fn new(public_url: PublicUrl, hosts: Vec<String>, requests_per_minute: u32) -> Self {
        Self(Arc::new(Rules {
            public_url,
            hosts,
            requests: Budget::new(requests_per_minute, requests_per_minute / 4),
            told: Budget::new(TOLD, TOLD),
        }))
    }

    /// Puts itself before all of these doors.
    pub(super) fn before(self, doors: Router) -> Router {
        Router::new().fallback_service(doors).layer(from_fn_with_state(self, pass))
    }
}

async fn pass(State(Guard(rules)): State<Guard>, mut request: Request, next: Next) -> Response {
    let way = request.extensions().get::<Way>().copied();
    below_prefix(&rules, request.uri_mut());
    let uri = request.uri().clone();
    let mut answer = match rules.refuses(way.as_ref(), &uri, request.headers()) {
        Some(refusal) => rules.refused(refusal, &uri),
        None => rules.counted(way.as_ref(), &uri, web::worded(&uri, next.run(request).await)),
    };
    let headers = answer.headers_mut();
    headers.entry(X_CONTENT_TYPE_OPTIONS).or_insert(HeaderValue::from_static("nosniff"));
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    if way.is_some_and(|way| way.is_private) {
        headers.insert(STRICT_TRANSPORT_SECURITY, HTTPS_ONLY);
    }
    answer
}

/// Where somebody wanted to go, as far as the log may know: how an address goes on may be the key of a calendar, or a link that
/// signs in.
fn room(path: &str) -> String {
    let first = path.split('/').nth(1).unwrap_or_default();
    masked(&format!("/{}", first.chars().take(LONGEST_ROOM).collect::<String>()))
}

fn proves_himself(path: &str) -> bool {
    path.starts_with(NUDGES) || (path.starts_with("/api/") && path.ends_with(ALARMS))
}

/// Where the public address has a path that a proxy has not taken away, it is taken away here.
fn below_prefix(rules: &Rules, uri: &mut Uri) {
    let Some(base) = rules.public_url.get() else { return };
    if base.prefix().is_empty() {
        return;
    }
    let asked = uri.path_and_query().map_or("", PathAndQuery::as_str);
    let below = asked.strip_prefix(base.prefix()).filter(|below| below.starts_with('/'));
    if let Some(below) = below.and_then(|below| below.parse().ok()) {
        *uri = below;
    }
}

impl Rules {
    fn refuses(&self, way: Option<&Way>, uri: &Uri, headers: &HeaderMap) -> Option<Refusal> {
        if uri.path().starts_with(CARRIER) {
            return None;
        }
        // Whoever came by no way that we know has not come in by our doors.
        let Some(way) = way else { return Some(Refusal::Stranger(None)) };
        if !proves_himself(uri.path())
            && let Err(wait) = self.requests.spend(way.client)
        {
            return Some(Refusal::TooMany(in_seconds(wait)));
        }
        if uri.path() == PULSE {
            return None;
        }
        let Some(mut names) = peer::names(headers, way.is_trusted) else {
            return Some(Refusal::Stranger(None));
        };
        names.extend(uri.authority().map(Authority::as_str));
        let stranger = names.into_iter().find(|name| !self.is_ours(name, way))?;
        Some(Refusal::Stranger(Some(stranger.to_owned())))
    }

    /// Of whoever has to prove himself only those are counted who do not: no alarm is held up by a stranger. At the carrier's
    /// doors those are counted who knock where there is none; forgers count there.
    fn counted(&self, way: Option<&Way>, uri: &Uri, answer: Response) -> Response {
        let is_stranger = match answer.status() {
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => proves_himself(uri.path()),
            StatusCode::BAD_REQUEST | StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => uri.path().starts_with(CARRIER),
            _ => false,
        };
        let spent = way.filter(|_| is_stranger).map(|way| self.requests.spend(way.client));
        match spent {
            Some(Err(wait)) => self.refused(Refusal::TooMany(in_seconds(wait)), uri),
            Some(Ok(())) | None => answer,
        }
    }

    /// Whether it is a name of ours: this machine's for itself, the address by which it was reached, the public one, or one
    /// that is configured. A page of somebody else's, whose name was made to lead here, has another.
    fn is_ours(&self, name: &str, way: &Way) -> bool {
        let Some(authority) = name.parse::<Authority>().ok().filter(|_| !name.contains('@')) else {
            return false;
        };
        let name = authority.host().trim_end_matches('.');
        let Ok(host) = Host::parse(name) else { return false };
        let address = match &host {
            Host::Ipv4(address) => Some(IpAddr::from(*address)),
            Host::Ipv6(address) => Some(IpAddr::from(*address).to_canonical()),
            Host::Domain(_) => None,
        };
        let host = host.to_string();
        match address {
            Some(address) if address.is_loopback() || address == way.reached => true,
            Some(_) | None => host == "localhost" || self.hosts.contains(&host) || self.is_public(&host),
        }
    }

    fn is_public(&self, host: &str) -> bool {
        let base = self.public_url.get().and_then(|base| Url::parse(base.as_str()).ok());
        base.is_some_and(|base| base.host().is_some_and(|known| known.to_string() == host))
    }

    fn refused(&self, refusal: Refusal, uri: &Uri) -> Response {
        match refusal {
            Refusal::Stranger(name) => {
                metrics::counter!(names::REQUESTS_REFUSED, "why" => "host").increment(1);
                let name = name.unwrap_or_default();
                let name = name.escape_debug().to_string();
                let room = room(uri.path());
                if self.told.spend(EVERYBODY).is_ok() {
                    tracing::warn!(
                        name,
                        room,
                        "refused a request for a host that is not ours: if it is, add it to server.hosts, or set server.public_url"
                    );
                }
                let message = format!(
                    "\"{name}\" is not a name of this service. Where it should be, its operator adds it to hosts under [server] in rotaline.toml, or sets public_url."
                );
                web::refusal(uri, StatusCode::MISDIRECTED_REQUEST, "unknown-host", message)
            }
            Refusal::TooMany(seconds) => {
                metrics::counter!(names::REQUESTS_REFUSED, "why" => "rate").increment(1);
                let message = format!("That is too much at once from your address. Try again in {seconds} s.");
                let mut answer = web::refusal(uri, StatusCode::TOO_MANY_REQUESTS, "too-many-requests", message);
                answer.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
                answer
            }
        }
    }
}

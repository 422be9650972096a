//! The front of Graph and of the sign-in: whoever asks is let in or not, and what is asked for is found and carried out.

use super::address::{InList, Route, Target};
use super::pages::Origins;
use super::query::Query;
use super::reply::{Failure, Trace};
use super::{Tenant, files, pages, resources, sign_in, subscriptions};
use crate::journal::Request;
use crate::server::{Answer, Api};
use serde_json::Value;
use std::sync::Arc;

/// Graph and the sign-in, on one port.
#[derive(Debug)]
pub(super) struct Front(pub(super) Arc<Tenant>);

impl Api for Front {
    type Route = Route;

    fn route(&self, request: &Request) -> Option<Route> {
        Some(Target::of(request).route())
    }

    async fn answer(&self, request: &Request) -> Answer {
        let host = request.headers.get("host").map(String::as_str).unwrap_or_default();
        let here = format!("http://{host}");
        let target = Target::of(request);
        if let Target::Token(name) = &target {
            return sign_in::answer(&self.0, name, request, &here);
        }
        let trace = Trace::new(Some(request), self.0.clock.now());
        let done = match self.authorize(request, &trace) {
            Ok(()) => self.carry_out(&target, request, &trace, &here).await,
            Err(failure) => Err(failure),
        };
        done.unwrap_or_else(|failure| trace.failure(&failure))
    }

    fn error(&self, route: Route, code: u16) -> Value {
        let now = self.0.clock.now();
        match route {
            Route::Token => sign_in::error(code, now),
            Route::Any | Route::Api | Route::Site | Route::Lists | Route::List | Route::Columns | Route::Items | Route::Delta => {
                Trace::new(None, now).error(&Failure::of_status(code))
            }
            Route::Drive | Route::File | Route::Content | Route::Download | Route::Subscriptions | Route::Unknown => {
                Trace::new(None, now).error(&Failure::of_status(code))
            }
        }
    }
}

impl Front {
    fn authorize(&self, request: &Request, trace: &Trace) -> Result<(), Failure> {
        let refused = |words: &str| {
            let challenge = "Bearer realm=\"\", authorization_uri=\"https://login.microsoftonline.com/common/oauth2/authorize\", \
                             client_id=\"00000003-0000-0000-c000-000000000000\"";
            Failure::new(401, "InvalidAuthenticationToken", words).header("www-authenticate", challenge)
        };
        let token = request.bearer().ok_or_else(|| refused("Access token is empty."))?;
        let state = self.0.state();
        match state.tokens.iter().find(|(known, _)| known == token) {
            Some((_, ends)) if *ends > trace.now => Ok(()),
            Some(_) => Err(refused("Lifetime validation failed, the token is expired.")),
            None => Err(refused("CompactToken parsing failed with error code: 80049217")),
        }
    }

    async fn carry_out(&self, target: &Target, request: &Request, trace: &Trace, here: &str) -> Result<Answer, Failure> {
        let (tenant, now) = (&self.0, trace.now);
        let method = request.method.as_str();
        match target {
            Target::Subscriptions => match method {
                "GET" => Ok(trace.json(200, &subscriptions::all(&mut tenant.state(), now, here))),
                "POST" => Ok(trace.json(201, &subscriptions::make(tenant, request, here).await?)),
                _ => Err(Failure::method()),
            },
            Target::Subscription(id) => match method {
                "GET" => Ok(trace.json(200, &subscriptions::one(&mut tenant.state(), id, now)?)),
                "PATCH" => Ok(trace.json(200, &subscriptions::renew(&mut tenant.state(), id, request, now)?)),
                "DELETE" => {
                    subscriptions::end(&mut tenant.state(), id, now)?;
                    Ok(trace.empty(204))
                }
                _ => Err(Failure::method()),
            },
            Target::Unknown(segment) => {
                let words = format!("Resource not found for the segment '{segment}'.");
                Err(Failure::new(400, "BadRequest", words))
            }
            Target::Token(_)
            | Target::Site(_)
            | Target::Lists(_)
            | Target::InList(..)
            | Target::Drive(_)
            | Target::File(..)
            | Target::Content(..)
                if method != "GET" =>
            {
                Err(Failure::method())
            }
            Target::Drive(drive) => Ok(trace.json(200, &files::drive(&tenant.state(), drive, here)?)),
            Target::File(drive, file) => {
                if has_it_already(request, files::tags(&tenant.state(), drive, file)) {
                    return Ok(trace.empty(304));
                }
                let query = Query::of(request)?;
                let file = files::file(&mut tenant.state(), (drive, file), &query, tenant.other_host())?;
                Ok(trace.json(200, &file))
            }
            Target::Content(drive, file) => {
                if has_it_already(request, files::tags(&tenant.state(), drive, file)) {
                    return Ok(trace.empty(304));
                }
                let place = files::content(&mut tenant.state(), drive, file, tenant.other_host())?;
                Ok(trace.empty(302).header("location", &place))
            }
            Target::Token(_) | Target::Site(_) | Target::Lists(_) | Target::InList(..) => {
                let answer = self.read(target, request, here)?;
                self.between_pages(&answer);
                Ok(trace.json(200, &answer))
            }
        }
    }

    /// What is read of a site and its lists.
    fn read(&self, target: &Target, request: &Request, here: &str) -> Result<Value, Failure> {
        let query = Query::of(request)?;
        let state = self.0.state();
        let origins = Origins {
            here,
            other: self.0.other_host(),
        };
        match target {
            Target::Site(site) => resources::site(&state, site, &query, here),
            Target::Lists(site) => resources::lists(&state, site, &query, here),
            Target::InList(site, list, part) => match part {
                InList::Itself => resources::list(&state, site, list, &query, here),
                InList::Columns => resources::columns_of(&state, site, list, &query, here),
                InList::Item(item) => resources::item(&state, site, list, item, &query),
                InList::Items => pages::items(&state, (site, list), &query, request, &origins),
                InList::Delta => pages::delta(&state, (site, list), &query, request, &origins),
            },
            Target::Token(_) | Target::Drive(_) | Target::File(..) | Target::Content(..) => Err(Failure::not_found()),
            Target::Subscriptions | Target::Subscription(_) | Target::Unknown(_) => Err(Failure::not_found()),
        }
    }

    /// Carries out what a test wants to happen before the next page is asked for.
    fn between_pages(&self, answer: &Value) {
        if answer.get("@odata.nextLink").is_none() {
            return;
        }
        let next = self.0.state().between_pages.pop_front();
        if let Some((list, change)) = next {
            Tenant::change(&self.0, &list, change);
        }
    }
}

/// Whether `If-None-Match` names a state of the file that is still so: its eTag or its cTag, of which each contains a comma.
fn has_it_already(request: &Request, tags: Option<[String; 2]>) -> bool {
    let given = request.headers.get("if-none-match").map(|tag| tag.trim());
    let given = given.map(|tag| tag.strip_prefix("W/").unwrap_or(tag));
    tags.is_some_and(|tags| tags.iter().any(|tag| Some(tag.as_str()) == given))
}

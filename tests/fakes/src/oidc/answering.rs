//! Who asks for what, and what he is answered.

use super::signing::{self, key_set};
use super::{Asked, CLIENT_ID, CLIENT_SECRET, Mischief, Route, State};
use crate::clock::Clock;
use crate::journal::Request;
use crate::server::{Answer, Api};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::sync::{Mutex, MutexGuard, OnceLock};

#[derive(Debug)]
pub(super) struct Front {
    state: Mutex<State>,
    clock: Clock,
    issuer: OnceLock<String>,
}

impl Front {
    pub(super) fn new(state: Mutex<State>, clock: Clock) -> Front {
        Front {
            state,
            clock,
            issuer: OnceLock::new(),
        }
    }

    pub(super) fn opened(&self, issuer: String) {
        self.issuer.set(issuer).expect("set only here");
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    pub(super) fn clock(&self) -> &Clock {
        &self.clock
    }

    fn issuer(&self) -> &str {
        self.issuer.get().expect("set before anything is served")
    }
}

impl Api for Front {
    type Route = Route;

    fn route(&self, request: &Request) -> Option<Route> {
        match (request.method.as_str(), request.path.as_str()) {
            ("GET", "/.well-known/openid-configuration") => Some(Route::Document),
            ("GET", "/keys") => Some(Route::Keys),
            ("GET", "/authorize") => Some(Route::Door),
            ("POST", "/token") => Some(Route::Token),
            _ => None,
        }
    }

    async fn answer(&self, request: &Request) -> Answer {
        let mut state = self.state();
        match self.route(request) {
            Some(Route::Document) => Answer::json(200, &document(self.issuer(), state.mischief.as_ref())),
            Some(Route::Keys) => Answer::json(200, &key_set(state.is_rotated)),
            Some(Route::Door) => door(&mut state, request),
            Some(Route::Token) => match token(&mut state, request, self.issuer(), &self.clock) {
                Ok(answer) => answer.header("cache-control", "no-store"),
                Err((status, error)) => Answer::json(status, &json!({ "error": error })),
            },
            Some(Route::Any) | None => Answer::json(404, &json!({ "error": "not_found" })),
        }
    }

    fn error(&self, _: Route, _: u16) -> Value {
        json!({ "error": "server_error", "error_description": "secret words of the provider" })
    }
}

fn document(issuer: &str, mischief: Option<&Mischief>) -> Value {
    let mut document = json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/keys"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        // Also what nobody should take.
        "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        "code_challenge_methods_supported": ["S256"],
    });
    if mischief == Some(&Mischief::OtherDocument) {
        document["issuer"] = "https://other.example".into();
    } else if mischief == Some(&Mischief::OpenToken) {
        document["token_endpoint"] = "http://provider.example/token".into();
    } else if mischief == Some(&Mischief::OpenKeys) {
        document["jwks_uri"] = "http://provider.example/keys".into();
    }
    document
}

/// The browser is sent back at once.
fn door(state: &mut State, request: &Request) -> Answer {
    let asked = |name: &str| request.parameter(name).unwrap_or_default();
    let redirect = asked("redirect_uri");
    let refused = |words: &str| Answer::bytes(400, "text/plain", words.as_bytes().to_vec());
    if asked("client_id") != CLIENT_ID {
        return refused("no such client");
    }
    // RFC 6749, section 3.1.2.4: nobody is sent to an address that is not registered.
    if state.redirect.as_deref() != Some(redirect.as_str()) {
        return refused("this redirect URL is not registered");
    }
    let is_right = asked("response_type") == "code"
        && asked("scope").split(' ').any(|scope| scope == "openid")
        && asked("code_challenge_method") == "S256"
        && asked("code_challenge").len() == 43
        && asked("state").len() >= 32
        && asked("nonce").len() >= 32;
    if !is_right {
        return refused("something is missing");
    }
    let code = format!("code/{}", state.codes.len());
    let mut back = url::Url::parse(&redirect).expect("a registered redirect URL");
    back.query_pairs_mut().append_pair("state", &asked("state"));
    if state.mischief == Some(Mischief::Denied) {
        back.query_pairs_mut().append_pair("error", "access_denied");
    } else {
        back.query_pairs_mut().append_pair("code", &code).append_pair("session_state", "x");
        let asked = Asked {
            challenge: asked("code_challenge"),
            nonce: asked("nonce"),
            redirect,
            is_used: false,
        };
        state.codes.insert(code, asked);
    }
    Answer::empty(302).header("location", back.as_str())
}

type Denial = (u16, &'static str);

fn token(state: &mut State, request: &Request, issuer: &str, clock: &Clock) -> Result<Answer, Denial> {
    if let Some(Mischief::TokenElsewhere(url)) = &state.mischief {
        return Ok(Answer::empty(307).header("location", url));
    }
    if !is_client(request) {
        return Err((401, "invalid_client"));
    }
    let form = request.form();
    let field = |name: &str| form.get(name).map_or("", String::as_str);
    if field("grant_type") != "authorization_code" {
        return Err((400, "unsupported_grant_type"));
    }
    let mischief = state.mischief.clone();
    let asked = state.codes.get_mut(field("code")).ok_or((400, "invalid_grant"))?;
    if asked.is_used && mischief != Some(Mischief::CodesForEver) {
        return Err((400, "invalid_grant"));
    }
    asked.is_used = true;
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(field("code_verifier")));
    let is_his = challenge == asked.challenge && field("redirect_uri") == asked.redirect;
    if !is_his && mischief != Some(Mischief::Careless) {
        return Err((400, "invalid_grant"));
    }
    let claims = signing::claims(&state.person, issuer, &asked.nonce, mischief.as_ref(), clock.now());
    let mut answer = json!({ "access_token": "at-fake", "token_type": "Bearer", "expires_in": 300 });
    if mischief != Some(Mischief::NoIdentity) {
        answer["id_token"] = signing::signed(&claims, state.is_rotated, mischief.as_ref()).into();
    }
    Ok(Answer::json(200, &answer))
}

/// RFC 6749, section 2.3.1: both are encoded as in a form, then joined.
fn is_client(request: &Request) -> bool {
    let encode = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let said = STANDARD.encode(format!("{}:{}", encode(CLIENT_ID), encode(CLIENT_SECRET)));
    request.authorization.as_deref() == Some(&format!("Basic {said}"))
}

//! Errors as Google words them: `google.rpc.Status` in JSON, for Drive with the older list of `errors` beside it.
//! Source: cloud.google.com/apis/design/errors, developers.google.com/workspace/drive/api/guides/handle-errors.

use super::description::Service;
use crate::server::Answer;
use serde_json::{Value, json};

/// The number of the project that the service account belongs to.
pub(super) const PROJECT: &str = "123456789012";

/// What the APIs refuse.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Refusal {
    /// No token at all.
    Anonymous,
    /// A token that is unknown or too old.
    Unauthenticated,
    /// A token without a scope that would do; those that would.
    Scope(Vec<&'static str>),
    /// The API is off in the project.
    Disabled,
    /// Too many requests in this minute.
    Quota(u32),
    /// Not shared with the account.
    Permission,
    /// There is none.
    NotFound,
    /// A file that there is not, or not for this account: Drive does not tell which.
    FileNotFound(String),
    /// A path of a field mask that there is not.
    Field(String),
    /// Anything else that is wrong with a request, in words.
    Invalid(String),
    /// A request that Drive finds wrong: reason and words.
    InvalidFor(&'static str, String),
    /// A channel that is not known.
    Channel(String),
}

impl Refusal {
    /// The answer of one of the APIs.
    pub(super) fn answer(self, service: Service) -> Answer {
        let (code, challenge) = (self.code(), self.challenge());
        let answer = Answer::json(code, &self.body(service));
        match challenge {
            Some(challenge) => answer.header("www-authenticate", &challenge),
            None => answer,
        }
    }

    fn code(&self) -> u16 {
        match self {
            Refusal::Unauthenticated => 401,
            Refusal::Anonymous | Refusal::Scope(_) | Refusal::Disabled | Refusal::Permission => 403,
            Refusal::NotFound | Refusal::FileNotFound(_) | Refusal::Channel(_) => 404,
            Refusal::Field(_) | Refusal::Invalid(_) | Refusal::InvalidFor(..) => 400,
            Refusal::Quota(_) => 429,
        }
    }

    /// The header `WWW-Authenticate`.
    fn challenge(&self) -> Option<String> {
        let realm = "Bearer realm=\"https://accounts.google.com/\", error=";
        match self {
            Refusal::Unauthenticated => Some(format!("{realm}\"invalid_token\"")),
            Refusal::Scope(scopes) => Some(format!("{realm}\"insufficient_scope\", scope=\"{}\"", scopes.join(" "))),
            Refusal::Anonymous
            | Refusal::Disabled
            | Refusal::Quota(_)
            | Refusal::Permission
            | Refusal::NotFound
            | Refusal::FileNotFound(_)
            | Refusal::Field(_)
            | Refusal::Invalid(_)
            | Refusal::InvalidFor(..)
            | Refusal::Channel(_) => None,
        }
    }

    fn body(self, service: Service) -> Value {
        let host = service.host();
        match self {
            Refusal::Anonymous => {
                let words = "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other form of API consumer identity to call this API.";
                error(service, 403, words, &old("forbidden", words), vec![])
            }
            Refusal::Unauthenticated => {
                let words = "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.";
                let legacy = json!({ "message": "Invalid Credentials", "domain": "global", "reason": "authError", "location": "Authorization", "locationType": "header" });
                error(service, 401, words, &legacy, vec![])
            }
            Refusal::Scope(_) => {
                let metadata = json!({ "service": host });
                let detail = info("ACCESS_TOKEN_SCOPE_INSUFFICIENT", "googleapis.com", &metadata);
                let legacy = old("insufficientPermissions", "Insufficient Permission");
                let words = "Request had insufficient authentication scopes.";
                error(service, 403, words, &legacy, vec![detail])
            }
            Refusal::Disabled => disabled(service),
            Refusal::Quota(limit) => exhausted(service, limit),
            Refusal::Permission => {
                let words = "The caller does not have permission";
                error(service, 403, words, &old("forbidden", words), vec![])
            }
            Refusal::NotFound => {
                let words = "Requested entity was not found.";
                error(service, 404, words, &old("notFound", words), vec![])
            }
            Refusal::FileNotFound(id) => {
                let words = format!("File not found: {id}.");
                let legacy = json!({ "message": words, "domain": "global", "reason": "notFound", "location": "fileId", "locationType": "parameter" });
                error(service, 404, &words, &legacy, vec![])
            }
            Refusal::Field(path) => field(service, &path),
            Refusal::Invalid(words) => error(service, 400, &words, &old("badRequest", &words), vec![]),
            Refusal::InvalidFor(reason, words) => error(service, 400, &words, &old(reason, &words), vec![]),
            Refusal::Channel(id) => {
                let words = format!("Channel '{id}' not found for project '{PROJECT}'");
                error(service, 404, &words, &old("channelNotFound", &words), vec![])
            }
        }
    }
}

/// What an API says when a fault of this status is asked for and nothing else is said.
pub(super) fn for_status(service: Service, code: u16) -> Value {
    match code {
        400 => Refusal::Invalid("Request contains an invalid argument.".to_owned()).body(service),
        401 => Refusal::Unauthenticated.body(service),
        403 => Refusal::Permission.body(service),
        404 => Refusal::NotFound.body(service),
        429 => exhausted(service, 60),
        503 => {
            let words = "The service is currently unavailable.";
            error(service, 503, words, &old("backendError", words), vec![])
        }
        code => {
            let words = "Internal error encountered.";
            error(service, code, words, &old("internalError", words), vec![])
        }
    }
}

fn disabled(service: Service) -> Value {
    let host = service.host();
    let url = format!("https://console.developers.google.com/apis/api/{host}/overview?project={PROJECT}");
    let words = format!(
        "{} has not been used in project {PROJECT} before or it is disabled. Enable it by visiting {url} then retry. If you enabled this API recently, wait a few minutes for the action to propagate to our systems and retry.",
        service.title()
    );
    let metadata = json!({
        "service": host, "serviceTitle": service.title(), "activationUrl": url,
        "consumer": format!("projects/{PROJECT}"), "containerInfo": PROJECT,
    });
    let help = json!({
        "@type": "type.googleapis.com/google.rpc.Help",
        "links": [{ "description": "Google developers console API activation", "url": url }],
    });
    let message = json!({ "@type": "type.googleapis.com/google.rpc.LocalizedMessage", "locale": "en-US", "message": words });
    let legacy = json!({ "message": words, "domain": "usageLimits", "reason": "accessNotConfigured", "extendedHelp": "https://console.developers.google.com" });
    let details = vec![info("SERVICE_DISABLED", "googleapis.com", &metadata), message, help];
    error(service, 403, &words, &legacy, details)
}

fn exhausted(service: Service, limit: u32) -> Value {
    let host = service.host();
    let (metric, name) = match service {
        Service::Sheets => ("read_requests", "Read requests"),
        Service::Drive => ("default", "Queries"),
    };
    let words = format!(
        "Quota exceeded for quota metric '{name}' and limit '{name} per minute per user' of service '{host}' for consumer 'project_number:{PROJECT}'."
    );
    let metadata = json!({
        "service": host, "consumer": format!("projects/{PROJECT}"), "quota_location": "global",
        "quota_metric": format!("{host}/{metric}"), "quota_limit": "ReadRequestsPerMinutePerUser", "quota_limit_value": limit.to_string(),
    });
    let help = json!({
        "@type": "type.googleapis.com/google.rpc.Help",
        "links": [{ "description": "Request a higher quota limit.", "url": "https://cloud.google.com/docs/quotas/help/request_increase" }],
    });
    let legacy = json!({ "message": words, "domain": "usageLimits", "reason": "rateLimitExceeded" });
    error(
        service,
        429,
        &words,
        &legacy,
        vec![info("RATE_LIMIT_EXCEEDED", "googleapis.com", &metadata), help],
    )
}

/// The two APIs word a wrong field mask differently.
fn field(service: Service, path: &str) -> Value {
    match service {
        Service::Sheets => {
            let words = format!("Error expanding 'fields' parameter. Cannot find matching fields for path '{path}'.");
            let detail = json!({
                "@type": "type.googleapis.com/google.rpc.BadRequest",
                "fieldViolations": [{ "field": path, "description": words }],
            });
            let generic = "Request contains an invalid argument.";
            error(service, 400, generic, &Value::Null, vec![detail])
        }
        Service::Drive => {
            let words = format!("Invalid field selection {path}");
            let legacy = json!({ "message": words, "domain": "global", "reason": "invalidParameter", "location": "fields", "locationType": "parameter" });
            error(service, 400, &words, &legacy, vec![])
        }
    }
}

/// An entry of Drive's older list.
fn old(reason: &str, words: &str) -> Value {
    json!({ "message": words, "domain": "global", "reason": reason })
}

fn info(reason: &str, domain: &str, metadata: &Value) -> Value {
    json!({ "@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason, "domain": domain, "metadata": metadata })
}

fn error(service: Service, code: u16, words: &str, legacy: &Value, details: Vec<Value>) -> Value {
    let status = match code {
        400 => "INVALID_ARGUMENT",
        401 => "UNAUTHENTICATED",
        403 => "PERMISSION_DENIED",
        404 => "NOT_FOUND",
        429 => "RESOURCE_EXHAUSTED",
        503 => "UNAVAILABLE",
        504 => "DEADLINE_EXCEEDED",
        _ => "INTERNAL",
    };
    let mut error = json!({ "code": code, "message": words, "status": status });
    if service == Service::Drive {
        // Drive adds `status` and `details` only to what its front end refuses; its own errors have the list alone.
        let is_of_the_front_end = !details.is_empty() || code == 401;
        error["errors"] = json!([legacy]);
        if !is_of_the_front_end && let Some(fields) = error.as_object_mut() {
            fields.remove("status");
        }
    }
    if !details.is_empty() {
        error["details"] = Value::Array(details);
    }
    json!({ "error": error })
}

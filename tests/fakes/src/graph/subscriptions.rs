//! Subscriptions and change notifications: resources subscription and changeNotification, with the handshake that proves an address.

use super::address::{DriveAddress, SiteAddress};
use super::reply::{Failure, fresh_guid, guid, instant};
use super::state::State;
use super::{CLIENT_ID, Delivery, TENANT, Tenant};
use crate::journal::Request;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;

/// A subscription to a list or to a drive lives no longer (documentation of resource subscription).
const MOST_MINUTES: i64 = 42_300;
const MOST_CLIENT_STATE: usize = 128;
/// Whoever has not answered the handshake by then has failed it.
const HANDSHAKE_LIMIT: Duration = Duration::from_secs(10);
/// Whoever has not taken a notification by then gets it again.
const DELIVERY_LIMIT: Duration = Duration::from_secs(3);
/// How often a notification is tried, and the pause in between. The real thing goes on for four hours.
const ATTEMPTS: u32 = 5;
const PAUSE: Duration = Duration::from_secs(1);

/// A live subscription.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// Its name, a GUID.
    pub id: String,
    /// As the client named it.
    pub resource: String,
    /// Where notifications go.
    pub notification_url: String,
    /// What they say to show where they come from.
    pub client_state: Option<String>,
    /// From then on there are none.
    pub expires: DateTime<Utc>,
    pub(super) watched: Watched,
}

/// What is watched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Watched {
    /// A list, by its id.
    List(String),
    /// A drive, by its id.
    Drive(String),
}

impl Watched {
    fn kind(&self) -> &'static str {
        match self {
            Watched::List(_) => "#Microsoft.Graph.ListItem",
            Watched::Drive(_) => "#Microsoft.Graph.DriveItem",
        }
    }
}

impl State {
    /// Those that have not run out.
    pub(super) fn live(&mut self, now: DateTime<Utc>) -> &mut Vec<Subscription> {
        self.subscriptions.retain(|subscription| subscription.expires > now);
        &mut self.subscriptions
    }
}

/// All subscriptions of the application.
pub(super) fn all(state: &mut State, now: DateTime<Utc>, base: &str) -> Value {
    let shapes: Vec<Value> = state.live(now).iter().map(shape).collect();
    json!({ "@odata.context": format!("{base}/v1.0/$metadata#subscriptions"), "value": shapes })
}

/// One subscription.
pub(super) fn one(state: &mut State, id: &str, now: DateTime<Utc>) -> Result<Value, Failure> {
    find(state, id, now).map(|subscription| shape(subscription))
}

/// Makes a subscription, once its address has proved itself.
pub(super) async fn make(tenant: &Tenant, request: &Request, base: &str) -> Result<Value, Failure> {
    let now = tenant.clock.now();
    let wish = Wish::of(request, now)?;
    let watched = {
        let state = tenant.state();
        if state.subscriptions_are_forbidden {
            return Err(Failure::denied());
        }
        watched(&state, &wish.resource)?
    };
    handshake(tenant, &wish.notification_url).await?;
    let subscription = Subscription {
        id: fresh_guid(),
        resource: wish.resource,
        notification_url: wish.notification_url,
        client_state: wish.client_state,
        expires: wish.expires,
        watched,
    };
    let mut answer = shape(&subscription);
    answer["@odata.context"] = format!("{base}/v1.0/$metadata#subscriptions/$entity").into();
    tenant.state().live(now).push(subscription);
    Ok(answer)
}

/// Lets a subscription live longer.
pub(super) fn renew(state: &mut State, id: &str, request: &Request, now: DateTime<Utc>) -> Result<Value, Failure> {
    let body = body(request)?;
    let expires = expiry(&body, now)?;
    let subscription = find(state, id, now)?;
    subscription.expires = expires;
    Ok(shape(subscription))
}

/// Ends a subscription.
pub(super) fn end(state: &mut State, id: &str, now: DateTime<Utc>) -> Result<(), Failure> {
    find(state, id, now)?;
    state.subscriptions.retain(|subscription| subscription.id != id);
    Ok(())
}

/// Tells all who watch it that something changed.
pub(super) fn notify(tenant: &Arc<Tenant>, changed: &Watched) {
    let now = tenant.clock.now();
    let told: Vec<Subscription> = {
        let mut state = tenant.state();
        let live = state.live(now).iter();
        live.filter(|subscription| subscription.watched == *changed).cloned().collect()
    };
    for subscription in told {
        let tenant = Arc::clone(tenant);
        tenant.runtime.clone().spawn(async move { deliver(&tenant, &subscription).await });
    }
}

async fn deliver(tenant: &Tenant, subscription: &Subscription) {
    let body = json!({ "value": [notification(subscription)] }).to_string().into_bytes();
    let kind = [("content-type", "application/json; charset=utf-8".to_owned())];
    for attempt in 0..ATTEMPTS {
        if attempt > 0 {
            tokio::time::sleep(PAUSE).await;
        }
        let posted = tenant.postman.post(&subscription.notification_url, &kind, body.clone());
        let status = tokio::time::timeout(DELIVERY_LIMIT, posted).await;
        let status = status.ok().and_then(Result::ok).map(|(status, _)| status);
        tenant.state().deliveries.push(Delivery {
            subscription: subscription.id.clone(),
            status,
        });
        if status.is_some_and(|status| (200..300).contains(&status)) {
            break;
        }
    }
}

fn notification(subscription: &Subscription) -> Value {
    json!({
        "subscriptionId": subscription.id,
        "clientState": subscription.client_state,
        "changeType": "updated",
        "resource": subscription.resource,
        "subscriptionExpirationDateTime": instant(subscription.expires),
        "tenantId": TENANT,
        "resourceData": { "@odata.type": subscription.watched.kind() },
    })
}

fn shape(subscription: &Subscription) -> Value {
    json!({
        "id": subscription.id,
        "resource": subscription.resource,
        "applicationId": CLIENT_ID,
        "changeType": "updated",
        "clientState": subscription.client_state,
        "notificationUrl": subscription.notification_url,
        "notificationQueryOptions": null,
        "lifecycleNotificationUrl": null,
        "expirationDateTime": instant(subscription.expires),
        "creatorId": guid("service principal of the application"),
        "includeResourceData": null,
        "latestSupportedTlsVersion": "v1_2",
        "encryptionCertificate": null,
        "encryptionCertificateId": null,
        "notificationUrlAppId": null,
    })
}

fn find<'a>(state: &'a mut State, id: &str, now: DateTime<Utc>) -> Result<&'a mut Subscription, Failure> {
    let found = state.live(now).iter_mut().find(|subscription| subscription.id == id);
    found.ok_or_else(|| Failure::new(404, "ResourceNotFound", "The object was not found."))
}

fn refused(message: impl Into<String>) -> Failure {
    Failure::new(400, "InvalidRequest", message)
}

/// What a client asks for.
struct Wish {
    resource: String,
    notification_url: String,
    client_state: Option<String>,
    expires: DateTime<Utc>,
}

impl Wish {
    fn of(request: &Request, now: DateTime<Utc>) -> Result<Wish, Failure> {
        let body = body(request)?;
        let text = |name: &str| {
            let found = body.get(name).and_then(Value::as_str).map(str::to_owned);
            found.ok_or_else(|| refused(format!("The required field '{name}' is missing.")))
        };
        let (change_type, resource, notification_url) = (text("changeType")?, text("resource")?, text("notificationUrl")?);
        if change_type != "updated" {
            return Err(refused(format!("changeType '{change_type}' is not supported for this resource.")));
        }
        check_address(&notification_url)?;
        let client_state = body.get("clientState").and_then(Value::as_str).map(str::to_owned);
        if client_state.as_ref().is_some_and(|state| state.len() > MOST_CLIENT_STATE) {
            return Err(refused("clientState is longer than 128 characters."));
        }
        let expires = expiry(&body, now)?;
        Ok(Wish {
            resource,
            notification_url,
            client_state,
            expires,
        })
    }
}

fn body(request: &Request) -> Result<Value, Failure> {
    let body = request.json().filter(Value::is_object);
    body.ok_or_else(|| {
        Failure::new(
            400,
            "BadRequest",
            "Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.",
        )
    })
}

fn expiry(body: &Value, now: DateTime<Utc>) -> Result<DateTime<Utc>, Failure> {
    let text = body.get("expirationDateTime").and_then(Value::as_str);
    let text = text.ok_or_else(|| refused("The required field 'expirationDateTime' is missing."))?;
    let expires: DateTime<Utc> = text.parse().map_err(|_| refused("expirationDateTime is not an instant."))?;
    if expires <= now {
        return Err(refused("Subscription expiration must be in the future."));
    }
    if expires > now + TimeDelta::minutes(MOST_MINUTES) {
        let words = format!("Subscription expiration can only be {MOST_MINUTES} minutes in the future.");
        return Err(refused(words));
    }
    Ok(expires)
}

/// Graph takes https only; the fake also takes http to this machine.
fn check_address(address: &str) -> Result<(), Failure> {
    let url = url::Url::parse(address).map_err(|_| refused("notificationUrl is not a valid URL."))?;
    let is_here = matches!(url.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"));
    match url.scheme() {
        "https" => Ok(()),
        "http" if is_here => Ok(()),
        _ => Err(refused("notificationUrl must use the HTTPS protocol.")),
    }
}

/// The resources that notifications of lists and drives are had for (documentation "change notifications: supported resources").
fn watched(state: &State, resource: &str) -> Result<Watched, Failure> {
    if resource.contains("://") {
        let words = format!("The value '{resource}' of property 'resource' must be a relative URI.");
        return Err(Failure::new(400, "BadRequest", words));
    }
    let parts: Vec<&str> = resource.trim_start_matches('/').split('/').collect();
    match parts.as_slice() {
        ["sites", site, "lists", list] => {
            let (_, list) = state.list(&SiteAddress::Id((*site).to_owned()), list)?;
            Ok(Watched::List(list.id.clone()))
        }
        ["drives", id, "root"] => Ok(Watched::Drive(state.drive(&DriveAddress::Id((*id).to_owned()))?.id.clone())),
        ["users", name, "drive", "root"] => Ok(Watched::Drive(state.drive(&DriveAddress::OfUser((*name).to_owned()))?.id.clone())),
        _ => Err(refused(format!("resource '{resource}' is not supported."))),
    }
}

/// Posts a token to the address, which must give it back, decoded, as plain text.
async fn handshake(tenant: &Tenant, address: &str) -> Result<(), Failure> {
    let failed = |words: String| Failure::new(400, "ValidationError", words);
    let token = format!(
        "Validation: Testing client application reachability for subscription Request-Id: {}",
        fresh_guid()
    );
    let query: String = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("validationToken", &token)
        .finish();
    let mark = if address.contains('?') { '&' } else { '?' };
    let kind = [("content-type", "text/plain; charset=utf-8".to_owned())];
    let target = format!("{address}{mark}{query}");
    let posted = tenant.postman.post_and_see(&target, &kind, Vec::new());
    let answered = tokio::time::timeout(HANDSHAKE_LIMIT, posted).await;
    let answered = answered.map_err(|_| failed("Subscription validation request timed out.".to_owned()))?;
    let answer = answered.map_err(|_| {
        let words = "Subscription validation request failed. Must respond with 200 OK to this request.";
        failed(words.to_owned())
    })?;
    if answer.status != 200 {
        let words = format!(
            "Subscription validation request failed. HTTP status code is '{}'. Notification endpoint must respond with 200 OK to validation \
             request.",
            answer.status
        );
        return Err(failed(words));
    }
    let is_text = answer.content_type.to_lowercase().starts_with("text/plain");
    if !is_text || answer.body != token {
        let words = "Subscription validation request failed. Response must exactly match validationToken query parameter.";
        return Err(failed(words.to_owned()));
    }
    Ok(())
}

//! How many webhooks are answered at once. Notices give way to people: what only tells is refused when there are many, and
//! told again by the carrier, as our addresses ask it to; where somebody listens, he waits for his answer instead.
//!
//! All together are bounded by the connections of the listener. It must not know what a webhook says.

use super::address::Place;
use super::verified::{MAX_BODY, PATIENCE, Refused};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::RETRY_AFTER;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// How many notices are taken in at once: half of the connections, so that there is always room for people.
pub(super) const MOST_NOTICES: usize = 256;
/// When a notice may come again, in seconds.
const AGAIN_AFTER: &str = "1";

/// Lets so many notices in at once.
pub(super) fn bounded(places: Router, most_notices: usize) -> Router {
    places.layer(from_fn_with_state(Arc::new(Semaphore::new(most_notices)), pass))
}

async fn pass(State(notices): State<Arc<Semaphore>>, request: Request, next: Next) -> Response {
    if !is_notice(request.uri().path()) {
        return next.run(request).await;
    }
    let request = match arrived(request).await {
        Ok(request) => request,
        Err(refused) => return refused.into_response(),
    };
    let Ok(_room) = notices.try_acquire() else {
        metrics::counter!("rotaline_webhooks_refused_total", "why" => "crowd").increment(1);
        return (StatusCode::SERVICE_UNAVAILABLE, [(RETRY_AFTER, AGAIN_AFTER)]).into_response();
    };
    next.run(request).await
}

/// The request with its whole body: whoever does not come to the end of what he says takes nobody's place meanwhile.
async fn arrived(request: Request) -> Result<Request, Refused> {
    let (head, body) = request.into_parts();
    let arriving = tokio::time::timeout(PATIENCE, to_bytes(body, MAX_BODY));
    let body = arriving.await.map_err(|_| Refused::Slow)?.map_err(|_| Refused::TooLong)?;
    Ok(Request::from_parts(head, Body::from(body)))
}

/// Whether nobody hears the answer.
fn is_notice(path: &str) -> bool {
    match path.parse::<Place>() {
        Ok(Place::Leg(_, _, callback)) => callback.is_notice(),
        Ok(Place::LineStatus | Place::Conference(_) | Place::Talk(..)) => true,
        Ok(
            Place::Voice
            | Place::Menu(_)
            | Place::Text
            | Place::HoldMusic
            | Place::Fallback(_)
            | Place::FallbackWhisper
            | Place::FallbackKey
            | Place::Through(_),
        )
        | Err(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use axum::routing::any;
    use tokio::sync::Notify;
    use tower::ServiceExt as _;

    const CALL: &str = "/twilio/call/0196f1a2-0000-7000-8000-000000000000";

    #[tokio::test]
    async fn notices_give_way_to_people_and_come_again() {
        let done = Arc::new(Notify::new());
        let until = Arc::clone(&done);
        let slow = any(move || {
            let until = Arc::clone(&until);
            async move { until.notified().await }
        });
        let places = bounded(Router::new().fallback_service(slow), 2);
        let ask = |path: String| {
            let asked = Request::post(path).body(Body::empty()).unwrap();
            tokio::spawn(places.clone().oneshot(asked))
        };
        let taken: Vec<_> = ["/2/status", "/conference"]
            .into_iter()
            .map(|place| ask(format!("{CALL}{place}")))
            .collect();
        // Those two are inside before the third one comes.
        tokio::task::yield_now().await;
        for place in ["/conference", "/3/machine", "/talk/1"] {
            let refused = ask(format!("{CALL}{place}")).await.unwrap().unwrap();
            assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE, "{place}");
            assert_eq!(refused.headers()[RETRY_AFTER], "1");
        }
        let people: Vec<_> = ["/twilio/voice".to_owned(), format!("{CALL}/2/key"), format!("{CALL}/0/wait")]
            .into_iter()
            .map(ask)
            .collect();
        tokio::task::yield_now().await;
        for asked in taken.into_iter().chain(people) {
            assert!(!asked.is_finished());
            done.notify_one();
            assert_eq!(asked.await.unwrap().unwrap().status(), StatusCode::OK);
        }
        let again = ask(format!("{CALL}/conference"));
        done.notify_one();
        assert_eq!(again.await.unwrap().unwrap().status(), StatusCode::OK, "there is room again");
    }

    /// Nobody has proved who he is as long as his body has not come.
    #[tokio::test(start_paused = true)]
    async fn bodies_that_never_end_take_no_notices_place() {
        let places = bounded(Router::new().fallback_service(any(async || "taken in")), 2);
        let ask = |body: Body| {
            let asked = Request::post(format!("{CALL}/conference")).body(body).unwrap();
            tokio::spawn(places.clone().oneshot(asked))
        };
        let endless = || Body::from_stream(futures_util::stream::pending::<Result<Vec<u8>, std::io::Error>>());
        let slow: Vec<_> = (0..20).map(|_| ask(endless())).collect();
        tokio::task::yield_now().await;
        let genuine = ask(Body::from("StatusCallbackEvent=conference-end"));
        assert_eq!(genuine.await.unwrap().unwrap().status(), StatusCode::OK);
        for asked in slow {
            assert_eq!(asked.await.unwrap().unwrap().status(), StatusCode::REQUEST_TIMEOUT);
        }
        let long = ask(Body::from(vec![b'x'; MAX_BODY + 1]));
        assert_eq!(long.await.unwrap().unwrap().status(), StatusCode::PAYLOAD_TOO_LARGE);
    }
}

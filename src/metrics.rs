//! Numbers for Prometheus: their names, the recorder, and `GET /metrics` for the admin listener.
//! It must not know what is measured; the rooms set their own numbers by the names that stand here.

use axum::Router;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;
use futures_util::future::BoxFuture;
use metrics::{Unit, describe_counter, describe_gauge, describe_histogram};
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};
use std::sync::Arc;

/// The names of the numbers.
pub mod names {
    /// Seconds since the current version of a rota was read, by `hotline`.
    pub const ROTA_AGE: &str = "rotaline_rota_age_seconds";
    /// Seconds since the source last said that this is its newest version, by `hotline`.
    pub const ROTA_CHECKED_AGE: &str = "rotaline_rota_checked_age_seconds";
    /// Pulls of a rota, by `hotline` and `result`.
    pub const ROTA_PULLS: &str = "rotaline_rota_pulls_total";
    /// 1 while the newest version of a rota is not in use, by `hotline` and `why`.
    pub const ROTA_TROUBLE: &str = "rotaline_rota_trouble";
    /// Since when that is so, in seconds since 1970, by `hotline`; 0 while it is not.
    pub const ROTA_TROUBLE_SINCE: &str = "rotaline_rota_trouble_since_timestamp_seconds";
    /// 1 while calls ring by the rota's fallback, by `hotline`.
    pub const ROTA_FALLBACK: &str = "rotaline_rota_fallback";
    /// 1 while the source has promised to knock when the rota changes, by `hotline`.
    pub const ROTA_WATCHED: &str = "rotaline_rota_watched";
    /// Words from outside that a rota may have changed, by `hotline`, `door` and `result`.
    pub const NUDGES: &str = "rotaline_nudges_total";
    /// Messages to the operator, by `way` and `result`.
    pub const NOTICES: &str = "rotaline_notices_total";
    /// How many levels are on call now, by `hotline`; 0 when nobody is.
    pub const ON_CALL_LEVELS: &str = "rotaline_on_call_levels";
    /// Findings in the sheet, by `hotline` and `severity`.
    pub const ROTA_FINDINGS: &str = "rotaline_rota_findings";
    /// 1 while the store answers.
    pub const STORE_UP: &str = "rotaline_store_up";
    /// Faults of ours: panics, of whatever part.
    pub const PANICS: &str = "rotaline_panics_total";
    /// Calls that came in, by `hotline`.
    pub const CALLS: &str = "rotaline_calls_total";
    /// Texts that came in, by `hotline`.
    pub const TEXTS: &str = "rotaline_texts_total";
    /// Calls that are over, by `outcome`.
    pub const CALL_OUTCOMES: &str = "rotaline_call_outcomes_total";
    /// How long callers waited until somebody had accepted.
    pub const ANSWER_SECONDS: &str = "rotaline_answer_seconds";
    /// Orders to the carrier that came to an end, by `verb` and `result`.
    pub const CARRIER_REQUESTS: &str = "rotaline_carrier_requests_total";
    /// Orders that are still to be carried out.
    pub const OUTBOX_PENDING: &str = "rotaline_outbox_pending";
    /// Events that were handled anew because somebody else had written the call meanwhile.
    pub const EVENT_CONFLICTS: &str = "rotaline_event_conflicts_total";
    /// Orders to dial or to text that were not given, by `hotline` and `why`: `stranger`, `out_of_reach`, `spent`.
    pub const FORBIDDEN: &str = "rotaline_orders_forbidden_total";
    /// Webhooks that were turned away, by `why`.
    pub const WEBHOOKS_REFUSED: &str = "rotaline_webhooks_refused_total";
    /// Requests to page and interfaces that were turned away, by `why`.
    pub const REQUESTS_REFUSED: &str = "rotaline_requests_refused_total";
    /// Connections that we have ended before their time, by `why`.
    pub const CONNECTIONS_CLOSED: &str = "rotaline_connections_closed_total";
    /// Seconds until our own certificate ends.
    pub const CERTIFICATE_LEFT: &str = "rotaline_certificate_left_seconds";
    /// Times that a line heard an apology for a fault of ours.
    pub const APOLOGIES: &str = "rotaline_apologies_total";
}

/// Upper bounds of the buckets of [`names::ANSWER_SECONDS`]: a phone rings 20 s, a caller waits five minutes at most.
const ANSWER_BUCKETS: [f64; 9] = [5.0, 10.0, 20.0, 30.0, 45.0, 60.0, 90.0, 150.0, 300.0];

/// Brings the gauges up to date before they are read out.
pub type Refresh = Arc<dyn Fn() -> BoxFuture<'static, ()> + Send + Sync>;

/// Installs the recorder of the whole program; once per process.
///
/// # Errors
/// Where a recorder is installed already.
pub fn install() -> Result<PrometheusHandle, BuildError> {
    let handle = builder()?.install_recorder()?;
    describe();
    Ok(handle)
}

/// Buckets can be added up over replicas; the exporter's own summaries cannot.
fn builder() -> Result<PrometheusBuilder, BuildError> {
    PrometheusBuilder::new().set_buckets_for_metric(Matcher::Full(names::ANSWER_SECONDS.to_owned()), &ANSWER_BUCKETS)
}

/// Says what each number means, for the `# HELP` lines.
fn describe() {
    describe_gauge!(names::ROTA_AGE, Unit::Seconds, "Seconds since this version of the rota was read.");
    describe_gauge!(
        names::ROTA_CHECKED_AGE,
        Unit::Seconds,
        "Seconds since the source said that this is its newest version."
    );
    describe_counter!(names::ROTA_PULLS, "Pulls of a rota, by result.");
    describe_gauge!(names::ROTA_TROUBLE, "1 while the newest version of the rota is not in use.");
    describe_gauge!(
        names::ROTA_TROUBLE_SINCE,
        Unit::Seconds,
        "Unix time since which the newest version of the rota is not in use; 0 while it is."
    );
    describe_gauge!(names::ROTA_FALLBACK, "1 while calls ring by the rota's fallback.");
    describe_gauge!(
        names::ROTA_WATCHED,
        "1 while the source has promised to knock when the rota changes."
    );
    describe_counter!(names::NUDGES, "Words from outside that a rota may have changed, by result.");
    describe_counter!(names::NOTICES, "Messages to the operator, by way and result.");
    describe_gauge!(names::ON_CALL_LEVELS, "Levels on call now; 0 when nobody is.");
    describe_gauge!(names::ROTA_FINDINGS, "Findings in the sheet by severity.");
    describe_gauge!(names::STORE_UP, "1 while the store answers.");
    describe_gauge!(names::OUTBOX_PENDING, "Orders that are still to be carried out.");
    describe_histogram!(
        names::ANSWER_SECONDS,
        Unit::Seconds,
        "How long callers waited until somebody had accepted."
    );
    describe_counter!(
        names::PANICS,
        "Faults of the program itself, each of which broke one request or one task."
    );
    describe_counter!(names::CALLS, "Calls that came in.");
    describe_counter!(names::TEXTS, "Texts that came in.");
    describe_counter!(names::CALL_OUTCOMES, "Calls that are over, by outcome.");
    describe_counter!(
        names::CARRIER_REQUESTS,
        "Orders to the carrier that came to an end, by verb and result."
    );
    describe_counter!(
        names::EVENT_CONFLICTS,
        "Events handled anew because the call had been written meanwhile."
    );
    describe_counter!(names::WEBHOOKS_REFUSED, "Webhooks that were turned away.");
    describe_counter!(names::REQUESTS_REFUSED, "Requests to page and interfaces that were turned away.");
    describe_counter!(names::CONNECTIONS_CLOSED, "Connections that we have ended before their time.");
    describe_gauge!(names::CERTIFICATE_LEFT, Unit::Seconds, "Seconds until our own certificate ends.");
    describe_counter!(names::APOLOGIES, "Times that a line heard an apology for a fault of ours.");
}

/// `GET /metrics`, for the admin listener.
pub fn router(handle: PrometheusHandle, refresh: Refresh) -> Router {
    Router::new().route("/metrics", get(scrape)).with_state((handle, refresh))
}

async fn scrape(State((handle, refresh)): State<(PrometheusHandle, Refresh)>) -> impl IntoResponse {
    refresh().await;
    // Distributions are drained here, as there is no listener of the exporter's own that would do it.
    handle.run_upkeep();
    (
        [(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")],
        handle.render(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use axum::http::{Request, StatusCode};
    use tower::ServiceExt;

    #[test]
    fn a_scrape_refreshes_first_and_explains_each_number() {
        let recorder = builder().unwrap().build_recorder();
        let refresh: Refresh = Arc::new(|| {
            metrics::gauge!(names::ON_CALL_LEVELS, "hotline" => "lab").set(3.0);
            Box::pin(std::future::ready(()))
        });
        let router = router(recorder.handle(), refresh);
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let text = metrics::with_local_recorder(&recorder, || {
            describe();
            metrics::histogram!(names::ANSWER_SECONDS).record(25.0);
            runtime.block_on(async {
                let request = Request::get("/metrics").body(Body::empty()).unwrap();
                let response = router.oneshot(request).await.unwrap();
                assert_eq!(response.status(), StatusCode::OK);
                assert!(response.headers()["content-type"].to_str().unwrap().starts_with("text/plain"));
                let body = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
                String::from_utf8(body.to_vec()).unwrap()
            })
        });
        assert!(
            text.contains("# HELP rotaline_on_call_levels Levels on call now; 0 when nobody is."),
            "{text}"
        );
        // 25 s fall between the bounds 20 and 30; buckets add up.
        for bucket in ["{le=\"20\"} 0", "{le=\"30\"} 1", "{le=\"300\"} 1"] {
            assert!(
                text.contains(&format!("rotaline_answer_seconds_bucket{bucket}")),
                "{bucket}\n{text}"
            );
        }
        assert!(text.contains("rotaline_on_call_levels{hotline=\"lab\"} 3"), "{text}");
    }
}

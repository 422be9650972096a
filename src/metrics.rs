//! Numbers for Prometheus: their names, the recorder, and `GET /metrics` for the admin listener.
//! It must not know what is measured; the rooms set their own numbers by the names that stand here.

use axum::Router;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;
use futures_util::future::BoxFuture;
use metrics::{Unit, describe_gauge};
use metrics_exporter_prometheus::{BuildError, PrometheusBuilder, PrometheusHandle};
use std::sync::Arc;

/// The names of the numbers.
pub mod names {
    /// Seconds since the current version of a rota was read, by `hotline`.
    pub const ROTA_AGE: &str = "rotaline_rota_age_seconds";
    /// Seconds since the source last said that this is its newest version, by `hotline`.
    pub const ROTA_CHECKED_AGE: &str = "rotaline_rota_checked_age_seconds";
    /// How many levels are on call now, by `hotline`; 0 when nobody is.
    pub const ON_CALL_LEVELS: &str = "rotaline_on_call_levels";
    /// Findings in the sheet, by `hotline` and `severity`.
    pub const ROTA_FINDINGS: &str = "rotaline_rota_findings";
    /// 1 while the store answers.
    pub const STORE_UP: &str = "rotaline_store_up";
}

/// Brings the gauges up to date before they are read out.
pub type Refresh = Arc<dyn Fn() -> BoxFuture<'static, ()> + Send + Sync>;

/// Installs the recorder of the whole program; once per process.
///
/// # Errors
/// Where a recorder is installed already.
pub fn install() -> Result<PrometheusHandle, BuildError> {
    let handle = PrometheusBuilder::new().install_recorder()?;
    describe();
    Ok(handle)
}

/// Says what each number means, for the `# HELP` lines.
fn describe() {
    describe_gauge!(names::ROTA_AGE, Unit::Seconds, "Seconds since this version of the rota was read.");
    describe_gauge!(
        names::ROTA_CHECKED_AGE,
        Unit::Seconds,
        "Seconds since the source said that this is its newest version."
    );
    describe_gauge!(names::ON_CALL_LEVELS, "Levels on call now; 0 when nobody is.");
    describe_gauge!(names::ROTA_FINDINGS, "Findings in the sheet by severity.");
    describe_gauge!(names::STORE_UP, "1 while the store answers.");
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
        let recorder = PrometheusBuilder::new().build_recorder();
        let refresh: Refresh = Arc::new(|| {
            metrics::gauge!(names::ON_CALL_LEVELS, "hotline" => "lab").set(3.0);
            Box::pin(std::future::ready(()))
        });
        let router = router(recorder.handle(), refresh);
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let text = metrics::with_local_recorder(&recorder, || {
            describe();
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
        assert!(text.contains("rotaline_on_call_levels{hotline=\"lab\"} 3"), "{text}");
    }
}

//! What the rotas look like as numbers, set anew at every scrape.

use super::WebState;
use super::board::Board;
use crate::access::Hotlines;
use crate::metrics::names;
use crate::roster::OnCall;
use metrics::gauge;

/// Sets the gauges of all hotlines. A store that does not answer leaves them, and `rotaline_store_up` says 0.
pub async fn measure(web: &WebState) {
    match web.boards(&Hotlines::All).await {
        Ok(boards) => {
            gauge!(names::STORE_UP).set(1.0);
            boards.iter().for_each(measure_one);
        }
        Err(error) => {
            tracing::error!(%error, "the store failed a scrape");
            gauge!(names::STORE_UP).set(0.0);
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts and ages far below 2^52")]
fn measure_one(board: &Board) {
    let hotline = board.hotline.name.to_string();
    let Some(rota) = &board.rota else {
        gauge!(names::ON_CALL_LEVELS, "hotline" => hotline).set(0.0);
        return;
    };
    let age = (board.now - rota.read_at).num_seconds();
    let checked_age = (board.now - rota.checked_at).num_seconds();
    let levels = match rota.roster.on_call(board.now) {
        OnCall::Duty(duty) => duty.levels.len(),
        OnCall::Gap { .. } => 0,
    };
    gauge!(names::ROTA_AGE, "hotline" => hotline.clone()).set(age as f64);
    gauge!(names::ROTA_CHECKED_AGE, "hotline" => hotline.clone()).set(checked_age as f64);
    gauge!(names::ON_CALL_LEVELS, "hotline" => hotline.clone()).set(levels as f64);
    let findings = board.findings();
    for (severity, count) in [("stop", findings.stop), ("warn", findings.warn), ("note", findings.note)] {
        gauge!(names::ROTA_FINDINGS, "hotline" => hotline.clone(), "severity" => severity).set(count as f64);
    }
}

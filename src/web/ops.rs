//! The operations listener: `/healthz`, `/readyz` with reasons, `/metrics`. Never reachable through the public one.

use crate::app::App;
use crate::matching::MeaningState;
use crate::search::Follower;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use metrics_exporter_prometheus::PrometheusHandle;
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// What the operations pages need beside the program itself.
#[derive(Clone)]
pub struct Ops {
    app: App,
    metrics: PrometheusHandle,
    draining: Arc<AtomicBool>,
}

impl Ops {
    /// `draining` turns `/readyz` off before the listeners close.
    pub fn new(app: App, metrics: PrometheusHandle, draining: Arc<AtomicBool>) -> Self {
        Self { app, metrics, draining }
    }
}

/// The three pages.
pub fn router(ops: Ops) -> Router {
    Router::new()
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
        .with_state(ops)
}

async fn ready(State(ops): State<Ops>) -> Response {
    let mut checks = serde_json::Map::new();
    checks.insert("database".to_owned(), verdict(database(&ops.app).await));
    checks.insert("storage".to_owned(), verdict(ops.app.store.reachable().await));
    checks.insert("disk".to_owned(), verdict(ops.app.uploads.has_room()));
    checks.insert("index".to_owned(), index(&ops.app).await);
    checks.insert("sentence_model".to_owned(), sentence_model(&ops.app));
    if ops.draining.load(Ordering::SeqCst) {
        checks.insert("draining".to_owned(), json!({ "ok": false, "reason": "the server is shutting down" }));
    }
    let ready = checks.values().all(|check| check["ok"] != json!(false));
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(json!({ "ready": ready, "checks": checks }))).into_response()
}

fn verdict(outcome: anyhow::Result<()>) -> Value {
    match outcome {
        Ok(()) => json!({ "ok": true }),
        Err(why) => json!({ "ok": false, "reason": format!("{why:#}") }),
    }
}

async fn database(app: &App) -> anyhow::Result<()> {
    let mut read = app.db.read().await?;
    crate::db::feed::newest(&mut read).await?;
    Ok(())
}

/// A lagging index degrades search; it does not take the server out of service.
async fn index(app: &App) -> Value {
    let follower = Follower::new(app.db.clone(), app.search.clone());
    match follower.lag().await {
        Ok(lag) => {
            json!({ "ok": true, "lag": lag, "clips": app.search.clip_count(), "position": app.search.last_seq() })
        }
        Err(why) => json!({ "ok": false, "reason": format!("{why:#}") }),
    }
}

/// Without a sentence model the matcher goes on with words: said here, and no reason to take the server out of service.
fn sentence_model(app: &App) -> Value {
    match app.meanings.state() {
        MeaningState::Ready { model, answers } => json!({ "ok": true, "model": model, "answers": answers }),
        MeaningState::Waiting => json!({ "ok": true, "absent": "the sentence model is being loaded" }),
        MeaningState::Off => json!({ "ok": true, "absent": "the sentence model is turned off" }),
        MeaningState::Unavailable { reason } => json!({ "ok": true, "absent": reason }),
    }
}

async fn metrics(State(ops): State<Ops>) -> Response {
    if let Ok(mut read) = ops.app.db.read().await
        && let Ok(counts) = crate::jobs::count_by_state(&mut read).await
    {
        for (queue, state, count) in counts {
            metrics::gauge!("ishara_jobs", "queue" => queue, "state" => state).set(count as f64);
        }
    }
    ops.metrics.render().into_response()
}

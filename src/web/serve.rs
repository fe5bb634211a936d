//! Listening and ending: SIGTERM drains within 25 s.

use super::ops::{self, Ops};
use crate::app::App;
use anyhow::Context as _;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tracing::info;

/// Bound sockets; bound before anything starts, so that a taken port is a clear error.
pub struct Listeners {
    /// Pages and API.
    pub web: Option<TcpListener>,
    /// Health, readiness, metrics.
    pub ops: TcpListener,
}

impl Listeners {
    /// Binds the configured addresses; a worker has no web listener.
    pub async fn bind(app: &App, with_web: bool) -> anyhow::Result<Self> {
        let listen = async |name: &str, address: SocketAddr| {
            TcpListener::bind(address).await.with_context(|| format!("{name}: cannot listen on {address}"))
        };
        let web = if with_web { Some(listen("ISHARA_LISTEN", app.config.listen).await?) } else { None };
        Ok(Self { web, ops: listen("ISHARA_OPS_LISTEN", app.config.ops_listen).await? })
    }
}

/// Serves until `stop`, then lets open requests finish.
pub async fn serve(app: App, listeners: Listeners, stop: CancellationToken) -> anyhow::Result<()> {
    let draining = Arc::new(AtomicBool::new(false));
    let metrics = PrometheusBuilder::new().install_recorder().context("starting the metrics recorder")?;
    let upkeep = tokio::spawn(tidy_metrics(metrics.clone(), stop.clone()));
    let ops = ops::router(Ops::new(app.clone(), metrics, draining.clone()));
    // The operations pages outlive the public ones: they say that the server is draining.
    let ops_task = tokio::spawn(async move { axum::serve(listeners.ops, ops).await });
    if let Some(web) = listeners.web {
        info!(address = %web.local_addr()?, "serving");
        let uploads = app.uploads.clone();
        uploads.start_sweeping();
        let service = super::router(app).into_make_service_with_connect_info::<SocketAddr>();
        let stopped = stop.clone();
        let graceful = axum::serve(web, service).with_graceful_shutdown(async move {
            stopped.cancelled().await;
            draining.store(true, Ordering::SeqCst);
            // A slow upload must not hold the shutdown up; its sender goes on after the restart.
            uploads.drain().await;
        });
        graceful.await.context("serving")?;
    } else {
        stop.cancelled().await;
    }
    ops_task.abort();
    upkeep.await.context("tidying the metrics")
}

/// Measurements are folded together from time to time; otherwise each one would be kept until somebody asks.
async fn tidy_metrics(metrics: PrometheusHandle, stop: CancellationToken) {
    let mut tick = tokio::time::interval(Duration::from_secs(5));
    while stop.run_until_cancelled(tick.tick()).await.is_some() {
        metrics.run_upkeep();
    }
}

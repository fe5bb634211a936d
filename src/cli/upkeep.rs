//! What a running server tidies by itself: ended sessions, old feed entries, old idempotency records.

use crate::app::App;
use crate::db::{feed, query};
use crate::people;
use crate::store::Sweep;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

/// How often.
const EVERY: Duration = Duration::from_secs(15 * 60);
/// A follower that was away for longer rebuilds its index.
const FEED_KEPT: Duration = Duration::from_secs(30 * 24 * 60 * 60);
/// The same key gives the same answer for at least 24 hours.
const ANSWERS_KEPT: Duration = Duration::from_secs(48 * 60 * 60);
/// Done jobs stay visible for this long.
const JOBS_KEPT: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// Tidies now and regularly until `stop`.
pub(super) async fn run(app: App, stop: CancellationToken) {
    let mut sweep = Sweep::default();
    while !stop.is_cancelled() {
        match sweep.run(&app.db, &app.store).await {
            Ok(0) => {}
            Ok(deleted) => info!(deleted, "took away files that no row names"),
            Err(why) => warn!(error = %format!("{why:#}"), "could not look for files that no row names"),
        }
        if let Err(why) = tidy(&app).await {
            warn!(error = %format!("{why:#}"), "the upkeep failed and will be tried again");
        }
        tokio::select! { () = tokio::time::sleep(EVERY) => {} () = stop.cancelled() => {} }
    }
}

async fn tidy(app: &App) -> anyhow::Result<()> {
    let mut tx = app.db.begin().await?;
    let now = tx.now();
    people::sweep(&mut tx).await?;
    query("DELETE FROM idempotency WHERE created_at < $1").bind(now - ANSWERS_KEPT).execute(&mut tx).await?;
    query("DELETE FROM job WHERE state IN ('succeeded', 'cancelled') AND finished_at < $1")
        .bind(now - JOBS_KEPT)
        .execute(&mut tx)
        .await?;
    tx.commit().await?;
    feed::trim(&app.db, now - FEED_KEPT).await?;
    Ok(())
}

//! Jobs that look after all questions every so often: each run queues the next.

use crate::app::App;
use crate::db::Tx;
use crate::jobs::{self, Job, JobError, Run};
use std::time::Duration;

/// Makes sure that a job is queued; called when the workers start.
pub(super) async fn schedule<J: Job<App>>(app: &App, job: &J) -> anyhow::Result<()> {
    let mut tx = app.db.begin().await?;
    jobs::enqueue::<App, _>(&mut tx, job).await?;
    tx.commit().await?;
    Ok(())
}

/// Ends a run and queues the next in one transaction.
pub(super) async fn complete<J: Job<App>>(
    app: &App,
    run: &Run,
    job: &J,
    every: Duration,
) -> Result<(), JobError> {
    let mut tx = app.db.begin().await?;
    run.complete(&mut tx).await?;
    queue_next(&mut tx, job, every).await?;
    tx.commit().await?;
    Ok(())
}

/// Queues the next run of a job that was given up.
pub(super) async fn resume<J: Job<App>>(app: &App, job: &J, every: Duration) -> anyhow::Result<()> {
    let mut tx = app.db.begin().await?;
    queue_next(&mut tx, job, every).await?;
    tx.commit().await?;
    Ok(())
}

async fn queue_next<J: Job<App>>(tx: &mut Tx, job: &J, every: Duration) -> anyhow::Result<()> {
    let next = tx.now() + every;
    jobs::enqueue_at::<App, _>(tx, job, next).await?;
    Ok(())
}

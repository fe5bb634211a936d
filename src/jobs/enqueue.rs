//! Putting work into the queue, in the transaction of the fact that needs it.

use super::{Job, JobState};
use crate::clock::Millis;
use crate::db::{Tx, query};
use crate::ids::JobId;

/// Enqueues `job` to run as soon as a worker is free. Returns its id, or `None` when a job with the same dedupe key
/// is already waiting or running.
pub async fn enqueue<C, J: Job<C>>(tx: &mut Tx, job: &J) -> anyhow::Result<Option<JobId>> {
    let now = tx.now();
    enqueue_at::<C, J>(tx, job, now).await
}

/// Enqueues `job` to run at `run_after` or later.
pub async fn enqueue_at<C, J: Job<C>>(
    tx: &mut Tx,
    job: &J,
    run_after: Millis,
) -> anyhow::Result<Option<JobId>> {
    let now = tx.now();
    let id = JobId::new(now);
    let added = query(
        "INSERT INTO job (id, kind, queue, payload, subject_id, priority, state, attempt, max_attempts, crashes,
                          run_after, fence, progress, dedupe_key, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $8, 0, $9, 0, 0, $10, $11)
         ON CONFLICT DO NOTHING",
    )
    .bind(id)
    .bind(J::KIND)
    .bind(J::QUEUE.as_str())
    .bind(serde_json::to_string(job)?)
    .bind(job.subject())
    .bind(J::PRIORITY)
    .bind(JobState::Queued.as_str())
    .bind(J::MAX_ATTEMPTS)
    .bind(run_after)
    .bind(job.dedupe_key())
    .bind(now)
    .execute(tx)
    .await?;
    tx.wake_workers();
    Ok((added == 1).then_some(id))
}

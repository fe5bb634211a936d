//! Putting work into the queue, in the transaction of the fact that needs it.

use super::{Job, JobState, Share};
use crate::clock::Millis;
use crate::db::{Tx, query, query_text};
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
    let share = job.share();
    let priority = match share {
        Some(share) => fair_priority(tx, J::KIND, J::PRIORITY, share).await?,
        None => J::PRIORITY,
    };
    let added = query(
        "INSERT INTO job (id, kind, queue, payload, subject_id, priority, state, attempt, max_attempts, crashes,
                          run_after, fence, progress, dedupe_key, created_at, owner_id, cost)
         VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $8, 0, $9, 0, 0, $10, $11, $12, $13)
         ON CONFLICT DO NOTHING",
    )
    .bind(id)
    .bind(J::KIND)
    .bind(J::QUEUE.as_str())
    .bind(serde_json::to_string(job)?)
    .bind(job.subject())
    .bind(priority)
    .bind(JobState::Queued.as_str())
    .bind(J::MAX_ATTEMPTS)
    .bind(run_after)
    .bind(job.dedupe_key())
    .bind(now)
    .bind(share.map(|share| share.owner))
    .bind(share.map_or(1, |share| share.cost.max(1)))
    .execute(tx)
    .await?;
    tx.wake_workers();
    Ok((added == 1).then_some(id))
}

/// Start-time fair queueing: a job stands behind the earlier work of its own owner, never behind the whole backlog of
/// another. It begins no earlier than what is being served now, so that nobody saves up time while idle.
async fn fair_priority(tx: &mut Tx, kind: &'static str, base: i64, share: Share) -> sqlx::Result<i64> {
    let unfinished = "kind = $1 AND state IN ('queued', 'retry_at', 'running')";
    let served = query_text(format!("SELECT MIN(priority) FROM job WHERE {unfinished}"));
    let served: Option<i64> = served.bind(kind).value(tx).await?;
    let own =
        query_text(format!("SELECT MAX(priority + cost) FROM job WHERE {unfinished} AND owner_id = $2"));
    let own: Option<i64> = own.bind(kind).bind(share.owner).value(tx).await?;
    Ok(base.max(served.unwrap_or(base)).max(own.unwrap_or(base)))
}

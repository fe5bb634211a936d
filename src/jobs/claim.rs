//! Claiming a job: one short transaction that counts the attempt, takes the lease and raises the fencing token.

use super::Queue;
use crate::db::{Db, query, query_text};
use crate::ids::{JobId, WorkerId};
use std::time::Duration;

/// A worker that has not written its heartbeat for this long has lost the job.
pub(super) const LEASE: Duration = Duration::from_secs(30);
/// How often a running job renews its lease.
pub(super) const HEARTBEAT: Duration = Duration::from_secs(10);

/// A job in the hands of a worker.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(super) struct Claimed {
    pub id: JobId,
    pub kind: String,
    pub queue: String,
    pub payload: String,
    pub attempt: i64,
    pub max_attempts: i64,
    pub crashes: i64,
    /// How often a worker ended while it ran the job.
    pub deaths: i64,
    pub fence: i64,
}

/// Takes the next job of `queue`: first by priority, then by age. A running job whose lease ran out is taken over.
pub(super) async fn claim_next(db: &Db, queue: Queue, worker: WorkerId) -> sqlx::Result<Option<Claimed>> {
    let mut tx = db.begin().await?;
    let now = tx.now();
    let sql = format!(
        "UPDATE job SET state = 'running', attempt = attempt + 1, fence = fence + 1, lease_owner = $1,
                        lease_until = $2, heartbeat_at = $3, started_at = $3, progress = 0, error = NULL,
                        deaths = deaths + CASE WHEN state = 'running' THEN 1 ELSE 0 END
         WHERE id = (SELECT id FROM job
                     WHERE queue = $4 AND ((state IN ('queued', 'retry_at') AND run_after <= $3)
                                           OR (state = 'running' AND lease_until < $3))
                     ORDER BY priority, run_after, id LIMIT 1 {})
         RETURNING id, kind, queue, payload, attempt, max_attempts, crashes, deaths, fence",
        tx.skip_locked()
    );
    let claimed = query_text(sql)
        .bind(worker)
        .bind(now + LEASE)
        .bind(now)
        .bind(queue.as_str())
        .optional(&mut tx)
        .await?;
    tx.commit().await?;
    Ok(claimed)
}

/// Gives back what an earlier start of this program left running. Only for a database that no other process works
/// on: there, a lease of another worker is a lease of a dead one.
pub(super) async fn reap_orphans(db: &Db, worker: WorkerId) -> sqlx::Result<u64> {
    let mut tx = db.begin().await?;
    let now = tx.now();
    let freed = query(
        "UPDATE job SET state = 'queued', lease_owner = NULL, lease_until = NULL, run_after = $1, deaths = deaths + 1
         WHERE state = 'running' AND lease_owner <> $2",
    )
    .bind(now)
    .bind(worker)
    .execute(&mut tx)
    .await?;
    tx.wake_workers();
    tx.commit().await?;
    Ok(freed)
}

/// Takes one cancelled job of `queue` whose feature has not been told yet: its id, kind and payload.
pub(super) async fn take_burial(db: &Db, queue: Queue) -> sqlx::Result<Option<(JobId, String, String)>> {
    let mut read = db.read().await?;
    let waiting: i64 = query("SELECT COUNT(*) FROM job WHERE burial = 1 AND queue = $1")
        .bind(queue.as_str())
        .value(&mut read)
        .await?;
    drop(read);
    if waiting == 0 {
        return Ok(None);
    }
    let mut tx = db.begin().await?;
    let sql = format!(
        "UPDATE job SET burial = 0
         WHERE id = (SELECT id FROM job WHERE burial = 1 AND state = 'cancelled' AND queue = $1
                     ORDER BY finished_at, id LIMIT 1 {})
         RETURNING id, kind, payload",
        tx.skip_locked()
    );
    let taken = query_text(sql).bind(queue.as_str()).optional(&mut tx).await?;
    tx.commit().await?;
    Ok(taken)
}

/// Puts a burial back behind the others, to be tried again.
pub(super) async fn put_burial_back(db: &Db, id: JobId) -> sqlx::Result<()> {
    let mut tx = db.begin().await?;
    let now = tx.now();
    query("UPDATE job SET burial = 1, finished_at = $1 WHERE id = $2 AND state = 'cancelled'")
        .bind(now)
        .bind(id)
        .execute(&mut tx)
        .await?;
    tx.commit().await
}

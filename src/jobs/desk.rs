//! What people see of the queue and do with it: list, retry, cancel, discard.

use super::JobState;
use crate::clock::Millis;
use crate::db::{Conn, Tx, query, query_text};
use crate::ids::JobId;
use crate::refusal::{Refusal, RefusalKind, refuse};

/// A job as people see it.
#[derive(Debug, Clone, sqlx::FromRow, serde::Serialize, utoipa::ToSchema)]
pub struct JobRow {
    /// Which job.
    pub id: JobId,
    /// What it does, for example `transcode`.
    pub kind: String,
    /// `media` or `default`.
    pub queue: String,
    /// The thing it works on, as a bare UUID.
    pub subject_id: Option<uuid::Uuid>,
    /// One of the words of [`JobState`].
    pub state: String,
    /// Attempts so far.
    pub attempt: i64,
    /// Attempts before it is dead.
    pub max_attempts: i64,
    /// When it may run next.
    pub run_after: Millis,
    /// The worker's last sign of life.
    pub heartbeat_at: Option<Millis>,
    /// Thousandths done.
    pub progress: i64,
    /// Why the last attempt failed.
    pub error: Option<String>,
    /// When it was enqueued.
    pub created_at: Millis,
    /// When the last attempt began.
    pub started_at: Option<Millis>,
    /// When it ended for good.
    pub finished_at: Option<Millis>,
}

const COLUMNS: &str =
    "id, kind, queue, subject_id, state, attempt, max_attempts, run_after, heartbeat_at, progress,
                       error, created_at, started_at, finished_at";

/// At most `limit` jobs, newest first, optionally of one state, starting after the job `after`.
pub async fn list(
    conn: &mut impl Conn,
    state: Option<JobState>,
    after: Option<JobId>,
    limit: i64,
) -> sqlx::Result<Vec<JobRow>> {
    query_text(format!(
        "SELECT {COLUMNS} FROM job
         WHERE ($1 IS NULL OR state = $1) AND ($2 IS NULL OR id < $2) ORDER BY id DESC LIMIT $3"
    ))
    .bind(state.map(JobState::as_str))
    .bind(after)
    .bind(limit)
    .all(conn)
    .await
}

/// One job.
pub async fn find(conn: &mut impl Conn, id: JobId) -> sqlx::Result<Option<JobRow>> {
    query_text(format!("SELECT {COLUMNS} FROM job WHERE id = $1")).bind(id).optional(conn).await
}

/// How many jobs are in each state of each queue, for the metrics and the jobs page.
pub async fn count_by_state(conn: &mut impl Conn) -> sqlx::Result<Vec<(String, String, i64)>> {
    query("SELECT queue, state, COUNT(*) FROM job GROUP BY queue, state ORDER BY queue, state")
        .all(conn)
        .await
}

/// Only dead and cancelled jobs can be tried again; only jobs that are not done can be stopped.
fn wrong_state() -> anyhow::Error {
    let ar = "حالة العمل تغيّرت، ولا يمكن هذا الآن.";
    let en = "The job is no longer in a state that allows this.";
    refuse(Refusal::new(RefusalKind::Conflict, "job.wrong_state", ar, en))
}

/// Queues a dead or cancelled job again with fresh attempts.
pub async fn retry(tx: &mut Tx, id: JobId) -> anyhow::Result<()> {
    let now = tx.now();
    let changed = query(
        "UPDATE job SET state = 'queued', attempt = 0, crashes = 0, deaths = 0, burial = 0, run_after = $1,
                        error = NULL, finished_at = NULL, progress = 0
         WHERE id = $2 AND state IN ('dead', 'cancelled')",
    )
    .bind(now)
    .bind(id)
    .execute(tx)
    .await?;
    tx.wake_workers();
    if changed == 0 { Err(wrong_state()) } else { Ok(()) }
}

/// Stops a job that waits or runs; its worker notices within a second, and what asked for the job hears that it will not
/// be done ([`super::Job::buried`]).
pub async fn cancel(tx: &mut Tx, id: JobId) -> anyhow::Result<()> {
    let now = tx.now();
    let changed = query(
        "UPDATE job SET state = 'cancelled', finished_at = $1, lease_owner = NULL, lease_until = NULL, burial = 1
         WHERE id = $2 AND state IN ('queued', 'running', 'retry_at')",
    )
    .bind(now)
    .bind(id)
    .execute(tx)
    .await?;
    tx.wake_workers();
    if changed == 0 { Err(wrong_state()) } else { Ok(()) }
}

/// Stops every waiting or running job that works on `subject`; says how many. For the feature that asked for them: it knows,
/// so nobody tells it.
pub async fn cancel_for_subject(tx: &mut Tx, subject: impl Into<uuid::Uuid>) -> sqlx::Result<u64> {
    let now = tx.now();
    query(
        "UPDATE job SET state = 'cancelled', finished_at = $1, lease_owner = NULL, lease_until = NULL
         WHERE subject_id = $2 AND state IN ('queued', 'running', 'retry_at')",
    )
    .bind(now)
    .bind(subject.into())
    .execute(tx)
    .await
}

/// Puts a dead job away for good.
pub async fn discard(tx: &mut Tx, id: JobId) -> anyhow::Result<()> {
    let now = tx.now();
    let changed =
        query("UPDATE job SET state = 'cancelled', finished_at = $1 WHERE id = $2 AND state = 'dead'")
            .bind(now)
            .bind(id)
            .execute(tx)
            .await?;
    if changed == 0 { Err(wrong_state()) } else { Ok(()) }
}

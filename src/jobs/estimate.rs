//! When a waiting job will probably begin.

use super::Queue;
use crate::db::{Conn, query};
use crate::ids::JobId;
use uuid::Uuid;

/// Finished jobs that the pace is taken from.
const RECENT: i64 = 20;
/// Milliseconds for a unit of cost while nothing was finished yet.
const USUAL_PACE: i64 = 30_000;

#[derive(sqlx::FromRow)]
struct Waiting {
    id: JobId,
    queue: String,
    priority: i64,
    run_after: i64,
}

/// Milliseconds until the waiting job of `subject` begins, from the work before it and the pace of the last jobs, with so
/// many workers; `None` when it is not waiting.
pub async fn starts_in(
    conn: &mut impl Conn,
    queue: Queue,
    subject: Uuid,
    workers: usize,
) -> sqlx::Result<Option<i64>> {
    let waiting: Option<Waiting> = query(
        "SELECT id, queue, priority, run_after FROM job
         WHERE subject_id = $1 AND queue = $2 AND state IN ('queued', 'retry_at') ORDER BY priority LIMIT 1",
    )
    .bind(subject)
    .bind(queue.as_str())
    .optional(conn)
    .await?;
    let Some(job) = waiting else { return Ok(None) };
    let ahead: i64 = query(
        "SELECT CAST(COALESCE(SUM(cost), 0) AS BIGINT) FROM job
         WHERE queue = $1 AND (state = 'running' OR (state IN ('queued', 'retry_at')
           AND (priority < $2 OR (priority = $2 AND (run_after < $3 OR (run_after = $3 AND id < $4))))))",
    )
    .bind(job.queue)
    .bind(job.priority)
    .bind(job.run_after)
    .bind(job.id)
    .value(conn)
    .await?;
    let workers = i64::try_from(workers.max(1)).unwrap_or(1);
    Ok(Some(ahead.saturating_mul(pace(conn, queue).await?) / workers))
}

/// Milliseconds that a unit of cost took lately.
async fn pace(conn: &mut impl Conn, queue: Queue) -> sqlx::Result<i64> {
    let recent: Vec<(i64, i64, i64)> = query(
        "SELECT started_at, finished_at, cost FROM job
         WHERE queue = $1 AND state = 'succeeded' AND started_at IS NOT NULL AND finished_at IS NOT NULL
         ORDER BY finished_at DESC LIMIT $2",
    )
    .bind(queue.as_str())
    .bind(RECENT)
    .all(conn)
    .await?;
    let (time, cost) = recent
        .iter()
        .fold((0, 0), |(time, cost), (from, to, units)| (time + (to - from).max(0), cost + units));
    Ok(if cost > 0 { time / cost } else { USUAL_PACE })
}

//! When a waiting job will probably begin.

use super::Queue;
use crate::db::{Conn, query};
use crate::ids::JobId;
use uuid::Uuid;

/// Finished jobs of a kind that its pace is taken from.
const RECENT: i64 = 20;
/// Milliseconds for a unit of cost while nothing of a kind was finished yet.
const USUAL_PACE: i64 = 30_000;

#[derive(sqlx::FromRow)]
struct Waiting {
    id: JobId,
    queue: String,
    priority: i64,
    run_after: i64,
}

/// The work of one kind before a job.
#[derive(sqlx::FromRow)]
struct Ahead {
    kind: String,
    jobs: i64,
    /// Thousandths of a unit of cost, without what the running ones have done already.
    remaining: i64,
}

/// Milliseconds until the waiting job of `subject` begins, from the work that is left before it and how fast each kind of
/// work went lately, with so many workers; `None` when it is not waiting.
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
    let ahead = work_before(conn, job).await?;
    let workers = i64::try_from(workers.max(1)).unwrap_or(1);
    if ahead.iter().map(|kind| kind.jobs).sum::<i64>() < workers {
        return Ok(Some(0));
    }
    let mut milliseconds = 0i64;
    for kind in &ahead {
        let work = kind.remaining.saturating_mul(pace(conn, queue, &kind.kind).await?) / 1000;
        milliseconds = milliseconds.saturating_add(work);
    }
    Ok(Some(milliseconds / workers))
}

async fn work_before(conn: &mut impl Conn, job: Waiting) -> sqlx::Result<Vec<Ahead>> {
    query(
        "SELECT kind, COUNT(*) AS jobs,
                CAST(SUM(cost * CASE WHEN state = 'running' THEN 1000 - progress ELSE 1000 END) AS BIGINT) AS remaining
         FROM job
         WHERE queue = $1 AND (state = 'running' OR (state IN ('queued', 'retry_at')
           AND (priority < $2 OR (priority = $2 AND (run_after < $3 OR (run_after = $3 AND id < $4))))))
         GROUP BY kind",
    )
    .bind(job.queue)
    .bind(job.priority)
    .bind(job.run_after)
    .bind(job.id)
    .all(conn)
    .await
}

/// Milliseconds that a unit of cost of a kind took lately. Kinds differ: a copy for channels takes seconds, a clip
/// minutes.
async fn pace(conn: &mut impl Conn, queue: Queue, kind: &str) -> sqlx::Result<i64> {
    let recent: Vec<(i64, i64, i64)> = query(
        "SELECT started_at, finished_at, cost FROM job
         WHERE queue = $1 AND state = 'succeeded' AND kind = $2 AND started_at IS NOT NULL AND finished_at IS NOT NULL
         ORDER BY finished_at DESC LIMIT $3",
    )
    .bind(queue.as_str())
    .bind(kind.to_owned())
    .bind(RECENT)
    .all(conn)
    .await?;
    let (time, cost) = recent
        .iter()
        .fold((0, 0), |(time, cost), (from, to, units)| (time + (to - from).max(0), cost + units));
    Ok(if cost > 0 { time / cost } else { USUAL_PACE })
}

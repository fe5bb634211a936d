//! The public band: how fast answers come and how many people wait. Numbers only.

use super::state::QuestionState;
use crate::clock::Millis;
use crate::db::{Conn, query, query_text};
use std::time::Duration;

/// The median is taken over the first replies of this long.
const WINDOW: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// How the desk is doing, for everybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Transparency {
    /// Milliseconds from question to first reply, median of the last 30 days; `None` before the first reply.
    pub median_answer_ms: Option<i64>,
    /// Questions that wait for an answer.
    pub waiting: i64,
    /// Questions answered in the last 30 days.
    pub answered: i64,
}

/// Counts at `now`.
pub async fn transparency(conn: &mut impl Conn, now: Millis) -> sqlx::Result<Transparency> {
    let since = now - WINDOW;
    let waiting: i64 =
        query_text(format!("SELECT COUNT(*) FROM question WHERE state IN {}", QuestionState::OPEN_SQL))
            .value(conn)
            .await?;
    let answered: i64 =
        query("SELECT COUNT(*) FROM question WHERE first_reply_at >= $1").bind(since).value(conn).await?;
    let median_answer_ms: Option<(i64,)> = query(
        "SELECT first_reply_at - received_at FROM question WHERE first_reply_at >= $1
         ORDER BY first_reply_at - received_at LIMIT 1 OFFSET $2",
    )
    .bind(since)
    .bind((answered - 1).max(0) / 2)
    .optional(conn)
    .await?;
    Ok(Transparency { median_answer_ms: median_answer_ms.map(|row| row.0), waiting, answered })
}

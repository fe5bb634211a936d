//! The change feed: `changes(seq, kind, subject_id)`, written in the transaction of the change.

use super::{Conn, Db, Tx, query};
use crate::clock::Millis;
use sqlx::Result;

/// One entry of the feed: this thing is no longer as it was.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Change {
    /// Position; gapless and in commit order.
    pub seq: i64,
    /// What kind of thing, for example `clip`.
    pub kind: String,
    /// Which one.
    pub subject_id: uuid::Uuid,
}

pub(super) async fn append(tx: &mut Tx, changes: Vec<(&'static str, uuid::Uuid)>) -> Result<()> {
    if changes.is_empty() {
        return Ok(());
    }
    let now = tx.now();
    let count = i64::try_from(changes.len()).unwrap_or(i64::MAX);
    let (mut seq, _) = advance_head(tx, "changes", count).await?;
    for (kind, subject) in changes {
        seq += 1;
        query("INSERT INTO changes (seq, kind, subject_id, at) VALUES ($1, $2, $3, $4)")
            .bind(seq)
            .bind(kind)
            .bind(subject)
            .bind(now)
            .execute(tx)
            .await?;
    }
    Ok(())
}

/// Reserves `count` numbers of a log and returns the last number and hash before them. The row stays locked until
/// the commit, so that numbers become visible in order.
pub(crate) async fn advance_head(tx: &mut Tx, log: &'static str, count: i64) -> Result<(i64, Vec<u8>)> {
    query("INSERT INTO log_head (log, seq, hash) VALUES ($1, 0, $2) ON CONFLICT (log) DO NOTHING")
        .bind(log)
        .bind(Vec::<u8>::new())
        .execute(tx)
        .await?;
    let (seq, hash): (i64, Vec<u8>) =
        query("UPDATE log_head SET seq = seq + $2 WHERE log = $1 RETURNING seq, hash")
            .bind(log)
            .bind(count)
            .one(tx)
            .await?;
    Ok((seq - count, hash))
}

/// At most `limit` entries after `last`, oldest first.
pub async fn after(conn: &mut impl Conn, last: i64, limit: i64) -> Result<Vec<Change>> {
    query("SELECT seq, kind, subject_id FROM changes WHERE seq > $1 ORDER BY seq LIMIT $2")
        .bind(last)
        .bind(limit)
        .all(conn)
        .await
}

/// The newest position of the feed; 0 when nothing was ever changed.
pub async fn newest(conn: &mut impl Conn) -> Result<i64> {
    query("SELECT COALESCE(MAX(seq), 0) FROM changes").value(conn).await
}

/// Forgets entries older than `before`, except the newest one: followers that far behind rebuild.
pub async fn trim(db: &Db, before: Millis) -> Result<u64> {
    let mut tx = db.begin().await?;
    let gone = query("DELETE FROM changes WHERE at < $1 AND seq < (SELECT MAX(seq) FROM changes)")
        .bind(before)
        .execute(&mut tx)
        .await?;
    tx.commit().await?;
    Ok(gone)
}

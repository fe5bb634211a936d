//! Rows of blobs. A row is written after its blob and deleted before it, so that a row never names nothing.

use super::{Blob, BlobKey};
use crate::db::{Conn, Tx, query};

/// Writes the row of a blob that is already stored; writing it again changes nothing.
pub async fn record_blob(tx: &mut Tx, blob: &Blob) -> sqlx::Result<()> {
    let now = tx.now();
    query(
        "INSERT INTO blob (storage_key, sha256, bytes, mime, created_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (storage_key) DO NOTHING",
    )
    .bind(blob.key)
    .bind(blob.key.hash.0.to_vec())
    .bind(i64::try_from(blob.bytes).unwrap_or(i64::MAX))
    .bind(blob.key.file_type.mime())
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

/// A row of the `blob` table.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct BlobRow {
    /// Its name.
    pub storage_key: BlobKey,
    /// Its size.
    pub bytes: i64,
    /// When the row was written.
    pub created_at: crate::clock::Millis,
}

/// The row of a blob.
pub async fn find_blob(conn: &mut impl Conn, key: BlobKey) -> sqlx::Result<Option<BlobRow>> {
    query("SELECT storage_key, bytes, created_at FROM blob WHERE storage_key = $1")
        .bind(key)
        .optional(conn)
        .await
}

/// At most `limit` rows whose key sorts after `after`, for checks that walk over all of them.
pub async fn blobs_after(
    conn: &mut impl Conn,
    after: Option<BlobKey>,
    limit: i64,
) -> sqlx::Result<Vec<BlobRow>> {
    query(
        "SELECT storage_key, bytes, created_at FROM blob WHERE storage_key > $1 ORDER BY storage_key LIMIT $2",
    )
    .bind(after.map(|key| key.to_string()).unwrap_or_default())
    .bind(limit)
    .all(conn)
    .await
}

/// Deletes the row of a blob that nothing refers to any more; says whether it did. The blob itself may be deleted once
/// this is committed.
pub async fn forget_unused_blob(tx: &mut Tx, key: BlobKey) -> sqlx::Result<bool> {
    let gone = query(
        "DELETE FROM blob WHERE storage_key = $1
           AND NOT EXISTS (SELECT 1 FROM upload WHERE storage_key = $1)
           AND NOT EXISTS (SELECT 1 FROM clip_version WHERE original_key = $1)
           AND NOT EXISTS (SELECT 1 FROM rendition WHERE storage_key = $1)
           AND NOT EXISTS (SELECT 1 FROM stream WHERE storage_key = $1)
           AND NOT EXISTS (SELECT 1 FROM package WHERE storage_key = $1)
           AND NOT EXISTS (SELECT 1 FROM picture WHERE storage_key = $1)
           AND NOT EXISTS (SELECT 1 FROM question WHERE video_key = $1)
           AND NOT EXISTS (SELECT 1 FROM case_video WHERE video_key = $1)",
    )
    .bind(key)
    .execute(tx)
    .await?;
    Ok(gone == 1)
}

//! Sessions of signed-in staff: idle 30 minutes, 12 hours at most (ASVS 5.0, 7.3).

use super::{Staff, account};
use crate::clock::Millis;
use crate::db::{Db, Tx, query};
use crate::ids::{StaffId, secret, secret_hash};
use std::time::Duration;

/// A session that was not used for this long ends.
pub const SESSION_IDLE: Duration = Duration::from_secs(30 * 60);
/// A session ends after this long in any case.
pub const SESSION_MAX: Duration = Duration::from_secs(12 * 60 * 60);
/// The last use is written at most this often: reads should not become writes.
const TOUCH: Duration = Duration::from_secs(60);

/// Starts a session with a new secret and returns the secret; only its hash is kept.
pub async fn start_session(tx: &mut Tx, staff: StaffId) -> sqlx::Result<String> {
    let secret = secret();
    let now = tx.now();
    query(
        "INSERT INTO session (secret_hash, staff_id, created_at, last_seen_at, expires_at)
         VALUES ($1, $2, $3, $3, $4)",
    )
    .bind(secret_hash(&secret))
    .bind(staff)
    .bind(now)
    .bind(now + SESSION_MAX)
    .execute(tx)
    .await?;
    Ok(secret)
}

/// Who the session belongs to, if it is still good and the person still active.
pub async fn find_session(db: &Db, secret: &str) -> sqlx::Result<Option<Staff>> {
    let hash = secret_hash(secret);
    let now = db.clock().now();
    let mut read = db.read().await?;
    let found: Option<(StaffId, Millis)> = query(
        "SELECT staff_id, last_seen_at FROM session
         WHERE secret_hash = $1 AND expires_at > $2 AND last_seen_at > $3",
    )
    .bind(hash.clone())
    .bind(now)
    .bind(now - SESSION_IDLE)
    .optional(&mut read)
    .await?;
    let Some((staff_id, last_seen)) = found else { return Ok(None) };
    let staff = account::find(&mut read, staff_id).await?.filter(|staff| staff.active);
    drop(read);
    if staff.is_some() && last_seen + TOUCH < now {
        touch(db, hash).await?;
    }
    Ok(staff)
}

async fn touch(db: &Db, hash: Vec<u8>) -> sqlx::Result<()> {
    let mut tx = db.begin().await?;
    let now = tx.now();
    query("UPDATE session SET last_seen_at = $1 WHERE secret_hash = $2")
        .bind(now)
        .bind(hash)
        .execute(&mut tx)
        .await?;
    tx.commit().await
}

/// Ends one session.
pub async fn end_session(tx: &mut Tx, secret: &str) -> sqlx::Result<()> {
    query("DELETE FROM session WHERE secret_hash = $1").bind(secret_hash(secret)).execute(tx).await?;
    Ok(())
}

/// Ends every session of a person: password change, changed role, switched off.
pub async fn end_all_sessions(tx: &mut Tx, staff: StaffId) -> sqlx::Result<()> {
    query("DELETE FROM session WHERE staff_id = $1").bind(staff).execute(tx).await?;
    Ok(())
}

/// Deletes sessions that have ended.
pub async fn sweep(tx: &mut Tx) -> sqlx::Result<u64> {
    let now = tx.now();
    query("DELETE FROM session WHERE expires_at <= $1 OR last_seen_at <= $2")
        .bind(now)
        .bind(now - SESSION_IDLE)
        .execute(tx)
        .await
}

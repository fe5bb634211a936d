//! One run of a job, as the job's code sees it.

use super::claim::{Claimed, LEASE};
use crate::db::{Db, Tx, query};
use crate::ids::JobId;
use tokio_util::sync::CancellationToken;

/// Another worker has taken the job over, or a person cancelled it: whatever this run was about to write is void.
#[derive(Debug, thiserror::Error)]
#[error("the job is no longer this worker's")]
pub struct Lost;

/// A claimed job at work. Every write is conditional on the fencing token taken at the claim.
#[derive(Clone)]
pub struct Run {
    db: Db,
    id: JobId,
    attempt: i64,
    last_attempt: bool,
    fence: i64,
    stop: CancellationToken,
}

impl Run {
    pub(super) fn new(db: Db, claimed: &Claimed, stop: CancellationToken) -> Self {
        let last_attempt = claimed.attempt >= claimed.max_attempts;
        Self { db, id: claimed.id, attempt: claimed.attempt, last_attempt, fence: claimed.fence, stop }
    }

    /// The job's id.
    pub fn id(&self) -> JobId {
        self.id
    }

    /// Which attempt this is, from 1.
    pub fn attempt(&self) -> i64 {
        self.attempt
    }

    /// Whether a failure now buries the job.
    pub fn is_last_attempt(&self) -> bool {
        self.last_attempt
    }

    /// Cancelled when a person stops the job, the server drains, or the lease is lost.
    pub fn stop(&self) -> &CancellationToken {
        &self.stop
    }

    /// Marks the job done in the caller's transaction; fails with [`Lost`] when it is no longer this run's, and then
    /// the caller must not commit.
    pub async fn complete(&self, tx: &mut Tx) -> anyhow::Result<()> {
        let now = tx.now();
        let changed = query(
            "UPDATE job SET state = 'succeeded', finished_at = $1, progress = 1000, lease_owner = NULL,
                            lease_until = NULL
             WHERE id = $2 AND fence = $3 AND state = 'running'",
        )
        .bind(now)
        .bind(self.id)
        .bind(self.fence)
        .execute(tx)
        .await?;
        if changed == 0 { Err(Lost.into()) } else { Ok(()) }
    }

    /// Fails with [`Lost`] unless the job is still this run's; for writes before the last one.
    pub async fn guard(&self, tx: &mut Tx) -> anyhow::Result<()> {
        if self.renew(tx, None).await? == 0 { Err(Lost.into()) } else { Ok(()) }
    }

    /// Reports how much is done, in thousandths, and renews the lease.
    pub async fn report(&self, thousandths: i64) -> anyhow::Result<()> {
        let mut tx = self.db.begin().await?;
        if self.renew(&mut tx, Some(thousandths.clamp(0, 1000))).await? == 0 {
            self.stop.cancel();
            return Err(Lost.into());
        }
        tx.commit().await?;
        Ok(())
    }

    pub(super) async fn renew(&self, tx: &mut Tx, thousandths: Option<i64>) -> sqlx::Result<u64> {
        let now = tx.now();
        query(
            "UPDATE job SET heartbeat_at = $1, lease_until = $2, progress = COALESCE($3, progress)
             WHERE id = $4 AND fence = $5 AND state = 'running'",
        )
        .bind(now)
        .bind(now + LEASE)
        .bind(thousandths)
        .bind(self.id)
        .bind(self.fence)
        .execute(tx)
        .await
    }

    pub(super) fn fence(&self) -> i64 {
        self.fence
    }
}

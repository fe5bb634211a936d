//! Housekeeping: what expired gives its room back, what was cut off is completed, files without a row go.

use super::row::{self, UploadState};
use super::{Uploads, ticket};
use crate::ids::UploadId;
use std::time::Duration;
use tracing::{info, warn};

/// How often.
const EVERY: Duration = Duration::from_secs(5 * 60);
/// Rows handled at once.
const BATCH: i64 = 200;
/// A file is younger than its row for a moment; older ones without a row are left over from a crash.
const STRAY_AFTER: Duration = Duration::from_secs(60 * 60);

/// What a sweep did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Swept {
    /// Uploads that were cut off after their last byte, now complete.
    pub completed: usize,
    /// Uploads that expired.
    pub expired: usize,
    /// Files that belonged to no upload.
    pub stray: usize,
}

impl Uploads {
    /// Sweeps now and every five minutes until [`Uploads::drain`].
    pub fn start_sweeping(&self) {
        let uploads = self.clone();
        self.tasks.spawn(async move {
            while !uploads.stop.is_cancelled() {
                match uploads.sweep().await {
                    Ok(swept) if swept == Swept::default() => {}
                    Ok(swept) => info!(?swept, "swept uploads"),
                    Err(why) => warn!(error = %format!("{why:#}"), "could not sweep uploads"),
                }
                tokio::select! {
                    () = tokio::time::sleep(EVERY) => {}
                    () = uploads.stop.cancelled() => {}
                }
            }
        });
    }

    /// One round.
    pub async fn sweep(&self) -> anyhow::Result<Swept> {
        let completed = self.finish_what_was_cut_off().await?;
        let expired = self.expire(UploadState::Open).await? + self.expire(UploadState::Complete).await?;
        let stray = self.remove_stray_files().await?;
        let mut tx = self.db.begin().await?;
        ticket::forget_unused(&mut tx).await?;
        tx.commit().await?;
        Ok(Swept { completed, expired, stray })
    }

    async fn finish_what_was_cut_off(&self) -> anyhow::Result<usize> {
        let mut read = self.db.read().await?;
        let ids = row::unfinished(&mut read).await?;
        drop(read);
        let mut completed = 0;
        for id in ids {
            let mut read = self.db.read().await?;
            let Some(upload) = row::find(&mut read, id).await? else { continue };
            drop(read);
            match self.finish_now(id, upload.owner).await {
                Ok(_) => completed += 1,
                Err(why) => {
                    warn!(upload.id = %id, error = %format!("{why:#}"), "could not complete an upload")
                }
            }
        }
        Ok(completed)
    }

    async fn expire(&self, state: UploadState) -> anyhow::Result<usize> {
        let mut read = self.db.read().await?;
        let overdue = row::expired(&mut read, state, self.db.clock().now(), BATCH).await?;
        drop(read);
        for upload in &overdue {
            self.give_up(upload, UploadState::Expired).await?;
        }
        Ok(overdue.len())
    }

    async fn remove_stray_files(&self) -> anyhow::Result<usize> {
        let mut stray = 0;
        let mut files = tokio::fs::read_dir(&*self.folder).await?;
        while let Some(file) = files.next_entry().await? {
            let name = file.file_name();
            let Some(id) = name.to_str().and_then(|name| name.parse::<UploadId>().ok()) else { continue };
            if !self.is_old(id) || self.is_open(id).await? {
                continue;
            }
            tokio::fs::remove_file(file.path()).await?;
            stray += 1;
        }
        Ok(stray)
    }

    /// The id holds the moment when the upload began.
    fn is_old(&self, id: UploadId) -> bool {
        let Some(began) = id.uuid().get_timestamp() else { return true };
        let (seconds, _) = began.to_unix();
        let now = self.db.clock().now().unsigned() / 1000;
        now.saturating_sub(seconds) > STRAY_AFTER.as_secs()
    }

    async fn is_open(&self, id: UploadId) -> anyhow::Result<bool> {
        let mut read = self.db.read().await?;
        Ok(row::find(&mut read, id).await?.is_some_and(|upload| upload.state == UploadState::Open))
    }
}

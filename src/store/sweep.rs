//! Takes away what a crash left behind: blobs that never got their row, and files that were never finished.
//!
//! In a bucket, parts of uploads that never finished are invisible here; the bucket needs a lifecycle rule that aborts
//! them after a day (see the README).

use super::{Area, BlobKey, Store, find_blob, folder};
use crate::clock::Millis;
use crate::db::Db;
use futures::TryStreamExt as _;
use std::collections::HashSet;
use std::time::Duration;

/// A blob waits for its row at most as long as the longest job and upload; nothing younger than this is touched.
const WAITS_FOR_ITS_ROW: Duration = Duration::from_secs(24 * 60 * 60);
/// Looking through a whole bucket costs money.
const EVERY: Duration = Duration::from_secs(6 * 60 * 60);

/// A sweep remembers its suspects: only what two rounds found without a row is deleted.
#[derive(Debug, Default)]
pub struct Sweep {
    suspects: HashSet<BlobKey>,
    last: Option<Millis>,
}

impl Sweep {
    /// Looks through storage if the last round was long enough ago; says how many blobs and files it deleted.
    pub async fn run(&mut self, db: &Db, store: &Store) -> anyhow::Result<usize> {
        let now = db.clock().now();
        if self.last.is_some_and(|last| now < last + EVERY) {
            return Ok(0);
        }
        self.last = Some(now);
        let mut deleted = 0;
        let mut found = HashSet::new();
        for area in Area::ALL {
            let mut blobs = store.list(area);
            while let Some(blob) = blobs.try_next().await? {
                let is_old = blob.stored_at + WAITS_FOR_ITS_ROW < now;
                if !is_old || find_blob(&mut db.read().await?, blob.key).await?.is_some() {
                    continue;
                }
                if self.suspects.contains(&blob.key) {
                    store.delete(blob.key).await?;
                    deleted += 1;
                } else {
                    found.insert(blob.key);
                }
            }
        }
        self.suspects = found;
        Ok(deleted + self.remove_unfinished(store, now).await?)
    }

    async fn remove_unfinished(&self, store: &Store, now: Millis) -> anyhow::Result<usize> {
        let Some(root) = store.root.clone() else { return Ok(0) };
        super::blocking(move || folder::remove_unfinished(&root, now - WAITS_FOR_ITS_ROW)).await
    }
}

//! Keeping the index in step with the database: it reads the change feed and loads each changed clip once.
//!
//! The index holds the feed's position in its commits, so a restart continues where the last commit was. When in doubt
//! (a damaged index, a feed trimmed beyond the position, a database restored to an earlier state) everything is built
//! anew beside the old content, which goes on answering. Nothing here delays the start of the server.

use super::{Change, Health, SearchIndex, published};
use crate::db::{Db, feed, query};
use crate::ids::ClipId;
use crate::memory;
use anyhow::Context;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// The kind under which changes of clips, their captions and aliases are in the feed.
pub const CLIP_CHANGES: &str = "clip";
/// How often the feed is read when no commit of this process rings: other processes write too.
const POLL: Duration = Duration::from_millis(500);
/// How long to wait after a failure.
const PAUSE_AFTER_FAILURE: Duration = Duration::from_secs(5);
/// How many entries of the feed are taken at once.
const BATCH: i64 = 500;
/// How many clips may wait between reading them and writing them during a rebuild.
const REBUILD_QUEUE: usize = 64;

/// Follows the change feed of one database into one index.
#[derive(Clone)]
pub struct Follower {
    db: Db,
    index: Arc<SearchIndex>,
}

impl Follower {
    /// Puts a follower together; call [`Follower::run`] to start it.
    pub fn new(db: Db, index: Arc<SearchIndex>) -> Follower {
        Follower { db, index }
    }

    /// Follows until cancelled. Failures are logged and tried again.
    pub async fn run(self, stop: CancellationToken) {
        let bells = self.db.bells().clone();
        while !stop.is_cancelled() {
            // Listening starts before reading, so that a commit in between is not missed.
            let bell = bells.changes.notified();
            tokio::pin!(bell);
            bell.as_mut().enable();
            let wait = match self.catch_up().await {
                Ok(()) => POLL,
                Err(why) => {
                    tracing::warn!(
                        reason = format!("{why:#}"),
                        "the search index could not follow the database"
                    );
                    PAUSE_AFTER_FAILURE
                }
            };
            tokio::select! {
                () = stop.cancelled() => {}
                () = bell => {}
                () = tokio::time::sleep(wait) => {}
            }
        }
    }

    /// Brings the index to the feed's newest entry, by a rebuild where that is needed.
    pub async fn catch_up(&self) -> anyhow::Result<()> {
        if self.must_rebuild().await? {
            return self.rebuild().await;
        }
        while self.apply_batch().await? {}
        Ok(())
    }

    /// How many entries of the feed the index is behind.
    pub async fn lag(&self) -> anyhow::Result<i64> {
        let mut read = self.db.read().await?;
        Ok(feed::newest(&mut read).await? - self.index.last_seq())
    }

    async fn must_rebuild(&self) -> anyhow::Result<bool> {
        if self.index.health() == Health::NeedsRebuild {
            return Ok(true);
        }
        let mut read = self.db.read().await?;
        let newest = feed::newest(&mut read).await?;
        let oldest: i64 = query("SELECT COALESCE(MIN(seq), 0) FROM changes").value(&mut read).await?;
        let position = self.index.last_seq();
        Ok(position > newest || position + 1 < oldest)
    }

    /// Applies the next entries; false when there were none. Clips and feed are read in one transaction.
    async fn apply_batch(&self) -> anyhow::Result<bool> {
        let mut read = self.db.read().await?;
        let entries = feed::after(&mut read, self.index.last_seq(), BATCH)
            .await
            .context("cannot read the change feed")?;
        let Some(last) = entries.last().map(|entry| entry.seq) else { return Ok(false) };
        let mut clips: Vec<uuid::Uuid> =
            entries.iter().filter(|entry| entry.kind == CLIP_CHANGES).map(|entry| entry.subject_id).collect();
        clips.sort_unstable();
        clips.dedup();
        let mut changes = Vec::with_capacity(clips.len());
        for clip in clips {
            let published = published::load(&mut read, clip).await.context("cannot read a changed clip")?;
            changes.push(match published {
                Some(document) => Change::Upsert(Box::new(document)),
                None => Change::Delete(ClipId::from(clip).to_string()),
            });
        }
        drop(read);
        let index = self.index.clone();
        tokio::task::spawn_blocking(move || index.apply(&changes, last)).await??;
        Ok(true)
    }

    /// Builds the index anew from one consistent picture of the database.
    pub async fn rebuild(&self) -> anyhow::Result<()> {
        let mut read = self.db.read().await?;
        let newest = feed::newest(&mut read).await?;
        let clips = published::ids(&mut read).await.context("cannot list the published clips")?;
        let (sender, mut receiver) = tokio::sync::mpsc::channel(REBUILD_QUEUE);
        let index = self.index.clone();
        let count = clips.len();
        let writing = tokio::task::spawn_blocking(move || {
            index.rebuild(std::iter::from_fn(|| receiver.blocking_recv()).take(count), newest)
        });
        for clip in clips {
            let document = published::load(&mut read, clip).await.context("cannot read a published clip");
            let failed = document.is_err();
            let Some(document) = document.transpose() else { continue };
            if sender.send(document).await.is_err() || failed {
                break;
            }
        }
        drop(sender);
        writing.await??;
        let index = self.index.clone();
        tokio::task::spawn_blocking(move || index.compact()).await??;
        tokio::task::spawn_blocking(memory::give_back).await?;
        tracing::info!(clips = count, position = newest, "the search index was built anew");
        Ok(())
    }
}

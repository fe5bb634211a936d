//! Public clips that are being watched, whole in memory. A clip is checked against its hash when it is read in, so that
//! a damaged file is never handed out from here.

use crate::store::{BlobKey, ContentHash, Store};
use anyhow::{Context as _, ensure};
use bytes::Bytes;
use moka::future::Cache;
use moka::policy::EvictionPolicy;
use sha2::{Digest as _, Sha256};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// All clips in memory together.
const ROOM: u64 = 256 * 1024 * 1024;
/// Larger ones are streamed from storage.
const LARGEST: u64 = 32 * 1024 * 1024;
/// Read in at once.
const LOADING: usize = 4;

pub(super) struct Hot {
    clips: Cache<BlobKey, Bytes>,
    loading: Semaphore,
}

impl Hot {
    pub(super) fn new() -> Self {
        let clips = Cache::builder()
            .max_capacity(ROOM)
            .weigher(|_, bytes: &Bytes| u32::try_from(bytes.len()).unwrap_or(u32::MAX))
            // A new clip always gets in: it would otherwise be read anew for each range.
            .eviction_policy(EvictionPolicy::lru())
            .build();
        Self { clips, loading: Semaphore::new(LOADING) }
    }

    /// The whole clip, or `None` when it is too large for memory.
    pub(super) async fn get(&self, store: &Store, key: BlobKey, bytes: u64) -> anyhow::Result<Option<Bytes>> {
        if bytes > LARGEST {
            return Ok(None);
        }
        if let Some(clip) = self.clips.get(&key).await {
            return Ok(Some(clip));
        }
        let loaded = self.clips.try_get_with(key, self.load(store, key)).await;
        loaded.map(Some).map_err(|why: Arc<anyhow::Error>| anyhow::anyhow!("{why:#}"))
    }

    async fn load(&self, store: &Store, key: BlobKey) -> anyhow::Result<Bytes> {
        let _turn = self.loading.acquire().await.context("waiting to read a clip in")?;
        let clip = store.get(key).await?;
        let checked = clip.clone();
        let hash = tokio::task::spawn_blocking(move || ContentHash(Sha256::digest(&checked).into()))
            .await
            .context("checking a clip")?;
        ensure!(hash == key.hash, "the blob {key} is damaged: its bytes hash to {hash}");
        Ok(clip)
    }
}

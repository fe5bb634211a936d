//! Blobs: content-addressed files in a local folder or an S3 bucket. Only this room knows which.
//!
//! A blob is stored before its row is written and its row is deleted before the blob, so that a crash leaves at most
//! a blob without a row, never the reverse.

mod bucket;
mod folder;
mod key;
mod reach;
mod record;
mod sweep;

pub(crate) use folder::{flush_folder, hash_file, make_folder};
pub use key::{Area, BadKey, BlobKey, ContentHash, FileType};
pub use reach::{Audience, Reach, reach};
pub use record::{BlobRow, blobs_after, find_blob, forget_unused_blob, record_blob};
pub use sweep::Sweep;

use anyhow::{Context as _, bail, ensure};
use bytes::Bytes;
use futures::stream::BoxStream;
use futures::{StreamExt as _, TryStreamExt as _};
use object_store::local::LocalFileSystem;
use object_store::path::Path as ObjectPath;
use object_store::{Error, GetOptions, GetRange, ObjectStore, ObjectStoreExt as _};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::io::AsyncWriteExt as _;

/// The storage of the house. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    objects: Arc<dyn ObjectStore>,
    /// The folder, when storage is local.
    root: Option<Arc<PathBuf>>,
}

/// A blob that is safely stored and waits for its row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Blob {
    /// Its name.
    pub key: BlobKey,
    /// Its size.
    pub bytes: u64,
}

/// A blob as a listing shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its name.
    pub key: BlobKey,
    /// Its size.
    pub bytes: u64,
    /// When it was stored.
    pub stored_at: crate::clock::Millis,
}

/// What a look at a blob's bytes found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Condition {
    /// The bytes hash to the name.
    Sound,
    /// They do not.
    Damaged,
    /// There is nothing under the name.
    Missing,
}

impl Store {
    /// Opens `file:///folder` (made when absent) or `s3://bucket/prefix` with `AWS_*` settings under lower-case names.
    pub fn open(storage_url: &str, aws: &BTreeMap<String, String>) -> anyhow::Result<Self> {
        let url = url::Url::parse(storage_url)
            .with_context(|| format!("ISHARA_STORAGE_URL is not a URL: {storage_url}"))?;
        match url.scheme() {
            "file" => {
                let Ok(root) = url.to_file_path() else {
                    bail!("ISHARA_STORAGE_URL must name an absolute folder: file:///folder");
                };
                Self::open_folder(&root)
            }
            "s3" => Ok(Self { objects: bucket::open(&url, aws)?, root: None }),
            other => bail!("ISHARA_STORAGE_URL must start with file:// or s3://, not {other}://"),
        }
    }

    /// Opens a local folder.
    pub fn open_folder(root: &Path) -> anyhow::Result<Self> {
        for area in Area::ALL {
            make_folder(&root.join(area.as_str()))?;
        }
        let root = root.canonicalize().context("opening the storage folder")?;
        let objects = LocalFileSystem::new_with_prefix(&root).context("opening the storage folder")?;
        Ok(Self { objects: Arc::new(objects.with_fsync(true)), root: Some(Arc::new(root)) })
    }

    /// Stores the file at `path`, named by its content. The file stays where it is; on one file system it shares its
    /// bytes with the blob and must not be written afterwards.
    pub async fn put_file(&self, area: Area, path: &Path, file_type: FileType) -> anyhow::Result<Blob> {
        let source = path.to_owned();
        let (hash, bytes) = blocking(move || Ok(hash_file(&source)?)).await?;
        let blob = Blob { key: BlobKey { area, hash, file_type }, bytes };
        self.put_hashed_file(blob, path).await?;
        Ok(blob)
    }

    /// Stores a file whose hash and size the caller has computed from the same bytes.
    pub async fn put_hashed_file(&self, blob: Blob, path: &Path) -> anyhow::Result<()> {
        let Some(root) = self.root.clone() else {
            if self.make_way(blob.key).await? {
                bucket::put_file(&*self.objects, blob.key, path).await?;
            }
            return Ok(());
        };
        let source = path.to_owned();
        blocking(move || folder::put_file(&root, blob.key, &source)).await
    }

    /// Stores bytes, named by their content.
    pub async fn put_bytes(&self, area: Area, bytes: Bytes, file_type: FileType) -> anyhow::Result<Blob> {
        let hash = ContentHash(Sha256::digest(&bytes).into());
        let blob = Blob { key: BlobKey { area, hash, file_type }, bytes: bytes.len() as u64 };
        if !self.make_way(blob.key).await? {
            return Ok(blob);
        }
        match self.root {
            Some(_) => {
                self.objects.put(&object_path(blob.key), bytes.into()).await.context("storing a blob")?;
            }
            None => bucket::put_bytes(&*self.objects, blob.key, bytes).await?,
        }
        Ok(blob)
    }

    /// Whether something is to be put under `key`: not when a sound blob is there; a damaged one is removed first.
    async fn make_way(&self, key: BlobKey) -> anyhow::Result<bool> {
        match self.condition(key).await? {
            Condition::Sound => return Ok(false),
            Condition::Missing => {}
            Condition::Damaged => self.delete(key).await?,
        }
        Ok(true)
    }

    /// The size of a blob, or `None` when it is not there.
    pub async fn size(&self, key: BlobKey) -> anyhow::Result<Option<u64>> {
        match self.objects.head(&object_path(key)).await {
            Ok(meta) => Ok(Some(meta.size)),
            Err(Error::NotFound { .. }) => Ok(None),
            Err(other) => Err(other).context("looking for a blob"),
        }
    }

    /// All bytes of a blob. For blobs that are known to be small.
    pub async fn get(&self, key: BlobKey) -> anyhow::Result<Bytes> {
        let found = self.objects.get(&object_path(key)).await.context("opening a blob")?;
        found.bytes().await.context("reading a blob")
    }

    /// The bytes of `range`, which must lie inside the blob.
    pub async fn get_range(&self, key: BlobKey, range: Range<u64>) -> anyhow::Result<Bytes> {
        self.objects.get_range(&object_path(key), range).await.context("reading a part of a blob")
    }

    /// The bytes of `range` as a stream, for blobs of any size.
    pub async fn stream(
        &self,
        key: BlobKey,
        range: Range<u64>,
    ) -> anyhow::Result<BoxStream<'static, anyhow::Result<Bytes>>> {
        if range.is_empty() {
            return Ok(futures::stream::empty().boxed());
        }
        if let Some(path) = self.local_path(key) {
            return folder::stream(&path, range).await;
        }
        let options = GetOptions { range: Some(GetRange::Bounded(range)), ..Default::default() };
        let found = self.objects.get_opts(&object_path(key), options).await.context("opening a blob")?;
        Ok(found.into_stream().map_err(|why| anyhow::Error::new(why).context("reading a blob")).boxed())
    }

    /// Where the blob lies on this machine, when storage is a local folder.
    pub fn local_path(&self, key: BlobKey) -> Option<PathBuf> {
        self.root.as_ref().map(|root| root.join(key.to_string()))
    }

    /// Copies a blob to a new file at `path`, and fails when the bytes do not hash to the name.
    pub async fn fetch_to_file(&self, key: BlobKey, path: &Path) -> anyhow::Result<()> {
        let found = self.objects.get(&object_path(key)).await.context("opening a blob")?;
        let mut pieces = found.into_stream();
        let mut file = tokio::fs::File::create_new(path).await.context("making the copy of a blob")?;
        let mut hasher = Sha256::new();
        while let Some(piece) = pieces.try_next().await.context("reading a blob")? {
            hasher.update(&piece);
            file.write_all(&piece).await.context("writing the copy of a blob")?;
        }
        file.flush().await.context("writing the copy of a blob")?;
        let found = ContentHash(hasher.finalize().into());
        ensure!(found == key.hash, "the blob {key} is damaged: its bytes hash to {found}");
        Ok(())
    }

    /// The hash of what is stored under `key`; `None` when nothing is.
    pub async fn hash_of(&self, key: BlobKey) -> anyhow::Result<Option<ContentHash>> {
        let found = match self.objects.get(&object_path(key)).await {
            Ok(found) => found,
            Err(Error::NotFound { .. }) => return Ok(None),
            Err(other) => return Err(other).context("opening a blob"),
        };
        let mut pieces = found.into_stream();
        let mut hasher = Sha256::new();
        while let Some(piece) = pieces.try_next().await.context("reading a blob")? {
            hasher.update(&piece);
        }
        Ok(Some(ContentHash(hasher.finalize().into())))
    }

    /// Reads the whole blob and says whether it proves itself.
    pub async fn condition(&self, key: BlobKey) -> anyhow::Result<Condition> {
        Ok(match self.hash_of(key).await? {
            None => Condition::Missing,
            Some(hash) if hash == key.hash => Condition::Sound,
            Some(_) => Condition::Damaged,
        })
    }

    /// Deletes a blob whose row is gone; deleting it again is no error.
    pub async fn delete(&self, key: BlobKey) -> anyhow::Result<()> {
        match self.objects.delete(&object_path(key)).await {
            Ok(()) | Err(Error::NotFound { .. }) => Ok(()),
            Err(other) => Err(other).context("deleting a blob"),
        }
    }

    /// All blobs of an area, in no particular order. Files that are not blobs are passed over.
    pub fn list(&self, area: Area) -> BoxStream<'static, anyhow::Result<Listed>> {
        let found = self.objects.list(Some(&ObjectPath::from(area.as_str())));
        found
            .try_filter_map(|meta| async move {
                let key = meta.location.as_ref().parse().ok();
                let stored_at = crate::clock::Millis(meta.last_modified.timestamp_millis());
                Ok(key.map(|key| Listed { key, bytes: meta.size, stored_at }))
            })
            .map_err(|why| anyhow::Error::new(why).context("listing blobs"))
            .boxed()
    }

    /// Fails when storage cannot be reached, for readiness.
    pub async fn reachable(&self) -> anyhow::Result<()> {
        let nothing =
            BlobKey { area: Area::Pictures, hash: ContentHash([0; 32]), file_type: FileType::Other };
        self.size(nothing).await.map(|_| ())
    }
}

fn object_path(key: BlobKey) -> ObjectPath {
    ObjectPath::from(key.to_string())
}

/// Runs file work off the runtime's threads.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> anyhow::Result<T> + Send + 'static,
) -> anyhow::Result<T> {
    tokio::task::spawn_blocking(work).await.context("file work was cut off")?
}

#[cfg(test)]
mod tests;

//! Putting a blob into a local folder so that it survives a power cut: the bytes are flushed first, then get their
//! name in one step, then the folder is flushed. With any of the three missing, files were lost in tests
//! (`reference/reliability.md`, "What matters most").

use super::key::{Area, BlobKey, ContentHash};
use crate::clock::Millis;
use anyhow::Context as _;
use bytes::Bytes;
use futures::stream::BoxStream;
use futures::{StreamExt as _, TryStreamExt as _};
use sha2::{Digest as _, Sha256};
use std::fs::File;
use std::io::{self, ErrorKind, Read as _};
use std::ops::Range;
use std::path::{Path, PathBuf};
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _};

/// Gives the file at `source` the name of `key` under `root` as well; the source stays where it is. On one file system
/// both names share the bytes, so the source must not be written afterwards.
pub(super) fn put_file(root: &Path, key: BlobKey, source: &Path) -> anyhow::Result<()> {
    let place = root.join(key.to_string());
    if holds(&place, key.hash)? {
        return Ok(());
    }
    let folder = place.parent().context("a blob lies in a folder")?;
    File::open(source).and_then(|file| file.sync_all()).context("flushing a file before it is stored")?;
    match std::fs::hard_link(source, &place) {
        Ok(()) => {}
        // Another put of the same content was quicker, or a damaged blob is in the way: rename replaces it.
        Err(_) => copy_in(source, &place)?,
    }
    flush_folder(folder)
}

/// Copies through a temporary name in the same folder, for sources on another file system.
fn copy_in(source: &Path, place: &Path) -> anyhow::Result<()> {
    // `name#number` is also how object_store names its own unfinished files: listings skip them.
    let number = u32::from_le_bytes(crate::ids::random_bytes());
    let mut unfinished = place.as_os_str().to_owned();
    unfinished.push(format!("#{number}"));
    let unfinished = PathBuf::from(unfinished);
    let copied = std::fs::copy(source, &unfinished)
        .and_then(|_| File::open(&unfinished)?.sync_all())
        .and_then(|()| std::fs::rename(&unfinished, place));
    if copied.is_err() {
        let _ = std::fs::remove_file(&unfinished);
    }
    copied.with_context(|| format!("copying a file to {}", place.display()))
}

/// Whether the blob is there and proves itself; a damaged one is to be replaced.
fn holds(place: &Path, hash: ContentHash) -> anyhow::Result<bool> {
    match hash_file(place) {
        Ok((found, _)) => Ok(found == hash),
        Err(absent) if absent.kind() == ErrorKind::NotFound => Ok(false),
        Err(other) => Err(other).with_context(|| format!("reading {}", place.display())),
    }
}

/// Makes names in `folder` durable.
pub(crate) fn flush_folder(folder: &Path) -> anyhow::Result<()> {
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .with_context(|| format!("flushing the folder {}", folder.display()))
}

/// Makes `folder` and its parents, durably.
pub(crate) fn make_folder(folder: &Path) -> anyhow::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    std::fs::create_dir_all(folder).with_context(|| format!("making the folder {}", folder.display()))?;
    folder.ancestors().skip(1).take(2).filter(|parent| parent.is_dir()).try_for_each(flush_folder)
}

/// Bytes that are read at once when a file is sent: larger pieces cost memory, smaller ones time.
const PIECE: usize = 256 * 1024;

/// A part of a file as a stream.
pub(super) async fn stream(
    path: &Path,
    range: Range<u64>,
) -> anyhow::Result<BoxStream<'static, anyhow::Result<Bytes>>> {
    let mut file = tokio::fs::File::open(path).await.context("opening a blob")?;
    file.set_max_buf_size(PIECE);
    file.seek(io::SeekFrom::Start(range.start)).await?;
    let part = file.take(range.end - range.start);
    let pieces = tokio_util::io::ReaderStream::with_capacity(part, PIECE);
    Ok(pieces.map_err(|why| anyhow::Error::new(why).context("reading a blob")).boxed())
}

/// SHA-256 and size of a file, read in pieces.
pub(crate) fn hash_file(path: &Path) -> io::Result<(ContentHash, u64)> {
    let mut file = File::open(path)?;
    let mut hasher = Sha256::new();
    let mut piece = vec![0; 256 * 1024];
    let mut bytes = 0;
    loop {
        let read = file.read(&mut piece)?;
        if read == 0 {
            return Ok((ContentHash(hasher.finalize().into()), bytes));
        }
        hasher.update(&piece[..read]);
        bytes += read as u64;
    }
}

/// Deletes files of interrupted puts (`name#number`) that were last written before `before`; says how many.
pub(super) fn remove_unfinished(root: &Path, before: Millis) -> anyhow::Result<usize> {
    let mut removed = 0;
    for area in Area::ALL {
        for entry in std::fs::read_dir(root.join(area.as_str())).context("looking for unfinished files")? {
            let entry = entry?;
            if entry.file_name().as_encoded_bytes().contains(&b'#') && written_at(&entry)? < before {
                std::fs::remove_file(entry.path()).context("removing an unfinished file")?;
                removed += 1;
            }
        }
    }
    Ok(removed)
}

fn written_at(entry: &std::fs::DirEntry) -> io::Result<Millis> {
    let since = entry.metadata()?.modified()?.duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    Ok(Millis(0) + since)
}

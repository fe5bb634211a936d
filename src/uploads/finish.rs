//! The ends of an upload: complete, used, or given up.

use super::receive::has_code;
use super::row::{self, Owner, Upload, UploadState};
use super::slot::{Arrival, Turn};
use super::{UNUSED_FOR, UploadProblem, Uploads, ticket};
use crate::audit::Entry;
use crate::db::{Tx, query};
use crate::ids::UploadId;
use crate::refusal::refuse;
use crate::store::{Area, Blob, BlobKey, ContentHash, FileType, blocking, hash_file};
use crate::store::{forget_unused_blob, record_blob};
use anyhow::Context as _;
use serde_json::json;
use sha2::Digest as _;
use std::io::Read as _;
use std::path::Path;

/// Enough of a file to guess its kind.
const SNIFFED: u64 = 4096;

/// A complete upload in the hands of whoever uses it.
#[derive(Debug, Clone)]
pub struct CompletedUpload {
    /// Which upload it was.
    pub id: UploadId,
    /// The stored file.
    pub storage_key: BlobKey,
    /// Its hash.
    pub sha256: ContentHash,
    /// Its size.
    pub bytes: u64,
    /// A name to show.
    pub file_name: String,
    /// How many seconds the video may last; `None` for staff.
    pub max_seconds: Option<i64>,
}

impl Uploads {
    /// Stores a file whose bytes have all arrived: blob first, then its row and the upload's in one transaction.
    pub(super) async fn finish(&self, mut upload: Upload, turn: Turn) -> anyhow::Result<Upload> {
        let path = self.partial_path(upload.id);
        let blob = self.describe(&upload, &turn, &path).await?;
        self.store.put_hashed_file(blob, &path).await?;
        let mut tx = self.db.begin().await?;
        record_blob(&mut tx, &blob).await?;
        let expires_at = tx.now() + UNUSED_FOR;
        if row::complete(&mut tx, upload.id, blob.key, expires_at).await? == 0 {
            return Err(refuse(UploadProblem::Gone));
        }
        let facts = json!({ "bytes": blob.bytes, "sha256": blob.key.hash.to_string() });
        tx.record(Entry::new(upload.owner.actor(), "upload.completed", "upload", upload.id).with(facts));
        tx.commit().await?;
        // A sweep may have taken away an unused blob of the same content just before its row was written again.
        if self.store.size(blob.key).await? != Some(blob.bytes) {
            self.store.put_hashed_file(blob, &path).await?;
        }
        self.drop_file(upload.id).await;
        upload.state = UploadState::Complete;
        upload.storage_key = Some(blob.key);
        upload.expires_at = expires_at;
        drop(turn);
        Ok(upload)
    }

    async fn describe(&self, upload: &Upload, turn: &Turn, path: &Path) -> anyhow::Result<Blob> {
        let hash_so_far = match &turn.progress.hashed {
            Some((at, hasher)) if *at == upload.received => Some(hasher.clone()),
            _ => None,
        };
        let (path, received) = (path.to_owned(), upload.received);
        let (hash, file_type) = blocking(move || {
            let mut start = Vec::new();
            let file = std::fs::File::open(&path).context("opening a complete upload")?;
            file.take(SNIFFED).read_to_end(&mut start)?;
            let hash = match hash_so_far {
                Some(hasher) => ContentHash(hasher.finalize().into()),
                None => hash_file(&path)?.0,
            };
            Ok((hash, FileType::sniff(&start)))
        })
        .await?;
        let area = match upload.owner {
            Owner::Staff(_) => Area::Originals,
            Owner::Ticket(_) => Area::Questions,
        };
        Ok(Blob { key: BlobKey { area, hash, file_type }, bytes: received })
    }

    /// Completes an upload whose last byte arrived before the program ended.
    pub(super) async fn finish_now(&self, id: UploadId, owner: Owner) -> anyhow::Result<Upload> {
        let turn = self.slots.take_turn(id, Arrival::Patient).await.map_err(refuse)?;
        let upload = self.load(id, owner).await?;
        match upload.state {
            UploadState::Open if upload.has_all_bytes() => self.finish(upload, turn).await,
            _ => Ok(upload),
        }
    }

    /// How an upload stands, for its owner. Ends a sender that stands still, so that what it delivered counts.
    pub async fn look(&self, id: UploadId, owner: Owner) -> anyhow::Result<Upload> {
        let upload = self.load(id, owner).await?;
        if upload.state != UploadState::Open {
            return Ok(upload);
        }
        let standing = self.finish_now(id, owner).await;
        match standing {
            // Somebody is sending: what is safe so far is the honest answer.
            Err(why) if has_code(&why, "upload.busy") => self.load(id, owner).await,
            other => other,
        }
    }

    /// Gives an upload up and returns its room. One that is in use stays.
    pub async fn terminate(&self, id: UploadId, owner: Owner) -> anyhow::Result<()> {
        self.load(id, owner).await?;
        let turn = self.slots.take_turn(id, Arrival::Impatient).await.map_err(refuse)?;
        let upload = self.load(id, owner).await?;
        if upload.state == UploadState::Consumed {
            return Err(refuse(UploadProblem::Consumed));
        }
        self.give_up(&upload, UploadState::Aborted).await?;
        drop(turn);
        Ok(())
    }

    /// Ends an open or unused upload: rows first, then the bytes.
    pub(super) async fn give_up(&self, upload: &Upload, to: UploadState) -> anyhow::Result<()> {
        let mut tx = self.db.begin().await?;
        let ended = row::end(&mut tx, upload.id, upload.state, to).await?;
        let unused = match upload.storage_key {
            Some(key) if ended == 1 && forget_unused_blob(&mut tx, key).await? => Some(key),
            _ => None,
        };
        tx.commit().await?;
        if let Some(key) = unused {
            self.drop_blob(key).await?;
        }
        self.drop_file(upload.id).await;
        Ok(())
    }

    /// Deletes a blob unless somebody has stored the same content again in the meantime.
    async fn drop_blob(&self, key: BlobKey) -> anyhow::Result<()> {
        let mut read = self.db.read().await?;
        let wanted = crate::store::find_blob(&mut read, key).await?.is_some();
        drop(read);
        if wanted { Ok(()) } else { self.store.delete(key).await }
    }

    pub(super) async fn drop_file(&self, id: UploadId) {
        self.slots.forget(id);
        if let Err(why) = tokio::fs::remove_file(self.partial_path(id)).await
            && why.kind() != std::io::ErrorKind::NotFound
        {
            tracing::warn!(upload.id = %id, error = %why, "could not remove the file of an upload; the sweep will");
        }
    }
}

/// Takes a complete upload for a clip version or a question, in the transaction that refers to its file from then on.
/// Refuses one that is somebody else's, not complete, ended, or taken already.
pub async fn consume(tx: &mut Tx, id: UploadId, owner: Owner) -> anyhow::Result<CompletedUpload> {
    let found = row::find(tx, id).await?.filter(|upload| upload.owner == owner);
    take(tx, found).await
}

/// Takes a citizen's upload by its id alone. The id is 74 random bits that only the sender was told, and the upload can
/// be taken once; uploads of staff are never found here.
pub async fn consume_from_citizen(tx: &mut Tx, id: UploadId) -> anyhow::Result<CompletedUpload> {
    let found = row::find(tx, id).await?.filter(|upload| matches!(upload.owner, Owner::Ticket(_)));
    take(tx, found).await
}

async fn take(tx: &mut Tx, found: Option<Upload>) -> anyhow::Result<CompletedUpload> {
    let Some(upload) = found else { return Err(refuse(UploadProblem::NotFound)) };
    let key = match (upload.state, upload.storage_key) {
        (UploadState::Complete, Some(key)) => key,
        (UploadState::Open, _) => return Err(refuse(UploadProblem::Incomplete)),
        (UploadState::Consumed, _) => return Err(refuse(UploadProblem::Consumed)),
        (UploadState::Expired | UploadState::Aborted | UploadState::Complete, _) => {
            return Err(refuse(UploadProblem::Gone));
        }
    };
    let taken = query(
        "UPDATE upload SET state = 'consumed', storage_key = NULL WHERE id = $1 AND state = 'complete'",
    )
    .bind(upload.id)
    .execute(tx)
    .await?;
    if taken == 0 {
        return Err(refuse(UploadProblem::Consumed));
    }
    let max_seconds = match upload.owner {
        Owner::Ticket(ticket) => ticket::seconds_allowed(tx, ticket).await?,
        Owner::Staff(_) => None,
    };
    Ok(CompletedUpload {
        id: upload.id,
        storage_key: key,
        sha256: key.hash,
        bytes: upload.received,
        file_name: upload.file_name,
        max_seconds,
    })
}

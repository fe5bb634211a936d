//! Beginning an upload. Everything that can be refused is refused here, before a byte is sent.

use super::row::{self, Upload, UploadState};
use super::{Metadata, OPEN_FOR, Owner, RepeatKey, UploadProblem, Uploads, repeat, ticket};
use crate::ids::UploadId;
use crate::refusal::refuse;
use crate::store::{blocking, flush_folder};
use anyhow::Context as _;
use std::fs::File;

/// What is known of an upload when it begins.
#[derive(Debug, Clone)]
pub struct NewUpload {
    /// Whose it will be.
    pub owner: Owner,
    /// Bytes of the file; `None` when the sender says it later.
    pub length: Option<u64>,
    /// Name and other remarks.
    pub metadata: Metadata,
    /// The sender's `Idempotency-Key`.
    pub repeat_key: Option<RepeatKey>,
}

/// What a creation came to.
#[derive(Debug, Clone)]
pub enum Begun {
    /// A new upload.
    New(Upload),
    /// The upload that the same key began before, as it stands.
    Before(Upload),
}

impl Uploads {
    /// Begins an upload. Refuses what is too large, more than the owner may keep, or more than the disk has room for.
    /// An empty file is complete at once.
    pub async fn create(&self, new: NewUpload) -> anyhow::Result<Begun> {
        let now = self.db.clock().now();
        let max_bytes = self.allowed_bytes(new.owner);
        let expected = new.length.unwrap_or(0);
        if expected > max_bytes {
            return Err(refuse(UploadProblem::TooLarge(max_bytes)));
        }
        self.require_room(expected)?;
        let upload = Upload {
            id: UploadId::new(now),
            owner: new.owner,
            state: UploadState::Open,
            length: new.length,
            received: 0,
            max_bytes,
            metadata: new.metadata.raw.clone(),
            file_name: new.metadata.file_name.clone(),
            storage_key: None,
            expires_at: now + OPEN_FOR,
        };
        self.make_file(upload.id).await?;
        let written = self.write_new(&new, &upload).await;
        if !matches!(written, Ok(None)) {
            let _ = tokio::fs::remove_file(self.partial_path(upload.id)).await;
        }
        if let Some(before) = written? {
            return Ok(Begun::Before(self.look(before, new.owner).await?));
        }
        if upload.has_all_bytes() {
            return Ok(Begun::New(self.finish_now(upload.id, upload.owner).await?));
        }
        Ok(Begun::New(upload))
    }

    fn allowed_bytes(&self, owner: Owner) -> u64 {
        match owner {
            Owner::Staff(_) => self.limits.staff_bytes,
            Owner::Ticket(_) => self.limits.ticket_bytes,
        }
    }

    /// Fails when the disk is so full that uploads are refused, for readiness.
    pub fn has_room(&self) -> anyhow::Result<()> {
        self.require_room(0)
    }

    /// Refuses when `more` bytes would touch the disk's reserve.
    pub(super) fn require_room(&self, more: u64) -> anyhow::Result<()> {
        let disk = (self.limits.disk)(&self.folder).context("asking for the room on the disk")?;
        if disk.has_room_for(more) { Ok(()) } else { Err(refuse(UploadProblem::DiskFull)) }
    }

    /// The file comes before its row, durably: a row never names a file that a power cut took away.
    async fn make_file(&self, id: UploadId) -> anyhow::Result<()> {
        let (path, folder) = (self.partial_path(id), self.folder.clone());
        blocking(move || {
            File::create_new(&path)
                .and_then(|file| file.sync_all())
                .context("making the file of an upload")?;
            flush_folder(&folder)
        })
        .await
    }

    /// Writes the row, or finds the upload that this creation repeats.
    async fn write_new(&self, new: &NewUpload, upload: &Upload) -> anyhow::Result<Option<UploadId>> {
        let mut tx = self.db.begin().await?;
        if let Some(before) = repeat::begin(&mut tx, new, upload.id).await? {
            return Ok(Some(before));
        }
        if let Owner::Ticket(id) = upload.owner {
            ticket::use_up(&mut tx, id, upload.id).await?;
        }
        let (open, stored) = row::held_by(&mut tx, upload.owner).await?;
        let (most_open, most_stored) = match upload.owner {
            Owner::Staff(_) => (self.limits.staff_open, self.limits.staff_stored),
            // Each ticket opens one upload; how many there are is limited where tickets are made.
            Owner::Ticket(_) => (i64::MAX, self.limits.tickets_stored),
        };
        if open >= most_open {
            return Err(refuse(UploadProblem::TooManyOpen));
        }
        if stored.saturating_add(upload.length.unwrap_or(0)) > most_stored {
            return Err(refuse(UploadProblem::QuotaFull));
        }
        row::insert(&mut tx, upload).await?;
        tx.commit().await?;
        Ok(None)
    }
}

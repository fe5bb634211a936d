//! Taking in one piece. Bytes are acknowledged only after they are flushed to the disk and the row says so; what was
//! not acknowledged is cut off before the next piece.

use super::checksum::{Checking, Checksum};
use super::row::{self, Upload, UploadState};
use super::slot::{Arrival, Turn};
use super::{OPEN_FOR, Owner, UploadProblem, Uploads};
use crate::ids::UploadId;
use crate::refusal::{Refusal, refuse};
use anyhow::Context as _;
use bytes::Bytes;
use futures::StreamExt as _;
use futures::stream::BoxStream;
use sha2::{Digest as _, Sha256};
use std::io;
use std::time::Duration;
use tokio::fs::File;
use tokio::io::{AsyncSeekExt as _, AsyncWriteExt as _};
use tokio::time::Instant;

/// A connection that delivers nothing for this long is given up.
const SILENCE: Duration = Duration::from_secs(30);
/// A long piece is made safe in between: after this many bytes or this much time.
const SAFE_BYTES: u64 = 16 * 1024 * 1024;
const SAFE_TIME: Duration = Duration::from_secs(5);
/// After a refusal at most this much is read and thrown away.
const LINGER: Duration = Duration::from_secs(1);
const LINGER_BYTES: usize = 4 * 1024 * 1024;

/// The bytes of a request, as they arrive.
pub type Incoming = BoxStream<'static, io::Result<Bytes>>;

/// One piece of an upload.
#[derive(Debug, Clone, Default)]
pub struct Piece {
    /// Where it starts.
    pub offset: u64,
    /// Bytes of the whole file, when it is only said now.
    pub length: Option<u64>,
    /// What it must hash to; a piece that does not is thrown away whole.
    pub checksum: Option<Checksum>,
}

/// Why no more bytes come.
enum Ending {
    /// The piece, or the file, is whole.
    Whole,
    /// The connection broke, stood still, or another request takes over.
    BrokeOff,
    /// More came than this upload may have.
    TooMuch,
    /// The disk took no more.
    DiskFull,
}

impl Uploads {
    /// Adds a piece and returns the upload as it then stands; the last piece completes it. Goes on to the end even when the
    /// caller is dropped: a closed connection must not lose what has arrived.
    pub async fn append(
        &self,
        id: UploadId,
        owner: Owner,
        piece: Piece,
        body: Incoming,
    ) -> anyhow::Result<Upload> {
        let uploads = self.clone();
        let mut body = body;
        let work = async move {
            if uploads.stop.is_cancelled() {
                return Err(refuse(UploadProblem::BrokeOff));
            }
            let outcome = uploads.append_now(id, owner, piece, &mut body).await;
            if outcome.as_ref().is_err_and(|why| !has_code(why, "upload.broke_off")) {
                let_sender_finish(body).await;
            }
            outcome
        };
        self.tasks.spawn(work).await.context("an upload's piece was cut off")?
    }

    async fn append_now(
        &self,
        id: UploadId,
        owner: Owner,
        piece: Piece,
        body: &mut Incoming,
    ) -> anyhow::Result<Upload> {
        let mut turn = self.slots.take_turn(id, Arrival::Patient).await.map_err(refuse)?;
        let mut upload = self.load(id, owner).await?;
        if upload.received != piece.offset {
            return Err(refuse(UploadProblem::WrongOffset(upload.received)));
        }
        // A finished upload takes no more bytes; an empty repetition of its end is answered like the first.
        if upload.state != UploadState::Open {
            return Ok(upload);
        }
        set_length(&mut upload, piece.length)?;
        let ending = self.take_in(&mut upload, &mut turn, piece.checksum, body).await?;
        if upload.has_all_bytes() {
            return self.finish(upload, turn).await;
        }
        match ending {
            Ending::Whole => Ok(upload),
            Ending::BrokeOff => Err(refuse(UploadProblem::BrokeOff)),
            Ending::TooMuch => Err(refuse(UploadProblem::TooLarge(upload.max_bytes))),
            Ending::DiskFull => Err(refuse(UploadProblem::DiskFull)),
        }
    }

    /// Writes what arrives and makes it safe.
    async fn take_in(
        &self,
        upload: &mut Upload,
        turn: &mut Turn,
        checksum: Option<Checksum>,
        body: &mut Incoming,
    ) -> anyhow::Result<Ending> {
        let before = upload.received;
        let hashed = turn.progress.hashed.take();
        let hasher = match &hashed {
            Some((at, hasher)) if *at == before => Some(hasher.clone()),
            _ => (before == 0).then(Sha256::new),
        };
        let mut writing = Writing::open(self, upload, hasher, checksum.map(Checksum::start)).await?;
        let ending = writing.run(self, upload, turn, body).await?;
        if !writing.accept(&ending).await? {
            turn.progress.hashed = hashed;
            return if matches!(ending, Ending::Whole) {
                Err(refuse(UploadProblem::ChecksumMismatch))
            } else {
                Ok(ending)
            };
        }
        writing.make_safe(self, upload).await?;
        turn.progress.hashed = writing.hasher.map(|hasher| (upload.received, hasher));
        Ok(ending)
    }

    /// The owner's upload if bytes may be asked for or added.
    pub(super) async fn load(&self, id: UploadId, owner: Owner) -> anyhow::Result<Upload> {
        let mut read = self.db.read().await?;
        let found = row::find(&mut read, id).await?.filter(|upload| upload.owner == owner);
        let Some(upload) = found else { return Err(refuse(UploadProblem::NotFound)) };
        let overdue = upload.state != UploadState::Consumed && upload.expires_at <= self.db.clock().now();
        match upload.state {
            UploadState::Expired | UploadState::Aborted => Err(refuse(UploadProblem::Gone)),
            _ if overdue => Err(refuse(UploadProblem::Gone)),
            UploadState::Open | UploadState::Complete | UploadState::Consumed => Ok(upload),
        }
    }
}

/// Reads on for a moment after a refusal: a connection closed over unread bytes would reach the sender as a broken line
/// instead of our answer.
async fn let_sender_finish(mut body: Incoming) {
    let read_on = async {
        let mut left = LINGER_BYTES;
        while let Some(Ok(bytes)) = body.next().await {
            left = left.saturating_sub(bytes.len());
            if left == 0 {
                break;
            }
        }
    };
    let _ = tokio::time::timeout(LINGER, read_on).await;
}

/// Whether an error is the refusal with this code.
pub(super) fn has_code(why: &anyhow::Error, code: &str) -> bool {
    why.downcast_ref::<Refusal>().is_some_and(|refusal| refusal.code == code)
}

fn set_length(upload: &mut Upload, given: Option<u64>) -> anyhow::Result<()> {
    let Some(given) = given else { return Ok(()) };
    if given > upload.max_bytes {
        return Err(refuse(UploadProblem::TooLarge(upload.max_bytes)));
    }
    if upload.length.is_some_and(|known| known != given) || given < upload.received {
        return Err(refuse(UploadProblem::BadLength));
    }
    upload.length = Some(given);
    Ok(())
}

/// The file of an upload while a piece is written.
struct Writing {
    file: File,
    /// Where the piece began.
    start: u64,
    /// How far the row says it is safe.
    safe: u64,
    safe_since: Instant,
    at: u64,
    hasher: Option<Sha256>,
    checking: Option<Checking>,
}

impl Writing {
    async fn open(
        uploads: &Uploads,
        upload: &Upload,
        hasher: Option<Sha256>,
        checking: Option<Checking>,
    ) -> anyhow::Result<Self> {
        let path = uploads.partial_path(upload.id);
        let mut file =
            File::options().write(true).open(path).await.context("opening the file of an upload")?;
        file.set_len(upload.received).await.context("cutting off what was not acknowledged")?;
        file.seek(io::SeekFrom::End(0)).await?;
        let start = upload.received;
        Ok(Self { file, start, safe: start, safe_since: Instant::now(), at: start, hasher, checking })
    }

    async fn run(
        &mut self,
        uploads: &Uploads,
        upload: &mut Upload,
        turn: &Turn,
        body: &mut Incoming,
    ) -> anyhow::Result<Ending> {
        let end = upload.length.unwrap_or(upload.max_bytes);
        loop {
            if upload.length == Some(self.at) {
                return Ok(Ending::Whole);
            }
            let next = tokio::select! {
                next = tokio::time::timeout(SILENCE, body.next()) => next,
                () = turn.stop.cancelled() => return Ok(Ending::BrokeOff),
                () = uploads.stop.cancelled() => return Ok(Ending::BrokeOff),
            };
            let bytes = match next {
                Ok(Some(Ok(bytes))) => bytes,
                Ok(None) => return Ok(Ending::Whole),
                Ok(Some(Err(_))) | Err(_) => return Ok(Ending::BrokeOff),
            };
            turn.heard();
            let fitting = usize::try_from(end - self.at).unwrap_or(usize::MAX).min(bytes.len());
            if let Some(ending) = self.write(&bytes[..fitting]).await? {
                return Ok(ending);
            }
            // Bytes after the end of a file of known length are ignored (tus); without a length they are too many.
            if fitting < bytes.len() && upload.length.is_none() {
                return Ok(Ending::TooMuch);
            }
            if self.is_time_to_make_safe() {
                self.make_safe(uploads, upload).await?;
                if uploads.require_room(0).is_err() {
                    return Ok(Ending::DiskFull);
                }
            }
        }
    }

    async fn write(&mut self, bytes: &[u8]) -> anyhow::Result<Option<Ending>> {
        match self.file.write_all(bytes).await {
            Ok(()) => {}
            Err(full) if is_full(&full) => return self.keep_what_was_written().await.map(Some),
            Err(other) => return Err(other).context("writing an upload"),
        }
        self.at += bytes.len() as u64;
        if let Some(hasher) = &mut self.hasher {
            hasher.update(bytes);
        }
        if let Some(checking) = &mut self.checking {
            checking.update(bytes);
        }
        Ok(None)
    }

    /// After a full disk only the file itself knows how much it took.
    async fn keep_what_was_written(&mut self) -> anyhow::Result<Ending> {
        self.at = self.file.metadata().await?.len().min(self.at).max(self.safe);
        self.hasher = None;
        Ok(Ending::DiskFull)
    }

    fn is_time_to_make_safe(&self) -> bool {
        let due = self.at - self.safe >= SAFE_BYTES || self.safe_since.elapsed() >= SAFE_TIME;
        // With a checksum nothing counts until all of the piece is there.
        due && self.checking.is_none()
    }

    /// Whether the piece may be kept; cuts it off when its checksum does not fit or cannot be known.
    async fn accept(&mut self, ending: &Ending) -> anyhow::Result<bool> {
        let Some(checking) = self.checking.take() else { return Ok(true) };
        if matches!(ending, Ending::Whole) && checking.fits() {
            return Ok(true);
        }
        self.file.flush().await?;
        self.file.set_len(self.start).await.context("throwing a piece away")?;
        Ok(false)
    }

    /// Flushes the file, then writes the row: the promise to the sender.
    async fn make_safe(&mut self, uploads: &Uploads, upload: &mut Upload) -> anyhow::Result<()> {
        match self.file.flush().await {
            Ok(()) => {}
            Err(full) if is_full(&full) => {
                self.keep_what_was_written().await?;
            }
            Err(other) => return Err(other).context("writing an upload"),
        }
        self.file.sync_data().await.context("flushing an upload")?;
        let mut tx = uploads.db.begin().await?;
        upload.received = self.at;
        upload.expires_at = tx.now() + OPEN_FOR;
        if row::advance(&mut tx, upload, self.safe).await? == 0 {
            return Err(refuse(UploadProblem::Gone));
        }
        tx.commit().await?;
        self.safe = self.at;
        self.safe_since = Instant::now();
        Ok(())
    }
}

fn is_full(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}

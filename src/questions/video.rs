//! Signed questions: always private, never public, deleted when their time is over.

use super::QuestionProblem;
use crate::db::{Tx, query};
use crate::ids::{TicketId, UploadId};
use crate::refusal::refuse;

/// A video that arrived by a citizen's ticket.
#[derive(Debug, Clone, Copy)]
pub struct Video {
    /// The upload.
    pub upload_id: UploadId,
    /// Proof that it is the asker's own: the ticket it was sent with.
    pub ticket: TicketId,
}

/// Takes a complete upload of this ticket for a question, once, and returns where it is stored.
pub(super) async fn take(tx: &mut Tx, video: Video) -> anyhow::Result<String> {
    let taken: Option<(String,)> = query(
        "UPDATE upload SET state = 'consumed'
         WHERE id = $1 AND owner_kind = 'ticket' AND owner_id = $2 AND state = 'complete' AND storage_key IS NOT NULL
         RETURNING storage_key",
    )
    .bind(video.upload_id)
    .bind(video.ticket)
    .optional(tx)
    .await?;
    taken.map(|row| row.0).ok_or_else(|| refuse(QuestionProblem::BadVideo))
}

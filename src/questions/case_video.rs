//! What is signed in a case after the question itself: a message of the asker, or the desk's own reply.
//!
//! Like a signed question it is encoded anew in the cage before anybody sees it, is never public, and goes when the
//! question's clear text goes.

use super::intake::KEPT_FOR;
use super::retention::DeleteVideo;
use super::row::Question;
use super::video_job::PrepareVideo;
use super::video_loss::VideoLoss;
use crate::app::App;
use crate::db::{Conn, Tx, query, query_text};
use crate::ids::{CaseVideoId, MessageId, QuestionId, ReplyId, UploadId};
use crate::jobs;
use crate::store::BlobKey;
use crate::uploads::consume_from_citizen;

super::state::words! {
    /// Where a signed message or reply stands.
    VideoState {
        /// It is being checked and encoded anew; nobody sees it.
        Waiting = "waiting",
        /// It can be watched.
        Kept = "kept",
        /// It is damaged, too long or shows nothing.
        Refused = "refused",
        /// We could not work on it; a person may try again.
        Failed = "failed",
        /// Its time is over.
        Deleted = "deleted",
    }
}

/// A signed message or reply.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub struct CaseVideo {
    /// Which one.
    pub id: CaseVideoId,
    /// The message that it is, unless it is a reply.
    pub message_id: Option<MessageId>,
    /// The reply that it is, unless it is a message.
    pub reply_id: Option<ReplyId>,
    video_key: Option<BlobKey>,
    /// Where it stands.
    #[sqlx(rename = "video_state")]
    pub state: VideoState,
    video_refusal: String,
    /// Pixels across; 0 until it is encoded, as with the next three.
    pub width: i64,
    /// Pixels down.
    pub height: i64,
    /// How long it is.
    pub duration_ms: i64,
    /// Pictures a second.
    pub fps: f64,
}

const COLUMNS: &str =
    "id, message_id, reply_id, video_key, video_state, video_refusal, width, height, duration_ms, fps";

impl CaseVideo {
    /// Where it is stored, once it may be watched. Nobody sees the original: it has not been checked.
    pub fn key(&self) -> Option<BlobKey> {
        self.video_key.filter(|_| self.state == VideoState::Kept)
    }

    /// Why it cannot be used, if it cannot.
    pub fn loss(&self) -> Option<VideoLoss> {
        VideoLoss::of(self.state.as_str(), &self.video_refusal)
    }
}

/// What a video belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Message(MessageId),
    Reply(ReplyId),
}

/// Everything that was signed in a case after the question itself.
pub(super) async fn of_question(conn: &mut impl Conn, id: QuestionId) -> sqlx::Result<Vec<CaseVideo>> {
    query_text(format!("SELECT {COLUMNS} FROM case_video WHERE question_id = $1 ORDER BY id"))
        .bind(id)
        .all(conn)
        .await
}

/// The signed part of a reply.
pub(super) async fn of_reply(conn: &mut impl Conn, id: ReplyId) -> sqlx::Result<Option<CaseVideo>> {
    query_text(format!("SELECT {COLUMNS} FROM case_video WHERE reply_id = $1")).bind(id).optional(conn).await
}

/// Whether this upload already is a message of this case: the same form came twice.
pub(super) async fn asker_sent(
    conn: &mut impl Conn,
    question: QuestionId,
    upload: UploadId,
) -> sqlx::Result<bool> {
    let known: i64 = query(
        "SELECT COUNT(*) FROM case_video WHERE question_id = $1 AND message_id IS NOT NULL AND upload_id = $2",
    )
    .bind(question)
    .bind(upload)
    .value(conn)
    .await?;
    Ok(known > 0)
}

/// Whether this upload already is the signed part of this reply.
pub(super) async fn reply_has(conn: &mut impl Conn, reply: ReplyId, upload: UploadId) -> sqlx::Result<bool> {
    let known: i64 = query("SELECT COUNT(*) FROM case_video WHERE reply_id = $1 AND upload_id = $2")
        .bind(reply)
        .bind(upload)
        .value(conn)
        .await?;
    Ok(known > 0)
}

/// Whether the question was signed, or something that the asker added to it.
pub(super) async fn asked_in_sign(conn: &mut impl Conn, question: &Question) -> sqlx::Result<bool> {
    Ok(question.video_state != "none" || asker_signed(conn, question.id).await?)
}

/// Whether the asker has signed a message in this case.
async fn asker_signed(conn: &mut impl Conn, question: QuestionId) -> sqlx::Result<bool> {
    let signed: i64 =
        query("SELECT COUNT(*) FROM case_video WHERE question_id = $1 AND message_id IS NOT NULL")
            .bind(question)
            .value(conn)
            .await?;
    Ok(signed > 0)
}

/// Takes a complete upload for a message or reply, once, and queues its encoding.
pub(super) async fn attach(
    tx: &mut Tx,
    question: QuestionId,
    part: Part,
    upload: UploadId,
) -> anyhow::Result<()> {
    let video = consume_from_citizen(tx, upload).await?;
    let now = tx.now();
    let id = CaseVideoId::new(now);
    let (message, reply) = match part {
        Part::Message(message) => (Some(message), None),
        Part::Reply(reply) => (None, Some(reply)),
    };
    query(
        "INSERT INTO case_video (id, question_id, message_id, reply_id, upload_id, video_key, video_state, width,
                                 height, duration_ms, fps, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 0, 0, 0.0, $8)",
    )
    .bind(id)
    .bind(question)
    .bind(message)
    .bind(reply)
    .bind(upload)
    .bind(video.storage_key)
    .bind(VideoState::Waiting)
    .bind(now)
    .execute(tx)
    .await?;
    // A case that goes on is kept as long as a new one; otherwise a late reply would be deleted before it is seen.
    query("UPDATE question SET clear_until = CASE WHEN clear_until < $1 THEN $1 ELSE clear_until END WHERE id = $2")
        .bind(now + KEPT_FOR)
        .bind(question)
        .execute(tx)
        .await?;
    jobs::enqueue::<App, _>(tx, &PrepareVideo { question_id: question, part: Some(id) }).await?;
    Ok(())
}

/// Takes the signed part out of a reply that has not gone out.
pub(super) async fn detach(tx: &mut Tx, reply: ReplyId) -> anyhow::Result<()> {
    let Some(video) = of_reply(tx, reply).await? else { return Ok(()) };
    query("DELETE FROM case_video WHERE id = $1").bind(video.id).execute(tx).await?;
    if let Some(key) = video.video_key {
        jobs::enqueue::<App, _>(tx, &DeleteVideo { storage_key: key }).await?;
    }
    Ok(())
}

/// Forgets everything that was signed in a case; says how many videos it were.
pub(super) async fn forget(tx: &mut Tx, question: QuestionId) -> anyhow::Result<usize> {
    let keys: Vec<(BlobKey,)> = query(
        "SELECT video_key FROM case_video WHERE question_id = $1 AND video_key IS NOT NULL ORDER BY id",
    )
    .bind(question)
    .all(tx)
    .await?;
    query(
        "UPDATE case_video SET video_key = NULL, video_state = $1 WHERE question_id = $2 AND video_key IS NOT NULL",
    )
    .bind(VideoState::Deleted)
    .bind(question)
    .execute(tx)
    .await?;
    for (key,) in &keys {
        jobs::enqueue::<App, _>(tx, &DeleteVideo { storage_key: *key }).await?;
    }
    Ok(keys.len())
}

//! What asker and desk write to each other beside the question and the replies: the rows.
//!
//! The asker's words go the way of every question: codes and passwords are cut before anything is written, the rest is
//! sealed, and only the masked text is seen by everything else.

use super::QuestionProblem;
use super::case_video::{self, CaseVideo, Part};
use super::intake::purpose;
use super::row::Question;
use super::text::{self, Segment, segments};
use super::video_loss::VideoLoss;
use crate::audit::{Actor, Entry};
use crate::clock::Millis;
use crate::db::{Conn, Tx, query};
use crate::ids::{MessageId, QuestionId, StaffId, UploadId};
use crate::refusal::refuse;
use crate::seal::Sealer;
use crate::text::route::Privacy;
use crate::text::{Span, cut_secrets, redact, route};
use serde_json::json;

/// An asker writes at most this many messages in one cycle; more belongs into a new question.
const MOST_OF_A_CYCLE: i64 = 5;

/// Who wrote a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Author {
    /// The person who asks.
    Asker,
    /// The team.
    Desk,
}

/// What the asker says: words, signing, or both.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Saying {
    /// The words; may be empty beside a video.
    pub text: String,
    /// A complete upload.
    pub video: Option<UploadId>,
}

impl From<&str> for Saying {
    fn from(text: &str) -> Self {
        Self { text: text.to_owned(), video: None }
    }
}

impl Saying {
    /// Whether there is nothing to keep.
    pub(super) fn is_empty(&self) -> bool {
        self.text.trim().is_empty() && self.video.is_none()
    }
}

/// One message, with its masks.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    /// Who wrote it. The asker is not told which member of staff.
    pub author: Author,
    /// The text with its masks as pieces.
    pub segments: Vec<Segment>,
    /// The signed message.
    pub video: Option<CaseVideo>,
    /// When.
    pub at: Millis,
}

impl Message {
    /// Why nothing of it can be read or watched, if nothing can.
    pub(super) fn loss(&self) -> Option<VideoLoss> {
        self.video.as_ref().and_then(CaseVideo::loss).filter(|_| self.segments.is_empty())
    }
}

/// The messages of a question, oldest first.
pub(super) async fn of_question(conn: &mut impl Conn, id: QuestionId) -> anyhow::Result<Vec<Message>> {
    let mut videos = case_video::of_question(conn, id).await?;
    let rows: Vec<(MessageId, String, String, String, Millis)> =
        query("SELECT id, author, redacted, masked, at FROM message WHERE question_id = $1 ORDER BY seq")
            .bind(id)
            .all(conn)
            .await?;
    rows.into_iter()
        .map(|(id, author, redacted, masked, at)| {
            let video = videos.iter().position(|video| video.message_id == Some(id));
            let video = video.map(|place| videos.swap_remove(place));
            let kinds: Vec<String> = serde_json::from_str(&masked)?;
            let author = if author == "desk" { Author::Desk } else { Author::Asker };
            Ok(Message { author, segments: segments(&redacted, &kinds), video, at })
        })
        .collect()
}

/// Keeps what the asker writes or signs. A personal matter, and a face, make the question private; nothing makes it
/// public. The same upload again changes nothing.
pub(super) async fn from_asker(
    tx: &mut Tx,
    sealer: &Sealer,
    question: &mut Question,
    said: &Saying,
) -> anyhow::Result<()> {
    let written = text::clean(&said.text).map_err(refuse)?;
    if written.is_empty() && said.video.is_none() {
        return Err(refuse(QuestionProblem::EmptyMessage));
    }
    if let Some(upload) = said.video
        && case_video::asker_sent(tx, question.id, upload).await?
    {
        return Ok(());
    }
    if count(tx, question).await? >= MOST_OF_A_CYCLE {
        return Err(refuse(QuestionProblem::TooManyMessages));
    }
    let redacted = redact(&written);
    let id = MessageId::new(tx.now());
    let sealed =
        sealer.seal(&purpose(&format!("message.{id}"), question.id), cut_secrets(&written).as_bytes())?;
    // First the question's row: whoever writes to it at the same time waits, so that the numbers follow each other.
    follow_route(tx, question, &written, &redacted.spans, said.video.is_some()).await?;
    // Signing alone has no words to seal.
    let sealed = Some(sealed).filter(|_| !written.is_empty());
    let row =
        Row { id, author: Author::Asker, staff: None, sealed, text: &redacted.text, spans: &redacted.spans };
    insert(tx, question, &row).await?;
    match said.video {
        Some(upload) => case_video::attach(tx, question.id, Part::Message(id), upload).await,
        None => Ok(()),
    }
}

/// Keeps what the desk writes; the caller has checked the text.
pub(super) async fn from_desk(
    tx: &mut Tx,
    question: &Question,
    staff: StaffId,
    body: &str,
) -> anyhow::Result<()> {
    let id = MessageId::new(tx.now());
    insert(
        tx,
        question,
        &Row { id, author: Author::Desk, staff: Some(staff), sealed: None, text: body, spans: &[] },
    )
    .await
}

struct Row<'a> {
    id: MessageId,
    author: Author,
    staff: Option<StaffId>,
    sealed: Option<Vec<u8>>,
    text: &'a str,
    spans: &'a [Span],
}

async fn insert(tx: &mut Tx, question: &Question, row: &Row<'_>) -> anyhow::Result<()> {
    let masked: Vec<&str> = row.spans.iter().map(|span| span.kind.code()).collect();
    let (author, actor) = match (row.author, row.staff) {
        (Author::Desk, Some(staff)) => ("desk", Actor::Staff(staff)),
        (Author::Desk, None) => ("desk", Actor::System),
        (Author::Asker, _) => ("asker", Actor::Citizen),
    };
    let now = tx.now();
    query(
        "INSERT INTO message (id, question_id, seq, cycle, author, staff_id, clear_sealed, redacted, masked, at)
         VALUES ($1, $2, (SELECT COALESCE(MAX(seq), 0) + 1 FROM message WHERE question_id = $2), $3, $4, $5, $6, $7, $8,
                 $9)",
    )
    .bind(row.id)
    .bind(question.id)
    .bind(question.cycle)
    .bind(author)
    .bind(row.staff)
    .bind(row.sealed.clone())
    .bind(row.text.to_owned())
    .bind(serde_json::to_string(&masked)?)
    .bind(now)
    .execute(tx)
    .await?;
    let facts = json!({ "message": row.id, "author": author, "masked": masked });
    tx.record(Entry::new(actor, "question.message", "question", question.id).with(facts));
    Ok(())
}

/// How much the asker has said in this cycle. A recording that was lost is not held against anybody.
async fn count(tx: &mut Tx, question: &Question) -> sqlx::Result<i64> {
    query(
        "SELECT COUNT(*) FROM message WHERE question_id = $1 AND cycle = $2 AND author = 'asker'
         AND NOT (redacted = '' AND EXISTS (SELECT 1 FROM case_video WHERE case_video.message_id = message.id
                         AND case_video.video_state IN ('refused', 'failed')))",
    )
    .bind(question.id)
    .bind(question.cycle)
    .value(tx)
    .await
}

async fn follow_route(
    tx: &mut Tx,
    question: &mut Question,
    written: &str,
    spans: &[Span],
    signed: bool,
) -> anyhow::Result<()> {
    let way = route(written, spans);
    let mut reasons = question.reasons();
    let private = signed || way.privacy == Privacy::Private;
    if private && question.privacy != Privacy::Private.code() {
        question.privacy = Privacy::Private.code().to_owned();
        reasons.retain(|reason| reason != "general_question");
        match signed {
            true => reasons.push("citizen_video".to_owned()),
            false => reasons.extend(way.reasons.iter().map(|reason| reason.code.to_owned())),
        }
        question.route_reasons = serde_json::to_string(&reasons)?;
    }
    question.had_secret |= spans.iter().any(|span| span.kind.is_secret());
    query("UPDATE question SET privacy = $1, route_reasons = $2, had_secret = $3 WHERE id = $4")
        .bind(question.privacy.clone())
        .bind(question.route_reasons.clone())
        .bind(question.had_secret)
        .bind(question.id)
        .execute(tx)
        .await?;
    Ok(())
}

/// What the asker wrote since, without codes and passwords; only what is still kept.
pub(super) async fn clear(tx: &mut Tx, sealer: &Sealer, id: QuestionId) -> anyhow::Result<Vec<String>> {
    let rows: Vec<(MessageId, Vec<u8>)> = query(
        "SELECT id, clear_sealed FROM message WHERE question_id = $1 AND clear_sealed IS NOT NULL ORDER BY seq",
    )
    .bind(id)
    .all(tx)
    .await?;
    rows.into_iter()
        .map(|(message, sealed)| {
            let opened = sealer.open(&purpose(&format!("message.{message}"), id), &sealed)?;
            Ok(String::from_utf8(opened)?)
        })
        .collect()
}

/// What the asker has written since, masked, oldest first.
pub(super) async fn masked(conn: &mut impl Conn, id: QuestionId) -> sqlx::Result<String> {
    let rows: Vec<(String,)> = query(
        "SELECT redacted FROM message WHERE question_id = $1 AND author = 'asker' AND redacted <> '' ORDER BY seq",
    )
    .bind(id)
    .all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| row.0).collect::<Vec<_>>().join("\n"))
}

/// Deletes the clear text of a question's messages; the masked text stays.
pub(super) async fn forget(tx: &mut Tx, id: QuestionId) -> sqlx::Result<()> {
    query("UPDATE message SET clear_sealed = NULL WHERE question_id = $1").bind(id).execute(tx).await?;
    Ok(())
}

//! What asker and desk write to each other beside the question and the replies: the rows.
//!
//! The asker's words go the way of every question: codes and passwords are cut before anything is written, the rest is
//! sealed, and only the masked text is seen by everything else.

use super::QuestionProblem;
use super::intake::purpose;
use super::row::Question;
use super::text::{self, Segment, segments};
use crate::audit::{Actor, Entry};
use crate::clock::Millis;
use crate::db::{Conn, Tx, query};
use crate::ids::{MessageId, QuestionId, StaffId};
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

/// One message, with its masks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Who wrote it. The asker is not told which member of staff.
    pub author: Author,
    /// The text with its masks as pieces.
    pub segments: Vec<Segment>,
    /// When.
    pub at: Millis,
}

/// The messages of a question, oldest first.
pub(super) async fn of_question(conn: &mut impl Conn, id: QuestionId) -> anyhow::Result<Vec<Message>> {
    let rows: Vec<(String, String, String, Millis)> =
        query("SELECT author, redacted, masked, at FROM message WHERE question_id = $1 ORDER BY seq")
            .bind(id)
            .all(conn)
            .await?;
    rows.into_iter()
        .map(|(author, redacted, masked, at)| {
            let kinds: Vec<String> = serde_json::from_str(&masked)?;
            let author = if author == "desk" { Author::Desk } else { Author::Asker };
            Ok(Message { author, segments: segments(&redacted, &kinds), at })
        })
        .collect()
}

/// Keeps what the asker writes. A message about a personal matter makes the question private; nothing makes it public.
pub(super) async fn from_asker(
    tx: &mut Tx,
    sealer: &Sealer,
    question: &mut Question,
    written: &str,
) -> anyhow::Result<()> {
    let written = text::clean(written).map_err(refuse)?;
    if written.is_empty() {
        return Err(refuse(QuestionProblem::EmptyMessage));
    }
    if count(tx, question).await? >= MOST_OF_A_CYCLE {
        return Err(refuse(QuestionProblem::TooManyMessages));
    }
    let redacted = redact(&written);
    let id = MessageId::new(tx.now());
    let sealed =
        sealer.seal(&purpose(&format!("message.{id}"), question.id), cut_secrets(&written).as_bytes())?;
    // First the question's row: whoever writes to it at the same time waits, so that the numbers follow each other.
    follow_route(tx, question, &written, &redacted.spans).await?;
    let row = Row {
        id,
        author: Author::Asker,
        staff: None,
        sealed: Some(sealed),
        text: &redacted.text,
        spans: &redacted.spans,
    };
    insert(tx, question, &row).await
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

async fn count(tx: &mut Tx, question: &Question) -> sqlx::Result<i64> {
    query("SELECT COUNT(*) FROM message WHERE question_id = $1 AND cycle = $2 AND author = 'asker'")
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
) -> anyhow::Result<()> {
    let way = route(written, spans);
    let mut reasons = question.reasons();
    if way.privacy == Privacy::Private && question.privacy != Privacy::Private.code() {
        question.privacy = Privacy::Private.code().to_owned();
        reasons.retain(|reason| reason != "general_question");
        reasons.extend(way.reasons.iter().map(|reason| reason.code.to_owned()));
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

/// Deletes the clear text of a question's messages; the masked text stays.
pub(super) async fn forget(tx: &mut Tx, id: QuestionId) -> sqlx::Result<()> {
    query("UPDATE message SET clear_sealed = NULL WHERE question_id = $1").bind(id).execute(tx).await?;
    Ok(())
}

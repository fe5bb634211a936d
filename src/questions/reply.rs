//! The rows of replies and the one way in which their state moves.

use super::QuestionProblem;
use super::state::{ReplyEvent, ReplyState};
use crate::audit::{Actor, Entry};
use crate::clock::Millis;
use crate::db::{Conn, Tx, query, query_text};
use crate::ids::{ClipId, DepartmentId, QuestionId, ReplyId, StaffId, VersionId};
use crate::refusal::{Refusal, refuse};
use serde_json::{Value, json};

/// A reply.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Reply {
    /// Which one.
    pub id: ReplyId,
    /// To which question.
    pub question_id: QuestionId,
    /// In which cycle of the question.
    pub cycle: i64,
    /// The signed answer.
    pub clip_id: Option<ClipId>,
    /// The version that was public when it was written.
    pub version_id: Option<VersionId>,
    /// The text; may be empty beside a clip.
    pub body: String,
    /// `public` or `private`.
    pub privacy: String,
    /// Why the privacy differs from the rule's.
    pub override_reason: String,
    /// Why a question asked in sign is answered in writing alone.
    pub unsigned_reason: String,
    /// Who wrote it.
    pub author_id: StaffId,
    /// Where it stands.
    pub state: ReplyState,
    /// Since when.
    pub state_since: Millis,
    /// Whether a second person has to agree.
    pub needs_approval: bool,
    /// Whose people may approve it; supervisors may always.
    pub department_id: Option<DepartmentId>,
    /// It does not go out before.
    pub not_before: Option<Millis>,
    /// The second person.
    pub decided_by: Option<StaffId>,
    /// Why it went back.
    pub decision_reason: String,
    /// When it was first saved.
    pub created_at: Millis,
    /// When it went out.
    pub sent_at: Option<Millis>,
    /// For `If-Match` and lost updates.
    pub row_version: i64,
}

const COLUMNS: &str = "id, question_id, cycle, clip_id, version_id, body, privacy, override_reason, unsigned_reason, author_id, \
     state, state_since, needs_approval, department_id, not_before, decided_by, decision_reason, created_at, sent_at, \
     row_version";

/// One reply, or the refusal that there is none.
pub(super) async fn get(conn: &mut impl Conn, id: ReplyId) -> anyhow::Result<Reply> {
    let found = find(conn, id).await?;
    found.ok_or_else(|| refuse(Refusal::not_found()))
}

/// One reply.
pub(super) async fn find(conn: &mut impl Conn, id: ReplyId) -> sqlx::Result<Option<Reply>> {
    query_text(format!("SELECT {COLUMNS} FROM reply WHERE id = $1")).bind(id).optional(conn).await
}

/// The question that a reply answers.
pub async fn question_of_reply(conn: &mut impl Conn, id: ReplyId) -> sqlx::Result<Option<QuestionId>> {
    Ok(find(conn, id).await?.map(|reply| reply.question_id))
}

/// All replies to a question, oldest first.
pub(super) async fn of_question(conn: &mut impl Conn, id: QuestionId) -> sqlx::Result<Vec<Reply>> {
    query_text(format!("SELECT {COLUMNS} FROM reply WHERE question_id = $1 ORDER BY created_at, id"))
        .bind(id)
        .all(conn)
        .await
}

/// The draft that `author` has in this cycle of the question.
pub(super) async fn draft_of(
    conn: &mut impl Conn,
    question: QuestionId,
    cycle: i64,
    author: StaffId,
) -> sqlx::Result<Option<Reply>> {
    query_text(format!(
        "SELECT {COLUMNS} FROM reply
         WHERE question_id = $1 AND cycle = $2 AND author_id = $3 AND state = 'draft' ORDER BY id DESC LIMIT 1"
    ))
    .bind(question)
    .bind(cycle)
    .bind(author)
    .optional(conn)
    .await
}

/// Writes a new reply.
pub(super) async fn insert(tx: &mut Tx, reply: &Reply) -> sqlx::Result<()> {
    query(
        "INSERT INTO reply (id, question_id, cycle, clip_id, version_id, body, privacy, override_reason, author_id,
                            state, state_since, needs_approval, department_id, decision_reason, created_at,
                            row_version, unsigned_reason)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, '', $11, 1, $14)",
    )
    .bind(reply.id)
    .bind(reply.question_id)
    .bind(reply.cycle)
    .bind(reply.clip_id)
    .bind(reply.version_id)
    .bind(reply.body.clone())
    .bind(reply.privacy.clone())
    .bind(reply.override_reason.clone())
    .bind(reply.author_id)
    .bind(reply.state)
    .bind(reply.created_at)
    .bind(reply.needs_approval)
    .bind(reply.department_id)
    .bind(reply.unsigned_reason.clone())
    .execute(tx)
    .await?;
    Ok(())
}

/// Replaces what a draft says; an earlier decision about it is void.
pub(super) async fn rewrite(tx: &mut Tx, reply: &Reply) -> anyhow::Result<()> {
    let changed = query(
        "UPDATE reply SET clip_id = $1, version_id = $2, body = $3, privacy = $4, override_reason = $5,
                          needs_approval = $6, department_id = $7, unsigned_reason = $8, decided_by = NULL,
                          not_before = NULL, row_version = row_version + 1
         WHERE id = $9 AND row_version = $10 AND state = 'draft'",
    )
    .bind(reply.clip_id)
    .bind(reply.version_id)
    .bind(reply.body.clone())
    .bind(reply.privacy.clone())
    .bind(reply.override_reason.clone())
    .bind(reply.needs_approval)
    .bind(reply.department_id)
    .bind(reply.unsigned_reason.clone())
    .bind(reply.id)
    .bind(reply.row_version)
    .execute(tx)
    .await?;
    if changed == 0 { Err(refuse(Refusal::stale())) } else { Ok(()) }
}

/// Moves the reply by `event`, with its audit row; refuses what the machine does not list.
pub(super) async fn step(
    tx: &mut Tx,
    reply: &mut Reply,
    actor: Actor,
    event: ReplyEvent,
) -> anyhow::Result<()> {
    step_with(tx, reply, actor, event, json!({})).await
}

/// [`step`] with more facts for the audit row.
pub(super) async fn step_with(
    tx: &mut Tx,
    reply: &mut Reply,
    actor: Actor,
    event: ReplyEvent,
    mut facts: Value,
) -> anyhow::Result<()> {
    let Some(next) = reply.state.next(event) else {
        return Err(refuse(QuestionProblem::ReplyMoved));
    };
    let now = tx.now();
    let changed = query(
        "UPDATE reply SET state = $1, state_since = $2, row_version = row_version + 1
         WHERE id = $3 AND row_version = $4",
    )
    .bind(next)
    .bind(now)
    .bind(reply.id)
    .bind(reply.row_version)
    .execute(tx)
    .await?;
    if changed == 0 {
        return Err(refuse(Refusal::stale()));
    }
    facts["question"] = json!(reply.question_id);
    facts["to"] = json!(next);
    tx.record(Entry::new(actor, event.verb(), "reply", reply.id).with(facts));
    reply.state = next;
    reply.state_since = now;
    reply.row_version += 1;
    Ok(())
}

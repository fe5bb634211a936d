//! Asking the studio for a clip, and coming back to the asker when it is public.

use super::row;
use super::state::QuestionEvent;
use super::suggest::{Candidate, suggest_first};
use super::{QuestionProblem, access, text};
use crate::app::App;
use crate::audit::{Actor, Entry};
use crate::clock::Millis;
use crate::db::{Conn, Tx, query};
use crate::ids::{BriefId, ClipId, QuestionId, ServiceId, StaffId};
use crate::people::{Permission, Staff};
use crate::refusal::{Refusal, refuse};
use crate::text::redact::find;
use serde_json::json;

/// The note for the studio has at most this many characters.
const MAX_NOTE: usize = 1_000;

/// What the studio is asked to sign.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Brief {
    /// Which one.
    pub id: BriefId,
    /// The question that needs it.
    pub question_id: QuestionId,
    /// What it is about.
    pub service_id: Option<ServiceId>,
    /// From the desk; without personal details.
    pub note: String,
    /// The question with masks.
    pub redacted: String,
    /// `proposed`, `accepted` or `done`.
    pub state: String,
    /// The clip that is being made for it.
    pub clip_id: Option<ClipId>,
    /// Who asked.
    pub created_by: StaffId,
    /// When.
    pub created_at: Millis,
    /// For lost updates.
    pub row_version: i64,
}

/// Asks the studio for a clip that answers the question. Whoever holds the claim, or anybody at the desk when nobody
/// does.
pub async fn brief(app: &App, staff: &Staff, id: QuestionId, note: &str) -> anyhow::Result<BriefId> {
    let mut tx = app.db.begin().await?;
    let brief = brief_in(&mut tx, staff, id, note).await?;
    tx.commit().await?;
    Ok(brief)
}

/// [`brief`] in the caller's transaction.
pub async fn brief_in(tx: &mut Tx, staff: &Staff, id: QuestionId, note: &str) -> anyhow::Result<BriefId> {
    let note = text::clean(note).map_err(refuse)?;
    if note.is_empty() || note.chars().count() > MAX_NOTE {
        return Err(refuse(QuestionProblem::BadNote));
    }
    let kinds: Vec<&str> = find(&note).iter().map(|span| span.kind.code()).collect();
    if !kinds.is_empty() {
        return Err(refuse(QuestionProblem::Identifier { kinds: kinds.join(", ") }));
    }
    let now = tx.now();
    let mut question = row::get(tx, id).await?;
    access::check(tx, staff, &question).await?;
    if question.is_claimed_at(now) && question.claimed_by != Some(staff.id) {
        return Err(refuse(QuestionProblem::HeldByAnother));
    }
    row::step(tx, &mut question, Actor::Staff(staff.id), QuestionEvent::Brief).await?;
    row::set_claim(tx, &mut question, None, None).await?;
    let brief_id = BriefId::new(now);
    // A question that was briefed, answered otherwise and reopened is briefed again in the same row.
    let (brief_id,): (BriefId,) = query(
        "INSERT INTO brief (id, question_id, service_id, note, state, created_by, created_at, row_version)
         VALUES ($1, $2, $3, $4, 'proposed', $5, $6, 1)
         ON CONFLICT (question_id) DO UPDATE SET note = excluded.note, state = 'proposed', clip_id = NULL,
                                                 row_version = brief.row_version + 1
         RETURNING id",
    )
    .bind(brief_id)
    .bind(id)
    .bind(question.service_id)
    .bind(note)
    .bind(staff.id)
    .bind(now)
    .one(tx)
    .await?;
    tx.record(
        Entry::new(Actor::Staff(staff.id), "brief.proposed", "brief", brief_id)
            .with(json!({ "question": id })),
    );
    Ok(brief_id)
}

/// The briefs that the studio has not finished, oldest first.
pub async fn open_briefs(conn: &mut impl Conn) -> sqlx::Result<Vec<Brief>> {
    query(
        "SELECT b.id, b.question_id, b.service_id, b.note, q.redacted, b.state, b.clip_id, b.created_by, b.created_at,
                b.row_version
         FROM brief b JOIN question q ON q.id = b.question_id
         WHERE b.state IN ('proposed', 'accepted') ORDER BY b.created_at, b.id",
    )
    .all(conn)
    .await
}

/// One brief.
pub async fn brief_of(conn: &mut impl Conn, id: BriefId) -> sqlx::Result<Option<Brief>> {
    query(
        "SELECT b.id, b.question_id, b.service_id, b.note, q.redacted, b.state, b.clip_id, b.created_by, b.created_at,
                b.row_version
         FROM brief b JOIN question q ON q.id = b.question_id WHERE b.id = $1",
    )
    .bind(id)
    .optional(conn)
    .await
}

/// The studio makes `clip` for the brief; when it is public, the question is back on the desk with it.
pub async fn accept_brief(app: &App, staff: &Staff, id: BriefId, clip: ClipId) -> anyhow::Result<()> {
    if !staff.role.may(Permission::Produce) {
        return Err(refuse(Refusal::forbidden()));
    }
    let mut tx = app.db.begin().await?;
    let changed = query(
        "UPDATE brief SET clip_id = $1, state = 'accepted', row_version = row_version + 1
         WHERE id = $2 AND state IN ('proposed', 'accepted') AND EXISTS (SELECT 1 FROM clip WHERE id = $1)",
    )
    .bind(clip)
    .bind(id)
    .execute(&mut tx)
    .await?;
    if changed == 0 {
        return Err(refuse(Refusal::not_found()));
    }
    tx.record(
        Entry::new(Actor::Staff(staff.id), "brief.accepted", "brief", id).with(json!({ "clip": clip })),
    );
    tx.commit().await?;
    Ok(())
}

/// Brings questions back whose clip is public now; says how many. Safe to run at any time, any number of times.
pub async fn answer_briefs(app: &App) -> anyhow::Result<usize> {
    let mut read = app.db.read().await?;
    let ready: Vec<(BriefId, QuestionId, ClipId)> = query(
        "SELECT b.id, b.question_id, b.clip_id FROM brief b JOIN clip c ON c.id = b.clip_id
         WHERE b.state = 'accepted' AND c.published_version_id IS NOT NULL ORDER BY b.id LIMIT 100",
    )
    .all(&mut read)
    .await?;
    drop(read);
    for &(brief, question, clip) in &ready {
        let mut tx = app.db.begin().await?;
        if finish(&mut tx, brief, question, clip).await? {
            tx.commit().await?;
        }
    }
    Ok(ready.len())
}

async fn finish(tx: &mut Tx, brief: BriefId, id: QuestionId, clip: ClipId) -> anyhow::Result<bool> {
    let closed = query(
        "UPDATE brief SET state = 'done', row_version = row_version + 1 WHERE id = $1 AND state = 'accepted'",
    )
    .bind(brief)
    .execute(tx)
    .await?;
    if closed == 0 {
        return Ok(false);
    }
    let candidate = Candidate { clip_id: clip, score: 1.0, reasons: json!([{ "brief": true }]), cue: None };
    suggest_first(tx, id, &candidate, "brief").await?;
    let mut question = row::get(tx, id).await?;
    // Somebody may have claimed or answered it meanwhile; then the clip is just the first suggestion.
    if question.state.next(QuestionEvent::ClipPublished).is_some() {
        row::step_with(
            tx,
            &mut question,
            Actor::System,
            QuestionEvent::ClipPublished,
            json!({ "clip": clip }),
        )
        .await?;
    }
    tx.record(Entry::new(Actor::System, "brief.done", "brief", brief).with(json!({ "clip": clip })));
    Ok(true)
}

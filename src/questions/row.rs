//! The rows of questions and the one way in which their state moves.

use super::QuestionProblem;
use super::state::{Found, QuestionEvent, QuestionState};
use crate::audit::{Actor, Entry};
use crate::clock::Millis;
use crate::db::{Conn, Tx, query, query_text};
use crate::ids::{ChannelId, QuestionId, ServiceId, StaffId, UploadId};
use crate::refusal::{Refusal, refuse};
use crate::store::BlobKey;
use serde_json::{Value, json};

/// A question as the desk works with it: without the sealed parts.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Question {
    /// Which one.
    pub id: QuestionId,
    /// What the asker can type; shows the status only.
    pub code: String,
    /// Where it came from.
    pub channel_id: ChannelId,
    /// The channel's own name for it.
    pub external_id: String,
    /// The text with masks.
    pub redacted: String,
    /// `none`, `waiting`, `kept`, `refused`, `failed` or `deleted`.
    pub video_state: String,
    /// Why the signed question was refused: the code of the media job.
    pub video_refusal: String,
    /// Where the signed question is stored, while it is kept.
    pub video_key: Option<BlobKey>,
    /// The upload it came by.
    pub video_upload_id: Option<UploadId>,
    /// CONTRACT section 6.
    pub intent: String,
    /// What the rule proposes: `public` or `private`.
    pub privacy: String,
    /// JSON list of reason codes.
    pub route_reasons: String,
    /// A code, password or fraud: first in the list.
    pub urgent: bool,
    /// Only women staff may open it.
    pub wants_woman: bool,
    /// A one-time code or password was cut out.
    pub had_secret: bool,
    /// What it is about, when known.
    pub service_id: Option<ServiceId>,
    /// Where it stands.
    pub state: QuestionState,
    /// Since when.
    pub state_since: Millis,
    /// The matcher's probability that its first suggestion is right, in thousandths.
    pub confidence: Option<i64>,
    /// Who works on it.
    pub claimed_by: Option<StaffId>,
    /// Until when, unless renewed.
    pub claim_until: Option<Millis>,
    /// How often it was asked, from 1; each time has its own clock.
    pub cycle: i64,
    /// When it arrived.
    pub received_at: Millis,
    /// When an answer is due.
    pub due_at: Millis,
    /// When the supervisors were told that the answer is late.
    pub escalated_at: Option<Millis>,
    /// The question of the same asker that is answered instead.
    pub duplicate_of: Option<QuestionId>,
    /// When the first reply went out.
    pub first_reply_at: Option<Millis>,
    /// When the asker understood.
    pub resolved_at: Option<Millis>,
    /// Until when the clear text is kept.
    pub clear_until: Millis,
    /// For `If-Match` and lost updates.
    pub row_version: i64,
}

const COLUMNS: &str = "id, code, channel_id, external_id, redacted, video_state, video_refusal, video_key, video_upload_id, intent, \
     privacy, route_reasons, urgent, wants_woman, had_secret, service_id, state, state_since, confidence, claimed_by, \
     claim_until, cycle, received_at, due_at, escalated_at, duplicate_of, first_reply_at, resolved_at, clear_until, \
     row_version";

impl Question {
    /// Whether somebody's claim is good at `now`.
    pub fn is_claimed_at(&self, now: Millis) -> bool {
        let being_worked_on = matches!(self.state, QuestionState::Claimed | QuestionState::Drafted);
        being_worked_on && self.claim_until.is_some_and(|until| until > now)
    }

    /// Whether `staff` holds a good claim at `now`.
    pub fn is_claimed_by(&self, staff: StaffId, now: Millis) -> bool {
        self.is_claimed_at(now) && self.claimed_by == Some(staff)
    }

    /// The codes of the reasons of the route.
    pub fn reasons(&self) -> Vec<String> {
        serde_json::from_str(&self.route_reasons).unwrap_or_default()
    }

    /// Whether the answer is late at `now`.
    pub fn is_overdue_at(&self, now: Millis) -> bool {
        self.state.is_open() && self.due_at <= now
    }

    /// Whether a signed question is kept.
    pub fn has_video(&self) -> bool {
        self.video_key.is_some()
    }
}

/// One question.
pub async fn find(conn: &mut impl Conn, id: QuestionId) -> sqlx::Result<Option<Question>> {
    query_text(format!("SELECT {COLUMNS} FROM question WHERE id = $1")).bind(id).optional(conn).await
}

/// One question, or the refusal that there is none.
pub(super) async fn get(conn: &mut impl Conn, id: QuestionId) -> anyhow::Result<Question> {
    find(conn, id).await?.ok_or_else(|| refuse(Refusal::not_found()))
}

/// The question whose asker's link has this hash.
pub(super) async fn find_by_secret_hash(
    conn: &mut impl Conn,
    hash: Vec<u8>,
) -> sqlx::Result<Option<Question>> {
    query_text(format!("SELECT {COLUMNS} FROM question WHERE secret_hash = $1"))
        .bind(hash)
        .optional(conn)
        .await
}

/// The question with this short code.
pub(super) async fn find_by_code(conn: &mut impl Conn, code: &str) -> sqlx::Result<Option<Question>> {
    query_text(format!("SELECT {COLUMNS} FROM question WHERE code = $1"))
        .bind(code.to_owned())
        .optional(conn)
        .await
}

/// The question that this channel calls `external_id`.
pub(super) async fn find_by_external_id(
    conn: &mut impl Conn,
    channel: ChannelId,
    external_id: &str,
) -> sqlx::Result<Option<Question>> {
    query_text(format!("SELECT {COLUMNS} FROM question WHERE channel_id = $1 AND external_id = $2"))
        .bind(channel)
        .bind(external_id.to_owned())
        .optional(conn)
        .await
}

/// The kinds of what was masked, in the order of the text.
pub(super) async fn redaction_kinds(conn: &mut impl Conn, id: QuestionId) -> sqlx::Result<Vec<String>> {
    let rows: Vec<(String,)> =
        query("SELECT kind FROM redaction WHERE question_id = $1 ORDER BY seq").bind(id).all(conn).await?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

/// Whether the matcher, or an agent, has a published clip for it that nobody rejected.
pub(super) async fn has_answer(conn: &mut impl Conn, id: QuestionId) -> sqlx::Result<Found> {
    let count: i64 = query(
        "SELECT COUNT(*) FROM suggestion s JOIN clip c ON c.id = s.clip_id
         WHERE s.question_id = $1 AND s.verdict NOT IN ('rejected', 'weak') AND c.published_version_id IS NOT NULL",
    )
    .bind(id)
    .value(conn)
    .await?;
    Ok(if count > 0 { Found::Answer } else { Found::Nothing })
}

/// Holds both questions until the transaction ends, always in the same order, so that two that are each said to repeat
/// the other cannot both be closed.
pub(super) async fn hold(tx: &mut Tx, mut both: [QuestionId; 2]) -> sqlx::Result<()> {
    both.sort_unstable();
    for id in both {
        query("UPDATE question SET row_version = row_version WHERE id = $1").bind(id).execute(tx).await?;
    }
    Ok(())
}

/// Moves the question by `event`, with its audit row. Refuses what the machine does not list, and what somebody else
/// has changed since the question was read.
pub(super) async fn step(
    tx: &mut Tx,
    question: &mut Question,
    actor: Actor,
    event: QuestionEvent,
) -> anyhow::Result<()> {
    step_with(tx, question, actor, event, json!({})).await
}

/// [`step`] with more facts for the audit row.
pub(super) async fn step_with(
    tx: &mut Tx,
    question: &mut Question,
    actor: Actor,
    event: QuestionEvent,
    mut facts: Value,
) -> anyhow::Result<()> {
    let Some(next) = question.state.next(event) else {
        return Err(refuse(QuestionProblem::WrongState { state: question.state }));
    };
    let now = tx.now();
    let changed = query(
        "UPDATE question SET state = $1, state_since = $2, row_version = row_version + 1
         WHERE id = $3 AND row_version = $4",
    )
    .bind(next)
    .bind(now)
    .bind(question.id)
    .bind(question.row_version)
    .execute(tx)
    .await?;
    if changed == 0 {
        return Err(refuse(Refusal::stale()));
    }
    facts["from"] = json!(question.state);
    facts["to"] = json!(next);
    facts["cycle"] = json!(question.cycle);
    tx.record(Entry::new(actor, event.verb(), "question", question.id).with(facts));
    question.state = next;
    question.state_since = now;
    question.row_version += 1;
    Ok(())
}

/// Writes who works on the question and until when.
pub(super) async fn set_claim(
    tx: &mut Tx,
    question: &mut Question,
    by: Option<StaffId>,
    until: Option<Millis>,
) -> sqlx::Result<()> {
    query("UPDATE question SET claimed_by = $1, claim_until = $2 WHERE id = $3")
        .bind(by)
        .bind(until)
        .bind(question.id)
        .execute(tx)
        .await?;
    question.claimed_by = by;
    question.claim_until = until;
    Ok(())
}

//! Verdicts on suggestions. An accepted pair teaches the matcher the wording, if the wording names nobody.

use super::row::{self, Question};
use super::{claim, lessons};
use crate::app::App;
use crate::audit::{Actor, Entry};
use crate::db::{Tx, query};
use crate::ids::{ClipId, QuestionId, StaffId};
use crate::people::Staff;
use crate::refusal::{Refusal, refuse};
use crate::text::redact::find;
use crate::text::route::Intent;
use serde_json::json;

/// Longer texts are stories, not wordings.
const LONGEST_WORDING: usize = 300;

/// What an agent says about a suggestion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It answers the question.
    Accepted,
    /// It does not.
    Rejected,
}

/// Judges one suggestion of a question that `staff` has claimed.
pub async fn judge(
    app: &App,
    staff: &Staff,
    id: QuestionId,
    clip: ClipId,
    verdict: Verdict,
) -> anyhow::Result<()> {
    let mut tx = app.db.begin().await?;
    let question = claim::mine(&mut tx, staff, id).await?;
    let known: i64 = query("SELECT COUNT(*) FROM suggestion WHERE question_id = $1 AND clip_id = $2")
        .bind(id)
        .bind(clip)
        .value(&mut tx)
        .await?;
    if known == 0 {
        return Err(refuse(Refusal::not_found()));
    }
    match verdict {
        Verdict::Accepted => accept(&mut tx, &question, clip, staff.id).await?,
        Verdict::Rejected => reject(&mut tx, &question, clip, staff.id).await?,
    }
    tx.commit().await?;
    Ok(())
}

/// Notes that `clip` answers `question` and teaches the wording.
pub(super) async fn accept(
    tx: &mut Tx,
    question: &Question,
    clip: ClipId,
    by: StaffId,
) -> anyhow::Result<()> {
    write_verdict(tx, question, clip, by, "accepted").await?;
    if !may_teach(tx, question).await? {
        return Ok(());
    }
    if lessons::learn(tx, clip, &question.redacted, by).await? {
        tx.changed("clip", clip);
        let facts = json!({ "question": question.id });
        tx.record(Entry::new(Actor::Staff(by), "clip.wording_learned", "clip", clip).with(facts));
    }
    Ok(())
}

/// Notes that `clip` does not answer `question`. Whoever said before that it does was mistaken: the wording goes, unless
/// the same wording was confirmed at another question.
async fn reject(tx: &mut Tx, question: &Question, clip: ClipId, by: StaffId) -> anyhow::Result<()> {
    write_verdict(tx, question, clip, by, "rejected").await?;
    if lessons::forget(tx, clip, &question.redacted).await? {
        tx.changed("clip", clip);
        let facts = json!({ "question": question.id });
        tx.record(Entry::new(Actor::Staff(by), "clip.wording_unlearned", "clip", clip).with(facts));
    }
    Ok(())
}

async fn write_verdict(
    tx: &mut Tx,
    question: &Question,
    clip: ClipId,
    by: StaffId,
    verdict: &'static str,
) -> anyhow::Result<()> {
    let now = tx.now();
    let changed = query(
        "UPDATE suggestion SET verdict = $1, decided_by = $2, decided_at = $3
         WHERE question_id = $4 AND clip_id = $5 AND verdict <> $1",
    )
    .bind(verdict)
    .bind(by)
    .bind(now)
    .bind(question.id)
    .bind(clip)
    .execute(tx)
    .await?;
    if changed > 0 {
        let facts = json!({ "clip": clip, "verdict": verdict });
        tx.record(Entry::new(Actor::Staff(by), "suggestion.judged", "question", question.id).with(facts));
    }
    Ok(())
}

/// Only general information questions without any identifier: an alias is indexed for everybody.
async fn may_teach(tx: &mut Tx, question: &Question) -> sqlx::Result<bool> {
    let text = &question.redacted;
    let general = question.intent == Intent::Information.code() && question.video_state == "none";
    let told_in_confidence =
        question.reasons().iter().any(|reason| !matches!(reason.as_str(), "general_question" | "unclear"));
    let fits = !text.is_empty() && text.chars().count() <= LONGEST_WORDING;
    if !general || told_in_confidence || !fits || !find(text).is_empty() {
        return Ok(false);
    }
    Ok(row::redaction_kinds(tx, question.id).await?.is_empty())
}

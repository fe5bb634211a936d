//! Matching a question with the published clips: a job that sees only the redacted text.

use super::alike;
use super::message;
use super::ranking;
use super::row;
use super::state::{Found, QuestionEvent, QuestionState};
use crate::app::App;
use crate::audit::Actor;
use crate::db::{Tx, query};
use crate::ids::{ClipId, QuestionId};
use crate::jobs::{Job, JobError, Run};
use serde_json::{Value, json};

/// A moment of a clip.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Cue {
    /// Milliseconds from the start.
    pub start_ms: i64,
    /// Milliseconds from the start.
    pub end_ms: i64,
    /// The caption.
    pub text: String,
}

/// A clip that may answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// A published clip.
    pub clip_id: ClipId,
    /// The matcher's score; higher is better.
    pub score: f64,
    /// JSON list: matching words, synonyms, fields.
    pub reasons: Value,
    /// The moment that answers, if one stands out.
    pub cue: Option<Cue>,
}

/// What the matcher found, best first.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranking {
    /// Best first.
    pub candidates: Vec<Candidate>,
    /// None of them is good enough to be shown as an answer.
    pub abstain: bool,
    /// Calibrated probability that the first one is right.
    pub confidence: f64,
    /// Which matcher and version it was.
    pub matcher: String,
    /// The sentence model took part.
    pub by_meaning: bool,
}

impl Ranking {
    /// Nobody looked, or nothing was found.
    pub fn nothing(matcher: &str) -> Self {
        Self {
            candidates: Vec::new(),
            abstain: true,
            confidence: 0.0,
            matcher: matcher.to_owned(),
            by_meaning: false,
        }
    }
}

/// At most this many suggestions are kept: the desk takes one with the keys 1 to 5.
pub(super) const KEPT: usize = 5;

/// The job: asks the matcher and stores its suggestions.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub struct Match {
    /// Which question.
    pub question_id: QuestionId,
}

impl Job<App> for Match {
    const KIND: &'static str = "match_question";
    const PRIORITY: i64 = 10;

    fn subject(&self) -> Option<uuid::Uuid> {
        Some(self.question_id.uuid())
    }

    fn dedupe_key(&self) -> Option<String> {
        Some(format!("match:{}", self.question_id))
    }

    async fn run(self, app: App, run: Run) -> Result<(), JobError> {
        let mut read = app.db.read().await?;
        let Some(question) = row::find(&mut read, self.question_id).await? else { return Ok(()) };
        // Who asked in sign may have added words.
        let text = match question.redacted.is_empty() {
            true => message::masked(&mut read, question.id).await?,
            false => question.redacted.clone(),
        };
        drop(read);
        let found =
            if text.is_empty() { Ranking::nothing("none") } else { ranking::rank(&app, &text, KEPT).await? };
        let mut tx = app.db.begin().await?;
        store_ranking(&mut tx, self.question_id, &found).await?;
        alike::group(&mut tx, &question, &app.matcher.tuition().current().lexicon).await?;
        run.complete(&mut tx).await?;
        tx.commit().await?;
        Ok(())
    }

    /// A matcher that does not work must not hold a question back from the desk.
    async fn buried(self, app: App, _reason: String) -> anyhow::Result<()> {
        let mut tx = app.db.begin().await?;
        let nothing = Ranking::nothing("failed");
        store_ranking(&mut tx, self.question_id, &nothing).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// Replaces the suggestions that nobody has decided on and moves a waiting question to `matched` or `gap`.
pub async fn store_ranking(tx: &mut Tx, id: QuestionId, ranking: &Ranking) -> anyhow::Result<()> {
    let mut question = row::get(tx, id).await?;
    let waits =
        matches!(question.state, QuestionState::Screened | QuestionState::Matched | QuestionState::Gap);
    if !waits {
        return Ok(());
    }
    query("DELETE FROM suggestion WHERE question_id = $1 AND verdict IN ('none', 'weak')")
        .bind(id)
        .execute(tx)
        .await?;
    let decided: Vec<(ClipId, i64)> =
        query("SELECT clip_id, place FROM suggestion WHERE question_id = $1").bind(id).all(tx).await?;
    let mut place = decided.iter().map(|row| row.1).max().unwrap_or(0);
    // When the matcher abstains the desk says "no approved answer"; what shares words is kept as weak, for a person to
    // look at, and does not count as an answer.
    let (shown, verdict) = if ranking.abstain {
        (worth_a_look(&ranking.candidates), "weak")
    } else {
        (ranking.candidates.iter().collect(), "none")
    };
    for &candidate in &shown {
        let is_new = decided.iter().all(|row| row.0 != candidate.clip_id);
        if is_new && is_public(tx, candidate.clip_id).await? {
            place += 1;
            insert_suggestion(tx, id, place, candidate, &ranking.matcher, verdict).await?;
        }
    }
    let thousandths = (ranking.confidence.clamp(0.0, 1.0) * 1000.0).round() as i64;
    query("UPDATE question SET confidence = $1 WHERE id = $2").bind(thousandths).bind(id).execute(tx).await?;
    let found = row::has_answer(tx, id).await?;
    let facts = json!({ "matcher": ranking.matcher, "suggestions": shown.len(), "confidence": thousandths });
    let already = match found {
        Found::Answer => question.state == QuestionState::Matched,
        Found::Nothing => question.state == QuestionState::Gap,
    };
    if already {
        return Ok(());
    }
    row::step_with(tx, &mut question, Actor::System, QuestionEvent::Rank(found), facts).await
}

/// Whether the clip is public now: the index may lag behind a withdrawal by a moment.
async fn is_public(tx: &mut Tx, clip: ClipId) -> sqlx::Result<bool> {
    let count: i64 = query("SELECT COUNT(*) FROM clip WHERE id = $1 AND published_version_id IS NOT NULL")
        .bind(clip)
        .value(tx)
        .await?;
    Ok(count == 1)
}

/// The first few that share a word or the meaning with the question; the others are noise.
fn worth_a_look(candidates: &[Candidate]) -> Vec<&Candidate> {
    const MOST: usize = 3;
    let has_reason =
        |candidate: &&Candidate| candidate.reasons.as_array().is_some_and(|list| !list.is_empty());
    candidates.iter().filter(has_reason).take(MOST).collect()
}

/// Puts a clip before everything that was suggested, whatever was thought of it before.
pub(super) async fn suggest_first(
    tx: &mut Tx,
    id: QuestionId,
    candidate: &Candidate,
    matcher: &str,
) -> sqlx::Result<()> {
    query("DELETE FROM suggestion WHERE question_id = $1 AND clip_id = $2")
        .bind(id)
        .bind(candidate.clip_id)
        .execute(tx)
        .await?;
    let first: i64 = query("SELECT COALESCE(MIN(place), 1) FROM suggestion WHERE question_id = $1")
        .bind(id)
        .value(tx)
        .await?;
    insert_suggestion(tx, id, first - 1, candidate, matcher, "none").await
}

/// Writes one suggestion: `none` waits for a verdict, `weak` is shown but does not count as an answer.
async fn insert_suggestion(
    tx: &mut Tx,
    id: QuestionId,
    place: i64,
    candidate: &Candidate,
    matcher: &str,
    verdict: &'static str,
) -> sqlx::Result<()> {
    query(
        "INSERT INTO suggestion (question_id, place, clip_id, score, reasons, cue_start_ms, cue_end_ms, cue_text,
                                 matcher, verdict)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(id)
    .bind(place)
    .bind(candidate.clip_id)
    .bind(candidate.score)
    .bind(candidate.reasons.to_string())
    .bind(candidate.cue.as_ref().map(|cue| cue.start_ms))
    .bind(candidate.cue.as_ref().map(|cue| cue.end_ms))
    .bind(candidate.cue.as_ref().map(|cue| cue.text.clone()))
    .bind(matcher.to_owned())
    .bind(verdict)
    .execute(tx)
    .await?;
    Ok(())
}

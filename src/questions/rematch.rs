//! Questions that wait are looked at again: when a clip is published that would answer them, and when the sentence model
//! is there that was not when they came.

use super::state::QuestionState;
use super::suggest::{KEPT, store_ranking};
use super::{ranking, row};
use crate::app::App;
use crate::clock::Millis;
use crate::db::{Conn, query};
use crate::ids::{ClipId, QuestionId};
use crate::jobs::{self, Job, JobError, Run};
use anyhow::anyhow;
use std::time::Duration;

/// A publication looks at this many open questions at most, the newest first; older askers have gone elsewhere.
const MOST_QUESTIONS: i64 = 300;
const OLDEST: Duration = Duration::from_secs(90 * 24 * 60 * 60);
/// Publications handled in one look.
const MOST_CLIPS: i64 = 20;
const POSITION: &str = "gap_rematch";

/// Queues a look at the gaps for each clip published since the last time; says how many. Safe to run at any time and
/// in several processes.
pub async fn queue_rematches(app: &App) -> anyhow::Result<usize> {
    if !is_due(app).await? {
        return Ok(0);
    }
    let mut tx = app.db.begin().await?;
    let now = tx.now();
    // What was published before the first look is known to every question since.
    query("INSERT INTO matching_position (name, at) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING")
        .bind(POSITION)
        .bind(now)
        .execute(&mut tx)
        .await?;
    let published = published_since_last(&mut tx).await?;
    let newest = published.last().map_or(Millis(0), |last| last.1);
    for &(clip, _) in &published {
        jobs::enqueue::<App, _>(&mut tx, &RematchGaps { clip_id: clip }).await?;
    }
    query("UPDATE matching_position SET at = $1 WHERE name = $2 AND at < $1")
        .bind(newest)
        .bind(POSITION)
        .execute(&mut tx)
        .await?;
    tx.commit().await?;
    Ok(published.len())
}

/// Whether this is the first look, or something was published since the last one. Looking writes nothing.
async fn is_due(app: &App) -> anyhow::Result<bool> {
    let mut read = app.db.read().await?;
    let known: i64 = query("SELECT COUNT(*) FROM matching_position WHERE name = $1")
        .bind(POSITION)
        .value(&mut read)
        .await?;
    Ok(known == 0 || !published_since_last(&mut read).await?.is_empty())
}

async fn published_since_last(conn: &mut impl Conn) -> sqlx::Result<Vec<(ClipId, Millis)>> {
    query(
        "SELECT id, published_at FROM clip
         WHERE published_at > (SELECT at FROM matching_position WHERE name = $1)
         ORDER BY published_at, id LIMIT $2",
    )
    .bind(POSITION)
    .bind(MOST_CLIPS)
    .all(conn)
    .await
}

/// The job: asks the matcher again for each open question without an answer.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub(super) struct RematchGaps {
    clip_id: ClipId,
}

impl Job<App> for RematchGaps {
    const KIND: &'static str = "rematch_gaps";
    const PRIORITY: i64 = 200;
    const TIMEOUT: Duration = Duration::from_secs(600);

    fn subject(&self) -> Option<uuid::Uuid> {
        Some(self.clip_id.uuid())
    }

    fn dedupe_key(&self) -> Option<String> {
        Some(format!("rematch:{}", self.clip_id))
    }

    async fn run(self, app: App, run: Run) -> Result<(), JobError> {
        if !app.search.holds(&self.clip_id.to_string())? {
            return Err(JobError::Retry(anyhow!("the index does not have the clip yet")));
        }
        for question in waiting(&app).await? {
            rematch(&app, question, self.clip_id).await?;
        }
        let mut tx = app.db.begin().await?;
        run.complete(&mut tx).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// Queues a look at the questions that were matched by words alone, once the meanings of all answers are known; says
/// whether it did. A start of the program takes some seconds to know them, and questions do not wait.
pub async fn queue_second_look(app: &App) -> anyhow::Result<bool> {
    if !app.meanings.knows_all() {
        return Ok(false);
    }
    let mut tx = app.db.begin().await?;
    jobs::enqueue::<App, _>(&mut tx, &RematchByMeaning {}).await?;
    tx.commit().await?;
    Ok(true)
}

/// The job: asks the matcher again for each open question that it has seen without the sentence model only.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub(super) struct RematchByMeaning {}

impl Job<App> for RematchByMeaning {
    const KIND: &'static str = "rematch_by_meaning";
    const PRIORITY: i64 = 200;
    const TIMEOUT: Duration = Duration::from_secs(600);

    fn subject(&self) -> Option<uuid::Uuid> {
        None
    }

    fn dedupe_key(&self) -> Option<String> {
        Some("rematch_by_meaning".to_owned())
    }

    async fn run(self, app: App, run: Run) -> Result<(), JobError> {
        for (id, redacted) in matched_by_words(&app).await? {
            let found = ranking::rank(&app, &redacted, KEPT).await?;
            if found.by_meaning {
                let mut tx = app.db.begin().await?;
                store_ranking(&mut tx, id, &found).await?;
                tx.commit().await?;
            }
        }
        let mut tx = app.db.begin().await?;
        run.complete(&mut tx).await?;
        tx.commit().await?;
        Ok(())
    }
}

async fn matched_by_words(app: &App) -> anyhow::Result<Vec<(QuestionId, String)>> {
    let mut read = app.db.read().await?;
    let rows = query(
        "SELECT q.id, q.redacted FROM question q
         WHERE q.state IN ($1, $2) AND q.redacted <> '' AND q.received_at > $3
           AND NOT EXISTS (SELECT 1 FROM suggestion s WHERE s.question_id = q.id AND s.matcher LIKE 'hybrid%')
         ORDER BY q.received_at DESC, q.id LIMIT $4",
    )
    .bind(QuestionState::Gap)
    .bind(QuestionState::Matched)
    .bind(app.clock.now() - OLDEST)
    .bind(MOST_QUESTIONS)
    .all(&mut read)
    .await?;
    Ok(rows)
}

async fn waiting(app: &App) -> anyhow::Result<Vec<QuestionId>> {
    let since = app.clock.now() - OLDEST;
    let mut read = app.db.read().await?;
    let rows: Vec<(QuestionId,)> = query(
        "SELECT id FROM question WHERE state = $1 AND redacted <> '' AND received_at > $2
         ORDER BY received_at DESC, id LIMIT $3",
    )
    .bind(QuestionState::Gap)
    .bind(since)
    .bind(MOST_QUESTIONS)
    .all(&mut read)
    .await?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

/// Stores a new ranking only where the clip that was published is a good answer now.
async fn rematch(app: &App, id: QuestionId, clip: ClipId) -> anyhow::Result<()> {
    let mut read = app.db.read().await?;
    let question = row::find(&mut read, id).await?;
    drop(read);
    let Some(question) = question.filter(|question| question.state == QuestionState::Gap) else {
        return Ok(());
    };
    let found = ranking::rank(app, &question.redacted, KEPT).await?;
    let answers = !found.abstain && found.candidates.iter().any(|candidate| candidate.clip_id == clip);
    if !answers {
        return Ok(());
    }
    let mut tx = app.db.begin().await?;
    store_ranking(&mut tx, id, &found).await?;
    tx.commit().await?;
    Ok(())
}

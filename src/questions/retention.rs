//! Clear text, contacts and signed questions are deleted when their time is over, with proof in the audit chain.

use super::{case_video, message, recurring};
use crate::app::App;
use crate::audit::{Actor, Entry};
use crate::db::{Tx, query};
use crate::ids::QuestionId;
use crate::jobs::{self, Job, JobError, Run, Runner};
use crate::store::{BlobKey, find_blob, forget_unused_blob};
use serde_json::json;
use std::time::Duration;

/// How often it looks.
const EVERY: Duration = Duration::from_secs(60 * 60);
/// Questions in one transaction.
const BATCH: i64 = 100;

/// The job: deletes what has expired and queues itself for the next hour.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub struct Retention {}

impl Job<App> for Retention {
    const KIND: &'static str = "question_retention";
    const PRIORITY: i64 = 200;

    fn subject(&self) -> Option<uuid::Uuid> {
        None
    }

    fn dedupe_key(&self) -> Option<String> {
        Some("question_retention".to_owned())
    }

    async fn run(self, app: App, run: Run) -> Result<(), JobError> {
        while delete_expired(&app).await? == BATCH {}
        recurring::complete(&app, &run, &self, EVERY).await
    }

    async fn buried(self, app: App, _reason: String) -> anyhow::Result<()> {
        recurring::resume(&app, &self, EVERY).await
    }
}

/// Makes sure that the job is queued; called when the workers start.
pub async fn schedule_retention(app: &App) -> anyhow::Result<()> {
    recurring::schedule(app, &Retention {}).await
}

/// Adds the kinds of jobs of this file.
pub(super) fn register(runner: Runner<App>) -> Runner<App> {
    runner.with::<Retention>().with::<DeleteVideo>()
}

/// Deletes the sealed parts of at most [`BATCH`] questions, then their videos; says how many questions it were.
async fn delete_expired(app: &App) -> anyhow::Result<i64> {
    let mut tx = app.db.begin().await?;
    let now = tx.now();
    let expired: Vec<(QuestionId, Option<BlobKey>)> = query(
        "SELECT id, video_key FROM question
         WHERE clear_until <= $1 AND (clear_sealed IS NOT NULL OR contact_sealed IS NOT NULL
                                      OR thread_sealed IS NOT NULL OR video_key IS NOT NULL
                                      OR EXISTS (SELECT 1 FROM message m WHERE m.question_id = question.id
                                                                           AND m.clear_sealed IS NOT NULL)
                                      OR EXISTS (SELECT 1 FROM case_video v WHERE v.question_id = question.id
                                                                              AND v.video_key IS NOT NULL))
         ORDER BY clear_until, id LIMIT $2",
    )
    .bind(now)
    .bind(BATCH)
    .all(&mut tx)
    .await?;
    for (id, video_key) in &expired {
        forget(&mut tx, *id).await?;
        let later = case_video::forget(&mut tx, *id).await?;
        if let Some(key) = video_key {
            jobs::enqueue::<App, _>(&mut tx, &DeleteVideo { storage_key: *key }).await?;
        }
        let facts = json!({ "video": video_key.is_some(), "later_videos": later });
        tx.record(Entry::new(Actor::System, "question.forgotten", "question", *id).with(facts));
    }
    tx.commit().await?;
    Ok(i64::try_from(expired.len()).unwrap_or(i64::MAX))
}

async fn forget(tx: &mut Tx, id: QuestionId) -> sqlx::Result<()> {
    message::forget(tx, id).await?;
    query(
        "UPDATE question SET clear_sealed = NULL, contact_sealed = NULL, thread_sealed = NULL, video_key = NULL,
                             video_state = CASE WHEN video_key IS NULL THEN video_state ELSE 'deleted' END
         WHERE id = $1",
    )
    .bind(id)
    .execute(tx)
    .await?;
    Ok(())
}

/// The job: deletes a video that no row names any more. The row went first, so that a crash leaves a blob without a
/// row, never a row without a blob.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub(super) struct DeleteVideo {
    pub(super) storage_key: BlobKey,
}

impl Job<App> for DeleteVideo {
    const KIND: &'static str = "delete_question_video";

    fn subject(&self) -> Option<uuid::Uuid> {
        None
    }

    async fn run(self, app: App, run: Run) -> Result<(), JobError> {
        let key = self.storage_key;
        let mut tx = app.db.begin().await?;
        let unused = forget_unused_blob(&mut tx, key).await?;
        tx.commit().await?;
        if unused || !has_row(&app, key).await? {
            app.store.delete(key).await?;
        }
        let mut tx = app.db.begin().await?;
        run.complete(&mut tx).await?;
        tx.commit().await?;
        Ok(())
    }
}

async fn has_row(app: &App, key: BlobKey) -> sqlx::Result<bool> {
    let mut read = app.db.read().await?;
    Ok(find_blob(&mut read, key).await?.is_some())
}

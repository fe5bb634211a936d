//! A signed question is checked and encoded anew before anybody sees it: what is damaged or no video is refused, and
//! places, devices and sound of the original are gone (reliability.md P7).

use super::retention::DeleteVideo;
use super::row;
use crate::app::App;
use crate::audit::{Actor, Entry};
use crate::cage::{CageError, Operation, Order, Outcome};
use crate::db::{Tx, query};
use crate::ids::QuestionId;
use crate::jobs::{self, Job, JobError, Queue, Run};
use crate::store::{Area, Blob, BlobKey, FileType, record_blob};
use anyhow::Context as _;
use media::result::{MediaResult, Rendition};
use media::{Checks, Intake, Thresholds, TranscodeOptions};
use serde_json::json;
use std::time::Duration;

/// Staff read signing at 720 lines; more is kept of nobody's face than is needed.
const ENOUGH_LINES: u32 = 720;

/// The job.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub(super) struct PrepareVideo {
    pub(super) question_id: QuestionId,
}

impl Job<App> for PrepareVideo {
    const KIND: &'static str = "prepare_question_video";
    const QUEUE: Queue = Queue::Media;
    const MAX_ATTEMPTS: i64 = 3;
    /// Somebody waits for an answer; a clip of the studio can wait a little.
    const PRIORITY: i64 = 50;
    /// The cage ends a child after ten times the clip's length; this is only the last resort.
    const TIMEOUT: Duration = Duration::from_secs(60 * 60);

    fn subject(&self) -> Option<uuid::Uuid> {
        Some(self.question_id.uuid())
    }

    fn dedupe_key(&self) -> Option<String> {
        Some(format!("question_video:{}", self.question_id))
    }

    async fn run(self, app: App, run: Run) -> Result<(), JobError> {
        let Some(original) = waiting(&app, self.question_id).await? else { return Ok(()) };
        match encode(&app, &run, original).await {
            Ok(blob) => Ok(keep(&app, &run, self.question_id, original, blob).await?),
            Err(CageError::Refused(reason)) => {
                Ok(refuse(&app, &run, self.question_id, original, &reason.code).await?)
            }
            Err(CageError::Cancelled) => Err(JobError::Stopped),
            Err(crash) if crash.is_crash() => Err(JobError::Crash(crash.to_string())),
            Err(other) => Err(JobError::Retry(other.into())),
        }
    }

    /// The original stays where it is, unseen, so that a person can try the job again.
    async fn buried(self, app: App, _reason: String) -> anyhow::Result<()> {
        let mut tx = app.db.begin().await?;
        query("UPDATE question SET video_state = 'failed' WHERE id = $1 AND video_state = 'waiting'")
            .bind(self.question_id)
            .execute(&mut tx)
            .await?;
        tx.record(Entry::new(Actor::System, "question.video_failed", "question", self.question_id));
        tx.commit().await?;
        Ok(())
    }
}

/// The original, while it waits for this job; a failed one waits again when a person retries.
async fn waiting(app: &App, id: QuestionId) -> anyhow::Result<Option<BlobKey>> {
    let mut read = app.db.read().await?;
    let question = row::find(&mut read, id).await?;
    Ok(question
        .filter(|question| matches!(question.video_state.as_str(), "waiting" | "failed"))
        .and_then(|question| question.video_key))
}

async fn encode(app: &App, run: &Run, original: BlobKey) -> Result<Blob, CageError> {
    let inbox = app.cage.job_folder()?;
    let input = inbox.path().join("original");
    app.store.fetch_to_file(original, &input).await.context("fetching a signed question")?;
    let folder = app.cage.job_folder()?;
    let limits = Thresholds::of_question();
    let options = TranscodeOptions { intake: Intake::Public, checks: Checks::Enforced, limits, trim: None };
    let order = Order {
        operation: Operation::Transcode(options),
        input,
        out_dir: folder.path().to_owned(),
        clip_ms: None,
    };
    let result = match app.cage.run(order, |_| {}, run.stop().clone()).await? {
        Outcome::Transcoded(result) => result,
        Outcome::Probe(_) | Outcome::Still(_) | Outcome::Package(_) | Outcome::Walls(_) => {
            return Err(anyhow::anyhow!("the media job answered another question").into());
        }
    };
    let chosen = chosen(&result).context("the media job made no rendition")?;
    let file = folder.path().join(&chosen.file);
    Ok(app.store.put_file(Area::Questions, &file, FileType::Mp4).await?)
}

/// The largest size that is not larger than needed; the smallest one if all are.
fn chosen(result: &MediaResult) -> Option<&Rendition> {
    let lines = |rendition: &&Rendition| rendition.width.min(rendition.height);
    let fitting = result.renditions.iter().filter(|rendition| lines(rendition) <= ENOUGH_LINES);
    fitting.max_by_key(lines).or_else(|| result.renditions.iter().min_by_key(lines))
}

/// Puts the new encoding in the original's place.
async fn keep(app: &App, run: &Run, id: QuestionId, original: BlobKey, blob: Blob) -> anyhow::Result<()> {
    let mut tx = app.db.begin().await?;
    record_blob(&mut tx, &blob).await?;
    let kept = query(
        "UPDATE question SET video_key = $1, video_state = 'kept', row_version = row_version + 1
         WHERE id = $2 AND video_key = $3",
    )
    .bind(blob.key)
    .bind(id)
    .bind(original)
    .execute(&mut tx)
    .await?;
    // The time of the question may be over by now: then the new file goes as well.
    let unneeded = if kept == 1 { original } else { blob.key };
    jobs::enqueue::<App, _>(&mut tx, &DeleteVideo { storage_key: unneeded }).await?;
    tx.record(Entry::new(Actor::System, "question.video_ready", "question", id));
    end(tx, run).await
}

async fn refuse(app: &App, run: &Run, id: QuestionId, original: BlobKey, code: &str) -> anyhow::Result<()> {
    let mut tx = app.db.begin().await?;
    query(
        "UPDATE question SET video_key = NULL, video_state = 'refused', row_version = row_version + 1
         WHERE id = $1 AND video_key = $2",
    )
    .bind(id)
    .bind(original)
    .execute(&mut tx)
    .await?;
    jobs::enqueue::<App, _>(&mut tx, &DeleteVideo { storage_key: original }).await?;
    let facts = json!({ "reason": code });
    tx.record(Entry::new(Actor::System, "question.video_refused", "question", id).with(facts));
    end(tx, run).await
}

async fn end(mut tx: Tx, run: &Run) -> anyhow::Result<()> {
    run.complete(&mut tx).await?;
    tx.commit().await?;
    Ok(())
}

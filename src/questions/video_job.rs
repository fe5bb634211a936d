//! A signed question is checked and encoded anew before anybody sees it: what is damaged or no video is refused, and
//! places, devices and sound of the original are gone (reliability.md P7).

use super::approve;
use super::retention::DeleteVideo;
use crate::app::App;
use crate::audit::{Actor, Entry};
use crate::cage::{CageError, Operation, Order, Outcome};
use crate::db::{Tx, query, query_text};
use crate::ids::{CaseVideoId, QuestionId, ReplyId};
use crate::jobs::{self, Job, JobError, Queue, Run};
use crate::store::{Area, Blob, BlobKey, FileType, record_blob};
use anyhow::Context as _;
use media::result::{MediaResult, Rendition};
use media::{Checks, Intake, Thresholds, TranscodeOptions};
use serde_json::json;
use std::time::Duration;

/// Staff read signing at 720 lines; more is kept of nobody's face than is needed.
const ENOUGH_LINES: u32 = 720;

/// The job: the question itself, or what was signed later in its case.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub(super) struct PrepareVideo {
    pub(super) question_id: QuestionId,
    #[serde(default)]
    pub(super) part: Option<CaseVideoId>,
}

/// A video with its row; both tables call its columns the same.
#[derive(Debug, Clone, Copy)]
struct Place {
    question: QuestionId,
    table: &'static str,
    row: uuid::Uuid,
}

impl PrepareVideo {
    fn place(&self) -> Place {
        let (table, row) = match self.part {
            None => ("question", self.question_id.uuid()),
            Some(part) => ("case_video", part.uuid()),
        };
        Place { question: self.question_id, table, row }
    }
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
        Some(match self.part {
            None => format!("question_video:{}", self.question_id),
            Some(part) => format!("case_video:{part}"),
        })
    }

    async fn run(self, app: App, run: Run) -> Result<(), JobError> {
        let place = self.place();
        let Some(original) = waiting(&app, place).await? else { return Ok(()) };
        match encode(&app, &run, original).await {
            Ok(film) => Ok(keep(&app, &run, place, original, film).await?),
            Err(CageError::Refused(reason)) => Ok(refuse(&app, &run, place, original, &reason.code).await?),
            Err(CageError::Cancelled) => Err(JobError::Stopped),
            Err(crash) if crash.is_crash() => Err(JobError::Crash(crash.to_string())),
            Err(other) => Err(JobError::Retry(other.into())),
        }
    }

    /// The original stays where it is, unseen, so that a person can try the job again.
    async fn buried(self, app: App, _reason: String) -> anyhow::Result<()> {
        let place = self.place();
        let mut tx = app.db.begin().await?;
        query_text(format!(
            "UPDATE {} SET video_state = 'failed' WHERE id = $1 AND video_state = 'waiting'",
            place.table
        ))
        .bind(place.row)
        .execute(&mut tx)
        .await?;
        give_back(&mut tx, place).await?;
        tx.record(Entry::new(Actor::System, "question.video_failed", "question", place.question));
        tx.commit().await?;
        Ok(())
    }
}

/// The original, while it waits for this job; a failed one waits again when a person retries.
async fn waiting(app: &App, place: Place) -> anyhow::Result<Option<BlobKey>> {
    let mut read = app.db.read().await?;
    let found: Option<(Option<BlobKey>,)> = query_text(format!(
        "SELECT video_key FROM {} WHERE id = $1 AND video_state IN ('waiting', 'failed')",
        place.table
    ))
    .bind(place.row)
    .optional(&mut read)
    .await?;
    Ok(found.and_then(|row| row.0))
}

/// The new encoding.
struct Film {
    blob: Blob,
    size: Rendition,
    duration_ms: u64,
}

async fn encode(app: &App, run: &Run, original: BlobKey) -> Result<Film, CageError> {
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
    let blob = app.store.put_file(Area::Questions, &file, FileType::Mp4).await?;
    Ok(Film { blob, size: chosen.clone(), duration_ms: result.duration_ms })
}

/// The largest size that is not larger than needed; the smallest one if all are.
fn chosen(result: &MediaResult) -> Option<&Rendition> {
    let lines = |rendition: &&Rendition| rendition.width.min(rendition.height);
    let fitting = result.renditions.iter().filter(|rendition| lines(rendition) <= ENOUGH_LINES);
    fitting.max_by_key(lines).or_else(|| result.renditions.iter().min_by_key(lines))
}

/// Puts the new encoding in the original's place.
async fn keep(app: &App, run: &Run, place: Place, original: BlobKey, film: Film) -> anyhow::Result<()> {
    let mut tx = app.db.begin().await?;
    record_blob(&mut tx, &film.blob).await?;
    let kept = query_text(format!(
        "UPDATE {} SET video_key = $1, video_state = 'kept' WHERE id = $2 AND video_key = $3",
        place.table
    ))
    .bind(film.blob.key)
    .bind(place.row)
    .bind(original)
    .execute(&mut tx)
    .await?;
    if place.table == "case_video" {
        query("UPDATE case_video SET width = $1, height = $2, duration_ms = $3, fps = $4 WHERE id = $5")
            .bind(i64::from(film.size.width))
            .bind(i64::from(film.size.height))
            .bind(i64::try_from(film.duration_ms)?)
            .bind(film.size.fps)
            .bind(place.row)
            .execute(&mut tx)
            .await?;
    }
    // The time of the question may be over by now: then the new file goes as well.
    let unneeded = if kept == 1 { original } else { film.blob.key };
    jobs::enqueue::<App, _>(&mut tx, &DeleteVideo { storage_key: unneeded }).await?;
    tx.record(Entry::new(Actor::System, "question.video_ready", "question", place.question));
    end(tx, run, place).await
}

async fn refuse(app: &App, run: &Run, place: Place, original: BlobKey, code: &str) -> anyhow::Result<()> {
    let mut tx = app.db.begin().await?;
    query_text(format!(
        "UPDATE {} SET video_key = NULL, video_state = 'refused', video_refusal = $1 WHERE id = $2 AND video_key = $3",
        place.table
    ))
    .bind(code.to_owned())
    .bind(place.row)
    .bind(original)
    .execute(&mut tx)
    .await?;
    give_back(&mut tx, place).await?;
    jobs::enqueue::<App, _>(&mut tx, &DeleteVideo { storage_key: original }).await?;
    let facts = json!({ "reason": code });
    tx.record(Entry::new(Actor::System, "question.video_refused", "question", place.question).with(facts));
    end(tx, run, place).await
}

/// A reply whose signing cannot be used goes back to its author: nobody can agree to what nobody can watch.
async fn give_back(tx: &mut Tx, place: Place) -> anyhow::Result<()> {
    let reply: Option<(ReplyId,)> = query(
        "SELECT r.id FROM case_video v JOIN reply r ON r.id = v.reply_id
               WHERE v.id = $1 AND v.video_state IN ('refused', 'failed') AND r.state = 'awaiting_approval'",
    )
    .bind(place.row)
    .optional(tx)
    .await?;
    match reply {
        Some((reply,)) => approve::give_back(tx, Actor::System, reply).await,
        None => Ok(()),
    }
}

/// Every page of the question has changed.
async fn end(mut tx: Tx, run: &Run, place: Place) -> anyhow::Result<()> {
    query("UPDATE question SET row_version = row_version + 1 WHERE id = $1")
        .bind(place.question)
        .execute(&mut tx)
        .await?;
    run.complete(&mut tx).await?;
    tx.commit().await?;
    Ok(())
}

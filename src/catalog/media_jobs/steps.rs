//! The writes of a media job before its last one, and the ways it can end without a result. All are conditional on the
//! fencing token, so that a worker that lost the job changes nothing.

use super::{Prepare, Refused, Work, clip_of};
use crate::app::App;
use crate::audit::Entry;
use crate::cage::CageError;
use crate::catalog::By;
use crate::catalog::clip::take_clip;
use crate::catalog::media_state::{MediaEvent, MediaState};
use crate::catalog::state::{Event, VersionState};
use crate::catalog::version::{Version, transition, version};
use crate::db::{Tx, query};
use crate::ids::VersionId;
use crate::jobs::{JobError, Run};
use media::ProbeReport;
use serde_json::json;

/// Loads what the job is about and checks that the work still applies; `None` when it does not. A job that a person
/// tries again takes its version back out of `failed`.
pub(super) async fn begin(app: &App, run: &Run, job: &Prepare) -> Result<Option<Work>, JobError> {
    let mut tx = app.db.begin().await?;
    let Some((seen, _)) = clip_of(&mut tx, job.version_id).await? else { return Ok(None) };
    let clip = take_clip(&mut tx, seen.id, None).await?;
    let Some(mut version) = version(&mut tx, job.version_id).await? else { return Ok(None) };
    let Some(original) = version.original_key.filter(|key| key.hash.to_string() == job.source) else {
        return Ok(None);
    };
    let waiting = version.media.state.next(MediaEvent::TryAgain).unwrap_or(version.media.state);
    let Some(begun) = waiting.next(MediaEvent::Begin) else { return Ok(None) };
    match version.state {
        VersionState::Processing => {}
        VersionState::Failed => {
            transition(&mut tx, By::System, &mut version, Event::StartProcessing).await?;
        }
        _ => return Ok(None),
    }
    run.guard(&mut tx).await?;
    query(
        "UPDATE clip_version SET media_state = $1, media_progress = 0, media_eta_ms = NULL, media_error_code = NULL,
                media_error_ar = NULL, media_error_en = NULL, checks = '[]'
         WHERE id = $2",
    )
    .bind(begun.as_str())
    .bind(version.id)
    .execute(&mut tx)
    .await?;
    // What an earlier attempt showed early is made again.
    query("DELETE FROM rendition WHERE version_id = $1").bind(version.id).execute(&mut tx).await?;
    tx.commit().await?;
    version.media.state = begun;
    Ok(Some(Work { app: app.clone(), run: run.clone(), clip, version, original }))
}

/// The checks passed: keeps the facts and says that encoding has begun.
pub(super) async fn start_encoding(work: &Work, facts: &ProbeReport) -> anyhow::Result<()> {
    let mut tx = work.app.db.begin().await?;
    work.run.guard(&mut tx).await?;
    query(
        "UPDATE clip_version SET media_state = $1, probe = $2, checks = $3, duration_ms = $4, media_progress = $5
         WHERE id = $6",
    )
    .bind(encoding()?.as_str())
    .bind(serde_json::to_string(facts)?)
    .bind(serde_json::to_string(&facts.checks)?)
    .bind(facts.video.as_ref().and_then(|video| i64::try_from(video.duration_ms).ok()))
    .bind(super::PROBE_SHARE)
    .bind(work.version.id)
    .execute(&mut tx)
    .await?;
    tx.commit().await?;
    Ok(())
}

/// The same for a graphic, which has nothing to measure first.
pub(super) async fn start_still(work: &Work) -> anyhow::Result<()> {
    let mut tx = work.app.db.begin().await?;
    work.run.guard(&mut tx).await?;
    query("UPDATE clip_version SET media_state = $1 WHERE id = $2")
        .bind(encoding()?.as_str())
        .bind(work.version.id)
        .execute(&mut tx)
        .await?;
    tx.commit().await?;
    Ok(())
}

fn encoding() -> anyhow::Result<MediaState> {
    let state = MediaState::Probing.next(MediaEvent::StartEncoding);
    state.ok_or_else(|| anyhow::anyhow!("encoding must follow the checks"))
}

/// Writes how much is done, for the page, and renews the lease.
pub(super) async fn show_progress(work: &Work, done: i64, left_ms: Option<u64>) -> anyhow::Result<()> {
    work.run.report(done).await?;
    let mut tx = work.app.db.begin().await?;
    query(
        "UPDATE clip_version SET media_progress = $1, media_eta_ms = $2
         WHERE id = $3 AND media_state IN ('probing', 'transcoding')",
    )
    .bind(done)
    .bind(left_ms.and_then(|left| i64::try_from(left).ok()))
    .bind(work.version.id)
    .execute(&mut tx)
    .await?;
    tx.commit().await?;
    Ok(())
}

/// Ends the job with the file refused: not a failure of ours, so nothing is tried again.
pub(super) async fn refuse(work: &Work, refused: Box<Refused>) -> anyhow::Result<()> {
    let mut tx = work.app.db.begin().await?;
    take_clip(&mut tx, work.clip.id, None).await?;
    let Some(mut version) = version(&mut tx, work.version.id).await? else { return Ok(()) };
    work.run.complete(&mut tx).await?;
    // A cut is judged when it is made: what was shown early of it is taken back.
    query("DELETE FROM rendition WHERE version_id = $1").bind(version.id).execute(&mut tx).await?;
    query(
        "UPDATE clip_version SET media_state = $1, media_eta_ms = NULL, media_error_code = $2, media_error_ar = $3,
                media_error_en = $4, checks = $5, probe = $6
         WHERE id = $7",
    )
    .bind(MediaState::Refused.as_str())
    .bind(refused.reason.code.clone())
    .bind(refused.reason.message_ar)
    .bind(refused.reason.message_en)
    .bind(serde_json::to_string(&refused.shown.checks)?)
    .bind(refused.probe)
    .bind(version.id)
    .execute(&mut tx)
    .await?;
    refused.shown.record(&mut tx, version.id).await?;
    transition(&mut tx, By::System, &mut version, Event::MediaFailed).await?;
    let detail = json!({ "version": version.n, "reason": refused.reason.code });
    tx.record(Entry::new(By::System.actor(), "media.refused", "clip", version.clip_id).with(detail));
    tx.commit().await?;
    Ok(())
}

/// Keeps the words about a failed attempt; they stand if the job is given up.
pub(super) async fn note_trouble(work: &Work, trouble: &CageError) -> anyhow::Result<()> {
    let reason = trouble.reason();
    let mut tx = work.app.db.begin().await?;
    work.run.guard(&mut tx).await?;
    write_error(&mut tx, work.version.id, &reason).await?;
    tx.commit().await?;
    Ok(())
}

async fn write_error(tx: &mut Tx, id: VersionId, reason: &media::Reason) -> sqlx::Result<()> {
    query(
        "UPDATE clip_version SET media_error_code = $1, media_error_ar = $2, media_error_en = $3, media_eta_ms = NULL
         WHERE id = $4",
    )
    .bind(reason.code.clone())
    .bind(reason.message_ar.clone())
    .bind(reason.message_en.clone())
    .bind(id)
    .execute(tx)
    .await?;
    Ok(())
}

/// The queue has given the job up: says so to the producer, who can try again.
pub(super) async fn give_up(app: &App, id: VersionId) -> anyhow::Result<()> {
    let mut tx = app.db.begin().await?;
    let Some((clip, _)) = clip_of(&mut tx, id).await? else { return Ok(()) };
    take_clip(&mut tx, clip.id, None).await?;
    let Some(mut version) = version(&mut tx, id).await? else { return Ok(()) };
    let Some(failed) = version.media.state.next(MediaEvent::Fail) else { return Ok(()) };
    if version.media.error.is_none() {
        let unknown = CageError::Failed { sentence: String::new() };
        write_error(&mut tx, id, &unknown.reason()).await?;
    }
    query("UPDATE clip_version SET media_state = $1, media_eta_ms = NULL WHERE id = $2")
        .bind(failed.as_str())
        .bind(id)
        .execute(&mut tx)
        .await?;
    fail_version(&mut tx, &mut version).await?;
    tx.commit().await?;
    Ok(())
}

async fn fail_version(tx: &mut Tx, version: &mut Version) -> anyhow::Result<()> {
    if version.state == VersionState::Processing {
        transition(tx, By::System, version, Event::MediaFailed).await?;
    }
    let detail = json!({ "version": version.n });
    tx.record(Entry::new(By::System.actor(), "media.failed", "clip", version.clip_id).with(detail));
    Ok(())
}

//! The last step of a media job: blobs first, then one transaction that writes every row at once.

use super::Work;
use super::duplicates::{copy_elsewhere, warn_same_file};
use super::pictures::{self, Picture, Shown, insert_picture};
use crate::audit::Entry;
use crate::catalog::By;
use crate::catalog::caption_track::check_again;
use crate::catalog::clip::take_clip;
use crate::catalog::editing::copy_media;
use crate::catalog::media_state::{MediaEvent, MediaState};
use crate::catalog::publication::video_hash;
use crate::catalog::state::Event;
use crate::catalog::streams::{FILE_MARK, NewStream, insert_stream};
use crate::catalog::version::{transition, version};
use crate::db::{Tx, query};
use crate::ids::{RenditionId, VersionId};
use crate::store::{Area, Blob, FileType, record_blob};
use anyhow::Context as _;
use media::ProbeReport;
use media::result::{MediaResult, Rendition};
use media::still::StillResult;
use serde_json::json;
use std::path::Path;

/// A stored rendition that waits for its row.
struct Stored<'a> {
    rendition: &'a Rendition,
    blob: Blob,
}

/// The facts of a version once its media is there.
struct Facts {
    duration_ms: Option<i64>,
    width: i64,
    height: i64,
    fps_milli: Option<i64>,
    has_audio: bool,
    probe: String,
    checks: String,
}

/// Stores renditions, posters, preview and storyboard of a video.
pub(super) async fn of_video(
    work: &Work,
    report: &ProbeReport,
    result: &MediaResult,
    folder: &Path,
) -> anyhow::Result<()> {
    let mut renditions = Vec::new();
    for rendition in &result.renditions {
        let blob = put(work, Area::Renditions, &folder.join(&rendition.file), FileType::Mp4).await?;
        renditions.push(Stored { rendition, blob });
    }
    let mut stored_pictures = pictures::of_video(work, result, folder).await?;
    let Shown { mut checks, pictures: shown } =
        pictures::check_pictures(work, &result.checks, folder).await?;
    stored_pictures.extend(shown);
    let copy = copy_elsewhere(&mut work.app.db.read().await?, work, report).await?;
    checks.extend(copy);
    let streams = streams(work, result, folder).await?;
    let first_fps = result.renditions.first().map(|rendition| milli(rendition.fps));
    let facts = Facts {
        duration_ms: Some(i64::try_from(result.duration_ms)?),
        width: i64::from(result.source.display_width),
        height: i64::from(result.source.display_height),
        fps_milli: first_fps,
        has_audio: result.audio,
        probe: serde_json::to_string(&as_checked(report, result))?,
        checks: serde_json::to_string(&checks)?,
    };
    write_everything(work, facts, &renditions, streams, &stored_pictures).await
}

/// The facts with the sharpness that the last checks measured: the first look scales more roughly, and what the house's
/// clips reach must be measured as the clips are that are held to it.
fn as_checked(report: &ProbeReport, result: &MediaResult) -> ProbeReport {
    let mut facts = report.clone();
    if let Some(video) = &mut facts.video {
        video.sharpness = result.source.sharpness;
    }
    facts
}

/// Stores one finished rendition while the others are still being made, so that the page can show it.
pub(super) async fn of_early_rendition(
    work: &Work,
    rendition: &Rendition,
    folder: &Path,
) -> anyhow::Result<()> {
    let blob = put(work, Area::Renditions, &folder.join(&rendition.file), FileType::Mp4).await?;
    let mut tx = work.app.db.begin().await?;
    work.run.guard(&mut tx).await?;
    query("DELETE FROM rendition WHERE version_id = $1 AND rung = $2")
        .bind(work.version.id)
        .bind(rendition.name.word())
        .execute(&mut tx)
        .await?;
    record_blob(&mut tx, &blob).await?;
    insert_rendition(&mut tx, work.version.id, &Stored { rendition, blob }).await?;
    tx.commit().await?;
    Ok(())
}

/// Stores the two sizes of a graphic.
pub(super) async fn of_still(work: &Work, still: &StillResult, folder: &Path) -> anyhow::Result<()> {
    let stored_pictures = pictures::of_still(work, still, folder).await?;
    let facts = Facts {
        duration_ms: None,
        width: i64::from(still.width),
        height: i64::from(still.height),
        fps_milli: None,
        has_audio: false,
        probe: "{}".to_owned(),
        checks: "[]".to_owned(),
    };
    write_everything(work, facts, &[], Vec::new(), &stored_pictures).await
}

/// The same file was processed before for a clip of the same kind: takes its results over instead of encoding again.
pub(super) async fn take_over_twin(work: &Work) -> anyhow::Result<bool> {
    let mut tx = work.app.db.begin().await?;
    let twin: Option<(VersionId,)> = query(
        "SELECT v.id FROM clip_version v JOIN clip c ON c.id = v.clip_id
         WHERE v.original_key = $1 AND v.media_state = 'ready' AND c.kind = $2 AND v.id <> $3
           AND COALESCE(v.trim_from_ms, -1) = $4 AND COALESCE(v.trim_to_ms, -1) = $5
         ORDER BY v.id LIMIT 1",
    )
    .bind(work.original)
    .bind(work.clip.kind.as_str())
    .bind(work.version.id)
    .bind(edge(work.version.trim.map(|cut| cut.from_ms)))
    .bind(edge(work.version.trim.map(|cut| cut.to_ms)))
    .optional(&mut tx)
    .await?;
    let Some((twin,)) = twin else { return Ok(false) };
    take_clip(&mut tx, work.clip.id, None).await?;
    work.run.complete(&mut tx).await?;
    let name = work.version.original_name.clone();
    copy_media(&mut tx, twin, work.version.id).await?;
    query("UPDATE clip_version SET original_name = $1 WHERE id = $2")
        .bind(name)
        .bind(work.version.id)
        .execute(&mut tx)
        .await?;
    warn_same_file(&mut tx, work).await?;
    finish(&mut tx, work.version.id).await?;
    tx.commit().await?;
    Ok(true)
}

/// An edge of a cut as it is compared; -1 where nothing was cut.
fn edge(ms: Option<u64>) -> i64 {
    ms.and_then(|ms| i64::try_from(ms).ok()).unwrap_or(-1)
}

fn milli(fps: f64) -> i64 {
    (fps * 1000.0).round() as i64
}

/// Stores one file that a media job made.
pub(super) async fn put(work: &Work, area: Area, path: &Path, file_type: FileType) -> anyhow::Result<Blob> {
    work.app.store.put_file(area, path, file_type).await.context("storing what a media job made")
}

/// Stores the fragmented copies of a long clip; their playlists get a mark where the address belongs.
async fn streams(work: &Work, result: &MediaResult, folder: &Path) -> anyhow::Result<Vec<(Blob, NewStream)>> {
    let mut stored = Vec::new();
    for rendition in &result.renditions {
        let Some(stream) = &rendition.stream else { continue };
        let blob = put(work, Area::Renditions, &folder.join(&stream.file), FileType::Mp4).await?;
        let playlist = tokio::fs::read_to_string(folder.join(&stream.playlist)).await;
        let playlist = playlist.context("reading a playlist")?.replace(&stream.file, FILE_MARK);
        let (rung, peak) = (rendition.name.word().to_owned(), i64::try_from(stream.peak)?);
        stored.push((blob, NewStream { rung, storage_key: blob.key, playlist, peak }));
    }
    Ok(stored)
}

async fn write_everything(
    work: &Work,
    facts: Facts,
    renditions: &[Stored<'_>],
    streams: Vec<(Blob, NewStream)>,
    pictures: &[Picture],
) -> anyhow::Result<()> {
    let mut tx = work.app.db.begin().await?;
    take_clip(&mut tx, work.clip.id, None).await?;
    // Before anything else: a worker that was overtaken must not even look.
    work.run.complete(&mut tx).await?;
    let id = work.version.id;
    query("DELETE FROM rendition WHERE version_id = $1").bind(id).execute(&mut tx).await?;
    query("DELETE FROM stream WHERE version_id = $1").bind(id).execute(&mut tx).await?;
    query("DELETE FROM picture WHERE version_id = $1").bind(id).execute(&mut tx).await?;
    for stored in renditions {
        record_blob(&mut tx, &stored.blob).await?;
        insert_rendition(&mut tx, id, stored).await?;
    }
    for (blob, stream) in streams {
        record_blob(&mut tx, &blob).await?;
        insert_stream(&mut tx, id, stream).await?;
    }
    for picture in pictures {
        insert_picture(&mut tx, id, picture).await?;
    }
    let hash = video_hash(&mut tx, id).await?;
    write_facts(&mut tx, id, facts, &hash).await?;
    finish(&mut tx, id).await?;
    tx.commit().await?;
    Ok(())
}

/// Everything is written: the version is ready, and its captions are checked against the length of the video.
async fn finish(tx: &mut Tx, id: VersionId) -> anyhow::Result<()> {
    let Some(mut fresh) = version(tx, id).await? else {
        anyhow::bail!("version {id} disappeared while it was processed");
    };
    transition(tx, By::System, &mut fresh, Event::MediaReady).await?;
    check_again(tx, &fresh).await?;
    let detail = json!({ "version": fresh.n, "video": fresh.hashes.video });
    tx.record(Entry::new(By::System.actor(), "media.ready", "clip", fresh.clip_id).with(detail));
    Ok(())
}

async fn write_facts(tx: &mut Tx, id: VersionId, facts: Facts, hash: &str) -> anyhow::Result<()> {
    let Some(ready) = MediaState::Transcoding.next(MediaEvent::Finish) else {
        anyhow::bail!("ready must follow the encoding");
    };
    query(
        "UPDATE clip_version SET media_state = $1, media_progress = 1000, media_eta_ms = NULL, media_error_code = NULL,
                media_error_ar = NULL, media_error_en = NULL, duration_ms = $2, width = $3, height = $4,
                fps_milli = $5, has_audio = $6, probe = $7, checks = $8, video_hash = $9
         WHERE id = $10",
    )
    .bind(ready.as_str())
    .bind(facts.duration_ms)
    .bind(facts.width)
    .bind(facts.height)
    .bind(facts.fps_milli)
    .bind(facts.has_audio)
    .bind(facts.probe)
    .bind(facts.checks)
    .bind(hash.to_owned())
    .bind(id)
    .execute(tx)
    .await?;
    Ok(())
}

async fn insert_rendition(tx: &mut Tx, version: VersionId, stored: &Stored<'_>) -> anyhow::Result<()> {
    let now = tx.now();
    let rendition = stored.rendition;
    query(
        "INSERT INTO rendition (id, version_id, rung, storage_key, mime, width, height, fps_milli, frames, bytes,
                                bitrate)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(RenditionId::new(now))
    .bind(version)
    .bind(rendition.name.word())
    .bind(stored.blob.key)
    .bind(rendition.mime.clone())
    .bind(i64::from(rendition.width))
    .bind(i64::from(rendition.height))
    .bind(milli(rendition.fps))
    .bind(i64::try_from(rendition.frames)?)
    .bind(i64::try_from(stored.blob.bytes)?)
    .bind(i64::try_from(rendition.bitrate)?)
    .execute(tx)
    .await?;
    Ok(())
}

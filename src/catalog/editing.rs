//! Changes of text, captions and video. A version that the public has seen is never changed: a change opens a new one.

use super::accepted_checks;
use super::by::By;
use super::caption_track::copy_captions;
use super::clip::{Clip, show_text, take_clip};
use super::media_jobs::Prepare;
use super::media_state::{MediaEvent, MediaState};
use super::state::{Event, VersionState};
use super::streams::copy_streams;
use super::text::{TextChange, check_filing, clean, save_text, version_text};
use super::version::{NewVersion, Version, add_author, insert_version, latest_version, transition, version};
use crate::app::App;
use crate::audit::Entry;
use crate::db::{Tx, query};
use crate::ids::{ClipId, PictureId, RenditionId, VersionId};
use crate::jobs;
use crate::refusal::{Refusal, RefusalKind, refuse};
use crate::store::{BlobKey, find_blob};
use serde_json::json;

/// Changes words and filing. Returns the version that was changed: the present one, or a new one when the public has
/// seen the present one. `expected` is the clip's `row_version` that the editor saw.
pub async fn edit_text(
    tx: &mut Tx,
    by: By<'_>,
    clip: ClipId,
    expected: Option<i64>,
    change: TextChange,
) -> anyhow::Result<VersionId> {
    let clip = take_clip(tx, clip, expected).await?;
    let latest = latest_version(tx, clip.id).await?;
    let present = version_text(tx, latest.id).await?;
    let wanted = present.clone().with(change).checked().map_err(refuse)?;
    if wanted == present {
        return Ok(latest.id);
    }
    check_filing(tx, &wanted).await?;
    let version = editable_version(tx, by, &clip, latest).await?;
    save_text(tx, version.id, &wanted).await?;
    query("UPDATE clip_version SET text_hash = $1, row_version = row_version + 1 WHERE id = $2")
        .bind(wanted.hash(clip.kind))
        .bind(version.id)
        .execute(tx)
        .await?;
    if clip.first_published_at.is_none() {
        show_text(tx, clip.id, &wanted).await?;
    }
    let detail = json!({ "version": version.n });
    tx.record(Entry::new(by.actor(), "version.text_changed", "clip", clip.id).with(detail));
    tx.changed("clip", clip.id);
    Ok(version.id)
}

/// The version that a change goes into: the latest while it may be changed (its approvals are then void), otherwise a
/// new one that takes over everything.
pub(super) async fn editable_version(
    tx: &mut Tx,
    by: By<'_>,
    clip: &Clip,
    mut latest: Version,
) -> anyhow::Result<Version> {
    if !latest.state.is_editable() {
        return open_next(tx, by, clip, &latest, "", Carry::Everything).await;
    }
    transition(tx, by, &mut latest, Event::Edit).await?;
    void_approvals(tx, by, &latest).await?;
    add_author(tx, by, latest.id).await?;
    Ok(latest)
}

/// Voids the decisions on a version: what they were about is no longer there.
async fn void_approvals(tx: &mut Tx, by: By<'_>, version: &Version) -> sqlx::Result<()> {
    let now = tx.now();
    let voided = query("UPDATE approval SET voided_at = $1 WHERE version_id = $2 AND voided_at IS NULL")
        .bind(now)
        .bind(version.id)
        .execute(tx)
        .await?;
    query(
        "UPDATE clip_version SET publish_at = NULL, unpublish_at = NULL, override_reason = NULL, override_by = NULL
         WHERE id = $1",
    )
    .bind(version.id)
    .execute(tx)
    .await?;
    if voided > 0 {
        let detail = json!({ "version": version.n, "count": voided });
        tx.record(Entry::new(by.actor(), "version.approvals_voided", "clip", version.clip_id).with(detail));
    }
    Ok(())
}

/// What a new version takes over from the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Carry {
    /// Text, captions and the finished video.
    Everything,
    /// Text and captions; another video is coming.
    Words,
}

async fn open_next(
    tx: &mut Tx,
    by: By<'_>,
    clip: &Clip,
    from: &Version,
    note: &str,
    carry: Carry,
) -> anyhow::Result<Version> {
    let text = version_text(tx, from.id).await?;
    let next = NewVersion { clip: clip.id, kind: clip.kind, n: from.n + 1, text: &text, note };
    let id = insert_version(tx, by, next).await?;
    // What is taken over keeps its authors.
    query(
        "INSERT INTO version_author (version_id, staff_id)
         SELECT $1, staff_id FROM version_author WHERE version_id = $2 ON CONFLICT DO NOTHING",
    )
    .bind(id)
    .bind(from.id)
    .execute(tx)
    .await?;
    copy_captions(tx, from.id, id).await?;
    let mut opened = load(tx, id).await?;
    let detail = json!({ "version": opened.n });
    tx.record(Entry::new(by.actor(), "version.opened", "clip", clip.id).with(detail));
    if carry == Carry::Everything && from.media.state == MediaState::Ready {
        copy_media(tx, from.id, id).await?;
        accepted_checks::copy(tx, from.id, id).await?;
        opened = load(tx, id).await?;
        transition(tx, by, &mut opened, Event::ReuseVideo).await?;
    }
    Ok(opened)
}

async fn load(tx: &mut Tx, id: VersionId) -> anyhow::Result<Version> {
    version(tx, id).await?.ok_or_else(|| refuse(Refusal::not_found()))
}

pub(super) async fn copy_media(tx: &mut Tx, from: VersionId, to: VersionId) -> sqlx::Result<()> {
    query(
        "UPDATE clip_version SET (original_key, original_name, video_hash, media_state, media_progress, duration_ms,
                                  width, height, fps_milli, has_audio, probe, checks, trim_from_ms,
                                  trim_to_ms)
         = (SELECT original_key, original_name, video_hash, media_state, media_progress, duration_ms,
                   width, height, fps_milli, has_audio, probe, checks, trim_from_ms, trim_to_ms
            FROM clip_version WHERE id = $1)
         WHERE id = $2",
    )
    .bind(from)
    .bind(to)
    .execute(tx)
    .await?;
    let now = tx.now();
    let renditions: Vec<(RenditionId,)> =
        query("SELECT id FROM rendition WHERE version_id = $1 ORDER BY id").bind(from).all(tx).await?;
    for (rendition,) in renditions {
        query(
            "INSERT INTO rendition (id, version_id, rung, storage_key, mime, width, height, fps_milli, frames, bytes,
                                    bitrate)
             SELECT $1, $2, rung, storage_key, mime, width, height, fps_milli, frames, bytes, bitrate
             FROM rendition WHERE id = $3",
        )
        .bind(RenditionId::new(now))
        .bind(to)
        .bind(rendition)
        .execute(tx)
        .await?;
    }
    let pictures: Vec<(PictureId,)> =
        query("SELECT id FROM picture WHERE version_id = $1 ORDER BY id").bind(from).all(tx).await?;
    for (picture,) in pictures {
        query(
            "INSERT INTO picture (id, version_id, role, n, storage_key, mime, width, height, bytes)
             SELECT $1, $2, role, n, storage_key, mime, width, height, bytes FROM picture WHERE id = $3",
        )
        .bind(PictureId::new(now))
        .bind(to)
        .bind(picture)
        .execute(tx)
        .await?;
    }
    copy_streams(tx, from, to).await
}

/// A stored file that is to become the video (or graphic) of a version.
#[derive(Debug, Clone)]
pub struct Original {
    /// Where it lies; its row exists.
    pub key: BlobKey,
    /// What it was called.
    pub name: String,
    /// Why the version is made.
    pub note: String,
}

/// Gives a clip a new video and enqueues its processing. It goes into the present version while that has no video, or
/// only one that was refused or failed; otherwise into a new version, and an unpublished one before it is superseded.
pub async fn attach_video(
    tx: &mut Tx,
    by: By<'_>,
    clip: ClipId,
    expected: Option<i64>,
    original: Original,
) -> anyhow::Result<VersionId> {
    let clip = take_clip(tx, clip, expected).await?;
    let mut latest = latest_version(tx, clip.id).await?;
    let mut target = match latest.state {
        VersionState::Draft | VersionState::Failed => latest,
        VersionState::Published
        | VersionState::NeedsReview
        | VersionState::Superseded
        | VersionState::Withdrawn => {
            open_next(tx, by, &clip, &latest, &clean(&original.note), Carry::Words).await?
        }
        VersionState::Processing
        | VersionState::Ready
        | VersionState::InReview
        | VersionState::ChangesRequested
        | VersionState::Approved
        | VersionState::Scheduled => {
            jobs::cancel_for_subject(tx, latest.id).await?;
            let opened = open_next(tx, by, &clip, &latest, &clean(&original.note), Carry::Words).await?;
            transition(tx, by, &mut latest, Event::Supersede).await?;
            opened
        }
    };
    query(
        "UPDATE clip_version SET original_key = $1, original_name = $2, media_state = $3, media_progress = 0,
                media_eta_ms = NULL, media_error_code = NULL, media_error_ar = NULL, media_error_en = NULL,
                probe = '{}', checks = '[]', trim_from_ms = NULL, trim_to_ms = NULL, change_note = CASE WHEN $4 = '' THEN change_note ELSE $4 END
         WHERE id = $5",
    )
    .bind(original.key)
    .bind(original.name)
    .bind(MediaState::Waiting.as_str())
    .bind(clean(&original.note))
    .bind(target.id)
    .execute(tx)
    .await?;
    accepted_checks::forget(tx, target.id).await?;
    add_author(tx, by, target.id).await?;
    start_processing(tx, by, &mut target).await?;
    Ok(target.id)
}

/// About half a minute of phone video.
const BYTES_IN_A_UNIT_OF_COST: i64 = 30_000_000;

async fn start_processing(tx: &mut Tx, by: By<'_>, version: &mut Version) -> anyhow::Result<()> {
    transition(tx, by, version, Event::StartProcessing).await?;
    let Some(key) = load(tx, version.id).await?.original_key else {
        anyhow::bail!("version {} has no video to process", version.id);
    };
    let owner = by.author().map(crate::ids::StaffId::uuid);
    let cost = match find_blob(tx, key).await? {
        Some(original) => 1 + original.bytes / BYTES_IN_A_UNIT_OF_COST,
        None => 1,
    };
    let job = Prepare { version_id: version.id, source: key.hash.to_string(), owner, cost };
    jobs::enqueue::<App, _>(tx, &job).await?;
    Ok(())
}

fn no_media_to(code: &'static str, ar: &'static str, en: &'static str) -> anyhow::Error {
    refuse(Refusal::new(RefusalKind::Conflict, code, ar, en))
}

/// Tries the processing of a failed, refused or cancelled video again.
pub async fn retry_media(tx: &mut Tx, by: By<'_>, clip: ClipId) -> anyhow::Result<()> {
    let clip = take_clip(tx, clip, None).await?;
    let mut latest = latest_version(tx, clip.id).await?;
    let Some(after) = latest.media.state.next(MediaEvent::TryAgain) else {
        let ar = "لا يوجد فيديو متوقف لإعادة معالجته.";
        return Err(no_media_to("media.nothing_to_retry", ar, "There is no stopped video to process again."));
    };
    query(
        "UPDATE clip_version SET media_state = $1, media_progress = 0, media_eta_ms = NULL, media_error_code = NULL,
                media_error_ar = NULL, media_error_en = NULL
         WHERE id = $2",
    )
    .bind(after.as_str())
    .bind(latest.id)
    .execute(tx)
    .await?;
    start_processing(tx, by, &mut latest).await
}

/// Stops the processing of a video; its worker ends within a second.
pub async fn cancel_media(tx: &mut Tx, by: By<'_>, clip: ClipId) -> anyhow::Result<()> {
    let clip = take_clip(tx, clip, None).await?;
    let mut latest = latest_version(tx, clip.id).await?;
    let Some(after) = latest.media.state.next(MediaEvent::Cancel) else {
        let ar = "لا توجد معالجة جارية لإيقافها.";
        return Err(no_media_to(
            "media.nothing_to_cancel",
            ar,
            "No processing is going on that could be stopped.",
        ));
    };
    transition(tx, by, &mut latest, Event::CancelMedia).await?;
    query(
        "UPDATE clip_version SET media_state = $1, media_eta_ms = NULL, media_error_code = 'cancelled',
                media_error_ar = 'أُوقفت المعالجة. يمكنك إعادة المحاولة أو رفع ملف آخر.',
                media_error_en = 'Processing was stopped. Try again or upload another file.'
         WHERE id = $2",
    )
    .bind(after.as_str())
    .bind(latest.id)
    .execute(tx)
    .await?;
    jobs::cancel_for_subject(tx, latest.id).await?;
    Ok(())
}

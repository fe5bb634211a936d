//! In and out of the public's sight. What is published is exactly what was approved: the hashes are computed again.

use super::by::By;
use super::caption_track::track_hashes;
use super::clip::{Clip, show_text, take_clip};
use super::lane::Lane;
use super::publication_jobs::{Lapse, PublishScheduled};
use super::review::current_approvals;
use super::state::{Event, VersionState};
use super::text::{clean, hex, version_text};
use super::version::{Hashes, Version, captions_hash, latest_version, transition, version};
use super::{Consent, signer};
use crate::app::App;
use crate::audit::Entry;
use crate::clock::Millis;
use crate::db::{Conn, Tx, query};
use crate::ids::{ClipId, SignerId, VersionId};
use crate::jobs;
use crate::refusal::{Refusal, RefusalKind, refuse};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use std::time::Duration;

/// A published clip is looked at again after this long at most (`reference/deaf-users.md` requirement 52).
pub const REVIEW_AFTER: Duration = Duration::from_secs(180 * 24 * 60 * 60);

/// When a version is to appear and to go; without `publish_at` it appears now.
#[derive(Debug, Clone, Copy, Default)]
pub struct PublicationTimes {
    /// When it appears; now when in the past.
    pub publish_at: Option<Millis>,
    /// When it goes again.
    pub unpublish_at: Option<Millis>,
}

fn conflict(code: &'static str, ar: &'static str, en: &'static str) -> anyhow::Error {
    refuse(Refusal::new(RefusalKind::Conflict, code, ar, en))
}

/// Publishes the approved version now, or schedules it.
pub async fn publish(
    tx: &mut Tx,
    by: By<'_>,
    clip: ClipId,
    expected: Option<i64>,
    times: PublicationTimes,
) -> anyhow::Result<VersionState> {
    let clip = take_clip(tx, clip, expected).await?;
    let mut version = latest_version(tx, clip.id).await?;
    let now = tx.now();
    let appears = times.publish_at.unwrap_or(now);
    if let Some(goes) = times.unpublish_at
        && goes <= appears.max(now)
    {
        let ar = "وقت الإزالة قبل وقت النشر. صحّح الوقتين.";
        let en = "The end lies before the publication. Correct the two times.";
        return Err(refuse(Refusal::invalid("unpublish_at", "publication.bad_times", ar, en)));
    }
    query("UPDATE clip_version SET publish_at = $1, unpublish_at = $2 WHERE id = $3")
        .bind(times.publish_at)
        .bind(times.unpublish_at)
        .bind(version.id)
        .execute(tx)
        .await?;
    if appears > now {
        check_hashes(tx, &clip, &version).await?;
        transition(tx, by, &mut version, Event::Schedule).await?;
        let job = PublishScheduled { version_id: version.id, publish_at: appears };
        jobs::enqueue_at::<App, _>(tx, &job, appears).await?;
        let detail = json!({ "version": version.n, "publish_at": appears });
        tx.record(Entry::new(by.actor(), "clip.scheduled", "clip", clip.id).with(detail));
        return Ok(version.state);
    }
    put_before_the_public(tx, by, &clip, version).await
}

/// The step itself, for the button and for the schedule. The caller holds the clip.
pub(super) async fn put_before_the_public(
    tx: &mut Tx,
    by: By<'_>,
    clip: &Clip,
    mut version: Version,
) -> anyhow::Result<VersionState> {
    check_hashes(tx, clip, &version).await?;
    check_consent(tx, &version).await?;
    transition(tx, by, &mut version, Event::Publish).await?;
    supersede_the_one_before(tx, by, clip, version.id).await?;
    let now = tx.now();
    query("UPDATE clip_version SET published_at = $1 WHERE id = $2")
        .bind(now)
        .bind(version.id)
        .execute(tx)
        .await?;
    let review_by = now + REVIEW_AFTER;
    query(
        "UPDATE clip SET published_version_id = $1, published_at = $2,
                         first_published_at = COALESCE(first_published_at, $2), review_by = $3, replaced_by = NULL
         WHERE id = $4",
    )
    .bind(version.id)
    .bind(now)
    .bind(review_by)
    .bind(clip.id)
    .execute(tx)
    .await?;
    let text = version_text(tx, version.id).await?;
    show_text(tx, clip.id, &text).await?;
    watch_the_end(tx, &version, text.signer_id, review_by).await?;
    let detail = json!({ "version": version.n, "hashes": version.hashes });
    tx.record(Entry::new(by.actor(), "clip.published", "clip", clip.id).with(detail));
    tx.changed("clip", clip.id);
    Ok(version.state)
}

async fn supersede_the_one_before(
    tx: &mut Tx,
    by: By<'_>,
    clip: &Clip,
    new: VersionId,
) -> anyhow::Result<()> {
    let Some(old) = clip.published_version_id.filter(|old| *old != new) else { return Ok(()) };
    let Some(mut old) = version(tx, old).await? else { return Ok(()) };
    transition(tx, by, &mut old, Event::Supersede).await
}

/// Looks again at every moment that may end the publication: its own end, the signer's consent, the review date.
async fn watch_the_end(
    tx: &mut Tx,
    version: &Version,
    signer_id: Option<SignerId>,
    review_by: Millis,
) -> anyhow::Result<()> {
    let consent_until = match signer_id {
        Some(id) => signer(tx, id).await?.and_then(|signer| signer.consent_until),
        None => None,
    };
    let now = tx.now();
    let fresh = super::version::version(tx, version.id).await?;
    let unpublish_at = fresh.and_then(|version| version.unpublish_at);
    for moment in [Some(review_by), consent_until, unpublish_at].into_iter().flatten() {
        if moment > now {
            let job = Lapse { version_id: version.id, at: moment };
            jobs::enqueue_at::<App, _>(tx, &job, moment).await?;
        }
    }
    Ok(())
}

/// What a version consists of, computed from its rows and not from what was written down before.
pub async fn actual_hashes(conn: &mut impl Conn, clip: &Clip, version: VersionId) -> anyhow::Result<Hashes> {
    Ok(Hashes {
        video: video_hash(conn, version).await?,
        captions: captions_hash(&track_hashes(conn, version).await?),
        text: version_text(conn, version).await?.hash(clip.kind),
    })
}

/// Over the content addresses of the renditions, or of the graphic; empty while there are none.
pub(super) async fn video_hash(conn: &mut impl Conn, version: VersionId) -> sqlx::Result<String> {
    let shown: Vec<(String, String)> = query(
        "SELECT rung, storage_key FROM rendition WHERE version_id = $1
         UNION ALL
         SELECT role, storage_key FROM picture WHERE version_id = $1 AND role = 'graphic'
         UNION ALL
         SELECT 'stream ' || rung, storage_key FROM stream WHERE version_id = $1
         ORDER BY 1, 2",
    )
    .bind(version)
    .all(conn)
    .await?;
    if shown.is_empty() {
        return Ok(String::new());
    }
    let mut hasher = Sha256::new();
    for (name, key) in shown {
        hasher.update(format!("{name} {key}\n"));
    }
    Ok(hex(&hasher.finalize()))
}

/// Refuses unless both lanes agreed to exactly what is there now (promise A7).
async fn check_hashes(tx: &mut Tx, clip: &Clip, version: &Version) -> anyhow::Result<()> {
    let actual = actual_hashes(tx, clip, version.id).await?;
    let held = current_approvals(tx, version.id).await?;
    let agreed = |lane: Lane| {
        held.iter().any(|approval| {
            approval.lane == lane.as_str()
                && approval.decision != "returned"
                && approval.video_hash == actual.video
                && approval.captions_hash == actual.captions
                && approval.text_hash == actual.text
        })
    };
    // A clip without a video reaches the public only where both lanes were waived (imports of written answers).
    let is_complete = !actual.video.is_empty() || held.iter().all(|approval| approval.decision == "waived");
    if Lane::ALL.into_iter().all(agreed) && actual == version.hashes && is_complete {
        return Ok(());
    }
    if matches!(version.state, VersionState::Approved | VersionState::Scheduled) {
        let ar = "ما في هذه النسخة ليس ما اعتُمد. أعد إرسالها إلى المراجعة.";
        let en = "This version is not what was approved. Send it to review again.";
        return Err(conflict("publication.not_what_was_approved", ar, en));
    }
    let ar = "لا تُنشر النسخة قبل أن يعتمدها مساران: الإشارة والمعلومة.";
    let en = "A version is published only after both lanes, signing and facts, have approved it.";
    Err(conflict("publication.not_approved", ar, en))
}

async fn check_consent(tx: &mut Tx, version: &Version) -> anyhow::Result<()> {
    let Some(id) = version_text(tx, version.id).await?.signer_id else { return Ok(()) };
    let now = tx.now();
    match signer(tx, id).await?.map(|signer| signer.consent(now)) {
        None | Some(Consent::Valid) => Ok(()),
        Some(Consent::Missing | Consent::Expired | Consent::Withdrawn) => {
            let ar = "موافقة مقدّم الإشارة غير سارية، لذلك لا يُنشر الفيديو.";
            let en = "The signer's consent does not hold, so the video cannot be published.";
            Err(conflict("consent.invalid", ar, en))
        }
    }
}

/// Takes a clip out of the public's sight, or a schedule back.
pub async fn withdraw(
    tx: &mut Tx,
    by: By<'_>,
    clip: ClipId,
    expected: Option<i64>,
    reason: &str,
) -> anyhow::Result<()> {
    let clip = take_clip(tx, clip, expected).await?;
    let reason = clean(reason);
    if reason.is_empty() || reason.chars().count() > 500 {
        let ar = "اكتب سبب السحب، من حرف إلى ٥٠٠ حرف.";
        let en = "Say why, in 1 to 500 characters.";
        return Err(refuse(Refusal::invalid("reason", "publication.no_reason", ar, en)));
    }
    let mut latest = latest_version(tx, clip.id).await?;
    if latest.state == VersionState::Scheduled {
        return unschedule(tx, by, &mut latest).await;
    }
    let Some(published) = clip.published_version_id else {
        let ar = "هذا المقطع غير منشور.";
        return Err(conflict("publication.not_published", ar, "This clip is not published."));
    };
    take_out(tx, by, &clip, published, &reason).await
}

async fn unschedule(tx: &mut Tx, by: By<'_>, version: &mut Version) -> anyhow::Result<()> {
    transition(tx, by, version, Event::Unschedule).await?;
    query("UPDATE clip_version SET publish_at = NULL, unpublish_at = NULL WHERE id = $1")
        .bind(version.id)
        .execute(tx)
        .await?;
    let detail = json!({ "version": version.n });
    tx.record(Entry::new(by.actor(), "clip.unscheduled", "clip", version.clip_id).with(detail));
    Ok(())
}

/// The caller holds the clip.
pub(super) async fn take_out(
    tx: &mut Tx,
    by: By<'_>,
    clip: &Clip,
    published: VersionId,
    reason: &str,
) -> anyhow::Result<()> {
    let Some(mut version) = version(tx, published).await? else {
        anyhow::bail!("clip {} shows a version that is not there", clip.id);
    };
    transition(tx, by, &mut version, Event::Withdraw).await?;
    query("UPDATE clip_version SET withdrawn_reason = $1 WHERE id = $2")
        .bind(reason.to_owned())
        .bind(version.id)
        .execute(tx)
        .await?;
    query("UPDATE clip SET published_version_id = NULL, published_at = NULL, review_by = NULL WHERE id = $1")
        .bind(clip.id)
        .execute(tx)
        .await?;
    let detail = json!({ "version": version.n, "reason": reason });
    tx.record(Entry::new(by.actor(), "clip.withdrawn", "clip", clip.id).with(detail));
    tx.changed("clip", clip.id);
    Ok(())
}

/// Says that a published clip is still right and sets its next review date.
pub async fn confirm(tx: &mut Tx, by: By<'_>, clip: ClipId, expected: Option<i64>) -> anyhow::Result<Millis> {
    let clip = take_clip(tx, clip, expected).await?;
    let published = match clip.published_version_id {
        Some(id) => version(tx, id).await?,
        None => None,
    };
    let Some(mut version) = published else {
        return Err(conflict(
            "publication.not_published",
            "هذا المقطع غير منشور.",
            "This clip is not published.",
        ));
    };
    transition(tx, by, &mut version, Event::Confirm).await?;
    let review_by = tx.now() + REVIEW_AFTER;
    query("UPDATE clip SET review_by = $1 WHERE id = $2").bind(review_by).bind(clip.id).execute(tx).await?;
    jobs::enqueue_at::<App, _>(tx, &Lapse { version_id: version.id, at: review_by }, review_by).await?;
    tx.record(Entry::new(by.actor(), "clip.confirmed", "clip", clip.id));
    tx.changed("clip", clip.id);
    Ok(review_by)
}

/// Takes out every published clip of a signer whose consent does not hold any more; otherwise looks again at its new
/// end. Says how many were taken out.
pub(super) async fn end_without_consent(tx: &mut Tx, id: SignerId) -> anyhow::Result<usize> {
    let now = tx.now();
    let Some(signer) = signer(tx, id).await? else { return Ok(0) };
    let shown: Vec<(ClipId, VersionId)> = query(
        "SELECT id, published_version_id FROM clip WHERE signer_id = $1 AND published_version_id IS NOT NULL
         ORDER BY id",
    )
    .bind(id)
    .all(tx)
    .await?;
    if signer.consent(now) == Consent::Valid {
        for (_, version_id) in shown {
            let Some(at) = signer.consent_until else { continue };
            jobs::enqueue_at::<App, _>(tx, &Lapse { version_id, at }, at).await?;
        }
        return Ok(0);
    }
    for (clip, version) in &shown {
        let clip = take_clip(tx, *clip, None).await?;
        take_out(tx, By::System, &clip, *version, "موافقة مقدّم الإشارة لم تعد سارية").await?;
    }
    Ok(shown.len())
}

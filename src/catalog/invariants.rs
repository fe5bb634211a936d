//! What must always be true of the rows, read from all of them. For `ishara verify`.

use super::clip::clip;
use super::kind::ClipKind;
use super::lane::Lane;
use super::publication::actual_hashes;
use super::review::current_approvals;
use super::state::VersionState;
use super::version::{Version, version};
use crate::db::{Conn, query};
use crate::ids::{ClipId, VersionId};

/// A row that breaks a rule.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Broken {
    /// Stable name of the rule.
    pub rule: &'static str,
    /// Which thing, as a prefixed id.
    pub subject: String,
}

/// Clips that break a rule, among at most `limit` after `after`; and the last clip that was read.
pub async fn broken_clips(
    conn: &mut impl Conn,
    after: Option<ClipId>,
    limit: i64,
) -> anyhow::Result<(Vec<Broken>, Option<ClipId>)> {
    let rows: Vec<(ClipId,)> =
        query("SELECT id FROM clip WHERE ($1 IS NULL OR id > $1) ORDER BY id LIMIT $2")
            .bind(after)
            .bind(limit)
            .all(conn)
            .await?;
    let mut broken = Vec::new();
    for (id,) in &rows {
        broken.extend(broken_rules_of(conn, *id).await?);
    }
    Ok((broken, rows.last().map(|row| row.0)))
}

async fn broken_rules_of(conn: &mut impl Conn, id: ClipId) -> anyhow::Result<Vec<Broken>> {
    let broken = |rule| Broken { rule, subject: id.to_string() };
    let mut found = Vec::new();
    let public: Vec<(VersionId,)> = query(
        "SELECT id FROM clip_version WHERE clip_id = $1 AND state IN ('published', 'needs_review') ORDER BY id",
    )
    .bind(id)
    .all(conn)
    .await?;
    let Some(clip) = clip(conn, id).await? else { return Ok(found) };
    let shown: Vec<VersionId> = clip.published_version_id.into_iter().collect();
    if public.iter().map(|row| row.0).collect::<Vec<_>>() != shown {
        found.push(broken("clip.shows_its_published_version"));
    }
    for id in shown {
        let Some(version) = version(conn, id).await? else { continue };
        found.extend(broken_rules_of_public(conn, &clip, &version).await?.into_iter().map(broken));
    }
    Ok(found)
}

/// The rules of a version that the public sees.
async fn broken_rules_of_public(
    conn: &mut impl Conn,
    clip: &super::Clip,
    version: &Version,
) -> anyhow::Result<Vec<&'static str>> {
    let mut found = Vec::new();
    let actual = actual_hashes(conn, clip, version.id).await?;
    let held = current_approvals(conn, version.id).await?;
    let agreed = |lane: Lane| {
        held.iter().any(|approval| {
            approval.lane == lane.as_str()
                && approval.decision != "returned"
                && approval.video_hash == actual.video
                && approval.captions_hash == actual.captions
                && approval.text_hash == actual.text
        })
    };
    if !Lane::ALL.into_iter().all(agreed) || actual != version.hashes {
        found.push("publication.is_what_was_approved");
    }
    let own: i64 = query(
        "SELECT COUNT(*) FROM approval p JOIN version_author a
           ON a.version_id = p.version_id AND a.staff_id = p.staff_id
         WHERE p.version_id = $1 AND p.decision = 'approved' AND p.voided_at IS NULL",
    )
    .bind(version.id)
    .value(conn)
    .await?;
    if own > 0 {
        found.push("approval.is_not_by_an_author");
    }
    let has_video = !actual.video.is_empty();
    if has_video && !has_poster(conn, version.id).await? {
        found.push("publication.has_a_poster");
    }
    if has_video && clip.kind.needs_captions() && !has_captions(conn, version.id).await? {
        // Imports may bring a video whose captions follow; the waiver is on record then.
        let waived = held.iter().any(|approval| approval.decision == "waived");
        if !waived {
            found.push("publication.has_captions");
        }
    }
    if !has_video
        && clip.kind != ClipKind::Graphic
        && held.iter().any(|approval| approval.decision == "approved")
    {
        found.push("publication.has_a_video");
    }
    Ok(found)
}

async fn has_poster(conn: &mut impl Conn, version: VersionId) -> sqlx::Result<bool> {
    let posters: i64 =
        query("SELECT COUNT(*) FROM picture WHERE version_id = $1 AND role IN ('poster', 'poster_small')")
            .bind(version)
            .value(conn)
            .await?;
    Ok(posters >= 2)
}

async fn has_captions(conn: &mut impl Conn, version: VersionId) -> sqlx::Result<bool> {
    let tracks: i64 = query("SELECT COUNT(*) FROM caption_revision WHERE version_id = $1 AND lang = 'ar'")
        .bind(version)
        .value(conn)
        .await?;
    Ok(tracks > 0)
}

/// Clips that lists show at another moment than that of their public version, or not at all.
pub async fn mislisted_clips(conn: &mut impl Conn) -> sqlx::Result<Vec<Broken>> {
    let rows: Vec<(ClipId,)> = query(
        "SELECT c.id FROM clip c LEFT JOIN clip_version v ON v.id = c.published_version_id
         WHERE c.published_at IS DISTINCT FROM v.published_at ORDER BY c.id",
    )
    .all(conn)
    .await?;
    let broken =
        |(id,): (ClipId,)| Broken { rule: "clip.is_listed_by_its_publication", subject: id.to_string() };
    Ok(rows.into_iter().map(broken).collect())
}

/// Versions whose state and media do not fit together.
pub async fn misfit_versions(conn: &mut impl Conn) -> sqlx::Result<Vec<Broken>> {
    let rows: Vec<(VersionId, String, String)> = query(
        "SELECT v.id, v.state, v.media_state FROM clip_version v
         WHERE (v.state = 'processing' AND v.media_state NOT IN ('waiting', 'probing', 'transcoding'))
            OR (v.state IN ('ready', 'in_review') AND v.media_state <> 'ready' AND v.original_key IS NOT NULL)
            OR (v.state = 'scheduled' AND v.publish_at IS NULL)
         ORDER BY v.id",
    )
    .all(conn)
    .await?;
    debug_assert!(rows.iter().all(|row| VersionState::parse(&row.1).is_some()));
    Ok(rows
        .into_iter()
        .map(|(id, _, _)| Broken { rule: "version.state_fits_its_media", subject: id.to_string() })
        .collect())
}

/// Versions that wait for a media job that does not exist: stuck for ever without a person.
pub async fn stuck_versions(conn: &mut impl Conn) -> sqlx::Result<Vec<Broken>> {
    let rows: Vec<(VersionId,)> = query(
        "SELECT v.id FROM clip_version v
         WHERE v.state = 'processing' AND NOT EXISTS (
           SELECT 1 FROM job j WHERE j.subject_id = v.id AND j.state IN ('queued', 'running', 'retry_at'))
         ORDER BY v.id",
    )
    .all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|(id,)| Broken { rule: "version.in_processing_has_a_job", subject: id.to_string() })
        .collect())
}

//! Warnings of the upload checks that somebody accepts, with a reason that goes on record (deaf-users.md 1.1 and 64). They
//! belong to the video: another video, or another cut, is judged anew.

use super::by::By;
use super::clip::take_clip;
use super::state::VersionState;
use super::text::clean;
use super::version::{Version, latest_version};
use crate::audit::Entry;
use crate::clock::Millis;
use crate::db::{Conn, Tx, query};
use crate::ids::{ClipId, StaffId, VersionId};
use crate::people::Staff;
use crate::refusal::{Refusal, RefusalKind, refuse};
use serde_json::json;

/// Long enough for a reason, short enough to be read beside the warning; in characters.
const MAX_REASON: usize = 300;

/// A warning that somebody accepted.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct AcceptedCheck {
    /// The stable name of the check.
    pub code: String,
    /// Why it does no harm here.
    pub reason: String,
    /// Who said so.
    pub accepted_by: StaffId,
    /// When.
    pub accepted_at: Millis,
}

/// The warnings that were accepted for the video of a version.
pub async fn accepted_checks(conn: &mut impl Conn, version: VersionId) -> sqlx::Result<Vec<AcceptedCheck>> {
    query(
        "SELECT code, reason, accepted_by, accepted_at FROM accepted_check WHERE version_id = $1 ORDER BY code",
    )
    .bind(version)
    .all(conn)
    .await
}

/// Accepts a warning of the latest version, or gives another reason for it. What blocks cannot be accepted, and what is
/// only for information need not be.
pub async fn accept_check(
    tx: &mut Tx,
    staff: &Staff,
    clip: ClipId,
    code: &str,
    reason: &str,
) -> anyhow::Result<()> {
    let reason = clean(reason);
    if reason.is_empty() || reason.chars().count() > MAX_REASON {
        let ar = "اكتب سببًا لا يزيد على ٣٠٠ حرف.";
        let en = format!("Give a reason of 1 to {MAX_REASON} characters.");
        return Err(refuse(Refusal::new(RefusalKind::Invalid, "check.bad_reason", ar, en)));
    }
    let version = warned(tx, clip, code).await?;
    let now = tx.now();
    query(
        "INSERT INTO accepted_check (version_id, code, reason, accepted_by, accepted_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (version_id, code) DO UPDATE SET reason = excluded.reason, accepted_by = excluded.accepted_by,
                                                      accepted_at = excluded.accepted_at",
    )
    .bind(version.id)
    .bind(code.to_owned())
    .bind(reason.clone())
    .bind(staff.id)
    .bind(now)
    .execute(tx)
    .await?;
    let facts = json!({ "version": version.n, "check": code, "reason": reason });
    tx.record(Entry::new(By::Staff(staff).actor(), "check.accepted", "clip", clip).with(facts));
    Ok(())
}

/// Takes the acceptance of a warning back; one that was not accepted stays so.
pub async fn unaccept_check(tx: &mut Tx, staff: &Staff, clip: ClipId, code: &str) -> anyhow::Result<()> {
    let version = warned(tx, clip, code).await?;
    let gone = query("DELETE FROM accepted_check WHERE version_id = $1 AND code = $2")
        .bind(version.id)
        .bind(code.to_owned())
        .execute(tx)
        .await?;
    if gone > 0 {
        let facts = json!({ "version": version.n, "check": code });
        tx.record(Entry::new(By::Staff(staff).actor(), "check.unaccepted", "clip", clip).with(facts));
    }
    Ok(())
}

/// The latest version, if this check warned of its video.
async fn warned(tx: &mut Tx, clip: ClipId, code: &str) -> anyhow::Result<Version> {
    let clip = take_clip(tx, clip, None).await?;
    let version = latest_version(tx, clip.id).await?;
    if !takes_acceptance(version.state) {
        let ar = "اعتُمد هذا المقطع أو نُشر، فلا يتغيّر ما قُبل منه.";
        let en = "This video is approved or published; what was accepted about it stays.";
        return Err(refuse(Refusal::new(RefusalKind::Conflict, "check.decided", ar, en)));
    }
    let mut found = version.media.checks.iter().filter(|check| check.code == code);
    match found.any(|check| check.level == "warn") {
        true => Ok(version),
        false => {
            let ar = "ليس على هذا المقطع تنبيه بهذا الاسم.";
            let en = "There is no warning of this name about this video.";
            Err(refuse(Refusal::new(RefusalKind::NotFound, "check.no_warning", ar, en)))
        }
    }
}

/// Whether the reviewers have not decided yet: what they relied on is not changed behind them.
pub fn takes_acceptance(state: VersionState) -> bool {
    match state {
        VersionState::Draft
        | VersionState::Processing
        | VersionState::Failed
        | VersionState::Ready
        | VersionState::InReview
        | VersionState::ChangesRequested => true,
        VersionState::Approved
        | VersionState::Scheduled
        | VersionState::Published
        | VersionState::NeedsReview
        | VersionState::Superseded
        | VersionState::Withdrawn => false,
    }
}

/// The video is another one: what was accepted said nothing about it.
pub(super) async fn forget(tx: &mut Tx, version: VersionId) -> sqlx::Result<()> {
    query("DELETE FROM accepted_check WHERE version_id = $1").bind(version).execute(tx).await?;
    Ok(())
}

/// The same video in a new version: what was accepted stays accepted.
pub(super) async fn copy(tx: &mut Tx, from: VersionId, to: VersionId) -> sqlx::Result<()> {
    query(
        "INSERT INTO accepted_check (version_id, code, reason, accepted_by, accepted_at)
         SELECT $1, code, reason, accepted_by, accepted_at FROM accepted_check WHERE version_id = $2",
    )
    .bind(to)
    .bind(from)
    .execute(tx)
    .await?;
    Ok(())
}

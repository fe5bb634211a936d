//! Two lanes decide about a version, each naming the hashes of what it saw; nobody decides about their own work.

use super::by::By;
use super::clip::take_clip;
use super::guards::{CaptionErrors, refusal_of, unmet_guards};
use super::lane::Lane;
use super::state::{ActorFacts, Event, OtherLane, VersionState, next};
use super::text::clean;
use super::version::{Version, actor_facts, latest_version, transition};
use crate::audit::Entry;
use crate::clock::Millis;
use crate::db::{Conn, Tx, query, query_text};
use crate::ids::{ApprovalId, ClipId, DepartmentId, StaffId, VersionId};
use crate::refusal::{Refusal, RefusalKind, refuse};
use serde_json::json;

/// A decision about a version.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Approval {
    /// Which one.
    pub id: ApprovalId,
    /// `linguistic` or `factual`.
    pub lane: String,
    /// `approved`, `returned` or `waived`.
    pub decision: String,
    /// Who decided; nobody for a waiver at the command line.
    pub staff_id: Option<StaffId>,
    /// The name that colleagues know.
    pub staff_name: Option<String>,
    /// For which department.
    pub department_id: Option<DepartmentId>,
    /// The video that was seen.
    pub video_hash: String,
    /// The captions that were seen.
    pub captions_hash: String,
    /// The text that was seen.
    pub text_hash: String,
    /// Why it was returned or waived.
    pub reason: String,
    /// The moment of the video that the reason is about.
    pub at_ms: Option<i64>,
    /// When.
    pub decided_at: Millis,
    /// When a change made it void.
    pub voided_at: Option<Millis>,
}

const APPROVALS: &str =
    "SELECT a.id, a.lane, a.decision, a.staff_id, p.display_name AS staff_name, a.department_id,
       a.video_hash, a.captions_hash, a.text_hash, a.reason, a.at_ms, a.decided_at, a.voided_at
     FROM approval a LEFT JOIN staff p ON p.id = a.staff_id";

/// What a reviewer decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// Yes.
    Approved,
    /// Back to the studio.
    Returned {
        /// What is to be changed.
        reason: String,
        /// The moment of the video that it is about.
        at_ms: Option<i64>,
    },
}

/// All decisions about a version, newest first.
pub async fn approvals(conn: &mut impl Conn, version: VersionId) -> sqlx::Result<Vec<Approval>> {
    query_text(format!("{APPROVALS} WHERE a.version_id = $1 ORDER BY a.id DESC"))
        .bind(version)
        .all(conn)
        .await
}

/// The decisions that hold, one for each lane at most.
pub async fn current_approvals(conn: &mut impl Conn, version: VersionId) -> sqlx::Result<Vec<Approval>> {
    query_text(format!("{APPROVALS} WHERE a.version_id = $1 AND a.voided_at IS NULL ORDER BY a.lane"))
        .bind(version)
        .all(conn)
        .await
}

/// Sends the latest version to review. With an override reason, caption errors are accepted and that is on record.
pub async fn submit(
    tx: &mut Tx,
    by: By<'_>,
    clip: ClipId,
    expected: Option<i64>,
    override_reason: Option<&str>,
) -> anyhow::Result<VersionId> {
    let clip = take_clip(tx, clip, expected).await?;
    let mut version = latest_version(tx, clip.id).await?;
    let reason = override_reason.map(clean).filter(|reason| !reason.is_empty());
    let errors = if reason.is_some() { CaptionErrors::Accepted } else { CaptionErrors::Block };
    refuse_another_role(tx, by, &version).await?;
    let now = tx.now();
    let unmet = unmet_guards(tx, &clip, &version, errors, now).await?;
    if !unmet.is_empty() {
        return Err(refuse(refusal_of(&unmet)));
    }
    transition(tx, by, &mut version, Event::Submit).await?;
    query(
        "UPDATE clip_version SET submitted_by = $1, override_reason = $2,
                override_by = CASE WHEN $2 IS NULL THEN NULL ELSE $1 END
         WHERE id = $3",
    )
    .bind(by.author())
    .bind(reason.clone())
    .bind(version.id)
    .execute(tx)
    .await?;
    let facts = json!({ "version": version.n, "override": reason.is_some() });
    tx.record(Entry::new(by.actor(), "review.requested", "clip", clip.id).with(facts));
    Ok(version.id)
}

/// A reviewer who may not submit hears that before hearing what is missing.
async fn refuse_another_role(tx: &mut Tx, by: By<'_>, version: &Version) -> anyhow::Result<()> {
    let facts = actor_facts(tx, by, version.id).await?;
    // From `ready` the step exists, so that only the person can be in the way.
    next(VersionState::Ready, Event::Submit, facts).map_err(refuse)?;
    let has_been_sent = matches!(
        version.state,
        VersionState::InReview
            | VersionState::ChangesRequested
            | VersionState::Approved
            | VersionState::Scheduled
            | VersionState::Published
            | VersionState::NeedsReview
            | VersionState::Superseded
            | VersionState::Withdrawn
    );
    if has_been_sent {
        next(version.state, Event::Submit, facts).map_err(refuse)?;
    }
    Ok(())
}

/// Decides in one lane about the version in review. With both lanes approved, the version is approved.
pub async fn decide(
    tx: &mut Tx,
    by: By<'_>,
    clip: ClipId,
    expected: Option<i64>,
    lane: Lane,
    decision: Decision,
) -> anyhow::Result<VersionState> {
    let clip = take_clip(tx, clip, expected).await?;
    let mut version = latest_version(tx, clip.id).await?;
    let decision = checked(decision)?;
    let held = current_approvals(tx, version.id).await?;
    let other = held.iter().any(|approval| approval.lane != lane.as_str() && approval.decision != "returned");
    let event = match decision {
        Decision::Approved => Event::Approve(lane, if other { OtherLane::Approved } else { OtherLane::Open }),
        Decision::Returned { .. } => Event::Return(lane),
    };
    let facts = actor_facts(tx, by, version.id).await?;
    next(version.state, event, facts).map_err(refuse)?;
    insert_decision(tx, by, &version, lane, &decision, facts).await?;
    transition(tx, by, &mut version, event).await?;
    let verb = match decision {
        Decision::Approved => "review.approved",
        Decision::Returned { .. } => "review.returned",
    };
    let detail = json!({ "version": version.n, "lane": lane.as_str(), "hashes": version.hashes });
    tx.record(Entry::new(by.actor(), verb, "clip", clip.id).with(detail));
    tx.changed("clip", clip.id);
    Ok(version.state)
}

fn checked(decision: Decision) -> anyhow::Result<Decision> {
    match decision {
        Decision::Approved => Ok(Decision::Approved),
        Decision::Returned { reason, at_ms } => {
            let reason = clean(&reason);
            if reason.is_empty() || reason.chars().count() > 1_000 {
                let ar = "اكتب سبب الإعادة، من حرف إلى ١٠٠٠ حرف.";
                let en = "Say why you return it, in 1 to 1000 characters.";
                return Err(refuse(Refusal::invalid("reason", "review.no_reason", ar, en)));
            }
            Ok(Decision::Returned { reason, at_ms })
        }
    }
}

/// Writes the decision; the statement itself excludes authors, other departments and anything but the state and hashes
/// that were read.
async fn insert_decision(
    tx: &mut Tx,
    by: By<'_>,
    version: &Version,
    lane: Lane,
    decision: &Decision,
    facts: ActorFacts,
) -> anyhow::Result<()> {
    let (By::Staff(staff), ActorFacts::Staff(..)) = (by, facts) else {
        return Err(refuse(Refusal::forbidden()));
    };
    let now = tx.now();
    let (word, reason, at_ms) = match decision {
        Decision::Approved => ("approved", String::new(), None),
        Decision::Returned { reason, at_ms } => ("returned", reason.clone(), *at_ms),
    };
    let added = query(
        "INSERT INTO approval (id, version_id, lane, decision, staff_id, department_id, video_hash, captions_hash,
                               text_hash, reason, at_ms, decided_at)
         SELECT $1, v.id, $2, $3, $4, $5, v.video_hash, v.captions_hash, v.text_hash, $6, $7, $8
         FROM clip_version v
         JOIN version_text t ON t.version_id = v.id
         JOIN service s ON s.id = t.service_id
         WHERE v.id = $9 AND v.state = 'in_review'
           AND v.video_hash = $10 AND v.captions_hash = $11 AND v.text_hash = $12
           AND NOT EXISTS (SELECT 1 FROM version_author a WHERE a.version_id = v.id AND a.staff_id = $4)
           AND ($2 <> 'factual' OR s.department_id = $5)
         ON CONFLICT DO NOTHING",
    )
    .bind(ApprovalId::new(now))
    .bind(lane.as_str())
    .bind(word)
    .bind(staff.id)
    .bind(staff.department_id)
    .bind(reason)
    .bind(at_ms)
    .bind(now)
    .bind(version.id)
    .bind(version.hashes.video.clone())
    .bind(version.hashes.captions.clone())
    .bind(version.hashes.text.clone())
    .execute(tx)
    .await?;
    if added == 1 {
        return Ok(());
    }
    let ar = "هذا المسار قُرّر من قبل. افتح الصفحة من جديد.";
    let en = "This lane has been decided already. Open the page again.";
    Err(refuse(Refusal::new(RefusalKind::Conflict, "review.lane_decided", ar, en)))
}

/// An administrator takes responsibility for both lanes: the decisions on record say `waived`, never a review that did
/// not happen.
pub async fn waive_reviews(tx: &mut Tx, by: By<'_>, clip: ClipId, reason: &str) -> anyhow::Result<()> {
    let clip = take_clip(tx, clip, None).await?;
    let mut version = latest_version(tx, clip.id).await?;
    transition(tx, by, &mut version, Event::Waive).await?;
    let now = tx.now();
    for lane in Lane::ALL {
        query(
            "INSERT INTO approval (id, version_id, lane, decision, staff_id, video_hash, captions_hash, text_hash,
                                   reason, decided_at)
             VALUES ($1, $2, $3, 'waived', $4, $5, $6, $7, $8, $9)",
        )
        .bind(ApprovalId::new(now))
        .bind(version.id)
        .bind(lane.as_str())
        .bind(by.author())
        .bind(version.hashes.video.clone())
        .bind(version.hashes.captions.clone())
        .bind(version.hashes.text.clone())
        .bind(clean(reason))
        .bind(now)
        .execute(tx)
        .await?;
    }
    let detail = json!({ "version": version.n, "hashes": version.hashes });
    tx.record(Entry::new(by.actor(), "review.waived", "clip", clip.id).with(detail));
    Ok(())
}

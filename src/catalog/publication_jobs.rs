//! What the schedule does: publish at its time, and look again when a publication may have to end.

use super::by::By;
use super::clip::take_clip;
use super::publication::{put_before_the_public, take_out};
use super::state::{Event, VersionState};
use super::version::{transition, version};
use super::{Consent, signer, version_text};
use crate::app::App;
use crate::audit::Entry;
use crate::clock::Millis;
use crate::ids::VersionId;
use crate::jobs::{Job, JobError, Run};
use crate::refusal::Refusal;
use serde_json::json;

/// Publishes a scheduled version at its time.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub struct PublishScheduled {
    /// Which version.
    pub version_id: VersionId,
    /// The time that was set; a version that was scheduled again has another.
    pub publish_at: Millis,
}

impl Job<App> for PublishScheduled {
    const KIND: &'static str = "publish";
    /// A publication is awaited by the minute.
    const PRIORITY: i64 = 10;

    fn subject(&self) -> Option<uuid::Uuid> {
        Some(self.version_id.uuid())
    }

    fn dedupe_key(&self) -> Option<String> {
        Some(format!("publish:{}:{}", self.version_id, self.publish_at.0))
    }

    async fn run(self, app: App, run: Run) -> Result<(), JobError> {
        let mut tx = app.db.begin().await?;
        let Some(seen) = version(&mut tx, self.version_id).await? else { return Ok(()) };
        let clip = take_clip(&mut tx, seen.clip_id, None).await?;
        let Some(fresh) = version(&mut tx, self.version_id).await? else { return Ok(()) };
        if fresh.state != VersionState::Scheduled || fresh.publish_at != Some(self.publish_at) {
            return Ok(());
        }
        match put_before_the_public(&mut tx, By::System, &clip, fresh).await {
            Ok(_) => {}
            Err(why) if why.is::<Refusal>() => return Err(JobError::Fail(format!("{why:#}"))),
            Err(why) => return Err(why.into()),
        }
        run.complete(&mut tx).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn buried(self, app: App, reason: String) -> anyhow::Result<()> {
        let mut tx = app.db.begin().await?;
        let Some(mut version) = version(&mut tx, self.version_id).await? else { return Ok(()) };
        take_clip(&mut tx, version.clip_id, None).await?;
        // Another time was chosen since: that publication has a job of its own.
        if version.publish_at != Some(self.publish_at) {
            return Ok(());
        }
        if version.state == VersionState::Scheduled {
            transition(&mut tx, By::System, &mut version, Event::Unschedule).await?;
        }
        let detail = json!({ "version": version.n, "reason": reason });
        let entry = Entry::new(By::System.actor(), "clip.publication_failed", "clip", version.clip_id);
        tx.record(entry.with(detail));
        tx.commit().await?;
        Ok(())
    }
}

/// Looks whether a publication has to end: its own end, the signer's consent, the review date.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub struct Lapse {
    /// Which version.
    pub version_id: VersionId,
    /// The moment that was foreseen.
    pub at: Millis,
}

impl Job<App> for Lapse {
    const KIND: &'static str = "lapse";

    fn subject(&self) -> Option<uuid::Uuid> {
        Some(self.version_id.uuid())
    }

    fn dedupe_key(&self) -> Option<String> {
        Some(format!("lapse:{}:{}", self.version_id, self.at.0))
    }

    async fn run(self, app: App, run: Run) -> Result<(), JobError> {
        let mut tx = app.db.begin().await?;
        let now = tx.now();
        let Some(seen) = version(&mut tx, self.version_id).await? else { return Ok(()) };
        let clip = take_clip(&mut tx, seen.clip_id, None).await?;
        let Some(mut fresh) = version(&mut tx, self.version_id).await? else { return Ok(()) };
        if !fresh.state.is_public() {
            return Ok(());
        }
        let consent = match version_text(&mut tx, fresh.id).await?.signer_id {
            Some(id) => signer(&mut tx, id).await?.map(|signer| signer.consent(now)),
            None => None,
        };
        if consent.is_some_and(|consent| consent != Consent::Valid) {
            take_out(&mut tx, By::System, &clip, fresh.id, "موافقة مقدّم الإشارة لم تعد سارية").await?;
        } else if fresh.unpublish_at.is_some_and(|at| at <= now) {
            take_out(&mut tx, By::System, &clip, fresh.id, "انتهت مدة النشر").await?;
        } else if clip.review_by.is_some_and(|at| at <= now) && fresh.state == VersionState::Published {
            transition(&mut tx, By::System, &mut fresh, Event::ReviewDue).await?;
        }
        run.complete(&mut tx).await?;
        tx.commit().await?;
        Ok(())
    }
}

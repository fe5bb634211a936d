//! "Did you understand?" on a clip's page: counted for each version and day, with nothing about the person.

use super::clip::clip_by_slug;
use crate::app::App;
use crate::db::query;
use crate::ids::FeedbackId;
use crate::refusal::{Refusal, refuse};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// Counts one answer about the public version of a clip.
pub async fn rate_clip(app: &App, slug: &str, understood: bool) -> anyhow::Result<()> {
    let mut tx = app.db.begin().await?;
    let clip = clip_by_slug(&mut tx, slug).await?;
    let version = clip.and_then(|clip| clip.published_version_id);
    let version = version.ok_or_else(|| refuse(Refusal::not_found()))?;
    let now = tx.now();
    query("INSERT INTO clip_feedback (id, version_id, understood, day) VALUES ($1, $2, $3, $4)")
        .bind(FeedbackId::new(now))
        .bind(version)
        .bind(understood)
        .bind(now.0.div_euclid(DAY_MS))
        .execute(&mut tx)
        .await?;
    tx.commit().await?;
    Ok(())
}

//! The poster: which moment stands for a clip before it plays.

use super::by::By;
use super::clip::take_clip;
use super::version::latest_version;
use crate::audit::Entry;
use crate::db::{Tx, query};
use crate::ids::{ClipId, VersionId};
use crate::refusal::{Refusal, refuse};
use crate::store::BlobKey;
use serde_json::json;

/// A picture's blob, width, height and size.
type Kept = (BlobKey, i64, i64, i64);

/// Small and medium, each as WebP and JPEG.
pub(super) const CARDS_IN_A_SET: i64 = 4;
/// The small JPEG's place in a set.
const SMALL_JPEG: i64 = 1;

/// What stands in a version's place for pictures of this role.
async fn kept(tx: &mut Tx, version: VersionId, role: &'static str, n: i64) -> sqlx::Result<Option<Kept>> {
    query("SELECT storage_key, width, height, bytes FROM picture WHERE version_id = $1 AND role = $2 AND n = $3")
        .bind(version)
        .bind(role)
        .bind(n)
        .optional(tx)
        .await
}

/// Puts another picture into that place.
async fn put(tx: &mut Tx, version: VersionId, role: &'static str, n: i64, picture: Kept) -> sqlx::Result<()> {
    let (key, width, height, bytes) = picture;
    query(
        "UPDATE picture SET storage_key = $1, width = $2, height = $3, bytes = $4
         WHERE version_id = $5 AND role = $6 AND n = $7",
    )
    .bind(key)
    .bind(width)
    .bind(height)
    .bind(bytes)
    .bind(version)
    .bind(role)
    .bind(n)
    .execute(tx)
    .await?;
    Ok(())
}

/// Exchanges the cards of the poster with those of candidate `n`; returns the small JPEG. Versions that were processed
/// before cards existed have none.
async fn swap_cards(tx: &mut Tx, version: VersionId, n: i64) -> sqlx::Result<Option<Kept>> {
    let mut small = None;
    for place in 0..CARDS_IN_A_SET {
        let own = n * CARDS_IN_A_SET + place;
        let wanted = kept(tx, version, "candidate_card", own).await?;
        let present = kept(tx, version, "poster_card", place).await?;
        let (Some(wanted), Some(present)) = (wanted, present) else { return Ok(None) };
        for (role, at, picture) in [("poster_card", place, wanted), ("candidate_card", own, present)] {
            put(tx, version, role, at, picture).await?;
        }
        small = if place == SMALL_JPEG { Some(wanted) } else { small };
    }
    Ok(small)
}

/// Makes candidate `n` of the latest version its poster; the old poster becomes a candidate. Posters are not part of what
/// reviewers approve: every candidate is a frame of the approved video.
pub async fn choose_poster(tx: &mut Tx, by: By<'_>, clip: ClipId, n: i64) -> anyhow::Result<()> {
    let clip = take_clip(tx, clip, None).await?;
    let version = latest_version(tx, clip.id).await?;
    let wanted = kept(tx, version.id, "poster_candidate", n).await?;
    let present = kept(tx, version.id, "poster", 0).await?;
    let (Some(wanted), Some(present)) = (wanted, present) else { return Err(refuse(Refusal::not_found())) };
    let cards = swap_cards(tx, version.id, n).await?;
    for (role, place, picture) in [
        ("poster", 0, wanted),
        ("poster_small", 0, cards.unwrap_or(wanted)),
        ("poster_candidate", n, present),
    ] {
        put(tx, version.id, role, place, picture).await?;
    }
    let detail = json!({ "version": version.n, "candidate": n });
    tx.record(Entry::new(by.actor(), "version.poster_chosen", "clip", clip.id).with(detail));
    tx.changed("clip", clip.id);
    Ok(())
}

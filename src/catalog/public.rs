//! The page of one clip as the public sees it, and nothing else.

use super::caption_track::{Track, tracks};
use super::clip::{Alias, Clip, aliases, clip, clip_by_slug};
use super::files::{Picture, Rendition, pictures, renditions};
use super::service::{Service, service};
use super::signer::{Signer, signer};
use super::streams::stream_url;
use super::version::{Version, version};
use crate::db::Conn;
use crate::ids::ClipId;
use crate::people::{Department, department};

/// Everything the page of a published clip shows.
#[derive(Debug, Clone)]
pub struct PublicClip {
    /// The clip.
    pub clip: Clip,
    /// Its public version.
    pub version: Version,
    /// What it is about.
    pub service: Service,
    /// Who answers for it.
    pub department: Department,
    /// Who signs.
    pub signer: Option<Signer>,
    /// Sizes, smallest first.
    pub renditions: Vec<Rendition>,
    /// The HLS playlist over all sizes, for clips longer than ninety seconds.
    pub stream: Option<String>,
    /// Posters, preview, storyboard, graphic.
    pub pictures: Vec<Picture>,
    /// Captions, Arabic first; the Arabic ones are the transcript.
    pub tracks: Vec<Track>,
    /// Other wordings, for the index.
    pub aliases: Vec<Alias>,
}

/// What is found under a clip's address.
#[derive(Debug, Clone)]
pub enum Found {
    /// The clip.
    Shown(Box<PublicClip>),
    /// Another clip took its place.
    Replaced {
        /// Its address.
        slug: String,
        /// Its Arabic title.
        title_ar: String,
    },
    /// It was published once and was taken back.
    Gone,
    /// Nothing that the public may know of.
    Nothing,
}

/// At most this many replacements are followed.
const HOPS: usize = 8;

/// What the public finds under an address.
pub async fn public_clip(conn: &mut impl Conn, slug: &str) -> anyhow::Result<Found> {
    let Some(mut there) = clip_by_slug(conn, slug).await? else { return Ok(Found::Nothing) };
    if let Some(shown) = shown(conn, there.clone()).await? {
        return Ok(Found::Shown(Box::new(shown)));
    }
    if there.first_published_at.is_none() {
        return Ok(Found::Nothing);
    }
    for _ in 0..HOPS {
        let Some(next) = there.replaced_by else { return Ok(Found::Gone) };
        let Some(next) = clip(conn, next).await? else { return Ok(Found::Gone) };
        if next.published_version_id.is_some() {
            return Ok(Found::Replaced { slug: next.slug, title_ar: next.title_ar });
        }
        there = next;
    }
    Ok(Found::Gone)
}

/// The published clip with this id, for the index and for replies; `None` when the public does not see it.
pub async fn public_clip_by_id(conn: &mut impl Conn, id: ClipId) -> anyhow::Result<Option<PublicClip>> {
    match clip(conn, id).await? {
        Some(clip) => shown(conn, clip).await,
        None => Ok(None),
    }
}

async fn shown(conn: &mut impl Conn, clip: Clip) -> anyhow::Result<Option<PublicClip>> {
    let Some(version_id) = clip.published_version_id else { return Ok(None) };
    let (Some(version), Some(service)) =
        (version(conn, version_id).await?, service(conn, clip.service_id).await?)
    else {
        anyhow::bail!("clip {} names a version or service that is not there", clip.id);
    };
    let Some(department) = department(conn, service.department_id).await? else {
        anyhow::bail!("service {} names a department that is not there", service.id);
    };
    let signer = match clip.signer_id {
        Some(id) => signer(conn, id).await?,
        None => None,
    };
    Ok(Some(PublicClip {
        renditions: renditions(conn, version_id).await?,
        stream: stream_url(conn, version_id).await?,
        pictures: pictures(conn, version_id).await?,
        tracks: tracks(conn, version_id).await?,
        aliases: aliases(conn, clip.id).await?,
        clip,
        version,
        service,
        department,
        signer,
    }))
}

/// Every published clip, for the index's rebuild: ids after `after` in their order.
pub async fn published_ids(
    conn: &mut impl Conn,
    after: Option<ClipId>,
    limit: i64,
) -> sqlx::Result<Vec<ClipId>> {
    let rows: Vec<(ClipId,)> = crate::db::query(
        "SELECT id FROM clip WHERE published_version_id IS NOT NULL AND ($1 IS NULL OR id > $1)
         ORDER BY id LIMIT $2",
    )
    .bind(after)
    .bind(limit)
    .all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

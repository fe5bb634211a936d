//! The files of a version as pages and programs name them.

use crate::db::{Conn, query, query_text};
use crate::ids::VersionId;
use crate::store::BlobKey;

/// One encoded size.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Rendition {
    /// `saver`, `normal`, `clear`, `full` or `source`.
    pub rung: String,
    /// Where it lies.
    pub storage_key: BlobKey,
    /// For `<source type>`: container and codecs.
    pub mime: String,
    /// Pixels.
    pub width: i64,
    /// Pixels.
    pub height: i64,
    /// Frames per 1000 seconds.
    pub fps_milli: i64,
    /// Frames, counted.
    pub frames: i64,
    /// Size of the file.
    pub bytes: i64,
    /// Bits per second, mean.
    pub bitrate: i64,
}

/// A poster, preview, storyboard or graphic.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Picture {
    /// `poster`, `poster_small`, `poster_card` (small WebP, small JPEG, medium WebP, medium JPEG), `poster_candidate` and
    /// its `candidate_card`s, `preview`, `storyboard`, `storyboard_map`, `check` or `graphic`.
    pub role: String,
    /// Counts pictures of the same role, from 0.
    pub n: i64,
    /// Where it lies.
    pub storage_key: BlobKey,
    /// Media type.
    pub mime: String,
    /// Pixels; 0 where the file itself says it.
    pub width: i64,
    /// Pixels; 0 where the file itself says it.
    pub height: i64,
    /// Size of the file.
    pub bytes: i64,
}

/// The address of a stored file: immutable, because the name is the content.
pub fn media_url(key: BlobKey) -> String {
    format!("/media/{key}")
}

impl Rendition {
    /// Its address.
    pub fn url(&self) -> String {
        media_url(self.storage_key)
    }
}

impl Picture {
    /// Its address.
    pub fn url(&self) -> String {
        media_url(self.storage_key)
    }
}

/// The sizes of a version, smallest first.
pub async fn renditions(conn: &mut impl Conn, version: VersionId) -> sqlx::Result<Vec<Rendition>> {
    query(
        "SELECT rung, storage_key, mime, width, height, fps_milli, frames, bytes, bitrate FROM rendition
         WHERE version_id = $1 ORDER BY width * height, rung",
    )
    .bind(version)
    .all(conn)
    .await
}

/// The pictures of a version.
pub async fn pictures(conn: &mut impl Conn, version: VersionId) -> sqlx::Result<Vec<Picture>> {
    query(
        "SELECT role, n, storage_key, mime, width, height, bytes FROM picture
         WHERE version_id = $1 ORDER BY role, n",
    )
    .bind(version)
    .all(conn)
    .await
}

/// The first picture of a role.
pub fn picture_of<'a>(pictures: &'a [Picture], role: &str) -> Option<&'a Picture> {
    pictures.iter().find(|picture| picture.role == role)
}

/// The smallest size of each of these versions, for feeds and for keeping clips without a network.
pub async fn saver_videos(
    conn: &mut impl Conn,
    versions: &[VersionId],
) -> sqlx::Result<Vec<(VersionId, Rendition)>> {
    if versions.is_empty() {
        return Ok(Vec::new());
    }
    let places: Vec<String> = (1..=versions.len()).map(|place| format!("${place}")).collect();
    let mut statement = query_text(format!(
        "SELECT version_id, rung, storage_key, mime, width, height, fps_milli, frames, bytes, bitrate FROM rendition
         WHERE version_id IN ({}) ORDER BY version_id, width * height, rung",
        places.join(", ")
    ));
    for version in versions {
        statement = statement.bind(*version);
    }
    let rows: Vec<VersionRendition> = statement.all(conn).await?;
    let mut smallest: Vec<(VersionId, Rendition)> = Vec::new();
    for row in rows {
        if smallest.last().is_none_or(|(version, _)| *version != row.version_id) {
            smallest.push((row.version_id, row.rendition));
        }
    }
    Ok(smallest)
}

#[derive(sqlx::FromRow)]
struct VersionRendition {
    version_id: VersionId,
    #[sqlx(flatten)]
    rendition: Rendition,
}

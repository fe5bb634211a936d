//! Who may see a blob, decided from nothing but the rows that refer to it.

use super::{Area, BlobKey};
use crate::db::{Conn, query};

/// Who may see a blob without a signed link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Everybody: it belongs to a version that is published now.
    Public,
    /// Staff who see the studio.
    Studio,
    /// Staff who see questions.
    Desk,
    /// Women among the staff who see questions: the asker wants a woman.
    DeskWomen,
}

/// A blob that somebody may see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reach {
    /// Who.
    pub audience: Audience,
    /// Its size.
    pub bytes: u64,
}

/// Who may see the blob under `key`; `None` when nothing that can be seen refers to it. Originals are never shown: they
/// may hold places, names and thumbnails of the camera.
pub async fn reach(conn: &mut impl Conn, key: BlobKey) -> sqlx::Result<Option<Reach>> {
    let sql = match key.area {
        Area::Originals => return Ok(None),
        Area::Renditions => {
            "SELECT b.bytes, CAST(MAX(CASE WHEN c.published_version_id = r.version_id THEN 1 ELSE 0 END) AS BIGINT)
             FROM blob b JOIN (SELECT version_id, storage_key FROM rendition WHERE storage_key = $1 UNION ALL
                  SELECT version_id, storage_key FROM stream WHERE storage_key = $1 UNION ALL
                  SELECT version_id, storage_key FROM package WHERE storage_key = $1) r ON r.storage_key = b.storage_key
                  JOIN clip_version v ON v.id = r.version_id JOIN clip c ON c.id = v.clip_id
             WHERE b.storage_key = $1 GROUP BY b.bytes"
        }
        Area::Pictures => {
            "SELECT b.bytes, CAST(MAX(CASE WHEN c.published_version_id = p.version_id THEN 1 ELSE 0 END) AS BIGINT)
             FROM blob b JOIN picture p ON p.storage_key = b.storage_key
                  JOIN clip_version v ON v.id = p.version_id JOIN clip c ON c.id = v.clip_id
             WHERE b.storage_key = $1 GROUP BY b.bytes"
        }
        Area::Questions => {
            "SELECT b.bytes, CAST(MAX(CASE WHEN q.wants_woman = $2 THEN 1 ELSE 0 END) AS BIGINT)
             FROM blob b JOIN (SELECT id, video_key FROM question WHERE video_key = $1 UNION ALL
                  SELECT question_id, video_key FROM case_video WHERE video_key = $1) v ON v.video_key = b.storage_key
                  JOIN question q ON q.id = v.id
             WHERE b.storage_key = $1 GROUP BY b.bytes"
        }
    };
    let asked = query(sql).bind(key);
    let asked = if key.area == Area::Questions { asked.bind(true) } else { asked };
    let found: Option<(i64, i64)> = asked.optional(conn).await?;
    Ok(found.map(|(bytes, flag)| {
        let audience = match (key.area, flag == 1) {
            (Area::Questions, true) => Audience::DeskWomen,
            (Area::Questions, false) => Audience::Desk,
            (Area::Originals | Area::Renditions | Area::Pictures, true) => Audience::Public,
            (Area::Originals | Area::Renditions | Area::Pictures, false) => Audience::Studio,
        };
        Reach { audience, bytes: u64::try_from(bytes).unwrap_or(0) }
    }))
}

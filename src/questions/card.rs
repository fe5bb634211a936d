//! A clip as the desk and the asker's page show it.

use super::suggest::Cue;
use crate::db::{Conn, query};
use crate::ids::{ClipId, QuestionId};
use serde_json::Value;

/// A clip in a few words and a picture.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow, serde::Serialize, utoipa::ToSchema)]
pub struct ClipCard {
    /// Which clip.
    pub id: ClipId,
    /// Its name in addresses.
    pub slug: String,
    /// Arabic title.
    pub title_ar: String,
    /// English title; may be empty.
    pub title_en: String,
    /// `answer`, `safety` and so on.
    pub kind: String,
    /// The answer in one or two sentences.
    pub summary_ar: String,
    /// Code of its service.
    pub service: String,
    /// Whether the public sees it at this moment.
    pub is_public: bool,
    /// Milliseconds of the public version.
    pub duration_ms: Option<i64>,
    /// Storage key of the public version's poster; below `/media/` it is the address.
    pub poster: Option<String>,
}

/// One encoded size of a clip's public version.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow, serde::Serialize, utoipa::ToSchema)]
pub struct ClipRendition {
    /// `saver`, `normal`, `clear`, `full` or `source`.
    pub rung: String,
    /// Storage key; below `/media/` it is the address.
    pub storage_key: String,
    /// Media type.
    pub mime: String,
    /// Pixels.
    pub width: i64,
    /// Pixels.
    pub height: i64,
    /// Size.
    pub bytes: i64,
}

/// What the matcher or the studio proposes for a question.
#[derive(Debug, Clone, PartialEq, serde::Serialize, utoipa::ToSchema)]
pub struct SuggestionCard {
    /// 1 for the best.
    pub rank: i64,
    /// The clip.
    pub clip: ClipCard,
    /// The matcher's score.
    pub score: f64,
    /// JSON list: matching words, synonyms, fields.
    pub reasons: Value,
    /// The moment that answers.
    pub cue: Option<Cue>,
    /// `none`, `accepted` or `rejected`.
    pub verdict: String,
}

/// One clip's card, whether it is public or not.
pub(super) async fn card(conn: &mut impl Conn, id: ClipId) -> sqlx::Result<Option<ClipCard>> {
    query(
        "SELECT c.id, c.slug, c.title_ar, c.title_en, c.kind, c.summary_ar, s.code AS service,
                (c.published_version_id IS NOT NULL) AS is_public, v.duration_ms, p.storage_key AS poster
         FROM clip c JOIN service s ON s.id = c.service_id
         LEFT JOIN clip_version v ON v.id = c.published_version_id
         LEFT JOIN picture p ON p.version_id = v.id AND p.role = 'poster' AND p.n = 0
         WHERE c.id = $1",
    )
    .bind(id)
    .optional(conn)
    .await
}

/// The sizes of a clip's public version, smallest first.
pub(super) async fn renditions(conn: &mut impl Conn, id: ClipId) -> sqlx::Result<Vec<ClipRendition>> {
    query(
        "SELECT r.rung, r.storage_key, r.mime, r.width, r.height, r.bytes
         FROM rendition r JOIN clip c ON c.published_version_id = r.version_id
         WHERE c.id = $1 ORDER BY r.height, r.rung",
    )
    .bind(id)
    .all(conn)
    .await
}

/// The Arabic captions of a clip's public version.
pub(super) async fn cues(conn: &mut impl Conn, id: ClipId) -> sqlx::Result<Vec<Cue>> {
    let rows: Vec<(i64, i64, String)> = query(
        "SELECT u.start_ms, u.end_ms, u.body FROM cue u
         WHERE u.revision_id = (SELECT k.id FROM caption_revision k JOIN clip c ON c.published_version_id = k.version_id
                                WHERE c.id = $1 AND k.lang = 'ar' ORDER BY k.n DESC LIMIT 1)
         ORDER BY u.seq",
    )
    .bind(id)
    .all(conn)
    .await?;
    Ok(rows.into_iter().map(|(start_ms, end_ms, text)| Cue { start_ms, end_ms, text }).collect())
}

#[derive(sqlx::FromRow)]
struct SuggestionRow {
    clip_id: ClipId,
    score: f64,
    reasons: String,
    cue_start_ms: Option<i64>,
    cue_end_ms: Option<i64>,
    cue_text: Option<String>,
    verdict: String,
}

/// The suggestions of a question that are still public, best first.
pub(super) async fn suggestions(conn: &mut impl Conn, id: QuestionId) -> anyhow::Result<Vec<SuggestionCard>> {
    let rows: Vec<SuggestionRow> = query(
        "SELECT clip_id, score, reasons, cue_start_ms, cue_end_ms, cue_text, verdict
         FROM suggestion WHERE question_id = $1 ORDER BY place",
    )
    .bind(id)
    .all(conn)
    .await?;
    let mut cards = Vec::new();
    for row in rows {
        let Some(clip) = card(conn, row.clip_id).await?.filter(|clip| clip.is_public) else { continue };
        let cue = match (row.cue_start_ms, row.cue_end_ms, row.cue_text) {
            (Some(start_ms), Some(end_ms), Some(text)) => Some(Cue { start_ms, end_ms, text }),
            _ => None,
        };
        let rank = i64::try_from(cards.len() + 1).unwrap_or(i64::MAX);
        let reasons = serde_json::from_str(&row.reasons)?;
        cards.push(SuggestionCard { rank, clip, score: row.score, reasons, cue, verdict: row.verdict });
    }
    Ok(cards)
}

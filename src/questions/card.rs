//! A clip as the desk and the asker's page show it.

use super::ranking;
use super::suggest::Cue;
use crate::app::App;
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
    /// Address of the public version's poster.
    pub poster: Option<String>,
}

/// One encoded size of a clip's public version.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow, serde::Serialize, utoipa::ToSchema)]
pub struct ClipRendition {
    /// `saver`, `normal`, `clear`, `full` or `source`.
    pub rung: String,
    /// Its address.
    pub url: String,
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
    /// `none`, `weak`, `accepted` or `rejected`.
    pub verdict: String,
}

/// One clip's card, whether it is public or not.
pub(super) async fn card(conn: &mut impl Conn, id: ClipId) -> sqlx::Result<Option<ClipCard>> {
    query(
        "SELECT c.id, c.slug, c.title_ar, c.title_en, c.kind, c.summary_ar, s.code AS service,
                (c.published_version_id IS NOT NULL) AS is_public, v.duration_ms, '/media/' || p.storage_key AS poster
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
        "SELECT r.rung, '/media/' || r.storage_key AS url, r.mime, r.width, r.height, r.bytes
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

/// What matching a text found, for programs and for the form's "is this your answer?".
#[derive(Debug, Clone)]
pub struct TextMatch {
    /// No published clip is a good answer.
    pub abstain: bool,
    /// Probability that the first one is right.
    pub confidence: f64,
    /// Best first.
    pub candidates: Vec<SuggestionCard>,
    /// Which matcher it was.
    pub matcher: String,
}

/// Matches a redacted text with the published clips. Nothing is written.
pub async fn match_text(app: &App, redacted: &str, limit: usize) -> anyhow::Result<TextMatch> {
    let ranking = ranking::rank(app, redacted, limit).await?;
    let mut read = app.db.read().await?;
    let mut candidates = Vec::new();
    for found in ranking.candidates {
        let Some(clip) = card(&mut read, found.clip_id).await?.filter(|clip| clip.is_public) else {
            continue;
        };
        candidates.push(SuggestionCard {
            rank: i64::try_from(candidates.len() + 1).unwrap_or(i64::MAX),
            clip,
            score: found.score,
            reasons: found.reasons,
            cue: found.cue,
            verdict: "none".to_owned(),
        });
    }
    let abstain = ranking.abstain || candidates.is_empty();
    Ok(TextMatch { abstain, confidence: ranking.confidence, candidates, matcher: ranking.matcher })
}

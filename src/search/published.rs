//! Reading published clips from the database as the index wants them. A signed title says a word of a page and answers no
//! question, so it is neither found nor suggested.

use super::{ClipDocument, CueText};
use crate::db::{Conn, query};
use crate::ids::ClipId;
use uuid::Uuid;

/// The kind of clips that only say a word.
const SIGNED_TITLE: &str = "signed_title";
/// Where captions of a clip are written in; others are not searched.
const CAPTION_LANGUAGE: &str = "ar";

#[derive(sqlx::FromRow)]
struct ClipRow {
    kind: String,
    service: String,
    sign_language: String,
    title_ar: String,
    title_en: String,
    question_ar: String,
    summary_ar: String,
    published_version_id: Option<Uuid>,
    first_published_at: Option<i64>,
}

/// Loads what the public sees of a clip; `None` when it is not public.
pub(crate) async fn load(conn: &mut impl Conn, clip: Uuid) -> sqlx::Result<Option<ClipDocument>> {
    let row: Option<ClipRow> = query(
        "SELECT c.kind, s.code AS service, c.sign_language, c.title_ar, c.title_en, c.question_ar, c.summary_ar, \
         c.published_version_id, c.first_published_at FROM clip c JOIN service s ON s.id = c.service_id WHERE c.id = $1",
    )
    .bind(clip)
    .optional(conn)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let Some(version) = row.published_version_id.filter(|_| row.kind != SIGNED_TITLE) else {
        return Ok(None);
    };
    let aliases = aliases(conn, clip).await?;
    let cues = cues(conn, version).await?;
    Ok(Some(ClipDocument {
        clip_id: ClipId::from(clip).to_string(),
        kind: row.kind,
        service: row.service,
        sign_language: row.sign_language,
        published_ms: row.first_published_at.unwrap_or(0),
        title: row.title_ar,
        title_en: row.title_en,
        question: row.question_ar,
        summary: row.summary_ar,
        aliases,
        cues,
    }))
}

async fn aliases(conn: &mut impl Conn, clip: Uuid) -> sqlx::Result<Vec<String>> {
    let rows: Vec<(String,)> =
        query("SELECT text_ar FROM clip_alias WHERE clip_id = $1 ORDER BY created_at, id")
            .bind(clip)
            .all(conn)
            .await?;
    Ok(rows.into_iter().map(|(text,)| text).collect())
}

/// The cues of the newest revision of a version's captions.
async fn cues(conn: &mut impl Conn, version: Uuid) -> sqlx::Result<Vec<CueText>> {
    let rows: Vec<(i64, i64, String)> = query(
        "SELECT q.start_ms, q.end_ms, q.body FROM cue q JOIN caption_revision r ON r.id = q.revision_id \
         WHERE r.version_id = $1 AND r.lang = $2 AND r.n = \
         (SELECT MAX(n) FROM caption_revision WHERE version_id = $1 AND lang = $2) ORDER BY q.seq",
    )
    .bind(version)
    .bind(CAPTION_LANGUAGE)
    .all(conn)
    .await?;
    let milliseconds = |value: i64| u32::try_from(value).unwrap_or(u32::MAX);
    Ok(rows
        .into_iter()
        .map(|(start, end, text)| CueText { start_ms: milliseconds(start), end_ms: milliseconds(end), text })
        .collect())
}

/// The ids of all public clips that can be found.
pub(crate) async fn ids(conn: &mut impl Conn) -> sqlx::Result<Vec<Uuid>> {
    let all = "SELECT id FROM clip WHERE published_version_id IS NOT NULL AND kind <> $1 ORDER BY id";
    let rows: Vec<(Uuid,)> = query(all).bind(SIGNED_TITLE).all(conn).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

//! Captions as they are kept: revisions of cues for each language of a version.

use super::by::By;
use super::captions::{self, About, CaptionFormat, Cue, Level};
use super::clip::take_clip;
use super::editing::editable_version;
use super::text::hex;
use super::version::{Version, captions_hash, latest_version};
use crate::audit::Entry;
use crate::clock::Millis;
use crate::db::{Conn, Tx, query};
use crate::ids::{ClipId, RevisionId, StaffId, VersionId};
use crate::refusal::{Refusal, RefusalKind, refuse};
use serde_json::json;
use sha2::{Digest as _, Sha256};

/// A finding as it is kept and shown.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
pub struct CaptionFinding {
    /// Stable name of the rule.
    pub rule: String,
    /// `error` (blocks publishing) or `warn`.
    pub level: String,
    /// Index of the cue, from 0; none for the whole file.
    pub cue: Option<i64>,
    /// One Arabic sentence.
    pub message_ar: String,
    /// The same in English.
    pub message_en: String,
}

/// The current captions of one language.
#[derive(Debug, Clone)]
pub struct Track {
    /// The revision.
    pub id: RevisionId,
    /// Language tag, for example `ar`.
    pub lang: String,
    /// The revision's number, from 1.
    pub revision: i64,
    /// `editor`, `vtt`, `srt`, `ttml`, `ass`, `eaf` or `copied`.
    pub origin: String,
    /// Lower-case hex SHA-256 of the cues.
    pub hash: String,
    /// What the checks said when it was saved.
    pub findings: Vec<CaptionFinding>,
    /// How many of them block publishing.
    pub errors: i64,
    /// Who saved it.
    pub created_by: Option<StaffId>,
    /// When it was saved.
    pub created_at: Millis,
    /// The cues in their order.
    pub cues: Vec<Cue>,
}

#[derive(sqlx::FromRow)]
struct RevisionRow {
    id: RevisionId,
    lang: String,
    n: i64,
    origin: String,
    hash: String,
    findings: String,
    errors: i64,
    created_by: Option<StaffId>,
    created_at: Millis,
}

/// Languages that captions can be in.
const LANGUAGES: [&str; 2] = ["ar", "en"];

/// The language of a tag: `ar-SA` is `ar`.
pub fn caption_language(tag: &str) -> anyhow::Result<&'static str> {
    let primary = tag.split('-').next().unwrap_or_default().to_ascii_lowercase();
    LANGUAGES.into_iter().find(|lang| *lang == primary).ok_or_else(|| {
        let ar = "لغة التعليق غير معروفة. استخدم ar أو en.";
        refuse(Refusal::invalid(
            "lang",
            "captions.unknown_language",
            ar,
            "Unknown caption language; use ar or en.",
        ))
    })
}

/// Reads a caption file; a refusal names the line.
pub fn read_captions(bytes: &[u8], format: Option<CaptionFormat>) -> anyhow::Result<Vec<Cue>> {
    captions::parse(bytes, format).map_err(|wrong| {
        let details = json!({ "line": wrong.line(), "problem": wrong.code() });
        let refusal =
            Refusal::new(RefusalKind::Invalid, "captions.unreadable", wrong.message_ar(), wrong.message_en());
        refuse(refusal.with_details(details))
    })
}

/// The word in `caption_revision.origin` for a file format.
pub fn origin_of(format: Option<CaptionFormat>) -> &'static str {
    match format {
        None => "editor",
        Some(CaptionFormat::WebVtt) => "vtt",
        Some(CaptionFormat::SubRip) => "srt",
        Some(CaptionFormat::Ttml) => "ttml",
        Some(CaptionFormat::Ass) => "ass",
        Some(CaptionFormat::Eaf) => "eaf",
    }
}

/// What is saved as captions.
#[derive(Debug, Clone)]
pub struct NewCaptions {
    /// From [`caption_language`].
    pub lang: &'static str,
    /// From [`origin_of`].
    pub origin: &'static str,
    /// The cues; sorted here.
    pub cues: Vec<Cue>,
}

/// Saves captions as a new revision and checks them. Whoever saves them is an author; approvals are void. The same cues
/// again change nothing. `expected` is the clip's `row_version` that the editor saw.
pub async fn save_captions(
    tx: &mut Tx,
    by: By<'_>,
    clip: ClipId,
    expected: Option<i64>,
    new: NewCaptions,
) -> anyhow::Result<Track> {
    let clip = take_clip(tx, clip, expected).await?;
    let latest = latest_version(tx, clip.id).await?;
    let mut cues = new.cues;
    cues.sort_by_key(|cue| (cue.start_ms, cue.end_ms));
    let hash = cues_hash(&cues);
    if let Some(present) = track(tx, latest.id, new.lang).await?.filter(|track| track.hash == hash) {
        return Ok(present);
    }
    let version = editable_version(tx, by, &clip, latest).await?;
    let findings = findings_of(&version, &cues)?;
    let saved = Revision { lang: new.lang.to_owned(), origin: new.origin.to_owned(), hash, findings, cues };
    let track = insert_revision(tx, by.author(), version.id, saved).await?;
    refresh_captions_hash(tx, version.id).await?;
    let facts =
        json!({ "version": version.n, "lang": new.lang, "revision": track.revision, "hash": track.hash });
    tx.record(Entry::new(by.actor(), "captions.saved", "clip", clip.id).with(facts));
    tx.changed("clip", clip.id);
    Ok(track)
}

/// What the checks say about cues on this version's video.
pub fn findings_of(version: &Version, cues: &[Cue]) -> anyhow::Result<Vec<CaptionFinding>> {
    let about = About {
        duration_ms: version.media.duration_ms.and_then(|ms| u32::try_from(ms).ok()),
        frames_per_second: version.media.fps_milli.map(|milli| milli as f64 / 1000.0),
    };
    let found = captions::check(cues, about);
    // Through JSON: the rule's stable name is its serialised word.
    Ok(serde_json::from_value(serde_json::to_value(found)?)?)
}

struct Revision {
    lang: String,
    origin: String,
    hash: String,
    findings: Vec<CaptionFinding>,
    cues: Vec<Cue>,
}

async fn insert_revision(
    tx: &mut Tx,
    author: Option<StaffId>,
    version: VersionId,
    new: Revision,
) -> anyhow::Result<Track> {
    let now = tx.now();
    let id = RevisionId::new(now);
    let error_word = serde_json::to_value(Level::Error)?;
    let errors = new.findings.iter().filter(|finding| error_word == finding.level.as_str()).count();
    let errors = i64::try_from(errors)?;
    let n: i64 = query(
        "INSERT INTO caption_revision (id, version_id, lang, n, origin, hash, findings, errors, created_by, created_at)
         VALUES ($1, $2, $3,
                 (SELECT COALESCE(MAX(n), 0) + 1 FROM caption_revision WHERE version_id = $2 AND lang = $3),
                 $4, $5, $6, $7, $8, $9) RETURNING n",
    )
    .bind(id)
    .bind(version)
    .bind(new.lang.clone())
    .bind(new.origin.clone())
    .bind(new.hash.clone())
    .bind(serde_json::to_string(&new.findings)?)
    .bind(errors)
    .bind(author)
    .bind(now)
    .value(tx)
    .await?;
    insert_cues(tx, id, &new.cues).await?;
    Ok(Track {
        id,
        lang: new.lang,
        revision: n,
        origin: new.origin,
        hash: new.hash,
        findings: new.findings,
        errors,
        created_by: author,
        created_at: now,
        cues: new.cues,
    })
}

async fn insert_cues(tx: &mut Tx, revision: RevisionId, cues: &[Cue]) -> sqlx::Result<()> {
    for (seq, cue) in cues.iter().enumerate() {
        query("INSERT INTO cue (revision_id, seq, start_ms, end_ms, body) VALUES ($1, $2, $3, $4, $5)")
            .bind(revision)
            .bind(i64::try_from(seq).unwrap_or(i64::MAX))
            .bind(i64::from(cue.start_ms))
            .bind(i64::from(cue.end_ms))
            .bind(cue.text.clone())
            .execute(tx)
            .await?;
    }
    Ok(())
}

/// Lower-case hex SHA-256 of times and texts.
fn cues_hash(cues: &[Cue]) -> String {
    let mut hasher = Sha256::new();
    for cue in cues {
        let text = json!([cue.start_ms, cue.end_ms, cue.text]);
        hasher.update(format!("{text}\n"));
    }
    hex(&hasher.finalize())
}

/// Languages and hashes of the current revisions, sorted by language.
pub(super) async fn track_hashes(
    conn: &mut impl Conn,
    version: VersionId,
) -> sqlx::Result<Vec<(String, String)>> {
    query(
        "SELECT r.lang, r.hash FROM caption_revision r
         WHERE r.version_id = $1
           AND r.n = (SELECT MAX(n) FROM caption_revision WHERE version_id = $1 AND lang = r.lang)
         ORDER BY r.lang",
    )
    .bind(version)
    .all(conn)
    .await
}

async fn refresh_captions_hash(tx: &mut Tx, version: VersionId) -> sqlx::Result<()> {
    let hash = captions_hash(&track_hashes(tx, version).await?);
    query("UPDATE clip_version SET captions_hash = $1, row_version = row_version + 1 WHERE id = $2")
        .bind(hash)
        .bind(version)
        .execute(tx)
        .await?;
    Ok(())
}

/// The current captions of one language, if there are any.
pub async fn track(conn: &mut impl Conn, version: VersionId, lang: &str) -> anyhow::Result<Option<Track>> {
    let row: Option<RevisionRow> = query(
        "SELECT id, lang, n, origin, hash, findings, errors, created_by, created_at FROM caption_revision
         WHERE version_id = $1 AND lang = $2 ORDER BY n DESC LIMIT 1",
    )
    .bind(version)
    .bind(lang.to_owned())
    .optional(conn)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let cues = cues_of(conn, row.id).await?;
    Ok(Some(Track {
        id: row.id,
        lang: row.lang,
        revision: row.n,
        origin: row.origin,
        hash: row.hash,
        findings: serde_json::from_str(&row.findings)?,
        errors: row.errors,
        created_by: row.created_by,
        created_at: row.created_at,
        cues,
    }))
}

/// The current captions of all languages, Arabic first.
pub async fn tracks(conn: &mut impl Conn, version: VersionId) -> anyhow::Result<Vec<Track>> {
    let mut found = Vec::new();
    for lang in LANGUAGES {
        found.extend(track(conn, version, lang).await?);
    }
    Ok(found)
}

async fn cues_of(conn: &mut impl Conn, revision: RevisionId) -> anyhow::Result<Vec<Cue>> {
    let rows: Vec<(i64, i64, String)> =
        query("SELECT start_ms, end_ms, body FROM cue WHERE revision_id = $1 ORDER BY seq")
            .bind(revision)
            .all(conn)
            .await?;
    let cue = |(start, end, text): (i64, i64, String)| {
        Ok(Cue { start_ms: u32::try_from(start)?, end_ms: u32::try_from(end)?, text })
    };
    rows.into_iter().map(cue).collect()
}

/// Gives a new version the captions of the one before.
pub(super) async fn copy_captions(tx: &mut Tx, from: VersionId, to: VersionId) -> anyhow::Result<()> {
    for track in tracks(tx, from).await? {
        let copy = Revision {
            lang: track.lang,
            origin: "copied".to_owned(),
            hash: track.hash,
            findings: track.findings,
            cues: track.cues,
        };
        insert_revision(tx, track.created_by, to, copy).await?;
    }
    refresh_captions_hash(tx, to).await?;
    Ok(())
}

/// Writes every track of a version anew with its cues on another clock, as after a cut.
pub(super) async fn move_captions(
    tx: &mut Tx,
    by: By<'_>,
    version: &Version,
    moved: impl Fn(&[Cue]) -> Vec<Cue>,
) -> anyhow::Result<()> {
    for track in tracks(tx, version.id).await? {
        let cues = moved(&track.cues);
        let findings = findings_of(version, &cues)?;
        let (hash, origin) = (cues_hash(&cues), "copied".to_owned());
        let revision = Revision { lang: track.lang, origin, hash, findings, cues };
        insert_revision(tx, by.author(), version.id, revision).await?;
    }
    refresh_captions_hash(tx, version.id).await?;
    Ok(())
}

/// Checks the captions of a version again once its video's length is known; the words stay as they are.
pub(super) async fn check_again(tx: &mut Tx, version: &Version) -> anyhow::Result<()> {
    let error_word = serde_json::to_value(Level::Error)?;
    for track in tracks(tx, version.id).await? {
        let findings = findings_of(version, &track.cues)?;
        let errors = findings.iter().filter(|finding| error_word == finding.level.as_str()).count();
        query("UPDATE caption_revision SET findings = $1, errors = $2 WHERE id = $3")
            .bind(serde_json::to_string(&findings)?)
            .bind(i64::try_from(errors)?)
            .bind(track.id)
            .execute(tx)
            .await?;
    }
    Ok(())
}

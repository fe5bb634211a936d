//! Versions of a clip: rows, and the one place that changes their state.

use super::by::By;
use super::kind::ClipKind;
use super::media_state::MediaState;
use super::state::{ActorFacts, Authorship, Event, Ownership, TransitionDenied, VersionState, next};
use super::text::{ClipText, hex, save_text};
use crate::audit::Entry;
use crate::clock::Millis;
use crate::db::{Conn, Tx, query, query_text};
use crate::ids::{ClipId, StaffId, VersionId};
use crate::refusal::{Refusal, RefusalKind, refuse};
use crate::store::BlobKey;
use serde_json::json;
use sha2::{Digest as _, Sha256};

/// Lower-case hex hashes of what reviewers see; approvals name them.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Hashes {
    /// Over the renditions (or the graphic); empty until they exist.
    pub video: String,
    /// Over the current captions of all languages.
    pub captions: String,
    /// Over title, question, summary, service and signer.
    pub text: String,
}

/// A version of a clip.
#[derive(Debug, Clone)]
pub struct Version {
    /// Which one.
    pub id: VersionId,
    /// Of which clip.
    pub clip_id: ClipId,
    /// Its number, from 1.
    pub n: i64,
    /// Where it stands.
    pub state: VersionState,
    /// Since when.
    pub state_since: Millis,
    /// Why it was made.
    pub change_note: String,
    /// The uploaded file.
    pub original_key: Option<BlobKey>,
    /// What it was called.
    pub original_name: String,
    /// What reviewers see.
    pub hashes: Hashes,
    /// Where its media stands.
    pub media: Media,
    /// Why a caption error or missing part was accepted.
    pub override_reason: Option<String>,
    /// Who accepted it.
    pub override_by: Option<StaffId>,
    /// When it is to be published.
    pub publish_at: Option<Millis>,
    /// When it is to be withdrawn.
    pub unpublish_at: Option<Millis>,
    /// When it was published.
    pub published_at: Option<Millis>,
    /// Why it was withdrawn.
    pub withdrawn_reason: Option<String>,
    /// The part of the original that is shown, where it was trimmed.
    pub trim: Option<media::Trim>,
    /// Who made it.
    pub created_by: Option<StaffId>,
    /// Who sent it to review.
    pub submitted_by: Option<StaffId>,
    /// When it was made.
    pub created_at: Millis,
}

/// The media of a version.
#[derive(Debug, Clone)]
pub struct Media {
    /// Where it stands.
    pub state: MediaState,
    /// Thousandths done.
    pub progress: i64,
    /// Estimated milliseconds left.
    pub eta_ms: Option<i64>,
    /// Why it was refused or failed.
    pub error: Option<MediaError>,
    /// Length in milliseconds; none for graphics.
    pub duration_ms: Option<i64>,
    /// Upright pixels of the original.
    pub width: Option<i64>,
    /// Upright pixels of the original.
    pub height: Option<i64>,
    /// Frames per 1000 seconds of the renditions.
    pub fps_milli: Option<i64>,
    /// Whether the renditions carry sound.
    pub has_audio: bool,
    /// JSON of the prober's facts.
    pub probe: String,
    /// Upload checks.
    pub checks: Vec<Check>,
}

/// Why media was refused or failed, in both languages.
#[derive(Debug, Clone, serde::Serialize, utoipa::ToSchema)]
pub struct MediaError {
    /// Stable name.
    pub code: String,
    /// What is wrong and what to do, in Arabic.
    pub message_ar: String,
    /// The same in English.
    pub message_en: String,
}

/// An upload check that said something.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
pub struct Check {
    /// Stable name.
    pub code: String,
    /// `block`, `warn` or `info`.
    pub level: String,
    /// What was measured.
    pub value: f64,
    /// One Arabic sentence and how to fix it.
    pub message_ar: String,
    /// The same in English.
    pub message_en: String,
    /// The moment it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_ms: Option<i64>,
    /// The address of a picture that shows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<String>,
}

#[derive(sqlx::FromRow)]
struct VersionRow {
    id: VersionId,
    clip_id: ClipId,
    n: i64,
    state: String,
    state_since: Millis,
    change_note: String,
    original_key: Option<BlobKey>,
    original_name: String,
    video_hash: String,
    captions_hash: String,
    text_hash: String,
    media_state: String,
    media_progress: i64,
    media_eta_ms: Option<i64>,
    media_error_code: Option<String>,
    media_error_ar: Option<String>,
    media_error_en: Option<String>,
    duration_ms: Option<i64>,
    width: Option<i64>,
    height: Option<i64>,
    fps_milli: Option<i64>,
    has_audio: bool,
    probe: String,
    checks: String,
    trim_from_ms: Option<i64>,
    trim_to_ms: Option<i64>,
    override_reason: Option<String>,
    override_by: Option<StaffId>,
    publish_at: Option<Millis>,
    unpublish_at: Option<Millis>,
    published_at: Option<Millis>,
    withdrawn_reason: Option<String>,
    created_by: Option<StaffId>,
    submitted_by: Option<StaffId>,
    created_at: Millis,
}

const COLUMNS: &str = "id, clip_id, n, state, state_since, change_note, trim_from_ms, trim_to_ms, original_key, original_name, video_hash, \
                       captions_hash, text_hash, media_state, media_progress, media_eta_ms, media_error_code, \
                       media_error_ar, media_error_en, duration_ms, width, height, fps_milli, has_audio, probe, \
                       checks, override_reason, override_by, publish_at, unpublish_at, published_at, \
                       withdrawn_reason, created_by, submitted_by, created_at";

fn cut(from_ms: Option<i64>, to_ms: Option<i64>) -> Option<media::Trim> {
    let ms = |value: Option<i64>| value.and_then(|ms| u64::try_from(ms).ok());
    Some(media::Trim { from_ms: ms(from_ms)?, to_ms: ms(to_ms)? })
}

fn unreadable(id: VersionId, column: &str, value: &str) -> sqlx::Error {
    sqlx::Error::Decode(format!("clip_version {id}: {column} holds {value}").into())
}

impl TryFrom<VersionRow> for Version {
    type Error = sqlx::Error;
    fn try_from(row: VersionRow) -> sqlx::Result<Self> {
        let state = VersionState::parse(&row.state).ok_or_else(|| unreadable(row.id, "state", &row.state))?;
        let media_state = MediaState::parse(&row.media_state)
            .ok_or_else(|| unreadable(row.id, "media_state", &row.media_state))?;
        let checks = serde_json::from_str(&row.checks)
            .map_err(|_| unreadable(row.id, "checks", "no list of checks"))?;
        let error = row.media_error_code.map(|code| MediaError {
            code,
            message_ar: row.media_error_ar.unwrap_or_default(),
            message_en: row.media_error_en.unwrap_or_default(),
        });
        Ok(Self {
            id: row.id,
            clip_id: row.clip_id,
            n: row.n,
            state,
            state_since: row.state_since,
            change_note: row.change_note,
            original_key: row.original_key,
            original_name: row.original_name,
            trim: cut(row.trim_from_ms, row.trim_to_ms),
            hashes: Hashes { video: row.video_hash, captions: row.captions_hash, text: row.text_hash },
            media: Media {
                state: media_state,
                progress: row.media_progress,
                eta_ms: row.media_eta_ms,
                error,
                duration_ms: row.duration_ms,
                width: row.width,
                height: row.height,
                fps_milli: row.fps_milli,
                has_audio: row.has_audio,
                probe: row.probe,
                checks,
            },
            override_reason: row.override_reason,
            override_by: row.override_by,
            publish_at: row.publish_at,
            unpublish_at: row.unpublish_at,
            published_at: row.published_at,
            withdrawn_reason: row.withdrawn_reason,
            created_by: row.created_by,
            submitted_by: row.submitted_by,
            created_at: row.created_at,
        })
    }
}

/// One version.
pub async fn version(conn: &mut impl Conn, id: VersionId) -> sqlx::Result<Option<Version>> {
    let row: Option<VersionRow> = query_text(format!("SELECT {COLUMNS} FROM clip_version WHERE id = $1"))
        .bind(id)
        .optional(conn)
        .await?;
    row.map(Version::try_from).transpose()
}

/// The newest version of a clip; every clip has one.
pub async fn latest_version(conn: &mut impl Conn, clip: ClipId) -> sqlx::Result<Version> {
    let sql = format!("SELECT {COLUMNS} FROM clip_version WHERE clip_id = $1 ORDER BY n DESC LIMIT 1");
    let row: VersionRow = query_text(sql).bind(clip).one(conn).await?;
    Version::try_from(row)
}

/// All versions of a clip, newest first.
pub async fn versions(conn: &mut impl Conn, clip: ClipId) -> sqlx::Result<Vec<Version>> {
    let sql = format!("SELECT {COLUMNS} FROM clip_version WHERE clip_id = $1 ORDER BY n DESC");
    let rows: Vec<VersionRow> = query_text(sql).bind(clip).all(conn).await?;
    rows.into_iter().map(Version::try_from).collect()
}

/// What a new version needs.
pub(super) struct NewVersion<'a> {
    pub(super) clip: ClipId,
    pub(super) kind: ClipKind,
    pub(super) n: i64,
    pub(super) text: &'a ClipText,
    pub(super) note: &'a str,
}

/// Adds an empty draft with its text; whoever adds it is an author.
pub(super) async fn insert_version(tx: &mut Tx, by: By<'_>, new: NewVersion<'_>) -> sqlx::Result<VersionId> {
    let NewVersion { clip, kind, n, text, note } = new;
    let now = tx.now();
    let id = VersionId::new(now);
    query(
        "INSERT INTO clip_version (id, clip_id, n, state, state_since, change_note, original_name, video_hash,
                                   captions_hash, text_hash, media_state, media_progress, has_audio, probe, checks,
                                   created_by, created_at, row_version)
         VALUES ($1, $2, $3, $4, $5, $6, '', '', $7, $8, $9, 0, $10, '{}', '[]', $11, $5, 1)",
    )
    .bind(id)
    .bind(clip)
    .bind(n)
    .bind(VersionState::Draft.as_str())
    .bind(now)
    .bind(note.to_owned())
    .bind(captions_hash(&[]))
    .bind(text.hash(kind))
    .bind(MediaState::Waiting.as_str())
    .bind(false)
    .bind(by.author())
    .execute(tx)
    .await?;
    save_text(tx, id, text).await?;
    add_author(tx, by, id).await?;
    Ok(id)
}

/// Over the languages and the hashes of their current revisions, sorted by language.
pub(super) fn captions_hash(tracks: &[(String, String)]) -> String {
    let mut hasher = Sha256::new();
    for (lang, hash) in tracks {
        hasher.update(format!("{lang} {hash}\n"));
    }
    hex(&hasher.finalize())
}

/// Remembers who worked on a version. None of them may approve it.
pub(super) async fn add_author(tx: &mut Tx, by: By<'_>, version: VersionId) -> sqlx::Result<()> {
    let Some(author) = by.author() else { return Ok(()) };
    query("INSERT INTO version_author (version_id, staff_id) VALUES ($1, $2) ON CONFLICT DO NOTHING")
        .bind(version)
        .bind(author)
        .execute(tx)
        .await?;
    Ok(())
}

/// Everybody who worked on a version.
pub async fn authors(conn: &mut impl Conn, version: VersionId) -> sqlx::Result<Vec<StaffId>> {
    let rows: Vec<(StaffId,)> =
        query("SELECT staff_id FROM version_author WHERE version_id = $1 ORDER BY staff_id")
            .bind(version)
            .all(conn)
            .await?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

/// What the rules need to know about who acts on this version.
pub async fn actor_facts(conn: &mut impl Conn, by: By<'_>, version: VersionId) -> sqlx::Result<ActorFacts> {
    let By::Staff(staff) = by else { return Ok(ActorFacts::System) };
    let is_author = authors(conn, version).await?.contains(&staff.id);
    let owning: Option<(crate::ids::DepartmentId,)> = query(
        "SELECT s.department_id FROM version_text t JOIN service s ON s.id = t.service_id WHERE t.version_id = $1",
    )
    .bind(version)
    .optional(conn)
    .await?;
    let owns = staff.department_id.is_some() && owning.map(|row| row.0) == staff.department_id;
    Ok(ActorFacts::Staff(
        staff.role,
        if is_author { Authorship::Author } else { Authorship::Colleague },
        if owns { Ownership::Owning } else { Ownership::Other },
    ))
}

impl From<TransitionDenied> for Refusal {
    fn from(denied: TransitionDenied) -> Self {
        let en = denied.to_string();
        match denied {
            TransitionDenied::WrongState(state) => {
                let ar = "حالة هذه النسخة لا تسمح بهذا الآن.";
                Self::new(RefusalKind::Conflict, "version.wrong_state", ar, en)
                    .with_details(json!({ "state": state.as_str() }))
            }
            TransitionDenied::NotAllowed | TransitionDenied::SystemOnly => Self::forbidden(),
            TransitionDenied::OwnWork => {
                let ar = "شاركت في إعداد هذه النسخة، لذلك يراجعها زميل آخر.";
                Self::new(RefusalKind::Forbidden, "review.own_work", ar, en)
            }
            TransitionDenied::OtherDepartment => {
                let ar = "يقرر هنا مراجع من الإدارة المسؤولة عن هذه الخدمة.";
                Self::new(RefusalKind::Forbidden, "review.other_department", ar, en)
            }
        }
    }
}

/// Takes one step: asks the rules, writes the state and the audit row. The caller holds the clip.
pub(super) async fn transition(
    tx: &mut Tx,
    by: By<'_>,
    version: &mut Version,
    event: Event,
) -> anyhow::Result<()> {
    let facts = actor_facts(tx, by, version.id).await?;
    let before = version.state;
    let after = next(before, event, facts).map_err(refuse)?;
    if after == before {
        return Ok(());
    }
    let now = tx.now();
    let changed = query(
        "UPDATE clip_version SET state = $1, state_since = $2, row_version = row_version + 1
         WHERE id = $3 AND state = $4",
    )
    .bind(after.as_str())
    .bind(now)
    .bind(version.id)
    .bind(before.as_str())
    .execute(tx)
    .await?;
    if changed == 0 {
        return Err(refuse(Refusal::stale()));
    }
    version.state = after;
    version.state_since = now;
    let detail = json!({ "version": version.n, "from": before.as_str(), "to": after.as_str(), "hashes": version.hashes });
    tx.record(Entry::new(by.actor(), "version.moved", "clip", version.clip_id).with(detail));
    tx.changed("clip", version.clip_id);
    Ok(())
}

//! What staff see: the list of clips with their latest versions, and everything about one clip.

use super::accepted_checks::{AcceptedCheck, accepted_checks};
use super::caption_track::{Track, tracks};
use super::cards::After;
use super::clip::{Alias, Clip, aliases, clip};
use super::files::{Picture, Rendition, media_url, pictures, renditions};
use super::guards::{CaptionErrors, Unmet, unmet_guards};
use super::kind::ClipKind;
use super::media_state::MediaState;
use super::review::{Approval, approvals};
use super::service::{Service, service};
use super::signer::{Signer, signer};
use super::state::VersionState;
use super::streams::stream_url;
use super::text::{ClipText, version_text};
use super::version::{Version, authors, latest_version, version, versions};
use crate::audit;
use crate::clock::Millis;
use crate::db::{Conn, query, query_text};
use crate::ids::{ClipId, ServiceId, StaffId, VersionId};
use crate::jobs::JobRow;
use crate::people::{Department, department};
use crate::store::BlobKey;

/// A clip in the studio's list.
#[derive(Debug, Clone)]
pub struct StudioRow {
    /// Which clip.
    pub id: ClipId,
    /// Its address.
    pub slug: String,
    /// What sort of clip.
    pub kind: ClipKind,
    /// Arabic title of the latest version.
    pub title_ar: String,
    /// The service's code.
    pub service_code: String,
    /// The service's Arabic name.
    pub service_ar: String,
    /// The service's English name.
    pub service_en: String,
    /// The latest version.
    pub version_id: VersionId,
    /// Its number.
    pub n: i64,
    /// Where it stands.
    pub state: VersionState,
    /// Since when.
    pub state_since: Millis,
    /// Where its media stands.
    pub media_state: MediaState,
    /// Thousandths done.
    pub media_progress: i64,
    /// Estimated milliseconds left.
    pub media_eta_ms: Option<i64>,
    /// Length.
    pub duration_ms: Option<i64>,
    /// Address of the small poster.
    pub poster: Option<String>,
    /// Whether the public sees a version.
    pub is_public: bool,
    /// Made-up content.
    pub sample: bool,
    /// When a person must look at it again.
    pub review_by: Option<Millis>,
    /// When it is to be published.
    pub publish_at: Option<Millis>,
    /// When anything about it changed last.
    pub updated_at: Millis,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: ClipId,
    slug: String,
    kind: String,
    title_ar: String,
    service_code: String,
    service_ar: String,
    service_en: String,
    version_id: VersionId,
    n: i64,
    state: String,
    state_since: Millis,
    media_state: String,
    media_progress: i64,
    media_eta_ms: Option<i64>,
    duration_ms: Option<i64>,
    poster: Option<BlobKey>,
    published_version_id: Option<VersionId>,
    sample: bool,
    review_by: Option<Millis>,
    publish_at: Option<Millis>,
    updated_at: Millis,
}

impl TryFrom<Row> for StudioRow {
    type Error = sqlx::Error;
    fn try_from(row: Row) -> sqlx::Result<Self> {
        let wrong = |column: &str| sqlx::Error::Decode(format!("clip {}: {column}", row.id).into());
        Ok(Self {
            kind: ClipKind::parse(&row.kind).ok_or_else(|| wrong("kind"))?,
            state: VersionState::parse(&row.state).ok_or_else(|| wrong("state"))?,
            media_state: MediaState::parse(&row.media_state).ok_or_else(|| wrong("media_state"))?,
            id: row.id,
            slug: row.slug,
            title_ar: row.title_ar,
            service_code: row.service_code,
            service_ar: row.service_ar,
            service_en: row.service_en,
            version_id: row.version_id,
            n: row.n,
            state_since: row.state_since,
            media_progress: row.media_progress,
            media_eta_ms: row.media_eta_ms,
            duration_ms: row.duration_ms,
            poster: row.poster.map(media_url),
            is_public: row.published_version_id.is_some(),
            sample: row.sample,
            review_by: row.review_by,
            publish_at: row.publish_at,
            updated_at: row.updated_at,
        })
    }
}

/// Which clips of the studio; an empty filter means all.
#[derive(Debug, Clone, Default)]
pub struct StudioFilter {
    /// Latest version in this state.
    pub state: Option<VersionState>,
    /// Of one service.
    pub service: Option<ServiceId>,
    /// Of one kind.
    pub kind: Option<ClipKind>,
    /// That this person worked on.
    pub author: Option<StaffId>,
}

/// Clips with their latest versions, last changed first.
pub async fn studio_list(
    conn: &mut impl Conn,
    filter: &StudioFilter,
    after: Option<After>,
    limit: i64,
) -> sqlx::Result<Vec<StudioRow>> {
    let rows: Vec<Row> = query(
        "SELECT c.id, c.slug, c.kind, t.title_ar, s.code AS service_code, s.name_ar AS service_ar,
                s.name_en AS service_en, v.id AS version_id, v.n, v.state, v.state_since, v.media_state,
                v.media_progress, v.media_eta_ms, v.duration_ms, p.storage_key AS poster, c.published_version_id,
                c.sample, c.review_by, v.publish_at, c.updated_at
         FROM clip c
         JOIN clip_version v ON v.clip_id = c.id AND v.n = (SELECT MAX(n) FROM clip_version WHERE clip_id = c.id)
         JOIN version_text t ON t.version_id = v.id
         JOIN service s ON s.id = t.service_id
         LEFT JOIN picture p ON p.version_id = v.id AND p.role = 'poster_small' AND p.n = 0
         WHERE ($1 IS NULL OR v.state = $1) AND ($2 IS NULL OR t.service_id = $2) AND ($3 IS NULL OR c.kind = $3)
           AND ($4 IS NULL OR EXISTS (SELECT 1 FROM version_author a WHERE a.version_id = v.id AND a.staff_id = $4))
           AND ($5 IS NULL OR c.updated_at < $5 OR (c.updated_at = $5 AND c.id < $6))
         ORDER BY c.updated_at DESC, c.id DESC LIMIT $7",
    )
    .bind(filter.state.map(VersionState::as_str))
    .bind(filter.service)
    .bind(filter.kind.map(ClipKind::as_str))
    .bind(filter.author)
    .bind(after.map(|after| after.at))
    .bind(after.map(|after| after.id))
    .bind(limit)
    .all(conn)
    .await?;
    rows.into_iter().map(StudioRow::try_from).collect()
}

/// How many clips have their latest version in each state.
pub async fn studio_counts(conn: &mut impl Conn) -> sqlx::Result<Vec<(VersionState, i64)>> {
    let rows: Vec<(String, i64)> = query(
        "SELECT v.state, COUNT(*) FROM clip_version v
         WHERE v.n = (SELECT MAX(n) FROM clip_version WHERE clip_id = v.clip_id)
         GROUP BY v.state ORDER BY v.state",
    )
    .all(conn)
    .await?;
    Ok(rows.into_iter().filter_map(|(word, count)| Some((VersionState::parse(&word)?, count))).collect())
}

/// Everything about one clip.
#[derive(Debug, Clone)]
pub struct StudioClip {
    /// The clip.
    pub clip: Clip,
    /// Its latest version, or the one that was asked for.
    pub version: Version,
    /// What that version says.
    pub text: ClipText,
    /// What it is about.
    pub service: Service,
    /// Who decides about its facts.
    pub department: Department,
    /// Who signs.
    pub signer: Option<Signer>,
    /// Sizes, smallest first.
    pub renditions: Vec<Rendition>,
    /// The HLS playlist over all sizes, for clips longer than ninety seconds.
    pub stream: Option<String>,
    /// Posters, preview, storyboard, graphic.
    pub pictures: Vec<Picture>,
    /// Warnings of the upload checks that somebody accepted.
    pub accepted_checks: Vec<AcceptedCheck>,
    /// Captions with their findings, Arabic first.
    pub tracks: Vec<Track>,
    /// Decisions, newest first; void ones included.
    pub approvals: Vec<Approval>,
    /// What is missing for the review.
    pub unmet: Vec<Unmet>,
    /// Other wordings.
    pub aliases: Vec<Alias>,
    /// Who may not review this version.
    pub authors: Vec<StaffId>,
    /// The newest job of the version.
    pub job: Option<JobRow>,
    /// All versions, newest first.
    pub versions: Vec<Version>,
    /// What happened, oldest first.
    pub history: Vec<audit::Record>,
}

/// Everything about a clip and its latest version, or the version with number `n`.
pub async fn studio_clip(
    conn: &mut impl Conn,
    id: ClipId,
    n: Option<i64>,
    now: Millis,
) -> anyhow::Result<Option<StudioClip>> {
    let Some(clip) = clip(conn, id).await? else { return Ok(None) };
    let Some(version) = wanted_version(conn, id, n).await? else { return Ok(None) };
    let text = version_text(conn, version.id).await?;
    let Some(service) = service(conn, text.service_id).await? else {
        anyhow::bail!("version {} names a service that is not there", version.id);
    };
    let Some(department) = department(conn, service.department_id).await? else {
        anyhow::bail!("service {} names a department that is not there", service.id);
    };
    let signer = match text.signer_id {
        Some(id) => signer(conn, id).await?,
        None => None,
    };
    let errors =
        if version.override_reason.is_some() { CaptionErrors::Accepted } else { CaptionErrors::Block };
    Ok(Some(StudioClip {
        renditions: renditions(conn, version.id).await?,
        stream: stream_url(conn, version.id).await?,
        pictures: pictures(conn, version.id).await?,
        accepted_checks: accepted_checks(conn, version.id).await?,
        tracks: tracks(conn, version.id).await?,
        approvals: approvals(conn, version.id).await?,
        unmet: unmet_guards(conn, &clip, &version, errors, now).await?,
        aliases: aliases(conn, id).await?,
        authors: authors(conn, version.id).await?,
        job: newest_job(conn, version.id).await?,
        versions: versions(conn, id).await?,
        history: audit::about(conn, id.uuid()).await?,
        clip,
        version,
        text,
        service,
        department,
        signer,
    }))
}

async fn wanted_version(conn: &mut impl Conn, id: ClipId, n: Option<i64>) -> sqlx::Result<Option<Version>> {
    let Some(n) = n else { return latest_version(conn, id).await.map(Some) };
    let found: Option<(VersionId,)> = query("SELECT id FROM clip_version WHERE clip_id = $1 AND n = $2")
        .bind(id)
        .bind(n)
        .optional(conn)
        .await?;
    match found {
        Some((id,)) => version(conn, id).await,
        None => Ok(None),
    }
}

async fn newest_job(conn: &mut impl Conn, id: VersionId) -> sqlx::Result<Option<JobRow>> {
    let sql =
        "SELECT id, kind, queue, subject_id, state, attempt, max_attempts, run_after, heartbeat_at, progress,
                      error, created_at, started_at, finished_at
               FROM job WHERE subject_id = $1 ORDER BY id DESC LIMIT 1";
    query_text(sql.to_owned()).bind(id.uuid()).optional(conn).await
}

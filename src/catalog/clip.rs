//! Clips: what stays the same through all versions. Every change takes the clip's row first, so that changes of one
//! clip wait for each other and its `row_version` (the `ETag`) counts them.

use super::by::By;
use super::kind::ClipKind;
use super::slug::{slug_of, with_random_end};
use super::text::{ClipText, check_filing, clean};
use super::version::{NewVersion, insert_version};
use crate::audit::Entry;
use crate::clock::Millis;
use crate::db::{Conn, Tx, query, query_text};
use crate::ids::{AliasId, ClipId, ServiceId, SignerId, StaffId, VersionId};
use crate::refusal::{Refusal, RefusalKind, refuse};
use serde_json::json;

/// A clip. The text fields say what the public sees; before the first publication, what the draft says.
#[derive(Debug, Clone)]
pub struct Clip {
    /// Which one.
    pub id: ClipId,
    /// Its address.
    pub slug: String,
    /// The importing system's own id.
    pub external_id: Option<String>,
    /// What sort of clip.
    pub kind: ClipKind,
    /// The service it is about.
    pub service_id: ServiceId,
    /// Who signs.
    pub signer_id: Option<SignerId>,
    /// Arabic title.
    pub title_ar: String,
    /// English title; may be empty.
    pub title_en: String,
    /// The question that it answers.
    pub question_ar: String,
    /// One to three short sentences.
    pub summary_ar: String,
    /// What a graphic shows and says.
    pub alt_ar: String,
    /// Language tag, for example `sdl`.
    pub sign_language: String,
    /// Regulations and pages that it rests on.
    pub sources: String,
    /// What it costs; may be empty.
    pub fees_ar: String,
    /// Until when, or how long it takes; may be empty.
    pub deadline_ar: String,
    /// Whether its page offers the file for keeping.
    pub may_download: bool,
    /// Made-up content that is marked on its page.
    pub sample: bool,
    /// The version the public sees, if any.
    pub published_version_id: Option<VersionId>,
    /// When it was first published.
    pub first_published_at: Option<Millis>,
    /// When a person must look at it again.
    pub review_by: Option<Millis>,
    /// The clip that took its place.
    pub replaced_by: Option<ClipId>,
    /// Who added it.
    pub created_by: Option<StaffId>,
    /// When it was added.
    pub created_at: Millis,
    /// When anything about it changed last.
    pub updated_at: Millis,
    /// Counts changes; the `ETag`.
    pub row_version: i64,
}

#[derive(sqlx::FromRow)]
struct ClipRow {
    id: ClipId,
    slug: String,
    external_id: Option<String>,
    kind: String,
    service_id: ServiceId,
    signer_id: Option<SignerId>,
    title_ar: String,
    title_en: String,
    question_ar: String,
    summary_ar: String,
    alt_ar: String,
    sign_language: String,
    sources: String,
    fees_ar: String,
    deadline_ar: String,
    may_download: bool,
    sample: bool,
    published_version_id: Option<VersionId>,
    first_published_at: Option<Millis>,
    review_by: Option<Millis>,
    replaced_by: Option<ClipId>,
    created_by: Option<StaffId>,
    created_at: Millis,
    updated_at: Millis,
    row_version: i64,
}

const COLUMNS: &str = "id, slug, external_id, kind, service_id, signer_id, title_ar, title_en, question_ar, summary_ar, \
                       alt_ar, sign_language, sources, fees_ar, deadline_ar, may_download, sample, \
                       published_version_id, first_published_at, review_by, \
                       replaced_by, created_by, created_at, updated_at, row_version";

impl TryFrom<ClipRow> for Clip {
    type Error = sqlx::Error;
    fn try_from(row: ClipRow) -> sqlx::Result<Self> {
        let kind = ClipKind::parse(&row.kind).ok_or_else(|| {
            sqlx::Error::Decode(format!("clip {}: no such kind: {}", row.id, row.kind).into())
        })?;
        Ok(Self {
            id: row.id,
            slug: row.slug,
            external_id: row.external_id,
            kind,
            service_id: row.service_id,
            signer_id: row.signer_id,
            title_ar: row.title_ar,
            title_en: row.title_en,
            question_ar: row.question_ar,
            summary_ar: row.summary_ar,
            alt_ar: row.alt_ar,
            sign_language: row.sign_language,
            sources: row.sources,
            fees_ar: row.fees_ar,
            deadline_ar: row.deadline_ar,
            may_download: row.may_download,
            sample: row.sample,
            published_version_id: row.published_version_id,
            first_published_at: row.first_published_at,
            review_by: row.review_by,
            replaced_by: row.replaced_by,
            created_by: row.created_by,
            created_at: row.created_at,
            updated_at: row.updated_at,
            row_version: row.row_version,
        })
    }
}

/// What a new clip needs.
#[derive(Debug, Clone)]
pub struct NewClip {
    /// What sort of clip.
    pub kind: ClipKind,
    /// Words and filing.
    pub text: ClipText,
    /// The importing system's own id.
    pub external_id: Option<String>,
    /// Made-up content that is marked on its page.
    pub sample: bool,
}

/// Adds a clip with a first, empty draft version.
pub async fn create_clip(tx: &mut Tx, by: By<'_>, new: NewClip) -> anyhow::Result<ClipId> {
    let text = new.text.clone().checked().map_err(refuse)?;
    check_filing(tx, &text).await?;
    let id = insert_with_free_slug(tx, by, &new, &text).await?;
    let first = NewVersion { clip: id, kind: new.kind, n: 1, text: &text, note: "" };
    insert_version(tx, by, first).await?;
    let facts = json!({ "kind": new.kind.as_str(), "service": text.service_id.to_string() });
    tx.record(Entry::new(by.actor(), "clip.created", "clip", id).with(facts));
    tx.changed("clip", id);
    Ok(id)
}

async fn insert_with_free_slug(
    tx: &mut Tx,
    by: By<'_>,
    new: &NewClip,
    text: &ClipText,
) -> anyhow::Result<ClipId> {
    let plain = slug_of(&text.title_ar);
    let mut slug = plain.clone();
    // 16 million ends for each title: three tries are plenty.
    for _ in 0..4 {
        if let Some(id) = insert_clip(tx, by, new, text, &slug).await? {
            return Ok(id);
        }
        slug = with_random_end(&plain);
    }
    anyhow::bail!("no free address was found for a clip")
}

async fn insert_clip(
    tx: &mut Tx,
    by: By<'_>,
    new: &NewClip,
    text: &ClipText,
    slug: &str,
) -> sqlx::Result<Option<ClipId>> {
    let now = tx.now();
    let id = ClipId::new(now);
    let added = query(
        "INSERT INTO clip (id, slug, external_id, kind, service_id, signer_id, title_ar, title_en, question_ar,
                           summary_ar, alt_ar, sign_language, sources, sample, created_by, created_at, updated_at,
                           fees_ar, deadline_ar, row_version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $16, $17, $18, 1)
         ON CONFLICT (slug) DO NOTHING",
    )
    .bind(id)
    .bind(slug.to_owned())
    .bind(new.external_id.clone())
    .bind(new.kind.as_str())
    .bind(text.service_id)
    .bind(text.signer_id)
    .bind(text.title_ar.clone())
    .bind(text.title_en.clone())
    .bind(text.question_ar.clone())
    .bind(text.summary_ar.clone())
    .bind(text.alt_ar.clone())
    .bind(text.sign_language.clone())
    .bind(text.sources.clone())
    .bind(new.sample)
    .bind(by.author())
    .bind(now)
    .bind(text.fees_ar.clone())
    .bind(text.deadline_ar.clone())
    .execute(tx)
    .await?;
    Ok((added == 1).then_some(id))
}

/// One clip.
pub async fn clip(conn: &mut impl Conn, id: ClipId) -> sqlx::Result<Option<Clip>> {
    let row: Option<ClipRow> =
        query_text(format!("SELECT {COLUMNS} FROM clip WHERE id = $1")).bind(id).optional(conn).await?;
    row.map(Clip::try_from).transpose()
}

/// The clip with this address.
pub async fn clip_by_slug(conn: &mut impl Conn, slug: &str) -> sqlx::Result<Option<Clip>> {
    let row: Option<ClipRow> = query_text(format!("SELECT {COLUMNS} FROM clip WHERE slug = $1"))
        .bind(slug.to_owned())
        .optional(conn)
        .await?;
    row.map(Clip::try_from).transpose()
}

/// The clip that was imported under this id.
pub async fn clip_by_external_id(conn: &mut impl Conn, external_id: &str) -> sqlx::Result<Option<Clip>> {
    let row: Option<ClipRow> = query_text(format!("SELECT {COLUMNS} FROM clip WHERE external_id = $1"))
        .bind(external_id.to_owned())
        .optional(conn)
        .await?;
    row.map(Clip::try_from).transpose()
}

/// Takes the clip for a change: counts the change and keeps others waiting until the commit. With `expected`, refuses
/// when somebody changed it since.
pub(super) async fn take_clip(tx: &mut Tx, id: ClipId, expected: Option<i64>) -> anyhow::Result<Clip> {
    let now = tx.now();
    let sql = format!(
        "UPDATE clip SET row_version = row_version + 1, updated_at = $1 WHERE id = $2 RETURNING {COLUMNS}"
    );
    let row: Option<ClipRow> = query_text(sql).bind(now).bind(id).optional(tx).await?;
    let Some(row) = row else { return Err(refuse(Refusal::not_found())) };
    let clip = Clip::try_from(row)?;
    match expected {
        Some(expected) if expected != clip.row_version - 1 => Err(refuse(Refusal::stale())),
        _ => Ok(clip),
    }
}

/// Shows a version's text as the clip's own: at publication, and while nothing was published yet.
pub(super) async fn show_text(tx: &mut Tx, id: ClipId, text: &ClipText) -> sqlx::Result<()> {
    query(
        "UPDATE clip SET service_id = $1, signer_id = $2, sign_language = $3, title_ar = $4, title_en = $5,
                         question_ar = $6, summary_ar = $7, alt_ar = $8, sources = $9, fees_ar = $10,
                         deadline_ar = $11
         WHERE id = $12",
    )
    .bind(text.service_id)
    .bind(text.signer_id)
    .bind(text.sign_language.clone())
    .bind(text.title_ar.clone())
    .bind(text.title_en.clone())
    .bind(text.question_ar.clone())
    .bind(text.summary_ar.clone())
    .bind(text.alt_ar.clone())
    .bind(text.sources.clone())
    .bind(text.fees_ar.clone())
    .bind(text.deadline_ar.clone())
    .bind(id)
    .execute(tx)
    .await?;
    Ok(())
}

/// A wording by which a clip is found.
#[derive(Debug, Clone, sqlx::FromRow, serde::Serialize)]
pub struct Alias {
    /// Which one.
    pub id: AliasId,
    /// The wording, free of personal data.
    pub text_ar: String,
    /// `editor` or `citizen`.
    pub origin: String,
}

/// Where a wording comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AliasOrigin {
    /// Somebody in the studio wrote it.
    Editor,
    /// A redacted question that an agent matched to this clip.
    Citizen,
}

/// Longest wording, in characters.
const ALIAS_LIMIT: usize = 300;

/// Adds a wording by which the clip is found; one that is there already changes nothing.
pub async fn add_alias(
    tx: &mut Tx,
    by: By<'_>,
    clip: ClipId,
    text: &str,
    origin: AliasOrigin,
) -> anyhow::Result<()> {
    let text = clean(text);
    if text.is_empty() || text.chars().count() > ALIAS_LIMIT {
        let ar = "اكتب الصياغة من حرف إلى ٣٠٠ حرف.";
        let en = "Write the wording, 1 to 300 characters.";
        return Err(refuse(Refusal::invalid("text_ar", "alias.bad_text", ar, en)));
    }
    let now = tx.now();
    let origin = match origin {
        AliasOrigin::Editor => "editor",
        AliasOrigin::Citizen => "citizen",
    };
    let added = query(
        "INSERT INTO clip_alias (id, clip_id, text_ar, origin, created_by, created_at) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (clip_id, text_ar) DO NOTHING",
    )
    .bind(AliasId::new(now))
    .bind(clip)
    .bind(text)
    .bind(origin)
    .bind(by.author())
    .bind(now)
    .execute(tx)
    .await?;
    if added == 1 {
        tx.record(Entry::new(by.actor(), "clip.alias_added", "clip", clip).with(json!({ "origin": origin })));
        tx.changed("clip", clip);
    }
    Ok(())
}

/// Removes a wording.
pub async fn remove_alias(tx: &mut Tx, by: By<'_>, clip: ClipId, alias: AliasId) -> anyhow::Result<()> {
    let gone = query("DELETE FROM clip_alias WHERE id = $1 AND clip_id = $2")
        .bind(alias)
        .bind(clip)
        .execute(tx)
        .await?;
    if gone == 1 {
        tx.record(Entry::new(by.actor(), "clip.alias_removed", "clip", clip));
        tx.changed("clip", clip);
    }
    Ok(())
}

/// The wordings of a clip, oldest first.
pub async fn aliases(conn: &mut impl Conn, clip: ClipId) -> sqlx::Result<Vec<Alias>> {
    query("SELECT id, text_ar, origin FROM clip_alias WHERE clip_id = $1 ORDER BY id")
        .bind(clip)
        .all(conn)
        .await
}

/// Says which clip took the place of one that is no longer shown; its address then leads there.
pub async fn set_replaced_by(
    tx: &mut Tx,
    by: By<'_>,
    id: ClipId,
    replacement: Option<ClipId>,
) -> anyhow::Result<()> {
    if replacement == Some(id) {
        let ar = "لا يمكن أن يحل المقطع محل نفسه.";
        let kind = RefusalKind::Invalid;
        return Err(refuse(Refusal::new(kind, "clip.replaces_itself", ar, "A clip cannot replace itself.")));
    }
    take_clip(tx, id, None).await?;
    query("UPDATE clip SET replaced_by = $1 WHERE id = $2").bind(replacement).bind(id).execute(tx).await?;
    let facts = json!({ "replacement": replacement.map(|id| id.to_string()) });
    tx.record(Entry::new(by.actor(), "clip.replaced", "clip", id).with(facts));
    tx.changed("clip", id);
    Ok(())
}

//! Clips that are the steps of one errand, such as: apply, book, collect. A series only orders clips that are public by
//! their own approvals; steps that are not published are passed over and not counted.

use super::by::By;
use super::cards::{Card, cards};
use super::clip::clip;
use super::service::service;
use super::text::{TITLE_LIMIT, clean};
use crate::audit::Entry;
use crate::clock::Millis;
use crate::db::{Conn, Tx, query};
use crate::ids::{ClipId, SeriesId, ServiceId};
use crate::refusal::{Refusal, refuse};
use serde_json::json;
use std::collections::HashSet;

/// Steps of one series at most; a longer errand is two.
pub const MOST_STEPS: usize = 8;

/// A series.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Series {
    /// Which one.
    pub id: SeriesId,
    /// On this service's page it is shown.
    pub service_id: ServiceId,
    /// What the steps lead to, in Arabic.
    pub title_ar: String,
    /// The same in English; may be empty.
    pub title_en: String,
    /// When it was made.
    pub created_at: Millis,
    /// For lost updates.
    pub row_version: i64,
}

/// What staff say about a series.
#[derive(Debug, Clone)]
pub struct SeriesDraft {
    /// On this service's page it is shown.
    pub service_id: ServiceId,
    /// What the steps lead to, in Arabic.
    pub title_ar: String,
    /// The same in English; may be empty.
    pub title_en: String,
    /// The clips in their order.
    pub steps: Vec<ClipId>,
}

/// Why a series cannot be saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SeriesProblem {
    /// The Arabic title is missing, or one of the titles is too long.
    #[error("give a title in Arabic, at most {TITLE_LIMIT} characters")]
    BadTitle,
    /// Fewer than two steps are no series.
    #[error("choose 2 to {MOST_STEPS} clips")]
    BadCount,
    /// A clip stands there twice.
    #[error("each clip can be one step only")]
    Twice,
    /// There is no such clip.
    #[error("one of the clips is not there")]
    UnknownClip,
    /// There is no such service.
    #[error("there is no such service")]
    UnknownService,
    /// A clip is a step of another series.
    #[error("one of the clips is a step of another series")]
    Taken,
}

impl From<SeriesProblem> for Refusal {
    fn from(problem: SeriesProblem) -> Self {
        let en = problem.to_string();
        let (field, code, ar) = match problem {
            SeriesProblem::BadTitle => ("title_ar", "series.bad_title", "اكتب عنوانًا قصيرًا بالعربية."),
            SeriesProblem::BadCount => ("step_1", "series.bad_count", "اختر من مقطعين إلى ثمانية مقاطع."),
            SeriesProblem::Twice => ("step_1", "series.twice", "كل مقطع خطوة واحدة فقط."),
            SeriesProblem::UnknownClip => ("step_1", "series.unknown_clip", "أحد المقاطع غير موجود."),
            SeriesProblem::UnknownService => ("service", "series.unknown_service", "اختر خدمة من القائمة."),
            SeriesProblem::Taken => ("step_1", "series.taken", "أحد المقاطع خطوة في سلسلة أخرى."),
        };
        Self::invalid(field, code, ar, en)
    }
}

/// Makes a series.
pub async fn add_series(tx: &mut Tx, by: By<'_>, draft: SeriesDraft) -> anyhow::Result<SeriesId> {
    let draft = checked(tx, draft).await?;
    let now = tx.now();
    let id = SeriesId::new(now);
    query(
        "INSERT INTO series (id, service_id, title_ar, title_en, created_at, row_version)
         VALUES ($1, $2, $3, $4, $5, 1)",
    )
    .bind(id)
    .bind(draft.service_id)
    .bind(draft.title_ar.clone())
    .bind(draft.title_en.clone())
    .bind(now)
    .execute(tx)
    .await?;
    write_steps(tx, id, &draft.steps).await?;
    record(tx, by, "series.added", id, &draft);
    Ok(id)
}

/// Changes a series to what the draft says. `expected` is the `row_version` that the editor saw.
pub async fn change_series(
    tx: &mut Tx,
    by: By<'_>,
    id: SeriesId,
    expected: i64,
    draft: SeriesDraft,
) -> anyhow::Result<()> {
    let draft = checked(tx, draft).await?;
    let changed = query(
        "UPDATE series SET service_id = $1, title_ar = $2, title_en = $3, row_version = row_version + 1
         WHERE id = $4 AND row_version = $5",
    )
    .bind(draft.service_id)
    .bind(draft.title_ar.clone())
    .bind(draft.title_en.clone())
    .bind(id)
    .bind(expected)
    .execute(tx)
    .await?;
    if changed == 0 {
        return Err(refuse(Refusal::stale()));
    }
    query("DELETE FROM series_step WHERE series_id = $1").bind(id).execute(tx).await?;
    write_steps(tx, id, &draft.steps).await?;
    record(tx, by, "series.changed", id, &draft);
    Ok(())
}

/// Takes a series apart; its clips stay.
pub async fn dissolve_series(tx: &mut Tx, by: By<'_>, id: SeriesId) -> anyhow::Result<()> {
    query("DELETE FROM series_step WHERE series_id = $1").bind(id).execute(tx).await?;
    let gone = query("DELETE FROM series WHERE id = $1").bind(id).execute(tx).await?;
    if gone == 0 {
        return Err(refuse(Refusal::not_found()));
    }
    tx.record(Entry::new(by.actor(), "series.dissolved", "series", id));
    tx.changed("series", id);
    Ok(())
}

async fn checked(tx: &mut Tx, mut draft: SeriesDraft) -> anyhow::Result<SeriesDraft> {
    for title in [&mut draft.title_ar, &mut draft.title_en] {
        *title = clean(title);
        if title.chars().count() > TITLE_LIMIT {
            return Err(refuse(SeriesProblem::BadTitle));
        }
    }
    if draft.title_ar.is_empty() {
        return Err(refuse(SeriesProblem::BadTitle));
    }
    if !(2..=MOST_STEPS).contains(&draft.steps.len()) {
        return Err(refuse(SeriesProblem::BadCount));
    }
    if draft.steps.iter().collect::<HashSet<_>>().len() < draft.steps.len() {
        return Err(refuse(SeriesProblem::Twice));
    }
    if service(tx, draft.service_id).await?.is_none() {
        return Err(refuse(SeriesProblem::UnknownService));
    }
    for step in &draft.steps {
        if clip(tx, *step).await?.is_none() {
            return Err(refuse(SeriesProblem::UnknownClip));
        }
    }
    Ok(draft)
}

async fn write_steps(tx: &mut Tx, id: SeriesId, steps: &[ClipId]) -> anyhow::Result<()> {
    for (n, step) in (1_i64..).zip(steps) {
        let added = query(
            "INSERT INTO series_step (series_id, n, clip_id) VALUES ($1, $2, $3) ON CONFLICT (clip_id) DO NOTHING",
        )
        .bind(id)
        .bind(n)
        .bind(*step)
        .execute(tx)
        .await?;
        if added == 0 {
            return Err(refuse(SeriesProblem::Taken));
        }
    }
    Ok(())
}

fn record(tx: &mut Tx, by: By<'_>, action: &'static str, id: SeriesId, draft: &SeriesDraft) {
    let steps: Vec<String> = draft.steps.iter().map(ToString::to_string).collect();
    let facts = json!({ "service": draft.service_id.to_string(), "steps": steps });
    tx.record(Entry::new(by.actor(), action, "series", id).with(facts));
    tx.changed("series", id);
}

/// One series.
pub async fn series(conn: &mut impl Conn, id: SeriesId) -> sqlx::Result<Option<Series>> {
    query("SELECT id, service_id, title_ar, title_en, created_at, row_version FROM series WHERE id = $1")
        .bind(id)
        .optional(conn)
        .await
}

/// All series, oldest first.
pub async fn all_series(conn: &mut impl Conn) -> sqlx::Result<Vec<Series>> {
    query("SELECT id, service_id, title_ar, title_en, created_at, row_version FROM series ORDER BY id")
        .all(conn)
        .await
}

/// The clips of a series in their order, published or not.
pub async fn steps_of(conn: &mut impl Conn, id: SeriesId) -> sqlx::Result<Vec<ClipId>> {
    let rows: Vec<(ClipId,)> =
        query("SELECT clip_id FROM series_step WHERE series_id = $1 ORDER BY n").bind(id).all(conn).await?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

/// A series as the public sees it: its published steps in their order.
#[derive(Debug, Clone)]
pub struct PublicSeries {
    /// The series.
    pub series: Series,
    /// Its published steps.
    pub steps: Vec<Card>,
}

/// The series of a service that have published steps, oldest first.
pub async fn series_of_service(conn: &mut impl Conn, service: ServiceId) -> sqlx::Result<Vec<PublicSeries>> {
    let all: Vec<Series> = query(
        "SELECT id, service_id, title_ar, title_en, created_at, row_version FROM series WHERE service_id = $1
         ORDER BY id",
    )
    .bind(service)
    .all(conn)
    .await?;
    let mut shown = Vec::new();
    for series in all {
        let steps = published_steps(conn, series.id).await?;
        if !steps.is_empty() {
            shown.push(PublicSeries { series, steps });
        }
    }
    Ok(shown)
}

/// The series that a clip is a step of, where the public sees at least one other step.
pub async fn series_of_clip(conn: &mut impl Conn, clip: ClipId) -> sqlx::Result<Option<PublicSeries>> {
    let found: Option<Series> = query(
        "SELECT s.id, s.service_id, s.title_ar, s.title_en, s.created_at, s.row_version
         FROM series s JOIN series_step x ON x.series_id = s.id WHERE x.clip_id = $1",
    )
    .bind(clip)
    .optional(conn)
    .await?;
    let Some(series) = found else { return Ok(None) };
    let steps = published_steps(conn, series.id).await?;
    Ok((steps.len() > 1).then_some(PublicSeries { series, steps }))
}

async fn published_steps(conn: &mut impl Conn, id: SeriesId) -> sqlx::Result<Vec<Card>> {
    let steps = steps_of(conn, id).await?;
    cards(conn, &steps).await
}

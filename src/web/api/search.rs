//! Public search: published clips by words of their titles and captions, with the moment that matched. The query is
//! neither stored nor logged: it may hold personal data.

use crate::app::App;
use crate::catalog::{self, Card, ClipKind};
use crate::ids::ClipId;
use crate::refusal::Refusal;
use crate::search::{CueHit, Filter, Hit, Query as SearchQuery};
use crate::web::AppError;
use crate::web::client::Client;
use crate::web::rate::Rates;
use crate::web::who::Caller;
use axum::Json;
use axum::extract::{Extension, Query, State};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use std::sync::Arc;
use std::time::Instant;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Hits of one answer when nothing is said, and at most.
const USUAL: usize = 10;
const MOST: usize = 50;

pub(super) fn described() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(search))
}

/// What to look for.
#[derive(serde::Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
struct Asked {
    /// A few words, in any spelling.
    #[serde(default)]
    q: String,
    /// A code of the service catalogue.
    service: Option<String>,
    /// A kind of clip.
    kind: Option<String>,
    /// A sign language, such as `sdl`.
    sign_language: Option<String>,
    /// First published on this day or later, such as `2026-11-22`.
    from: Option<String>,
    /// First published on this day or earlier.
    until: Option<String>,
    /// 1 to 50; 10 when absent.
    limit: Option<usize>,
    /// The `next` of the answer before.
    after: Option<String>,
}

/// What was found, best first.
#[derive(serde::Serialize, utoipa::ToSchema)]
struct Found {
    hits: Vec<FoundClip>,
    /// How many clips match in all.
    total: usize,
    took_ms: u128,
    /// Where the next page begins.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// A clip that matches.
#[derive(serde::Serialize, utoipa::ToSchema)]
struct FoundClip {
    clip: ClipInBrief,
    score: f32,
    #[serde(skip_serializing_if = "Option::is_none")]
    cue: Option<FoundCue>,
}

/// A clip in a list.
#[derive(serde::Serialize, utoipa::ToSchema)]
struct ClipInBrief {
    id: ClipId,
    slug: String,
    title_ar: String,
    kind: &'static str,
    service: String,
    poster: Option<String>,
    duration_ms: Option<i64>,
}

/// The caption to jump to; highlights are Unicode scalar values.
#[derive(serde::Serialize, utoipa::ToSchema)]
struct FoundCue {
    start_ms: u32,
    end_ms: u32,
    text: String,
    #[schema(value_type = Vec<[u32; 2]>)]
    highlights: Vec<[u32; 2]>,
}

impl From<&CueHit> for FoundCue {
    fn from(hit: &CueHit) -> Self {
        Self {
            start_ms: hit.cue.start_ms,
            end_ms: hit.cue.end_ms,
            text: hit.cue.text.clone(),
            highlights: hit.highlights.clone(),
        }
    }
}

impl From<Card> for ClipInBrief {
    fn from(card: Card) -> Self {
        Self {
            id: card.id,
            slug: card.slug,
            title_ar: card.title_ar,
            kind: card.kind.as_str(),
            service: card.service_code,
            poster: card.poster,
            duration_ms: card.duration_ms,
        }
    }
}

/// Searches the published clips.
#[utoipa::path(get, path = "/search", tag = "clips", security(()), params(Asked), responses((status = 200, body = Found), (status = 422), (status = 429), (status = 503)))]
async fn search(
    State(app): State<App>,
    Extension(rates): Extension<Arc<Rates>>,
    Client(address): Client,
    caller: Option<Caller>,
    Query(asked): Query<Asked>,
) -> Result<Response, AppError> {
    if caller.is_none() {
        rates.searches.take(address).map_err(AppError::from)?;
    }
    let started = Instant::now();
    let query = query_of(&app, asked)?;
    let matcher = app.matcher.clone();
    let page = tokio::task::spawn_blocking(move || matcher.search(&query)).await??;
    let ids: Vec<ClipId> = page.hits.iter().filter_map(|hit| hit.clip_id.parse().ok()).collect();
    let mut read = app.db.read().await?;
    let cards = catalog::cards(&mut read, &ids).await?;
    let answer = Found {
        hits: cards.into_iter().map(|card| found_clip(card, &page.hits)).collect(),
        total: page.total,
        took_ms: started.elapsed().as_millis(),
        next: page.next.map(|next| next.to_string()),
    };
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(answer)).into_response())
}

fn query_of(app: &App, asked: Asked) -> Result<SearchQuery, AppError> {
    if let Some(kind) = &asked.kind
        && ClipKind::parse(kind).is_none()
    {
        let en = "There is no such kind of clip.";
        return Err(Refusal::invalid("kind", "search.bad_kind", "لا يوجد نوع مقاطع بهذا الاسم.", en).into());
    }
    let after = asked.after.as_deref().map(str::parse).transpose().map_err(|_| {
        let ar = "علامة الصفحة التالية غير صحيحة. ابدأ من أول القائمة.";
        Refusal::invalid("after", "bad_cursor", ar, "This is not a cursor of this list.")
    })?;
    let from = asked.from.as_deref().map(|day| day_start("from", day)).transpose()?;
    let until = asked.until.as_deref().map(|day| day_start("until", day)).transpose()?;
    Ok(SearchQuery {
        expansions: app.matcher.wordings(&asked.q),
        text: asked.q,
        filter: Filter {
            service: asked.service,
            kinds: asked.kind.into_iter().collect(),
            sign_language: asked.sign_language,
            published_from: from,
            published_until: until.map(|start| start + DAY_MS),
        },
        limit: asked.limit.unwrap_or(USUAL).clamp(1, MOST),
        after,
    })
}

const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// Riyadh is three hours ahead of UTC all year.
const RIYADH_MS: i64 = 3 * 60 * 60 * 1000;

/// The first moment of a day in Riyadh, in milliseconds since 1970.
fn day_start(field: &'static str, day: &str) -> Result<i64, AppError> {
    let format = time::macros::format_description!("[year]-[month]-[day]");
    let date = time::Date::parse(day, &format).map_err(|_| {
        let ar = "اكتب التاريخ هكذا: 2026-11-22.";
        AppError::from(Refusal::invalid(field, "search.bad_day", ar, "Write the day as 2026-11-22."))
    })?;
    Ok(date.midnight().assume_utc().unix_timestamp() * 1000 - RIYADH_MS)
}

fn found_clip(card: Card, hits: &[Hit]) -> FoundClip {
    let id = card.id.to_string();
    let hit = hits.iter().find(|hit| hit.clip_id == id);
    FoundClip {
        score: hit.map_or(0.0, |hit| hit.score),
        cue: hit.and_then(|hit| hit.cue.as_ref()).map(FoundCue::from),
        clip: card.into(),
    }
}

//! The service catalogue, for everybody.

use super::super::AppError;
use crate::app::App;
use crate::catalog::{self, NextLink, PublicSeries, TOPICS};
use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of services with their descriptions.
pub(super) fn described() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list))
}

/// The catalogue.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct CatalogueView {
    topics: Vec<TopicView>,
    services: Vec<ServiceView>,
}

/// A topic of the home page.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct TopicView {
    code: &'static str,
    name_ar: &'static str,
    name_en: &'static str,
}

/// A service.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct ServiceView {
    code: String,
    topic: String,
    name_ar: String,
    name_en: String,
    kind: String,
    /// How many published clips it has.
    clips: i64,
    /// What comes after its answers, the likeliest first.
    next: Vec<NextView>,
    /// Its errands.
    series: Vec<SeriesView>,
}

/// A way on.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct NextView {
    /// `absher`, `appointment`, `office_finder`, `taqdeer`, `tahseen` or `ashsher`.
    kind: &'static str,
    /// A page of this site, or an https address.
    url: String,
}

impl From<NextLink> for NextView {
    fn from(link: NextLink) -> Self {
        Self { kind: link.step.as_str(), url: link.href().to_owned() }
    }
}

/// The clips of one errand in the order of its steps; only published ones.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct SeriesView {
    title_ar: String,
    title_en: String,
    /// The last part of each clip's address.
    steps: Vec<String>,
}

impl From<PublicSeries> for SeriesView {
    fn from(shown: PublicSeries) -> Self {
        let steps = shown.steps.into_iter().map(|card| card.slug).collect();
        Self { title_ar: shown.series.title_ar, title_en: shown.series.title_en, steps }
    }
}

/// Topics, and the services that clips are filed under.
#[utoipa::path(get, path = "/services", tag = "services", responses((status = 200, body = CatalogueView)))]
async fn list(State(app): State<App>) -> Result<Json<CatalogueView>, AppError> {
    let mut read = app.db.read().await?;
    let counts = catalog::published_counts(&mut read).await?;
    let services = catalog::services(&mut read).await?;
    let mut shown = Vec::new();
    for service in services.into_iter().filter(|service| service.active) {
        let series = catalog::series_of_service(&mut read, service.id).await?;
        let next = catalog::next_links(&mut read, &service).await?;
        shown.push(ServiceView {
            clips: counts.iter().find(|count| count.0 == service.id).map_or(0, |count| count.1),
            next: next.into_iter().map(NextView::from).collect(),
            series: series.into_iter().map(SeriesView::from).collect(),
            code: service.code,
            topic: service.topic,
            name_ar: service.name_ar,
            name_en: service.name_en,
            kind: service.kind,
        });
    }
    let topics = TOPICS
        .iter()
        .map(|topic| TopicView { code: topic.code, name_ar: topic.name_ar, name_en: topic.name_en })
        .collect();
    Ok(Json(CatalogueView { topics, services: shown }))
}

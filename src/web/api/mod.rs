//! The JSON API under `/api/v1`; the OpenAPI document is made from the same routes.

mod clips;
mod desk;
mod etag;
mod idempotency;
mod intake;
mod jobs;
mod matching;
pub(super) mod openapi;
mod questions;
mod search;
mod services;
mod uploads;

use crate::app::App;
use axum::Router;
use utoipa_axum::router::OpenApiRouter;

/// All routes of the API.
pub fn router() -> Router<App> {
    let (routes, _document) = described().split_for_parts();
    routes
}

/// The routes with their descriptions.
pub fn described() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(uploads::described())
        .merge(clips::described())
        .merge(search::described())
        .merge(services::described())
        .merge(jobs::described())
        .merge(questions::described())
        .merge(matching::described())
        .merge(desk::described())
        .merge(intake::described())
}

//! The JSON API under `/api/v1`; the OpenAPI document is made from the same routes.

mod case;
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
use crate::web::gate::{self, Gate};
use axum::{Router, middleware};
use utoipa_axum::router::OpenApiRouter;

/// All routes of the API. What costs goes through the same gate as the public pages.
pub fn router(gate: Gate) -> Router<App> {
    let (free, _document) = free().split_for_parts();
    let (costly, _document) = costly().split_for_parts();
    free.merge(costly.layer(middleware::from_fn_with_state(gate, gate::admit_call)))
}

/// The routes with their descriptions.
pub fn described() -> OpenApiRouter<App> {
    free().merge(costly())
}

/// Searching and matching: open to everybody, and each keeps a core busy.
fn costly() -> OpenApiRouter<App> {
    OpenApiRouter::new().merge(search::described()).merge(matching::described())
}

fn free() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(uploads::described())
        .merge(clips::described())
        .merge(services::described())
        .merge(jobs::described())
        .merge(questions::described())
        .merge(case::described())
        .merge(desk::described())
        .merge(intake::described())
}

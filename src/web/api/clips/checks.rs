//! Warnings of the upload checks that are accepted with a reason.

use super::{ClipView, view_in};
use crate::app::App;
use crate::catalog;
use crate::ids::ClipId;
use crate::people::Permission;
use crate::web::AppError;
use crate::web::who::Caller;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn described() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(accept, unaccept))
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct AcceptBody {
    /// Why the warning does no harm here; it goes on record.
    reason: String,
}

/// Accepts a warning about the latest video. What blocks cannot be accepted.
#[utoipa::path(
    put, path = "/clips/{id}/checks/{code}", tag = "clips", params(("id" = ClipId, Path), ("code" = String, Path)),
    request_body = AcceptBody, responses((status = 200, body = ClipView), (status = 404), (status = 422))
)]
async fn accept(
    State(app): State<App>,
    caller: Caller,
    Path((id, code)): Path<(ClipId, String)>,
    Json(body): Json<AcceptBody>,
) -> Result<Response, AppError> {
    caller.require(Permission::Produce)?;
    let mut tx = app.db.begin().await?;
    catalog::accept_check(&mut tx, &caller.staff, id, &code, &body.reason).await?;
    let (view, tag) = view_in(&mut tx, id, &app).await?;
    tx.commit().await?;
    Ok(([(header::ETAG, tag)], Json(view)).into_response())
}

/// Takes the acceptance back.
#[utoipa::path(
    delete, path = "/clips/{id}/checks/{code}", tag = "clips", params(("id" = ClipId, Path), ("code" = String, Path)),
    responses((status = 200, body = ClipView), (status = 404))
)]
async fn unaccept(
    State(app): State<App>,
    caller: Caller,
    Path((id, code)): Path<(ClipId, String)>,
) -> Result<Response, AppError> {
    caller.require(Permission::Produce)?;
    let mut tx = app.db.begin().await?;
    catalog::unaccept_check(&mut tx, &caller.staff, id, &code).await?;
    let (view, tag) = view_in(&mut tx, id, &app).await?;
    tx.commit().await?;
    Ok(([(header::ETAG, tag)], Json(view)).into_response())
}

//! The processing of a clip's video: how far it is, stop it, try it again.

use crate::app::App;
use crate::catalog::{self, By, MediaProgress};
use crate::ids::ClipId;
use crate::people::Permission;
use crate::web::AppError;
use crate::web::who::Caller;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn described() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(show, try_again, cancel))
}

/// How far the processing of the latest version is; `progress` in thousandths.
#[utoipa::path(
    get, path = "/clips/{id}/processing", tag = "clips", params(("id" = ClipId, Path)),
    responses((status = 200, body = MediaProgress), (status = 404))
)]
async fn show(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<ClipId>,
) -> Result<Json<MediaProgress>, AppError> {
    caller.require(Permission::ViewStudio)?;
    let mut read = app.db.read().await?;
    let clip = catalog::clip(&mut read, id).await?.ok_or_else(AppError::not_found)?;
    let version = catalog::latest_version(&mut read, clip.id).await?;
    let progress = catalog::media_progress(&mut read, version.id, app.config.workers).await?;
    Ok(Json(progress.ok_or_else(AppError::not_found)?))
}

/// Tries a refused, failed or stopped video again.
#[utoipa::path(
    post, path = "/clips/{id}/processing", tag = "clips", params(("id" = ClipId, Path)),
    responses((status = 202), (status = 404), (status = 409))
)]
async fn try_again(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<ClipId>,
) -> Result<StatusCode, AppError> {
    caller.require(Permission::Produce)?;
    let mut tx = app.db.begin().await?;
    catalog::retry_media(&mut tx, By::Staff(&caller.staff), id).await?;
    tx.commit().await?;
    Ok(StatusCode::ACCEPTED)
}

/// Stops the processing; its worker ends within a second.
#[utoipa::path(
    delete, path = "/clips/{id}/processing", tag = "clips", params(("id" = ClipId, Path)),
    responses((status = 204), (status = 404), (status = 409))
)]
async fn cancel(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<ClipId>,
) -> Result<StatusCode, AppError> {
    caller.require(Permission::Produce)?;
    let mut tx = app.db.begin().await?;
    catalog::cancel_media(&mut tx, By::Staff(&caller.staff), id).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

//! A clip as a file for channels: captions burned in below the picture, at most 16 MB, with its poster and text.

use crate::app::App;
use crate::catalog::{self, By, Package};
use crate::db::Conn;
use crate::ids::ClipId;
use crate::people::Permission;
use crate::web::AppError;
use crate::web::who::Caller;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn described() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(show, request))
}

/// A package and everything that is posted with it.
#[derive(Debug, Serialize, ToSchema)]
struct PackageView {
    /// `waiting`, `ready` or `failed`.
    state: String,
    /// Only for a file within the limit.
    url: Option<String>,
    bytes: Option<i64>,
    limit_bytes: u64,
    width: Option<i64>,
    height: Option<i64>,
    duration_ms: Option<i64>,
    poster: Option<String>,
    /// The Arabic title and summary, to be posted beside the video.
    text_ar: String,
}

async fn view(conn: &mut impl Conn, id: ClipId, package: Package) -> Result<PackageView, AppError> {
    let clip = catalog::clip(conn, id).await?.ok_or_else(AppError::not_found)?;
    let version = catalog::packaged_version(conn, &clip).await?.ok_or_else(AppError::not_found)?;
    let pictures = catalog::pictures(conn, version.id).await?;
    let text = catalog::version_text(conn, version.id).await?;
    Ok(PackageView {
        url: package.url().filter(|_| package.fits()),
        state: package.state,
        bytes: package.bytes,
        limit_bytes: media::package::MAX_BYTES,
        width: package.width,
        height: package.height,
        duration_ms: package.duration_ms,
        poster: catalog::picture_of(&pictures, "poster").map(catalog::Picture::url),
        text_ar: format!("{}\n{}", text.title_ar, text.summary_ar).trim().to_owned(),
    })
}

/// The package of the clip with its present captions.
#[utoipa::path(
    get, path = "/clips/{id}/package", tag = "clips", params(("id" = ClipId, Path)),
    responses((status = 200, body = PackageView), (status = 404))
)]
async fn show(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<ClipId>,
) -> Result<Json<PackageView>, AppError> {
    caller.require(Permission::ViewStudio)?;
    let mut read = app.db.read().await?;
    let clip = catalog::clip(&mut read, id).await?.ok_or_else(AppError::not_found)?;
    let version = catalog::packaged_version(&mut read, &clip).await?.ok_or_else(AppError::not_found)?;
    let package = catalog::package(&mut read, &version).await?.ok_or_else(AppError::not_found)?;
    Ok(Json(view(&mut read, id, package).await?))
}

/// Asks for it; what is kept or being made already is answered as it is.
#[utoipa::path(
    post, path = "/clips/{id}/package", tag = "clips", params(("id" = ClipId, Path)),
    responses((status = 202, body = PackageView), (status = 404), (status = 409))
)]
async fn request(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<ClipId>,
) -> Result<(StatusCode, Json<PackageView>), AppError> {
    caller.require(Permission::ViewStudio)?;
    let mut tx = app.db.begin().await?;
    let package = catalog::request_package(&mut tx, By::Staff(&caller.staff), id).await?;
    let view = view(&mut tx, id, package).await?;
    tx.commit().await?;
    Ok((StatusCode::ACCEPTED, Json(view)))
}

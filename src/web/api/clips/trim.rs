//! In and out points of a clip's video.

use super::super::etag::if_match;
use super::{ClipView, view_in};
use crate::app::App;
use crate::catalog::{self, By};
use crate::ids::ClipId;
use crate::people::Permission;
use crate::web::AppError;
use crate::web::who::Caller;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn described() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(cut, uncut))
}

/// What is kept, on the clock of the present video.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct TrimBody {
    /// The first moment that is kept, in milliseconds.
    from_ms: u64,
    /// The moment at which the clip ends, in milliseconds.
    to_ms: u64,
}

/// Cuts head and tail off the latest video: a new version is processed from the same original, and the captions move
/// with it.
#[utoipa::path(
    put, path = "/clips/{id}/trim", tag = "clips", params(("id" = ClipId, Path)), request_body = TrimBody,
    responses((status = 202, body = ClipView), (status = 404), (status = 409), (status = 412), (status = 422))
)]
async fn cut(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<ClipId>,
    headers: HeaderMap,
    Json(body): Json<TrimBody>,
) -> Result<Response, AppError> {
    let trim = media::Trim { from_ms: body.from_ms, to_ms: body.to_ms };
    change(&app, &caller, id, &headers, Some(trim)).await
}

/// Takes the whole original again.
#[utoipa::path(
    delete, path = "/clips/{id}/trim", tag = "clips", params(("id" = ClipId, Path)),
    responses((status = 202, body = ClipView), (status = 404), (status = 409), (status = 412))
)]
async fn uncut(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<ClipId>,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    change(&app, &caller, id, &headers, None).await
}

async fn change(
    app: &App,
    caller: &Caller,
    id: ClipId,
    headers: &HeaderMap,
    trim: Option<media::Trim>,
) -> Result<Response, AppError> {
    caller.require(Permission::Produce)?;
    let expected = if_match(headers)?;
    let mut tx = app.db.begin().await?;
    catalog::trim_video(&mut tx, By::Staff(&caller.staff), id, expected, trim).await?;
    let (view, tag) = view_in(&mut tx, id, app).await?;
    tx.commit().await?;
    Ok((StatusCode::ACCEPTED, [(header::ETAG, tag)], Json(view)).into_response())
}

//! Publishing, scheduling, confirming and withdrawing.

use super::view_in;
use super::views::ClipView;
use crate::app::App;
use crate::catalog::{self, By, PublicationTimes};
use crate::clock::Millis;
use crate::ids::ClipId;
use crate::people::Permission;
use crate::refusal::Refusal;
use crate::web::AppError;
use crate::web::api::etag::if_match;
use crate::web::api::idempotency::read_json;
use crate::web::who::Caller;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use serde::Deserialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn described() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(publish, withdraw)).routes(routes!(confirm))
}

/// When it appears and goes.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct TimesBody {
    /// Milliseconds since 1970 or RFC 3339; now when not given.
    #[schema(value_type = Option<String>)]
    publish_at: Option<Moment>,
    /// Milliseconds since 1970 or RFC 3339.
    #[schema(value_type = Option<String>)]
    unpublish_at: Option<Moment>,
}

/// A moment as programs like to write it.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Moment {
    Number(i64),
    Text(String),
}

impl Moment {
    fn read(self, field: &'static str) -> Result<Millis, AppError> {
        let text = match self {
            Self::Number(millis) => return Ok(Millis(millis)),
            Self::Text(text) => text,
        };
        let format = &time::format_description::well_known::Rfc3339;
        let read = time::OffsetDateTime::parse(&text, format).ok();
        read.and_then(|moment| i64::try_from(moment.unix_timestamp_nanos() / 1_000_000).ok())
            .map(Millis)
            .ok_or_else(|| {
                let ar = "الوقت غير صحيح. مثال: 2026-11-22T09:00:00+03:00.";
                let en = "Not a time. Example: 2026-11-22T09:00:00+03:00.";
                Refusal::invalid(field, "bad_time", ar, en).into()
            })
    }
}

/// Publishes the approved version now or at its time.
#[utoipa::path(
    put, path = "/clips/{id}/publication", tag = "publication", request_body = TimesBody,
    params(("id" = ClipId, Path), ("If-Match" = Option<String>, Header)),
    responses((status = 200, body = ClipView), (status = 403), (status = 409), (status = 412), (status = 422))
)]
async fn publish(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<ClipId>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, AppError> {
    caller.require(Permission::Publish)?;
    let body: TimesBody = read_json(&body)?;
    let times = PublicationTimes {
        publish_at: body.publish_at.map(|moment| moment.read("publish_at")).transpose()?,
        unpublish_at: body.unpublish_at.map(|moment| moment.read("unpublish_at")).transpose()?,
    };
    let mut tx = app.db.begin().await?;
    catalog::publish(&mut tx, By::Staff(&caller.staff), id, if_match(&headers)?, times).await?;
    let (view, tag) = view_in(&mut tx, id, &app).await?;
    tx.commit().await?;
    Ok(([(header::ETAG, tag)], Json(view)).into_response())
}

/// Why it goes.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct WithdrawBody {
    #[serde(default)]
    reason: String,
    /// The clip that takes its place; its address then leads there.
    replaced_by: Option<ClipId>,
}

/// Takes the clip out of the public's sight, or its schedule back.
#[utoipa::path(
    delete, path = "/clips/{id}/publication", tag = "publication", request_body = WithdrawBody,
    params(("id" = ClipId, Path), ("If-Match" = Option<String>, Header)),
    responses((status = 200, body = ClipView), (status = 403), (status = 409), (status = 412), (status = 422))
)]
async fn withdraw(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<ClipId>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, AppError> {
    caller.require(Permission::Publish)?;
    let body: WithdrawBody = read_json(&body)?;
    let by = By::Staff(&caller.staff);
    let mut tx = app.db.begin().await?;
    catalog::withdraw(&mut tx, by, id, if_match(&headers)?, &body.reason).await?;
    if let Some(replacement) = body.replaced_by {
        if catalog::clip(&mut tx, replacement).await?.is_none() {
            return Err(AppError::not_found());
        }
        catalog::set_replaced_by(&mut tx, by, id, Some(replacement)).await?;
    }
    let (view, tag) = view_in(&mut tx, id, &app).await?;
    tx.commit().await?;
    Ok(([(header::ETAG, tag)], Json(view)).into_response())
}

/// Says that a clip whose review date has passed is still right.
#[utoipa::path(
    post, path = "/clips/{id}/publication/confirmations", tag = "publication",
    params(("id" = ClipId, Path), ("If-Match" = Option<String>, Header)),
    responses((status = 200, body = ClipView), (status = 403), (status = 409))
)]
async fn confirm(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<ClipId>,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    caller.require(Permission::Publish)?;
    let mut tx = app.db.begin().await?;
    catalog::confirm(&mut tx, By::Staff(&caller.staff), id, if_match(&headers)?).await?;
    let (view, tag) = view_in(&mut tx, id, &app).await?;
    tx.commit().await?;
    Ok(([(header::ETAG, tag)], Json(view)).into_response())
}

//! Sending to review, and the decisions of the two lanes.

use super::view_in;
use super::views::ClipView;
use crate::app::App;
use crate::catalog::{self, By, Decision, Lane};
use crate::ids::ClipId;
use crate::people::Permission;
use crate::refusal::{Refusal, RefusalKind};
use crate::web::AppError;
use crate::web::api::etag::if_match;
use crate::web::api::idempotency::{Answer, Creating};
use crate::web::who::Caller;
use axum::extract::{Path, State};
use axum::response::Response;
use serde::Deserialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn described() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(submit)).routes(routes!(decide))
}

/// What is accepted in spite of the checks.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct SubmitBody {
    /// Why caption errors are accepted; it goes on record.
    override_reason: Option<String>,
}

/// Sends the latest version to review; 409 lists the unmet guards under `details.unmet`.
#[utoipa::path(
    post, path = "/clips/{id}/review", tag = "review", request_body = SubmitBody,
    params(("id" = ClipId, Path), ("Idempotency-Key" = Option<String>, Header), ("If-Match" = Option<String>, Header)),
    responses((status = 200, body = ClipView), (status = 403), (status = 409), (status = 412))
)]
async fn submit(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<ClipId>,
    request: Creating,
) -> Result<Response, AppError> {
    caller.require(Permission::Produce)?;
    let body: SubmitBody = request.json()?;
    let expected = if_match(request.headers())?;
    let mut tx = app.db.begin().await?;
    let record = match request.begin(&mut tx, &caller).await? {
        Ok(record) => record,
        Err(earlier) => return Ok(earlier),
    };
    let reason = body.override_reason.as_deref();
    catalog::submit(&mut tx, By::Staff(&caller.staff), id, expected, reason).await?;
    let (view, tag) = view_in(&mut tx, id, &app).await?;
    record.commit(tx, Answer::ok(&view)?.with_etag(tag)).await
}

/// A decision.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct DecisionBody {
    lane: Lane,
    decision: DecisionWord,
    /// Needed when it is returned.
    #[serde(default)]
    reason: String,
    /// The moment of the video that the reason is about.
    at_ms: Option<i64>,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
enum DecisionWord {
    Approved,
    Returned,
}

/// Decides in one lane. The author gets 403, and so does a reviewer of another department.
#[utoipa::path(
    post, path = "/clips/{id}/approvals", tag = "review", request_body = DecisionBody,
    params(("id" = ClipId, Path), ("Idempotency-Key" = Option<String>, Header), ("If-Match" = Option<String>, Header)),
    responses((status = 201, body = ClipView), (status = 403), (status = 409), (status = 412), (status = 422))
)]
async fn decide(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<ClipId>,
    request: Creating,
) -> Result<Response, AppError> {
    let body: DecisionBody = request.json()?;
    caller.require(body.lane.permission())?;
    let expected = if_match(request.headers())?;
    let decision = match body.decision {
        DecisionWord::Approved => Decision::Approved,
        DecisionWord::Returned if body.at_ms.is_some_and(|at| at < 0) => {
            let ar = "اللحظة خارج الفيديو.";
            let refusal =
                Refusal::new(RefusalKind::Invalid, "review.bad_moment", ar, "at_ms must not be negative.");
            return Err(refusal.into());
        }
        DecisionWord::Returned => Decision::Returned { reason: body.reason, at_ms: body.at_ms },
    };
    let mut tx = app.db.begin().await?;
    let record = match request.begin(&mut tx, &caller).await? {
        Ok(record) => record,
        Err(earlier) => return Ok(earlier),
    };
    catalog::decide(&mut tx, By::Staff(&caller.staff), id, expected, body.lane, decision).await?;
    let (view, tag) = view_in(&mut tx, id, &app).await?;
    record.commit(tx, Answer::created(format!("/api/v1/clips/{id}"), &view)?.with_etag(tag)).await
}

//! What happens to a reply after it was written: approval by a second person, taking it back, posting by hand.

use super::super::idempotency::{Creating, read_json};
use super::super::questions::private;
use super::views::ReplyView;
use super::{id, reply_created};
use crate::app::App;
use crate::ids::ReplyId;
use crate::people::Permission;
use crate::questions::{self, Decision};
use crate::refusal::{Refusal, RefusalKind};
use crate::web::AppError;
use crate::web::who::Caller;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn described() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(waiting))
        .routes(routes!(approve))
        .routes(routes!(undo))
        .routes(routes!(posted))
}

/// Replies that wait for the caller's approval, oldest first.
#[utoipa::path(get, path = "/desk/replies", tag = "desk", responses((status = 200, body = Vec<ReplyView>), (status = 403)))]
async fn waiting(State(app): State<App>, caller: Caller) -> Result<Response, AppError> {
    caller.require(Permission::ViewDesk)?;
    let mut read = app.db.read().await?;
    let replies = questions::awaiting_approval(&mut read, &caller.staff).await?;
    let views: Vec<ReplyView> = replies.iter().map(ReplyView::of).collect();
    Ok(private(Json(views).into_response()))
}

#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct DecisionBody {
    decision: DecisionWord,
    /// Needed for `returned`.
    #[serde(default)]
    reason: String,
}

#[derive(Clone, Copy, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
enum DecisionWord {
    Approved,
    Returned,
}

/// Decides about a reply that waits for approval. Nobody decides about their own.
#[utoipa::path(post, path = "/desk/replies/{id}/approvals", tag = "desk", request_body = DecisionBody, params(("id" = ReplyId, Path), ("Idempotency-Key" = Option<String>, Header)), responses((status = 201, body = ReplyView), (status = 403), (status = 409), (status = 422)))]
async fn approve(
    State(app): State<App>,
    caller: Caller,
    Path(reply): Path<String>,
    creating: Creating,
) -> Result<Response, AppError> {
    if !caller.may(Permission::ReviewFacts) && !caller.may(Permission::SuperviseDesk) {
        return Err(Refusal::forbidden().into());
    }
    let body: DecisionBody = creating.json()?;
    let decision = match body.decision {
        DecisionWord::Approved => Decision::Approved,
        DecisionWord::Returned => Decision::Returned { reason: body.reason },
    };
    let id = id(&reply)?;
    let mut tx = app.db.begin().await?;
    let record = match creating.begin(&mut tx, &caller).await? {
        Ok(record) => record,
        Err(first_answer) => return Ok(first_answer),
    };
    let reply = questions::decide_in(&mut tx, &caller.staff, id, decision).await?;
    record.commit(tx, reply_created(&reply)?).await
}

/// Takes a reply back before it goes out.
#[utoipa::path(delete, path = "/desk/replies/{id}/sending", tag = "desk", params(("id" = ReplyId, Path)), responses((status = 200, body = ReplyView), (status = 409)))]
async fn undo(
    State(app): State<App>,
    caller: Caller,
    Path(reply): Path<String>,
) -> Result<Response, AppError> {
    let may = [Permission::Answer, Permission::ReviewFacts, Permission::SuperviseDesk];
    if !may.into_iter().any(|permission| caller.may(permission)) {
        return Err(Refusal::forbidden().into());
    }
    let reply = questions::undo(&app, &caller.staff, id(&reply)?).await?;
    Ok(Json(ReplyView::of(&reply)).into_response())
}

#[derive(Default, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct PostedBody {
    /// The channel's name or address of the post.
    external_id: Option<String>,
}

/// Says that a reply was posted by hand.
#[utoipa::path(post, path = "/desk/replies/{id}/posting", tag = "desk", request_body = PostedBody, params(("id" = ReplyId, Path)), responses((status = 200, body = ReplyView), (status = 409)))]
async fn posted(
    State(app): State<App>,
    caller: Caller,
    Path(reply): Path<String>,
    body: Bytes,
) -> Result<Response, AppError> {
    caller.require(Permission::Answer)?;
    let body: PostedBody = read_json(&body)?;
    if body.external_id.as_ref().is_some_and(|name| name.chars().count() > 500) {
        let ar = "الرابط طويل جدًا.";
        return Err(Refusal::new(RefusalKind::Invalid, "desk.bad_link", ar, "The link is too long.").into());
    }
    let reply = questions::mark_posted(&app, &caller.staff, id(&reply)?, body.external_id).await?;
    Ok(Json(ReplyView::of(&reply)).into_response())
}

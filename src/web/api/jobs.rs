//! Background jobs: see, retry, cancel, discard.

use super::super::AppError;
use super::super::who::Caller;
use crate::app::App;
use crate::audit::Entry;
use crate::ids::JobId;
use crate::jobs::{self, JobRow, JobState};
use crate::people::Permission;
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of jobs with their descriptions.
pub(super) fn described() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(show, discard))
        .routes(routes!(retry))
        .routes(routes!(cancel))
}

/// Which part of the list.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
struct ListQuery {
    /// In this state.
    state: Option<JobState>,
    /// 1 to 200; 50 when not given.
    limit: Option<i64>,
    /// `next` of the page before.
    after: Option<JobId>,
}

/// A page of jobs, newest first.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct JobList {
    jobs: Vec<JobRow>,
    /// Given as `after`, it leads to the next page.
    next: Option<JobId>,
}

/// Jobs, newest first.
#[utoipa::path(get, path = "/jobs", tag = "jobs", params(ListQuery), responses((status = 200, body = JobList), (status = 403)))]
async fn list(
    State(app): State<App>,
    caller: Caller,
    Query(wanted): Query<ListQuery>,
) -> Result<Json<JobList>, AppError> {
    caller.require(Permission::ViewJobs)?;
    let limit = wanted.limit.unwrap_or(50).clamp(1, 200);
    let mut read = app.db.read().await?;
    let mut jobs = jobs::list(&mut read, wanted.state, wanted.after, limit + 1).await?;
    let has_more = jobs.len() > usize::try_from(limit)?;
    jobs.truncate(usize::try_from(limit)?);
    let next = jobs.last().filter(|_| has_more).map(|job| job.id);
    Ok(Json(JobList { jobs, next }))
}

/// One job.
#[utoipa::path(get, path = "/jobs/{id}", tag = "jobs", params(("id" = JobId, Path)), responses((status = 200, body = JobRow), (status = 404)))]
async fn show(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<JobId>,
) -> Result<Json<JobRow>, AppError> {
    caller.require(Permission::ViewJobs)?;
    let mut read = app.db.read().await?;
    Ok(Json(jobs::find(&mut read, id).await?.ok_or_else(AppError::not_found)?))
}

/// Queues a dead or cancelled job again.
#[utoipa::path(post, path = "/jobs/{id}/retry", tag = "jobs", params(("id" = JobId, Path)), responses((status = 202), (status = 404), (status = 409)))]
async fn retry(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<JobId>,
) -> Result<StatusCode, AppError> {
    caller.require(Permission::ManageJobs)?;
    let mut tx = app.db.begin().await?;
    jobs::find(&mut tx, id).await?.ok_or_else(AppError::not_found)?;
    jobs::retry(&mut tx, id).await?;
    tx.record(Entry::new(caller.actor(), "job.retried", "job", id));
    tx.commit().await?;
    Ok(StatusCode::ACCEPTED)
}

/// Stops a job that waits or runs.
#[utoipa::path(post, path = "/jobs/{id}/cancellation", tag = "jobs", params(("id" = JobId, Path)), responses((status = 202), (status = 404), (status = 409)))]
async fn cancel(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<JobId>,
) -> Result<StatusCode, AppError> {
    caller.require(Permission::ManageJobs)?;
    let mut tx = app.db.begin().await?;
    jobs::find(&mut tx, id).await?.ok_or_else(AppError::not_found)?;
    jobs::cancel(&mut tx, id).await?;
    tx.record(Entry::new(caller.actor(), "job.cancelled", "job", id));
    tx.commit().await?;
    Ok(StatusCode::ACCEPTED)
}

/// Puts a dead job away for good.
#[utoipa::path(delete, path = "/jobs/{id}", tag = "jobs", params(("id" = JobId, Path)), responses((status = 204), (status = 404), (status = 409)))]
async fn discard(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<JobId>,
) -> Result<StatusCode, AppError> {
    caller.require(Permission::ManageJobs)?;
    let mut tx = app.db.begin().await?;
    jobs::find(&mut tx, id).await?.ok_or_else(AppError::not_found)?;
    jobs::discard(&mut tx, id).await?;
    tx.record(Entry::new(caller.actor(), "job.discarded", "job", id));
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

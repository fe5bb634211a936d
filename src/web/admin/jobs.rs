//! Background work: what waits, runs and failed; a person tries again, stops or puts away.

use super::accounts::parse;
use crate::audit::Entry;
use crate::db::Tx;
use crate::ids::JobId;
use crate::jobs::{self, JobRow, JobState};
use crate::people::Permission;
use crate::web::AppError;
use crate::web::i18n::Words;
use crate::web::layout::{StaffSection, Tone, page};
use crate::web::preferences::see_other;
use crate::web::present::{ago, digits};
use crate::web::staff::form::{Link, Said};
use crate::web::staff::table::{Cell, Chip, Deed, Filter, Row, TablePage};
use crate::web::staff::{Visit, ruled};
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use std::collections::BTreeMap;

const PAGE: usize = 50;

/// Which jobs are shown.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Shown {
    #[serde(default)]
    state: String,
    #[serde(default)]
    after: String,
}

/// `GET /jobs`.
pub(super) async fn list(visit: Visit, Query(shown): Query<Shown>) -> Result<Response, AppError> {
    visit.require(Permission::ViewJobs)?;
    jobs_page(&visit, &shown, None).await
}

async fn jobs_page(visit: &Visit, shown: &Shown, said: Option<Said>) -> Result<Response, AppError> {
    let t = visit.t();
    let now = visit.app.clock.now();
    let state = JobState::parse(&shown.state);
    let mut read = visit.app.db.read().await?;
    let limit = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
    let mut found = jobs::list(&mut read, state, shown.after.parse::<JobId>().ok(), limit).await?;
    let counts = counts(jobs::count_by_state(&mut read).await?);
    let more =
        (found.len() > PAGE).then(|| found.truncate(PAGE)).and_then(|()| found.last().map(|job| job.id));
    let may_manage = visit.may(Permission::ManageJobs);
    let mut rows = Vec::new();
    for job in &found {
        rows.push(row(t, job, may_manage, ago(t, job.created_at, now)));
    }
    let heads = ["jobs-kind", "staff-state", "jobs-attempts", "jobs-created", "jobs-error"];
    let heads = heads.map(|key| t.get(key)).to_vec();
    let mut table = TablePage::new(visit.shell(StaffSection::Jobs), t.get("jobs-title"), heads, rows);
    table.lead = t.get("jobs-lead");
    table.said = said;
    table.filters_label = t.get("jobs-filter");
    table.filters = filters(t, state, &counts);
    table.empty = (t.get("jobs-empty"), t.get("jobs-empty-lead"));
    table.more =
        more.map(|id| Link::to(format!("/jobs?state={}&after={id}", shown.state), t.get("jobs-more")));
    page(&table)
}

fn counts(by_queue: Vec<(String, String, i64)>) -> BTreeMap<String, i64> {
    let mut counts = BTreeMap::new();
    for (_, state, count) in by_queue {
        *counts.entry(state).or_default() += count;
    }
    counts
}

fn filters(t: Words, current: Option<JobState>, counts: &BTreeMap<String, i64>) -> Vec<Filter> {
    let all = Filter { href: "/jobs".to_owned(), text: t.get("jobs-filter-all"), current: current.is_none() };
    let of_state = |state: JobState| {
        let count = counts.get(state.as_str()).copied().unwrap_or_default();
        Filter {
            href: format!("/jobs?state={}", state.as_str()),
            text: format!("{} ({})", t.get(state_key(state)), digits(t.lang(), count)),
            current: current == Some(state),
        }
    };
    std::iter::once(all).chain(JobState::ALL.map(of_state)).collect()
}

fn row(t: Words, job: &JobRow, may_manage: bool, created: String) -> Row {
    let state = JobState::parse(&job.state).unwrap_or(JobState::Queued);
    let attempts = t.with_two(
        "jobs-attempts-of",
        ("n", &digits(t.lang(), job.attempt)),
        ("max", &digits(t.lang(), job.max_attempts)),
    );
    let progress = match state {
        JobState::Running => Cell::Progress { label: t.get("jobs-progress"), value: job.progress },
        _ => Cell::Text(job.error.clone().unwrap_or_default()),
    };
    Row {
        name: format!("{} {}", job.kind, job.id),
        cells: vec![
            Cell::Code(job.kind.clone()),
            Cell::Chip(chip(t, state)),
            Cell::Text(attempts),
            Cell::Text(created),
            progress,
        ],
        deeds: if may_manage { deeds(t, job, state) } else { Vec::new() },
    }
}

fn deeds(t: Words, job: &JobRow, state: JobState) -> Vec<Deed> {
    let deed = |verb: &str, icon, key| Deed::Post {
        action: format!("/jobs/{}/{verb}", job.id),
        icon,
        text: t.get(key),
    };
    match state {
        JobState::Dead => vec![deed("retry", "loop", "jobs-retry"), deed("discard", "trash", "jobs-discard")],
        JobState::Cancelled => vec![deed("retry", "loop", "jobs-retry")],
        JobState::Queued | JobState::Running | JobState::RetryAt => {
            vec![deed("cancellation", "stop", "jobs-cancel")]
        }
        JobState::Succeeded => Vec::new(),
    }
}

fn state_key(state: JobState) -> &'static str {
    match state {
        JobState::Queued => "jobs-state-queued",
        JobState::Running => "jobs-state-running",
        JobState::RetryAt => "jobs-state-retry-at",
        JobState::Succeeded => "jobs-state-succeeded",
        JobState::Dead => "jobs-state-dead",
        JobState::Cancelled => "jobs-state-cancelled",
    }
}

fn chip(t: Words, state: JobState) -> Chip {
    let (tone, icon) = match state {
        JobState::Queued => ("info", "clock"),
        JobState::Running => ("toot", "loop"),
        JobState::RetryAt => ("warn", "clock"),
        JobState::Succeeded => ("ok", "check"),
        JobState::Dead => ("bad", "close"),
        JobState::Cancelled => ("warn", "stop"),
    };
    Chip::new(tone, icon, t.get(state_key(state)))
}

/// `POST /jobs/{id}/retry`.
pub(super) async fn retry(visit: Visit, Path(id): Path<String>) -> Result<Response, AppError> {
    let (mut tx, id) = begin(&visit, &id).await?;
    let outcome = jobs::retry(&mut tx, id).await;
    finish(&visit, tx, outcome, Act { id, action: "job.retried", notice: "notice-jobs-retried" }).await
}

/// `POST /jobs/{id}/discard`.
pub(super) async fn discard(visit: Visit, Path(id): Path<String>) -> Result<Response, AppError> {
    let (mut tx, id) = begin(&visit, &id).await?;
    let outcome = jobs::discard(&mut tx, id).await;
    finish(&visit, tx, outcome, Act { id, action: "job.discarded", notice: "notice-jobs-discarded" }).await
}

/// `POST /jobs/{id}/cancellation`.
pub(super) async fn cancel(visit: Visit, Path(id): Path<String>) -> Result<Response, AppError> {
    let (mut tx, id) = begin(&visit, &id).await?;
    let outcome = jobs::cancel(&mut tx, id).await;
    finish(&visit, tx, outcome, Act { id, action: "job.cancelled", notice: "notice-jobs-cancelled" }).await
}

async fn begin(visit: &Visit, id: &str) -> Result<(Tx, JobId), AppError> {
    visit.require(Permission::ManageJobs)?;
    Ok((visit.app.db.begin().await?, parse(id)?))
}

/// What was done with a job: for the record, and in words for the page.
struct Act {
    id: JobId,
    action: &'static str,
    notice: &'static str,
}

async fn finish(
    visit: &Visit,
    mut tx: Tx,
    outcome: anyhow::Result<()>,
    act: Act,
) -> Result<Response, AppError> {
    match ruled(outcome)? {
        Ok(()) => {
            tx.record(Entry::new(visit.actor(), act.action, "job", act.id));
            tx.commit().await?;
            Ok(see_other("/jobs", act.notice))
        }
        Err(refusal) => {
            drop(tx);
            let said = Said::new(Tone::Warn, visit.words_of(&refusal));
            let mut response = jobs_page(visit, &Shown::default(), Some(said)).await?;
            *response.status_mut() = StatusCode::CONFLICT;
            Ok(response)
        }
    }
}

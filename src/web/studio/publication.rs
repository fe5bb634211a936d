//! In and out of the gallery: now, later, not any more, still right.

use super::editor::{Loaded, Overlay, parse, render, settle};
use crate::catalog::{self, By, PublicationTimes, VersionState};
use crate::clock::Millis;
use crate::people::Permission;
use crate::web::AppError;
use crate::web::i18n::Words;
use crate::web::preferences::see_other;
use crate::web::present::{date, day_and_time};
use crate::web::staff::form::Field;
use crate::web::staff::{Visit, ruled};
use axum::extract::{Form, Path};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use std::time::Duration;
use time::macros::format_description;

/// Riyadh is three hours ahead of UTC all year.
const RIYADH: time::UtcOffset = time::macros::offset!(+3);

/// The bar that says what is missing.
pub(super) struct PublicationView {
    pub(super) said: String,
    pub(super) missing: Vec<String>,
    pub(super) may_submit: bool,
    /// Caption errors can be accepted with a reason.
    pub(super) may_override: bool,
    pub(super) may_publish: bool,
    pub(super) publish_blocked: bool,
    pub(super) may_schedule: bool,
    pub(super) schedule_open: bool,
    pub(super) schedule_fields: Vec<Field>,
    pub(super) may_withdraw: bool,
    pub(super) may_confirm: bool,
    pub(super) review_by: Option<String>,
}

/// What the publication of this clip stands at; `typed` are times that were refused.
pub(super) fn publication_view(
    visit: &Visit,
    t: Words,
    loaded: &Loaded,
    typed: Option<(String, String)>,
) -> PublicationView {
    use VersionState as S;
    let state = loaded.version.state;
    let publishes = visit.may(Permission::Publish);
    let before_review =
        matches!(state, S::Draft | S::Processing | S::Failed | S::Ready | S::ChangesRequested);
    let ready = matches!(state, S::Approved | S::Scheduled);
    let is_public = loaded.clip.published_version_id.is_some();
    let captions_block = loaded.unmet.iter().any(|guard| guard.code == "captions.errors");
    let schedule_open = typed.is_some();
    let (publish_at, unpublish_at) = typed.unwrap_or_else(|| {
        let field = |at: Option<Millis>| at.map(local_field).unwrap_or_default();
        (field(loaded.version.publish_at), field(loaded.version.unpublish_at))
    });
    let time = |name, key, value: String| Field::typed("datetime-local", name, t.get(key), value, "off");
    PublicationView {
        said: said(visit, t, loaded),
        missing: if before_review { missing(t, loaded) } else { Vec::new() },
        may_submit: visit.may(Permission::Produce) && matches!(state, S::Ready | S::ChangesRequested),
        may_override: captions_block,
        may_publish: publishes && (before_review || ready || state == S::InReview),
        publish_blocked: !ready,
        may_schedule: publishes && ready,
        schedule_open,
        schedule_fields: vec![
            time("publish_at", "edit-schedule-at", publish_at),
            time("unpublish_at", "edit-schedule-until", unpublish_at),
        ],
        may_withdraw: publishes && (is_public || state == S::Scheduled),
        may_confirm: publishes && state == S::NeedsReview,
        review_by: loaded.clip.review_by.filter(|_| is_public).map(|at| date(t, at).both()),
    }
}

fn said(visit: &Visit, t: Words, loaded: &Loaded) -> String {
    use VersionState as S;
    let version = &loaded.version;
    match version.state {
        S::Published | S::NeedsReview => t.get("edit-is-published"),
        S::Approved => t.get("edit-can-publish"),
        S::Scheduled => {
            let at = version.publish_at.unwrap_or(version.state_since);
            t.with("edit-is-scheduled", "when", day_and_time(t, at, visit.app.clock.now()))
        }
        S::Withdrawn => {
            t.with("edit-is-withdrawn", "reason", version.withdrawn_reason.clone().unwrap_or_default())
        }
        S::InReview => t.get("edit-waits-for-reviews"),
        S::Draft | S::Processing | S::Failed | S::Ready | S::ChangesRequested | S::Superseded => {
            t.get("edit-cannot-publish")
        }
    }
}

fn missing(t: Words, loaded: &Loaded) -> Vec<String> {
    let mut list: Vec<String> =
        loaded.unmet.iter().map(|guard| t.lang().pick(guard.ar, guard.en).to_owned()).collect();
    if list.is_empty() {
        list.push(t.get("edit-send-to-review"));
    }
    list
}

/// The value of a `datetime-local` field, in Riyadh.
fn local_field(at: Millis) -> String {
    let moment = time::OffsetDateTime::from_unix_timestamp(at.0.div_euclid(1_000));
    let local = moment.unwrap_or(time::OffsetDateTime::UNIX_EPOCH).to_offset(RIYADH);
    local.format(format_description!("[year]-[month]-[day]T[hour]:[minute]")).unwrap_or_default()
}

/// Reads a `datetime-local` field as a time in Riyadh.
fn read_local(text: &str) -> Option<Millis> {
    let format = format_description!("[year]-[month]-[day]T[hour]:[minute]");
    let text = text.get(..16)?;
    let local = time::PrimitiveDateTime::parse(text, format).ok()?.assume_offset(RIYADH);
    Some(Millis(local.unix_timestamp() * 1_000))
}

/// What the publication forms send: nothing to publish now, times to publish later.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct PublicationForm {
    when: String,
    publish_at: String,
    unpublish_at: String,
}

/// `POST /studio/clips/{id}/publication`.
pub(super) async fn publish(
    visit: Visit,
    Path(id): Path<String>,
    Form(form): Form<PublicationForm>,
) -> Result<Response, AppError> {
    visit.require(Permission::Publish)?;
    let id = parse(&id)?;
    let Some(times) = times(&visit, &form) else {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        let schedule = Some((form.publish_at, form.unpublish_at));
        let mut overlay = Overlay { schedule, status, ..Overlay::default() };
        overlay.errors.add("publish_at", visit.t().get("edit-bad-date"));
        return render(&visit, id, overlay).await;
    };
    let mut tx = visit.app.db.begin().await?;
    let outcome = catalog::publish(&mut tx, By::Staff(&visit.caller.staff), id, None, times).await;
    match ruled(outcome)? {
        Ok(state) => {
            tx.commit().await?;
            let notice = match state {
                VersionState::Scheduled => "notice-edit-scheduled",
                _ => "notice-edit-published",
            };
            Ok(see_other(&format!("/studio/clips/{id}#publication"), notice))
        }
        Err(refusal) => {
            drop(tx);
            let mut overlay = Overlay::refused(&visit, &refusal);
            overlay.schedule = (form.when == "later").then_some((form.publish_at, form.unpublish_at));
            render(&visit, id, overlay).await
        }
    }
}

/// The times of the form; `None` when one cannot be read or has passed.
fn times(visit: &Visit, form: &PublicationForm) -> Option<PublicationTimes> {
    if form.when != "later" {
        return Some(PublicationTimes::default());
    }
    let now = visit.app.clock.now();
    // The minute that is just passing still counts: the form knows no seconds.
    let publish_at = read_local(&form.publish_at).filter(|at| *at + Duration::from_secs(60) > now)?;
    let unpublish_at = match form.unpublish_at.trim() {
        "" => None,
        text => Some(read_local(text)?),
    };
    Some(PublicationTimes { publish_at: Some(publish_at), unpublish_at })
}

/// What the withdrawal form sends.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct WithdrawalForm {
    withdraw_reason: String,
}

/// `POST /studio/clips/{id}/withdrawal`.
pub(super) async fn withdraw(
    visit: Visit,
    Path(id): Path<String>,
    Form(form): Form<WithdrawalForm>,
) -> Result<Response, AppError> {
    visit.require(Permission::Publish)?;
    let id = parse(&id)?;
    let mut tx = visit.app.db.begin().await?;
    let by = By::Staff(&visit.caller.staff);
    match ruled(catalog::withdraw(&mut tx, by, id, None, &form.withdraw_reason).await)? {
        Ok(()) => {
            tx.commit().await?;
            Ok(see_other(&format!("/studio/clips/{id}#publication"), "notice-edit-withdrawn"))
        }
        Err(refusal) => {
            drop(tx);
            let mut overlay = Overlay::refused(&visit, &refusal);
            if refusal.field == Some("reason") {
                overlay.errors = crate::web::forms::FormErrors::none();
                overlay.errors.add("withdraw_reason", visit.words_of(&refusal));
            }
            render(&visit, id, overlay).await
        }
    }
}

/// `POST /studio/clips/{id}/confirmation`: still right, with a new review date.
pub(super) async fn confirm(visit: Visit, Path(id): Path<String>) -> Result<Response, AppError> {
    visit.require(Permission::Publish)?;
    let id = parse(&id)?;
    let mut tx = visit.app.db.begin().await?;
    let outcome = catalog::confirm(&mut tx, By::Staff(&visit.caller.staff), id, None).await;
    settle(&visit, id, tx, outcome, "#publication", "notice-edit-confirmed").await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_in_the_form_is_riyadh_time() {
        let at = read_local("2026-11-22T16:00").unwrap();
        assert_eq!(at.rfc3339(), "2026-11-22T13:00:00Z");
        assert_eq!(local_field(at), "2026-11-22T16:00");
        assert_eq!(read_local("22/11/2026"), None);
        assert_eq!(read_local(""), None);
    }
}

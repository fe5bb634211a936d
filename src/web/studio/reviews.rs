//! To review, and the two decisions.

use super::editor::{Loaded, Overlay, parse, render, settle};
use crate::catalog::{self, ActorFacts, Approval, Authorship, By, Decision, Lane, Ownership, VersionState};
use crate::people::Permission;
use crate::web::AppError;
use crate::web::i18n::Words;
use crate::web::preferences::see_other;
use crate::web::present::{day_and_time, duration};
use crate::web::staff::table::Chip;
use crate::web::staff::{Visit, ruled};
use axum::extract::{Form, Path};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

/// One of the two reviews.
pub(super) struct LaneView {
    pub(super) code: &'static str,
    pub(super) class: &'static str,
    pub(super) icon: &'static str,
    pub(super) title: String,
    pub(super) state: Chip,
    pub(super) decision: Option<DecisionView>,
    pub(super) who: String,
    pub(super) own_work: bool,
    pub(super) may_decide: bool,
    pub(super) error: Option<String>,
    pub(super) typed: String,
    pub(super) approve: String,
}

/// A decision that holds.
pub(super) struct DecisionView {
    pub(super) initial: String,
    pub(super) name: String,
    pub(super) when: String,
    pub(super) reason: String,
    /// Seconds for the player, and the same for people.
    pub(super) pin: Option<(String, String)>,
}

/// Both lanes; `typed` is a reason that was refused in one of them, with what was wrong.
pub(super) fn lane_views(
    visit: &Visit,
    t: Words,
    loaded: &Loaded,
    typed: Option<(Lane, String, String)>,
) -> Vec<LaneView> {
    Lane::ALL.map(|lane| lane_view(visit, t, loaded, lane, typed.as_ref())).into()
}

fn lane_view(
    visit: &Visit,
    t: Words,
    loaded: &Loaded,
    lane: Lane,
    typed: Option<&(Lane, String, String)>,
) -> LaneView {
    let approval = loaded.approvals.iter().find(|approval| approval.lane == lane.as_str());
    let in_review = loaded.version.state == VersionState::InReview;
    let is_reviewer = visit.may(lane.permission());
    let (author, owns) = match loaded.facts {
        ActorFacts::Staff(_, author, owner) => (author == Authorship::Author, owner == Ownership::Owning),
        ActorFacts::System => (false, false),
    };
    let competent = lane == Lane::Linguistic || owns;
    let open = in_review && approval.is_none() && is_reviewer;
    let (icon, title, approve) = match lane {
        Lane::Linguistic => ("hand", "edit-lane-signing", "edit-approve-signing"),
        Lane::Factual => ("shield", "edit-lane-facts", "edit-approve-facts"),
    };
    let typed = typed.filter(|(of, _, _)| *of == lane);
    LaneView {
        code: lane.as_str(),
        class: class_of(approval, in_review),
        icon,
        title: t.get(title),
        state: state_of(t, approval, in_review),
        decision: approval.map(|approval| decision_view(visit, t, loaded, approval)),
        who: who_decides(t, loaded, lane),
        own_work: open && author,
        may_decide: open && !author && competent,
        error: typed.map(|(_, _, error)| error.clone()),
        typed: typed.map(|(_, reason, _)| reason.clone()).unwrap_or_default(),
        approve: t.get(approve),
    }
}

fn class_of(approval: Option<&Approval>, in_review: bool) -> &'static str {
    match approval.map(|approval| approval.decision.as_str()) {
        Some("returned") => "lane--wait",
        Some(_) => "lane--ok",
        None if in_review => "lane--wait",
        None => "",
    }
}

fn state_of(t: Words, approval: Option<&Approval>, in_review: bool) -> Chip {
    match approval.map(|approval| approval.decision.as_str()) {
        Some("approved") => Chip::new("ok", "check", t.get("edit-lane-approved")),
        Some("waived") => Chip::new("ok", "check", t.get("edit-lane-waived")),
        Some(_) => Chip::new("warn", "warning", t.get("edit-lane-returned")),
        None if in_review => Chip::new("warn", "clock", t.get("edit-lane-waits")),
        None => Chip::new("plain", "clock", t.get("edit-lane-not-yet")),
    }
}

fn decision_view(visit: &Visit, t: Words, loaded: &Loaded, approval: &Approval) -> DecisionView {
    let name = loaded.name_of(t, approval.staff_id);
    let seconds = |ms: i64| (format!("{:.3}", ms as f64 / 1_000.0), duration(t.lang(), ms));
    DecisionView {
        initial: name.chars().next().map(String::from).unwrap_or_default(),
        name,
        when: day_and_time(t, approval.decided_at, visit.app.clock.now()),
        reason: approval.reason.clone(),
        pin: approval.at_ms.map(seconds),
    }
}

fn who_decides(t: Words, loaded: &Loaded, lane: Lane) -> String {
    let owner = loaded.service().map(|service| service.department_id);
    let department = loaded.departments.iter().find(|department| Some(department.id) == owner);
    match (lane, department) {
        (Lane::Linguistic, _) | (Lane::Factual, None) => t.get("edit-lane-deaf"),
        (Lane::Factual, Some(one)) => {
            t.with("edit-lane-owner", "department", t.lang().pick(&one.name_ar, &one.name_en))
        }
    }
}

/// What the form sends that submits a version.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct SubmitForm {
    override_reason: String,
}

/// `POST /studio/clips/{id}/review`.
pub(super) async fn submit(
    visit: Visit,
    Path(id): Path<String>,
    Form(form): Form<SubmitForm>,
) -> Result<Response, AppError> {
    visit.require(Permission::Produce)?;
    let id = parse(&id)?;
    let reason = Some(form.override_reason.trim()).filter(|reason| !reason.is_empty());
    let mut tx = visit.app.db.begin().await?;
    let outcome = catalog::submit(&mut tx, By::Staff(&visit.caller.staff), id, None, reason).await;
    settle(&visit, id, tx, outcome, "#reviews", "notice-edit-submitted").await
}

/// What a lane's form sends.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct DecisionForm {
    lane: String,
    decision: String,
    reason: String,
    at_ms: String,
}

/// `POST /studio/clips/{id}/approvals`.
pub(super) async fn decide(
    visit: Visit,
    Path(id): Path<String>,
    Form(form): Form<DecisionForm>,
) -> Result<Response, AppError> {
    let id = parse(&id)?;
    let lane = Lane::parse(&form.lane).ok_or_else(AppError::not_found)?;
    visit.require(lane.permission())?;
    let (decision, notice) = match form.decision.as_str() {
        "approved" => (Decision::Approved, "notice-edit-approved"),
        "returned" => {
            let at_ms = form.at_ms.parse().ok();
            (Decision::Returned { reason: form.reason.clone(), at_ms }, "notice-edit-returned")
        }
        _ => return Err(AppError::not_found()),
    };
    let mut tx = visit.app.db.begin().await?;
    let outcome = catalog::decide(&mut tx, By::Staff(&visit.caller.staff), id, None, lane, decision).await;
    match ruled(outcome)? {
        Ok(_) => {
            tx.commit().await?;
            Ok(see_other(&format!("/studio/clips/{id}#reviews"), notice))
        }
        Err(refusal) if refusal.field == Some("reason") => {
            drop(tx);
            let lane = Some((lane, form.reason, visit.t().get("edit-note-needed")));
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            let mut overlay = Overlay { lane, status, ..Overlay::default() };
            overlay.errors.add(&format!("reason-{}", form.lane), visit.t().get("edit-note-needed"));
            render(&visit, id, overlay).await
        }
        Err(refusal) => {
            drop(tx);
            render(&visit, id, Overlay::refused(&visit, &refusal)).await
        }
    }
}

//! Replies that wait for a second person: a department's reviewer, or a supervisor.

use super::queue::{Clock, Mark, clock};
use super::reply_form::Own;
use crate::clock::Millis;
use crate::ids::ReplyId;
use crate::people::Permission;
use crate::questions::{self, Decision, QuestionDetail, Reply, ReplyDetail};
use crate::web::AppError;
use crate::web::i18n::Words;
use crate::web::layout::{StaffSection, StaffShell, Tone, page};
use crate::web::preferences::see_other;
use crate::web::present::{MaskedPiece, masked_pieces};
use crate::web::staff::form::Said;
use crate::web::staff::{Visit, ruled};
use askama::Template;
use axum::extract::{Form, Path};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

#[derive(Template)]
#[template(path = "desk/approvals.html")]
struct ApprovalsPage {
    t: Words,
    shell: StaffShell,
    said: Option<Said>,
    cases: Vec<ApprovalCase>,
}

/// One reply that waits.
struct ApprovalCase {
    code: String,
    clock: Clock,
    text: Vec<MaskedPiece>,
    clip: Option<String>,
    clip_href: Option<String>,
    poster: Option<String>,
    body: String,
    own: Option<Own>,
    /// Asked in sign, answered in writing alone: why.
    unsigned: Option<String>,
    privacy: Mark,
    author: String,
    error: Option<String>,
    typed: String,
    may_decide: bool,
    /// What is signed can be watched, or nothing is.
    may_approve: bool,
    /// The reply as it is shown.
    row_version: i64,
    action: String,
}

/// What was wrong with a decision about one reply.
struct Wrong {
    reply: ReplyId,
    typed: String,
    error: String,
}

/// `GET /desk/approvals`.
pub(super) async fn show(visit: Visit) -> Result<Response, AppError> {
    visit.require(Permission::ViewDesk)?;
    approvals_page(&visit, None, None).await
}

async fn approvals_page(
    visit: &Visit,
    said: Option<Said>,
    wrong: Option<Wrong>,
) -> Result<Response, AppError> {
    let t = visit.t();
    let now = visit.app.clock.now();
    let staff = &visit.caller.staff;
    let mut read = visit.app.db.read().await?;
    let waiting = questions::awaiting_approval(&mut read, staff).await?;
    let mut cases = Vec::new();
    for reply in &waiting {
        let detail = questions::detail(&mut read, staff, reply.question_id).await?;
        cases.push(approval_case(visit, t, &detail, reply, now, wrong.as_ref()));
    }
    drop(read);
    page(&ApprovalsPage { t, shell: visit.shell(StaffSection::Desk), said, cases })
}

fn approval_case(
    visit: &Visit,
    t: Words,
    detail: &QuestionDetail,
    reply: &Reply,
    now: Millis,
    wrong: Option<&Wrong>,
) -> ApprovalCase {
    let written = detail.replies.iter().find(|one| one.reply.id == reply.id);
    let card = written.and_then(|one| one.clip.as_ref());
    let (icon, key) = match reply.privacy.as_str() {
        "public" => ("globe", "desk-see-public"),
        _ => ("lock", "desk-see-private"),
    };
    let own_department =
        reply.department_id.is_some() && visit.caller.staff.department_id == reply.department_id;
    let competent =
        visit.may(Permission::ReviewFacts) && own_department || visit.may(Permission::SuperviseDesk);
    let wrong = wrong.filter(|wrong| wrong.reply == reply.id);
    let author = written.map(|one| one.author.clone()).unwrap_or_else(|| t.get("staff-former"));
    ApprovalCase {
        code: detail.row.code.clone(),
        clock: clock(t, detail.row.due_at, now),
        text: masked_pieces(&detail.row.redacted),
        clip: card.map(|card| t.lang().pick(&card.title_ar, &card.title_en).to_owned()),
        clip_href: card.map(|card| format!("/clips/{}", card.slug)),
        poster: card.and_then(|card| card.poster.clone()),
        body: reply.body.clone(),
        may_approve: written.and_then(|one| one.video.as_ref()).is_none_or(|video| video.key().is_some()),
        row_version: reply.row_version,
        unsigned: unsigned(t, detail, reply, written),
        own: written.and_then(|one| one.video.as_ref()).map(Own::of),
        privacy: Mark::new(icon, t.get(key)),
        author: t.with("approvals-by", "name", author),
        error: wrong.map(|wrong| wrong.error.clone()),
        typed: wrong.map(|wrong| wrong.typed.clone()).unwrap_or_default(),
        may_decide: competent && reply.author_id != visit.id(),
        action: format!("/desk/replies/{}/approvals", reply.id),
    }
}

/// A written answer alone to who asked in sign: the second person knows it before agreeing.
fn unsigned(
    t: Words,
    detail: &QuestionDetail,
    reply: &Reply,
    written: Option<&ReplyDetail>,
) -> Option<String> {
    let signed = reply.clip_id.is_some() || written.is_some_and(|one| one.video.is_some());
    if signed || !detail.asked_in_sign {
        return None;
    }
    match reply.unsigned_reason.as_str() {
        "" => Some(t.get("approvals-unsigned-why-not")),
        why => Some(t.with("approvals-unsigned-why", "why", why)),
    }
}

/// What a decision's form sends.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct DecisionForm {
    decision: String,
    reason: String,
    row_version: Option<i64>,
}

/// `POST /desk/replies/{id}/approvals`.
pub(super) async fn decide(
    visit: Visit,
    Path(id): Path<String>,
    Form(form): Form<DecisionForm>,
) -> Result<Response, AppError> {
    if !visit.may(Permission::ReviewFacts) {
        visit.require(Permission::SuperviseDesk)?;
    }
    let reply: ReplyId = id.parse().map_err(|_| AppError::not_found())?;
    let (decision, notice) = match form.decision.as_str() {
        "approved" => (Decision::Approved, "notice-approvals-approved"),
        "returned" => (Decision::Returned { reason: form.reason.clone() }, "notice-approvals-returned"),
        _ => return Err(AppError::not_found()),
    };
    let (app, staff) = (&visit.app, &visit.caller.staff);
    let outcome = match form.row_version {
        Some(seen) => questions::decide_seen(app, staff, reply, seen, decision).await,
        None => questions::decide(app, staff, reply, decision).await,
    };
    match ruled(outcome)? {
        Ok(_) => Ok(see_other("/desk/approvals", notice)),
        Err(refusal) => {
            let status = crate::web::error::status_of(refusal.kind);
            let needs_reason =
                refusal.field.is_some() || form.decision == "returned" && form.reason.trim().is_empty();
            let mut response = if needs_reason {
                let error = visit.t().get("approvals-reason-needed");
                approvals_page(&visit, None, Some(Wrong { reply, typed: form.reason, error })).await?
            } else {
                let said = Said::new(Tone::Warn, visit.words_of(&refusal));
                approvals_page(&visit, Some(said), None).await?
            };
            *response.status_mut() = match needs_reason {
                true => StatusCode::UNPROCESSABLE_ENTITY,
                false => status,
            };
            Ok(response)
        }
    }
}

//! What an agent does with a question. Each deed calls one function of the questions room and comes back to the page.

use super::case::{Overlay, parse, render};
use super::reply_sent::ReplySent;
use crate::ids::{ClipId, QuestionId, ReplyId};
use crate::people::Permission;
use crate::questions::{self, Aside, Finish, Force, NewReply, QuestionProblem, Verdict};
use crate::refusal::refuse;
use crate::text::Privacy;
use crate::web::AppError;
use crate::web::forms::FormErrors;
use crate::web::preferences::see_other;
use crate::web::staff::{Visit, ruled};
use axum::extract::{Form, Path};
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::Deserialize;

fn href(id: QuestionId) -> String {
    format!("/desk/questions/{id}")
}

/// Back to the question with a sentence, or the question with what a rule said.
async fn finish<T>(
    visit: &Visit,
    id: QuestionId,
    outcome: anyhow::Result<T>,
    to: &str,
    notice: &'static str,
) -> Result<Response, AppError> {
    match ruled(outcome)? {
        Ok(_) => Ok(see_other(to, notice)),
        Err(refusal) => render(visit, id, Overlay::refused(visit, &refusal)).await,
    }
}

/// `POST /desk/questions/{id}/claim`; a supervisor takes it over.
pub(super) async fn claim(visit: Visit, Path(id): Path<String>) -> Result<Response, AppError> {
    visit.require(Permission::Answer)?;
    let id = parse(&id)?;
    let force = if visit.may(Permission::SuperviseDesk) { Force::TakeOver } else { Force::Polite };
    let outcome = questions::claim(&visit.app, &visit.caller.staff, id, force).await;
    finish(&visit, id, outcome, &href(id), "notice-desk-claimed").await
}

/// `POST /desk/questions/{id}/release`.
pub(super) async fn release(visit: Visit, Path(id): Path<String>) -> Result<Response, AppError> {
    visit.require(Permission::Answer)?;
    let id = parse(&id)?;
    let outcome = questions::release(&visit.app, &visit.caller.staff, id).await;
    finish(&visit, id, outcome, "/desk", "notice-desk-released").await
}

/// Why a question is closed without an answer.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct AsideForm {
    /// `spam` or `repeats`.
    pub(super) why: String,
    /// The code of the asker's other question.
    pub(super) code: String,
    /// Asked for when it is late.
    pub(super) reason: String,
}

impl AsideForm {
    async fn aside(&self, visit: &Visit) -> anyhow::Result<Aside> {
        match self.why.as_str() {
            "spam" => Ok(Aside::Spam),
            "repeats" => questions::repeats_code(&mut visit.app.db.read().await?, &self.code).await,
            _ => Err(refuse(QuestionProblem::AsideNeedsKind)),
        }
    }
}

/// `POST /desk/questions/{id}/aside`.
pub(super) async fn set_aside(
    visit: Visit,
    Path(id): Path<String>,
    Form(form): Form<AsideForm>,
) -> Result<Response, AppError> {
    visit.require(Permission::Answer)?;
    let id = parse(&id)?;
    let (app, staff) = (&visit.app, &visit.caller.staff);
    let outcome = match form.aside(&visit).await {
        Ok(aside) => questions::set_aside(app, staff, id, aside, &form.reason).await,
        Err(refused) => Err(refused),
    };
    match ruled(outcome)? {
        Ok(_) => Ok(see_other("/desk", "notice-desk-set-aside")),
        Err(refusal) => {
            let refused = Overlay::refused(&visit, &refusal);
            render(&visit, id, Overlay { aside: form, ..refused }).await
        }
    }
}

/// `POST /desk/questions/{id}/suggestions/{clip}/rejection`.
pub(super) async fn reject(
    visit: Visit,
    Path((id, clip)): Path<(String, String)>,
) -> Result<Response, AppError> {
    visit.require(Permission::Answer)?;
    let id = parse(&id)?;
    let clip: ClipId = clip.parse().map_err(|_| AppError::not_found())?;
    let outcome = questions::judge(&visit.app, &visit.caller.staff, id, clip, Verdict::Rejected).await;
    finish(&visit, id, outcome, &format!("{}#suggestions", href(id)), "notice-desk-rejected").await
}

/// `POST /desk/questions/{id}/reveal`: the clear text, in this one answer only.
pub(super) async fn reveal(visit: Visit, Path(id): Path<String>) -> Result<Response, AppError> {
    visit.require(Permission::Answer)?;
    let id = parse(&id)?;
    match ruled(questions::reveal(&visit.app, &visit.caller.staff, id).await)? {
        Ok(clear) => render(&visit, id, Overlay { clear: Some(clear), ..Overlay::default() }).await,
        Err(refusal) => render(&visit, id, Overlay::refused(&visit, &refusal)).await,
    }
}

/// What the brief form sends.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct BriefForm {
    note: String,
}

/// `POST /desk/questions/{id}/brief`.
pub(super) async fn brief(
    visit: Visit,
    Path(id): Path<String>,
    Form(form): Form<BriefForm>,
) -> Result<Response, AppError> {
    visit.require(Permission::Answer)?;
    let id = parse(&id)?;
    match ruled(questions::brief(&visit.app, &visit.caller.staff, id, &form.note).await)? {
        Ok(_) => Ok(see_other(&href(id), "notice-desk-briefed")),
        Err(refusal) => {
            let overlay = Overlay::refused_at("note", &visit, &refusal);
            render(&visit, id, Overlay { brief_note: Some(form.note), ..overlay }).await
        }
    }
}

/// What the form for a question back sends.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct AskForm {
    message: String,
}

/// `POST /desk/questions/{id}/ask`: asks the asker something.
pub(super) async fn ask(
    visit: Visit,
    Path(id): Path<String>,
    Form(form): Form<AskForm>,
) -> Result<Response, AppError> {
    visit.require(Permission::Answer)?;
    let id = parse(&id)?;
    match ruled(questions::ask_asker(&visit.app, &visit.caller.staff, id, &form.message).await)? {
        Ok(()) => Ok(see_other("/desk", "notice-desk-asked")),
        Err(refusal) => {
            let overlay = Overlay::refused_at("message", &visit, &refusal);
            render(&visit, id, Overlay { message: Some(form.message), ..overlay }).await
        }
    }
}

/// `POST /desk/questions/{id}/replies`.
pub(super) async fn reply(
    visit: Visit,
    Path(id): Path<String>,
    form: ReplySent,
) -> Result<Response, AppError> {
    visit.require(Permission::Answer)?;
    let id = parse(&id)?;
    let take = form.clip_id.parse::<ClipId>().ok();
    if let Some(refusal) = &form.refused {
        let mut overlay = Overlay { take, draft: Some(form.draft()), ..Overlay::refused(&visit, refusal) };
        overlay.errors = FormErrors::none();
        overlay.errors.add("video", visit.words_of(refusal));
        return render(&visit, id, overlay).await;
    }
    let new = NewReply {
        clip_id: take,
        text: form.text.replace("\r\n", "\n"),
        // Private when unsure: a word that we do not know is never public.
        privacy: if form.privacy == Privacy::Public.code() { Privacy::Public } else { Privacy::Private },
        override_reason: form.override_reason.clone(),
        unsigned_reason: Some(form.unsigned_reason.clone()),
        signing: form.signing(),
        finish: Finish::Submit,
    };
    match ruled(questions::write_reply(&visit.app, &visit.caller.staff, id, new).await)? {
        Ok(_) => Ok(Redirect::to(&format!("{}#reply", href(id))).into_response()),
        Err(refusal) => {
            let overlay = Overlay { take, draft: Some(form.draft()), ..Overlay::refused(&visit, &refusal) };
            render(&visit, id, overlay).await
        }
    }
}

/// `POST /desk/replies/{id}/undo`.
pub(super) async fn undo(visit: Visit, Path(id): Path<String>) -> Result<Response, AppError> {
    visit.require(Permission::ViewDesk)?;
    let id: ReplyId = id.parse().map_err(|_| AppError::not_found())?;
    let mut read = visit.app.db.read().await?;
    let question = questions::question_of_reply(&mut read, id).await?.ok_or_else(AppError::not_found)?;
    drop(read);
    let outcome = questions::undo(&visit.app, &visit.caller.staff, id).await;
    match ruled(outcome)? {
        Ok(reply) => {
            let take = reply.clip_id.map(|clip| format!("?take={clip}")).unwrap_or_default();
            Ok(see_other(&format!("{}{take}#reply", href(question)), "notice-desk-undone"))
        }
        Err(refusal) => render(&visit, question, Overlay::refused(&visit, &refusal)).await,
    }
}

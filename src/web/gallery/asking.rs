//! Handlers of asking: the form with its three ways, and what comes after.

use super::ask::{AskDraft, AskPage, AskSentPage, QrPath, VideoLimits};
use super::safety::Warning;
use super::shown::sign_clip;
use super::visitor::Visitor;
use crate::channels;
use crate::ids::{UploadId, secret};
use crate::questions::{self, NewQuestion, Receipt, Wish};
use crate::refusal::{Refusal, RefusalKind};
use crate::web::AppError;
use crate::web::client::Client;
use crate::web::file_form::FileForm;
use crate::web::forms::FormErrors;
use crate::web::layout::{Section, page};
use crate::web::present;
use crate::web::rate::Rates;
use axum::extract::{Extension, Form, Multipart};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

/// The page with the three ways to ask.
pub(super) async fn form(visitor: Visitor) -> Result<Response, AppError> {
    ask_page(&visitor, FormErrors::none(), AskDraft::default())
}

fn ask_page(visitor: &Visitor, errors: FormErrors, draft: AskDraft) -> Result<Response, AppError> {
    let limits = visitor.app.uploads.limits();
    let safety = visitor.front.safety.as_ref();
    page(&AskPage {
        t: visitor.t(),
        shell: visitor.shell(Section::Elsewhere),
        errors,
        draft,
        limits: VideoLimits::of(limits),
        safety: safety.and_then(sign_clip),
        safety_href: safety.map(|card| format!("/clips/{}", card.slug)).unwrap_or_default(),
    })
}

/// What the form sends: a text, or the upload that a script has finished.
#[derive(serde::Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    text: String,
    #[serde(default)]
    contact: String,
    #[serde(default)]
    wants_woman: String,
    #[serde(default)]
    upload_id: String,
}

/// Takes a question.
pub(super) async fn ask(
    visitor: Visitor,
    Extension(rates): Extension<Arc<Rates>>,
    Client(address): Client,
    Form(asked): Form<Asked>,
) -> Result<Response, AppError> {
    rates.questions.take(address).map_err(AppError::from)?;
    let video = match asked.upload_id.as_str() {
        "" => None,
        id => Some(id.parse::<UploadId>().map_err(|_| AppError::not_found())?),
    };
    let draft =
        AskDraft { text: asked.text, contact: asked.contact, wants_woman: !asked.wants_woman.is_empty() };
    receive(&visitor, draft, video).await
}

/// Takes a signed question from the plain form, whole.
pub(super) async fn ask_by_file(
    visitor: Visitor,
    Extension(rates): Extension<Arc<Rates>>,
    Client(address): Client,
    parts: Multipart,
) -> Result<Response, AppError> {
    rates.questions.take(address).map_err(AppError::from)?;
    let sent = FileForm::read(&visitor.app, parts).await?;
    let draft = AskDraft { wants_woman: !sent.field("wants_woman").is_empty(), ..AskDraft::default() };
    match (sent.refused, sent.upload) {
        (Some(refusal), _) => refused(&visitor, draft, refusal.into(), "video"),
        (None, Some(video)) => receive(&visitor, draft, Some(video)).await,
        (None, None) => {
            let (ar, en) = ("اختر الفيديو أولًا.", "Choose the video first.");
            let none = Refusal::new(RefusalKind::Invalid, "question.no_video", ar, en);
            refused(&visitor, draft, none.into(), "video")
        }
    }
}

async fn receive(visitor: &Visitor, draft: AskDraft, video: Option<UploadId>) -> Result<Response, AppError> {
    let app = &visitor.app;
    let mut tx = app.db.begin().await?;
    let channel = channels::web(&mut tx).await?;
    tx.commit().await?;
    let said = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let question = NewQuestion {
        channel,
        external_id: format!("form:{}", secret()),
        thread: None,
        text: said(&draft.text),
        video,
        contact: said(&draft.contact),
        wants_woman: draft.wants_woman,
        service: None,
        wish: Wish::Unsaid,
        asked_at: None,
    };
    match questions::receive(app, question).await {
        Ok(receipt) => sent(visitor, receipt).await,
        Err(why) => refused(visitor, draft, why, "text"),
    }
}

/// Shows the form again with what was wrong; what was typed stays.
fn refused(
    visitor: &Visitor,
    draft: AskDraft,
    why: anyhow::Error,
    field: &'static str,
) -> Result<Response, AppError> {
    let mut refusal = why.downcast::<Refusal>()?;
    let about_the_form = matches!(
        refusal.kind,
        RefusalKind::Invalid | RefusalKind::TooLarge | RefusalKind::Unsupported | RefusalKind::Malformed
    );
    if !about_the_form {
        return Err(AppError::Refused(refusal));
    }
    refusal.field = Some(field);
    let errors = FormErrors::of_refusal(&refusal, visitor.reader.lang);
    let shown = ask_page(visitor, errors, draft)?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, shown).into_response())
}

/// Shows code and link at once: they are shown once, and a redirect would put the secret into an address bar's history
/// before the asker has seen what it is.
async fn sent(visitor: &Visitor, receipt: Receipt) -> Result<Response, AppError> {
    let (app, t) = (&visitor.app, visitor.t());
    let url = format!("{}{}", app.config.base_url.as_str().trim_end_matches('/'), receipt.path());
    let when = present::day_and_time(t, receipt.due_at, app.clock.now());
    let safety = Warning::of(visitor, receipt.safety).await?;
    let shown = page(&AskSentPage {
        shell: visitor.shell(Section::MyQuestion),
        code: receipt.code,
        qr: QrPath::of(&url),
        url,
        expected: t.with("sent-expected", "when", when),
        safety,
        t,
    })?;
    Ok((StatusCode::CREATED, super::case::private(shown)).into_response())
}

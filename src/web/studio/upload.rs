//! A new clip, and a new file for a clip: one form that works with and without script.

use super::fields::{Offer, TextForm, kind_field};
use super::multipart::{self, Sent};
use crate::catalog::{self, By, ClipKind, ClipText, NewClip, Original, TextChange};
use crate::db::Tx;
use crate::ids::{BriefId, ClipId, UploadId};
use crate::people::Permission;
use crate::questions;
use crate::refusal::Refusal;
use crate::uploads::{Owner, consume};
use crate::web::AppError;
use crate::web::forms::FormErrors;
use crate::web::i18n::Words;
use crate::web::layout::{StaffSection, StaffShell, page};
use crate::web::present::file_size;
use crate::web::staff::form::Field;
use crate::web::staff::{Visit, ruled};
use askama::Template;
use axum::extract::{Multipart, Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::Deserialize;

#[derive(Template)]
#[template(path = "studio/upload.html")]
struct UploadPage {
    t: Words,
    shell: StaffShell,
    title: String,
    lead: String,
    back: String,
    action: String,
    file_hint: String,
    /// A file that has arrived already and must not be sent again.
    upload_id: String,
    brief: Option<String>,
    errors: FormErrors,
    fields: Vec<Field>,
    more_fields: Vec<Field>,
    more_open: bool,
    may_start_without: bool,
}

/// What the desk asked for.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    brief: String,
}

/// `GET /studio/upload`.
pub(super) async fn new(visit: Visit, Query(asked): Query<Asked>) -> Result<Response, AppError> {
    visit.require(Permission::Produce)?;
    let mut sent = Sent { kind: "answer".to_owned(), brief: asked.brief.parse().ok(), ..Sent::default() };
    if let Some(id) = sent.brief {
        let mut read = visit.app.db.read().await?;
        let Some(brief) = questions::brief_of(&mut read, id).await? else {
            return Err(AppError::not_found());
        };
        sent.text.title_ar = brief.note;
        if let Some(service) = brief.service_id {
            let service = catalog::service(&mut read, service).await?;
            sent.text.service = service.map(|service| service.code).unwrap_or_default();
        }
    }
    new_page(&visit, &sent, FormErrors::none()).await
}

async fn new_page(visit: &Visit, sent: &Sent, errors: FormErrors) -> Result<Response, AppError> {
    let t = visit.t();
    let mut read = visit.app.db.read().await?;
    let offer = Offer::load(&mut read, visit.app.clock.now()).await?;
    let mut fields = offer.first_fields(t, &sent.text);
    fields.push(kind_field(t, &sent.kind));
    let more_fields = offer.other_fields(t, &sent.text, None);
    let more_open = more_fields.iter().any(|field| errors.of(field.name).is_some());
    page(&UploadPage {
        t,
        shell: visit.shell(StaffSection::Studio),
        title: t.get("upload-title"),
        lead: t.get("upload-lead"),
        back: "/studio".to_owned(),
        action: "/studio/clips".to_owned(),
        file_hint: file_hint(visit, t),
        upload_id: sent.upload.map(|id| id.to_string()).unwrap_or_default(),
        brief: sent.brief.map(|id| id.to_string()),
        errors,
        fields,
        more_fields,
        more_open,
        may_start_without: true,
    })
}

fn file_hint(visit: &Visit, t: Words) -> String {
    t.with("upload-file-hint", "size", file_size(t, visit.app.uploads.limits().staff_bytes))
}

/// `POST /studio/clips`: the clip, its file and the start of its processing are one transaction.
pub(super) async fn create(visit: Visit, form: Multipart) -> Result<Response, AppError> {
    visit.require(Permission::Produce)?;
    let sent = multipart::read(&visit.app, Owner::Staff(visit.id()), form).await?;
    let mut read = visit.app.db.read().await?;
    let offer = Offer::load(&mut read, visit.app.clock.now()).await?;
    drop(read);
    let mut errors = check(&visit, &sent, &offer);
    if errors.is_empty() {
        let mut tx = visit.app.db.begin().await?;
        match ruled(add(&mut tx, &visit, &sent, &offer).await)? {
            Ok(clip) => {
                tx.commit().await?;
                accept(&visit, sent.brief, clip).await?;
                return Ok(Redirect::to(&format!("/studio/clips/{clip}")).into_response());
            }
            Err(refusal) => errors = FormErrors::of_refusal(&refusal, visit.reader.lang),
        }
    }
    invalid(new_page(&visit, &sent, errors).await?)
}

fn invalid(mut page: Response) -> Result<Response, AppError> {
    *page.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(page)
}

fn check(visit: &Visit, sent: &Sent, offer: &Offer) -> FormErrors {
    let t = visit.t();
    let mut errors = FormErrors::none();
    if let Some(refusal) = &sent.refused {
        errors.add("file", visit.words_of(refusal));
    } else if sent.upload.is_none() && !sent.without {
        errors.add("file", t.get("upload-no-file"));
    }
    if sent.text.title_ar.trim().is_empty() {
        errors.add("title_ar", t.get("upload-no-title"));
    }
    if sent.text.service_id(&offer.services).is_none() {
        errors.add("service", t.get("upload-no-service"));
    }
    if ClipKind::parse(&sent.kind).is_none() {
        errors.add("kind", t.get("upload-bad-field"));
    }
    errors
}

async fn add(tx: &mut Tx, visit: &Visit, sent: &Sent, offer: &Offer) -> anyhow::Result<ClipId> {
    let by = By::Staff(&visit.caller.staff);
    let (Some(kind), Some(service_id)) = (ClipKind::parse(&sent.kind), sent.text.service_id(&offer.services))
    else {
        return Err(crate::refusal::refuse(Refusal::not_found()));
    };
    let new = NewClip { kind, text: text_of(&sent.text, service_id), external_id: None, sample: false };
    let clip = catalog::create_clip(tx, by, new).await?;
    if let Some(upload) = sent.upload {
        attach(tx, visit, clip, upload, &sent.note).await?;
    }
    Ok(clip)
}

fn text_of(form: &TextForm, service_id: crate::ids::ServiceId) -> ClipText {
    ClipText {
        service_id,
        signer_id: form.signer_id(),
        sign_language: form.language(),
        title_ar: form.title_ar.clone(),
        title_en: form.title_en.clone(),
        question_ar: form.question_ar.clone(),
        summary_ar: super::fields::lines(&form.summary_ar),
        alt_ar: super::fields::lines(&form.alt_ar),
        sources: form.sources.clone(),
        fees_ar: form.fees_ar.clone(),
        deadline_ar: form.deadline_ar.clone(),
    }
}

async fn attach(
    tx: &mut Tx,
    visit: &Visit,
    clip: ClipId,
    upload: UploadId,
    note: &str,
) -> anyhow::Result<()> {
    let file = consume(tx, upload, Owner::Staff(visit.id())).await?;
    let original = Original { key: file.storage_key, name: file.file_name, note: note.to_owned() };
    catalog::attach_video(tx, By::Staff(&visit.caller.staff), clip, None, original).await?;
    Ok(())
}

async fn accept(visit: &Visit, brief: Option<BriefId>, clip: ClipId) -> Result<(), AppError> {
    if let Some(brief) = brief {
        // The clip is made in any case: a brief that a colleague took meanwhile is only not joined to it.
        let _ = ruled(questions::accept_brief(&visit.app, &visit.caller.staff, brief, clip).await)?;
    }
    Ok(())
}

/// `GET /studio/clips/{id}/upload`: another file for a clip.
pub(super) async fn another(visit: Visit, Path(id): Path<String>) -> Result<Response, AppError> {
    visit.require(Permission::Produce)?;
    let clip = id.parse().map_err(|_| AppError::not_found())?;
    another_page(&visit, clip, &Sent::default(), FormErrors::none()).await
}

async fn another_page(
    visit: &Visit,
    id: ClipId,
    sent: &Sent,
    errors: FormErrors,
) -> Result<Response, AppError> {
    let t = visit.t();
    let mut read = visit.app.db.read().await?;
    let clip = catalog::clip(&mut read, id).await?.ok_or_else(AppError::not_found)?;
    let href = format!("/studio/clips/{id}");
    page(&UploadPage {
        t,
        shell: visit.shell(StaffSection::Studio),
        title: format!("{}: {}", t.get("edit-replace"), t.lang().pick(&clip.title_ar, &clip.title_en)),
        lead: t.get("edit-replace-lead"),
        back: href.clone(),
        action: format!("{href}/upload"),
        file_hint: file_hint(visit, t),
        upload_id: sent.upload.map(|id| id.to_string()).unwrap_or_default(),
        brief: None,
        errors,
        fields: vec![Field::line("change_note", t.get("edit-change-note"), sent.note.as_str())],
        more_fields: Vec::new(),
        more_open: false,
        may_start_without: false,
    })
}

/// `POST /studio/clips/{id}/upload`.
pub(super) async fn add_version(
    visit: Visit,
    Path(id): Path<String>,
    form: Multipart,
) -> Result<Response, AppError> {
    visit.require(Permission::Produce)?;
    let clip: ClipId = id.parse().map_err(|_| AppError::not_found())?;
    let sent = multipart::read(&visit.app, Owner::Staff(visit.id()), form).await?;
    let mut errors = FormErrors::none();
    match (&sent.refused, sent.upload) {
        (Some(refusal), _) => errors.add("file", visit.words_of(refusal)),
        (None, None) => errors.add("file", visit.t().get("upload-no-file")),
        (None, Some(upload)) => {
            let mut tx = visit.app.db.begin().await?;
            match ruled(attach(&mut tx, &visit, clip, upload, &sent.note).await)? {
                Ok(()) => {
                    tx.commit().await?;
                    return Ok(Redirect::to(&format!("/studio/clips/{clip}")).into_response());
                }
                Err(refusal) => errors.add("", visit.words_of(&refusal)),
            }
        }
    }
    invalid(another_page(&visit, clip, &sent, errors).await?)
}

/// The change of text that the editor's form asks for.
pub(super) fn change_of(form: &TextForm, offer: &Offer) -> TextChange {
    TextChange {
        service_id: form.service_id(&offer.services),
        signer_id: Some(form.signer_id()),
        sign_language: Some(form.language()),
        title_ar: Some(form.title_ar.clone()),
        title_en: Some(form.title_en.clone()),
        question_ar: Some(form.question_ar.clone()),
        summary_ar: Some(super::fields::lines(&form.summary_ar)),
        alt_ar: Some(super::fields::lines(&form.alt_ar)),
        sources: Some(form.sources.clone()),
        fees_ar: Some(form.fees_ar.clone()),
        deadline_ar: Some(form.deadline_ar.clone()),
    }
}

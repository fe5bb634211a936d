//! Captions in and out.

use crate::app::App;
use crate::catalog::captions::{CaptionFormat, Recording, to_eaf, to_srt, to_vtt};
use crate::catalog::{self, By, CaptionFinding, NewCaptions};
use crate::ids::ClipId;
use crate::people::Permission;
use crate::refusal::{Refusal, RefusalKind};
use crate::web::AppError;
use crate::web::api::etag::{etag, if_match};
use crate::web::who::{Caller, sign_in_first};
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn described() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(show, save))
}

/// What was saved and what the checks say about it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct SavedView {
    revision: i64,
    /// How many cues.
    cues: usize,
    findings: Vec<CaptionFinding>,
}

/// Saves captions as a new revision; approvals of the version are void.
#[utoipa::path(
    put, path = "/clips/{id}/captions/{lang}", tag = "captions",
    params(("id" = ClipId, Path), ("lang" = String, Path), ("If-Match" = Option<String>, Header)),
    request_body(content = String, content_type = "text/vtt", description = "WebVTT, SubRip, TTML, ASS or EAF"),
    responses((status = 200, body = SavedView), (status = 412), (status = 415), (status = 422, description = "The line that cannot be read"))
)]
async fn save(
    State(app): State<App>,
    caller: Caller,
    Path((id, lang)): Path<(ClipId, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, AppError> {
    caller.require(Permission::Produce)?;
    let lang = catalog::caption_language(&lang)?;
    let format = format_of(&headers)?;
    let cues = catalog::read_captions(&body, format)?;
    let origin = catalog::origin_of(format.or(Some(CaptionFormat::WebVtt)));
    let mut tx = app.db.begin().await?;
    let new = NewCaptions { lang, origin, cues };
    let track =
        catalog::save_captions(&mut tx, By::Staff(&caller.staff), id, if_match(&headers)?, new).await?;
    let clip = catalog::clip(&mut tx, id).await?.ok_or_else(AppError::not_found)?;
    tx.commit().await?;
    let saved = SavedView { revision: track.revision, cues: track.cues.len(), findings: track.findings };
    Ok(([(header::ETAG, etag(clip.row_version, "")?)], Json(saved)).into_response())
}

/// Without a type, or with one that says nothing, the text decides.
fn format_of(headers: &HeaderMap) -> Result<Option<CaptionFormat>, AppError> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let essence = kind.split(';').next().unwrap_or_default().trim();
    if ["", "application/octet-stream", "text/plain"].contains(&essence) {
        return Ok(None);
    }
    CaptionFormat::of_media_type(kind).map(Some).ok_or_else(|| {
        let ar = "نوع ملف التعليق غير مدعوم. أرسل WebVTT أو SRT أو TTML أو ASS أو EAF.";
        let en = "Send captions as text/vtt, application/x-subrip, application/ttml+xml, text/x-ssa or text/x-eaf+xml.";
        Refusal::new(RefusalKind::Unsupported, "captions.unknown_type", ar, en).into()
    })
}

/// In which form.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
struct FormQuery {
    /// `vtt`, `srt` or `eaf` (ELAN, beside a video named as the clip's address); `vtt` when not given.
    format: Option<String>,
}

/// The captions of the latest version for staff, of the published version for everybody else.
#[utoipa::path(
    get, path = "/clips/{id}/captions/{lang}", tag = "captions",
    params(("id" = ClipId, Path), ("lang" = String, Path), FormQuery),
    responses((status = 200, body = String, content_type = "text/vtt"), (status = 401), (status = 404))
)]
async fn show(
    State(app): State<App>,
    caller: Option<Caller>,
    Path((id, lang)): Path<(ClipId, String)>,
    Query(form): Query<FormQuery>,
) -> Result<Response, AppError> {
    let lang = catalog::caption_language(&lang)?;
    let mut read = app.db.read().await?;
    let clip = catalog::clip(&mut read, id).await?;
    let may_see_all = caller.as_ref().is_some_and(|caller| caller.may(Permission::ViewStudio));
    let file = clip.as_ref().map(|clip| format!("{}.mp4", clip.slug)).unwrap_or_default();
    let version = match clip {
        Some(clip) if may_see_all => Some(catalog::latest_version(&mut read, clip.id).await?.id),
        Some(clip) => clip.published_version_id,
        None => None,
    };
    let Some(version) = version else {
        return Err(if caller.is_some() { AppError::not_found() } else { sign_in_first().into() });
    };
    let track = catalog::track(&mut read, version, lang).await?.ok_or_else(AppError::not_found)?;
    let (kind, text) = match form.format.as_deref() {
        Some("srt") => ("application/x-subrip; charset=utf-8", to_srt(&track.cues)),
        Some("eaf") => {
            let recording = Recording { file: &file, saved: track.created_at };
            ("text/x-eaf+xml; charset=utf-8", to_eaf(&track.cues, recording))
        }
        Some(_) | None => ("text/vtt; charset=utf-8", to_vtt(&track.cues)),
    };
    Ok(([(header::CONTENT_TYPE, kind)], text).into_response())
}

//! Clips and their versions.

mod captions;
mod checks;
mod list;
mod package;
mod processing;
mod publication;
mod reviews;
mod trim;
mod views;

use super::super::AppError;
use super::super::who::{Caller, sign_in_first};
use super::etag::{etag, if_match};
use super::idempotency::{Answer, Creating, read_json};
use crate::app::App;
use crate::catalog::{
    self, After, AliasOrigin, By, ClipKind, ClipText, Downloads, NewClip, Original, StudioFilter, TextChange,
    TextProblem, VersionState,
};
use crate::db::{Conn, Tx};
use crate::ids::{ClipId, ServiceId, SignerId, UploadId};
use crate::people::Permission;
use crate::refusal::Refusal;
use crate::uploads::{self, Owner};
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use list::ClipList;
use serde::Deserialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use views::ClipView;

/// The routes of clips with their descriptions.
pub(super) fn described() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(show, change))
        .routes(routes!(add_version))
        .merge(captions::described())
        .merge(package::described())
        .merge(processing::described())
        .merge(trim::described())
        .merge(checks::described())
        .merge(reviews::described())
        .merge(publication::described())
}

/// A new clip.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct NewClipBody {
    kind: ClipKind,
    /// The service's code.
    service: String,
    title_ar: String,
    #[serde(default)]
    title_en: String,
    #[serde(default)]
    question_ar: String,
    #[serde(default)]
    summary_ar: String,
    /// What a graphic shows.
    #[serde(default)]
    alt_ar: String,
    sign_language: Option<String>,
    signer: Option<SignerId>,
    #[serde(default)]
    sources: String,
    /// What it costs.
    #[serde(default)]
    fees_ar: String,
    /// Until when, or how long it takes.
    #[serde(default)]
    deadline_ar: String,
    #[serde(default)]
    aliases: Vec<String>,
}

/// Adds a clip with an empty draft.
#[utoipa::path(
    post, path = "/clips", tag = "clips", request_body = NewClipBody,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = ClipView), (status = 401), (status = 403), (status = 422))
)]
async fn create(State(app): State<App>, caller: Caller, request: Creating) -> Result<Response, AppError> {
    caller.require(Permission::Produce)?;
    let body: NewClipBody = request.json()?;
    let by = By::Staff(&caller.staff);
    let mut tx = app.db.begin().await?;
    let record = match request.begin(&mut tx, &caller).await? {
        Ok(record) => record,
        Err(earlier) => return Ok(earlier),
    };
    let text = ClipText {
        service_id: service_id(&mut tx, &body.service).await?,
        signer_id: body.signer,
        sign_language: body.sign_language.unwrap_or_else(|| "sdl".to_owned()),
        title_ar: body.title_ar,
        title_en: body.title_en,
        question_ar: body.question_ar,
        summary_ar: body.summary_ar,
        alt_ar: body.alt_ar,
        sources: body.sources,
        fees_ar: body.fees_ar,
        deadline_ar: body.deadline_ar,
    };
    let new = NewClip { kind: body.kind, text, external_id: None, sample: false };
    let id = catalog::create_clip(&mut tx, by, new).await?;
    for alias in &body.aliases {
        catalog::add_alias(&mut tx, by, id, alias, AliasOrigin::Editor).await?;
    }
    let (view, tag) = view_in(&mut tx, id, &app).await?;
    record.commit(tx, Answer::created(format!("/api/v1/clips/{id}"), &view)?.with_etag(tag)).await
}

async fn service_id(conn: &mut impl Conn, code: &str) -> Result<ServiceId, AppError> {
    let found = catalog::service_by_code(conn, code).await?;
    Ok(found.ok_or(Refusal::from(TextProblem::UnknownService))?.id)
}

/// The clip as the caller of a change sees it, inside the change's own transaction.
async fn view_in(
    tx: &mut Tx,
    id: ClipId,
    app: &App,
) -> Result<(ClipView, axum::http::HeaderValue), AppError> {
    let found = catalog::studio_clip(tx, id, None, app.clock.now()).await?;
    let whole = found.ok_or_else(AppError::not_found)?;
    let tag = etag(whole.clip.row_version, "")?;
    Ok((ClipView::of_studio(whole)?, tag))
}

/// Which part of a list.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
struct ListQuery {
    /// Latest version in this state.
    state: Option<VersionState>,
    /// The service's code.
    service: Option<String>,
    /// What sort of clip.
    kind: Option<ClipKind>,
    /// 1 to 100; 50 when not given.
    limit: Option<i64>,
    /// `next` of the page before.
    after: Option<String>,
}

/// Clips with their latest versions, last changed first.
#[utoipa::path(get, path = "/clips", tag = "clips", params(ListQuery), responses((status = 200, body = ClipList), (status = 401), (status = 403)))]
async fn list(
    State(app): State<App>,
    caller: Caller,
    Query(wanted): Query<ListQuery>,
) -> Result<Json<ClipList>, AppError> {
    caller.require(Permission::ViewStudio)?;
    let limit = wanted.limit.unwrap_or(50).clamp(1, 100);
    let after = wanted.after.as_deref().map(str::parse::<After>).transpose()?;
    let mut read = app.db.read().await?;
    let service = match &wanted.service {
        Some(code) => Some(service_id(&mut read, code).await?),
        None => None,
    };
    let filter = StudioFilter { state: wanted.state, service, kind: wanted.kind, author: None };
    let mut rows = catalog::studio_list(&mut read, &filter, after, limit + 1).await?;
    let has_more = rows.len() > usize::try_from(limit)?;
    rows.truncate(usize::try_from(limit)?);
    let last = rows.last().filter(|_| has_more);
    let next = last.map(|row| After { at: row.updated_at, id: row.id }.to_string());
    Ok(Json(ClipList::of(rows, next)))
}

/// One clip: for staff with its latest version, for everybody else as it is published.
#[utoipa::path(
    get, path = "/clips/{id}", tag = "clips", params(("id" = ClipId, Path)),
    responses((status = 200, body = ClipView), (status = 401), (status = 404))
)]
async fn show(
    State(app): State<App>,
    caller: Option<Caller>,
    Path(id): Path<ClipId>,
) -> Result<Response, AppError> {
    let mut read = app.db.read().await?;
    let may_see_all = caller.as_ref().is_some_and(|caller| caller.may(Permission::ViewStudio));
    let (view, tag) = if may_see_all {
        let found = catalog::studio_clip(&mut read, id, None, app.clock.now()).await?;
        let whole = found.ok_or_else(AppError::not_found)?;
        let part = format!("{}{}", whole.version.media.state.as_str(), whole.version.media.progress);
        (ClipView::of_studio(whole.clone())?, etag(whole.clip.row_version, &part)?)
    } else {
        let Some(shown) = catalog::public_clip_by_id(&mut read, id).await? else {
            return Err(if caller.is_some() { AppError::not_found() } else { sign_in_first().into() });
        };
        let tag = etag(shown.clip.row_version, "public")?;
        (ClipView::of_public(shown)?, tag)
    };
    Ok(([(header::ETAG, tag)], Json(view)).into_response())
}

/// A change of words and filing; what is not given stays.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct ChangeBody {
    service: Option<String>,
    /// `null` removes the signer.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<SignerId>)]
    signer: Option<Option<SignerId>>,
    sign_language: Option<String>,
    title_ar: Option<String>,
    title_en: Option<String>,
    question_ar: Option<String>,
    summary_ar: Option<String>,
    alt_ar: Option<String>,
    sources: Option<String>,
    /// What it costs.
    fees_ar: Option<String>,
    /// Until when, or how long it takes.
    deadline_ar: Option<String>,
    /// Whether its page offers the file for keeping; shows at once, without a review.
    may_download: Option<bool>,
    /// Further wordings to add.
    #[serde(default)]
    aliases: Vec<String>,
}

/// Tells `null` from "not given".
fn given<'de, D: serde::Deserializer<'de>, T: Deserialize<'de>>(
    from: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(from).map(Some)
}

/// Changes words and filing. A published clip gets a new version; the public sees it after both reviews.
#[utoipa::path(
    patch, path = "/clips/{id}", tag = "clips", request_body = ChangeBody,
    params(("id" = ClipId, Path), ("If-Match" = Option<String>, Header)),
    responses((status = 200, body = ClipView), (status = 409), (status = 412), (status = 422))
)]
async fn change(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<ClipId>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, AppError> {
    caller.require(Permission::Produce)?;
    let body: ChangeBody = read_json(&body)?;
    let by = By::Staff(&caller.staff);
    let mut tx = app.db.begin().await?;
    let service_id = match &body.service {
        Some(code) => Some(service_id(&mut tx, code).await?),
        None => None,
    };
    let change = TextChange {
        service_id,
        signer_id: body.signer,
        sign_language: body.sign_language,
        title_ar: body.title_ar,
        title_en: body.title_en,
        question_ar: body.question_ar,
        summary_ar: body.summary_ar,
        alt_ar: body.alt_ar,
        sources: body.sources,
        fees_ar: body.fees_ar,
        deadline_ar: body.deadline_ar,
    };
    catalog::edit_text(&mut tx, by, id, if_match(&headers)?, change).await?;
    if let Some(offered) = body.may_download {
        let downloads = if offered { Downloads::Offered } else { Downloads::NotOffered };
        catalog::set_downloads(&mut tx, by, id, downloads).await?;
    }
    for alias in &body.aliases {
        catalog::add_alias(&mut tx, by, id, alias, AliasOrigin::Editor).await?;
    }
    let (view, tag) = view_in(&mut tx, id, &app).await?;
    tx.commit().await?;
    Ok(([(header::ETAG, tag)], Json(view)).into_response())
}

/// A new video.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct NewVersionBody {
    /// A complete upload of the caller.
    upload_id: UploadId,
    /// Why there is a new version.
    #[serde(default)]
    change_note: String,
}

/// Gives the clip a new video; its processing starts.
#[utoipa::path(
    post, path = "/clips/{id}/versions", tag = "clips", request_body = NewVersionBody,
    params(("id" = ClipId, Path), ("Idempotency-Key" = Option<String>, Header), ("If-Match" = Option<String>, Header)),
    responses((status = 201, body = ClipView), (status = 404), (status = 409), (status = 412))
)]
async fn add_version(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<ClipId>,
    request: Creating,
) -> Result<Response, AppError> {
    caller.require(Permission::Produce)?;
    let body: NewVersionBody = request.json()?;
    let expected = if_match(request.headers())?;
    let mut tx = app.db.begin().await?;
    let record = match request.begin(&mut tx, &caller).await? {
        Ok(record) => record,
        Err(earlier) => return Ok(earlier),
    };
    let upload = uploads::consume(&mut tx, body.upload_id, Owner::Staff(caller.staff.id)).await?;
    let original = Original { key: upload.storage_key, name: upload.file_name, note: body.change_note };
    catalog::attach_video(&mut tx, By::Staff(&caller.staff), id, expected, original).await?;
    let (view, tag) = view_in(&mut tx, id, &app).await?;
    record.commit(tx, Answer::created(format!("/api/v1/clips/{id}"), &view)?.with_etag(tag)).await
}

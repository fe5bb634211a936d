//! The desk for programs: list, claim, reply, brief.

mod replies;
mod views;

use super::etag::{etag, if_match};
use super::idempotency::{Answer, Creating, read_json};
use super::questions::private;
use crate::app::App;
use crate::db::Conn;
use crate::ids::{BriefId, ClipId, QuestionId, UploadId};
use crate::people::Permission;
use crate::questions::state::QuestionState;
use crate::questions::{
    self, Aside, Cursor, DeskCounts, Filter, Finish, Force, NewReply, OwnSigning, Part, Reply, Verdict,
};
use crate::refusal::Refusal;
use crate::text::Privacy;
use crate::web::AppError;
use crate::web::who::Caller;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use views::{ClaimView, ClearView, ListView, QuestionView, ReplyView};

/// Lines of a page of the list.
const PAGE: i64 = 50;

pub(super) fn described() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(counts))
        .routes(routes!(show))
        .routes(routes!(claim, release))
        .routes(routes!(reveal))
        .routes(routes!(judge))
        .routes(routes!(reply))
        .routes(routes!(brief))
        .routes(routes!(ask))
        .routes(routes!(set_aside))
        .merge(replies::described())
}

/// Reads an id of a path; a wrong one names nothing.
fn id<T: std::str::FromStr>(text: &str) -> Result<T, AppError> {
    text.parse().map_err(|_| AppError::not_found())
}

fn bad(field: &'static str, ar: &'static str, en: &'static str) -> AppError {
    Refusal::invalid(field, "desk.bad_filter", ar, en).into()
}

#[derive(serde::Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
struct ListQuery {
    /// One of the question states; all open ones when absent.
    state: Option<String>,
    /// A code of the service catalogue.
    service: Option<String>,
    /// Only late ones.
    overdue: Option<bool>,
    /// Only those of the caller.
    mine: Option<bool>,
    /// 1 to 100; 50 when absent.
    limit: Option<i64>,
    /// `next` of the page before.
    after: Option<String>,
}

impl ListQuery {
    fn filter(&self) -> Result<Filter, AppError> {
        let state = self.state.as_deref().map(|word| {
            QuestionState::parse(word).ok_or_else(|| {
                bad("state", "لا توجد حالة بهذا الاسم.", "There is no question state of that name.")
            })
        });
        let after = self.after.as_deref().map(|text| {
            text.parse::<Cursor>()
                .map_err(|()| bad("after", "علامة الصفحة غير صحيحة.", "The cursor is not one of ours."))
        });
        let part = match (self.overdue, self.mine) {
            (_, Some(true)) => Part::Mine,
            (Some(true), _) => Part::Overdue,
            _ => Part::All,
        };
        Ok(Filter {
            state: state.transpose()?,
            service: self.service.clone(),
            part,
            after: after.transpose()?,
        })
    }
}

/// The questions that wait, most pressing first.
#[utoipa::path(get, path = "/desk/questions", tag = "desk", params(ListQuery), responses((status = 200, body = ListView), (status = 403), (status = 422)))]
async fn list(
    State(app): State<App>,
    caller: Caller,
    Query(asked): Query<ListQuery>,
) -> Result<Response, AppError> {
    caller.require(Permission::ViewDesk)?;
    let limit = asked.limit.unwrap_or(PAGE).clamp(1, 100);
    let now = app.clock.now();
    let mut read = app.db.read().await?;
    let (rows, next) = questions::list(&mut read, &caller.staff, &asked.filter()?, now, limit).await?;
    Ok(private(Json(ListView::of(rows, next, now)).into_response()))
}

/// The numbers at the top of the desk.
#[utoipa::path(get, path = "/desk/counts", tag = "desk", responses((status = 200, body = DeskCounts), (status = 403)))]
async fn counts(State(app): State<App>, caller: Caller) -> Result<Json<DeskCounts>, AppError> {
    caller.require(Permission::ViewDesk)?;
    let mut read = app.db.read().await?;
    Ok(Json(questions::counts(&mut read, &caller.staff, app.clock.now()).await?))
}

/// One question with its suggestions, replies and history.
#[utoipa::path(get, path = "/desk/questions/{id}", tag = "desk", params(("id" = QuestionId, Path)), responses((status = 200, body = QuestionView), (status = 403), (status = 404)))]
async fn show(
    State(app): State<App>,
    caller: Caller,
    Path(question): Path<String>,
) -> Result<Response, AppError> {
    caller.require(Permission::ViewDesk)?;
    view(&app, &caller, id(&question)?, StatusCode::OK).await
}

async fn view(app: &App, caller: &Caller, id: QuestionId, status: StatusCode) -> Result<Response, AppError> {
    let mut read = app.db.read().await?;
    let detail = questions::detail(&mut read, &caller.staff, id).await?;
    let tag = etag(detail.row.row_version, "")?;
    let mut response = (status, Json(QuestionView::of(detail, app.clock.now()))).into_response();
    response.headers_mut().insert(header::ETAG, tag);
    Ok(private(response))
}

/// Refuses with 412 when `If-Match` names another version than the present one.
async fn check_match(conn: &mut impl Conn, headers: &HeaderMap, id: QuestionId) -> Result<(), AppError> {
    if let Some(seen) = if_match(headers)? {
        questions::check_version(conn, id, seen).await?;
    }
    Ok(())
}

#[derive(Default, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct ClaimBody {
    /// Supervisors: take it from whoever has it.
    #[serde(default)]
    take_over: bool,
}

/// Takes a question for 30 minutes, or renews one's own claim. The body may be absent.
#[utoipa::path(post, path = "/desk/questions/{id}/claim", tag = "desk", request_body = Option<ClaimBody>, params(("id" = QuestionId, Path), ("If-Match" = Option<String>, Header)), responses((status = 200, body = ClaimView), (status = 403), (status = 409), (status = 412)))]
async fn claim(
    State(app): State<App>,
    caller: Caller,
    Path(question): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, AppError> {
    caller.require(Permission::Answer)?;
    let id = id(&question)?;
    let wish: ClaimBody = read_json(&body)?;
    let mut read = app.db.read().await?;
    check_match(&mut read, &headers, id).await?;
    drop(read);
    let force = if wish.take_over { Force::TakeOver } else { Force::Polite };
    let question = questions::claim(&app, &caller.staff, id, force).await?;
    let tag = etag(question.row_version, "")?;
    Ok(([(header::ETAG, tag)], Json(ClaimView::of(&question))).into_response())
}

/// Gives a question back to the pool.
#[utoipa::path(delete, path = "/desk/questions/{id}/claim", tag = "desk", params(("id" = QuestionId, Path)), responses((status = 204), (status = 403), (status = 409)))]
async fn release(
    State(app): State<App>,
    caller: Caller,
    Path(question): Path<String>,
) -> Result<StatusCode, AppError> {
    caller.require(Permission::Answer)?;
    questions::release(&app, &caller.staff, id(&question)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Opens the clear text; it goes on record.
#[utoipa::path(post, path = "/desk/questions/{id}/reveal", tag = "desk", params(("id" = QuestionId, Path)), responses((status = 200, body = ClearView), (status = 403), (status = 409), (status = 410)))]
async fn reveal(
    State(app): State<App>,
    caller: Caller,
    Path(question): Path<String>,
) -> Result<Response, AppError> {
    caller.require(Permission::Answer)?;
    let clear = questions::reveal(&app, &caller.staff, id(&question)?).await?;
    Ok(private(Json(ClearView::of(clear)).into_response()))
}

#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct Judgement {
    clip_id: ClipId,
    verdict: Verdict,
}

/// Judges a suggestion; an accepted one teaches the matcher the wording.
#[utoipa::path(post, path = "/desk/questions/{id}/verdicts", tag = "desk", request_body = Judgement, params(("id" = QuestionId, Path)), responses((status = 204), (status = 404), (status = 409)))]
async fn judge(
    State(app): State<App>,
    caller: Caller,
    Path(question): Path<String>,
    Json(said): Json<Judgement>,
) -> Result<StatusCode, AppError> {
    caller.require(Permission::Answer)?;
    questions::judge(&app, &caller.staff, id(&question)?, said.clip_id, said.verdict).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Clone, Copy, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
enum PrivacyWord {
    Public,
    Private,
}

#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct ReplyBody {
    /// A published clip.
    clip_id: Option<ClipId>,
    /// At most 2000 characters.
    #[serde(default)]
    text: String,
    privacy: PrivacyWord,
    /// Needed when the rule proposes the other privacy.
    #[serde(default)]
    override_reason: String,
    /// Why a question asked in sign is answered in writing alone; the second person sees it.
    unsigned_reason: Option<String>,
    /// What you signed for this asker alone: a complete upload under a ticket. Such a reply is private.
    upload_id: Option<UploadId>,
    /// Takes out what the draft has signed.
    #[serde(default)]
    drop_video: bool,
    /// Keep it as a draft.
    #[serde(default)]
    draft: bool,
}

/// Writes a reply. It goes out after 20 seconds, or to a second person.
#[utoipa::path(post, path = "/desk/questions/{id}/replies", tag = "desk", request_body = ReplyBody, params(("id" = QuestionId, Path), ("Idempotency-Key" = Option<String>, Header), ("If-Match" = Option<String>, Header)), responses((status = 201, body = ReplyView), (status = 403), (status = 409), (status = 412), (status = 422)))]
async fn reply(
    State(app): State<App>,
    caller: Caller,
    Path(question): Path<String>,
    creating: Creating,
) -> Result<Response, AppError> {
    caller.require(Permission::Answer)?;
    let id = id(&question)?;
    let body: ReplyBody = creating.json()?;
    let new = NewReply {
        clip_id: body.clip_id,
        text: body.text,
        privacy: match body.privacy {
            PrivacyWord::Public => Privacy::Public,
            PrivacyWord::Private => Privacy::Private,
        },
        override_reason: body.override_reason,
        unsigned_reason: body.unsigned_reason,
        signing: match body.upload_id {
            Some(upload) => OwnSigning::New(upload),
            None if body.drop_video => OwnSigning::Removed,
            None => OwnSigning::AsItIs,
        },
        finish: if body.draft { Finish::Save } else { Finish::Submit },
    };
    let mut tx = app.db.begin().await?;
    let record = match creating.begin(&mut tx, &caller).await? {
        Ok(record) => record,
        Err(first_answer) => return Ok(first_answer),
    };
    check_match(&mut tx, creating.headers(), id).await?;
    let reply = questions::write_reply_in(&mut tx, &caller.staff, id, new).await?;
    record.commit(tx, reply_created(&reply)?).await
}

fn reply_created(reply: &Reply) -> Result<Answer, AppError> {
    Answer::created(format!("/api/v1/desk/questions/{}", reply.question_id), &ReplyView::of(reply))
}

#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct BriefBody {
    /// What to sign; without personal details.
    note: String,
}

/// A brief just made.
#[derive(serde::Serialize, utoipa::ToSchema)]
struct BriefMade {
    id: BriefId,
}

/// Asks the studio for a clip.
#[utoipa::path(post, path = "/desk/questions/{id}/brief", tag = "desk", request_body = BriefBody, params(("id" = QuestionId, Path), ("Idempotency-Key" = Option<String>, Header)), responses((status = 201, body = BriefMade), (status = 409), (status = 422)))]
async fn brief(
    State(app): State<App>,
    caller: Caller,
    Path(question): Path<String>,
    creating: Creating,
) -> Result<Response, AppError> {
    caller.require(Permission::Answer)?;
    let id = id(&question)?;
    let body: BriefBody = creating.json()?;
    let mut tx = app.db.begin().await?;
    let record = match creating.begin(&mut tx, &caller).await? {
        Ok(record) => record,
        Err(first_answer) => return Ok(first_answer),
    };
    let made = questions::brief_in(&mut tx, &caller.staff, id, &body.note).await?;
    let location = format!("/api/v1/desk/questions/{id}");
    record.commit(tx, Answer::created(location, &BriefMade { id: made })?).await
}

#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct AskBody {
    /// At most 300 characters.
    text: String,
}

/// Asks the asker something; the clock stands still until the answer.
#[utoipa::path(post, path = "/desk/questions/{id}/ask", tag = "desk", request_body = AskBody, params(("id" = QuestionId, Path)), responses((status = 204), (status = 409), (status = 422)))]
async fn ask(
    State(app): State<App>,
    caller: Caller,
    Path(question): Path<String>,
    Json(body): Json<AskBody>,
) -> Result<StatusCode, AppError> {
    caller.require(Permission::Answer)?;
    questions::ask_asker(&app, &caller.staff, id(&question)?, &body.text).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct AsideBody {
    /// The question that is being answered instead; spam when absent.
    duplicate_of: Option<QuestionId>,
    /// Why; needed when the question is late, which only a supervisor closes.
    #[serde(default)]
    reason: String,
}

/// Puts a claimed question aside as spam or as a duplicate.
#[utoipa::path(post, path = "/desk/questions/{id}/aside", tag = "desk", request_body = AsideBody, params(("id" = QuestionId, Path)), responses((status = 204), (status = 409), (status = 422)))]
async fn set_aside(
    State(app): State<App>,
    caller: Caller,
    Path(question): Path<String>,
    Json(body): Json<AsideBody>,
) -> Result<StatusCode, AppError> {
    caller.require(Permission::Answer)?;
    let aside = body.duplicate_of.map_or(Aside::Spam, Aside::DuplicateOf);
    questions::set_aside(&app, &caller.staff, id(&question)?, aside, &body.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}

//! Asking, and the status by short code; nothing here is cached or linked.

use crate::app::App;
use crate::channels;
use crate::ids::{QuestionId, UploadId, secret};
use crate::questions::{self, AskerStatus, NewQuestion, QuestionProblem, Receipt, Safety, Wish};
use crate::refusal::Refusal;
use crate::web::AppError;
use crate::web::client::Client;
use crate::web::rate::Rates;
use axum::Json;
use axum::extract::{Extension, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use std::sync::Arc;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn described() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(ask)).routes(routes!(status))
}

/// A question.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct Ask {
    /// At most 2000 characters; may be absent beside a video.
    text: Option<String>,
    /// A complete upload made with a ticket.
    upload_id: Option<UploadId>,
    /// How to reach the asker; kept sealed.
    contact: Option<String>,
    /// Only women staff may open it.
    #[serde(default)]
    wants_woman: bool,
    /// A code of the service catalogue.
    service: Option<String>,
}

/// The answer to a question that has arrived.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub(super) struct Asked {
    id: QuestionId,
    /// Shows the status only.
    code: String,
    /// The asker's own page; whoever has it sees the case.
    url: String,
    /// RFC 3339.
    received_at: String,
    /// RFC 3339.
    due_at: String,
    /// Present when the question held a code or password, which was removed.
    #[serde(skip_serializing_if = "Option::is_none")]
    safety: Option<SafetyNotice>,
}

/// "Never share your code."
#[derive(serde::Serialize, utoipa::ToSchema)]
pub(super) struct SafetyNotice {
    message_ar: &'static str,
    message_en: &'static str,
    /// Page of the signed safety clip, if one is published.
    clip_url: Option<String>,
}

impl SafetyNotice {
    pub(super) fn of(app: &App, safety: Safety) -> Self {
        Self {
            message_ar: "لا تشارك رمز التحقق أو كلمة المرور مع أحد. حذفنا ما كتبته منها.",
            message_en: "Never share a one-time code or a password with anybody. If you wrote one, we removed it.",
            clip_url: safety.clip_slug.map(|slug| format!("{}/clips/{slug}", site(app))),
        }
    }
}

/// The site's own address, without a slash at its end.
pub(super) fn site(app: &App) -> &str {
    app.config.base_url.as_str().trim_end_matches('/')
}

impl Asked {
    pub(super) fn of(app: &App, receipt: Receipt) -> Self {
        Self {
            url: format!("{}{}", site(app), receipt.path()),
            id: receipt.id,
            code: receipt.code,
            received_at: receipt.received_at.rfc3339(),
            due_at: receipt.due_at.rfc3339(),
            safety: receipt.safety.map(|safety| SafetyNotice::of(app, safety)),
        }
    }
}

/// Answers 201; a repetition says so in a header and is otherwise the same.
pub(super) fn created(app: &App, receipt: Receipt) -> Response {
    let repeated = !receipt.is_new;
    let mut response = (StatusCode::CREATED, Json(Asked::of(app, receipt))).into_response();
    if repeated {
        let name = HeaderName::from_static("idempotent-replayed");
        response.headers_mut().insert(name, HeaderValue::from_static("true"));
    }
    private(response)
}

/// Kept by no cache, found by no robot, told to no other site.
pub(super) fn private(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex"));
    response
}

/// Asks a question in writing or in sign.
#[utoipa::path(
    post, path = "/questions", tag = "questions", security(()), request_body = Ask,
    params(("Idempotency-Key" = Option<String>, Header, description = "The same key with the same question gives the first answer again")),
    responses((status = 201, body = Asked), (status = 422), (status = 429))
)]
async fn ask(
    State(app): State<App>,
    Extension(rates): Extension<Arc<Rates>>,
    Client(address): Client,
    headers: HeaderMap,
    Json(ask): Json<Ask>,
) -> Result<Response, AppError> {
    rates.questions.take(address).map_err(AppError::from)?;
    let external_id = external_id(&app, &headers, &ask)?;
    let channel = web_channel(&app).await?;
    let question = NewQuestion {
        channel,
        external_id,
        thread: None,
        text: ask.text,
        video: ask.upload_id,
        contact: ask.contact,
        wants_woman: ask.wants_woman,
        service: ask.service,
        wish: Wish::Unsaid,
        asked_at: None,
    };
    let receipt = questions::receive(&app, question).await?;
    Ok(created(&app, receipt))
}

async fn web_channel(app: &App) -> Result<crate::ids::ChannelId, AppError> {
    let mut tx = app.db.begin().await?;
    let channel = channels::web(&mut tx).await?;
    tx.commit().await?;
    Ok(channel)
}

/// The name of the question. With a key it is a MAC of key and content: the general idempotency store would keep the
/// answer, and with it the secret link; and a key that two people happen to share must not open one's case to the other.
fn external_id(app: &App, headers: &HeaderMap, ask: &Ask) -> Result<String, AppError> {
    let Some(key) = headers.get("idempotency-key") else {
        return Ok(format!("form:{}", secret()));
    };
    let key = key.to_str().ok().filter(|key| (1..=200).contains(&key.len()));
    let key = key.ok_or_else(|| Refusal::from(QuestionProblem::BadKey))?;
    let content =
        serde_json::json!([key, ask.text, ask.upload_id, ask.contact, ask.wants_woman, ask.service]);
    Ok(format!("key:{}", app.sealer.sign("question.idempotency", &content.to_string())))
}

/// A short code.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct Code {
    code: String,
}

/// Where a question stands, in the asker's words.
#[derive(serde::Serialize, utoipa::ToSchema)]
struct Status {
    code: String,
    status: AskerStatus,
    received_at: String,
    due_at: String,
}

/// Says where the question with this code stands; nothing personal.
#[utoipa::path(post, path = "/questions/status", tag = "questions", security(()), request_body = Code, responses((status = 200, body = Status), (status = 404), (status = 429)))]
async fn status(
    State(app): State<App>,
    Extension(rates): Extension<Arc<Rates>>,
    Client(address): Client,
    Json(typed): Json<Code>,
) -> Result<Response, AppError> {
    rates.codes.take(address).map_err(AppError::from)?;
    let mut read = app.db.read().await?;
    let found = questions::status_by_code(&mut read, &typed.code, app.clock.now()).await?;
    let answer = Status {
        code: found.code,
        status: found.status,
        received_at: found.received_at.rfc3339(),
        due_at: found.due_at.rfc3339(),
    };
    Ok(private(Json(answer).into_response()))
}

//! What people and programs see when something does not work: an HTML page or RFC 9457 problem details, always with
//! the request's number, never with a debug string.

use super::error_page::ErrorPage;
use crate::app::App;
use crate::clock::Millis;
use crate::ids::RequestId;
use crate::refusal::{Refusal, RefusalKind};
use askama::Template as _;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::json;
use tracing::{Instrument as _, error};

/// The only error of handlers.
#[derive(Debug)]
pub enum AppError {
    /// A rule said no.
    Refused(Refusal),
    /// Something broke; logged here once, shown as "try again" with the request's number.
    Internal(anyhow::Error),
}

impl AppError {
    /// There is no such thing, or not for this person.
    pub fn not_found() -> Self {
        Self::Refused(Refusal::not_found())
    }
}

impl<E: Into<anyhow::Error>> From<E> for AppError {
    fn from(error: E) -> Self {
        let error = error.into();
        match error.downcast::<Refusal>() {
            Ok(refusal) => Self::Refused(refusal),
            Err(other) => Self::Internal(other),
        }
    }
}

/// The status of each sort of "no".
pub fn status_of(kind: RefusalKind) -> StatusCode {
    match kind {
        RefusalKind::Malformed => StatusCode::BAD_REQUEST,
        RefusalKind::SignIn => StatusCode::UNAUTHORIZED,
        RefusalKind::Forbidden => StatusCode::FORBIDDEN,
        RefusalKind::NotFound => StatusCode::NOT_FOUND,
        RefusalKind::Gone => StatusCode::GONE,
        RefusalKind::Conflict => StatusCode::CONFLICT,
        RefusalKind::Stale => StatusCode::PRECONDITION_FAILED,
        RefusalKind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        RefusalKind::Unsupported => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        RefusalKind::Altered => StatusCode::from_u16(460).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY),
        RefusalKind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        RefusalKind::TooMany => StatusCode::TOO_MANY_REQUESTS,
        RefusalKind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        RefusalKind::NoSpace => StatusCode::INSUFFICIENT_STORAGE,
    }
}

impl IntoResponse for AppError {
    /// Leaves the refusal in the response's extensions: [`speak`] knows whether a page or JSON is wanted, and in which
    /// language.
    fn into_response(self) -> Response {
        let refusal = match self {
            Self::Refused(refusal) => refusal,
            Self::Internal(why) => {
                error!(error = %format!("{why:#}"), "a request failed");
                internal()
            }
        };
        let mut response = status_of(refusal.kind).into_response();
        if refusal.kind == RefusalKind::Unavailable && refusal.code == "internal" {
            *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
        }
        if matches!(refusal.kind, RefusalKind::TooMany | RefusalKind::Unavailable | RefusalKind::NoSpace) {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("10"));
        }
        response.extensions_mut().insert(refusal);
        response
    }
}

fn internal() -> Refusal {
    let ar = "حدث خطأ عندنا. أعد المحاولة بعد قليل.";
    Refusal::new(
        RefusalKind::Unavailable,
        "internal",
        ar,
        "Something went wrong on our side. Try again in a moment.",
    )
}

/// Gives each request a number that appears in its log lines, its errors and the `x-request-id` header.
pub async fn number_request(mut request: Request, next: Next) -> Response {
    let id = RequestId::from(uuid::Uuid::from_bytes(crate::ids::random_bytes()));
    request.extensions_mut().insert(id);
    // Never the query string: a search term may hold personal data.
    let span = tracing::info_span!("request", id = %id, method = %request.method());
    let mut response = next.run(request).instrument(span).await;
    if let Ok(value) = HeaderValue::from_str(&id.to_string()) {
        response.headers_mut().insert("x-request-id", value);
    }
    response
}

/// Turns refusals, and bare error statuses of the framework, into a page or problem details.
pub async fn speak(State(app): State<App>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let id = request.extensions().get::<RequestId>().copied().unwrap_or_else(|| RequestId::new(Millis(0)));
    let wants_json = path.starts_with("/api/");
    let reader = super::who::Reader::of(&app, request.uri(), request.headers());
    let response = next.run(request).await;
    let status = response.status();
    let bare = status.is_client_error() || status.is_server_error();
    let refusal = match response.extensions().get::<Refusal>() {
        Some(refusal) => refusal.clone(),
        None if bare && is_plain(&response) => of_framework(status),
        None => return response,
    };
    let body = if wants_json { problem(status, &refusal, id) } else { page(status, &refusal, id, &reader) };
    let (parts, _) = response.into_parts();
    let mut spoken = (status, body).into_response();
    for (name, value) in &parts.headers {
        if ![header::CONTENT_LENGTH, header::CONTENT_TYPE].contains(name) {
            spoken.headers_mut().insert(name.clone(), value.clone());
        }
    }
    spoken
}

/// axum's own rejections are plain text; our answers are HTML, JSON or media.
fn is_plain(response: &Response) -> bool {
    match response.headers().get(header::CONTENT_TYPE) {
        None => true,
        Some(kind) => kind.as_bytes().starts_with(b"text/plain"),
    }
}

fn of_framework(status: StatusCode) -> Refusal {
    match status {
        StatusCode::NOT_FOUND => Refusal::not_found(),
        StatusCode::METHOD_NOT_ALLOWED => {
            let ar = "هذا العنوان لا يقبل هذا الطلب.";
            Refusal::new(
                RefusalKind::Malformed,
                "method_not_allowed",
                ar,
                "This address does not take that method.",
            )
        }
        StatusCode::PAYLOAD_TOO_LARGE => Refusal::new(
            RefusalKind::TooLarge,
            "too_large",
            "ما أرسلته كبير جدًا.",
            "What you sent is too large.",
        ),
        StatusCode::FORBIDDEN => Refusal::forbidden(),
        status if status.is_server_error() => internal(),
        _ => {
            let ar = "لم نفهم الطلب. تحقّق منه وأعد الإرسال.";
            Refusal::new(
                RefusalKind::Malformed,
                "malformed",
                ar,
                "We could not read the request. Check it and send it again.",
            )
        }
    }
}

/// RFC 9457 problem details; `type` is stable.
fn problem(status: StatusCode, refusal: &Refusal, id: RequestId) -> Response {
    let mut body = json!({
        "type": format!("/api/problems/{}", refusal.code),
        "title": status.canonical_reason().unwrap_or("Error"),
        "status": status.as_u16(),
        "detail": refusal.en,
        "detail_ar": refusal.ar,
        "instance": id.to_string(),
    });
    if let Some(field) = refusal.field {
        body["field"] = json!(field);
    }
    if let Some(details) = &refusal.details {
        body["details"] = details.clone();
    }
    let kind = [(header::CONTENT_TYPE, "application/problem+json")];
    (status, kind, Body::from(body.to_string())).into_response()
}

fn page(status: StatusCode, refusal: &Refusal, id: RequestId, reader: &super::who::Reader) -> Response {
    let html = ErrorPage::new(status, refusal, id, reader).render().unwrap_or_else(|why| {
        error!(error = %why, "an error page could not be rendered");
        format!("<!doctype html><title>{}</title><p>{}</p><p>{}</p>", status.as_u16(), refusal.ar, refusal.en)
    });
    (status, [(header::CACHE_CONTROL, "no-store")], axum::response::Html(html)).into_response()
}

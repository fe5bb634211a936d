//! `/media/{area}/{hash}.{extension}`: the one place that hands out stored bytes. It stands outside the ordinary
//! protections, which cost more than the answer itself, and sets its own headers.

mod access;
mod dash;
mod hot;
mod link;
mod playlist;
mod range;

pub use link::{LONGEST_LINK, link};

use super::AppError;
use crate::app::App;
use crate::store::{BlobKey, FileType};
use access::{Access, Admission};
use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use hot::Hot;
use range::{Wanted, wanted};
use std::ops::Range;
use std::sync::Arc;

/// What serving media needs.
struct Media {
    app: App,
    access: Access,
    hot: Hot,
}

/// The route of all stored files.
pub(super) fn router(app: App) -> Router {
    let media = Media { app, access: Access::new(), hot: Hot::new() };
    Router::new()
        .route("/media/streams/{*playlist}", get(playlist::serve))
        .route("/media/{*key}", get(serve))
        .with_state(Arc::new(media))
}

/// A blob that this request may have.
struct Found {
    key: BlobKey,
    bytes: u64,
    admission: Admission,
}

async fn serve(State(media): State<Arc<Media>>, request: Request) -> Response {
    let (mut parts, _) = request.into_parts();
    let answer = match find(&media, &mut parts).await {
        Ok(Some(found)) => hand_out(&media, &found, &parts.method, &parts.headers).await,
        Ok(None) => Ok(not_here()),
        Err(broken) => Err(broken),
    };
    answer.unwrap_or_else(unavailable)
}

/// The path is compared as it came: nothing is decoded, so nothing can mean two things.
async fn find(media: &Media, parts: &mut axum::http::request::Parts) -> Result<Option<Found>, AppError> {
    let key = parts.uri.path().strip_prefix("/media/").and_then(|text| text.parse::<BlobKey>().ok());
    let Some(key) = key else { return Ok(None) };
    let admitted = media.access.admit(&media.app, key, parts).await?;
    Ok(admitted.map(|(admission, bytes)| Found { key, bytes, admission }))
}

async fn hand_out(
    media: &Media,
    found: &Found,
    method: &Method,
    headers: &HeaderMap,
) -> Result<Response, AppError> {
    let etag = format!("\"{}\"", found.key.hash);
    if is_known(headers, &etag) {
        return Ok(described(StatusCode::NOT_MODIFIED, found, &etag, Body::empty())?);
    }
    match range_of(method, headers, &etag, found.bytes) {
        Wanted::Nothing => {
            let mut response = described(StatusCode::RANGE_NOT_SATISFIABLE, found, &etag, Body::empty())?;
            let length = HeaderValue::try_from(format!("bytes */{}", found.bytes))?;
            response.headers_mut().insert(header::CONTENT_RANGE, length);
            Ok(response)
        }
        Wanted::Whole => {
            let body = if method == Method::HEAD {
                Body::empty()
            } else {
                body(media, found, 0..found.bytes).await?
            };
            let mut response = described(StatusCode::OK, found, &etag, body)?;
            response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(found.bytes));
            Ok(response)
        }
        Wanted::Part(part) => {
            let shown = format!("bytes {}-{}/{}", part.start, part.end - 1, found.bytes);
            let length = part.end - part.start;
            let body = body(media, found, part).await?;
            let mut response = described(StatusCode::PARTIAL_CONTENT, found, &etag, body)?;
            response.headers_mut().insert(header::CONTENT_RANGE, HeaderValue::try_from(shown)?);
            response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(length));
            Ok(response)
        }
    }
}

/// `If-None-Match` names our tag: the content can never differ.
fn is_known(headers: &HeaderMap, etag: &str) -> bool {
    let tags = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    tags.flat_map(|value| value.split(',')).any(|tag| {
        let tag = tag.trim();
        tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == etag
    })
}

/// A range counts only for GET, and only if `If-Range`, where given, names exactly our tag.
fn range_of(method: &Method, headers: &HeaderMap, etag: &str, bytes: u64) -> Wanted {
    let still_ours = headers.get(header::IF_RANGE).is_none_or(|tag| tag == etag);
    if method != Method::GET || !still_ours {
        return Wanted::Whole;
    }
    wanted(headers.get(header::RANGE).and_then(|value| value.to_str().ok()), bytes)
}

async fn body(media: &Media, found: &Found, range: Range<u64>) -> Result<Body, AppError> {
    let store = &media.app.store;
    // Only what everybody may see is kept in memory.
    if found.admission == Admission::Public
        && let Some(clip) = media.hot.get(store, found.key, found.bytes).await?
    {
        let (start, end) = (usize::try_from(range.start)?, usize::try_from(range.end)?);
        if end > clip.len() {
            return Err(anyhow::anyhow!("the row of blob {} says {} bytes", found.key, found.bytes).into());
        }
        return Ok(Body::from(clip.slice(start..end)));
    }
    Ok(Body::from_stream(store.stream(found.key, range).await?))
}

const CROSS_ORIGIN_RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// The headers that every stored file has. None of them can act as a page.
fn described(status: StatusCode, found: &Found, etag: &str, body: Body) -> anyhow::Result<Response> {
    let caching = match found.admission {
        Admission::Public => "public, max-age=31536000, immutable",
        Admission::Private => "private, no-store",
    };
    let disposition = match found.key.file_type {
        FileType::Other => "attachment",
        _ => "inline",
    };
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.reserve(12);
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(found.key.file_type.mime()));
    headers.insert(header::ETAG, HeaderValue::from_str(etag)?);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(CROSS_ORIGIN_RESOURCE_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox"));
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static(disposition));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    Ok(response)
}

/// The same answer for what does not exist and for what this person may not see.
fn not_here() -> Response {
    let text = "لا يوجد ملف متاح في هذا العنوان.\nThere is no file for you at this address.\n";
    plain(StatusCode::NOT_FOUND, text)
}

fn unavailable(broken: AppError) -> Response {
    if let AppError::Internal(why) = broken {
        tracing::error!(error = %format!("{why:#}"), "could not hand out a stored file");
    }
    let text = "تعذّر إرسال الملف الآن. أعد المحاولة بعد قليل.\nThe file cannot be sent right now. Try again in a moment.\n";
    let mut response = plain(StatusCode::SERVICE_UNAVAILABLE, text);
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("10"));
    response
}

fn plain(status: StatusCode, text: &'static str) -> Response {
    let headers = [
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"),
    ];
    (status, headers, text).into_response()
}

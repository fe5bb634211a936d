//! Protections that every answer has: security headers, cross-site request checks, limits, compression, panics.

use crate::app::App;
use crate::web::file_form::has_parts;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Response};
use std::time::Duration;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate as _, SizeAbove};
use tower_http::csrf::CsrfLayer;
use tower_http::set_header::SetResponseHeaderLayer;

/// Bodies of ordinary requests; uploads set their own limit.
const BODY_LIMIT: usize = 2 * 1024 * 1024;
/// An ordinary answer takes milliseconds; uploads are excepted, media is routed around this.
const ANSWER_WITHIN: Duration = Duration::from_secs(30);

/// No inline script or style, nothing from elsewhere; `blob:` is the camera's own recording before it is sent.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; img-src 'self' blob:; media-src 'self' blob:; font-src 'self'; \
     style-src 'self'; script-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; \
     form-action 'self'; frame-ancestors 'none'; object-src 'none'";

/// Bytes of the smallest answer that is compressed. A smaller one is a single packet either way, and to whoever is turned
/// away at the gate its compression would cost more than all the rest of the answer.
const LEAST_COMPRESSED: u64 = 1024;

pub(super) fn protect(routes: Router<App>) -> Router<App> {
    let worth_it = DefaultPredicate::new()
        .and(SizeAbove::new(LEAST_COMPRESSED))
        .and(NotForContentType::const_new("video/"))
        .and(NotForContentType::const_new("image/"))
        .and(NotForContentType::const_new("font/"));
    routes
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(middleware::from_fn(answer_in_time))
        .layer(CatchPanicLayer::new())
        // Sec-Fetch-Site and Origin: a foreign page cannot post in a signed-in person's name.
        .layer(CsrfLayer::new())
        .layer(CompressionLayer::new().compress_when(worth_it))
        .layer(middleware::from_fn(content_security_policy))
        .layer(fixed(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(fixed(header::REFERRER_POLICY, "same-origin"))
        .layer(fixed(HeaderName::from_static("cross-origin-opener-policy"), "same-origin"))
        .layer(fixed(
            HeaderName::from_static("permissions-policy"),
            "camera=(self), microphone=(), geolocation=()",
        ))
        .layer(fixed(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000"))
}

/// Gives up on an answer that takes too long. Files on their way in take as long as the sender's line; the room of
/// uploads watches those itself.
async fn answer_in_time(request: axum::extract::Request, next: Next) -> Response {
    if has_parts(request.headers()) || request.uri().path().starts_with("/api/v1/uploads") {
        return next.run(request).await;
    }
    match tokio::time::timeout(ANSWER_WITHIN, next.run(request)).await {
        Ok(response) => response,
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

fn fixed(name: HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
}

async fn content_security_policy(request: axum::extract::Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    response
        .headers_mut()
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static(CONTENT_SECURITY_POLICY));
    response
}

//! Protections that every answer has: security headers, cross-site request checks, limits, compression, panics.

use crate::app::App;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::{self, Next};
use axum::response::Response;
use std::time::Duration;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate as _};
use tower_http::csrf::CsrfLayer;
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::timeout::TimeoutLayer;

/// Bodies of ordinary requests; uploads set their own limit.
const BODY_LIMIT: usize = 2 * 1024 * 1024;
/// An ordinary answer takes milliseconds; uploads and media are routed around this.
const ANSWER_WITHIN: Duration = Duration::from_secs(30);

/// No inline script or style, nothing from elsewhere; `blob:` is the camera's own recording before it is sent.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; img-src 'self' blob:; media-src 'self' blob:; font-src 'self'; \
     style-src 'self'; script-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; \
     form-action 'self'; frame-ancestors 'none'; object-src 'none'";

pub(super) fn protect(routes: Router<App>, app: &App) -> Router<App> {
    let _ = app;
    let not_media = DefaultPredicate::new()
        .and(NotForContentType::const_new("video/"))
        .and(NotForContentType::const_new("image/"))
        .and(NotForContentType::const_new("font/"));
    routes
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(TimeoutLayer::with_status_code(axum::http::StatusCode::SERVICE_UNAVAILABLE, ANSWER_WITHIN))
        .layer(CatchPanicLayer::new())
        // Sec-Fetch-Site and Origin: a foreign page cannot post in a signed-in person's name.
        .layer(CsrfLayer::new())
        .layer(CompressionLayer::new().compress_when(not_media))
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

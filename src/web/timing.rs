//! How long answers take inside this process, by route, for `/metrics`. Addresses are never recorded: only the route's
//! pattern.

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;
use std::time::Instant;

/// Records `ishara_answer_seconds{route}` for each request.
pub async fn measure(request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let begun = Instant::now();
    let response = next.run(request).await;
    let route = route.unwrap_or_else(|| "none".to_owned());
    metrics::histogram!("ishara_answer_seconds", "route" => route).record(begun.elapsed().as_secs_f64());
    response
}

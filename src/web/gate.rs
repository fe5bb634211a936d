//! Admission to work that costs: rendering public pages, searching, matching, for people and programs alike. Beyond what
//! the machine can do at once, a visitor is told at once to come back in a moment, so that those inside are still
//! answered in time.

use super::AppError;
use crate::refusal::{Refusal, RefusalKind};
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Requests inside at once, for each core. A page takes some milliseconds of one core, most of them waiting for rows:
/// more inside would not be answered sooner, only all of them later.
const PLACES_PER_CORE: usize = 24;
/// Seconds until coming back makes sense: a crowd is gone or has been answered by then.
const COME_BACK: HeaderValue = HeaderValue::from_static("2");
/// Said without the page's frame: turning somebody away must cost next to nothing.
const FULL: &str = "<!doctype html><html lang=\"ar\" dir=\"rtl\"><meta charset=\"utf-8\">\
    <meta name=\"viewport\" content=\"width=device-width\"><title>إشارة</title>\
    <h1>زوار كثيرون الآن</h1><p>انتظر ثانيتين، ثم أعد فتح الصفحة.</p>\
    <p lang=\"en\" dir=\"ltr\">Many visitors right now. Wait two seconds, then open the page again.</p></html>";

/// The places inside.
#[derive(Clone)]
pub struct Gate {
    places: Arc<Semaphore>,
}

impl Gate {
    /// As many places as this machine's cores can serve.
    pub fn new() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self::with_places(cores * PLACES_PER_CORE)
    }

    fn with_places(places: usize) -> Self {
        Self { places: Arc::new(Semaphore::new(places)) }
    }
}

impl Default for Gate {
    fn default() -> Self {
        Self::new()
    }
}

/// Lets the request for a page in, or answers 503 with `Retry-After`.
pub async fn admit(State(gate): State<Gate>, request: Request, next: Next) -> Response {
    let Ok(_place) = gate.places.try_acquire() else {
        return turned_away(full_page());
    };
    next.run(request).await
}

/// Lets a call of the API in, or answers 503 with `Retry-After` and problem details.
pub async fn admit_call(State(gate): State<Gate>, request: Request, next: Next) -> Response {
    let Ok(_place) = gate.places.try_acquire() else {
        return turned_away(AppError::Refused(busy()).into_response());
    };
    next.run(request).await
}

fn turned_away(mut answer: Response) -> Response {
    metrics::counter!("ishara_turned_away_total").increment(1);
    answer.headers_mut().insert(header::RETRY_AFTER, COME_BACK);
    answer
}

fn busy() -> Refusal {
    let ar = "طلبات كثيرة الآن. أعد المحاولة بعد ثانيتين.";
    let en = "Too many requests right now. Try again in two seconds.";
    Refusal::new(RefusalKind::Unavailable, "busy", ar, en)
}

fn full_page() -> Response {
    let headers = [
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
    ];
    (StatusCode::SERVICE_UNAVAILABLE, headers, FULL).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::Router;
    use axum::body::Body;
    use axum::middleware;
    use axum::routing::get;
    use tokio::sync::Notify;
    use tower::ServiceExt as _;

    #[tokio::test]
    async fn who_finds_no_place_is_told_when_to_come_back_and_the_others_are_served() {
        let (inside, go_on) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let (entered, released) = (inside.clone(), go_on.clone());
        let slow = get(move || async move {
            entered.notify_one();
            released.notified().await;
            "page"
        });
        let gate = Gate::with_places(1);
        let calls = Router::new()
            .route("/call", get(|| async { "{}" }))
            .layer(middleware::from_fn_with_state(gate.clone(), admit_call));
        let app: Router =
            Router::new().route("/", slow).layer(middleware::from_fn_with_state(gate, admit)).merge(calls);
        let ask = |path: &str| app.clone().oneshot(Request::get(path).body(Body::empty()).unwrap());
        let first = tokio::spawn(ask("/"));
        inside.notified().await;
        for path in ["/", "/call"] {
            let refused = ask(path).await.unwrap();
            assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE, "{path} shares the places");
            assert_eq!(refused.headers()[header::RETRY_AFTER], "2");
        }
        go_on.notify_one();
        assert_eq!(first.await.unwrap().unwrap().status(), StatusCode::OK);
        assert_eq!(ask("/call").await.unwrap().status(), StatusCode::OK, "the place is free again");
    }
}

//! The description of the API: OpenAPI 3.1 for programs, and a page for people, both made from the routes themselves.

use super::described;
use crate::app::App;
use axum::Router;
use axum::http::header;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use std::fmt::Write as _;
use std::sync::LazyLock;
use utoipa::openapi::path::Operation;
use utoipa::openapi::{InfoBuilder, OpenApi};

/// `/api` and `/api/openapi.json`.
pub(in super::super) fn router() -> Router<App> {
    Router::new().route("/api", get(page)).route("/api/openapi.json", get(document))
}

static DOCUMENT: LazyLock<OpenApi> = LazyLock::new(|| {
    let (_, mut document) = described().split_for_parts();
    document.info = InfoBuilder::new()
        .title("Ishara")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some("Signed answers, their captions, and the questions they answer."))
        .build();
    // The routes are mounted below this prefix.
    let paths = std::mem::take(&mut document.paths.paths);
    document.paths.paths = paths.into_iter().map(|(path, item)| (format!("/api/v1{path}"), item)).collect();
    document
});

async fn document() -> Response {
    let kind = [(header::CONTENT_TYPE, "application/json")];
    match DOCUMENT.to_json() {
        Ok(json) => (kind, json).into_response(),
        Err(why) => super::super::AppError::from(why).into_response(),
    }
}

async fn page() -> Html<String> {
    Html(render(&DOCUMENT))
}

/// A plain list of calls; no script, no style of its own.
fn render(document: &OpenApi) -> String {
    let mut html = String::from(
        "<!doctype html><html lang=\"en\" dir=\"ltr\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>Ishara API</title></head><body><main>\
         <h1>Ishara API</h1><p>Base: <code>/api/v1</code>. Sign in with <code>Authorization: Bearer</code>. \
         <a href=\"/api/openapi.json\">OpenAPI document</a></p><dl>",
    );
    for (path, item) in &document.paths.paths {
        let calls: [(&str, &Option<Operation>); 6] = [
            ("GET", &item.get),
            ("HEAD", &item.head),
            ("POST", &item.post),
            ("PUT", &item.put),
            ("PATCH", &item.patch),
            ("DELETE", &item.delete),
        ];
        for (method, operation) in calls {
            let Some(operation) = operation else { continue };
            let summary = operation.summary.as_deref().or(operation.description.as_deref()).unwrap_or("");
            // Writing to a string cannot fail.
            let _ =
                write!(html, "<dt><code>{method} {}</code></dt><dd>{}</dd>", escaped(path), escaped(summary));
        }
    }
    html + "</dl></main></body></html>"
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_call_of_the_contract_about_clips_is_described() {
        for path in [
            "/api/v1/clips",
            "/api/v1/clips/{id}",
            "/api/v1/clips/{id}/versions",
            "/api/v1/clips/{id}/captions/{lang}",
            "/api/v1/clips/{id}/review",
            "/api/v1/clips/{id}/approvals",
            "/api/v1/clips/{id}/publication",
            "/api/v1/jobs",
            "/api/v1/jobs/{id}/retry",
        ] {
            assert!(DOCUMENT.paths.paths.contains_key(path), "{path}");
        }
        assert!(render(&DOCUMENT).contains("POST /api/v1/clips/{id}/approvals"));
    }
}

//! What is no question: each gets a bounded answer or a clear no, and nothing fails.

use crate::http::{Call, router};
use crate::stage::{index, published, staff};
use crate::support::TestApp;
use axum::http::StatusCode;
use ishara::people::Role;
use serde_json::{Value, json};

on_both_engines!(
    every_text_is_matched_or_refused,
    every_text_is_searched_or_refused,
    every_text_is_taken_in_or_refused
);

/// Empty, pictures, far too long, one letter, other scripts, markup, brackets, controls.
fn texts() -> Vec<String> {
    vec![
        String::new(),
        "   \n ".into(),
        "🙂🙏🤟".into(),
        "كلمة ".repeat(20_000),
        "ا".repeat(100_000),
        "ا".repeat(1_900),
        "漢字 ไทย עברית ελληνικά".into(),
        "<script>alert(1)</script><img src=x onerror=alert(1)>".into(),
        "[(<{".repeat(400),
        "\u{202e}\u{0}\u{7}\u{1b}[31m".into(),
        "ـ\u{64b}".repeat(900),
        "\u{301}".repeat(7_000),
        "state:private OR 1=1; DROP TABLE question; --".into(),
        "%00%0d%0a ..\\../ {{7*7}} ${jndi}".into(),
        "1".repeat(1_999),
    ]
}

async fn every_text_is_matched_or_refused(app: TestApp) {
    published(&app, "renew", "كيف أجدد الهوية الوطنية؟").await;
    index(&app).await;
    let agent = staff(&app, "agent", Role::Agent).await;
    let (token, router) = (app.token(agent.id).await, router(&app));
    for text in texts() {
        let answer = Call::new("POST", "/match").token(&token).send(&router, json!({ "text": text })).await;
        let start: String = text.chars().take(20).collect();
        match answer.status {
            StatusCode::OK => assert!(answer.json["candidates"].as_array().unwrap().len() <= 5, "{start:?}"),
            StatusCode::UNPROCESSABLE_ENTITY | StatusCode::PAYLOAD_TOO_LARGE => {
                assert!(!answer.problem().is_empty(), "{start:?}");
            }
            other => panic!("{start:?}: {other}"),
        }
    }
}

async fn every_text_is_searched_or_refused(app: TestApp) {
    published(&app, "renew", "كيف أجدد الهوية الوطنية؟").await;
    index(&app).await;
    let agent = staff(&app, "agent", Role::Agent).await;
    let (token, router) = (app.token(agent.id).await, router(&app));
    for text in texts() {
        let words: String = text.bytes().take(6_000).map(|byte| format!("%{byte:02X}")).collect();
        let path = format!("/search?q={words}");
        let answer = Call::new("GET", &path).token(&token).send(&router, Value::Null).await;
        assert!(!answer.status.is_server_error(), "{}: {}", answer.status, answer.json);
    }
    for (name, value) in [("from", "yesterday"), ("until", "2026-13-40"), ("kind", "poem"), ("after", "x")] {
        let path = format!("/search?q=a&{name}={value}");
        let answer = Call::new("GET", &path).token(&token).send(&router, Value::Null).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
    }
    let path =
        "/search?q=%D8%A7%D9%84%D9%87%D9%88%D9%8A%D8%A9&from=2000-01-01&until=2100-01-01&sign_language=sdl";
    let answer = Call::new("GET", path).token(&token).send(&router, Value::Null).await;
    assert_eq!(
        (answer.status, answer.json["hits"][0]["clip"]["slug"].as_str()),
        (StatusCode::OK, Some("renew"))
    );
}

async fn every_text_is_taken_in_or_refused(app: TestApp) {
    let agent = staff(&app, "agent", Role::Agent).await;
    let (token, router) = (app.token(agent.id).await, router(&app));
    for text in texts() {
        let answer =
            Call::new("POST", "/questions").token(&token).send(&router, json!({ "text": text })).await;
        let fine = answer.status == StatusCode::CREATED || answer.status.is_client_error();
        assert!(fine, "{}: {}", answer.status, answer.json);
    }
}

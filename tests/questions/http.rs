//! The API of asking, matching and the desk, through the real router.

use crate::stage::{claimed, published, run_jobs, staff, woman};
use crate::support::TestApp;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use ishara::people::Role;
use ishara::questions::UNDO_FOR;
use serde_json::{Value, json};
use tower::ServiceExt as _;

on_both_engines!(
    a_question_goes_all_the_way_through_the_api,
    the_desk_asks_back_and_the_asker_answers_through_the_api,
    an_asker_page_keeps_what_was_typed_when_a_rule_says_no,
    an_idempotency_key_gives_the_first_answer_again_and_opens_nothing_for_others,
    a_code_in_a_question_is_answered_with_the_safety_notice,
    bad_questions_get_problem_details_and_change_nothing,
    the_short_code_form_is_limited,
    matching_is_public_and_shows_masks_and_route,
    visitors_and_wrong_roles_get_no_desk,
    a_stale_version_is_refused,
    the_answer_to_an_asker_is_kept_by_no_cache,
);

/// A request and its answer.
pub struct Call {
    request: axum::http::request::Builder,
}

impl Call {
    pub fn new(method: &str, path: &str) -> Self {
        Self { request: Request::builder().method(method).uri(format!("/api/v1{path}")) }
    }

    pub fn token(self, token: &str) -> Self {
        self.header("authorization", &format!("Bearer {token}"))
    }

    pub fn header(self, name: &str, value: &str) -> Self {
        Self { request: self.request.header(name, value) }
    }

    pub async fn send(self, router: &axum::Router, body: Value) -> Answer {
        let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
        self.header("content-type", "application/json").send_bytes(router, body).await
    }

    pub async fn send_bytes(self, router: &axum::Router, body: Body) -> Answer {
        let response = router.clone().oneshot(self.request.body(body).unwrap()).await.unwrap();
        let status = response.status();
        let headers = response.headers().clone();
        let bytes = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
        Answer { status, headers, json: serde_json::from_slice(&bytes).unwrap_or(Value::Null) }
    }
}

pub struct Answer {
    pub status: StatusCode,
    pub headers: axum::http::HeaderMap,
    pub json: Value,
}

impl Answer {
    /// The last part of the problem's type.
    pub fn problem(&self) -> &str {
        assert_eq!(self.headers["content-type"], "application/problem+json", "{}", self.json);
        assert!(self.json["detail_ar"].as_str().is_some_and(|text| !text.is_empty()));
        self.json["type"].as_str().unwrap().trim_start_matches("/api/problems/")
    }
}

pub fn router(app: &TestApp) -> axum::Router {
    ishara::web::router((**app).clone())
}

fn secret(asked: &Answer) -> String {
    asked.json["url"].as_str().unwrap().rsplit('/').next().unwrap().to_owned()
}

async fn a_question_goes_all_the_way_through_the_api(app: TestApp) {
    let clip = published(&app, "renew", "كيف أجدد الهوية الوطنية؟").await;
    let agent = staff(&app, "agent", Role::Agent).await;
    let token = app.token(agent.id).await;
    let router = router(&app);
    let text = json!({ "text": "كيف أجدد الهوية الوطنية؟" });
    let asked = Call::new("POST", "/questions").send(&router, text).await;
    assert_eq!(asked.status, StatusCode::CREATED);
    let secret = secret(&asked);
    run_jobs(&app).await;

    let list =
        Call::new("GET", "/desk/questions?state=matched").token(&token).send(&router, Value::Null).await;
    let id = list.json["questions"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(list.json["questions"][0]["best_title_ar"], "كيف أجدد الهوية الوطنية؟");
    let path = format!("/desk/questions/{id}");
    let claimed = Call::new("POST", &format!("{path}/claim")).token(&token).send(&router, Value::Null).await;
    assert_eq!((claimed.status, &claimed.json["state"]), (StatusCode::OK, &json!("claimed")));
    let shown = Call::new("GET", &path).token(&token).send(&router, Value::Null).await;
    assert_eq!(shown.json["suggestions"][0]["clip"]["id"], clip.to_string());
    assert_eq!(shown.json["reasons"][0]["code"], "general_question");
    let body = json!({ "clip_id": clip, "privacy": "public" });
    let reply =
        || Call::new("POST", &format!("{path}/replies")).token(&token).header("idempotency-key", "r1");
    let first = reply().send(&router, body.clone()).await;
    assert_eq!((first.status, &first.json["state"]), (StatusCode::CREATED, &json!("held")));
    let again = reply().send(&router, body).await;
    assert_eq!((again.status, again.json), (StatusCode::CREATED, first.json), "one reply, one answer");
    let other = reply().send(&router, json!({ "text": "نص آخر", "privacy": "public" })).await;
    assert_eq!(other.problem(), "idempotency.other_request");
    app.clock.advance(UNDO_FOR);
    run_jobs(&app).await;

    let case = Call::new("GET", &format!("/questions/{secret}")).send(&router, Value::Null).await;
    assert_eq!(case.json["status"], "answered");
    assert_eq!(case.json["replies"][0]["clip"]["slug"], "renew");
    let not = json!({ "understood": false });
    let again = Call::new("POST", &format!("/questions/{secret}/feedback")).send(&router, not).await;
    assert_eq!((again.status, &again.json["status"]), (StatusCode::OK, &json!("reopened")));
    let counts = Call::new("GET", "/desk/counts").token(&token).send(&router, Value::Null).await;
    assert_eq!(counts.json["open"], 1);
}

async fn the_desk_asks_back_and_the_asker_answers_through_the_api(app: TestApp) {
    let router = router(&app);
    let agent = staff(&app, "agent", Role::Agent).await;
    let token = app.token(agent.id).await;
    let asked = Call::new("POST", "/questions").send(&router, json!({ "text": "كيف أنقل سجلي؟" })).await;
    let secret = secret(&asked);
    run_jobs(&app).await;
    let path = format!("/desk/questions/{}", asked.json["id"].as_str().unwrap());
    let early = Call::new("POST", &format!("{path}/ask")).token(&token);
    assert_eq!(early.send(&router, json!({ "text": "أي سجل؟" })).await.problem(), "question.not_claimed");
    Call::new("POST", &format!("{path}/claim")).token(&token).send(&router, Value::Null).await;
    let back = Call::new("POST", &format!("{path}/ask")).token(&token);
    assert_eq!(back.send(&router, json!({ "text": "أي سجل؟" })).await.status, StatusCode::NO_CONTENT);

    let case = Call::new("GET", &format!("/questions/{secret}")).send(&router, Value::Null).await;
    assert_eq!((&case.json["status"], &case.json["can_write"]), (&json!("waiting_for_you"), &json!(true)));
    let answer = Call::new("POST", &format!("/questions/{secret}/messages"));
    let case = answer.send(&router, json!({ "text": "سجل الأسرة، جوالي 0551234567" })).await;
    assert_eq!(case.json["messages"][1]["author"], "asker");
    let shown = Call::new("GET", &path).token(&token).send(&router, Value::Null).await;
    assert_eq!((&shown.json["state"], &shown.json["privacy"]), (&json!("gap"), &json!("private")));
    assert_eq!(shown.json["messages"][1]["text"][1]["kind"], "mobile");
}

async fn an_asker_page_keeps_what_was_typed_when_a_rule_says_no(app: TestApp) {
    let (receipt, _, agent) = claimed(&app, "كيف أجدد الهوية الوطنية؟").await;
    ishara::questions::ask_asker(&app, &agent, receipt.id, "أي مدينة؟").await.unwrap();
    let typed = "a".repeat(2_001);
    let request = Request::builder()
        .method("POST")
        .uri(format!("/questions/{}/messages", receipt.secret))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from(format!("text={typed}")))
        .unwrap();
    let response = router(&app).oneshot(request).await.unwrap();
    assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let page = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
    let page = String::from_utf8(page.to_vec()).unwrap();
    assert!(page.contains("النص طويل") && page.contains(&typed));
}

async fn an_idempotency_key_gives_the_first_answer_again_and_opens_nothing_for_others(app: TestApp) {
    let router = router(&app);
    let ask = |text: &'static str| {
        let router = router.clone();
        async move {
            let call = Call::new("POST", "/questions").header("idempotency-key", "1");
            call.send(&router, json!({ "text": text })).await
        }
    };
    let first = ask("أين أقرب مكتب؟").await;
    let again = ask("أين أقرب مكتب؟").await;
    assert_eq!((again.status, &again.json), (StatusCode::CREATED, &first.json));
    assert_eq!(again.headers["idempotent-replayed"], "true");
    let other = ask("متى يفتح المكتب؟").await;
    assert_ne!(other.json["url"], first.json["url"], "another person with the same key sees their own case");
    let bad = Call::new("POST", "/questions").header("idempotency-key", "");
    assert_eq!(bad.send(&router, json!({ "text": "سؤال" })).await.problem(), "idempotency.bad_key");
}

async fn a_code_in_a_question_is_answered_with_the_safety_notice(app: TestApp) {
    let router = router(&app);
    let text = json!({ "text": "وصلني رمز التحقق 739164 ارسله؟" });
    let asked = Call::new("POST", "/questions").send(&router, text).await;
    assert!(asked.json["safety"]["message_ar"].as_str().unwrap().contains("لا تشارك"));
    let case = Call::new("GET", &format!("/questions/{}", secret(&asked))).send(&router, Value::Null).await;
    let shown = case.json.to_string();
    assert!(!shown.contains("739164") && shown.contains("\"otp\""), "{shown}");
    assert!(crate::stage::files_with(&app, "739164").is_empty());
}

async fn bad_questions_get_problem_details_and_change_nothing(app: TestApp) {
    let router = router(&app);
    for (body, status, problem) in [
        (json!({}), StatusCode::UNPROCESSABLE_ENTITY, "question.empty"),
        (json!({ "text": "س".repeat(2_001) }), StatusCode::UNPROCESSABLE_ENTITY, "question.too_long"),
        (json!({ "text": "سؤال", "color": "red" }), StatusCode::UNPROCESSABLE_ENTITY, "malformed"),
        (json!({ "text": 5 }), StatusCode::UNPROCESSABLE_ENTITY, "malformed"),
        (
            json!({ "text": "سؤال", "upload_id": "upload_nothing" }),
            StatusCode::UNPROCESSABLE_ENTITY,
            "malformed",
        ),
        (
            json!({ "text": "سؤال", "service": "no.such" }),
            StatusCode::UNPROCESSABLE_ENTITY,
            "service.unknown",
        ),
    ] {
        let answer = Call::new("POST", "/questions").send(&router, body.clone()).await;
        assert_eq!((answer.status, answer.problem()), (status, problem), "{body}");
    }
    let broken = Call::new("POST", "/questions").header("content-type", "application/json");
    let broken = broken.send_bytes(&router, Body::from("{\"text\":")).await;
    assert_eq!((broken.status, broken.problem()), (StatusCode::BAD_REQUEST, "malformed"));
    let plain = Call::new("POST", "/questions").send_bytes(&router, Body::from("سؤال")).await;
    assert_eq!(plain.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let huge = json!({ "text": "a".repeat(3 << 20) });
    let huge = Call::new("POST", "/questions").send(&router, huge).await;
    assert_eq!(huge.status, StatusCode::PAYLOAD_TOO_LARGE);
    let mut read = app.db.read().await.unwrap();
    let rows: i64 = ishara::db::query("SELECT COUNT(*) FROM question").value(&mut read).await.unwrap();
    assert_eq!(rows, 0);
}

async fn the_short_code_form_is_limited(app: TestApp) {
    let router = router(&app);
    let asked = Call::new("POST", "/questions").send(&router, json!({ "text": "أين أقرب مكتب؟" })).await;
    let code = asked.json["code"].clone();
    let status = Call::new("POST", "/questions/status").send(&router, json!({ "code": code })).await;
    assert_eq!(status.json["status"], "received");
    assert_eq!(status.json.as_object().unwrap().len(), 4, "nothing but the status");
    let mut answers = Vec::new();
    for _ in 0..12 {
        let guess = json!({ "code": "ABCDEFG" });
        answers.push(Call::new("POST", "/questions/status").send(&router, guess).await);
    }
    assert_eq!(answers[0].status, StatusCode::NOT_FOUND);
    let last = answers.last().unwrap();
    assert_eq!((last.status, last.problem()), (StatusCode::TOO_MANY_REQUESTS, "too_many"));
    assert!(last.headers.contains_key("retry-after"));
}

async fn matching_is_public_and_shows_masks_and_route(app: TestApp) {
    published(&app, "renew", "كيف أجدد الهوية الوطنية؟").await;
    crate::stage::index(&app).await;
    let router = router(&app);
    let text = json!({ "text": "كيف أجدد الهوية الوطنية 1000000008", "limit": 3 });
    let found = Call::new("POST", "/match").send(&router, text).await;
    assert_eq!(found.status, StatusCode::OK);
    assert_eq!(found.json["redactions"][0]["kind"], "national_id");
    assert_eq!(found.json["route"]["privacy"], "private");
    assert!(!found.json.to_string().contains("1000000008"));
    assert_eq!(found.json["candidates"][0]["clip"]["slug"], "renew");
    assert!(crate::stage::files_with(&app, "1000000008").is_empty());
    let empty = Call::new("POST", "/match").send(&router, json!({ "text": " " })).await;
    assert_eq!(empty.problem(), "question.empty");
}

async fn visitors_and_wrong_roles_get_no_desk(app: TestApp) {
    let router = router(&app);
    let producer = app.token(staff(&app, "producer", Role::Producer).await.id).await;
    let auditor = app.token(woman(&app, "auditor", Role::Auditor).await.id).await;
    Call::new("POST", "/questions").send(&router, json!({ "text": "أين أقرب مكتب؟" })).await;
    run_jobs(&app).await;
    let nobody = Call::new("GET", "/desk/questions").send(&router, Value::Null).await;
    assert_eq!((nobody.status, nobody.problem()), (StatusCode::UNAUTHORIZED, "sign_in"));
    let wrong = Call::new("GET", "/desk/questions").token(&producer).send(&router, Value::Null).await;
    assert_eq!((wrong.status, wrong.problem()), (StatusCode::FORBIDDEN, "forbidden"));
    let list = Call::new("GET", "/desk/questions").token(&auditor).send(&router, Value::Null).await;
    let id = list.json["questions"][0]["id"].as_str().unwrap().to_owned();
    for (method, path) in [
        ("POST", format!("/desk/questions/{id}/claim")),
        ("DELETE", format!("/desk/questions/{id}/claim")),
        ("POST", format!("/desk/questions/{id}/reveal")),
    ] {
        let answer = Call::new(method, &path).token(&auditor).send(&router, Value::Null).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{method} {path}");
    }
    let nothing =
        Call::new("GET", "/desk/questions/question_x").token(&auditor).send(&router, Value::Null).await;
    assert_eq!(nothing.status, StatusCode::NOT_FOUND);
    let filter =
        Call::new("GET", "/desk/questions?state=lost").token(&auditor).send(&router, Value::Null).await;
    assert_eq!((filter.status, filter.problem()), (StatusCode::UNPROCESSABLE_ENTITY, "desk.bad_filter"));
}

async fn a_stale_version_is_refused(app: TestApp) {
    let router = router(&app);
    let token = app.token(staff(&app, "agent", Role::Agent).await.id).await;
    Call::new("POST", "/questions").send(&router, json!({ "text": "أين أقرب مكتب؟" })).await;
    run_jobs(&app).await;
    let list = Call::new("GET", "/desk/questions").token(&token).send(&router, Value::Null).await;
    let path = format!("/desk/questions/{}", list.json["questions"][0]["id"].as_str().unwrap());
    let shown = Call::new("GET", &path).token(&token).send(&router, Value::Null).await;
    let etag = shown.headers["etag"].to_str().unwrap().to_owned();
    let claim = format!("{path}/claim");
    let fresh =
        Call::new("POST", &claim).token(&token).header("if-match", &etag).send(&router, json!({})).await;
    assert_eq!(fresh.status, StatusCode::OK);
    let stale =
        Call::new("POST", &claim).token(&token).header("if-match", &etag).send(&router, json!({})).await;
    assert_eq!((stale.status, stale.problem()), (StatusCode::PRECONDITION_FAILED, "stale"));
}

async fn the_answer_to_an_asker_is_kept_by_no_cache(app: TestApp) {
    let router = router(&app);
    let asked = Call::new("POST", "/questions").send(&router, json!({ "text": "أين أقرب مكتب؟" })).await;
    let case = Call::new("GET", &format!("/questions/{}", secret(&asked))).send(&router, Value::Null).await;
    for answer in [&asked, &case] {
        assert_eq!(answer.headers["cache-control"], "no-store");
        assert_eq!(answer.headers["referrer-policy"], "no-referrer");
        assert_eq!(answer.headers["x-robots-tag"], "noindex");
    }
    let guessed =
        Call::new("GET", "/questions/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA").send(&router, Value::Null).await;
    assert_eq!((guessed.status, guessed.problem()), (StatusCode::NOT_FOUND, "not_found"));
}

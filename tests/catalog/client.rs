//! A program with a token that talks JSON to the real router.

use crate::support::TestApp;
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode};
use axum::response::Response;
use ishara::ids::StaffId;
use ishara::people::Role;
use serde_json::{Value, json};
use tower::ServiceExt as _;

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    async fn of(response: Response) -> Self {
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.unwrap().to_vec();
        Self { status: parts.status, headers: parts.headers, body }
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("{}", self.text()))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The code of a refusal, after checking that it speaks both languages.
    pub fn problem(&self) -> String {
        assert_eq!(
            self.header("content-type"),
            "application/problem+json",
            "{} {}",
            self.status,
            self.text()
        );
        let problem = self.json();
        assert!(problem["detail_ar"].as_str().unwrap().chars().any(|c| ('\u{621}'..='\u{64a}').contains(&c)));
        problem["type"].as_str().unwrap().trim_start_matches("/api/problems/").to_owned()
    }

    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        self
    }
}

#[derive(Clone)]
pub struct Client {
    router: Router,
    token: Option<String>,
}

impl Client {
    pub fn nobody(app: &TestApp) -> Self {
        Self { router: ishara::web::router((**app).clone()), token: None }
    }

    pub async fn with_role(app: &TestApp, name: &str, role: Role) -> Self {
        let id = app.staff(name, role).await;
        Self { token: Some(app.token(id).await), ..Self::nobody(app) }
    }

    /// A person who is there already.
    pub async fn of(app: &TestApp, staff: StaffId) -> Self {
        Self { token: Some(app.token(staff).await), ..Self::nobody(app) }
    }

    /// A page as a browser asks for it.
    pub async fn page(&self, path: &str) -> Answer {
        let request = Request::get(path).body(Body::empty()).unwrap();
        Answer::of(self.router.clone().oneshot(request).await.unwrap()).await
    }

    pub async fn call(&self, method: Method, path: &str, headers: &[(&str, &str)], body: Body) -> Answer {
        let mut request = Request::builder().method(method).uri(format!("/api/v1{path}"));
        if let Some(token) = &self.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        Answer::of(self.router.clone().oneshot(request.body(body).unwrap()).await.unwrap()).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.call(Method::GET, path, &[], Body::empty()).await
    }

    pub async fn send(&self, method: Method, path: &str, body: Value) -> Answer {
        let json = [("content-type", "application/json")];
        self.call(method, path, &json, Body::from(body.to_string())).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(Method::POST, path, body).await
    }

    pub async fn captions(&self, clip: &str, vtt: &str) -> Answer {
        let kind = [("content-type", "text/vtt")];
        let path = format!("/clips/{clip}/captions/ar");
        self.call(Method::PUT, &path, &kind, Body::from(vtt.to_owned())).await
    }

    /// Sends a whole file as one upload and returns its id.
    pub async fn upload(&self, bytes: Vec<u8>) -> String {
        let length = bytes.len().to_string();
        let headers = [
            ("tus-resumable", "1.0.0"),
            ("upload-length", length.as_str()),
            ("content-type", "application/offset+octet-stream"),
        ];
        let answer = self.call(Method::POST, "/uploads", &headers, Body::from(bytes)).await.expect(201);
        answer.header("location").rsplit('/').next().unwrap().to_owned()
    }

    /// A draft about renewing an ID; returns its id.
    pub async fn draft(&self, title: &str) -> String {
        let answer = self.post("/clips", new_clip(title)).await.expect(201);
        answer.json()["id"].as_str().unwrap().to_owned()
    }
}

pub fn new_clip(title: &str) -> Value {
    json!({
        "kind": "answer",
        "service": "id.renew",
        "title_ar": title,
        "summary_ar": "حدّث صورتك ثم قدّم الطلب في أبشر.",
    })
}

pub const VTT: &str = "WEBVTT\n\n00:00.200 --> 00:01.900\nحدّث صورتك\n";

//! Speaks to the real router without a socket.

use crate::support::TestApp;
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode};
use ishara::people::Role;
use tower::ServiceExt as _;

/// An answer, read whole.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().expect("headers are ASCII"))
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).expect("the body is JSON")
    }

    /// The last part of the problem type, after checking that the refusal is one in both languages.
    pub fn problem(&self) -> String {
        assert_eq!(self.header("content-type"), Some("application/problem+json"));
        let problem = self.json();
        assert_eq!(problem["status"], self.status.as_u16());
        assert!(
            problem["detail"].as_str().is_some_and(|text| text.ends_with(['.', '!']) || text.contains(' '))
        );
        let arabic = problem["detail_ar"].as_str().expect("an Arabic sentence");
        assert!(arabic.chars().any(|c| ('\u{621}'..='\u{64a}').contains(&c)), "{arabic}");
        problem["type"].as_str().expect("a type").trim_start_matches("/api/problems/").to_owned()
    }
}

/// A program that talks tus, with or without a right to.
#[derive(Clone)]
pub struct Tus {
    router: Router,
    authorization: Option<String>,
}

impl Tus {
    pub fn nobody(app: &TestApp) -> Self {
        Self { router: ishara::web::router((**app).clone()), authorization: None }
    }

    pub async fn staff(app: &TestApp, name: &str, role: Role) -> Self {
        let token = app.token(app.staff(name, role).await).await;
        Self::nobody(app).with_token(&token)
    }

    pub fn with_token(&self, token: &str) -> Self {
        Self { authorization: Some(format!("Bearer {token}")), router: self.router.clone() }
    }

    pub async fn producer(app: &TestApp) -> Self {
        Self::staff(app, "producer", Role::Producer).await
    }

    pub fn with_ticket(&self, ticket: &str) -> Self {
        Self { authorization: Some(format!("Ticket {ticket}")), router: self.router.clone() }
    }

    /// A request exactly as given, plus the authorization.
    pub async fn raw(&self, method: Method, path: &str, headers: &[(&str, &str)], body: Body) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(authorization) = &self.authorization {
            request = request.header("authorization", authorization);
        }
        let request = request.body(body).expect("the request is well formed");
        let response = self.router.clone().oneshot(request).await.expect("the router always answers");
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.expect("the body can be read").to_vec();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    /// A request of the tus protocol; checks that the answer speaks it too.
    pub async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Body>,
    ) -> Answer {
        let mut all = vec![("tus-resumable", "1.0.0")];
        all.extend_from_slice(headers);
        let answer = self.raw(method, path, &all, body.into()).await;
        assert_eq!(answer.header("tus-resumable"), Some("1.0.0"), "on every answer, {}", answer.status);
        answer
    }

    pub async fn create(&self, headers: &[(&str, &str)]) -> Answer {
        self.send(Method::POST, "/api/v1/uploads", headers, Body::empty()).await
    }

    /// Begins an upload of `length` bytes and returns where it is.
    pub async fn begin(&self, length: u64) -> String {
        let answer = self.create(&[("upload-length", &length.to_string())]).await;
        assert_eq!(answer.status, 201);
        answer.header("location").expect("a location").to_owned()
    }

    pub async fn patch(&self, at: &str, offset: u64, body: impl Into<Body>) -> Answer {
        self.patch_with(at, offset, &[], body).await
    }

    pub async fn patch_with(
        &self,
        at: &str,
        offset: u64,
        more: &[(&str, &str)],
        body: impl Into<Body>,
    ) -> Answer {
        let offset = offset.to_string();
        let mut headers =
            vec![("upload-offset", offset.as_str()), ("content-type", "application/offset+octet-stream")];
        headers.extend_from_slice(more);
        self.send(Method::PATCH, at, &headers, body).await
    }

    pub async fn head(&self, at: &str) -> Answer {
        self.send(Method::HEAD, at, &[], Body::empty()).await
    }

    pub async fn delete(&self, at: &str) -> Answer {
        self.send(Method::DELETE, at, &[], Body::empty()).await
    }

    /// What the server says it holds.
    pub async fn offset(&self, at: &str) -> u64 {
        let answer = self.head(at).await;
        assert_eq!(answer.status, 200);
        answer.header("upload-offset").expect("an offset").parse().expect("a number")
    }
}

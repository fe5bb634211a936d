//! A browser without script: a session cookie, pages, and forms.

use crate::support::TestApp;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use ishara::ids::StaffId;
use ishara::people;
use tower::ServiceExt as _;

/// One person's browser.
pub struct Browser {
    router: axum::Router,
    cookie: Option<String>,
}

/// What a page answered.
pub struct Page {
    pub status: StatusCode,
    pub location: String,
    pub cookies: String,
    pub text: String,
}

impl Browser {
    /// Nobody is signed in.
    pub fn visitor(app: &TestApp) -> Self {
        Self { router: ishara::web::router((**app).clone()), cookie: None }
    }

    /// A signed-in person.
    pub async fn of(app: &TestApp, staff: StaffId) -> Self {
        let mut tx = app.db.begin().await.unwrap();
        let secret = people::start_session(&mut tx, staff).await.unwrap();
        tx.commit().await.unwrap();
        Self { cookie: Some(format!("ishara_session={secret}")), ..Self::visitor(app) }
    }

    /// The same browser with another cookie.
    pub fn with_cookie(self, cookie: &str) -> Self {
        Self { cookie: Some(cookie.to_owned()), ..self }
    }

    /// `GET`.
    pub async fn open(&self, path: &str) -> Page {
        self.send(Request::get(path), Body::empty()).await
    }

    /// `POST` of a form as this site's own page sends it.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(fields);
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin");
        self.send(request, Body::from(form.finish())).await
    }

    /// `POST` of a form in parts, whose body is given whole, with `--b` between the parts.
    pub async fn post_parts(&self, path: &str, body: String) -> Page {
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=b")
            .header("sec-fetch-site", "same-origin");
        self.send(request, Body::from(body)).await
    }

    /// `POST` of a form from another site.
    pub async fn post_from_elsewhere(&self, path: &str) -> Page {
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ORIGIN, "https://example.org")
            .header("sec-fetch-site", "cross-site");
        self.send(request, Body::empty()).await
    }

    async fn send(&self, mut request: axum::http::request::Builder, body: Body) -> Page {
        request = request.header(header::HOST, "127.0.0.1:8080");
        if let Some(cookie) = &self.cookie {
            request = request.header(header::COOKIE, cookie);
        }
        let response = self.router.clone().oneshot(request.body(body).unwrap()).await.unwrap();
        let text_of = |name| {
            let all = response.headers().get_all(name).iter();
            all.filter_map(|value| value.to_str().ok()).collect::<Vec<_>>().join("; ")
        };
        let (status, location, cookies) =
            (response.status(), text_of(header::LOCATION), text_of(header::SET_COOKIE));
        let bytes = axum::body::to_bytes(response.into_body(), 1 << 22).await.unwrap();
        Page { status, location, cookies, text: String::from_utf8_lossy(&bytes).into_owned() }
    }
}

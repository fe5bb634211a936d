//! Signing in and out.

use super::form::{Field, Said};
use super::guard::Visit;
use crate::app::App;
use crate::people::{self, Role};
use crate::web::AppError;
use crate::web::client::Client;
use crate::web::forms::FormErrors;
use crate::web::i18n::Words;
use crate::web::layout::{Section, Shell, Tone, page};
use crate::web::rate::RateLimit;
use crate::web::who::{Caller, Reader, session_cookie, session_cookie_name};
use askama::Template;
use axum::Extension;
use axum::extract::{Form, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::cookie::CookieJar;
use serde::Deserialize;
use std::sync::Arc;
use std::time::Duration;

/// Tries of one address: a burst of this many, refilled over [`REFILL`].
const TRIES: u32 = 10;
const REFILL: Duration = Duration::from_secs(5 * 60);

/// How often an address may try a password.
pub(crate) struct SignInLimit(RateLimit);

impl SignInLimit {
    pub(super) fn new(app: &App) -> Self {
        Self(RateLimit::new(app.clock.clone(), TRIES, REFILL))
    }
}

/// The login page.
#[derive(Template)]
#[template(path = "staff/login.html")]
struct LoginPage {
    t: Words,
    shell: Shell,
    said: Option<Said>,
    errors: FormErrors,
    fields: Vec<Field>,
}

/// Where to go afterwards, and why one is here.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Arrival {
    #[serde(default)]
    next: String,
    #[serde(default)]
    ended: String,
    #[serde(default)]
    out: String,
}

/// What the login form sends.
#[derive(Deserialize)]
pub(super) struct Login {
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    next: String,
}

/// `GET /login`.
pub(super) async fn show(
    caller: Option<Caller>,
    reader: Reader,
    Query(arrival): Query<Arrival>,
) -> Result<Response, AppError> {
    if let Some(caller) = caller {
        return Ok(Redirect::to(local(&arrival.next).unwrap_or(home_of(caller.role()))).into_response());
    }
    let t = Words::of(reader.lang);
    let said = match (arrival.out.as_str(), arrival.ended.as_str(), arrival.next.as_str()) {
        ("yes", _, _) => Some(Said::new(Tone::Ok, t.get("login-out"))),
        ("", "", "") => None,
        _ => Some(Said::new(Tone::Info, t.get("login-first"))),
    };
    let form = Login { email: String::new(), password: String::new(), next: arrival.next };
    login_page(&reader, &form, said, FormErrors::none())
}

fn login_page(
    reader: &Reader,
    form: &Login,
    said: Option<Said>,
    errors: FormErrors,
) -> Result<Response, AppError> {
    let shell = Shell::new(reader, Section::Elsewhere);
    let t = shell.t;
    let fields = vec![
        Field::typed("email", "email", t.get("login-email"), form.email.as_str(), "username"),
        Field::typed("password", "password", t.get("login-password"), "", "current-password"),
        Field::kept("next", local(&form.next).unwrap_or_default()),
    ];
    page(&LoginPage { t, shell, said, errors, fields })
}

/// `POST /login`. An unknown account, a wrong password and a switched-off account are answered alike.
pub(super) async fn enter(
    State(app): State<App>,
    Extension(limit): Extension<Arc<SignInLimit>>,
    Client(address): Client,
    reader: Reader,
    jar: CookieJar,
    Form(form): Form<Login>,
) -> Result<Response, AppError> {
    let t = Words::of(reader.lang);
    if let Err(refusal) = limit.0.take(address) {
        let mut errors = FormErrors::none();
        errors.add("", reader.lang.pick(&refusal.ar, &refusal.en));
        return refused(StatusCode::TOO_MANY_REQUESTS, login_page(&reader, &form, None, errors)?);
    }
    let mut read = app.db.read().await?;
    let found = people::find_by_email(&mut read, &form.email).await?;
    drop(read);
    let (staff, hash) = found.map_or((None, None), |(staff, hash)| (Some(staff), hash));
    let Ok(right) = app.passwords.matches(form.password.clone(), hash).await else {
        let mut errors = FormErrors::none();
        errors.add("", t.get("login-busy"));
        return refused(StatusCode::SERVICE_UNAVAILABLE, login_page(&reader, &form, None, errors)?);
    };
    let Some(staff) = staff.filter(|staff| right && staff.active) else {
        let mut errors = FormErrors::none();
        errors.add("email", t.get("login-wrong"));
        return refused(StatusCode::UNPROCESSABLE_ENTITY, login_page(&reader, &form, None, errors)?);
    };
    let mut tx = app.db.begin().await?;
    // A session that was open in this browser ends: a new sign-in always has a new secret.
    if let Some(old) = jar.get(session_cookie_name(&app)) {
        people::end_session(&mut tx, old.value()).await?;
    }
    let secret = people::start_session(&mut tx, staff.id).await?;
    tx.commit().await?;
    let to = local(&form.next).unwrap_or(home_of(staff.role)).to_owned();
    Ok((jar.add(session_cookie(&app, secret)), Redirect::to(&to)).into_response())
}

fn refused(status: StatusCode, mut page: Response) -> Result<Response, AppError> {
    *page.status_mut() = status;
    if matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE) {
        page.headers_mut()
            .insert(axum::http::header::RETRY_AFTER, axum::http::HeaderValue::from_static("30"));
    }
    Ok(page)
}

/// `POST /logout`.
pub(super) async fn leave(visit: Visit, jar: CookieJar) -> Result<Response, AppError> {
    let app = &visit.app;
    if let Some(cookie) = jar.get(session_cookie_name(app)) {
        let mut tx = app.db.begin().await?;
        people::end_session(&mut tx, cookie.value()).await?;
        tx.commit().await?;
    }
    let gone = session_cookie(app, String::new());
    Ok((jar.add(gone), Redirect::to("/login?out=yes")).into_response())
}

/// Where a person with this role starts to work.
pub(crate) fn home_of(role: Role) -> &'static str {
    match role {
        Role::Producer | Role::LinguisticReviewer | Role::DepartmentReviewer => "/studio",
        Role::Agent | Role::Supervisor => "/desk",
        Role::Administrator => "/admin",
        Role::Auditor => "/audit",
    }
}

/// A path of this site that is worth returning to; never another site, and never the login page itself.
fn local(path: &str) -> Option<&str> {
    let own = path.starts_with('/')
        && !path[1..].starts_with(['/', '\\'])
        && !path.contains(|c: char| c.is_control() || c == '\\');
    (own && path != "/" && !path.starts_with("/login")).then_some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_in_returns_only_to_this_site() {
        assert_eq!(local("/studio/clips/x?a=b"), Some("/studio/clips/x?a=b"));
        for elsewhere in
            ["//example.org", "/\\example.org", "https://example.org", "/login?next=/", "", "/a\nb", "/"]
        {
            assert_eq!(local(elsewhere), None, "{elsewhere:?}");
        }
    }
}

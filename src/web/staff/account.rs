//! The own account: who one is here, and a new password.

use super::form::{Field, FormPage};
use super::guard::Visit;
use crate::people::{self, check_strength};
use crate::refusal::Refusal;
use crate::web::AppError;
use crate::web::forms::FormErrors;
use crate::web::layout::{StaffSection, page, role_key};
use crate::web::preferences::see_other;
use crate::web::who::session_cookie;
use axum::extract::Form;
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use axum::response::Response;
use axum_extra::extract::cookie::CookieJar;
use serde::Deserialize;

/// What the form sends.
#[derive(Deserialize)]
pub(super) struct NewPassword {
    #[serde(default)]
    old: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    again: String,
}

/// `GET /account`.
pub(super) async fn show(visit: Visit) -> Result<Response, AppError> {
    account_page(&visit, FormErrors::none())
}

fn account_page(visit: &Visit, errors: FormErrors) -> Result<Response, AppError> {
    let t = visit.t();
    let secret = |name, key, autocomplete| Field::typed("password", name, t.get(key), "", autocomplete);
    let fields = vec![
        secret("old", "password-old", "current-password"),
        secret("password", "password-new", "new-password").hint(t.get("password-new-hint")),
        secret("again", "password-again", "new-password"),
    ];
    let staff = &visit.caller.staff;
    let mut form = FormPage::new(
        visit.shell(StaffSection::Account),
        t.get("password-title"),
        "/account/password",
        fields,
    );
    form.lead = format!("{} · {} · {}", staff.display_name, t.get(role_key(staff.role)), staff.email);
    form.submit = t.get("password-change");
    form.errors = errors;
    page(&form)
}

/// `POST /account/password`: all sessions end, and this browser gets a new one.
pub(super) async fn change(
    visit: Visit,
    jar: CookieJar,
    Form(form): Form<NewPassword>,
) -> Result<Response, AppError> {
    let errors = check(&visit, &form).await?;
    if !errors.is_empty() {
        let mut response = account_page(&visit, errors)?;
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
        return Ok(response);
    }
    let app = &visit.app;
    let hash = app.passwords.hash(form.password).await?;
    let mut tx = app.db.begin().await?;
    people::change_password(&mut tx, visit.actor(), visit.id(), hash).await?;
    let secret = people::start_session(&mut tx, visit.id()).await?;
    tx.commit().await?;
    let jar = jar.add(session_cookie(app, secret));
    Ok((jar, see_other("/account", "notice-password-changed")).into_response())
}

async fn check(visit: &Visit, form: &NewPassword) -> Result<FormErrors, AppError> {
    let t = visit.t();
    let mut errors = FormErrors::none();
    if let Err(weak) = check_strength(&form.password) {
        errors.add("password", visit.words_of(&Refusal::from(weak)));
    } else if form.password != form.again {
        errors.add("again", t.get("password-differ"));
    }
    let mut read = visit.app.db.read().await?;
    let known = people::find_by_email(&mut read, &visit.caller.staff.email).await?;
    drop(read);
    let matched = visit.app.passwords.matches(form.old.clone(), known.and_then(|(_, hash)| hash)).await;
    match matched {
        Ok(true) => {}
        Ok(false) => errors.add("old", t.get("password-wrong")),
        Err(_busy) => errors.add("", t.get("login-busy")),
    }
    Ok(errors)
}

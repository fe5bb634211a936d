//! Signing in, signing out, and a new password.

use crate::support::TestApp;
use crate::support::browser::Browser;
use axum::http::StatusCode;
use ishara::audit::Actor;
use ishara::people::{self, Role};
use std::time::Duration;

on_both_engines!(
    a_sign_in_gives_a_new_session_and_leads_back,
    unknown_accounts_and_wrong_passwords_get_the_same_answer,
    guessing_is_stopped_after_ten_tries,
    signing_out_ends_the_session,
    a_new_password_ends_the_other_sessions,
    a_form_of_another_site_is_refused,
);

const PASSWORD: &str = "a long word that nobody guesses";

async fn agent(app: &TestApp) -> ishara::ids::StaffId {
    let id = app.staff("agent", Role::Agent).await;
    let hash = app.passwords.hash(PASSWORD.to_owned()).await.unwrap();
    let mut tx = app.db.begin().await.unwrap();
    people::change_password(&mut tx, Actor::System, id, hash).await.unwrap();
    tx.commit().await.unwrap();
    id
}

fn session_of(cookies: &str) -> &str {
    cookies.split(';').next().unwrap()
}

async fn a_sign_in_gives_a_new_session_and_leads_back(app: TestApp) {
    agent(&app).await;
    let visitor = Browser::visitor(&app);
    let form = [("email", " AGENT@example.sa"), ("password", PASSWORD), ("next", "/desk?show=late")];
    let first = visitor.post("/login", &form).await;
    assert_eq!((first.status, first.location.as_str()), (StatusCode::SEE_OTHER, "/desk?show=late"));
    assert!(
        first.cookies.contains("HttpOnly") && first.cookies.contains("SameSite=Lax"),
        "{}",
        first.cookies
    );
    let again = visitor.post("/login", &form).await;
    assert_ne!(session_of(&first.cookies), session_of(&again.cookies));
    let browser = Browser::visitor(&app).with_cookie(session_of(&first.cookies));
    assert_eq!(browser.open("/desk").await.status, StatusCode::OK);
    let elsewhere = [("email", "agent@example.sa"), ("password", PASSWORD), ("next", "//example.org")];
    assert_eq!(visitor.post("/login", &elsewhere).await.location, "/desk");
}

async fn unknown_accounts_and_wrong_passwords_get_the_same_answer(app: TestApp) {
    let id = agent(&app).await;
    let visitor = Browser::visitor(&app);
    let wrong = visitor.post("/login", &[("email", "agent@example.sa"), ("password", "wrong")]).await;
    let unknown = visitor.post("/login", &[("email", "nobody@example.sa"), ("password", "wrong")]).await;
    let mut tx = app.db.begin().await.unwrap();
    people::set_active(&mut tx, Actor::System, id, false).await.unwrap();
    tx.commit().await.unwrap();
    let off = visitor.post("/login", &[("email", "agent@example.sa"), ("password", PASSWORD)]).await;
    for answer in [&wrong, &unknown, &off] {
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(answer.cookies, "");
        assert!(answer.text.contains("البريد أو كلمة المرور غير صحيحين"));
    }
    assert_eq!(wrong.text, unknown.text.replace("nobody@example.sa", "agent@example.sa"));
}

async fn guessing_is_stopped_after_ten_tries(app: TestApp) {
    agent(&app).await;
    let visitor = Browser::visitor(&app);
    let guess = [("email", "agent@example.sa"), ("password", "guess")];
    for _ in 0..10 {
        assert_eq!(visitor.post("/login", &guess).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let right = [("email", "agent@example.sa"), ("password", PASSWORD)];
    assert_eq!(visitor.post("/login", &right).await.status, StatusCode::TOO_MANY_REQUESTS);
    app.clock.advance(Duration::from_secs(60));
    assert_eq!(visitor.post("/login", &right).await.status, StatusCode::SEE_OTHER);
}

async fn signing_out_ends_the_session(app: TestApp) {
    let id = agent(&app).await;
    let browser = Browser::of(&app, id).await;
    let out = browser.post("/logout", &[]).await;
    assert_eq!((out.status, out.location.as_str()), (StatusCode::SEE_OTHER, "/login?out=yes"));
    assert_eq!(browser.open("/desk").await.status, StatusCode::SEE_OTHER);
}

async fn a_new_password_ends_the_other_sessions(app: TestApp) {
    let id = agent(&app).await;
    let (here, there) = (Browser::of(&app, id).await, Browser::of(&app, id).await);
    let new = "another long word for the desk";
    let form = |old, again| [("old", old), ("password", new), ("again", again)];
    let wrong = here.post("/account/password", &form("wrong", new)).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("href=\"#old\"") && wrong.text.contains("data-focus-now"));
    let differ = here.post("/account/password", &form(PASSWORD, "x")).await;
    assert_eq!(differ.status, StatusCode::UNPROCESSABLE_ENTITY);
    let done = here.post("/account/password", &form(PASSWORD, new)).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    assert_eq!(there.open("/desk").await.status, StatusCode::SEE_OTHER);
    let fresh = done.cookies.split("; ").find(|part| part.starts_with("ishara_session=")).unwrap().to_owned();
    assert_eq!(Browser::visitor(&app).with_cookie(&fresh).open("/desk").await.status, StatusCode::OK);
}

async fn a_form_of_another_site_is_refused(app: TestApp) {
    let id = agent(&app).await;
    let browser = Browser::of(&app, id).await;
    assert_eq!(browser.post_from_elsewhere("/logout").await.status, StatusCode::FORBIDDEN);
    assert_eq!(browser.open("/desk").await.status, StatusCode::OK);
}

//! Accounts, sessions and tokens.

use crate::support::TestApp;
use ishara::audit::Actor;
use ishara::people::{self, Role, SESSION_IDLE, SESSION_MAX, Scope};
use ishara::refusal::Refusal;
use std::time::Duration;

on_both_engines!(
    an_address_has_one_account_in_any_case,
    an_idle_session_ends,
    a_session_in_use_ends_after_its_longest_time,
    a_person_switched_off_is_out_at_once,
    the_last_administrator_stays,
    two_editors_do_not_overwrite_each_other,
    a_revoked_token_is_useless,
);

fn code(error: &anyhow::Error) -> &'static str {
    error.downcast_ref::<Refusal>().expect("a refusal").code
}

async fn session(app: &TestApp, staff: ishara::ids::StaffId) -> String {
    let mut tx = app.db.begin().await.unwrap();
    let secret = people::start_session(&mut tx, staff).await.unwrap();
    tx.commit().await.unwrap();
    secret
}

async fn is_in(app: &TestApp, secret: &str) -> bool {
    people::find_session(&app.db, secret).await.unwrap().is_some()
}

async fn an_address_has_one_account_in_any_case(app: TestApp) {
    app.staff("noura", Role::Agent).await;
    let mut tx = app.db.begin().await.unwrap();
    let twin = people::NewStaff {
        email: " Noura@Example.SA ".to_owned(),
        display_name: "نورة".to_owned(),
        role: Role::Producer,
        department_id: None,
        woman: true,
        password_hash: "none".to_owned(),
    };
    assert_eq!(code(&people::add(&mut tx, Actor::System, twin).await.unwrap_err()), "account.email_taken");
}

async fn an_idle_session_ends(app: TestApp) {
    let secret = session(&app, app.staff("a", Role::Agent).await).await;
    app.clock.advance(SESSION_IDLE - Duration::from_secs(1));
    assert!(is_in(&app, &secret).await);
    app.clock.advance(SESSION_IDLE - Duration::from_secs(1));
    assert!(is_in(&app, &secret).await, "each use counts");
    app.clock.advance(SESSION_IDLE + Duration::from_secs(1));
    assert!(!is_in(&app, &secret).await);
}

async fn a_session_in_use_ends_after_its_longest_time(app: TestApp) {
    let secret = session(&app, app.staff("a", Role::Agent).await).await;
    let step = SESSION_IDLE / 2;
    for _ in 0..(SESSION_MAX.as_secs() / step.as_secs() - 1) {
        app.clock.advance(step);
        assert!(is_in(&app, &secret).await);
    }
    app.clock.advance(step);
    assert!(!is_in(&app, &secret).await);
}

async fn a_person_switched_off_is_out_at_once(app: TestApp) {
    let staff = app.staff("a", Role::Agent).await;
    let secret = session(&app, staff).await;
    let token = app.token(staff).await;
    let mut tx = app.db.begin().await.unwrap();
    people::set_active(&mut tx, Actor::System, staff, false).await.unwrap();
    tx.commit().await.unwrap();
    assert!(!is_in(&app, &secret).await);
    let mut read = app.db.read().await.unwrap();
    assert!(people::find_token(&mut read, &token, app.clock.now()).await.unwrap().is_none());
}

async fn the_last_administrator_stays(app: TestApp) {
    let first = app.staff("a", Role::Administrator).await;
    let mut tx = app.db.begin().await.unwrap();
    let refused = people::set_active(&mut tx, Actor::System, first, false).await.unwrap_err();
    assert_eq!(code(&refused), "account.last_administrator");
    drop(tx);
    app.staff("b", Role::Administrator).await;
    let mut tx = app.db.begin().await.unwrap();
    people::set_active(&mut tx, Actor::System, first, false).await.unwrap();
}

async fn two_editors_do_not_overwrite_each_other(app: TestApp) {
    let id = app.staff("a", Role::Agent).await;
    let mut tx = app.db.begin().await.unwrap();
    let mut mine = people::find(&mut tx, id).await.unwrap().unwrap();
    let mut theirs = mine.clone();
    theirs.display_name = "ب".to_owned();
    people::update(&mut tx, Actor::System, &theirs).await.unwrap();
    mine.display_name = "ج".to_owned();
    assert_eq!(code(&people::update(&mut tx, Actor::System, &mine).await.unwrap_err()), "stale");
}

async fn a_revoked_token_is_useless(app: TestApp) {
    let staff = app.staff("a", Role::Agent).await;
    let token = app.token(staff).await;
    let mut tx = app.db.begin().await.unwrap();
    let (owner, scopes) = people::find_token(&mut tx, &token, app.clock.now()).await.unwrap().unwrap();
    assert_eq!((owner.id, scopes.len()), (staff, Scope::ALL.len()));
    let (id,): (ishara::ids::TokenId,) =
        ishara::db::query("SELECT id FROM api_token").one(&mut tx).await.unwrap();
    people::revoke_token(&mut tx, Actor::System, id).await.unwrap();
    assert!(people::find_token(&mut tx, &token, app.clock.now()).await.unwrap().is_none());
}

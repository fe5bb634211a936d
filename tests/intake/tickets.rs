//! Citizens have no account: a ticket lets them send one file.

use crate::client::Tus;
use crate::support::TestApp;
use axum::body::Body;
use axum::http::Method;

on_both_engines! {
    a_ticket_opens_one_upload_and_only_that,
    a_ticket_has_limits_of_its_own,
    a_wrong_ticket_opens_nothing,
    tickets_are_rate_limited,
}

async fn ask(tus: &Tus) -> crate::client::Answer {
    tus.raw(Method::POST, "/api/v1/upload-tickets", &[], Body::empty()).await
}

async fn ticket(tus: &Tus) -> Tus {
    let answer = ask(tus).await;
    assert_eq!(answer.status, 201);
    tus.with_ticket(answer.json()["ticket"].as_str().unwrap())
}

async fn a_ticket_opens_one_upload_and_only_that(app: TestApp) {
    let nobody = Tus::nobody(&app);
    let citizen = ticket(&nobody).await;
    let at = citizen.begin(8).await;
    let answer = citizen.create(&[("upload-length", "8")]).await;
    assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (401, "upload.bad_ticket"));
    let other = ticket(&nobody).await;
    assert_eq!(other.head(&at).await.status, 404);
    assert_eq!(Tus::producer(&app).await.head(&at).await.status, 404);
    assert_eq!(citizen.patch(&at, 0, "01234567").await.header("upload-offset"), Some("8"));
    assert_eq!(citizen.offset(&at).await, 8);
}

async fn a_ticket_has_limits_of_its_own(app: TestApp) {
    let answer = ask(&Tus::nobody(&app)).await;
    assert_eq!(answer.json()["max_bytes"], 200 * 1024 * 1024);
    assert_eq!(answer.json()["max_seconds"], 90);
    assert_eq!(answer.json()["expires_at"], "2026-11-22T07:00:00Z");
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let citizen = Tus::nobody(&app).with_ticket(answer.json()["ticket"].as_str().unwrap());
    let answer = citizen.create(&[("upload-length", "209715201")]).await;
    assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (413, "upload.too_large"));
    citizen.begin(209_715_200).await;
}

async fn a_wrong_ticket_opens_nothing(app: TestApp) {
    let forged = Tus::nobody(&app).with_ticket("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    assert_eq!(forged.create(&[("upload-length", "8")]).await.problem(), "upload.bad_ticket");
}

async fn tickets_are_rate_limited(app: TestApp) {
    let nobody = Tus::nobody(&app);
    for _ in 0..30 {
        assert_eq!(ask(&nobody).await.status, 201);
    }
    let answer = ask(&nobody).await;
    assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (429, "too_many"));
    assert!(answer.header("retry-after").is_some());
}

//! Forms that carry a file: who may send them, and what is too much or did not arrive whole.

use crate::support::TestApp;
use crate::support::browser::Browser;
use axum::http::StatusCode;
use ishara::db::query;
use ishara::people::Role;

on_both_engines!(
    nothing_is_kept_of_a_file_whose_sender_may_not_answer,
    a_field_that_is_too_long_is_refused_and_too_many_are,
    a_form_that_was_cut_off_is_told,
    a_form_without_a_file_says_so_beside_the_file,
);

fn part(name: &str, value: &str) -> String {
    format!("--b\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
}

fn file(name: &str, bytes: &str) -> String {
    format!(
        "--b\r\ncontent-disposition: form-data; name=\"{name}\"; filename=\"a.mp4\"\r\n\
         content-type: video/mp4\r\n\r\n{bytes}\r\n"
    )
}

async fn uploads(app: &TestApp) -> i64 {
    query("SELECT COUNT(*) FROM upload").value(&mut app.db.read().await.unwrap()).await.unwrap()
}

async fn nothing_is_kept_of_a_file_whose_sender_may_not_answer(app: TestApp) {
    let path = "/desk/questions/01890a5d-ac96-774b-bcce-b302099a8057/replies";
    let body = file("video", &"x".repeat(2_000)) + "--b--\r\n";
    let auditor = Browser::of(&app, app.staff("auditor", Role::Auditor).await).await;
    assert_eq!(auditor.post_parts(path, body.clone()).await.status, StatusCode::FORBIDDEN);
    let visitor = Browser::visitor(&app).post_parts(path, body.clone()).await;
    assert_eq!(visitor.status, StatusCode::SEE_OTHER);
    assert_eq!(uploads(&app).await, 0);
    // An agent's file is read; the question does not exist.
    let agent = Browser::of(&app, app.staff("agent", Role::Agent).await).await;
    assert_eq!(agent.post_parts(path, body).await.status, StatusCode::NOT_FOUND);
    assert_eq!(uploads(&app).await, 1);
}

async fn a_field_that_is_too_long_is_refused_and_too_many_are(app: TestApp) {
    let visitor = Browser::visitor(&app);
    for body in [part("x", &"a".repeat(70_000)), part("x", "a").repeat(50), file("video", "a").repeat(2)] {
        let page = visitor.post_parts("/ask/video", body + "--b--\r\n").await;
        assert_eq!(page.status, StatusCode::PAYLOAD_TOO_LARGE);
        assert!(page.text.contains("كبير"), "{}", page.text);
    }
}

async fn a_form_that_was_cut_off_is_told(app: TestApp) {
    let cut = "--b\r\ncontent-disposition: form-data; name=\"wants_woman\"\r\n\r\nye".to_owned();
    let page = Browser::visitor(&app).post_parts("/ask/video", cut).await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
    assert!(page.text.contains("لم يصل النموذج كاملًا"), "{}", page.text);
}

async fn a_form_without_a_file_says_so_beside_the_file(app: TestApp) {
    let page =
        Browser::visitor(&app).post_parts("/ask/video", part("wants_woman", "yes") + "--b--\r\n").await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text.contains("اختر الفيديو أولًا."), "{}", page.text);
}

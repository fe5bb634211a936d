//! What was personal is gone when its time is over.

use crate::stage::{ask, load, run_jobs, sent, web};
use crate::support::TestApp;
use ishara::audit;
use ishara::db::query;
use ishara::ids::UploadId;
use ishara::questions::{self, NewQuestion};
use ishara::refusal::Refusal;
use std::time::Duration;

on_both_engines!(
    a_signed_question_is_private_and_its_upload_is_used_once,
    an_upload_that_is_not_a_citizens_cannot_be_attached,
    clear_text_and_video_are_deleted_after_ninety_days_with_proof,
);

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

async fn signed(app: &TestApp, name: &str, upload: UploadId) -> anyhow::Result<questions::Receipt> {
    let channel = web(app).await;
    let mut new = NewQuestion::text(channel, name, "");
    new.text = None;
    new.video = Some(upload);
    questions::receive(app, new).await
}

async fn a_signed_question_is_private_and_its_upload_is_used_once(app: TestApp) {
    let (upload, _) = sent(&app, b"a video".to_vec()).await;
    let receipt = signed(&app, "first", upload).await.unwrap();
    let question = load(&app, receipt.id).await;
    assert_eq!((question.privacy.as_str(), question.has_video()), ("private", true));
    assert!(question.reasons().contains(&"citizen_video".to_owned()));
    assert_eq!(signed(&app, "first", upload).await.unwrap().id, receipt.id, "a repetition is answered again");
    let refused = signed(&app, "second", upload).await.unwrap_err();
    assert_eq!(refused.downcast_ref::<Refusal>().unwrap().code, "upload.consumed");
}

async fn an_upload_that_is_not_a_citizens_cannot_be_attached(app: TestApp) {
    let (upload, _) = sent(&app, b"a video".to_vec()).await;
    let mut tx = app.db.begin().await.unwrap();
    query("UPDATE upload SET owner_kind = 'staff'").execute(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    let refused = signed(&app, "stolen", upload).await.unwrap_err();
    assert_eq!(refused.downcast_ref::<Refusal>().unwrap().code, "upload.not_found");
    let mut read = app.db.read().await.unwrap();
    let rows: i64 = query("SELECT COUNT(*) FROM question").value(&mut read).await.unwrap();
    assert_eq!(rows, 0, "nothing of the refused question stays");
}

async fn clear_text_and_video_are_deleted_after_ninety_days_with_proof(app: TestApp) {
    let (upload, blob) = sent(&app, b"a video".to_vec()).await;
    let video = signed(&app, "video", upload).await.unwrap();
    let text = ask(&app, "هويتي 1000000008 متى تخلص").await;
    questions::schedule_retention(&app).await.unwrap();
    app.clock.advance(89 * DAY);
    run_jobs(&app).await;
    assert!(load(&app, video.id).await.has_video());
    app.clock.advance(DAY);
    run_jobs(&app).await;
    let mut read = app.db.read().await.unwrap();
    let sealed: i64 =
        query("SELECT COUNT(*) FROM question WHERE clear_sealed IS NOT NULL OR video_key IS NOT NULL")
            .value(&mut read)
            .await
            .unwrap();
    assert_eq!(sealed, 0);
    assert_eq!(app.store.size(blob.key).await.unwrap(), None, "the video is gone from storage");
    assert_eq!(load(&app, video.id).await.video_state, "deleted");
    for id in [video.id, text.id] {
        let verbs = audit::about(&mut read, id.uuid()).await.unwrap();
        assert!(verbs.iter().any(|record| record.verb == "question.forgotten"));
    }
    drop(read);
    app.clock.advance(DAY);
    questions::schedule_retention(&app).await.unwrap();
    run_jobs(&app).await;
    let mut read = app.db.read().await.unwrap();
    let again: i64 =
        query("SELECT COUNT(*) FROM audit WHERE verb = 'question.forgotten'").value(&mut read).await.unwrap();
    assert_eq!(again, 2, "nothing is deleted twice");
}

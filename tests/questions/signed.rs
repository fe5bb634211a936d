//! Signed questions: checked and encoded anew in the cage before anybody sees them.

use crate::stage::{film, load, published, run_jobs, run_media, sent, staff, web};
use crate::support::TestApp;
use crate::support::browser::Browser;
use ishara::people::Role;
use ishara::questions::{self, NewQuestion, Receipt, Saying, VideoLoss};
use ishara::store::Blob;
use std::time::Duration;

on_both_engines!(
    a_signed_question_is_encoded_anew_without_places_and_the_original_is_gone,
    what_is_no_video_is_refused_and_deleted,
    a_lost_question_is_asked_again_in_the_same_case,
);

const PLACE: &str = "+24.7136+046.6753/";

async fn ask_with(app: &TestApp, bytes: Vec<u8>) -> (Receipt, Blob) {
    let (upload, blob) = sent(app, bytes).await;
    let channel = web(app).await;
    let mut new = NewQuestion::text(channel, "signed", "");
    new.video = Some(upload);
    (questions::receive(app, new).await.unwrap(), blob)
}

async fn a_signed_question_is_encoded_anew_without_places_and_the_original_is_gone(app: TestApp) {
    let original = film(&app, PLACE);
    assert!(
        original.windows(PLACE.len()).any(|window| window == PLACE.as_bytes()),
        "the film tells its place"
    );
    let (receipt, blob) = ask_with(&app, original).await;
    let supervisor = staff(&app, "supervisor", Role::Supervisor).await;
    let mut read = app.db.read().await.unwrap();
    let early = questions::detail(&mut read, &supervisor, receipt.id).await.unwrap();
    assert_eq!(
        (early.video_key, early.row.video_state.as_str()),
        (None, "waiting"),
        "nobody sees the original"
    );
    drop(read);
    run_media(&app).await;
    let question = load(&app, receipt.id).await;
    assert_eq!(question.video_state, "kept");
    let key = question.video_key.unwrap();
    assert_ne!(key, blob.key);
    assert!(app.store.size(key).await.unwrap().is_some());
    assert_eq!(app.store.size(blob.key).await.unwrap(), None);
    assert!(crate::stage::files_with(&app, PLACE).is_empty());
}

async fn what_is_no_video_is_refused_and_deleted(app: TestApp) {
    let (receipt, blob) = ask_with(&app, b"#EXTM3U\nfile:///etc/passwd\n".to_vec()).await;
    run_media(&app).await;
    let question = load(&app, receipt.id).await;
    assert_eq!((question.video_state.as_str(), question.video_key), ("refused", None));
    assert_eq!(app.store.size(blob.key).await.unwrap(), None);
    let page = questions::asker_page(&app, &receipt.secret).await.unwrap();
    assert_eq!((page.video_state.as_str(), page.video_loss), ("refused", Some(VideoLoss::WrongFile)));
    let shown = Browser::visitor(&app).open(&receipt.path()).await.text;
    assert!(shown.contains("لم نعرف نوع هذا الملف") && !shown.contains("لم نستطع فتح مقطعك"));
}

async fn a_lost_question_is_asked_again_in_the_same_case(app: TestApp) {
    let clip = published(&app, "id-lost", "بدل فاقد للهوية الوطنية").await;
    let (receipt, _) = ask_with(&app, b"#EXTM3U\nfile:///etc/passwd\n".to_vec()).await;
    // Said before anybody knew that the video was lost: it does not make up for it.
    questions::write_message(&app, &receipt.secret, "السلام عليكم").await.unwrap();
    app.clock.advance(Duration::from_secs(60));
    run_media(&app).await;
    run_jobs(&app).await;
    let loss = async || questions::asker_page(&app, &receipt.secret).await.unwrap().video_loss;
    assert_eq!(loss().await, Some(VideoLoss::WrongFile));
    app.clock.advance(Duration::from_secs(60));
    // Signed again as often as it takes: lost recordings are not counted, and the newest reason is told.
    for _ in 0..6 {
        let (upload, _) = sent(&app, b"no video".to_vec()).await;
        let said = Saying { text: String::new(), video: Some(upload) };
        questions::write_message(&app, &receipt.secret, said).await.unwrap();
        assert_eq!(loss().await, None, "it is being looked at");
        run_media(&app).await;
        assert_eq!(loss().await, Some(VideoLoss::WrongFile));
    }
    questions::write_message(&app, &receipt.secret, "هويتي ضاعت وش اسوي").await.unwrap();
    assert_eq!(loss().await, None);
    let shown = Browser::visitor(&app).open(&receipt.path()).await.text;
    assert!(shown.contains("<h1>سؤالك عندنا") && !shown.contains("<h1>لم نعرف"));
    // The words find their answer, as those of a written question do.
    run_jobs(&app).await;
    let agent = staff(&app, "agent", Role::Agent).await;
    let mut read = app.db.read().await.unwrap();
    let detail = questions::detail(&mut read, &agent, receipt.id).await.unwrap();
    assert!(detail.suggestions.iter().any(|one| one.clip.id == clip), "{:?}", detail.suggestions);
}

//! Signed questions: checked and encoded anew in the cage before anybody sees them.

use crate::stage::{film, load, run_media, sent, staff, web};
use crate::support::TestApp;
use crate::support::browser::Browser;
use ishara::people::Role;
use ishara::questions::{self, NewQuestion, Receipt, VideoLoss};
use ishara::store::Blob;

on_both_engines!(
    a_signed_question_is_encoded_anew_without_places_and_the_original_is_gone,
    what_is_no_video_is_refused_and_deleted,
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
    // Asked again in the same case, in words or in sign, it is a question like any other.
    let saying = questions::Saying::from("هويتي ضاعت وش اسوي");
    questions::write_message(&app, &receipt.secret, saying).await.unwrap();
    assert_eq!(questions::asker_page(&app, &receipt.secret).await.unwrap().video_loss, None);
    let shown = Browser::visitor(&app).open(&receipt.path()).await.text;
    assert!(shown.contains("سؤالك عندنا") && !shown.contains("لم نعرف نوع هذا الملف"));
}

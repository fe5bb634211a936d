//! Signed questions: checked and encoded anew in the cage before anybody sees them.

use crate::stage::{load, staff, web};
use crate::support::TestApp;
use bytes::Bytes;
use ishara::app::App;
use ishara::db::query;
use ishara::ids::{TicketId, UploadId};
use ishara::jobs::{Queue, Runner};
use ishara::people::Role;
use ishara::questions::{self, NewQuestion, Receipt};
use ishara::store::{Area, Blob, FileType, record_blob};
use std::path::Path;
use std::process::Command;

on_both_engines!(
    a_signed_question_is_encoded_anew_without_places_and_the_original_is_gone,
    what_is_no_video_is_refused_and_deleted,
);

const PLACE: &str = "+24.7136+046.6753/";

/// A phone's film: a real signing clip with a place written into it.
fn film(folder: &Path) -> Vec<u8> {
    let clip = Path::new(env!("CARGO_MANIFEST_DIR")).join("media/fixtures/signing/help.mkv");
    let out = folder.join("film.mp4");
    let made = Command::new("ffmpeg")
        .args(["-v", "error", "-nostdin", "-y", "-i"])
        .arg(clip)
        .args(["-c", "copy", "-metadata", &format!("location={PLACE}"), "-movflags", "use_metadata_tags"])
        .arg(&out)
        .status()
        .unwrap();
    assert!(made.success());
    std::fs::read(out).unwrap()
}

async fn ask_with(app: &TestApp, bytes: Vec<u8>) -> (Receipt, Blob) {
    let blob = app.store.put_bytes(Area::Questions, Bytes::from(bytes), FileType::Mp4).await.unwrap();
    let mut tx = app.db.begin().await.unwrap();
    let now = tx.now();
    let upload = UploadId::new(now);
    record_blob(&mut tx, &blob).await.unwrap();
    query(
        "INSERT INTO upload (id, owner_kind, owner_id, state, length, received, max_bytes, metadata, file_name,
                             storage_key, expires_at, created_at)
         VALUES ($1, 'ticket', $2, 'complete', 5, 5, 100, '', 'v.mp4', $3, $4, $4)",
    )
    .bind(upload)
    .bind(TicketId::new(now))
    .bind(blob.key)
    .bind(now)
    .execute(&mut tx)
    .await
    .unwrap();
    tx.commit().await.unwrap();
    let channel = web(app).await;
    let mut new = NewQuestion::text(channel, "signed", "");
    new.video = Some(upload);
    (questions::receive(app, new).await.unwrap(), blob)
}

async fn run_media(app: &TestApp) {
    let runner: Runner<App> = questions::register(Runner::new(app.db.clone(), (**app).clone()));
    for queue in [Queue::Media, Queue::Default] {
        while runner.run_one(queue).await.unwrap() {}
    }
}

async fn a_signed_question_is_encoded_anew_without_places_and_the_original_is_gone(app: TestApp) {
    let original = film(app.folder());
    assert!(
        original.windows(PLACE.len()).any(|window| window == PLACE.as_bytes()),
        "the film tells its place"
    );
    std::fs::remove_file(app.folder().join("film.mp4")).unwrap();
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
    assert_eq!(page.video_state, "refused", "the asker is told to send it again");
}

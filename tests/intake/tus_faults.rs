//! Broken lines, rivals and restarts, through the real router.

use crate::client::Tus;
use crate::support::TestApp;
use axum::body::{Body, Bytes};
use futures::StreamExt as _;
use ishara::uploads::Limits;

on_both_engines! {
    of_two_pieces_at_one_offset_exactly_one_wins,
    bytes_after_the_end_are_ignored,
    what_arrived_before_the_line_broke_is_kept,
    a_new_request_ends_one_that_stands_still,
    a_shutdown_keeps_what_has_arrived,
    after_a_restart_the_upload_goes_on,
}

fn broken_after(bytes: &'static str) -> Body {
    let reset = std::io::Error::from(std::io::ErrorKind::ConnectionReset);
    Body::from_stream(futures::stream::iter([Ok(Bytes::from(bytes)), Err(reset)]))
}

fn silent_after(bytes: &'static str) -> Body {
    let first = futures::stream::iter([Ok::<_, std::io::Error>(Bytes::from(bytes))]);
    Body::from_stream(first.chain(futures::stream::pending()))
}

async fn of_two_pieces_at_one_offset_exactly_one_wins(app: TestApp) {
    let tus = Tus::producer(&app).await;
    for _ in 0..10 {
        let at = tus.begin(8).await;
        let (one, two) = tokio::join!(tus.patch(&at, 0, "aaaa"), tus.patch(&at, 0, "bbbb"));
        let mut statuses = [one.status.as_u16(), two.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [204, 409]);
        assert_eq!(tus.offset(&at).await, 4);
        tus.delete(&at).await;
    }
}

async fn bytes_after_the_end_are_ignored(app: TestApp) {
    let tus = Tus::producer(&app).await;
    let at = tus.begin(4).await;
    let answer = tus.patch(&at, 0, "0123 and more").await;
    assert_eq!((answer.status.as_u16(), answer.header("upload-offset")), (204, Some("4")));
    assert_eq!(tus.offset(&at).await, 4);
}

async fn what_arrived_before_the_line_broke_is_kept(app: TestApp) {
    let tus = Tus::producer(&app).await;
    let at = tus.begin(8).await;
    let answer = tus.patch(&at, 0, broken_after("01234")).await;
    assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (503, "upload.broke_off"));
    assert!(answer.header("retry-after").is_some());
    assert_eq!(tus.offset(&at).await, 5);
    assert_eq!(tus.patch(&at, 5, "567").await.header("upload-offset"), Some("8"));
}

async fn a_new_request_ends_one_that_stands_still(app: TestApp) {
    let tus = Tus::producer(&app).await;
    let at = tus.begin(8).await;
    let sent_first = tus.patch(&at, 0, silent_after("0123"));
    let comes_back = async {
        // The line is dead, but the server does not know yet; the client asks and goes on.
        let offset = loop {
            let offset = tus.offset(&at).await;
            if offset > 0 {
                break offset;
            }
        };
        tus.patch(&at, offset, "4567").await
    };
    let (first, second) = tokio::join!(sent_first, comes_back);
    assert_eq!(first.status, 503);
    assert_eq!((second.status.as_u16(), second.header("upload-offset")), (204, Some("8")));
}

async fn a_shutdown_keeps_what_has_arrived(app: TestApp) {
    let tus = Tus::producer(&app).await;
    let at = tus.begin(8).await;
    let (told, arrived) = tokio::sync::oneshot::channel();
    let told = futures::stream::once(async move {
        let _ = told.send(());
        futures::future::pending::<Result<Bytes, std::io::Error>>().await
    });
    let body = Body::from_stream(futures::stream::iter([Ok(Bytes::from("0123"))]).chain(told));
    let drain = async {
        arrived.await.unwrap();
        app.uploads.drain().await;
    };
    let (answer, ()) = tokio::join!(tus.patch(&at, 0, body), drain);
    assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (503, "upload.broke_off"));
    assert_eq!(tus.offset(&at).await, 4);
}

async fn after_a_restart_the_upload_goes_on(app: TestApp) {
    let tus = Tus::producer(&app).await;
    let at = tus.begin(8).await;
    tus.patch(&at, 0, "0123").await;
    let folder = app.config.data.join("uploads");
    let again = ishara::uploads::Uploads::open(app.db.clone(), app.store.clone(), &folder, Limits::default())
        .unwrap();
    again.sweep().await.unwrap();
    assert_eq!(tus.offset(&at).await, 4);
    assert_eq!(tus.patch(&at, 4, "4567").await.header("upload-offset"), Some("8"));
}

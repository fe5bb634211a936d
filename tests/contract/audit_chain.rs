//! The audit chain shows every edit.

use crate::support::TestApp;
use ishara::audit::{self, Actor, Entry};
use ishara::db::{query, query_text};
use ishara::ids::ClipId;

on_both_engines!(
    an_untouched_chain_verifies,
    an_edited_row_is_found,
    a_deleted_row_is_found,
    a_cut_off_end_is_found,
    writers_at_once_make_one_chain,
);

async fn three_entries(app: &TestApp) {
    for _ in 0..3 {
        let mut tx = app.db.begin().await.unwrap();
        tx.record(Entry::new(Actor::System, "clip.created", "clip", ClipId::new(app.clock.now())));
        tx.commit().await.unwrap();
    }
}

async fn first_break(app: &TestApp) -> Option<audit::Break> {
    let mut read = app.db.read().await.unwrap();
    audit::verify(&mut read).await.unwrap()
}

async fn newest(app: &TestApp) -> i64 {
    let mut read = app.db.read().await.unwrap();
    query("SELECT MAX(seq) FROM audit").value(&mut read).await.unwrap()
}

async fn tamper(app: &TestApp, sql: String) {
    let mut tx = app.db.begin().await.unwrap();
    query_text(sql).execute(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
}

async fn an_untouched_chain_verifies(app: TestApp) {
    three_entries(&app).await;
    assert_eq!(first_break(&app).await, None);
}

async fn an_edited_row_is_found(app: TestApp) {
    three_entries(&app).await;
    let edited = newest(&app).await - 1;
    tamper(&app, format!("UPDATE audit SET verb = 'clip.withdrawn' WHERE seq = {edited}")).await;
    assert_eq!(first_break(&app).await.unwrap().seq, edited);
}

async fn a_deleted_row_is_found(app: TestApp) {
    three_entries(&app).await;
    let gone = newest(&app).await - 1;
    tamper(&app, format!("DELETE FROM audit WHERE seq = {gone}")).await;
    assert_eq!(first_break(&app).await.unwrap().seq, gone);
}

async fn a_cut_off_end_is_found(app: TestApp) {
    three_entries(&app).await;
    let last = newest(&app).await;
    tamper(&app, format!("DELETE FROM audit WHERE seq = {last}")).await;
    assert_eq!(first_break(&app).await.unwrap().problem, "rows at the end are missing");
}

async fn writers_at_once_make_one_chain(app: TestApp) {
    let writers: Vec<_> = (0..8)
        .map(|_| {
            let db = app.db.clone();
            tokio::spawn(async move {
                let mut tx = db.begin().await.unwrap();
                let clip = ClipId::new(db.clock().now());
                tx.record(Entry::new(Actor::System, "clip.created", "clip", clip));
                tx.changed("clip", clip);
                tx.commit().await.unwrap();
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
    assert_eq!(first_break(&app).await, None);
}

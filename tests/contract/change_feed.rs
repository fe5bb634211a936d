//! A follower that reads `seq > last` misses nothing, however many writers commit out of order.

use crate::support::TestApp;
use ishara::db::feed;
use ishara::ids::ClipId;
use std::collections::HashSet;

on_both_engines!(
    a_follower_misses_no_change_of_eight_writers,
    one_transaction_announces_a_thing_once,
    trimming_keeps_the_newest_position,
);

async fn a_follower_misses_no_change_of_eight_writers(app: TestApp) {
    const EACH: usize = 20;
    let writers: Vec<_> = (0..8)
        .map(|_| {
            let db = app.db.clone();
            tokio::spawn(async move {
                let mut announced = Vec::new();
                for _ in 0..EACH {
                    let id = ClipId::new(db.clock().now());
                    let mut tx = db.begin().await.unwrap();
                    tx.changed("clip", id);
                    // Let another writer overtake between the numbering and the commit, if it can.
                    tokio::task::yield_now().await;
                    tx.commit().await.unwrap();
                    announced.push(id.uuid());
                }
                announced
            })
        })
        .collect();
    let mut seen = HashSet::new();
    let mut last = 0;
    let mut announced = HashSet::new();
    let mut writers = writers.into_iter();
    loop {
        let mut read = app.db.read().await.unwrap();
        for change in feed::after(&mut read, last, 7).await.unwrap() {
            assert!(change.seq == last + 1, "gapless and in order");
            last = change.seq;
            seen.insert(change.subject_id);
        }
        drop(read);
        if announced.is_subset(&seen) {
            match writers.next() {
                Some(writer) => announced.extend(writer.await.unwrap()),
                None => break,
            }
        }
    }
    assert_eq!(announced.len(), 8 * EACH);
}

async fn one_transaction_announces_a_thing_once(app: TestApp) {
    let mut read = app.db.read().await.unwrap();
    let before = feed::newest(&mut read).await.unwrap();
    drop(read);
    let id = ClipId::new(app.clock.now());
    let mut tx = app.db.begin().await.unwrap();
    tx.changed("clip", id);
    tx.changed("clip", id);
    tx.commit().await.unwrap();
    let mut read = app.db.read().await.unwrap();
    assert_eq!(feed::after(&mut read, before, 10).await.unwrap().len(), 1);
}

async fn trimming_keeps_the_newest_position(app: TestApp) {
    for _ in 0..3 {
        let mut tx = app.db.begin().await.unwrap();
        tx.changed("clip", ClipId::new(app.clock.now()));
        tx.commit().await.unwrap();
    }
    app.clock.advance(std::time::Duration::from_secs(60));
    let mut read = app.db.read().await.unwrap();
    let newest = feed::newest(&mut read).await.unwrap();
    drop(read);
    feed::trim(&app.db, app.clock.now()).await.unwrap();
    let mut read = app.db.read().await.unwrap();
    assert_eq!(feed::newest(&mut read).await.unwrap(), newest);
    assert_eq!(feed::after(&mut read, 0, 10).await.unwrap().len(), 1);
}

//! Traps of two engines behind one SQL text.

use crate::support::TestApp;
use ishara::clock::Millis;
use ishara::db::query;
use ishara::ids::DepartmentId;
use ishara::people::{self, NewDepartment};

on_both_engines!(
    many_writers_wait_for_each_other_and_none_fails,
    a_dropped_transaction_leaves_nothing,
    a_reader_sees_one_picture,
    sums_of_large_numbers_come_back_as_integers,
    times_sort_as_times,
);

async fn add(app: &TestApp, code: String, minutes: i64) -> DepartmentId {
    let new = NewDepartment {
        code,
        name_ar: "إدارة".to_owned(),
        name_en: "Department".to_owned(),
        approval_minutes: minutes,
    };
    let mut tx = app.db.begin().await.unwrap();
    let id = people::add_department(&mut tx, ishara::audit::Actor::System, new).await.unwrap();
    tx.commit().await.unwrap();
    id
}

/// A deferred transaction that reads first and writes later fails at once on SQLite when another writer came between;
/// ours takes the lock when it begins.
async fn many_writers_wait_for_each_other_and_none_fails(app: TestApp) {
    let id = add(&app, "shared".to_owned(), 60).await;
    let writers = (0..20).map(|_| {
        let db = app.db.clone();
        tokio::spawn(async move {
            let mut tx = db.begin().await.unwrap();
            let minutes: i64 = query("SELECT approval_minutes FROM department WHERE id = $1").bind(id).value(&mut tx).await.unwrap();
            query("UPDATE department SET approval_minutes = approval_minutes + 1, row_version = row_version + 1 WHERE id = $1")
                .bind(id)
                .execute(&mut tx)
                .await
                .unwrap();
            tx.commit().await.unwrap();
            minutes
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.unwrap();
    }
    let mut read = app.db.read().await.unwrap();
    let minutes: i64 = query("SELECT approval_minutes FROM department WHERE id = $1")
        .bind(id)
        .value(&mut read)
        .await
        .unwrap();
    assert_eq!(minutes, 80);
}

async fn a_dropped_transaction_leaves_nothing(app: TestApp) {
    let mut tx = app.db.begin().await.unwrap();
    let new = NewDepartment {
        code: "gone".to_owned(),
        name_ar: "أ".to_owned(),
        name_en: "A".to_owned(),
        approval_minutes: 60,
    };
    people::add_department(&mut tx, ishara::audit::Actor::System, new).await.unwrap();
    drop(tx);
    let mut read = app.db.read().await.unwrap();
    assert!(people::department_by_code(&mut read, "gone").await.unwrap().is_none());
    assert_eq!(
        ishara::audit::after(&mut read, 0, 10)
            .await
            .unwrap()
            .iter()
            .filter(|r| r.verb == "department.added")
            .count(),
        0
    );
}

async fn a_reader_sees_one_picture(app: TestApp) {
    let count = "SELECT COUNT(*) FROM department";
    let mut read = app.db.read().await.unwrap();
    let before: i64 = query(count).value(&mut read).await.unwrap();
    add(&app, "later".to_owned(), 60).await;
    let during: i64 = query(count).value(&mut read).await.unwrap();
    assert_eq!(before, during);
    drop(read);
    let mut fresh = app.db.read().await.unwrap();
    assert_eq!(query(count).value::<i64>(&mut fresh).await.unwrap(), before + 1);
}

/// PostgreSQL makes NUMERIC of a sum of BIGINTs; the cast is part of the portable subset.
async fn sums_of_large_numbers_come_back_as_integers(app: TestApp) {
    add(&app, "one".to_owned(), 43_200).await;
    add(&app, "two".to_owned(), 43_200).await;
    let mut read = app.db.read().await.unwrap();
    let sum: i64 =
        query("SELECT CAST(SUM(approval_minutes) AS BIGINT) FROM department WHERE code IN ('one', 'two')")
            .value(&mut read)
            .await
            .unwrap();
    assert_eq!(sum, 86_400);
}

/// RFC 3339 text with and without fractions sorts wrongly; integers do not.
async fn times_sort_as_times(app: TestApp) {
    let id = add(&app, "timed".to_owned(), 60).await;
    let other = add(&app, "timed-two".to_owned(), 60).await;
    let mut tx = app.db.begin().await.unwrap();
    for (id, at) in [(id, Millis(1_000_000_000_500)), (other, Millis(1_000_000_000_000))] {
        query("UPDATE department SET created_at = $1 WHERE id = $2")
            .bind(at)
            .bind(id)
            .execute(&mut tx)
            .await
            .unwrap();
    }
    let first: DepartmentId = query("SELECT id FROM department WHERE code LIKE 'timed%' ORDER BY created_at")
        .value(&mut tx)
        .await
        .unwrap();
    assert_eq!(first, other);
}

//! The two engines have the same tables and columns, and a newer schema is refused.

use crate::support::TestApp;
use ishara::db::{Conn, query, query_text};
use std::collections::BTreeSet;

/// Table, column, whether it may be NULL.
type Column = (String, String, bool);

async fn sqlite_columns(conn: &mut impl Conn) -> BTreeSet<Column> {
    let tables: Vec<(String,)> =
        query("SELECT name FROM sqlite_master WHERE type = 'table'").all(conn).await.unwrap();
    let mut columns = BTreeSet::new();
    for (table,) in
        tables.into_iter().filter(|(table,)| !table.starts_with("sqlite_") && !table.starts_with("_sqlx"))
    {
        let sql = format!("SELECT name, \"notnull\", pk FROM pragma_table_info('{table}')");
        let rows: Vec<(String, i64, i64)> = query_text(sql).all(conn).await.unwrap();
        columns.extend(
            rows.into_iter().map(|(name, not_null, key)| (table.clone(), name, not_null == 0 && key == 0)),
        );
    }
    columns
}

async fn postgres_columns(conn: &mut impl Conn) -> BTreeSet<Column> {
    let sql = "SELECT CAST(table_name AS TEXT), CAST(column_name AS TEXT), is_nullable = 'YES'
               FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE '\\_sqlx%'";
    let rows: Vec<Column> = query(sql).all(conn).await.unwrap();
    rows.into_iter().collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn both_engines_have_the_same_columns() {
    let Some(postgres) = TestApp::postgres().await else { return };
    let sqlite = TestApp::sqlite().await;
    let on_sqlite = sqlite_columns(&mut sqlite.db.read().await.unwrap()).await;
    let on_postgres = postgres_columns(&mut postgres.db.read().await.unwrap()).await;
    assert!(on_sqlite.len() > 100);
    assert_eq!(on_sqlite, on_postgres);
}

on_both_engines!(a_newer_schema_is_refused, migrating_twice_changes_nothing);

async fn a_newer_schema_is_refused(app: TestApp) {
    let mut tx = app.db.begin().await.unwrap();
    query("UPDATE _sqlx_migrations SET version = 9999 WHERE version = 4").execute(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    let refusal = app.db.migrate().await.unwrap_err().to_string();
    assert!(refusal.contains("9999"), "{refusal}");
    assert!(app.db.schema_status().await.is_err());
}

async fn migrating_twice_changes_nothing(app: TestApp) {
    app.db.migrate().await.unwrap();
    assert!(app.db.schema_status().await.unwrap().pending.is_empty());
}

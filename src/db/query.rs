//! The statement type: bound once, run on whichever engine the transaction belongs to.

use super::tx::{Conn, Inner, Tx};
use sqlx::postgres::{PgArguments, PgRow, Postgres};
use sqlx::sqlite::{Sqlite, SqliteArguments, SqliteRow};
use sqlx::{Arguments, AssertSqlSafe, FromRow, Result, SqlSafeStr, SqlStr};

/// A value both engines can store.
pub trait Bind:
    for<'q> sqlx::Encode<'q, Sqlite>
    + sqlx::Type<Sqlite>
    + for<'q> sqlx::Encode<'q, Postgres>
    + sqlx::Type<Postgres>
    + Clone
{
}
impl<T> Bind for T where
    T: for<'q> sqlx::Encode<'q, Sqlite>
        + sqlx::Type<Sqlite>
        + for<'q> sqlx::Encode<'q, Postgres>
        + sqlx::Type<Postgres>
        + Clone
{
}

/// A row both engines can decode; `#[derive(sqlx::FromRow)]` is enough, and so is a tuple.
pub trait Row: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}
impl<T> Row for T where T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}

/// A statement with its values.
#[must_use]
pub struct Query {
    sql: SqlStr,
    sqlite: SqliteArguments,
    postgres: PgArguments,
    failure: Option<sqlx::error::BoxDynError>,
}

/// A statement written in the source.
pub fn query(sql: &'static str) -> Query {
    statement(sql.into_sql_str())
}

/// A statement put together at run time from constant pieces. Values are always bound, never spliced in.
pub fn query_text(sql: String) -> Query {
    statement(AssertSqlSafe(sql).into_sql_str())
}

fn statement(sql: SqlStr) -> Query {
    Query { sql, sqlite: SqliteArguments::default(), postgres: PgArguments::default(), failure: None }
}

impl Query {
    /// Adds the value of the next placeholder.
    pub fn bind(mut self, value: impl Bind) -> Self {
        let added = self.sqlite.add(value.clone()).and_then(|()| self.postgres.add(value));
        if let Err(failure) = added {
            self.failure.get_or_insert(failure);
        }
        self
    }

    /// All rows.
    pub async fn all<T: Row>(self, conn: &mut impl Conn) -> Result<Vec<T>> {
        let query = self.checked()?;
        match conn.inner() {
            Inner::Sqlite(tx) => sqlx::query_as_with(query.sql, query.sqlite).fetch_all(&mut **tx).await,
            Inner::Postgres(tx) => sqlx::query_as_with(query.sql, query.postgres).fetch_all(&mut **tx).await,
        }
    }

    /// The first row, if there is one.
    pub async fn optional<T: Row>(self, conn: &mut impl Conn) -> Result<Option<T>> {
        let query = self.checked()?;
        match conn.inner() {
            Inner::Sqlite(tx) => sqlx::query_as_with(query.sql, query.sqlite).fetch_optional(&mut **tx).await,
            Inner::Postgres(tx) => {
                sqlx::query_as_with(query.sql, query.postgres).fetch_optional(&mut **tx).await
            }
        }
    }

    /// The one row; its absence is an error.
    pub async fn one<T: Row>(self, conn: &mut impl Conn) -> Result<T> {
        self.optional(conn).await?.ok_or(sqlx::Error::RowNotFound)
    }

    /// The first column of the one row.
    pub async fn value<T>(self, conn: &mut impl Conn) -> Result<T>
    where
        (T,): Row,
    {
        self.one::<(T,)>(conn).await.map(|row| row.0)
    }

    /// Runs the statement and says how many rows it changed.
    pub async fn execute(self, tx: &mut Tx) -> Result<u64> {
        let query = self.checked()?;
        Ok(match tx.inner() {
            Inner::Sqlite(tx) => {
                sqlx::query_with(query.sql, query.sqlite).execute(&mut **tx).await?.rows_affected()
            }
            Inner::Postgres(tx) => {
                sqlx::query_with(query.sql, query.postgres).execute(&mut **tx).await?.rows_affected()
            }
        })
    }

    fn checked(mut self) -> Result<Self> {
        match self.failure.take() {
            Some(failure) => Err(sqlx::Error::Encode(failure)),
            None => Ok(self),
        }
    }
}

//! One SQL text, two engines. Only this room knows which engine is running.
//!
//! Statements use the portable subset: `$1` placeholders, `ON CONFLICT`, `RETURNING`, CTEs, no engine functions,
//! `CAST(SUM(x) AS BIGINT)`. Writes run in a [`Tx`], reads in a [`Read`]; both go through [`query`].

pub mod feed;
mod migrate;
mod query;
mod tx;

pub use migrate::{SchemaStatus, SchemaTooNew};
pub use query::{Bind, Query, Row, query, query_text};
pub use tx::{Conn, Read, Tx};

use crate::clock::Clock;
use anyhow::Context as _;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{PgPool, SqlitePool};
use std::str::FromStr as _;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;
use tokio::sync::Notify;

/// The database: pools, the clock that stamps rows, and the bells that commits ring.
#[derive(Clone)]
pub struct Db {
    engine: Engine,
    clock: Clock,
    bells: Arc<Bells>,
}

#[derive(Clone)]
enum Engine {
    Sqlite { writer: SqlitePool, readers: SqlitePool },
    Postgres(PgPool),
}

/// Rung after a commit so that workers and followers wake at once; both also poll.
#[derive(Default)]
pub struct Bells {
    /// A job was enqueued.
    pub jobs: Notify,
    /// The change feed grew.
    pub changes: Notify,
    /// Counts the commits of this process that grew the change feed, for caches that must not outlive one.
    pub changes_rung: AtomicU64,
}

/// Readers beside the one writer of SQLite; pages read in short transactions, so few are enough.
const SQLITE_READERS: u32 = 4;
/// Of each connection, filled as pages are read: 4 MiB; a negative number means KiB to SQLite.
const SQLITE_CACHE_KIB: &str = "-4096";
const POSTGRES_CONNECTIONS: u32 = 16;

impl Db {
    /// Connects to `sqlite://path` (created when absent) or `postgres://…`. Does not migrate.
    pub async fn connect(url: &str, clock: Clock) -> anyhow::Result<Self> {
        let engine = if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            connect_postgres(url).await.context("connecting to PostgreSQL")?
        } else {
            connect_sqlite(url).await.context("opening the SQLite database")?
        };
        Ok(Self { engine, clock, bells: Arc::default() })
    }

    /// Opens a write transaction. On SQLite it takes the write lock at once: upgrading a deferred transaction later
    /// fails under contention instead of waiting.
    pub async fn begin(&self) -> sqlx::Result<Tx> {
        let inner = match &self.engine {
            Engine::Sqlite { writer, .. } => tx::Inner::Sqlite(writer.begin_with("BEGIN IMMEDIATE").await?),
            Engine::Postgres(pool) => tx::Inner::Postgres(pool.begin().await?),
        };
        Ok(Tx::new(inner, self.clock.now(), self.bells.clone()))
    }

    /// Opens a read transaction: one consistent picture, never the write lock.
    pub async fn read(&self) -> sqlx::Result<Read> {
        let inner = match &self.engine {
            Engine::Sqlite { readers, .. } => tx::Inner::Sqlite(readers.begin().await?),
            Engine::Postgres(pool) => {
                let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
                tx::Inner::Postgres(pool.begin_with(begin).await?)
            }
        };
        Ok(Read::new(inner))
    }

    /// The clock that stamps every row.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// The bells that commits ring.
    pub fn bells(&self) -> &Arc<Bells> {
        &self.bells
    }

    /// Whether other processes may be working on the same rows: true for PostgreSQL.
    pub fn is_shared(&self) -> bool {
        matches!(self.engine, Engine::Postgres(_))
    }

    /// Waits for running transactions and closes the pools.
    pub async fn close(&self) {
        match &self.engine {
            Engine::Sqlite { writer, readers } => {
                readers.close().await;
                writer.close().await;
            }
            Engine::Postgres(pool) => pool.close().await,
        }
    }
}

async fn connect_sqlite(url: &str) -> anyhow::Result<Engine> {
    let options = SqliteConnectOptions::from_str(url)?
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        // FULL: what was acknowledged survives a power cut (NORMAL lost 155 rows in one of eight cuts).
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(5))
        // Pages of a list lie all over the file: SQLite's own 2 MB per connection are read again and again.
        .pragma("cache_size", SQLITE_CACHE_KIB)
        // Deleted personal data is overwritten, not left in free pages.
        .pragma("secure_delete", "ON");
    let writer = SqlitePoolOptions::new()
        .max_connections(1)
        .acquire_timeout(Duration::from_secs(20))
        .connect_with(options.clone())
        .await?;
    let readers = SqlitePoolOptions::new()
        .max_connections(SQLITE_READERS)
        .acquire_timeout(Duration::from_secs(20))
        .connect_with(options.pragma("query_only", "ON"))
        .await?;
    Ok(Engine::Sqlite { writer, readers })
}

async fn connect_postgres(url: &str) -> anyhow::Result<Engine> {
    let options = PgConnectOptions::from_str(url)?;
    let pool = PgPoolOptions::new()
        .max_connections(POSTGRES_CONNECTIONS)
        .acquire_timeout(Duration::from_secs(10))
        .connect_with(options)
        .await?;
    Ok(Engine::Postgres(pool))
}

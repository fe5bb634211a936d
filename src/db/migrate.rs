//! Schema migrations: one folder for each engine, with the same file names.

use super::{Db, Engine};
use sqlx::migrate::{MigrateError, Migrator};

static SQLITE: Migrator = sqlx::migrate!("migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("migrations/postgres");

/// The database was written by a newer program.
#[derive(Debug, thiserror::Error)]
#[error("the database has schema version {version}, which this program does not know; run a newer ishara")]
pub struct SchemaTooNew {
    version: i64,
}

/// Where the schema stands.
#[derive(Debug, Clone, serde::Serialize)]
pub struct SchemaStatus {
    /// Versions that are in the database.
    pub applied: Vec<i64>,
    /// Versions that this program would add.
    pub pending: Vec<i64>,
}

impl Db {
    /// Brings the schema up to date; refuses a schema that is newer than this program.
    pub async fn migrate(&self) -> anyhow::Result<()> {
        let done = match &self.engine {
            Engine::Sqlite { writer, .. } => SQLITE.run(writer).await,
            Engine::Postgres(pool) => POSTGRES.run(pool).await,
        };
        match done {
            Err(MigrateError::VersionMissing(version)) => Err(SchemaTooNew { version }.into()),
            other => Ok(other?),
        }
    }

    /// Compares the schema of the database with what this program brings.
    pub async fn schema_status(&self) -> anyhow::Result<SchemaStatus> {
        let applied = self.applied_versions().await?;
        let known: Vec<i64> = SQLITE.iter().map(|migration| migration.version).collect();
        if let Some(&version) = applied.iter().find(|version| !known.contains(version)) {
            return Err(SchemaTooNew { version }.into());
        }
        let pending = known.into_iter().filter(|version| !applied.contains(version)).collect();
        Ok(SchemaStatus { applied, pending })
    }

    async fn applied_versions(&self) -> anyhow::Result<Vec<i64>> {
        let sql = "SELECT version FROM _sqlx_migrations WHERE success ORDER BY version";
        let rows = match &self.engine {
            Engine::Sqlite { writer, .. } => sqlx::query_scalar(sql).fetch_all(writer).await,
            Engine::Postgres(pool) => sqlx::query_scalar(sql).fetch_all(pool).await,
        };
        match rows {
            Ok(versions) => Ok(versions),
            // The table itself is made by the first migration.
            Err(sqlx::Error::Database(_)) => Ok(Vec::new()),
            Err(other) => Err(other.into()),
        }
    }
}

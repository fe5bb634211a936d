//! Weights fitted to the team's decisions, kept in the database with their figures.

use super::{Model, ModelError};
use crate::db::{Conn, Tx, query};
use anyhow::Context;
use serde_json::Value;

/// The weights to match with: the newest that were fitted here, or those of the program. Weights that this program
/// cannot read, of a newer one perhaps, are passed over with a warning.
pub async fn current(conn: &mut impl Conn) -> anyhow::Result<Model> {
    let newest: Option<(String,)> = query("SELECT body FROM matcher_weights ORDER BY version DESC LIMIT 1")
        .optional(conn)
        .await
        .context("cannot read the fitted weights")?;
    match newest.map(|(body,)| Model::read(&body)) {
        Some(Ok(model)) => Ok(model),
        Some(Err(why)) => {
            tracing::warn!(reason = %why, "the fitted weights cannot be used; the program's own are");
            Ok(Model::shipped()?)
        }
        None => Ok(Model::shipped()?),
    }
}

/// The version that the next weights get.
pub async fn next_version(conn: &mut impl Conn) -> anyhow::Result<u32> {
    let newest: i64 = query("SELECT COALESCE(MAX(version), 0) FROM matcher_weights").value(conn).await?;
    let shipped = i64::from(Model::shipped()?.version);
    u32::try_from(newest.max(shipped) + 1).context("the weights have run out of versions")
}

/// Keeps fitted weights.
pub async fn keep(tx: &mut Tx, model: &Model, report: &Value) -> anyhow::Result<()> {
    let body = serde_json::to_string(model).map_err(ModelError::Unreadable)?;
    query("INSERT INTO matcher_weights (version, body, report, made_at) VALUES ($1, $2, $3, $4)")
        .bind(i64::from(model.version))
        .bind(body)
        .bind(report.to_string())
        .bind(tx.now())
        .execute(tx)
        .await
        .context("cannot keep the fitted weights")?;
    Ok(())
}

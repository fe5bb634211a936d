//! A question past its promised time is handed up to the supervisors, once for each cycle, and the record says so.

use super::recurring;
use super::state::QuestionState;
use crate::app::App;
use crate::audit::{Actor, Entry};
use crate::db::{query, query_text};
use crate::ids::QuestionId;
use crate::jobs::{Job, JobError, Run};
use serde_json::json;
use std::time::Duration;

/// How often it looks; the asker's page and the desk show at once that a question is late.
const EVERY: Duration = Duration::from_secs(10 * 60);
/// Questions in one transaction.
const BATCH: i64 = 100;

/// The job: hands up what has become late and queues itself again.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub struct Escalate {}

impl Job<App> for Escalate {
    const KIND: &'static str = "question_escalation";

    fn subject(&self) -> Option<uuid::Uuid> {
        None
    }

    fn dedupe_key(&self) -> Option<String> {
        Some("question_escalation".to_owned())
    }

    async fn run(self, app: App, run: Run) -> Result<(), JobError> {
        while hand_up(&app).await? == BATCH {}
        recurring::complete(&app, &run, &self, EVERY).await
    }

    async fn buried(self, app: App, _reason: String) -> anyhow::Result<()> {
        recurring::resume(&app, &self, EVERY).await
    }
}

/// Makes sure that the job is queued; called when the workers start.
pub async fn schedule_escalation(app: &App) -> anyhow::Result<()> {
    recurring::schedule(app, &Escalate {}).await
}

/// Hands up at most [`BATCH`] late questions; says how many.
async fn hand_up(app: &App) -> anyhow::Result<i64> {
    let mut tx = app.db.begin().await?;
    let now = tx.now();
    let late: Vec<(QuestionId, i64)> = query_text(format!(
        "SELECT id, cycle FROM question WHERE state IN {} AND due_at <= $1 AND escalated_at IS NULL
         ORDER BY due_at, id LIMIT $2",
        QuestionState::OPEN_SQL
    ))
    .bind(now)
    .bind(BATCH)
    .all(&mut tx)
    .await?;
    for (id, cycle) in &late {
        query("UPDATE question SET escalated_at = $1 WHERE id = $2")
            .bind(now)
            .bind(*id)
            .execute(&mut tx)
            .await?;
        let facts = json!({ "to": "supervisor", "cycle": cycle });
        tx.record(Entry::new(Actor::System, "question.escalated", "question", *id).with(facts));
    }
    tx.commit().await?;
    Ok(i64::try_from(late.len()).unwrap_or(i64::MAX))
}

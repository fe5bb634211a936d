//! The desk asks the asker something, and the asker answers. Meanwhile the clock of the question stands still.

use super::draft::{check_calls, check_identifiers};
use super::row::{self, Question};
use super::state::{QuestionEvent, QuestionState};
use super::suggest::Match;
use super::{QuestionProblem, Saying, asker, claim, message, text};
use crate::app::App;
use crate::audit::Actor;
use crate::db::{Tx, query};
use crate::ids::QuestionId;
use crate::jobs;
use crate::people::Staff;
use crate::refusal::refuse;
use crate::text::route::Privacy;
use std::time::Duration;

/// A question back is short: the asker may read Arabic as a second language.
const MAX_CHARACTERS: usize = 300;

/// Asks the asker something; whoever holds the claim. The claim ends and the clock stands still until the answer.
pub async fn ask_asker(app: &App, staff: &Staff, id: QuestionId, written: &str) -> anyhow::Result<()> {
    let body = text::clean(written).map_err(refuse)?;
    if body.is_empty() {
        return Err(refuse(QuestionProblem::EmptyMessage));
    }
    if body.chars().count() > MAX_CHARACTERS {
        return Err(refuse(QuestionProblem::TooLong { limit: MAX_CHARACTERS }));
    }
    check_identifiers(&body, Privacy::Private)?;
    check_calls(&body)?;
    let mut tx = app.db.begin().await?;
    let mut question = claim::mine(&mut tx, staff, id).await?;
    row::step(&mut tx, &mut question, Actor::Staff(staff.id), QuestionEvent::AskCitizen).await?;
    row::set_claim(&mut tx, &mut question, None, None).await?;
    message::from_desk(&mut tx, &question, staff.id, &body).await?;
    tx.commit().await?;
    Ok(())
}

/// The asker writes or signs: an answer to what the desk asked, or more to a case that still waits for its answer.
pub async fn write_message(app: &App, secret: &str, said: impl Into<Saying>) -> anyhow::Result<()> {
    let mut tx = app.db.begin().await?;
    let mut question = asker::by_secret(&mut tx, secret).await?;
    if !may_write(question.state) {
        return Err(refuse(QuestionProblem::NotAsked));
    }
    let said = said.into();
    message::from_asker(&mut tx, &app.sealer, &mut question, &said).await?;
    if question.redacted.is_empty() && !said.text.trim().is_empty() {
        jobs::enqueue::<App, _>(&mut tx, &Match { question_id: question.id }).await?;
    }
    if question.state == QuestionState::WaitingCitizen {
        resume(&mut tx, &mut question).await?;
        let found = row::has_answer(&mut tx, question.id).await?;
        row::step(&mut tx, &mut question, Actor::Citizen, QuestionEvent::AnswerBack(found)).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Whether the asker may write a message now.
pub(super) fn may_write(state: QuestionState) -> bool {
    state.is_open() || state == QuestionState::WaitingCitizen
}

/// Lets the clock run again: the answer is due later by as long as we waited for the asker.
pub(super) async fn resume(tx: &mut Tx, question: &mut Question) -> sqlx::Result<()> {
    let waited = u64::try_from(tx.now().since(question.state_since)).unwrap_or(0);
    question.due_at = question.due_at + Duration::from_millis(waited);
    query("UPDATE question SET due_at = $1 WHERE id = $2")
        .bind(question.due_at)
        .bind(question.id)
        .execute(tx)
        .await?;
    Ok(())
}

//! Putting a question aside: advertising, or the same question of the same asker. It leaves the list for good, and the
//! asker's page says so.

use super::QuestionProblem;
use super::asker_status::find_typed;
use super::row::{self, Question};
use super::state::{QuestionEvent, QuestionState};
use super::{claim, text};
use crate::app::App;
use crate::audit::Actor;
use crate::db::{Conn, Tx, query};
use crate::ids::QuestionId;
use crate::people::{Permission, Staff};
use crate::refusal::refuse;
use serde_json::json;

/// Why a question is put aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aside {
    /// Advertising and the like.
    Spam,
    /// The same asker's same question.
    DuplicateOf(QuestionId),
}

/// The same question of the same asker, by the code that was typed.
///
/// # Errors
/// `question.unknown_code` for a code that no question has.
pub async fn repeats_code(conn: &mut impl Conn, typed: &str) -> anyhow::Result<Aside> {
    let found = find_typed(conn, typed).await?;
    found.map(|other| Aside::DuplicateOf(other.id)).ok_or_else(|| refuse(QuestionProblem::UnknownCode))
}

/// A reason has at least so many characters.
const SHORTEST_REASON: usize = 3;

/// Puts a claimed question aside. Past its promised time only a supervisor may, and says why: nobody gets rid of a late
/// question in silence.
pub async fn set_aside(
    app: &App,
    staff: &Staff,
    id: QuestionId,
    aside: Aside,
    reason: &str,
) -> anyhow::Result<Question> {
    let reason = text::clean(reason).map_err(refuse)?;
    let mut tx = app.db.begin().await?;
    if let Aside::DuplicateOf(other) = aside {
        row::hold(&mut tx, [id, other]).await?;
    }
    let mut question = claim::mine(&mut tx, staff, id).await?;
    let is_late = question.is_overdue_at(tx.now());
    if is_late && !staff.role.may(Permission::SuperviseDesk) {
        return Err(refuse(QuestionProblem::LateIsForSupervisors));
    }
    if is_late && reason.chars().count() < SHORTEST_REASON {
        return Err(refuse(QuestionProblem::AsideNeedsReason));
    }
    let (event, other) = match aside {
        Aside::Spam => (QuestionEvent::MarkSpam, None),
        Aside::DuplicateOf(other) => {
            name_other(&mut tx, &question, other).await?;
            (QuestionEvent::MarkDuplicate, Some(other))
        }
    };
    let facts = json!({ "late": is_late, "reason": reason, "duplicate_of": other });
    row::step_with(&mut tx, &mut question, Actor::Staff(staff.id), event, facts).await?;
    row::set_claim(&mut tx, &mut question, None, None).await?;
    tx.commit().await?;
    Ok(question)
}

/// Notes which question is answered instead; it has to be another one, and not over. The wish for a woman goes with it.
async fn name_other(tx: &mut Tx, question: &Question, other: QuestionId) -> anyhow::Result<()> {
    let other = row::get(tx, other).await?;
    if other.id == question.id {
        return Err(refuse(QuestionProblem::RepeatsItself));
    }
    if !other.state.is_open() && other.state != QuestionState::WaitingCitizen {
        return Err(refuse(QuestionProblem::RepeatsClosed));
    }
    query("UPDATE question SET duplicate_of = $1 WHERE id = $2")
        .bind(other.id)
        .bind(question.id)
        .execute(tx)
        .await?;
    query("UPDATE question SET wants_woman = wants_woman OR $1 WHERE id = $2")
        .bind(question.wants_woman)
        .bind(other.id)
        .execute(tx)
        .await?;
    Ok(())
}

//! Claims: one person at a time works on a question. A claim is a lease; work renews it, silence ends it.

use super::row::{self, Question};
use super::state::{QuestionEvent, QuestionState};
use super::{QuestionProblem, access, ask_back};
use crate::app::App;
use crate::audit::Actor;
use crate::clock::Millis;
use crate::db::{Conn, Tx};
use crate::ids::QuestionId;
use crate::jobs::{self, Job, JobError, Run};
use crate::people::{Permission, Staff};
use crate::refusal::{Refusal, refuse};
use serde_json::json;
use std::time::Duration;

/// A claim that nobody works under ends after this long.
pub const CLAIM_FOR: Duration = Duration::from_secs(30 * 60);

/// Whether a colleague's good claim may be taken over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Force {
    /// No: refuse.
    Polite,
    /// Yes; only supervisors.
    TakeOver,
}

/// Takes a question, or renews one's own claim.
pub async fn claim(app: &App, staff: &Staff, id: QuestionId, force: Force) -> anyhow::Result<Question> {
    let mut tx = app.db.begin().await?;
    let now = tx.now();
    let mut question = row::get(&mut tx, id).await?;
    access::check(&mut tx, staff, &question).await?;
    if question.is_claimed_by(staff.id, now) {
        renew(&mut tx, staff, &mut question).await?;
        tx.commit().await?;
        return Ok(question);
    }
    if question.is_claimed_at(now) {
        let may = force == Force::TakeOver && staff.role.may(Permission::SuperviseDesk);
        if !may {
            return Err(refuse(QuestionProblem::HeldByAnother));
        }
    }
    if matches!(question.state, QuestionState::Claimed | QuestionState::Drafted) {
        give_back(&mut tx, &mut question, Actor::Staff(staff.id), "taken_over").await?;
    }
    if question.state == QuestionState::WaitingCitizen {
        ask_back::resume(&mut tx, &mut question).await?;
    }
    row::step(&mut tx, &mut question, Actor::Staff(staff.id), QuestionEvent::Claim).await?;
    hold(&mut tx, staff, &mut question).await?;
    tx.commit().await?;
    Ok(question)
}

/// Gives a question back to the pool: one's own, or anybody's for a supervisor.
pub async fn release(app: &App, staff: &Staff, id: QuestionId) -> anyhow::Result<Question> {
    let mut tx = app.db.begin().await?;
    let mut question = row::get(&mut tx, id).await?;
    access::check(&mut tx, staff, &question).await?;
    if question.claimed_by != Some(staff.id) && !staff.role.may(Permission::SuperviseDesk) {
        return Err(refuse(QuestionProblem::NotYours));
    }
    give_back(&mut tx, &mut question, Actor::Staff(staff.id), "released").await?;
    tx.commit().await?;
    Ok(question)
}

/// Ends the claim and moves the question back to `matched` or `gap`.
pub(super) async fn give_back(
    tx: &mut Tx,
    question: &mut Question,
    actor: Actor,
    why: &'static str,
) -> anyhow::Result<()> {
    let found = row::has_answer(tx, question.id).await?;
    row::step_with(tx, question, actor, QuestionEvent::Release(found), json!({ "why": why })).await?;
    row::set_claim(tx, question, None, None).await?;
    Ok(())
}

/// The question, if `staff` holds a good claim on it; the claim is renewed. Every write of the desk begins here.
pub(super) async fn mine(tx: &mut Tx, staff: &Staff, id: QuestionId) -> anyhow::Result<Question> {
    let mut question = row::get(tx, id).await?;
    access::check(tx, staff, &question).await?;
    if !question.is_claimed_by(staff.id, tx.now()) {
        return Err(refuse(QuestionProblem::NotYours));
    }
    renew(tx, staff, &mut question).await?;
    Ok(question)
}

/// Gives `staff` the lease and queues the job that looks whether it ran out.
pub(super) async fn hold(tx: &mut Tx, staff: &Staff, question: &mut Question) -> anyhow::Result<()> {
    let until = renew(tx, staff, question).await?;
    jobs::enqueue_at::<App, _>(tx, &LapseClaim { question_id: question.id }, until).await?;
    Ok(())
}

async fn renew(tx: &mut Tx, staff: &Staff, question: &mut Question) -> sqlx::Result<Millis> {
    let until = tx.now() + CLAIM_FOR;
    row::set_claim(tx, question, Some(staff.id), Some(until)).await?;
    Ok(until)
}

/// Fails with 412 unless the question is still at the version that the caller has seen.
pub async fn check_version(conn: &mut impl Conn, id: QuestionId, seen: i64) -> anyhow::Result<()> {
    let question = row::get(conn, id).await?;
    if question.row_version == seen { Ok(()) } else { Err(refuse(Refusal::stale())) }
}

/// The job: gives a question back when its claim has run out.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub(super) struct LapseClaim {
    question_id: QuestionId,
}

impl Job<App> for LapseClaim {
    const KIND: &'static str = "lapse_claim";

    fn subject(&self) -> Option<uuid::Uuid> {
        Some(self.question_id.uuid())
    }

    fn dedupe_key(&self) -> Option<String> {
        Some(format!("lapse:{}", self.question_id))
    }

    async fn run(self, app: App, run: Run) -> Result<(), JobError> {
        let mut tx = app.db.begin().await?;
        run.complete(&mut tx).await?;
        let Some(mut question) = row::find(&mut tx, self.question_id).await? else {
            tx.commit().await?;
            return Ok(());
        };
        if matches!(question.state, QuestionState::Claimed | QuestionState::Drafted) {
            match question.claim_until.filter(|&until| until > tx.now()) {
                Some(until) => {
                    jobs::enqueue_at::<App, _>(&mut tx, &self, until).await?;
                }
                None => give_back(&mut tx, &mut question, Actor::System, "lapsed").await?,
            }
        }
        tx.commit().await?;
        Ok(())
    }
}

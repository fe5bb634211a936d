//! The second person: agrees to a reply or gives it back with a reason. Never the author.

use super::reply::{self, Reply};
use super::row::{self, Question};
use super::state::{QuestionEvent, ReplyEvent, ReplyState};
use super::{QuestionProblem, VideoState, access, case_video, claim, send, text};
use crate::app::App;
use crate::audit::Actor;
use crate::db::{Tx, query};
use crate::ids::ReplyId;
use crate::people::{self, Permission, Staff};
use crate::refusal::{Refusal, refuse};
use crate::text::Privacy;

/// What the second person says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// It may go out.
    Approved,
    /// It goes back to its author.
    Returned {
        /// Why.
        reason: String,
    },
}

/// Decides about a reply that waits for approval: a reviewer of its department, or a supervisor.
pub async fn decide(app: &App, staff: &Staff, id: ReplyId, decision: Decision) -> anyhow::Result<Reply> {
    let mut tx = app.db.begin().await?;
    let reply = decide_in(&mut tx, staff, id, decision).await?;
    tx.commit().await?;
    Ok(reply)
}

/// Decides about the reply as it was when it had this row version: what was rewritten since is another reply.
pub async fn decide_seen(
    app: &App,
    staff: &Staff,
    id: ReplyId,
    seen: i64,
    decision: Decision,
) -> anyhow::Result<Reply> {
    let mut tx = app.db.begin().await?;
    if reply::get(&mut tx, id).await?.row_version != seen {
        return Err(refuse(Refusal::stale()));
    }
    let reply = decide_in(&mut tx, staff, id, decision).await?;
    tx.commit().await?;
    Ok(reply)
}

/// [`decide`] in the caller's transaction.
pub async fn decide_in(tx: &mut Tx, staff: &Staff, id: ReplyId, decision: Decision) -> anyhow::Result<Reply> {
    let decision = checked(decision)?;
    let mut reply = reply::get(tx, id).await?;
    let mut question = row::get(tx, reply.question_id).await?;
    access::check(tx, staff, &question).await?;
    check_competence(staff, &reply)?;
    sign(tx, staff, &mut reply, &decision).await?;
    let actor = Actor::Staff(staff.id);
    match decision {
        Decision::Approved => {
            check_clip(tx, &reply).await?;
            check_signing(tx, &reply).await?;
            check_privacy(tx, &question, &reply).await?;
            reply::step(tx, &mut reply, actor, ReplyEvent::Approve).await?;
            send::hold(tx, &mut reply, actor).await?;
            row::step(tx, &mut question, actor, QuestionEvent::Queue).await?;
        }
        Decision::Returned { .. } => to_author(tx, actor, &mut reply, &mut question).await?,
    }
    Ok(reply)
}

/// Gives a reply that waits for approval back without a person's decision.
pub(super) async fn give_back(tx: &mut Tx, actor: Actor, id: ReplyId) -> anyhow::Result<()> {
    let mut reply = reply::get(tx, id).await?;
    let mut question = row::get(tx, reply.question_id).await?;
    to_author(tx, actor, &mut reply, &mut question).await
}

async fn to_author(
    tx: &mut Tx,
    actor: Actor,
    reply: &mut Reply,
    question: &mut Question,
) -> anyhow::Result<()> {
    reply::step(tx, reply, actor, ReplyEvent::Return).await?;
    row::step(tx, question, actor, QuestionEvent::Return).await?;
    if let Some(author) = people::find(tx, reply.author_id).await? {
        claim::hold(tx, &author, question).await?;
    }
    Ok(())
}

fn checked(decision: Decision) -> anyhow::Result<Decision> {
    match decision {
        Decision::Approved => Ok(Decision::Approved),
        Decision::Returned { reason } => {
            let reason = text::clean(&reason).map_err(refuse)?;
            if reason.is_empty() {
                return Err(refuse(QuestionProblem::ReturnNeedsReason));
            }
            Ok(Decision::Returned { reason })
        }
    }
}

fn check_competence(staff: &Staff, reply: &Reply) -> anyhow::Result<()> {
    let own_department = reply.department_id.is_some() && staff.department_id == reply.department_id;
    let speaks_for_it = staff.role.may(Permission::ReviewFacts) && own_department;
    if speaks_for_it || staff.role.may(Permission::SuperviseDesk) {
        Ok(())
    } else {
        Err(refuse(Refusal::forbidden()))
    }
}

/// Writes who decided. The statement itself leaves out the author, whatever the code above it believes.
async fn sign(tx: &mut Tx, staff: &Staff, reply: &mut Reply, decision: &Decision) -> anyhow::Result<()> {
    let reason = match decision {
        Decision::Approved => String::new(),
        Decision::Returned { reason } => reason.clone(),
    };
    let signed = query(
        "UPDATE reply SET decided_by = $1, decision_reason = $2, row_version = row_version + 1
         WHERE id = $3 AND row_version = $4 AND state = 'awaiting_approval' AND author_id <> $1",
    )
    .bind(staff.id)
    .bind(reason.clone())
    .bind(reply.id)
    .bind(reply.row_version)
    .execute(tx)
    .await?;
    if signed == 1 {
        reply.decided_by = Some(staff.id);
        reply.decision_reason = reason;
        reply.row_version += 1;
        return Ok(());
    }
    let problem =
        if reply.author_id == staff.id { QuestionProblem::OwnReply } else { QuestionProblem::ReplyMoved };
    debug_assert!(reply.state != ReplyState::AwaitingApproval || reply.author_id == staff.id);
    Err(refuse(problem))
}

/// What was approved must still be public when it goes out.
async fn check_clip(tx: &mut Tx, reply: &Reply) -> anyhow::Result<()> {
    if send::clip_is_public(tx, reply).await? {
        Ok(())
    } else {
        Err(refuse(QuestionProblem::ClipNotPublished))
    }
}

/// The asker may have shown a face since a public reply was written.
async fn check_privacy(tx: &mut Tx, question: &Question, reply: &Reply) -> anyhow::Result<()> {
    let public = reply.privacy == Privacy::Public.code();
    if public && case_video::asked_in_sign(tx, question).await? {
        return Err(refuse(QuestionProblem::VideoIsPrivate));
    }
    Ok(())
}

/// What is signed for this reply must be there to be seen by whoever agrees to it.
async fn check_signing(tx: &mut Tx, reply: &Reply) -> anyhow::Result<()> {
    match case_video::of_reply(tx, reply.id).await? {
        Some(video) if video.state != VideoState::Kept => Err(refuse(QuestionProblem::VideoNotReady)),
        _ => Ok(()),
    }
}

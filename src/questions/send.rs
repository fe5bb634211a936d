//! Sending a reply: it waits out the time to undo, then goes to its channel exactly once.

use super::receipt::secret_of;
use super::reply::{self, Reply};
use super::row::{self, Question};
use super::state::{DeliveryEvent, DeliveryState, QuestionEvent, ReplyEvent, ReplyState};
use super::{QuestionProblem, access, alike, case_video, claim, teach};
use crate::app::App;
use crate::audit::Actor;
use crate::channels::{self, Outbound, Outcome, Parcel, Repeat};
use crate::db::{Tx, query};
use crate::ids::{ChannelId, DeliveryId, ReplyId};
use crate::jobs::{self, Job, JobError, Run};
use crate::people::{Permission, Staff};
use crate::refusal::refuse;
use anyhow::anyhow;
use std::time::Duration;

/// A reply can be taken back for this long.
pub const UNDO_FOR: Duration = Duration::from_secs(20);

/// Starts the time to undo and queues the sending.
pub(super) async fn hold(tx: &mut Tx, reply: &mut Reply, actor: Actor) -> anyhow::Result<()> {
    let not_before = tx.now() + UNDO_FOR;
    reply::step(tx, reply, actor, ReplyEvent::Hold).await?;
    query("UPDATE reply SET not_before = $1 WHERE id = $2")
        .bind(not_before)
        .bind(reply.id)
        .execute(tx)
        .await?;
    reply.not_before = Some(not_before);
    jobs::enqueue_at::<App, _>(tx, &Send { reply_id: reply.id }, not_before).await?;
    Ok(())
}

/// Takes a reply back before it goes out: its author, its approver, or a supervisor. It is a draft again, and the one
/// who took it back holds the claim.
pub async fn undo(app: &App, staff: &Staff, id: ReplyId) -> anyhow::Result<Reply> {
    let mut tx = app.db.begin().await?;
    let mut reply = reply::get(&mut tx, id).await?;
    let mut question = row::get(&mut tx, reply.question_id).await?;
    access::check(&mut tx, staff, &question).await?;
    let involved = reply.author_id == staff.id || reply.decided_by == Some(staff.id);
    if !involved && !staff.role.may(Permission::SuperviseDesk) {
        return Err(refuse(QuestionProblem::NotYours));
    }
    if reply.state != ReplyState::Held {
        return Err(refuse(QuestionProblem::TooLateToUndo));
    }
    let actor = Actor::Staff(staff.id);
    reply::step(&mut tx, &mut reply, actor, ReplyEvent::Undo).await?;
    row::step(&mut tx, &mut question, actor, QuestionEvent::Undo).await?;
    claim::hold(&mut tx, staff, &mut question).await?;
    jobs::cancel_for_subject(&mut tx, reply.id).await?;
    tx.commit().await?;
    Ok(reply)
}

/// The job that sends.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub(super) struct Send {
    reply_id: ReplyId,
}

impl Job<App> for Send {
    const KIND: &'static str = "send_reply";
    const PRIORITY: i64 = 5;
    const MAX_ATTEMPTS: i64 = 8;

    fn subject(&self) -> Option<uuid::Uuid> {
        Some(self.reply_id.uuid())
    }

    fn dedupe_key(&self) -> Option<String> {
        Some(format!("send:{}", self.reply_id))
    }

    async fn run(self, app: App, run: Run) -> Result<(), JobError> {
        let mut read = app.db.read().await?;
        let kind = channel_kind(&mut read, self.reply_id).await?;
        drop(read);
        send_once(&app, channels::outbound(kind), self.reply_id, &run).await
    }

    async fn buried(self, app: App, _reason: String) -> anyhow::Result<()> {
        let mut tx = app.db.begin().await?;
        let mut reply = reply::get(&mut tx, self.reply_id).await?;
        match reply.state {
            ReplyState::Sending | ReplyState::Retry => park(&mut tx, &mut reply).await?,
            ReplyState::Held => {
                let mut question = row::get(&mut tx, reply.question_id).await?;
                call_back(&mut tx, &mut reply, &mut question, "not_sent").await?;
            }
            _ => {}
        }
        tx.commit().await?;
        Ok(())
    }
}

async fn channel_kind(conn: &mut impl crate::db::Conn, id: ReplyId) -> anyhow::Result<channels::ChannelKind> {
    let (channel,): (ChannelId,) =
        query("SELECT q.channel_id FROM reply r JOIN question q ON q.id = r.question_id WHERE r.id = $1")
            .bind(id)
            .one(conn)
            .await?;
    let channel =
        channels::find(conn, channel).await?.ok_or_else(|| anyhow!("the reply's channel is gone"))?;
    Ok(channel.kind)
}

/// Sends a held reply through `outbound` and writes how it went. Safe to run again after a crash at any point: the
/// channel sees one parcel, or a person is asked.
pub async fn send_once(app: &App, outbound: &dyn Outbound, id: ReplyId, run: &Run) -> Result<(), JobError> {
    let Some(parcel) = begin(app, outbound, id, run).await? else { return Ok(()) };
    let outcome = outbound.post(&parcel).await;
    finish(app, id, parcel.id, outcome, run).await
}

/// Notes that posting starts and says what to post; `None` when there is nothing left to do.
async fn begin(app: &App, outbound: &dyn Outbound, id: ReplyId, run: &Run) -> anyhow::Result<Option<Parcel>> {
    let mut tx = app.db.begin().await?;
    let mut reply = reply::get(&mut tx, id).await?;
    let mut question = row::get(&mut tx, reply.question_id).await?;
    let parcel = match reply.state {
        ReplyState::Held if !clip_is_public(&mut tx, &reply).await? => {
            call_back(&mut tx, &mut reply, &mut question, "clip_withdrawn").await?;
            None
        }
        ReplyState::Held if is_signing_gone(&mut tx, &reply).await? => {
            call_back(&mut tx, &mut reply, &mut question, "signing_gone").await?;
            None
        }
        ReplyState::Held | ReplyState::Retry => {
            reply::step(&mut tx, &mut reply, Actor::System, ReplyEvent::Post).await?;
            Some(start_delivery(&mut tx, &question, id).await?)
        }
        ReplyState::Sending => match (delivery_of(&mut tx, &question, id).await?, outbound.repeat()) {
            // The worker before us died between posting and noting it.
            (Some(delivery), Repeat::PostsAgain) => {
                move_delivery(&mut tx, delivery, DeliveryEvent::LoseSight, None).await?;
                park(&mut tx, &mut reply).await?;
                None
            }
            (Some(delivery), Repeat::Harmless) => Some(delivery.id),
            (None, _) => Some(start_delivery(&mut tx, &question, id).await?),
        },
        ReplyState::Draft
        | ReplyState::AwaitingApproval
        | ReplyState::Approved
        | ReplyState::Sent
        | ReplyState::Delivered
        | ReplyState::Read
        | ReplyState::FailedPermanent
        | ReplyState::ManualPost
        | ReplyState::Corrected => None,
    };
    match parcel {
        None => run.complete(&mut tx).await?,
        Some(_) => run.guard(&mut tx).await?,
    }
    let clip_url = sign_url(&mut tx, app, &reply).await?;
    tx.commit().await?;
    Ok(parcel.map(|id| Parcel { id, text: reply.body, clip_url }))
}

/// What the reply shows is gone since it was approved: nobody gets it, and somebody has to write another.
async fn call_back(
    tx: &mut Tx,
    reply: &mut Reply,
    question: &mut Question,
    why: &'static str,
) -> anyhow::Result<()> {
    reply::step(tx, reply, Actor::System, ReplyEvent::Undo).await?;
    row::step(tx, question, Actor::System, QuestionEvent::Undo).await?;
    claim::give_back(tx, question, Actor::System, why).await
}

/// Whether the reply was signed and cannot be watched any more.
async fn is_signing_gone(tx: &mut Tx, reply: &Reply) -> sqlx::Result<bool> {
    Ok(case_video::of_reply(tx, reply.id).await?.is_some_and(|video| video.key().is_none()))
}

/// Writes how posting went. Everything that follows from it is in one transaction with the end of the job.
async fn finish(
    app: &App,
    id: ReplyId,
    delivery: DeliveryId,
    outcome: Outcome,
    run: &Run,
) -> Result<(), JobError> {
    let mut tx = app.db.begin().await?;
    let mut reply = reply::get(&mut tx, id).await?;
    let delivery = delivery_by_id(&mut tx, delivery).await?;
    match outcome {
        Outcome::Posted(name) => {
            move_delivery(&mut tx, delivery, DeliveryEvent::Post, name).await?;
            mark_sent(&mut tx, &mut reply, Actor::System).await?;
        }
        Outcome::Confirmed(name) => {
            let delivery = move_delivery(&mut tx, delivery, DeliveryEvent::Post, name).await?;
            move_delivery(&mut tx, delivery, DeliveryEvent::Confirm, None).await?;
            mark_sent(&mut tx, &mut reply, Actor::System).await?;
        }
        Outcome::Busy => {
            move_delivery(&mut tx, delivery, DeliveryEvent::Limit, None).await?;
            reply::step(&mut tx, &mut reply, Actor::System, ReplyEvent::Delay).await?;
            run.guard(&mut tx).await?;
            tx.commit().await?;
            return Err(JobError::Retry(anyhow!("the channel is busy")));
        }
        Outcome::Refused(why) => {
            note_error(&mut tx, delivery.id, why).await?;
            move_delivery(&mut tx, delivery, DeliveryEvent::Fail, None).await?;
            park(&mut tx, &mut reply).await?;
        }
        Outcome::Unknown => {
            move_delivery(&mut tx, delivery, DeliveryEvent::LoseSight, None).await?;
            park(&mut tx, &mut reply).await?;
        }
        Outcome::ByHand => {
            move_delivery(&mut tx, delivery, DeliveryEvent::PutBack, None).await?;
            reply::step(&mut tx, &mut reply, Actor::System, ReplyEvent::Park).await?;
        }
    }
    run.complete(&mut tx).await?;
    tx.commit().await?;
    Ok(())
}

/// A person has posted the reply by hand, or has found it posted.
pub async fn mark_posted(
    app: &App,
    staff: &Staff,
    id: ReplyId,
    external_id: Option<String>,
) -> anyhow::Result<Reply> {
    let mut tx = app.db.begin().await?;
    let mut reply = reply::get(&mut tx, id).await?;
    let question = row::get(&mut tx, reply.question_id).await?;
    access::check(&mut tx, staff, &question).await?;
    if reply.state != ReplyState::ManualPost {
        return Err(refuse(QuestionProblem::ReplyMoved));
    }
    if let Some(delivery) = delivery_of(&mut tx, &question, id).await? {
        move_delivery(&mut tx, delivery, DeliveryEvent::PostByHand, external_id).await?;
    }
    mark_sent(&mut tx, &mut reply, Actor::Staff(staff.id)).await?;
    tx.commit().await?;
    Ok(reply)
}

async fn mark_sent(tx: &mut Tx, reply: &mut Reply, actor: Actor) -> anyhow::Result<()> {
    let now = tx.now();
    let mut question = row::get(tx, reply.question_id).await?;
    reply::step(tx, reply, actor, ReplyEvent::Posted).await?;
    row::step(tx, &mut question, actor, QuestionEvent::Send).await?;
    query("UPDATE reply SET sent_at = $1 WHERE id = $2").bind(now).bind(reply.id).execute(tx).await?;
    query("UPDATE question SET first_reply_at = COALESCE(first_reply_at, $1) WHERE id = $2")
        .bind(now)
        .bind(question.id)
        .execute(tx)
        .await?;
    reply.sent_at = Some(now);
    match reply.clip_id {
        Some(clip) => {
            teach::accept(tx, &question, clip, reply.author_id).await?;
            alike::offer_to_others(tx, &question, clip).await
        }
        None => Ok(()),
    }
}

async fn park(tx: &mut Tx, reply: &mut Reply) -> anyhow::Result<()> {
    reply::step(tx, reply, Actor::System, ReplyEvent::Fail).await?;
    reply::step(tx, reply, Actor::System, ReplyEvent::Park).await
}

/// Whether the reply's clip, if it has one, is public at this moment.
pub(super) async fn clip_is_public(tx: &mut Tx, reply: &Reply) -> sqlx::Result<bool> {
    let Some(clip) = reply.clip_id else { return Ok(true) };
    let public: i64 = query("SELECT COUNT(*) FROM clip WHERE id = $1 AND published_version_id IS NOT NULL")
        .bind(clip)
        .value(tx)
        .await?;
    Ok(public == 1)
}

/// Where the asker watches the answer: the public page of its clip, or the asker's own page, where what was signed for
/// this asker alone is shown.
async fn sign_url(tx: &mut Tx, app: &App, reply: &Reply) -> sqlx::Result<Option<String>> {
    let site = app.config.base_url.as_str().trim_end_matches('/');
    if case_video::of_reply(tx, reply.id).await?.is_some() {
        return Ok(Some(format!("{site}/questions/{}", secret_of(&app.sealer, reply.question_id))));
    }
    let slug: Option<(String,)> =
        query("SELECT slug FROM clip WHERE id = $1").bind(reply.clip_id).optional(tx).await?;
    Ok(slug.map(|(slug,)| format!("{site}/clips/{slug}")))
}

#[derive(Debug, Clone, Copy, sqlx::FromRow)]
struct Delivery {
    id: DeliveryId,
    state: DeliveryState,
}

async fn delivery_of(tx: &mut Tx, question: &Question, reply: ReplyId) -> sqlx::Result<Option<Delivery>> {
    query("SELECT id, state FROM delivery WHERE reply_id = $1 AND channel_id = $2")
        .bind(reply)
        .bind(question.channel_id)
        .optional(tx)
        .await
}

async fn delivery_by_id(tx: &mut Tx, id: DeliveryId) -> sqlx::Result<Delivery> {
    query("SELECT id, state FROM delivery WHERE id = $1").bind(id).one(tx).await
}

/// The one posting of this reply to this channel, started. The table allows no second one.
async fn start_delivery(tx: &mut Tx, question: &Question, reply: ReplyId) -> anyhow::Result<DeliveryId> {
    let now = tx.now();
    query(
        "INSERT INTO delivery (id, reply_id, channel_id, state, attempts, created_at, updated_at)
         VALUES ($1, $2, $3, 'pending', 0, $4, $4) ON CONFLICT (reply_id, channel_id) DO NOTHING",
    )
    .bind(DeliveryId::new(now))
    .bind(reply)
    .bind(question.channel_id)
    .bind(now)
    .execute(tx)
    .await?;
    let delivery = delivery_of(tx, question, reply)
        .await?
        .ok_or_else(|| anyhow!("a delivery that was just written is gone"))?;
    Ok(move_delivery(tx, delivery, DeliveryEvent::Start, None).await?.id)
}

async fn move_delivery(
    tx: &mut Tx,
    delivery: Delivery,
    event: DeliveryEvent,
    external_id: Option<String>,
) -> anyhow::Result<Delivery> {
    let next = delivery.state.next(event).ok_or_else(|| {
        anyhow!("delivery {}: {} does not allow {}", delivery.id, delivery.state, event.label())
    })?;
    let attempt = i64::from(event == DeliveryEvent::Start);
    let now = tx.now();
    let changed = query(
        "UPDATE delivery SET state = $1, updated_at = $2, attempts = attempts + $3,
                             external_id = COALESCE($4, external_id)
         WHERE id = $5 AND state = $6",
    )
    .bind(next)
    .bind(now)
    .bind(attempt)
    .bind(external_id)
    .bind(delivery.id)
    .bind(delivery.state)
    .execute(tx)
    .await?;
    anyhow::ensure!(changed == 1, "delivery {} was moved by somebody else", delivery.id);
    Ok(Delivery { state: next, ..delivery })
}

async fn note_error(tx: &mut Tx, id: DeliveryId, why: String) -> sqlx::Result<()> {
    query("UPDATE delivery SET last_error = $1 WHERE id = $2").bind(why).bind(id).execute(tx).await?;
    Ok(())
}

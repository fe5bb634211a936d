//! The asker's own view, by the secret link: everything that is theirs.

use super::card::{ClipCard, ClipRendition, card, cues, renditions};
use super::case_video::{self, CaseVideo};
use super::message::{self, Author, Message, Saying};
use super::receipt::{Safety, safety_clip};
use super::reply;
use super::row::{self, Question};
use super::state::{QuestionEvent, QuestionState};
use super::suggest::Cue;
use super::text::{Segment, segments};
use super::{AskerStatus, QuestionProblem, VideoLoss, ask_back, detail, intake};
use crate::app::App;
use crate::audit::{Actor, Entry};
use crate::clock::Millis;
use crate::db::{Conn, Tx, query};
use crate::ids::{FeedbackId, ReplyId, secret_hash};
use crate::refusal::{Refusal, refuse};
use serde_json::json;

/// A case as its asker sees it.
#[derive(Debug, Clone)]
pub struct AskerPage {
    /// What can be typed into the status form.
    pub code: String,
    /// Where it stands.
    pub status: AskerStatus,
    /// When it arrived.
    pub received_at: Millis,
    /// When an answer is due.
    pub due_at: Millis,
    /// Whether it is late.
    pub is_late: bool,
    /// Whether the supervisors were told that it is late.
    pub is_handed_up: bool,
    /// The code of the asker's other question, which is answered instead of this one.
    pub answered_as: Option<String>,
    /// The asker's own words, with masks.
    pub segments: Vec<Segment>,
    /// `none`, `waiting`, `kept`, `refused`, `failed` or `deleted`.
    pub video_state: String,
    /// Why the signed question, or what was signed in its place, could not be used; none once its asker has said
    /// something that can.
    pub video_loss: Option<VideoLoss>,
    /// What happened, oldest first.
    pub timeline: Vec<TimelineStep>,
    /// What asker and desk wrote to each other, oldest first.
    pub messages: Vec<Message>,
    /// The replies that went out, newest first.
    pub replies: Vec<AskerReply>,
    /// Whether "understood / did not" can be said now.
    pub can_rate: bool,
    /// Whether the asker may write a message now.
    pub can_write: bool,
    /// Whether it can be asked again.
    pub can_reopen: bool,
    /// The question held a code or password.
    pub safety: Option<Safety>,
}

/// One step of the way.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct TimelineStep {
    /// When.
    pub at: Millis,
    /// What.
    pub status: AskerStatus,
}

/// A reply as its asker sees it.
#[derive(Debug, Clone)]
pub struct AskerReply {
    /// Which one.
    pub id: ReplyId,
    /// The text below the clip.
    pub body: String,
    /// `public` or `private`.
    pub privacy: String,
    /// The signed answer; absent for a text, and when the clip was withdrawn since.
    pub clip: Option<AskerClip>,
    /// Whether there was a clip that is no longer public.
    pub clip_withdrawn: bool,
    /// What the desk signed for this asker.
    pub video: Option<CaseVideo>,
    /// When it went out.
    pub sent_at: Millis,
    /// What the asker said.
    pub understood: Option<bool>,
}

/// A published clip with what a player needs.
#[derive(Debug, Clone)]
pub struct AskerClip {
    /// Title, summary, poster.
    pub card: ClipCard,
    /// Smallest first.
    pub renditions: Vec<ClipRendition>,
    /// Arabic captions.
    pub cues: Vec<Cue>,
}

pub(super) async fn by_secret(conn: &mut impl Conn, secret: &str) -> anyhow::Result<Question> {
    let found = row::find_by_secret_hash(conn, secret_hash(secret)).await?;
    found.ok_or_else(|| refuse(Refusal::not_found()))
}

/// Refuses a secret that opens no case.
pub async fn knows_case(app: &App, secret: &str) -> anyhow::Result<()> {
    let mut read = app.db.read().await?;
    by_secret(&mut read, secret).await.map(|_| ())
}

/// The case behind a secret link.
pub async fn asker_page(app: &App, secret: &str) -> anyhow::Result<AskerPage> {
    let mut read = app.db.read().await?;
    let question = by_secret(&mut read, secret).await?;
    let kinds = row::redaction_kinds(&mut read, question.id).await?;
    let mut replies = Vec::new();
    for reply in reply::of_question(&mut read, question.id).await?.into_iter().rev() {
        if let Some(sent_at) = reply.sent_at.filter(|_| reply.state.is_out()) {
            replies.push(asker_reply(&mut read, &reply, sent_at).await?);
        }
    }
    let safety = if question.urgent || question.had_secret {
        Some(Safety { clip_slug: safety_clip(&mut read).await? })
    } else {
        None
    };
    let answered_as = answered_as(&mut read, &question).await?;
    let is_late = question.is_overdue_at(app.clock.now());
    let messages = message::of_question(&mut read, question.id).await?;
    let video_loss = loss(&mut read, &question, &messages).await?;
    Ok(AskerPage {
        status: AskerStatus::of(question.state),
        is_late,
        is_handed_up: is_late && question.escalated_at.is_some(),
        answered_as,
        segments: segments(&question.redacted, &kinds),
        timeline: timeline(&mut read, &question).await?,
        can_rate: question.state == QuestionState::Sent,
        can_write: ask_back::may_write(question.state),
        messages,
        can_reopen: question.state.next(QuestionEvent::Reopen).is_some(),
        code: question.code,
        received_at: question.received_at,
        due_at: question.due_at,
        video_loss,
        video_state: question.video_state,
        replies,
        safety,
    })
}

/// At most so many questions that repeat each other are followed.
const HOPS: usize = 8;

/// The code of the question that is answered instead; none when that was closed without an answer too.
async fn answered_as(conn: &mut impl Conn, question: &Question) -> anyhow::Result<Option<String>> {
    let mut next = question.duplicate_of;
    for _ in 0..HOPS {
        let Some(id) = next else { return Ok(None) };
        let Some(other) = row::find(conn, id).await? else { return Ok(None) };
        match other.state {
            QuestionState::Duplicate => next = other.duplicate_of,
            QuestionState::Spam => return Ok(None),
            _ => return Ok(Some(other.code)),
        }
    }
    Ok(None)
}

/// Why there is nothing to answer: the newest loss, unless something came after the first that can be read or watched.
async fn loss(
    conn: &mut impl Conn,
    question: &Question,
    messages: &[Message],
) -> sqlx::Result<Option<VideoLoss>> {
    let own = VideoLoss::of(&question.video_state, &question.video_refusal);
    if own.is_none() {
        return Ok(None);
    }
    // The question's own video is the first that can be lost in its case.
    let lost_at: Option<Millis> = query(
        "SELECT MIN(at) FROM audit WHERE subject_id = $1 AND subject_kind = 'question'
         AND verb IN ('question.video_refused', 'question.video_failed')",
    )
    .bind(question.id.uuid())
    .value(conn)
    .await?;
    let since = messages.iter().filter(|said| said.author == Author::Asker && Some(said.at) >= lost_at);
    Ok(since.fold(own, |loss, said| match said.loss() {
        None => None,
        newest => loss.and(newest),
    }))
}

async fn asker_reply(
    conn: &mut impl Conn,
    reply: &reply::Reply,
    sent_at: Millis,
) -> anyhow::Result<AskerReply> {
    let card = match reply.clip_id {
        Some(clip) => card(conn, clip).await?.filter(|card| card.is_public),
        None => None,
    };
    let clip = match card {
        Some(card) => Some(AskerClip {
            renditions: renditions(conn, card.id).await?,
            cues: cues(conn, card.id).await?,
            card,
        }),
        None => None,
    };
    Ok(AskerReply {
        id: reply.id,
        body: reply.body.clone(),
        privacy: reply.privacy.clone(),
        clip_withdrawn: reply.clip_id.is_some() && clip.is_none(),
        clip,
        video: case_video::of_reply(conn, reply.id).await?,
        sent_at,
        understood: detail::understood(conn, reply).await?,
    })
}

/// The audit rows of the case in the asker's words; steps that mean the same to the asker are one.
async fn timeline(conn: &mut impl Conn, question: &Question) -> sqlx::Result<Vec<TimelineStep>> {
    let rows: Vec<(Millis, String)> =
        query("SELECT at, verb FROM audit WHERE subject_id = $1 AND subject_kind = 'question' ORDER BY seq")
            .bind(question.id.uuid())
            .all(conn)
            .await?;
    let mut steps: Vec<TimelineStep> = Vec::new();
    for (at, verb) in rows {
        let status = match verb.as_str() {
            "question.received" => AskerStatus::Received,
            "question.claimed" => AskerStatus::InProgress,
            "question.briefed" => AskerStatus::Filming,
            "question.asked_back" => AskerStatus::WaitingForYou,
            "question.answered_back" => AskerStatus::InProgress,
            "question.sent" => AskerStatus::Answered,
            "question.resolved" => AskerStatus::Understood,
            "question.reopened" => AskerStatus::Reopened,
            "question.marked_spam" | "question.marked_duplicate" => AskerStatus::Closed,
            _ => continue,
        };
        if steps.last().is_none_or(|last| last.status != status) {
            steps.push(TimelineStep { at, status });
        }
    }
    Ok(steps)
}

/// What the asker says about the newest reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clarity {
    /// Understood: the case is closed.
    Understood,
    /// Not understood: the case is open again, with a new clock.
    NotUnderstood,
}

/// Takes the asker's word about the newest reply; saying the same again changes nothing. `more` is what was not clear,
/// in the asker's words or signing, and may be empty.
pub async fn rate(app: &App, secret: &str, clarity: Clarity, more: impl Into<Saying>) -> anyhow::Result<()> {
    let mut tx = app.db.begin().await?;
    let mut question = by_secret(&mut tx, secret).await?;
    let replies = reply::of_question(&mut tx, question.id).await?;
    let newest = replies.into_iter().rev().find(|reply| reply.state.is_out());
    let newest = newest.ok_or_else(|| refuse(QuestionProblem::NoReplyYet))?;
    let said = detail::understood(&mut tx, &newest).await?;
    let understood = clarity == Clarity::Understood;
    let open_again = newest.cycle < question.cycle;
    if said == Some(understood) || open_again {
        return Ok(());
    }
    write_feedback(&mut tx, newest.id, understood).await?;
    let already = question.state == QuestionState::Resolved && understood;
    if !already {
        match clarity {
            Clarity::Understood => resolve(&mut tx, &mut question).await?,
            Clarity::NotUnderstood => {
                open_new_cycle(&mut tx, &mut question, "not_understood").await?;
                keep(&mut tx, app, &mut question, &more.into()).await?;
            }
        }
    }
    tx.commit().await?;
    Ok(())
}

async fn write_feedback(tx: &mut Tx, reply: ReplyId, understood: bool) -> sqlx::Result<()> {
    let now = tx.now();
    query(
        "INSERT INTO reply_feedback (id, reply_id, understood, at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (reply_id) DO UPDATE SET understood = excluded.understood, at = excluded.at",
    )
    .bind(FeedbackId::new(now))
    .bind(reply)
    .bind(understood)
    .bind(now)
    .execute(tx)
    .await?;
    tx.record(
        Entry::new(Actor::Citizen, "reply.rated", "reply", reply).with(json!({ "understood": understood })),
    );
    Ok(())
}

async fn resolve(tx: &mut Tx, question: &mut Question) -> anyhow::Result<()> {
    row::step(tx, question, Actor::Citizen, QuestionEvent::Resolve).await?;
    let now = tx.now();
    query("UPDATE question SET resolved_at = $1 WHERE id = $2")
        .bind(now)
        .bind(question.id)
        .execute(tx)
        .await?;
    Ok(())
}

/// What the asker adds while opening a case again; nothing is also an answer.
async fn keep(tx: &mut Tx, app: &App, question: &mut Question, more: &Saying) -> anyhow::Result<()> {
    if more.is_empty() {
        return Ok(());
    }
    message::from_asker(tx, &app.sealer, question, more).await
}

/// Opens an answered case again with what the asker adds, which may be empty; opening it once more before an answer
/// only keeps what is added.
pub async fn reopen(app: &App, secret: &str, more: impl Into<Saying>) -> anyhow::Result<()> {
    let more = more.into();
    let mut tx = app.db.begin().await?;
    let mut question = by_secret(&mut tx, secret).await?;
    if question.state.is_open() && question.cycle > 1 {
        keep(&mut tx, app, &mut question, &more).await?;
        tx.commit().await?;
        return Ok(());
    }
    if question.state.next(QuestionEvent::Reopen).is_none() {
        return Err(refuse(QuestionProblem::NoReplyYet));
    }
    open_new_cycle(&mut tx, &mut question, "asked_again").await?;
    keep(&mut tx, app, &mut question, &more).await?;
    tx.commit().await?;
    Ok(())
}

/// Each cycle has its own clock and starts without a claim.
async fn open_new_cycle(tx: &mut Tx, question: &mut Question, why: &'static str) -> anyhow::Result<()> {
    row::step_with(tx, question, Actor::Citizen, QuestionEvent::Reopen, json!({ "why": why })).await?;
    let due_at = tx.now() + intake::DUE_WITHIN;
    query("UPDATE question SET cycle = cycle + 1, due_at = $1, resolved_at = NULL, escalated_at = NULL WHERE id = $2")
        .bind(due_at)
        .bind(question.id)
        .execute(tx)
        .await?;
    question.cycle += 1;
    question.due_at = due_at;
    question.escalated_at = None;
    row::set_claim(tx, question, None, None).await?;
    Ok(())
}

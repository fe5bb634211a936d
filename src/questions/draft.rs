//! Writing a reply: a published clip, a text, or both; public or private; straight to the asker or to a second person.

use super::case_video::{self, Part, VideoState};
use super::reply::{self, Reply};
use super::row::{self, Question};
use super::state::{QuestionEvent, ReplyEvent, ReplyState};
use super::{QuestionProblem, claim, send, text};
use crate::app::App;
use crate::audit::Actor;
use crate::catalog;
use crate::db::{Tx, query};
use crate::ids::{ClipId, DepartmentId, QuestionId, ReplyId, UploadId, VersionId};
use crate::people::Staff;
use crate::refusal::refuse;
use crate::text::redact::{SpanKind, find};
use crate::text::route::{Intent, Privacy};
use serde_json::json;

/// What becomes of the reply once it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finish {
    /// It stays a draft.
    Save,
    /// It goes out, or to the second person.
    Submit,
}

/// A reply as an agent writes it.
#[derive(Debug, Clone)]
pub struct NewReply {
    /// A published clip.
    pub clip_id: Option<ClipId>,
    /// A text, beside the clip or instead of it.
    pub text: String,
    /// Who may see it.
    pub privacy: Privacy,
    /// Needed when the rule proposes the other privacy.
    pub override_reason: String,
    /// Why a question asked in sign is answered in writing alone. A person is always asked (`Some`, refused while empty);
    /// a program that knows nothing of it says nothing, and the second person sees that there is no reason.
    pub unsigned_reason: Option<String>,
    /// Signed for this asker alone.
    pub signing: OwnSigning,
    /// Draft or out.
    pub finish: Finish,
}

/// What becomes of the part of a reply that its author signed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum OwnSigning {
    /// What the draft has stays, if it has any.
    #[default]
    AsItIs,
    /// It is taken out and deleted.
    Removed,
    /// This complete upload takes its place.
    New(UploadId),
}

struct PublishedClip {
    id: ClipId,
    version: VersionId,
    summary: String,
    department: DepartmentId,
}

/// Writes the reply of whoever holds the claim. Submitted, it waits out the time to undo, or for a second person.
pub async fn write_reply(app: &App, staff: &Staff, id: QuestionId, new: NewReply) -> anyhow::Result<Reply> {
    let mut tx = app.db.begin().await?;
    let reply = write_reply_in(&mut tx, staff, id, new).await?;
    tx.commit().await?;
    Ok(reply)
}

/// [`write_reply`] in the caller's transaction.
pub async fn write_reply_in(
    tx: &mut Tx,
    staff: &Staff,
    id: QuestionId,
    new: NewReply,
) -> anyhow::Result<Reply> {
    let body = text::clean(&new.text).map_err(refuse)?;
    let override_reason = text::clean(&new.override_reason).map_err(refuse)?;
    let draft = own_draft(tx, staff, id).await?;
    let signed = signed(tx, draft.as_ref(), new.signing).await?;
    if body.is_empty() && new.clip_id.is_none() && !signed {
        return Err(refuse(QuestionProblem::EmptyReply));
    }
    if signed && new.privacy == Privacy::Public {
        return Err(refuse(QuestionProblem::OwnSigningIsPrivate));
    }
    check_identifiers(&body, new.privacy)?;
    check_calls(&body)?;
    let mut question = claim::mine(tx, staff, id).await?;
    check_privacy(tx, &question, new.privacy, &override_reason).await?;
    let clip = match new.clip_id {
        Some(clip) => Some(published(tx, clip).await?),
        None => None,
    };
    let unsigned_reason = match clip.is_some() || signed || !case_video::asked_in_sign(tx, &question).await? {
        true => String::new(),
        false => unsigned_reason(new.unsigned_reason.as_deref(), new.finish)?,
    };
    let needs_approval = signed || needs_approval(tx, &question, clip.as_ref(), &body, new.privacy).await?;
    let department_id = department(tx, &question, clip.as_ref()).await?;
    let now = tx.now();
    let mut reply = Reply {
        id: ReplyId::new(now),
        question_id: id,
        cycle: question.cycle,
        clip_id: clip.as_ref().map(|clip| clip.id),
        version_id: clip.as_ref().map(|clip| clip.version),
        body,
        privacy: new.privacy.code().to_owned(),
        override_reason,
        unsigned_reason,
        author_id: staff.id,
        state: ReplyState::Draft,
        state_since: now,
        needs_approval,
        department_id,
        not_before: None,
        decided_by: None,
        decision_reason: String::new(),
        created_at: now,
        sent_at: None,
        row_version: 1,
    };
    save(tx, &mut reply, draft).await?;
    match new.signing {
        OwnSigning::New(upload) => sign(tx, &reply, upload).await?,
        OwnSigning::AsItIs if signed => {}
        OwnSigning::AsItIs | OwnSigning::Removed => case_video::detach(tx, reply.id).await?,
    }
    let facts = json!({ "reply": reply.id, "clip": reply.clip_id, "signed": signed, "privacy": reply.privacy,
                        "overrides_rule": reply.privacy != question.privacy });
    row::step_with(tx, &mut question, Actor::Staff(staff.id), QuestionEvent::Draft, facts).await?;
    match new.finish {
        Finish::Save => {}
        Finish::Submit => submit(tx, staff, &mut question, &mut reply).await?,
    }
    Ok(reply)
}

/// The draft that this person has of the reply.
async fn own_draft(tx: &mut Tx, staff: &Staff, id: QuestionId) -> anyhow::Result<Option<Reply>> {
    let question = row::get(tx, id).await?;
    Ok(reply::draft_of(tx, id, question.cycle, staff.id).await?)
}

/// Whether the reply will have a signed part. One that could not be used counts for nothing.
async fn signed(tx: &mut Tx, draft: Option<&Reply>, signing: OwnSigning) -> sqlx::Result<bool> {
    match (signing, draft) {
        (OwnSigning::New(_), _) => Ok(true),
        (OwnSigning::Removed, _) | (OwnSigning::AsItIs, None) => Ok(false),
        (OwnSigning::AsItIs, Some(draft)) => {
            let video = case_video::of_reply(tx, draft.id).await?;
            Ok(video.is_some_and(|video| video.loss().is_none() && video.state != VideoState::Deleted))
        }
    }
}

async fn sign(tx: &mut Tx, reply: &Reply, upload: UploadId) -> anyhow::Result<()> {
    if case_video::reply_has(tx, reply.id, upload).await? {
        return Ok(());
    }
    case_video::detach(tx, reply.id).await?;
    case_video::attach(tx, reply.question_id, Part::Reply(reply.id), upload).await
}

async fn save(tx: &mut Tx, reply: &mut Reply, draft: Option<Reply>) -> anyhow::Result<()> {
    let Some(draft) = draft else {
        return Ok(reply::insert(tx, reply).await?);
    };
    reply.id = draft.id;
    reply.created_at = draft.created_at;
    reply.row_version = draft.row_version;
    reply::rewrite(tx, reply).await?;
    reply.row_version += 1;
    Ok(())
}

async fn submit(
    tx: &mut Tx,
    staff: &Staff,
    question: &mut Question,
    reply: &mut Reply,
) -> anyhow::Result<()> {
    let actor = Actor::Staff(staff.id);
    if reply.needs_approval {
        reply::step(tx, reply, actor, ReplyEvent::Submit).await?;
        row::step(tx, question, actor, QuestionEvent::Submit).await?;
    } else {
        reply::step(tx, reply, actor, ReplyEvent::Preapprove).await?;
        send::hold(tx, reply, actor).await?;
        row::step(tx, question, actor, QuestionEvent::Queue).await?;
    }
    row::set_claim(tx, question, Some(staff.id), None).await?;
    Ok(())
}

/// A public reply names nobody; no reply at all carries a code or password.
pub(super) fn check_identifiers(body: &str, privacy: Privacy) -> anyhow::Result<()> {
    let forbidden = |kind: SpanKind| privacy == Privacy::Public || kind.is_secret();
    let kinds: Vec<&str> =
        find(body).iter().filter(|span| forbidden(span.kind)).map(|span| span.kind.code()).collect();
    if kinds.is_empty() {
        Ok(())
    } else {
        Err(refuse(QuestionProblem::Identifier { kinds: kinds.join(", ") }))
    }
}

/// "Call us" is no answer to somebody who cannot hear.
pub(super) fn check_calls(body: &str) -> anyhow::Result<()> {
    if catalog::is_call_only(body) { Err(refuse(QuestionProblem::CallOnly)) } else { Ok(()) }
}

/// Who asks in sign reads little: a written answer alone needs a reason before it goes out.
fn unsigned_reason(said: Option<&str>, finish: Finish) -> anyhow::Result<String> {
    let reason = text::clean(said.unwrap_or_default()).map_err(refuse)?;
    if said.is_some() && finish == Finish::Submit && reason.chars().count() < 3 {
        return Err(refuse(QuestionProblem::UnsignedNeedsReason));
    }
    Ok(reason)
}

async fn check_privacy(
    tx: &mut Tx,
    question: &Question,
    chosen: Privacy,
    reason: &str,
) -> anyhow::Result<()> {
    if chosen == Privacy::Public && case_video::asked_in_sign(tx, question).await? {
        return Err(refuse(QuestionProblem::VideoIsPrivate));
    }
    if chosen.code() != question.privacy && reason.chars().count() < 3 {
        return Err(refuse(QuestionProblem::OverrideNeedsReason { privacy: chosen.code() }));
    }
    Ok(())
}

async fn published(tx: &mut Tx, id: ClipId) -> anyhow::Result<PublishedClip> {
    let found: Option<(VersionId, String, DepartmentId)> = query(
        "SELECT c.published_version_id, c.summary_ar, s.department_id FROM clip c JOIN service s ON s.id = c.service_id
         WHERE c.id = $1 AND c.published_version_id IS NOT NULL",
    )
    .bind(id)
    .optional(tx)
    .await?;
    let (version, summary, department) = found.ok_or_else(|| refuse(QuestionProblem::ClipNotPublished))?;
    Ok(PublishedClip { id, version, summary, department })
}

/// Pre-approved is only a published clip without other words than its own summary. Personal cases, and public replies
/// against the rule, always need a second person.
async fn needs_approval(
    tx: &mut Tx,
    question: &Question,
    clip: Option<&PublishedClip>,
    body: &str,
    privacy: Privacy,
) -> sqlx::Result<bool> {
    let Some(clip) = clip else { return Ok(true) };
    let only_the_clip = body.is_empty() || body == clip.summary.trim();
    let made_public = privacy == Privacy::Public && question.privacy != Privacy::Public.code();
    Ok(!only_the_clip || made_public || is_personal(tx, question).await?)
}

/// Whether the question is about one person's own case.
async fn is_personal(tx: &mut Tx, question: &Question) -> sqlx::Result<bool> {
    if question.intent == Intent::PersonalCase.code() {
        return Ok(true);
    }
    let kinds = row::redaction_kinds(tx, question.id).await?;
    Ok(kinds.iter().any(|kind| text::kind_of(kind).is_none_or(|kind| !kind.is_secret())))
}

/// The department that speaks for the reply: of the question's service, else of the clip's.
async fn department(
    tx: &mut Tx,
    question: &Question,
    clip: Option<&PublishedClip>,
) -> sqlx::Result<Option<DepartmentId>> {
    let of_question: Option<(DepartmentId,)> = query("SELECT department_id FROM service WHERE id = $1")
        .bind(question.service_id)
        .optional(tx)
        .await?;
    Ok(of_question.map(|row| row.0).or(clip.map(|clip| clip.department)))
}

//! A question arrives: secrets are cut before anything is written, the rest is sealed, masked, routed and queued.

use super::receipt::{Receipt, receipt, secret_of};
use super::row::{self, Question};
use super::state::{QuestionEvent, QuestionState};
use super::{Match, QuestionProblem, text, video};
use crate::app::App;
use crate::audit::{Actor, Entry};
use crate::clock::Millis;
use crate::db::{Tx, query};
use crate::ids::{ChannelId, QuestionId, ServiceId, UploadId, secret_hash, short_code};
use crate::jobs;
use crate::refusal::refuse;
use crate::text::route::{Handler, Intent, Privacy, Urgency};
use crate::text::{Span, cut_secrets, redact, route};
use serde_json::json;
use std::time::Duration;

/// An answer is due within a day (deaf-users.md B17).
pub(super) const DUE_WITHIN: Duration = Duration::from_secs(24 * 60 * 60);
/// The clear text, contact and video are kept this long (deaf-users.md F49).
pub(super) const KEPT_FOR: Duration = Duration::from_secs(90 * 24 * 60 * 60);
/// A channel may deliver late, but not rewrite history: older times count as this long ago.
const LATEST_DELIVERY: Duration = Duration::from_secs(30 * 24 * 60 * 60);
/// Contact, thread and sender names of a channel.
const MAX_CONTACT: usize = 200;

/// What the asker or channel wishes beyond the rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Wish {
    /// Nothing said.
    #[default]
    Unsaid,
    /// The channel says that the question was asked in private.
    Private,
}

/// A question as it arrives.
#[derive(Debug, Clone)]
pub struct NewQuestion {
    /// Where it came from.
    pub channel: ChannelId,
    /// The channel's own name for it; the same name again is the same question.
    pub external_id: String,
    /// The thread it belongs to, as the channel names it.
    pub thread: Option<String>,
    /// What the asker wrote.
    pub text: Option<String>,
    /// A signed question: a citizen's complete upload.
    pub video: Option<UploadId>,
    /// How to reach the asker, if they want to say.
    pub contact: Option<String>,
    /// Only women staff may open it.
    pub wants_woman: bool,
    /// What it is about: a code of the service catalogue.
    pub service: Option<String>,
    /// Public or private, as the channel says.
    pub wish: Wish,
    /// When the channel received it; the asker's clock runs from then.
    pub asked_at: Option<Millis>,
}

impl NewQuestion {
    /// A question with a text and nothing else.
    pub fn text(channel: ChannelId, external_id: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            channel,
            external_id: external_id.into(),
            thread: None,
            text: Some(text.into()),
            video: None,
            contact: None,
            wants_woman: false,
            service: None,
            wish: Wish::Unsaid,
            asked_at: None,
        }
    }
}

/// What may be written of a question: nothing in here holds a code or password.
struct Screened {
    clear: String,
    redacted: String,
    spans: Vec<Span>,
    intent: &'static str,
    privacy: Privacy,
    reasons: Vec<&'static str>,
    urgent: bool,
    wants_woman: bool,
}

/// Takes a question in: one transaction with its audit row and its matching job. The same (channel, external id) again
/// gives the first answer again.
pub async fn receive(app: &App, new: NewQuestion) -> anyhow::Result<Receipt> {
    let external_id = check_external_id(&new.external_id)?;
    let screened = screen(&new)?;
    let contact = short(new.contact.as_deref())?;
    let thread = short(new.thread.as_deref())?;
    let mut tx = app.db.begin().await?;
    if let Some(known) = row::find_by_external_id(&mut tx, new.channel, &external_id).await? {
        return Ok(receipt(&mut tx, &app.sealer, &known, false).await?);
    }
    let service = service_id(&mut tx, new.service.as_deref()).await?;
    let id = QuestionId::new(tx.now());
    let arrival = Arrival { id, external_id, service, contact, thread };
    if !insert(&mut tx, app, &new, &screened, &arrival).await? {
        // Another request with the same name was faster.
        drop(tx);
        return repeat(app, new.channel, &arrival.external_id).await;
    }
    if let Some(video) = new.video {
        video::attach(&mut tx, id, video).await?;
    }
    insert_redactions(&mut tx, id, &screened.spans).await?;
    record(&mut tx, &new, &screened, id);
    jobs::enqueue::<App, _>(&mut tx, &Match { question_id: id }).await?;
    let question = row::get(&mut tx, id).await?;
    let answer = receipt(&mut tx, &app.sealer, &question, true).await?;
    tx.commit().await?;
    Ok(answer)
}

struct Arrival {
    id: QuestionId,
    external_id: String,
    service: Option<ServiceId>,
    contact: Option<String>,
    thread: Option<String>,
}

async fn repeat(app: &App, channel: ChannelId, external_id: &str) -> anyhow::Result<Receipt> {
    let mut read = app.db.read().await?;
    let known: Option<Question> = row::find_by_external_id(&mut read, channel, external_id).await?;
    let known =
        known.ok_or_else(|| anyhow::anyhow!("a question that was just refused as known is not there"))?;
    Ok(receipt(&mut read, &app.sealer, &known, false).await?)
}

fn check_external_id(id: &str) -> anyhow::Result<String> {
    let fits = (1..=200).contains(&id.chars().count()) && !id.chars().any(char::is_control);
    if fits { Ok(id.to_owned()) } else { Err(refuse(QuestionProblem::BadExternalId)) }
}

/// Cuts, masks and routes. A video is always private; so is what the channel calls private.
fn screen(new: &NewQuestion) -> anyhow::Result<Screened> {
    let written = text::clean(new.text.as_deref().unwrap_or_default()).map_err(refuse)?;
    if written.is_empty() && new.video.is_none() {
        return Err(refuse(QuestionProblem::Empty));
    }
    let redacted = redact(&written);
    let way = route(&written, &redacted.spans);
    let mut reasons: Vec<&'static str> = way.reasons.iter().map(|reason| reason.code).collect();
    let mut privacy = way.privacy;
    if new.video.is_some() {
        privacy = Privacy::Private;
        reasons.push("citizen_video");
    }
    if new.wish == Wish::Private {
        privacy = Privacy::Private;
        reasons.push("asked_in_private");
    }
    if privacy == Privacy::Private {
        reasons.retain(|&reason| reason != "general_question");
    }
    // A signed question without words says nothing about its intent; a person looks.
    let intent = if written.is_empty() { Intent::Information } else { way.intent };
    Ok(Screened {
        clear: cut_secrets(&written),
        redacted: redacted.text,
        spans: redacted.spans,
        intent: intent.code(),
        privacy,
        reasons,
        urgent: way.urgency == Urgency::Urgent,
        wants_woman: new.wants_woman || way.handler == Handler::Woman,
    })
}

/// A contact or thread name: one short line without codes and passwords.
fn short(text: Option<&str>) -> anyhow::Result<Option<String>> {
    let Some(text) = text else { return Ok(None) };
    let line = text::clean(text).map_err(refuse)?.replace('\n', " ");
    if line.chars().count() > MAX_CONTACT {
        return Err(refuse(QuestionProblem::TooLong { limit: MAX_CONTACT }));
    }
    Ok(if line.is_empty() { None } else { Some(cut_secrets(&line)) })
}

async fn service_id(tx: &mut Tx, code: Option<&str>) -> anyhow::Result<Option<ServiceId>> {
    let Some(code) = code.filter(|code| !code.is_empty()) else { return Ok(None) };
    let found: Option<(ServiceId,)> = query("SELECT id FROM service WHERE code = $1 AND active = $2")
        .bind(code.to_owned())
        .bind(true)
        .optional(tx)
        .await?;
    found.map(|row| Some(row.0)).ok_or_else(|| refuse(QuestionProblem::UnknownService))
}

async fn insert(
    tx: &mut Tx,
    app: &App,
    new: &NewQuestion,
    screened: &Screened,
    arrival: &Arrival,
) -> anyhow::Result<bool> {
    let now = tx.now();
    let id = arrival.id;
    let seal = |part: &str, text: &Option<String>| -> anyhow::Result<Option<Vec<u8>>> {
        text.as_ref().map(|text| app.sealer.seal(&purpose(part, id), text.as_bytes())).transpose()
    };
    let clear = Some(screened.clear.clone()).filter(|text| !text.is_empty());
    let asked_at = new.asked_at.unwrap_or(now).clamp(now - LATEST_DELIVERY, now);
    let state = QuestionState::New.next(QuestionEvent::Screen).unwrap_or(QuestionState::New);
    let added = query(
        "INSERT INTO question (id, code, secret_hash, channel_id, external_id, thread_sealed, contact_sealed,
                               clear_sealed, clear_until, redacted, video_state, intent, privacy, route_reasons, urgent,
                               wants_woman, had_secret, service_id, state, state_since, cycle, received_at, due_at,
                               row_version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'none', $11, $12, $13, $14, $15, $16, $17, $18, $19, 1, $20,
                 $21, 1)
         ON CONFLICT (channel_id, external_id) DO NOTHING",
    )
    .bind(id)
    .bind(free_code(tx).await?)
    .bind(secret_hash(&secret_of(&app.sealer, id)))
    .bind(new.channel)
    .bind(arrival.external_id.clone())
    .bind(seal("thread", &arrival.thread)?)
    .bind(seal("contact", &arrival.contact)?)
    .bind(seal("text", &clear)?)
    .bind(now + KEPT_FOR)
    .bind(screened.redacted.clone())
    .bind(screened.intent)
    .bind(screened.privacy.code())
    .bind(serde_json::to_string(&screened.reasons)?)
    .bind(screened.urgent)
    .bind(screened.wants_woman)
    .bind(screened.spans.iter().any(|span| span.kind.is_secret()))
    .bind(arrival.service)
    .bind(state)
    .bind(now)
    .bind(asked_at)
    .bind(asked_at + DUE_WITHIN)
    .execute(tx)
    .await?;
    Ok(added == 1)
}

/// What a sealed part is sealed for: bound to its question, so that no row can be read under another's name.
pub(super) fn purpose(part: &str, id: QuestionId) -> String {
    format!("question.{part}:{id}")
}

/// A code that no question has. 30^7 codes: two tries are already rare.
async fn free_code(tx: &mut Tx) -> sqlx::Result<String> {
    loop {
        let code = short_code();
        let taken: i64 =
            query("SELECT COUNT(*) FROM question WHERE code = $1").bind(code.clone()).value(tx).await?;
        if taken == 0 {
            return Ok(code);
        }
    }
}

async fn insert_redactions(tx: &mut Tx, id: QuestionId, spans: &[Span]) -> sqlx::Result<()> {
    for (seq, span) in spans.iter().enumerate() {
        query("INSERT INTO redaction (question_id, seq, kind) VALUES ($1, $2, $3)")
            .bind(id)
            .bind(i64::try_from(seq).unwrap_or(i64::MAX))
            .bind(span.kind.code())
            .execute(tx)
            .await?;
    }
    Ok(())
}

fn record(tx: &mut Tx, new: &NewQuestion, screened: &Screened, id: QuestionId) {
    let kinds: Vec<&str> = screened.spans.iter().map(|span| span.kind.code()).collect();
    let facts = json!({
        "channel": new.channel, "intent": screened.intent, "privacy": screened.privacy.code(),
        "reasons": screened.reasons, "masked": kinds, "video": new.video.is_some(), "urgent": screened.urgent,
    });
    tx.record(Entry::new(Actor::Channel(new.channel), "question.received", "question", id).with(facts));
}

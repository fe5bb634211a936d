//! The asker's own case. The secret in the address is the right to see it; nothing here is cached or linked.

use super::idempotency::read_json;
use super::questions::{SafetyNotice, private, site};
use crate::app::App;
use crate::catalog::media_url;
use crate::ids::{ReplyId, UploadId};
use crate::questions::{
    self, AskerPage, AskerReply, AskerStatus, Author, CaseVideo, Clarity, ClipCard, ClipRendition, Cue,
    Message, Saying, Segment, VideoLoss, VideoState,
};
use crate::web::AppError;
use crate::web::client::Client;
use crate::web::media;
use crate::web::rate::Rates;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Extension, Path, State};
use axum::response::{IntoResponse as _, Response};
use std::sync::Arc;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn described() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(view))
        .routes(routes!(feedback))
        .routes(routes!(reopen))
        .routes(routes!(write))
}

/// A case as its asker sees it.
#[derive(serde::Serialize, utoipa::ToSchema)]
struct Case {
    code: String,
    status: AskerStatus,
    received_at: String,
    due_at: String,
    is_late: bool,
    /// Whether the supervisors were told that it is late.
    is_handed_up: bool,
    /// The code of the asker's other question, which is answered instead of this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    answered_as: Option<String>,
    text: Vec<Segment>,
    /// `none`, `waiting`, `kept`, `refused`, `failed` or `deleted`.
    video: String,
    /// Why the signed question, or what was signed in its place, could not be used; absent once its asker has said
    /// something that can.
    #[serde(skip_serializing_if = "Option::is_none")]
    video_loss: Option<VideoLoss>,
    timeline: Vec<Step>,
    messages: Vec<MessageView>,
    replies: Vec<CaseReply>,
    can_rate: bool,
    /// Whether `messages` takes a message now.
    can_write: bool,
    can_reopen: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    safety: Option<SafetyNotice>,
}

/// One step of the way.
#[derive(serde::Serialize, utoipa::ToSchema)]
struct Step {
    at: String,
    status: AskerStatus,
}

/// What asker and desk write to each other.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub(super) struct MessageView {
    author: Author,
    text: Vec<Segment>,
    /// Where the signed message stands; absent for a written one.
    #[serde(skip_serializing_if = "Option::is_none")]
    video: Option<VideoState>,
    /// Where the desk watches it; the asker is not told.
    #[serde(skip_serializing_if = "Option::is_none")]
    video_url: Option<String>,
    /// RFC 3339.
    at: String,
}

impl MessageView {
    pub(super) fn of(message: Message) -> Self {
        let video = message.video.map(|video| video.state);
        Self {
            author: message.author,
            text: message.segments,
            video,
            video_url: None,
            at: message.at.rfc3339(),
        }
    }

    /// The same for the desk.
    pub(super) fn of_desk(message: Message) -> Self {
        let key = message.video.as_ref().and_then(CaseVideo::key);
        Self { video_url: key.map(media_url), ..Self::of(message) }
    }
}

/// A reply that went out.
#[derive(serde::Serialize, utoipa::ToSchema)]
struct CaseReply {
    id: ReplyId,
    text: String,
    privacy: String,
    clip: Option<CaseClip>,
    /// The clip is no longer public.
    clip_withdrawn: bool,
    /// What was signed for this asker alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    video: Option<SignedView>,
    sent_at: String,
    understood: Option<bool>,
}

/// A reply that was signed for one asker.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub(super) struct SignedView {
    state: VideoState,
    /// Where it can be watched now; the asker's address is good for an hour.
    url: Option<String>,
    width: i64,
    height: i64,
    duration_ms: i64,
}

impl SignedView {
    pub(super) fn of(video: &CaseVideo, url: Option<String>) -> Self {
        let (width, height, duration_ms) = (video.width, video.height, video.duration_ms);
        Self { state: video.state, url, width, height, duration_ms }
    }
}

/// The signed answer.
#[derive(serde::Serialize, utoipa::ToSchema)]
struct CaseClip {
    #[serde(flatten)]
    card: ClipCard,
    url: String,
    renditions: Vec<ClipRendition>,
    captions: Vec<Cue>,
}

impl Case {
    fn of(app: &App, page: AskerPage) -> Self {
        let steps = page.timeline.into_iter();
        let replies = page.replies.into_iter();
        Self {
            code: page.code,
            status: page.status,
            received_at: page.received_at.rfc3339(),
            due_at: page.due_at.rfc3339(),
            is_late: page.is_late,
            is_handed_up: page.is_handed_up,
            answered_as: page.answered_as,
            text: page.segments,
            video: page.video_state,
            video_loss: page.video_loss,
            timeline: steps.map(|step| Step { at: step.at.rfc3339(), status: step.status }).collect(),
            replies: replies.map(|reply| CaseReply::of(app, reply)).collect(),
            messages: page.messages.into_iter().map(MessageView::of).collect(),
            can_rate: page.can_rate,
            can_write: page.can_write,
            can_reopen: page.can_reopen,
            safety: page.safety.map(|safety| SafetyNotice::of(app, safety)),
        }
    }
}

impl CaseReply {
    fn of(app: &App, reply: AskerReply) -> Self {
        let clip = reply.clip.map(|clip| CaseClip {
            url: format!("{}/clips/{}", site(app), clip.card.slug),
            card: clip.card,
            renditions: clip.renditions,
            captions: clip.cues,
        });
        Self {
            id: reply.id,
            text: reply.body,
            privacy: reply.privacy,
            clip,
            clip_withdrawn: reply.clip_withdrawn,
            video: reply.video.map(|video| {
                let url = video.key().map(|key| media::link(app, key, media::LONGEST_LINK));
                SignedView::of(&video, url)
            }),
            sent_at: reply.sent_at.rfc3339(),
            understood: reply.understood,
        }
    }
}

async fn case(app: &App, secret: &str) -> Result<Response, AppError> {
    let page = questions::asker_page(app, secret).await?;
    Ok(private(Json(Case::of(app, page)).into_response()))
}

/// The case behind a secret link.
#[utoipa::path(get, path = "/questions/{secret}", tag = "questions", security(()), params(("secret" = String, Path)), responses((status = 200, body = Case), (status = 404)))]
async fn view(State(app): State<App>, Path(secret): Path<String>) -> Result<Response, AppError> {
    case(&app, &secret).await
}

/// What the asker says about the newest reply.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct Feedback {
    /// False opens the case again.
    understood: bool,
    /// What was not clear; may be absent.
    #[serde(default)]
    text: String,
    /// The same in sign: a complete upload under a ticket.
    upload_id: Option<UploadId>,
}

/// Says whether the newest reply was understood; "no" opens the case again with a new clock.
#[utoipa::path(post, path = "/questions/{secret}/feedback", tag = "questions", security(()), request_body = Feedback, params(("secret" = String, Path)), responses((status = 200, body = Case), (status = 404), (status = 409), (status = 429)))]
async fn feedback(
    State(app): State<App>,
    Extension(rates): Extension<Arc<Rates>>,
    Client(address): Client,
    Path(secret): Path<String>,
    Json(said): Json<Feedback>,
) -> Result<Response, AppError> {
    rates.questions.take(address).map_err(AppError::from)?;
    let clarity = if said.understood { Clarity::Understood } else { Clarity::NotUnderstood };
    questions::rate(&app, &secret, clarity, Saying { text: said.text, video: said.upload_id }).await?;
    case(&app, &secret).await
}

/// What the asker writes or signs.
#[derive(Default, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct Written {
    /// At most 2000 characters; may be absent beside a video.
    #[serde(default)]
    text: String,
    /// A complete upload under a ticket.
    upload_id: Option<UploadId>,
}

impl From<Written> for Saying {
    fn from(written: Written) -> Self {
        Self { text: written.text, video: written.upload_id }
    }
}

/// Opens an answered case again, with what the asker adds. The body may be absent.
#[utoipa::path(post, path = "/questions/{secret}/reopen", tag = "questions", security(()), request_body = Option<Written>, params(("secret" = String, Path)), responses((status = 200, body = Case), (status = 404), (status = 409), (status = 429), (status = 422)))]
async fn reopen(
    State(app): State<App>,
    Extension(rates): Extension<Arc<Rates>>,
    Client(address): Client,
    Path(secret): Path<String>,
    body: Bytes,
) -> Result<Response, AppError> {
    rates.questions.take(address).map_err(AppError::from)?;
    let written: Written = read_json(&body)?;
    questions::reopen(&app, &secret, written).await?;
    case(&app, &secret).await
}

/// Writes or signs to the desk: an answer to what it asked, or more words to a case that was opened again.
#[utoipa::path(post, path = "/questions/{secret}/messages", tag = "questions", security(()), request_body = Written, params(("secret" = String, Path)), responses((status = 200, body = Case), (status = 404), (status = 409), (status = 429), (status = 422)))]
async fn write(
    State(app): State<App>,
    Extension(rates): Extension<Arc<Rates>>,
    Client(address): Client,
    Path(secret): Path<String>,
    Json(written): Json<Written>,
) -> Result<Response, AppError> {
    rates.questions.take(address).map_err(AppError::from)?;
    questions::write_message(&app, &secret, written).await?;
    case(&app, &secret).await
}

//! Handlers of the asker's own page, opened by its secret, and of the status by short code.

use super::ask::VideoLimits;
use super::asker::{
    AskerPage, AskerReply, Feedback, JourneyMark, JourneyStep, Line, Standing, StatusPage, StepProgress,
};
use super::safety::Warning;
use super::saying::Said;
use super::visitor::Visitor;
use super::watch;
use crate::app::App;
use crate::catalog;
use crate::clock::Millis;
use crate::questions::{
    self, AskerClip, AskerStatus, Author, CaseVideo, Clarity, CodeStatus, Message, QuestionProblem, Saying,
    TimelineStep, VideoLoss, VideoState,
};
use crate::refusal::{Refusal, RefusalKind};
use crate::web::AppError;
use crate::web::client::Client;
use crate::web::error::status_of;
use crate::web::forms::FormErrors;
use crate::web::i18n::Words;
use crate::web::layout::{Section, page};
use crate::web::media;
use crate::web::player::{Player, PlayerRendition, Sound};
use crate::web::present::{self, MaskedPiece};
use crate::web::rate::Rates;
use axum::extract::{Extension, Form, Path};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use std::sync::Arc;

/// Kept by no cache, found by no robot, told to no other site.
pub(super) fn private(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex"));
    response
}

/// The asker's own page.
pub(super) async fn show(visitor: Visitor, Path(secret): Path<String>) -> Result<Response, AppError> {
    render(&visitor, secret, FormErrors::none(), String::new()).await
}

/// The page, with what a rule said about a form and what was typed into it.
async fn render(
    visitor: &Visitor,
    secret: String,
    errors: FormErrors,
    typed: String,
) -> Result<Response, AppError> {
    let (app, t) = (&visitor.app, visitor.t());
    let case = questions::asker_page(app, &secret).await?;
    let reply = case.replies.first();
    let feedback = match (case.status, case.can_rate) {
        (AskerStatus::Reopened, _) => Feedback::Reopened,
        (AskerStatus::WaitingForYou, _) => Feedback::Asked,
        (AskerStatus::Understood, _) => Feedback::Understood,
        (AskerStatus::Closed, _) => Feedback::Closed,
        (_, true) => Feedback::Open,
        (_, false) => Feedback::NotYet,
    };
    let reply_clip = reply_player(app, t, reply.and_then(|reply| reply.clip.as_ref())).await?;
    let standing = standing(t, &case, app.clock.now());
    let safety = Warning::of(visitor, case.safety).await?;
    let shown = page(&AskerPage {
        // The address holds the secret: the language switch and the display menu stay on this page with it.
        shell: visitor.shell(Section::MyQuestion),
        secret,
        messages: case.messages.into_iter().map(|message| line(t, message)).collect(),
        typed,
        limits: VideoLimits::of(app.uploads.limits()),
        code: case.code,
        standing,
        question: case.segments.into_iter().map(MaskedPiece::of).collect(),
        journey: journey(t, &case.timeline, case.status, case.is_late, app.clock.now()),
        reply: reply.map(|reply| AskerReply {
            own: reply.video.as_ref().and_then(|video| own_player(app, t, video)),
            own_gone: reply.video.as_ref().is_some_and(|video| video.key().is_none()),
            player: reply_clip,
            sentences: catalog::sentences(&reply.body),
            took: t.with("asker-took", "span", present::span(t, reply.sent_at.since(case.received_at))),
            clip_href: reply
                .clip
                .as_ref()
                .map(|clip| format!("/clips/{}", clip.card.slug))
                .unwrap_or_default(),
        }),
        feedback,
        safety,
        errors,
        t,
    })?;
    Ok(private(shown))
}

/// Opened again, the earlier answer stays to be watched, and the next one is awaited.
fn standing(t: Words, case: &questions::AskerPage, now: Millis) -> Standing {
    match case.status {
        AskerStatus::Closed => closed(t, case.answered_as.as_deref()),
        AskerStatus::Answered | AskerStatus::Understood => Standing::Answered,
        AskerStatus::WaitingForYou => Standing::YourTurn,
        AskerStatus::Received | AskerStatus::InProgress | AskerStatus::Filming | AskerStatus::Reopened => {
            match (case.video_loss.filter(|_| case.replies.is_empty()), case.is_late) {
                (Some(loss), _) => Standing::VideoLost(loss),
                (None, true) => Standing::Late(t.get(late_key(case.is_handed_up))),
                (None, false) => {
                    let when = present::day_and_time(t, case.due_at, now);
                    Standing::Awaited(t.with("sent-expected", "when", when))
                }
            }
        }
    }
}

fn late_key(is_handed_up: bool) -> &'static str {
    if is_handed_up { "asker-late-handed-up" } else { "asker-late-next" }
}

/// The asker's other question is answered, or there was nothing to answer.
fn closed(t: Words, answered_as: Option<&str>) -> Standing {
    // An unseen joiner keeps the code on one line.
    let whole = |code: &str| code.replace('-', "-\u{2060}");
    match answered_as {
        Some(code) => Standing::Same(t.with("asker-same-code", "code", whole(code))),
        None => Standing::Closed,
    }
}

fn line(t: Words, message: Message) -> Line {
    let who = match message.author {
        Author::Asker => t.get("asker-you"),
        Author::Desk => t.get("asker-we"),
    };
    let signed = message.video.map(|video| match (video.loss(), video.state) {
        (Some(loss), _) => format!("{}. {}", t.get(loss_key(loss)), t.get(loss_next_key(loss))),
        (None, VideoState::Deleted) => t.get("asker-sign-deleted"),
        (None, _) => t.get("asker-in-sign"),
    });
    let text = message.segments.into_iter().map(MaskedPiece::of).collect();
    Line { who, text, signed: signed.unwrap_or_default() }
}

fn loss_key(loss: VideoLoss) -> &'static str {
    match loss {
        VideoLoss::TooLong => "video-too-long",
        VideoLoss::ShowsNothing => "video-shows-nothing",
        VideoLoss::CutOff => "video-cut-off",
        VideoLoss::WrongFile => "video-wrong-file",
        VideoLoss::Unreadable => "asker-video-lost",
    }
}

fn loss_next_key(loss: VideoLoss) -> &'static str {
    match loss {
        VideoLoss::TooLong => "video-too-long-next",
        VideoLoss::ShowsNothing => "video-shows-nothing-next",
        VideoLoss::CutOff => "video-cut-off-next",
        VideoLoss::WrongFile => "video-wrong-file-next",
        VideoLoss::Unreadable => "asker-video-lost-next",
    }
}

/// What was signed for this asker, with all the controls of a clip.
fn own_player(app: &App, t: Words, video: &CaseVideo) -> Option<Player> {
    let side = |pixels: i64| u32::try_from(pixels).unwrap_or(0);
    Some(Player {
        id: "own".to_owned(),
        t,
        title: t.get("asker-own"),
        sign_language: "sdl".to_owned(),
        poster: String::new(),
        length_ms: video.duration_ms,
        fps: video.fps,
        renditions: vec![PlayerRendition {
            url: media::link(app, video.key()?, media::LONGEST_LINK),
            width: side(video.width),
            height: side(video.height),
            bytes: 0,
        }],
        stream: String::new(),
        captions_url: String::new(),
        cues: Vec::new(),
        storyboard: String::new(),
        sound: Sound::Silent,
        start_ms: None,
        graphic: None,
    })
}

/// What happened, where the question is now, and what is still to come.
fn journey(
    t: Words,
    steps: &[TimelineStep],
    status: AskerStatus,
    is_late: bool,
    now: Millis,
) -> Vec<JourneyStep> {
    let mut journey: Vec<JourneyStep> = steps
        .iter()
        .map(|step| JourneyStep {
            mark: mark(step.status),
            when: present::day_and_time(t, step.at, now),
            progress: StepProgress::Done,
        })
        .collect();
    let waits = !matches!(status, AskerStatus::Answered | AskerStatus::Understood | AskerStatus::Closed);
    if waits && let Some(last) = journey.last_mut() {
        last.progress = StepProgress::Now;
    }
    if waits && is_late {
        journey.push(JourneyStep {
            mark: JourneyMark::Late,
            when: String::new(),
            progress: StepProgress::Late,
        });
    }
    if waits {
        journey.push(JourneyStep {
            mark: JourneyMark::Awaited,
            when: String::new(),
            progress: StepProgress::Waiting,
        });
    }
    journey
}

fn mark(status: AskerStatus) -> JourneyMark {
    match status {
        AskerStatus::Received => JourneyMark::Arrived,
        AskerStatus::InProgress => JourneyMark::Claimed,
        AskerStatus::WaitingForYou => JourneyMark::AskedBack,
        AskerStatus::Filming => JourneyMark::Filming,
        AskerStatus::Answered => JourneyMark::Answered,
        AskerStatus::Closed => JourneyMark::Closed,
        AskerStatus::Understood => JourneyMark::Understood,
        AskerStatus::Reopened => JourneyMark::Reopened,
    }
}

/// The reply's clip as the public sees it now; none when it was taken back since.
async fn reply_player(app: &App, t: Words, clip: Option<&AskerClip>) -> Result<Option<Player>, AppError> {
    let Some(clip) = clip else { return Ok(None) };
    let mut read = app.db.read().await?;
    let shown = catalog::public_clip_by_id(&mut read, clip.card.id).await?;
    Ok(shown.map(|shown| watch::player(t, &shown, None)))
}

/// "Understood" or "did not understand".
#[derive(serde::Deserialize)]
pub(super) struct Judged {
    understood: String,
    /// What was not clear.
    #[serde(default)]
    text: String,
}

/// Takes the asker's word about the reply.
pub(super) async fn feedback(
    visitor: Visitor,
    Path(secret): Path<String>,
    Form(judged): Form<Judged>,
) -> Result<Response, AppError> {
    let clarity = if judged.understood == "yes" { Clarity::Understood } else { Clarity::NotUnderstood };
    let saying = Saying::from(judged.text.as_str());
    let outcome = questions::rate(&visitor.app, &secret, clarity, saying.clone()).await;
    back(&visitor, secret, outcome, Said { saying, refused: None }).await
}

/// Opens the question again.
pub(super) async fn reopen(
    visitor: Visitor,
    Path(secret): Path<String>,
    said: Said,
) -> Result<Response, AppError> {
    let outcome = match said.refused.clone() {
        Some(refusal) => Err(refusal.into()),
        None => questions::reopen(&visitor.app, &secret, said.saying.clone()).await,
    };
    back(&visitor, secret, outcome, said).await
}

/// Takes an answer to what the desk asked, or more words to a case that was opened again.
pub(super) async fn write(
    visitor: Visitor,
    Path(secret): Path<String>,
    said: Said,
) -> Result<Response, AppError> {
    let outcome = match said.refused.clone() {
        Some(refusal) => Err(refusal.into()),
        None => questions::write_message(&visitor.app, &secret, said.saying.clone()).await,
    };
    back(&visitor, secret, outcome, said).await
}

/// To the page again: as it is now, or with what a rule said and every word that was typed.
async fn back(
    visitor: &Visitor,
    secret: String,
    outcome: anyhow::Result<()>,
    said: Said,
) -> Result<Response, AppError> {
    let signs = said.saying.video.is_some() || said.refused.is_some();
    let refusal = match outcome {
        Ok(()) => {
            // The script of the page then forgets the copy of the recording on this device.
            let arrived = if signs { "#arrived" } else { "" };
            return Ok(private(Redirect::to(&format!("/questions/{secret}{arrived}")).into_response()));
        }
        Err(why) => why.downcast::<Refusal>()?,
    };
    if refusal.kind == RefusalKind::NotFound {
        return Err(refusal.into());
    }
    let mut errors = FormErrors::none();
    // What is wrong with the case is wrong with no field, and its form may be gone.
    let field = match refusal.kind {
        RefusalKind::Conflict => "",
        _ if signs => "video",
        _ => "text",
    };
    errors.add(field, visitor.reader.lang.pick(&refusal.ar, &refusal.en));
    let mut page = render(visitor, secret, errors, said.saying.text).await?;
    *page.status_mut() = status_of(refusal.kind);
    Ok(page)
}

/// The form for the short code.
pub(super) async fn status_form(visitor: Visitor) -> Result<Response, AppError> {
    status_page(&visitor, String::new(), FormErrors::none(), Vec::new())
}

/// A typed code; posted, so that it stands in no address.
#[derive(serde::Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    code: String,
}

/// Shows where the question with this code stands: nothing personal.
pub(super) async fn status(
    visitor: Visitor,
    Extension(rates): Extension<Arc<Rates>>,
    Client(address): Client,
    Form(typed): Form<Typed>,
) -> Result<Response, AppError> {
    rates.codes.take(address).map_err(AppError::from)?;
    let mut read = visitor.app.db.read().await?;
    let now = visitor.app.clock.now();
    match questions::status_by_code(&mut read, &typed.code, now).await {
        Ok(found) => {
            let steps = steps_of(&found);
            let journey = journey(visitor.t(), &steps, found.status, found.is_late, now);
            Ok(private(status_page(&visitor, typed.code, FormErrors::none(), journey)?))
        }
        Err(why) => {
            let refusal = why.downcast::<Refusal>()?;
            let unknown = || Refusal::from(QuestionProblem::UnknownCode);
            let refusal = if refusal.kind == RefusalKind::NotFound { unknown() } else { refusal };
            let errors = FormErrors::of_refusal(&refusal, visitor.reader.lang);
            let shown = status_page(&visitor, typed.code, errors, Vec::new())?;
            Ok((StatusCode::NOT_FOUND, private(shown)).into_response())
        }
    }
}

/// It arrived, and it stands there.
fn steps_of(found: &CodeStatus) -> Vec<TimelineStep> {
    let mut steps = vec![TimelineStep { at: found.received_at, status: AskerStatus::Received }];
    if found.status != AskerStatus::Received {
        steps.push(TimelineStep { at: found.state_since, status: found.status });
    }
    steps
}

fn status_page(
    visitor: &Visitor,
    code: String,
    errors: FormErrors,
    journey: Vec<JourneyStep>,
) -> Result<Response, AppError> {
    page(&StatusPage { t: visitor.t(), shell: visitor.shell(Section::MyQuestion), code, errors, journey })
}

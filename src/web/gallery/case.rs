//! Handlers of the asker's own page, opened by its secret, and of the status by short code.

use super::asker::{AskerPage, AskerReply, Feedback, JourneyMark, JourneyStep, StatusPage, StepProgress};
use super::shown::sentences;
use super::watch;
use crate::app::App;
use crate::catalog;
use crate::clock::Millis;
use crate::questions::{self, AskerClip, AskerStatus, Clarity, CodeStatus, Segment, TimelineStep};
use crate::refusal::{Refusal, RefusalKind};
use crate::web::AppError;
use crate::web::client::Client;
use crate::web::forms::FormErrors;
use crate::web::i18n::Words;
use crate::web::layout::{Section, Shell, page};
use crate::web::player::Player;
use crate::web::present::{self, MaskedPiece};
use crate::web::rate::Rates;
use crate::web::who::Reader;
use axum::extract::{Extension, Form, Path, State};
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
pub(super) async fn show(
    State(app): State<App>,
    Path(secret): Path<String>,
    reader: Reader,
) -> Result<Response, AppError> {
    asker_page(&app, &reader, secret, FormErrors::none()).await
}

async fn asker_page(
    app: &App,
    reader: &Reader,
    secret: String,
    errors: FormErrors,
) -> Result<Response, AppError> {
    let case = questions::asker_page(app, &secret).await?;
    let t = Words::of(reader.lang);
    let reply = case.replies.first().filter(|_| case.status != AskerStatus::Reopened);
    let feedback = match (case.status, case.can_rate) {
        (AskerStatus::Reopened, _) => Feedback::Reopened,
        (AskerStatus::Understood, _) => Feedback::Understood,
        (_, true) => Feedback::Open,
        (_, false) => Feedback::NotYet,
    };
    let answered = reply.is_some();
    let reply_clip = reply_player(app, t, reply.and_then(|reply| reply.clip.as_ref())).await?;
    let expected =
        if answered { String::new() } else { expected(t, case.due_at, case.is_late, app.clock.now()) };
    let shown = page(&AskerPage {
        // The address holds the secret: the language switch and the display menu stay on this page with it.
        shell: Shell::new(reader, Section::MyQuestion),
        secret,
        code: case.code,
        question: case.segments.into_iter().map(piece).collect(),
        journey: journey(t, &case.timeline, case.status, case.is_late, app.clock.now()),
        reply: reply.map(|reply| AskerReply {
            player: reply_clip,
            sentences: sentences(&reply.body),
            took: t.with("asker-took", "span", present::span(t, reply.sent_at.since(case.received_at))),
            clip_href: reply
                .clip
                .as_ref()
                .map(|clip| format!("/clips/{}", clip.card.slug))
                .unwrap_or_default(),
        }),
        expected,
        feedback,
        safety: case.safety.map(|safety| safety_href(&safety)),
        errors,
        t,
    })?;
    Ok(private(shown))
}

fn expected(t: Words, due_at: Millis, is_late: bool, now: Millis) -> String {
    if is_late {
        return t.get("journey-late");
    }
    t.with("sent-expected", "when", present::day_and_time(t, due_at, now))
}

fn piece(segment: Segment) -> MaskedPiece {
    match segment {
        Segment::Text { text } => MaskedPiece::Words(text),
        Segment::Mask { label, .. } => MaskedPiece::Hidden(label),
    }
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
            mark: JourneyMark::Answered,
            when: String::new(),
            progress: StepProgress::Waiting,
        });
    }
    journey
}

fn mark(status: AskerStatus) -> JourneyMark {
    match status {
        AskerStatus::Received => JourneyMark::Arrived,
        AskerStatus::InProgress | AskerStatus::WaitingForYou => JourneyMark::Claimed,
        AskerStatus::Filming => JourneyMark::Filming,
        AskerStatus::Answered | AskerStatus::Closed => JourneyMark::Answered,
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
pub(super) struct Said {
    understood: String,
}

/// Takes the asker's word about the reply.
pub(super) async fn feedback(
    State(app): State<App>,
    Path(secret): Path<String>,
    Form(said): Form<Said>,
) -> Result<Response, AppError> {
    let clarity = if said.understood == "yes" { Clarity::Understood } else { Clarity::NotUnderstood };
    questions::rate(&app, &secret, clarity).await?;
    Ok(private(Redirect::to(&format!("/questions/{secret}")).into_response()))
}

/// Further words of the asker.
#[derive(serde::Deserialize)]
pub(super) struct Added {
    #[serde(default)]
    text: String,
}

/// Opens the question again, with what the asker adds; on a case that is still open only the words are added.
pub(super) async fn reopen(
    State(app): State<App>,
    Extension(rates): Extension<Arc<Rates>>,
    Client(address): Client,
    Path(secret): Path<String>,
    reader: Reader,
    Form(added): Form<Added>,
) -> Result<Response, AppError> {
    rates.questions.take(address).map_err(AppError::from)?;
    let outcome = match added.text.trim() {
        "" => questions::reopen(&app, &secret).await,
        words => questions::follow_up(&app, &secret, words).await,
    };
    let Err(why) = outcome else {
        return Ok(private(Redirect::to(&format!("/questions/{secret}")).into_response()));
    };
    let mut refusal = why.downcast::<Refusal>()?;
    if refusal.kind != RefusalKind::Invalid && refusal.kind != RefusalKind::TooLarge {
        return Err(AppError::Refused(refusal));
    }
    refusal.field = Some("text");
    let errors = FormErrors::of_refusal(&refusal, reader.lang);
    let shown = asker_page(&app, &reader, secret, errors).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, shown).into_response())
}

/// The signed warning for somebody who wrote a code; empty while there is none.
pub(super) fn safety_href(safety: &questions::Safety) -> String {
    safety.clip_slug.as_ref().map(|slug| format!("/clips/{slug}")).unwrap_or_default()
}

/// The form for the short code.
pub(super) async fn status_form(reader: Reader) -> Result<Response, AppError> {
    status_page(&reader, String::new(), FormErrors::none(), Vec::new())
}

/// A typed code; posted, so that it stands in no address.
#[derive(serde::Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    code: String,
}

/// Shows where the question with this code stands: nothing personal.
pub(super) async fn status(
    State(app): State<App>,
    Extension(rates): Extension<Arc<Rates>>,
    Client(address): Client,
    reader: Reader,
    Form(typed): Form<Typed>,
) -> Result<Response, AppError> {
    rates.codes.take(address).map_err(AppError::from)?;
    let mut read = app.db.read().await?;
    let now = app.clock.now();
    match questions::status_by_code(&mut read, &typed.code).await {
        Ok(found) => {
            let steps = steps_of(&found);
            let is_late = found.due_at < now && found.status != AskerStatus::Answered;
            let journey = journey(Words::of(reader.lang), &steps, found.status, is_late, now);
            Ok(private(status_page(&reader, typed.code, FormErrors::none(), journey)?))
        }
        Err(why) => {
            let refusal = why.downcast::<Refusal>()?;
            let refusal = if refusal.kind == RefusalKind::NotFound { unknown_code() } else { refusal };
            let errors = FormErrors::of_refusal(&refusal, reader.lang);
            let shown = status_page(&reader, typed.code, errors, Vec::new())?;
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

fn unknown_code() -> Refusal {
    let ar = "لا يوجد سؤال بهذا الرمز. تحقّق من الحروف والأرقام.";
    Refusal::invalid(
        "code",
        "question.unknown_code",
        ar,
        "There is no question with this code. Check letters and digits.",
    )
}

fn status_page(
    reader: &Reader,
    code: String,
    errors: FormErrors,
    journey: Vec<JourneyStep>,
) -> Result<Response, AppError> {
    let shell = Shell::new(reader, Section::MyQuestion);
    page(&StatusPage { t: Words::of(reader.lang), shell, code, errors, journey })
}

//! Matching without asking: what would the desk see? The text is neither stored nor logged.

use crate::app::App;
use crate::questions::{self, MAX_GRAPHEMES, QuestionProblem, SuggestionCard};
use crate::refusal::Refusal;
use crate::text::redact::Span;
use crate::text::route::{Reason, Referral};
use crate::text::{Intent, Privacy, redact, route};
use crate::web::AppError;
use crate::web::client::Client;
use crate::web::rate::Rates;
use crate::web::who::Caller;
use axum::Json;
use axum::extract::{Extension, State};
use axum::response::{IntoResponse as _, Response};
use std::sync::Arc;
use unicode_segmentation::UnicodeSegmentation as _;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// At most this many candidates.
const MOST: usize = 10;

pub(super) fn described() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(match_text))
}

/// A text to match.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct Asked {
    text: String,
    /// 1 to 10; 5 when absent.
    limit: Option<usize>,
}

/// What was found.
#[derive(serde::Serialize, utoipa::ToSchema)]
struct Found {
    /// True when no published clip is a good answer.
    abstain: bool,
    /// Probability that the first candidate is right.
    confidence: f64,
    candidates: Vec<SuggestionCard>,
    /// The text with masks.
    redacted: String,
    #[schema(value_type = Vec<Object>)]
    redactions: Vec<Span>,
    #[schema(value_type = Object)]
    route: Way,
    /// For staff: which matcher it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    matcher: Option<String>,
}

#[derive(serde::Serialize)]
struct Way {
    privacy: Privacy,
    intent: Intent,
    reasons: Vec<Reason>,
    /// Who is responsible instead, or where complaints are followed up.
    referral: Option<Referral>,
}

/// Matches a text with the published clips.
#[utoipa::path(post, path = "/match", tag = "questions", security(()), request_body = Asked, responses((status = 200, body = Found), (status = 422), (status = 429), (status = 503)))]
async fn match_text(
    State(app): State<App>,
    Extension(rates): Extension<Arc<Rates>>,
    Client(address): Client,
    caller: Option<Caller>,
    Json(asked): Json<Asked>,
) -> Result<Response, AppError> {
    if caller.is_none() {
        rates.matches.take(address).map_err(AppError::from)?;
    }
    if asked.text.trim().is_empty() {
        return Err(Refusal::from(QuestionProblem::Empty).into());
    }
    let too_long =
        asked.text.len() > 16 * MAX_GRAPHEMES || asked.text.graphemes(true).count() > MAX_GRAPHEMES;
    if too_long {
        return Err(Refusal::from(QuestionProblem::TooLong { limit: MAX_GRAPHEMES }).into());
    }
    let redacted = redact(&asked.text);
    let way = route(&asked.text, &redacted.spans);
    let limit = asked.limit.unwrap_or(5).clamp(1, MOST);
    let found = questions::match_text(&app, &redacted.text, limit).await?;
    let answer = Found {
        abstain: found.abstain,
        confidence: found.confidence,
        candidates: found.candidates,
        redacted: redacted.text,
        redactions: redacted.spans,
        route: Way { privacy: way.privacy, intent: way.intent, reasons: way.reasons, referral: way.referral },
        matcher: caller.map(|_| found.matcher),
    };
    let uncached = [(axum::http::header::CACHE_CONTROL, "no-store")];
    Ok((uncached, Json(answer)).into_response())
}

//! Questions by signed webhook (Standard Webhooks). Nothing is ever fetched from an address in a delivery.

use super::questions::{Asked, created};
use crate::app::App;
use crate::channels::{self, Forged, Signature};
use crate::clock::Millis;
use crate::ids::{ChannelId, UploadId};
use crate::questions::{self, NewQuestion, Wish};
use crate::refusal::{Refusal, RefusalKind};
use crate::web::AppError;
use crate::web::client::Client;
use crate::web::rate::Rates;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Extension, Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use std::sync::Arc;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// A text of 2000 characters with names and room to spare.
const BODY_LIMIT: usize = 64 * 1024;

pub(super) fn described() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(receive)).layer(DefaultBodyLimit::max(BODY_LIMIT))
}

/// A question as a channel delivers it.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct Delivered {
    /// The channel's name for the message; the same name is the same question.
    external_id: String,
    text: Option<String>,
    thread_id: Option<String>,
    /// Kept sealed.
    sender: Option<String>,
    /// RFC 3339.
    received_at: Option<String>,
    visibility: Option<Visibility>,
    /// A complete upload made with a ticket.
    upload_id: Option<UploadId>,
}

/// Where the message was written.
#[derive(Clone, Copy, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
enum Visibility {
    Public,
    Private,
}

/// Takes a delivery in.
#[utoipa::path(
    post, path = "/intake/{channel}", tag = "questions", security(()), request_body = Delivered,
    params(("channel" = ChannelId, Path), ("webhook-id" = String, Header), ("webhook-timestamp" = i64, Header),
           ("webhook-signature" = String, Header)),
    responses((status = 201, body = Asked, description = "A repetition gives the first answer again"),
              (status = 401, description = "Unsigned, altered, or more than 5 minutes old"), (status = 413), (status = 422))
)]
async fn receive(
    State(app): State<App>,
    Extension(rates): Extension<Arc<Rates>>,
    Client(address): Client,
    Path(channel): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, AppError> {
    rates.intake.take(address).map_err(AppError::from)?;
    let channel = verified(&app, &channel, &headers, &body).await?;
    let delivered: Delivered = serde_json::from_slice(&body).map_err(|wrong| unreadable(&wrong))?;
    let question = NewQuestion {
        channel,
        external_id: delivered.external_id,
        thread: delivered.thread_id,
        text: delivered.text,
        video: delivered.upload_id,
        contact: delivered.sender,
        wants_woman: false,
        service: None,
        wish: match delivered.visibility {
            Some(Visibility::Private) => Wish::Private,
            Some(Visibility::Public) | None => Wish::Unsaid,
        },
        asked_at: delivered.received_at.map(|text| moment(&text)).transpose()?,
    };
    let receipt = questions::receive(&app, question).await?;
    Ok(created(&app, receipt))
}

/// The channel, if the delivery is its own and fresh. An unknown channel looks like a wrong signature.
async fn verified(app: &App, channel: &str, headers: &HeaderMap, body: &[u8]) -> Result<ChannelId, AppError> {
    let forged = || AppError::from(Refusal::from(Forged));
    let channel: ChannelId = channel.parse().map_err(|_| forged())?;
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).ok_or_else(forged);
    let signature = Signature {
        id: text("webhook-id")?,
        timestamp: text("webhook-timestamp")?,
        signatures: text("webhook-signature")?,
    };
    let mut read = app.db.read().await?;
    let key = channels::secret(&mut read, &app.sealer, channel).await?.ok_or_else(forged)?;
    channels::verify(&key, signature, body, app.clock.now()).map_err(Refusal::from)?;
    Ok(channel)
}

fn moment(text: &str) -> Result<Millis, AppError> {
    let parsed = time::OffsetDateTime::parse(text, &time::format_description::well_known::Rfc3339);
    let parsed = parsed.map_err(|_| {
        let ar = "اكتب الوقت بصيغة RFC 3339.";
        let en = "received_at must be a time in RFC 3339.";
        Refusal::invalid("received_at", "intake.bad_time", ar, en)
    })?;
    Ok(Millis(parsed.unix_timestamp().saturating_mul(1000)))
}

/// Says where the body is wrong, without repeating what it holds.
fn unreadable(wrong: &serde_json::Error) -> Refusal {
    let place = format!("line {}, column {}", wrong.line(), wrong.column());
    let kind = match wrong.classify() {
        serde_json::error::Category::Data => RefusalKind::Invalid,
        serde_json::error::Category::Io
        | serde_json::error::Category::Syntax
        | serde_json::error::Category::Eof => RefusalKind::Malformed,
    };
    let ar = "لم نفهم محتوى الرسالة: تحقّق من الحقول وأنواعها.";
    let en = format!("The body is not a delivery as described: unknown, missing or wrong field at {place}.");
    Refusal::new(kind, "intake.unreadable", ar, en)
}

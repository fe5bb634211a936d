//! Tickets: leave to send one video of a case. A citizen has no account; what an agent signs for one asker comes the
//! same way.

use crate::app::App;
use crate::people::Permission;
use crate::web::AppError;
use crate::web::client::Client;
use crate::web::rate::Rates;
use crate::web::who::Caller;
use axum::Json;
use axum::extract::{Extension, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use std::sync::Arc;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// A ticket just made.
#[derive(serde::Serialize, utoipa::ToSchema)]
struct Ticket {
    /// Sent as `Authorization: Ticket …`; shown once.
    ticket: String,
    /// The file may have this many bytes.
    max_bytes: u64,
    /// The video may last this many seconds.
    max_seconds: i64,
    /// RFC 3339; the upload must have begun by then.
    expires_at: String,
}

pub(super) fn described() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(create))
}

/// Makes a ticket for one upload.
#[utoipa::path(post, path = "/upload-tickets", tag = "uploads", security(()), responses((status = 201, body = Ticket), (status = 429)))]
async fn create(
    State(app): State<App>,
    Extension(rates): Extension<Arc<Rates>>,
    Client(address): Client,
    caller: Option<Caller>,
) -> Result<Response, AppError> {
    // A whole office of agents who sign replies may share one address.
    if !caller.is_some_and(|caller| caller.may(Permission::Answer)) {
        rates.tickets.take(address).map_err(AppError::from)?;
    }
    let made = app.uploads.create_ticket().await?;
    let ticket = Ticket {
        ticket: made.secret,
        max_bytes: made.max_bytes,
        max_seconds: made.max_seconds,
        expires_at: made.expires_at.rfc3339(),
    };
    Ok((StatusCode::CREATED, [(header::CACHE_CONTROL, "no-store")], Json(ticket)).into_response())
}

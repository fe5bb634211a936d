//! Who may send: staff who produce, by session or token, or a citizen with a ticket.

use crate::app::App;
use crate::people::Permission;
use crate::refusal::Refusal;
use crate::uploads::{Owner, UploadProblem};
use crate::web::AppError;
use crate::web::who::Caller;
use axum::extract::{FromRef, FromRequestParts};
use axum::http::header;
use axum::http::request::Parts;

/// The owner of what this request uploads.
pub(super) struct Sender {
    pub(super) owner: Owner,
}

impl<S> FromRequestParts<S> for Sender
where
    App: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, AppError> {
        let app = App::from_ref(state);
        if let Some(secret) = ticket(parts) {
            let ticket = app.uploads.find_ticket(secret).await?;
            let owner = ticket.map(Owner::Ticket).ok_or(Refusal::from(UploadProblem::BadTicket))?;
            return Ok(Self { owner });
        }
        let caller = <Caller as FromRequestParts<S>>::from_request_parts(parts, state).await?;
        caller.require(Permission::Produce)?;
        Ok(Self { owner: Owner::Staff(caller.staff.id) })
    }
}

fn ticket(parts: &Parts) -> Option<&str> {
    let value = parts.headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    value.strip_prefix("Ticket ").map(str::trim)
}

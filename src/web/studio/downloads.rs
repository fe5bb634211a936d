//! Whether the page of a clip offers its file, in the editor.

use super::editor::{parse, settle};
use crate::catalog::{self, By, Downloads};
use crate::people::Permission;
use crate::web::AppError;
use crate::web::staff::Visit;
use crate::web::staff::form::ticked;
use axum::extract::{Form, Path};
use axum::response::Response;
use serde::Deserialize;

/// What the form sends.
#[derive(Debug, Deserialize)]
pub(super) struct DownloadsForm {
    offered: Option<String>,
}

/// `POST /studio/clips/{id}/downloads`.
pub(super) async fn save(
    visit: Visit,
    Path(id): Path<String>,
    Form(form): Form<DownloadsForm>,
) -> Result<Response, AppError> {
    visit.require(Permission::Publish)?;
    let id = parse(&id)?;
    let downloads = if ticked(form.offered.as_deref()) { Downloads::Offered } else { Downloads::NotOffered };
    let mut tx = visit.app.db.begin().await?;
    let outcome = catalog::set_downloads(&mut tx, By::Staff(&visit.caller.staff), id, downloads).await;
    settle(&visit, id, tx, outcome, "#downloads", "notice-edit-download").await
}

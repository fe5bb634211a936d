//! What the reply form sends: fields, and what the agent signed, whole or finished before by a script.

use super::reply_form::Draft;
use crate::app::App;
use crate::ids::UploadId;
use crate::people::Permission;
use crate::questions::OwnSigning;
use crate::refusal::Refusal;
use crate::web::file_form::{FileForm, has_parts};
use crate::web::staff::Visit;
use axum::extract::{Form, FromRequest, FromRequestParts as _, Multipart, Request};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

/// The form.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ReplySent {
    pub(super) clip_id: String,
    pub(super) text: String,
    pub(super) privacy: String,
    pub(super) override_reason: String,
    pub(super) unsigned_reason: String,
    upload_id: String,
    drop_video: String,
    /// Why the file was not taken.
    #[serde(skip)]
    pub(super) refused: Option<Refusal>,
}

impl ReplySent {
    /// What becomes of the signed part.
    pub(super) fn signing(&self) -> OwnSigning {
        match self.upload_id.parse::<UploadId>() {
            Ok(upload) => OwnSigning::New(upload),
            Err(_) if !self.drop_video.is_empty() => OwnSigning::Removed,
            Err(_) => OwnSigning::AsItIs,
        }
    }

    /// Everything that the form shows again when something was wrong with it.
    pub(super) fn draft(&self) -> Draft {
        Draft {
            upload: self.upload_id.clone(),
            text: self.text.clone(),
            privacy: self.privacy.clone(),
            override_reason: self.override_reason.clone(),
            unsigned_reason: self.unsigned_reason.clone(),
        }
    }
}

impl FromRequest<App> for ReplySent {
    type Rejection = Response;

    async fn from_request(request: Request, app: &App) -> Result<Self, Response> {
        if !has_parts(request.headers()) {
            let Form(sent) =
                Form::<Self>::from_request(request, app).await.map_err(IntoResponse::into_response)?;
            return Ok(sent);
        }
        // Before a byte of a file is kept: whoever sends it may answer.
        let (mut parts, body) = request.into_parts();
        let visit = Visit::from_request_parts(&mut parts, app).await?;
        visit.require(Permission::Answer).map_err(IntoResponse::into_response)?;
        let parts = Multipart::from_request(Request::from_parts(parts, body), app).await;
        let sent = FileForm::read(app, parts.map_err(IntoResponse::into_response)?).await;
        Ok(sent.map_err(IntoResponse::into_response)?.into())
    }
}

impl From<FileForm> for ReplySent {
    fn from(sent: FileForm) -> Self {
        let field = |name: &str| sent.field(name).to_owned();
        Self {
            clip_id: field("clip_id"),
            text: field("text"),
            privacy: field("privacy"),
            override_reason: field("override_reason"),
            unsigned_reason: field("unsigned_reason"),
            upload_id: sent.upload.map_or_else(|| field("upload_id"), |id| id.to_string()),
            drop_video: field("drop_video"),
            refused: sent.refused,
        }
    }
}

//! What the reply form sends: fields, and what the agent signed, whole or finished before by a script.

use super::reply_form::Draft;
use crate::app::App;
use crate::ids::UploadId;
use crate::questions::OwnSigning;
use crate::refusal::Refusal;
use crate::web::AppError;
use crate::web::forms::has_parts;
use crate::web::gallery::take_file;
use crate::web::staff::ruled;
use axum::extract::{Form, FromRequest, Multipart, Request};
use serde::Deserialize;

/// The form.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ReplySent {
    pub(super) clip_id: String,
    pub(super) text: String,
    pub(super) privacy: String,
    pub(super) override_reason: String,
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
        }
    }
}

impl FromRequest<App> for ReplySent {
    type Rejection = AppError;

    async fn from_request(request: Request, app: &App) -> Result<Self, AppError> {
        if has_parts(request.headers()) {
            of_parts(app, Multipart::from_request(request, app).await?).await
        } else {
            let Form(sent) = Form::<Self>::from_request(request, app).await?;
            Ok(sent)
        }
    }
}

async fn of_parts(app: &App, mut parts: Multipart) -> Result<ReplySent, AppError> {
    let mut sent = ReplySent::default();
    while let Some(part) = parts.next_field().await? {
        let name = part.name().unwrap_or_default().to_owned();
        if name == "video" {
            if part.file_name().is_some_and(|name| !name.is_empty()) {
                match ruled(take_file(app, part).await)? {
                    Ok(id) => sent.upload_id = id.to_string(),
                    Err(refusal) => sent.refused = Some(refusal),
                }
            }
            continue;
        }
        let value = part.text().await?;
        match name.as_str() {
            "clip_id" => sent.clip_id = value,
            "text" => sent.text = value,
            "privacy" => sent.privacy = value,
            "override_reason" => sent.override_reason = value,
            "upload_id" => sent.upload_id = value,
            "drop_video" => sent.drop_video = value,
            _ => {}
        }
    }
    Ok(sent)
}

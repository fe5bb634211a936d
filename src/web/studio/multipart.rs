//! What the upload forms send: text fields, and the file or the upload that arrived before it.

use super::fields::TextForm;
use crate::app::App;
use crate::ids::{BriefId, UploadId};
use crate::refusal::Refusal;
use crate::uploads::Owner;
use crate::web::AppError;
use crate::web::file_form::FileForm;
use axum::extract::Multipart;

/// What an upload form sent.
#[derive(Debug, Default)]
pub(super) struct Sent {
    pub(super) text: TextForm,
    pub(super) kind: String,
    pub(super) note: String,
    pub(super) brief: Option<BriefId>,
    /// The person saves without a file on purpose.
    pub(super) without: bool,
    /// A file that arrived, in this form or before it by tus.
    pub(super) upload: Option<UploadId>,
    /// Why the file was not taken.
    pub(super) refused: Option<Refusal>,
}

/// Reads an upload form. A file that breaks a rule is told in [`Sent::refused`], so that the form can be shown again with
/// everything that was typed.
pub(super) async fn read(app: &App, owner: Owner, form: Multipart) -> Result<Sent, AppError> {
    let form = FileForm::read_for(app, Some(owner), form).await?;
    let mut sent = Sent { upload: form.upload, refused: form.refused.clone(), ..Sent::default() };
    for (name, value) in form.into_fields() {
        match name.as_str() {
            "kind" => sent.kind = value,
            "change_note" => sent.note = value,
            "brief" => sent.brief = value.parse().ok(),
            "without" => sent.without = value == "yes",
            "upload_id" => sent.upload = sent.upload.or_else(|| value.parse().ok()),
            other => {
                sent.text.take(other, value);
            }
        }
    }
    Ok(sent)
}

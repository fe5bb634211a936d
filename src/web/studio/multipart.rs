//! Forms that bring a file: the text fields first, then the file, streamed to the room of uploads.

use super::fields::TextForm;
use crate::app::App;
use crate::ids::{BriefId, UploadId};
use crate::refusal::Refusal;
use crate::uploads::Owner;
use crate::web::AppError;
use crate::web::staff::ruled;
use anyhow::Context as _;
use axum::extract::Multipart;
use futures::{StreamExt as _, TryStreamExt as _};
use std::io;

/// Longest text field, in bytes; the catalogue's own limits are far below.
const FIELD_BYTES: usize = 64 * 1024;

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

/// Reads an upload form to its end. A file that breaks a rule is told in [`Sent::refused`], so that the form can be shown
/// again with everything that was typed.
pub(super) async fn read(app: &App, owner: Owner, mut form: Multipart) -> Result<Sent, AppError> {
    let mut sent = Sent::default();
    while let Some(field) = form.next_field().await.map_err(unreadable)? {
        let name = field.name().unwrap_or_default().to_owned();
        if name == "file" {
            let file_name = field.file_name().unwrap_or_default().to_owned();
            if file_name.is_empty() || sent.upload.is_some() {
                continue;
            }
            // The stream of a field borrows the form; the room of uploads outlives a request. A channel joins them.
            let (pieces, incoming) = futures::channel::mpsc::channel(4);
            let receive = app.uploads.receive_form_file(owner, &file_name, Box::pin(incoming));
            let forward = field.map_err(io::Error::other).map(Ok).forward(pieces);
            let (outcome, _) = futures::join!(receive, forward);
            match ruled(outcome)? {
                Ok(upload) => sent.upload = Some(upload.id),
                Err(refusal) => sent.refused = Some(refusal),
            }
            continue;
        }
        let value = field.text().await.map_err(unreadable)?;
        if value.len() > FIELD_BYTES {
            return Err(too_long().into());
        }
        match name.as_str() {
            "kind" => sent.kind = value,
            "change_note" => sent.note = value,
            "brief" => sent.brief = value.parse().ok(),
            "without" => sent.without = value == "yes",
            "upload_id" => sent.upload = value.parse().ok(),
            other => {
                sent.text.take(other, value);
            }
        }
    }
    Ok(sent)
}

/// Reads the one file of a small form into memory.
pub(super) async fn read_small(mut form: Multipart, limit: usize) -> Result<Option<Vec<u8>>, AppError> {
    while let Some(mut field) = form.next_field().await.map_err(unreadable)? {
        if field.file_name().is_none_or(str::is_empty) {
            continue;
        }
        let mut bytes = Vec::new();
        while let Some(piece) = field.chunk().await.map_err(unreadable)? {
            bytes.extend_from_slice(&piece);
            if bytes.len() > limit {
                return Err(too_long().into());
            }
        }
        return Ok(Some(bytes));
    }
    Ok(None)
}

fn unreadable(why: axum::extract::multipart::MultipartError) -> AppError {
    if why.status().is_client_error() {
        let ar = "لم يصل النموذج كاملًا. أعد الإرسال.";
        let en = "The form did not arrive whole. Send it again.";
        return Refusal::new(crate::refusal::RefusalKind::Malformed, "form.broken", ar, en).into();
    }
    let broken: Result<(), _> = Err(why).context("reading a form");
    broken.err().map_or_else(AppError::not_found, AppError::from)
}

fn too_long() -> Refusal {
    let ar = "ما أرسلته كبير جدًا.";
    Refusal::new(crate::refusal::RefusalKind::TooLarge, "too_large", ar, "What you sent is too large.")
}

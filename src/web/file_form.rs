//! Forms that may carry a whole video, for people without script: their fields, and the file as a finished upload.

use super::AppError;
use super::staff::ruled;
use crate::app::App;
use crate::ids::UploadId;
use crate::refusal::Refusal;
use crate::uploads::{Incoming, Owner};
use axum::extract::Multipart;
use axum::extract::multipart::Field;
use axum::http::{HeaderMap, header};
use futures::TryStreamExt as _;

/// Whether a form comes in parts, as one with a file does.
pub fn has_parts(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE);
    kind.is_some_and(|kind| kind.as_bytes().starts_with(b"multipart/form-data"))
}

/// What such a form sent.
#[derive(Debug, Default)]
pub struct FileForm {
    fields: Vec<(String, String)>,
    /// The video, kept as an upload under a ticket of its own.
    pub video: Option<UploadId>,
    /// Why the file was not taken.
    pub refused: Option<Refusal>,
}

impl FileForm {
    /// Reads all parts. The file is the part `video`; a refused one does not keep the fields behind it from being read, so
    /// that the form can be shown again with them.
    pub async fn read(app: &App, mut parts: Multipart) -> Result<Self, AppError> {
        let mut form = Self::default();
        while let Some(part) = parts.next_field().await? {
            let name = part.name().unwrap_or_default().to_owned();
            if name != "video" {
                form.fields.push((name, part.text().await?));
            } else if part.file_name().is_some_and(|name| !name.is_empty()) {
                match ruled(take_file(app, part).await)? {
                    Ok(id) => form.video = Some(id),
                    Err(refusal) => form.refused = Some(refusal),
                }
            }
        }
        Ok(form)
    }

    /// A field's text; empty where it was not sent.
    pub fn field(&self, name: &str) -> &str {
        self.fields.iter().find(|(sent, _)| sent == name).map_or("", |(_, text)| text)
    }
}

/// Takes a whole file of a form, as an upload under a ticket of its own.
async fn take_file(app: &App, part: Field<'_>) -> anyhow::Result<UploadId> {
    let name = part.file_name().unwrap_or("video").to_owned();
    let ticket = app.uploads.create_ticket().await?;
    // The upload room takes a stream that owns its bytes; a form field borrows the request, so its pieces pass through
    // a channel of a few.
    let (to, from) = tokio::sync::mpsc::channel(4);
    let body: Incoming = Box::pin(futures::stream::unfold(from, |mut from| async move {
        from.recv().await.map(|piece| (piece, from))
    }));
    let pass_on = async move {
        let mut pieces = part.map_err(std::io::Error::other);
        loop {
            match pieces.try_next().await {
                Ok(None) => return,
                Ok(Some(piece)) => {
                    if to.send(Ok(piece)).await.is_err() {
                        return;
                    }
                }
                Err(broken) => {
                    let _ = to.send(Err(broken)).await;
                    return;
                }
            }
        }
    };
    let taking = app.uploads.receive_form_file(Owner::Ticket(ticket.id), &name, body);
    let ((), taken) = tokio::join!(pass_on, taking);
    Ok(taken?.id)
}

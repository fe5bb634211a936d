//! Forms that may carry a whole file, for people without script: their fields, and the file as a finished upload.

use super::AppError;
use super::staff::ruled;
use crate::app::App;
use crate::ids::UploadId;
use crate::refusal::{Refusal, RefusalKind};
use crate::uploads::{Incoming, Owner};
use anyhow::Context as _;
use axum::extract::Multipart;
use axum::extract::multipart::{Field, MultipartError};
use axum::http::{HeaderMap, header};
use futures::TryStreamExt as _;
use std::time::Duration;

/// The names of a form's file: what citizens sign, and what the studio takes.
const FILE_PARTS: [&str; 2] = ["video", "file"];
/// Longest text field, in bytes; the rooms' own limits are far below.
const FIELD_BYTES: usize = 64 * 1024;
/// The longest form has some twenty fields; whoever sends more wants the memory.
const MOST_FIELDS: usize = 40;
/// How much of a refused file is read to reach the fields behind it.
const LINGER_BYTES: usize = 256 * 1024 * 1024;
const LINGER: Duration = Duration::from_secs(20);

/// Whether a form comes in parts, as one with a file does.
pub fn has_parts(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE);
    kind.is_some_and(|kind| kind.as_bytes().starts_with(b"multipart/form-data"))
}

/// What such a form sent.
#[derive(Debug, Default)]
pub struct FileForm {
    fields: Vec<(String, String)>,
    /// The file, kept as a finished upload.
    pub upload: Option<UploadId>,
    /// Why the file was not taken.
    pub refused: Option<Refusal>,
}

impl FileForm {
    /// Reads a form of somebody without an account: the file goes under a ticket of its own.
    pub async fn read(app: &App, parts: Multipart) -> Result<Self, AppError> {
        Self::read_for(app, None, parts).await
    }

    /// Reads a form; `owner` gets the file, or a ticket of its own. A file that breaks a rule is told in
    /// [`FileForm::refused`], so that the form can be shown again with what was typed; what stands behind a file that was
    /// not read to its end is not read either.
    pub async fn read_for(app: &App, owner: Option<Owner>, mut parts: Multipart) -> Result<Self, AppError> {
        let mut form = Self::default();
        while let Some(part) = parts.next_field().await.map_err(unreadable)? {
            let name = part.name().unwrap_or_default().to_owned();
            if FILE_PARTS.contains(&name.as_str()) {
                if part.file_name().is_none_or(str::is_empty) {
                    continue;
                }
                if form.upload.is_some() {
                    return Err(too_long().into());
                }
                let (taken, whole) = take_file(app, owner, part).await?;
                match ruled(taken)? {
                    Ok(id) => form.upload = Some(id),
                    Err(refusal) => form.refused = Some(refusal),
                }
                if !whole {
                    break;
                }
                continue;
            }
            if form.fields.len() == MOST_FIELDS {
                return Err(too_long().into());
            }
            let bytes = small(part, FIELD_BYTES).await?;
            form.fields.push((name, String::from_utf8_lossy(&bytes).into_owned()));
        }
        Ok(form)
    }

    /// A field's text; empty where it was not sent.
    pub fn field(&self, name: &str) -> &str {
        self.fields.iter().find(|(sent, _)| sent == name).map_or("", |(_, text)| text)
    }

    /// All fields in the order of the form.
    pub fn into_fields(self) -> impl Iterator<Item = (String, String)> {
        self.fields.into_iter()
    }
}

/// Reads the one file of a small form into memory.
pub async fn read_small(mut parts: Multipart, limit: usize) -> Result<Option<Vec<u8>>, AppError> {
    while let Some(part) = parts.next_field().await.map_err(unreadable)? {
        if part.file_name().is_some_and(|name| !name.is_empty()) {
            return small(part, limit).await.map(Some);
        }
    }
    Ok(None)
}

/// A part of a form, given up as soon as it is longer than it may be.
async fn small(mut part: Field<'_>, limit: usize) -> Result<Vec<u8>, AppError> {
    let mut bytes = Vec::new();
    while let Some(piece) = part.chunk().await.map_err(unreadable)? {
        bytes.extend_from_slice(&piece);
        if bytes.len() > limit {
            return Err(too_long().into());
        }
    }
    Ok(bytes)
}

/// Takes a whole file of a form; tells too whether the part was read to its end.
async fn take_file(
    app: &App,
    owner: Option<Owner>,
    part: Field<'_>,
) -> anyhow::Result<(anyhow::Result<UploadId>, bool)> {
    let owner = match owner {
        Some(owner) => owner,
        None => Owner::Ticket(app.uploads.create_ticket().await?.id),
    };
    let name = part.file_name().unwrap_or("video").to_owned();
    // The upload room takes a stream that owns its bytes; a form field borrows the request, so its pieces pass through
    // a channel of a few.
    let (to, from) = tokio::sync::mpsc::channel(4);
    let body: Incoming = Box::pin(futures::stream::unfold(from, |mut from| async move {
        from.recv().await.map(|piece| (piece, from))
    }));
    let pass_on = async move {
        let mut pieces = part.map_err(std::io::Error::other);
        loop {
            // The upload room gives a silent line up; this must not go on waiting for it.
            let piece = tokio::select! {
                piece = pieces.try_next() => piece,
                () = to.closed() => break,
            };
            match piece {
                Ok(None) => return true,
                Ok(Some(piece)) => {
                    if to.send(Ok(piece)).await.is_err() {
                        break;
                    }
                }
                Err(broken) => {
                    let _ = to.send(Err(broken)).await;
                    return false;
                }
            }
        }
        // What was typed stands behind a refused file: a bounded rest of it is read and thrown away.
        let rest = async {
            let mut thrown_away = 0;
            while let Ok(Some(piece)) = pieces.try_next().await {
                thrown_away += piece.len();
                if thrown_away > LINGER_BYTES {
                    return false;
                }
            }
            true
        };
        tokio::time::timeout(LINGER, rest).await.unwrap_or(false)
    };
    let taking = app.uploads.receive_form_file(owner, &name, body);
    let (whole, taken) = tokio::join!(pass_on, taking);
    Ok((taken.map(|upload| upload.id), whole))
}

fn unreadable(why: MultipartError) -> AppError {
    if why.status().is_client_error() {
        let ar = "لم يصل النموذج كاملًا. أعد الإرسال.";
        let en = "The form did not arrive whole. Send it again.";
        return Refusal::new(RefusalKind::Malformed, "form.broken", ar, en).into();
    }
    let broken: Result<(), _> = Err(why).context("reading a form");
    broken.err().map_or_else(AppError::not_found, AppError::from)
}

fn too_long() -> Refusal {
    let ar = "ما أرسلته كبير جدًا.";
    Refusal::new(RefusalKind::TooLarge, "too_large", ar, "What you sent is too large.")
}

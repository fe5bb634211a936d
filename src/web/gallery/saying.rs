//! What an asker adds to a case, as its forms send it: words, an upload that a script has finished, or a whole file.

use crate::app::App;
use crate::ids::UploadId;
use crate::questions::{self, Saying};
use crate::refusal::Refusal;
use crate::web::AppError;
use crate::web::client::Client;
use crate::web::file_form::{FileForm, has_parts};
use crate::web::rate::Rates;
use axum::extract::{Extension, Form, FromRequest, FromRequestParts as _, Multipart, Path, Request};
use std::sync::Arc;

/// What came with a form of the asker's page. Counted against the sender's limit before anything of it is read.
#[derive(Debug, Default)]
pub(super) struct Said {
    /// Words and video.
    pub(super) saying: Saying,
    /// Why the file was not taken.
    pub(super) refused: Option<Refusal>,
}

#[derive(Default, serde::Deserialize)]
#[serde(default)]
struct Fields {
    text: String,
    upload_id: String,
}

impl FromRequest<App> for Said {
    type Rejection = AppError;

    async fn from_request(request: Request, app: &App) -> Result<Self, AppError> {
        let (mut parts, body) = request.into_parts();
        let Extension(rates) = Extension::<Arc<Rates>>::from_request_parts(&mut parts, app).await?;
        let Client(address) = Client::from_request_parts(&mut parts, app).await?;
        rates.questions.take(address).map_err(AppError::from)?;
        // Before a byte of a file is kept: there is a case, and whoever sends knows its secret.
        let Path(secret) = Path::<String>::from_request_parts(&mut parts, app).await?;
        questions::knows_case(app, &secret).await?;
        let request = Request::from_parts(parts, body);
        if has_parts(request.headers()) {
            let sent = FileForm::read(app, Multipart::from_request(request, app).await?).await?;
            let saying = Saying { text: sent.field("text").to_owned(), video: sent.upload };
            return Ok(Self { saying, refused: sent.refused });
        }
        let Form(fields) = Form::<Fields>::from_request(request, app).await?;
        let video = match fields.upload_id.as_str() {
            "" => None,
            id => Some(id.parse::<UploadId>().map_err(|_| AppError::not_found())?),
        };
        let saying = Saying { text: fields.text, video };
        Ok(Self { saying, refused: None })
    }
}

//! How personal data is treated, in a few plain sentences.

use crate::web::AppError;
use crate::web::i18n::Words;
use crate::web::layout::{Section, Shell, page};
use crate::web::who::Reader;
use askama::Template;
use axum::response::Response;

/// The privacy page.
#[derive(Template)]
#[template(path = "gallery/privacy.html")]
pub(crate) struct PrivacyPage {
    pub(crate) t: Words,
    pub(crate) shell: Shell,
}

/// `GET /privacy`.
pub(super) async fn show(reader: Reader) -> Result<Response, AppError> {
    let shell = Shell::new(&reader, Section::Elsewhere);
    page(&PrivacyPage { t: shell.t, shell })
}

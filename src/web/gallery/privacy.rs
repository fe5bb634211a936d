//! How personal data is treated, in a few plain sentences.

use super::visitor::Visitor;
use crate::web::AppError;
use crate::web::i18n::Words;
use crate::web::layout::{Section, Shell, page};
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
pub(super) async fn show(visitor: Visitor) -> Result<Response, AppError> {
    let shell = visitor.shell(Section::Elsewhere);
    page(&PrivacyPage { t: shell.t, shell })
}

//! How the site is used, in sign and in a few short sentences.

use super::visitor::Visitor;
use crate::web::AppError;
use crate::web::i18n::Words;
use crate::web::layout::{Section, Shell, page};
use askama::Template;
use axum::response::Response;

/// The help page.
#[derive(Template)]
#[template(path = "gallery/help.html")]
pub(crate) struct HelpPage {
    pub(crate) t: Words,
    pub(crate) shell: Shell,
}

/// `GET /help`.
pub(super) async fn show(visitor: Visitor) -> Result<Response, AppError> {
    let shell = visitor.shell(Section::Elsewhere);
    page(&HelpPage { t: shell.t, shell })
}

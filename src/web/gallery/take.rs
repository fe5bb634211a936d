//! Taking a clip along: the printable card with its QR code, and the list of clips kept in the browser.

use super::ask::QrPath;
use super::shown::{current, in_language};
use super::visitor::Visitor;
use crate::app::App;
use crate::catalog;
use crate::web::AppError;
use crate::web::i18n::Words;
use crate::web::layout::{Section, Shell, page};
use askama::Template;
use axum::extract::Path;
use axum::response::Response;

/// A card to print or to hold up to a phone.
#[derive(Template)]
#[template(path = "gallery/clip_card.html")]
pub(crate) struct CardPage {
    pub(crate) t: Words,
    pub(crate) shell: Shell,
    /// The clip's title.
    pub(crate) title: String,
    /// The clip's own part of addresses.
    pub(crate) slug: String,
    /// The small still picture; may be empty.
    pub(crate) poster: String,
    /// The clip's page, absolute.
    pub(crate) url: String,
    /// The same as a QR code.
    pub(crate) qr: Option<QrPath>,
}

/// The clips that this browser kept. The list itself never leaves the browser.
#[derive(Template)]
#[template(path = "gallery/saved.html")]
pub(crate) struct SavedPage {
    pub(crate) t: Words,
    pub(crate) shell: Shell,
}

/// The card of a published clip.
pub(super) async fn card(visitor: Visitor, Path(slug): Path<String>) -> Result<Response, AppError> {
    let app = &visitor.app;
    let mut read = app.db.read().await?;
    let shown = current(&mut read, &slug).await?;
    let slug = shown.clip.slug;
    let url = absolute(app, &format!("/clips/{slug}"));
    let poster = catalog::picture_of(&shown.pictures, "poster_small");
    page(&CardPage {
        t: visitor.t(),
        shell: Shell { sample: shown.clip.sample, ..visitor.shell(Section::Answers) },
        title: in_language(visitor.reader.lang, &shown.clip.title_ar, &shown.clip.title_en).to_owned(),
        poster: poster.map(catalog::Picture::url).unwrap_or_default(),
        qr: QrPath::of(&url),
        slug,
        url,
    })
}

/// The page of saved clips.
pub(super) async fn saved(visitor: Visitor) -> Result<Response, AppError> {
    page(&SavedPage { t: visitor.t(), shell: visitor.shell(Section::Answers) })
}

/// A path of this site as a whole address.
pub(super) fn absolute(app: &App, path: &str) -> String {
    format!("{}{path}", app.config.base_url.as_str().trim_end_matches('/'))
}

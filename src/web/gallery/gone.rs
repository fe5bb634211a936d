//! The page of a clip that was taken back: what happened, and what answers the same question now.

use super::shown::{clip_card, in_language};
use super::views::ClipCard;
use super::visitor::Visitor;
use crate::catalog::{self, CardFilter};
use crate::web::AppError;
use crate::web::i18n::Words;
use crate::web::layout::{Section, Shell, page};
use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};

/// Other answers of the same service.
const OTHERS: i64 = 6;

/// A clip that is no longer public.
#[derive(Template)]
#[template(path = "gallery/gone.html")]
pub(crate) struct GonePage {
    pub(crate) t: Words,
    pub(crate) shell: Shell,
    /// What it was called.
    pub(crate) title: String,
    /// Its service: address and name.
    pub(crate) service: Option<(String, String)>,
    /// What answers questions of this service now.
    pub(crate) others: Vec<ClipCard>,
}

/// Answers 410 with what is there instead.
pub(super) async fn gone(visitor: &Visitor, slug: &str) -> Result<Response, AppError> {
    let t = visitor.t();
    let mut read = visitor.app.db.read().await?;
    let clip = catalog::clip_by_slug(&mut read, slug).await?.ok_or_else(AppError::not_found)?;
    let service = catalog::service(&mut read, clip.service_id).await?;
    let filter = CardFilter { service: Some(clip.service_id), ..CardFilter::default() };
    let cards = catalog::newest_cards(&mut read, &filter, None, OTHERS).await?;
    let shown = page(&GonePage {
        shell: visitor.shell(Section::Answers),
        title: in_language(t.lang(), &clip.title_ar, &clip.title_en).to_owned(),
        service: service.map(|one| {
            (format!("/services/{}", one.code), in_language(t.lang(), &one.name_ar, &one.name_en).to_owned())
        }),
        others: cards.iter().map(|card| clip_card(t, card, None)).collect(),
        t,
    })?;
    Ok((StatusCode::GONE, shown).into_response())
}

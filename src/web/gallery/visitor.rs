//! Somebody before a public page: how they read, and what stands on the shelf at this moment.

use super::shelf::{Front, Shelf};
use crate::app::App;
use crate::web::AppError;
use crate::web::i18n::Words;
use crate::web::layout::{Section, Shell};
use crate::web::who::Reader;
use anyhow::Context as _;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use std::sync::Arc;

/// What the handlers of public pages take.
pub(super) struct Visitor {
    pub(super) app: App,
    pub(super) front: Arc<Front>,
    pub(super) reader: Reader,
}

impl Visitor {
    /// The words of the visitor's language.
    pub(super) fn t(&self) -> Words {
        Words::of(self.reader.lang)
    }

    /// The shell of a page in `here`, with the signed twins of its texts.
    pub(super) fn shell(&self, here: Section) -> Shell {
        Shell { sample: self.front.sample, signs: self.front.signs.clone(), ..Shell::new(&self.reader, here) }
    }
}

impl FromRequestParts<App> for Visitor {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, AppError> {
        let Ok(reader) = Reader::from_request_parts(parts, app).await;
        let shelf = parts.extensions.get::<Arc<Shelf>>().context("the public pages have a shelf")?;
        // Before a handler holds a connection: a full house of readers that each wait for a second one would stand still.
        let front = shelf.front(app).await?;
        Ok(Self { app: app.clone(), front, reader })
    }
}

//! The public pages: home, services, search, clips, asking, the asker's own page, privacy.

pub(crate) mod ask;
pub(crate) mod asker;
pub(crate) mod clip;
pub(crate) mod home;
pub(crate) mod privacy;
pub(crate) mod search;
pub(crate) mod service;
pub(crate) mod views;

mod asking;
mod browse;
mod case;
mod shelf;
mod shown;
mod watch;

use crate::app::App;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use axum::{Extension, Router};
use shelf::Shelf;
use std::sync::Arc;

/// The routes of the public pages.
pub(super) fn router() -> Router<App> {
    // A signed question of the plain form streams to disk; the upload room has its own limit.
    let by_file = post(asking::ask_by_file).layer(DefaultBodyLimit::disable());
    Router::new()
        .route("/", get(browse::home))
        .route("/services/{code}", get(browse::service))
        .route("/search", get(browse::search))
        .route("/clips/{slug}", get(watch::clip))
        .route("/clips/{slug}/captions/{file}", get(watch::captions))
        .route("/clips/{slug}/feedback", post(watch::feedback))
        .route("/ask", get(asking::form).post(asking::ask))
        .route("/ask/video", by_file)
        .route("/questions", get(case::status_form).post(case::status))
        .route("/questions/{secret}", get(case::show))
        .route("/questions/{secret}/feedback", post(case::feedback))
        .route("/questions/{secret}/reopen", post(case::reopen))
        .route("/questions/{secret}/messages", post(case::write))
        .route("/privacy", get(privacy::show))
        .layer(Extension(Arc::new(Shelf::new())))
}

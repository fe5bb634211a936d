//! The studio: upload, caption, review, publish. Handlers parse, call the catalogue, and render.

mod captions;
mod checks;
mod downloads;
mod editor;
mod fields;
mod history;
mod list;
mod media;
mod multipart;
mod package;
mod publication;
mod reception;
mod reviews;
mod rows;
mod series;
mod signed_names;
mod texts;
mod trim;
mod upload;
mod words;

use crate::app::App;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

/// The routes of the studio.
pub(super) fn router() -> Router<App> {
    // Files come in the plain form; the room of uploads sets their limit.
    let with_files = Router::new()
        .route("/studio/clips", post(upload::create))
        .route("/studio/clips/{id}/upload", get(upload::another).post(upload::add_version))
        .route("/studio/clips/{id}/captions/{lang}/file", post(captions::import))
        .layer(DefaultBodyLimit::disable());
    Router::new()
        .route("/studio", get(list::show))
        .route("/studio/progress", get(list::progress))
        .route("/studio/upload", get(upload::new))
        .route("/studio/clips/{id}", get(editor::show))
        .route("/studio/clips/{id}/text", post(texts::save))
        .route("/studio/clips/{id}/captions/{lang}", get(captions::download).post(captions::edit))
        .route("/studio/clips/{id}/captions/{lang}/check", post(captions::check))
        .route("/studio/clips/{id}/review", post(reviews::submit))
        .route("/studio/clips/{id}/approvals", post(reviews::decide))
        .route("/studio/clips/{id}/publication", post(publication::publish))
        .route("/studio/clips/{id}/withdrawal", post(publication::withdraw))
        .route("/studio/clips/{id}/confirmation", post(publication::confirm))
        .route("/studio/clips/{id}/processing", post(media::retry))
        .route("/studio/clips/{id}/cancellation", post(media::cancel))
        .route("/studio/clips/{id}/poster", post(media::choose_poster))
        .route("/studio/clips/{id}/trim", post(trim::cut))
        .route("/studio/clips/{id}/downloads", post(downloads::save))
        .route("/studio/clips/{id}/checks/{code}", post(checks::judge))
        .route("/studio/clips/{id}/package", post(package::request))
        .route("/studio/signs", get(signed_names::list))
        .route("/studio/signs/{subject}", get(signed_names::edit).post(signed_names::save))
        .route("/studio/series", get(series::list).post(series::add))
        .route("/studio/series/new", get(series::new).post(series::start))
        .route("/studio/series/{id}", get(series::edit).post(series::update))
        .route("/studio/series/{id}/dissolution", post(series::dissolve))
        .merge(with_files)
}

//! The public pages: home, services, search, clips, asking, the asker's own page, help, privacy.

pub(crate) mod ask;
pub(crate) mod asker;
pub(crate) mod clip;
pub(crate) mod help;
pub(crate) mod home;
pub(crate) mod privacy;
pub(crate) mod search;
pub(crate) mod service;
pub(crate) mod take;
pub(crate) mod views;

mod asking;
mod browse;
mod case;
mod counted;
mod feeds;
pub(crate) mod gone;
mod installed;
pub(crate) mod outside;
mod position;
mod ready;
pub(crate) mod safety;
mod saying;
mod shelf;
mod shown;
mod visitor;
mod watch;

use crate::app::App;
use crate::web::gate::{self, Gate};
use crate::web::preferences;
use axum::extract::DefaultBodyLimit;
use axum::middleware;
use axum::routing::{MethodRouter, get, post};
use axum::{Extension, Router};
use position::Position;
use ready::{Keeper, ReadyPages};
use shelf::Shelf;
use std::sync::Arc;

/// The routes of the public pages.
pub(super) fn router(app: &App, gate: Gate) -> Router<App> {
    let position = Arc::new(Position::default());
    let shelf = Shelf::new(position.clone());
    browsing(app, gate, position).merge(asking()).layer(Extension(Arc::new(shelf)))
}

/// Pages that are the same for everybody: made at most once for each change, and only as many at once as the machine
/// can make. A kept page costs less than turning somebody away, so it is looked for first.
fn browsing(app: &App, gate: Gate, position: Arc<Position>) -> Router<App> {
    let gate = middleware::from_fn_with_state(gate, gate::admit);
    let keeper = Keeper { app: app.clone(), ready: Arc::new(ReadyPages::new(position)) };
    let digits = middleware::from_fn(preferences::write_digits);
    let kept = Router::new()
        .route("/", get(browse::home))
        .route("/services/{code}", get(browse::service))
        .route("/clips/{slug}", get(watch::clip))
        .route("/clips/{slug}/card", get(take::card))
        .route("/clips/{slug}/offline.json", get(installed::clip_needs))
        .route("/services/{code}/offline.json", get(installed::service_needs))
        .route("/feed.xml", get(feeds::feed))
        .route("/sitemap.xml", get(feeds::sitemap))
        .route("/oembed", get(outside::oembed))
        .layer(digits.clone())
        .layer(gate.clone())
        .layer(middleware::from_fn_with_state(keeper, ready::keep));
    Router::new().route("/search", get(browse::search)).layer(digits).layer(gate).merge(kept)
}

/// Pages of one person, and what people send: never kept, never turned away.
fn asking() -> Router<App> {
    // What is signed in a plain form streams to disk; the upload room has its own limit.
    let by_file = |post: MethodRouter<App>| post.layer(DefaultBodyLimit::disable());
    Router::new()
        .route("/embed/{slug}", get(outside::embed))
        .route("/manifest.webmanifest", get(installed::manifest))
        .route("/sw.js", get(installed::worker))
        .route("/.well-known/security.txt", get(installed::security))
        .route("/robots.txt", get(installed::robots))
        .route("/clips/{slug}/captions/{file}", get(watch::captions))
        .route("/clips/{slug}/feedback", post(watch::feedback))
        .route("/clips/{slug}/watched", post(counted::watched))
        .route("/saved", get(take::saved))
        .route("/ask", get(asking::form).post(asking::ask))
        .route("/ask/video", by_file(post(asking::ask_by_file)))
        .route("/questions", get(case::status_form).post(case::status))
        .route("/questions/{secret}", get(case::show))
        .route("/questions/{secret}/feedback", post(case::feedback))
        .route("/questions/{secret}/reopen", by_file(post(case::reopen)))
        .route("/questions/{secret}/messages", by_file(post(case::write)))
        .route("/help", get(help::show))
        .route("/privacy", get(privacy::show))
        .layer(middleware::from_fn(preferences::write_digits))
}

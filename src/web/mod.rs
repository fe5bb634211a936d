//! The web edge: parse, call one feature function, render. The only room that knows axum.

mod admin;
pub mod api;
pub mod assets;
pub mod client;
mod desk;
pub mod error;
mod error_page;
mod file_form;
pub mod forms;
mod gallery;
pub mod gate;
pub mod i18n;
pub mod layout;
mod learning;
pub mod media;
pub mod ops;
pub mod player;
pub mod preferences;
pub mod present;
mod protect;
pub mod rate;
mod serve;
mod staff;
mod studio;
mod timing;
pub mod who;

#[cfg(test)]
mod page_tests;
#[cfg(test)]
mod samples;

pub use error::AppError;
pub use serve::{Listeners, serve};

use crate::app::App;
use axum::middleware;
use axum::routing::{get, post};
use axum::{Extension, Router};
use std::sync::Arc;

/// All public and staff routes with their protections.
pub fn router(app: App) -> Router {
    let gate = gate::Gate::new();
    let routes = Router::new()
        .nest("/api/v1", api::router(gate.clone()))
        .merge(api::openapi::router())
        .merge(gallery::router(&app, gate))
        .merge(staff_pages(&app))
        .route("/assets/{*path}", get(assets::serve))
        .route("/preferences", post(preferences::choose))
        .fallback(|| async { AppError::not_found() });
    protect::protect(routes)
        .layer(middleware::from_fn(preferences::remember))
        .layer(middleware::from_fn_with_state(app.clone(), error::speak))
        .layer(middleware::from_fn(error::number_request))
        .layer(middleware::from_fn(timing::measure))
        .layer(Extension(Arc::new(rate::Rates::new(&app.clock))))
        .with_state(app.clone())
        .merge(media::router(app))
}

/// The pages of signed-in people.
fn staff_pages(app: &App) -> Router<App> {
    Router::new()
        .merge(staff::router(app))
        .merge(admin::router())
        .merge(studio::router())
        .merge(desk::router())
        .merge(learning::router())
        .layer(middleware::from_fn(preferences::write_digits))
}

//! The public pages: home, services, search, clips, asking, the asker's own page, privacy.

pub(crate) mod ask;
pub(crate) mod asker;
pub(crate) mod clip;
pub(crate) mod home;
pub(crate) mod privacy;
pub(crate) mod search;
pub(crate) mod service;
pub(crate) mod views;

use crate::app::App;
use axum::Router;
use axum::routing::get;

/// The routes of the public pages.
pub(super) fn router() -> Router<App> {
    Router::new().route("/privacy", get(privacy::show))
}

//! The public pages: home, services, search, clips, asking, the asker's own page, privacy.

mod privacy;

use crate::app::App;
use axum::Router;
use axum::routing::get;

/// The routes of the public pages.
pub(super) fn router() -> Router<App> {
    Router::new().route("/privacy", get(privacy::show))
}

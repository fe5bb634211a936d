//! What the staff pages share: signing in, the way into a page, forms and tables as data.

mod account;
pub(crate) mod form;
pub(crate) mod guard;
mod session;
pub(crate) mod table;

pub(crate) use guard::{Visit, ruled};

use crate::app::App;
use axum::response::Redirect;
use axum::routing::{get, post};
use axum::{Extension, Router};
use std::sync::Arc;

/// Sign-in, the own account and the way to where one works.
pub(super) fn router(app: &App) -> Router<App> {
    let limit = Arc::new(session::SignInLimit::new(app));
    Router::new()
        .route("/login", get(session::show).post(session::enter))
        .route("/logout", post(session::leave))
        .route("/staff", get(home))
        .route("/account", get(account::show))
        .route("/account/password", post(account::change))
        .layer(Extension(limit))
}

/// `GET /staff`: to the page where this role works.
async fn home(visit: Visit) -> Redirect {
    Redirect::to(session::home_of(visit.caller.role()))
}

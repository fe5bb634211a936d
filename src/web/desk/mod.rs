//! The desk: the queue with its clocks, one question with its suggestions and reply, and the approvals of departments.

mod alike;
mod approvals;
mod case;
mod deeds;
mod queue;
mod replies;
mod reply_form;
mod reply_sent;
mod suggestions;

use crate::app::App;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

/// The routes of the desk.
pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/desk", get(queue::show))
        .route("/desk/approvals", get(approvals::show))
        .route("/desk/questions/{id}", get(case::show))
        .route("/desk/questions/{id}/claim", post(deeds::claim))
        .route("/desk/questions/{id}/release", post(deeds::release))
        .route("/desk/questions/{id}/aside", post(deeds::set_aside))
        .route("/desk/questions/{id}/reveal", post(deeds::reveal))
        .route("/desk/questions/{id}/suggestions/{clip}/rejection", post(deeds::reject))
        .route("/desk/questions/{id}/brief", post(deeds::brief))
        .route("/desk/questions/{id}/ask", post(deeds::ask))
        // What is signed in a plain form streams to disk; the upload room has its own limit.
        .route("/desk/questions/{id}/replies", post(deeds::reply).layer(DefaultBodyLimit::disable()))
        .route("/desk/replies/{id}/undo", post(deeds::undo))
        .route("/desk/replies/{id}/approvals", post(approvals::decide))
}

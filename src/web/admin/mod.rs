//! Administration: accounts, departments, services, signers, background work, the record and the state of the system.

mod accounts;
mod audit;
mod departments;
mod jobs;
mod next_links;
mod services;
mod signers;
mod system;

use super::staff::table::Filter;
use crate::app::App;
use crate::web::i18n::Words;
use axum::Router;
use axum::response::Redirect;
use axum::routing::{get, post};

/// The routes of the administration.
pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/admin", get(|| async { Redirect::to("/admin/accounts") }))
        .route("/admin/accounts", get(accounts::list).post(accounts::add))
        .route("/admin/accounts/new", get(accounts::new))
        .route("/admin/accounts/{id}", get(accounts::edit).post(accounts::update))
        .route("/admin/accounts/{id}/password", post(accounts::issue_password))
        .route("/admin/departments", get(departments::list).post(departments::add))
        .route("/admin/departments/new", get(departments::new))
        .route("/admin/departments/{id}", get(departments::edit).post(departments::update))
        .route("/admin/services", get(services::list).post(services::add))
        .route("/admin/services/new", get(services::new))
        .route("/admin/services/{id}", get(services::edit).post(services::update))
        .route("/admin/services/{id}/links", post(next_links::save))
        .route("/admin/signers", get(signers::list).post(signers::add))
        .route("/admin/signers/new", get(signers::new))
        .route("/admin/signers/{id}", get(signers::edit).post(signers::update))
        .route("/admin/signers/{id}/withdrawal", post(signers::withdraw))
        .route("/admin/system", get(system::show))
        .route("/jobs", get(jobs::list))
        .route("/jobs/{id}/retry", post(jobs::retry))
        .route("/jobs/{id}/discard", post(jobs::discard))
        .route("/jobs/{id}/cancellation", post(jobs::cancel))
        .route("/audit", get(audit::list))
        .route("/audit/verification", post(audit::verify))
}

/// The parts of the administration, as links above each of its pages.
fn tabs(t: Words, current: &str) -> Vec<Filter> {
    let all = [
        ("/admin/accounts", "admin-nav-accounts"),
        ("/admin/departments", "admin-nav-departments"),
        ("/admin/services", "admin-nav-services"),
        ("/admin/signers", "admin-nav-signers"),
        ("/admin/system", "admin-nav-system"),
    ];
    let tab = |(href, key): (&str, &str)| Filter {
        href: href.to_owned(),
        text: t.get(key),
        current: href == current,
    };
    all.map(tab).to_vec()
}

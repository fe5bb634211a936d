//! What the matcher learned and how good it is: quality, learned wordings, the lexicon.

mod curve;
mod lessons;
mod lexicon;
mod quality;

use super::staff::table::Filter;
use crate::app::App;
use crate::web::i18n::Words;
use axum::Router;
use axum::routing::{get, post};

/// The routes of the learning pages.
pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/desk/quality", get(quality::show))
        .route("/desk/lessons", get(lessons::list))
        .route("/desk/lessons/{id}/withdrawal", post(lessons::withdraw))
        .route("/desk/lexicon", get(lexicon::show).post(lexicon::change))
        .route("/desk/lexicon/{n}/restoration", post(lexicon::restore))
}

/// The parts of the learning pages, as links above each of them.
fn tabs(t: Words, current: &str) -> Vec<Filter> {
    let all = [
        ("/desk/quality", "learning-nav-quality"),
        ("/desk/lessons", "learning-nav-lessons"),
        ("/desk/lexicon", "learning-nav-lexicon"),
    ];
    let tab = |(href, key): (&str, &str)| Filter {
        href: href.to_owned(),
        text: t.get(key),
        current: href == current,
    };
    all.map(tab).to_vec()
}

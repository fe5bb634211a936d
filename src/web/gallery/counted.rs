//! One visit's counts, told when a clip's page is left.

use crate::app::App;
use crate::catalog::{self, Visit};
use crate::web::AppError;
use crate::web::client::Client;
use crate::web::rate::Rates;
use axum::Json;
use axum::extract::{Extension, Path, State};
use axum::http::StatusCode;
use std::sync::Arc;

/// A clip has far fewer caption lines.
const MOST_LINES: usize = 500;

/// What the page's script tells.
#[derive(serde::Deserialize)]
pub(super) struct Told {
    #[serde(default)]
    lines: Vec<(u32, u32)>,
    #[serde(default)]
    to_the_end: bool,
}

/// `POST /clips/{slug}/watched`. Nothing about the person is read or kept.
pub(super) async fn watched(
    State(app): State<App>,
    Extension(rates): Extension<Arc<Rates>>,
    Client(address): Client,
    Path(slug): Path<String>,
    Json(mut told): Json<Told>,
) -> Result<StatusCode, AppError> {
    rates.visits.take(address).map_err(AppError::from)?;
    told.lines.truncate(MOST_LINES);
    let visit = Visit { lines: told.lines, to_the_end: told.to_the_end };
    catalog::count_visit(&app, &slug, &visit).await?;
    Ok(StatusCode::NO_CONTENT)
}

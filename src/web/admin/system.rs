//! The state of the system, for administrators: versions, database, storage, cage, index.

use super::tabs;
use crate::app::App;
use crate::cage::Layer;
use crate::matching::MeaningState;
use crate::people::Permission;
use crate::search::Follower;
use crate::uploads::Disk;
use crate::web::AppError;
use crate::web::i18n::Words;
use crate::web::layout::{StaffSection, page};
use crate::web::present::{digits, file_size};
use crate::web::staff::Visit;
use crate::web::staff::table::{Cell, Chip, Row, TablePage};
use axum::response::Response;

const HOME: &str = "/admin/system";

/// `GET /admin/system`.
pub(super) async fn show(visit: Visit) -> Result<Response, AppError> {
    visit.require(Permission::Administer)?;
    let t = visit.t();
    let app = &visit.app;
    let mut rows = vec![
        text(t, "system-version", env!("CARGO_PKG_VERSION").to_owned()),
        text(t, "system-ffmpeg", media::ffmpeg_version()),
        text(t, "system-workers", app.config.workers.to_string()),
    ];
    rows.push(database(t, app).await?);
    rows.push(storage(t, app).await);
    rows.extend(free_space(t, app));
    rows.push(cage(t, app).await);
    rows.push(index(t, app).await);
    rows.push(model(t, app));
    rows.push(dead_jobs(t, app).await?);
    let heads = [t.get("system-part"), t.get("staff-state")].to_vec();
    let mut table = TablePage::new(visit.shell(StaffSection::Admin), t.get("system-title"), heads, rows);
    table.tabs = tabs(t, HOME);
    page(&table)
}

fn row(t: Words, key: &'static str, cell: Cell) -> Row {
    Row { name: t.get(key), cells: vec![Cell::Text(t.get(key)), cell], deeds: Vec::new() }
}

fn text(t: Words, key: &'static str, value: String) -> Row {
    row(t, key, Cell::Code(value))
}

fn good(text: String) -> Cell {
    Cell::Chip(Chip::new("ok", "check", text))
}

fn bad(text: String) -> Cell {
    Cell::Chip(Chip::new("bad", "warning", text))
}

async fn database(t: Words, app: &App) -> Result<Row, AppError> {
    let schema = app.db.schema_status().await?;
    let engine = if app.db.is_shared() { "PostgreSQL" } else { "SQLite" };
    let version = schema.applied.last().copied().unwrap_or_default();
    Ok(text(t, "system-database", format!("{engine}, {} {version}", t.get("system-schema"))))
}

async fn storage(t: Words, app: &App) -> Row {
    let place = app.config.storage_url.split("://").next().unwrap_or_default().to_owned();
    let cell = match app.store.reachable().await {
        Ok(()) => good(place),
        Err(_) => bad(t.get("system-unknown")),
    };
    row(t, "system-storage", cell)
}

fn free_space(t: Words, app: &App) -> Option<Row> {
    let disk = Disk::of(&app.config.data).ok()?;
    let (free, size) = (file_size(t, disk.free), file_size(t, disk.size));
    let words = t.with_two("system-free-of", ("free", &free), ("total", &size));
    let cell = if disk.has_room_for(0) { good(words) } else { bad(words) };
    Some(row(t, "system-free", cell))
}

/// Which walls a child really stands behind on this kernel: a child says so itself.
async fn cage(t: Words, app: &App) -> Row {
    let cell = match app.cage.cage_layers().await {
        Err(_) => bad(t.get("system-unknown")),
        Ok(walls) => {
            let missing = Layer::ALL.iter().filter(|layer| !walls.layers.contains(layer));
            let missing: Vec<&str> = missing.map(|layer| layer.missing_sentence()).collect();
            match missing.is_empty() {
                true => good(t.with("system-cage-on", "n", digits(t.lang(), Layer::ALL.len()))),
                false => Cell::Text(t.with("system-cage-off", "walls", missing.join("; "))),
            }
        }
    };
    row(t, "system-cage", cell)
}

async fn index(t: Words, app: &App) -> Row {
    let follower = Follower::new(app.db.clone(), app.search.clone());
    let cell = match follower.lag().await {
        Ok(0) => good(t.count("system-index-behind", 0_i64)),
        Ok(lag) => Cell::Chip(Chip::new("warn", "clock", t.count("system-index-behind", lag))),
        Err(_) => bad(t.get("system-unknown")),
    };
    row(t, "system-index", cell)
}

fn model(t: Words, app: &App) -> Row {
    let cell = match app.meanings.state() {
        MeaningState::Ready { answers, .. } => {
            good(t.with("system-model-on", "n", digits(t.lang(), answers)))
        }
        MeaningState::Waiting => Cell::Chip(Chip::new("warn", "clock", t.get("system-model-waiting"))),
        MeaningState::Unavailable { reason } => {
            Cell::Chip(Chip::new("warn", "info", t.with("system-model-off", "reason", reason)))
        }
        MeaningState::Off => Cell::Chip(Chip::new("warn", "info", t.get("system-model-waiting"))),
    };
    row(t, "system-model", cell)
}

async fn dead_jobs(t: Words, app: &App) -> Result<Row, AppError> {
    let mut read = app.db.read().await?;
    let counts = crate::jobs::count_by_state(&mut read).await?;
    let dead: i64 = counts.iter().filter(|(_, state, _)| state == "dead").map(|row| row.2).sum();
    let words = digits(t.lang(), dead);
    Ok(row(t, "system-jobs", if dead == 0 { good(words) } else { bad(words) }))
}

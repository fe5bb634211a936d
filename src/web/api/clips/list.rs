//! The studio's list of clips as the API shows it.

use crate::catalog::{ClipKind, MediaState, StudioRow, VersionState};
use crate::clock::Millis;
use crate::ids::ClipId;
use serde::Serialize;
use utoipa::ToSchema;

/// A page of the studio's list.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ClipList {
    clips: Vec<ClipRowView>,
    /// Given as `after`, it leads to the next page.
    next: Option<String>,
}

/// A clip in a list.
#[derive(Debug, Serialize, ToSchema)]
struct ClipRowView {
    id: ClipId,
    slug: String,
    kind: ClipKind,
    title_ar: String,
    service: String,
    n: i64,
    state: VersionState,
    state_since: Millis,
    media_state: MediaState,
    progress: i64,
    duration_ms: Option<i64>,
    poster: Option<String>,
    is_public: bool,
    updated_at: Millis,
}

impl ClipList {
    pub(super) fn of(rows: Vec<StudioRow>, next: Option<String>) -> Self {
        let clips = rows
            .into_iter()
            .map(|row| ClipRowView {
                id: row.id,
                slug: row.slug,
                kind: row.kind,
                title_ar: row.title_ar,
                service: row.service_code,
                n: row.n,
                state: row.state,
                state_since: row.state_since,
                media_state: row.media_state,
                progress: row.media_progress / 10,
                duration_ms: row.duration_ms,
                poster: row.poster,
                is_public: row.is_public,
                updated_at: row.updated_at,
            })
            .collect();
        Self { clips, next }
    }
}

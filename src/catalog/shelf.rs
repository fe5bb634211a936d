//! The studio's first page: every clip with its latest version, and what waits for whom.

use super::kind::ClipKind;
use super::media_state::MediaState;
use super::state::VersionState;
use crate::clock::Millis;
use crate::db::{Conn, query, query_text};
use crate::ids::{ClipId, DepartmentId, StaffId, VersionId};
use crate::store::BlobKey;

/// Parts of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Shelf {
    /// Everything.
    #[default]
    All,
    /// Being made.
    Drafts,
    /// Before the reviewers.
    InReview,
    /// The public sees it, or soon will.
    Published,
    /// Somebody has to do something: failed, returned, or past its review date.
    Attention,
    /// Taken back.
    Withdrawn,
}

impl Shelf {
    /// All parts, in the order of the page.
    pub const ALL: [Self; 6] =
        [Self::All, Self::Drafts, Self::InReview, Self::Published, Self::Attention, Self::Withdrawn];

    /// The word in the address.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Drafts => "drafts",
            Self::InReview => "review",
            Self::Published => "published",
            Self::Attention => "attention",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// Reads the word; everything else is the whole list.
    pub fn parse(word: &str) -> Self {
        Self::ALL.into_iter().find(|shelf| shelf.as_str() == word).unwrap_or_default()
    }

    /// Whether a clip whose latest version is in `state` stands here.
    pub fn holds(self, state: VersionState) -> bool {
        use VersionState as S;
        match self {
            Self::All => true,
            Self::Drafts => matches!(state, S::Draft | S::Processing | S::Ready),
            Self::InReview => state == S::InReview,
            Self::Published => matches!(state, S::Approved | S::Scheduled | S::Published),
            Self::Attention => matches!(state, S::Failed | S::ChangesRequested | S::NeedsReview),
            Self::Withdrawn => matches!(state, S::Superseded | S::Withdrawn),
        }
    }

    /// The states that stand here, as an SQL list of constant words.
    fn states_sql(self) -> String {
        let held = VersionState::ALL.into_iter().filter(|state| self.holds(*state));
        let words: Vec<String> = held.map(|state| format!("'{}'", state.as_str())).collect();
        format!("({})", words.join(", "))
    }
}

/// One clip of the list.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct ShelfRow {
    /// The clip.
    pub id: ClipId,
    /// One of the words of [`ClipKind`].
    pub kind: String,
    /// Arabic title of the latest version.
    pub title_ar: String,
    /// English title of the latest version; may be empty.
    pub title_en: String,
    /// Its service in Arabic.
    pub service_ar: String,
    /// Its service in English.
    pub service_en: String,
    /// The department that answers for it.
    pub department_id: DepartmentId,
    /// The latest version.
    pub version_id: VersionId,
    /// Its number.
    pub n: i64,
    /// One of the words of [`VersionState`].
    pub state: String,
    /// Since when.
    pub state_since: Millis,
    /// One of the words of [`MediaState`].
    pub media_state: String,
    /// Thousandths done.
    pub media_progress: i64,
    /// Estimated milliseconds left.
    pub media_eta_ms: Option<i64>,
    /// Length in milliseconds.
    pub duration_ms: Option<i64>,
    /// Whether there are Arabic captions with at least one cue.
    pub captioned: bool,
    /// Decision of the linguistic lane that holds, if any.
    pub linguistic: Option<String>,
    /// Decision of the factual lane that holds, if any.
    pub factual: Option<String>,
    /// Storage key of the small poster.
    pub poster: Option<BlobKey>,
    /// Whether the given person worked on it.
    pub is_mine: bool,
    /// When anything about the clip changed last.
    pub updated_at: Millis,
}

impl ShelfRow {
    /// Where the latest version stands.
    pub fn state(&self) -> Option<VersionState> {
        VersionState::parse(&self.state)
    }

    /// Where its media stands.
    pub fn media_state(&self) -> Option<MediaState> {
        MediaState::parse(&self.media_state)
    }

    /// What sort of clip.
    pub fn kind(&self) -> Option<ClipKind> {
        ClipKind::parse(&self.kind)
    }
}

const ROW: &str = "SELECT c.id, c.kind, t.title_ar, t.title_en, s.name_ar AS service_ar, s.name_en AS service_en,
       s.department_id, v.id AS version_id, v.n, v.state, v.state_since, v.media_state, v.media_progress,
       v.media_eta_ms, v.duration_ms,
       EXISTS (SELECT 1 FROM caption_revision r JOIN cue u ON u.revision_id = r.id
               WHERE r.version_id = v.id AND r.lang = 'ar') AS captioned,
       (SELECT a.decision FROM approval a
        WHERE a.version_id = v.id AND a.lane = 'linguistic' AND a.voided_at IS NULL) AS linguistic,
       (SELECT a.decision FROM approval a
        WHERE a.version_id = v.id AND a.lane = 'factual' AND a.voided_at IS NULL) AS factual,
       (SELECT p.storage_key FROM picture p WHERE p.version_id = v.id AND p.role IN ('poster_small', 'poster', 'graphic')
        ORDER BY CASE p.role WHEN 'poster_small' THEN 0 WHEN 'poster' THEN 1 ELSE 2 END, p.n LIMIT 1) AS poster,
       EXISTS (SELECT 1 FROM version_author w WHERE w.version_id = v.id AND w.staff_id = $1) AS is_mine,
       c.updated_at
     FROM clip c
     JOIN clip_version v ON v.clip_id = c.id AND v.n = (SELECT MAX(n) FROM clip_version WHERE clip_id = c.id)
     JOIN version_text t ON t.version_id = v.id
     JOIN service s ON s.id = t.service_id";

/// A place in the list: the clip that changed last comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShelfPlace {
    /// When the last clip of the page before changed.
    pub updated_at: Millis,
    /// Which clip that was.
    pub id: ClipId,
}

/// At most `limit` clips of one part, the last changed first. `reader` is who looks.
pub async fn shelf(
    conn: &mut impl Conn,
    reader: StaffId,
    part: Shelf,
    after: Option<ShelfPlace>,
    limit: i64,
) -> sqlx::Result<Vec<ShelfRow>> {
    let sql = format!(
        "{ROW} WHERE v.state IN {}
           AND ($2 IS NULL OR c.updated_at < $2 OR (c.updated_at = $2 AND c.id < $3))
         ORDER BY c.updated_at DESC, c.id DESC LIMIT $4",
        part.states_sql()
    );
    query_text(sql)
        .bind(reader)
        .bind(after.map(|place| place.updated_at))
        .bind(after.map(|place| place.id))
        .bind(limit)
        .all(conn)
        .await
}

/// How many clips stand in each part of the list, in the order of [`Shelf::ALL`].
pub async fn shelf_counts(conn: &mut impl Conn) -> sqlx::Result<[i64; 6]> {
    let rows: Vec<(String, i64)> = query(
        "SELECT v.state, COUNT(*) FROM clip c
         JOIN clip_version v ON v.clip_id = c.id AND v.n = (SELECT MAX(n) FROM clip_version WHERE clip_id = c.id)
         GROUP BY v.state",
    )
    .all(conn)
    .await?;
    let counted = |shelf: Shelf| {
        let of_shelf =
            rows.iter().filter(|(word, _)| VersionState::parse(word).is_some_and(|s| shelf.holds(s)));
        of_shelf.map(|row| row.1).sum()
    };
    Ok(Shelf::ALL.map(counted))
}

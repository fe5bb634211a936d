//! Published clips in lists: their cards, newest first or in a given order.

use super::files::media_url;
use super::kind::ClipKind;
use crate::clock::Millis;
use crate::db::{Conn, query_text};
use crate::ids::{ClipId, ServiceId, VersionId};
use crate::store::BlobKey;

/// A published clip in a list.
#[derive(Debug, Clone)]
pub struct Card {
    /// Which clip.
    pub id: ClipId,
    /// Its address.
    pub slug: String,
    /// What sort of clip.
    pub kind: ClipKind,
    /// The service's code.
    pub service_code: String,
    /// The service's Arabic name.
    pub service_ar: String,
    /// The service's English name.
    pub service_en: String,
    /// The topic's code.
    pub topic: String,
    /// Arabic title.
    pub title_ar: String,
    /// English title; may be empty.
    pub title_en: String,
    /// One to three short sentences.
    pub summary_ar: String,
    /// Language tag, for example `sdl`.
    pub sign_language: String,
    /// Made-up content that is marked.
    pub sample: bool,
    /// The public version.
    pub version_id: VersionId,
    /// Address of the small poster.
    pub poster: Option<String>,
    /// Address of the silent preview.
    pub preview: Option<String>,
    /// Length; none for graphics.
    pub duration_ms: Option<i64>,
    /// When this version was published.
    pub published_at: Millis,
    /// When the clip was published for the first time.
    pub first_published_at: Millis,
    /// Whether its review date has passed.
    pub needs_review: bool,
}

#[derive(sqlx::FromRow)]
struct CardRow {
    id: ClipId,
    slug: String,
    kind: String,
    service_code: String,
    service_ar: String,
    service_en: String,
    topic: String,
    title_ar: String,
    title_en: String,
    summary_ar: String,
    sign_language: String,
    sample: bool,
    version_id: VersionId,
    poster: Option<BlobKey>,
    preview: Option<BlobKey>,
    duration_ms: Option<i64>,
    published_at: Option<Millis>,
    first_published_at: Option<Millis>,
    state: String,
}

const CARDS: &str =
    "SELECT c.id, c.slug, c.kind, s.code AS service_code, s.name_ar AS service_ar, s.name_en AS service_en,
       s.topic, c.title_ar, c.title_en, c.summary_ar, c.sign_language, c.sample, v.id AS version_id,
       p.storage_key AS poster, w.storage_key AS preview, v.duration_ms, c.published_at, c.first_published_at, v.state
     FROM clip c
     JOIN clip_version v ON v.id = c.published_version_id
     JOIN service s ON s.id = c.service_id
     LEFT JOIN picture p ON p.version_id = v.id AND p.role = 'poster_small' AND p.n = 0
     LEFT JOIN picture w ON w.version_id = v.id AND w.role = 'preview' AND w.n = 0";

impl TryFrom<CardRow> for Card {
    type Error = sqlx::Error;
    fn try_from(row: CardRow) -> sqlx::Result<Self> {
        let kind = ClipKind::parse(&row.kind).ok_or_else(|| {
            sqlx::Error::Decode(format!("clip {}: no such kind: {}", row.id, row.kind).into())
        })?;
        Ok(Self {
            id: row.id,
            slug: row.slug,
            kind,
            service_code: row.service_code,
            service_ar: row.service_ar,
            service_en: row.service_en,
            topic: row.topic,
            title_ar: row.title_ar,
            title_en: row.title_en,
            summary_ar: row.summary_ar,
            sign_language: row.sign_language,
            sample: row.sample,
            version_id: row.version_id,
            poster: row.poster.map(media_url),
            preview: row.preview.map(media_url),
            duration_ms: row.duration_ms,
            published_at: row.published_at.unwrap_or_default(),
            first_published_at: row.first_published_at.or(row.published_at).unwrap_or_default(),
            needs_review: row.state == "needs_review",
        })
    }
}

/// Which published clips; an empty filter means all.
#[derive(Debug, Clone, Default)]
pub struct CardFilter {
    /// Of one service.
    pub service: Option<ServiceId>,
    /// Of one topic.
    pub topic: Option<String>,
    /// Of one kind.
    pub kind: Option<ClipKind>,
    /// Where no kind is asked for: signed titles and terms too, which are parts of other pages and answer nothing.
    pub with_parts: bool,
    /// Without the steps of series, where those are shown in their own order.
    pub without_steps: bool,
}

/// Where the next page of a list begins: after this moment and clip.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct After {
    /// The last row's moment.
    pub at: Millis,
    /// The last row's clip.
    pub id: ClipId,
}

impl std::fmt::Display for After {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}", self.at.0, self.id)
    }
}

impl std::str::FromStr for After {
    type Err = crate::refusal::Refusal;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parsed = text
            .split_once('-')
            .and_then(|(at, id)| Some(Self { at: Millis(at.parse().ok()?), id: id.parse().ok()? }));
        parsed.ok_or_else(|| {
            let ar = "علامة الصفحة التالية غير صحيحة. ابدأ من أول القائمة.";
            Self::Err::invalid("after", "bad_cursor", ar, "This is not a cursor of this list.")
        })
    }
}

impl CardFilter {
    /// The conditions that this filter needs and no others, so that each kind of list reads along its own index.
    fn conditions(&self, after: Option<After>) -> String {
        let mut conditions = vec!["c.published_at IS NOT NULL".to_owned()];
        if self.service.is_some() {
            conditions.push("c.service_id = $1".to_owned());
        }
        if self.topic.is_some() {
            conditions.push("s.topic = $2".to_owned());
        }
        if self.kind.is_some() {
            conditions.push("c.kind = $3".to_owned());
        } else if !self.with_parts {
            conditions.push(format!("c.kind NOT IN {}", ClipKind::PARTS_SQL));
        }
        if after.is_some() {
            conditions.push("(c.published_at, c.id) < ($4, $5)".to_owned());
        }
        if self.without_steps {
            let step = "NOT EXISTS (SELECT 1 FROM series_step x JOIN series r ON r.id = x.series_id
                                    WHERE x.clip_id = c.id AND r.service_id = c.service_id)";
            conditions.push(step.to_owned());
        }
        conditions.join(" AND ")
    }
}

/// Published clips, newest first.
pub async fn newest_cards(
    conn: &mut impl Conn,
    filter: &CardFilter,
    after: Option<After>,
    limit: i64,
) -> sqlx::Result<Vec<Card>> {
    let conditions = filter.conditions(after);
    let sql = format!("{CARDS} WHERE {conditions} ORDER BY c.published_at DESC, c.id DESC LIMIT $6");
    let rows: Vec<CardRow> = query_text(sql)
        .bind(filter.service)
        .bind(filter.topic.clone())
        .bind(filter.kind.map(ClipKind::as_str))
        .bind(after.map(|after| after.at))
        .bind(after.map(|after| after.id))
        .bind(limit)
        .all(conn)
        .await?;
    rows.into_iter().map(Card::try_from).collect()
}

/// The cards of these clips in the same order; what is not published (any more) is left out.
pub async fn cards(conn: &mut impl Conn, ids: &[ClipId]) -> sqlx::Result<Vec<Card>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let places: Vec<String> = (1..=ids.len()).map(|place| format!("${place}")).collect();
    let mut statement = query_text(format!("{CARDS} WHERE c.id IN ({})", places.join(", ")));
    for id in ids {
        statement = statement.bind(*id);
    }
    let rows: Vec<CardRow> = statement.all(conn).await?;
    let mut found: Vec<Card> = rows.into_iter().map(Card::try_from).collect::<sqlx::Result<_>>()?;
    found.sort_by_key(|card| ids.iter().position(|id| *id == card.id));
    Ok(found)
}

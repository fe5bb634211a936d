//! What was learned from the desk: confirmed wordings, and taking one back for good.

use crate::app::App;
use crate::audit::{Actor, Entry};
use crate::clock::Millis;
use crate::db::{Conn, Tx, query};
use crate::ids::{AliasId, ClipId, StaffId};
use crate::matching::learned::{Learned, Pair, PairVerdict};
use crate::people::{Permission, Staff};
use crate::refusal::{Refusal, refuse};
use crate::text::redact::find;
use crate::text::route::Intent;
use anyhow::Context as _;
use serde_json::json;

/// At most this many pairs train the classifier, the newest ones.
const MOST_PAIRS: i64 = 200_000;

/// A wording that the matcher learned from a confirmed answer.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Lesson {
    /// Names it when it is taken back.
    pub id: AliasId,
    /// The clip that it leads to.
    pub clip_id: ClipId,
    /// The clip's title.
    pub title_ar: String,
    /// The clip's English title.
    pub title_en: String,
    /// The redacted wording.
    pub text_ar: String,
    /// Who confirmed it.
    pub taught_by: Option<String>,
    /// When.
    pub created_at: Millis,
}

/// The newest lessons, at most `limit`, older than `before` when given.
pub async fn lessons(conn: &mut impl Conn, before: Option<AliasId>, limit: i64) -> sqlx::Result<Vec<Lesson>> {
    query(
        "SELECT a.id, a.clip_id, c.title_ar, c.title_en, a.text_ar, s.display_name AS taught_by, a.created_at
         FROM clip_alias a JOIN clip c ON c.id = a.clip_id LEFT JOIN staff s ON s.id = a.created_by
         WHERE a.origin = 'citizen' AND ($1 IS NULL OR a.id < $1) ORDER BY a.id DESC LIMIT $2",
    )
    .bind(before)
    .bind(limit)
    .all(conn)
    .await
}

/// Who put a wording beside a clip, and when.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct WordingSource {
    /// `editor` or `citizen`: a question's wording that an agent confirmed.
    pub origin: String,
    /// When.
    pub created_at: Millis,
}

impl WordingSource {
    /// The source in words.
    pub fn said(&self) -> String {
        let day = self.created_at.rfc3339();
        let day = day.split('T').next().unwrap_or_default();
        let who = if self.origin == "citizen" { "confirmed at the desk" } else { "written by an editor" };
        format!("{who} on {day}")
    }
}

/// Where a wording of a clip comes from.
pub async fn wording_source(
    conn: &mut impl Conn,
    clip: ClipId,
    text: &str,
) -> sqlx::Result<Option<WordingSource>> {
    query("SELECT origin, created_at FROM clip_alias WHERE clip_id = $1 AND text_ar = $2")
        .bind(clip)
        .bind(text.to_owned())
        .optional(conn)
        .await
}

/// Takes a lesson back: the wording leads to the clip no more and is not learned for it again.
pub async fn unlearn(app: &App, staff: &Staff, id: AliasId) -> anyhow::Result<()> {
    if !staff.role.may(Permission::SuperviseDesk) {
        return Err(refuse(Refusal::forbidden()));
    }
    let mut tx = app.db.begin().await?;
    let lesson: Option<(ClipId, String)> =
        query("SELECT clip_id, text_ar FROM clip_alias WHERE id = $1 AND origin = 'citizen'")
            .bind(id)
            .optional(&mut tx)
            .await?;
    let (clip, text) = lesson.ok_or_else(|| refuse(Refusal::not_found()))?;
    query("DELETE FROM clip_alias WHERE id = $1").bind(id).execute(&mut tx).await?;
    let now = tx.now();
    query(
        "INSERT INTO wording_undone (clip_id, text_ar, undone_by, undone_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (clip_id, text_ar) DO NOTHING",
    )
    .bind(clip)
    .bind(text)
    .bind(staff.id)
    .bind(now)
    .execute(&mut tx)
    .await?;
    tx.changed("clip", clip);
    tx.record(
        Entry::new(Actor::Staff(staff.id), "clip.wording_unlearned", "clip", clip)
            .with(json!({ "alias": id })),
    );
    tx.commit().await?;
    Ok(())
}

/// Adds a confirmed wording unless it was taken back before; says whether it is new.
pub(super) async fn learn(tx: &mut Tx, clip: ClipId, text: &str, by: StaffId) -> sqlx::Result<bool> {
    let now = tx.now();
    let added = query(
        "INSERT INTO clip_alias (id, clip_id, text_ar, origin, created_by, created_at)
         SELECT $1, $2, $3, 'citizen', $4, $5
         WHERE NOT EXISTS (SELECT 1 FROM wording_undone WHERE clip_id = $2 AND text_ar = $3)
         ON CONFLICT (clip_id, text_ar) DO NOTHING",
    )
    .bind(AliasId::new(now))
    .bind(clip)
    .bind(text.to_owned())
    .bind(by)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(added == 1)
}

/// Removes a wording that no question confirms any more; says whether there was one. It may be learned again.
pub(super) async fn forget(tx: &mut Tx, clip: ClipId, text: &str) -> sqlx::Result<bool> {
    let removed = query(
        "DELETE FROM clip_alias WHERE clip_id = $1 AND text_ar = $2 AND origin = 'citizen'
         AND NOT EXISTS (SELECT 1 FROM suggestion s JOIN question q ON q.id = s.question_id
                         WHERE s.clip_id = $1 AND s.verdict = 'accepted' AND q.redacted = $2)",
    )
    .bind(clip)
    .bind(text.to_owned())
    .execute(tx)
    .await?;
    Ok(removed > 0)
}

/// Everything that people confirmed or rejected, oldest first: the same rows give the same pairs.
async fn pairs(conn: &mut impl Conn) -> sqlx::Result<Vec<Pair>> {
    let confirmed: Vec<(ClipId, String)> = query(
        "SELECT clip_id, text_ar FROM (SELECT id, clip_id, text_ar FROM clip_alias ORDER BY id DESC LIMIT $1) newest
         ORDER BY id",
    )
    .bind(MOST_PAIRS)
    .all(conn)
    .await?;
    let rejected: Vec<(ClipId, String)> = query(
        "SELECT s.clip_id, q.redacted FROM suggestion s JOIN question q ON q.id = s.question_id
         WHERE s.verdict = 'rejected' AND q.intent = $1 AND q.redacted <> ''
               AND NOT EXISTS (SELECT 1 FROM redaction r WHERE r.question_id = q.id)
         ORDER BY q.received_at DESC, s.place LIMIT $2",
    )
    .bind(Intent::Information.code())
    .bind(MOST_PAIRS / 10)
    .all(conn)
    .await?;
    let pair =
        |(clip, wording): (ClipId, String), verdict| Pair { wording, clip_id: clip.to_string(), verdict };
    let confirmed = confirmed.into_iter().map(|row| pair(row, PairVerdict::Confirmed));
    let rejected = rejected.into_iter().rev().map(|row| pair(row, PairVerdict::Rejected));
    // A wording with anything that identifies somebody is never learned from, whatever the row says.
    Ok(confirmed.chain(rejected).filter(|pair| find(&pair.wording).is_empty()).collect())
}

/// Trains the classifier on everything that was confirmed and hands it to the matcher.
pub async fn retrain(app: &App) -> anyhow::Result<()> {
    let mut read = app.db.read().await?;
    let pairs = pairs(&mut read).await?;
    drop(read);
    let learned =
        tokio::task::spawn_blocking(move || Learned::train(&pairs)).await.context("training was cut off")?;
    let (answers, used) = learned.size();
    tracing::debug!(answers, pairs = used, "trained on what was confirmed");
    app.matcher.tuition().use_learned(learned);
    Ok(())
}

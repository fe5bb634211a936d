//! How a clip is watched and understood: counted for each version, day and caption line, with nothing about the person.

use super::caption_track::track;
use super::clip::clip_by_slug;
use crate::app::App;
use crate::db::{Conn, Tx, query};
use crate::ids::VersionId;
use crate::refusal::{Refusal, refuse};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// Rows of `clip_watching` that are no caption line.
const BEGUN: i64 = -1;
const TO_THE_END: i64 = -2;
/// One visit counts at most so many repeats of a line: a loop left running says nothing more.
const MOST_REPEATS: i64 = 20;

/// What one visit says when it ends.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Visit {
    /// Caption lines, from 0, and how often each was seen.
    pub lines: Vec<(u32, u32)>,
    /// Whether the clip was watched to its end.
    pub to_the_end: bool,
}

/// Adds one visit to the counts of the public version. Lines that the captions do not have are ignored.
pub async fn count_visit(app: &App, slug: &str, visit: &Visit) -> anyhow::Result<()> {
    let mut tx = app.db.begin().await?;
    let clip = clip_by_slug(&mut tx, slug).await?;
    let version = clip.and_then(|clip| clip.published_version_id);
    let version = version.ok_or_else(|| refuse(Refusal::not_found()))?;
    let captions = track(&mut tx, version, "ar").await?;
    let known = captions.map_or(0, |track| track.cues.len());
    add(&mut tx, version, BEGUN, 0).await?;
    if visit.to_the_end {
        add(&mut tx, version, TO_THE_END, 0).await?;
    }
    let mut counted = vec![false; known];
    for &(line, times) in &visit.lines {
        let Some(done) = usize::try_from(line).ok().and_then(|line| counted.get_mut(line)) else { continue };
        if times > 0 && !std::mem::replace(done, true) {
            add(&mut tx, version, i64::from(line), (i64::from(times) - 1).min(MOST_REPEATS)).await?;
        }
    }
    tx.commit().await?;
    Ok(())
}

async fn add(tx: &mut Tx, version: VersionId, part: i64, repeats: i64) -> sqlx::Result<u64> {
    query(
        "INSERT INTO clip_watching (version_id, day, part, plays, replays) VALUES ($1, $2, $3, 1, $4)
         ON CONFLICT (version_id, day, part)
         DO UPDATE SET plays = clip_watching.plays + 1, replays = clip_watching.replays + excluded.replays",
    )
    .bind(version)
    .bind(tx.now().0.div_euclid(DAY_MS))
    .bind(part)
    .bind(repeats)
    .execute(tx)
    .await
}

/// How a version was received.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reception {
    /// Visits that began it.
    pub begun: i64,
    /// Visits that saw its end.
    pub to_the_end: i64,
    /// People who said that they understood.
    pub understood: i64,
    /// People who said that they did not.
    pub not_understood: i64,
    /// Caption line from 0, how many visits saw it, and how often it was seen again.
    pub lines: Vec<(i64, i64, i64)>,
}

/// The counts of a version over all days.
pub async fn reception(conn: &mut impl Conn, version: VersionId) -> sqlx::Result<Reception> {
    let rows: Vec<(i64, i64, i64)> = query(
        "SELECT part, CAST(SUM(plays) AS BIGINT), CAST(SUM(replays) AS BIGINT) FROM clip_watching
         WHERE version_id = $1 GROUP BY part ORDER BY part",
    )
    .bind(version)
    .all(conn)
    .await?;
    let said: Vec<(bool, i64)> =
        query("SELECT understood, COUNT(*) FROM clip_feedback WHERE version_id = $1 GROUP BY understood")
            .bind(version)
            .all(conn)
            .await?;
    let plays = |wanted: i64| rows.iter().find(|row| row.0 == wanted).map_or(0, |row| row.1);
    let answers = |wanted: bool| said.iter().find(|row| row.0 == wanted).map_or(0, |row| row.1);
    Ok(Reception {
        begun: plays(BEGUN),
        to_the_end: plays(TO_THE_END),
        understood: answers(true),
        not_understood: answers(false),
        lines: rows.iter().filter(|row| row.0 >= 0).copied().collect(),
    })
}

//! Warns when a video is already in the catalogue: the same file, or the same recording exported or cut differently.

use super::Work;
use crate::catalog::version::{Check, version};
use crate::db::{Conn, Tx, query};
use crate::ids::{ClipId, VersionId};
use media::{ProbeReport, VideoFacts};

/// Lengths that two copies of one recording may differ by: a fifth, as after a trim.
const LENGTH_SHARE: i64 = 5;
/// Versions looked at, latest first.
const AT_MOST: i64 = 500;

#[derive(sqlx::FromRow)]
struct Other {
    title_ar: String,
    title_en: String,
    probe: String,
}

/// The warning about the clearest copy in another clip, if there is one.
pub(super) async fn copy_elsewhere(
    conn: &mut impl Conn,
    work: &Work,
    facts: &ProbeReport,
) -> anyhow::Result<Option<Check>> {
    if let Some((title_ar, title_en)) = same_file(conn, work.version.id, work.clip.id).await? {
        return Ok(Some(Check::same_file(&title_ar, &title_en)));
    }
    let Some(video) = &facts.video else { return Ok(None) };
    let likely = of_like_length(conn, work.clip.id, video).await?;
    let copy = likely.iter().find(|other| facts_of(&other.probe).is_some_and(|v| v.is_same_recording(video)));
    Ok(copy.map(|other| Check::same_recording(&other.title_ar, &other.title_en)))
}

/// Adds the warning to a version that took the results of the same file over.
pub(super) async fn warn_same_file(tx: &mut Tx, work: &Work) -> anyhow::Result<()> {
    let Some((title_ar, title_en)) = same_file(tx, work.version.id, work.clip.id).await? else {
        return Ok(());
    };
    let Some(fresh) = version(tx, work.version.id).await? else { return Ok(()) };
    let mut checks = fresh.media.checks;
    checks.retain(|check| check.code != "same_file");
    checks.push(Check::same_file(&title_ar, &title_en));
    query("UPDATE clip_version SET checks = $1 WHERE id = $2")
        .bind(serde_json::to_string(&checks)?)
        .bind(fresh.id)
        .execute(tx)
        .await?;
    Ok(())
}

fn facts_of(probe: &str) -> Option<VideoFacts> {
    serde_json::from_str::<ProbeReport>(probe).ok()?.video
}

async fn same_file(
    conn: &mut impl Conn,
    version: VersionId,
    clip: ClipId,
) -> sqlx::Result<Option<(String, String)>> {
    query(
        "SELECT c.title_ar, c.title_en FROM clip_version v JOIN clip_version o ON o.original_key = v.original_key
           JOIN clip c ON c.id = o.clip_id
         WHERE v.id = $1 AND c.id <> $2 ORDER BY c.id LIMIT 1",
    )
    .bind(version)
    .bind(clip)
    .optional(conn)
    .await
}

async fn of_like_length(
    conn: &mut impl Conn,
    clip: ClipId,
    video: &VideoFacts,
) -> anyhow::Result<Vec<Other>> {
    let length = i64::try_from(video.duration_ms)?;
    let slack = length / LENGTH_SHARE;
    let others = query(
        "SELECT c.title_ar, c.title_en, v.probe FROM clip_version v JOIN clip c ON c.id = v.clip_id
         WHERE v.media_state = 'ready' AND c.id <> $3
           AND (v.duration_ms BETWEEN $1 AND $2 OR v.trim_from_ms IS NOT NULL OR v.trim_to_ms IS NOT NULL)
         ORDER BY v.id DESC LIMIT $4",
    )
    .bind(length - slack)
    .bind(length + slack)
    .bind(clip)
    .bind(AT_MOST)
    .all(conn)
    .await?;
    Ok(others)
}

impl Check {
    fn same_file(title_ar: &str, title_en: &str) -> Check {
        let ar = format!("هذا الملف نفسه مستعمل في مقطع «{title_ar}». تأكد من أنك رفعت الملف الصحيح.");
        let title = if title_en.is_empty() { title_ar } else { title_en };
        let en =
            format!("This very file is used in the clip “{title}”. Check that you uploaded the right one.");
        Check::warning("same_file", ar, en)
    }

    fn same_recording(title_ar: &str, title_en: &str) -> Check {
        let ar = format!("يبدو أن هذا التصوير موجود في مقطع «{title_ar}». شاهد المقطعين قبل النشر.");
        let title = if title_en.is_empty() { title_ar } else { title_en };
        let en = format!(
            "This recording seems to be in the clip “{title}” already. Watch both before publishing."
        );
        Check::warning("same_recording", ar, en)
    }

    fn warning(code: &str, message_ar: String, message_en: String) -> Check {
        let level = "warn".to_owned();
        Check { code: code.to_owned(), level, value: 1.0, message_ar, message_en, at_ms: None, picture: None }
    }
}

//! The pictures of a media job: stored under their content addresses first, then written as rows.

use super::Work;
use super::store_results::put;
use crate::catalog::version::Check;
use crate::catalog::{CARDS_IN_A_SET, media_url};
use crate::db::{Tx, query};
use crate::ids::{PictureId, VersionId};
use crate::store::{Area, Blob, FileType, record_blob};
use anyhow::Context as _;
use media::result::{Card, MediaResult};
use media::still::StillResult;
use std::path::Path;

/// A stored picture that waits for its row.
pub(super) struct Picture {
    role: &'static str,
    n: i64,
    blob: Blob,
    width: i64,
    height: i64,
}

/// Stores posters, preview and storyboard of a video.
pub(super) async fn of_video(
    work: &Work,
    result: &MediaResult,
    folder: &Path,
) -> anyhow::Result<Vec<Picture>> {
    let mut pictures = vec![
        picture(work, "poster", 0, &folder.join(&result.poster)).await?,
        picture(work, "poster_small", 0, &folder.join(&result.poster_small)).await?,
        preview(work, &folder.join(&result.preview)).await?,
    ];
    pictures.extend(cards(work, "poster_card", 0, &result.cards, folder).await?);
    for (n, candidate) in result.poster_candidates.iter().enumerate() {
        let place = i64::try_from(n)?;
        pictures.push(picture(work, "poster_candidate", place, &folder.join(&candidate.file)).await?);
        pictures.extend(cards(work, "candidate_card", place, &candidate.cards, folder).await?);
    }
    pictures.extend(storyboard(work, result, folder).await?);
    Ok(pictures)
}

/// Stores the two sizes of a graphic and its cards.
pub(super) async fn of_still(
    work: &Work,
    still: &StillResult,
    folder: &Path,
) -> anyhow::Result<Vec<Picture>> {
    let mut pictures = vec![
        picture(work, "graphic", 0, &folder.join(&still.picture)).await?,
        picture(work, "poster", 0, &folder.join(&still.picture)).await?,
        picture(work, "poster_small", 0, &folder.join(&still.picture_small)).await?,
    ];
    pictures.extend(cards(work, "poster_card", 0, &still.cards, folder).await?);
    Ok(pictures)
}

/// Checks as they are shown, and the pictures they point to.
#[derive(Default)]
pub(super) struct Shown {
    pub(super) checks: Vec<Check>,
    pub(super) pictures: Vec<Picture>,
}

impl Shown {
    /// Writes the rows of the pictures.
    pub(super) async fn record(&self, tx: &mut Tx, version: VersionId) -> anyhow::Result<()> {
        query("DELETE FROM picture WHERE version_id = $1 AND role = 'check'")
            .bind(version)
            .execute(tx)
            .await?;
        for picture in &self.pictures {
            insert_picture(tx, version, picture).await?;
        }
        Ok(())
    }
}

/// Stores the pictures that explain findings; two findings may share one.
pub(super) async fn check_pictures(
    work: &Work,
    findings: &[media::Finding],
    folder: &Path,
) -> anyhow::Result<Shown> {
    let mut shown = Shown::default();
    let mut stored: Vec<(&str, String)> = Vec::new();
    for finding in findings {
        let mut check: Check = serde_json::from_value(serde_json::to_value(finding)?)?;
        if let Some(file) = finding.picture.as_deref() {
            if !stored.iter().any(|(name, _)| *name == file) {
                let n = i64::try_from(stored.len())?;
                let picture = picture(work, "check", n, &folder.join(file)).await?;
                stored.push((file, media_url(picture.blob.key)));
                shown.pictures.push(picture);
            }
            check.picture = stored.iter().find(|(name, _)| *name == file).map(|(_, url)| url.clone());
        }
        shown.checks.push(check);
    }
    Ok(shown)
}

async fn picture(work: &Work, role: &'static str, n: i64, path: &Path) -> anyhow::Result<Picture> {
    let (width, height) = image::image_dimensions(path).context("a picture of a media job")?;
    let blob = put(work, Area::Pictures, path, FileType::Jpeg).await?;
    Ok(Picture { role, n, blob, width: i64::from(width), height: i64::from(height) })
}

/// The cards of poster or candidate `place`: small and medium, each as WebP and JPEG, four in a row.
async fn cards(
    work: &Work,
    role: &'static str,
    place: i64,
    cards: &[Card],
    folder: &Path,
) -> anyhow::Result<Vec<Picture>> {
    let mut stored = Vec::new();
    for (n, card) in (place * CARDS_IN_A_SET..).zip(cards) {
        let file_type = FileType::from_mime(&card.mime).context("a card of an unknown kind")?;
        let blob = put(work, Area::Pictures, &folder.join(&card.file), file_type).await?;
        stored.push(Picture { role, n, blob, width: i64::from(card.width), height: i64::from(card.height) });
    }
    Ok(stored)
}

/// The preview is a silent film of the saver's size; players read its size from the file.
async fn preview(work: &Work, path: &Path) -> anyhow::Result<Picture> {
    let blob = put(work, Area::Pictures, path, FileType::Mp4).await?;
    Ok(Picture { role: "preview", n: 0, blob, width: 0, height: 0 })
}

/// The map names the storyboard's picture; stored side by side, that is its content address.
async fn storyboard(work: &Work, result: &MediaResult, folder: &Path) -> anyhow::Result<[Picture; 2]> {
    let board = picture(work, "storyboard", 0, &folder.join(&result.storyboard)).await?;
    let map = tokio::fs::read_to_string(folder.join(&result.storyboard_vtt))
        .await
        .context("reading the map of a storyboard")?;
    let name = format!("{}.{}", board.blob.key.hash, board.blob.key.file_type.extension());
    let map = map.replace(&result.storyboard, &name);
    let blob = work.app.store.put_bytes(Area::Pictures, map.into(), FileType::Vtt).await?;
    Ok([board, Picture { role: "storyboard_map", n: 0, blob, width: 0, height: 0 }])
}

/// Writes the row of a picture, and that its blob is in use.
pub(super) async fn insert_picture(tx: &mut Tx, version: VersionId, picture: &Picture) -> anyhow::Result<()> {
    record_blob(tx, &picture.blob).await?;
    let now = tx.now();
    query(
        "INSERT INTO picture (id, version_id, role, n, storage_key, mime, width, height, bytes)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(PictureId::new(now))
    .bind(version)
    .bind(picture.role)
    .bind(picture.n)
    .bind(picture.blob.key)
    .bind(picture.blob.key.file_type.mime())
    .bind(picture.width)
    .bind(picture.height)
    .bind(i64::try_from(picture.blob.bytes)?)
    .execute(tx)
    .await?;
    Ok(())
}

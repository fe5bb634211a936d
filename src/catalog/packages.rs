//! A published or finished version as a file for channels: asked for by a person, made once for each state of its
//! captions, kept.

use super::by::By;
use super::caption_track::track;
use super::captions::{Lettering, to_ass};
use super::clip::{Clip, clip};
use super::files::{Rendition, media_url, renditions};
use super::media_state::MediaState;
use super::version::{Version, latest_version, version};
use crate::app::App;
use crate::audit::Entry;
use crate::cage::{CageError, Operation, Order, Outcome};
use crate::db::{Conn, Tx, query};
use crate::ids::{ClipId, PackageId, VersionId};
use crate::jobs::{self, Job, JobError, Queue, Run};
use crate::refusal::{Refusal, RefusalKind, refuse};
use crate::store::{Area, Blob, BlobKey, FileType, record_blob};
use anyhow::Context as _;
use media::package::{self as press, Band, PackagePlan, PackageResult};
use serde_json::json;
use std::path::Path;
use std::time::Duration;

/// The fonts of the pages; the licence (OFL) lies beside them.
const FONTS: [(&str, &[u8]); 2] = [
    ("plex-arabic-600.woff2", include_bytes!("../web/assets/fonts/plex-arabic-600.woff2")),
    ("plex-latin-600.woff2", include_bytes!("../web/assets/fonts/plex-latin-600.woff2")),
];

/// A package as pages and programs see it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Package {
    /// Which.
    pub id: PackageId,
    /// `waiting`, `ready` or `failed`.
    pub state: String,
    /// Where it lies, once it is ready.
    pub storage_key: Option<BlobKey>,
    /// Size of the file.
    pub bytes: Option<i64>,
    /// Pixels.
    pub width: Option<i64>,
    /// Pixels, with the band of captions.
    pub height: Option<i64>,
    /// Length.
    pub duration_ms: Option<i64>,
}

impl Package {
    /// Its address.
    pub fn url(&self) -> Option<String> {
        self.storage_key.map(media_url)
    }

    /// Within what the channels take; nothing larger is ever offered.
    pub fn fits(&self) -> bool {
        self.bytes.and_then(|bytes| u64::try_from(bytes).ok()).is_some_and(|bytes| bytes <= press::MAX_BYTES)
    }
}

const COLUMNS: &str = "SELECT id, state, storage_key, bytes, width, height, duration_ms FROM package";

/// The package of a version with its present captions, if anybody asked for it.
pub async fn package(conn: &mut impl Conn, version: &Version) -> sqlx::Result<Option<Package>> {
    crate::db::query_text(format!("{COLUMNS} WHERE version_id = $1 AND captions_hash = $2"))
        .bind(version.id)
        .bind(version.hashes.captions.clone())
        .optional(conn)
        .await
}

/// The version whose package is meant: what the public sees, otherwise the latest.
pub async fn packaged_version(conn: &mut impl Conn, clip: &Clip) -> sqlx::Result<Option<Version>> {
    match clip.published_version_id {
        Some(id) => version(conn, id).await,
        None => latest_version(conn, clip.id).await.map(Some),
    }
}

/// Asks for the package of a clip; one that is kept or being made is taken as it is, one that failed is tried again.
pub async fn request_package(tx: &mut Tx, by: By<'_>, id: ClipId) -> anyhow::Result<Package> {
    let clip = clip(tx, id).await?.ok_or_else(|| refuse(Refusal::not_found()))?;
    let version = packaged_version(tx, &clip).await?.filter(|v| v.media.state == MediaState::Ready);
    let version = version.filter(|_| !clip.kind.is_still()).ok_or_else(nothing_to_package)?;
    let sizes = sizes(&renditions(tx, version.id).await?);
    if press::plan(&sizes, length_ms(&version), Band::Captions).is_none() {
        return Err(too_long());
    }
    if let Some(kept) = package(tx, &version).await?.filter(|kept| kept.state != "failed") {
        return Ok(kept);
    }
    let now = tx.now();
    query("DELETE FROM package WHERE version_id = $1 AND captions_hash = $2")
        .bind(version.id)
        .bind(version.hashes.captions.clone())
        .execute(tx)
        .await?;
    let id = PackageId::new(now);
    query(
        "INSERT INTO package (id, version_id, captions_hash, state, created_by, created_at)
         VALUES ($1, $2, $3, 'waiting', $4, $5)",
    )
    .bind(id)
    .bind(version.id)
    .bind(version.hashes.captions.clone())
    .bind(by.author())
    .bind(now)
    .execute(tx)
    .await?;
    jobs::enqueue::<App, _>(tx, &MakePackage { package_id: id, version_id: version.id }).await?;
    let detail = json!({ "version": version.n });
    tx.record(Entry::new(by.actor(), "package.requested", "clip", clip.id).with(detail));
    package(tx, &version).await?.context("the package that was just asked for")
}

fn nothing_to_package() -> anyhow::Error {
    let ar = "لا يوجد فيديو جاهز لتجهيزه للقنوات. انتظر حتى تنتهي المعالجة.";
    let en = "There is no finished video to prepare for channels. Wait until processing is over.";
    refuse(Refusal::new(RefusalKind::Conflict, "package.no_video", ar, en))
}

fn too_long() -> anyhow::Error {
    let ar = "المقطع أطول من أن يناسب حد القنوات (١٦ ميغابايت) بصورة واضحة. قسّمه إلى مقاطع أقصر.";
    let en = "The clip is too long to fit the channels' limit (16 MB) with a clear picture. Split it into shorter clips.";
    refuse(Refusal::new(RefusalKind::Conflict, "package.too_long", ar, en))
}

fn sizes(renditions: &[Rendition]) -> Vec<(u32, u32)> {
    let pixels = |side: i64| u32::try_from(side).unwrap_or(0);
    renditions.iter().map(|size| (pixels(size.width), pixels(size.height))).collect()
}

fn length_ms(version: &Version) -> u64 {
    version.media.duration_ms.and_then(|ms| u64::try_from(ms).ok()).unwrap_or(0)
}

/// Makes one package.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub struct MakePackage {
    /// Which.
    pub package_id: PackageId,
    /// Of which version.
    pub version_id: VersionId,
}

impl Job<App> for MakePackage {
    const KIND: &'static str = "make_package";
    const QUEUE: Queue = Queue::Media;
    const MAX_ATTEMPTS: i64 = 3;
    /// Somebody waits for it at a page.
    const PRIORITY: i64 = 60;
    const TIMEOUT: Duration = Duration::from_secs(60 * 60);

    fn subject(&self) -> Option<uuid::Uuid> {
        Some(self.package_id.uuid())
    }

    async fn run(self, app: App, run: Run) -> Result<(), JobError> {
        let mut read = app.db.read().await?;
        let waiting: Option<(String,)> =
            query("SELECT captions_hash FROM package WHERE id = $1 AND state <> 'ready'")
                .bind(self.package_id)
                .optional(&mut read)
                .await?;
        let Some(version) = version(&mut read, self.version_id).await? else { return Ok(()) };
        let sizes = renditions(&mut read, version.id).await?;
        let captions = track(&mut read, version.id, "ar").await?;
        drop(read);
        // Captions that changed since have a package of their own; this one is asked for anew if they come back.
        let Some((asked_for,)) = waiting else { return Ok(()) };
        if asked_for != version.hashes.captions {
            return Ok(self.buried(app, "the captions changed".to_owned()).await?);
        }
        let cues = captions.map(|track| track.cues).unwrap_or_default();
        let folder = app.cage.job_folder()?;
        let (rendition, plan) = prepared(&version, sizes, &cues, folder.path()).await?;
        let inbox = app.cage.job_folder()?;
        let input = inbox.path().join("rendition.mp4");
        app.store.fetch_to_file(rendition.storage_key, &input).await.context("fetching a rendition")?;
        let order = Order {
            operation: Operation::Package(plan),
            input,
            out_dir: folder.path().to_owned(),
            clip_ms: Some(length_ms(&version)),
        };
        let made = match app.cage.run(order, |_| {}, run.stop().clone()).await {
            Ok(Outcome::Package(made)) => made,
            Ok(_) => return Err(anyhow::anyhow!("the media job answered another question").into()),
            Err(CageError::Cancelled) => return Err(JobError::Stopped),
            Err(trouble) if trouble.is_crash() => return Err(JobError::Crash(trouble.to_string())),
            Err(trouble) => return Err(trouble.into()),
        };
        let file = folder.path().join(&made.file);
        let blob = app.store.put_file(Area::Renditions, &file, FileType::Mp4).await?;
        Ok(keep(&app, &run, self.package_id, &made, blob).await?)
    }

    async fn buried(self, app: App, _reason: String) -> anyhow::Result<()> {
        let mut tx = app.db.begin().await?;
        query("UPDATE package SET state = 'failed' WHERE id = $1 AND state = 'waiting'")
            .bind(self.package_id)
            .execute(&mut tx)
            .await?;
        tx.commit().await?;
        Ok(())
    }
}

/// Writes captions and fonts into the job folder and says which rendition to print them on.
async fn prepared(
    version: &Version,
    sizes_kept: Vec<Rendition>,
    cues: &[super::captions::Cue],
    folder: &Path,
) -> anyhow::Result<(Rendition, PackagePlan)> {
    let band = if cues.is_empty() { Band::None } else { Band::Captions };
    let (index, plan) = press::plan(&sizes(&sizes_kept), length_ms(version), band)
        .context("a clip too long for a package was let through")?;
    let rendition = sizes_kept.into_iter().nth(index).context("the planned rendition")?;
    let press::Canvas { width, height, font, .. } = plan.canvas;
    let text = to_ass(cues, Lettering { width, height, font });
    tokio::fs::write(folder.join(press::CAPTIONS), text).await.context("writing captions for a package")?;
    for (name, bytes) in FONTS {
        tokio::fs::write(folder.join(name), bytes).await.context("writing a font for a package")?;
    }
    Ok((rendition, plan))
}

async fn keep(app: &App, run: &Run, id: PackageId, made: &PackageResult, blob: Blob) -> anyhow::Result<()> {
    let mut tx = app.db.begin().await?;
    run.complete(&mut tx).await?;
    record_blob(&mut tx, &blob).await?;
    let now = tx.now();
    query(
        "UPDATE package SET state = 'ready', storage_key = $1, bytes = $2, width = $3, height = $4, duration_ms = $5,
                finished_at = $6
         WHERE id = $7",
    )
    .bind(blob.key)
    .bind(i64::try_from(blob.bytes)?)
    .bind(i64::from(made.width))
    .bind(i64::from(made.height))
    .bind(i64::try_from(made.duration_ms)?)
    .bind(now)
    .bind(id)
    .execute(&mut tx)
    .await?;
    tx.commit().await?;
    Ok(())
}

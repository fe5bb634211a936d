//! From a stored original to a version that can be reviewed: measured, checked and encoded in the cage, stored under
//! content addresses, and written to the rows in one final transaction.

mod duplicates;
mod house;
mod pictures;
mod steps;
mod store_results;

use super::version::{Version, version};
use super::{Clip, ClipKind, clip};
use crate::app::App;
use crate::cage::{CageError, News, Operation, Order, Outcome};
use crate::clock::Millis;
use crate::ids::VersionId;
use crate::jobs::{self, Job, JobError, Queue, Run, Share};
use crate::store::BlobKey;
use anyhow::Context as _;
use media::job::Progress as Told;
use media::{Checks, Intake, Thresholds, TranscodeOptions};
use pictures::Shown;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::sync::watch;

/// Makes everything of a version's video or graphic.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub struct Prepare {
    /// Which version.
    pub version_id: VersionId,
    /// SHA-256 of the original: another upload for the same version is another job.
    pub source: String,
    /// Whose queue it stands in; imports have none.
    #[serde(default)]
    pub owner: Option<uuid::Uuid>,
    /// How much work it is.
    #[serde(default)]
    pub cost: i64,
}

/// Between two writes of progress.
const REPORT_EVERY: Duration = Duration::from_secs(1);
/// Thousandths of the bar that belong to the checks.
const PROBE_SHARE: i64 = 150;
/// The rest until everything is stored.
const ENCODED_AT: i64 = 970;

impl Job<App> for Prepare {
    const KIND: &'static str = "prepare_media";
    const QUEUE: Queue = Queue::Media;
    const MAX_ATTEMPTS: i64 = 3;
    /// The cage ends a child after ten times the clip's length; this is only the last resort.
    const TIMEOUT: Duration = Duration::from_secs(6 * 60 * 60);

    fn subject(&self) -> Option<uuid::Uuid> {
        Some(self.version_id.uuid())
    }

    fn share(&self) -> Option<Share> {
        // What nobody in particular asked for, as an import, is one owner too.
        Some(Share { owner: self.owner.unwrap_or(uuid::Uuid::nil()), cost: self.cost })
    }

    fn dedupe_key(&self) -> Option<String> {
        Some(format!("prepare:{}:{}", self.version_id, self.source))
    }

    async fn run(self, app: App, run: Run) -> Result<(), JobError> {
        let Some(work) = steps::begin(&app, &run, &self).await? else { return Ok(()) };
        match work.perform().await {
            Ok(()) => Ok(()),
            Err(Ended::Refused(refused)) => Ok(steps::refuse(&work, refused).await?),
            Err(Ended::Stopped) => Err(JobError::Stopped),
            Err(Ended::Caged(trouble)) => {
                steps::note_trouble(&work, &trouble).await?;
                let sentence = trouble.to_string();
                Err(if trouble.is_crash() {
                    JobError::Crash(sentence)
                } else {
                    JobError::Retry(trouble.into())
                })
            }
            Err(Ended::Other(why)) => Err(why.into()),
        }
    }

    async fn buried(self, app: App, _reason: String) -> anyhow::Result<()> {
        steps::give_up(&app, self.version_id).await
    }
}

/// Why a file was not taken, with the checks that said so.
struct Refused {
    reason: media::Reason,
    shown: Shown,
    probe: String,
}

enum Ended {
    Refused(Box<Refused>),
    Stopped,
    Caged(CageError),
    Other(anyhow::Error),
}

impl Ended {
    /// What the checks measured before stays known when the file is refused later: a cut needs its length.
    fn knowing(self, facts: &media::ProbeReport) -> Self {
        match (self, serde_json::to_string(facts)) {
            (Self::Refused(refused), Ok(probe)) => Self::Refused(Box::new(Refused { probe, ..*refused })),
            (other, _) => other,
        }
    }
}

impl<E: Into<anyhow::Error>> From<E> for Ended {
    fn from(error: E) -> Self {
        Self::Other(error.into())
    }
}

/// One run on one version.
struct Work {
    app: App,
    run: Run,
    clip: Clip,
    version: Version,
    original: BlobKey,
}

impl Work {
    async fn perform(&self) -> Result<(), Ended> {
        if store_results::take_over_twin(self).await? {
            return Ok(());
        }
        let inbox = self.app.cage.job_folder()?;
        let input = inbox.path().join("original");
        self.app.store.fetch_to_file(self.original, &input).await.context("fetching an original")?;
        if self.clip.kind.is_still() {
            return self.make_still(input).await;
        }
        let limits = self.limits().await?;
        let of_whole = match self.version.trim {
            Some(_) => limits.clone().of_whole_behind_a_cut(),
            None => limits.clone(),
        };
        let facts = self.probe(input.clone(), of_whole).await?;
        steps::start_encoding(self, &facts).await?;
        let folder = self.app.cage.job_folder()?;
        let options = TranscodeOptions {
            intake: Intake::Staff,
            checks: Checks::Reported,
            limits,
            trim: self.version.trim,
        };
        let order = Order {
            operation: Operation::Transcode(options),
            input,
            out_dir: folder.path().to_owned(),
            clip_ms: facts.video.as_ref().map(|video| video.duration_ms),
        };
        let encoded = self.caged(order, PROBE_SHARE, ENCODED_AT).await;
        match encoded.map_err(|ended| ended.knowing(&facts))? {
            Outcome::Transcoded(result) => {
                // Of a cut only now is known how the part does; the whole was checked before.
                if let Some(reason) = self.version.trim.and_then(|_| media::blocking_reason(&result.checks)) {
                    return Err(self.refused(reason, &result.checks, &facts, folder.path()).await?);
                }
                Ok(store_results::of_video(self, &facts, &result, folder.path()).await?)
            }
            other => Err(unexpected(&other)),
        }
    }

    async fn probe(&self, input: PathBuf, limits: Thresholds) -> Result<media::ProbeReport, Ended> {
        let folder = self.app.cage.job_folder()?;
        let operation = Operation::Probe { intake: Intake::Staff, checks: Checks::Enforced, limits };
        let order = Order { operation, input, out_dir: folder.path().to_owned(), clip_ms: None };
        let report = match self.caged(order, 0, PROBE_SHARE).await? {
            Outcome::Probe(report) => report,
            other => return Err(unexpected(&other)),
        };
        match report.reason.clone() {
            None => Ok(*report),
            Some(reason) => Err(self.refused(reason, &report.checks, &report, folder.path()).await?),
        }
    }

    /// A file that is not taken, with the pictures that explain why.
    async fn refused(
        &self,
        reason: media::Reason,
        checks: &[media::Finding],
        facts: &media::ProbeReport,
        folder: &Path,
    ) -> anyhow::Result<Ended> {
        let probe = serde_json::to_string(facts)?;
        let shown = pictures::check_pictures(self, checks, folder).await?;
        Ok(Ended::Refused(Box::new(Refused { reason, shown, probe })))
    }

    async fn make_still(&self, input: PathBuf) -> Result<(), Ended> {
        let folder = self.app.cage.job_folder()?;
        let out_dir = folder.path().to_owned();
        let order = Order { operation: Operation::Still, input, out_dir, clip_ms: None };
        steps::start_still(self).await?;
        match self.caged(order, PROBE_SHARE, ENCODED_AT).await? {
            Outcome::Still(still) => Ok(store_results::of_still(self, &still, folder.path()).await?),
            other => Err(unexpected(&other)),
        }
    }

    /// Lengths are judged by the kind of clip, sharpness by the house's own clips (`reference/deaf-users.md` 1.1).
    async fn limits(&self) -> anyhow::Result<Thresholds> {
        let config = &self.app.config;
        let length = match self.clip.kind {
            ClipKind::Awareness | ClipKind::Safety => config.clip_lengths.awareness,
            ClipKind::SignedTitle | ClipKind::GlossaryTerm => config.clip_lengths.title,
            ClipKind::Answer | ClipKind::Announcement | ClipKind::Graphic | ClipKind::Correction => {
                config.clip_lengths.answer
            }
        };
        let sharpness_floor = house::sharpness_floor(&mut self.app.db.read().await?).await?;
        Ok(Thresholds { length, sharpness_floor, ..config.upload_checks.clone() })
    }

    /// Runs one child and shows its progress between two marks of the bar.
    async fn caged(&self, order: Order, from: i64, to: i64) -> Result<Outcome, Ended> {
        let (tell, told) = watch::channel(None);
        let (show, shown) = tokio::sync::mpsc::unbounded_channel();
        let on_news = move |news: News| match news {
            News::Progress(progress) => drop(tell.send_replace(Some(progress))),
            // Nobody listens when the job was lost; then the rendition is nobody's either.
            News::Ready(rendition) => drop(show.send(rendition)),
        };
        let folder = order.out_dir.clone();
        let work = self.app.cage.run(order, on_news, self.run.stop().clone());
        let ended = tokio::select! {
            ended = work => ended,
            lost = self.report(told, from, to) => return Err(lost.into()),
            lost = self.show_early(shown, &folder) => return Err(lost.into()),
        };
        ended.map_err(|trouble| match trouble {
            CageError::Refused(reason) => {
                Ended::Refused(Box::new(Refused { reason, shown: Shown::default(), probe: "{}".to_owned() }))
            }
            CageError::Cancelled => Ended::Stopped,
            other => Ended::Caged(other),
        })
    }

    /// Stores each rendition that is finished before the others, so that it can be watched at once; returns only when
    /// the job is no longer ours.
    async fn show_early(
        &self,
        mut shown: tokio::sync::mpsc::UnboundedReceiver<media::Rendition>,
        folder: &Path,
    ) -> anyhow::Error {
        while let Some(rendition) = shown.recv().await {
            if let Err(lost) = store_results::of_early_rendition(self, &rendition, folder).await {
                return lost;
            }
        }
        std::future::pending().await
    }

    /// Writes progress once a second at most; returns only when the job is no longer ours.
    async fn report(&self, mut told: watch::Receiver<Option<Told>>, from: i64, to: i64) -> anyhow::Error {
        loop {
            if told.changed().await.is_err() {
                return std::future::pending().await;
            }
            let Some(progress) = *told.borrow_and_update() else { continue };
            let done = from + (to - from) * i64::from(progress.percent) / 100;
            if let Err(lost) = steps::show_progress(self, done, left_in_all(progress, from, to)).await {
                return lost;
            }
            tokio::time::sleep(REPORT_EVERY).await;
        }
    }
}

/// Milliseconds until everything is stored: what is left of one child's work, and what comes after it by the shares of
/// the bar.
fn left_in_all(child: Told, from: i64, to: i64) -> Option<u64> {
    let left_ms = child.left_ms?;
    let all_of_child = (child.spent_ms + left_ms) as f64;
    let after_it = all_of_child * (1000 - to) as f64 / (to - from).max(1) as f64;
    Some(left_ms + after_it as u64)
}

fn unexpected(outcome: &Outcome) -> Ended {
    let what = match outcome {
        Outcome::Probe(_) => "a probe",
        Outcome::Transcoded(_) => "a transcode",
        Outcome::Still(_) => "a still",
        Outcome::Package(_) => "a package",
        Outcome::Walls(_) => "a test of the cage",
    };
    Ended::Other(anyhow::anyhow!("the media job answered with {what}"))
}

/// Where the processing of a version stands, for pages that ask often.
#[derive(Debug, Clone, serde::Serialize, utoipa::ToSchema)]
pub struct MediaProgress {
    /// One of the words of [`super::MediaState`].
    pub state: super::MediaState,
    /// Thousandths done.
    pub progress: i64,
    /// Estimated milliseconds left.
    pub eta_ms: Option<i64>,
    /// Why it was refused or failed.
    pub error: Option<super::MediaError>,
    /// When the version last changed its state.
    pub since: Millis,
    /// Estimated milliseconds until it begins, while it waits.
    pub starts_in_ms: Option<i64>,
    /// Sizes that can be watched already.
    pub watchable: usize,
}

/// Where the processing of a version stands.
pub async fn media_progress(
    conn: &mut impl crate::db::Conn,
    id: VersionId,
    workers: usize,
) -> sqlx::Result<Option<MediaProgress>> {
    let Some(version) = version(conn, id).await? else { return Ok(None) };
    Ok(Some(MediaProgress {
        state: version.media.state,
        progress: version.media.progress,
        eta_ms: version.media.eta_ms,
        error: version.media.error,
        since: version.state_since,
        starts_in_ms: jobs::starts_in(conn, Queue::Media, id.uuid(), workers).await?,
        watchable: super::renditions(conn, id).await?.len(),
    }))
}

/// The clip of a version, while both are there.
async fn clip_of(conn: &mut impl crate::db::Conn, id: VersionId) -> anyhow::Result<Option<(Clip, Version)>> {
    let Some(version) = version(conn, id).await? else { return Ok(None) };
    let clip = clip(conn, version.clip_id).await?;
    Ok(clip.map(|clip| (clip, version)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_left_counts_what_comes_after_the_checks() {
        let told = |left_ms| Told { percent: 50, spent_ms: 3_000, left_ms, clip_ms: 30_000 };
        // Six seconds of checks are 150 of 1000; 850 follow.
        assert_eq!(left_in_all(told(Some(3_000)), 0, PROBE_SHARE), Some(37_000));
        assert_eq!(left_in_all(told(None), 0, PROBE_SHARE), None);
    }
}

//! The parent's side of the media cage: starts the caged child, listens to it with suspicion, and ends it in time.
//!
//! Everything FFmpeg does to a stranger's file happens in that child (`ishara media-job`, see `media::job`). The child
//! ties its life to the thread that started it, so each job has a thread of its own here that lives as long as the job.

mod child;
mod files;
mod trouble;

pub use media::cage::{Layer, WallTest, Walls};
pub use media::job::{KnownHoles, Operation, Outcome, Progress};
pub use trouble::CageError;

use anyhow::Context;
use media::cage::Limits;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Where caged children come from.
#[derive(Debug, Clone)]
pub struct Cage {
    /// The `ishara` program itself.
    program: PathBuf,
    /// Orders wait here while their child starts.
    scratch_root: PathBuf,
    stall: Duration,
    known_holes: KnownHoles,
}

/// What a child tells while it works.
#[derive(Debug, Clone, PartialEq)]
pub enum News {
    /// How far it is.
    Progress(Progress),
    /// A rendition that can be watched already; its file is in the order's output folder.
    Ready(media::Rendition),
}

/// A child that says nothing for this long hangs (reliability.md, C6).
const STALL: Duration = Duration::from_secs(30);

/// One piece of work for a child.
#[derive(Debug, Clone)]
pub struct Order {
    pub operation: Operation,
    /// The only file the child can read.
    pub input: PathBuf,
    /// The only folder the child can write; it exists, is empty and belongs to this job.
    pub out_dir: PathBuf,
    /// The clip's length where an earlier probe told it; bounds processor time from the start.
    pub clip_ms: Option<u64>,
}

/// Seconds of processor time for a clip of unknown length: enough for the longest that is accepted at all.
const UNKNOWN_LENGTH_WALL_S: u64 = 1800;

impl Cage {
    /// A cage whose children are `program media-job`. `scratch_root` is created if it is missing.
    ///
    /// # Errors
    /// When the scratch folder cannot be made.
    pub fn new(program: impl Into<PathBuf>, scratch_root: impl Into<PathBuf>) -> anyhow::Result<Self> {
        let scratch_root = scratch_root.into();
        std::fs::create_dir_all(&scratch_root).context("cannot make the scratch folder for media jobs")?;
        Ok(Cage { program: program.into(), scratch_root, stall: STALL, known_holes: KnownHoles::Refuse })
    }

    /// A cage whose children are this running program.
    pub fn of_this_program(scratch_root: impl Into<PathBuf>) -> anyhow::Result<Self> {
        Cage::new(std::env::current_exe().context("cannot find this program")?, scratch_root)
    }

    /// The same cage, with another limit for silence.
    pub fn with_stall_limit(self, stall: Duration) -> Self {
        Cage { stall, ..self }
    }

    /// The same cage, working also with an FFmpeg that has a known hole.
    pub fn with_known_holes(self, known_holes: KnownHoles) -> Self {
        Cage { known_holes, ..self }
    }

    /// A new empty folder for one job's output; gone when dropped.
    pub fn job_folder(&self) -> anyhow::Result<tempfile::TempDir> {
        tempfile::Builder::new()
            .prefix("job-")
            .tempdir_in(&self.scratch_root)
            .context("cannot make a job folder")
    }

    /// Runs one order to its end. Cancelling the token, or dropping the future, kills the child within a second.
    ///
    /// # Errors
    /// [`CageError`] says whether the file was refused, the work failed or crashed, time ran out, or someone cancelled.
    pub async fn run(
        &self,
        order: Order,
        on_news: impl FnMut(News) + Send + 'static,
        cancel: CancellationToken,
    ) -> Result<Outcome, CageError> {
        let stop = cancel.child_token();
        let _ends_with_this_future = stop.clone().drop_guard();
        let spec = order.into_spec(self.known_holes)?;
        let (program, scratch) = (self.program.clone(), self.scratch_root.clone());
        let patience = child::Patience { stop, stall: self.stall };
        let (tell, told) = tokio::sync::oneshot::channel();
        let supervise = move || {
            let ended = child::supervise(&program, &scratch, &spec, on_news, &patience);
            // Nobody listens when the future was dropped; the child is dead by then, which is all that matters.
            let _ = tell.send(ended);
        };
        std::thread::Builder::new()
            .name("media-job".to_owned())
            .spawn(supervise)
            .context("cannot start a thread for a media job")?;
        told.await.map_err(|_| anyhow::anyhow!("the thread of a media job ended without an answer"))?
    }

    /// Puts a child into the cage and lets it push against every wall: which layers this kernel gives, and whether
    /// they hold. For `/readyz`.
    ///
    /// # Errors
    /// When no child can be started at all.
    pub async fn cage_layers(&self) -> Result<Walls, CageError> {
        let folder = self.job_folder()?;
        let listener =
            std::net::TcpListener::bind(("127.0.0.1", 0)).context("cannot listen for the cage test")?;
        let listening = listener.local_addr().context("cannot read the address of the cage test")?.port();
        let test = WallTest {
            readable_outside: self.program.clone(),
            writable_outside: self.scratch_root.clone(),
            listening,
            program: self.program.clone(),
            stay_ms: 0,
        };
        let input = folder.path().join("order");
        std::fs::write(&input, b"-").context("cannot write the cage test's order")?;
        let order = Order {
            operation: Operation::TestWalls(test),
            input,
            out_dir: folder.path().to_owned(),
            clip_ms: Some(0),
        };
        match self.run(order, |_| {}, CancellationToken::new()).await? {
            Outcome::Walls(walls) => Ok(walls),
            Outcome::Probe(_) | Outcome::Transcoded(_) | Outcome::Still(_) | Outcome::Package(_) => {
                Err(anyhow::anyhow!("the child answered another question").into())
            }
        }
    }
}

impl Order {
    fn into_spec(self, known_holes: KnownHoles) -> anyhow::Result<media::job::JobSpec> {
        let absolute =
            |path: &Path| std::fs::canonicalize(path).context("cannot find a file of the media job");
        let wall_s = self.clip_ms.map_or(UNKNOWN_LENGTH_WALL_S, |clip_ms| child::deadline(clip_ms).as_secs());
        Ok(media::job::JobSpec {
            input: absolute(&self.input)?,
            out_dir: absolute(&self.out_dir)?,
            operation: self.operation,
            known_holes,
            limits: Limits::for_wall_seconds(wall_s),
            parent: std::process::id(),
        })
    }
}

//! The caged child: reads its order, enters the cage, works, and tells the parent in JSON lines. Parent and child share
//! these types; the parent treats every line as a stranger's, as the child may have been taken over.

use crate::cage::{self, Layer, Limits};
use crate::container::Intake;
use crate::facts::ProbeReport;
use crate::package::{self, PackagePlan, PackageResult};
use crate::probe::Step;
use crate::quality::Thresholds;
use crate::refusal::{MediaError, Reason};
use crate::result::{MediaResult, Rendition};
use crate::still::{self, StillResult};
use crate::transcode::{self, Checks, TranscodeOptions, blocking_reason};
use serde::{Deserialize, Serialize};
use std::io::Write;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// One order for one child: read this file, write only below this folder.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JobSpec {
    pub operation: Operation,
    pub input: PathBuf,
    /// Exists and belongs to this job alone.
    pub out_dir: PathBuf,
    pub limits: Limits,
    /// What to do where this FFmpeg has a known hole in a decoder that we use.
    #[serde(default)]
    pub known_holes: KnownHoles,
    /// The process that must stay alive for this work to make sense.
    pub parent: u32,
}

/// Whether an FFmpeg with a known hole may work: an administrator can decide so while a repaired one is on its way.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KnownHoles {
    #[default]
    Refuse,
    Accept,
}

/// What a job can do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "do")]
pub enum Operation {
    /// Facts and checks; with enforced checks a blocking finding turns the report into a refusal.
    Probe {
        intake: Intake,
        checks: Checks,
        limits: Thresholds,
    },
    Transcode(TranscodeOptions),
    /// A copy of a finished rendition for channels; captions and fonts are in the job folder.
    Package(PackagePlan),
    /// A graphic or a replaced poster: JPEG, PNG or WebP to stripped JPEGs.
    Still,
    /// Touches every wall from inside and reports which held: for readiness and for the cage's own test.
    TestWalls(cage::WallTest),
}

/// What a job made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Probe(Box<ProbeReport>),
    Transcoded(Box<MediaResult>),
    Still(StillResult),
    Package(PackageResult),
    Walls(cage::Walls),
}

/// How far a job is.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Progress {
    /// 0 to 100, never falling.
    pub percent: u8,
    /// Since the job began.
    pub spent_ms: u64,
    /// Work left at the present speed, once that is known.
    pub left_ms: Option<u64>,
    /// How long the clip is; deadlines follow from it.
    pub clip_ms: u64,
}

/// One line from child to parent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Line {
    Caged {
        layers: Vec<Layer>,
    },
    Progress(Progress),
    /// This rendition is finished and can be watched while the others are made.
    Ready(Rendition),
    Done(Outcome),
    Refused(Reason),
    Failed {
        sentence: String,
    },
}

/// Exit codes of the child, as of the command line.
pub const DONE: u8 = 0;
pub const REFUSED: u8 = 3;
pub const FAILED: u8 = 4;

/// Progress is told when it moved by a per cent, and at least this often as a sign of life.
const SIGN_OF_LIFE: Duration = Duration::from_secs(2);

/// Runs the order in `spec_path` and returns the exit code. Must be called before any other thread exists.
pub fn run(spec_path: &Path) -> u8 {
    match obey(spec_path) {
        Ok(outcome) => tell(&Line::Done(outcome), DONE),
        Err(MediaError::Refused(reason)) => tell(&Line::Refused(reason), REFUSED),
        Err(MediaError::Cancelled) => tell(&Line::Failed { sentence: "cancelled".to_owned() }, FAILED),
        Err(MediaError::Failed(error)) => tell(&Line::Failed { sentence: format!("{error:#}") }, FAILED),
    }
}

fn obey(spec_path: &Path) -> Result<Outcome, MediaError> {
    let text = std::fs::read(spec_path)?;
    let spec: JobSpec = serde_json::from_slice(&text).map_err(anyhow::Error::from)?;
    let advisory = crate::codecs::standing_advisory(&crate::ffmpeg_version());
    if let (Some(advisory), KnownHoles::Refuse) = (advisory, spec.known_holes) {
        return Err(anyhow::anyhow!("this FFmpeg has a known hole ({advisory}) and must be updated").into());
    }
    let layers = cage::enter(&spec)?;
    tell(&Line::Caged { layers: layers.clone() }, DONE);
    perform(&spec, layers)
}

fn perform(spec: &JobSpec, layers: Vec<Layer>) -> Result<Outcome, MediaError> {
    let mut teller = Teller::new();
    let mut on_progress = |step: Step| teller.note(step);
    match &spec.operation {
        Operation::Probe { intake, checks, limits } => {
            let out_dir = Some(spec.out_dir.as_path());
            let probed = crate::probe::probe(&spec.input, out_dir, *intake, limits, &mut on_progress);
            judged(probed, *checks).map(|report| Outcome::Probe(Box::new(report)))
        }
        Operation::Transcode(options) => {
            let mut on_ready = |rendition: &Rendition| {
                tell(&Line::Ready(rendition.clone()), DONE);
            };
            let (input, out_dir) = (&spec.input, &spec.out_dir);
            let result = transcode::transcode(input, out_dir, options, &mut on_progress, &mut on_ready)?;
            Ok(Outcome::Transcoded(Box::new(result)))
        }
        Operation::Package(plan) => {
            let made = package::make(&spec.input, &spec.out_dir, plan, &mut on_progress)?;
            Ok(Outcome::Package(made))
        }
        Operation::Still => still::make(&spec.input, &spec.out_dir).map(Outcome::Still),
        Operation::TestWalls(test) => Ok(Outcome::Walls(test.run(layers))),
    }
}

/// A probe always answers with a report; what is refused is said inside it.
fn judged(probed: Result<ProbeReport, MediaError>, checks: Checks) -> Result<ProbeReport, MediaError> {
    let mut report = match probed {
        Err(MediaError::Refused(reason)) => return Ok(ProbeReport::refused(reason)),
        other => other?,
    };
    report.reason = if checks == Checks::Enforced { blocking_reason(&report.checks) } else { None };
    report.accepted = report.reason.is_none();
    Ok(report)
}

/// Turns shares of work into few lines with a time left.
struct Teller {
    began: Instant,
    told: Instant,
    percent: Option<u8>,
}

impl Teller {
    fn new() -> Self {
        let now = Instant::now();
        Teller { began: now, told: now, percent: None }
    }

    fn note(&mut self, step: Step) -> ControlFlow<()> {
        let share = step.share;
        // The last per cent is for the pictures and the examination after the last frame.
        let percent = ((share * 99.0) as u8).max(self.percent.unwrap_or(0));
        if Some(percent) > self.percent || self.told.elapsed() > SIGN_OF_LIFE {
            (self.percent, self.told) = (Some(percent), Instant::now());
            let spent_ms = self.began.elapsed().as_millis() as u64;
            let left_ms = (share > 0.02).then(|| (spent_ms as f64 / share * (1.0 - share)) as u64);
            let clip_ms = (step.clip_us / 1000).unsigned_abs();
            tell(&Line::Progress(Progress { percent, spent_ms, left_ms, clip_ms }), DONE);
        }
        ControlFlow::Continue(())
    }
}

/// Writes one line; a parent that no longer listens is about to end us anyway.
fn tell(line: &Line, code: u8) -> u8 {
    let Ok(mut text) = serde_json::to_string(line) else { return FAILED };
    text.push('\n');
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    code
}

//! Everything Ishara does with FFmpeg and pictures: probe, upload checks, transcode, pictures, and the cage it all runs
//! in. Pure and blocking: no async runtime, no database, no network.
//!
//! A stranger's file is only ever opened inside a caged child process (`cage`, `job`); the parent side that starts and
//! watches that child lives in the main program.

mod av;
mod cadence;
pub mod cage;
pub mod codecs;
pub mod container;
mod counted;
mod cut_off;
mod exhibits;
mod faces;
pub mod facts;
mod fields;
mod filters;
mod flashes;
pub mod geometry;
pub mod job;
mod ladder;
mod looks;
mod messages;
mod motion;
pub mod package;
mod probe;
pub mod quality;
mod reel;
mod refusal;
pub mod result;
mod scan;
mod source;
mod splice;
pub mod still;
mod timing;
mod transcode;

pub use container::Intake;
pub use facts::{AudioFacts, ProbeReport, VideoFacts};
pub use ladder::RungName;
pub use motion::Trim;
pub use probe::{OnProgress, Step, probe};
pub use quality::{Finding, LengthRule, Level, Thresholds};
pub use refusal::{MediaError, Reason, Refusal};
pub use result::{Card, MediaResult, PosterCandidate, Rendition, StoryboardMap, StreamFile};
pub use transcode::{Checks, OnReady, TranscodeOptions, blocking_reason, transcode};

/// The version of the FFmpeg libraries in use.
pub fn ffmpeg_version() -> String {
    av::version()
}

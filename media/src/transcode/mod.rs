//! One decode, one filter graph, every rendition. Posters, storyboard and upload checks look at the same pictures on
//! their way to the encoders.

mod pictures;
mod preview;
mod qc;
mod rendition;
mod sound;
mod stage;

use crate::container::Intake;
use crate::facts::VideoFacts;
use crate::probe::{self, OnProgress, Step};
use crate::quality::{self, Evidence, Finding, Level, Thresholds};
use crate::reel::{self, Clock, Hear, Tally};
use crate::refusal::{MediaError, Reason, Refusal};
use crate::result::MediaResult;
use crate::scan::{self, Scan};
use crate::source::Source;
use crate::timing::Timeline;
pub(crate) use pictures::{card, jpeg};
use serde::{Deserialize, Serialize};
use stage::Stage;
use std::path::Path;

/// Whether a finding at level "block" refuses the clip or is only reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Checks {
    Enforced,
    Reported,
}

/// How a clip is to be transcoded.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TranscodeOptions {
    pub intake: Intake,
    pub checks: Checks,
    #[serde(default)]
    pub limits: Thresholds,
}

/// The x264 preset. Measured on signing clips and on 1080p phone video, two cores: `scripts/bench media`; the next
/// slower one costs half as much again for a few per cent of the bits.
pub(crate) const PRESET: &str = "veryfast";

/// Makes all renditions and pictures of a clip in `out_dir`, which exists and is empty, and writes `result.json` there.
///
/// # Errors
/// `Refused` for a file that is not taken (with enforced checks also for a blocking finding), `Cancelled`, `Failed`.
pub fn transcode(
    path: &Path,
    out_dir: &Path,
    options: &TranscodeOptions,
    on_progress: OnProgress<'_>,
) -> Result<MediaResult, MediaError> {
    if options.checks == Checks::Enforced {
        refuse_blocked(path, options, on_progress)?;
    }
    let mut source = Source::open(path, options.intake)?;
    let scan = scan::scan(&mut source, options.limits.silence_db)?;
    let mut source = Source::open(path, options.intake)?;
    let hear =
        if scan.audio.as_ref().is_some_and(|audio| audio.audible) { Hear::Sound } else { Hear::PictureOnly };
    let mut stage = Stage::new(&source, &scan, hear, out_dir, on_progress)?;
    let clock = Clock::new(scan.origin_us, scan.timeline.usual_gap());
    let tally = reel::play(&mut source, hear, 2, clock, &mut stage)?;
    if tally.pictures < 2 {
        return Err(if tally.pictures == 0 { Refusal::Undecodable } else { Refusal::StillPicture }.into());
    }
    let shown = stage.finish()?;
    let result = assemble(&source, &scan, options, tally, shown, out_dir)?;
    write_result(&result, out_dir)?;
    Ok(result)
}

/// The first blocking finding is the reason.
pub fn blocking_reason(checks: &[Finding]) -> Option<Reason> {
    let block = checks.iter().find(|finding| finding.level == Level::Block)?;
    let (message_ar, message_en) = (block.message_ar.clone(), block.message_en.clone());
    Some(Reason { code: block.code.clone(), message_ar, message_en })
}

fn refuse_blocked(
    path: &Path,
    options: &TranscodeOptions,
    on_progress: OnProgress<'_>,
) -> Result<(), MediaError> {
    // The studio probes before it transcodes, so this second decode happens on the command line only.
    let report = probe::probe(path, options.intake, &options.limits, &mut |step| {
        on_progress(Step { share: 0.0, ..step })
    })?;
    blocking_reason(&report.checks).map_or(Ok(()), |reason| Err(MediaError::Refused(reason)))
}

fn assemble(
    source: &Source,
    scan: &Scan,
    options: &TranscodeOptions,
    tally: Tally,
    shown: stage::Shown,
    out_dir: &Path,
) -> Result<MediaResult, MediaError> {
    let timeline = Timeline::new(shown.times, scan.timeline.last_duration());
    let mut video: VideoFacts = probe::picture_facts(source, &shown.first, &timeline, &shown.seen);
    (video.frames, video.damaged) = (tally.pictures, tally.damaged);
    let evidence =
        Evidence { video: &video, audio: scan.audio.as_ref(), timeline: &timeline, seen: &shown.seen };
    let checks = quality::check(&evidence, &options.limits);
    let pictures = shown.pictures.save(out_dir, video.duration_ms)?;
    let renditions =
        shown.renditions.iter().map(|made| qc::examine(made, out_dir)).collect::<Result<Vec<_>, _>>()?;
    let smallest = renditions.first().ok_or_else(|| anyhow::anyhow!("no rendition was made"))?;
    let preview = preview::cut(&out_dir.join(&smallest.file), out_dir)?;
    Ok(MediaResult {
        state: "ready".to_owned(),
        progress: 100,
        duration_ms: smallest.duration_ms,
        poster: pictures.poster,
        poster_small: pictures.poster_small,
        poster_candidates: pictures.candidates,
        preview,
        storyboard: pictures.storyboard,
        storyboard_vtt: pictures.storyboard_vtt,
        storyboard_map: pictures.map,
        checks,
        duplicated: shown.duplicated,
        dropped: shown.dropped,
        audio: shown.audio,
        container: source.container.name().to_owned(),
        source: video,
        renditions,
    })
}

fn write_result(result: &MediaResult, out_dir: &Path) -> Result<(), MediaError> {
    let text = serde_json::to_vec_pretty(result).map_err(anyhow::Error::from)?;
    std::fs::write(out_dir.join("result.json"), text)?;
    Ok(())
}

/// The file name of a rendition: its place in the ladder and its short side.
pub(crate) fn rendition_file(rendition: &crate::ladder::Rung) -> String {
    format!("{}-{}.mp4", rendition.name.word(), rendition.size.short_side())
}

/// A finished rendition before it is examined.
pub(crate) type Made = rendition::Made;

//! From one clip to all its renditions. The first pass decodes the clip for the smallest rendition, so that it can be
//! watched at once, and for everything that is looked at: upload checks, posters, storyboard. The second pass decodes
//! once more for all other sizes together. Where the other sizes are made in a few seconds, one pass makes them all.

pub(crate) mod cards;
mod likeness;
mod pictures;
mod preview;
mod qc;
mod rendition;
mod sound;
mod stage;
mod stream;
mod usual;
mod watch;

use crate::container::Intake;
use crate::exhibits::Exhibits;
use crate::facts::VideoFacts;
use crate::fields;
use crate::ladder::RungName;
use crate::looks;
use crate::motion::Trim;
use crate::probe::{self, OnProgress, Step};
use crate::quality::{self, Evidence, Finding, Level, Thresholds};
use crate::reel::{self, Clock, Hear, Tally};
use crate::refusal::{MediaError, Reason, Refusal};
use crate::result::{MediaResult, Rendition};
use crate::scan;
use crate::source::Source;
use crate::timing::Timeline;
use pictures::Saved;
pub(crate) use pictures::{jpeg, rgb, shrunk, to_rgb};
use qc::Examined;
pub(crate) use rendition::{Effort, Piece, Plan, Worker};
use serde::{Deserialize, Serialize};
pub(crate) use sound::Sound;
use stage::{Clip, Onlooker, Share, Shown, Stage};
use std::ops::ControlFlow;
use std::path::Path;
use std::thread::ScopedJoinHandle;
use std::time::{Duration, Instant};
use watch::{Closed, Watch};

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
    /// Only this part, where a person asked for it.
    #[serde(default)]
    pub trim: Option<Trim>,
}

/// The x264 preset, chosen by `scripts/bench preset` on signing at 360 and 720 lines: at equal similarity it needs at most
/// 5 % more bits than `medium` for two thirds of the processor time; one step faster costs 57 % more bits.
pub(crate) const PRESET: &str = "veryfast";

/// Below this mean structural similarity with the source a rendition is made once more with more effort, and what still
/// looks so is reported: only picture noise costs that much.
const LIKENESS_FLOOR: f64 = 0.80;

/// Whoever wants to know that a rendition can be watched.
pub type OnReady<'a> = &'a mut dyn FnMut(&Rendition);

/// Makes all renditions and pictures of a clip in `out_dir`, which exists and is empty, and writes `result.json` there.
/// `on_ready` hears of the smallest rendition as soon as it is finished and examined.
///
/// # Errors
/// `Refused` for a file that is not taken (with enforced checks also for a blocking finding), `Cancelled`, `Failed`.
pub fn transcode(
    path: &Path,
    out_dir: &Path,
    options: &TranscodeOptions,
    on_progress: OnProgress<'_>,
    on_ready: OnReady<'_>,
) -> Result<MediaResult, MediaError> {
    let checked = match options.checks {
        Checks::Enforced => {
            let mut checking = |step: Step| on_progress(Step { share: CHECKS_WEIGHT * step.share, ..step });
            refuse_blocked(path, options, &mut checking)?;
            CHECKS_WEIGHT
        }
        Checks::Reported => 0.0,
    };
    let on_progress: OnProgress<'_> =
        &mut |step: Step| on_progress(Step { share: checked + (1.0 - checked) * step.share, ..step });
    let mut source = Source::open(path, options.intake)?;
    let scan = scan::scan(&mut source, options.limits.silence_db)?;
    let fields = fields::survey(path, options.intake, &scan, &source)?;
    let scan = options.trim.map_or(Ok(scan.clone()), |trim| scan.trimmed(trim))?;
    let clip = Clip::new(&source, &scan, fields, out_dir);
    let mut sound = match &source.audio {
        Some(audio) if scan.is_audible() => {
            Some(Sound::new(audio.time_base, scan.origin_us, scan.timeline.duration_us())?)
        }
        Some(_) | None => None,
    };
    let mut work = Work { path, options, clip: &clip, sound: sound.as_mut(), done: 0.0, on_progress };
    let mut watch = Watch::new(clip.length_us());
    let quick = other_sizes_are_quick(&source, &scan);
    let Passed { tally, mut first, mut renditions, made } = work.passes(quick, &mut watch, on_ready)?;
    let Watch { looks, exhibits, album, spent } = watch;
    let timeline = Timeline::new(std::mem::take(&mut first.times), scan.timeline.last_duration());
    // Pictures are written while the files are examined: one core would idle during either.
    let (examined, saved) = std::thread::scope(|scope| {
        let saving = scope.spawn(|| album.save(out_dir, timeline.duration_ms()));
        (work.examined(made), saving.join())
    });
    renditions.extend(examined?);
    if quick {
        renditions.first().into_iter().for_each(on_ready);
    }
    let mut pictures = saved.map_err(|_| panicked())??;
    pictures.spent += spent;
    let looks = looks.finish(first.end_us);
    let seen = Seen { tally, first, timeline, looks, exhibits, pictures, renditions };
    let result = assemble(&source, &clip, options, seen)?;
    if options.checks == Checks::Enforced
        && let Some(reason) = blocking_reason(&result.checks)
    {
        return Err(MediaError::Refused(reason));
    }
    write_result(&result, out_dir)?;
    Ok(result)
}

/// With this many pixels in all of a clip's pictures the other sizes are there some five seconds of two processor cores
/// later; nobody gains from having the smallest size earlier, and a second decode would cost more.
const QUICK_PIXELS: f64 = 2.5e8;

fn other_sizes_are_quick(source: &Source, scan: &scan::Scan) -> bool {
    let pixels = f64::from(source.video.width) * f64::from(source.video.height);
    pixels * scan.timeline.frames() as f64 <= QUICK_PIXELS
}

/// Which part of the work the checks beforehand are: `scripts/bench media` finds 0.15 of what follows.
const CHECKS_WEIGHT: f64 = 0.13;

/// Which part of the work the first pass is: one decode and the smallest encode of four.
const FIRST_WEIGHT: f64 = 0.25;

/// The passes over one clip.
struct Work<'a, 'p> {
    path: &'a Path,
    options: &'a TranscodeOptions,
    clip: &'a Clip<'a>,
    sound: Option<&'a mut Sound>,
    done: f64,
    on_progress: OnProgress<'p>,
}

impl Work<'_, '_> {
    /// All sizes in one pass, or the smallest first and examined, then the others.
    fn passes(
        &mut self,
        quick: bool,
        watch: &mut Watch,
        on_ready: OnReady<'_>,
    ) -> Result<Passed, MediaError> {
        let (share, weight) = if quick { (Share::Whole, 1.0) } else { (Share::First, FIRST_WEIGHT) };
        let (tally, mut first) = self.pass(share, weight, watch)?;
        if tally.pictures < 2 {
            let refusal = if tally.pictures == 0 { Refusal::Undecodable } else { Refusal::StillPicture };
            return Err(refusal.into());
        }
        let mut made = std::mem::take(&mut first.renditions);
        if quick {
            return Ok(Passed { tally, first, renditions: Vec::new(), made });
        }
        let renditions = self.examined(made)?;
        renditions.first().into_iter().for_each(on_ready);
        made = Vec::new();
        if renditions.len() < self.clip.ladder(&first.first).0.len() {
            made = self.pass(Share::Rest, 1.0 - FIRST_WEIGHT, &mut watch.album)?.1.renditions;
        }
        Ok(Passed { tally, first, renditions, made })
    }

    /// Decodes the clip once for some of its renditions.
    fn pass(
        &mut self,
        share: Share,
        weight: f64,
        onlooker: &mut dyn Onlooker,
    ) -> Result<(Tally, Shown), MediaError> {
        let mut source = Source::open(self.path, self.options.intake)?;
        let hear = match (share, &self.sound) {
            (Share::Whole | Share::First, Some(_)) => Hear::Sound,
            (Share::Whole | Share::First | Share::Rest | Share::Again(..), _) => Hear::PictureOnly,
        };
        let scan = self.clip.scan;
        let clock = Clock::of(scan);
        let done = self.done;
        let on_progress = &mut self.on_progress;
        let mut weighted = |step: Step| on_progress(Step { share: done + weight * step.share, ..step });
        let mut stage = Stage::new(self.clip, share, self.sound.as_deref_mut(), onlooker, &mut weighted);
        let tally = reel::play(&mut source, hear, 2, clock, &mut stage)?;
        let shown = stage.finish()?;
        if let Some(sound) = &mut self.sound {
            sound.rewind();
        }
        self.done += weight;
        Ok((tally, shown))
    }

    /// Examines what one pass made, all at the same time. A rendition that departs from its plan, hardly resembles its
    /// source or goes over its cap is made once more, alone; what departs again is a fault of ours.
    fn examined(&mut self, made: Vec<Made>) -> Result<Vec<Rendition>, MediaError> {
        let out_dir = self.clip.out_dir;
        let names: Vec<RungName> = made.iter().map(|made| made.rung.name).collect();
        let examined: Vec<_> = std::thread::scope(|scope| {
            let examining = |made| scope.spawn(move || qc::examine(&made, out_dir));
            let threads: Vec<_> = made.into_iter().map(examining).collect();
            self.stay_awake_beside(&threads)?;
            Ok::<_, MediaError>(threads.into_iter().map(ScopedJoinHandle::join).collect())
        })?;
        let examined = names.into_iter().zip(examined);
        examined.map(|(name, joined)| self.good_or_again(name, joined.map_err(|_| panicked())?)).collect()
    }

    /// Goes on telling how far the work is, so that reading a long film again is not taken for a standstill.
    fn stay_awake_beside<T>(&mut self, threads: &[ScopedJoinHandle<'_, T>]) -> Result<(), MediaError> {
        while threads.iter().any(|thread| !thread.is_finished()) {
            let step = Step { share: self.done.min(1.0), clip_us: self.clip.decoded_us() };
            if (self.on_progress)(step) == ControlFlow::Break(()) {
                return Err(MediaError::Cancelled);
            }
            std::thread::sleep(BETWEEN_LOOKS);
        }
        Ok(())
    }

    fn good_or_again(
        &mut self,
        name: RungName,
        examined: Result<Examined, MediaError>,
    ) -> Result<Rendition, MediaError> {
        let effort = match examined {
            Ok(Examined { rendition, .. }) if rendition.ssim < LIKENESS_FLOOR => Effort::More,
            Ok(Examined { is_within_cap: false, .. }) => Effort::Less,
            Ok(Examined { rendition, .. }) => return Ok(rendition),
            Err(_) => Effort::Usual,
        };
        let (_, again) = self.pass(Share::Again(name, effort), 0.0, &mut Closed)?;
        let again = again.renditions.first().ok_or_else(|| anyhow::anyhow!("the rung was not made again"))?;
        Ok(qc::examine(again, self.clip.out_dir)?.rendition)
    }
}

/// Short beside any examination; the caller hears of it far less often.
const BETWEEN_LOOKS: Duration = Duration::from_millis(10);

fn panicked() -> MediaError {
    anyhow::anyhow!("a thread that examined or wrote files panicked").into()
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
    // The studio probes before it transcodes, so this further decode happens on the command line only.
    let limits = options.limits.clone();
    let limits = if options.trim.is_some() { limits.of_whole_behind_a_cut() } else { limits };
    let report = probe::probe(path, None, options.intake, &limits, on_progress)?;
    blocking_reason(&report.checks).map_or(Ok(()), |reason| Err(MediaError::Refused(reason)))
}

/// What the passes left: renditions that are examined, and files that are not yet.
struct Passed {
    tally: Tally,
    first: Shown,
    renditions: Vec<Rendition>,
    made: Vec<Made>,
}

/// Everything that was seen and made.
struct Seen {
    tally: Tally,
    first: Shown,
    timeline: Timeline,
    looks: looks::Seen,
    exhibits: Exhibits,
    pictures: Saved,
    renditions: Vec<Rendition>,
}

fn assemble(
    source: &Source,
    clip: &Clip<'_>,
    options: &TranscodeOptions,
    seen: Seen,
) -> Result<MediaResult, MediaError> {
    let Seen { tally, first, timeline, looks, exhibits, pictures, mut renditions } = seen;
    let mut video: VideoFacts = probe::picture_facts(source, &first.first, clip.fields, &timeline, &looks);
    video.frames = if clip.scan.is_trimmed { timeline.frames() as u64 } else { tally.pictures };
    video.damaged = tally.damaged;
    video.patched = tally.patched;
    let audio = clip.scan.audio.as_ref();
    let evidence = Evidence { video: &video, audio, timeline: &timeline, seen: &looks };
    let mut checks = quality::check(&evidence, &options.limits);
    let softest = renditions.iter().map(|made| made.ssim).fold(1.0, f64::min);
    if softest < LIKENESS_FLOOR {
        checks.push(quality::finding("soft_copies", Level::Info, softest));
    }
    if first.dropped > 0 {
        checks.push(quality::finding("pictures_left_out", Level::Info, first.dropped as f64));
    }
    exhibits.attach(&mut checks, clip.out_dir)?;
    let began = Instant::now();
    let smallest = renditions.first().ok_or_else(|| anyhow::anyhow!("no rendition was made"))?;
    let preview = preview::cut(&clip.out_dir.join(&smallest.file), clip.out_dir)?;
    let pictures_ms = (pictures.spent + began.elapsed()).as_millis() as u64;
    let duration_ms = smallest.duration_ms;
    let playlist = stream::add_streams(&mut renditions, clip.out_dir)?;
    Ok(MediaResult {
        state: "ready".to_owned(),
        progress: 100,
        duration_ms,
        poster: pictures.poster,
        poster_small: "poster-small.jpg".to_owned(),
        cards: pictures.cards,
        poster_candidates: pictures.candidates,
        preview,
        storyboard: pictures.storyboard,
        storyboard_vtt: pictures.storyboard_vtt,
        storyboard_map: pictures.map,
        checks,
        trim: looks.movement.trim,
        playlist,
        duplicated: first.duplicated,
        dropped: first.dropped,
        audio: clip.scan.is_audible(),
        pictures_ms,
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

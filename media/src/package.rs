//! A copy of a clip for channels: captions burned in below the picture, where no hand is, a sound track even where the
//! clip is silent (some channels refuse files without one), and a size that is met by construction.

use crate::av::{Frame, Geometry, Pull, VideoGraph};
use crate::container::Intake;
use crate::geometry::Size;
use crate::ladder::{Rung, RungName};
use crate::probe::{OnProgress, Step, planned_rate};
use crate::reel::{self, Audience, Clock, Hear};
use crate::refusal::MediaError;
use crate::scan;
use crate::source::Source;
use crate::transcode::{Effort, Piece, Plan, Sound, Worker};
use anyhow::Context;
use serde::{Deserialize, Serialize};
use std::ops::ControlFlow;
use std::path::Path;

/// The caption file that the parent writes into the job folder, with the fonts beside it.
pub const CAPTIONS: &str = "captions.ass";
/// What the usual channels take at most: 16 MB.
pub const MAX_BYTES: u64 = 16_000_000;
/// Of the limit; the rest is for the index and for what an encoder may run over.
const USABLE: f64 = 0.94;
const SOUND_RATE: u64 = 64_000;
/// Bits per second below which a size is better left for the next smaller one, per pixel and second at 30 a second.
const LEAST_BITS_PER_PIXEL: f64 = 0.03;

/// How a package is to be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackagePlan {
    pub canvas: Canvas,
    /// Bits per second of the picture, at most.
    pub max_rate: u64,
    /// There are captions to burn in.
    pub captions: bool,
}

/// The picture and the band below it, in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Canvas {
    pub width: u32,
    pub picture_height: u32,
    /// With the band.
    pub height: u32,
    /// Height of a line of letters.
    pub font: u32,
}

/// What was made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PackageResult {
    pub file: String,
    pub width: u32,
    pub height: u32,
    pub duration_ms: u64,
    pub bytes: u64,
}

/// Whether captions are wanted below the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Band {
    Captions,
    None,
}

impl Canvas {
    /// Room for three lines under a picture of this size. Lines have at most 42 characters, and a letter of the caption
    /// font takes about 0.23 of a line's height, so 42 of them fit into eleven heights. Landscape pictures follow their
    /// height instead: letters read at arm's length on a phone need no more.
    pub fn for_picture(width: u32, height: u32, band: Band) -> Canvas {
        let font = (width / 11).min(height / 11).max(12);
        let room = match band {
            Band::Captions => font * 4,
            Band::None => 0,
        };
        Canvas { width: width & !1, picture_height: height & !1, height: (height + room) & !1, font }
    }
}

/// Which of a clip's renditions to start from, and the rate that keeps the package within the limit: the largest of at
/// most 720 lines that the rate can carry. `None` when even the smallest cannot be carried.
pub fn plan(sizes: &[(u32, u32)], duration_ms: u64, band: Band) -> Option<(usize, PackagePlan)> {
    let seconds = duration_ms as f64 / 1000.0;
    let bits = MAX_BYTES as f64 * 8.0 * USABLE - SOUND_RATE as f64 * seconds;
    // One second of buffer may be spent on top of the rate.
    let rate = (bits / (seconds + 1.0)).max(0.0);
    let carries = |&(_, &(width, height)): &(usize, &(u32, u32))| {
        let needed = f64::from(width) * f64::from(height) * 30.0 * LEAST_BITS_PER_PIXEL;
        width.min(height) <= 720 && rate >= needed
    };
    let by_size = |&(_, &(width, height)): &(usize, &(u32, u32))| width * height;
    let (index, &(width, height)) = sizes.iter().enumerate().filter(carries).max_by_key(by_size)?;
    let max_rate = (rate as u64).min(CAP);
    let canvas = Canvas::for_picture(width, height, band);
    Some((index, PackagePlan { canvas, max_rate, captions: band == Band::Captions }))
}

/// More is wasted on a phone.
const CAP: u64 = 3_000_000;

/// Makes the package of a finished rendition. Must run with the job folder as its working directory: the caption filter
/// then needs no path, and no name can mean anything to it.
///
/// # Errors
/// `Failed` when captions or fonts are missing, or the limit was missed.
pub fn make(
    rendition: &Path,
    out_dir: &Path,
    plan: &PackagePlan,
    on_progress: OnProgress<'_>,
) -> Result<PackageResult, MediaError> {
    let mut source = Source::open(rendition, Intake::Staff)?;
    let scan = scan::scan(&mut source, -50.0)?;
    let mut source = Source::open(rendition, Intake::Staff)?;
    let fps = planned_rate(scan.timeline.source_rate(), false);
    let length_us = scan.timeline.duration_us();
    let (hear, mut sound) = match &source.audio {
        Some(audio) => (Hear::Sound, Sound::new(audio.time_base, scan.origin_us, length_us)?),
        None => (Hear::PictureOnly, Sound::silence(length_us)?),
    };
    let size = Size { width: plan.canvas.width, height: plan.canvas.height };
    let rung = Rung { name: RungName::Clear, size, crf: 22.0, max_rate: plan.max_rate, profile: "high" };
    let encoding = Plan { fps, length_us, effort: Effort::Usual };
    let worker = Worker::start(rung, &encoding, Some(sound.encoder()), 2, out_dir)?;
    let mut press =
        Press { plan, graph: None, worker, sound: &mut sound, length_us, last_us: 0, on_progress };
    reel::play(&mut source, hear, 2, Clock::of(&scan), &mut press)?;
    let frames = press.finish()?;
    // The name that the encoder gave it stays: the cage has no call for renaming.
    let file = rendered_name(size);
    let bytes = std::fs::metadata(out_dir.join(&file))?.len();
    if bytes > MAX_BYTES {
        return Err(anyhow::anyhow!("the package has {bytes} bytes").into());
    }
    let duration_ms = (frames as f64 * 1000.0 / fps.value()).round() as u64;
    Ok(PackageResult { file, width: size.width, height: size.height, duration_ms, bytes })
}

fn rendered_name(size: Size) -> String {
    format!("{}-{}.mp4", RungName::Clear.word(), size.short_side())
}

/// The picture above, the band below, captions in the band. Everything in it is a constant or a number.
fn graph_text(plan: &PackagePlan) -> String {
    let Canvas { width, picture_height, height, .. } = plan.canvas;
    let band = format!("pad={width}:{height}:0:0:color=0x10151c,");
    let captions = if plan.captions { "ass=filename=captions.ass:fontsdir=.," } else { "" };
    format!("[in]scale={width}:{picture_height}:flags=bicubic,setsar=1,{band}{captions}format=yuv420p[out0]")
}

struct Press<'a> {
    plan: &'a PackagePlan,
    graph: Option<(Geometry, VideoGraph)>,
    worker: Worker,
    sound: &'a mut Sound,
    length_us: i64,
    last_us: i64,
    on_progress: OnProgress<'a>,
}

impl Press<'_> {
    fn print(&mut self, frame: &Frame) -> Result<(), MediaError> {
        let geometry = frame.geometry();
        if self.graph.is_none() {
            let built = VideoGraph::build(geometry, &graph_text(self.plan), 1, 2);
            self.graph = Some((geometry, built.context("cannot place the captions")?));
        }
        let Some((_, graph)) = &mut self.graph else { return Ok(()) };
        graph.push(frame)?;
        self.pass_on()
    }

    fn pass_on(&mut self) -> Result<(), MediaError> {
        let Some((_, graph)) = &mut self.graph else { return Ok(()) };
        loop {
            let mut printed = Frame::new()?;
            if graph.pull(0, &mut printed)? != Pull::Ready {
                return Ok(());
            }
            if !self.worker.give(Piece::Picture { repeats: 0, frame: printed }) {
                return Err(anyhow::anyhow!("the encoder stopped early").into());
            }
        }
    }

    fn give_sound(&mut self, until_us: i64) -> Result<(), MediaError> {
        for packet in self.sound.encoded_until(until_us)? {
            self.worker.give(Piece::Sound(packet));
        }
        Ok(())
    }

    fn finish(mut self) -> Result<i64, MediaError> {
        if let Some((_, graph)) = &mut self.graph {
            graph.close(self.length_us)?;
        }
        self.pass_on()?;
        self.sound.finish(self.length_us)?;
        self.give_sound(i64::MAX)?;
        self.worker.give(Piece::End { repeats: 0 });
        Ok(self.worker.finish()?.frames)
    }
}

impl Audience for Press<'_> {
    fn picture(&mut self, frame: &mut Frame, time_us: i64) -> Result<(), MediaError> {
        if time_us < self.last_us {
            return Ok(());
        }
        self.last_us = time_us;
        frame.set_pts(time_us);
        self.print(frame)?;
        self.give_sound(time_us)?;
        match (self.on_progress)(Step::at(time_us, self.length_us)) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(MediaError::Cancelled),
        }
    }

    fn sound(&mut self, frame: &mut Frame) -> Result<(), MediaError> {
        self.sound.take(frame)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZES: [(u32, u32); 4] = [(360, 640), (540, 960), (720, 1280), (1080, 1920)];

    #[test]
    fn the_largest_size_that_the_limit_carries_is_chosen() {
        let index = |seconds: u64| plan(&SIZES, seconds * 1000, Band::Captions).map(|(index, _)| index);
        assert_eq!(index(30), Some(2));
        assert_eq!(index(200), Some(1));
        assert_eq!(index(300), Some(0));
        assert_eq!(index(7200), None);
    }

    #[test]
    fn rate_and_length_stay_within_the_limit() {
        for seconds in [5, 30, 60, 90, 300, 500] {
            let Some((_, plan)) = plan(&SIZES, seconds * 1000, Band::Captions) else { continue };
            let most = plan.max_rate * (seconds + 1) + SOUND_RATE * seconds;
            assert!(most / 8 <= MAX_BYTES, "{seconds} s: {most} bits");
        }
    }

    #[test]
    fn captions_have_their_own_band_below_the_picture() {
        let canvas = Canvas::for_picture(720, 1280, Band::Captions);
        assert!(canvas.picture_height == 1280 && canvas.height >= 1280 + canvas.font * 4);
        assert_eq!(Canvas::for_picture(720, 1280, Band::None).height, 1280);
    }
}

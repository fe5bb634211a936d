//! Finds out what a file is by decoding all of it once: counted frames, real timing, and what the picture shows.

use crate::av::{Colour, Frame, Geometry, Pull, StreamParameters, VideoGraph};
use crate::container::Intake;
use crate::exhibits::Exhibits;
use crate::facts::{ProbeReport, VideoFacts};
use crate::fields::{self, Fields};
use crate::filters::{self, Treatment};
use crate::geometry::{Size, Turn, displayed};
use crate::ladder;
use crate::looks::{Looks, Seen};
use crate::quality::{self, Evidence, Thresholds};
use crate::reel::{self, Audience, Clock, Hear};
use crate::refusal::{MediaError, Refusal};
use crate::scan::{self, Scan};
use crate::source::Source;
use crate::timing::{SourceRate, Timeline, output_rate};
use std::ops::ControlFlow;
use std::path::Path;

/// How far the work is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    /// From 0 to 1.
    pub share: f64,
    /// How long the clip is, from its timestamps.
    pub clip_us: i64,
}

impl Step {
    pub(crate) fn at(time_us: i64, clip_us: i64) -> Self {
        Step { share: (time_us as f64 / clip_us.max(1) as f64).clamp(0.0, 1.0), clip_us }
    }
}

/// Tells the caller how far the work is after each picture; `Break` stops it.
pub type OnProgress<'a> = &'a mut dyn FnMut(Step) -> ControlFlow<()>;

/// Decodes the file and reports its facts and the findings of the upload checks; the pictures that explain findings are
/// written to `out_dir`, where one is given.
///
/// # Errors
/// `Refused` with the reason for a file that is not taken, `Cancelled`, or `Failed` when the machine is at fault.
pub fn probe(
    path: &Path,
    out_dir: Option<&Path>,
    intake: Intake,
    limits: &Thresholds,
    on_progress: OnProgress<'_>,
) -> Result<ProbeReport, MediaError> {
    let mut source = Source::open(path, intake)?;
    let scan = scan::scan(&mut source, limits.silence_db)?;
    let fields = fields::survey(path, intake, &scan, &source)?;
    let mut source = Source::open(path, intake)?;
    let mut viewer = Viewer::new(&source, &scan, fields, on_progress);
    let clock = Clock::of(&scan);
    let tally = reel::play(&mut source, Hear::PictureOnly, 2, clock, &mut viewer)?;
    let first = viewer.first.ok_or(Refusal::Undecodable)?;
    if tally.pictures < 2 {
        return Err(Refusal::StillPicture.into());
    }
    // Frames that were decoded are the truth; the packets only say how long the last one stays.
    let timeline = Timeline::new(viewer.times, scan.timeline.last_duration());
    if timeline.duration_us() <= 0 {
        return Err(Refusal::BadDuration.into());
    }
    let seen = viewer.looks.finish(timeline.duration_us());
    let mut video = picture_facts(&source, &first, fields, &timeline, &seen);
    video.frames = tally.pictures;
    video.damaged = tally.damaged;
    video.patched = tally.patched;
    let evidence = Evidence { video: &video, audio: scan.audio.as_ref(), timeline: &timeline, seen: &seen };
    let mut checks = quality::check(&evidence, limits);
    if let Some(out_dir) = out_dir {
        viewer.exhibits.attach(&mut checks, out_dir)?;
    }
    Ok(ProbeReport {
        accepted: true,
        reason: None,
        container: Some(source.container.name().to_owned()),
        video: Some(video),
        audio: scan.audio,
        checks,
        trim: seen.movement.trim,
    })
}

/// What the first decoded picture says about all of them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FirstPicture {
    pub(crate) geometry: Geometry,
    pub(crate) colour: Colour,
    pub(crate) interlaced: bool,
    pub(crate) display_matrix: Option<[i32; 9]>,
}

impl FirstPicture {
    pub(crate) fn of(frame: &Frame) -> Self {
        FirstPicture {
            geometry: frame.geometry(),
            colour: frame.colour(),
            interlaced: frame.is_interlaced(),
            display_matrix: frame.display_matrix(),
        }
    }

    /// What a later picture of the clip says, which is turned as the first.
    pub(crate) fn followed_by(&self, frame: &Frame) -> FirstPicture {
        FirstPicture { display_matrix: self.display_matrix, ..FirstPicture::of(frame) }
    }

    /// Container and picture together: the container wins where both speak.
    pub(crate) fn treatment(&self, stream: &StreamParameters, fields: Fields) -> Treatment {
        let matrix = stream.display_matrix.or(self.display_matrix);
        let (told, seen) = (stream.colour, self.colour);
        let pick = |seen: i32, told: i32| if matches!(seen, 0 | 2) { told } else { seen };
        let colour = Colour {
            range: if seen.range == 0 { told.range } else { seen.range },
            primaries: pick(seen.primaries, told.primaries),
            transfer: pick(seen.transfer, told.transfer),
            matrix: pick(seen.matrix, told.matrix),
        };
        Treatment {
            fields: if self.interlaced && !fields.interlaced() { Fields::Flagged } else { fields },
            colour,
            turn: matrix.as_ref().map_or(Turn::None, Turn::from_display_matrix),
        }
    }

    /// The shape of a pixel: the picture's own, else the container's.
    pub(crate) fn sample_aspect(&self, stream: &StreamParameters) -> (u32, u32) {
        let told = if self.geometry.sar.num > 0 { self.geometry.sar } else { stream.sar };
        let valid = told.num > 0 && told.den > 0;
        if valid { (told.num.unsigned_abs(), told.den.unsigned_abs()) } else { (1, 1) }
    }

    pub(crate) fn displayed(&self, stream: &StreamParameters) -> Size {
        let (width, height) = (self.geometry.width.max(0) as u32, self.geometry.height.max(0) as u32);
        displayed(width, height, self.sample_aspect(stream), self.treatment(stream, Fields::Progressive).turn)
    }
}

/// The rate of the renditions; fields count as pictures.
pub(crate) fn planned_rate(source: SourceRate, interlaced: bool) -> crate::av::Ratio {
    output_rate(if interlaced { SourceRate { fps: source.fps * 2.0, ..source } } else { source })
}

pub(crate) fn picture_facts(
    source: &Source,
    first: &FirstPicture,
    fields: Fields,
    timeline: &Timeline,
    seen: &Seen,
) -> VideoFacts {
    let treatment = first.treatment(&source.video, fields);
    let interlaced = treatment.fields.interlaced();
    let size = first.displayed(&source.video);
    let rate = timeline.source_rate();
    let three_places = |fps: f64| (fps * 1000.0).round() / 1000.0;
    VideoFacts {
        codec: source.video.codec.clone(),
        width: first.geometry.width.unsigned_abs(),
        height: first.geometry.height.unsigned_abs(),
        display_width: size.width,
        display_height: size.height,
        rotation: treatment.turn.degrees(),
        turn: treatment.turn,
        sample_aspect: first.sample_aspect(&source.video),
        fps: three_places(rate.fps),
        effective_fps: three_places(timeline.effective_fps()),
        output_fps: three_places(planned_rate(rate, interlaced).value()),
        frames: timeline.frames() as u64,
        damaged: 0,
        patched: 0,
        vfr: timeline.is_variable(),
        duration_ms: timeline.duration_ms(),
        interlaced,
        hdr: filters::is_hdr(treatment.colour),
        bit_depth: u8::try_from(source.video.bit_depth).unwrap_or(8),
        sharpness: (seen.sharpness * 100.0).round() / 100.0,
        rhythm: seen.movement.rhythm.iter().map(|sample| format!("{sample:02x}")).collect(),
    }
}

/// Looks at every decoded picture, made small.
struct Viewer<'a> {
    stream: StreamParameters,
    fields: Fields,
    first: Option<FirstPicture>,
    graph: Option<(Geometry, VideoGraph)>,
    shape: Option<Size>,
    times: Vec<i64>,
    looks: Looks,
    exhibits: Exhibits,
    length_us: i64,
    on_progress: OnProgress<'a>,
}

impl<'a> Viewer<'a> {
    fn new(source: &Source, scan: &Scan, fields: Fields, on_progress: OnProgress<'a>) -> Self {
        let length_us = scan.timeline.duration_us().max(1);
        Viewer {
            stream: source.video.clone(),
            fields,
            first: None,
            graph: None,
            shape: None,
            times: vec![],
            looks: Looks::new(length_us),
            exhibits: Exhibits::new(length_us),
            length_us,
            on_progress,
        }
    }

    /// The picture upright and as small as the saver rendition, so that what is measured here and while transcoding
    /// is the same.
    fn small_picture(&mut self, frame: &Frame, time_us: i64) -> Result<Frame, MediaError> {
        let geometry = frame.geometry();
        if self.graph.as_ref().is_none_or(|(built_for, _)| *built_for != geometry) {
            let first = FirstPicture::of(frame);
            let treatment = first.treatment(&self.stream, self.fields);
            let seen = first.displayed(&self.stream);
            if self.shape.replace(seen).is_some_and(|before| !before.has_shape_of(seen)) {
                self.looks.note_new_shape(time_us);
            }
            let size = seen.with_short_side(seen.short_side().min(ladder::SAVER_SHORT_SIDE));
            let text = filters::small_graph(&treatment, geometry, size);
            self.graph = Some((geometry, VideoGraph::build(geometry, &text, 1, 2)?));
        }
        let mut small = Frame::new()?;
        if let Some((_, graph)) = &mut self.graph {
            graph.push(frame)?;
            if graph.pull(0, &mut small)? != Pull::Ready {
                return Err(anyhow::anyhow!("the scaler kept a picture back").into());
            }
        }
        Ok(small)
    }
}

impl Audience for Viewer<'_> {
    fn picture(&mut self, frame: &mut Frame, time_us: i64) -> Result<(), MediaError> {
        if self.first.is_none() {
            self.first = Some(FirstPicture::of(frame));
        }
        self.times.push(time_us);
        frame.set_pts(time_us);
        let small = self.small_picture(frame, time_us)?;
        let told = self.looks.observe(&small.planes(), time_us);
        self.exhibits.consider(&small, told, time_us)?;
        match (self.on_progress)(Step::at(time_us, self.length_us)) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(MediaError::Cancelled),
        }
    }

    fn sound(&mut self, _frame: &mut Frame) -> Result<(), MediaError> {
        Ok(())
    }
}

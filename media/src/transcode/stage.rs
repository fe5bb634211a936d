//! Where the decoded clip passes: through the graph, into the encoders of one pass, past whoever looks on.

use super::Made;
use super::rendition::{Effort, Piece, Plan, Worker, threads_for};
use super::sound::Sound;
use crate::av::{Frame, Geometry, Pull, Ratio, StreamParameters, VideoGraph, rescale};
use crate::cadence::{Cadence, Placement};
use crate::fields::Fields;
use crate::filters::{self, Place, Treatment};
use crate::geometry::Size;
use crate::ladder::{self, Rung, RungName};
use crate::probe::{FirstPicture, OnProgress, Step, planned_rate};
use crate::reel::Audience;
use crate::refusal::{MediaError, Refusal};
use crate::scan::{MAX_DURATION_US, Scan};
use crate::source::Source;
use std::ops::ControlFlow;
use std::path::Path;

/// Which renditions one pass makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Share {
    /// All of them at once.
    Whole,
    /// The smallest, so that it can be watched while the others are made.
    First,
    /// All but the smallest.
    Rest,
    /// One that came out wrong, made again.
    Again(RungName, Effort),
}

impl Share {
    fn of(self, mut ladder: Vec<Rung>) -> Vec<Rung> {
        match self {
            Share::Whole => {}
            Share::First => ladder.truncate(1),
            Share::Rest => drop(ladder.drain(..1)),
            Share::Again(name, _) => ladder.retain(|rung| rung.name == name),
        }
        ladder
    }

    fn effort(self) -> Effort {
        match self {
            Share::Whole | Share::First | Share::Rest => Effort::Usual,
            Share::Again(_, effort) => effort,
        }
    }
}

/// Somebody who sees every scaled picture on its way to the encoders.
pub(crate) trait Onlooker {
    /// The sizes of this pass, smallest first.
    fn begins(&mut self, sizes: &[Size]);
    /// From the picture that is shown then, the clip has another shape.
    fn changes_shape(&mut self, _time_us: i64) {}
    /// One picture in all sizes of this pass.
    fn sees(&mut self, frames: &[Frame], time_us: i64) -> Result<(), MediaError>;
}

/// What all passes over one clip share.
pub(crate) struct Clip<'a> {
    pub(crate) stream: StreamParameters,
    pub(crate) scan: &'a Scan,
    pub(crate) fields: Fields,
    pub(crate) out_dir: &'a Path,
}

impl<'a> Clip<'a> {
    pub(crate) fn new(source: &Source, scan: &'a Scan, fields: Fields, out_dir: &'a Path) -> Self {
        Clip { stream: source.video.clone(), scan, fields, out_dir }
    }

    pub(crate) fn length_us(&self) -> i64 {
        self.scan.timeline.duration_us().max(1)
    }

    /// How far along the decode is at a moment of the clip: what is cut off before it is decoded too.
    fn step_at(&self, time_us: i64) -> Step {
        Step::at(time_us.saturating_add(self.scan.skipped_us), self.decoded_us())
    }

    /// From the beginning of the file to the end of the clip.
    pub(crate) fn decoded_us(&self) -> i64 {
        self.length_us().saturating_add(self.scan.skipped_us)
    }

    /// Every rendition of a clip that begins with this picture.
    pub(crate) fn ladder(&self, first: &FirstPicture) -> (Vec<Rung>, Ratio) {
        let treatment = first.treatment(&self.stream, self.fields);
        let fps = planned_rate(self.scan.timeline.source_rate(), treatment.fields.interlaced());
        (ladder::rungs(first.displayed(&self.stream), fps), fps)
    }
}

/// The audience of one pass.
pub(crate) struct Stage<'a> {
    clip: &'a Clip<'a>,
    share: Share,
    on_progress: OnProgress<'a>,
    onlooker: &'a mut dyn Onlooker,
    sound: Option<&'a mut Sound>,
    running: Option<Running>,
    times: Vec<i64>,
    /// The latest moment that was decoded.
    reached_us: i64,
    dropped_early: u64,
}

/// What exists once the first picture is known.
struct Running {
    first: FirstPicture,
    geometry: Geometry,
    graph: VideoGraph,
    treatment: Treatment,
    /// The shape of the first picture, and of the last one so far.
    shape: Size,
    shape_now: Size,
    sizes: Vec<Size>,
    workers: Vec<Worker>,
    cadence: Cadence,
    last_us: i64,
}

/// What is left when the pass is over.
pub(crate) struct Shown {
    pub(crate) first: FirstPicture,
    pub(crate) times: Vec<i64>,
    pub(crate) end_us: i64,
    pub(crate) renditions: Vec<Made>,
    pub(crate) duplicated: u64,
    pub(crate) dropped: u64,
}

impl<'a> Stage<'a> {
    pub(crate) fn new(
        clip: &'a Clip<'a>,
        share: Share,
        sound: Option<&'a mut Sound>,
        onlooker: &'a mut dyn Onlooker,
        on_progress: OnProgress<'a>,
    ) -> Self {
        let (running, times) = (None, Vec::new());
        let reached_us = i64::MIN;
        Stage { clip, share, on_progress, onlooker, sound, running, times, reached_us, dropped_early: 0 }
    }

    /// Opens graph, encoders and files for the shape of the first decoded picture.
    fn begin(&mut self, frame: &Frame) -> Result<Running, MediaError> {
        let first = FirstPicture::of(frame);
        let treatment = first.treatment(&self.clip.stream, self.clip.fields);
        let (ladder, fps) = self.clip.ladder(&first);
        let rungs = self.share.of(ladder);
        let sizes: Vec<Size> = rungs.iter().map(|rung| rung.size).collect();
        let whole: Vec<Place> = sizes.iter().copied().map(Place::whole).collect();
        let graph = build_graph(&treatment, first.geometry, &whole)?;
        let shape = first.displayed(&self.clip.stream);
        let alone = rungs.len() == 1;
        let plan = Plan { fps, length_us: self.clip.length_us(), effort: self.share.effort() };
        let mut workers = Vec::new();
        for rung in rungs {
            let threads = threads_for(rung.name, alone);
            let audio = self.sound.as_ref().map(|sound| sound.encoder());
            workers.push(Worker::start(rung, &plan, audio, threads, self.clip.out_dir)?);
        }
        self.onlooker.begins(&sizes);
        let (geometry, cadence) = (first.geometry, Cadence::new(fps));
        let shape_now = shape;
        Ok(Running {
            first,
            geometry,
            graph,
            treatment,
            shape,
            shape_now,
            sizes,
            workers,
            cadence,
            last_us: -1,
        })
    }

    /// Ends graph, sound and encoders, and waits for the files.
    ///
    /// # Errors
    /// Whatever stopped an encoder.
    pub(crate) fn finish(mut self) -> Result<Shown, MediaError> {
        let mut running = self.running.take().ok_or(Refusal::Undecodable)?;
        let timeline = &self.clip.scan.timeline;
        let usual_gap = timeline.last_duration().unwrap_or(timeline.usual_gap());
        let end_us = running.last_us.saturating_add(usual_gap.max(1));
        running.graph.close(end_us)?;
        running.pass_on(self.onlooker)?;
        if let Some(sound) = self.sound.take() {
            sound.finish(end_us)?;
            running.give_sound(sound, i64::MAX)?;
        }
        let repeats = running.cadence.finish(end_us);
        running.workers.iter().for_each(|worker| {
            worker.give(Piece::End { repeats });
        });
        let renditions = running.workers.into_iter().map(Worker::finish).collect::<Result<Vec<_>, _>>()?;
        Ok(Shown {
            first: running.first,
            times: self.times,
            end_us,
            duplicated: running.cadence.duplicated.unsigned_abs(),
            dropped: running.cadence.dropped.unsigned_abs() + self.dropped_early,
            renditions,
        })
    }

    fn tell(&mut self, time_us: i64) -> Result<(), MediaError> {
        match (self.on_progress)(self.clip.step_at(time_us)) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(MediaError::Cancelled),
        }
    }

    /// A picture before the beginning of a trimmed clip, or after its end.
    fn is_cut_off(&self, time_us: i64) -> bool {
        time_us < 0 || time_us >= self.clip.length_us()
    }
}

fn build_graph(
    treatment: &Treatment,
    geometry: Geometry,
    places: &[Place],
) -> Result<VideoGraph, MediaError> {
    Ok(VideoGraph::build(geometry, &filters::graph(treatment, geometry, places), places.len(), 2)?)
}

impl Audience for Stage<'_> {
    fn picture(&mut self, frame: &mut Frame, time_us: i64) -> Result<(), MediaError> {
        if time_us > MAX_DURATION_US {
            return Err(Refusal::BadDuration.into());
        }
        self.reached_us = self.reached_us.max(time_us);
        if self.clip.scan.is_trimmed && self.is_cut_off(time_us) {
            return self.tell(time_us);
        }
        self.times.push(time_us);
        let mut running = match self.running.take() {
            Some(running) => running,
            None => self.begin(frame)?,
        };
        // Two pictures at one time, or time going backwards: filters need it to go forward.
        if time_us > running.last_us {
            running.take_picture(frame, time_us, &self.clip.stream, self.onlooker)?;
        } else {
            self.dropped_early += 1;
        }
        if let Some(sound) = &mut self.sound {
            running.give_sound(sound, time_us)?;
        }
        self.running = Some(running);
        self.tell(time_us)
    }

    fn sound(&mut self, frame: &mut Frame) -> Result<(), MediaError> {
        match &mut self.sound {
            Some(sound) => sound.take(frame),
            None => Ok(()),
        }
    }

    /// Pictures come in order, so nothing of a trimmed clip follows its end; a second more lets its sound arrive.
    fn has_seen_enough(&self) -> bool {
        self.clip.scan.is_trimmed && self.reached_us > self.clip.length_us() + 1_000_000
    }
}

impl Running {
    fn take_picture(
        &mut self,
        frame: &mut Frame,
        time_us: i64,
        stream: &StreamParameters,
        onlooker: &mut dyn Onlooker,
    ) -> Result<(), MediaError> {
        frame.set_pts(time_us);
        if frame.geometry() != self.geometry {
            self.rebuild(frame, time_us, stream, onlooker)?;
        }
        self.last_us = time_us;
        self.graph.push(frame)?;
        self.pass_on(onlooker)
    }

    /// The picture changed its size in mid-stream: the old graph is emptied and a new one leads to the same sizes. A
    /// picture of another shape stands between black bars there: stretched, a signer could not be read.
    fn rebuild(
        &mut self,
        frame: &Frame,
        time_us: i64,
        stream: &StreamParameters,
        onlooker: &mut dyn Onlooker,
    ) -> Result<(), MediaError> {
        self.graph.close(time_us)?;
        self.pass_on(onlooker)?;
        self.geometry = frame.geometry();
        let shape = self.first.followed_by(frame).displayed(stream);
        if !shape.has_shape_of(self.shape_now) {
            onlooker.changes_shape(time_us);
        }
        self.shape_now = shape;
        let is_first_shape = shape.has_shape_of(self.shape);
        let place = |&size| if is_first_shape { Place::whole(size) } else { Place::fitting(size, shape) };
        let places: Vec<Place> = self.sizes.iter().map(place).collect();
        self.graph = build_graph(&self.treatment, self.geometry, &places)?;
        Ok(())
    }

    /// Moves every finished picture from the graph to its encoder. All branches give pictures in step.
    fn pass_on(&mut self, onlooker: &mut dyn Onlooker) -> Result<(), MediaError> {
        loop {
            let mut small = Frame::new()?;
            if self.graph.pull(0, &mut small)? != Pull::Ready {
                return Ok(());
            }
            let time_base = self.graph.time_base(0);
            let time_us =
                small.pts().and_then(|pts| rescale(pts, time_base, Ratio::MICROSECONDS)).unwrap_or(0);
            let frames = self.all_sizes(small)?;
            onlooker.sees(&frames, time_us)?;
            self.distribute(frames, time_us)?;
        }
    }

    fn all_sizes(&mut self, small: Frame) -> Result<Vec<Frame>, MediaError> {
        let mut frames = vec![small];
        for output in 1..self.workers.len() {
            let mut frame = Frame::new()?;
            if self.graph.pull(output, &mut frame)? != Pull::Ready {
                return Err(anyhow::anyhow!("a branch of the filter graph fell behind").into());
            }
            frames.push(frame);
        }
        Ok(frames)
    }

    fn distribute(&mut self, frames: Vec<Frame>, time_us: i64) -> Result<(), MediaError> {
        let Placement::After { repeats } = self.cadence.place(time_us) else { return Ok(()) };
        for (worker, frame) in self.workers.iter().zip(frames) {
            if !worker.give(Piece::Picture { repeats, frame }) {
                return Err(self.encoder_error());
            }
        }
        Ok(())
    }

    fn give_sound(&mut self, sound: &mut Sound, until_us: i64) -> Result<(), MediaError> {
        for packet in sound.encoded_until(until_us)? {
            for worker in &self.workers {
                if !worker.give(Piece::Sound(packet.share()?)) {
                    return Err(self.encoder_error());
                }
            }
        }
        Ok(())
    }

    /// The encoder that hung up knows why.
    fn encoder_error(&mut self) -> MediaError {
        let results: Vec<_> = std::mem::take(&mut self.workers).into_iter().map(Worker::finish).collect();
        let error = results.into_iter().filter_map(Result::err).find(|e| !matches!(e, MediaError::Cancelled));
        error.unwrap_or_else(|| anyhow::anyhow!("an encoder stopped early").into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_pass_makes_the_smallest_and_the_second_the_rest() {
        let ladder = || ladder::rungs(Size { width: 1280, height: 720 }, Ratio { num: 30, den: 1 });
        let names = |share: Share| share.of(ladder()).iter().map(|rung| rung.name).collect::<Vec<_>>();
        assert_eq!(names(Share::Whole), [RungName::Saver, RungName::Normal, RungName::Clear]);
        assert_eq!(names(Share::First), [RungName::Saver]);
        assert_eq!(names(Share::Rest), [RungName::Normal, RungName::Clear]);
        assert_eq!(names(Share::Again(RungName::Clear, Effort::More)), [RungName::Clear]);
    }
}

//! Where the decoded clip passes: through the graph, into the encoders, past the picture checks.

use super::Made;
use super::pictures::Album;
use super::rendition::{Piece, Worker, threads_for};
use super::sound::Sound;
use crate::av::{Frame, Geometry, Pull, Ratio, StreamParameters, VideoGraph, rescale};
use crate::cadence::{Cadence, Placement};
use crate::filters::{self, Treatment};
use crate::geometry::Size;
use crate::ladder;
use crate::looks::{Looks, Seen};
use crate::probe::{FirstPicture, OnProgress, Step, planned_rate};
use crate::reel::{Audience, Hear};
use crate::refusal::{MediaError, Refusal};
use crate::scan::{MAX_DURATION_US, Scan};
use crate::source::Source;
use std::ops::ControlFlow;
use std::path::Path;

/// The audience of a transcode.
pub(crate) struct Stage<'a> {
    stream: StreamParameters,
    scan: &'a Scan,
    out_dir: &'a Path,
    on_progress: OnProgress<'a>,
    running: Option<Running>,
    times: Vec<i64>,
    dropped_early: u64,
    sound: Option<Sound>,
}

/// What exists once the first picture is known.
struct Running {
    first: FirstPicture,
    geometry: Geometry,
    graph: VideoGraph,
    treatment: Treatment,
    sizes: Vec<Size>,
    workers: Vec<Worker>,
    cadence: Cadence,
    looks: Looks,
    album: Album,
    last_us: i64,
}

/// What is left when the clip is over.
pub(crate) struct Shown {
    pub(crate) first: FirstPicture,
    pub(crate) times: Vec<i64>,
    pub(crate) seen: Seen,
    pub(crate) pictures: Album,
    pub(crate) renditions: Vec<Made>,
    pub(crate) duplicated: u64,
    pub(crate) dropped: u64,
    pub(crate) audio: bool,
}

impl<'a> Stage<'a> {
    pub(crate) fn new(
        source: &Source,
        scan: &'a Scan,
        hear: Hear,
        out_dir: &'a Path,
        on_progress: OnProgress<'a>,
    ) -> Result<Self, MediaError> {
        let sound = match (hear, &source.audio) {
            (Hear::Sound, Some(audio)) => {
                Some(Sound::new(audio.time_base, scan.origin_us, scan.timeline.duration_us())?)
            }
            (Hear::Sound | Hear::PictureOnly, _) => None,
        };
        let stream = source.video.clone();
        Ok(Stage {
            stream,
            scan,
            out_dir,
            on_progress,
            running: None,
            times: vec![],
            dropped_early: 0,
            sound,
        })
    }

    fn length_us(&self) -> i64 {
        self.scan.timeline.duration_us().max(1)
    }

    /// Opens graph, encoders and files for the shape of the first decoded picture.
    fn begin(&self, frame: &Frame) -> Result<Running, MediaError> {
        let first = FirstPicture::of(frame);
        let treatment = first.treatment(&self.stream);
        let fps = planned_rate(self.scan.timeline.source_rate(), treatment.interlaced);
        let rungs = ladder::rungs(first.displayed(&self.stream), fps);
        let sizes: Vec<Size> = rungs.iter().map(|rung| rung.size).collect();
        let graph = build_graph(&treatment, first.geometry, &sizes)?;
        let alone = rungs.len() == 1;
        let mut workers = Vec::new();
        for rung in rungs {
            let threads = threads_for(rung.name, alone);
            workers.push(Worker::start(
                rung,
                fps,
                self.sound.as_ref().map(Sound::encoder),
                threads,
                self.out_dir,
            )?);
        }
        Ok(Running {
            first,
            geometry: first.geometry,
            graph,
            treatment,
            album: Album::new(self.length_us(), &sizes),
            sizes,
            workers,
            cadence: Cadence::new(fps),
            looks: Looks::default(),
            last_us: -1,
        })
    }

    /// Ends graph, sound and encoders, and waits for the files.
    ///
    /// # Errors
    /// Whatever stopped an encoder.
    pub(crate) fn finish(mut self) -> Result<Shown, MediaError> {
        let mut running = self.running.take().ok_or(Refusal::Undecodable)?;
        let usual_gap = self.scan.timeline.last_duration().unwrap_or(self.scan.timeline.usual_gap());
        let end_us = running.last_us.saturating_add(usual_gap.max(1));
        running.graph.close(end_us)?;
        running.pass_on()?;
        if let Some(mut sound) = self.sound.take() {
            sound.finish(end_us)?;
            running.give_sound(&mut sound)?;
        }
        let repeats = running.cadence.finish(end_us);
        running.workers.iter().for_each(|worker| {
            worker.give(Piece::End { repeats });
        });
        let renditions = running.workers.into_iter().map(Worker::finish).collect::<Result<Vec<_>, _>>()?;
        Ok(Shown {
            first: running.first,
            times: self.times,
            seen: running.looks.finish(end_us),
            pictures: running.album,
            audio: self.scan.audio.as_ref().is_some_and(|audio| audio.audible),
            duplicated: running.cadence.duplicated.unsigned_abs(),
            dropped: running.cadence.dropped.unsigned_abs() + self.dropped_early,
            renditions,
        })
    }
}

fn build_graph(treatment: &Treatment, geometry: Geometry, sizes: &[Size]) -> Result<VideoGraph, MediaError> {
    Ok(VideoGraph::build(geometry, &filters::graph(treatment, geometry, sizes), sizes.len(), 2)?)
}

impl Audience for Stage<'_> {
    fn picture(&mut self, frame: &mut Frame, time_us: i64) -> Result<(), MediaError> {
        if time_us > MAX_DURATION_US {
            return Err(Refusal::BadDuration.into());
        }
        self.times.push(time_us);
        let mut running = match self.running.take() {
            Some(running) => running,
            None => self.begin(frame)?,
        };
        // Two pictures at one time, or time going backwards: filters need it to go forward.
        if time_us > running.last_us {
            running.take_picture(frame, time_us)?;
        } else {
            self.dropped_early += 1;
        }
        self.running = Some(running);
        let step = Step::at(time_us, self.length_us());
        match (self.on_progress)(step) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(MediaError::Cancelled),
        }
    }

    fn sound(&mut self, frame: &mut Frame) -> Result<(), MediaError> {
        let Some(sound) = &mut self.sound else { return Ok(()) };
        sound.take(frame)?;
        // Until the first picture opened the files, encoded sound waits inside `sound`.
        match &mut self.running {
            Some(running) => running.give_sound(sound),
            None => Ok(()),
        }
    }
}

impl Running {
    fn take_picture(&mut self, frame: &mut Frame, time_us: i64) -> Result<(), MediaError> {
        frame.set_pts(time_us);
        if frame.geometry() != self.geometry {
            self.rebuild(frame, time_us)?;
        }
        self.last_us = time_us;
        self.graph.push(frame)?;
        self.pass_on()
    }

    /// The picture changed its shape in mid-stream: the old graph is emptied and a new one leads to the same sizes.
    fn rebuild(&mut self, frame: &Frame, time_us: i64) -> Result<(), MediaError> {
        self.graph.close(time_us)?;
        self.pass_on()?;
        self.geometry = frame.geometry();
        self.graph = build_graph(&self.treatment, self.geometry, &self.sizes)?;
        Ok(())
    }

    /// Moves every finished picture from the graph to its encoder. All branches give pictures in step.
    fn pass_on(&mut self) -> Result<(), MediaError> {
        loop {
            let mut small = Frame::new()?;
            if self.graph.pull(0, &mut small)? != Pull::Ready {
                return Ok(());
            }
            let time_base = self.graph.time_base(0);
            let time_us =
                small.pts().and_then(|pts| rescale(pts, time_base, Ratio::MICROSECONDS)).unwrap_or(0);
            self.looks.observe(&small.luma(), time_us);
            self.album.consider_tile(&small, time_us);
            let placement = self.cadence.place(time_us);
            self.distribute(small, placement, time_us)?;
        }
    }

    fn distribute(&mut self, small: Frame, placement: Placement, time_us: i64) -> Result<(), MediaError> {
        let mut frames = vec![small];
        for output in 1..self.workers.len() {
            let mut frame = Frame::new()?;
            if self.graph.pull(output, &mut frame)? != Pull::Ready {
                return Err(anyhow::anyhow!("a branch of the filter graph fell behind").into());
            }
            frames.push(frame);
        }
        self.album.consider_poster(&frames, time_us)?;
        let Placement::After { repeats } = placement else { return Ok(()) };
        for (worker, frame) in self.workers.iter().zip(frames) {
            if !worker.give(Piece::Picture { repeats, frame }) {
                return Err(self.encoder_error());
            }
        }
        Ok(())
    }

    fn give_sound(&mut self, sound: &mut Sound) -> Result<(), MediaError> {
        for packet in sound.encoded() {
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

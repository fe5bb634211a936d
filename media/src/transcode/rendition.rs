//! One rendition on its own thread: pictures in, an MP4 out. The threads keep both cores busy while the main thread
//! decodes and scales.

use super::PRESET;
use crate::av::{
    AudioEncoder, DecodeScope, Frame, Layout, Mux, Packet, Pull, Ratio, VideoEncoder, VideoSettings,
};
use crate::ladder::{Rung, RungName};
use crate::refusal::MediaError;
use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

/// Pictures waiting for one encoder. Few, as each is 3 MB at 1080 lines.
const WAITING: usize = 3;

/// What the main thread hands to a rendition, in order.
pub(crate) enum Piece {
    /// The picture before this one again so many times, then this one.
    Picture {
        repeats: i64,
        frame: Frame,
    },
    Sound(Packet),
    /// The last picture again so many times; then the clip is over.
    End {
        repeats: i64,
    },
}

/// How hard an encoder tries: a rung that came out poor, or too large, is made once more in another way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effort {
    Usual,
    More,
    /// The same effort for fewer bits: the file went over its cap.
    Less,
}

/// A rendition that was written, with the plan it is held to.
pub(crate) struct Made {
    pub(crate) rung: Rung,
    pub(crate) file: String,
    pub(crate) fps: Ratio,
    pub(crate) frames: i64,
    /// Some source pictures at this size, each with its place: what the file is compared with.
    pub(crate) samples: Vec<(i64, Frame)>,
}

/// The handle on a rendition's thread.
pub(crate) struct Worker {
    pieces: SyncSender<Piece>,
    thread: JoinHandle<Result<Made, MediaError>>,
}

impl Worker {
    /// Opens encoder and file here, so that a wrong setting fails at once, then starts the thread.
    pub(crate) fn start(
        rung: Rung,
        plan: &Plan,
        audio: Option<&AudioEncoder>,
        threads: usize,
        out_dir: &Path,
    ) -> Result<Worker, MediaError> {
        let fps = plan.fps;
        let encoder = VideoEncoder::open(&settings(&rung, plan, threads))?;
        let file = super::rendition_file(&rung);
        let mut mux = Mux::create(&out_dir.join(&file), Layout::Whole)?;
        mux.add_video(&encoder)?;
        if let Some(audio) = audio {
            mux.add_audio(audio)?;
        }
        mux.start()?;
        let (pieces, waiting) = sync_channel(WAITING);
        let sampling = Sampling::of(plan, scope(&rung));
        let (packet, samples) = (Packet::new()?, Vec::new());
        let writer = Writer { encoder, mux, packet, previous: None, slot: 0, sampling, samples };
        let name = format!("encode-{}", rung.name.word());
        let thread = std::thread::Builder::new().name(name).spawn(move || {
            let (frames, samples) = writer.run(waiting)?;
            Ok(Made { rung, file, fps, frames, samples })
        })?;
        Ok(Worker { pieces, thread })
    }

    /// Hands over a piece, waiting while the encoder is behind. `false` means that the thread has ended with an error,
    /// which `finish` then tells.
    pub(crate) fn give(&self, piece: Piece) -> bool {
        self.pieces.send(piece).is_ok()
    }

    pub(crate) fn finish(self) -> Result<Made, MediaError> {
        drop(self.pieces);
        self.thread.join().map_err(|_| anyhow::anyhow!("an encoder thread panicked"))?
    }
}

/// What every rung of one clip shares.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plan {
    pub(crate) fps: Ratio,
    pub(crate) length_us: i64,
    pub(crate) effort: Effort,
}

impl Plan {
    /// Frames from one keyframe to the next, in every rung at the same places: a player can change sizes there.
    /// Never more than a second apart, whatever the rate.
    fn keyframe_interval(&self) -> u32 {
        (self.fps.value().floor() as u32).max(1)
    }
}

fn settings(rung: &Rung, plan: &Plan, threads: usize) -> VideoSettings {
    let (preset, crf, max_rate) = match plan.effort {
        Effort::Usual => (PRESET, rung.crf, rung.max_rate),
        Effort::More => ("medium", rung.crf - 3.0, rung.max_rate),
        Effort::Less => (PRESET, rung.crf + 1.0, rung.max_rate * 8 / 10),
    };
    VideoSettings {
        width: rung.size.width,
        height: rung.size.height,
        fps: plan.fps,
        profile: rung.profile,
        preset,
        crf,
        max_rate,
        buffer_size: max_rate * 2,
        keyframe_interval: plan.keyframe_interval(),
        threads,
    }
}

/// Which source pictures are kept to compare the result with.
struct Sampling {
    every: i64,
    offset: i64,
}

/// Enough to notice any systematic damage, few enough to be held in memory.
const SAMPLES: i64 = 6;

impl Sampling {
    /// In the middle of a group where everything is decoded afterwards, at its keyframe elsewhere.
    fn of(plan: &Plan, scope: DecodeScope) -> Self {
        let group = i64::from(plan.keyframe_interval());
        let frames = (plan.length_us as f64 / 1e6 * plan.fps.value()) as i64;
        let every = (frames / group / SAMPLES).max(1) * group;
        let middle = match scope {
            DecodeScope::Everything => (group / 2).min(frames / 2),
            DecodeScope::KeyPictures => 0,
        };
        Sampling { every, offset: every / 2 / group * group + middle }
    }

    /// The first picture always: a clip of which little decodes has no other.
    fn wants(&self, slot: i64) -> bool {
        slot == 0 || slot % self.every == self.offset % self.every
    }
}

/// The smallest rendition is examined picture by picture, the others at every seek point: their bits come from the
/// same encoder.
pub(crate) fn scope(rung: &Rung) -> DecodeScope {
    let smallest = rung.name == RungName::Saver || rung.size.short_side() < 360;
    if smallest { DecodeScope::Everything } else { DecodeScope::KeyPictures }
}

struct Writer {
    encoder: VideoEncoder,
    mux: Mux,
    packet: Packet,
    previous: Option<Frame>,
    slot: i64,
    sampling: Sampling,
    samples: Vec<(i64, Frame)>,
}

impl Writer {
    fn run(mut self, pieces: Receiver<Piece>) -> Result<(i64, Vec<(i64, Frame)>), MediaError> {
        let mut ended = false;
        for piece in pieces {
            match piece {
                Piece::Picture { repeats, frame } => {
                    self.repeat(repeats)?;
                    self.encode(frame)?;
                }
                Piece::Sound(packet) => self.mux.write(1, packet)?,
                Piece::End { repeats } => {
                    self.repeat(repeats)?;
                    ended = true;
                }
            }
        }
        if !ended {
            return Err(MediaError::Cancelled);
        }
        self.encoder.send(None)?;
        while self.write_ready()? != Pull::Ended {}
        self.mux.finish()?;
        Ok((self.slot, self.samples))
    }

    fn repeat(&mut self, times: i64) -> Result<(), MediaError> {
        for _ in 0..times {
            let Some(again) = self.previous.as_ref().map(Frame::share).transpose()? else { return Ok(()) };
            self.encode(again)?;
        }
        Ok(())
    }

    fn encode(&mut self, mut frame: Frame) -> Result<(), MediaError> {
        frame.tag_for_encoding(self.slot);
        if self.sampling.wants(self.slot) {
            self.samples.push((self.slot, frame.share()?));
        }
        self.slot += 1;
        while self.encoder.send(Some(&frame))? == Pull::NeedsInput {
            self.write_ready()?;
        }
        self.write_ready()?;
        self.previous = Some(frame);
        Ok(())
    }

    /// Writes every packet that is ready; says whether the encoder wants more or has ended.
    fn write_ready(&mut self) -> Result<Pull, MediaError> {
        loop {
            match self.encoder.receive(&mut self.packet)? {
                Pull::Ready => {
                    self.packet.set_duration(1);
                    let packet = std::mem::replace(&mut self.packet, Packet::new()?);
                    self.mux.write(0, packet)?;
                }
                state @ (Pull::NeedsInput | Pull::Ended) => return Ok(state),
            }
        }
    }
}

/// The encoder threads of each rendition. One each saturates two cores when there are several; the largest is the last
/// to end, so it gets a second.
pub(crate) fn threads_for(name: RungName, alone: bool) -> usize {
    match name {
        RungName::Full | RungName::Source => 2,
        RungName::Saver | RungName::Normal | RungName::Clear if alone => 2,
        RungName::Saver | RungName::Normal | RungName::Clear => 1,
    }
}

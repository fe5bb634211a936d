//! One rendition on its own thread: pictures in, an MP4 out. The threads keep both cores busy while the main thread
//! decodes and scales.

use super::PRESET;
use crate::av::{AudioEncoder, Frame, Mux, Packet, Pull, Ratio, VideoEncoder, VideoSettings};
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

/// A rendition that was written, with the plan it is held to.
#[derive(Debug, Clone)]
pub(crate) struct Made {
    pub(crate) rung: Rung,
    pub(crate) file: String,
    pub(crate) fps: Ratio,
    pub(crate) frames: i64,
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
        fps: Ratio,
        audio: Option<&AudioEncoder>,
        threads: usize,
        out_dir: &Path,
    ) -> Result<Worker, MediaError> {
        let encoder = VideoEncoder::open(&settings(&rung, fps, threads))?;
        let file = super::rendition_file(&rung);
        let mut mux = Mux::create(&out_dir.join(&file))?;
        mux.add_video(&encoder)?;
        if let Some(audio) = audio {
            mux.add_audio(audio)?;
        }
        mux.start()?;
        let (pieces, waiting) = sync_channel(WAITING);
        let writer = Writer { encoder, mux, packet: Packet::new()?, previous: None, slot: 0 };
        let name = format!("encode-{}", rung.name.word());
        let thread = std::thread::Builder::new().name(name).spawn(move || {
            let frames = writer.run(waiting)?;
            Ok(Made { rung, file, fps, frames })
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

fn settings(rung: &Rung, fps: Ratio, threads: usize) -> VideoSettings {
    VideoSettings {
        width: rung.size.width,
        height: rung.size.height,
        fps,
        profile: rung.profile,
        preset: PRESET,
        crf: rung.crf,
        max_rate: rung.max_rate,
        buffer_size: rung.max_rate * 2,
        // Never more than a second apart, whatever the rate.
        keyframe_interval: (fps.value().floor() as u32).max(1),
        threads,
    }
}

struct Writer {
    encoder: VideoEncoder,
    mux: Mux,
    packet: Packet,
    previous: Option<Frame>,
    slot: i64,
}

impl Writer {
    fn run(mut self, pieces: Receiver<Piece>) -> Result<i64, MediaError> {
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
        Ok(self.slot)
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
        RungName::Clear if alone => 2,
        RungName::Saver | RungName::Normal | RungName::Clear => 1,
    }
}

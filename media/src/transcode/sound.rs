//! The sound of a clip, made mono and encoded once, in the first pass; every rendition gets the same packets.

use crate::av::{AudioEncoder, AudioGraph, Frame, Packet, Pull, Ratio, rescale};
use crate::refusal::MediaError;

pub(crate) struct Sound {
    encoder: AudioEncoder,
    graph: Option<AudioGraph>,
    shaped: Frame,
    encoded: Vec<Packet>,
    given: usize,
    is_complete: bool,
    time_base: Ratio,
    origin_us: i64,
    length_us: i64,
}

impl Sound {
    pub(crate) fn new(time_base: Ratio, origin_us: i64, length_us: i64) -> Result<Self, MediaError> {
        let (encoder, shaped) = (AudioEncoder::open()?, Frame::new()?);
        let (graph, encoded) = (None, Vec::new());
        Ok(Sound {
            encoder,
            graph,
            shaped,
            encoded,
            given: 0,
            is_complete: false,
            time_base,
            origin_us,
            length_us,
        })
    }

    /// A track of nothing, for players and channels that want one.
    pub(crate) fn silence(length_us: i64) -> Result<Self, MediaError> {
        let mut silence = Sound::new(Ratio::MICROSECONDS, 0, length_us)?;
        let mut samples = 0i64;
        let rate = silence.encoder.time_base();
        while rescale(samples, rate, Ratio::MICROSECONDS).is_some_and(|us| us < length_us) {
            let frame = Frame::silent(silence.encoder.frame_size(), AudioEncoder::SAMPLE_RATE, samples)?;
            silence.encoder.send(Some(&frame))?;
            collect(&mut silence.encoder, &mut silence.encoded)?;
            samples += i64::from(silence.encoder.frame_size());
        }
        silence.encoder.send(None)?;
        collect(&mut silence.encoder, &mut silence.encoded)?;
        silence.is_complete = true;
        Ok(silence)
    }

    pub(crate) fn encoder(&self) -> &AudioEncoder {
        &self.encoder
    }

    /// Takes one decoded piece, on the picture's clock: sound before the first picture or after the last is cut, a
    /// late start is filled with silence.
    pub(crate) fn take(&mut self, frame: &mut Frame) -> Result<(), MediaError> {
        let rate = Ratio { num: 1, den: frame.sample_rate().max(1) };
        let us = frame.timestamp().and_then(|t| rescale(t, self.time_base, Ratio::MICROSECONDS));
        let pts = us.and_then(|us| rescale(us.saturating_sub(self.origin_us), Ratio::MICROSECONDS, rate));
        let Some(pts) = pts else { return Ok(()) };
        frame.set_pts(pts);
        if self.graph.is_none() {
            self.graph = Some(self.build_graph(frame, rate)?);
        }
        let Some(graph) = &mut self.graph else { return Ok(()) };
        // A piece of another shape than the first is left out; the resampler fills the hole with silence.
        if graph.push(frame).is_ok() {
            self.encode_ready()?;
        }
        Ok(())
    }

    fn build_graph(&self, frame: &Frame, rate: Ratio) -> Result<AudioGraph, MediaError> {
        let (shape, seconds) = (AudioEncoder::SHAPE, self.length_us as f64 / 1e6);
        let text = format!("[in]aresample=async=1000:first_pts=0,{shape},atrim=end={seconds:.6}[out0]");
        let mut graph = AudioGraph::build(frame, rate, &text)?;
        graph.set_frame_size(self.encoder.frame_size());
        Ok(graph)
    }

    fn encode_ready(&mut self) -> Result<(), MediaError> {
        let Some(graph) = &mut self.graph else { return Ok(()) };
        while let Pull::Ready = graph.pull(&mut self.shaped)? {
            self.encoder.send(Some(&self.shaped))?;
            collect(&mut self.encoder, &mut self.encoded)?;
        }
        Ok(())
    }

    /// Ends the sound. Later passes find it complete and only hand it out again.
    pub(crate) fn finish(&mut self, end_us: i64) -> Result<(), MediaError> {
        if std::mem::replace(&mut self.is_complete, true) {
            return Ok(());
        }
        let Some(graph) = &mut self.graph else { return Ok(()) };
        let end = rescale(end_us, Ratio::MICROSECONDS, self.encoder.time_base()).unwrap_or(0);
        graph.close(end)?;
        self.encode_ready()?;
        self.encoder.send(None)?;
        collect(&mut self.encoder, &mut self.encoded)
    }

    /// The next packets for the files, up to a moment of the clip.
    pub(crate) fn encoded_until(&mut self, until_us: i64) -> Result<Vec<Packet>, MediaError> {
        let time_base = self.encoder.time_base();
        let is_due = |packet: &&Packet| {
            let us = packet.pts().and_then(|pts| rescale(pts, time_base, Ratio::MICROSECONDS));
            us.is_none_or(|us| us <= until_us)
        };
        let waiting = &self.encoded[self.given..];
        let due: Vec<Packet> =
            waiting.iter().take_while(is_due).map(Packet::share).collect::<Result<_, _>>()?;
        self.given += due.len();
        Ok(due)
    }

    /// For the next pass: everything once more from the beginning.
    pub(crate) fn rewind(&mut self) {
        self.given = 0;
    }
}

fn collect(encoder: &mut AudioEncoder, into: &mut Vec<Packet>) -> Result<(), MediaError> {
    loop {
        let mut packet = Packet::new()?;
        if encoder.receive(&mut packet)? != Pull::Ready {
            return Ok(());
        }
        into.push(packet);
    }
}

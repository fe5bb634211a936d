//! One quick pass over the packets, before anything is decoded in earnest: when pictures are shown, and whether there
//! is anything to hear. Costs about as much as copying the file.

use crate::av::{AudioEncoder, AudioGraph, Decoder, Frame, Packet, Pull, Ratio, rescale};
use crate::cut_off::Reach;
use crate::facts::AudioFacts;
use crate::motion::Trim;
use crate::refusal::{MediaError, Refusal};
use crate::source::Source;
use crate::timing::Timeline;

/// Longer than any clip of this house; longer files are refused, whatever they hold.
pub(crate) const MAX_DURATION_US: i64 = 1800 * 1_000_000;
const TWIN_US: i64 = 3_000;
/// Half an hour at 240 pictures a second, and as many sound packets again.
const MAX_PACKETS: usize = 1_000_000;

/// What the packets say.
#[derive(Debug, Clone)]
pub(crate) struct Scan {
    pub(crate) timeline: Timeline,
    /// The earliest picture time in the file's own clock, in microseconds; zero of everything that follows.
    pub(crate) origin_us: i64,
    pub(crate) audio: Option<AudioFacts>,
    /// Some of the pictures are not part of the clip.
    pub(crate) is_trimmed: bool,
    /// What is cut off before them.
    pub(crate) skipped_us: i64,
}

impl Scan {
    pub(crate) fn is_audible(&self) -> bool {
        self.audio.as_ref().is_some_and(|audio| audio.audible)
    }

    /// The same clip with only the pictures from one moment to another, which become its beginning and end.
    ///
    /// # Errors
    /// Refused when nothing worth a clip is left.
    pub(crate) fn trimmed(self, trim: Trim) -> Result<Scan, MediaError> {
        let us = |ms: u64| i64::try_from(ms.saturating_mul(1000)).unwrap_or(i64::MAX);
        let (timeline, start_us) = self.timeline.between(us(trim.from_ms), us(trim.to_ms));
        if timeline.frames() < 2 {
            return Err(Refusal::EmptyTrim.into());
        }
        let origin_us = self.origin_us.saturating_add(start_us);
        Ok(Scan { timeline, origin_us, audio: self.audio, is_trimmed: true, skipped_us: start_us })
    }
}

/// Reads all packets of the source.
///
/// # Errors
/// Refused when there is no usable timing, the clip is too long, or its pictures end clearly before the declared end. A
/// read error in the middle ends the scan there: where nothing is declared, a file cut short still has a beginning.
pub(crate) fn scan(source: &mut Source, silence_db: f64) -> Result<Scan, MediaError> {
    let mut times = PictureTimes::new(source.video.time_base);
    let mut sound = Loudness::new(source, silence_db);
    let mut reach = Reach::new(source.video.time_base);
    let mut packet = Packet::new()?;
    for _ in 0..MAX_PACKETS {
        match source.read(&mut packet) {
            Ok(Pull::Ready) => {}
            Ok(Pull::NeedsInput) => continue,
            Ok(Pull::Ended) | Err(_) => {
                source.declared_end_us.map_or(Ok(()), |end| reach.hold_to(end))?;
                break;
            }
        }
        if packet.stream() == source.video.index {
            reach.note(&packet);
            times.note(&packet);
        } else if source.is_sound(&packet) {
            sound.note(&packet);
        }
        if times.span_us() > MAX_DURATION_US {
            return Err(Refusal::TooLong.into());
        }
    }
    let audio = source.audio.as_ref().map(|stream| AudioFacts {
        codec: stream.codec.clone(),
        sample_rate: stream.sample_rate.unsigned_abs(),
        channels: stream.channels.unsigned_abs(),
        audible: sound.loudest_db() > silence_db,
        loudest_db: (sound.loudest_db() * 10.0).round() / 10.0,
    });
    let (timeline, origin_us) = times.into_timeline()?;
    Ok(Scan { timeline, origin_us, audio, is_trimmed: false, skipped_us: 0 })
}

/// Picture times as the container gives them.
struct PictureTimes {
    time_base: Ratio,
    shown: Vec<i64>,
    stored: Vec<i64>,
    last: Option<(i64, i64)>,
}

impl PictureTimes {
    fn new(time_base: Ratio) -> Self {
        PictureTimes { time_base, shown: Vec::new(), stored: Vec::new(), last: None }
    }

    fn note(&mut self, packet: &Packet) {
        let us = |value: Option<i64>| value.and_then(|v| rescale(v, self.time_base, Ratio::MICROSECONDS));
        if packet.is_discarded() || packet.len() == 0 {
            return;
        }
        self.stored.extend(us(packet.dts()));
        let Some(time) = us(packet.pts()) else { return };
        self.shown.push(time);
        if self.last.is_none_or(|(latest, _)| time >= latest) {
            self.last = Some((time, us(Some(packet.duration())).unwrap_or(0)));
        }
    }

    fn span_us(&self) -> i64 {
        match (self.shown.first(), self.last) {
            (Some(first), Some((last, _))) => last.saturating_sub(*first),
            _ => 0,
        }
    }

    /// AVI files with reordered pictures have storage times only: as a set they are as good.
    fn into_timeline(self) -> Result<(Timeline, i64), MediaError> {
        let mut times = if self.shown.len() * 2 >= self.stored.len() { self.shown } else { self.stored };
        // Some encoders store a picture that is never shown beside the one that is (VP9 alternate references), at the
        // same time give or take a rounding. Pictures really shown this close would be above 300 a second.
        times.sort_unstable();
        times.dedup_by(|later, earlier| *later - *earlier < TWIN_US);
        let origin = times.iter().copied().min().ok_or(Refusal::Undecodable)?;
        let timeline = Timeline::new(times, self.last.map(|(_, duration)| duration));
        if timeline.duration_us() > MAX_DURATION_US {
            return Err(Refusal::TooLong.into());
        }
        Ok((timeline, origin))
    }
}

/// The loudest tenth of a second so far. Listening stops once something was heard.
struct Loudness {
    listening: Option<(Decoder, Frame, Frame)>,
    graph: Option<AudioGraph>,
    enough_db: f64,
    squares: f64,
    samples: u32,
    loudest: f64,
}

/// A tenth of a second at the graph's 48 kHz.
const WINDOW: u32 = 4800;

impl Loudness {
    fn new(source: &Source, enough_db: f64) -> Self {
        let frames = source.sound_decoder().and_then(|d| Some((d, Frame::new().ok()?, Frame::new().ok()?)));
        Loudness { listening: frames, graph: None, enough_db, squares: 0.0, samples: 0, loudest: 0.0 }
    }

    /// As the peak of a tone that is equally strong, which is what `silencedetect` would compare; a lone click is
    /// spread over its tenth of a second and stays silent.
    fn loudest_db(&self) -> f64 {
        (10.0 * (2.0 * self.loudest).max(1e-12).log10()).max(-120.0)
    }

    fn note(&mut self, packet: &Packet) {
        if self.loudest_db() > self.enough_db {
            return;
        }
        let Some((mut decoder, mut frame, mut shaped)) = self.listening.take() else { return };
        // Damaged sound is silence: it is dropped later in any case.
        let _ = decoder.send(packet);
        while let Ok(Pull::Ready) = decoder.receive(&mut frame) {
            self.hear(&frame, &mut shaped);
        }
        self.listening = Some((decoder, frame, shaped));
    }

    fn hear(&mut self, frame: &Frame, shaped: &mut Frame) {
        if self.graph.is_none() {
            let time_base = Ratio { num: 1, den: frame.sample_rate().max(1) };
            self.graph =
                AudioGraph::build(frame, time_base, &format!("[in]{}[out0]", AudioEncoder::SHAPE)).ok();
        }
        let Some(mut graph) = self.graph.take() else { return };
        if graph.push(frame).is_ok() {
            while let Ok(Pull::Ready) = graph.pull(shaped) {
                shaped.samples().iter().for_each(|sample| self.add(f64::from(*sample)));
            }
            self.graph = Some(graph);
        }
    }

    fn add(&mut self, sample: f64) {
        self.squares += sample * sample;
        self.samples += 1;
        if self.samples == WINDOW {
            self.loudest = self.loudest.max(self.squares / f64::from(WINDOW));
            (self.squares, self.samples) = (0.0, 0);
        }
    }
}

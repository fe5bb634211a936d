//! The one decode: packets in, pictures and sound out, in order, with every failure counted and none mistaken for the
//! end of the clip.

use crate::av::{Decoder, Frame, Packet, Pull, Ratio, rescale};
use crate::refusal::MediaError;
use crate::scan::Scan;
use crate::source::Source;

/// Whoever wants to see the decoded clip.
pub(crate) trait Audience {
    /// A picture shown at `time_us` after the clip's start.
    fn picture(&mut self, frame: &mut Frame, time_us: i64) -> Result<(), MediaError>;
    /// A piece of sound; its timestamp is in the sound stream's own time base.
    fn sound(&mut self, frame: &mut Frame) -> Result<(), MediaError>;
    /// Whether the rest of the clip is of no interest.
    fn has_seen_enough(&self) -> bool {
        false
    }
}

/// What happened during a decode.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) pictures: u64,
    /// Packets that a decoder refused, and read errors.
    pub(crate) damaged: u64,
    /// Pictures of which the decoder had to guess a part.
    pub(crate) patched: u64,
}

/// Whether sound is decoded too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hear {
    Sound,
    PictureOnly,
}

/// Decodes the whole source for an audience. `origin_us` is the file time that becomes zero; `usual_gap_us` stands in
/// where a picture has no time at all.
pub(crate) fn play(
    source: &mut Source,
    hear: Hear,
    threads: usize,
    clock: Clock,
    audience: &mut dyn Audience,
) -> Result<Tally, MediaError> {
    let sound = if hear == Hear::Sound { source.sound_decoder() } else { None };
    let mut reel = Reel {
        pictures: source.picture_decoder(threads)?,
        sound,
        time_base: source.video.time_base,
        frame: Frame::new()?,
        tally: Tally::default(),
        clock,
    };
    let mut packet = Packet::new()?;
    while !audience.has_seen_enough() {
        match source.read(&mut packet) {
            Ok(Pull::Ready) if packet.stream() == source.video.index => {
                reel.take_picture(&packet, audience)?
            }
            Ok(Pull::Ready) if source.is_sound(&packet) => reel.take_sound(&packet, audience)?,
            Ok(Pull::Ready | Pull::NeedsInput) => {}
            Ok(Pull::Ended) => break,
            Err(_) => {
                // A file cut short: what came before it is still worth showing, but it was not the end.
                reel.tally.damaged += 1;
                break;
            }
        }
    }
    reel.drain(audience)?;
    Ok(reel.tally)
}

/// How file times become clip times.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Clock {
    pub(crate) origin_us: i64,
    pub(crate) usual_gap_us: i64,
    end_us: i64,
    last_us: Option<i64>,
}

impl Clock {
    pub(crate) fn of(scan: &Scan) -> Self {
        let (usual_gap_us, end_us) = (scan.timeline.usual_gap(), scan.timeline.duration_us());
        Clock { origin_us: scan.origin_us, usual_gap_us, end_us, last_us: None }
    }

    fn next_us(&self) -> i64 {
        self.last_us.map_or(0, |last| last + self.usual_gap_us)
    }

    /// Whether a moment belongs to the clip: of a cut, what lies before and behind is decoded too.
    fn is_inside(&self, time_us: i64) -> bool {
        (0..=self.end_us).contains(&time_us)
    }

    fn time_of(&mut self, timestamp: Option<i64>, time_base: Ratio) -> i64 {
        let told = timestamp.and_then(|t| rescale(t, time_base, Ratio::MICROSECONDS));
        let time = told.map_or_else(|| self.next_us(), |us| us.saturating_sub(self.origin_us));
        self.last_us = Some(time);
        time
    }
}

struct Reel {
    pictures: Decoder,
    sound: Option<Decoder>,
    time_base: Ratio,
    frame: Frame,
    tally: Tally,
    clock: Clock,
}

impl Reel {
    fn take_picture(&mut self, packet: &Packet, audience: &mut dyn Audience) -> Result<(), MediaError> {
        loop {
            let sent = self.pictures.send(packet);
            self.show_ready(audience)?;
            match sent {
                // Full: pictures were just taken out, so the same packet goes in again.
                Ok(Pull::NeedsInput) => {}
                Ok(Pull::Ready | Pull::Ended) => return Ok(()),
                Err(_) => {
                    self.note_damage();
                    return Ok(());
                }
            }
        }
    }

    fn show_ready(&mut self, audience: &mut dyn Audience) -> Result<Pull, MediaError> {
        loop {
            match self.pictures.receive(&mut self.frame) {
                Ok(Pull::Ready) => {
                    self.tally.pictures += 1;
                    let time_us = self.clock.time_of(self.frame.timestamp(), self.time_base);
                    let is_patched = self.frame.is_patched() && self.clock.is_inside(time_us);
                    self.tally.patched += u64::from(is_patched);
                    audience.picture(&mut self.frame, time_us)?;
                }
                Ok(state @ (Pull::NeedsInput | Pull::Ended)) => return Ok(state),
                Err(_) => self.note_damage(),
            }
        }
    }

    /// Something did not decode where the next picture would have been.
    fn note_damage(&mut self) {
        self.tally.damaged += u64::from(self.clock.is_inside(self.clock.next_us()));
    }

    fn take_sound(&mut self, packet: &Packet, audience: &mut dyn Audience) -> Result<(), MediaError> {
        let Some(decoder) = self.sound.as_mut() else { return Ok(()) };
        // Sound is cheap and optional: a packet that does not decode is a short silence.
        let _ = decoder.send(packet);
        while let Ok(Pull::Ready) = decoder.receive(&mut self.frame) {
            audience.sound(&mut self.frame)?;
        }
        Ok(())
    }

    fn drain(&mut self, audience: &mut dyn Audience) -> Result<(), MediaError> {
        let _ = self.pictures.finish();
        // A decoder that keeps failing while it empties itself is given up after a bounded number of errors.
        let give_up = self.tally.damaged + 1000;
        while self.tally.damaged < give_up && self.show_ready(audience)? == Pull::NeedsInput {
            let _ = self.pictures.finish();
            self.tally.damaged += 1;
        }
        let Some(mut decoder) = self.sound.take() else { return Ok(()) };
        let _ = decoder.finish();
        while let Ok(Pull::Ready) = decoder.receive(&mut self.frame) {
            audience.sound(&mut self.frame)?;
        }
        Ok(())
    }
}

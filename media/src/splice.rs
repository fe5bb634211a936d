//! Recordings joined byte by byte, as camcorders' tools and `copy /b` join transport and program streams: the clock of
//! the second begins anew, and taken at its word its pictures would fall on those of the first and be lost.

use crate::av::{Packet, Ratio, StreamParameters, rescale};

/// Stored times that fall back by more begin a new recording; FFmpeg's own command line uses the same tenth of a second.
const BACKWARDS_US: i64 = 100_000;
/// From one picture or piece of sound to the next, before two were seen.
const USUAL_GAP_US: i64 = 40_000;

/// One stream's way through the joints of a file.
#[derive(Debug, Clone)]
pub(crate) struct Splice {
    stream: usize,
    time_base: Ratio,
    /// What is added to every time since the last joint, in the stream's time base.
    shift: i64,
    last: Option<i64>,
    gap: i64,
}

impl Splice {
    pub(crate) fn of(stream: &StreamParameters) -> Splice {
        let ticks = rescale(USUAL_GAP_US, Ratio::MICROSECONDS, stream.time_base).unwrap_or(1);
        Splice { stream: stream.index, time_base: stream.time_base, shift: 0, last: None, gap: ticks.max(1) }
    }

    /// Moves a packet of this stream behind those before it, where a new recording begins.
    pub(crate) fn mend(&mut self, packet: &mut Packet) {
        if packet.stream() != self.stream {
            return;
        }
        if let Some(stored) = packet.dts() {
            self.shift = self.shift.saturating_add(self.jump(stored.saturating_add(self.shift)));
        }
        packet.shift(self.shift);
    }

    /// How much further than told a stored time must lie; it then counts as the last one.
    fn jump(&mut self, stored: i64) -> i64 {
        let allowed = rescale(BACKWARDS_US, Ratio::MICROSECONDS, self.time_base).unwrap_or(i64::MAX);
        let jump = match self.last {
            Some(last) if last.saturating_sub(stored) > allowed => {
                last.saturating_add(self.gap).saturating_sub(stored)
            }
            Some(last) => {
                self.gap = if stored > last { stored.saturating_sub(last) } else { self.gap };
                0
            }
            None => 0,
        };
        self.last = Some(stored.saturating_add(jump));
        jump
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Milliseconds as a file stores them, and where they come to lie.
    fn mended(times: &[i64]) -> Vec<i64> {
        let time_base = Ratio { num: 1, den: 1000 };
        let mut splice = Splice { stream: 0, time_base, shift: 0, last: None, gap: 40 };
        times
            .iter()
            .map(|time| {
                splice.shift += splice.jump(time + splice.shift);
                time + splice.shift
            })
            .collect()
    }

    #[test]
    fn a_clock_that_begins_anew_goes_on() {
        assert_eq!(mended(&[500, 540, 580, 0, 40, 80, 120, 0]), [500, 540, 580, 620, 660, 700, 740, 780]);
    }

    #[test]
    fn a_step_back_within_a_recording_is_left_alone() {
        assert_eq!(mended(&[0, 40, 30, 80, 2_000]), [0, 40, 30, 80, 2_000]);
    }
}

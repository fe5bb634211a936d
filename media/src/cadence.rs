//! Constant frame rate: which slot each source picture takes. A picture is repeated to fill a hole and dropped only
//! when its slot is taken and the next would be a full slot late. Both are counted.

use crate::av::Ratio;

/// Where one source picture goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Placement {
    /// Show the picture before this many more times, then this one.
    After {
        repeats: i64,
    },
    Dropped,
}

/// Fills output slots in order, one clip long.
#[derive(Debug, Clone)]
pub(crate) struct Cadence {
    slots_per_us: f64,
    next_slot: i64,
    pub(crate) duplicated: i64,
    pub(crate) dropped: i64,
}

impl Cadence {
    pub(crate) fn new(fps: Ratio) -> Self {
        Cadence { slots_per_us: fps.value() / 1_000_000.0, next_slot: 0, duplicated: 0, dropped: 0 }
    }

    /// Places a picture shown at `time_us` after the clip's start.
    pub(crate) fn place(&mut self, time_us: i64) -> Placement {
        let position = (time_us as f64 * self.slots_per_us).max(0.0);
        let late = self.next_slot as f64 - position;
        // Jitter may push two pictures towards one slot: the second takes the free slot behind it.
        if late >= 0.999 {
            self.dropped += 1;
            return Placement::Dropped;
        }
        let slot = (position.round() as i64).max(self.next_slot);
        let holes = slot - self.next_slot;
        // Before the first picture there is nothing to repeat: the clip starts with it.
        let repeats = if self.next_slot == 0 { 0 } else { holes };
        self.next_slot += repeats + 1;
        self.duplicated += repeats;
        Placement::After { repeats }
    }

    /// How often the last picture is repeated until the clip's end.
    pub(crate) fn finish(&mut self, end_us: i64) -> i64 {
        let slots = (end_us as f64 * self.slots_per_us).round() as i64;
        let repeats = (slots - self.next_slot).max(0);
        self.next_slot += repeats;
        self.duplicated += repeats;
        repeats
    }

    /// Slots filled so far, which is the frame count of the output.
    #[cfg(test)]
    fn filled(&self) -> i64 {
        self.next_slot
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(fps: Ratio, times: impl Iterator<Item = i64>, end: i64) -> Cadence {
        let mut cadence = Cadence::new(fps);
        times.for_each(|time| {
            cadence.place(time);
        });
        cadence.finish(end);
        cadence
    }

    const THIRTY: Ratio = Ratio { num: 30, den: 1 };

    #[test]
    fn a_steady_source_passes_untouched() {
        let out = run(THIRTY, (0..300).map(|n| n * 1_000_000 / 30), 10_000_000);
        assert_eq!((out.filled(), out.duplicated, out.dropped), (300, 0, 0));
    }

    #[test]
    fn jitter_and_millisecond_clocks_lose_nothing() {
        let wobble = [0, 9_000, -8_000, 14_000, -12_000];
        let times = (0..300).map(|n: i64| (n * 1_000_000 / 30 + wobble[n as usize % 5]) / 1000 * 1000);
        let out = run(THIRTY, times, 10_000_000);
        assert_eq!((out.filled(), out.dropped), (300, 0));
    }

    #[test]
    fn holes_are_filled_by_repeating() {
        let out = run(THIRTY, [0, 33_333, 1_000_000].into_iter(), 1_033_333);
        assert_eq!((out.filled(), out.duplicated, out.dropped), (31, 28, 0));
    }

    #[test]
    fn only_pictures_above_sixty_are_dropped() {
        let out = run(Ratio { num: 60, den: 1 }, (0..480).map(|n| n * 1_000_000 / 240), 2_000_000);
        assert!((120..=121).contains(&out.filled()) && out.dropped >= 359, "{out:?}");
    }

    #[test]
    fn the_last_picture_rests_until_the_end() {
        let out = run(THIRTY, [0].into_iter(), 3_000_000);
        assert_eq!(out.filled(), 90);
    }
}

//! When something moves: where signing begins and ends (for the offered trim), and the clip's rhythm of movement, by
//! which a copy of the same recording is known again after another export or size.

use serde::{Deserialize, Serialize};

/// Rhythm samples a second. Coarse enough that two exports of one recording agree, fine enough for single signs.
const RHYTHM_HZ: i64 = 4;
/// Five minutes; longer clips are known by their first five.
const RHYTHM_SAMPLES: usize = 1200;
/// Movement that lasts shorter than this is a flicker, not the beginning of signing.
const FOLLOWED_WITHIN_US: i64 = 400_000;
/// Left before the first and after the last movement: hands come up before the first sign, the last one is held.
const LEAD_IN_US: i64 = 300_000;
const LEAD_OUT_US: i64 = 500_000;
/// A shorter still end is not worth a person's attention.
const WORTH_US: i64 = 700_000;

/// The part of a clip that is worth keeping.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trim {
    pub from_ms: u64,
    pub to_ms: u64,
}

/// Follows movement picture by picture.
#[derive(Debug, Default)]
pub(crate) struct Motion {
    moved: Vec<i64>,
    rhythm: Vec<u8>,
    reference: Vec<u8>,
}

/// What is known when the clip is over.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Movement {
    /// Seconds without movement at both ends.
    pub(crate) still_head: f64,
    pub(crate) still_tail: f64,
    pub(crate) trim: Option<Trim>,
    pub(crate) rhythm: Vec<u8>,
}

impl Motion {
    /// Notes one picture as a small grid of brightness; `moves` says whether it differs from the one before.
    pub(crate) fn observe(&mut self, grid: &[u8], moves: bool, time_us: i64) {
        if moves {
            self.moved.push(time_us);
        }
        let due = self.rhythm.len() as i64 * 1_000_000 / RHYTHM_HZ;
        if time_us < due || self.rhythm.len() >= RHYTHM_SAMPLES {
            return;
        }
        self.rhythm.push(if self.reference.len() == grid.len() { change(&self.reference, grid) } else { 0 });
        self.reference = grid.to_vec();
    }

    pub(crate) fn finish(self, end_us: i64) -> Movement {
        let rhythm = self.rhythm;
        let followed = |pair: &&[i64]| pair[1] - pair[0] <= FOLLOWED_WITHIN_US;
        let first = self.moved.windows(2).find(followed).map(|pair| pair[0]);
        let last = self.moved.windows(2).rfind(followed).map(|pair| pair[1]);
        let (Some(first), Some(last)) = (first, last) else {
            return Movement { rhythm, ..Movement::default() };
        };
        let from = worth(first - LEAD_IN_US).unwrap_or(0);
        let to = worth(end_us - last - LEAD_OUT_US).map_or(end_us, |cut| end_us - cut);
        let ms = |us: i64| (us / 1000).unsigned_abs();
        let trim = (from > 0 || to < end_us).then(|| Trim { from_ms: ms(from), to_ms: ms(to) });
        let seconds = |us: i64| us as f64 / 1e6;
        Movement { still_head: seconds(from), still_tail: seconds(end_us - to), trim, rhythm }
    }
}

impl Movement {
    /// Leaves black ends of these lengths out of the part that is worth keeping.
    pub(crate) fn without_black(&mut self, head_us: i64, tail_us: i64, end_us: i64) {
        let ms = |us: i64| (us / 1000).unsigned_abs();
        let whole = Trim { from_ms: 0, to_ms: ms(end_us) };
        let kept = self.trim.unwrap_or(whole);
        let part =
            Trim { from_ms: kept.from_ms.max(ms(head_us)), to_ms: kept.to_ms.min(ms(end_us - tail_us)) };
        // A clip that is black all through has no part worth keeping.
        if part != whole && part.from_ms < part.to_ms {
            self.trim = Some(part);
        }
    }
}

fn worth(still_us: i64) -> Option<i64> {
    (still_us >= WORTH_US).then_some(still_us)
}

/// The mean change of brightness on a scale that gives small movements room: 0 to 255.
fn change(before: &[u8], now: &[u8]) -> u8 {
    let sum: u64 = before.iter().zip(now).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
    let mean = sum as f64 / now.len().max(1) as f64;
    (mean.sqrt() * 32.0).round().min(255.0) as u8
}

/// Two rhythms are of one recording when they rise and fall together, give or take a cut of two seconds in front.
/// Different clips of one signer before one wall look alike; they do not move alike.
pub fn same_recording(a: &[u8], b: &[u8]) -> bool {
    let shifts = -2 * RHYTHM_HZ..=2 * RHYTHM_HZ;
    shifts.into_iter().any(|shift| {
        let (a_from, b_from) = (shift.max(0) as usize, (-shift).max(0) as usize);
        let (Some(a), Some(b)) = (a.get(a_from..), b.get(b_from..)) else { return false };
        let shared = a.len().min(b.len());
        shared >= SHORTEST_COMPARED
            && shared * 10 >= a.len().max(b.len()) * 8
            && correlation(&a[..shared], &b[..shared]) >= ALIKE
    })
}

/// Two and a half seconds: shorter rhythms of different signs can agree by chance.
const SHORTEST_COMPARED: usize = 10;
const ALIKE: f64 = 0.95;

fn correlation(a: &[u8], b: &[u8]) -> f64 {
    let mean = |values: &[u8]| values.iter().map(|&v| f64::from(v)).sum::<f64>() / values.len() as f64;
    let (mean_a, mean_b) = (mean(a), mean(b));
    let (mut both, mut of_a, mut of_b) = (0.0, 0.0, 0.0);
    for (&a, &b) in a.iter().zip(b) {
        let (a, b) = (f64::from(a) - mean_a, f64::from(b) - mean_b);
        (both, of_a, of_b) = (both + a * b, of_a + a * a, of_b + b * b);
    }
    // A rhythm without any rise and fall, as of a still, says nothing.
    if of_a.min(of_b) < a.len() as f64 { 0.0 } else { both / (of_a * of_b).sqrt() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn watch(moving: impl Fn(i64) -> bool, seconds: i64) -> Movement {
        let mut motion = Motion::default();
        for n in 0..seconds * 25 {
            let time = n * 40_000;
            motion.observe(&[if moving(time) { (n % 7 * 30) as u8 } else { 100 }; 64], moving(time), time);
        }
        motion.finish(seconds * 1_000_000)
    }

    #[test]
    fn black_ends_are_left_out_of_the_offered_part() {
        let part = |from_ms, to_ms| Some(Trim { from_ms, to_ms });
        let left = |trim, head_us, tail_us| {
            let mut movement = Movement { trim, ..Movement::default() };
            movement.without_black(head_us, tail_us, 10_000_000);
            movement.trim
        };
        assert_eq!(left(None, 0, 0), None);
        assert_eq!(left(None, 800_000, 0), part(800, 10_000));
        assert_eq!(left(part(500, 9_000), 800_000, 600_000), part(800, 9_000));
        assert_eq!(left(None, 10_000_000, 10_000_000), None);
    }

    #[test]
    fn still_ends_are_offered_for_trimming_with_a_little_room() {
        let seen = watch(|t| (2_000_000..8_000_000).contains(&t), 10);
        let trim = seen.trim.unwrap();
        assert!((1_600..=1_800).contains(&trim.from_ms) && (8_300..=8_600).contains(&trim.to_ms), "{trim:?}");
        assert!((seen.still_head - 1.7).abs() < 0.1 && (seen.still_tail - 1.5).abs() < 0.2);
    }

    #[test]
    fn a_clip_that_moves_from_end_to_end_is_left_alone() {
        assert_eq!(watch(|_| true, 5).trim, None);
        assert_eq!(watch(|_| false, 5).trim, None);
    }

    fn rhythm(seed: u32, length: usize) -> Vec<u8> {
        let mut state = seed;
        let next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            40 + (state >> 25) as u8
        };
        std::iter::repeat_with(next).take(length).collect()
    }

    #[test]
    fn a_copy_is_known_after_another_export_and_a_cut_and_strangers_are_not() {
        let original = rhythm(1, 80);
        let exported: Vec<u8> = original.iter().enumerate().map(|(n, v)| v + (n % 3) as u8).collect();
        assert!(same_recording(&original, &exported));
        assert!(same_recording(&original, &exported[4..]));
        assert!(!same_recording(&original, &rhythm(2, 80)));
        assert!(!same_recording(&[90; 80], &[90; 80]), "stillness is no likeness");
        assert!(!same_recording(&original, &original[..30]));
    }
}

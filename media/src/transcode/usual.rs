//! What the picture usually looks like, so that the unusual in it, raised hands, can be told.

use crate::av::Plane;

const ACROSS: usize = 32;
const DOWN: usize = 32;
/// Where hands are when they sign: between the elbows, from above the head to the waist.
const SPACE_X: std::ops::Range<usize> = 5..27;
const SPACE_Y: std::ops::Range<usize> = 3..26;
/// A change of this many grey levels over the whole signing space is as much as hands and arms make.
const FULL_LIFT: f64 = 14.0;

/// The running mean of all pictures so far, coarse.
#[derive(Debug, Default)]
pub(super) struct Usual {
    mean: Vec<f32>,
    pictures: u32,
}

impl Usual {
    /// How much this picture's signing space differs from the usual one, 0 to 1; then adds the picture.
    pub(super) fn lift(&mut self, luma: &Plane<'_>) -> f64 {
        if luma.width < ACROSS || luma.height < DOWN {
            return 0.0;
        }
        let now = coarse(luma);
        if self.mean.is_empty() {
            self.mean = now;
            self.pictures = 1;
            return 0.0;
        }
        let places = SPACE_Y.flat_map(|y| SPACE_X.map(move |x| y * ACROSS + x));
        let change: f32 = places.map(|at| (now[at] - self.mean[at]).abs()).sum();
        self.pictures += 1;
        for (mean, value) in self.mean.iter_mut().zip(&now) {
            *mean += (value - *mean) / self.pictures as f32;
        }
        (f64::from(change) / (SPACE_X.len() * SPACE_Y.len()) as f64 / FULL_LIFT).min(1.0)
    }
}

/// The mean of four samples from each cell.
fn coarse(luma: &Plane<'_>) -> Vec<f32> {
    let at = |x: usize, y: usize| {
        let (left, top) = (x * luma.width / ACROSS, y * luma.height / DOWN);
        let (width, height) = (luma.width / ACROSS, luma.height / DOWN);
        let rows = [luma.row(top + height / 4), luma.row(top + height * 3 / 4)];
        let sum: u32 = rows
            .iter()
            .map(|row| u32::from(row[left + width / 4]) + u32::from(row[left + width * 3 / 4]))
            .sum();
        sum as f32 / 4.0
    };
    (0..DOWN).flat_map(|y| (0..ACROSS).map(move |x| (x, y))).map(|(x, y)| at(x, y)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(hands_up: bool) -> Vec<u8> {
        let mut data = vec![120u8; 320 * 180];
        let rows = if hands_up { 40..100 } else { 150..180 };
        for y in rows {
            data[y * 320 + 120..y * 320 + 200].fill(220);
        }
        data
    }

    #[test]
    fn raised_hands_are_unusual_and_rest_is_not() {
        let mut usual = Usual::default();
        let mut lift = |data: &[u8]| usual.lift(&Plane { data, stride: 320, width: 320, height: 180 });
        let (rest, up) = (picture(false), picture(true));
        for _ in 0..10 {
            lift(&rest);
        }
        assert!(lift(&up) > 0.3);
        assert!(lift(&rest) < 0.2);
    }
}
